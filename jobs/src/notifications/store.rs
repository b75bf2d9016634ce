//! SQL of the notifications.

use crate::Work;
use kazi_platform::Timestamp;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{
    Email, Kind, NewPreference, Notification, NotificationId, NotificationView, mail::LINES,
};

/// How a member has chosen to be told of a kind.
pub(super) struct Choice {
    pub user: Uuid,
    pub in_app: bool,
    pub email: Email,
}

/// What the users have chosen for a kind. Most have chosen nothing.
pub(super) async fn choices(
    work: &mut Work,
    users: &[Uuid],
    kind: Kind,
) -> Result<Vec<Choice>, sqlx::Error> {
    sqlx::query_as!(
        Choice,
        r#"SELECT user_id AS user, in_app, email AS "email: Email" FROM notification_preferences
           WHERE workspace_id = $1 AND user_id = ANY ($2) AND kind = $3"#,
        work.workspace().uuid(),
        users,
        kind.name()
    )
    .fetch_all(work.conn())
    .await
}

/// A notification of one member.
pub(super) struct Row {
    pub id: NotificationId,
    pub user: Uuid,
    /// In the program.
    pub shown: bool,
    pub email: Email,
    pub mail_due: Option<Timestamp>,
}

pub(super) async fn insert(
    work: &mut Work,
    rows: &[Row],
    notification: &Notification<'_>,
) -> Result<(), sqlx::Error> {
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id.uuid()).collect();
    let users: Vec<Uuid> = rows.iter().map(|row| row.user).collect();
    let shown: Vec<bool> = rows.iter().map(|row| row.shown).collect();
    let mails: Vec<Option<&str>> = rows
        .iter()
        .map(|row| row.mail_due.map(|_| row.email.name()))
        .collect();
    let dues: Vec<Option<Timestamp>> = rows.iter().map(|row| row.mail_due).collect();
    sqlx::query!(
        "INSERT INTO notifications (workspace_id, id, user_id, kind, title, data, created_at, shown, mail, mail_due)
         SELECT $1, n.id, n.user_id, $4, $5, $6, $7, n.shown, n.mail, n.mail_due
         FROM unnest($2::uuid[], $3::uuid[], $8::boolean[], $9::text[], $10::timestamptz[])
              AS n(user_id, id, shown, mail, mail_due)",
        work.workspace().uuid(),
        &users,
        &ids,
        notification.kind.name(),
        notification.title,
        notification.data,
        work.now(),
        &shown,
        &mails as &[Option<&str>],
        &dues as &[Option<Timestamp>]
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// When the newest letter at once to a member goes, or went.
pub(super) async fn last_at_once(
    work: &mut Work,
    user: Uuid,
) -> Result<Option<Timestamp>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT mail_due AS "at!" FROM notifications WHERE workspace_id = $1 AND user_id = $2 AND mail = 'at_once'
           ORDER BY mail_due DESC LIMIT 1"#,
        work.workspace().uuid(),
        user
    )
    .fetch_optional(work.conn())
    .await
}

/// A line of a letter.
pub(super) struct Line {
    pub title: String,
    pub created_at: Timestamp,
}

/// Takes what is due into a letter, unless it has taken something before. Returns what the member has not read of it, the
/// oldest first, and how many more there are than a letter names.
pub(super) async fn take_letter(
    work: &mut Work,
    user: Uuid,
    letter: NotificationId,
) -> Result<(Vec<Line>, i64), sqlx::Error> {
    sqlx::query!(
        "UPDATE notifications SET letter = $3
         WHERE workspace_id = $1 AND user_id = $2 AND mail IS NOT NULL AND letter IS NULL AND (mail_due <= $4 OR id = $3)
           AND NOT EXISTS (SELECT FROM notifications n WHERE n.workspace_id = $1 AND n.user_id = $2
                           AND n.mail IS NOT NULL AND n.letter = $3)",
        work.workspace().uuid(),
        user,
        letter.uuid(),
        work.now()
    )
    .execute(work.conn())
    .await?;
    let lines = sqlx::query_as!(
        Line,
        "SELECT title, created_at FROM notifications
         WHERE workspace_id = $1 AND user_id = $2 AND mail IS NOT NULL AND letter = $3 AND mailed_at IS NULL
           AND read_at IS NULL
         ORDER BY id",
        work.workspace().uuid(),
        user,
        letter.uuid()
    )
    .fetch_all(work.conn())
    .await?;
    let named = usize::try_from(LINES).unwrap_or(usize::MAX);
    let more = lines.len().saturating_sub(named);
    let lines = lines.into_iter().take(named).collect();
    Ok((lines, i64::try_from(more).unwrap_or(i64::MAX)))
}

/// Notes that a letter is sent, or is not needed.
pub(super) async fn set_mailed(
    work: &mut Work,
    user: Uuid,
    letter: NotificationId,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE notifications SET mailed_at = $4
         WHERE workspace_id = $1 AND user_id = $2 AND mail IS NOT NULL AND letter = $3 AND mailed_at IS NULL",
        work.workspace().uuid(),
        user,
        letter.uuid(),
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
           WHERE workspace_id = $1 AND user_id = $2 AND shown AND (NOT $3 OR read_at IS NULL) AND ($4::uuid IS NULL OR id < $4)
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
        r#"SELECT count(*) AS "n!" FROM notifications WHERE workspace_id = $1 AND user_id = $2 AND shown AND read_at IS NULL"#,
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
        "UPDATE notifications SET read_at = coalesce(read_at, $4) WHERE workspace_id = $1 AND user_id = $2 AND id = $3 AND shown",
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
         WHERE workspace_id = $1 AND user_id = $2 AND shown AND id <= $3 AND read_at IS NULL",
        work.workspace().uuid(),
        user,
        newest.uuid(),
        work.now()
    )
    .execute(work.conn())
    .await?;
    Ok(done.rows_affected())
}

/// What a member has chosen for a kind.
pub(super) struct Chosen {
    pub kind: String,
    pub in_app: bool,
    pub email: Email,
}

pub(super) async fn preferences(work: &mut Work, user: Uuid) -> Result<Vec<Chosen>, sqlx::Error> {
    sqlx::query_as!(
        Chosen,
        r#"SELECT kind, in_app, email AS "email: Email" FROM notification_preferences WHERE workspace_id = $1 AND user_id = $2"#,
        work.workspace().uuid(),
        user
    )
    .fetch_all(work.conn())
    .await
}

pub(super) async fn set_preference(
    work: &mut Work,
    user: Uuid,
    preference: NewPreference,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO notification_preferences AS p (workspace_id, user_id, kind, in_app, email)
         VALUES ($1, $2, $3, $4, coalesce($5, 'never'))
         ON CONFLICT (workspace_id, user_id, kind) DO UPDATE SET in_app = $4, email = coalesce($5, p.email)",
        work.workspace().uuid(),
        user,
        preference.kind.name(),
        preference.in_app,
        preference.email.map(Email::name)
    )
    .execute(work.conn())
    .await?;
    if preference.email == Some(Email::Never) {
        sqlx::query!(
            "UPDATE notifications SET mail = NULL, mail_due = NULL
             WHERE workspace_id = $1 AND user_id = $2 AND mail IS NOT NULL AND letter IS NULL AND kind = $3",
            work.workspace().uuid(),
            user,
            preference.kind.name()
        )
        .execute(work.conn())
        .await?;
    }
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
