//! The newest inbound messages with their jobs and answers, for the demo's page.

use chrono::TimeDelta;
use kazi_jobs::{
    channels,
    messages::{self, MessageView},
};
use kazi_platform::{Timestamp, database};
use kazi_queue::{
    inspect::{self, JobView},
    trace::TraceId,
};
use serde::Serialize;
use sqlx::PgPool;

/// Events that are shown.
const EVENTS: i64 = 120;

#[derive(Serialize)]
pub struct Activity {
    items: Vec<Item>,
}

/// An event and its consequences.
#[derive(Serialize)]
struct Item {
    trace: String,
    at: Timestamp,
    kind: String,
    /// The customer's text, once it is received, or the status of an outbound message.
    text: Option<String>,
    jobs: Vec<JobView>,
    messages: Vec<MessageView>,
}

/// The newest events first.
pub async fn recent(db: &PgPool) -> Result<Activity, sqlx::Error> {
    // The transaction sees all workspaces of the demo.
    let mut tx = database::platform(db).await?;
    let events = channels::recent(&mut tx, EVENTS).await?;
    let Some(oldest) = events.last().map(|event| event.received_at) else {
        return Ok(Activity { items: Vec::new() });
    };
    let traces: Vec<TraceId> = events
        .iter()
        .filter_map(|event| event.trace.parse().ok())
        .collect();
    let jobs = inspect::by_trace(&mut tx, &traces).await?;
    let names: Vec<String> = traces.iter().map(ToString::to_string).collect();
    let messages = messages::by_traces(&mut tx, oldest - TimeDelta::seconds(5), &names).await?;
    let items = events.into_iter().map(|event| {
        let mine = |trace: &Option<String>| trace.as_deref() == Some(event.trace.as_str());
        let messages: Vec<MessageView> = messages
            .iter()
            .filter(|message| mine(&message.trace))
            .cloned()
            .collect();
        let said = messages
            .iter()
            .find(|message| message.direction == "in")
            .map(|message| message.text.clone());
        Item {
            at: event.received_at,
            kind: event.kind,
            text: said.or(event.status),
            jobs: jobs
                .iter()
                .filter(|job| mine(&job.trace))
                .cloned()
                .collect(),
            messages,
            trace: event.trace,
        }
    });
    Ok(Activity {
        items: items.collect(),
    })
}
