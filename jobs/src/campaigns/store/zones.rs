//! SQL of campaigns by the recipients' clocks.

use crate::{Work, campaigns::Group, messages::CampaignId};

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
