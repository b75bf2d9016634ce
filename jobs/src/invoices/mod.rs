//! Invoices, receipts and credit notes: what a business owes its customers on paper.
//!
//! A paid sale gets its documents by a job, which the event of its payment enqueues ([`issue`]). A document has the next
//! [number](store::lock_series) of its series, without gaps, and says for good what was true when it was issued: the database
//! refuses to change it. Money that goes back gives a credit note. The PDF follows from the document alone, so it is made when
//! somebody wants it: for the chat and for e-mail ([`Deliver`]), and for a download ([`file`]).

mod deliver;
mod issue;
mod model;
mod sale;
mod settings;
mod sheet;
mod store;
#[cfg(test)]
mod tests;

use kazi_queue::Registry;

use crate::{
    Context, contacts,
    domain::{Domain, Figures},
    endpoints::{Listener, Subject, shown, types},
    locale::{Words, files},
    permission::permissions,
};
pub use deliver::{Deliver, Mail, TEMPLATE, file, send_again};
pub use issue::{Issue, issue_for_order};
pub use model::{
    Cause, InvoiceError, InvoiceFilter, InvoiceId, InvoiceKind, InvoiceView, Line, Sum, SumKind,
};
pub use settings::{Settings, SettingsView, lock_settings, set_settings, settings};
pub use store::{count, get, list};

pub(crate) const DOMAIN: Domain = Domain {
    name: "invoices",
    floor: 8,
    jobs,
    tables: &["invoices", "invoice_numbers", "invoice_settings"],
    offers: &[
        &PERMISSIONS,
        &Figures(include_str!("figures.txt")),
        &Words {
            files: files!("invoices"),
            keywords: &[],
        },
        &Subject::of::<InvoiceView>(EVENTS, |work, id| {
            Box::pin(async move { shown(get(work, id.into()).await?) })
        }),
        &Listener {
            hear: |work, kind, id| Box::pin(issue::hear(work, kind, id)),
        },
        &contacts::Hooks {
            merge: |work, from, into| Box::pin(store::change_contact(work, from, into)),
            erase: |work, id| Box::pin(store::erase(work, id)),
            ..contacts::Hooks::NONE
        },
    ],
};

permissions! {
    /// Invoices, receipts and credit notes.
    INVOICES_READ = "invoices.read", Viewer;
    /// Sends them again, and issues those of older orders.
    INVOICES_SEND = "invoices.send", Agent;
    /// Sets who sells, and how documents are numbered.
    INVOICES_WRITE = "invoices.write", Admin;
}

types! {
    EVENTS;
    /// An invoice, a receipt or a credit note was issued.
    INVOICE_ISSUED = "invoice.issued";
}

fn jobs(registry: Registry<Context>) -> Registry<Context> {
    registry
        .register::<Issue>()
        .register::<Deliver>()
        .register::<Mail>()
}
