//! What contacts have consented to.

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

/// Lists what a contact has consented to and withdrawn, the newest first.
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

/// What somebody has said.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Said {
    /// Whether they want marketing.
    marketing: bool,
    /// Where they have said so.
    #[schema(
        min_length = 1,
        max_length = 500,
        example = "Signed the form at the fair in May"
    )]
    note: String,
}

/// Writes down what a contact has said of marketing. What is so already is not written again.
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
