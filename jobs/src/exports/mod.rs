//! Exports: lists of a workspace as CSV or XLSX.
//!
//! A job reads a list page by page, each page in a transaction of its own, into a file on the disk of its machine. Then one
//! transaction stores the file in pieces and ends the export: so the file is there as a whole or not at all, whichever
//! process made it and whichever serves it. A run that dies leaves nothing, and the next run begins anew.
//!
//! A row that is made or deleted during the export may be in the file or not. No row is in it twice.

mod cells;
mod create;
mod model;
mod purge;
mod recipients;
mod rows;
mod run;
mod store;
mod table;

use kazi_queue::{Registry, cron::Schedule};

pub use create::{cancel, start, view};
pub use model::{ExportError, ExportFormat, ExportId, ExportView, NewExport, Wanted};
pub use purge::Purge;
pub use run::Write;
pub use store::{chunk, list};

use crate::{Context, domain::Domain, permission::permissions};

pub(crate) const DOMAIN: Domain = Domain {
    name: "exports",
    floor: 9,
    jobs,
    tables: &["export_chunks", "exports"],
    offers: &[&PERMISSIONS],
};

permissions! {
    /// Takes lists out as files: contacts, orders, payments, messages, bookings, campaigns, feedback.
    EXPORTS_WRITE = "exports.write", Admin;
}

fn jobs(registry: Registry<Context>) -> Registry<Context> {
    let hourly = Schedule::new("exports.purge", "17 * * * *");
    registry
        .register::<Write>()
        .register::<Purge>()
        .schedule(hourly, &Purge {})
}

#[cfg(test)]
mod tests;
