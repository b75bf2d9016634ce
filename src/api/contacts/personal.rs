//! Exports and erases the personal data of a contact.

use axum::http::StatusCode;
use kazi_jobs::{
    Permission,
    contacts::ContactId,
    people::{self, PersonalData},
};
use utoipa_axum::routes;

use crate::api::{
    Answer,
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
    .add(Permission::CONTACTS_EXPORT, routes!(personal_data))
    .add(Permission::CONTACTS_DELETE, routes!(erase))
}

/// Exports all data of a contact.
#[utoipa::path(get, path = "/api/v1/contacts/{id}/personal-data",
    responses((status = 200, description = "All of it; of the messages the newest 50,000.", body = PersonalData)))]
async fn personal_data(caller: Caller, Path(id): Path<ContactId>) -> Answer<PersonalData> {
    let mut work = caller.begin().await?;
    let data = people::personal_data(&mut work, id).await?;
    // The transaction has the record that the data was exported.
    work.commit().await?;
    Ok(Json(data))
}

/// Erases all personal data of a contact, for good.
///
/// This includes the contact, its names on channels, its messages, and the personal data in the audit log.
#[utoipa::path(post, path = "/api/v1/contacts/{id}/erase",
    responses((status = 204, description = "Nothing is left.")))]
async fn erase(caller: Caller, Path(id): Path<ContactId>) -> Result<StatusCode, Problem> {
    let mut work = caller.begin().await?;
    people::erase(&mut work, id).await?;
    work.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
