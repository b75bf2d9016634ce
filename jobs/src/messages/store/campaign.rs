//! SQL of a campaign's messages.

use kazi_platform::{Timestamp, ids::first_uuid_of};
use uuid::Uuid;

use crate::{
    Work,
    channels::ChannelId,
    contacts::ContactId,
    conversations::MessageId,
    messages::{CampaignId, Cause, Outcome, Passed, Tally, Withdrawn},
};

pub async fn waiting(
    work: &mut Work,
    campaign: CampaignId,
    since: Timestamp,
) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!" FROM messages
           WHERE workspace_id = $1 AND campaign_id = $2 AND status IN ('queued', 'sending') AND tries = 0
             -- Says nothing more: it is the condition of the index.
             AND accepted_at IS NULL AND failed_at IS NULL
             AND (status = 'queued' OR sending_at >= $3)"#,
        work.workspace().uuid(),
        campaign.uuid(),
        since
    )
    .fetch_one(work.conn())
    .await
}

pub async fn tests(work: &mut Work, since: Timestamp) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!" FROM messages
           WHERE workspace_id = $1 AND id >= $2 AND created_at >= $3 AND campaign_id IS NULL AND cause = $4"#,
        work.workspace().uuid(),
        first_uuid_of(since),
        since,
        Cause::Campaign.name()
    )
    .fetch_one(work.conn())
    .await
}

pub async fn withdraw(
    work: &mut Work,
    campaigns: &[CampaignId],
) -> Result<Vec<Withdrawn>, sqlx::Error> {
    let campaigns: Vec<Uuid> = campaigns.iter().map(|id| id.uuid()).collect();
    // Tried before: the provider had it once, and that must not be forgotten.
    sqlx::query_as!(
        Withdrawn,
        r#"DELETE FROM messages
           -- In the order of their ids, as the announcements: the two wait for each other and never each for the other.
           USING (SELECT id FROM messages
                  WHERE workspace_id = $1 AND campaign_id = ANY($2) AND status = 'queued' AND tries = 0
                    AND accepted_at IS NULL AND failed_at IS NULL
                  ORDER BY id FOR UPDATE) AS waiting
           WHERE messages.workspace_id = $1 AND messages.id = waiting.id
           RETURNING messages.id AS "message: MessageId", messages.channel_id AS "channel: ChannelId",
                     messages.campaign_id AS "campaign!: CampaignId",
                     CASE WHEN messages.charged THEN 0 * messages.credits ELSE messages.credits END AS credits"#,
        work.workspace().uuid(),
        &campaigns
    )
    .fetch_all(work.conn())
    .await
}

/// Like [`withdraw`], for one contact in several campaigns.
pub async fn withdraw_of(
    work: &mut Work,
    contact: ContactId,
    campaigns: &[CampaignId],
) -> Result<Vec<Withdrawn>, sqlx::Error> {
    let campaigns: Vec<Uuid> = campaigns.iter().map(|id| id.uuid()).collect();
    sqlx::query_as!(
        Withdrawn,
        r#"DELETE FROM messages
           USING (SELECT id FROM messages
                  WHERE workspace_id = $1 AND campaign_id = ANY($2) AND contact_id = $3 AND status = 'queued'
                  ORDER BY id FOR UPDATE) AS waiting
           WHERE messages.workspace_id = $1 AND messages.id = waiting.id
           RETURNING messages.id AS "message: MessageId", messages.channel_id AS "channel: ChannelId",
                     messages.campaign_id AS "campaign!: CampaignId",
                     CASE WHEN messages.charged THEN 0 * messages.credits ELSE messages.credits END AS credits"#,
        work.workspace().uuid(),
        &campaigns,
        contact.uuid()
    )
    .fetch_all(work.conn())
    .await
}

pub async fn strangers_reached(work: &mut Work, since: Timestamp) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT count(DISTINCT m.contact_id) AS "contacts!" FROM messages m
           WHERE m.workspace_id = $1 AND m.id >= $2 AND m.created_at >= $3 AND m.direction = 'out' AND m.kind = 'template'
             AND m.accepted_at IS NOT NULL AND m.status <> 'failed'
             AND NOT EXISTS (SELECT FROM messages r WHERE r.workspace_id = $1 AND r.conversation_id = m.conversation_id
                                AND r.direction = 'in' AND r.created_at <= m.created_at
                                AND r.created_at >= m.created_at - interval '24 hours')"#,
        work.workspace().uuid(),
        first_uuid_of(since),
        since
    )
    .fetch_one(work.conn())
    .await
}

