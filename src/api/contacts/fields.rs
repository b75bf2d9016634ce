//! Custom fields of contacts.

use axum::http::StatusCode;
use kazi_jobs::{
    Permission,
    contacts::{self, Field, FieldKind},
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
    Routes::new(
        "contact-fields",
        "What the business notes of its contacts beside what all have.",
    )
    .add(Permission::CONTACTS_READ, routes!(list))
    .add(Permission::WORKSPACE_WRITE, routes!(declare, drop_field))
}

/// Lists all custom fields by key, at most 50.
#[utoipa::path(get, path = "/api/v1/contact-fields",
    responses((status = 200, description = "All of them.", body = Whole<Field>)))]
async fn list(caller: Caller) -> Answer<Whole<Field>> {
    let mut work = caller.begin().await?;
    let items = contacts::fields(&mut work).await?;
    Ok(Json(Whole { items }))
}

/// A custom field.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct FieldBody {
    /// The name that members see.
    #[schema(min_length = 1, max_length = 100, example = "City")]
    label: String,
    /// The kind of its values. It never changes.
    kind: FieldKind,
    /// For a choice: 1 to 100 values.
    #[serde(default)]
    #[schema(max_items = 100)]
    choices: Vec<String>,
}

/// Creates a custom field, or changes its label and choices.
///
/// A key has at most 40 small letters, digits and underscores, and begins with a letter. Contacts keep a choice that
/// was removed until somebody changes it.
#[utoipa::path(put, path = "/api/v1/contact-fields/{key}",
    params(("key" = String, Path, description = "Which one.", pattern = "^[a-z][a-z0-9_]{0,39}$")), request_body = FieldBody,
    responses((status = 200, description = "As it is now.", body = Field)))]
async fn declare(
    caller: Caller,
    Path(key): Path<String>,
    Json(body): Json<FieldBody>,
) -> Answer<Field> {
    let field = Field {
        key,
        label: body.label,
        kind: body.kind,
        choices: body.choices,
    };
    let mut work = caller.begin().await?;
    let field = contacts::declare(&mut work, &field).await?;
    work.commit().await?;
    Ok(Json(field))
}

/// Deletes a custom field, and its values of all contacts.
///
/// With very many values the answer may be 503. Send the call again: it goes on.
#[utoipa::path(delete, path = "/api/v1/contact-fields/{key}",
    responses((status = 204, description = "It is gone.")))]
async fn drop_field(caller: Caller, Path(key): Path<String>) -> Result<StatusCode, Problem> {
    loop {
        let mut work = caller.begin().await?;
        let ended = contacts::drop_field(&mut work, &key).await?;
        work.commit().await?;
        if ended {
            return Ok(StatusCode::NO_CONTENT);
        }
    }
}
