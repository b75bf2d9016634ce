//! What the platform's staff sees of the queue and does with it. Each step is recorded in its transaction.

use kazi_platform::{Timestamp, WorkspaceId};
use kazi_queue::{
    JobId, Pool,
    cron::{self, CronError},
    inspect::{self, DeadFilter, JobDetail, Stepped, Wait},
    lanes::{self, Limits, Scope},
};
use serde_json::{Value, json};

use super::{MAX_REASON, StaffError, masked, note};
use crate::{Across, audit::Change, registry, violations::Violations};

/// The most dead letters that one call changes. A caller with more calls again.
pub const MAX_AT_ONCE: usize = 500;
/// Counts of what is left stop here.
const MAX_COUNTED: i64 = 10_000;

fn platform() -> (&'static str, WorkspaceId) {
    ("platform", WorkspaceId::PLATFORM)
}

/// What a pause stops.
#[derive(Clone, Debug)]
pub enum Target {
    Pool(Pool),
    Kind(String),
    Lane(Pool, String),
}

impl Target {
    fn scope(&self) -> Scope<'_> {
        match self {
            Self::Pool(pool) => Scope::Pool(*pool),
            Self::Kind(kind) => Scope::Kind(kind),
            Self::Lane(pool, lane) => Scope::Lane(*pool, lane),
        }
    }

    fn fields(&self) -> Value {
        match self {
            Self::Pool(pool) => json!({"pool": pool.name()}),
            Self::Kind(kind) => json!({"kind": kind}),
            Self::Lane(pool, lane) => json!({"pool": pool.name(), "lane": lane}),
        }
    }
}

/// Stops a pool, a kind or a lane in all processes. Running jobs go on.
pub async fn pause(across: &mut Across, target: &Target) -> Result<(), StaffError> {
    lanes::pause(across.conn(), target.scope()).await?;
    let change = Change::created("staff.pause_queue", platform(), &target.fields());
    Ok(note(across, &change).await?)
}

/// Starts it again.
pub async fn resume(across: &mut Across, target: &Target) -> Result<(), StaffError> {
    lanes::resume(across.conn(), target.scope()).await?;
    let change = Change::deleted("staff.resume_queue", platform(), &target.fields());
    Ok(note(across, &change).await?)
}

/// Lets no job of a lane start before a time: at most 30 days from now.
pub async fn park(
    across: &mut Across,
    pool: Pool,
    lane: &str,
    until: Timestamp,
) -> Result<(), StaffError> {
    let mut violations = Violations::default();
    let ahead = until - across.now();
    violations.unless(
        ahead.num_seconds() > 0 && ahead.num_days() < 30,
        "/until",
        "out_of_range",
        "must be in the next 30 days",
    );
    violations.end()?;
    lanes::park(across.conn(), pool.name(), lane, until).await?;
    let after = json!({"pool": pool.name(), "lane": lane, "until": until});
    let change = Change::created("staff.park_lane", platform(), &after);
    Ok(note(across, &change).await?)
}

/// Ends the parking of a lane.
pub async fn unpark(across: &mut Across, pool: Pool, lane: &str) -> Result<(), StaffError> {
    lanes::unpark(across.conn(), pool, lane).await?;
    let before = json!({"pool": pool.name(), "lane": lane});
    let change = Change::deleted("staff.unpark_lane", platform(), &before);
    Ok(note(across, &change).await?)
}

/// Sets the limits of a lane for all processes at once.
pub async fn limit(
    across: &mut Across,
    pool: Pool,
    lane: &str,
    limits: &Limits,
) -> Result<(), StaffError> {
    lanes::set(across.conn(), pool, lane, limits).await?;
    let (rate, burst) = limits.rate.unzip();
    let after = json!({
        "pool": pool.name(), "lane": lane, "rate": rate, "burst": burst,
        "reserved": limits.reserved, "max_running": limits.max_running,
    });
    let change = Change::created("staff.limit_lane", platform(), &after);
    Ok(note(across, &change).await?)
}

/// A job with everything that the staff may see of it, and the reasons why it does not run yet.
pub async fn show(
    across: &mut Across,
    id: JobId,
) -> Result<Option<(JobDetail, Vec<Wait>)>, StaffError> {
    let Some(mut detail) = inspect::show(across.conn(), id).await? else {
        return Ok(None);
    };
    detail.payload = masked::payload(detail.payload);
    for error in detail.errors.as_array_mut().into_iter().flatten() {
        if let Some(Value::String(message)) = error.get_mut("message") {
            *message = masked::message(message);
        }
    }
    let waits = inspect::why(across.conn(), id).await?;
    Ok(Some((detail, waits)))
}

/// The errors since a time, the most frequent first.
pub async fn errors(
    across: &mut Across,
    since: Timestamp,
    limit: i64,
) -> Result<Vec<inspect::ErrorGroup>, StaffError> {
    let mut groups = inspect::errors(across.conn(), since, limit).await?;
    for group in &mut groups {
        group.last_message = masked::message(&group.last_message);
    }
    Ok(groups)
}

