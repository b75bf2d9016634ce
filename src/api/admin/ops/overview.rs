//! The queue as a whole: pools, processes, recent errors.

use axum::http::StatusCode;
use chrono::{DateTime, TimeDelta, Utc};
use kazi_jobs::{pools, staff::operate};
use kazi_queue::{
    cron,
    inspect::{self, ErrorGroup, PoolView, ProcessView},
    lanes::{self, Scope},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::api::{
    Answer,
    caller::Staff,
    extract::{Json, Path, Query},
    page::Whole,
    routes::{Access, Routes},
};
use crate::{
    config,
    problem::{NOT_FOUND, Problem},
};

pub fn routes() -> Routes {
    Routes::new("admin-ops", "The queue, for the platform's own staff.")
        .add(Access::Staff, routes!(overview))
        .add(Access::Staff, routes!(pause_pool))
        .add(Access::Staff, routes!(resume_pool))
        .add(Access::Staff, routes!(kinds))
        .add(Access::Staff, routes!(pause_kind))
        .add(Access::Staff, routes!(resume_kind))
        .add(Access::Staff, routes!(processes))
        .add(Access::Staff, routes!(errors))
}

/// The queue at one moment.
#[derive(Serialize, ToSchema)]
#[schema(as = QueueOverview)]
struct Overview {
    /// The time, by the program's clock.
    #[schema(value_type = String, format = DateTime)]
    at: DateTime<Utc>,
    pools: Vec<PoolView>,
    /// The kinds that are paused.
    paused_kinds: Vec<String>,
    /// By how many seconds the latest schedule is late; 0 if none is.
    schedules_late_seconds: f64,
}

/// Shows the pools of the queue: what waits, for how long, what runs, and how fast.
///
/// Counts of jobs stop at 10,000, and blocked jobs are counted among 100,000 of all pools. A page may ask every second or
/// two: the log has one record for a quarter of an hour.
#[utoipa::path(get, path = "/api/v1/admin/ops/overview",
    responses((status = 200, description = "The queue.", body = Overview)))]
async fn overview(staff: Staff) -> Answer<Overview> {
    let mut across = staff.watch("staff.show_queue").await?;
    let pools = inspect::pools(across.conn(), &pools::ALL).await?;
    let paused_kinds = paused_kinds(across.conn()).await?;
    let late = cron::overdue(across.conn()).await;
    let overview = Overview {
        at: across.now(),
        pools,
        paused_kinds,
        schedules_late_seconds: late.map_err(Problem::internal)?,
    };
    across.commit().await?;
    Ok(Json(overview))
}

async fn paused_kinds(conn: &mut sqlx::PgConnection) -> Result<Vec<String>, sqlx::Error> {
    let pauses = lanes::pauses(conn).await?.into_iter();
    let kinds = pauses.filter(|(scope, _)| scope == "kind");
    Ok(kinds.map(|(_, kind)| kind).collect())
}

/// Stops a pool in all processes. Running jobs go on.
#[utoipa::path(post, path = "/api/v1/admin/ops/pools/{pool}/pause",
    params(("pool" = String, Path, description = "Its name.", example = "whatsapp")),
    responses((status = 204, description = "It is paused.")))]
async fn pause_pool(staff: Staff, Path(pool): Path<String>) -> Result<StatusCode, Problem> {
    set_paused(staff, pool_named(&pool)?, true).await
}

/// Starts a paused pool again.
#[utoipa::path(post, path = "/api/v1/admin/ops/pools/{pool}/resume",
    params(("pool" = String, Path, description = "Its name.", example = "whatsapp")),
    responses((status = 204, description = "It goes on.")))]
async fn resume_pool(staff: Staff, Path(pool): Path<String>) -> Result<StatusCode, Problem> {
    set_paused(staff, pool_named(&pool)?, false).await
}

fn pool_named(name: &str) -> Result<Scope<'_>, Problem> {
    config::pool(name).map(Scope::Pool).map_err(|_| NOT_FOUND)
}

