//! Staff: who or what can be booked, and the opening hours.

use axum::extract::State;
use chrono::NaiveDate;
use kazi_jobs::{
    Permission,
    appointments::{self, NewStaff, Staff, StaffId, StaffPatch, Timetable},
    workspaces::{Hours, Opening, SpecialDay},
};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::api::{
    Answer, Shared,
    caller::Caller,
    created::Created,
    etag::{Done, IfMatch, Tagged},
    extract::{Json, Path},
    page::{List, Page, Paging},
    routes::Routes,
};
use crate::problem::{NOT_FOUND, Problem};

pub fn routes() -> Routes {
    Routes::new(
        "providers",
        "Who or what can be booked, and when they are open.",
    )
    .add(Permission::BOOKINGS_READ, routes!(list))
    .add(Permission::APPOINTMENTS_WRITE, routes!(create))
    .add(Permission::BOOKINGS_READ, routes!(get))
    .add(Permission::APPOINTMENTS_WRITE, routes!(update))
    .add(Permission::BOOKINGS_READ, routes!(hours))
    .add(Permission::APPOINTMENTS_WRITE, routes!(set_hours))
    .add(
        Permission::APPOINTMENTS_WRITE,
        routes!(set_special_day, drop_special_day),
    )
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ActiveFilter {
    /// Whether it can be booked.
    pub active: Option<bool>,
}

/// Lists the staff, the oldest first.
#[utoipa::path(get, path = "/api/v1/providers", params(ActiveFilter, Paging),
    responses((status = 200, description = "A page of them.", body = Page<Staff>)))]
async fn list(caller: Caller, list: List<ActiveFilter, StaffId>) -> Answer<Page<Staff>> {
    let mut work = caller.begin().await?;
    let (active, after) = (list.filter.active, list.after);
    let rows = appointments::all_staff(&mut work, active, after, list.fetch()).await?;
    Ok(Json(list.page(rows, |row| row.id)?))
}

/// Shows one of the staff.
#[utoipa::path(get, path = "/api/v1/providers/{id}",
    responses((status = 200, description = "One of the staff.", body = Staff)))]
async fn get(caller: Caller, Path(id): Path<StaffId>) -> Result<Tagged<Staff>, Problem> {
    let mut work = caller.begin().await?;
    let staff = appointments::staff(&mut work, id).await?;
    Ok(tagged(staff.ok_or(NOT_FOUND)?))
}

/// Adds to the staff. The new one has no opening hours yet.
#[utoipa::path(post, path = "/api/v1/providers", request_body = NewStaff,
    responses((status = 201, description = "It is made.", body = Staff)))]
async fn create(
    caller: Caller,
    Json(new): Json<NewStaff>,
) -> Result<Created<Tagged<Staff>>, Problem> {
    let mut work = caller.begin().await?;
    let made = appointments::create_staff(&mut work, &new).await?;
    work.commit().await?;
    let place = format!("/api/v1/providers/{}", made.id);
    Ok(Created::at(place, tagged(made)))
}

/// Changes one of the staff. Fields that are left out stay, and so do the bookings.
#[utoipa::path(patch, path = "/api/v1/providers/{id}", params(IfMatch), request_body = StaffPatch,
    responses((status = 200, description = "As it is now.", body = Staff)))]
async fn update(
    caller: Caller,
    Path(id): Path<StaffId>,
    if_match: IfMatch,
    Json(patch): Json<StaffPatch>,
) -> Result<Tagged<Staff>, Problem> {
    let mut work = caller.begin().await?;
    let before = appointments::lock_staff(&mut work, id).await?;
    let before = before.ok_or(NOT_FOUND)?;
    if_match.check(before.version)?;
    let after = appointments::update_staff(&mut work, &before, patch).await?;
    work.commit().await?;
    Ok(tagged(after))
}

/// Shows when the staff is open: every week, and the coming days with hours of their own. The `ETag` is that of the staff.
#[utoipa::path(get, path = "/api/v1/providers/{id}/hours",
    responses((status = 200, description = "In the time zone of the staff.", body = Timetable)))]
async fn hours(
    caller: Caller,
    State(api): State<Shared>,
    Path(id): Path<StaffId>,
) -> Result<Tagged<Timetable>, Problem> {
    let mut work = caller.begin().await?;
    // Before the hours, so that the tag is never newer than they are.
    let staff = appointments::staff(&mut work, id).await?;
    let staff = staff.ok_or(NOT_FOUND)?;
    let today = api.ctx.clock.now().date_naive();
    let hours = appointments::timetable(&mut work, id, today).await?;
    Ok(Tagged(staff.version, hours))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Week {
    /// In any order, at most 10 a day. A day without openings is closed.
    #[schema(max_items = 70)]
    week: Vec<Opening>,
}

/// Sets the weekly hours. Existing bookings stay. The answer has the next `ETag`.
#[utoipa::path(put, path = "/api/v1/providers/{id}/hours", params(IfMatch), request_body = Week,
    responses((status = 204, description = "They are set.")))]
async fn set_hours(
    caller: Caller,
    Path(id): Path<StaffId>,
    if_match: IfMatch,
    Json(Week { week }): Json<Week>,
) -> Result<Done, Problem> {
    let mut work = caller.begin().await?;
    let staff = appointments::lock_staff(&mut work, id).await?;
    let staff = staff.ok_or(NOT_FOUND)?;
    if_match.check(staff.version)?;
    let version = appointments::set_hours(&mut work, &staff, &week).await?;
    work.commit().await?;
    Ok(Done(version))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct DayHours {
    /// Empty: closed.
    #[schema(max_items = 10)]
    hours: Vec<Hours>,
}

/// Sets the hours of one day, in place of those of its weekday. Empty hours mean a day off. Existing bookings stay. The answer
/// has the next `ETag` of the hours.
#[utoipa::path(put, path = "/api/v1/providers/{id}/special-hours/{day}", request_body = DayHours,
    params(("day" = String, Path, format = Date, example = "2026-12-25"), IfMatch),
    responses((status = 204, description = "They are set.")))]
async fn set_special_day(
    caller: Caller,
    Path((id, day)): Path<(StaffId, NaiveDate)>,
    if_match: IfMatch,
    Json(DayHours { hours }): Json<DayHours>,
) -> Result<Done, Problem> {
    let mut work = caller.begin().await?;
    let staff = appointments::lock_staff(&mut work, id).await?;
    let staff = staff.ok_or(NOT_FOUND)?;
    if_match.check(staff.version)?;
    let day = SpecialDay { day, hours };
    let version = appointments::set_special_day(&mut work, &staff, &day).await?;
    work.commit().await?;
    Ok(Done(version))
}

/// Removes the special hours of a day. The answer has the next `ETag` of the hours.
#[utoipa::path(delete, path = "/api/v1/providers/{id}/special-hours/{day}",
    params(("day" = String, Path, format = Date, example = "2026-12-25"), IfMatch),
    responses((status = 204, description = "It is.")))]
async fn drop_special_day(
    caller: Caller,
    Path((id, day)): Path<(StaffId, NaiveDate)>,
    if_match: IfMatch,
) -> Result<Done, Problem> {
    let mut work = caller.begin().await?;
    let staff = appointments::lock_staff(&mut work, id).await?;
    let staff = staff.ok_or(NOT_FOUND)?;
    if_match.check(staff.version)?;
    let version = appointments::drop_special_day(&mut work, &staff, day).await?;
    work.commit().await?;
    Ok(Done(version.ok_or(NOT_FOUND)?))
}

fn tagged(staff: Staff) -> Tagged<Staff> {
    Tagged(staff.version, staff)
}
