//! The schedules of the queue: what the clock enqueues.

use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use kazi_jobs::staff::operate;
use kazi_queue::{
    JobId,
    cron::{self, ScheduleView},
};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::api::{
    Answer,
    caller::Staff,
    extract::{Json, Path},
    page::Whole,
    routes::{Access, Routes},
};
use crate::problem::Problem;

pub fn routes() -> Routes {
    Routes::new(
        "admin-ops-schedules",
        "The schedules of the queue, for the platform's own staff.",
    )
    .add(Access::Staff, routes!(list))
    .add(Access::Staff, routes!(run))
    .add(Access::Staff, routes!(pause))
    .add(Access::Staff, routes!(resume))
}

/// A schedule of the program.
#[derive(Serialize, ToSchema)]
#[schema(as = QueueSchedule)]
struct Schedule {
    #[schema(example = "audit.purge")]
    name: String,
    /// A cron expression.
    #[schema(example = "29 3 * * *")]
    expression: String,
    /// On the clocks of this place.
    #[schema(example = "UTC")]
    zone: String,
    kind: String,
    paused: bool,
    /// The last time that was enqueued.
    #[schema(value_type = Option<String>, format = DateTime)]
    last_at: Option<DateTime<Utc>>,
    last_job: Option<JobId>,
    /// The next time. One in the past is late. Null: it never comes again.
    #[schema(value_type = Option<String>, format = DateTime)]
    next_at: Option<DateTime<Utc>>,
    /// Why the last try to enqueue failed. It is tried again within a minute.
    error: Option<String>,
}

impl From<ScheduleView> for Schedule {
    fn from(view: ScheduleView) -> Self {
        Self {
            name: view.name,
            expression: view.expression,
            zone: view.zone,
            kind: view.kind,
            paused: view.paused,
            last_at: view.last_fire,
            last_job: view.last_job,
            next_at: view.next_fire,
            error: view.error,
        }
    }
}

/// The most schedules in an answer. The program has a few dozen.
const MAX: u16 = 1_000;

/// Lists the schedules of the program, by name.
#[utoipa::path(get, path = "/api/v1/admin/ops/schedules",
    responses((status = 200, description = "The schedules.", body = Whole<Schedule>)))]
async fn list(staff: Staff) -> Answer<Whole<Schedule>> {
    let mut across = staff.watch("staff.list_schedules").await?;
    let listed = cron::list(across.conn(), None, 0, MAX).await;
    let listed = listed.map_err(Problem::internal)?;
    across.commit().await?;
    let mut items: Vec<Schedule> = listed.into_iter().map(Schedule::from).collect();
    items.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(Json(Whole { items }))
}

#[derive(Serialize, ToSchema)]
#[schema(as = QueueScheduleRun)]
struct Ran {
    job_id: JobId,
}

/// Enqueues the job of a schedule now, in addition to its times.
#[utoipa::path(post, path = "/api/v1/admin/ops/schedules/{name}/run",
    params(("name" = String, Path, description = "Its name.", example = "audit.purge")),
    responses((status = 200, description = "Its job.", body = Ran)))]
async fn run(staff: Staff, Path(name): Path<String>) -> Answer<Ran> {
    let mut across = staff.begin().await?;
    let job_id = operate::run_schedule(&mut across, &name).await?;
    across.commit().await?;
    Ok(Json(Ran { job_id }))
}

/// Stops a schedule until it is resumed.
#[utoipa::path(post, path = "/api/v1/admin/ops/schedules/{name}/pause",
    params(("name" = String, Path, description = "Its name.", example = "audit.purge")),
    responses((status = 204, description = "It is paused.")))]
async fn pause(staff: Staff, Path(name): Path<String>) -> Result<StatusCode, Problem> {
    let mut across = staff.begin().await?;
    operate::pause_schedule(&mut across, &name).await?;
    across.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Starts a paused schedule again, from its next time on.
#[utoipa::path(post, path = "/api/v1/admin/ops/schedules/{name}/resume",
    params(("name" = String, Path, description = "Its name.", example = "audit.purge")),
    responses((status = 204, description = "It goes on.")))]
async fn resume(staff: Staff, Path(name): Path<String>) -> Result<StatusCode, Problem> {
    let mut across = staff.begin().await?;
    operate::resume_schedule(&mut across, &name).await?;
    across.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
