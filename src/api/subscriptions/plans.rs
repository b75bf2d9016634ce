//! Plans: what contacts can subscribe to.

use kazi_jobs::{
    Permission,
    subscriptions::{self, NewPlan, Plan, PlanId, PlanPatch},
};
use serde::Deserialize;
use utoipa_axum::routes;

use crate::api::{
    Answer,
    caller::Caller,
    created::Created,
    etag::{IfMatch, Tagged},
    extract::{Json, Path},
    page::{List, Page, Paging},
    routes::Routes,
};
use crate::problem::{NOT_FOUND, Problem};

pub fn routes() -> Routes {
    Routes::new("plans", "What can be subscribed to.")
        .add(Permission::SUBSCRIPTIONS_READ, routes!(list))
        .add(Permission::SUBSCRIPTIONS_READ, routes!(get))
        .add(Permission::SUBSCRIPTIONS_WRITE, routes!(create))
        .add(Permission::SUBSCRIPTIONS_WRITE, routes!(update))
}

#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Filter {
    /// Whether contacts can subscribe.
    active: Option<bool>,
}

/// Lists the plans in the order of their creation.
#[utoipa::path(get, path = "/api/v1/plans", params(Filter, Paging),
    responses((status = 200, description = "A page of them.", body = Page<Plan>)))]
async fn list(caller: Caller, list: List<Filter, PlanId>) -> Answer<Page<Plan>> {
    let mut work = caller.begin().await?;
    let active = list.filter.active;
    let rows = subscriptions::plans(&mut work, active, list.after, list.fetch()).await?;
    Ok(Json(list.page(rows, |row| row.id)?))
}

/// Shows a plan.
#[utoipa::path(get, path = "/api/v1/plans/{id}",
    responses((status = 200, description = "The plan.", body = Plan)))]
async fn get(caller: Caller, Path(id): Path<PlanId>) -> Result<Tagged<Plan>, Problem> {
    let mut work = caller.begin().await?;
    let plan = subscriptions::plan(&mut work, id).await?;
    Ok(tagged(plan.ok_or(NOT_FOUND)?))
}

/// Creates a plan.
#[utoipa::path(post, path = "/api/v1/plans", request_body = NewPlan,
    responses((status = 201, description = "It is made.", body = Plan)))]
async fn create(
    caller: Caller,
    Json(new): Json<NewPlan>,
) -> Result<Created<Tagged<Plan>>, Problem> {
    let mut work = caller.begin().await?;
    let plan = subscriptions::create_plan(&mut work, &new).await?;
    work.commit().await?;
    let place = format!("/api/v1/plans/{}", plan.id);
    Ok(Created::at(place, tagged(plan)))
}

/// Changes a plan. Fields that are left out stay.
///
/// Running subscriptions get the new price with their next payment. The period cannot be changed.
#[utoipa::path(patch, path = "/api/v1/plans/{id}", params(IfMatch), request_body = PlanPatch,
    responses((status = 200, description = "As it is now.", body = Plan)))]
async fn update(
    caller: Caller,
    Path(id): Path<PlanId>,
    if_match: IfMatch,
    Json(patch): Json<PlanPatch>,
) -> Result<Tagged<Plan>, Problem> {
    let mut work = caller.begin().await?;
    let before = subscriptions::lock_plan(&mut work, id).await?;
    let before = before.ok_or(NOT_FOUND)?;
    if_match.check(before.version)?;
    let after = subscriptions::update_plan(&mut work, &before, patch).await?;
    work.commit().await?;
    Ok(tagged(after))
}

fn tagged(plan: Plan) -> Tagged<Plan> {
    Tagged(plan.version, plan)
}
