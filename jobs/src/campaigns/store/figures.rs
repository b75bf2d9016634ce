//! Figures of the campaigns of all workspaces, for the operator.

use kazi_platform::WorkspaceId;
use sqlx::PgConnection;

use crate::messages::CampaignId;

/// Counts the running campaigns of all workspaces by status, and their messages that wait to be queued, up to ten
/// thousand. Needs a transaction of the platform.
pub async fn count_under_way(
    conn: &mut PgConnection,
) -> Result<(Vec<(String, i64)>, i64), sqlx::Error> {
    let statuses = sqlx::query!(
        r#"SELECT s.status AS "status!", (SELECT count(*) FROM campaigns c WHERE c.status = s.status) AS "count!"
           FROM unnest(ARRAY['planning', 'planned', 'scheduled', 'sending', 'paused']) AS s(status)"#
    )
    .fetch_all(&mut *conn)
    .await?;
    let waiting = sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!" FROM (
               SELECT FROM campaigns c JOIN campaign_messages m ON m.workspace_id = c.workspace_id AND m.campaign_id = c.id
               WHERE c.status IN ('sending', 'paused') AND m.state = 'planned' LIMIT 10000) AS capped"#
    )
    .fetch_one(conn)
    .await?;
    let statuses = statuses
        .into_iter()
        .map(|row| (row.status, row.count))
        .collect();
    Ok((statuses, waiting))
}

/// The workspace of a campaign, for the operator. Needs a transaction of the platform.
pub async fn workspace_of(
    conn: &mut PgConnection,
    id: CampaignId,
) -> Result<Option<WorkspaceId>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT workspace_id AS "workspace: WorkspaceId" FROM campaigns WHERE id = $1"#,
        id.uuid()
    )
    .fetch_optional(conn)
    .await
}
