//! The platform as a whole: its settings, its figures by service, and what the staff did.

use chrono::NaiveDate;
use kazi_jobs::{
    analytics::{self, Period, Service, ServiceFigures},
    audit::{self, RecordId, StaffRecord},
    staff::{self, Settings},
};
use serde::Deserialize;
use utoipa_axum::routes;

use crate::api::{
    Answer,
    caller::Staff,
    extract::{Json, Path, Query},
    page::{List, NoFilter, Page, Paging, Whole},
    routes::{Access, Routes},
};
use crate::problem::NOT_FOUND;

pub fn routes() -> Routes {
    Routes::new(
        "admin",
        "The platform's settings and figures, for its own staff.",
    )
    .add(Access::Staff, routes!(settings, set_settings))
    .add(Access::Staff, routes!(overview))
    .add(Access::Staff, routes!(of_service))
    .add(Access::Staff, routes!(log))
}

/// Shows the platform's settings.
#[utoipa::path(get, path = "/api/v1/admin/settings",
    responses((status = 200, description = "As they are now.", body = Settings)))]
async fn settings(staff: Staff) -> Answer<Settings> {
    let mut across = staff.look("staff.show_settings", None).await?;
    let settings = staff::settings(&mut across).await?;
    across.commit().await?;
    Ok(Json(settings))
}

/// Changes the platform's settings. They hold from now on; what was used before keeps its price.
#[utoipa::path(put, path = "/api/v1/admin/settings", request_body = Settings,
    responses((status = 200, description = "As they are now.", body = Settings)))]
async fn set_settings(staff: Staff, Json(new): Json<Settings>) -> Answer<Settings> {
    let mut across = staff.begin().await?;
    let settings = staff::set_settings(&mut across, &new).await?;
    across.commit().await?;
    Ok(Json(settings))
}

#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Asked {
    #[param(inline)]
    period: Period,
    /// A day of the period. Without it: today in UTC.
    #[param(value_type = Option<String>, format = Date)]
    date: Option<NaiveDate>,
}

/// Shows the figures of each service in a day, week, month or year, of all workspaces together.
///
/// They count up to and including `date`, by the days of each business, and are up to a minute old.
#[utoipa::path(get, path = "/api/v1/admin/overview", params(Asked),
    responses((status = 200, description = "The services.", body = Whole<ServiceFigures>)))]
async fn overview(staff: Staff, Query(asked): Query<Asked>) -> Answer<Whole<ServiceFigures>> {
    let mut across = staff.look("staff.show_overview", None).await?;
    let items = analytics::of_services(&mut across, asked.period, asked.date).await?;
    across.commit().await?;
    Ok(Json(Whole { items }))
}

/// Shows the figures of one service in a day, week, month or year, of all workspaces together.
#[utoipa::path(get, path = "/api/v1/admin/services/{service}/overview",
    params(("service" = Service, Path, description = "Which one."), Asked),
    responses((status = 200, description = "The service.", body = ServiceFigures)))]
async fn of_service(
    staff: Staff,
    Path(service): Path<Service>,
    Query(asked): Query<Asked>,
) -> Answer<ServiceFigures> {
    let mut across = staff.look("staff.show_overview", None).await?;
    let all = analytics::of_services(&mut across, asked.period, asked.date).await?;
    across.commit().await?;
    let found = all.into_iter().find(|one| one.service == service);
    Ok(Json(found.ok_or(NOT_FOUND)?))
}

/// Lists what the staff did, newest first.
#[utoipa::path(get, path = "/api/v1/admin/audit-log", params(Paging),
    responses((status = 200, description = "A page of it.", body = Page<StaffRecord>)))]
async fn log(staff: Staff, list: List<NoFilter, RecordId>) -> Answer<Page<StaffRecord>> {
    let mut across = staff.look("staff.show_audit_log", None).await?;
    let rows = audit::of_staff(across.conn(), list.after, list.fetch()).await?;
    across.commit().await?;
    Ok(Json(list.page(rows, |row| row.record.id)?))
}
