//! Who the caller is.

use kazi_jobs::workspaces::permissions::Role;
use kazi_platform::WorkspaceId;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::routes;
use uuid::Uuid;

use super::{
    Answer,
    caller::User,
    extract::Json,
    routes::{Access, Routes},
};

pub fn routes() -> Routes {
    Routes::new("me", "The user who calls.").add(Access::User, routes!(get))
}

/// A user, as they see themselves.
#[derive(Serialize, ToSchema)]
struct Me {
    id: Uuid,
    session_id: Uuid,
    /// The active workspace.
    #[schema(value_type = Option<String>, example = "wsp_0190a5b2c3d4e5f60718293a4b5c6d7e")]
    workspace_id: Option<WorkspaceId>,
    /// What the user is there.
    #[schema(value_type = Option<String>, example = "admin")]
    role: Option<Role>,
    /// Of the platform.
    is_staff: bool,
}

/// Tells who calls.
#[utoipa::path(get, path = "/api/v1/me", responses((status = 200, description = "You.", body = Me)))]
async fn get(user: User) -> Answer<Me> {
    Ok(Json(Me {
        id: user.user.uuid(),
        session_id: user.session.uuid(),
        workspace_id: user.workspace.map(|(workspace, _)| workspace),
        role: user.workspace.map(|(_, role)| role),
        is_staff: user.is_staff,
    }))
}
