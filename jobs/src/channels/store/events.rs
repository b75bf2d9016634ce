//! SQL of webhook events.

use kazi_platform::Timestamp;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{
    Work,
    channels::{ChannelId, Event, NewEvent, RecentEvent, UnroutedEvent, WebhookEventId},
};

/// Counts all stored messages of customers.
pub async fn count_messages(conn: &mut PgConnection) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(r#"SELECT count(*) AS "n!" FROM webhook_events WHERE kind = 'message'"#)
        .fetch_one(conn)
        .await
}

/// The newest messages and statuses, newest first, with their traces.
pub async fn recent(conn: &mut PgConnection, limit: i64) -> Result<Vec<RecentEvent>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT id AS "id: WebhookEventId", kind, trace, received_at,
                  CASE WHEN kind = 'status' THEN payload::text END AS status
           FROM webhook_events WHERE kind IN ('message', 'status') ORDER BY id DESC LIMIT $1"#,
        limit
    )
    .fetch_all(conn)
    .await?;
    let events = rows.into_iter().map(|row| RecentEvent {
        id: row.id,
        kind: row.kind,
        trace: row.trace,
        received_at: row.received_at,
        // Both providers have this field. PostgreSQL does not read it, because JSON can contain text that PostgreSQL
        // refuses.
        status: row.status.and_then(|payload| {
            let payload: serde_json::Value = serde_json::from_str(&payload).ok()?;
            Some(payload["status"].as_str()?.to_owned())
        }),
    });
    Ok(events.collect())
}

/// Stores events whose keys were not stored before, and returns their ids. The keys must be distinct.
pub(crate) async fn insert_events(
    conn: &mut PgConnection,
    now: Timestamp,
    events: &[(WebhookEventId, &NewEvent)],
) -> Result<Vec<WebhookEventId>, sqlx::Error> {
    let all = |text: fn(&NewEvent) -> String| {
        events
            .iter()
            .map(|(_, event)| text(event))
            .collect::<Vec<String>>()
    };
    let workspaces: Vec<Option<Uuid>> = events
        .iter()
        .map(|(_, e)| e.route.map(|(id, _)| id.uuid()))
        .collect();
    let channels: Vec<Option<Uuid>> = events
        .iter()
        .map(|(_, e)| e.route.map(|(_, id)| id.uuid()))
        .collect();
    // The keys are taken in their order, so that two transactions with the same keys wait for each other and do not deadlock.
    sqlx::query_scalar!(
        r#"WITH e AS MATERIALIZED (
               SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[],
                                    $8::text[], $9::text[])
                      AS e(id, workspace_id, channel_id, provider, kind, external_id, key, trace, payload)
           ), taken AS (
               INSERT INTO webhook_keys (provider, key) SELECT provider, key FROM e ORDER BY provider, key
               ON CONFLICT DO NOTHING RETURNING provider, key
           )
           INSERT INTO webhook_events (id, workspace_id, channel_id, provider, kind, external_id, provider_event_id,
                                       trace, payload, received_at)
           SELECT id, workspace_id, channel_id, provider, kind, external_id, key, trace, payload::json, $10
           FROM e JOIN taken USING (provider, key)
           RETURNING id AS "id: WebhookEventId""#,
        &events.iter().map(|(id, _)| id.uuid()).collect::<Vec<_>>(),
        &workspaces as &[Option<Uuid>],
        &channels as &[Option<Uuid>],
        &all(|event| event.provider.name().into()),
        &all(|event| event.kind.name().into()),
        &all(|event| event.external_id.clone()),
        &all(|event| event.key.clone()),
        &all(|event| event.trace.to_string()),
        &all(|event| event.payload.clone()),
        now
    )
    .fetch_all(conn)
    .await
}

/// Returns `None` for an event that is too old.
pub async fn event(work: &mut Work, id: WebhookEventId) -> Result<Option<Event>, sqlx::Error> {
    Ok(events(work, &[id]).await?.pop())
}

/// Events of a workspace in the order of their arrival, without those that are too old.
pub async fn events(work: &mut Work, ids: &[WebhookEventId]) -> Result<Vec<Event>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT id AS "id: WebhookEventId", channel_id AS "channel: ChannelId", provider, payload::text AS "payload!",
                  received_at
           FROM webhook_events WHERE workspace_id = $1 AND id = ANY($2) ORDER BY id"#,
        work.workspace().uuid(),
        &ids.iter().map(|id| id.uuid()).collect::<Vec<_>>()
    )
    .fetch_all(work.conn())
    .await?;
    Ok(rows
        .into_iter()
        .filter_map(|row| {
            Some(Event {
                id: row.id,
                workspace: work.workspace(),
                channel: row.channel?,
                provider: row.provider.parse().ok()?,
                payload: row.payload,
                received_at: row.received_at,
            })
        })
        .collect())
}

/// Events of unknown channels, newest first.
pub async fn unrouted(
    conn: &mut PgConnection,
    limit: i64,
) -> Result<Vec<UnroutedEvent>, sqlx::Error> {
    sqlx::query_as!(
        UnroutedEvent,
        r#"SELECT id AS "id: WebhookEventId", provider, kind, external_id, received_at
           FROM webhook_events WHERE channel_id IS NULL ORDER BY id DESC LIMIT $1"#,
        limit
    )
    .fetch_all(conn)
    .await
}

pub(in crate::channels) async fn forget_keys(
    conn: &mut PgConnection,
    before: Timestamp,
) -> Result<u64, sqlx::Error> {
    let done = sqlx::query!(
        "DELETE FROM webhook_keys WHERE (provider, key) IN
           (SELECT provider, key FROM webhook_keys WHERE received_at < $1 LIMIT 5000)",
        before
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}
