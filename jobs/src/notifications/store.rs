//! SQL of the notifications.

use crate::Work;
use kazi_platform::Timestamp;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{Notification, NotificationId, NotificationView, Preference};

pub(super) async fn insert(
    work: &mut Work,
    (users, ids): (&[Uuid], &[Uuid]),
    notification: &Notification<'_>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO notifications (workspace_id, id, user_id, kind, title, data, created_at)
         SELECT $1, n.id, n.user_id, $4, $5, $6, $7 FROM unnest($2::uuid[], $3::uuid[]) AS n(user_id, id)
         WHERE NOT EXISTS (SELECT FROM notification_preferences p
                           WHERE p.workspace_id = $1 AND p.user_id = n.user_id AND p.kind = $4 AND NOT p.in_app)",
        work.workspace().uuid(),
        users,
        ids,
        notification.kind.name(),
        notification.title,
        notification.data,
        work.now()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Lists a member's notifications, the newest first. The page begins behind `after`. With `unread`, read ones are left out.
pub async fn list(
    work: &mut Work,
    user: Uuid,
    unread: bool,
    after: Option<NotificationId>,
    limit: i64,
) -> Result<Vec<NotificationView>, sqlx::Error> {
    sqlx::query_as!(
        NotificationView,
        r#"SELECT id AS "id: NotificationId", kind, title, data, read_at, created_at FROM notifications
           WHERE workspace_id = $1 AND user_id = $2 AND (NOT $3 OR read_at IS NULL) AND ($4::uuid IS NULL OR id < $4)
           ORDER BY id DESC LIMIT $5"#,
        work.workspace().uuid(),
        user,
        unread,
        after.map(NotificationId::uuid),
        limit
    )
    .fetch_all(work.conn())
    .await
}

/// Counts the notifications that a member has not read.
pub async fn unread(work: &mut Work, user: Uuid) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT count(*) AS "n!" FROM notifications WHERE workspace_id = $1 AND user_id = $2 AND read_at IS NULL"#,
        work.workspace().uuid(),
        user
    )
    .fetch_one(work.conn())
    .await
}

/// Marks a member's own notification as read. A second call changes nothing. Returns false when the member has no such one.
pub async fn mark_read(
    work: &mut Work,
    user: Uuid,
    id: NotificationId,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "UPDATE notifications SET read_at = coalesce(read_at, $4) WHERE workspace_id = $1 AND user_id = $2 AND id = $3",
        work.workspace().uuid(),
        user,
        id.uuid(),
        work.now()
    )
    .execute(work.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Marks all notifications up to `newest` as read: the member has seen these. Returns the number of newly read ones.
pub async fn mark_all_read(
    work: &mut Work,
    user: Uuid,
    newest: NotificationId,
) -> Result<u64, sqlx::Error> {
    let done = sqlx::query!(
        "UPDATE notifications SET read_at = $4
         WHERE workspace_id = $1 AND user_id = $2 AND id <= $3 AND read_at IS NULL",
        work.workspace().uuid(),
        user,
        newest.uuid(),
        work.now()
    )
    .execute(work.conn())
    .await?;
    Ok(done.rows_affected())
}

pub(super) async fn unwanted(work: &mut Work, user: Uuid) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar!(
        "SELECT kind FROM notification_preferences WHERE workspace_id = $1 AND user_id = $2 AND NOT in_app",
        work.workspace().uuid(),
        user
    )
    .fetch_all(work.conn())
    .await
}

pub(super) async fn set_preference(
    work: &mut Work,
    user: Uuid,
    preference: Preference,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO notification_preferences (workspace_id, user_id, kind, in_app) VALUES ($1, $2, $3, $4)
         ON CONFLICT (workspace_id, user_id, kind) DO UPDATE SET in_app = $4",
        work.workspace().uuid(),
        user,
        preference.kind.name(),
        preference.in_app
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Deletes a batch of older notifications. Returns their number.
pub(super) async fn purge(conn: &mut PgConnection, before: Timestamp) -> Result<u64, sqlx::Error> {
    let done = sqlx::query!(
        "DELETE FROM notifications WHERE ctid = ANY (ARRAY(
             SELECT ctid FROM notifications WHERE created_at < $1 LIMIT 2000))",
        before
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}
