//! Webhooks: the intake verifies the signature over the raw bytes, stores the events and their jobs in one transaction,
//! and answers 200.
//!
//! Events that are answered with 200 are in the database. All other events are not, and the provider sends them again.

mod batch;
mod greenapi;
mod stripe;
mod trust;
mod whatsapp;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use axum::{
    Router,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use kazi_clients::signature::same;
use kazi_jobs::{
    Context,
    channels::{self, Channel, ChannelId, Directory, DirectoryError, NewEvent, Route},
};
use kazi_platform::database;
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;

pub use batch::Writer;

use crate::{config::WhatsApp, http::read_body, problem::Problem};

/// In bytes. Meta sends at most 3 MB in a call (Meta, "Webhooks: payload size").
const BODY_LIMIT_BYTES: usize = 3 * 1024 * 1024 + 64 * 1024;
/// The most bytes of an id in a key. Meta's message ids have 58 to 82 bytes, and their ends differ. A longer id keeps
/// its beginning, for people, and its digest.
const ID_LIMIT_BYTES: usize = 128;

/// Time that the note of a channel's first webhook is believed, longer than the directory needs to know it. A channel may
/// be connected anew, and then waits for a first webhook again.
const NOTED: Duration = Duration::from_secs(10);

/// The state of the handlers.
pub struct Intake {
    ctx: Context,
    directory: Directory,
    writer: Writer,
    /// The secret of the Meta app that serves several channels.
    app_secret: Option<SecretString>,
    verify_token: Option<SecretString>,
    /// Only one large body at a time is compared with the secrets of all channels.
    searching: Arc<Semaphore>,
    /// When this process has noted the first webhook of a channel. The directory knows it some seconds later.
    noted: Mutex<HashMap<ChannelId, Instant>>,
}

impl Intake {
    /// Makes the routes of all webhooks.
    pub fn routes(ctx: &Context, config: &WhatsApp, writer: Writer) -> Router {
        let intake = Arc::new(Self {
            ctx: ctx.clone(),
            directory: ctx.channels(),
            writer,
            app_secret: config.app_secret.get().cloned(),
            verify_token: config.verify_token.get().cloned(),
            searching: Arc::new(Semaphore::new(1)),
            noted: Mutex::default(),
        });
        Router::new()
            .route(
                "/webhooks/whatsapp",
                get(whatsapp::challenge).post(whatsapp::receive),
            )
            .route("/webhooks/greenapi", post(greenapi::receive))
            .route("/webhooks/stripe/{account}", post(stripe::receive))
            .with_state(intake)
    }

    /// Notes the first webhook of a channel, for whoever connects it. A failure harms no event: the next webhook tries
    /// again.
    async fn hear(&self, channel: &Channel) {
        if channel.heard || !self.may_note(channel.id) {
            return;
        }
        let noted = async {
            // As the platform, like the events: a body may be of several workspaces.
            let mut tx = database::platform(&self.ctx.db).await?;
            let route = (channel.workspace, channel.id);
            channels::set_heard(&mut tx, route, self.ctx.clock.now()).await?;
            tx.commit().await
        };
        if let Err(error) = noted.await {
            self.noted().remove(&channel.id);
            tracing::warn!(%error, channel.id = %channel.id, "a first webhook could not be noted");
        }
    }

    /// Whether the first webhook of the channel is not noted yet. Then the caller notes it.
    fn may_note(&self, channel: ChannelId) -> bool {
        let mut noted = self.noted();
        let is_noted = noted.get(&channel).is_some_and(|at| at.elapsed() < NOTED);
        if !is_noted {
            noted.insert(channel, Instant::now());
        }
        !is_noted
    }

