//! The stream of events, as server-sent events (WHATWG HTML, section 9.2).

use std::{convert::Infallible, time::Duration};

use axum::{
    extract::{FromRequestParts, State},
    http::{HeaderName, StatusCode, header, request::Parts},
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use futures_util::stream;
use kazi_jobs::{
    Permission,
    live::{self, Cursor, Hub, LiveError, LiveEvent, Told},
};
use tokio::time::Instant;
use utoipa_axum::routes;

use crate::api::{Shared, auth::Principal, caller::Caller, errors::conflict, routes::Routes};
use crate::problem::Problem;

const HEARTBEAT: Duration = Duration::from_secs(15);
/// A stream ends after this time. Who comes back is checked again: a token may have expired, or a role changed.
const LIFE: Duration = Duration::from_secs(300);
/// When a client comes back after the end of its stream.
const COME_BACK: Duration = Duration::from_secs(1);
const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");

pub fn routes() -> Vec<Routes> {
    let events = Routes::new("events", "What happens in the workspace, as it happens.");
    vec![events.add(Permission::EVENTS_READ, routes!(stream))]
}

/// The cursor of a client that comes back.
#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "it is the documentation of a header")]
struct ComesBack {
    /// The `id` of the last event that the client got. The events since then come first.
    #[param(rename = "Last-Event-ID")]
    last: Option<String>,
}

struct After(Option<Cursor>);

impl FromRequestParts<Shared> for After {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &Shared) -> Result<Self, Problem> {
        let said = parts.headers.get(LAST_EVENT_ID);
        let said = said.map(|id| id.to_str().unwrap_or_default());
        // A client that has got no id yet sends an empty one.
        let said = said.filter(|id| !id.is_empty());
        Ok(Self(said.map(str::parse).transpose()?))
    }
}

fn may_see(principal: &Principal, event: &LiveEvent) -> bool {
    live::permission_of(&event.kind).is_some_and(|permission| principal.allows(permission))
}

/// Streams what happens in the workspace, as `text/event-stream`.
///
/// An event's name is its kind, and its data is JSON. The event `begun` says that the stream has begun, and `reset` that
/// the client was away for too long and must read everything again. A comment comes every 15 seconds when there is nothing
/// else. The stream ends after five minutes, and when the client reads too slowly: come back with the header
/// `Last-Event-ID`. An event may come twice, with the same `id` in its data. Messages of campaigns have no events.
#[utoipa::path(get, path = "/api/v1/events/stream", params(ComesBack),
    responses(
        (status = 200, description = "The events.", content_type = "text/event-stream", body = LiveEvent),
        (status = 400, description = "`bad_last_event_id`: it is none of this stream."),
        (status = 409, description = "`too_many_streams`: at most five are open for a member or a key."),
        (status = 503, description = "`events_unavailable`: the database does not answer now."),
    ))]
async fn stream(
    caller: Caller,
    After(after): After,
    State(api): State<Shared>,
) -> Result<Response, Problem> {
    let hub: Hub = api.ctx.shared();
    let principal = caller.principal.clone();
    let opened = hub.open(&api.ctx, caller.workspace, principal.name(), after);
    let ends = Instant::now() + LIFE;
    let events = stream::unfold(
        (opened.await?, principal),
        move |(mut stream, principal)| async move {
            loop {
                let told = tokio::time::timeout_at(ends, stream.next()).await.ok()??;
                let event = match told {
                    Told::Begun(cursor) => Event::default()
                        .event("begun")
                        .id(cursor.to_string())
                        .data("{}"),
                    Told::Reset(cursor) => Event::default()
                        .event("reset")
                        .id(cursor.to_string())
                        .data("{}"),
                    Told::Event(event) if !may_see(&principal, &event) => continue,
                    Told::Event(event) => Event::default()
                        .event(&event.kind)
                        .id(event.cursor.to_string())
                        .json_data(&*event)
                        .ok()?,
                };
                let event = event.retry(COME_BACK);
                return Some((Ok::<_, Infallible>(event), (stream, principal)));
            }
        },
    );
    let alive = KeepAlive::new().interval(HEARTBEAT);
    // A proxy must not collect events.
    let unbuffered = [
        (HeaderName::from_static("x-accel-buffering"), "no"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((unbuffered, Sse::new(events).keep_alive(alive)).into_response())
}

impl From<LiveError> for Problem {
    fn from(error: LiveError) -> Self {
        match error {
            LiveError::Cursor => Self::new(
                StatusCode::BAD_REQUEST,
                "bad_last_event_id",
                "The Last-Event-ID is none of this stream.",
            ),
            LiveError::TooMany(most) => conflict(
                "too_many_streams",
                "There are too many open streams: close one first.",
            )
            .detail(format!("The most are {most}.")),
            LiveError::Unavailable => Self::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "events_unavailable",
                "The database does not answer now: try again.",
            ),
            LiveError::Database(error) => error.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use kazi_platform::WorkspaceId;
    use uuid::Uuid;

    use super::*;

    #[test]
    fn an_event_needs_the_permission_of_what_it_is_about() {
        let key = Principal::ApiKey {
            key: Uuid::nil(),
            workspace: WorkspaceId::from(Uuid::nil()),
            scopes: vec![Permission::EVENTS_READ, Permission::TICKETS_READ],
        };
        let event = |kind: &str| LiveEvent {
            id: 1,
            kind: kind.to_owned(),
            data: serde_json::Value::Null,
            created_at: chrono::DateTime::UNIX_EPOCH,
            cursor: "1-0".parse().unwrap(),
        };
        assert!(may_see(&key, &event("ticket.created")));
        for other in [
            "message.received",
            "payment.changed",
            "unheard.of",
            "ticket",
        ] {
            assert!(!may_see(&key, &event(other)), "{other}");
        }
    }
}
