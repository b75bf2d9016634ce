//! Members read, make, move and end bookings.

use axum::extract::State;
use kazi_jobs::{
    Permission,
    appointments::{
        self, Booking, BookingFilter, BookingId, Move, NewBooking, OfferingId, StaffId, Status,
    },
    contacts::ContactId,
};
use kazi_platform::Timestamp;
use serde::Deserialize;
use utoipa_axum::routes;

use crate::api::{
    Answer, Shared,
    caller::Caller,
    created::Created,
    etag::{IfMatch, Tagged},
    extract::{Json, Path},
    page::{List, Page, Paging},
    routes::Routes,
};
use crate::problem::{NOT_FOUND, Problem};

pub fn routes() -> Routes {
    Routes::new(
        "bookings",
        "Appointments that are booked, and their reminders.",
    )
    .add(Permission::BOOKINGS_READ, routes!(list))
    .add(Permission::BOOKINGS_WRITE, routes!(create))
    .add(Permission::BOOKINGS_READ, routes!(get))
    .add(Permission::BOOKINGS_WRITE, routes!(move_to))
    .add(Permission::BOOKINGS_WRITE, routes!(confirm))
    .add(Permission::BOOKINGS_WRITE, routes!(cancel))
    .add(Permission::BOOKINGS_WRITE, routes!(complete))
    .add(Permission::BOOKINGS_WRITE, routes!(no_show))
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Filter {
    provider_id: Option<StaffId>,
    offering_id: Option<OfferingId>,
    contact_id: Option<ContactId>,
    #[param(inline)]
    status: Option<Status>,
    /// The booking begins at this time or later.
    #[param(value_type = Option<String>, format = DateTime)]
    from: Option<Timestamp>,
    /// The booking begins before this time.
    #[param(value_type = Option<String>, format = DateTime)]
    until: Option<Timestamp>,
    /// Whether the newest reminder reached nobody.
    unreachable: Option<bool>,
}

/// Lists bookings by their beginnings.
#[utoipa::path(get, path = "/api/v1/bookings", params(Filter, Paging),
    responses((status = 200, description = "A page of them.", body = Page<Booking>)))]
async fn list(caller: Caller, list: List<Filter, (Timestamp, BookingId)>) -> Answer<Page<Booking>> {
    let filter = BookingFilter {
        staff: list.filter.provider_id,
        offering: list.filter.offering_id,
        contact: list.filter.contact_id,
        status: list.filter.status,
        from: list.filter.from,
        until: list.filter.until,
        unreachable: list.filter.unreachable,
    };
    let mut work = caller.begin().await?;
    let (after, limit) = (list.after, list.fetch());
    let rows = appointments::bookings(&mut work, &filter, after, limit).await?;
    Ok(Json(list.page(rows, |row| (row.starts_at, row.id))?))
}

/// Shows a booking.
#[utoipa::path(get, path = "/api/v1/bookings/{id}",
    responses((status = 200, description = "The booking.", body = Booking)))]
async fn get(caller: Caller, Path(id): Path<BookingId>) -> Result<Tagged<Booking>, Problem> {
    let mut work = caller.begin().await?;
    let booking = appointments::booking(&mut work, id).await?;
    Ok(tagged(booking.ok_or(NOT_FOUND)?))
}

/// Makes a booking. The customer is reminded as the offering says.
#[utoipa::path(post, path = "/api/v1/bookings", request_body = NewBooking,
    responses(
        (status = 201, description = "It is made.", body = Booking),
        (status = 409, description = "`slot_taken`: somebody else has this time."),
    ))]
async fn create(
    caller: Caller,
    State(api): State<Shared>,
    Json(new): Json<NewBooking>,
) -> Result<Created<Tagged<Booking>>, Problem> {
    let mut work = caller.begin().await?;
    let now = api.ctx.clock.now();
    let id = BookingId::at(now);
    let made = appointments::book(&mut work, id, &new).await?;
    work.commit().await?;
    let place = format!("/api/v1/bookings/{}", made.id);
    Ok(Created::at(place, tagged(made)))
}

