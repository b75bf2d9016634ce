//! SQL of what came of a campaign.

use kazi_platform::Timestamp;
use uuid::Uuid;

use crate::{
    Work,
    campaigns::{Revenue, results::Conversion},
    contacts::ContactId,
    conversations::MessageId,
    messages::CampaignId,
};

/// A message of a campaign to a contact.
pub struct Sent {
    pub campaign: CampaignId,
    pub contact: ContactId,
    pub message: MessageId,
    /// It has a tracked link.
    pub tracked: bool,
    pub days: i32,
}

/// The newest messages of campaigns to a person, who may be several merged contacts.
pub async fn sent_to(
    work: &mut Work,
    contacts: &[ContactId],
    limit: i64,
) -> Result<Vec<Sent>, sqlx::Error> {
    let contacts: Vec<Uuid> = contacts.iter().map(|id| id.uuid()).collect();
    sqlx::query_as!(
        Sent,
        r#"SELECT m.campaign_id AS "campaign: CampaignId", m.contact_id AS "contact: ContactId",
                  m.message_id AS "message!: MessageId", m.link_key IS NOT NULL AS "tracked!", c.conversion_days AS days
           FROM campaign_messages m JOIN campaigns c ON c.workspace_id = m.workspace_id AND c.id = m.campaign_id
           WHERE m.workspace_id = $1 AND m.contact_id = ANY($2) AND m.state = 'queued'
           ORDER BY m.message_id DESC LIMIT $3"#,
        work.workspace().uuid(),
        &contacts,
        limit
    )
    .fetch_all(work.conn())
    .await
}

/// The last click of a recipient before a time.
pub async fn clicked_before(
    work: &mut Work,
    campaign: CampaignId,
    contact: ContactId,
    at: Timestamp,
) -> Result<Option<Timestamp>, sqlx::Error> {
    sqlx::query_scalar!(
        "SELECT max(CASE WHEN last_at <= $4 THEN last_at ELSE first_at END) FROM campaign_clicks
         WHERE workspace_id = $1 AND campaign_id = $2 AND contact_id = $3 AND first_at <= $4",
        work.workspace().uuid(),
        campaign.uuid(),
        contact.uuid(),
        at
    )
    .fetch_one(work.conn())
    .await
}

/// Whether the workspace has ever sent a campaign.
pub async fn any_sent(work: &mut Work) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM campaigns WHERE workspace_id = $1 AND started_at IS NOT NULL) AS "any!""#,
        work.workspace().uuid()
    )
    .fetch_one(work.conn())
    .await
}

