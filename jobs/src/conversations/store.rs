//! SQL of the conversations.

pub(super) mod people;

use kazi_platform::{Timestamp, WorkspaceId};
use sqlx::{PgConnection, types::Json};
use uuid::Uuid;

use super::{Conversation, ConversationId, Reached, model::State};
use crate::{channels::ChannelId, contacts::ContactId};

/// The conversation with a contact on a channel, begun if there is none, with the time of the customer's message.
pub(super) async fn open(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    contact: ContactId,
    channel: ChannelId,
    peer: &str,
    now: Timestamp,
) -> Result<Conversation, sqlx::Error> {
    sqlx::query_as!(
        Conversation,
        r#"INSERT INTO conversations AS c (workspace_id, id, contact_id, channel_id, recipient, last_inbound_at, created_at)
           VALUES ($1, $2, $3, $4, $5, $6, $6)
           ON CONFLICT (workspace_id, contact_id, channel_id) WHERE status <> 'closed'
               DO UPDATE SET recipient = $5, last_inbound_at = greatest(c.last_inbound_at, $6), updated_at = $6
           RETURNING id AS "id: ConversationId", contact_id AS "contact: ContactId", channel_id AS "channel: ChannelId",
                     recipient AS peer, status = 'handed_over' AS "handed_over!""#,
        workspace.uuid(),
        ConversationId::at(now).uuid(),
        contact.uuid(),
        channel.uuid(),
        peer,
        now
    )
    .fetch_one(conn)
    .await
}

/// The conversation with a contact on a channel, begun if there is none, and when the customer last wrote in it.
pub(super) async fn reach(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    contact: ContactId,
    channel: ChannelId,
    peer: &str,
    now: Timestamp,
) -> Result<(Conversation, Option<Timestamp>), sqlx::Error> {
    // The update changes nothing: it is there for the row to be answered.
    let row = sqlx::query!(
        r#"INSERT INTO conversations AS c (workspace_id, id, contact_id, channel_id, recipient, created_at)
           VALUES ($1, $2, $3, $4, $5, $6)
           ON CONFLICT (workspace_id, contact_id, channel_id) WHERE status <> 'closed'
               DO UPDATE SET recipient = c.recipient
           RETURNING id AS "id: ConversationId", recipient, status = 'handed_over' AS "handed_over!", last_inbound_at"#,
        workspace.uuid(),
        ConversationId::at(now).uuid(),
        contact.uuid(),
        channel.uuid(),
        peer,
        now
    )
    .fetch_one(conn)
    .await?;
    let conversation = Conversation {
        id: row.id,
        contact,
        channel,
        peer: row.recipient,
        handed_over: row.handed_over,
    };
    Ok((conversation, row.last_inbound_at))
}

/// Those with many contacts, begun where there are none.
pub(super) async fn reach_all(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    channel: ChannelId,
    peers: &[(ContactId, String)],
    now: Timestamp,
) -> Result<Vec<Reached>, sqlx::Error> {
    let contacts: Vec<Uuid> = peers.iter().map(|(contact, _)| contact.uuid()).collect();
    let ids: Vec<Uuid> = peers.iter().map(|_| ConversationId::at(now).uuid()).collect();
    let recipients: Vec<String> = peers.iter().map(|(_, peer)| peer.clone()).collect();
    // Most are there already, and are not touched. In the order of the contacts: two broadcasts wait for each other in
    // turn.
    sqlx::query!(
        "INSERT INTO conversations (workspace_id, id, contact_id, channel_id, recipient, created_at)
         SELECT $1, w.id, w.contact_id, $2, w.recipient, $3
         FROM unnest($4::uuid[], $5::uuid[], $6::text[]) AS w(id, contact_id, recipient)
         WHERE NOT EXISTS (SELECT FROM conversations c WHERE c.workspace_id = $1 AND c.contact_id = w.contact_id
                             AND c.channel_id = $2 AND c.status <> 'closed')
         ORDER BY w.contact_id
         ON CONFLICT (workspace_id, contact_id, channel_id) WHERE status <> 'closed' DO NOTHING",
        workspace.uuid(),
        channel.uuid(),
        now,
        &ids,
        &contacts,
        &recipients
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query_as!(
        Reached,
        r#"SELECT contact_id AS "contact: ContactId", id AS "conversation: ConversationId", recipient AS peer
           FROM conversations
           WHERE workspace_id = $1 AND channel_id = $2 AND status <> 'closed' AND contact_id = ANY($3)"#,
        workspace.uuid(),
        channel.uuid(),
        &contacts
    )
    .fetch_all(conn)
    .await
}

pub(super) async fn get(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    id: ConversationId,
) -> Result<Option<Conversation>, sqlx::Error> {
    sqlx::query_as!(
        Conversation,
        r#"SELECT id AS "id: ConversationId", contact_id AS "contact: ContactId", channel_id AS "channel: ChannelId",
                  recipient AS peer, status = 'handed_over' AS "handed_over!"
           FROM conversations WHERE workspace_id = $1 AND id = $2"#,
        workspace.uuid(),
        id.uuid()
    )
    .fetch_optional(conn)
    .await
}

pub(super) async fn set_handed_over(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    id: ConversationId,
    handed_over: bool,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE conversations SET status = CASE WHEN $3 THEN 'handed_over' ELSE 'open' END, updated_at = now()
         WHERE workspace_id = $1 AND id = $2 AND status <> 'closed'",
        workspace.uuid(),
        id.uuid(),
        handed_over
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub(super) async fn state(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    id: ConversationId,
) -> Result<State, sqlx::Error> {
    let state = sqlx::query_scalar!(
        r#"SELECT step AS "step: Json<State>" FROM bot_states WHERE workspace_id = $1 AND conversation_id = $2"#,
        workspace.uuid(),
        id.uuid()
    )
    .fetch_optional(conn)
    .await?;
    Ok(state.map(|Json(state)| state).unwrap_or_default())
}

pub(super) async fn set_state(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    id: ConversationId,
    state: &State,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO bot_states (workspace_id, conversation_id, step) VALUES ($1, $2, $3)
         ON CONFLICT (workspace_id, conversation_id) DO UPDATE SET step = $3, updated_at = now()",
        workspace.uuid(),
        id.uuid(),
        Json(state) as _
    )
    .execute(conn)
    .await?;
    Ok(())
}
