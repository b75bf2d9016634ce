//! Members of the workspace.

use std::collections::HashMap;

use axum::{extract::State, http::StatusCode};
use kazi_jobs::{
    Permission, Role,
    identity::{self, Person},
    workspaces,
};
use kazi_platform::{Timestamp, UserId, database};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::api::{
    Answer, Shared,
    caller::Caller,
    extract::{Json, Path},
    page::{List, NoFilter, Page, Paging},
    routes::Routes,
};
use crate::problem::Problem;

pub fn routes() -> Routes {
    Routes::new("members", "Who belongs to the workspace, and as what.")
        .add(Permission::MEMBERS_READ, routes!(list))
        .add(Permission::MEMBERS_MANAGE, routes!(change_role, remove))
        .add(Permission::MEMBERS_MANAGE, routes!(suspend))
        .add(Permission::MEMBERS_MANAGE, routes!(reinstate))
}

#[derive(Serialize, ToSchema)]
struct Member {
    id: UserId,
    #[schema(example = "Amina Otieno")]
    name: Option<String>,
    /// `null` when the account is deleted.
    #[schema(example = "amina@example.com")]
    email: Option<String>,
    role: Role,
    /// Since when the member is suspended. `null`: they are not.
    #[schema(value_type = Option<String>, format = DateTime)]
    suspended_at: Option<Timestamp>,
    /// When the member joined.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When the role was last changed.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
}

/// Lists the members.
#[utoipa::path(get, path = "/api/v1/members", params(Paging),
    responses((status = 200, description = "A page of them.", body = Page<Member>)))]
async fn list(
    caller: Caller,
    list: List<NoFilter, Uuid>,
    State(api): State<Shared>,
) -> Answer<Page<Member>> {
    let mut work = caller.begin().await?;
    let rows = workspaces::members(&mut work, list.after, list.fetch()).await?;
    drop(work);
    let page = list.page(rows, |row| row.user)?;
    let users: Vec<UserId> = page.items.iter().map(|row| row.user.into()).collect();
    // As the platform, because users stand above the workspaces. These are the caller's colleagues.
    let mut work = database::platform(&api.ctx.db).await?;
    let people = identity::people(&mut work, &users).await?;
    let mut people: HashMap<UserId, Person> = people.into_iter().map(|one| (one.id, one)).collect();
    let view = |row: workspaces::MemberView| {
        let id = row.user.into();
        let (name, email) = people
            .remove(&id)
            .map_or((None, None), |one| (one.name, Some(one.email)));
        Member {
            id,
            name,
            email,
            role: row.role,
            suspended_at: row.suspended_at,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    };
    Ok(Json(Page {
        items: page.items.into_iter().map(view).collect(),
        next_cursor: page.next_cursor,
    }))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewRole {
    /// At most the caller's own role.
    role: Role,
}

/// Changes the role of a member. Nobody gives or takes a role above their own.
#[utoipa::path(patch, path = "/api/v1/members/{id}", request_body = NewRole,
    responses(
        (status = 204, description = "That is what they are now."),
        (status = 409, description = "They are the last owner."),
    ))]
async fn change_role(
    caller: Caller,
    Path(id): Path<UserId>,
    Json(new): Json<NewRole>,
) -> Result<StatusCode, Problem> {
    let mut work = caller.begin().await?;
    workspaces::change_role(&mut work, id.uuid(), new.role).await?;
    work.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Removes a member from the workspace at once. Open invitations that the member has sent are revoked.
#[utoipa::path(delete, path = "/api/v1/members/{id}",
    responses(
        (status = 204, description = "They belong to it no longer."),
        (status = 409, description = "They are the last owner."),
    ))]
async fn remove(caller: Caller, Path(id): Path<UserId>) -> Result<StatusCode, Problem> {
    let mut work = caller.begin().await?;
    workspaces::remove(&mut work, id.uuid()).await?;
    work.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Suspends a member: they and the API keys that they made may do nothing here from now on.
///
/// What they saw to has no assignee, and the admins are told. Their log-in and their other workspaces stay.
#[utoipa::path(post, path = "/api/v1/members/{id}/suspend",
    responses(
        (status = 204, description = "They are suspended."),
        (status = 409, description = "They are the last owner."),
    ))]
async fn suspend(caller: Caller, Path(id): Path<UserId>) -> Result<StatusCode, Problem> {
    set_suspended(&caller, id, true).await
}

/// Takes a suspension back. The member has the same role as before.
#[utoipa::path(post, path = "/api/v1/members/{id}/reinstate",
    responses((status = 204, description = "They are a member as before.")))]
async fn reinstate(caller: Caller, Path(id): Path<UserId>) -> Result<StatusCode, Problem> {
    set_suspended(&caller, id, false).await
}

async fn set_suspended(
    caller: &Caller,
    id: UserId,
    suspended: bool,
) -> Result<StatusCode, Problem> {
    let mut work = caller.begin().await?;
    workspaces::set_suspended(&mut work, id.uuid(), suspended).await?;
    work.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
