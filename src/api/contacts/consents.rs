//! The consents of contacts.

use kazi_jobs::{
    Permission,
    contacts::{self, Consent, ContactId, ContactView},
};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::routes;
use uuid::Uuid;

use super::tagged;
use crate::api::{
    Answer,
    caller::Caller,
    etag::Tagged,
    extract::{Json, Path},
    page::{List, NoFilter, Page, Paging},
    routes::Routes,
};
use crate::problem::Problem;

pub fn routes() -> Routes {
    Routes::new("consents", "What contacts have consented to and withdrawn.")
        .add(Permission::CONTACTS_READ, routes!(list))
        .add(Permission::CONTACTS_WRITE, routes!(set))
}

/// Lists the consents and withdrawals of a contact, newest first.
#[utoipa::path(get, path = "/api/v1/contacts/{id}/consents", params(Paging),
    responses((status = 200, description = "A page of it.", body = Page<Consent>)))]
async fn list(
    caller: Caller,
    Path(id): Path<ContactId>,
    list: List<NoFilter, Uuid>,
) -> Answer<Page<Consent>> {
    let mut work = caller.begin().await?;
    let contact = contacts::view(&mut work, id).await?.id;
    let (after, limit) = (list.after, list.fetch());
    let rows = contacts::consents(&mut work, contact, after, limit).await?;
    Ok(Json(list.page(rows, |row| row.id)?))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Said {
    /// Whether the contact wants marketing.
    marketing: bool,
    /// Where the contact has said so.
    #[schema(
        min_length = 1,
        max_length = 500,
        example = "Signed the form at the fair in May"
    )]
    note: String,
}

/// Stores a contact's consent to marketing, or its withdrawal. A repeated call changes nothing.
#[utoipa::path(post, path = "/api/v1/contacts/{id}/consents", request_body = Said,
    responses((status = 200, description = "The contact, as it is now.", body = ContactView)))]
async fn set(
    caller: Caller,
    Path(id): Path<ContactId>,
    Json(said): Json<Said>,
) -> Result<Tagged<ContactView>, Problem> {
    let mut work = caller.begin().await?;
    let contact = contacts::consent(&mut work, id, said.marketing, &said.note).await?;
    work.commit().await?;
    Ok(tagged(contact))
}
