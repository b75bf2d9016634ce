//! What a person may ask for of their own data.

use axum::{extract::State, http::StatusCode};
use kazi_jobs::{
    contacts::ContactId,
    people::{self, PersonalData},
    workspaces::permissions::Permission,
};
use utoipa_axum::routes;

use crate::api::{
    Answer, Shared,
    caller::Caller,
    extract::{Json, Path},
    routes::Routes,
};
use crate::problem::Problem;

pub fn routes() -> Routes {
    Routes::new(
        "personal-data",
        "What a contact may ask for: a copy of all of it, or that nothing be left.",
    )
    .add(Permission::ContactsExport, routes!(personal_data))
    .add(Permission::ContactsDelete, routes!(erase))
}

/// Gives a copy of all that is known of a contact.
#[utoipa::path(get, path = "/api/v1/contacts/{id}/personal-data",
    responses((status = 200, description = "All of it; of the messages the newest 50,000.", body = PersonalData)))]
async fn personal_data(caller: Caller, Path(id): Path<ContactId>) -> Answer<PersonalData> {
    let mut tx = caller.begin().await?;
    let data = people::personal_data(&mut tx, caller.workspace, &caller.actor, id).await?;
    // It has written that the copy was taken.
    tx.commit().await?;
    Ok(Json(data))
}

/// Leaves nothing personal of a contact, for good.
///
/// Their record, how channels name them, what was said, and what the audit log has of it.
#[utoipa::path(post, path = "/api/v1/contacts/{id}/erase",
    responses((status = 204, description = "Nothing is left.")))]
async fn erase(
    caller: Caller,
    State(api): State<Shared>,
    Path(id): Path<ContactId>,
) -> Result<StatusCode, Problem> {
    let (actor, now) = (&caller.actor, api.ctx.clock.now());
    let mut tx = caller.begin().await?;
    people::erase(&mut tx, caller.workspace, actor, now, id).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
