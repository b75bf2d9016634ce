//! Imports of contacts from files.

use std::collections::BTreeMap;

use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
    http::{HeaderName, HeaderValue, StatusCode, header},
};
use kazi_jobs::{
    contacts::{self, Existing, ImportId, ImportOptions, ImportView, MAX_FILE, RowFault},
    workspaces::permissions::Permission,
};
use serde::Deserialize;
use utoipa_axum::routes;

use super::object;
use crate::api::{
    Answer, Shared,
    caller::Caller,
    extract::{self, Json, Path, Query},
    page::{List, NoFilter, Page, Paging},
    routes::Routes,
};
use crate::problem::Problem;

pub fn routes() -> Routes {
    Routes::new("imports", "Contacts out of files.")
        .add(Permission::ContactsImport, routes!(list))
        .add_large(Permission::ContactsImport, MAX_FILE, routes!(start))
        .add(Permission::ContactsImport, routes!(get))
        .add(Permission::ContactsImport, routes!(faults))
        .add(Permission::ContactsImport, routes!(cancel))
}

/// How a file is to be imported.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ImportQuery {
    /// What the file is called.
    #[param(max_length = 200, example = "contacts.csv")]
    #[serde(default)]
    file_name: String,
    /// Headers and what their columns are, a JSON object: name, first_name, middle_name, last_name, phone, email,
    /// language, tags, `attributes.` and a key, or ignore. Columns that are not named are known by their headers.
    #[param(value_type = Option<String>, example = r#"{"Town": "attributes.city"}"#)]
    #[serde(default, deserialize_with = "object")]
    columns: BTreeMap<String, String>,
    /// ISO 3166: of phones without a country. The workspace's, if none is named.
    #[param(example = "KE")]
    country: Option<String>,
    /// The encoding of a text file. Without it Kazi finds it out, and asks when it is not sure or when names look garbled:
    /// the import fails with a sentence that says where. With it Kazi does not ask.
    #[param(example = "windows-1256")]
    encoding: Option<String>,
    /// What becomes of contacts that are there already.
    #[param(inline)]
    #[serde(default)]
    existing: Existing,
    /// Put on everyone: at most 50, with commas between.
    #[param(example = "fair,vip")]
    #[serde(default)]
    tags: String,
    /// Where these people have consented to marketing: noted for those who have never said.
    #[param(max_length = 500, example = "Form at the fair in May")]
    consent: Option<String>,
}

impl ImportQuery {
    fn options(self) -> ImportOptions {
        let tags = self.tags.split(',').map(str::trim);
        ImportOptions {
            columns: self.columns,
            country: self.country,
            encoding: self.encoding,
            existing: self.existing,
            tags: tags
                .filter(|tag| !tag.is_empty())
                .map(str::to_owned)
                .collect(),
            consent: self.consent,
        }
    }
}

/// What browsers and programs call tables and contact cards. What a file is, its content says: Windows calls a CSV a file of
/// Excel.
const KINDS: [&str; 10] = [
    "text/csv",
    "text/plain",
    "text/tab-separated-values",
    "text/comma-separated-values",
    "application/csv",
    "application/vnd.ms-excel",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.oasis.opendocument.spreadsheet",
    "text/vcard",
    "text/x-vcard",
];
const NO_TABLE: Problem = Problem::new(
    StatusCode::UNSUPPORTED_MEDIA_TYPE,
    "unsupported_media_type",
    "The body must be a table (text/csv, .xlsx or .ods) or contact cards (text/vcard).",
);

/// A file as it was sent.
struct File(Bytes);

impl FromRequest<Shared> for File {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &Shared) -> Result<Self, Problem> {
        let kind = request.headers().get(header::CONTENT_TYPE);
        let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or_default().trim();
        if !KINDS.iter().any(|known| kind.eq_ignore_ascii_case(known)) {
            return Err(NO_TABLE);
        }
        let (parts, body) = request.into_parts();
        extract::read(&parts.extensions, body).await.map(Self)
    }
}

