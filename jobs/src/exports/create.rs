//! Starts, shows and cancels exports.

use kazi_queue::Job;
use sqlx::types::Json;

use super::{ExportError, ExportId, ExportView, NewExport, Write, store};
use crate::{Work, audit::Change};

/// Unfinished exports of a workspace.
const MAX_UNFINISHED: i64 = 3;
/// What the audit log calls an export.
const KIND: &str = "export";

/// Writes an export down and enqueues it. The audit log records who takes which data out.
pub async fn start(work: &mut Work, new: &NewExport) -> Result<ExportView, ExportError> {
    new.check(work).await?;
    if store::unfinished(work).await? >= MAX_UNFINISHED {
        return Err(ExportError::TooMany(MAX_UNFINISHED));
    }
    let id = ExportId::at(work.now());
    store::insert(work, id, &Json(&new.rows), new.format).await?;
    let job = Write {
        workspace: work.workspace(),
        export: id,
    };
    job.enqueue(work.conn()).await?;
    work.audit(&Change::created("exports.create", (KIND, id), new))
        .await?;
    view(work, id).await
}

pub async fn view(work: &mut Work, id: ExportId) -> Result<ExportView, ExportError> {
    store::view(work, id).await?.ok_or(ExportError::NotFound)
}

/// Stops an export before its next page. One that has ended stays as it is.
pub async fn cancel(work: &mut Work, id: ExportId) -> Result<ExportView, ExportError> {
    let before = view(work, id).await?;
    let cancelled = store::cancel(work, id).await?;
    let after = view(work, id).await?;
    if cancelled {
        let (action, subject) = ("exports.cancel", (KIND, id));
        work.audit(&Change::updated(action, subject, &before, &after))
            .await?;
    }
    Ok(after)
}
