//! SQL of the imports.

use sqlx::{PgPool, types::Json};
use uuid::Uuid;

use crate::{
    Work,
    contacts::{ImportId, ImportOptions, ImportView, RowFault, import::Counts},
};

/// More than this is more than a file has.
fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

pub async fn insert(
    work: &mut Work,
    id: ImportId,
    file_name: &str,
    bytes: usize,
    options: &ImportOptions,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO contact_imports (workspace_id, id, file_name, bytes, options, actor_kind, actor_id, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        work.workspace().uuid(),
        id.uuid(),
        file_name,
        signed(bytes as u64),
        Json(options) as _,
        work.actor().kind.name(),
        work.actor().id,
        work.now()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

pub async fn insert_chunk(
    work: &mut Work,
    id: ImportId,
    position: i32,
    data: &[u8],
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO contact_import_chunks (workspace_id, import_id, position, data) VALUES ($1, $2, $3, $4)",
        work.workspace().uuid(),
        id.uuid(),
        position,
        data
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

pub async fn file(work: &mut Work, id: ImportId) -> Result<Vec<u8>, sqlx::Error> {
    let chunks = sqlx::query_scalar!(
        "SELECT data FROM contact_import_chunks WHERE workspace_id = $1 AND import_id = $2 ORDER BY position",
        work.workspace().uuid(),
        id.uuid()
    )
    .fetch_all(work.conn())
    .await?;
    Ok(chunks.concat())
}

pub async fn view(work: &mut Work, id: ImportId) -> Result<Option<ImportView>, sqlx::Error> {
    sqlx::query_as!(
        ImportView,
        r#"SELECT id AS "id: ImportId", file_name, bytes, options AS "options: Json<ImportOptions>", status, read_as, error,
                  rows_total, rows_done, rows_created, rows_updated, rows_renamed, rows_skipped, rows_bad, rows_remarked, created_at,
                  started_at, finished_at
           FROM contact_imports WHERE workspace_id = $1 AND id = $2"#,
        work.workspace().uuid(),
        id.uuid()
    )
    .fetch_optional(work.conn())
    .await
}

pub async fn list(
    work: &mut Work,
    after: Option<ImportId>,
    limit: i64,
) -> Result<Vec<ImportView>, sqlx::Error> {
    sqlx::query_as!(
        ImportView,
        r#"SELECT id AS "id: ImportId", file_name, bytes, options AS "options: Json<ImportOptions>", status, read_as, error,
                  rows_total, rows_done, rows_created, rows_updated, rows_renamed, rows_skipped, rows_bad, rows_remarked, created_at,
                  started_at, finished_at
           FROM contact_imports WHERE workspace_id = $1 AND ($2::uuid IS NULL OR id < $2) ORDER BY id DESC LIMIT $3"#,
        work.workspace().uuid(),
        after.map(ImportId::uuid),
        limit
    )
    .fetch_all(work.conn())
    .await
}

/// An import that is to be run.
pub struct Begun {
    pub options: ImportOptions,
    pub done: u64,
    pub actor: Option<Uuid>,
    /// Whether the actor is a member, who can be told.
    pub by_member: bool,
}

pub async fn begin(work: &mut Work, id: ImportId) -> Result<Option<Begun>, sqlx::Error> {
    let row = sqlx::query!(
        r#"UPDATE contact_imports SET status = 'running', started_at = coalesce(started_at, $3)
           WHERE workspace_id = $1 AND id = $2 AND status IN ('queued', 'running')
           RETURNING options AS "options: Json<ImportOptions>", rows_done, actor_id,
                     actor_kind = 'member' AS "by_member!""#,
        work.workspace().uuid(),
        id.uuid(),
        work.now()
    )
    .fetch_optional(work.conn())
    .await?;
    Ok(row.map(|row| Begun {
        options: row.options.0,
        done: u64::try_from(row.rows_done).unwrap_or(0),
        actor: row.actor_id,
        by_member: row.by_member,
    }))
}

pub async fn set_total(
    work: &mut Work,
    id: ImportId,
    rows: u64,
    read_as: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE contact_imports SET rows_total = $3, read_as = $4 WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        id.uuid(),
        signed(rows),
        read_as
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Steps from one row to another. `false` when the import is not at the first, or not running.
pub async fn advance(
    work: &mut Work,
    id: ImportId,
    from: u64,
    to: u64,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "UPDATE contact_imports SET rows_done = $4
         WHERE workspace_id = $1 AND id = $2 AND rows_done = $3 AND status = 'running'",
        work.workspace().uuid(),
        id.uuid(),
        signed(from),
        signed(to)
    )
    .execute(work.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Notes what became of a batch.
pub async fn report(
    work: &mut Work,
    id: ImportId,
    faults: &[RowFault],
    counts: Counts,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE contact_imports SET rows_created = rows_created + $3, rows_updated = rows_updated + $4,
                                    rows_skipped = rows_skipped + $5, rows_bad = rows_bad + $6,
                                    rows_remarked = rows_remarked + $7, rows_renamed = rows_renamed + $8
         WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        id.uuid(),
        counts.created,
        counts.updated,
        counts.skipped,
        counts.bad,
        counts.remarked,
        counts.renamed
    )
    .execute(work.conn())
    .await?;
    if faults.is_empty() {
        return Ok(());
    }
    let lines: Vec<i64> = faults.iter().map(|fault| fault.line).collect();
    let imported: Vec<bool> = faults.iter().map(|fault| fault.imported).collect();
    let texts = |of: fn(&RowFault) -> &String| {
        faults
            .iter()
            .map(|fault| of(fault).clone())
            .collect::<Vec<_>>()
    };
    sqlx::query!(
        "INSERT INTO contact_import_faults (workspace_id, import_id, line, column_name, code, detail, imported)
         SELECT $1, $2, * FROM unnest($3::bigint[], $4::text[], $5::text[], $6::text[], $7::boolean[])
         ON CONFLICT DO NOTHING",
        work.workspace().uuid(),
        id.uuid(),
        &lines,
        &texts(|fault| &fault.column),
        &texts(|fault| &fault.code),
        &texts(|fault| &fault.detail),
        &imported
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Has PostgreSQL count the tables that an import fills. Its checks of foreign keys read a table with a few rows from end to
/// end, and each connection keeps this plan until the tables are counted: an import into a young database would become
/// slower with each batch, until autovacuum comes by. Without the count the import is slow, and right.
pub async fn count_tables(pool: &PgPool) {
    // Needs the role that owns the tables. If autovacuum is at one of them, it counts that one.
    let counted =
        sqlx::raw_sql("ANALYZE (SKIP_LOCKED) contacts, contact_tags, contact_taggings, consents")
            .execute(pool)
            .await;
    if let Err(error) = counted {
        tracing::warn!("the tables of the contacts cannot be counted: {error}");
    }
}

/// Ends an import that has not ended, and forgets its file. `false` when it had.
pub async fn end(
    work: &mut Work,
    id: ImportId,
    status: &str,
    error: Option<&str>,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "UPDATE contact_imports SET status = $3, error = $4, finished_at = $5
         WHERE workspace_id = $1 AND id = $2 AND status IN ('queued', 'running')",
        work.workspace().uuid(),
        id.uuid(),
        status,
        error,
        work.now()
    )
    .execute(work.conn())
    .await?;
    sqlx::query!(
        "DELETE FROM contact_import_chunks WHERE workspace_id = $1 AND import_id = $2",
        work.workspace().uuid(),
        id.uuid()
    )
    .execute(work.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

pub async fn faults(
    work: &mut Work,
    id: ImportId,
    after: i64,
    limit: i64,
) -> Result<Vec<RowFault>, sqlx::Error> {
    sqlx::query_as!(
        RowFault,
        r#"SELECT line, column_name AS "column", code, detail, imported FROM contact_import_faults
           WHERE workspace_id = $1 AND import_id = $2 AND line > $3 ORDER BY line LIMIT $4"#,
        work.workspace().uuid(),
        id.uuid(),
        after,
        limit
    )
    .fetch_all(work.conn())
    .await
}