/// Imports a file of contacts: CSV, XLSX, ODS or vCard, up to 20 MiB and 500,000 rows.
///
/// The file is the body. The import goes on behind the answer: look at it for how far it is. Kazi sees by the content what
/// kind of file it is, and which encoding and delimiter a CSV has; `read_as` says it. Exports of Google Contacts and Outlook
/// are known by their headers. The header may stand below titles, within the first ten rows; of several sheets the first with
/// a header is read. Of several phones the first that is valid is taken: of columns for WhatsApp, then for mobile phones, then
/// for phones, then for phones at home and at work; in a cell from left to right. The other phones are left out.
#[utoipa::path(post, path = "/api/v1/imports", params(ImportQuery),
    request_body(
        description = "The file.",
        content(
            (Vec<u8> = "text/csv"),
            (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
            (Vec<u8> = "application/vnd.oasis.opendocument.spreadsheet"),
            (Vec<u8> = "text/vcard"),
        )
    ),
    responses((status = 202, description = "It is written down, and begins.", body = ImportView)))]
async fn start(
    caller: Caller,
    Query(query): Query<ImportQuery>,
    File(file): File,
) -> Result<(StatusCode, [(HeaderName, HeaderValue); 1], Json<ImportView>), Problem> {
    let name = query.file_name.clone();
    let options = query.options();
    let mut work = caller.begin().await?;
    let import = contacts::start_import(&mut work, &name, &file, &options).await?;
    work.commit().await?;
    let place = format!("/api/v1/imports/{}", import.id);
    let place = HeaderValue::try_from(place).map_err(Problem::internal)?;
    let headers = [(header::LOCATION, place)];
    Ok((StatusCode::ACCEPTED, headers, Json(import)))
}

/// Lists imports, the newest first.
#[utoipa::path(get, path = "/api/v1/imports", params(Paging),
    responses((status = 200, description = "A page of them.", body = Page<ImportView>)))]
async fn list(caller: Caller, list: List<NoFilter, ImportId>) -> Answer<Page<ImportView>> {
    let mut work = caller.begin().await?;
    let rows = contacts::imports(&mut work, list.after, list.fetch()).await?;
    Ok(Json(list.page(rows, |row| row.id)?))
}

/// Shows an import, and how far it is.
#[utoipa::path(get, path = "/api/v1/imports/{id}",
    responses((status = 200, description = "As it is now.", body = ImportView)))]
async fn get(caller: Caller, Path(id): Path<ImportId>) -> Answer<ImportView> {
    let mut work = caller.begin().await?;
    Ok(Json(contacts::import_view(&mut work, id).await?))
}

/// Lists the rows that were not imported, in the file's order, with the first fault of each.
#[utoipa::path(get, path = "/api/v1/imports/{id}/faults", params(Paging),
    responses((status = 200, description = "A page of them.", body = Page<RowFault>)))]
async fn faults(
    caller: Caller,
    Path(id): Path<ImportId>,
    list: List<NoFilter, i64>,
) -> Answer<Page<RowFault>> {
    let mut work = caller.begin().await?;
    let import = contacts::import_view(&mut work, id).await?.id;
    let (after, limit) = (list.after.unwrap_or(0), list.fetch());
    let rows = contacts::faults(&mut work, import, after, limit).await?;
    Ok(Json(list.page(rows, |row| row.line)?))
}

/// Stops an import. What it has imported stays; one that has ended stays as it is.
#[utoipa::path(post, path = "/api/v1/imports/{id}/cancel",
    responses((status = 200, description = "As it is now.", body = ImportView)))]
async fn cancel(caller: Caller, Path(id): Path<ImportId>) -> Answer<ImportView> {
    let mut work = caller.begin().await?;
    let import = contacts::cancel_import(&mut work, id).await?;
    work.commit().await?;
    Ok(Json(import))
}
