//! Support: tickets. Customers open them in the chat, members open them for customers, and members answer until the
//! ticket is closed.
//!
//! [`RemindUnanswered`] notifies the members of a ticket that [waits](Ticket::waiting_since) for four hours.

pub mod chat;
mod model;
mod remind;
mod store;
mod tickets;

use kazi_queue::Registry;

use crate::{
    Context, Permission, contacts,
    conversations::Scene,
    domain::{Domain, Figures},
    endpoints::{Subject, shown, types},
    live,
    locale::{Words, files},
    notifications::kinds,
    permission::permissions,
};
pub use model::{
    Author, NewTicket, Status, Ticket, TicketError, TicketId, TicketMessage, TicketMessageId,
};
pub use remind::RemindUnanswered;
pub use store::{TicketFilter, change_contact, erase, messages, ticket, tickets};
pub use tickets::{ANSWER, answer, assign, open, set_open};

pub(crate) const DOMAIN: Domain = Domain {
    name: "support",
    floor: 7,
    jobs,
    tables: &["ticket_messages", "tickets"],
    offers: &[
        &PERMISSIONS,
        &live::About {
            what: "ticket",
            permission: Permission::TICKETS_READ,
        },
        &NOTIFICATIONS,
        &Figures(include_str!("figures.txt")),
        &Words {
            files: files!("support"),
            keywords: &[("svc:support", "keywords-support")],
        },
        &Scene {
            name: "support",
            hear: |work, talk, at, heard| Box::pin(chat::hear(work, talk, at, heard)),
        },
        &Subject::of::<Ticket>(EVENTS, |work, id| {
            Box::pin(async move { shown(ticket(work, id.into()).await?) })
        }),
        &contacts::Hooks {
            merge: |work, from, into| Box::pin(change_contact(work, from, into)),
            erase: |work, id| Box::pin(erase(work, id)),
            ..contacts::Hooks::NONE
        },
    ],
};

permissions! {
    /// Tickets.
    TICKETS_READ = "tickets.read", Viewer;
    /// Opens, answers and closes them.
    TICKETS_WRITE = "tickets.write", Agent;
}

kinds! {
    /// A customer has opened a ticket.
    TICKET_OPENED = "ticket_opened";
    /// A ticket waits for an answer for too long.
    TICKET_UNANSWERED = "ticket_unanswered";
}

types! {
    EVENTS;
    /// A ticket was opened.
    TICKET_OPENED = "ticket.opened";
    /// A customer has written to an open ticket.
    TICKET_WRITTEN = "ticket.written";
    /// A member has answered.
    TICKET_ANSWERED = "ticket.answered";
    /// A ticket has another assignee, or none.
    TICKET_ASSIGNED = "ticket.assigned";
    /// A ticket was closed.
    TICKET_CLOSED = "ticket.closed";
    /// A ticket was opened again.
    TICKET_REOPENED = "ticket.reopened";
}

fn jobs(registry: Registry<Context>) -> Registry<Context> {
    registry.register::<RemindUnanswered>()
}

#[cfg(test)]
mod tests;
