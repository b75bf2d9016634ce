//! A customer's own tickets.

use kazi_jobs::support::{self, Status, Ticket, TicketId};
use kazi_platform::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::api::{
    Answer,
    caller::Customer,
    extract::{Json, Path},
    page::{List, NoFilter, Page, Paging},
    routes::{Access, Routes},
};
use crate::problem::NOT_FOUND;

pub fn routes() -> Routes {
    Routes::new(
        "customer-support",
        "How far a customer's own tickets have come.",
    )
    .add(Access::Customer, routes!(list))
    .add(Access::Customer, routes!(get))
}

/// A ticket as its customer sees it.
#[derive(Serialize, ToSchema)]
struct CustomerTicket {
    id: TicketId,
    #[schema(example = 12)]
    number: i64,
    #[schema(example = "No picture")]
    subject: String,
    #[schema(inline)]
    status: Status,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When it was resolved, or closed without that.
    #[schema(value_type = Option<String>, format = DateTime)]
    resolved_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    closed_at: Option<Timestamp>,
}

impl From<Ticket> for CustomerTicket {
    fn from(ticket: Ticket) -> Self {
        Self {
            id: ticket.id,
            number: ticket.number,
            subject: ticket.subject,
            status: ticket.status,
            created_at: ticket.created_at,
            resolved_at: ticket.resolved_at,
            closed_at: ticket.closed_at,
        }
    }
}

/// Lists your tickets, newest first.
#[utoipa::path(get, path = "/api/v1/customer/tickets", params(Paging),
    responses((status = 200, description = "A page of them.", body = Page<CustomerTicket>)))]
async fn list(customer: Customer, list: List<NoFilter, TicketId>) -> Answer<Page<CustomerTicket>> {
    let mine = support::TicketFilter {
        contact: Some(customer.contact),
        ..support::TicketFilter::default()
    };
    let mut work = customer.begin().await?;
    let rows = support::tickets(&mut work, &mine, list.after, list.fetch()).await?;
    let page = list.page(rows, |row| row.id)?;
    Ok(Json(Page {
        items: page.items.into_iter().map(CustomerTicket::from).collect(),
        next_cursor: page.next_cursor,
    }))
}

/// Shows one of your tickets.
#[utoipa::path(get, path = "/api/v1/customer/tickets/{id}",
    responses((status = 200, description = "The ticket.", body = CustomerTicket)))]
async fn get(customer: Customer, Path(id): Path<TicketId>) -> Answer<CustomerTicket> {
    let mut work = customer.begin().await?;
    let found = support::ticket(&mut work, id).await?;
    let own = found.filter(|ticket| ticket.contact_id == customer.contact);
    Ok(Json(own.ok_or(NOT_FOUND)?.into()))
}
