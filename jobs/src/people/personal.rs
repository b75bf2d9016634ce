//! The rights of a contact to their data: a copy of it, and its erasure.

use std::time::Duration;

use chrono::TimeDelta;
use kazi_platform::database;
use kazi_queue::{Job, JobError, Pool, Running};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    Context, Work, appointments,
    audit::{self, Change},
    contacts::{
        Consent, ContactError, ContactId, ContactView, Hooks, KIND, KnownAs, consents, merging,
        personal, view,
    },
    conversations,
    domain::offers,
    endpoints, feedback, inbox, loyalty, messages, orders, pools, subscriptions, support,
};

/// Messages in a copy at most: the newest.
const MAX_MESSAGES: i64 = 50_000;
/// Bookings in a copy at most.
const MAX_BOOKINGS: i64 = 1_000;
/// Orders in a copy at most: the newest.
const MAX_ORDERS: i64 = 1_000;
/// Notes, subscriptions, tickets, messages of a ticket, feedback, changes of points and rewards in a copy at most: the newest.
const MAX_OTHERS: i64 = 1_000;
/// Time after which Kazi erases a deleted contact.
const KEEP_DELETED: TimeDelta = TimeDelta::days(30);
/// Contacts that are erased in one transaction.
const AT_ONCE: i64 = 50;

/// A copy of all data of a contact.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PersonalData {
    pub contact: ContactView,
    /// The ids that channels have for the contact.
    pub identities: Vec<KnownAs>,
    /// Given and withdrawn consents, the newest first.
    pub consents: Vec<Consent>,
    /// The newest 50,000 messages, the oldest of them first.
    pub messages: Vec<messages::Spoken>,
    /// The newest 1,000 notes of members about the conversations, the newest first.
    pub notes: Vec<inbox::Note>,
    /// The newest 1,000 bookings, the oldest of them first.
    pub bookings: Vec<appointments::Booking>,
    /// The newest 1,000 orders, the newest first.
    pub orders: Vec<orders::OrderView>,
    /// The newest 1,000 subscriptions, the newest first.
    pub subscriptions: Vec<subscriptions::Subscription>,
    /// The newest 1,000 tickets, the newest first.
    pub tickets: Vec<Asked>,
    /// The newest 1,000 answers to questions for feedback, the newest first.
    pub feedback: Vec<feedback::Feedback>,
    /// How the points came and went, also those of contacts that became this one: the newest 1,000 times, the newest first.
    pub points: Vec<loyalty::Entry>,
    /// The newest 1,000 rewards that were taken for points, the newest first.
    pub rewards: Vec<loyalty::Redemption>,
}

/// A ticket with its messages, the oldest first.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = TicketCopy)]
pub struct Asked {
    #[serde(flatten)]
    pub ticket: support::Ticket,
    /// The first 1,000 messages.
    pub messages: Vec<support::TicketMessage>,
}

/// Makes a copy of all data of a contact. The audit log records that it was taken.
pub async fn personal_data(work: &mut Work, id: ContactId) -> Result<PersonalData, ContactError> {
    let contact = view(work, id).await?;
    let identities = personal::identities(work, id).await?;
    let consents = consents(work, id, None, i64::MAX).await?;
    let conversations = conversations::of_contact(work, id).await?;
    let messages = messages::spoken(work, &conversations, MAX_MESSAGES).await?;
    let notes = inbox::notes_of(work, &conversations, MAX_OTHERS).await?;
    let bookings = appointments::of_contact(work, id, MAX_BOOKINGS).await?;
    let theirs = orders::OrderFilter {
        contact: Some(id),
        ..orders::OrderFilter::default()
    };
    let orders = orders::orders(work, &theirs, None, MAX_ORDERS).await?;
    let theirs = subscriptions::SubscriptionFilter {
        contact: Some(id),
        ..subscriptions::SubscriptionFilter::default()
    };
    let subscriptions = subscriptions::subscriptions(work, &theirs, None, MAX_OTHERS).await?;
    let tickets = tickets(work, id).await?;
    let theirs = feedback::FeedbackFilter {
        contact_id: Some(id),
        ..feedback::FeedbackFilter::default()
    };
    let feedback = feedback::list(work, &theirs, None, MAX_OTHERS).await?;
    let person = merging::with_merged(work, id).await?;
    let points = loyalty::entries_of(work, &person, MAX_OTHERS).await?;
    let theirs = loyalty::RedemptionFilter {
        contact: Some(id),
        ..loyalty::RedemptionFilter::default()
    };
    let rewards = loyalty::redemptions(work, &theirs, None, MAX_OTHERS).await?;
    work.audit(&Change::done("contacts.copy_data", (KIND, id)))
        .await?;
    Ok(PersonalData {
        contact,
        identities,
        consents,
        messages,
        notes,
        bookings,
        orders,
        subscriptions,
        tickets,
        feedback,
        points,
        rewards,
    })
}

async fn tickets(work: &mut Work, id: ContactId) -> Result<Vec<Asked>, sqlx::Error> {
    let theirs = support::TicketFilter {
        contact: Some(id),
        ..support::TicketFilter::default()
    };
    let mut tickets = Vec::new();
    for ticket in support::tickets(work, &theirs, None, MAX_OTHERS).await? {
        let messages = support::messages(work, ticket.id, None, MAX_OTHERS).await?;
        tickets.push(Asked { ticket, messages });
    }
    Ok(tickets)
}

/// Erases all personal data of a contact: the record, the identities, the texts of messages, and the fields in the audit
/// log. The empty row stays, because other rows point to it. So do the times of consents and messages, which identify no
/// person. The stored webhooks are dropped with their day, within 30 days. A person who writes again is a new contact.
pub async fn erase(work: &mut Work, id: ContactId) -> Result<(), ContactError> {
    // The duplicates that were merged into this contact are erased too.
    let all = personal::lock(work, id).await?;
    if !all.contains(&id) {
        return Err(ContactError::NotFound);
    }
    for one in all {
        let talks = conversations::erase(work, one).await?;
        messages::erase(work, &talks).await?;
        for hooks in offers::<Hooks>() {
            (hooks.erase)(work, one).await?;
        }
        personal::erase(work, one).await?;
        audit::erase(work, one.uuid()).await?;
        endpoints::erase(work, one.uuid()).await?;
        work.audit(&Change::done("contacts.erase", (KIND, one)))
            .await?;
    }
    Ok(())
}

/// Erases the contacts that were deleted 30 days ago. Runs once a day.
#[derive(Debug, Serialize, Deserialize)]
pub struct PurgeDeleted {}

impl Job for PurgeDeleted {
    type Context = Context;
    const NAME: &'static str = "contacts.purge_deleted";
    const POOL: Pool = pools::BULK;
    const TIMEOUT: Duration = Duration::from_secs(600);

    async fn run(&self, ctx: &Context, job: &Running) -> Result<(), JobError> {
        let now = ctx.clock.now();
        loop {
            // Of the platform: the purge spans workspaces.
            let mut work = database::platform(&ctx.db).await?;
            let due = personal::deleted_before(&mut work, now - KEEP_DELETED, AT_ONCE).await?;
            work.rollback().await?;
            if due.is_empty() {
                return Ok(());
            }
            for (workspace, contact) in due {
                let mut work = Work::of(ctx, workspace).await?;
                // A contact may have come back since the list was read.
                if personal::is_deleted(&mut work, contact).await? {
                    let erased = erase(&mut work, contact).await;
                    erased.map_err(|error| JobError::retry("erase", error))?;
                }
                work.commit().await?;
            }
            job.extend_deadline(Self::TIMEOUT);
        }
    }
}
