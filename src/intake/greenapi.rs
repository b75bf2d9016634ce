//! Green API's webhooks: one notification in a call, and a token in `Authorization`.

use std::{sync::Arc, time::Instant};

use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, header},
    response::Response,
};
use kazi_clients::{greenapi::webhook::Notification, json::lenient};
use kazi_jobs::channels::{Channel, ChannelKind, EventKind, NewEvent};
use kazi_queue::trace::TraceId;

use super::{
    BODY_LIMIT_BYTES, Intake, NOT_JSON, UNSIGNED, conclude, digest, id, is, key_of, read_body,
};
use crate::problem::Problem;

pub(super) async fn receive(
    State(intake): State<Arc<Intake>>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let started = Instant::now();
    let ended = async {
        let bytes = read_body(body, BODY_LIMIT_BYTES).await?;
        let said = headers
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        // The value as the instance has it, with or without a scheme.
        let token = said.strip_prefix("Bearer ").unwrap_or(said);
        intake
            .write(vec![read(&intake, token, &bytes).await?])
            .await
    };
    conclude(ChannelKind::GreenApi.name(), started, ended.await)
}

async fn read(intake: &Intake, token: &str, bytes: &[u8]) -> Result<NewEvent, Problem> {
    let raw = std::str::from_utf8(bytes).map_err(|_| NOT_JSON)?;
    // A name or a text with half of an emoji loses no message.
    let said: Notification = serde_json::from_str(&lenient(raw)).map_err(|_| NOT_JSON)?;
    let instance = id(&said
        .instance_data
        .map(|instance| instance.id_instance.to_string())
        .unwrap_or_default());
    let trusts = |channel: &Channel| {
        channel
            .credentials
            .webhook_token
            .as_ref()
            .is_some_and(|known| !token.is_empty() && is(known, token))
    };
    let channel = intake
        .directory
        .by_external_id(ChannelKind::GreenApi, &instance)
        .await?;
    let channel = match channel {
        Some(channel) if trusts(&channel) => {
            intake.hear(&channel).await;
            Some(channel)
        }
        Some(_) => return Err(UNSIGNED),
        // The instance is unknown, but the token is that of a known channel.
        None if intake
            .directory
            .all(ChannelKind::GreenApi)
            .await?
            .iter()
            .any(|channel| trusts(channel)) =>
        {
            None
        }
        None => return Err(UNSIGNED),
    };
    let kind = match said.type_webhook.as_str() {
        "incomingMessageReceived" => EventKind::Message,
        "outgoingMessageStatus" => EventKind::Status,
        "outgoingMessageReceived" | "outgoingAPIMessageReceived" => EventKind::Echo,
        _ => EventKind::Other,
    };
    let sender = said
        .sender_data
        .and_then(|sender| sender.chat_id.or(sender.sender))
        .unwrap_or_default();
    let chat = id(said.chat_id.as_deref().unwrap_or(&sender));
    let key = match said.id_message.filter(|id| !id.is_empty()) {
        // A message id is unique only within its chat.
        Some(message) => {
            let status = id(said.status.as_deref().unwrap_or_default());
            format!(
                "{instance}:{}:{chat}:{}:{status}",
                id(&said.type_webhook),
                id(&message)
            )
        }
        None => format!("{instance}:{}:{}", id(&said.type_webhook), digest(raw)),
    };
    let route = channel.map(|channel| (channel.workspace, channel.id));
    Ok(NewEvent {
        provider: ChannelKind::GreenApi,
        kind,
        key: key_of(key, route),
        external_id: instance,
        route,
        sender: id(&sender),
        payload: raw.to_owned(),
        trace: TraceId::random(),
    })
}
