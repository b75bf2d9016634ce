//! SQL of the messages.

pub(super) mod bulk;
pub(super) mod campaign;
pub(super) mod changes;
pub(super) mod charges;
pub(super) mod inbox;
pub(super) mod lost;
pub(super) mod people;
pub(super) mod reached;
mod refusal;
pub(super) mod written;

use kazi_clients::whatsapp::Body;
use kazi_platform::{Timestamp, WorkspaceId, without_nul};
use kazi_queue::{
    JobId,
    trace::{self, TraceId},
};
use sqlx::{PgConnection, types::Json};
use uuid::Uuid;

use super::{
    Cause, MessageView, NewInbound, NewOutbound, Outgoing, PastTurn, Status, StatusUpdate, model,
};
use crate::{
    Work,
    channels::ChannelId,
    contacts::ContactId,
    conversations::{ConversationId, MessageId},
    messages::CampaignId,
};
use charges::Charge;
pub(super) use refusal::{become_dead_letter, fail, refusable, send_again};

/// Stores an inbound message. Returns `false` when it is stored already.
pub(super) async fn record_in(work: &mut Work, new: &NewInbound<'_>) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "INSERT INTO messages (workspace_id, id, conversation_id, contact_id, channel_id, peer, direction, kind, body,
                               content, cause, status, provider_id, trace, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, 'in', $7, $8, $9, 'customer', 'received', $10, $11, $12)
         ON CONFLICT DO NOTHING",
        work.workspace().uuid(),
        new.id.uuid(),
        new.conversation.id.uuid(),
        new.conversation.contact.uuid(),
        new.conversation.channel.uuid(),
        new.conversation.peer,
        new.kind,
        without_nul(new.body),
        new.content,
        new.provider_id,
        new.trace.to_string(),
        new.at
    )
    .execute(work.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

pub(super) async fn insert_out(
    work: &mut Work,
    new: &NewOutbound<'_>,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "INSERT INTO messages (workspace_id, id, conversation_id, contact_id, channel_id, peer, direction, kind, body,
                               content, cause, status, trace, created_at, author_id)
         VALUES ($1, $2, $3, $4, $5, $6, 'out', $7, $8, $9, $10, 'queued', $11, $12, $13)
         ON CONFLICT DO NOTHING",
        work.workspace().uuid(),
        new.id.uuid(),
        new.conversation.id.uuid(),
        new.conversation.contact.uuid(),
        new.conversation.channel.uuid(),
        new.conversation.peer,
        model::kind(new.body),
        model::readable(new.body),
        Json(new.body) as _,
        new.cause.name(),
        trace::current().as_ref().map(TraceId::to_string),
        new.at,
        author(work, new.cause)
    )
    .execute(work.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The member or the key that writes an agent's message.
fn author(work: &Work, cause: Cause) -> Option<Uuid> {
    work.actor().id.filter(|_| cause == Cause::Agent)
}

pub(super) async fn outgoing(
    work: &mut Work,
    id: MessageId,
) -> Result<Option<Outgoing>, sqlx::Error> {
    let row = sqlx::query!(
        r#"SELECT contact_id AS "contact: ContactId", channel_id AS "channel: ChannelId", peer,
                  content AS "content: Json<Body>", status, sending_at, created_at, send_after, dead_letter,
                  error_code, error_detail, campaign_id AS "campaign: CampaignId"
           FROM messages WHERE id = $1 AND workspace_id = $2 AND direction = 'out'"#,
        id.uuid(),
        work.workspace().uuid()
    )
    .fetch_optional(work.conn())
    .await?;
    row.map(|row| {
        Ok(Outgoing {
            contact: row.contact,
            channel: row.channel,
            peer: row.peer,
            body: row.content.0,
            status: status(&row.status)?,
            sending_at: row.sending_at,
            created_at: row.created_at,
            send_after: row.send_after,
            dead_letter: row.dead_letter,
            error_code: row.error_code,
            error_detail: row.error_detail,
            campaign: row.campaign,
        })
    })
    .transpose()
}

fn status(stored: &str) -> Result<Status, sqlx::Error> {
    stored.parse().map_err(sqlx::Error::decode)
}

/// Announces a request before it leaves. Returns `None` when the message has moved on: of two jobs that both waited
/// for a webhook, one goes on. Else the credits that it has given back by failing, and must reserve again.
pub(super) async fn mark_sending(
    work: &mut Work,
    id: MessageId,
    from: &Outgoing,
) -> Result<Option<i32>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"WITH before AS (
               SELECT id, status, charged FROM messages
               WHERE id = $1 AND workspace_id = $2 AND status = $4 AND sending_at IS NOT DISTINCT FROM $5 FOR UPDATE
           )
           UPDATE messages m SET status = 'sending', sending_at = $3, send_after = NULL, dead_letter = NULL,
                                 provider_id = NULL, accepted_at = NULL, sent_at = NULL,
                                 tries = CASE WHEN before.status = 'failed' THEN 0 ELSE m.tries END,
                                 failed_at = NULL, error_code = NULL, error_detail = NULL
           FROM before WHERE m.id = before.id AND m.workspace_id = $2
           RETURNING CASE WHEN before.status = 'failed' AND NOT before.charged THEN coalesce(m.credits, 0) ELSE 0 END
                     AS "credits!""#,
        id.uuid(),
        work.workspace().uuid(),
        work.now(),
        from.status.name(),
        from.sending_at
    )
    .fetch_optional(work.conn())
    .await
}

