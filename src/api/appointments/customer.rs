//! A customer's own bookings.

use axum::{extract::State, http::StatusCode};
use kazi_jobs::appointments::{
    self, Booking, BookingFilter, BookingId, Move, NewBooking, Offering, OfferingId, Slot,
    SlotQuery, StaffId, Status,
};
use kazi_platform::Timestamp;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::api::{
    Answer, Shared,
    caller::Customer,
    extract::{Json, Path, Query},
    page::{List, NoFilter, Page, Paging, Whole},
    routes::{Access, Routes},
};
use crate::problem::Problem;

pub fn routes() -> Routes {
    Routes::new(
        "customer-bookings",
        "What a customer can book and has booked.",
    )
    .add(Access::Customer, routes!(offerings))
    .add(Access::Customer, routes!(slots))
    .add(Access::Customer, routes!(list))
    .add(Access::Customer, routes!(create))
    .add(Access::Customer, routes!(move_to))
    .add(Access::Customer, routes!(confirm))
    .add(Access::Customer, routes!(cancel))
}

/// Lists the offerings that can be booked.
#[utoipa::path(get, path = "/api/v1/customer/offerings", params(Paging),
    responses((status = 200, description = "A page of it.", body = Page<Offering>)))]
async fn offerings(customer: Customer, list: List<NoFilter, OfferingId>) -> Answer<Page<Offering>> {
    let mut work = customer.begin().await?;
    let (active, after) = (Some(true), list.after);
    let rows = appointments::offerings(&mut work, active, after, list.fetch()).await?;
    Ok(Json(list.page(rows, |row| row.id)?))
}

/// Lists the free slots by time, at most 1,000.
#[utoipa::path(get, path = "/api/v1/customer/slots", params(SlotQuery),
    responses((status = 200, description = "As it stands now.", body = Whole<Slot>)))]
async fn slots(customer: Customer, Query(query): Query<SlotQuery>) -> Answer<Whole<Slot>> {
    let mut work = customer.begin().await?;
    let items = appointments::slots(&mut work, &query).await?;
    Ok(Json(Whole { items }))
}

/// Lists your bookings by their beginnings.
#[utoipa::path(get, path = "/api/v1/customer/bookings", params(Paging),
    responses((status = 200, description = "A page of them.", body = Page<Booking>)))]
async fn list(
    customer: Customer,
    list: List<NoFilter, (Timestamp, BookingId)>,
) -> Answer<Page<Booking>> {
    let filter = BookingFilter {
        contact: Some(customer.contact),
        ..BookingFilter::default()
    };
    let mut work = customer.begin().await?;
    let (after, limit) = (list.after, list.fetch());
    let rows = appointments::bookings(&mut work, &filter, after, limit).await?;
    Ok(Json(list.page(rows, |row| (row.starts_at, row.id))?))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Wish {
    offering: OfferingId,
    provider: StaffId,
    /// A whole minute.
    #[schema(value_type = String, format = DateTime)]
    starts_at: Timestamp,
    /// A remark for the business.
    #[schema(max_length = 500)]
    note: Option<String>,
}

/// Makes a booking for you.
#[utoipa::path(post, path = "/api/v1/customer/bookings", request_body = Wish,
    responses(
        (status = 201, description = "It is made.", body = Booking),
        (status = 409, description = "`slot_taken`: somebody else has this time; `too_many_bookings`: you have ten ahead."),
    ))]
async fn create(
    customer: Customer,
    State(api): State<Shared>,
    Json(wish): Json<Wish>,
) -> Result<(StatusCode, Json<Booking>), Problem> {
    let new = NewBooking {
        offering: wish.offering,
        provider: wish.provider,
        contact: customer.contact,
        starts_at: wish.starts_at,
        note: wish.note,
    };
    let mut work = customer.begin().await?;
    let now = api.ctx.clock.now();
    let id = BookingId::at(now);
    let made = appointments::book(&mut work, id, &new).await?;
    work.commit().await?;
    Ok((StatusCode::CREATED, Json(made)))
}

/// Moves your booking.
#[utoipa::path(post, path = "/api/v1/customer/bookings/{id}/move", request_body = Move,
    responses(
        (status = 200, description = "As it is now.", body = Booking),
        (status = 409, description = "`slot_taken`: somebody else has this time; `wrong_state`: it has begun, or is cancelled."),
    ))]
async fn move_to(
    customer: Customer,
    Path(id): Path<BookingId>,
    Json(to): Json<Move>,
) -> Answer<Booking> {
    let mut work = customer.begin().await?;
    let moved = appointments::move_to(&mut work, (id, None), &to).await?;
    work.commit().await?;
    Ok(Json(moved))
}

/// Confirms that you will come.
#[utoipa::path(post, path = "/api/v1/customer/bookings/{id}/confirm",
    responses(
        (status = 200, description = "As it is now.", body = Booking),
        (status = 409, description = "`wrong_state`: it has begun, or is cancelled."),
    ))]
async fn confirm(
    customer: Customer,
    State(api): State<Shared>,
    Path(id): Path<BookingId>,
) -> Answer<Booking> {
    change(&customer, &api, id, Status::Confirmed).await
}

/// Cancels your booking.
#[utoipa::path(post, path = "/api/v1/customer/bookings/{id}/cancel",
    responses(
        (status = 200, description = "As it is now.", body = Booking),
        (status = 409, description = "`wrong_state`: it has begun."),
    ))]
async fn cancel(
    customer: Customer,
    State(api): State<Shared>,
    Path(id): Path<BookingId>,
) -> Answer<Booking> {
    change(&customer, &api, id, Status::Cancelled).await
}

async fn change(customer: &Customer, _api: &Shared, id: BookingId, to: Status) -> Answer<Booking> {
    let mut work = customer.begin().await?;
    let changed = appointments::change(&mut work, (id, None), to).await?;
    work.commit().await?;
    Ok(Json(changed))
}
