//! SQL of the members.

use chrono::TimeDelta;
use kazi_platform::{Timestamp, WorkspaceId};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{
    Role, Work,
    workspaces::{MemberView, Membership, RESTORABLE_DAYS, ShutOut},
};

/// Reads a stored role. The table's check allows only roles, so an unknown one is a newer program's: it counts as the least.
fn role_named(name: &str) -> Role {
    name.parse().unwrap_or(Role::Viewer)
}

/// Returns the role of a user who is not suspended, and whether the workspace is suspended; in a deleted workspace only
/// with `deleted`.
pub(crate) async fn role(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    user: Uuid,
    deleted: bool,
) -> Result<Option<(Role, bool)>, sqlx::Error> {
    let row = sqlx::query!(
        r#"SELECT m.role, w.suspended_at IS NOT NULL AS "suspended!" FROM members m JOIN workspaces w ON w.id = m.workspace_id
           WHERE m.workspace_id = $1 AND m.user_id = $2 AND m.suspended_at IS NULL AND ($3 OR w.deleted_at IS NULL)"#,
        workspace.uuid(),
        user,
        deleted
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| (role_named(&row.role), row.suspended)))
}

/// Returns the role of a member, and since when the member is suspended.
pub(in crate::workspaces) async fn held(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    user: Uuid,
) -> Result<Option<(Role, Option<Timestamp>)>, sqlx::Error> {
    let row = sqlx::query!(
        "SELECT role, suspended_at FROM members WHERE workspace_id = $1 AND user_id = $2",
        workspace.uuid(),
        user
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| (role_named(&row.role), row.suspended_at)))
}

/// Suspends a member, or takes it back.
pub(in crate::workspaces) async fn set_suspended(
    work: &mut Work,
    user: Uuid,
    at: Option<Timestamp>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE members SET suspended_at = $3, updated_at = clock_timestamp() WHERE workspace_id = $1 AND user_id = $2",
        work.workspace().uuid(),
        user,
        at
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Adds a member. Returns false when the user is a member already.
pub(in crate::workspaces) async fn add(
    work: &mut Work,
    user: Uuid,
    role: Role,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "INSERT INTO members (workspace_id, user_id, role) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        work.workspace().uuid(),
        user,
        role.name()
    )
    .execute(work.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

pub(in crate::workspaces) async fn set_role(
    work: &mut Work,
    user: Uuid,
    role: Role,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE members SET role = $3, updated_at = clock_timestamp() WHERE workspace_id = $1 AND user_id = $2",
        work.workspace().uuid(),
        user,
        role.name()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

pub(in crate::workspaces) async fn remove(work: &mut Work, user: Uuid) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "DELETE FROM members WHERE workspace_id = $1 AND user_id = $2",
        work.workspace().uuid(),
        user
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

pub(in crate::workspaces) async fn count_owners(work: &mut Work) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT count(*) AS "n!" FROM members WHERE workspace_id = $1 AND role = 'owner' AND suspended_at IS NULL"#,
        work.workspace().uuid()
    )
    .fetch_one(work.conn())
    .await
}

pub(in crate::workspaces) async fn list(
    work: &mut Work,
    after: Option<Uuid>,
    limit: i64,
) -> Result<Vec<MemberView>, sqlx::Error> {
    let rows = sqlx::query!(
        "SELECT user_id, role, suspended_at, created_at, updated_at FROM members
         WHERE workspace_id = $1 AND ($2::uuid IS NULL OR user_id > $2) ORDER BY user_id LIMIT $3",
        work.workspace().uuid(),
        after,
        limit
    )
    .fetch_all(work.conn())
    .await?;
    let members = rows.into_iter().map(|row| MemberView {
        user: row.user_id,
        role: role_named(&row.role),
        suspended_at: row.suspended_at,
        created_at: row.created_at,
        updated_at: row.updated_at,
    });
    Ok(members.collect())
}

/// Finds the members with this role or a higher one, without the suspended ones.
pub async fn in_role(work: &mut Work, least: Role) -> Result<Vec<Uuid>, sqlx::Error> {
    let roles: Vec<String> = Role::ALL
        .into_iter()
        .filter(|role| *role >= least)
        .map(|role| role.name().to_owned())
        .collect();
    sqlx::query_scalar!(
        "SELECT user_id FROM members WHERE workspace_id = $1 AND role = ANY($2) AND suspended_at IS NULL ORDER BY user_id",
        work.workspace().uuid(),
        &roles
    )
    .fetch_all(work.conn())
    .await
}

/// The workspaces of a user, by their age, with those that the user cannot open. In a transaction of the platform: it
/// spans workspaces by its nature.
pub async fn memberships(
    conn: &mut PgConnection,
    user: Uuid,
) -> Result<Vec<Membership>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT w.id AS "id: WorkspaceId", w.name, w.deleted_at, m.role,
                  m.suspended_at IS NOT NULL AS "member_suspended!", w.suspended_at IS NOT NULL AS "suspended!"
           FROM members m JOIN workspaces w ON w.id = m.workspace_id
           WHERE m.user_id = $1 ORDER BY w.id LIMIT 1000"#,
        user
    )
    .fetch_all(conn)
    .await?;
    let memberships = rows.into_iter().map(|row| {
        let role = role_named(&row.role);
        // The person's own suspension comes first: it stays whatever becomes of the workspace.
        let shut_out = if row.member_suspended {
            Some(ShutOut::MemberSuspended)
        } else if row.deleted_at.is_some() {
            Some(ShutOut::WorkspaceDeleted)
        } else if row.suspended {
            Some(ShutOut::WorkspaceSuspended)
        } else {
            None
        };
        let restorable = role == Role::Owner && shut_out == Some(ShutOut::WorkspaceDeleted);
        let until = row
            .deleted_at
            .map(|at| at + TimeDelta::days(RESTORABLE_DAYS));
        Membership {
            workspace_id: row.id,
            name: row.name,
            role,
            shut_out,
            deleted_at: row.deleted_at,
            restorable_until: until.filter(|_| restorable),
        }
    });
    Ok(memberships.collect())
}
