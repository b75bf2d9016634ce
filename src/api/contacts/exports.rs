//! Contacts as a file.

use axum::{
    body::Body,
    extract::State,
    http::{HeaderName, HeaderValue, header},
};
use futures_util::stream;
use kazi_jobs::{Permission, contacts::Export};
use utoipa_axum::routes;

use super::ContactFilter;
use crate::api::{Shared, caller::Caller, extract::Query, routes::Routes};
use crate::problem::Problem;

pub fn routes() -> Routes {
    Routes::new("exports", "Contacts as a file.")
        .add(Permission::CONTACTS_EXPORT, routes!(contacts))
}

const HEADERS: [(HeaderName, HeaderValue); 2] = [
    (
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/csv; charset=utf-8"),
    ),
    (
        header::CONTENT_DISPOSITION,
        HeaderValue::from_static("attachment; filename=\"contacts.csv\""),
    ),
];

/// Exports the contacts of a filter as CSV, oldest first.
///
/// A contact that is created or deleted during the export may be in it or not, but never twice. A cell that a
/// spreadsheet would run as a formula begins with a `'`; an import removes it. A file whose transfer breaks off is
/// incomplete.
#[utoipa::path(get, path = "/api/v1/contacts/export", params(ContactFilter),
    responses((status = 200, description = "UTF-8 with a byte order mark.", content_type = "text/csv", body = String,
        example = json!("id,name,phone\r\nctc_0190a5b2c3d4e5f60718293a4b5c6d7e,Amina Otieno,+254712345678\r\n"))))]
async fn contacts(
    caller: Caller,
    State(api): State<Shared>,
    Query(filter): Query<ContactFilter>,
) -> Result<([(HeaderName, HeaderValue); 2], Body), Problem> {
    let work = caller.begin().await?;
    let export = Export::begin(&api.ctx, work, filter.into()).await?;
    let pieces = stream::try_unfold(export, async |mut export: Export| {
        match export.next().await {
            Ok(piece) => Ok(piece.map(|piece| (piece, export))),
            Err(error) => {
                // The status has been sent, so the broken connection tells the reader.
                tracing::error!(%error, "an export has broken off");
                Err(error)
            }
        }
    });
    Ok((HEADERS, Body::from_stream(pieces)))
}
