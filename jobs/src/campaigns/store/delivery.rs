//! SQL of the pace, the canary, the breaker and the frequency cap.

use kazi_platform::{Timestamp, ids::first_uuid_of};
use uuid::Uuid;

use crate::{Work, contacts::ContactId, conversations::MessageId, messages::CampaignId};

/// Stores until when the throttle has given away its places.
pub async fn set_paced_until(
    work: &mut Work,
    campaign: CampaignId,
    until: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE campaigns SET paced_until = $3 WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        campaign.uuid(),
        until
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

pub async fn set_watched(work: &mut Work, campaign: CampaignId) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE campaigns SET watched_at = $3 WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        campaign.uuid(),
        work.now()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// The messages of the canary have left.
pub async fn set_canary_sent(work: &mut Work, campaign: CampaignId) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE campaigns SET canary_sent_at = $3, updated_at = now() WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        campaign.uuid(),
        work.now()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

pub async fn set_canary_passed(work: &mut Work, campaign: CampaignId) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE campaigns SET canary_passed_at = $3, updated_at = now() WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        campaign.uuid(),
        work.now()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Counts the recipients whose message was queued, up to a number.
pub async fn queued_up_to(
    work: &mut Work,
    campaign: CampaignId,
    most: i64,
) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!" FROM (
               SELECT FROM campaign_messages WHERE workspace_id = $1 AND campaign_id = $2 AND state = 'queued' LIMIT $3
           ) AS capped"#,
        work.workspace().uuid(),
        campaign.uuid(),
        most
    )
    .fetch_one(work.conn())
    .await
}

/// Lets others who count what contacts got wait until this transaction ends: campaigns, and messages to single contacts.
pub async fn hold(work: &mut Work) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "SELECT pg_advisory_xact_lock(hashtextextended('campaigns frequency ' || $1::text, 0))",
        work.workspace().to_string()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// As [`hold`], for one contact: messages to different contacts do not wait for each other.
pub async fn hold_contact(work: &mut Work, contact: ContactId) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "SELECT pg_advisory_xact_lock_shared(hashtextextended('campaigns frequency ' || $1::text, 0))",
        work.workspace().to_string()
    )
    .execute(work.conn())
    .await?;
    sqlx::query!(
        "SELECT pg_advisory_xact_lock(hashtextextended('campaigns frequency of ' || $1::text, 0))",
        contact.to_string()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// The messages of campaigns that some contacts have got since a time. The id of a message carries its time.
pub async fn sent_since(
    work: &mut Work,
    contacts: &[ContactId],
    since: Timestamp,
) -> Result<Vec<(ContactId, MessageId)>, sqlx::Error> {
    let contacts: Vec<Uuid> = contacts.iter().map(|id| id.uuid()).collect();
    let rows = sqlx::query!(
        r#"SELECT m.contact_id AS "contact: ContactId", m.message_id AS "message!: MessageId"
           FROM campaign_messages m
           WHERE m.workspace_id = $1 AND m.contact_id = ANY($2) AND m.state = 'queued' AND m.message_id >= $3"#,
        work.workspace().uuid(),
        &contacts,
        first_uuid_of(since)
    )
    .fetch_all(work.conn())
    .await?;
    let rows = rows.into_iter();
    Ok(rows.map(|row| (row.contact, row.message)).collect())
}

/// As [`sent_since`], of marketing campaigns without one.
pub async fn marketing_since(
    work: &mut Work,
    contacts: &[ContactId],
    since: Timestamp,
    but: Option<CampaignId>,
) -> Result<Vec<(ContactId, MessageId)>, sqlx::Error> {
    let contacts: Vec<Uuid> = contacts.iter().map(|id| id.uuid()).collect();
    let rows = sqlx::query!(
        r#"SELECT m.contact_id AS "contact: ContactId", m.message_id AS "message!: MessageId"
           FROM campaign_messages m JOIN campaigns c ON c.workspace_id = m.workspace_id AND c.id = m.campaign_id
           WHERE m.workspace_id = $1 AND m.contact_id = ANY($2) AND m.state = 'queued' AND m.message_id >= $3
             AND m.campaign_id IS DISTINCT FROM $4 AND coalesce(c.category, 'marketing') = 'marketing'"#,
        work.workspace().uuid(),
        &contacts,
        first_uuid_of(since),
        but.map(CampaignId::uuid)
    )
    .fetch_all(work.conn())
    .await?;
    let rows = rows.into_iter();
    Ok(rows.map(|row| (row.contact, row.message)).collect())
}
