//! Imports contacts from a file, as a job.
//!
//! The file lies in the database until the import has ended. A thread reads it and checks its rows; the job writes them in
//! batches. A batch's rows, the faults of its bad rows and how far the import is commit together, so a run that dies is
//! gone on with at the batch after the last one, by whoever is next, and nothing is written twice: the first statement of
//! a batch is the step from the row before it, which only one run can make and none once the import is cancelled.

mod cards;
mod cells;
mod columns;
mod delimited;
mod encoding;
mod file;
mod garbled;
mod headers;
mod latin;
mod opendocument;
mod read;
mod row;
mod run;
mod targets;
mod wishes;
mod words;
mod workbook;

use std::collections::BTreeMap;

use kazi_platform::{Timestamp, id};
use kazi_queue::{Job, Unique};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sqlx::types::Json;
use utoipa::ToSchema;

pub use row::NewRow;
pub use run::Counts;
pub use run::Import;
pub use wishes::Said;

use super::{ContactError, MAX_TAGS, rules, store};
use crate::{
    Work,
    audit::Change,
    notifications::{self, Kind, Notification, To},
    violations::Violations,
};

id!(
    /// An import of contacts.
    pub struct ImportId, "imp_"
);

/// The largest file, in bytes.
pub const MAX_FILE: usize = 20 * 1024 * 1024;
/// The size of its pieces in the database.
const CHUNK: usize = 1024 * 1024;
/// What the audit log calls an import.
const KIND: &str = "contact_import";

/// What becomes of contacts that are there already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Existing {
    /// They get what the file says, also another name; where it says nothing they stay as they are. `rows_renamed` counts
    /// the names that were changed.
    #[default]
    Update,
    /// They stay as they are. Only an opt-out or a block in the file counts.
    Skip,
}

/// How a file is to be imported.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ImportOptions {
    /// Headers and what their columns are: name, first_name, middle_name, last_name, phone, email, language, tags, marketing,
    /// opt_out, blocked, `attributes.` and a key, or ignore. Columns that are not named are known by their headers.
    #[schema(example = json!({"Town": "attributes.city"}))]
    pub columns: BTreeMap<String, String>,
    /// ISO 3166: of phones without a country. The workspace's, if none is named.
    #[schema(example = "KE")]
    pub country: Option<String>,
    /// The encoding of a text file, such as `windows-1256`. Default: Kazi recognises it. If Kazi is not sure, or if names
    /// look garbled, the import fails.
    #[schema(example = "windows-1256")]
    pub encoding: Option<String>,
    /// What becomes of contacts that are there. Default: `update`, which also changes names.
    pub existing: Existing,
    /// Tags for every contact of the file.
    pub tags: Vec<String>,
    /// Where these people have consented to marketing: then it is noted for those who have never said, and for whom the
    /// file has no “no” and no empty cell in a column of consents. An import does not take back that somebody wants none.
    pub consent: Option<String>,
}

/// An import and how far it is.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ImportView {
    pub id: ImportId,
    /// As it was called.
    #[schema(example = "contacts.csv")]
    pub file_name: String,
    pub bytes: i64,
    #[schema(value_type = ImportOptions)]
    pub options: Json<ImportOptions>,
    /// queued, running, done, failed, cancelled.
    #[schema(example = "running")]
    pub status: String,
    /// How Kazi reads the file: its kind, its encoding and delimiter, or its sheet. Known once the file is open.
    #[schema(example = "CSV with “;” in windows-1256")]
    pub read_as: Option<String>,
    pub error: Option<String>,
    /// Known once the file has been looked through.
    pub rows_total: Option<i64>,
    /// Those that have been dealt with.
    pub rows_done: i64,
    /// Rows that made a new contact.
    pub rows_created: i64,
    /// Contacts that were there and were changed; a second row of one phone counts here too.
    pub rows_updated: i64,
    /// Of these contacts, those who had another name before.
    pub rows_renamed: i64,
    /// Left as they were.
    pub rows_skipped: i64,
    /// Rows that broke a rule, and were not imported.
    pub rows_bad: i64,
    /// Rows that were imported without one of their values, or that have the phone of an earlier row.
    pub rows_remarked: i64,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub started_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub finished_at: Option<Timestamp>,
}

/// Why a row was not imported, or what was wrong with a row that was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct RowFault {
    /// Of the file, from 1.
    pub line: i64,
    /// As the file calls it; empty where the row as a whole is at fault.
    #[schema(example = "Phone")]
    pub column: String,
    /// Stable, for programs.
    #[schema(example = "invalid_phone")]
    pub code: String,
    /// The rule, for a person.
    pub detail: String,
    /// True when the row was imported: without this value, or over an earlier row.
    pub imported: bool,
}

