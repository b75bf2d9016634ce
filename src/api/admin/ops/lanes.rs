//! The lanes of the queue: who waits where, and what holds them.

use axum::http::StatusCode;
use kazi_jobs::{pools, staff::operate};
use kazi_platform::{Timestamp, WorkspaceId};
use kazi_queue::{
    Pool,
    lanes::{self, BusyLane, LaneFilter, Limits, Scope},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;
use uuid::Uuid;

use super::{name, names, overview::set_paused, pool};
use crate::api::{
    Answer,
    caller::Staff,
    extract::Json,
    page::{List, Page, Paging},
    routes::{Access, Routes},
};
use crate::problem::Problem;

pub fn routes() -> Routes {
    Routes::new(
        "admin-ops-lanes",
        "The lanes of the queue, for the platform's own staff.",
    )
    .add(Access::Staff, routes!(list))
    .add(Access::Staff, routes!(pause))
    .add(Access::Staff, routes!(resume))
    .add(Access::Staff, routes!(park))
    .add(Access::Staff, routes!(unpark))
    .add(Access::Staff, routes!(limit))
}

/// All given conditions must hold.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Filter {
    #[param(example = "whatsapp")]
    pool: Option<String>,
    /// Only lanes that are paused or parked.
    held: Option<bool>,
}

/// A lane with its work.
#[derive(Serialize, ToSchema)]
#[schema(as = QueueLaneOfWorkspace)]
struct Lane {
    #[serde(flatten)]
    lane: BusyLane,
    /// The workspace, if the lane is named after one. Others are named after a sending number or an account.
    workspace_id: Option<WorkspaceId>,
    workspace: Option<String>,
}

/// Lists the lanes that have due jobs, a limit, a pause or a parking: pool by pool, by name.
#[utoipa::path(get, path = "/api/v1/admin/ops/lanes", params(Filter, Paging),
    responses((status = 200, description = "A page of them.", body = Page<Lane>)))]
async fn list(staff: Staff, list: List<Filter, (String, String)>) -> Answer<Page<Lane>> {
    let one = list.filter.pool.as_deref().map(pool).transpose()?;
    let pools: Vec<Pool> = one.map_or_else(|| pools::ALL.to_vec(), |one| vec![one]);
    let mut across = staff.watch("staff.list_lanes").await?;
    let filter = LaneFilter {
        pools: &pools,
        held: list.filter.held.unwrap_or_default(),
        after: list
            .after
            .as_ref()
            .map(|(pool, lane)| (pool.as_str(), lane.as_str())),
        limit: list.fetch(),
    };
    let rows = lanes::busy(across.conn(), filter).await?;
    let of = |row: &BusyLane| Uuid::try_parse(&row.lane.lane).ok();
    let names = names(&mut across, rows.iter().filter_map(of)).await?;
    across.commit().await?;
    let rows = rows.into_iter().map(|row| {
        let workspace = of(&row).filter(|id| names.contains_key(id));
        Lane {
            workspace_id: workspace.map(WorkspaceId::from),
            workspace: workspace.and_then(|id| names.get(&id).cloned()),
            lane: row,
        }
    });
    Ok(Json(list.page(rows.collect(), |row: &Lane| {
        (row.lane.lane.pool.clone(), row.lane.lane.lane.clone())
    })?))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = QueueLaneName)]
struct Named {
    #[schema(example = "whatsapp")]
    pool: String,
    /// As the list shows it. It is empty for jobs of no workspace.
    #[schema(max_length = 200)]
    lane: String,
}

impl Named {
    fn read(self) -> Result<(Pool, String), Problem> {
        name("/lane", &self.lane)?;
        Ok((pool(&self.pool)?, self.lane))
    }
}

/// Stops a lane in all processes. Running jobs go on.
#[utoipa::path(post, path = "/api/v1/admin/ops/lanes/pause", request_body = Named,
    responses((status = 204, description = "It is paused.")))]
async fn pause(staff: Staff, Json(named): Json<Named>) -> Result<StatusCode, Problem> {
    let (pool, lane) = named.read()?;
    set_paused(staff, Scope::Lane(pool, &lane), true).await
}

/// Starts a paused lane again.
#[utoipa::path(post, path = "/api/v1/admin/ops/lanes/resume", request_body = Named,
    responses((status = 204, description = "It goes on.")))]
async fn resume(staff: Staff, Json(named): Json<Named>) -> Result<StatusCode, Problem> {
    let (pool, lane) = named.read()?;
    set_paused(staff, Scope::Lane(pool, &lane), false).await
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = QueueLaneParking)]
struct Parking {
    #[schema(example = "whatsapp")]
    pool: String,
    #[schema(max_length = 200)]
    lane: String,
    /// In the next 30 days.
    #[schema(value_type = String, format = DateTime)]
    until: Timestamp,
}

/// Lets no job of a lane start before a time. A second call can only make it later.
#[utoipa::path(post, path = "/api/v1/admin/ops/lanes/park", request_body = Parking,
    responses((status = 204, description = "It is parked.")))]
async fn park(staff: Staff, Json(parking): Json<Parking>) -> Result<StatusCode, Problem> {
    let Parking { pool, lane, until } = parking;
    let (pool, lane) = Named { pool, lane }.read()?;
    let mut across = staff.begin().await?;
    operate::park(&mut across, pool, &lane, until).await?;
    across.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Ends the parking of a lane.
#[utoipa::path(post, path = "/api/v1/admin/ops/lanes/unpark", request_body = Named,
    responses((status = 204, description = "Its jobs start at once.")))]
async fn unpark(staff: Staff, Json(named): Json<Named>) -> Result<StatusCode, Problem> {
    let (pool, lane) = named.read()?;
    let mut across = staff.begin().await?;
    operate::unpark(&mut across, pool, &lane).await?;
    across.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = QueueLaneNewLimits)]
struct NewLimits {
    #[schema(example = "whatsapp")]
    pool: String,
    #[schema(max_length = 200)]
    lane: String,
    /// Jobs in a second. Null: no rate.
    #[schema(minimum = 0.001, maximum = 100_000)]
    rate: Option<f64>,
    /// The most jobs that may start at once. A rate needs it.
    #[schema(minimum = 1, maximum = 100_000)]
    burst: Option<u32>,
    /// The part of the burst, and of the jobs at once, that jobs of low priority must not use.
    #[serde(default)]
    reserved: u32,
    /// The most jobs that may run at once, and more than `reserved`. Null: no limit.
    #[schema(minimum = 1)]
    max_running: Option<u32>,
}

/// Sets the limits of a lane for all processes at once. They replace those that it had.
#[utoipa::path(put, path = "/api/v1/admin/ops/lanes/limits", request_body = NewLimits,
    responses((status = 204, description = "They hold.")))]
async fn limit(staff: Staff, Json(new): Json<NewLimits>) -> Result<StatusCode, Problem> {
    let (pool, lane) = Named {
        pool: new.pool,
        lane: new.lane,
    }
    .read()?;
    if new.rate.is_some() != new.burst.is_some() {
        let missing = if new.rate.is_some() {
            "/burst"
        } else {
            "/rate"
        };
        return Err(Problem::field(
            missing,
            "missing",
            "a rate needs a burst, and a burst a rate",
        ));
    }
    let limits = Limits {
        rate: new.rate.zip(new.burst),
        reserved: new.reserved,
        max_running: new.max_running,
    };
    let mut across = staff.begin().await?;
    operate::limit(&mut across, pool, &lane, &limits).await?;
    across.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