pub(super) async fn set_paused(
    staff: Staff,
    scope: Scope<'_>,
    paused: bool,
) -> Result<StatusCode, Problem> {
    let mut across = staff.begin().await?;
    if paused {
        operate::pause(&mut across, scope).await?;
    } else {
        operate::resume(&mut across, scope).await?;
    }
    across.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A kind of jobs that this program knows.
#[derive(Serialize, ToSchema)]
#[schema(as = QueueKind)]
struct Kind {
    #[schema(example = "messages.send")]
    kind: String,
    paused: bool,
}

/// Lists the kinds of jobs that this program knows, by name.
#[utoipa::path(get, path = "/api/v1/admin/ops/kinds",
    responses((status = 200, description = "The kinds.", body = Whole<Kind>)))]
async fn kinds(staff: Staff) -> Answer<Whole<Kind>> {
    let mut across = staff.watch("staff.list_kinds").await?;
    let paused = paused_kinds(across.conn()).await?;
    across.commit().await?;
    let registry = kazi_jobs::registry();
    let mut items: Vec<Kind> = registry
        .kinds()
        .map(|kind| Kind {
            kind: kind.to_owned(),
            paused: paused.iter().any(|one| one == kind),
        })
        .collect();
    items.sort_by(|one, other| one.kind.cmp(&other.kind));
    Ok(Json(Whole { items }))
}

/// Stops a kind of jobs in all processes. Running jobs go on.
#[utoipa::path(post, path = "/api/v1/admin/ops/kinds/{kind}/pause",
    params(("kind" = String, Path, description = "Its name.", example = "messages.send")),
    responses((status = 204, description = "It is paused.")))]
async fn pause_kind(staff: Staff, Path(kind): Path<String>) -> Result<StatusCode, Problem> {
    set_paused(staff, kind_named(&kind)?, true).await
}

/// Starts a paused kind again.
#[utoipa::path(post, path = "/api/v1/admin/ops/kinds/{kind}/resume",
    params(("kind" = String, Path, description = "Its name.", example = "messages.send")),
    responses((status = 204, description = "It goes on.")))]
async fn resume_kind(staff: Staff, Path(kind): Path<String>) -> Result<StatusCode, Problem> {
    set_paused(staff, kind_named(&kind)?, false).await
}

fn kind_named(kind: &str) -> Result<Scope<'_>, Problem> {
    if kazi_jobs::registry().kinds().any(|known| known == kind) {
        Ok(Scope::Kind(kind))
    } else {
        Err(NOT_FOUND)
    }
}

/// Lists the processes that run jobs, the oldest first.
#[utoipa::path(get, path = "/api/v1/admin/ops/processes",
    responses((status = 200, description = "The processes.", body = Whole<ProcessView>)))]
async fn processes(staff: Staff) -> Answer<Whole<ProcessView>> {
    let mut across = staff.watch("staff.list_processes").await?;
    let items = inspect::processes(across.conn()).await?;
    across.commit().await?;
    Ok(Json(Whole { items }))
}

/// How far back to look for errors.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Since {
    Hour,
    Day,
}

#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Asked {
    /// `hour`: the last 60 minutes. `day`: the last 24 hours.
    #[param(inline)]
    since: Since,
}

/// The most groups of errors in an answer.
const MAX_GROUPS: i64 = 200;

/// Lists recent errors by kind and class, the most frequent first: at most 200 groups.
///
/// Counted are the failed attempts of unfinished jobs, of dead letters and of ended jobs: of each the 20,000 newest. The
/// newest ended ones are those that were enqueued last.
#[utoipa::path(get, path = "/api/v1/admin/ops/errors", params(Asked),
    responses((status = 200, description = "The errors.", body = Whole<ErrorGroup>)))]
async fn errors(staff: Staff, Query(asked): Query<Asked>) -> Answer<Whole<ErrorGroup>> {
    let mut across = staff.watch("staff.list_errors").await?;
    let since = across.now()
        - match asked.since {
            Since::Hour => TimeDelta::hours(1),
            Since::Day => TimeDelta::hours(24),
        };
    let items = operate::errors(&mut across, since, MAX_GROUPS).await?;
    across.commit().await?;
    Ok(Json(Whole { items }))
}
