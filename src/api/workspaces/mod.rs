//! Workspaces.

mod invitations;
mod members;

use axum::http::StatusCode;
use kazi_jobs::{
    Permission, Role, Rule, closing,
    workspaces::{self, Changes, Membership, Profile, WorkspaceError, WorkspaceView},
};
use kazi_platform::{UserId, WorkspaceId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::api::{
    Answer, Shared,
    auth::FORBIDDEN,
    caller::{Caller, Member, User},
    errors::conflict,
    etag::{IfMatch, Tagged},
    extract::{Json, Path},
    routes::{Access, Routes},
};
use crate::problem::{NOT_FOUND, Problem};

pub fn routes() -> Vec<Routes> {
    let workspaces = Routes::new("workspaces", "The businesses, and who may do what in them.")
        .add(Access::User, routes!(list, create))
        .add(Permission::WORKSPACE_READ, routes!(current))
        .add(Permission::WORKSPACE_WRITE, routes!(update))
        .add(Permission::WORKSPACE_DELETE, routes!(delete))
        .add(Access::Member, routes!(leave))
        .add(Permission::WORKSPACE_TRANSFER, routes!(transfer))
        .add(Access::User, routes!(restore))
        .add(Access::User, routes!(roles));
    vec![workspaces, members::routes(), invitations::routes()]
}

/// Lists the workspaces of the user who calls.
///
/// The list has those that the user cannot open, with the reason in `shut_out`. Owners can restore deleted ones for 30
/// days.
#[utoipa::path(get, path = "/api/v1/workspaces",
    responses((status = 200, description = "All of them.", body = Vec<Membership>)))]
async fn list(user: User) -> Answer<Vec<Membership>> {
    let mut across = user.begin().await?;
    Ok(Json(
        workspaces::memberships(across.conn(), user.user.uuid()).await?,
    ))
}

/// Creates a workspace. The caller becomes its owner.
#[utoipa::path(post, path = "/api/v1/workspaces", request_body = Profile,
    responses((status = 201, description = "It is made.", body = WorkspaceView)))]
async fn create(
    user: User,
    Json(profile): Json<Profile>,
) -> Result<(StatusCode, Tagged<WorkspaceView>), Problem> {
    let id = WorkspaceId::new();
    let mut work = user.begin().await?.within(id);
    workspaces::create_in(&mut work, user.user.uuid(), &profile).await?;
    let made = workspaces::view(&mut work).await?;
    work.commit().await?;
    Ok((StatusCode::CREATED, tagged(made)))
}

/// Shows the workspace of the call.
#[utoipa::path(get, path = "/api/v1/workspaces/current",
    responses((status = 200, description = "The workspace.", body = WorkspaceView)))]
async fn current(caller: Caller) -> Result<Tagged<WorkspaceView>, Problem> {
    let mut work = caller.begin().await?;
    Ok(tagged(workspaces::view(&mut work).await?))
}

/// Changes the workspace. Fields that are left out stay. The settings are replaced as a whole.
#[utoipa::path(patch, path = "/api/v1/workspaces/current", params(IfMatch), request_body = Changes,
    responses((status = 200, description = "As it is now.", body = WorkspaceView)))]
async fn update(
    caller: Caller,
    if_match: IfMatch,
    Json(changes): Json<Changes>,
) -> Result<Tagged<WorkspaceView>, Problem> {
    let mut work = caller.begin().await?;
    let before = workspaces::lock(&mut work).await?;
    if_match.check(before.version)?;
    let after = workspaces::update(&mut work, before, changes).await?;
    work.commit().await?;
    Ok(tagged(after))
}

/// Deletes the workspace. Its owners can restore it for 30 days.
#[utoipa::path(delete, path = "/api/v1/workspaces/current", params(IfMatch),
    responses((status = 204, description = "It is deleted: nobody is a member of it, its channels are still.")))]
async fn delete(
    caller: Caller,
    if_match: IfMatch,
    axum::extract::State(api): axum::extract::State<Shared>,
) -> Result<StatusCode, Problem> {
    let mut work = caller.begin().await?;
    let before = workspaces::lock(&mut work).await?;
    if_match.check(before.version)?;
    closing::delete(&mut work).await?;
    work.commit().await?;
    // Other processes see the change within seconds.
    api.ctx.channels().clear();
    Ok(StatusCode::NO_CONTENT)
}

