//! SQL of the one-time codes.

use kazi_platform::{Timestamp, UserId, WorkspaceId};
use sqlx::PgConnection;

use crate::identity::{
    CodeId,
    model::{Asked, Target},
};

/// Those who ask for a code to the same address wait for each other, so that its limits hold.
pub(in crate::identity) async fn lock(
    conn: &mut PgConnection,
    target: &Target<'_>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "SELECT pg_advisory_xact_lock(hashtextextended('one_time_codes' || $1 || $2, 0))",
        target.purpose.name(),
        target.destination
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// When codes to this address were asked for, the newest first.
pub(in crate::identity) async fn asked(
    conn: &mut PgConnection,
    target: &Target<'_>,
    since: Timestamp,
) -> Result<Vec<Timestamp>, sqlx::Error> {
    sqlx::query_scalar!(
        "SELECT created_at FROM one_time_codes
         WHERE purpose = $1 AND destination = $2 AND workspace_id IS NOT DISTINCT FROM $3 AND created_at > $4
         ORDER BY id DESC LIMIT 100",
        target.purpose.name(),
        target.destination,
        target.workspace.map(WorkspaceId::uuid),
        since
    )
    .fetch_all(conn)
    .await
}

pub(in crate::identity) async fn insert(
    conn: &mut PgConnection,
    now: Timestamp,
    id: CodeId,
    target: &Target<'_>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO one_time_codes (id, purpose, destination, user_id, workspace_id, created_at)
         VALUES ($1, $2, $3, $4, $5, $6)",
        id.uuid(),
        target.purpose.name(),
        target.destination,
        target.user.map(UserId::uuid),
        target.workspace.map(WorkspaceId::uuid),
        now
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A code that is still to be sent.
pub(in crate::identity) async fn unsent(
    conn: &mut PgConnection,
    id: CodeId,
) -> Result<Option<Asked>, sqlx::Error> {
    sqlx::query_as!(
        Asked,
        r#"SELECT purpose, destination, user_id AS "user: UserId", workspace_id AS "workspace: WorkspaceId", created_at
           FROM one_time_codes WHERE id = $1 AND sent_at IS NULL AND used_at IS NULL"#,
        id.uuid()
    )
    .fetch_optional(conn)
    .await
}

/// It is about to be sent, and good until then.
pub(in crate::identity) async fn announce(
    conn: &mut PgConnection,
    id: CodeId,
    expires_at: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE one_time_codes SET expires_at = $2 WHERE id = $1",
        id.uuid(),
        expires_at
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub(in crate::identity) async fn mark_sent(
    conn: &mut PgConnection,
    id: CodeId,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE one_time_codes SET sent_at = $2 WHERE id = $1",
        id.uuid(),
        now
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Counts a try of the newest code that was sent to this address, and locks it. `None` when it is used, too old or has
/// been tried too often: who waited for the lock sees what happened meanwhile.
pub(in crate::identity) async fn count_try(
    conn: &mut PgConnection,
    now: Timestamp,
    target: &Target<'_>,
    most: i16,
) -> Result<Option<(CodeId, Option<UserId>)>, sqlx::Error> {
    let row = sqlx::query!(
        r#"UPDATE one_time_codes SET tries = tries + 1
           WHERE id = (SELECT id FROM one_time_codes
                       WHERE purpose = $1 AND destination = $2 AND workspace_id IS NOT DISTINCT FROM $3
                         AND ($4::uuid IS NULL OR user_id = $4) AND expires_at IS NOT NULL
                       ORDER BY id DESC LIMIT 1)
             AND used_at IS NULL AND expires_at > $5 AND tries < $6
           RETURNING id AS "id: CodeId", user_id AS "user: UserId""#,
        target.purpose.name(),
        target.destination,
        target.workspace.map(WorkspaceId::uuid),
        target.user.map(UserId::uuid),
        now,
        most
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| (row.id, row.user)))
}

pub(in crate::identity) async fn mark_used(
    conn: &mut PgConnection,
    id: CodeId,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE one_time_codes SET used_at = $2 WHERE id = $1",
        id.uuid(),
        now
    )
    .execute(conn)
    .await?;
    Ok(())
}
