//! A table as a file, row by row: CSV, or a workbook of Excel.
//!
//! A spreadsheet runs a cell of a CSV that begins with `=`, `+`, `-`, `@`, a tab or a carriage return as a formula: such a
//! text gets a `'` before it, which our import takes off again. A phone stays as it is: `+` and digits are nothing but a
//! number. A workbook says of each cell that it is a text, so nothing runs there, and nothing is put before it.

use std::{
    borrow::Cow,
    fs::File,
    io::{self, BufWriter, Seek, Write},
};

use chrono_tz::Tz;
use kazi_platform::{Money, Timestamp};
use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};

use super::ExportFormat;

/// The rows of a sheet of Excel, without its header.
pub const MAX_SHEET_ROWS: u32 = 1_048_575;
/// The longest text of a cell, in units of UTF-16.
const MAX_CELL: usize = 32_767;
/// Above it a number of a spreadsheet is not exact.
const MAX_EXACT: i64 = 1 << 53;

#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    Empty,
    /// A text that somebody has written.
    Text(String),
    /// A text that begins no formula, whoever made it: an id, a phone.
    Plain(String),
    Number(i64),
    /// An amount without its currency, which has a cell of its own.
    Amount(Money),
    Time(Timestamp),
    Bool(bool),
}

impl Cell {
    pub fn text(text: impl Into<Option<String>>) -> Self {
        text.into().map_or(Self::Empty, Self::Text)
    }

    pub fn plain(text: impl ToString) -> Self {
        Self::Plain(text.to_string())
    }

    pub fn time(at: impl Into<Option<Timestamp>>) -> Self {
        at.into().map_or(Self::Empty, Self::Time)
    }

    pub fn amount(minor: impl Into<Option<i64>>, currency: Option<&str>) -> Self {
        let currency = currency.and_then(|code| code.parse().ok());
        match (minor.into(), currency) {
            (Some(minor), Some(currency)) => Self::Amount(Money { minor, currency }),
            _ => Self::Empty,
        }
    }
}

/// A file that grows.
pub enum Table {
    Csv(Box<csv::Writer<BufWriter<File>>>, Tz),
    Sheet(Box<Sheet>),
}

/// A workbook whose one sheet is written to a file row by row.
pub struct Sheet {
    book: Workbook,
    zone: Tz,
    row: u32,
    time: Format,
    /// By the number of decimals.
    amounts: [Format; 4],
}

impl Table {
    pub fn begin(format: ExportFormat, header: &[String], zone: Tz) -> io::Result<Self> {
        match format {
            ExportFormat::Csv => {
                let mut file = BufWriter::new(tempfile::tempfile()?);
                // So Excel knows that it is UTF-8.
                file.write_all(b"\xef\xbb\xbf")?;
                let mut csv = csv::WriterBuilder::new()
                    .terminator(csv::Terminator::CRLF)
                    .from_writer(file);
                csv.write_record(header)?;
                Ok(Self::Csv(Box::new(csv), zone))
            }
            ExportFormat::Xlsx => Sheet::begin(header, zone)
                .map(|sheet| Self::Sheet(Box::new(sheet)))
                .map_err(io::Error::other),
        }
    }

    pub fn add(&mut self, rows: Vec<Vec<Cell>>) -> io::Result<()> {
        match self {
            Self::Csv(csv, zone) => {
                for row in rows {
                    csv.write_record(row.into_iter().map(|cell| written(cell, *zone)))?;
                }
                Ok(())
            }
            Self::Sheet(sheet) => sheet.add(rows).map_err(io::Error::other),
        }
    }

    /// The file from its beginning.
    pub fn end(self) -> io::Result<File> {
        let mut file = match self {
            Self::Csv(csv, _) => csv
                .into_inner()
                .map_err(|error| error.into_error())?
                .into_inner()
                .map_err(io::IntoInnerError::into_error)?,
            Self::Sheet(mut sheet) => {
                let mut file = tempfile::tempfile()?;
                let packed = sheet.book.save_to_writer(&mut file);
                packed.map_err(io::Error::other)?;
                file
            }
        };
        file.rewind()?;
        Ok(file)
    }
}

/// A cell of a CSV.
fn written(cell: Cell, zone: Tz) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) => harmless(text),
        Cell::Plain(text) => text,
        Cell::Number(number) => number.to_string(),
        Cell::Amount(money) => decimal(money),
        Cell::Time(at) => at.with_timezone(&zone).to_rfc3339(),
        Cell::Bool(is) => is.to_string(),
    }
}

/// A text that no spreadsheet runs.
fn harmless(text: String) -> String {
    match text.chars().next() {
        Some('=' | '+' | '-' | '@' | '\t' | '\r') => format!("'{text}"),
        _ => text,
    }
}

