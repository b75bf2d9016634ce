//! What the platform's staff sees of the queue and does with it. Each step is recorded in its transaction.

use kazi_platform::Timestamp;
use kazi_queue::{
    JobId, Pool,
    cron::{self, CronError},
    inspect::{self, DeadFilter, JobDetail, Stepped, Wait},
    lanes::{self, LaneView, Limits, Scope},
};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::{PLATFORM, StaffError, check_reason, masked, note};
use crate::{Across, audit::Change, registry, violations::Violations};

/// The most dead letters that one call changes. A caller with more calls again.
pub const MAX_AT_ONCE: usize = 500;

fn fields(scope: Scope<'_>) -> Value {
    match scope {
        Scope::Pool(pool) => json!({"pool": pool.name()}),
        Scope::Kind(kind) => json!({"kind": kind}),
        Scope::Lane(pool, lane) => json!({"pool": pool.name(), "lane": lane}),
    }
}

/// Stops a pool, a kind or a lane in all processes. Running jobs go on.
pub async fn pause(across: &mut Across, scope: Scope<'_>) -> Result<(), StaffError> {
    lanes::pause(across.conn(), scope).await?;
    let change = Change::created("staff.pause_queue", PLATFORM, &fields(scope));
    Ok(note(across, &change).await?)
}

/// Starts it again.
pub async fn resume(across: &mut Across, scope: Scope<'_>) -> Result<(), StaffError> {
    lanes::resume(across.conn(), scope).await?;
    let change = Change::deleted("staff.resume_queue", PLATFORM, &fields(scope));
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
    // The lane may be parked for longer already.
    let parked = row(across, pool, lane).await?;
    let until = parked.and_then(|lane| lane.parked_until);
    let after = json!({"pool": pool.name(), "lane": lane, "until": until});
    let change = Change::created("staff.park_lane", PLATFORM, &after);
    Ok(note(across, &change).await?)
}

async fn row(across: &mut Across, pool: Pool, lane: &str) -> Result<Option<LaneView>, sqlx::Error> {
    let found = lanes::some(across.conn(), pool, &[lane.to_owned()]).await?;
    Ok(found.into_iter().next())
}

/// Ends the parking of a lane.
pub async fn unpark(across: &mut Across, pool: Pool, lane: &str) -> Result<(), StaffError> {
    lanes::unpark(across.conn(), pool, lane).await?;
    let before = json!({"pool": pool.name(), "lane": lane});
    let change = Change::deleted("staff.unpark_lane", PLATFORM, &before);
    Ok(note(across, &change).await?)
}

/// Sets the limits of a lane for all processes at once.
pub async fn limit(
    across: &mut Across,
    pool: Pool,
    lane: &str,
    limits: &Limits,
) -> Result<(), StaffError> {
    let before = row(across, pool, lane).await?;
    lanes::set(across.conn(), pool, lane, limits).await?;
    let after = row(across, pool, lane).await?;
    // In one field, because the record has only the fields that differ, and must name the lane.
    let (before, after) = (json!({"lane": before}), json!({"lane": after}));
    let change = Change::updated("staff.limit_lane", PLATFORM, &before, &after);
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
        let class = error["class"].as_str().unwrap_or_default().to_owned();
        if let Some(Value::String(message)) = error.get_mut("message") {
            *message = masked::message(&class, message);
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
        group.last_message = masked::message(&group.error_class, &group.last_message);
    }
    Ok(groups)
}

/// Runs a scheduled job now, and a dead letter again.
pub async fn run_now(across: &mut Across, id: JobId) -> Result<(), StaffError> {
    done(inspect::retry(across.conn(), id).await?)?;
    let change = Change::created("staff.run_job", PLATFORM, &json!({"job": id}));
    Ok(note(across, &change).await?)
}

/// Cancels a job that has not ended. Its process is asked to stop a running one.
pub async fn cancel(across: &mut Across, id: JobId, reason: &str) -> Result<(), StaffError> {
    check_reason(reason)?;
    done(inspect::cancel(across.conn(), id).await?)?;
    let before = json!({"job": id, "reason": reason});
    let change = Change::deleted("staff.cancel_job", PLATFORM, &before);
    Ok(note(across, &change).await?)
}

