//! SQL of the invitations.

use kazi_platform::{Timestamp, UserId, WorkspaceId};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{
    Role, Work,
    workspaces::{InvitationId, InvitationView, Offer},
};

pub(in crate::workspaces) struct Fresh<'a> {
    pub id: InvitationId,
    pub email: &'a str,
    pub role: Role,
    pub language: &'a str,
    pub hash: &'a [u8],
    pub invited_by: Option<Uuid>,
    pub now: Timestamp,
    pub expires_at: Timestamp,
}

struct Row {
    id: InvitationId,
    email: String,
    role: String,
    language: String,
    status: String,
    invited_by: Option<UserId>,
    expires_at: Timestamp,
    created_at: Timestamp,
}

impl From<Row> for InvitationView {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            email: row.email,
            role: row.role.parse().unwrap_or(Role::Viewer),
            language: row.language,
            status: row.status,
            invited_by: row.invited_by,
            expires_at: row.expires_at,
            created_at: row.created_at,
        }
    }
}

/// Returns false when the address has an open invitation.
pub(in crate::workspaces) async fn insert(
    work: &mut Work,
    fresh: &Fresh<'_>,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "INSERT INTO invitations (workspace_id, id, email, role, language, token_hash, invited_by, expires_at, created_at,
                                  updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9) ON CONFLICT DO NOTHING",
        work.workspace().uuid(),
        fresh.id.uuid(),
        fresh.email,
        fresh.role.name(),
        fresh.language,
        fresh.hash,
        fresh.invited_by,
        fresh.expires_at,
        fresh.now
    )
    .execute(work.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// An invitation with its generation, held until the transaction ends.
pub(in crate::workspaces) async fn get(
    work: &mut Work,
    id: InvitationId,
) -> Result<Option<(InvitationView, i32)>, sqlx::Error> {
    let row = sqlx::query!(
        r#"SELECT email, role, language, status, invited_by AS "invited_by: UserId", expires_at, created_at, generation
           FROM invitations WHERE workspace_id = $1 AND id = $2 FOR UPDATE"#,
        work.workspace().uuid(),
        id.uuid()
    )
    .fetch_optional(work.conn())
    .await?;
    Ok(row.map(|row| {
        let view = InvitationView {
            id,
            email: row.email,
            role: row.role.parse().unwrap_or(Role::Viewer),
            language: row.language,
            status: row.status,
            invited_by: row.invited_by,
            expires_at: row.expires_at,
            created_at: row.created_at,
        };
        (view, row.generation)
    }))
}

pub(in crate::workspaces) struct ToSend {
    pub email: String,
    pub language: String,
    pub workspace_name: String,
    pub generation: i32,
    pub expires_at: Timestamp,
}

/// The letter of an open invitation to a workspace that is not deleted.
pub(in crate::workspaces) async fn letter(
    work: &mut Work,
    id: InvitationId,
) -> Result<Option<ToSend>, sqlx::Error> {
    sqlx::query_as!(
        ToSend,
        "SELECT i.email, i.language, w.name AS workspace_name, i.generation, i.expires_at
         FROM invitations i JOIN workspaces w ON w.id = i.workspace_id
         WHERE i.workspace_id = $1 AND i.id = $2 AND i.status = 'open' AND w.deleted_at IS NULL",
        work.workspace().uuid(),
        id.uuid()
    )
    .fetch_optional(work.conn())
    .await
}

pub(in crate::workspaces) async fn list(
    work: &mut Work,
    after: Option<InvitationId>,
    limit: i64,
) -> Result<Vec<InvitationView>, sqlx::Error> {
    let rows = sqlx::query_as!(
        Row,
        r#"SELECT id AS "id: InvitationId", email, role, language, status, invited_by AS "invited_by: UserId",
                  expires_at, created_at
           FROM invitations WHERE workspace_id = $1 AND ($2::uuid IS NULL OR id < $2) ORDER BY id DESC LIMIT $3"#,
        work.workspace().uuid(),
        after.map(InvitationId::uuid),
        limit
    )
    .fetch_all(work.conn())
    .await?;
    Ok(rows.into_iter().map(InvitationView::from).collect())
}

pub(in crate::workspaces) async fn renew(
    work: &mut Work,
    id: InvitationId,
    (generation, hash, until): &(i32, Vec<u8>, Timestamp),
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE invitations SET token_hash = $3, expires_at = $4, updated_at = $5, generation = $6
         WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        id.uuid(),
        hash,
        until,
        work.now(),
        generation
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Ends an open invitation. Returns false when it was over already.
pub(in crate::workspaces) async fn end(
    work: &mut Work,
    id: InvitationId,
    status: &str,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "UPDATE invitations SET status = $3, updated_at = $4 WHERE workspace_id = $1 AND id = $2 AND status = 'open'",
        work.workspace().uuid(),
        id.uuid(),
        status,
        work.now()
    )
    .execute(work.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Revokes an expired invitation of the address, so that another can be made.
pub(in crate::workspaces) async fn revoke_expired(
    work: &mut Work,
    email: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE invitations SET status = 'revoked', updated_at = $3
         WHERE workspace_id = $1 AND email = $2 AND status = 'open' AND expires_at <= $3",
        work.workspace().uuid(),
        email,
        work.now()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Revokes the open invitations that a user has sent.
pub(in crate::workspaces) async fn revoke_of(
    work: &mut Work,
    user: Uuid,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE invitations SET status = 'revoked', updated_at = clock_timestamp()
         WHERE workspace_id = $1 AND invited_by = $2 AND status = 'open'",
        work.workspace().uuid(),
        user
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// An invitation to a workspace that is not deleted, with its status.
pub(in crate::workspaces) async fn by_token(
    conn: &mut PgConnection,
    hash: &[u8],
) -> Result<Option<(Offer, String)>, sqlx::Error> {
    let row = sqlx::query!(
        r#"SELECT i.workspace_id AS "workspace: WorkspaceId", w.name, i.id AS "id: InvitationId", i.email, i.role,
                  i.status, i.invited_by AS "invited_by: UserId", i.expires_at
           FROM invitations i JOIN workspaces w ON w.id = i.workspace_id
           WHERE i.token_hash = $1 AND w.deleted_at IS NULL"#,
        hash
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| {
        let offer = Offer {
            workspace: row.workspace,
            workspace_name: row.name,
            id: row.id,
            email: row.email,
            role: row.role.parse().unwrap_or(Role::Viewer),
            invited_by: row.invited_by,
            expires_at: row.expires_at,
        };
        (offer, row.status)
    }))
}
