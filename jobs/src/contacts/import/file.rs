//! Reads the rows of a file, one after the other: CSV in its dialects, and XLSX.

use std::{
    borrow::Cow,
    io::{self, Cursor, Read},
    ops::ControlFlow,
};

use calamine::{DataRef, Reader, Xlsx};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// The most rows of a file.
pub const MAX_ROWS: u64 = 500_000;
/// Columns behind these are not looked at.
const MAX_COLUMNS: usize = 200;
/// A row with more than this is one whose quotes do not close.
const MAX_ROW: usize = 64 * 1024;
/// What an XLSX may unpack to, in all and as its table of texts, which is the one part that is held in memory.
const MAX_UNPACKED: u64 = 256 * 1024 * 1024;
const MAX_TEXTS: u64 = 48 * 1024 * 1024;

/// A row that is not empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileRow {
    /// Where it begins in the file, from 1.
    pub line: u64,
    /// Its cells, trimmed. None where the row is too long to be one.
    pub cells: Option<Vec<String>>,
}

/// Why a file cannot be read. The texts are for the member who sent it.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// Another kind of file.
    #[error("an old Excel file (.xls) cannot be read: save it as .xlsx or .csv")]
    OldExcel,
    /// Broken, or made to be.
    #[error("the workbook cannot be read: {0}")]
    Workbook(String),
    /// A small file that unpacks to a huge one.
    #[error("the workbook unpacks to more than {0} MiB")]
    TooLarge(u64),
    #[error("the file has more than {MAX_ROWS} rows: split it")]
    TooManyRows,
}

/// Gives each row that is not empty to `each`, the header first, until it says to stop.
pub fn read(
    bytes: &[u8],
    each: &mut dyn FnMut(FileRow) -> ControlFlow<()>,
) -> Result<(), FileError> {
    let mut rows = 0;
    let mut too_many = false;
    let mut counted = |line: u64, cells: Option<Vec<String>>| {
        if cells
            .as_ref()
            .is_some_and(|cells| cells.iter().all(String::is_empty))
        {
            return ControlFlow::Continue(());
        }
        rows += 1;
        if rows > MAX_ROWS + 1 {
            too_many = true;
            return ControlFlow::Break(());
        }
        each(FileRow { line, cells })
    };
    if bytes.starts_with(b"PK\x03\x04") {
        workbook(bytes, &mut counted)?;
    } else if bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        return Err(FileError::OldExcel);
    } else {
        table(&decode(bytes), &mut counted);
    }
    if too_many {
        Err(FileError::TooManyRows)
    } else {
        Ok(())
    }
}

type Each<'a> = &'a mut dyn FnMut(u64, Option<Vec<String>>) -> ControlFlow<()>;

/// The text of a file: by its mark; else UTF-16 where every other byte is zero, UTF-8 where it is valid, and what Western
/// Excel writes where it is not.
fn decode(bytes: &[u8]) -> Cow<'_, str> {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return encoding.decode(bytes).0;
    }
    let start = &bytes[..bytes.len().min(1_000)];
    let zeros = |odd| {
        start
            .iter()
            .skip(odd)
            .step_by(2)
            .filter(|byte| **byte == 0)
            .count()
    };
    let many = start.len() / 8;
    let encoding = match (zeros(0), zeros(1)) {
        (_, odd) if odd > many => UTF_16LE,
        (even, _) if even > many => UTF_16BE,
        _ if std::str::from_utf8(bytes).is_ok() => UTF_8,
        _ => WINDOWS_1252,
    };
    encoding.decode_without_bom_handling(bytes).0
}

const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// The delimiter that the first line has most of, outside of quotes.
fn delimiter(text: &str) -> u8 {
    let mut counts = [0_usize; DELIMITERS.len()];
    let mut quoted = false;
    for byte in text.bytes().take(MAX_ROW) {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' | b'\r' if !quoted => break,
            _ if quoted => {}
            _ => {
                if let Some(place) = DELIMITERS.iter().position(|known| *known == byte) {
                    counts[place] += 1;
                }
            }
        }
    }
    // Of equals the first.
    let best = (0..DELIMITERS.len())
        .rev()
        .max_by_key(|place| counts[*place]);
    best.map_or(b',', |place| DELIMITERS[place])
}

