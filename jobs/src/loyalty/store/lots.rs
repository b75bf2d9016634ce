//! SQL of the lots: points by when they were earned.

use kazi_platform::{Timestamp, WorkspaceId};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{Work, contacts::ContactId, loyalty::PointsId};

pub struct NewLot {
    /// The transaction that brought it.
    pub id: PointsId,
    pub contact: ContactId,
    pub points: i64,
    pub remaining: i64,
    /// For the tier.
    pub counts: bool,
    pub expires_at: Option<Timestamp>,
    pub warn_at: Option<Timestamp>,
}

pub async fn insert(work: &mut Work, new: &NewLot) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO loyalty_lots (workspace_id, id, contact_id, points, remaining, counts, earned_at, expires_at, warn_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        work.workspace().uuid(),
        new.id.uuid(),
        new.contact.uuid(),
        new.points,
        new.remaining,
        new.counts,
        work.now(),
        new.expires_at,
        new.warn_at
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Takes so many points of a contact's lots, the oldest first.
pub async fn take(work: &mut Work, contact: ContactId, points: i64) -> Result<(), sqlx::Error> {
    if points <= 0 {
        return Ok(());
    }
    sqlx::query!(
        "UPDATE loyalty_lots l SET remaining = l.remaining - least(l.remaining, $3 - o.earlier)
         FROM (SELECT id, (sum(remaining) OVER (ORDER BY earned_at, id) - remaining)::bigint AS earlier
               FROM loyalty_lots WHERE workspace_id = $1 AND contact_id = $2 AND remaining > 0) o
         WHERE l.workspace_id = $1 AND l.id = o.id AND o.earlier < $3",
        work.workspace().uuid(),
        contact.uuid(),
        points
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Lets the rest of all lots of a contact expire whose time has come. Returns the first of them and the points, or `None`
/// when there are none.
pub async fn expire(
    work: &mut Work,
    contact: ContactId,
) -> Result<Option<(PointsId, i64)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"WITH due AS (SELECT id, remaining FROM loyalty_lots
                        WHERE workspace_id = $1 AND contact_id = $2 AND remaining > 0 AND expires_at <= $3)
           UPDATE loyalty_lots l SET expired = l.expired + l.remaining, remaining = 0
           FROM due WHERE l.workspace_id = $1 AND l.id = due.id
           RETURNING l.id AS "id: PointsId", due.remaining AS points"#,
        work.workspace().uuid(),
        contact.uuid(),
        work.now()
    )
    .fetch_all(work.conn())
    .await?;
    let points = rows.iter().map(|row| row.points).sum();
    let first = rows.into_iter().map(|row| row.id).min();
    Ok(first.map(|first| (first, points)))
}

/// Takes a lot back as a whole: it counts for nothing any more.
pub async fn void(work: &mut Work, id: PointsId) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE loyalty_lots SET points = 0, remaining = 0 WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        id.uuid()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Takes so many points of a lot back, which has them: they count for nothing any more.
pub async fn reduce(work: &mut Work, id: PointsId, points: i64) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE loyalty_lots SET points = points - $3, remaining = greatest(remaining - $3, 0)
         WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        id.uuid(),
        points
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

pub struct Lot {
    pub id: PointsId,
    pub contact: ContactId,
    /// What it had at its beginning.
    pub earned: i64,
    /// Without those that were taken back.
    pub points: i64,
    pub remaining: i64,
    pub expired: i64,
}

/// The lot that a cause has brought.
pub async fn of_cause(work: &mut Work, cause: &str) -> Result<Option<Lot>, sqlx::Error> {
    sqlx::query_as!(
        Lot,
        r#"SELECT l.id AS "id: PointsId", l.contact_id AS "contact: ContactId", e.points AS earned, l.points, l.remaining,
                  l.expired
           FROM loyalty_lots l
           JOIN loyalty_transactions t ON t.workspace_id = l.workspace_id AND t.id = l.id
           JOIN loyalty_entries e ON e.workspace_id = l.workspace_id AND e.transaction_id = l.id AND e.account = 'customer'
           WHERE t.workspace_id = $1 AND t.cause = $2"#,
        work.workspace().uuid(),
        cause
    )
    .fetch_optional(work.conn())
    .await
}

