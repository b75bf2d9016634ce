//! SQL of tracked links and their clicks.

use kazi_platform::WorkspaceId;
use sqlx::{PgConnection, types::Json};

use crate::{Work, campaigns::Content, contacts::ContactId, messages::CampaignId};

/// Whose link a key is.
pub struct Found {
    pub workspace: WorkspaceId,
    pub campaign: CampaignId,
    pub content: Json<Content>,
    /// `None`: the link stands in a test message.
    pub contact: Option<ContactId>,
}

/// Needs a transaction of the platform.
pub async fn find(conn: &mut PgConnection, key: i64) -> Result<Option<Found>, sqlx::Error> {
    // Each arm has a key of its own, counted from the campaign's.
    let of_tests: Vec<i64> = (0..5).map(|arm| key.wrapping_sub(arm)).collect();
    sqlx::query_as!(
        Found,
        r#"SELECT c.workspace_id AS "workspace!: WorkspaceId", c.id AS "campaign!: CampaignId",
                  coalesce(c.experiment->'arms'->(coalesce(m.arm, c.winner)::int)->'content', c.content)
                    AS "content!: Json<Content>", m.contact_id AS "contact: ContactId"
           FROM campaign_messages m JOIN campaigns c ON c.workspace_id = m.workspace_id AND c.id = m.campaign_id
           WHERE m.link_key = $1
           UNION ALL
           SELECT c.workspace_id, c.id, coalesce(c.experiment->'arms'->(t.nth::int - 1)->'content', c.content), NULL
           FROM unnest($2::bigint[]) WITH ORDINALITY AS t(key, nth) JOIN campaigns c ON c.test_key = t.key
           LIMIT 1"#,
        key,
        &of_tests
    )
    .fetch_optional(conn)
    .await
}

/// Counts a click, in one statement.
pub async fn note(
    work: &mut Work,
    campaign: CampaignId,
    contact: ContactId,
    link: u8,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO campaign_clicks AS k (workspace_id, campaign_id, contact_id, link, slot, clicks, first_at, last_at)
         VALUES ($1, $2, $3, $4, date_bin('15 minutes', $5::timestamptz, 'epoch'), 1, $5, $5)
         ON CONFLICT (workspace_id, campaign_id, contact_id, link, slot)
         DO UPDATE SET clicks = k.clicks + 1, last_at = greatest(k.last_at, EXCLUDED.last_at)",
        work.workspace().uuid(),
        campaign.uuid(),
        contact.uuid(),
        i16::from(link),
        work.now()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Gives a campaign a key for the links of its test messages, once.
pub async fn test_key(work: &mut Work, campaign: CampaignId, key: i64) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"UPDATE campaigns SET test_key = coalesce(test_key, $3) WHERE workspace_id = $1 AND id = $2
           RETURNING test_key AS "key!""#,
        work.workspace().uuid(),
        campaign.uuid(),
        key
    )
    .fetch_one(work.conn())
    .await
}
