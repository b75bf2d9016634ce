//! Carries the webhooks of an account to their target, in order. When the target is slow, one call carries several
//! events, as Meta batches them.
//!
//! When the target is unreachable, the carrier tries again after 1, 2, 4 … 30 seconds, for ten minutes, and later
//! events wait. When an answer is not 2xx, it tries again in the same way, but later events do not wait.

use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use bytes::Bytes;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE};
use tokio::{
    sync::mpsc,
    time::{Instant, sleep},
};

use crate::{
    World,
    delivery::{Content, Destination, Event},
    greenapi, stripe, whatsapp,
};

/// The most events in one call.
const BATCH_EVENTS: usize = 100;
const FIRST_WAIT: Duration = Duration::from_secs(1);
const LONGEST_WAIT: Duration = Duration::from_secs(30);
const GIVE_UP: Duration = Duration::from_secs(600);

/// Runs until the account's mailbox is dropped.
pub(crate) async fn carry(
    world: Arc<World>,
    destination: Arc<Destination>,
    mut events: mpsc::UnboundedReceiver<Event>,
) {
    let limit = match *destination {
        Destination::WhatsApp(_) => BATCH_EVENTS,
        // One call carries one notification.
        Destination::GreenApi(_) | Destination::Stripe(_) => 1,
    };
    let mut batch = Vec::new();
    while events.recv_many(&mut batch, limit).await > 0 {
        let batch = std::mem::take(&mut batch);
        let twice: Vec<Event> = batch
            .iter()
            .filter(|event| event.twice)
            .map(|event| Event::new(&world.office, event.content.clone()))
            .collect();
        deliver(&world, &destination, batch).await;
        if !twice.is_empty() {
            deliver(&world, &destination, twice).await;
        }
    }
}

/// Delivers a batch. When the target refuses it, a new task tries again.
async fn deliver(world: &Arc<World>, destination: &Arc<Destination>, batch: Vec<Event>) {
    let body = Bytes::from(destination.encode(batch.iter().map(|event| &event.content)));
    let (started, mut wait) = (Instant::now(), FIRST_WAIT);
    loop {
        match attempt(world, destination, body.clone()).await {
            Attempt::Taken => return taken(world, batch),
            Attempt::Refused => {
                let (world, destination) = (world.clone(), destination.clone());
                return world.clone().office.spawn(async move {
                    insist(&world, &destination, batch, body).await;
                });
            }
            Attempt::Unreachable => {}
        }
        if started.elapsed() + wait > GIVE_UP {
            return tracing::warn!(
                events = batch.len(),
                "webhooks given up: target unreachable"
            );
        }
        sleep(wait).await;
        wait = (wait * 2).min(LONGEST_WAIT);
    }
}

async fn insist(world: &Arc<World>, destination: &Destination, batch: Vec<Event>, body: Bytes) {
    let (started, mut wait) = (Instant::now(), FIRST_WAIT);
    while started.elapsed() + wait <= GIVE_UP {
        sleep(wait).await;
        wait = (wait * 2).min(LONGEST_WAIT);
        if matches!(
            attempt(world, destination, body.clone()).await,
            Attempt::Taken
        ) {
            return taken(world, batch);
        }
    }
    tracing::warn!(
        events = batch.len(),
        "webhooks given up: target refuses them"
    );
}

fn taken(world: &World, batch: Vec<Event>) {
    for event in batch {
        if let Some((key, id)) = &event.line {
            world.chats.set_status(key, id, "delivered", None);
        }
        if let Some(delivered) = &event.delivered {
            delivered.store(true, Ordering::Release);
        }
        if let Some(taken) = event.taken {
            // The test that wrote the message may have stopped waiting.
            let _ = taken.send(());
        }
        drop(event.ticket);
    }
}

enum Attempt {
    Taken,
    Refused,
    Unreachable,
}

async fn attempt(world: &World, to: &Destination, body: Bytes) -> Attempt {
    let http = &world.office.http;
    let request = match to {
        Destination::WhatsApp(account) => http.post(&account.webhook_url).header(
            "X-Hub-Signature-256",
            whatsapp::signature(&account.app_secret, &body),
        ),
        Destination::GreenApi(account) => http.post(&account.webhook_url).header(
            AUTHORIZATION,
            greenapi::authorization(&account.webhook_token),
        ),
        Destination::Stripe(account) => {
            let now = stripe::now(world);
            let signed = stripe::signature(&account.webhook_secret, &body, now);
            http.post(&account.webhook_url)
                .header("Stripe-Signature", signed)
        }
    };
    match request
        .header(CONTENT_TYPE, "application/json")
        .body(body)
        .send()
        .await
    {
        Ok(answer) if answer.status().is_success() => {
            // The body is read to its end, so that the connection can be used again.
            let _ = answer.bytes().await;
            Attempt::Taken
        }
        Ok(_) => Attempt::Refused,
        Err(error) if error.is_connect() => Attempt::Unreachable,
        // The target may have received the call. A real provider does not know either, and sends again.
        Err(_) => Attempt::Refused,
    }
}

impl Destination {
    fn encode<'a>(&'a self, content: impl Iterator<Item = &'a Content>) -> Vec<u8> {
        match self {
            Self::WhatsApp(account) => whatsapp::envelope(account, content),
            Self::GreenApi(_) | Self::Stripe(_) => {
                let only = content.into_iter().find_map(|content| match content {
                    Content::Notification(value) => Some(value.to_string()),
                    Content::Message { .. }
                    | Content::Echo(_)
                    | Content::Status { .. }
                    | Content::Account { .. } => None,
                });
                only.unwrap_or_default().into_bytes()
            }
        }
    }
}
