//! Reads a file and checks its rows, on a thread of its own.

use std::{collections::HashMap, ops::ControlFlow};

use kazi_platform::Phone;
use tokio::sync::mpsc;

use super::{
    Existing, ImportOptions, NewRow, RowFault,
    columns::{Columns, fault_at},
    encoding,
    file::{FileError, FileRow, Table},
};
use crate::contacts::Field;

/// Rows of a batch.
const BATCH: usize = 1_000;
/// The header is one of the first rows: titles may stand above.
const HEADER_WITHIN: usize = 10;
/// A sentence names no more lines than these.
const LINES_NAMED: usize = 5;

/// What the reader has for the job.
pub(super) enum ReadStep {
    /// The file is open, and this is how Kazi reads it.
    Begun {
        total: u64,
        read_as: String,
    },
    Batch(Batch),
}

#[derive(Default)]
pub(super) struct Batch {
    /// Rows of the file up to its end.
    pub(super) until: u64,
    pub(super) rows: Vec<NewRow>,
    pub(super) faults: Vec<RowFault>,
}

/// What it reads, and by what.
pub(super) struct Reader {
    pub(super) file: Vec<u8>,
    pub(super) options: ImportOptions,
    pub(super) fields: Vec<Field>,
    pub(super) country: Option<String>,
    /// Rows that an earlier run has dealt with.
    pub(super) done: u64,
    pub(super) send: mpsc::Sender<ReadStep>,
}

impl Reader {
    /// # Errors
    /// A sentence for the member who sent the file.
    pub(super) fn run(self) -> Result<(), String> {
        let said = |error: FileError| error.to_string();
        let told = match &self.options.encoding {
            Some(label) => Some(encoding(label).ok_or("the encoding is not known")?),
            None => None,
        };
        let country = self.country().map(str::to_owned);
        let table = Table::open(&self.file, told, country.as_deref()).map_err(said)?;
        let (sheet, header, columns) = self.header(&table)?;
        let total = match told {
            Some(_) => count(&table, sheet, header).map_err(said)?,
            None => count_unless_garbled(&table, sheet, header, &columns)?,
        };
        let begun = ReadStep::Begun {
            total,
            read_as: table.described(sheet),
        };
        if self.send.blocking_send(begun).is_err() {
            return Ok(());
        }
        let (mut row_number, mut batch) = (0_u64, Batch::default());
        let mut passed = 0;
        let mut lines = Lines::new(self.options.existing);
        table
            .read(sheet, &mut |row| {
                passed += 1;
                if passed <= header {
                    return ControlFlow::Continue(());
                }
                row_number += 1;
                if row_number <= self.done {
                    // An earlier run has written it. A later row may have its phone.
                    lines.pass(&columns, &row);
                    return ControlFlow::Continue(());
                }
                read_row(&columns, row, &mut lines, &mut batch);
                batch.until = row_number;
                if batch.rows.len() + batch.faults.len() < BATCH {
                    return ControlFlow::Continue(());
                }
                match self
                    .send
                    .blocking_send(ReadStep::Batch(std::mem::take(&mut batch)))
                {
                    Ok(()) => ControlFlow::Continue(()),
                    Err(_) => ControlFlow::Break(()),
                }
            })
            .map_err(said)?;
        if batch.until > self.done {
            // The reader of the batches has ended: so does this one.
            let _ = self.send.blocking_send(ReadStep::Batch(batch));
        }
        Ok(())
    }

    fn country(&self) -> Option<&str> {
        self.options.country.as_deref().or(self.country.as_deref())
    }

    /// The first sheet with a header, and the number of rows up to it: titles may stand above.
    fn header(&self, table: &Table<'_>) -> Result<(usize, usize, Columns), String> {
        let mut first_error = None;
        for sheet in 0..table.sheets() {
            let (mut rows, mut found) = (0, None);
            table
                .read(sheet, &mut |row| {
                    rows += 1;
                    match self.columns(row) {
                        Ok(columns) => found = Some(columns),
                        Err(error) => {
                            first_error.get_or_insert(error);
                        }
                    }
                    if found.is_some() || rows == HEADER_WITHIN {
                        ControlFlow::Break(())
                    } else {
                        ControlFlow::Continue(())
                    }
                })
                .map_err(|error| error.to_string())?;
            if let Some(columns) = found {
                return Ok((sheet, rows, columns));
            }
        }
        Err(first_error.unwrap_or_else(|| "the file is empty".into()))
    }