fn done(stepped: Stepped) -> Result<(), StaffError> {
    match stepped {
        Stepped::Done | Stepped::Requested => Ok(()),
        Stepped::NotNow => Err(StaffError::NotNow),
        Stepped::NotFound => Err(StaffError::NotFound),
    }
}

/// Which dead letters are meant.
#[derive(Clone, Debug)]
pub enum Letters {
    These(Vec<JobId>),
    /// The oldest of those that match, [`MAX_AT_ONCE`] at a time.
    Matching(DeadFilter),
}

impl Letters {
    /// Answers also whether more of them match.
    async fn ids(&self, across: &mut Across) -> Result<(Vec<JobId>, bool), StaffError> {
        match self {
            Self::These(ids) => {
                let mut violations = Violations::default();
                violations.unless(
                    (1..=MAX_AT_ONCE).contains(&ids.len()),
                    "/which/jobs",
                    "length",
                    format!("must have 1 to {MAX_AT_ONCE} numbers"),
                );
                violations.end()?;
                Ok((ids.clone(), false))
            }
            Self::Matching(filter) => {
                let and_one = i64::try_from(MAX_AT_ONCE + 1).unwrap_or(i64::MAX);
                let mut ids = inspect::dead(across.conn(), filter, and_one).await?;
                let more = ids.len() > MAX_AT_ONCE;
                ids.truncate(MAX_AT_ONCE);
                Ok((ids, more))
            }
        }
    }
}

/// What a call has done with dead letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = DeadLettersChanged)]
pub struct Changed {
    /// How many dead letters this call has changed: at most 500.
    pub done: usize,
    /// Whether more of them match: call again.
    pub more: bool,
}

/// Runs dead letters again, with all their attempts.
pub async fn replay(across: &mut Across, letters: &Letters) -> Result<Changed, StaffError> {
    let (ids, more) = letters.ids(across).await?;
    let jobs = inspect::replay(across.conn(), &ids).await?;
    if !jobs.is_empty() {
        let change = Change::created("staff.replay_jobs", PLATFORM, &json!({"jobs": jobs}));
        note(across, &change).await?;
    }
    let done = jobs.len();
    Ok(Changed { done, more })
}

/// Throws dead letters away. Their records stay with those of the cancelled jobs.
pub async fn discard(
    across: &mut Across,
    letters: &Letters,
    reason: &str,
) -> Result<Changed, StaffError> {
    check_reason(reason)?;
    let (ids, more) = letters.ids(across).await?;
    let jobs = inspect::discard(across.conn(), &ids).await?;
    if !jobs.is_empty() {
        let before = json!({"jobs": jobs, "reason": reason});
        let change = Change::deleted("staff.discard_jobs", PLATFORM, &before);
        note(across, &change).await?;
    }
    let done = jobs.len();
    Ok(Changed { done, more })
}

/// Enqueues the job of a schedule of the program now, in addition to its times.
pub async fn run_schedule(across: &mut Across, name: &str) -> Result<JobId, StaffError> {
    let enqueued = cron::run_now(across.conn(), &registry(), None, name)
        .await
        .map_err(found)?;
    let after = json!({"schedule": name, "job": enqueued.id});
    let change = Change::created("staff.run_schedule", PLATFORM, &after);
    note(across, &change).await?;
    Ok(enqueued.id)
}

/// Stops a schedule of the program until it is resumed.
pub async fn pause_schedule(across: &mut Across, name: &str) -> Result<(), StaffError> {
    cron::pause(across.conn(), None, name)
        .await
        .map_err(found)?;
    let after = json!({"schedule": name});
    let change = Change::created("staff.pause_schedule", PLATFORM, &after);
    Ok(note(across, &change).await?)
}

/// Starts a paused schedule again, from its next time on.
pub async fn resume_schedule(across: &mut Across, name: &str) -> Result<(), StaffError> {
    cron::resume(across.conn(), None, name)
        .await
        .map_err(found)?;
    let before = json!({"schedule": name});
    let change = Change::deleted("staff.resume_schedule", PLATFORM, &before);
    Ok(note(across, &change).await?)
}

fn found(error: CronError) -> StaffError {
    match error {
        CronError::NotFound { .. } => StaffError::NotFound,
        other => other.into(),
    }
}
