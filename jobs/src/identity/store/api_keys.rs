//! SQL of the keys for programs.

use kazi_platform::{Timestamp, WorkspaceId};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{
    Work,
    identity::{ApiKeyId, ApiKeyRecord, ApiKeyView},
};

pub(in crate::identity) async fn insert(
    work: &mut Work,
    id: ApiKeyId,
    name: &str,
    hash: &[u8],
    scopes: &[String],
    expires_at: Option<Timestamp>,
    created_by: Option<Uuid>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO api_keys (workspace_id, id, name, hash, scopes, expires_at, created_by, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        work.workspace().uuid(),
        id.uuid(),
        name,
        hash,
        scopes,
        expires_at,
        created_by,
        work.now()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

pub(in crate::identity) async fn list(
    work: &mut Work,
    after: Option<ApiKeyId>,
    limit: i64,
) -> Result<Vec<ApiKeyView>, sqlx::Error> {
    sqlx::query_as!(
        ApiKeyView,
        r#"SELECT id AS "id: ApiKeyId", name, scopes, created_at, expires_at, last_used_at, revoked_at
           FROM api_keys WHERE workspace_id = $1 AND ($2::uuid IS NULL OR id < $2) ORDER BY id DESC LIMIT $3"#,
        work.workspace().uuid(),
        after.map(ApiKeyId::uuid),
        limit
    )
    .fetch_all(work.conn())
    .await
}

pub(in crate::identity) async fn count_alive(work: &mut Work) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT count(*) AS "n!" FROM api_keys WHERE workspace_id = $1 AND revoked_at IS NULL"#,
        work.workspace().uuid()
    )
    .fetch_one(work.conn())
    .await
}

/// `None` when there is no such key; otherwise whether it was alive.
pub(in crate::identity) async fn revoke(
    work: &mut Work,
    id: ApiKeyId,
) -> Result<Option<bool>, sqlx::Error> {
    let done = sqlx::query!(
        "UPDATE api_keys SET revoked_at = $3 WHERE workspace_id = $1 AND id = $2 AND revoked_at IS NULL",
        work.workspace().uuid(),
        id.uuid(),
        work.now()
    )
    .execute(work.conn())
    .await?;
    if done.rows_affected() == 1 {
        return Ok(Some(true));
    }
    let there = sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM api_keys WHERE workspace_id = $1 AND id = $2) AS "there!""#,
        work.workspace().uuid(),
        id.uuid()
    )
    .fetch_one(work.conn())
    .await?;
    Ok(there.then_some(false))
}

pub(in crate::identity) async fn find(
    conn: &mut PgConnection,
    id: ApiKeyId,
) -> Result<Option<ApiKeyRecord>, sqlx::Error> {
    sqlx::query_as!(
        ApiKeyRecord,
        r#"SELECT id AS "id: ApiKeyId", workspace_id AS "workspace: WorkspaceId", hash, scopes, created_by, expires_at, revoked_at
           FROM api_keys WHERE id = $1"#,
        id.uuid()
    )
    .fetch_optional(conn)
    .await
}

pub(in crate::identity) async fn touch(
    conn: &mut PgConnection,
    id: ApiKeyId,
    now: Timestamp,
    unless_since: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE api_keys SET last_used_at = $2 WHERE id = $1 AND (last_used_at IS NULL OR last_used_at <= $3)",
        id.uuid(),
        now,
        unless_since
    )
    .execute(conn)
    .await?;
    Ok(())
}