/// Runs a scheduled job now, and a dead letter again.
pub async fn run_now(across: &mut Across, id: JobId) -> Result<(), StaffError> {
    done(inspect::retry(across.conn(), id).await?)?;
    let change = Change::created("staff.run_job", platform(), &json!({"job": id}));
    Ok(note(across, &change).await?)
}

/// Cancels a job that has not ended. Its process is asked to stop a running one.
pub async fn cancel(across: &mut Across, id: JobId, reason: &str) -> Result<(), StaffError> {
    check_reason(reason)?;
    done(inspect::cancel(across.conn(), id).await?)?;
    let before = json!({"job": id, "reason": reason});
    let change = Change::deleted("staff.cancel_job", platform(), &before);
    Ok(note(across, &change).await?)
}

fn done(stepped: Stepped) -> Result<(), StaffError> {
    match stepped {
        Stepped::Done | Stepped::Requested => Ok(()),
        Stepped::NotNow => Err(StaffError::NotNow),
        Stepped::NotFound => Err(StaffError::NotFound),
    }
}

fn check_reason(reason: &str) -> Result<(), StaffError> {
    let mut violations = Violations::default();
    violations.text("/reason", reason, 1, MAX_REASON);
    Ok(violations.end()?)
}

/// Which dead letters are meant.
#[derive(Clone, Debug)]
pub enum Letters {
    These(Vec<JobId>),
    /// The oldest of those that match, [`MAX_AT_ONCE`] at a time.
    Matching(DeadFilter),
}

impl Letters {
    async fn ids(&self, across: &mut Across) -> Result<Vec<JobId>, StaffError> {
        match self {
            Self::These(ids) => {
                let mut violations = Violations::default();
                violations.unless(
                    (1..=MAX_AT_ONCE).contains(&ids.len()),
                    "/jobs",
                    "length",
                    format!("must have 1 to {MAX_AT_ONCE} numbers"),
                );
                violations.end()?;
                Ok(ids.clone())
            }
            Self::Matching(filter) => {
                let most = i64::try_from(MAX_AT_ONCE).unwrap_or(i64::MAX);
                Ok(inspect::dead(across.conn(), filter, most).await?)
            }
        }
    }

    /// How many are left that match.
    async fn left(&self, across: &mut Across) -> Result<usize, StaffError> {
        match self {
            Self::These(_) => Ok(0),
            Self::Matching(filter) => Ok(inspect::dead(across.conn(), filter, MAX_COUNTED)
                .await?
                .len()),
        }
    }
}

/// How many dead letters a call has changed, and how many are left that match.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Changed {
    pub done: usize,
    pub left: usize,
}

/// Runs dead letters again, with all their attempts.
pub async fn replay(across: &mut Across, letters: &Letters) -> Result<Changed, StaffError> {
    let ids = letters.ids(across).await?;
    let done = inspect::replay(across.conn(), &ids).await?;
    if done > 0 {
        let change = Change::created("staff.replay_jobs", platform(), &json!({"jobs": ids}));
        note(across, &change).await?;
    }
    let left = letters.left(across).await?;
    Ok(Changed { done, left })
}

/// Throws dead letters away. Their records stay with those of the cancelled jobs.
pub async fn discard(
    across: &mut Across,
    letters: &Letters,
    reason: &str,
) -> Result<Changed, StaffError> {
    check_reason(reason)?;
    let ids = letters.ids(across).await?;
    let done = usize::try_from(inspect::discard(across.conn(), &ids).await?).unwrap_or_default();
    if done > 0 {
        let before = json!({"jobs": ids, "reason": reason});
        let change = Change::deleted("staff.discard_jobs", platform(), &before);
        note(across, &change).await?;
    }
    let left = letters.left(across).await?;
    Ok(Changed { done, left })
}

/// Enqueues the job of a schedule of the program now, in addition to its times.
pub async fn run_schedule(across: &mut Across, name: &str) -> Result<JobId, StaffError> {
    let enqueued = cron::run_now(across.conn(), &registry(), None, name)
        .await
        .map_err(found)?;
    let after = json!({"schedule": name, "job": enqueued.id});
    let change = Change::created("staff.run_schedule", platform(), &after);
    note(across, &change).await?;
    Ok(enqueued.id)
}

/// Stops a schedule of the program until it is resumed.
pub async fn pause_schedule(across: &mut Across, name: &str) -> Result<(), StaffError> {
    cron::pause(across.conn(), None, name)
        .await
        .map_err(found)?;
    let after = json!({"schedule": name});
    let change = Change::created("staff.pause_schedule", platform(), &after);
    Ok(note(across, &change).await?)
}

/// Starts a paused schedule again, from its next time on.
pub async fn resume_schedule(across: &mut Across, name: &str) -> Result<(), StaffError> {
    cron::resume(across.conn(), None, name)
        .await
        .map_err(found)?;
    let before = json!({"schedule": name});
    let change = Change::deleted("staff.resume_schedule", platform(), &before);
    Ok(note(across, &change).await?)
}

fn found(error: CronError) -> StaffError {
    match error {
        CronError::NotFound { .. } => StaffError::NotFound,
        other => other.into(),
    }
}