/// `12.50`.
fn decimal(money: Money) -> String {
    let text = money.to_string();
    let end = text.find(' ').unwrap_or(text.len());
    text[..end].to_owned()
}

impl Sheet {
    fn begin(header: &[String], zone: Tz) -> Result<Self, XlsxError> {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet_with_constant_memory()?;
        let bold = Format::new().set_bold();
        for (column, name) in (0..).zip(header) {
            sheet.write_string_with_format(0, column, name, &bold)?;
        }
        sheet.set_freeze_panes(1, 0)?;
        let amount = |decimals| Format::new().set_num_format(decimals);
        Ok(Self {
            book,
            zone,
            row: 1,
            time: Format::new().set_num_format("yyyy-mm-dd hh:mm:ss"),
            amounts: ["0", "0.0", "0.00", "0.000"].map(amount),
        })
    }

    fn add(&mut self, rows: Vec<Vec<Cell>>) -> Result<(), XlsxError> {
        let (row, zone) = (&mut self.row, self.zone);
        let (time, amounts) = (&self.time, &self.amounts);
        let sheet = self.book.worksheet_from_index(0)?;
        for cells in rows {
            for (column, cell) in (0..).zip(cells) {
                put(sheet, (*row, column), cell, zone, time, amounts)?;
            }
            *row += 1;
        }
        Ok(())
    }
}

fn put(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    cell: Cell,
    zone: Tz,
    time: &Format,
    amounts: &[Format; 4],
) -> Result<(), XlsxError> {
    match cell {
        Cell::Empty => {}
        Cell::Text(text) | Cell::Plain(text) => {
            sheet.write_string(row, column, fitting(&text))?;
        }
        #[expect(
            clippy::cast_precision_loss,
            reason = "a larger number is written as a text"
        )]
        Cell::Number(number) if number.abs() <= MAX_EXACT => {
            sheet.write_number(row, column, number as f64)?;
        }
        Cell::Number(number) => {
            sheet.write_string(row, column, number.to_string())?;
        }
        Cell::Amount(money) => {
            let format = &amounts[money.currency.exponent().min(amounts.len() - 1)];
            match decimal(money).parse::<f64>() {
                Ok(amount) if money.minor.abs() <= MAX_EXACT => {
                    sheet.write_number_with_format(row, column, amount, format)?;
                }
                _ => {
                    sheet.write_string(row, column, decimal(money))?;
                }
            }
        }
        Cell::Time(at) => {
            let local = at.with_timezone(&zone).naive_local();
            sheet.write_datetime_with_format(row, column, local, time)?;
        }
        Cell::Bool(is) => {
            sheet.write_boolean(row, column, is)?;
        }
    }
    Ok(())
}

/// The beginning of a text that Excel takes.
fn fitting(text: &str) -> Cow<'_, str> {
    if text.len() <= MAX_CELL {
        return text.into();
    }
    let mut units = 0;
    let end = text.char_indices().find(|(_, char)| {
        units += char.len_utf16();
        units > MAX_CELL
    });
    text[..end.map_or(text.len(), |(at, _)| at)].into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn cells_of_a_csv_run_nothing_and_have_the_zone_and_the_decimals() {
        let money = |minor, code: &str| Cell::amount(minor, Some(code));
        let zone = chrono_tz::Africa::Nairobi;
        for (cell, wanted) in [
            (Cell::Text("=1+1".into()), "'=1+1"),
            (Cell::Text("@x".into()), "'@x"),
            (Cell::Text("-x".into()), "'-x"),
            (Cell::Text("+x".into()), "'+x"),
            (Cell::Text("\tx".into()), "'\tx"),
            (Cell::Text("\rx".into()), "'\rx"),
            (Cell::Text("a=b".into()), "a=b"),
            (Cell::plain("+254712345678"), "+254712345678"),
            (Cell::Number(-7), "-7"),
            (money(1250, "USD"), "12.50"),
            (money(-5, "KWD"), "-0.005"),
            (money(980, "JPY"), "980"),
            (Cell::amount(None, Some("USD")), ""),
            (
                Cell::time(at("2026-03-01T22:30:00Z")),
                "2026-03-02T01:30:00+03:00",
            ),
            (Cell::Bool(true), "true"),
        ] {
            assert_eq!(written(cell.clone(), zone), wanted, "{cell:?}");
        }
    }

    #[test]
    fn a_text_is_cut_where_excel_ends() {
        assert_eq!(fitting(&"é".repeat(MAX_CELL)), "é".repeat(MAX_CELL));
        // Each is two units.
        let cut = fitting(&"😀".repeat(MAX_CELL)).into_owned();
        assert_eq!(cut, "😀".repeat(MAX_CELL / 2));
    }
}
