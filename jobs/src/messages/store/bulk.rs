//! SQL for many messages at once.

use std::collections::{BTreeMap, HashSet};

use kazi_platform::WorkspaceId;
use kazi_queue::trace::{self, TraceId};
use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::messages::{Cause, MessageId, NewOutbound, model};

/// Writes messages down that are to be sent; answers those that were not there yet.
pub(in crate::messages) async fn insert_out(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    all: &[NewOutbound<'_>],
) -> Result<HashSet<MessageId>, sqlx::Error> {
    let ids = |id: fn(&NewOutbound<'_>) -> Uuid| all.iter().map(id).collect::<Vec<Uuid>>();
    let texts =
        |text: fn(&NewOutbound<'_>) -> String| all.iter().map(text).collect::<Vec<String>>();
    let contents: Vec<Value> = all
        .iter()
        .map(|new| serde_json::to_value(new.body))
        .collect::<Result<_, _>>()
        .map_err(|error| sqlx::Error::Encode(error.into()))?;
    let new = sqlx::query_scalar!(
        r#"INSERT INTO messages (workspace_id, id, conversation_id, contact_id, channel_id, peer, direction, kind, body,
                                 content, cause, status, trace, created_at)
           SELECT $1, id, conversation, contact, channel, peer, 'out', kind, body, content, cause, 'queued', $11, at
           FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::text[], $7::text[], $8::text[], $9::jsonb[],
                       $10::text[], $12::timestamptz[])
                AS n(id, conversation, contact, channel, peer, kind, body, content, cause, at)
           ON CONFLICT DO NOTHING RETURNING id AS "id: MessageId""#,
        workspace.uuid(),
        &ids(|new| new.id.uuid()),
        &ids(|new| new.conversation.id.uuid()),
        &ids(|new| new.conversation.contact.uuid()),
        &ids(|new| new.conversation.channel.uuid()),
        &texts(|new| new.conversation.peer.clone()),
        &texts(|new| model::kind(new.body).to_owned()),
        &texts(|new| model::readable(new.body)),
        &contents,
        &texts(|new| new.cause.name().to_owned()),
        trace::current().as_ref().map(TraceId::to_string),
        &all.iter().map(|new| new.at).collect::<Vec<_>>()
    )
    .fetch_all(conn)
    .await?;
    Ok(new.into_iter().collect())
}

/// How many messages of a cause stand where, by status.
///
/// # Errors
/// The database failed.
pub async fn progress(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    cause: Cause,
) -> Result<BTreeMap<String, i64>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT status, count(*) AS "n!" FROM messages
           WHERE workspace_id = $1 AND cause = $2 AND direction = 'out' GROUP BY status"#,
        workspace.uuid(),
        cause.name()
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.status, row.n)).collect())
}
