//! Support: tickets, which customers open in the chat and members for them, and which are answered until they are closed.
//!
//! A ticket that [waits](Ticket::waiting_since) for four hours is brought to the members' notice by [`RemindUnanswered`].

pub mod chat;
mod model;
mod remind;
mod store;
mod tickets;

use kazi_queue::Registry;

use crate::Context;
pub use model::{
    Author, NewTicket, Status, Ticket, TicketError, TicketId, TicketMessage, TicketMessageId,
};
pub use remind::RemindUnanswered;
pub use store::{Filter, change_contact, erase, messages, ticket, tickets};
pub use tickets::{ANSWER, answer, assign, open, set_open, write};

/// Adds the domain's jobs.
pub fn domain(registry: Registry<Context>) -> Registry<Context> {
    registry.register::<RemindUnanswered>()
}

#[cfg(test)]
mod tests;
