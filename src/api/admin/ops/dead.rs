//! Dead letters: what failed for good and waits for a person.

use chrono::{DateTime, Utc};
use kazi_jobs::staff::operate::{self, Changed, Letters};
use kazi_platform::WorkspaceId;
use kazi_queue::{
    JobId,
    inspect::{self, DeadFilter, DeadGroup},
};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::routes;

use super::name;
use crate::api::{
    Answer,
    caller::Staff,
    extract::Json,
    page::Whole,
    routes::{Access, Routes},
};
use crate::problem::Problem;

pub fn routes() -> Routes {
    Routes::new(
        "admin-ops-dead-letters",
        "Dead letters of the queue, for the platform's own staff.",
    )
    .add(Access::Staff, routes!(groups))
    .add(Access::Staff, routes!(replay))
    .add(Access::Staff, routes!(delete))
}

/// The most groups of dead letters in an answer.
const MAX_GROUPS: i64 = 200;

/// Lists the dead letters by kind and class of error, the largest groups first: at most 200. Counts stop at 10,000. The
/// jobs of a group are in `/admin/ops/jobs` with `state=dead`.
#[utoipa::path(get, path = "/api/v1/admin/ops/dead-letters",
    responses((status = 200, description = "The groups.", body = Whole<DeadGroup>)))]
async fn groups(staff: Staff) -> Answer<Whole<DeadGroup>> {
    let mut across = staff.watch("staff.list_dead_letters").await?;
    let items = inspect::dead_groups(across.conn(), MAX_GROUPS).await?;
    across.commit().await?;
    Ok(Json(Whole { items }))
}

/// Names dead letters: by their numbers, or by a kind and further conditions, which must all hold.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = DeadLetters)]
struct Which {
    #[schema(min_items = 1, max_items = 500)]
    jobs: Option<Vec<JobId>>,
    #[schema(max_length = 200, example = "messages.send")]
    kind: Option<String>,
    /// The class of the last error.
    #[schema(max_length = 200, example = "timeout")]
    error_class: Option<String>,
    workspace_id: Option<WorkspaceId>,
    /// Only jobs that died at this time or later.
    #[schema(value_type = Option<String>, format = DateTime)]
    since: Option<DateTime<Utc>>,
    /// Only jobs that died before this time. Keep it over the calls of one replay: a job that dies again then counts
    /// as another one.
    #[schema(value_type = Option<String>, format = DateTime)]
    until: Option<DateTime<Utc>>,
}

impl Which {
    fn read(self) -> Result<Letters, Problem> {
        let others = self.error_class.is_some()
            || self.workspace_id.is_some()
            || self.since.is_some()
            || self.until.is_some();
        match (self.jobs, self.kind) {
            (Some(_), Some(_)) => Err(one_way("/which/kind")),
            (Some(_), None) if others => Err(one_way("/which/jobs")),
            (Some(ids), None) => Ok(Letters::These(ids)),
            (None, None) => Err(Problem::field(
                "/which/kind",
                "missing",
                "name jobs by their numbers, or a kind",
            )),
            (None, Some(kind)) => {
                name("/which/kind", &kind)?;
                name(
                    "/which/error_class",
                    self.error_class.as_deref().unwrap_or_default(),
                )?;
                Ok(Letters::Matching(DeadFilter {
                    kind: Some(kind),
                    class: self.error_class,
                    tenant: self.workspace_id.map(WorkspaceId::uuid),
                    since: self.since,
                    until: self.until,
                }))
            }
        }
    }
}

fn one_way(pointer: &str) -> Problem {
    Problem::field(
        pointer,
        "invalid",
        "name jobs by their numbers or by conditions, not by both",
    )
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = DeadLettersReplay)]
struct Replay {
    which: Which,
}

/// Runs dead letters again, with all their attempts: the oldest 500 that are meant.
#[utoipa::path(post, path = "/api/v1/admin/ops/dead-letters/replay", request_body = Replay,
    responses((status = 200, description = "What was done.", body = Changed)))]
async fn replay(staff: Staff, Json(asked): Json<Replay>) -> Answer<Changed> {
    let letters = asked.which.read()?;
    let mut across = staff.begin().await?;
    let changed = operate::replay(&mut across, &letters).await?;
    across.commit().await?;
    Ok(Json(changed))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = DeadLettersDeletion)]
struct Deletion {
    /// For the log of the staff.
    #[schema(min_length = 1, max_length = 500, example = "The template is gone.")]
    reason: String,
    which: Which,
}

/// Throws dead letters away: the oldest 500 that are meant. Their records stay with those of the cancelled jobs.
#[utoipa::path(post, path = "/api/v1/admin/ops/dead-letters/delete", request_body = Deletion,
    responses((status = 200, description = "What was done.", body = Changed)))]
async fn delete(staff: Staff, Json(deletion): Json<Deletion>) -> Answer<Changed> {
    let letters = deletion.which.read()?;
    let mut across = staff.begin().await?;
    let changed = operate::discard(&mut across, &letters, &deletion.reason).await?;
    across.commit().await?;
    Ok(Json(changed))
}