fn table(text: &str, each: Each<'_>) {
    // Excel's own way to name the delimiter.
    let (skipped, named, text) = match text
        .strip_prefix("sep=")
        .and_then(|rest| rest.split_once('\n'))
    {
        Some((sep, rest)) if sep.trim_end().len() == 1 => (1, sep.bytes().next(), rest),
        _ => (0, None, text),
    };
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(named.unwrap_or_else(|| delimiter(text)))
        .from_reader(text.as_bytes());
    let mut record = csv::StringRecord::new();
    // It reads from memory, text that is text: there is nothing to fail.
    while reader.read_record(&mut record).unwrap_or(false) {
        // A record's position is before the empty lines that were passed over to it.
        let line = record.position().map_or(0, |position| {
            let at = usize::try_from(position.byte()).unwrap_or(usize::MAX);
            let blank = text.as_bytes().get(at..).unwrap_or_default().iter();
            let blank = blank
                .take_while(|byte| matches!(byte, b'\r' | b'\n'))
                .filter(|byte| **byte == b'\n');
            position.line() + blank.count() as u64 + skipped
        });
        let fits = record.as_slice().len() <= MAX_ROW;
        let cells = fits.then(|| {
            record
                .iter()
                .take(MAX_COLUMNS)
                .map(|cell| cell.trim().to_owned())
                .collect()
        });
        if each(line, cells).is_break() {
            return;
        }
    }
}

/// Unpacks a workbook once to nowhere, and refuses one that is larger than it says or than we like.
fn weigh(bytes: &[u8]) -> Result<(), FileError> {
    let broken = |error: &dyn std::fmt::Display| FileError::Workbook(error.to_string());
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|error| broken(&error))?;
    if archive.len() > 2_000 {
        return Err(FileError::Workbook("it has more than 2000 parts".into()));
    }
    let mut all = 0;
    for part in 0..archive.len() {
        let part = archive.by_index(part).map_err(|error| broken(&error))?;
        let texts = part
            .name()
            .map_err(|error| broken(&error))?
            .to_lowercase()
            .ends_with("sharedstrings.xml");
        let limit = if texts { MAX_TEXTS } else { MAX_UNPACKED - all };
        let unpacked =
            io::copy(&mut part.take(limit + 1), &mut io::sink()).map_err(|error| broken(&error))?;
        all += unpacked;
        if unpacked > limit || all > MAX_UNPACKED {
            return Err(FileError::TooLarge(
                if texts { MAX_TEXTS } else { MAX_UNPACKED } >> 20,
            ));
        }
    }
    Ok(())
}

/// The first sheet, cell by cell.
fn workbook(bytes: &[u8], each: Each<'_>) -> Result<(), FileError> {
    weigh(bytes)?;
    let broken = |error: calamine::XlsxError| FileError::Workbook(error.to_string());
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(broken)?;
    let Some(sheet) = workbook.sheet_names().into_iter().next() else {
        return Err(FileError::Workbook("it has no sheet".into()));
    };
    let mut cells = workbook.worksheet_cells_reader(&sheet).map_err(broken)?;
    let mut row: Option<(u32, Vec<String>)> = None;
    loop {
        let cell = cells.next_cell().map_err(broken)?;
        let place = cell.as_ref().map(calamine::Cell::get_position);
        if let Some((number, values)) =
            row.take_if(|(number, _)| place.is_none_or(|(at, _)| at != *number))
            && each(u64::from(number) + 1, Some(values)).is_break()
        {
            return Ok(());
        }
        let (Some(cell), Some((number, column))) = (cell, place) else {
            return Ok(());
        };
        let column = column as usize;
        let (_, values) = row.get_or_insert_with(|| (number, Vec::new()));
        if column < MAX_COLUMNS {
            if values.len() <= column {
                values.resize(column + 1, String::new());
            }
            values[column] = value(cell.get_value());
        }
    }
}

