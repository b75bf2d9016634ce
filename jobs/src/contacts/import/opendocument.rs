//! Spreadsheets of LibreOffice and Google (ODS), row by row. A repeated row or column is a number in the file, so a small file
//! may stand for a huge sheet: nothing here holds more than one row.

use std::io::{Cursor, Read};

use quick_xml::{
    Reader, XmlVersion,
    events::{BytesStart, Event},
    name::QName,
};

use super::{
    file::{Each, FileError, FileRow, MAX_COLUMNS, MAX_ROW_BYTES},
    workbook::{MAX_TEXTS, broken, date, number, put},
};
use crate::violations::Violation;

const KIND: &[u8] = b"application/vnd.oasis.opendocument.spreadsheet";

/// The sheets of a file, when it is one of this kind.
pub(super) fn content(bytes: &[u8]) -> Result<Option<String>, FileError> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(broken)?;
    let mut part = |name: &str| -> Result<Option<Vec<u8>>, FileError> {
        let Ok(part) = archive.by_name(name) else {
            return Ok(None);
        };
        let mut data = Vec::new();
        part.take(MAX_TEXTS)
            .read_to_end(&mut data)
            .map_err(broken)?;
        Ok(Some(data))
    };
    if part("mimetype")?.is_none_or(|kind| !kind.starts_with(KIND)) {
        return Ok(None);
    }
    let manifest = part("META-INF/manifest.xml")?.unwrap_or_default();
    let mark = b"encryption-data";
    if manifest.windows(mark.len()).any(|part| part == mark) {
        return Err(FileError::Password);
    }
    let content = part("content.xml")?.ok_or_else(|| broken("it has no content"))?;
    String::from_utf8(content).map(Some).map_err(broken)
}

/// The names of the sheets that people see; of all, if they see none.
pub(super) fn sheets(content: &str) -> Result<Vec<String>, FileError> {
    let mut reader = reader(content);
    let (mut style, mut hidden) = (None, Vec::new());
    let mut sheets: Vec<(String, bool)> = Vec::new();
    loop {
        match reader.read_event().map_err(broken)? {
            Event::Start(tag) => match tag.name() {
                QName("style:style") => style = text_of(&tag, "style:name")?,
                QName("style:table-properties")
                    if text_of(&tag, "table:display")?.as_deref() == Some("false") =>
                {
                    hidden.extend(style.take());
                }
                QName("table:table") => {
                    let style = text_of(&tag, "table:style-name")?;
                    let shown = style.is_none_or(|style| !hidden.contains(&style));
                    sheets.push((text_of(&tag, "table:name")?.unwrap_or_default(), shown));
                    reader.read_to_end(tag.name()).map_err(broken)?;
                }
                _ => {}
            },
            Event::Eof => break,
            _ => {}
        }
    }
    if sheets.iter().any(|(_, shown)| *shown) {
        sheets.retain(|(_, shown)| *shown);
    }
    if sheets.is_empty() {
        return Err(FileError::Workbook("it has no sheet".into()));
    }
    Ok(sheets.into_iter().map(|(name, _)| name).collect())
}

