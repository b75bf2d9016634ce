//! SQL of the workspaces for the platform's staff.

use std::collections::HashMap;

use kazi_platform::{Timestamp, WorkspaceId};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{
    Work,
    workspaces::{Tenant, TenantFilter, TenantStatus},
};

pub(in crate::workspaces) async fn list(
    conn: &mut PgConnection,
    filter: &TenantFilter,
    only: Option<WorkspaceId>,
    after: Option<WorkspaceId>,
    limit: i64,
) -> Result<Vec<Tenant>, sqlx::Error> {
    sqlx::query_as!(
        Tenant,
        r#"SELECT id AS "id: WorkspaceId", name, status AS "status!: TenantStatus", country, currency, time_zone,
                  members AS "members!", suspended_at, suspended_reason, deleted_at, created_at
           FROM (SELECT w.*, (SELECT count(*) FROM members m WHERE m.workspace_id = w.id) AS members,
                        CASE WHEN deleted_at IS NOT NULL THEN 'deleted' WHEN suspended_at IS NOT NULL THEN 'suspended'
                             ELSE 'active' END AS status
                 FROM workspaces w) AS t
           WHERE ($1::uuid IS NULL OR id = $1) AND ($2::uuid IS NULL OR id < $2)
             AND ($3::text IS NULL OR position(lower($3) IN lower(name)) > 0) AND ($4::text IS NULL OR status = $4)
           ORDER BY id DESC LIMIT $5"#,
        only.map(WorkspaceId::uuid),
        after.map(WorkspaceId::uuid),
        filter.q,
        filter.status.map(TenantStatus::name),
        limit
    )
    .fetch_all(conn)
    .await
}

/// The names of these workspaces, as far as they exist. In a transaction of the platform.
pub async fn names(
    conn: &mut PgConnection,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, String>, sqlx::Error> {
    let rows = sqlx::query!("SELECT id, name FROM workspaces WHERE id = ANY($1)", ids)
        .fetch_all(conn)
        .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.name)).collect())
}

/// Since when the workspace is suspended, and why.
pub(crate) async fn suspension(
    work: &mut Work,
) -> Result<Option<(Timestamp, String)>, sqlx::Error> {
    let row = sqlx::query!(
        "SELECT suspended_at, suspended_reason FROM workspaces WHERE id = $1",
        work.workspace().uuid()
    )
    .fetch_one(work.conn())
    .await?;
    let reason = row.suspended_reason.unwrap_or_default();
    Ok(row.suspended_at.map(|at| (at, reason)))
}

/// Returns true when the workspace of a caller is suspended.
pub async fn is_suspended(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
) -> Result<bool, sqlx::Error> {
    let found = sqlx::query_scalar!(
        r#"SELECT suspended_at IS NOT NULL AS "is!" FROM workspaces WHERE id = $1"#,
        workspace.uuid()
    )
    .fetch_optional(conn)
    .await?;
    Ok(found.unwrap_or(false))
}

pub(crate) async fn set_suspension(
    work: &mut Work,
    reason: Option<&str>,
) -> Result<(), sqlx::Error> {
    let at = reason.map(|_| work.now());
    sqlx::query!(
        "UPDATE workspaces SET suspended_at = $2, suspended_reason = $3 WHERE id = $1",
        work.workspace().uuid(),
        at,
        reason
    )
    .execute(work.conn())
    .await?;
    Ok(())
}
