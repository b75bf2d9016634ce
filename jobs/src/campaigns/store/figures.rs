//! Figures of the campaigns of all workspaces, for the operator.

use sqlx::PgConnection;

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
