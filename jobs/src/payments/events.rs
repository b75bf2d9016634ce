//! Stripe's events. Each is stored once, with the job that applies it, from a webhook or from a reconciliation.

use crate::Work;
use chrono::DateTime;
use kazi_clients::stripe::Event;
use kazi_platform::{Timestamp, without_nul};
use kazi_queue::{EnqueueError, enqueue_all};

use super::{ApplyEvent, PaymentAccountId, store::events as store};

/// The kinds that concern payments. Stripe's dashboard should send only these, and reconciliation reads only these. At
/// most 20 (Stripe, "List all events").
pub const KINDS: [&str; 14] = [
    "checkout.session.completed",
    "checkout.session.async_payment_succeeded",
    "checkout.session.async_payment_failed",
    "checkout.session.expired",
    "payment_intent.succeeded",
    "payment_intent.canceled",
    "charge.refunded",
    "charge.refund.updated",
    "refund.created",
    "refund.updated",
    "refund.failed",
    "charge.dispute.created",
    "charge.dispute.closed",
    "charge.dispute.funds_withdrawn",
];
/// Bytes of an id or a kind that are kept.
const MAX_WORD: usize = 255;

/// The source of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum From {
    Webhook,
    /// Kazi has asked for it.
    Reconciliation,
}

#[derive(Clone, Debug)]
pub struct NewEvent {
    /// `evt_…`
    pub id: String,
    /// `checkout.session.completed` …
    pub kind: String,
    /// The id of its object: `cs_…`, `pi_…`, `ch_…`.
    pub object: String,
    /// The PaymentIntent of the object.
    pub intent: Option<String>,
    /// The whole event as JSON.
    pub payload: String,
    /// Stripe's time.
    pub happened_at: Timestamp,
}

impl NewEvent {
    /// Reads an event. Returns `None` when it has no id.
    pub fn new(event: &Event, payload: String, now: Timestamp) -> Option<Self> {
        let word = |text: &str| {
            let text = without_nul(text);
            text[..text.floor_char_boundary(MAX_WORD)].to_owned()
        };
        Some(Self {
            id: Some(word(&event.id)).filter(|id| !id.is_empty())?,
            kind: word(&event.kind),
            object: word(event.object_id()),
            intent: event.intent().map(word),
            payload,
            happened_at: DateTime::from_timestamp(event.created, 0).unwrap_or(now),
        })
    }
}

/// Stores events, and a job for each new one, in the caller's transaction. Returns the new ones.
pub async fn record(
    work: &mut Work,
    account: PaymentAccountId,
    from: From,
    events: &[NewEvent],
) -> Result<Vec<String>, EnqueueError> {
    let source = match from {
        From::Webhook => "webhook",
        From::Reconciliation => "reconciliation",
    };
    let new = store::insert(work, account, source, events).await?;
    let jobs: Vec<ApplyEvent> = new
        .iter()
        .map(|event| ApplyEvent {
            workspace: work.workspace(),
            account,
            event: event.clone(),
        })
        .collect();
    if !jobs.is_empty() {
        enqueue_all(work.conn(), &jobs).await?;
    }
    Ok(new)
}