/// Locks the message. Returns true when it still waits for the answer to the request of `at`.
pub(super) async fn is_sending(
    work: &mut Work,
    id: MessageId,
    at: Timestamp,
) -> Result<bool, sqlx::Error> {
    let row = sqlx::query_scalar!(
        r#"SELECT true AS "is!" FROM messages
           WHERE id = $1 AND workspace_id = $2 AND status = 'sending' AND sending_at = $3 FOR UPDATE"#,
        id.uuid(),
        work.workspace().uuid(),
        at
    )
    .fetch_optional(work.conn())
    .await?;
    Ok(row.is_some())
}

/// Queues the message again, because its request did not arrive.
pub(super) async fn requeue(
    work: &mut Work,
    id: MessageId,
    body: &Body,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE messages SET status = 'queued', sending_at = NULL, kind = $3, content = $4
         WHERE id = $1 AND workspace_id = $2 AND status = 'sending'",
        id.uuid(),
        work.workspace().uuid(),
        model::kind(body),
        Json(body) as _
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Finds a message by the provider's id. Green API's ids are unique only within a chat.
pub(super) async fn by_provider_id(
    work: &mut Work,
    channel: ChannelId,
    provider_id: &str,
) -> Result<Vec<(MessageId, String)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT id AS "id: MessageId", peer FROM messages
           WHERE workspace_id = $1 AND channel_id = $2 AND provider_id = $3 AND direction = 'out' AND cause <> 'agent'
           ORDER BY id DESC LIMIT 100"#,
        work.workspace().uuid(),
        channel.uuid(),
        provider_id
    )
    .fetch_all(work.conn())
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.peer)).collect())
}

/// Returns true when a message may have this provider's id: its request may have left without an answer, or its answer
/// has come since [`by_provider_id`] looked. One statement checks both, so that none slips through.
pub(super) async fn may_be_ours(
    work: &mut Work,
    channel: ChannelId,
    provider_id: &str,
    peer: Option<&str>,
) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM messages WHERE workspace_id = $1 AND channel_id = $2 AND status = 'sending'
                            AND direction = 'out' AND accepted_at IS NULL AND failed_at IS NULL
                            AND ($4::text IS NULL OR peer = $4))
               OR EXISTS (SELECT FROM messages WHERE workspace_id = $1 AND channel_id = $2 AND provider_id = $3
                            AND direction = 'out' AND cause <> 'agent') AS "may!""#,
        work.workspace().uuid(),
        channel.uuid(),
        provider_id,
        peer
    )
    .fetch_one(work.conn())
    .await
}

/// The messages with this text whose answer was lost, with their chats, the oldest first.
pub(super) async fn sending(
    work: &mut Work,
    channel: ChannelId,
    text: &str,
) -> Result<Vec<(MessageId, String)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT id AS "id: MessageId", peer FROM messages
           WHERE workspace_id = $1 AND channel_id = $2 AND status = 'sending' AND body = $3
             AND direction = 'out' AND accepted_at IS NULL AND failed_at IS NULL
           ORDER BY id LIMIT 1000"#,
        work.workspace().uuid(),
        channel.uuid(),
        text
    )
    .fetch_all(work.conn())
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.peer)).collect())
}

