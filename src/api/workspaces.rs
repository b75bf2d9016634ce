//! Workspaces.

use kazi_jobs::workspaces::{
    self, Workspace,
    permissions::{Permission, Role, Rule},
};
use kazi_platform::WorkspaceId;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::routes;

use super::{
    Answer,
    caller::Caller,
    extract::Json,
    routes::{Access, Routes},
};

pub fn routes() -> Routes {
    Routes::new("workspaces", "The businesses, and who may do what in them.")
        .add(Permission::WorkspaceRead, routes!(current))
        .add(Access::User, routes!(roles))
}

/// A business.
#[derive(Serialize, ToSchema)]
struct WorkspaceView {
    #[schema(value_type = String, example = "wsp_0190a5b2c3d4e5f60718293a4b5c6d7e")]
    id: WorkspaceId,
    #[schema(example = "Zuri Shop")]
    name: String,
    /// What it speaks when a contact's language is not known.
    #[schema(example = "en")]
    default_language: String,
    languages: Vec<String>,
    /// ISO 3166: how a phone number without a country is read.
    #[schema(example = "KE")]
    country: Option<String>,
    /// ISO 4217.
    #[schema(example = "KES")]
    currency: String,
}

impl From<Workspace> for WorkspaceView {
    fn from(workspace: Workspace) -> Self {
        Self {
            id: workspace.id,
            name: workspace.name,
            default_language: workspace.default_language,
            languages: workspace.languages,
            country: workspace.country,
            currency: workspace.currency,
        }
    }
}

/// The workspace that the call is about.
#[utoipa::path(get, path = "/api/v1/workspaces/current",
    responses((status = 200, description = "The workspace.", body = WorkspaceView)))]
async fn current(caller: Caller) -> Answer<WorkspaceView> {
    let mut tx = caller.begin().await?;
    let workspace = workspaces::get(&mut tx, caller.workspace).await?;
    Ok(Json(workspace.into()))
}

/// A permission and who has it.
#[derive(Serialize, ToSchema)]
struct PermissionView {
    #[schema(value_type = String, example = "contacts.read")]
    permission: Permission,
    /// Those that have it.
    #[schema(value_type = Vec<String>, example = json!(["admin", "owner"]))]
    roles: Vec<Role>,
    /// Whether it needs a fresh second factor, where one is set up.
    needs_step_up: bool,
    /// Whether an API key may have it as a scope.
    is_scope: bool,
}

/// The roles and what each may do.
#[utoipa::path(get, path = "/api/v1/roles",
    responses((status = 200, description = "All permissions.", body = Vec<PermissionView>)))]
async fn roles() -> Answer<Vec<PermissionView>> {
    let view = |permission: &Permission| {
        let Rule { step_up, keys, .. } = permission.rule();
        let may = |role: &Role| role.allows(*permission);
        PermissionView {
            permission: *permission,
            roles: Role::ALL.into_iter().filter(may).collect(),
            needs_step_up: step_up,
            is_scope: keys,
        }
    };
    Ok(Json(Permission::ALL.iter().map(view).collect()))
}
