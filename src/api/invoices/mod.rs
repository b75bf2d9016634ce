//! Invoices, receipts and credit notes: for members, and for customers their own.

mod customer;

use axum::{
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use kazi_jobs::{
    Permission, Work,
    invoices::{self, InvoiceError, InvoiceFilter, InvoiceId, InvoiceView, Settings, SettingsView},
    payments::OrderId,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::api::{
    Answer,
    caller::Caller,
    errors::{conflict, wrong_state},
    etag::{IfMatch, Tagged},
    extract::{Json, Path},
    page::{List, Page, Paging},
    routes::Routes,
};
use crate::problem::{NOT_FOUND, Problem};

pub fn routes() -> Vec<Routes> {
    let members = Routes::new("invoices", "Invoices, receipts and credit notes.")
        .add(Permission::INVOICES_READ, routes!(list))
        .add(Permission::INVOICES_SEND, routes!(issue))
        .add(Permission::INVOICES_READ, routes!(settings))
        .add(Permission::INVOICES_WRITE, routes!(set_settings))
        .add(Permission::INVOICES_READ, routes!(get))
        .add(Permission::INVOICES_READ, routes!(file))
        .add(Permission::INVOICES_SEND, routes!(send));
    vec![members, customer::routes()]
}

/// Lists documents, newest first.
#[utoipa::path(get, path = "/api/v1/invoices", params(InvoiceFilter, Paging), operation_id = "list_invoices",
    responses((status = 200, description = "A page of them.", body = Page<InvoiceView>)))]
async fn list(caller: Caller, list: List<InvoiceFilter, InvoiceId>) -> Answer<Page<InvoiceView>> {
    list.filter.check("")?;
    let mut work = caller.begin().await?;
    let rows = invoices::list(&mut work, &list.filter, list.after, list.fetch()).await?;
    Ok(Json(list.page(rows, |row| row.id)?))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewInvoice)]
struct New {
    order_id: OrderId,
}

#[derive(Serialize, ToSchema)]
#[schema(as = IssuedInvoices)]
struct Issued {
    /// The documents of the order that the settings want, new or not, and a credit note if one was lacking.
    items: Vec<InvoiceView>,
}

/// Issues the documents of a paid order, if it has none: it was paid before they were turned on.
#[utoipa::path(post, path = "/api/v1/invoices", request_body = New, operation_id = "issue_invoices",
    responses(
        (status = 200, description = "The documents of the order.", body = Issued),
        (status = 409, description = "`invoices_off`: the settings want none. `wrong_state`: the order is not paid."),
    ))]
async fn issue(caller: Caller, Json(new): Json<New>) -> Answer<Issued> {
    let mut work = caller.begin().await?;
    let items = invoices::issue_for_order(&mut work, new.order_id).await?;
    work.commit().await?;
    Ok(Json(Issued { items }))
}

/// Shows a document.
#[utoipa::path(get, path = "/api/v1/invoices/{id}", operation_id = "get_invoice",
    responses((status = 200, description = "The document.", body = InvoiceView)))]
async fn get(caller: Caller, Path(id): Path<InvoiceId>) -> Answer<InvoiceView> {
    let mut work = caller.begin().await?;
    let found = invoices::get(&mut work, id).await?;
    Ok(Json(found.ok_or(NOT_FOUND)?))
}

/// Gets the PDF of a document.
#[utoipa::path(get, path = "/api/v1/invoices/{id}/file", operation_id = "get_invoice_file",
    responses((status = 200, description = "The PDF.", content_type = "application/pdf", body = Vec<u8>)))]
async fn file(caller: Caller, Path(id): Path<InvoiceId>) -> Result<Response, Problem> {
    pdf(caller.begin().await?, id).await
}

/// Sends a document into the customer's chat once more.
#[utoipa::path(post, path = "/api/v1/invoices/{id}/send", operation_id = "send_invoice",
    responses((status = 200, description = "It is on its way.", body = InvoiceView)))]
async fn send(caller: Caller, Path(id): Path<InvoiceId>) -> Answer<InvoiceView> {
    let mut work = caller.begin().await?;
    let view = invoices::send_again(&mut work, id).await?;
    work.commit().await?;
    Ok(Json(view))
}

/// Shows who sells, which documents a sale gets, and how they are numbered.
#[utoipa::path(get, path = "/api/v1/invoices/settings", operation_id = "get_invoice_settings",
    responses((status = 200, description = "As they are now.", body = SettingsView)))]
async fn settings(caller: Caller) -> Result<Tagged<SettingsView>, Problem> {
    let mut work = caller.begin().await?;
    Ok(tagged(invoices::settings(&mut work).await?))
}

/// Sets who sells, which documents a sale gets, and how they are numbered. It holds for what is paid from now on.
#[utoipa::path(put, path = "/api/v1/invoices/settings", params(IfMatch), request_body = Settings,
    operation_id = "set_invoice_settings",
    responses((status = 200, description = "As they are now.", body = SettingsView)))]
async fn set_settings(
    caller: Caller,
    if_match: IfMatch,
    Json(new): Json<Settings>,
) -> Result<Tagged<SettingsView>, Problem> {
    let mut work = caller.begin().await?;
    let before = invoices::lock_settings(&mut work).await?;
    if_match.check(before.version)?;
    let after = invoices::set_settings(&mut work, &before, &new).await?;
    work.commit().await?;
    Ok(tagged(after))
}

fn tagged(settings: SettingsView) -> Tagged<SettingsView> {
    Tagged(settings.version, settings)
}

async fn pdf(mut work: Work, id: InvoiceId) -> Result<Response, Problem> {
    let (name, bytes) = invoices::file(&mut work, id).await?;
    work.rollback().await?;
    // A number has letters, digits, `-`, `_` and `.` alone.
    let disposition = format!("attachment; filename=\"{name}\"");
    let disposition = HeaderValue::try_from(disposition).map_err(Problem::internal)?;
    let headers = [
        (
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/pdf"),
        ),
        (header::CONTENT_DISPOSITION, disposition),
        (
            header::CACHE_CONTROL,
            HeaderValue::from_static("private, no-store"),
        ),
    ];
    Ok((headers, bytes).into_response())
}

impl From<InvoiceError> for Problem {
    fn from(error: InvoiceError) -> Self {
        let said = error.to_string();
        match error {
            InvoiceError::Invalid(invalid) => invalid.into(),
            InvoiceError::NotFound(_) => NOT_FOUND.detail(said),
            InvoiceError::Off => conflict("invoices_off", "The settings want no documents."),
            InvoiceError::Unpaid => wrong_state(said),
            InvoiceError::Pdf(error) => Self::internal(error),
            InvoiceError::Enqueue(error) => error.into(),
            InvoiceError::Database(error) => error.into(),
        }
    }
}
