//! SQL of the exports.

use kazi_platform::Timestamp;
use sqlx::{PgConnection, types::Json};

use super::{ExportFormat, ExportId, ExportView, Wanted};
use crate::Work;

pub async fn insert(
    work: &mut Work,
    id: ExportId,
    wanted: &Json<&Wanted>,
    format: ExportFormat,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO exports (workspace_id, id, wanted, format, actor_kind, actor_id, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        work.workspace().uuid(),
        id.uuid(),
        wanted as _,
        format.name(),
        work.actor().kind.name(),
        work.actor().id,
        work.now()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

pub async fn unfinished(work: &mut Work) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT count(*) AS "n!" FROM exports WHERE workspace_id = $1 AND status IN ('queued', 'running')"#,
        work.workspace().uuid()
    )
    .fetch_one(work.conn())
    .await
}

pub async fn view(work: &mut Work, id: ExportId) -> Result<Option<ExportView>, sqlx::Error> {
    sqlx::query_as!(
        ExportView,
        r#"SELECT id AS "id: ExportId", wanted AS "rows: Json<Wanted>", format AS "format: ExportFormat", status, rows_total,
                  rows_done, bytes, error, created_at, started_at, finished_at, expires_at
           FROM exports WHERE workspace_id = $1 AND id = $2"#,
        work.workspace().uuid(),
        id.uuid()
    )
    .fetch_optional(work.conn())
    .await
}

/// The exports, newest first, before the given one.
pub async fn list(
    work: &mut Work,
    after: Option<ExportId>,
    limit: i64,
) -> Result<Vec<ExportView>, sqlx::Error> {
    sqlx::query_as!(
        ExportView,
        r#"SELECT id AS "id: ExportId", wanted AS "rows: Json<Wanted>", format AS "format: ExportFormat", status, rows_total,
                  rows_done, bytes, error, created_at, started_at, finished_at, expires_at
           FROM exports WHERE workspace_id = $1 AND ($2::uuid IS NULL OR id < $2) ORDER BY id DESC LIMIT $3"#,
        work.workspace().uuid(),
        after.map(ExportId::uuid),
        limit
    )
    .fetch_all(work.conn())
    .await
}

/// A piece of a file that is kept; `None` behind the last one, or when the file is gone.
pub async fn chunk(
    work: &mut Work,
    id: ExportId,
    position: i32,
) -> Result<Option<Vec<u8>>, sqlx::Error> {
    sqlx::query_scalar!(
        "SELECT data FROM export_chunks WHERE workspace_id = $1 AND export_id = $2 AND position = $3",
        work.workspace().uuid(),
        id.uuid(),
        position
    )
    .fetch_optional(work.conn())
    .await
}

/// An export that a run has begun.
pub struct Begun {
    pub wanted: Json<Wanted>,
    pub format: ExportFormat,
    pub run: i32,
}

/// Begins a run. From now on an earlier run writes nothing any more.
pub async fn begin(work: &mut Work, id: ExportId) -> Result<Option<Begun>, sqlx::Error> {
    sqlx::query_as!(
        Begun,
        r#"UPDATE exports SET status = 'running', run = run + 1, rows_done = 0, started_at = coalesce(started_at, $3)
           WHERE workspace_id = $1 AND id = $2 AND status IN ('queued', 'running')
           RETURNING wanted AS "wanted: Json<Wanted>", format AS "format: ExportFormat", run"#,
        work.workspace().uuid(),
        id.uuid(),
        work.now()
    )
    .fetch_optional(work.conn())
    .await
}

pub async fn set_total(work: &mut Work, id: ExportId, rows: i64) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE exports SET rows_total = $3 WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        id.uuid(),
        rows
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Notes how far a run is. Returns false when the export is not this run's any more.
pub async fn progress(
    work: &mut Work,
    id: ExportId,
    run: i32,
    rows: i64,
) -> Result<bool, sqlx::Error> {
    let changed = sqlx::query!(
        "UPDATE exports SET rows_done = $4 WHERE workspace_id = $1 AND id = $2 AND run = $3 AND status = 'running'",
        work.workspace().uuid(),
        id.uuid(),
        run,
        rows
    )
    .execute(work.conn())
    .await?;
    Ok(changed.rows_affected() == 1)
}

