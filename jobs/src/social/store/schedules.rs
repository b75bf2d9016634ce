//! SQL of schedules.

use kazi_platform::{Timestamp, WorkspaceId};
use sqlx::PgConnection;

use crate::{
    Work,
    social::{AccountId, ContentId, Network, ScheduleId, ScheduledPost, model},
};

/// A range of times: from this moment, and before that one.
#[derive(Clone, Copy, Debug, Default)]
pub struct Range {
    /// Inclusive.
    pub from: Option<Timestamp>,
    pub to: Option<Timestamp>,
    pub account: Option<AccountId>,
}

struct Row {
    id: ScheduleId,
    content_id: ContentId,
    account_id: AccountId,
    network: Network,
    due_at: Timestamp,
    zone: String,
    status: String,
    error: Option<String>,
    permalink: Option<String>,
    created_at: Timestamp,
    updated_at: Timestamp,
}

impl From<Row> for ScheduledPost {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            content_id: row.content_id,
            account_id: row.account_id,
            network: row.network,
            local_time: model::wall_clock(row.due_at, &row.zone),
            due_at: row.due_at,
            zone: row.zone,
            error: row.error.filter(|_| row.status == "failed"),
            status: row.status,
            permalink: row.permalink,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

/// The schedules by their times.
pub async fn scheduled_posts(
    work: &mut Work,
    range: Range,
    after: Option<(Timestamp, ScheduleId)>,
    limit: i64,
) -> Result<Vec<ScheduledPost>, sqlx::Error> {
    let (time, id) = after.unzip();
    let rows = sqlx::query_as!(
        Row,
        r#"SELECT s.id AS "id: ScheduleId", s.content_id AS "content_id: ContentId", s.account_id AS "account_id: AccountId",
                  a.network AS "network: Network", s.due_at, s.zone, s.status, p.error AS "error?",
                  p.permalink AS "permalink?", s.created_at, s.updated_at
           FROM social_schedules s
           JOIN social_accounts a ON a.workspace_id = s.workspace_id AND a.id = s.account_id
           LEFT JOIN social_publications p ON p.workspace_id = s.workspace_id AND p.schedule_id = s.id
           WHERE s.workspace_id = $1 AND ($2::timestamptz IS NULL OR s.due_at >= $2)
             AND ($3::timestamptz IS NULL OR s.due_at < $3) AND ($4::uuid IS NULL OR s.account_id = $4)
             AND ($5::timestamptz IS NULL OR (s.due_at, s.id) > ($5, $6::uuid))
           ORDER BY s.due_at, s.id LIMIT $7"#,
        work.workspace().uuid(),
        range.from,
        range.to,
        range.account.map(AccountId::uuid),
        time,
        id.map(ScheduleId::uuid),
        limit
    )
    .fetch_all(work.conn())
    .await?;
    Ok(rows.into_iter().map(ScheduledPost::from).collect())
}

pub async fn scheduled(
    work: &mut Work,
    id: ScheduleId,
) -> Result<Option<ScheduledPost>, sqlx::Error> {
    let row = sqlx::query_as!(
        Row,
        r#"SELECT s.id AS "id: ScheduleId", s.content_id AS "content_id: ContentId", s.account_id AS "account_id: AccountId",
                  a.network AS "network: Network", s.due_at, s.zone, s.status, p.error AS "error?",
                  p.permalink AS "permalink?", s.created_at, s.updated_at
           FROM social_schedules s
           JOIN social_accounts a ON a.workspace_id = s.workspace_id AND a.id = s.account_id
           LEFT JOIN social_publications p ON p.workspace_id = s.workspace_id AND p.schedule_id = s.id
           WHERE s.workspace_id = $1 AND s.id = $2"#,
        work.workspace().uuid(),
        id.uuid()
    )
    .fetch_optional(work.conn())
    .await?;
    Ok(row.map(ScheduledPost::from))
}

/// Locks a schedule until the transaction ends.
pub(in crate::social) async fn lock(
    work: &mut Work,
    id: ScheduleId,
) -> Result<Option<ScheduledPost>, sqlx::Error> {
    sqlx::query_scalar!(
        "SELECT 1 FROM social_schedules WHERE workspace_id = $1 AND id = $2 FOR UPDATE",
        work.workspace().uuid(),
        id.uuid()
    )
    .fetch_optional(work.conn())
    .await?;
    scheduled(work, id).await
}

/// Adds a schedule. Returns false when an equal one exists.
pub(in crate::social) async fn insert(
    work: &mut Work,
    id: ScheduleId,
    (content, account): (ContentId, AccountId),
    (due_at, zone): (Timestamp, &str),
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "INSERT INTO social_schedules (workspace_id, id, content_id, account_id, due_at, zone)
         VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (workspace_id, content_id, account_id, due_at) WHERE status IN ('scheduled', 'publishing') DO NOTHING",
        work.workspace().uuid(),
        id.uuid(),
        content.uuid(),
        account.uuid(),
        due_at,
        zone
    )
    .execute(work.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Gives a schedule another time and lets it wait.
pub(in crate::social) async fn reschedule(
    work: &mut Work,
    id: ScheduleId,
    due_at: Timestamp,
    zone: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE social_schedules SET due_at = $3, zone = $4, status = 'scheduled', updated_at = clock_timestamp()
         WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        id.uuid(),
        due_at,
        zone
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Changes the status. Returns false when the schedule has neither the old nor the new status.
pub(in crate::social) async fn turn(
    work: &mut Work,
    id: ScheduleId,
    from: &str,
    to: &str,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "UPDATE social_schedules SET status = $4, updated_at = clock_timestamp()
         WHERE workspace_id = $1 AND id = $2 AND status = $3",
        work.workspace().uuid(),
        id.uuid(),
        from,
        to
    )
    .execute(work.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Cancels the waiting schedules of an account, and returns them.
pub(in crate::social) async fn cancel_of(
    work: &mut Work,
    account: AccountId,
) -> Result<Vec<ScheduleId>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"UPDATE social_schedules SET status = 'cancelled', updated_at = clock_timestamp()
           WHERE workspace_id = $1 AND account_id = $2 AND status = 'scheduled' RETURNING id AS "id: ScheduleId""#,
        work.workspace().uuid(),
        account.uuid()
    )
    .fetch_all(work.conn())
    .await
}

/// Schedules of all workspaces that should have ended before a moment, by time, after the given one.
pub(in crate::social) async fn overdue(
    conn: &mut PgConnection,
    before: Timestamp,
    after: Option<(Timestamp, ScheduleId)>,
    limit: i64,
) -> Result<Vec<(WorkspaceId, ScheduleId, AccountId, Timestamp)>, sqlx::Error> {
    let (time, id) = after.unzip();
    let rows = sqlx::query!(
        r#"SELECT workspace_id AS "workspace: WorkspaceId", id AS "id: ScheduleId", account_id AS "account: AccountId", due_at
           FROM social_schedules
           WHERE status IN ('scheduled', 'publishing') AND due_at < $1
             AND ($2::timestamptz IS NULL OR (due_at, id) > ($2, $3::uuid))
           ORDER BY due_at, id LIMIT $4"#,
        before,
        time,
        id.map(ScheduleId::uuid),
        limit
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.workspace, row.id, row.account, row.due_at))
        .collect())
}

/// Counts posts of all workspaces that should have appeared before a moment and have neither appeared nor failed.
pub async fn count_overdue(conn: &mut PgConnection, before: Timestamp) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!" FROM social_schedules
           WHERE status IN ('scheduled', 'publishing') AND due_at < $1"#,
        before
    )
    .fetch_one(conn)
    .await
}
