//! A customer's own invoices, receipts and credit notes.

use axum::response::Response;
use kazi_jobs::invoices::{self, InvoiceFilter, InvoiceId, InvoiceView};
use utoipa_axum::routes;

use super::pdf;
use crate::api::{
    Answer,
    caller::Customer,
    extract::{Json, Path},
    page::{List, NoFilter, Page, Paging},
    routes::{Access, Routes},
};
use crate::problem::{NOT_FOUND, Problem};

pub fn routes() -> Routes {
    Routes::new(
        "customer-invoices",
        "A customer's own invoices, receipts and credit notes.",
    )
    .add(Access::Customer, routes!(list))
    .add(Access::Customer, routes!(file))
}

/// Lists your documents, newest first.
#[utoipa::path(get, path = "/api/v1/customer/invoices", params(Paging), operation_id = "list_own_invoices",
    responses((status = 200, description = "A page of them.", body = Page<InvoiceView>)))]
async fn list(customer: Customer, list: List<NoFilter, InvoiceId>) -> Answer<Page<InvoiceView>> {
    let filter = InvoiceFilter {
        contact_id: Some(customer.contact),
        ..InvoiceFilter::default()
    };
    let mut work = customer.begin().await?;
    let rows = invoices::list(&mut work, &filter, list.after, list.fetch()).await?;
    Ok(Json(list.page(rows, |row| row.id)?))
}

/// Gets the PDF of one of your documents.
#[utoipa::path(get, path = "/api/v1/customer/invoices/{id}/file", operation_id = "get_own_invoice_file",
    responses((status = 200, description = "The PDF.", content_type = "application/pdf", body = Vec<u8>)))]
async fn file(customer: Customer, Path(id): Path<InvoiceId>) -> Result<Response, Problem> {
    let mut work = customer.begin().await?;
    let found = invoices::get(&mut work, id).await?;
    found
        .filter(|found| found.contact_id == customer.contact)
        .ok_or(NOT_FOUND)?;
    pdf(work, id).await
}
