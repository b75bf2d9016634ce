//! Delimited text, in the dialects that spreadsheets and phones write.

use std::{borrow::Cow, ops::ControlFlow};

use super::{
    encoding::Decoded,
    file::{Each, FileRow, MAX_COLUMNS, MAX_ROW_BYTES},
};

const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];
/// The delimiter is found out from the first lines.
const LINES_LOOKED_AT: usize = 20;

pub(super) struct Delimited<'a> {
    text: Cow<'a, str>,
    encoding: &'static str,
    delimiter: u8,
    /// Where the rows begin, and how many lines stand before them.
    start: usize,
    skipped: u64,
}

impl<'a> Delimited<'a> {
    pub(super) fn of(decoded: Decoded<'a>) -> Self {
        let text = with_line_feeds(decoded.text);
        // Excel's own way to name the delimiter.
        let named = text.split_once('\n').and_then(|(first, _)| {
            let line = first.trim_end_matches('\r').trim_matches('"');
            let sep = line
                .get(..4)
                .filter(|sep| sep.eq_ignore_ascii_case("sep="))?;
            let rest = line.get(sep.len()..).unwrap_or_default().as_bytes();
            (rest.len() == 1).then(|| (rest[0], first.len() + 1))
        });
        let (named, start) = named.map_or((None, 0), |(delimiter, start)| (Some(delimiter), start));
        let delimiter = named.unwrap_or_else(|| delimiter(&text[start..]));
        Self {
            encoding: decoded.encoding.name(),
            delimiter,
            skipped: u64::from(start > 0),
            start,
            text,
        }
    }

    pub(super) fn described(&self) -> String {
        let delimiter = match self.delimiter {
            b'\t' => "tabs".to_owned(),
            other => format!("“{}”", char::from(other)),
        };
        format!("CSV with {delimiter} in {}", self.encoding)
    }

    pub(super) fn read(&self, each: Each<'_>) {
        let text = &self.text[self.start..];
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(self.delimiter)
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
                position.line() + blank.count() as u64 + self.skipped
            });
            let fits = record.as_slice().len() <= MAX_ROW_BYTES;
            let cells = fits.then(|| record.iter().take(MAX_COLUMNS).map(cell).collect());
            let row = FileRow {
                line,
                cells,
                lost: Vec::new(),
            };
            if each(row).is_break() {
                return;
            }
        }
    }
}

/// A cell's text. `="0712345678"` keeps Excel from making a number of it.
fn cell(text: &str) -> String {
    let text = text.trim();
    let formula = text
        .strip_prefix("=\"")
        .and_then(|rest| rest.strip_suffix('"'));
    formula.unwrap_or(text).trim().to_owned()
}

/// Makes a line feed of each carriage return that stands alone, as old Macs end their lines: so every line is counted.
fn with_line_feeds(text: Cow<'_, str>) -> Cow<'_, str> {
    let mut alone = text.match_indices('\r').map(|(at, _)| at);
    let bytes = text.as_bytes();
    if alone.all(|at| bytes.get(at + 1) == Some(&b'\n')) {
        return text;
    }
    Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n"))
}

/// The delimiter that splits most of the first lines alike; of equals the one that splits them into more.
fn delimiter(text: &str) -> u8 {
    let score = |delimiter: u8| {
        let counts = counts(text, delimiter);
        let alike = |count: usize| counts.iter().filter(|other| **other == count).count();
        let best = counts.iter().filter(|count| **count > 0);
        best.map(|count| (alike(*count), *count))
            .max()
            .unwrap_or_default()
    };
    let mut best = (DELIMITERS[0], score(DELIMITERS[0]));
    for delimiter in DELIMITERS.into_iter().skip(1) {
        let score = score(delimiter);
        if score > best.1 {
            best = (delimiter, score);
        }
    }
    best.0
}

/// How often a delimiter stands in each of the first lines, outside of quotes. A quote opens a cell only at its start.
fn counts(text: &str, delimiter: u8) -> Vec<usize> {
    let (mut counts, mut count, mut quoted, mut at_start, mut filled) =
        (Vec::new(), 0, false, true, false);
    let mut bytes = text.bytes().take(MAX_ROW_BYTES);
    let mut end = |count: &mut usize, filled: &mut bool| {
        if std::mem::take(filled) {
            counts.push(std::mem::take(count));
        }
        if counts.len() < LINES_LOOKED_AT {
            ControlFlow::Continue(())
        } else {
            ControlFlow::Break(())
        }
    };
    let whole = bytes.try_for_each(|byte| {
        match byte {
            b'"' if quoted || at_start => {
                quoted = !quoted;
                // A quote that closes may be the first of two, which stand for one.
                at_start = !quoted;
                return ControlFlow::Continue(());
            }
            _ if quoted => return ControlFlow::Continue(()),
            b'\n' => {
                at_start = true;
                return end(&mut count, &mut filled);
            }
            byte if byte == delimiter => {
                count += 1;
                at_start = true;
            }
            byte => at_start = at_start && byte == b' ',
        }
        filled |= !byte.is_ascii_whitespace();
        ControlFlow::Continue(())
    });
    if whole.is_continue() {
        let _ = end(&mut count, &mut filled);
    }
    counts
}
