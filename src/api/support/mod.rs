//! Tickets: the questions of customers, and the answers.

use axum::http::StatusCode;
use kazi_jobs::{
    Permission,
    contacts::ContactId,
    support::{
        self, NewTicket, Status, Ticket, TicketError, TicketId, TicketMessage, TicketMessageId,
    },
};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::api::{
    Answer,
    caller::Caller,
    created::Created,
    errors::conflict,
    extract::{Json, Path},
    page::{List, NoFilter, Page, Paging},
    routes::Routes,
};
use crate::problem::{NOT_FOUND, Problem};

pub fn routes() -> Vec<Routes> {
    vec![
        Routes::new(
            "support",
            "What customers ask for, and what they are answered.",
        )
        .add(Permission::TICKETS_READ, routes!(list))
        .add(Permission::TICKETS_READ, routes!(get))
        .add(Permission::TICKETS_READ, routes!(messages))
        .add(Permission::TICKETS_WRITE, routes!(open))
        .add(Permission::TICKETS_WRITE, routes!(answer))
        .add(Permission::TICKETS_WRITE, routes!(assign))
        .add(Permission::TICKETS_WRITE, routes!(close))
        .add(Permission::TICKETS_WRITE, routes!(reopen)),
    ]
}

#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Filter {
    contact_id: Option<ContactId>,
    #[param(inline)]
    status: Option<Status>,
    /// Whether the customer waits for an answer.
    waiting: Option<bool>,
}

/// Lists the tickets, newest first.
#[utoipa::path(get, path = "/api/v1/support/tickets", params(Filter, Paging),
    responses((status = 200, description = "A page of them.", body = Page<Ticket>)))]
async fn list(caller: Caller, list: List<Filter, TicketId>) -> Answer<Page<Ticket>> {
    let mut work = caller.begin().await?;
    let filter = support::TicketFilter {
        contact: list.filter.contact_id,
        status: list.filter.status,
        waiting: list.filter.waiting,
    };
    let limit = list.fetch();
    let rows = support::tickets(&mut work, &filter, list.after, limit).await?;
    Ok(Json(list.page(rows, |row| row.id)?))
}

/// Shows a ticket.
#[utoipa::path(get, path = "/api/v1/support/tickets/{id}",
    responses((status = 200, description = "The ticket.", body = Ticket)))]
async fn get(caller: Caller, Path(id): Path<TicketId>) -> Answer<Ticket> {
    let mut work = caller.begin().await?;
    let found = support::ticket(&mut work, id).await?;
    Ok(Json(found.ok_or(NOT_FOUND)?))
}

/// Lists the messages of a ticket, oldest first.
#[utoipa::path(get, path = "/api/v1/support/tickets/{id}/messages", params(Paging),
    responses((status = 200, description = "A page of it.", body = Page<TicketMessage>)))]
async fn messages(
    caller: Caller,
    Path(id): Path<TicketId>,
    list: List<NoFilter, TicketMessageId>,
) -> Answer<Page<TicketMessage>> {
    let limit = list.fetch();
    let mut work = caller.begin().await?;
    let found = support::ticket(&mut work, id).await?;
    found.ok_or(NOT_FOUND)?;
    let rows = support::messages(&mut work, id, list.after, limit).await?;
    Ok(Json(list.page(rows, |row| row.id)?))
}

/// Opens a ticket for a contact.
#[utoipa::path(post, path = "/api/v1/support/tickets", request_body = NewTicket,
    responses((status = 201, description = "It is open.", body = Ticket)))]
async fn open(
    caller: Caller,
    Json(new): Json<NewTicket>,
) -> Result<Created<Json<Ticket>>, Problem> {
    let mut work = caller.begin().await?;
    let ticket = support::open(&mut work, &new).await?;
    work.commit().await?;
    let place = format!("/api/v1/support/tickets/{}", ticket.id);
    Ok(Created::at(place, Json(ticket)))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct TicketAnswer {
    /// 1 to 4,000 characters.
    #[schema(
        example = "Please switch it off and on again.",
        min_length = 1,
        max_length = 4000
    )]
    message: String,
}

/// Answers a ticket. The customer gets the text in the chat.
///
/// A customer who has not written for 24 hours gets the template `ticket_answer`.
#[utoipa::path(post, path = "/api/v1/support/tickets/{id}/messages", request_body = TicketAnswer,
    responses(
        (status = 201, description = "It is on its way.", body = TicketMessage),
        (status = 409, description = "`ticket_closed`: reopen it first."),
    ))]
async fn answer(
    caller: Caller,
    Path(id): Path<TicketId>,
    Json(TicketAnswer { message }): Json<TicketAnswer>,
) -> Result<(StatusCode, Json<TicketMessage>), Problem> {
    let mut work = caller.begin().await?;
    let written = support::answer(&mut work, id, &message).await?;
    work.commit().await?;
    Ok((StatusCode::CREATED, Json(written)))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct TicketAssignee {
    /// A member's user. `null`: nobody.
    assignee: Option<Uuid>,
}

/// Assigns a ticket to a member, or to nobody.
#[utoipa::path(put, path = "/api/v1/support/tickets/{id}/assignee", request_body = TicketAssignee,
    responses((status = 200, description = "As it is now.", body = Ticket)))]
async fn assign(
    caller: Caller,
    Path(id): Path<TicketId>,
    Json(TicketAssignee { assignee }): Json<TicketAssignee>,
) -> Answer<Ticket> {
    let mut work = caller.begin().await?;
    let ticket = support::assign(&mut work, id, assignee).await?;
    work.commit().await?;
    Ok(Json(ticket))
}

/// Closes a ticket.
#[utoipa::path(post, path = "/api/v1/support/tickets/{id}/close",
    responses((status = 200, description = "As it is now.", body = Ticket)))]
async fn close(caller: Caller, Path(id): Path<TicketId>) -> Answer<Ticket> {
    set_open(&caller, id, false).await
}

/// Opens a closed ticket again.
#[utoipa::path(post, path = "/api/v1/support/tickets/{id}/reopen",
    responses((status = 200, description = "As it is now.", body = Ticket)))]
async fn reopen(caller: Caller, Path(id): Path<TicketId>) -> Answer<Ticket> {
    set_open(&caller, id, true).await
}

async fn set_open(caller: &Caller, id: TicketId, open: bool) -> Answer<Ticket> {
    let mut work = caller.begin().await?;
    let ticket = support::set_open(&mut work, id, open).await?;
    work.commit().await?;
    Ok(Json(ticket))
}

impl From<TicketError> for Problem {
    fn from(error: TicketError) -> Self {
        match error {
            TicketError::Invalid(invalid) => invalid.into(),
            TicketError::NotFound => NOT_FOUND,
            TicketError::Closed => conflict("ticket_closed", "The ticket is closed: reopen it."),
            TicketError::Enqueue(error) => error.into(),
            TicketError::Database(error) => error.into(),
        }
    }
}