pub async fn tally(work: &mut Work, campaign: CampaignId) -> Result<Vec<Tally>, sqlx::Error> {
    sqlx::query_as!(
        Tally,
        r#"SELECT m.status, CASE WHEN m.status = 'failed' THEN m.error_code END AS error_code, count(*) AS "messages!",
                  count(*) FILTER (WHERE EXISTS (
                      SELECT FROM messages r WHERE r.workspace_id = m.workspace_id AND r.conversation_id = m.conversation_id
                        AND r.id > m.id AND r.direction = 'in' AND r.created_at < m.created_at + interval '24 hours'
                  )) AS "replied!"
           FROM messages m WHERE m.workspace_id = $1 AND m.campaign_id = $2 GROUP BY 1, 2"#,
        work.workspace().uuid(),
        campaign.uuid()
    )
    .fetch_all(work.conn())
    .await
}

/// Counts the newest messages with an answer that were queued since a time, by whether they have failed and the code.
///
/// The index of the times of the workspace's messages finds them: a campaign may have a million older messages.
pub async fn answered(
    work: &mut Work,
    campaign: CampaignId,
    since: Timestamp,
    most: i64,
) -> Result<Vec<(bool, Option<i64>, i64)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT n.failed AS "failed!", n.code, count(*) AS "messages!" FROM (
               SELECT status = 'failed' AS failed, CASE WHEN status = 'failed' THEN error_code END AS code FROM messages
               WHERE workspace_id = $1 AND id >= $2 AND created_at >= $5 AND campaign_id = $3
                 AND status NOT IN ('queued', 'sending')
               ORDER BY created_at DESC, id DESC LIMIT $4) AS n GROUP BY 1, 2"#,
        work.workspace().uuid(),
        first_uuid_of(since),
        campaign.uuid(),
        most,
        since
    )
    .fetch_all(work.conn())
    .await?;
    let rows = rows.into_iter();
    Ok(rows
        .map(|row| (row.failed, row.code, row.messages))
        .collect())
}

pub async fn timeline(
    work: &mut Work,
    campaign: CampaignId,
    unit: &str,
    zone: &str,
    until: Timestamp,
) -> Result<Vec<Passed>, sqlx::Error> {
    // A webhook may be lost: what is read was delivered, and what is delivered was sent.
    sqlx::query_as!(
        Passed,
        r#"SELECT date_trunc($3, w.at, $4) AS "at!", count(*) FILTER (WHERE w.step = 1) AS "sent!",
                  count(*) FILTER (WHERE w.step = 2) AS "delivered!", count(*) FILTER (WHERE w.step = 3) AS "read!"
           FROM messages m CROSS JOIN LATERAL (VALUES
               (1, coalesce(m.sent_at, m.delivered_at, m.read_at)), (2, coalesce(m.delivered_at, m.read_at)), (3, m.read_at)
           ) AS w(step, at)
           WHERE m.workspace_id = $1 AND m.campaign_id = $2 AND w.at < $5 GROUP BY 1"#,
        work.workspace().uuid(),
        campaign.uuid(),
        unit,
        zone,
        until
    )
    .fetch_all(work.conn())
    .await
}

pub async fn outcomes(work: &mut Work, ids: &[MessageId]) -> Result<Vec<Outcome>, sqlx::Error> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
    sqlx::query_as!(
        Outcome,
        r#"SELECT id AS "id: MessageId", status, error_code, error_detail, sending_at, delivered_at, read_at
           FROM messages WHERE workspace_id = $1 AND id = ANY($2)"#,
        work.workspace().uuid(),
        &ids
    )
    .fetch_all(work.conn())
    .await
}

pub async fn read_times(
    work: &mut Work,
    ids: &[MessageId],
) -> Result<Vec<(MessageId, Timestamp)>, sqlx::Error> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
    let rows = sqlx::query!(
        r#"SELECT id AS "id: MessageId", read_at AS "read_at!" FROM messages
           WHERE workspace_id = $1 AND id = ANY($2) AND read_at IS NOT NULL"#,
        work.workspace().uuid(),
        &ids
    )
    .fetch_all(work.conn())
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.read_at)).collect())
}
