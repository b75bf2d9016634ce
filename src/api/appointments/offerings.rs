//! Offerings and their free slots.

use kazi_jobs::{
    Permission,
    appointments::{self, NewOffering, Offering, OfferingId, OfferingPatch, Slot, SlotQuery},
};
use utoipa_axum::routes;

use super::staff::ActiveFilter;
use crate::api::{
    Answer,
    caller::Caller,
    created::Created,
    etag::{IfMatch, Tagged},
    extract::{Json, Path, Query},
    page::{List, Page, Paging, Whole},
    routes::Routes,
};
use crate::problem::{NOT_FOUND, Problem};

pub fn routes() -> Routes {
    Routes::new("offerings", "What can be booked, and the free slots.")
        .add(Permission::BOOKINGS_READ, routes!(list))
        .add(Permission::APPOINTMENTS_WRITE, routes!(create))
        .add(Permission::BOOKINGS_READ, routes!(get))
        .add(Permission::APPOINTMENTS_WRITE, routes!(update))
        .add(Permission::BOOKINGS_READ, routes!(slots))
}

/// Lists the offerings, the oldest first.
#[utoipa::path(get, path = "/api/v1/offerings", params(ActiveFilter, Paging),
    responses((status = 200, description = "A page of them.", body = Page<Offering>)))]
async fn list(caller: Caller, list: List<ActiveFilter, OfferingId>) -> Answer<Page<Offering>> {
    let mut work = caller.begin().await?;
    let (active, after) = (list.filter.active, list.after);
    let rows = appointments::offerings(&mut work, active, after, list.fetch()).await?;
    Ok(Json(list.page(rows, |row| row.id)?))
}

/// Shows an offering.
#[utoipa::path(get, path = "/api/v1/offerings/{id}",
    responses((status = 200, description = "The offering.", body = Offering)))]
async fn get(caller: Caller, Path(id): Path<OfferingId>) -> Result<Tagged<Offering>, Problem> {
    let mut work = caller.begin().await?;
    let offering = appointments::offering(&mut work, id).await?;
    Ok(tagged(offering.ok_or(NOT_FOUND)?))
}

/// Creates an offering.
#[utoipa::path(post, path = "/api/v1/offerings", request_body = NewOffering,
    responses((status = 201, description = "It is made.", body = Offering)))]
async fn create(
    caller: Caller,
    Json(new): Json<NewOffering>,
) -> Result<Created<Tagged<Offering>>, Problem> {
    let mut work = caller.begin().await?;
    let made = appointments::create_offering(&mut work, &new).await?;
    work.commit().await?;
    let place = format!("/api/v1/offerings/{}", made.id);
    Ok(Created::at(place, tagged(made)))
}

/// Changes an offering. Fields that are left out stay. Existing bookings keep their length, price and reminders.
#[utoipa::path(patch, path = "/api/v1/offerings/{id}", params(IfMatch), request_body = OfferingPatch,
    responses((status = 200, description = "As it is now.", body = Offering)))]
async fn update(
    caller: Caller,
    Path(id): Path<OfferingId>,
    if_match: IfMatch,
    Json(patch): Json<OfferingPatch>,
) -> Result<Tagged<Offering>, Problem> {
    let mut work = caller.begin().await?;
    let before = appointments::lock_offering(&mut work, id).await?;
    let before = before.ok_or(NOT_FOUND)?;
    if_match.check(before.version)?;
    let after = appointments::update_offering(&mut work, &before, patch).await?;
    work.commit().await?;
    Ok(tagged(after))
}

/// Lists the slots that customers can book by time, at most 1,000.
#[utoipa::path(get, path = "/api/v1/slots", params(SlotQuery),
    responses((status = 200, description = "As it stands now.", body = Whole<Slot>)))]
async fn slots(caller: Caller, Query(query): Query<SlotQuery>) -> Answer<Whole<Slot>> {
    let mut work = caller.begin().await?;
    let items = appointments::slots(&mut work, &query).await?;
    Ok(Json(Whole { items }))
}

fn tagged(offering: Offering) -> Tagged<Offering> {
    Tagged(offering.version, offering)
}