/// Counts an order or a booking for a campaign, unless it counts for one already.
pub async fn insert(
    work: &mut Work,
    campaign: CampaignId,
    recipient: ContactId,
    conversion: &Conversion,
) -> Result<(), sqlx::Error> {
    let (minor, currency) = conversion.worth.clone().unzip();
    sqlx::query!(
        "INSERT INTO campaign_conversions (workspace_id, subject, campaign_id, contact_id, minor, currency, at)
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING",
        work.workspace().uuid(),
        conversion.subject,
        campaign.uuid(),
        recipient.uuid(),
        minor,
        currency,
        conversion.at
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

pub async fn delete(work: &mut Work, subject: &str) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "DELETE FROM campaign_conversions WHERE workspace_id = $1 AND subject = $2",
        work.workspace().uuid(),
        subject
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

pub async fn set_opted_out(
    work: &mut Work,
    campaign: CampaignId,
    recipient: ContactId,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE campaign_messages SET opted_out_at = $4
         WHERE workspace_id = $1 AND campaign_id = $2 AND contact_id = $3 AND opted_out_at IS NULL",
        work.workspace().uuid(),
        campaign.uuid(),
        recipient.uuid(),
        work.now()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// The recipients who clicked, and all their clicks.
pub async fn clicks(work: &mut Work, campaign: CampaignId) -> Result<(i64, i64), sqlx::Error> {
    let row = sqlx::query!(
        r#"SELECT count(DISTINCT contact_id) AS "clicked!", coalesce(sum(clicks), 0) AS "clicks!" FROM campaign_clicks
           WHERE workspace_id = $1 AND campaign_id = $2"#,
        work.workspace().uuid(),
        campaign.uuid()
    )
    .fetch_one(work.conn())
    .await?;
    Ok((row.clicked, row.clicks))
}

/// The recipients who ordered or booked, and the number of their orders and bookings.
pub async fn conversions(work: &mut Work, campaign: CampaignId) -> Result<(i64, i64), sqlx::Error> {
    let row = sqlx::query!(
        r#"SELECT count(DISTINCT contact_id) AS "converted!", count(*) AS "conversions!" FROM campaign_conversions
           WHERE workspace_id = $1 AND campaign_id = $2"#,
        work.workspace().uuid(),
        campaign.uuid()
    )
    .fetch_one(work.conn())
    .await?;
    Ok((row.converted, row.conversions))
}

/// What the orders and bookings are worth, by currency.
pub async fn revenue(work: &mut Work, campaign: CampaignId) -> Result<Vec<Revenue>, sqlx::Error> {
    sqlx::query_as!(
        Revenue,
        r#"SELECT currency AS "currency!", sum(minor)::bigint AS "amount_minor!" FROM campaign_conversions
           WHERE workspace_id = $1 AND campaign_id = $2 AND currency IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1"#,
        work.workspace().uuid(),
        campaign.uuid()
    )
    .fetch_all(work.conn())
    .await
}

/// A moment and what happened to so many in it.
pub struct Count {
    pub at: Timestamp,
    pub what: String,
    pub count: i64,
}

/// Counts clicks, conversions and opt-outs by the beginning of their hour or day in a time zone, before a time.
pub async fn timeline(
    work: &mut Work,
    campaign: CampaignId,
    unit: &str,
    zone: &str,
    until: Timestamp,
) -> Result<Vec<Count>, sqlx::Error> {
    sqlx::query_as!(
        Count,
        r#"SELECT date_trunc($3, w.at, $4) AS "at!", w.what AS "what!", sum(w.count)::bigint AS "count!"
           FROM (SELECT slot AS at, 'clicks' AS what, clicks AS count FROM campaign_clicks
                 WHERE workspace_id = $1 AND campaign_id = $2
                 UNION ALL
                 SELECT at, 'conversions', 1 FROM campaign_conversions WHERE workspace_id = $1 AND campaign_id = $2
                 UNION ALL
                 SELECT opted_out_at, 'opted_out', 1 FROM campaign_messages
                 WHERE workspace_id = $1 AND campaign_id = $2 AND opted_out_at IS NOT NULL) AS w
           WHERE w.at < $5 GROUP BY 1, 2"#,
        work.workspace().uuid(),
        campaign.uuid(),
        unit,
        zone,
        until
    )
    .fetch_all(work.conn())
    .await
}

/// Forgets what a contact did after campaigns.
pub async fn erase(work: &mut Work, contact: ContactId) -> Result<(), sqlx::Error> {
    super::outcomes::erase(work, contact).await?;
    sqlx::query!(
        "DELETE FROM campaign_clicks k USING campaign_messages m
         WHERE m.workspace_id = $1 AND m.contact_id = $2
           AND k.workspace_id = m.workspace_id AND k.campaign_id = m.campaign_id AND k.contact_id = m.contact_id",
        work.workspace().uuid(),
        contact.uuid()
    )
    .execute(work.conn())
    .await?;
    sqlx::query!(
        "DELETE FROM campaign_conversions v USING campaign_messages m
         WHERE m.workspace_id = $1 AND m.contact_id = $2
           AND v.workspace_id = m.workspace_id AND v.campaign_id = m.campaign_id AND v.contact_id = m.contact_id",
        work.workspace().uuid(),
        contact.uuid()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}
