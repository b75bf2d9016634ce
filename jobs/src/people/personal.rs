//! What a person may ask for of their own data: a copy of all of it, and that nothing of it be left.

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
        Consent, ContactError, ContactId, ContactView, Hooks, KIND, KnownAs, consents, personal,
        view,
    },
    conversations,
    domain::offers,
    messages, orders, pools, subscriptions, support,
};

/// The most messages of a copy: the newest.
const MAX_MESSAGES: i64 = 50_000;
/// And of its bookings.
const MAX_BOOKINGS: i64 = 1_000;
/// The most orders of a copy: the newest.
const MAX_ORDERS: i64 = 1_000;
/// The most of each other thing of a copy: the newest.
const MAX_OTHERS: i64 = 1_000;
/// How long who was deleted can come back.
const KEEP_DELETED: TimeDelta = TimeDelta::days(30);
/// Contacts that are erased in one transaction.
const AT_ONCE: i64 = 50;

/// All that is known of somebody.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PersonalData {
    /// Their record.
    pub contact: ContactView,
    /// How channels name them.
    pub identities: Vec<KnownAs>,
    /// What they have consented to and withdrawn, newest first.
    pub consents: Vec<Consent>,
    /// What was said, oldest first; the newest 50,000.
    pub messages: Vec<messages::Spoken>,
    /// What they have booked, oldest first; the newest 1,000.
    pub bookings: Vec<appointments::Booking>,
    /// What they have ordered, newest first; the newest 1,000.
    pub orders: Vec<orders::OrderView>,
    /// What they subscribe to, newest first; the newest 1,000.
    pub subscriptions: Vec<subscriptions::Subscription>,
    /// What they have asked for help with, newest first; the newest 1,000.
    pub tickets: Vec<Asked>,
}

/// A ticket and what was written in it, oldest first.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = TicketCopy)]
pub struct Asked {
    /// The ticket.
    #[serde(flatten)]
    pub ticket: support::Ticket,
    /// The first 1,000 of it.
    pub messages: Vec<support::TicketMessage>,
}

/// A copy of all that is known of a contact. That it was taken stands in the audit log.
///
/// # Errors
/// There is none, or the database failed.
pub async fn personal_data(work: &mut Work, id: ContactId) -> Result<PersonalData, ContactError> {
    let contact = view(work, id).await?;
    let identities = personal::identities(work, id).await?;
    let consents = consents(work, id, None, i64::MAX).await?;
    let conversations = conversations::of_contact(work, id).await?;
    let messages = messages::spoken(work, &conversations, MAX_MESSAGES).await?;
    let bookings = appointments::of_contact(work, id, MAX_BOOKINGS).await?;
    let theirs = orders::Filter {
        contact: Some(id),
        ..orders::Filter::default()
    };
    let orders = orders::orders(work, &theirs, None, MAX_ORDERS).await?;
    let theirs = subscriptions::Filter {
        contact: Some(id),
        ..subscriptions::Filter::default()
    };
    let subscriptions = subscriptions::subscriptions(work, &theirs, None, MAX_OTHERS).await?;
    let tickets = tickets(work, id).await?;
    work.audit(&Change::done("contacts.copy_data", (KIND, id)))
        .await?;
    Ok(PersonalData {
        contact,
        identities,
        consents,
        messages,
        bookings,
        orders,
        subscriptions,
        tickets,
    })
}

async fn tickets(work: &mut Work, id: ContactId) -> Result<Vec<Asked>, sqlx::Error> {
    let theirs = support::Filter {
        contact: Some(id),
        ..support::Filter::default()
    };
    let mut tickets = Vec::new();
    for ticket in support::tickets(work, &theirs, None, MAX_OTHERS).await? {
        let messages = support::messages(work, ticket.id, None, MAX_OTHERS).await?;
        tickets.push(Asked { ticket, messages });
    }
    Ok(tickets)
}

/// Leaves nothing personal of a contact: their record, identities, what was said, and what the audit log has of it. The
/// row stays, empty, for what points to it; so do the times of consents and messages, which say nothing of a person.
/// What providers have sent us is dropped with its day, within 30 days. Who writes again is somebody new.
///
/// # Errors
/// There is none, or the database failed.
pub async fn erase(work: &mut Work, id: ContactId) -> Result<(), ContactError> {
    // With them go the duplicates that were merged into them.
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
        work.audit(&Change::done("contacts.erase", (KIND, one)))
            .await?;
    }
    Ok(())
}

/// Erases those who were deleted 30 days ago. Runs once a day.
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
            // Those of all workspaces: a purge spans them.
            let mut work = database::platform(&ctx.db).await?;
            let due = personal::deleted_before(&mut work, now - KEEP_DELETED, AT_ONCE).await?;
            work.rollback().await?;
            if due.is_empty() {
                return Ok(());
            }
            for (workspace, contact) in due {
                let mut work = Work::of(ctx, workspace).await?;
                // Who came back meanwhile stays.
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