    fn columns(&self, header: FileRow) -> Result<Columns, String> {
        let headers = header
            .cells
            .ok_or("the first line is too long to be a header")?;
        let options = &self.options;
        Columns::of(
            headers,
            &options.columns,
            &self.fields,
            self.country().map(str::to_owned),
            options.tags.clone(),
        )
    }
}

fn count(table: &Table<'_>, sheet: usize, header: usize) -> Result<u64, FileError> {
    let mut rows = 0_u64;
    table.read(sheet, &mut |_| {
        rows += 1;
        ControlFlow::Continue(())
    })?;
    Ok(rows.saturating_sub(header as u64))
}

/// Counts the rows, and asks the caller about texts that somebody decoded wrongly: names go into messages. A caller who names
/// the encoding has answered.
fn count_unless_garbled(
    table: &Table<'_>,
    sheet: usize,
    header: usize,
    columns: &Columns,
) -> Result<u64, String> {
    let (mut rows, mut garbled) = (0_usize, 0_u64);
    let (mut lines, mut example) = (Vec::new(), columns.garbled_header().map(str::to_owned));
    table
        .read(sheet, &mut |row| {
            rows += 1;
            let cells = row.cells.as_deref().filter(|_| rows > header);
            if let Some(text) = cells.and_then(|cells| columns.garbled(cells)) {
                garbled += 1;
                example.get_or_insert_with(|| text.chars().take(40).collect());
                if lines.len() < LINES_NAMED {
                    lines.push(row.line);
                }
            }
            ControlFlow::Continue(())
        })
        .map_err(|error| error.to_string())?;
    let Some(example) = example else {
        return Ok(rows.saturating_sub(header) as u64);
    };
    let place = match garbled {
        0 => "the header".to_owned(),
        1 => lines_said(&lines),
        rows => format!("{rows} rows, such as in {}", lines_said(&lines)),
    };
    Err(format!(
        "the text looks garbled in {place}: {example:?}. Nothing is imported. Save the file as UTF-8, or name its encoding \
         with the parameter encoding, such as encoding=windows-1256; encoding=utf-8 imports the text as it is"
    ))
}

/// “line 2” or “the lines 2, 3 and 7”.
pub(super) fn lines_said(lines: &[u64]) -> String {
    let texts: Vec<String> = lines.iter().map(u64::to_string).collect();
    match texts.split_last() {
        Some((last, [])) => format!("line {last}"),
        Some((last, others)) => format!("the lines {} and {last}", others.join(", ")),
        None => "no line".into(),
    }
}

/// The line of each phone that the file has had so far.
struct Lines {
    /// By the digits with a 1 before them: a number of eight bytes, as a file has up to half a million phones.
    lines: HashMap<u64, u32>,
    existing: Existing,
}

impl Lines {
    fn new(existing: Existing) -> Self {
        let lines = HashMap::new();
        Self { lines, existing }
    }

    fn pass(&mut self, columns: &Columns, row: &FileRow) {
        let read = row.cells.as_ref().map(|cells| columns.read(row, cells));
        if let Some(Ok(read)) = read {
            self.first(&read.phone, read.line);
        }
    }

    /// The line that has had a phone before, if one has.
    fn first(&mut self, phone: &Phone, line: u64) -> Option<u32> {
        let key = format!("1{}", phone.wa_id()).parse().ok()?;
        let line = u32::try_from(line).unwrap_or(u32::MAX);
        match self.lines.entry(key) {
            std::collections::hash_map::Entry::Occupied(first) => Some(*first.get()),
            std::collections::hash_map::Entry::Vacant(place) => {
                place.insert(line);
                None
            }
        }
    }

    /// Remarks a row whose phone the file has had before.
    fn check(&mut self, columns: &Columns, row: &mut NewRow) {
        let Some(first) = self.first(&row.phone, row.line) else {
            return;
        };
        let what = match self.existing {
            Existing::Update => "where both rows have a value, this one counts",
            Existing::Skip => "the earlier row counts",
        };
        let rule = format!("line {first} has the same phone: {what}");
        row.note(fault_at(
            row.line,
            columns.phone_column(),
            ("duplicate_phone", rule),
        ));
    }
}

fn read_row(columns: &Columns, row: FileRow, lines: &mut Lines, batch: &mut Batch) {
    let read = match &row.cells {
        Some(cells) => columns.read(&row, cells),
        None => {
            let fault = (
                "row_too_long",
                "the row is too long: a quote may not be closed".into(),
            );
            Err(fault_at(row.line, "", fault))
        }
    };
    match read {
        Ok(mut new) => {
            lines.check(columns, &mut new);
            batch.rows.push(new);
        }
        Err(fault) => batch.faults.push(fault),
    }
}