fn value(cell: &DataRef<'_>) -> String {
    match cell {
        DataRef::Int(number) => number.to_string(),
        // A phone is a number to Excel.
        DataRef::Float(number) => number.to_string(),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            text.trim().to_owned()
        }
        DataRef::SharedString(text) => text.trim().to_owned(),
        DataRef::Bool(value) => value.to_string(),
        DataRef::DateTime(at) => {
            let (year, month, day, ..) = at.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}")
        }
        DataRef::Error(_) | DataRef::Empty => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn rows(bytes: &[u8]) -> Result<Vec<(u64, Vec<String>)>, FileError> {
        let mut rows = Vec::new();
        read(bytes, &mut |row| {
            rows.push((row.line, row.cells.unwrap_or_default()));
            ControlFlow::Continue(())
        })?;
        Ok(rows)
    }

    fn cells(bytes: &[u8]) -> Vec<Vec<String>> {
        rows(bytes)
            .unwrap()
            .into_iter()
            .map(|(_, cells)| cells)
            .collect()
    }

    #[test]
    fn every_dialect_reads_the_same() {
        let wanted = [["nom", "tél"], ["José; x", "+254712345678"]];
        let text = |sep: &str| format!("nom{sep}tél\r\n\"José; x\"{sep} +254712345678 \r\n");
        let utf16 = |bytes: fn(u16) -> [u8; 2], mark: &[u8]| {
            let body = text("\t");
            [mark.to_vec(), body.encode_utf16().flat_map(bytes).collect()].concat()
        };
        for bytes in [
            text(",").into_bytes(),
            text(";").into_bytes(),
            text("\t").into_bytes(),
            format!("\u{feff}{}", text(";")).into_bytes(),
            WINDOWS_1252.encode(&text(";")).0.into_owned(),
            utf16(u16::to_le_bytes, &[0xff, 0xfe]),
            utf16(u16::to_be_bytes, &[0xfe, 0xff]),
            utf16(u16::to_le_bytes, &[]),
            format!("sep=;\r\n{}", text(";")).into_bytes(),
        ] {
            assert_eq!(
                cells(&bytes),
                wanted,
                "{:?}",
                String::from_utf8_lossy(&bytes)
            );
        }
    }

    #[test]
    fn a_row_knows_its_line_and_an_empty_one_is_none() {
        let read = rows(b"a,b\n\n\"two\nlines\",2\n , \nlast,3,more\n").unwrap();
        let lines: Vec<u64> = read.iter().map(|(line, _)| *line).collect();
        assert_eq!(lines, [1, 3, 6]);
        assert_eq!(read[2].1, ["last", "3", "more"]);
    }

    #[test]
    fn a_quote_that_does_not_close_is_one_bad_row() {
        let file = format!("a,b\n\"x,{}", "y\n".repeat(100_000));
        let mut last = None;
        read(file.as_bytes(), &mut |row| {
            last = Some(row);
            ControlFlow::Continue(())
        })
        .unwrap();
        assert_eq!(
            last,
            Some(FileRow {
                line: 2,
                cells: None
            })
        );
    }

    fn zip(parts: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, data) in parts {
            writer
                .start_file(*name, zip::write::SimpleFileOptions::default())
                .unwrap();
            writer.write_all(data).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    fn sheet(data: &str) -> Vec<u8> {
        const NS: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
        const REL: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        let book = format!(
            "<workbook xmlns=\"{NS}\" xmlns:r=\"{REL}\"><sheets><sheet name=\"A\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>"
        );
        let rels = format!(
            "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"r1\" Type=\"{REL}/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>"
        );
        let texts = format!("<sst xmlns=\"{NS}\"><si><t>Name</t></si><si><t>Phone</t></si></sst>");
        let sheet = format!("<worksheet xmlns=\"{NS}\"><sheetData>{data}</sheetData></worksheet>");
        let root = format!(
            "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"r1\" Type=\"{REL}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
        );
        zip(&[
            ("_rels/.rels", root.as_bytes()),
            ("xl/workbook.xml", book.as_bytes()),
            ("xl/_rels/workbook.xml.rels", rels.as_bytes()),
            ("xl/sharedStrings.xml", texts.as_bytes()),
            ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
        ])
    }

    #[test]
    fn a_workbook_reads_like_a_table() {
        let file = sheet(
            "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"C1\" t=\"s\"><v>1</v></c></row>\
             <row r=\"4\"><c r=\"A4\" t=\"inlineStr\"><is><t>Amina</t></is></c><c r=\"B4\" t=\"b\"><v>1</v></c><c r=\"C4\"><v>254712345678</v></c></row>",
        );
        assert_eq!(
            rows(&file).unwrap(),
            [
                (1, vec!["Name".to_owned(), String::new(), "Phone".into()]),
                (
                    4,
                    vec!["Amina".to_owned(), "true".into(), "254712345678".into()]
                ),
            ]
        );
    }

    #[test]
    fn a_workbook_that_unpacks_without_end_is_refused() {
        let bomb = vec![b' '; usize::try_from(MAX_TEXTS).unwrap() + 1];
        let file = zip(&[("xl/sharedStrings.xml", &bomb)]);
        assert!(file.len() < 100_000);
        assert!(matches!(rows(&file), Err(FileError::TooLarge(48))));
        assert!(matches!(
            rows(b"PK\x03\x04 nonsense"),
            Err(FileError::Workbook(_))
        ));
        assert!(matches!(
            rows(&[0xd0, 0xcf, 0x11, 0xe0]),
            Err(FileError::OldExcel)
        ));
    }

    #[test]
    fn more_rows_than_allowed_are_refused() {
        let file = "a\n".repeat(500_002);
        assert!(matches!(rows(file.as_bytes()), Err(FileError::TooManyRows)));
        assert_eq!(
            rows("a\n".repeat(500_001).as_bytes()).unwrap().len(),
            500_001
        );
    }
}