/// Writes a file down and enqueues its import.
///
/// # Errors
/// The file is empty or too large, or an option breaks a rule.
pub async fn start_import(
    work: &mut Work,
    file_name: &str,
    file: &[u8],
    options: &ImportOptions,
) -> Result<ImportView, ContactError> {
    let fields = store::fields::list(work).await?;
    let mut faults = Violations::default();
    if file.is_empty() || file.len() > MAX_FILE {
        let rule = format!("a file has 1 byte to {} MiB", MAX_FILE >> 20);
        faults.add("/file", ("invalid_size", rule));
    }
    let name = faults
        .take("/file_name", rules::line(file_name, 200))
        .flatten();
    for (column, fault) in columns::check(&options.columns, &fields) {
        faults.add(format!("/columns/{column}"), fault);
    }
    let mut options = options.clone();
    if let Some(country) = &mut options.country {
        country.make_ascii_uppercase();
        if country.len() != 2 || !country.bytes().all(|b| b.is_ascii_uppercase()) {
            faults.add(
                "/country",
                (
                    "invalid_country",
                    "must be a country's two letters, like KE".into(),
                ),
            );
        }
    }
    if let Some(label) = &options.encoding
        && encoding(label).is_none()
    {
        let rule = "must be the name of an encoding, like utf-8, windows-1252 or windows-1256";
        faults.add("/encoding", ("unknown_encoding", rule.into()));
    }
    if options.tags.len() > MAX_TAGS {
        faults.add("/tags", ("too_many", format!("at most {MAX_TAGS} tags")));
    }
    for (place, tag) in options.tags.iter_mut().take(MAX_TAGS).enumerate() {
        if let Some(clean) = faults.take(&format!("/tags/{place}"), rules::tag(tag)) {
            *tag = clean;
        }
    }
    if let Some(from) = &options.consent {
        options.consent = faults.take("/consent", rules::line(from, 500)).flatten();
    }
    faults.end()?;
    let id = ImportId::at(work.now());
    let name = name.unwrap_or_else(|| "contacts".into());
    store::imports::insert(work, id, &name, file.len(), &options).await?;
    for (position, chunk) in (0..).zip(file.chunks(CHUNK)) {
        store::imports::insert_chunk(work, id, position, chunk).await?;
    }
    let job = Import {
        workspace: work.workspace(),
        import: id,
    };
    let options_of_job = job
        .options()
        .tenant(work.workspace())
        .unique(id.to_string(), Unique::WhileUnfinished);
    job.enqueue_with(work.conn(), options_of_job)
        .await
        .map_err(|error| match error {
            kazi_queue::EnqueueError::Database(error) => ContactError::Database(error),
            other => ContactError::Database(sqlx::Error::Encode(other.into())),
        })?;
    let after = json!({"file_name": name, "bytes": file.len(), "options": options});
    work.audit(&Change::created("contacts.import", (KIND, id), &after))
        .await?;
    import_view(work, id).await
}

/// An encoding by any of its usual names.
fn encoding(label: &str) -> Option<&'static encoding_rs::Encoding> {
    encoding_rs::Encoding::for_label_no_replacement(label.as_bytes())
}

/// An import, as far as it is now.
pub async fn import_view(work: &mut Work, id: ImportId) -> Result<ImportView, ContactError> {
    store::imports::view(work, id)
        .await?
        .ok_or(ContactError::NotFound)
}

/// Imports, newest first, from before one on.
pub async fn imports(
    work: &mut Work,
    after: Option<ImportId>,
    limit: i64,
) -> Result<Vec<ImportView>, sqlx::Error> {
    store::imports::list(work, after, limit).await
}

/// The bad rows and the remarks of an import by their lines, from behind a line on.
pub async fn faults(
    work: &mut Work,
    id: ImportId,
    after: i64,
    limit: i64,
) -> Result<Vec<RowFault>, sqlx::Error> {
    store::imports::faults(work, id, after, limit).await
}

/// Stops an import before its next batch. What has been imported stays. One that has ended stays as it is.
pub async fn cancel_import(work: &mut Work, id: ImportId) -> Result<ImportView, ContactError> {
    let before = import_view(work, id).await?;
    let cancelled = store::imports::end(work, id, "cancelled", None).await?;
    let after = import_view(work, id).await?;
    if cancelled {
        let (action, subject) = ("contacts.cancel_import", (KIND, id));
        work.audit(&Change::updated(action, subject, &before, &after))
            .await?;
    }
    Ok(after)
}

/// Tells of an import's end, with what came of it.
async fn tell(work: &mut Work, to: To, id: ImportId) -> Result<(), sqlx::Error> {
    let Some(view) = store::imports::view(work, id).await? else {
        return Ok(());
    };
    let file = &view.file_name;
    let title = match &view.error {
        Some(error) => format!("The import of {file} has failed: {error}"),
        None => format!(
            "The import of {file} is done: {} contacts made, {} changed ({} have another name now), {} rows refused, {} \
             with remarks",
            view.rows_created,
            view.rows_updated,
            view.rows_renamed,
            view.rows_bad,
            view.rows_remarked
        ),
    };
    let notification = Notification {
        kind: Kind::IMPORT_FINISHED,
        title: &title,
        data: &json!({"import": id, "status": view.status}),
    };
    notifications::notify(work, to, &notification).await
}
