//! Changes the status of tickets.

use chrono::SubsecRound;
use serde_json::json;

use super::{
    CloseResolved, Status, Ticket, TicketError, TicketId, TicketMessageId,
    model::REOPENING_DAYS,
    reply::{Told, await_answer, chat_of, tell_customer},
    store,
    tickets::{KIND, there},
};
use crate::{
    Work,
    audit::Change,
    contacts, conversations,
    endpoints::{Type, announce},
    locale,
    messages::Cause,
    workspaces,
};

/// The template that tells such a customer that a ticket is resolved. `{{1}}`: its number. `{{2}}`: the subject.
pub const RESOLVED: &str = "ticket_resolved";

/// Changes the status of a ticket. One that is resolved or closed no longer waits, and its conversation goes back to the bot,
/// unless members have another ticket of it to see to. Returns the ticket unchanged when it has the status already.
pub async fn move_to(work: &mut Work, id: TicketId, status: Status) -> Result<Ticket, TicketError> {
    let found = store::ticket(work, id).await?;
    let ticket = found.ok_or(TicketError::NotFound)?;
    if ticket.status == status {
        return Ok(ticket);
    }
    let chat = chat_of(work, &ticket, status == Status::Resolved).await?;
    let found = store::lock(work, id).await?;
    let mut ticket = found.ok_or(TicketError::NotFound)?;
    if ticket.status == status {
        return Ok(ticket);
    }
    if !ticket.status.may_become(status) {
        return Err(TicketError::Move(ticket.status, status));
    }
    let before = ticket.clone();
    // As PostgreSQL stores it, because the job that closes compares it with the row.
    let now = work.now().trunc_subsecs(6);
    ticket.become_at(status, now);
    if let Some(chat) = &chat {
        ticket.conversation_id = Some(chat.id);
    }
    store::save(work, &ticket).await?;
    let (action, event) = match status {
        Status::Open => ("support.reopen", Type::TICKET_REOPENED),
        Status::Pending => ("support.hold", Type::TICKET_HELD),
        Status::Resolved => ("support.resolve", Type::TICKET_RESOLVED),
        Status::Closed => ("support.close", Type::TICKET_CLOSED),
    };
    log_status(work, action, &before, &ticket).await?;
    announce(work, event, id).await?;
    if let Some(chat) = chat.clone()
        && !status.is_active()
        && !store::has_another_active(work, chat.id, id).await?
        && (chat.assignee_id.is_some() || chat.is_without_bot(now))
    {
        conversations::hand_back(work, chat).await?;
    }
    if status == Status::Resolved {
        let close = CloseResolved {
            workspace: work.workspace(),
            ticket: id,
            resolved_at: now,
        };
        close.plan(work.conn()).await?;
        tell_resolved(work, &ticket).await?;
        await_answer(work, &ticket, chat.as_ref()).await?;
    }
    there(work, id).await
}

async fn tell_resolved(work: &mut Work, ticket: &Ticket) -> Result<(), TicketError> {
    let contacts = contacts::get_all(work, &[ticket.contact_id]).await?;
    let business = workspaces::get(work).await?;
    let contact = contacts.get(&ticket.contact_id);
    let language = contact.and_then(|contact| contact.language.as_deref());
    let number = ticket.number.to_string();
    let fill = [
        ("number", number.as_str()),
        ("subject", ticket.subject.as_str()),
        ("days", &*REOPENING_DAYS.to_string()),
    ];
    let language = language.unwrap_or(&business.default_language);
    let told = Told {
        message: TicketMessageId::at(work.now()).uuid(),
        text: locale::text(language, "ticket-resolved", &fill),
        template: RESOLVED,
        parameters: vec![number.clone(), ticket.subject.clone()],
        cause: Cause::System,
    };
    tell_customer(work, ticket, told).await
}

/// Records a change of the status.
pub(super) async fn log_status(
    work: &mut Work,
    action: &'static str,
    before: &Ticket,
    after: &Ticket,
) -> Result<(), sqlx::Error> {
    let (was, is) = (
        json!({"status": before.status}),
        json!({"status": after.status}),
    );
    let change = Change::updated(action, (KIND, after.id), &was, &is);
    work.audit(&change).await
}
