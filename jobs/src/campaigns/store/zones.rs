//! SQL of campaigns by the recipients' clocks.

use kazi_platform::{Timestamp, ids::first_uuid_of};
use uuid::Uuid;

use crate::{
    Work, campaigns::Group, contacts::ContactId, conversations::MessageId, messages::CampaignId,
};

/// The messages of campaigns that some contacts have got since a time.
pub async fn sent(
    work: &mut Work,
    contacts: &[ContactId],
    since: Timestamp,
) -> Result<Vec<(MessageId, ContactId)>, sqlx::Error> {
    let contacts: Vec<Uuid> = contacts.iter().map(|id| id.uuid()).collect();
    let rows = sqlx::query!(
        r#"SELECT message_id AS "message!: MessageId", contact_id AS "contact: ContactId" FROM campaign_messages
           WHERE workspace_id = $1 AND contact_id = ANY($2) AND state = 'queued' AND message_id >= $3"#,
        work.workspace().uuid(),
        &contacts,
        first_uuid_of(since)
    )
    .fetch_all(work.conn())
    .await?;
    let rows = rows.into_iter();
    Ok(rows.map(|row| (row.message, row.contact)).collect())
}

/// The groups of a campaign's recipients, the largest first.
pub async fn groups(work: &mut Work, campaign: CampaignId) -> Result<Vec<Group>, sqlx::Error> {
    sqlx::query_as!(
        Group,
        r#"SELECT zone AS "time_zone!", hour, count(*) AS "recipients!" FROM campaign_messages
           WHERE workspace_id = $1 AND campaign_id = $2 AND state <> 'left_out' AND zone IS NOT NULL
           GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2"#,
        work.workspace().uuid(),
        campaign.uuid()
    )
    .fetch_all(work.conn())
    .await
}
