//! SQL of the conversations.

pub(super) mod inbox;
pub(super) mod people;

use std::collections::{BTreeMap, HashMap};

use kazi_platform::{Timestamp, UserId};
use sqlx::{Postgres, QueryBuilder, types::Json};
use uuid::Uuid;

use super::{Conversation, ConversationId, model::State};
use crate::{Work, channels::ChannelId, contacts::ContactId};

/// Begins or finds the conversation with a contact on a channel, and stores the time of the customer's message. A message of
/// the provider itself is no message of the customer, and leaves the 24 hours as they are. `asks` is false for a message
/// that needs no answer. A snooze ends.
pub(crate) async fn open(
    work: &mut Work,
    contact: ContactId,
    channel: ChannelId,
    peer: &str,
    (at, is_written): (Timestamp, bool),
    asks: bool,
) -> Result<Conversation, sqlx::Error> {
    sqlx::query_as!(
        Conversation,
        r#"INSERT INTO conversations AS c (workspace_id, id, contact_id, channel_id, recipient, last_inbound_at, created_at,
                                           last_activity_at, waiting_since, unread)
           VALUES ($1, $2, $3, $4, $5, CASE WHEN $8 THEN $6::timestamptz END, $6, $6,
                   CASE WHEN $7 THEN $6::timestamptz END, 1)
           ON CONFLICT (workspace_id, contact_id, channel_id) WHERE status <> 'closed'
               DO UPDATE SET recipient = $5, last_inbound_at = greatest(c.last_inbound_at, excluded.last_inbound_at),
                             last_activity_at = greatest(c.last_activity_at, $6), unread = c.unread + 1,
                             waiting_since = coalesce(c.waiting_since, excluded.waiting_since), snoozed_until = NULL
           RETURNING id AS "id: ConversationId", contact_id AS "contact: ContactId", channel_id AS "channel: ChannelId",
                     recipient AS peer, status = 'handed_over' AS "handed_over!", quiet_until, assignee_id AS "assignee: UserId", waiting_since"#,
        work.workspace().uuid(),
        ConversationId::at(at).uuid(),
        contact.uuid(),
        channel.uuid(),
        peer,
        at,
        asks,
        is_written
    )
    .fetch_one(work.conn())
    .await
}

/// Begins or finds conversations, and reads when the customers last wrote. Locks them until the transaction ends.
pub(super) async fn reach(
    work: &mut Work,
    peers: &BTreeMap<(ChannelId, ContactId), String>,
) -> Result<HashMap<(ChannelId, ContactId), (Conversation, Option<Timestamp>)>, sqlx::Error> {
    let of = |id: fn(&(ChannelId, ContactId)) -> Uuid| peers.keys().map(id).collect::<Vec<Uuid>>();
    let ids = peers.iter().map(|_| ConversationId::at(work.now()).uuid());
    // The update changes nothing. It locks and returns the row.
    let rows = sqlx::query!(
        r#"INSERT INTO conversations AS c (workspace_id, id, contact_id, channel_id, recipient, created_at, last_activity_at)
           SELECT $1, id, contact, channel, peer, $6, $6
           FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::text[]) AS n(id, channel, contact, peer)
           ORDER BY channel, contact
           ON CONFLICT (workspace_id, contact_id, channel_id) WHERE status <> 'closed'
               DO UPDATE SET recipient = c.recipient
           RETURNING id AS "id: ConversationId", contact_id AS "contact: ContactId", channel_id AS "channel: ChannelId",
                     recipient, status = 'handed_over' AS "handed_over!", quiet_until, assignee_id AS "assignee: UserId", waiting_since, last_inbound_at"#,
        work.workspace().uuid(),
        &ids.collect::<Vec<_>>(),
        &of(|(channel, _)| channel.uuid()),
        &of(|(_, contact)| contact.uuid()),
        &peers.values().cloned().collect::<Vec<_>>(),
        work.now()
    )
    .fetch_all(work.conn())
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let conversation = Conversation {
                id: row.id,
                contact: row.contact,
                channel: row.channel,
                peer: row.recipient,
                handed_over: row.handed_over,
                quiet_until: row.quiet_until,
                assignee: row.assignee,
                waiting_since: row.waiting_since,
            };
            let last_inbound_at = row.last_inbound_at;
            ((row.channel, row.contact), (conversation, last_inbound_at))
        })
        .collect())
}

/// Like [`reach`] for many contacts of one channel, without locks.
pub(super) async fn reach_all(
    work: &mut Work,
    channel: ChannelId,
    contacts: &[(ContactId, String)],
) -> Result<Vec<(Conversation, Option<Timestamp>)>, sqlx::Error> {
    let (contacts, peers): (Vec<Uuid>, Vec<String>) = contacts
        .iter()
        .map(|(contact, peer)| (contact.uuid(), peer.clone()))
        .unzip();
    let ids: Vec<Uuid> = contacts
        .iter()
        .map(|_| ConversationId::at(work.now()).uuid())
        .collect();
    // In the order of the contacts, so that two transactions that begin the same conversations wait for each other and
    // do not deadlock.
    sqlx::query!(
        "INSERT INTO conversations (workspace_id, id, contact_id, channel_id, recipient, created_at, last_activity_at)
         SELECT $1, id, contact, $2, peer, $6, $6 FROM unnest($3::uuid[], $4::uuid[], $5::text[]) AS n(id, contact, peer)
         ORDER BY contact
         ON CONFLICT (workspace_id, contact_id, channel_id) WHERE status <> 'closed' DO NOTHING",
        work.workspace().uuid(),
        channel.uuid(),
        &ids,
        &contacts,
        &peers,
        work.now()
    )
    .execute(work.conn())
    .await?;
    // A second statement, so that it sees what others have begun at the same time. LATERAL: one index look-up for each
    // contact, even when PostgreSQL has no statistics of a new table.
    let rows = sqlx::query!(
        r#"SELECT c.id AS "id: ConversationId", c.contact_id AS "contact: ContactId", c.recipient,
                  c.status = 'handed_over' AS "handed_over!", c.quiet_until, c.assignee_id AS "assignee: UserId", c.waiting_since, c.last_inbound_at
           FROM unnest($3::uuid[]) WITH ORDINALITY AS n(contact, at)
           CROSS JOIN LATERAL (
               SELECT * FROM conversations o
               WHERE o.workspace_id = $1 AND o.contact_id = n.contact AND o.channel_id = $2 AND o.status <> 'closed'
               LIMIT 1
           ) c
           ORDER BY n.at"#,
        work.workspace().uuid(),
        channel.uuid(),
        &contacts
    )
    .fetch_all(work.conn())
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let conversation = Conversation {
                id: row.id,
                contact: row.contact,
                channel,
                peer: row.recipient,
                handed_over: row.handed_over,
                quiet_until: row.quiet_until,
                assignee: row.assignee,
                waiting_since: row.waiting_since,
            };
            (conversation, row.last_inbound_at)
        })
        .collect())
}

