//! Knowledge: the documents of a business that the model may use.

use axum::http::StatusCode;
use kazi_jobs::{
    Permission,
    ai::{
        self, Document, DocumentId, DocumentText, KnowledgePassage, MAX_PDF, NewDocument, NewPage,
        NewPdf, PassageId,
    },
};
use serde::Deserialize;
use utoipa_axum::routes;

use crate::api::{
    Answer,
    caller::Caller,
    created::Created,
    etag::{IfMatch, Tagged},
    extract::{File, Json, Path, Query, Takes},
    page::{self, List, NoFilter, Page, Paging},
    routes::Routes,
};
use crate::problem::{NOT_FOUND, Problem};

pub fn routes() -> Routes {
    Routes::new(
        "knowledge",
        "The documents of a business that the model may use.",
    )
    .add(Permission::PROMPTS_READ, routes!(list))
    .add(Permission::PROMPTS_READ, routes!(passages))
    .add(Permission::PROMPTS_READ, routes!(get))
    .add(Permission::PROMPTS_WRITE, routes!(create))
    .add(Permission::PROMPTS_WRITE, routes!(create_page))
    .add(Permission::PROMPTS_WRITE, routes!(fetch))
    .add_large(Permission::PROMPTS_WRITE, MAX_PDF, routes!(create_pdf))
    .add_large(Permission::PROMPTS_WRITE, MAX_PDF, routes!(replace_pdf))
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

#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Search {
    /// Words, or parts of words. A passage must have all of them. Case and accents do not count.
    #[param(min_length = 1, max_length = 200, example = "delivery")]
    q: Option<String>,
    /// The passages of one document.
    document_id: Option<DocumentId>,
}

/// Searches the passages that the model may get, newest first.
#[utoipa::path(get, path = "/api/v1/knowledge/passages", params(Search, Paging),
    responses((status = 200, description = "A page of them.", body = Page<KnowledgePassage>)))]
async fn passages(caller: Caller, list: List<Search, PassageId>) -> Answer<Page<KnowledgePassage>> {
    let Search { q, document_id } = &list.filter;
    if let Some(q) = q {
        page::words(q)?;
    }
    let words = q.as_deref().unwrap_or_default();
    let mut work = caller.begin().await?;
    let rows = ai::passages(&mut work, words, *document_id, list.after, list.fetch()).await?;
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

/// Adds a page of the web. It is read after the answer.
///
/// `state` says how far it is, and `failure` why it failed. The page must be text/html or text/plain and have at most 2 MiB.
/// Kazi follows three redirects at most, and none to a host that is not public.
#[utoipa::path(post, path = "/api/v1/knowledge/pages", request_body = NewPage,
    responses((status = 201, description = "It is written down.", body = Document)))]
async fn create_page(
    caller: Caller,
    Json(new): Json<NewPage>,
) -> Result<Created<Tagged<Document>>, Problem> {
    let mut work = caller.begin().await?;
    let document = ai::create_page(&mut work, &new).await?;
    work.commit().await?;
    let place = format!("/api/v1/knowledge/{}", document.id);
    Ok(Created::at(place, tagged(document)))
}

/// Reads the page of a document once more. What was read before is used meanwhile.
#[utoipa::path(post, path = "/api/v1/knowledge/{id}/fetch",
    responses((status = 200, description = "As it is now.", body = Document)))]
async fn fetch(caller: Caller, Path(id): Path<DocumentId>) -> Result<Tagged<Document>, Problem> {
    let mut work = caller.begin().await?;
    let before = ai::lock_document(&mut work, id).await?.ok_or(NOT_FOUND)?;
    let after = ai::fetch_again(&mut work, &before).await?;
    work.commit().await?;
    Ok(tagged(after))
}

#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct PdfQuery {
    #[param(example = "Price list", min_length = 1, max_length = 200)]
    title: String,
    /// The language of the text: `en`, `fr`, `es`, `pt`, `ar` or `hi`.
    #[param(example = "en")]
    language: String,
}

impl From<PdfQuery> for NewPdf {
    fn from(query: PdfQuery) -> Self {
        Self {
            title: query.title,
            language: query.language,
        }
    }
}

struct Pdf;

impl Takes for Pdf {
    const KINDS: &'static [&'static str] = &["application/pdf"];
    const OTHERWISE: &'static str = "The body must be a PDF (application/pdf).";
}

/// Adds the text of a PDF, up to 10 MiB and 300 pages. The body is the file.
///
/// A file that is encrypted, damaged, or has only pictures of a text is refused, and the problem says which.
#[utoipa::path(post, path = "/api/v1/knowledge/pdf", params(PdfQuery),
    request_body(description = "The file.", content((Vec<u8> = "application/pdf"))),
    responses((status = 201, description = "It is made.", body = Document)))]
async fn create_pdf(
    caller: Caller,
    Query(query): Query<PdfQuery>,
    file: File<Pdf>,
) -> Result<Created<Tagged<Document>>, Problem> {
    let pdf = ai::read_pdf(&query.into(), file.bytes.into()).await?;
    let mut work = caller.begin().await?;
    let document = ai::create_pdf(&mut work, &pdf).await?;
    work.commit().await?;
    let place = format!("/api/v1/knowledge/{}", document.id);
    Ok(Created::at(place, tagged(document)))
}

/// Replaces a document by the text of a PDF, for example of a newer price list. The body is the file.
#[utoipa::path(put, path = "/api/v1/knowledge/{id}/pdf", params(PdfQuery, IfMatch),
    request_body(description = "The file.", content((Vec<u8> = "application/pdf"))),
    responses((status = 200, description = "As it is now.", body = Document)))]
async fn replace_pdf(
    caller: Caller,
    Path(id): Path<DocumentId>,
    Query(query): Query<PdfQuery>,
    if_match: IfMatch,
    file: File<Pdf>,
) -> Result<Tagged<Document>, Problem> {
    let pdf = ai::read_pdf(&query.into(), file.bytes.into()).await?;
    let mut work = caller.begin().await?;
    let before = ai::lock_document(&mut work, id).await?.ok_or(NOT_FOUND)?;
    if_match.check(before.version)?;
    let after = ai::replace_pdf(&mut work, &before, &pdf).await?;
    work.commit().await?;
    Ok(tagged(after))
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
