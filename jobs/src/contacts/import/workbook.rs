//! Workbooks of Excel (XLSX), read cell by cell.

use std::{
    borrow::Cow,
    io::{self, Cursor, Read},
};

use calamine::{DataRef, Reader, SheetType, SheetVisible, Xlsx, XlsxError};

use super::file::{Each, FileError, FileRow, MAX_COLUMNS, MAX_ROW_BYTES};
use crate::violations::Violation;

/// What a workbook may unpack to, in all and as its table of texts, which is the one part that is held in memory.
const MAX_UNPACKED: u64 = 256 * 1024 * 1024;
pub(super) const MAX_TEXTS: u64 = 48 * 1024 * 1024;
const MAX_PARTS: usize = 2_000;
/// Above it a number of a spreadsheet is not exact, so its last digits are not those that somebody typed.
const MAX_EXACT: f64 = 9_007_199_254_740_992.0;

/// The number of the 31st of December 9999, the last day of Excel.
const LAST_DAY: f64 = 2_958_465.999_999;

/// Unpacks a workbook once to nowhere, and refuses one that is larger than it says or than we like.
/// Returns the names of its parts in lower case.
pub(super) fn weigh(bytes: &[u8]) -> Result<Vec<String>, FileError> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(broken)?;
    if archive.len() > MAX_PARTS {
        return Err(FileError::Workbook(format!(
            "it has more than {MAX_PARTS} parts"
        )));
    }
    let mut all = 0;
    let mut names = Vec::new();
    for part in 0..archive.len() {
        let part = archive.by_index(part).map_err(broken)?;
        let name = part.name().map_err(broken)?.to_lowercase();
        let texts = name.ends_with("sharedstrings.xml") || name == "content.xml";
        let limit = if texts { MAX_TEXTS } else { MAX_UNPACKED - all };
        let unpacked = io::copy(&mut part.take(limit + 1), &mut io::sink()).map_err(broken)?;
        all += unpacked;
        if unpacked > limit || all > MAX_UNPACKED {
            return Err(FileError::TooLarge(
                if texts { MAX_TEXTS } else { MAX_UNPACKED } >> 20,
            ));
        }
        names.push(name);
    }
    Ok(names)
}

pub(super) fn broken(error: impl std::fmt::Display) -> FileError {
    FileError::Workbook(error.to_string())
}

fn open(bytes: &[u8]) -> Result<Xlsx<Cursor<&[u8]>>, FileError> {
    Xlsx::new(Cursor::new(bytes)).map_err(|error| match error {
        XlsxError::Password => FileError::Password,
        other => broken(other),
    })
}

/// The sheets that people see, in their order.
pub(super) fn sheets(bytes: &[u8], parts: &[String]) -> Result<Vec<String>, FileError> {
    let has = |end: &str| parts.iter().any(|part| part.ends_with(end));
    if has("workbook.bin") {
        return Err(FileError::Kind("a binary Excel file (.xlsb)"));
    }
    if has(".iwa") {
        return Err(FileError::Kind("a file of Apple Numbers"));
    }
    if !has("workbook.xml") {
        // Folders, documents and presentations are zips too.
        return Err(FileError::Kind("a zip that has no workbook in it"));
    }
    let workbook = open(bytes)?;
    let sheets = workbook.sheets_metadata();
    let tables = sheets
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet);
    let shown = tables
        .clone()
        .filter(|sheet| sheet.visible == SheetVisible::Visible);
    let names: Vec<String> = if shown.clone().next().is_some() {
        shown.map(|sheet| sheet.name.clone()).collect()
    } else {
        tables.map(|sheet| sheet.name.clone()).collect()
    };
    if names.is_empty() {
        return Err(FileError::Workbook("it has no sheet".into()));
    }
    Ok(names)
}

pub(super) fn read(bytes: &[u8], sheet: &str, each: Each<'_>) -> Result<(), FileError> {
    let mut workbook = open(bytes)?;
    let mut cells = workbook.worksheet_cells_reader(sheet).map_err(broken)?;
    let mut row: Option<(u32, FileRow, usize)> = None;
    loop {
        let cell = cells.next_cell().map_err(broken)?;
        let place = cell.as_ref().map(calamine::Cell::get_position);
        if let Some((_, whole, _)) =
            row.take_if(|(number, ..)| place.is_none_or(|(at, _)| at != *number))
            && each(whole).is_break()
        {
            return Ok(());
        }
        let (Some(cell), Some((number, column))) = (cell, place) else {
            return Ok(());
        };
        let (_, row, size) = row.get_or_insert_with(|| {
            let row = FileRow {
                line: u64::from(number) + 1,
                cells: Some(Vec::new()),
                lost: Vec::new(),
            };
            (number, row, 0)
        });
        put(row, size, column as usize, value(cell.get_value()));
    }
}

/// Puts a value into its column, until the row is longer than a row may be.
pub(super) fn put(
    row: &mut FileRow,
    size: &mut usize,
    column: usize,
    value: Result<Cow<'_, str>, Violation>,
) {
    let Some(cells) = row.cells.as_mut().filter(|_| column < MAX_COLUMNS) else {
        return;
    };
    match value {
        Ok(text) => {
            let text = text.trim();
            *size += text.len();
            if *size > MAX_ROW_BYTES {
                row.cells = None;
                return;
            }
            if text.is_empty() {
                return;
            }
            if cells.len() <= column {
                cells.resize(column + 1, String::new());
            }
            cells[column] = text.to_owned();
        }
        Err(fault) => row.lost.push((column, fault)),
    }
}

fn value<'a>(cell: &'a DataRef<'_>) -> Result<Cow<'a, str>, Violation> {
    Ok(match cell {
        DataRef::Int(value) => value.to_string().into(),
        // A phone is a number to Excel.
        DataRef::Float(value) => number(*value)?.into(),
        DataRef::DateTimeIso(text) => date(text).into(),
        DataRef::String(text) | DataRef::DurationIso(text) => text.as_str().into(),
        DataRef::SharedString(text) => (*text).into(),
        DataRef::Bool(value) => value.to_string().into(),
        // Excel has no such day: the cell has a number, such as a phone, in the format of dates.
        DataRef::DateTime(at) if at.as_f64() > LAST_DAY => number(at.as_f64())?.into(),
        DataRef::DateTime(at) => {
            let (year, month, day, hour, minute, ..) = at.to_ymd_hms_milli();
            // A time of day is a part of the first day.
            if at.is_duration() || at.as_f64() < 1.0 {
                format!("{hour:02}:{minute:02}").into()
            } else {
                format!("{year:04}-{month:02}-{day:02}").into()
            }
        }
        DataRef::Error(_) | DataRef::Empty => "".into(),
    })
}

/// All digits of a number, without an exponent.
pub(super) fn number(value: f64) -> Result<String, Violation> {
    if value.abs() > MAX_EXACT {
        return Err((
            "number_too_long",
            "the spreadsheet keeps 15 digits of a number and has lost the others: write it as a text".into(),
        ));
    }
    Ok(value.to_string())
}

/// The date of a moment, as a column of dates has only these.
pub(super) fn date(text: &str) -> &str {
    match text.split_once('T') {
        Some((date, _)) if date.len() == 10 => date,
        _ => text,
    }
}