pub(crate) async fn get(
    work: &mut Work,
    id: ConversationId,
) -> Result<Option<Conversation>, sqlx::Error> {
    sqlx::query_as!(
        Conversation,
        r#"SELECT id AS "id: ConversationId", contact_id AS "contact: ContactId", channel_id AS "channel: ChannelId",
                  recipient AS peer, status = 'handed_over' AS "handed_over!", quiet_until, assignee_id AS "assignee: UserId", waiting_since
           FROM conversations WHERE workspace_id = $1 AND id = $2"#,
        work.workspace().uuid(),
        id.uuid()
    )
    .fetch_optional(work.conn())
    .await
}

/// Returns the conversation with a contact on a channel, and begins one if there is none. Unlike [`open`] it leaves the
/// 24 hours closed, because the business has written and not the contact.
pub(crate) async fn begin(
    work: &mut Work,
    contact: ContactId,
    channel: ChannelId,
    peer: &str,
) -> Result<Option<Conversation>, sqlx::Error> {
    let peers = BTreeMap::from([((channel, contact), peer.to_owned())]);
    let mut found = reach(work, &peers).await?;
    let found = found.remove(&(channel, contact));
    Ok(found.map(|(conversation, _)| conversation))
}

/// Gives the open conversations of a contact a new address, where they have this one. Returns them.
pub(crate) async fn readdress(
    work: &mut Work,
    contact: ContactId,
    from: &str,
    to: &str,
) -> Result<Vec<ConversationId>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"UPDATE conversations SET recipient = $4, updated_at = now()
           WHERE workspace_id = $1 AND contact_id = $2 AND recipient = $3 AND status <> 'closed'
           RETURNING id AS "id: ConversationId""#,
        work.workspace().uuid(),
        contact.uuid(),
        from,
        to
    )
    .fetch_all(work.conn())
    .await
}

/// Makes the bot silent until this time. A later time that is already set stays.
pub(crate) async fn keep_quiet(
    work: &mut Work,
    id: ConversationId,
    until: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE conversations SET quiet_until = greatest(quiet_until, $3), updated_at = now()
         WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        id.uuid(),
        until
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Stores that the customer is told until when the business is closed. Returns false when the customer knows: they were told
/// of a time that has not passed.
pub(crate) async fn tell_closed(
    work: &mut Work,
    id: ConversationId,
    until: Timestamp,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "UPDATE conversations SET told_closed_until = $3
         WHERE workspace_id = $1 AND id = $2 AND (told_closed_until > $4) IS NOT TRUE",
        work.workspace().uuid(),
        id.uuid(),
        until,
        work.now()
    )
    .execute(work.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Hands a conversation to a person, or back to the bot. The latter also ends the bot's silence.
pub(crate) async fn set_handed_over(
    work: &mut Work,
    id: ConversationId,
    handed_over: bool,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE conversations SET status = CASE WHEN $3 THEN 'handed_over' ELSE 'open' END,
                quiet_until = CASE WHEN $3 THEN quiet_until END, updated_at = now()
         WHERE workspace_id = $1 AND id = $2 AND status <> 'closed'",
        work.workspace().uuid(),
        id.uuid(),
        handed_over
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

pub(crate) async fn state(work: &mut Work, id: ConversationId) -> Result<State, sqlx::Error> {
    let state = sqlx::query_scalar!(
        r#"SELECT step AS "step: Json<State>" FROM bot_states WHERE workspace_id = $1 AND conversation_id = $2"#,
        work.workspace().uuid(),
        id.uuid()
    )
    .fetch_optional(work.conn())
    .await?;
    Ok(state.map(|Json(state)| state).unwrap_or_default())
}

pub(crate) async fn set_state(
    work: &mut Work,
    id: ConversationId,
    state: &State,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO bot_states (workspace_id, conversation_id, step) VALUES ($1, $2, $3)
         ON CONFLICT (workspace_id, conversation_id) DO UPDATE SET step = $3, updated_at = now()",
        work.workspace().uuid(),
        id.uuid(),
        Json(state) as _
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Pushes ` LEFT JOIN LATERAL (…)`: the column `last_inbound_at` under a name, of the conversation whose id stands in the
/// column `id`. After this time its contact has written nothing.
pub fn push_last_inbound(sql: &mut QueryBuilder<Postgres>, id: &str, name: &str) {
    sql.push(format_args!(
        " LEFT JOIN LATERAL (SELECT l.last_inbound_at FROM conversations l
            WHERE l.workspace_id = current_workspace() AND l.id = {id}) AS {name} ON true"
    ));
}