/// Ends a run well. Returns false when the export is not this run's any more.
pub async fn finish(
    work: &mut Work,
    id: ExportId,
    run: i32,
    bytes: u64,
    expires_at: Timestamp,
) -> Result<bool, sqlx::Error> {
    let changed = sqlx::query!(
        "UPDATE exports SET status = 'done', bytes = $4, expires_at = $5, finished_at = $6
         WHERE workspace_id = $1 AND id = $2 AND run = $3 AND status = 'running'",
        work.workspace().uuid(),
        id.uuid(),
        run,
        i64::try_from(bytes).unwrap_or(i64::MAX),
        expires_at,
        work.now()
    )
    .execute(work.conn())
    .await?;
    Ok(changed.rows_affected() == 1)
}

/// Ends a run badly, unless the export is not this run's any more.
pub async fn fail(work: &mut Work, id: ExportId, run: i32, error: &str) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE exports SET status = 'failed', error = $4, finished_at = $5
         WHERE workspace_id = $1 AND id = $2 AND run = $3 AND status = 'running'",
        work.workspace().uuid(),
        id.uuid(),
        run,
        error,
        work.now()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Returns true when this call cancelled the export.
pub async fn cancel(work: &mut Work, id: ExportId) -> Result<bool, sqlx::Error> {
    let changed = sqlx::query!(
        "UPDATE exports SET status = 'cancelled', finished_at = $3
         WHERE workspace_id = $1 AND id = $2 AND status IN ('queued', 'running')",
        work.workspace().uuid(),
        id.uuid(),
        work.now()
    )
    .execute(work.conn())
    .await?;
    Ok(changed.rows_affected() == 1)
}

pub async fn insert_chunk(
    work: &mut Work,
    id: ExportId,
    position: i32,
    data: &[u8],
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO export_chunks (workspace_id, export_id, position, data) VALUES ($1, $2, $3, $4)",
        work.workspace().uuid(),
        id.uuid(),
        position,
        data
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Deletes the files of the workspace but the newest.
pub async fn expire_all_but(work: &mut Work, files: i64) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "WITH old AS (
             UPDATE exports SET status = 'expired', expires_at = $3
             WHERE workspace_id = $1 AND id IN (
                 SELECT id FROM exports WHERE workspace_id = $1 AND status = 'done' ORDER BY id DESC OFFSET $2)
             RETURNING id)
         DELETE FROM export_chunks WHERE workspace_id = $1 AND export_id IN (SELECT id FROM old)",
        work.workspace().uuid(),
        files,
        work.now()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Deletes a file whose time is over. Returns false when there is none.
pub async fn expire_one(conn: &mut PgConnection, now: Timestamp) -> Result<bool, sqlx::Error> {
    let over = sqlx::query!(
        "UPDATE exports SET status = 'expired'
         WHERE (workspace_id, id) IN (
             SELECT workspace_id, id FROM exports WHERE status = 'done' AND expires_at <= $1
             ORDER BY expires_at LIMIT 1 FOR UPDATE SKIP LOCKED)
         RETURNING workspace_id, id",
        now
    )
    .fetch_optional(&mut *conn)
    .await?;
    let Some(over) = over else { return Ok(false) };
    sqlx::query!(
        "DELETE FROM export_chunks WHERE workspace_id = $1 AND export_id = $2",
        over.workspace_id,
        over.id
    )
    .execute(conn)
    .await?;
    Ok(true)
}

/// Deletes exports of which no file is left.
pub async fn forget(conn: &mut PgConnection, before: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "DELETE FROM exports WHERE created_at < $1 AND status IN ('failed', 'cancelled', 'expired')",
        before
    )
    .execute(conn)
    .await?;
    Ok(())
}