/// Moves a message forward if the status is new, and stores its time in any case. Returns `false` when the channel has
/// no such message.
pub(super) async fn apply(
    work: &mut Work,
    id: MessageId,
    update: &StatusUpdate<'_>,
) -> Result<bool, sqlx::Error> {
    use Status::{Accepted, Delivered, Failed, Queued, Read, Sending, Sent};
    let from: Vec<String> = [Queued, Sending, Accepted, Sent, Delivered, Read, Failed]
        .into_iter()
        .filter(|status| status.may_become(update.status))
        .map(|status| status.name().to_owned())
        .collect();
    let done = sqlx::query!(
        r#"WITH before AS (
               SELECT id, workspace_id, status, dead_letter, status = 'failed' AND 'failed' = ANY($4) AS arrived,
                      accepted_at IS NULL AND NOT charged AND cause = ANY($8) AS charge
               FROM messages
               WHERE id = $1 AND workspace_id = $2 AND channel_id = $3 AND direction = 'out'
                 -- Refused since, and waits to be sent again: that the request before had been sent moves nothing.
                 AND NOT (status = 'queued' AND tries > 0 AND $5 = 'sent')
               FOR UPDATE
           )
           UPDATE messages m SET
               status = CASE WHEN before.status = ANY($4) THEN $5 ELSE before.status END,
               provider_id = coalesce(provider_id, $6),
               accepted_at = coalesce(accepted_at, $7),
               sent_at = CASE WHEN $5 = 'sent' THEN coalesce(sent_at, $7) ELSE sent_at END,
               delivered_at = CASE WHEN $5 = 'delivered' THEN coalesce(delivered_at, $7) ELSE delivered_at END,
               read_at = CASE WHEN $5 = 'read' THEN coalesce(read_at, $7) ELSE read_at END,
               failed_at = CASE WHEN NOT before.arrived THEN failed_at END,
               error_code = CASE WHEN NOT before.arrived THEN error_code END,
               error_detail = CASE WHEN NOT before.arrived THEN error_detail END,
               dead_letter = CASE WHEN NOT before.arrived THEN m.dead_letter END,
               charged = charged OR before.charge
           FROM before WHERE m.id = before.id AND m.workspace_id = before.workspace_id
           RETURNING CASE WHEN before.arrived THEN before.dead_letter END AS dead_letter, before.charge AS "charge!",
                     CASE WHEN m.credits > 0 THEN m.campaign_id END AS "metered: CampaignId",
                     coalesce(m.credits, 0)::bigint AS "credits!", before.status = 'failed' AS "late!""#,
        id.uuid(),
        work.workspace().uuid(),
        update.channel.uuid(),
        &from,
        update.status.name(),
        update.provider_id,
        update.at,
        &model::pushes()
    )
    .fetch_optional(work.conn())
    .await?;
    if let Some(done) = done {
        if done.charge {
            let charge = Charge {
                workspace: work.workspace(),
                metered: done.metered,
                messages: 1,
                credits: done.credits,
                late: done.late,
            };
            charges::note_charges(work, &[charge]).await?;
        }
        forget_dead_letter(work, done.dead_letter).await?;
        return Ok(true);
    }
    // The message exists, and the status was not new.
    let there = outgoing(work, id).await?;
    Ok(there.is_some_and(|message| message.channel == update.channel))
}

/// Deletes the dead letter of a message that has arrived after all, so that nobody sends it again.
async fn forget_dead_letter(work: &mut Work, job: Option<i64>) -> Result<(), sqlx::Error> {
    // 0: the job that becomes the dead letter has not run yet. It will find the message delivered.
    if let Some(job) = job.filter(|job| *job > 0) {
        kazi_queue::inspect::cancel(work.conn(), JobId(job)).await?;
        tracing::info!(
            job.id = job,
            "a message has arrived whose failure was told before: its dead letter is gone"
        );
    }
    Ok(())
}

pub async fn body_of(work: &mut Work, id: MessageId) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar!(
        "SELECT body FROM messages WHERE id = $1 AND workspace_id = $2",
        id.uuid(),
        work.workspace().uuid()
    )
    .fetch_optional(work.conn())
    .await
}

/// The last messages of a conversation up to a given one, oldest first.
pub async fn turns(
    work: &mut Work,
    conversation: ConversationId,
    until: MessageId,
    limit: i64,
) -> Result<Vec<PastTurn>, sqlx::Error> {
    let mut turns = sqlx::query_as!(
        PastTurn,
        r#"SELECT id AS "id: MessageId", direction = 'in' AS "inbound!", body
           FROM messages WHERE workspace_id = $1 AND conversation_id = $2 AND id <= $3 AND body <> ''
             -- An edit is in the message that it changes, and what was deleted is not to be known any more.
             AND kind NOT IN ('edit', 'revoke', 'reaction', 'system') AND content -> 'deleted' IS NULL
           ORDER BY id DESC LIMIT $4"#,
        work.workspace().uuid(),
        conversation.uuid(),
        until.uuid(),
        limit
    )
    .fetch_all(work.conn())
    .await?;
    turns.reverse();
    Ok(turns)
}

/// The messages of some traces since a time, oldest first.
pub async fn by_traces(
    conn: &mut PgConnection,
    since: Timestamp,
    traces: &[String],
) -> Result<Vec<MessageView>, sqlx::Error> {
    sqlx::query_as!(
        MessageView,
        r#"SELECT id AS "id: MessageId", workspace_id AS "workspace: WorkspaceId",
                  conversation_id AS "conversation: ConversationId", direction, kind, body AS text, cause, status,
                  error_code, trace, created_at, sending_at, accepted_at, sent_at, delivered_at, read_at
           FROM messages WHERE id >= $1 AND trace = ANY($2) ORDER BY id LIMIT 1000"#,
        kazi_platform::ids::first_uuid_of(since),
        traces
    )
    .fetch_all(conn)
    .await
}
