//! Imports of contacts from files.

use std::collections::BTreeMap;

use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use kazi_jobs::{
    Permission,
    contacts::{self, Existing, ImportId, ImportOptions, ImportView, MAX_FILE, RowFault},
};
use serde::Deserialize;
use utoipa_axum::routes;

use super::object;
use crate::api::{
    Answer,
    caller::Caller,
    extract::{File, Json, Path, Query, Takes},
    page::{List, NoFilter, Page, Paging},
    routes::Routes,
};
use crate::problem::Problem;

pub fn routes() -> Routes {
    Routes::new("imports", "Contacts out of files.")
        .add(Permission::CONTACTS_IMPORT, routes!(list))
        .add_large(Permission::CONTACTS_IMPORT, MAX_FILE, routes!(start))
        .add(Permission::CONTACTS_IMPORT, routes!(get))
        .add(Permission::CONTACTS_IMPORT, routes!(faults))
        .add(Permission::CONTACTS_IMPORT, routes!(cancel))
}

/// The options of an import.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ImportQuery {
    #[param(max_length = 200, example = "contacts.csv")]
    #[serde(default)]
    file_name: String,
    /// A JSON object from headers to fields: name, first_name, middle_name, last_name, phone, email, language, tags,
    /// marketing, opt_out, blocked, `attributes.` and a key, or ignore. Other columns are recognised by their headers.
    #[param(value_type = Option<String>, example = r#"{"Town": "attributes.city"}"#)]
    #[serde(default, deserialize_with = "object")]
    columns: BTreeMap<String, String>,
    /// ISO 3166: the country of phones without one. Default: the workspace's.
    #[param(example = "KE")]
    country: Option<String>,
    /// The encoding of a text file. Default: Kazi recognises it. If Kazi is not sure, or if names look garbled, the import
    /// fails and names the lines. With this parameter Kazi reads the file as you say.
    #[param(example = "windows-1256")]
    encoding: Option<String>,
    /// What happens to contacts that exist already.
    #[param(inline)]
    #[serde(default)]
    existing: Existing,
    /// Tags for all contacts of the file: at most 50, separated by commas.
    #[param(example = "fair,vip")]
    #[serde(default)]
    tags: String,
    /// The place of the consent to marketing. It is stored for contacts who have never decided. A “no” in a column of
    /// consents, opt-outs or blocks wins over it, and an empty cell in a column of consents is no consent.
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
struct Contacts;

impl Takes for Contacts {
    const KINDS: &'static [&'static str] = &[
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
    const OTHERWISE: &'static str =
        "The body must be a table (text/csv, .xlsx or .ods) or contact cards (text/vcard).";
}

/// Imports a file of contacts: CSV, XLSX, ODS or vCard, up to 20 MiB and 500,000 rows.
///
/// The body is the file. The import runs after the answer; read it for its progress. The file's kind, encoding and
/// delimiter are recognised from its content, and `read_as` names them. Exports of Google Contacts and Outlook are
/// recognised by their headers. The header may stand below titles, within the first ten rows. Of several sheets Kazi reads
/// the first that has a header. Of several phones Kazi takes the first valid one: columns for WhatsApp come first, then
/// mobile phones, other phones, and phones at home and at work. It ignores the other phones.
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
    file: File<Contacts>,
) -> Result<(StatusCode, [(HeaderName, HeaderValue); 1], Json<ImportView>), Problem> {
    let name = query.file_name.clone();
    let options = query.options();
    let mut work = caller.begin().await?;
    let import = contacts::start_import(&mut work, &name, &file.bytes, &options).await?;
    work.commit().await?;
    let place = format!("/api/v1/imports/{}", import.id);
    let place = HeaderValue::try_from(place).map_err(Problem::internal)?;
    let headers = [(header::LOCATION, place)];
    Ok((StatusCode::ACCEPTED, headers, Json(import)))
}

/// Lists imports, newest first.
#[utoipa::path(get, path = "/api/v1/imports", params(Paging),
    responses((status = 200, description = "A page of them.", body = Page<ImportView>)))]
async fn list(caller: Caller, list: List<NoFilter, ImportId>) -> Answer<Page<ImportView>> {
    let mut work = caller.begin().await?;
    let rows = contacts::imports(&mut work, list.after, list.fetch()).await?;
    Ok(Json(list.page(rows, |row| row.id)?))
}

/// Shows an import and its progress.
#[utoipa::path(get, path = "/api/v1/imports/{id}",
    responses((status = 200, description = "As it is now.", body = ImportView)))]
async fn get(caller: Caller, Path(id): Path<ImportId>) -> Answer<ImportView> {
    let mut work = caller.begin().await?;
    Ok(Json(contacts::import_view(&mut work, id).await?))
}

/// Lists the rows that were not imported, in the file's order, each with its first violation. Rows with `imported: true`
/// were imported, without the value or over an earlier row with the same phone: where both have a value, the later counts.
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

/// Stops an import. Imported contacts stay. An import that has ended stays as it is.
#[utoipa::path(post, path = "/api/v1/imports/{id}/cancel",
    responses((status = 200, description = "As it is now.", body = ImportView)))]
async fn cancel(caller: Caller, Path(id): Path<ImportId>) -> Answer<ImportView> {
    let mut work = caller.begin().await?;
    let import = contacts::cancel_import(&mut work, id).await?;
    work.commit().await?;
    Ok(Json(import))
}
