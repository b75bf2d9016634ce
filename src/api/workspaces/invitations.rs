//! Invitations, for members and for the invited person.

use axum::{extract::State, http::StatusCode};
use kazi_jobs::{
    Permission, identity,
    workspaces::{self, InvitationId, InvitationView, Invite, Offer},
};
use kazi_platform::{WorkspaceId, database};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::api::{
    Answer, Shared,
    caller::{Caller, User},
    extract::{Json, Path},
    page::{List, NoFilter, Page, Paging},
    routes::{Access, Routes},
};
use crate::problem::Problem;

pub fn routes() -> Routes {
    Routes::new("invitations", "Who is invited to the workspace. The token goes to the address by e-mail, and is shown nowhere else.")
        .add(Permission::MEMBERS_READ, routes!(list))
        .add(Permission::MEMBERS_MANAGE, routes!(create))
        .add(Permission::MEMBERS_MANAGE, routes!(resend))
        .add(Permission::MEMBERS_MANAGE, routes!(revoke))
        // The token is in the body, because addresses are logged on their way.
        .add(Access::Public, routes!(look_up))
        .add(Access::User, routes!(accept))
        .add(Access::User, routes!(decline))
}

const UNPROVEN: Problem = Problem::new(
    StatusCode::FORBIDDEN,
    "email_not_verified",
    "Prove first that your e-mail address is yours: POST /api/v1/auth/verify-email.",
);

/// Lists the invitations, newest first.
#[utoipa::path(get, path = "/api/v1/invitations", params(Paging),
    responses((status = 200, description = "A page of them.", body = Page<InvitationView>)))]
async fn list(caller: Caller, list: List<NoFilter, InvitationId>) -> Answer<Page<InvitationView>> {
    let mut work = caller.begin().await?;
    let rows = workspaces::invitations(&mut work, list.after, list.fetch()).await?;
    Ok(Json(list.page(rows, |row| row.id)?))
}

/// Invites a person by e-mail. The invitation is good for seven days.
#[utoipa::path(post, path = "/api/v1/invitations", request_body = Invite,
    responses(
        (status = 201, description = "It is on its way.", body = InvitationView),
        (status = 409, description = "This address is invited already."),
    ))]
async fn create(
    caller: Caller,
    State(api): State<Shared>,
    Json(invite): Json<Invite>,
) -> Result<(StatusCode, Json<InvitationView>), Problem> {
    let ctx = &api.ctx;
    let keyring = &ctx.keyring;
    let mut work = caller.begin().await?;
    let invited = workspaces::invite(&mut work, keyring, &invite).await?;
    work.commit().await?;
    Ok((StatusCode::CREATED, Json(invited.invitation)))
}

/// Sends an open invitation again, for another seven days. The token of the earlier letter ends.
#[utoipa::path(post, path = "/api/v1/invitations/{id}/resend",
    responses(
        (status = 200, description = "It is on its way.", body = InvitationView),
        (status = 409, description = "It is over."),
    ))]
async fn resend(
    caller: Caller,
    Path(id): Path<InvitationId>,
    State(api): State<Shared>,
) -> Answer<InvitationView> {
    let ctx = &api.ctx;
    let keyring = &ctx.keyring;
    let mut work = caller.begin().await?;
    let invited = workspaces::resend(&mut work, keyring, id).await?;
    work.commit().await?;
    Ok(Json(invited.invitation))
}

/// Revokes an open invitation.
#[utoipa::path(delete, path = "/api/v1/invitations/{id}",
    responses(
        (status = 204, description = "Nobody can accept it any more."),
        (status = 409, description = "It is over."),
    ))]
async fn revoke(caller: Caller, Path(id): Path<InvitationId>) -> Result<StatusCode, Problem> {
    let mut work = caller.begin().await?;
    workspaces::revoke(&mut work, id).await?;
    work.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The token from the letter.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct InvitationToken {
    /// 64 characters.
    #[schema(value_type = String, write_only)]
    token: SecretString,
}

/// Shows what an invitation is for.
#[utoipa::path(post, path = "/api/v1/invitations/look-up", request_body = InvitationToken,
    responses(
        (status = 200, description = "The invitation.", body = Offer),
        (status = 404, description = "There is no such invitation."),
        (status = 409, description = "It is over."),
    ))]
async fn look_up(State(api): State<Shared>, Json(given): Json<InvitationToken>) -> Answer<Offer> {
    // The invited person belongs to no workspace yet.
    let mut tx = database::platform(&api.ctx.db).await?;
    let now = api.ctx.clock.now();
    Ok(Json(
        workspaces::by_token(&mut tx, now, &given.token).await?,
    ))
}

/// The new membership.
#[derive(Serialize, ToSchema)]
struct Joined {
    workspace: WorkspaceId,
}

/// Accepts an invitation. The user's e-mail address must be the invited one, and be proven.
#[utoipa::path(post, path = "/api/v1/invitations/accept", request_body = InvitationToken,
    responses(
        (status = 200, description = "You belong to the workspace.", body = Joined),
        (status = 403, description = "It was sent to another address, or yours is not proven."),
        (status = 404, description = "There is no such invitation."),
        (status = 409, description = "It is over, or you belong to the workspace already."),
    ))]
async fn accept(user: User, Json(given): Json<InvitationToken>) -> Answer<Joined> {
    let mut across = user.begin().await?;
    let email = proven_address(across.conn(), &user).await?;
    let (token, who) = (&given.token, user.user.uuid());
    let work = workspaces::accept(across, token, who, &email).await?;
    let workspace = work.workspace();
    work.commit().await?;
    Ok(Json(Joined { workspace }))
}

/// Declines an invitation.
#[utoipa::path(post, path = "/api/v1/invitations/decline", request_body = InvitationToken,
    responses(
        (status = 204, description = "It is over."),
        (status = 403, description = "It was sent to another address, or yours is not proven."),
        (status = 404, description = "There is no such invitation."),
        (status = 409, description = "It is over already."),
    ))]
async fn decline(user: User, Json(given): Json<InvitationToken>) -> Result<StatusCode, Problem> {
    let mut across = user.begin().await?;
    let email = proven_address(across.conn(), &user).await?;
    let work = workspaces::decline(across, &given.token, &email).await?;
    work.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn proven_address(conn: &mut PgConnection, user: &User) -> Result<String, Problem> {
    let known = identity::people(conn, &[user.user]).await?;
    let known = known.into_iter().next().filter(|known| known.is_proven);
    known.map(|known| known.email).ok_or(UNPROVEN)
}
