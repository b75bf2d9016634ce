//! The user who calls.

use axum::{extract::State, http::StatusCode};
use kazi_jobs::{
    Role,
    identity::{self, SessionId, UpdateUser, UserView},
};
use kazi_platform::{
    WorkspaceId,
    token::{Audience, LIFETIME},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;

use super::second_factor::CodeBody;
use crate::api::{
    Answer, Shared,
    auth::enter,
    caller::{CalledFrom, User},
    extract::Json,
    routes::{Access, Routes},
};
use crate::problem::Problem;

pub fn routes() -> Routes {
    Routes::new("me", "The user who calls.")
        .add(Access::User, routes!(get, update))
        .add(Access::User, routes!(switch))
        .add(Access::User, routes!(send_phone_code))
        .add(Access::User, routes!(verify_phone))
}

/// A user, for themselves.
#[derive(Serialize, ToSchema)]
struct Me {
    #[serde(flatten)]
    user: UserView,
    session_id: SessionId,
    workspace_id: Option<WorkspaceId>,
    /// The role in this workspace.
    #[schema(value_type = Option<String>, example = "admin")]
    role: Option<Role>,
    /// The number of recovery codes that are left.
    recovery_codes: i64,
}

/// Shows the user who calls.
#[utoipa::path(get, path = "/api/v1/me", responses((status = 200, description = "You.", body = Me)))]
async fn get(user: User) -> Answer<Me> {
    let mut across = user.begin().await?;
    Ok(Json(Me {
        user: identity::get_user(across.conn(), user.user).await?,
        session_id: user.session,
        workspace_id: user.workspace.map(|(workspace, _)| workspace),
        role: user.workspace.map(|(_, role)| role),
        recovery_codes: identity::count_recovery_codes(across.conn(), user.user).await?,
    }))
}

/// Changes the user. Fields that are left out stay. A new phone must be proven.
#[utoipa::path(patch, path = "/api/v1/me", request_body = UpdateUser,
    responses((status = 200, description = "As it is now.", body = UserView)))]
async fn update(
    user: User,
    State(api): State<Shared>,
    Json(body): Json<UpdateUser>,
) -> Answer<UserView> {
    let view = identity::update_user(&api.ctx, &user.actor, user.user, &body).await?;
    Ok(Json(view))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Switch {
    workspace_id: WorkspaceId,
}

/// An access token with another active workspace.
#[derive(Serialize, ToSchema)]
struct Switched {
    access_token: String,
    /// Seconds.
    #[schema(example = 600)]
    expires_in: i64,
    workspace_id: WorkspaceId,
    #[schema(value_type = String, example = "admin")]
    role: Role,
}

/// Activates another workspace and returns a new access token.
///
/// Name the workspace at the next refresh too.
#[utoipa::path(post, path = "/api/v1/me/workspace", request_body = Switch,
    responses(
        (status = 200, description = "The token.", body = Switched),
        (status = 403, description = "`not_a_member`, `member_suspended` or `workspace_suspended`."),
    ))]
async fn switch(
    user: User,
    State(api): State<Shared>,
    Json(body): Json<Switch>,
) -> Answer<Switched> {
    let id = user.user.uuid();
    let mut across = user.begin().await?;
    let role = enter(across.conn(), body.workspace_id, id).await?;
    across.commit().await?;
    let (session, now) = (user.session.uuid(), api.ctx.clock.now());
    let workspace = Some(body.workspace_id);
    let issued = (api.tokens).issue(Audience::Member, id, session, workspace, now);
    Ok(Json(Switched {
        access_token: issued.map_err(Problem::internal)?,
        expires_in: LIFETIME.num_seconds(),
        workspace_id: body.workspace_id,
        role,
    }))
}

/// Sends a code to the user's phone, over WhatsApp.
#[utoipa::path(post, path = "/api/v1/auth/verify-phone/send",
    responses(
        (status = 202, description = "It is on its way."),
        (status = 409, description = "`no_phone`, or `no_channel`: none sends codes here."),
    ))]
async fn send_phone_code(
    user: User,
    State(api): State<Shared>,
    CalledFrom(origin): CalledFrom,
) -> Result<StatusCode, Problem> {
    identity::request_phone_code(&api.ctx, user.user, &origin).await?;
    Ok(StatusCode::ACCEPTED)
}

/// Proves the user's phone with its code.
#[utoipa::path(post, path = "/api/v1/auth/verify-phone", request_body = CodeBody,
    responses(
        (status = 204, description = "It is proven."),
        (status = 409, description = "`no_phone`: there is none to prove."),
    ))]
async fn verify_phone(
    user: User,
    State(api): State<Shared>,
    Json(body): Json<CodeBody>,
) -> Result<StatusCode, Problem> {
    identity::verify_phone(&api.ctx, &user.actor, user.user, &body.code).await?;
    Ok(StatusCode::NO_CONTENT)
}