/// Restores a deleted workspace. Its channels come back paused.
#[utoipa::path(post, path = "/api/v1/workspaces/{id}/restore",
    responses((status = 200, description = "It is back.", body = WorkspaceView)))]
async fn restore(
    user: User,
    Path(id): Path<WorkspaceId>,
    axum::extract::State(api): axum::extract::State<Shared>,
) -> Result<Tagged<WorkspaceView>, Problem> {
    let mut work = user.begin().await?.within(id);
    closing::restore(&mut work).await?;
    let restored = workspaces::view(&mut work).await?;
    work.commit().await?;
    api.ctx.channels().clear();
    Ok(tagged(restored))
}

/// Leaves the workspace.
#[utoipa::path(post, path = "/api/v1/workspaces/current/leave",
    responses(
        (status = 204, description = "You belong to it no longer."),
        (status = 409, description = "You are its last owner."),
    ))]
async fn leave(member: Member) -> Result<StatusCode, Problem> {
    let mut work = member.begin().await?;
    workspaces::remove(&mut work, member.user).await?;
    work.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Transfer {
    user_id: UserId,
}

/// Hands the workspace over to another member, who becomes an owner. The caller becomes an admin.
#[utoipa::path(post, path = "/api/v1/workspaces/current/transfer", request_body = Transfer,
    responses(
        (status = 204, description = "It is handed over."),
        (status = 404, description = "They are no member."),
    ))]
async fn transfer(caller: Caller, Json(transfer): Json<Transfer>) -> Result<StatusCode, Problem> {
    let mut work = caller.begin().await?;
    let to = transfer.user_id.uuid();
    workspaces::transfer(&mut work, to).await?;
    work.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A permission, and the roles that have it.
#[derive(Serialize, ToSchema)]
struct PermissionView {
    #[schema(value_type = String, example = "contacts.read")]
    permission: Permission,
    #[schema(example = json!(["admin", "owner"]))]
    roles: Vec<Role>,
    /// Whether it needs a fresh second factor, if the user has one.
    needs_step_up: bool,
    /// Whether an API key may have it as a scope.
    is_scope: bool,
}

/// Lists the permissions of each role.
#[utoipa::path(get, path = "/api/v1/roles",
    responses((status = 200, description = "All permissions.", body = Vec<PermissionView>)))]
async fn roles() -> Answer<Vec<PermissionView>> {
    let view = |permission: Permission| {
        let Rule { step_up, keys, .. } = permission.rule();
        let may = |role: &Role| role.allows(permission);
        PermissionView {
            permission,
            roles: Role::ALL.into_iter().filter(may).collect(),
            needs_step_up: step_up,
            is_scope: keys,
        }
    };
    Ok(Json(Permission::all().map(view).collect()))
}

fn tagged(workspace: WorkspaceView) -> Tagged<WorkspaceView> {
    Tagged(workspace.version, workspace)
}

impl From<WorkspaceError> for Problem {
    fn from(error: WorkspaceError) -> Self {
        match error {
            WorkspaceError::Invalid(invalid) => invalid.into(),
            WorkspaceError::NotFound(_) => NOT_FOUND.detail(error.to_string()),
            WorkspaceError::Forbidden(rule) => FORBIDDEN.detail(rule),
            WorkspaceError::LastOwner => conflict(
                "last_owner",
                "A workspace needs an owner: make somebody else one first.",
            ),
            WorkspaceError::AlreadyMember => {
                conflict("already_member", "This user is a member already.")
            }
            WorkspaceError::AlreadyInvited => conflict(
                "already_invited",
                "This address is invited already: send the invitation again, or revoke it.",
            ),
            WorkspaceError::InvitationOver => conflict(
                "invitation_over",
                "This invitation is over: ask for another.",
            ),
            WorkspaceError::OtherAddress => Self::new(
                StatusCode::FORBIDDEN,
                "other_address",
                "This invitation was sent to another address.",
            ),
            WorkspaceError::Database(error) => error.into(),
            WorkspaceError::Sealed(error) => Self::internal(error),
        }
    }
}
