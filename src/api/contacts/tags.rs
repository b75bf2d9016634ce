//! Tags: words that a business puts on its contacts.

use axum::http::StatusCode;
use kazi_jobs::{
    Permission,
    contacts::{self, Tag, TagId},
};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::api::{
    Answer,
    caller::Caller,
    extract::{Json, Path},
    page::Whole,
    routes::Routes,
};
use crate::problem::Problem;

pub fn routes() -> Routes {
    Routes::new("tags", "Words that the business puts on its contacts.")
        .add(Permission::CONTACTS_READ, routes!(list))
        .add(Permission::CONTACTS_WRITE, routes!(rename))
        .add(Permission::CONTACTS_DELETE, routes!(merge))
        .add(Permission::CONTACTS_DELETE, routes!(delete))
}

/// Lists all tags by name with the number of their contacts, at most 2,000.
#[utoipa::path(get, path = "/api/v1/tags",
    responses((status = 200, description = "All of them.", body = Whole<Tag>)))]
async fn list(caller: Caller) -> Answer<Whole<Tag>> {
    let mut work = caller.begin().await?;
    let items = contacts::tags(&mut work).await?;
    Ok(Json(Whole { items }))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct TagName {
    /// Stored in lower case, with single spaces.
    #[schema(min_length = 1, max_length = 50, example = "vip")]
    name: String,
}

/// Renames a tag.
#[utoipa::path(patch, path = "/api/v1/tags/{id}", request_body = TagName,
    responses(
        (status = 204, description = "It is called so."),
        (status = 409, description = "Another tag is called so: merge them."),
    ))]
async fn rename(
    caller: Caller,
    Path(id): Path<TagId>,
    Json(TagName { name }): Json<TagName>,
) -> Result<StatusCode, Problem> {
    let mut work = caller.begin().await?;
    contacts::rename_tag(&mut work, id, &name).await?;
    work.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct MergeTagInto {
    /// The tag that stays.
    into: TagId,
}

/// Gives another tag to all contacts of this one, and deletes this one.
#[utoipa::path(post, path = "/api/v1/tags/{id}/merge", request_body = MergeTagInto,
    responses((status = 204, description = "It is done.")))]
async fn merge(
    caller: Caller,
    Path(id): Path<TagId>,
    Json(MergeTagInto { into }): Json<MergeTagInto>,
) -> Result<StatusCode, Problem> {
    let mut work = caller.begin().await?;
    contacts::merge_tags(&mut work, id, into).await?;
    work.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Deletes a tag and removes it from all contacts.
#[utoipa::path(delete, path = "/api/v1/tags/{id}",
    responses((status = 204, description = "It is gone.")))]
async fn delete(caller: Caller, Path(id): Path<TagId>) -> Result<StatusCode, Problem> {
    let mut work = caller.begin().await?;
    contacts::delete_tag(&mut work, id).await?;
    work.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
