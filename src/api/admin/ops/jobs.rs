//! The jobs of the queue: where each stands, why it waits, and what its attempts said.

use std::collections::HashMap;

use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use kazi_jobs::staff::operate;
use kazi_platform::WorkspaceId;
use kazi_queue::{
    BatchId, JobId,
    inspect::{self, JobDetail, JobFilter, JobView, Listed, State, Wait},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use utoipa_axum::routes;
use uuid::Uuid;

use super::{name, names, pool};
use crate::api::{
    Answer,
    caller::Staff,
    extract::{Json, Path},
    page::{List, Page, Paging},
    routes::{Access, Routes},
};
use crate::problem::{NOT_FOUND, Problem};

pub fn routes() -> Routes {
    Routes::new(
        "admin-ops-jobs",
        "The jobs of the queue, for the platform's own staff.",
    )
    .add(Access::Staff, routes!(list))
    .add(Access::Staff, routes!(get))
    .add(Access::Staff, routes!(run))
    .add(Access::Staff, routes!(cancel))
}

/// A job.
#[derive(Serialize, ToSchema)]
#[schema(as = QueueJob)]
struct Job {
    id: JobId,
    #[schema(example = "messages.send")]
    kind: String,
    #[schema(example = "whatsapp")]
    pool: String,
    /// A workspace, a sending number or an account. Empty for jobs of none.
    lane: String,
    workspace_id: Option<WorkspaceId>,
    /// Its name.
    workspace: Option<String>,
    #[schema(inline)]
    state: State,
    /// How many runs have begun and count.
    attempt: i16,
    max_attempts: i16,
    #[schema(value_type = String, format = DateTime)]
    enqueued_at: DateTime<Utc>,
    /// When the job may run.
    #[schema(value_type = String, format = DateTime)]
    due_at: DateTime<Utc>,
    /// When its last run began.
    #[schema(value_type = Option<String>, format = DateTime)]
    claimed_at: Option<DateTime<Utc>>,
    /// When the job ended.
    #[schema(value_type = Option<String>, format = DateTime)]
    finished_at: Option<DateTime<Utc>>,
    /// The class of the last error. `unknown_kind` in a list: no process can run the job.
    error_class: Option<String>,
    /// 32 hex digits.
    trace: Option<String>,
}

impl Job {
    fn new(job: JobView, names: &HashMap<Uuid, String>) -> Self {
        Self {
            id: job.id,
            kind: job.kind,
            pool: job.pool,
            lane: job.lane,
            workspace_id: job.tenant.map(WorkspaceId::from),
            workspace: job.tenant.and_then(|id| names.get(&id).cloned()),
            state: job.state,
            attempt: job.attempt,
            max_attempts: job.max_attempts,
            enqueued_at: job.enqueued_at,
            due_at: job.due,
            claimed_at: job.claimed_at,
            finished_at: job.finished_at,
            error_class: job.error_class,
            trace: job.trace,
        }
    }
}

/// All given conditions must hold.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Filter {
    #[param(inline)]
    state: Option<State>,
    #[param(max_length = 200, example = "messages.send")]
    kind: Option<String>,
    #[param(example = "whatsapp")]
    pool: Option<String>,
    #[param(max_length = 200)]
    lane: Option<String>,
    workspace_id: Option<WorkspaceId>,
    /// The class of the last error.
    #[param(max_length = 200, example = "timeout")]
    error_class: Option<String>,
}

/// Lists jobs, the newest first.
///
/// A page looks through 100,000 unfinished jobs, as many dead letters and as many ended jobs. If few of them match, the page
/// is short or empty, and `next_cursor` leads to the older ones.
#[utoipa::path(get, path = "/api/v1/admin/ops/jobs", params(Filter, Paging),
    responses((status = 200, description = "A page of them.", body = Page<Job>)))]
async fn list(staff: Staff, list: List<Filter, JobId>) -> Answer<Page<Job>> {
    let asked = &list.filter;
    if let Some(asked) = &asked.pool {
        pool(asked)?;
    }
    for (pointer, asked) in [
        ("/kind", &asked.kind),
        ("/lane", &asked.lane),
        ("/error_class", &asked.error_class),
    ] {
        name(pointer, asked.as_deref().unwrap_or_default())?;
    }
    let filter = JobFilter {
        state: asked.state,
        kind: asked.kind.clone(),
        pool: asked.pool.clone(),
        lane: asked.lane.clone(),
        tenant: asked.workspace_id.map(WorkspaceId::uuid),
        class: asked.error_class.clone(),
        after: list.after,
        limit: list.fetch(),
    };
    let mut across = staff.watch("staff.list_jobs").await?;
    let Listed { jobs, looked_to } = inspect::list(across.conn(), &filter).await?;
    let names = names(&mut across, jobs.iter().filter_map(|job| job.tenant)).await?;
    across.commit().await?;
    let rows = jobs.into_iter().map(|job| Job::new(job, &names));
    Ok(Json(list.page_down_to(
        rows.collect(),
        |row: &Job| row.id,
        looked_to,
    )?))
}

