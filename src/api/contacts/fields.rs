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

/// Lists all custom fields by key: at most 50.
#[utoipa::path(get, path = "/api/v1/contact-fields",
    responses((status = 200, description = "All of them.", body = Whole<Field>)))]
async fn list(caller: Caller) -> Answer<Whole<Field>> {
    let mut work = caller.begin().await?;
    let items = contacts::fields(&mut work).await?;
    Ok(Json(Whole { items }))
}

/// What a custom field is.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct FieldBody {
    /// What people call it.
    #[schema(min_length = 1, max_length = 100, example = "City")]
    label: String,
    /// What values it has. It stays.
    kind: FieldKind,
    /// Of a choice: 1 to 100.
    #[serde(default)]
    #[schema(max_items = 100)]
    choices: Vec<String>,
}

/// Declares a custom field, or changes its label and choices.
///
/// A key is small letters, digits and underscores, begins with a letter, and has at most 40. What contacts have of a choice
/// that is gone stays with them until somebody changes it.
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

/// Drops a custom field, and what contacts have of it.
///
/// Where there are so many that this takes too long, it is answered with 503: sent again, it goes on.
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
