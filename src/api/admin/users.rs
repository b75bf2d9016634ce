//! The users of the platform.

use axum::extract::State;
use kazi_jobs::{
    identity::{self, SeenUser, UserFilter},
    workspaces::{self, Membership},
};
use kazi_platform::UserId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::api::{
    Answer, Shared,
    caller::Staff,
    extract::{Json, Path},
    page::{self, List, Page, Paging},
    routes::{Access, Routes},
};
use crate::problem::Problem;

pub fn routes() -> Routes {
    Routes::new(
        "admin-users",
        "The users of the platform, for its own staff.",
    )
    .add(Access::Staff, routes!(list))
    .add(Access::Staff, routes!(get))
    .add(Access::Staff, routes!(disable))
    .add(Access::Staff, routes!(enable))
}

/// All given conditions must hold.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Filter {
    /// A part of the address or of the name, in any case.
    #[param(min_length = 1, max_length = 200, example = "amina")]
    q: Option<String>,
    is_staff: Option<bool>,
    /// Whether the user is shut out.
    disabled: Option<bool>,
}

/// Lists users, newest first.
#[utoipa::path(get, path = "/api/v1/admin/users", params(Filter, Paging),
    responses((status = 200, description = "A page of them.", body = Page<SeenUser>)))]
async fn list(staff: Staff, list: List<Filter, UserId>) -> Answer<Page<SeenUser>> {
    if let Some(q) = &list.filter.q {
        page::words(q)?;
    }
    let filter = UserFilter {
        q: list.filter.q.clone(),
        is_staff: list.filter.is_staff,
        disabled: list.filter.disabled,
    };
    let mut across = staff.look("staff.list_users", None).await?;
    let rows =
        identity::users_of_platform(across.conn(), &filter, list.after, list.fetch()).await?;
    across.commit().await?;
    Ok(Json(list.page(rows, |row| row.user.id)?))
}

/// A user, and the workspaces that the user belongs to.
#[derive(Serialize, ToSchema)]
#[schema(as = PlatformUserWithWorkspaces)]
struct Shown {
    #[serde(flatten)]
    user: SeenUser,
    /// With those that the user cannot open.
    workspaces: Vec<Membership>,
}

/// Shows a user.
#[utoipa::path(get, path = "/api/v1/admin/users/{id}",
    responses((status = 200, description = "The user.", body = Shown)))]
async fn get(staff: Staff, Path(id): Path<UserId>) -> Answer<Shown> {
    let subject = Some(("user", id.uuid()));
    let mut across = staff.look("staff.show_user", subject).await?;
    let user = identity::user_of_platform(across.conn(), id).await?;
    let workspaces = workspaces::memberships(across.conn(), id.uuid()).await?;
    across.commit().await?;
    Ok(Json(Shown { user, workspaces }))
}

/// Shuts a user out, and ends all sessions of the user.
#[utoipa::path(post, path = "/api/v1/admin/users/{id}/disable",
    responses(
        (status = 200, description = "As it is now.", body = Shown),
        (status = 409, description = "`is_staff`: only the command line shuts staff out."),
    ))]
async fn disable(staff: Staff, State(api): State<Shared>, Path(id): Path<UserId>) -> Answer<Shown> {
    set_disabled(staff, api, id, true).await
}

/// Lets a user in again.
#[utoipa::path(post, path = "/api/v1/admin/users/{id}/enable",
    responses(
        (status = 200, description = "As it is now.", body = Shown),
        (status = 409, description = "`is_staff`: only the command line lets staff in."),
    ))]
async fn enable(staff: Staff, State(api): State<Shared>, Path(id): Path<UserId>) -> Answer<Shown> {
    set_disabled(staff, api, id, false).await
}

async fn set_disabled(staff: Staff, api: Shared, id: UserId, disabled: bool) -> Answer<Shown> {
    identity::set_disabled(&api.ctx, &staff.actor, id, disabled).await?;
    let mut across = staff.begin().await?;
    let user = identity::user_of_platform(across.conn(), id).await?;
    let workspaces = workspaces::memberships(across.conn(), id.uuid()).await?;
    across.commit().await?;
    Ok::<_, Problem>(Json(Shown { user, workspaces }))
}
