//! Exports contacts as CSV, page by page.
//!
//! A spreadsheet runs a cell that begins with `=`, `+`, `-`, `@`, a tab or a carriage return as a formula: such a cell gets
//! a `'` before it, which spreadsheets do not show and our import takes off again. A phone stays as it is: `+` and digits
//! are nothing but a number. So does a number.

use std::borrow::Cow;

use kazi_platform::{Phone, Timestamp, WorkspaceId};
use serde_json::{Value, json};

use super::{ContactError, ContactFilter, ContactView, Field, Key, Sort, store};
use crate::{Context, Work, audit::Change};

/// Contacts of a piece.
const PAGE: i64 = 1_000;

/// The columns before the custom fields; an import knows them by these names.
const COLUMNS: [&str; 11] = [
    "id",
    "name",
    "phone",
    "email",
    "language",
    "country",
    "tags",
    "marketing",
    "blocked",
    "last_activity_at",
    "created_at",
];

/// An export that goes on. Each piece is read in a transaction of its own, so that none stays open while somebody
/// downloads slowly. A contact that is made or deleted meanwhile may be in it or not. No contact is in it twice.
pub struct Export {
    ctx: Context,
    workspace: WorkspaceId,
    filter: ContactFilter,
    fields: Vec<Field>,
    after: Option<Key>,
    /// The header is still to come; pages; nothing more.
    next: Next,
}

#[derive(Debug, PartialEq, Eq)]
enum Next {
    Header,
    Page,
    End,
}

impl Export {
    /// Begins one of the contacts that a filter lets through, oldest first. That it was taken stands in the audit log.
    ///
    /// # Errors
    /// A filter names no field or no value of one.
    pub async fn begin(
        ctx: &Context,
        mut work: Work,
        filter: ContactFilter,
    ) -> Result<Self, ContactError> {
        let workspace = work.workspace();
        filter.attributes(&mut work).await?;
        let fields = store::fields::list(&mut work).await?;
        let after = json!({"filter": filter});
        let subject = ("workspace", workspace);
        work.audit(&Change::created("contacts.export", subject, &after))
            .await?;
        work.commit().await?;
        Ok(Self {
            ctx: ctx.clone(),
            workspace,
            filter,
            fields,
            after: None,
            next: Next::Header,
        })
    }

    /// The next piece of the file, UTF-8 with a mark for Excel; `None` at its end.
    ///
    /// # Errors
    /// The database failed: the file is not whole.
    pub async fn next(&mut self) -> Result<Option<Vec<u8>>, ContactError> {
        let mut writer = csv::WriterBuilder::new()
            .terminator(csv::Terminator::CRLF)
            .from_writer(Vec::new());
        match self.next {
            Next::End => return Ok(None),
            Next::Header => {
                let keys = self.fields.iter().map(|field| field.key.as_str());
                write(
                    &mut writer,
                    COLUMNS.into_iter().chain(keys).map(Cow::Borrowed),
                )?;
                self.next = Next::Page;
                let header = writer
                    .into_inner()
                    .map_err(|error| broken(error.into_error()))?;
                return Ok(Some([b"\xef\xbb\xbf".to_vec(), header].concat()));
            }
            Next::Page => {}
        }
        let mut work = Work::of(&self.ctx, self.workspace).await?;
        let rows = super::list(
            &mut work,
            &self.filter,
            Sort::Created,
            self.after.as_ref(),
            PAGE,
        )
        .await?;
        work.commit().await?;
        for row in &rows {
            write(&mut writer, self.cells(row))?;
        }
        let Some(last) = rows.last() else {
            self.next = Next::End;
            return Ok(None);
        };
        self.after = Some(Sort::Created.key(last));
        Ok(Some(
            writer
                .into_inner()
                .map_err(|error| broken(error.into_error()))?,
        ))
    }

    fn cells<'a>(&'a self, row: &'a ContactView) -> impl Iterator<Item = Cow<'a, str>> {
        let text = |text: Option<&'a str>| harmless(text.unwrap_or_default());
        let time = |time: Timestamp| Cow::Owned(time.to_rfc3339());
        let known = [
            Cow::Owned(row.id.to_string()),
            text(row.name.as_deref()),
            Cow::Borrowed(row.phone.as_ref().map_or("", Phone::as_str)),
            text(row.email.as_deref()),
            text(row.language.as_deref()),
            text(row.country.as_deref()),
            Cow::Owned(harmless(&row.tags.join("; ")).into_owned()),
            Cow::Borrowed(match row.marketing {
                Some(true) => "true",
                Some(false) => "false",
                None => "",
            }),
            Cow::Borrowed(if row.blocked_at.is_some() {
                "true"
            } else {
                "false"
            }),
            time(row.last_activity_at),
            time(row.created_at),
        ];
        let custom = self
            .fields
            .iter()
            .map(|field| match row.attributes.get(&field.key) {
                None | Some(Value::Null) => Cow::Borrowed(""),
                Some(Value::String(text)) => harmless(text),
                Some(other) => Cow::Owned(other.to_string()),
            });
        known.into_iter().chain(custom)
    }
}

fn write<'a>(
    writer: &mut csv::Writer<Vec<u8>>,
    cells: impl Iterator<Item = Cow<'a, str>>,
) -> Result<(), ContactError> {
    let cells = cells.map(|cell| cell.into_owned());
    writer
        .write_record(cells)
        .map_err(|error| broken(std::io::Error::other(error)))
}

/// Memory does not fail to be written to.
fn broken(error: std::io::Error) -> ContactError {
    ContactError::Database(sqlx::Error::Io(error))
}

/// A text that no spreadsheet runs.
fn harmless(text: &str) -> Cow<'_, str> {
    match text.chars().next() {
        Some('=' | '+' | '-' | '@' | '\t' | '\r') => Cow::Owned(format!("'{text}")),
        _ => Cow::Borrowed(text),
    }
}
