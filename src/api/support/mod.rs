//! Tickets: the questions of customers, and the answers.

mod customer;

use axum::{extract::State, http::StatusCode};
use kazi_jobs::{
    Permission,
    contacts::ContactId,
    support::{
        self, NewTicket, Priority, Reply, Status, Ticket, TicketError, TicketId, TicketMessage,
        TicketMessageId, TicketPatch,
    },
};
use kazi_platform::UserId;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::api::{
    Answer, Shared,
    caller::{Caller, assigned},
    created::Created,
    errors::{conflict, wrong_state},
    etag::{IfMatch, Tagged},
    extract::{Json, Path},
    page::{self, List, NoFilter, Page, Paging},
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
        .add(Permission::TICKETS_WRITE, routes!(update))
        .add(Permission::TICKETS_WRITE, routes!(answer))
        .add(Permission::TICKETS_WRITE, routes!(assign))
        .add(Permission::TICKETS_WRITE, routes!(hold))
        .add(Permission::TICKETS_WRITE, routes!(resolve))
        .add(Permission::TICKETS_WRITE, routes!(close))
        .add(Permission::TICKETS_WRITE, routes!(reopen)),
        customer::routes(),
    ]
}

fn tagged(ticket: Ticket) -> Tagged<Ticket> {
    Tagged(ticket.version, ticket)
}

/// All given conditions must hold.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Filter {
    contact_id: Option<ContactId>,
    #[param(inline)]
    status: Option<Status>,
    /// A member's user, `me` or `nobody`.
    #[param(example = "me")]
    assignee_id: Option<String>,
    #[param(inline)]
    priority: Option<Priority>,
    #[param(max_length = 60)]
    category: Option<String>,
    #[param(max_length = 50)]
    tag: Option<String>,
    #[param(example = 12)]
    number: Option<i64>,
    /// Whether the customer waits for an answer.
    waiting: Option<bool>,
    /// Words of the subject or of a message. Each may be the beginning of a longer word.
    #[param(min_length = 1, max_length = 200)]
    q: Option<String>,
}

/// Lists the tickets, newest first.
#[utoipa::path(get, path = "/api/v1/support/tickets", params(Filter, Paging),
    responses((status = 200, description = "A page of them.", body = Page<Ticket>)))]
async fn list(caller: Caller, list: List<Filter, TicketId>) -> Answer<Page<Ticket>> {
    let asked = &list.filter;
    if let Some(q) = &asked.q {
        page::words(q)?;
    }
    let filter = support::TicketFilter {
        contact: asked.contact_id,
        status: asked.status,
        assigned: assigned(&caller, asked.assignee_id.as_deref())?,
        priority: asked.priority,
        category: asked.category.clone(),
        tag: asked.tag.clone(),
        number: asked.number,
        q: asked.q.clone(),
        waiting: asked.waiting,
    };
    let mut work = caller.begin().await?;
    let limit = list.fetch();
    let rows = support::tickets(&mut work, &filter, list.after, limit).await?;
    Ok(Json(list.page(rows, |row| row.id)?))
}

/// Shows a ticket.
#[utoipa::path(get, path = "/api/v1/support/tickets/{id}",
    responses((status = 200, description = "The ticket.", body = Ticket)))]
async fn get(caller: Caller, Path(id): Path<TicketId>) -> Result<Tagged<Ticket>, Problem> {
    let mut work = caller.begin().await?;
    let found = support::ticket(&mut work, id).await?;
    Ok(tagged(found.ok_or(NOT_FOUND)?))
}

/// Changes the subject of a ticket, and what you sort tickets by. Fields that are left out stay, and `null` empties a field.
#[utoipa::path(patch, path = "/api/v1/support/tickets/{id}", params(IfMatch), request_body = TicketPatch,
    responses((status = 200, description = "As it is now.", body = Ticket)))]
async fn update(
    caller: Caller,
    Path(id): Path<TicketId>,
    if_match: IfMatch,
    Json(patch): Json<TicketPatch>,
) -> Result<Tagged<Ticket>, Problem> {
    let mut work = caller.begin().await?;
    let before = support::lock(&mut work, id).await?.ok_or(NOT_FOUND)?;
    if_match.check(before.version)?;
    let ticket = support::update(&mut work, before, patch).await?;
    work.commit().await?;
    Ok(tagged(ticket))
}

/// Lists the messages of a ticket, oldest first.
#[utoipa::path(get, path = "/api/v1/support/tickets/{id}/messages", params(Paging),
    responses((status = 200, description = "A page of it.", body = Page<TicketMessage>)))]
