//! Support: tickets. Customers open them in the chat, members open them for customers, and members answer until the
//! ticket is closed.
//!
//! A ticket is open, pending (the customer is to answer), resolved or closed. A customer's answer opens a pending ticket
//! again, and for seven days a resolved one; then [`CloseResolved`] closes it. The conversation of a ticket that is resolved or
//! closed goes back to the bot.
//!
//! [`RemindUnanswered`] notifies the members of a ticket that [waits](Ticket::waiting_since) for four hours.

pub mod chat;
mod close;
mod closed;
mod files;
mod model;
mod moves;
mod remind;
mod reply;
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
    workspaces,
};
pub use close::CloseResolved;
pub use closed::closed_notice;
pub use model::{
    Author, Fields, NewTicket, Priority, Reply, Status, Ticket, TicketError, TicketId,
    TicketMessage, TicketMessageId, TicketPatch,
};
pub use moves::{RESOLVED, move_to};
pub use remind::RemindUnanswered;
pub use reply::{ANSWER, answer};
pub use store::{TicketFilter, change_contact, erase, lock, messages, ticket, tickets};
pub use tickets::{assign, open, update};

pub(crate) const DOMAIN: Domain = Domain {
    name: "support",
    floor: 7,
    jobs,
    tables: &[
        "ticket_files",
        "ticket_messages",
        "tickets",
        "ticket_numbers",
    ],
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
            keywords: &[
                ("svc:support", "keywords-support"),
                ("support:state", "keywords-ticket-state"),
                ("support:thanks", "keywords-ticket-thanks"),
            ],
        },
        &Scene {
            name: chat::SCENE,
            hear: |work, talk, at, heard| Box::pin(chat::hear(work, talk, at, heard)),
        },
        &Subject::of::<Ticket>(EVENTS, |work, id| {
            Box::pin(async move { shown(ticket(work, id.into()).await?) })
        }),
        &workspaces::Assigned {
            unassign: |work, user| Box::pin(tickets::unassign(work, user)),
        },
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
    /// A customer has answered a ticket that waited for them, or was resolved. It is open again.
    TICKET_ANSWERED = "ticket_answered";
    /// A member has given a ticket to another member.
    TICKET_ASSIGNED = "ticket_assigned";
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
    /// A ticket waits for its customer.
    TICKET_HELD = "ticket.held";
    /// A ticket was resolved.
    TICKET_RESOLVED = "ticket.resolved";
    /// A ticket was closed.
    TICKET_CLOSED = "ticket.closed";
    /// A ticket was opened again.
    TICKET_REOPENED = "ticket.reopened";
}

fn jobs(registry: Registry<Context>) -> Registry<Context> {
    registry
        .register::<RemindUnanswered>()
        .register::<CloseResolved>()
}

#[cfg(test)]
mod tests;
