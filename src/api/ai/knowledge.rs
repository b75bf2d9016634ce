//! Knowledge: the documents of a business that the model may use.

use axum::http::StatusCode;
use kazi_jobs::{
    Permission,
    ai::{self, Document, DocumentId, DocumentText, NewDocument},
};
use utoipa_axum::routes;

use crate::api::{
    Answer,
    caller::Caller,
    created::Created,
    etag::{IfMatch, Tagged},
    extract::{Json, Path},
    page::{List, NoFilter, Page, Paging},
    routes::Routes,
};
use crate::problem::{NOT_FOUND, Problem};

pub fn routes() -> Routes {
    Routes::new(
        "knowledge",
        "The documents of a business that the model may use.",
    )
    .add(Permission::PROMPTS_READ, routes!(list))
    .add(Permission::PROMPTS_READ, routes!(get))
    .add(Permission::PROMPTS_WRITE, routes!(create))
    .add(Permission::PROMPTS_WRITE, routes!(replace, delete))
}

/// Lists the documents, newest first.
#[utoipa::path(get, path = "/api/v1/knowledge", params(Paging),
    responses((status = 200, description = "A page of them.", body = Page<Document>)))]
async fn list(caller: Caller, list: List<NoFilter, DocumentId>) -> Answer<Page<Document>> {
    let mut work = caller.begin().await?;
    let rows = ai::documents(&mut work, list.after, list.fetch()).await?;
    Ok(Json(list.page(rows, |row| row.id)?))
}

/// Shows a document with its text.
#[utoipa::path(get, path = "/api/v1/knowledge/{id}",
    responses((status = 200, description = "The document.", body = DocumentText)))]
async fn get(caller: Caller, Path(id): Path<DocumentId>) -> Result<Tagged<DocumentText>, Problem> {
    let mut work = caller.begin().await?;
    let found = ai::document_text(&mut work, id).await?.ok_or(NOT_FOUND)?;
    Ok(Tagged(found.document.version, found))
}

/// Adds a document. The model uses it from the next question on.
#[utoipa::path(post, path = "/api/v1/knowledge", request_body = NewDocument,
    responses((status = 201, description = "It is made.", body = Document)))]
async fn create(
    caller: Caller,
    Json(new): Json<NewDocument>,
) -> Result<Created<Tagged<Document>>, Problem> {
    let mut work = caller.begin().await?;
    let document = ai::create_document(&mut work, &new).await?;
    work.commit().await?;
    let place = format!("/api/v1/knowledge/{}", document.id);
    Ok(Created::at(place, tagged(document)))
}

/// Replaces a document, for example with a newer file.
#[utoipa::path(put, path = "/api/v1/knowledge/{id}", params(IfMatch), request_body = NewDocument,
    responses((status = 200, description = "As it is now.", body = Document)))]
async fn replace(
    caller: Caller,
    Path(id): Path<DocumentId>,
    if_match: IfMatch,
    Json(new): Json<NewDocument>,
) -> Result<Tagged<Document>, Problem> {
    let mut work = caller.begin().await?;
    let before = ai::lock_document(&mut work, id).await?.ok_or(NOT_FOUND)?;
    if_match.check(before.version)?;
    let after = ai::replace_document(&mut work, &before, &new).await?;
    work.commit().await?;
    Ok(tagged(after))
}

/// Deletes a document.
#[utoipa::path(delete, path = "/api/v1/knowledge/{id}", params(IfMatch),
    responses((status = 204, description = "It is gone.")))]
async fn delete(
    caller: Caller,
    Path(id): Path<DocumentId>,
    if_match: IfMatch,
) -> Result<StatusCode, Problem> {
    let mut work = caller.begin().await?;
    let before = ai::lock_document(&mut work, id).await?.ok_or(NOT_FOUND)?;
    if_match.check(before.version)?;
    ai::delete_document(&mut work, &before).await?;
    work.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

fn tagged(document: Document) -> Tagged<Document> {
    Tagged(document.version, document)
}