async fn messages(
    State(api): State<Shared>,
    caller: Caller,
    Path(id): Path<TicketId>,
    list: List<NoFilter, TicketMessageId>,
) -> Answer<Page<TicketMessage>> {
    let limit = list.fetch();
    let mut work = caller.begin().await?;
    let found = support::ticket(&mut work, id).await?;
    found.ok_or(NOT_FOUND)?;
    let mut rows = support::messages(&mut work, id, list.after, limit).await?;
    api.link(rows.iter_mut().flat_map(|row| &mut row.media));
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

/// Answers a ticket. The customer gets the text and the files in the chat, unless they are internal.
///
/// A customer who has not written for 24 hours gets the template `ticket_answer`, and no files. The customer's next text in the
/// chat is for the ticket.
#[utoipa::path(post, path = "/api/v1/support/tickets/{id}/messages", request_body = Reply,
    responses(
        (status = 201, description = "It is on its way.", body = TicketMessage),
        (status = 409, description = "`ticket_closed`: reopen it first. `wrong_state`: it cannot become this. `window_closed`: files cannot be sent. `unreachable`: nothing can be sent."),
    ))]
async fn answer(
    State(api): State<Shared>,
    caller: Caller,
    Path(id): Path<TicketId>,
    Json(reply): Json<Reply>,
) -> Result<(StatusCode, Json<TicketMessage>), Problem> {
    let mut work = caller.begin().await?;
    let mut written = support::answer(&mut work, id, &reply).await?;
    work.commit().await?;
    api.link(&mut written.media);
    Ok((StatusCode::CREATED, Json(written)))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct TicketAssignee {
    /// A member's user. `null`: nobody.
    assignee_id: Option<UserId>,
}

/// Assigns a ticket to a member, or to nobody.
#[utoipa::path(put, path = "/api/v1/support/tickets/{id}/assignee", request_body = TicketAssignee,
    responses((status = 200, description = "As it is now.", body = Ticket)))]
async fn assign(
    caller: Caller,
    Path(id): Path<TicketId>,
    Json(TicketAssignee { assignee_id }): Json<TicketAssignee>,
) -> Answer<Ticket> {
    let mut work = caller.begin().await?;
    let ticket = support::assign(&mut work, id, assignee_id).await?;
    work.commit().await?;
    Ok(Json(ticket))
}

/// Puts a ticket aside until the customer answers.
#[utoipa::path(post, path = "/api/v1/support/tickets/{id}/hold",
    responses(
        (status = 200, description = "As it is now.", body = Ticket),
        (status = 409, description = "`wrong_state`: it is resolved or closed."),
    ))]
async fn hold(caller: Caller, Path(id): Path<TicketId>) -> Answer<Ticket> {
    move_to(&caller, id, Status::Pending).await
}

/// Resolves a ticket. The customer is told, and opens it again by answering within seven days. Then Kazi closes it.
///
/// The conversation goes back to the bot. A customer who has not written for 24 hours gets the template `ticket_resolved`.
#[utoipa::path(post, path = "/api/v1/support/tickets/{id}/resolve",
    responses(
        (status = 200, description = "As it is now.", body = Ticket),
        (status = 409, description = "`wrong_state`: it is closed."),
    ))]
async fn resolve(caller: Caller, Path(id): Path<TicketId>) -> Answer<Ticket> {
    move_to(&caller, id, Status::Resolved).await
}

/// Closes a ticket. The conversation goes back to the bot.
#[utoipa::path(post, path = "/api/v1/support/tickets/{id}/close",
    responses((status = 200, description = "As it is now.", body = Ticket)))]
async fn close(caller: Caller, Path(id): Path<TicketId>) -> Answer<Ticket> {
    move_to(&caller, id, Status::Closed).await
}

/// Opens a ticket again.
#[utoipa::path(post, path = "/api/v1/support/tickets/{id}/reopen",
    responses((status = 200, description = "As it is now.", body = Ticket)))]
async fn reopen(caller: Caller, Path(id): Path<TicketId>) -> Answer<Ticket> {
    move_to(&caller, id, Status::Open).await
}

async fn move_to(caller: &Caller, id: TicketId, status: Status) -> Answer<Ticket> {
    let mut work = caller.begin().await?;
    let ticket = support::move_to(&mut work, id, status).await?;
    work.commit().await?;
    Ok(Json(ticket))
}

impl From<TicketError> for Problem {
    fn from(error: TicketError) -> Self {
        match error {
            TicketError::Invalid(invalid) => invalid.into(),
            TicketError::NotFound => NOT_FOUND,
            TicketError::Closed => {
                let rule = "The ticket is resolved or closed: reopen it.";
                conflict("ticket_closed", rule)
            }
            TicketError::Move(..) => wrong_state(error.to_string()),
            TicketError::WindowClosed => {
                let rule =
                    "A file reaches only a customer who has written within the last 24 hours.";
                conflict("window_closed", rule)
            }
            TicketError::Unreachable => {
                let rule = "No channel reaches the customer, or the contact is blocked.";
                conflict("unreachable", rule)
            }
            TicketError::Enqueue(error) => error.into(),
            TicketError::Database(error) => error.into(),
        }
    }
}
