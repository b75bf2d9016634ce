//! Stores events, each with the job that handles it. This is the busiest code of the product: two statements for a
//! transaction, however many webhooks it contains.

use std::collections::{BTreeMap, HashSet};

use kazi_platform::Timestamp;
use kazi_queue::{EnqueueError, Job, Options, enqueue_all_with};
use sqlx::PgConnection;

use crate::{
    bot::{self, ApplyUserIds, Echo, Receive},
    channels::{self, ChannelKind, EventKind, NewEvent, WebhookEventId},
    contacts::ApplyPreferences,
    messages::ApplyStatus,
    templates::ApplyTemplateEvent,
};

/// The counts of a transaction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Recorded {
    pub new: usize,
    /// Events that were stored before.
    pub duplicates: usize,
    /// New events of unknown channels.
    pub unrouted: usize,
}

/// Stores events and their jobs in the caller's transaction. An event whose key is stored already is left out, even
/// when another transaction stores it at the same moment: the row of the key decides.
pub async fn record(
    conn: &mut PgConnection,
    now: Timestamp,
    events: &[&NewEvent],
) -> Result<Recorded, EnqueueError> {
    // Each key once: a body may repeat an event.
    let mut keys = HashSet::new();
    let wanted: Vec<&NewEvent> = events
        .iter()
        .copied()
        .filter(|event| keys.insert((event.provider, event.key.as_str())))
        .collect();
    // In the order of arrival, with ids that sort the same way: this is the order of a conversation.
    let mut ids: Vec<WebhookEventId> = wanted.iter().map(|_| WebhookEventId::at(now)).collect();
    ids.sort_unstable();
    let mut new: Vec<(WebhookEventId, &NewEvent)> = ids.into_iter().zip(wanted).collect();
    let stored = channels::insert_events(&mut *conn, now, &new).await?;
    let stored: HashSet<WebhookEventId> = stored.into_iter().collect();
    new.retain(|(id, _)| stored.contains(id));
    let mut recorded = Recorded {
        new: new.len(),
        duplicates: events.len() - new.len(),
        unrouted: 0,
    };
    let mut messages = Vec::new();
    let mut echoes = Vec::new();
    // One group for each channel, so that a fault of one channel does not hold up the others.
    let mut statuses: BTreeMap<_, Vec<(ApplyStatus, Options)>> = BTreeMap::new();
    let mut preferences = Vec::new();
    let mut templates = Vec::new();
    let mut user_ids = Vec::new();
    for (id, event) in &new {
        let Some((workspace, channel)) = event.route else {
            recorded.unrouted += 1;
            continue;
        };
        match event.kind {
            EventKind::Message => {
                let job = Receive {
                    workspace,
                    event: *id,
                };
                let sequence = bot::sequence_of(channel, &event.sender, &event.payload);
                let options = job
                    .options()
                    .tenant(workspace)
                    .sequence(sequence)
                    .trace(event.trace);
                messages.push((job, options));
            }
            EventKind::Echo => {
                let job = Echo {
                    workspace,
                    event: *id,
                };
                let mut options = job.options().tenant(workspace).trace(event.trace);
                // In the order of the customer's messages. An echo that may be of this program may wait for the answer to
                // its request, and must not hold up the customer's messages.
                if !event.payload.contains("\"outgoingAPIMessageReceived\"") {
                    options =
                        options.sequence(bot::sequence_of(channel, &event.sender, &event.payload));
                }
                echoes.push((job, options));
            }
            EventKind::Status => {
                let together = statuses.entry((workspace, channel)).or_default();
                // Green API's statuses lack the ids that a batch needs.
                let most = match event.provider {
                    ChannelKind::WhatsApp => ApplyStatus::MOST,
                    ChannelKind::GreenApi => 1,
                };
                match together.last_mut() {
                    Some((job, _)) if job.events.len() < most => job.events.push(*id),
                    _ => {
                        let events = vec![*id];
                        let job = ApplyStatus { workspace, events };
                        // The options of the first one.
                        let options = job.options().tenant(workspace).trace(event.trace);
                        together.push((job, options));
                    }
                }
            }
            // A key of Meta. Events that are neither message nor status contain no text of a customer.
            EventKind::Other if event.payload.contains("\"user_preferences\"") => {
                let job = ApplyPreferences {
                    workspace,
                    event: *id,
                };
                let options = job.options().tenant(workspace).trace(event.trace);
                preferences.push((job, options));
            }
            // Also keys of Meta, from here on.
            EventKind::Other if event.payload.contains("\"user_id_update\"") => {
                let job = ApplyUserIds {
                    workspace,
                    event: *id,
                };
                let mut options = job.options().tenant(workspace).trace(event.trace);
                if let Some(sequence) = bot::sequence_of_user_ids(channel, &event.payload) {
                    options = options.sequence(sequence);
                }
                user_ids.push((job, options));
            }
            // The event is about a template.
            EventKind::Other if event.payload.contains("\"message_template_id\"") => {
                let job = ApplyTemplateEvent {
                    workspace,
                    event: *id,
                };
                // In the order of arrival, so that a template that was paused and approved again ends as approved.
                let options = job
                    .options()
                    .tenant(workspace)
                    .sequence(format!("templates:{workspace}"))
                    .trace(event.trace);
                templates.push((job, options));
            }
            EventKind::Other => {}
        }
    }
    if !messages.is_empty() {
        enqueue_all_with(&mut *conn, messages).await?;
    }
    if !echoes.is_empty() {
        enqueue_all_with(&mut *conn, echoes).await?;
    }
    if !statuses.is_empty() {
        let statuses = statuses.into_values().flatten().collect();
        enqueue_all_with(&mut *conn, statuses).await?;
    }
    if !preferences.is_empty() {
        enqueue_all_with(&mut *conn, preferences).await?;
    }
    if !templates.is_empty() {
        enqueue_all_with(&mut *conn, templates).await?;
    }
    if !user_ids.is_empty() {
        enqueue_all_with(conn, user_ids).await?;
    }
    Ok(recorded)
}

#[cfg(test)]
mod tests;