/// Moves a booking to another time, and perhaps to other staff of the same offering.
///
/// The reminders move with it, and the customer must confirm the new time again.
#[utoipa::path(post, path = "/api/v1/bookings/{id}/move", params(IfMatch), request_body = Move,
    responses(
        (status = 200, description = "As it is now.", body = Booking),
        (status = 409, description = "`slot_taken`: somebody else has this time; `wrong_state`: it has begun, or is cancelled."),
    ))]
async fn move_to(
    caller: Caller,
    Path(id): Path<BookingId>,
    if_match: IfMatch,
    Json(to): Json<Move>,
) -> Result<Tagged<Booking>, Problem> {
    let mut work = caller.begin().await?;
    let shown = appointments::booking(&mut work, id).await?;
    let version = if_match.version(shown.ok_or(NOT_FOUND)?.version)?;
    let moved = appointments::move_to(&mut work, (id, version), &to).await?;
    work.commit().await?;
    Ok(tagged(moved))
}

/// Marks a booking as confirmed by the customer.
#[utoipa::path(post, path = "/api/v1/bookings/{id}/confirm", params(IfMatch),
    responses(
        (status = 200, description = "As it is now.", body = Booking),
        (status = 409, description = "`wrong_state`: it has begun, or is cancelled."),
    ))]
async fn confirm(
    caller: Caller,
    Path(id): Path<BookingId>,
    if_match: IfMatch,
) -> Result<Tagged<Booking>, Problem> {
    change(&caller, id, &if_match, Status::Confirmed).await
}

/// Cancels a booking. Its time is free again, and no reminder is sent.
#[utoipa::path(post, path = "/api/v1/bookings/{id}/cancel", params(IfMatch),
    responses(
        (status = 200, description = "As it is now.", body = Booking),
        (status = 409, description = "`wrong_state`: it has begun."),
    ))]
async fn cancel(
    caller: Caller,
    Path(id): Path<BookingId>,
    if_match: IfMatch,
) -> Result<Tagged<Booking>, Problem> {
    change(&caller, id, &if_match, Status::Cancelled).await
}

/// Marks a booking as completed.
#[utoipa::path(post, path = "/api/v1/bookings/{id}/complete", params(IfMatch),
    responses(
        (status = 200, description = "As it is now.", body = Booking),
        (status = 409, description = "`wrong_state`: it has not begun, or is cancelled."),
    ))]
async fn complete(
    caller: Caller,
    Path(id): Path<BookingId>,
    if_match: IfMatch,
) -> Result<Tagged<Booking>, Problem> {
    change(&caller, id, &if_match, Status::Completed).await
}

/// Marks a booking as a no-show.
///
/// Two hours after the end of a booking, Kazi does it: a confirmed booking becomes completed, others become a no-show.
#[utoipa::path(post, path = "/api/v1/bookings/{id}/no-show", params(IfMatch),
    responses(
        (status = 200, description = "As it is now.", body = Booking),
        (status = 409, description = "`wrong_state`: it has not begun, or is cancelled."),
    ))]
async fn no_show(
    caller: Caller,
    Path(id): Path<BookingId>,
    if_match: IfMatch,
) -> Result<Tagged<Booking>, Problem> {
    change(&caller, id, &if_match, Status::NoShow).await
}

async fn change(
    caller: &Caller,
    id: BookingId,
    if_match: &IfMatch,
    to: Status,
) -> Result<Tagged<Booking>, Problem> {
    let mut work = caller.begin().await?;
    let shown = appointments::booking(&mut work, id).await?;
    let version = if_match.version(shown.ok_or(NOT_FOUND)?.version)?;
    let changed = appointments::change(&mut work, (id, version), to).await?;
    work.commit().await?;
    Ok(tagged(changed))
}

fn tagged(booking: Booking) -> Tagged<Booking> {
    Tagged(booking.version, booking)
}
