//! What the database knows of who calls. Until it has sessions and members, a token that this program signed speaks for
//! itself, in its own workspace alone, and there are no keys.

use kazi_jobs::workspaces::permissions::{Permission, Role};
use kazi_platform::{Timestamp, WorkspaceId, token::Claims};
use sqlx::PgConnection;
use uuid::Uuid;

/// A user whose session is alive.
pub struct UserState {
    pub user: Uuid,
    pub is_staff: bool,
    pub has_totp: bool,
    pub stepped_up_at: Option<Timestamp>,
}

/// A key as it is stored.
pub struct ApiKeyRecord {
    pub hash: Vec<u8>,
    pub workspace: WorkspaceId,
    pub scopes: Vec<Permission>,
    pub expires_at: Option<Timestamp>,
}

pub async fn session_alive(
    _: &mut PgConnection,
    claims: &Claims,
) -> Result<Option<UserState>, sqlx::Error> {
    Ok(Some(UserState {
        user: claims.sub,
        is_staff: false,
        has_totp: false,
        stepped_up_at: None,
    }))
}

pub async fn role_of(
    _: &mut PgConnection,
    workspace: WorkspaceId,
    claims: &Claims,
) -> Result<Option<Role>, sqlx::Error> {
    Ok((claims.ws == Some(workspace)).then_some(Role::Owner))
}

pub async fn api_key(_: &mut PgConnection, _: Uuid) -> Result<Option<ApiKeyRecord>, sqlx::Error> {
    Ok(None)
}