/// The points that a contact has earned after a time.
pub async fn earned_since(
    work: &mut Work,
    contact: ContactId,
    since: Timestamp,
) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT coalesce(sum(points), 0)::bigint AS "n!" FROM loyalty_lots
           WHERE workspace_id = $1 AND contact_id = $2 AND counts AND earned_at > $3"#,
        work.workspace().uuid(),
        contact.uuid(),
        since
    )
    .fetch_one(work.conn())
    .await
}

/// What remains of all lots of a contact.
pub async fn remaining(work: &mut Work, contact: ContactId) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT coalesce(sum(remaining), 0)::bigint AS "n!" FROM loyalty_lots WHERE workspace_id = $1 AND contact_id = $2"#,
        work.workspace().uuid(),
        contact.uuid()
    )
    .fetch_one(work.conn())
    .await
}

/// Points that a contact is to be told of.
pub struct Warned {
    /// The first of the lots.
    pub lot: PointsId,
    pub points: i64,
    /// The first end.
    pub expires_at: Timestamp,
}

/// Notes that a contact is told of points, with those whose time comes within a week. Returns `None` when no time has come.
pub async fn warn(work: &mut Work, contact: ContactId) -> Result<Option<Warned>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"UPDATE loyalty_lots SET warned_at = $3
           WHERE workspace_id = $1 AND contact_id = $2 AND remaining > 0 AND warned_at IS NULL
             AND warn_at <= $3::timestamptz + interval '7 days'
             AND EXISTS (SELECT FROM loyalty_lots due WHERE due.workspace_id = $1 AND due.contact_id = $2 AND due.remaining > 0
                           AND due.warned_at IS NULL AND due.warn_at <= $3)
           RETURNING id AS "lot: PointsId", remaining, expires_at AS "expires_at!""#,
        work.workspace().uuid(),
        contact.uuid(),
        work.now()
    )
    .fetch_all(work.conn())
    .await?;
    let points = rows.iter().map(|row| row.remaining).sum();
    let first = rows.into_iter().min_by_key(|row| (row.expires_at, row.lot));
    Ok(first.map(|first| Warned {
        lot: first.lot,
        points,
        expires_at: first.expires_at,
    }))
}

/// What the clock brings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    Expiry,
    Warning,
}

/// The contacts of all workspaces whose points are due, in their order, after the given one.
pub async fn due_everywhere(
    conn: &mut PgConnection,
    what: Due,
    now: Timestamp,
    after: Option<(WorkspaceId, ContactId)>,
    limit: i64,
) -> Result<Vec<(WorkspaceId, ContactId)>, sqlx::Error> {
    let (workspace, contact) = after.map_or((Uuid::nil(), Uuid::nil()), |(workspace, contact)| {
        (workspace.uuid(), contact.uuid())
    });
    Ok(match what {
        Due::Expiry => sqlx::query!(
            r#"SELECT DISTINCT workspace_id AS "workspace: WorkspaceId", contact_id AS "contact: ContactId" FROM loyalty_lots
               WHERE remaining > 0 AND expires_at <= $1 AND (workspace_id, contact_id) > ($2, $3)
               ORDER BY 1, 2 LIMIT $4"#,
            now,
            workspace,
            contact,
            limit
        )
        .fetch_all(conn)
        .await?
        .into_iter()
        .map(|row| (row.workspace, row.contact))
        .collect(),
        Due::Warning => sqlx::query!(
            r#"SELECT DISTINCT workspace_id AS "workspace: WorkspaceId", contact_id AS "contact: ContactId" FROM loyalty_lots
               WHERE remaining > 0 AND warned_at IS NULL AND warn_at <= $1 AND (workspace_id, contact_id) > ($2, $3)
               ORDER BY 1, 2 LIMIT $4"#,
            now,
            workspace,
            contact,
            limit
        )
        .fetch_all(conn)
        .await?
        .into_iter()
        .map(|row| (row.workspace, row.contact))
        .collect(),
    })
}

/// Gives a contact's lots to another.
pub async fn move_to(work: &mut Work, from: ContactId, into: ContactId) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE loyalty_lots SET contact_id = $3 WHERE workspace_id = $1 AND contact_id = $2",
        work.workspace().uuid(),
        from.uuid(),
        into.uuid()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}