    fn noted(&self) -> MutexGuard<'_, HashMap<ChannelId, Instant>> {
        self.noted.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes that Meta has verified the address with the token of this channel.
    async fn verified(&self, channel: &Channel) -> Result<(), Problem> {
        // As the platform: Meta's call names no workspace.
        let mut tx = database::platform(&self.ctx.db).await?;
        let route = (channel.workspace, channel.id);
        channels::set_verified(&mut tx, route, self.ctx.clock.now()).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Stores the events. It returns after the commit, so the provider gets its answer after the commit.
    async fn write(&self, events: Vec<NewEvent>) -> Result<(), Problem> {
        if events.is_empty() {
            return Ok(());
        }
        self.writer
            .write(events)
            .await
            .map_err(|error| match error {
                batch::WriteError::Busy | batch::WriteError::Database => UNAVAILABLE,
                batch::WriteError::Refused => REFUSED,
            })
    }
}

const NOT_JSON: Problem = Problem::new(
    StatusCode::BAD_REQUEST,
    "not_json",
    "The body is not the JSON that this provider sends.",
);
const REFUSED: Problem = Problem::new(
    StatusCode::BAD_REQUEST,
    "cannot_be_stored",
    "The body has a value that cannot be stored.",
);
const UNSIGNED: Problem = Problem::new(
    StatusCode::UNAUTHORIZED,
    "bad_signature",
    "The signature or token is missing or is not one of a known channel.",
);
const UNAVAILABLE: Problem = Problem::new(
    StatusCode::SERVICE_UNAVAILABLE,
    "unavailable",
    "The event cannot be stored just now: send it again.",
);

impl From<DirectoryError> for Problem {
    fn from(error: DirectoryError) -> Self {
        tracing::error!(error = %error, "channels cannot be looked up");
        UNAVAILABLE
    }
}

/// Counts and logs the result of a call, without its content.
fn conclude(provider: &'static str, started: Instant, ended: Result<(), Problem>) -> Response {
    let outcome = ended.as_ref().err().map_or("ok", Problem::code);
    metrics::counter!("kazi_webhooks_total", "provider" => provider, "outcome" => outcome)
        .increment(1);
    metrics::histogram!("kazi_webhook_seconds", "provider" => provider).record(started.elapsed());
    match ended {
        Ok(()) => StatusCode::OK.into_response(),
        Err(problem) => {
            tracing::warn!(
                webhook.provider = provider,
                webhook.outcome = outcome,
                "webhook refused"
            );
            problem.into_response()
        }
    }
}

/// Makes a provider's id fit into a key. Different ids stay different.
fn id(text: &str) -> String {
    if text.len() <= ID_LIMIT_BYTES && !text.contains('\0') {
        return text.to_owned();
    }
    let digest = digest(text);
    let beginning: String = text.chars().filter(|c| *c != '\0').collect();
    let end = beginning.floor_char_boundary(ID_LIMIT_BYTES - digest.len() - 1);
    format!("{}~{digest}", &beginning[..end])
}

/// Makes the key of an event. An event without a channel has another key, so that a later copy with a channel is stored
/// too.
fn key_of(key: String, route: Option<Route>) -> String {
    match route {
        Some(_) => key,
        None => format!("unrouted:{key}"),
    }
}

/// Makes the key of an event without an id.
fn digest(raw: &str) -> String {
    hex::encode(&Sha256::digest(raw.as_bytes())[..16])
}

fn is(secret: &SecretString, said: &str) -> bool {
    same(secret.expose_secret(), said)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_never_cut() {
        let wamid =
            "wamid.HBgMMjU0NzEyMzQ1Njc4FQIAEhggQTlDM0YwMDFEMjE5QzQ5RUE4RkQ5RkQ2NkY1N0FCRDEA";
        assert_eq!(id(wamid), wamid);
        let (a, b) = (
            format!("{}a", "é".repeat(500)),
            format!("{}b", "é".repeat(500)),
        );
        assert_ne!(id(&a), id(&b));
        assert_ne!(id("x\0"), id("x"));
        for long in [&a, &"x\0".repeat(400)] {
            assert!(id(long).len() <= ID_LIMIT_BYTES && !id(long).contains('\0'));
        }
    }
}