/// A failed attempt.
#[derive(Serialize, ToSchema)]
#[schema(as = QueueJobAttempt)]
struct Attempt {
    attempt: i64,
    #[schema(value_type = Option<String>, format = DateTime)]
    at: Option<DateTime<Utc>>,
    #[schema(example = "timeout")]
    error_class: String,
    message: String,
}

impl From<&Value> for Attempt {
    fn from(entry: &Value) -> Self {
        let text = |key: &str| entry[key].as_str().unwrap_or_default().to_owned();
        Self {
            attempt: entry["attempt"].as_i64().unwrap_or_default(),
            at: text("at").parse().ok(),
            error_class: text("class"),
            message: text("message"),
        }
    }
}

/// A job with its history.
#[derive(Serialize, ToSchema)]
#[schema(as = QueueJobInFull)]
struct Shown {
    #[serde(flatten)]
    job: Job,
    /// Why it does not run yet: the strongest reason first. Empty when it runs or has ended.
    waits: Vec<Wait>,
    /// 0 urgent, 1 normal, 2 low. Null when the job has ended well or was cancelled.
    priority: Option<i16>,
    batch: Option<BatchId>,
    /// The process that runs the job.
    process: Option<i64>,
    /// The failed attempts, the oldest first; at most the last 25.
    attempts: Vec<Attempt>,
    /// What the job carries: ids, times and names. Other texts are hidden, and `sealed` stands for a sealed payload.
    #[schema(value_type = Object)]
    payload: Value,
}

/// Shows a job with its history, and why it waits.
#[utoipa::path(get, path = "/api/v1/admin/ops/jobs/{id}",
    params(("id" = i64, Path, description = "Its number.", example = 4711)),
    responses((status = 200, description = "The job.", body = Shown)))]
async fn get(staff: Staff, Path(id): Path<JobId>) -> Answer<Shown> {
    let seen = json!({"job": id});
    let mut across = staff.watch_one("staff.show_job", &seen).await?;
    let found = operate::show(&mut across, id).await?;
    let (detail, waits) = found.ok_or(NOT_FOUND)?;
    let names = names(&mut across, detail.job.tenant.into_iter()).await?;
    across.commit().await?;
    let JobDetail {
        job,
        payload,
        priority,
        batch,
        process,
        errors,
    } = detail;
    let errors = errors.as_array().map(Vec::as_slice).unwrap_or_default();
    Ok(Json(Shown {
        job: Job::new(job, &names),
        waits,
        priority,
        batch,
        process,
        attempts: errors.iter().map(Attempt::from).collect(),
        payload,
    }))
}

/// Runs a scheduled job now, and a dead letter again with all its attempts.
#[utoipa::path(post, path = "/api/v1/admin/ops/jobs/{id}/run",
    params(("id" = i64, Path, description = "Its number.", example = 4711)),
    responses(
        (status = 204, description = "It runs as soon as it can."),
        (status = 409, description = "`job_not_now`: it is neither scheduled nor a dead letter."),
    ))]
async fn run(staff: Staff, Path(id): Path<JobId>) -> Result<StatusCode, Problem> {
    let mut across = staff.begin().await?;
    operate::run_now(&mut across, id).await?;
    across.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = QueueReason)]
struct Reason {
    /// For the log of the staff.
    #[schema(
        min_length = 1,
        max_length = 500,
        example = "The order was made twice."
    )]
    reason: String,
}

/// Cancels a job. The process of a running one is asked to stop it; a dead letter is thrown away.
#[utoipa::path(post, path = "/api/v1/admin/ops/jobs/{id}/cancel", request_body = Reason,
    params(("id" = i64, Path, description = "Its number.", example = 4711)),
    responses(
        (status = 204, description = "It is cancelled, or will be in a moment."),
        (status = 409, description = "`job_not_now`: it has ended."),
    ))]
async fn cancel(
    staff: Staff,
    Path(id): Path<JobId>,
    Json(said): Json<Reason>,
) -> Result<StatusCode, Problem> {
    let mut across = staff.begin().await?;
    operate::cancel(&mut across, id, &said.reason).await?;
    across.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
