//! The workspaces of the platform, and their suspension.

use kazi_jobs::{
    ai::{self, BudgetView},
    channels, staff,
    usage::{self, MonthSum},
    workspaces::{self, Tenant, TenantFilter, TenantStatus},
};
use kazi_platform::WorkspaceId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::api::{
    Answer,
    caller::Staff,
    extract::{Json, Path},
    page::{self, List, Page, Paging},
    routes::{Access, Routes},
};

pub fn routes() -> Routes {
    Routes::new(
        "admin-workspaces",
        "The workspaces of the platform, for its own staff.",
    )
    .add(Access::Staff, routes!(list))
    .add(Access::Staff, routes!(get))
    .add(Access::Staff, routes!(suspend))
    .add(Access::Staff, routes!(reactivate))
}

/// All given conditions must hold.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Filter {
    /// A part of the name, in any case.
    #[param(min_length = 1, max_length = 200, example = "zuri")]
    q: Option<String>,
    #[param(inline)]
    status: Option<TenantStatus>,
}

/// Lists workspaces, newest first.
#[utoipa::path(get, path = "/api/v1/admin/workspaces", params(Filter, Paging),
    responses((status = 200, description = "A page of them.", body = Page<Tenant>)))]
async fn list(staff: Staff, list: List<Filter, WorkspaceId>) -> Answer<Page<Tenant>> {
    if let Some(q) = &list.filter.q {
        page::words(q)?;
    }
    let filter = TenantFilter {
        q: list.filter.q.clone(),
        status: list.filter.status,
    };
    let mut across = staff.look("staff.list_workspaces", None).await?;
    let rows = workspaces::tenants(across.conn(), &filter, list.after, list.fetch()).await?;
    across.commit().await?;
    Ok(Json(list.page(rows, |row| row.id)?))
}

/// A workspace with its limits and how much it uses.
#[derive(Serialize, ToSchema)]
#[schema(as = PlatformWorkspaceInFull)]
struct Shown {
    #[serde(flatten)]
    workspace: Tenant,
    /// Channels that send.
    channels_active: usize,
    /// Channels that do not send, and may again.
    channels_paused: usize,
    /// The workspace's own limit for models.
    ai_budget: BudgetView,
    /// The billable use of this month.
    usage: MonthSum,
}

async fn shown(staff: &Staff, id: WorkspaceId) -> Answer<Shown> {
    let mut across = staff.begin().await?;
    let workspace = workspaces::tenant(across.conn(), id).await?;
    across.commit().await?;
    let mut work = staff.within(id).await?;
    let channels = channels::list(work.conn()).await?;
    let count = |status: &str| channels.iter().filter(|one| one.status == status).count();
    Ok(Json(Shown {
        workspace,
        channels_active: count("active"),
        channels_paused: count("paused"),
        ai_budget: ai::budget(&mut work).await?,
        usage: usage::month(&mut work, None).await?.sum,
    }))
}

/// Shows a workspace, its limits and its use.
#[utoipa::path(get, path = "/api/v1/admin/workspaces/{id}",
    responses((status = 200, description = "The workspace.", body = Shown)))]
async fn get(staff: Staff, Path(id): Path<WorkspaceId>) -> Answer<Shown> {
    let subject = Some(("workspace", id.uuid()));
    staff
        .look("staff.show_workspace", subject)
        .await?
        .commit()
        .await?;
    shown(&staff, id).await
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Suspension)]
struct Reason {
    /// The members read it.
    #[schema(
        min_length = 1,
        max_length = 500,
        example = "The invoice of May is not paid."
    )]
    reason: String,
}

/// Suspends a workspace.
///
/// Members, API keys and customers of the workspace get 403 `workspace_suspended`. Its channels send nothing, the bot is
/// silent, and posts wait. What customers write is kept. A workspace that is suspended already stays as it is.
#[utoipa::path(post, path = "/api/v1/admin/workspaces/{id}/suspend", request_body = Reason,
    responses((status = 200, description = "As it is now.", body = Shown)))]
async fn suspend(
    staff: Staff,
    Path(id): Path<WorkspaceId>,
    Json(said): Json<Reason>,
) -> Answer<Shown> {
    let mut work = staff.within(id).await?;
    staff::suspend(&mut work, &said.reason).await?;
    work.commit().await?;
    shown(&staff, id).await
}

/// Reactivates a workspace. What has waited is sent.
#[utoipa::path(post, path = "/api/v1/admin/workspaces/{id}/reactivate",
    responses((status = 200, description = "As it is now.", body = Shown)))]
async fn reactivate(staff: Staff, Path(id): Path<WorkspaceId>) -> Answer<Shown> {
    let mut work = staff.within(id).await?;
    staff::reactivate(&mut work).await?;
    work.commit().await?;
    shown(&staff, id).await
}
