//! SQL of many messages at once.

use kazi_platform::{Timestamp, WorkspaceId};
use kazi_queue::trace::{self, TraceId};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{
    campaigns::CampaignId,
    channels::ChannelId,
    messages::{Cause, MessageId, NewBulk, Outcome, Tally, model},
};

/// Those that were new.
pub async fn insert(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    channel: ChannelId,
    campaign: CampaignId,
    messages: &[NewBulk],
    now: Timestamp,
) -> Result<Vec<MessageId>, sqlx::Error> {
    let uuids = |of: fn(&NewBulk) -> Uuid| messages.iter().map(of).collect::<Vec<_>>();
    let texts = |of: fn(&NewBulk) -> String| messages.iter().map(of).collect::<Vec<_>>();
    sqlx::query_scalar!(
        r#"INSERT INTO messages (workspace_id, id, conversation_id, contact_id, channel_id, peer, direction, kind, body,
                                 content, cause, status, trace, created_at, campaign_id)
           SELECT $1, w.id, w.conversation_id, w.contact_id, $2, w.peer, 'out', w.kind, w.body, w.content::jsonb, $3,
                  'queued', $4, $5, $6
           FROM unnest($7::uuid[], $8::uuid[], $9::uuid[], $10::text[], $11::text[], $12::text[], $13::text[])
                AS w(id, conversation_id, contact_id, peer, kind, body, content)
           ON CONFLICT DO NOTHING
           RETURNING id AS "id: MessageId""#,
        workspace.uuid(),
        channel.uuid(),
        Cause::Campaign.name(),
        trace::current().as_ref().map(TraceId::to_string),
        now,
        campaign.uuid(),
        &uuids(|message| message.id.uuid()),
        &uuids(|message| message.conversation.uuid()),
        &uuids(|message| message.contact.uuid()),
        &texts(|message| message.peer.clone()),
        &texts(|message| model::kind(&message.body).to_owned()),
        &texts(|message| model::readable(&message.body)),
        &texts(|message| serde_json::to_string(&message.body).unwrap_or_default())
    )
    .fetch_all(conn)
    .await
}

pub async fn waiting(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    campaign: CampaignId,
) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!" FROM messages
           WHERE workspace_id = $1 AND campaign_id = $2 AND status IN ('queued', 'sending') AND tries = 0"#,
        workspace.uuid(),
        campaign.uuid()
    )
    .fetch_one(conn)
    .await
}

pub async fn withdraw(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    campaign: CampaignId,
) -> Result<Vec<MessageId>, sqlx::Error> {
    // Tried before: the provider had it once, and that must not be forgotten.
    sqlx::query_scalar!(
        r#"DELETE FROM messages WHERE workspace_id = $1 AND campaign_id = $2 AND status = 'queued' AND tries = 0
           RETURNING id AS "id: MessageId""#,
        workspace.uuid(),
        campaign.uuid()
    )
    .fetch_all(conn)
    .await
}

/// As [`withdraw`], one.
pub async fn take_back(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    id: MessageId,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "DELETE FROM messages WHERE id = $1 AND workspace_id = $2 AND status = 'queued'",
        id.uuid(),
        workspace.uuid()
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

pub async fn tally(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    campaign: CampaignId,
) -> Result<Vec<Tally>, sqlx::Error> {
    sqlx::query_as!(
        Tally,
        r#"SELECT m.status, CASE WHEN m.status = 'failed' THEN m.error_code END AS error_code, count(*) AS "messages!",
                  count(*) FILTER (WHERE EXISTS (
                      SELECT FROM messages r WHERE r.workspace_id = m.workspace_id AND r.conversation_id = m.conversation_id
                        AND r.id > m.id AND r.direction = 'in' AND r.created_at < m.created_at + interval '7 days'
                  )) AS "replied!"
           FROM messages m WHERE m.workspace_id = $1 AND m.campaign_id = $2 GROUP BY 1, 2"#,
        workspace.uuid(),
        campaign.uuid()
    )
    .fetch_all(conn)
    .await
}

pub async fn outcomes(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    ids: &[MessageId],
) -> Result<Vec<Outcome>, sqlx::Error> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
    sqlx::query_as!(
        Outcome,
        r#"SELECT id AS "id: MessageId", status, error_code, sending_at, delivered_at, read_at
           FROM messages WHERE workspace_id = $1 AND id = ANY($2)"#,
        workspace.uuid(),
        &ids
    )
    .fetch_all(conn)
    .await
}