pub(super) fn read(content: &str, sheet: &str, each: Each<'_>) -> Result<(), FileError> {
    let mut reader = reader(content);
    let mut inside = false;
    let mut line = 1_u64;
    loop {
        match reader.read_event().map_err(broken)? {
            Event::Start(tag) => match tag.name() {
                QName("table:table") => {
                    if text_of(&tag, "table:name")?.unwrap_or_default() == sheet {
                        inside = true;
                    } else {
                        reader.read_to_end(tag.name()).map_err(broken)?;
                    }
                }
                QName("table:table-row") if inside => {
                    let repeated = count_of(&tag, "table:number-rows-repeated")?;
                    let mut row = read_row(&mut reader)?;
                    let empty =
                        row.lost.is_empty() && row.cells.as_ref().is_some_and(Vec::is_empty);
                    row.line = line;
                    line = line.saturating_add(repeated);
                    for number in 0..if empty { 0 } else { repeated } {
                        let copy = FileRow {
                            line: row.line + number,
                            ..row.clone()
                        };
                        if each(copy).is_break() {
                            return Ok(());
                        }
                    }
                }
                _ => {}
            },
            Event::End(tag) if inside && tag.name() == QName("table:table") => return Ok(()),
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
}

fn reader(content: &str) -> Reader<&[u8]> {
    let mut reader = Reader::from_str(content);
    reader.config_mut().expand_empty_elements = true;
    reader
}

fn text_of(tag: &BytesStart<'_>, name: &str) -> Result<Option<String>, FileError> {
    let Some(attribute) = tag.try_get_attribute(name).map_err(broken)? else {
        return Ok(None);
    };
    let value = attribute.normalized_value(XmlVersion::Implicit1_0);
    value.map(|text| Some(text.into_owned())).map_err(broken)
}

/// How often something is repeated; once where the file does not say.
fn count_of(tag: &BytesStart<'_>, name: &str) -> Result<u64, FileError> {
    let Some(text) = text_of(tag, name)? else {
        return Ok(1);
    };
    text.parse()
        .map_err(|_| broken(format!("{name} is no number")))
}

fn read_row(reader: &mut Reader<&[u8]>) -> Result<FileRow, FileError> {
    let mut row = FileRow {
        cells: Some(Vec::new()),
        ..FileRow::default()
    };
    let (mut column, mut size) = (0, 0);
    loop {
        match reader.read_event().map_err(broken)? {
            Event::Start(tag)
                if matches!(
                    tag.name(),
                    QName("table:table-cell" | "table:covered-table-cell")
                ) =>
            {
                let repeated = count_of(&tag, "table:number-columns-repeated")?;
                let value = read_cell(reader, &tag)?;
                let repeated = usize::try_from(repeated).unwrap_or(usize::MAX);
                let end = column + repeated.min(MAX_COLUMNS);
                if value.as_ref().map_or(true, |text| !text.is_empty()) {
                    for column in column..end {
                        let value = value.as_ref().map(|text| text.as_str().into());
                        put(&mut row, &mut size, column, value.map_err(Violation::clone));
                    }
                }
                column = end.min(MAX_COLUMNS);
            }
            Event::End(tag) if tag.name() == QName("table:table-row") => return Ok(row),
            Event::Eof => return Err(broken("a row does not end")),
            _ => {}
        }
    }
}

fn read_cell(
    reader: &mut Reader<&[u8]>,
    tag: &BytesStart<'_>,
) -> Result<Result<String, Violation>, FileError> {
    let shown = paragraphs(reader, tag.name())?;
    let kind = text_of(tag, "office:value-type")?.unwrap_or_default();
    let given = |name: &str| Ok::<_, FileError>(text_of(tag, name)?.unwrap_or_default());
    Ok(match kind.as_str() {
        "float" | "percentage" | "currency" => {
            let value = given("office:value")?;
            number(value.parse().map_err(broken)?)
        }
        "date" => Ok(date(&given("office:date-value")?).to_owned()),
        "boolean" => Ok(given("office:boolean-value")?),
        "string" => Ok(text_of(tag, "office:string-value")?.unwrap_or(shown)),
        _ => Ok(shown),
    })
}

/// What a cell shows, without its comment.
fn paragraphs(reader: &mut Reader<&[u8]>, cell: QName<'_>) -> Result<String, FileError> {
    let mut text = String::new();
    let mut first = true;
    loop {
        let event = reader.read_event().map_err(broken)?;
        let fits = text.len() <= MAX_ROW_BYTES;
        match event {
            Event::Text(part) if fits => text.push_str(&part.xml10_content()),
            Event::GeneralRef(name) if fits => match name.resolve_char_ref().map_err(broken)? {
                Some(c) => text.push(c),
                None => text.push_str(
                    quick_xml::escape::resolve_predefined_entity(&name).unwrap_or_default(),
                ),
            },
            Event::Start(tag) => match tag.name() {
                QName("office:annotation" | "table:table") => {
                    reader.read_to_end(tag.name()).map_err(broken)?;
                }
                QName("text:p") if !std::mem::take(&mut first) => text.push('\n'),
                QName("text:s" | "text:tab") => text.push(' '),
                QName("text:line-break") => text.push('\n'),
                _ => {}
            },
            Event::End(tag) if tag.name() == cell => return Ok(text.trim().to_owned()),
            Event::Eof => return Err(broken("a cell does not end")),
            _ => {}
        }
    }
}
