//! Stripe's webhooks: one event in a call. The URL names an account, whose secret signs the event.

use std::{sync::Arc, time::Instant};

use axum::{
    body::Body,
    extract::{Path, State},
    http::HeaderMap,
    response::Response,
};
use kazi_clients::{
    json::lenient,
    stripe::webhook::{self, Event},
};
use kazi_jobs::{
    Work,
    payments::{self, EventSource, NewEvent},
    pools,
};
use kazi_platform::actor::Actor;
use kazi_queue::EnqueueError;
use secrecy::ExposeSecret;

use super::{Intake, NOT_JSON, REFUSED, UNAVAILABLE, UNSIGNED, conclude, read_body};
use crate::problem::Problem;

/// In bytes. Stripe's largest objects have some hundred kilobytes.
const BODY_LIMIT_BYTES: usize = 1024 * 1024;

pub(super) async fn receive(
    State(intake): State<Arc<Intake>>,
    Path(account): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let started = Instant::now();
    let ended = async {
        let bytes = read_body(body, BODY_LIMIT_BYTES).await?;
        write(&intake, &account, &headers, &bytes).await
    };
    conclude("stripe", started, ended.await)
}

async fn write(
    intake: &Intake,
    account: &str,
    headers: &HeaderMap,
    bytes: &[u8],
) -> Result<(), Problem> {
    let ctx = &intake.ctx;
    let id = account.parse().map_err(|_| UNSIGNED)?;
    // The answer does not show which accounts exist.
    let account = payments::account_of_webhook(ctx, id).await?;
    let account = account.ok_or(UNSIGNED)?;
    let secret = account
        .credentials
        .webhook_secret
        .as_ref()
        .ok_or(UNSIGNED)?;
    let said = headers.get("Stripe-Signature");
    let said = said
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let now = ctx.clock.now();
    webhook::verify(secret.expose_secret(), said, bytes, now.timestamp()).map_err(|_| UNSIGNED)?;
    let raw = std::str::from_utf8(bytes).map_err(|_| NOT_JSON)?;
    let event: Event = serde_json::from_str(&lenient(raw)).map_err(|_| NOT_JSON)?;
    let Some(new) = NewEvent::new(&event, raw.to_owned(), now) else {
        // Stripe has signed it. A refusal would only bring it again for days, and then switch the endpoint off.
        tracing::warn!("an event of Stripe has no id: it is left out");
        return Ok(());
    };
    let recorded = async {
        let mut work = Work::by(ctx, account.workspace, Actor::OPERATOR).await?;
        let from = EventSource::Webhook;
        payments::record(&mut work, account.id, from, &[new]).await?;
        // From here on nothing is lost. The answer is sent after this line.
        work.commit().await?;
        Ok(())
    };
    recorded.await.map_err(|error: EnqueueError| {
        let EnqueueError::Database(error) = &error else {
            return REFUSED;
        };
        let code = error.as_database_error().and_then(|error| error.code());
        let code = code.unwrap_or_default();
        // The text of the error may quote the event.
        tracing::error!(sqlstate = %code, "an event of Stripe could not be written down");
        // The database cannot hold a value (class 22). It would not hold it the next time either.
        if code.starts_with("22") {
            REFUSED
        } else {
            UNAVAILABLE
        }
    })?;
    kazi_queue::ring(pools::PAYMENTS);
    Ok(())
}
