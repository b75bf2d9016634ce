//! Opens a file that somebody sent, by what is in it: delimited text, a workbook or contact cards. All of them become sheets
//! of rows.

use std::{borrow::Cow, ops::ControlFlow};

use encoding_rs::Encoding;

use super::{cards, delimited::Delimited, encoding, opendocument, workbook};
use crate::violations::Violation;

/// The most rows of a file.
pub const MAX_ROWS: u64 = 500_000;
/// Columns behind these are not looked at.
pub(super) const MAX_COLUMNS: usize = 200;
/// The bytes of a row's texts. A row with more is one whose quotes do not close.
pub(super) const MAX_ROW_BYTES: usize = 64 * 1024;

/// A row that is not empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileRow {
    /// Where it begins in the file, from 1.
    pub line: u64,
    /// Its cells, trimmed. None where the row is too long to be one.
    pub cells: Option<Vec<String>>,
    /// Columns whose value the file has lost, and why.
    pub lost: Vec<(usize, Violation)>,
}

/// Why a file cannot be read. The texts are for the member who sent it.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// Another kind of file.
    #[error("the file is {0}: save it as .xlsx or as .csv")]
    Kind(&'static str),
    #[error("the workbook is protected with a password: save it without one")]
    Password,
    /// Broken, or made to be.
    #[error("the workbook cannot be read: {0}")]
    Workbook(String),
    /// A small file that unpacks to a huge one.
    #[error("the workbook unpacks to more than {0} MiB")]
    TooLarge(u64),
    #[error("the file has more than {MAX_ROWS} rows: split it")]
    TooManyRows,
    #[error(
        "the encoding of the file is not known: save it as UTF-8 (Excel: “CSV UTF-8”; programs of DOS cannot, so save it \
         in a spreadsheet), or name the encoding with the parameter encoding, such as encoding=windows-1252 or \
         encoding=windows-1256"
    )]
    UnknownEncoding,
    #[error(
        "the file cannot be read as {encoding}: the faults are in {}; save it as UTF-8, or name its encoding with the \
         parameter encoding, such as encoding=windows-1252",
        super::read::lines_said(lines)
    )]
    Undecodable {
        encoding: &'static str,
        lines: Vec<u64>,
    },
}

/// A file that is open.
pub(super) struct Table<'a> {
    source: Source<'a>,
}

enum Source<'a> {
    Text(Delimited<'a>),
    Cards {
        text: Cow<'a, str>,
        encoding: &'static str,
    },
    Workbook {
        bytes: &'a [u8],
        sheets: Vec<String>,
    },
    OpenDocument {
        content: String,
        sheets: Vec<String>,
    },
}

impl<'a> Table<'a> {
    pub(super) fn open(
        bytes: &'a [u8],
        told: Option<&'static Encoding>,
        country: Option<&str>,
    ) -> Result<Self, FileError> {
        let source = if bytes.starts_with(b"PK\x03\x04") {
            let parts = workbook::weigh(bytes)?;
            match opendocument::content(bytes)? {
                Some(content) => Source::OpenDocument {
                    sheets: opendocument::sheets(&content)?,
                    content,
                },
                None => Source::Workbook {
                    bytes,
                    sheets: workbook::sheets(bytes, &parts)?,
                },
            }
        } else if let Some(error) = other_kind(bytes) {
            return Err(error);
        } else {
            let decoded = encoding::decode(bytes, told, country)?;
            if let Some(kind) = markup(&decoded.text) {
                return Err(FileError::Kind(kind));
            }
            if cards::are_in(&decoded.text) {
                Source::Cards {
                    text: decoded.text,
                    encoding: decoded.encoding.name(),
                }
            } else {
                Source::Text(Delimited::of(decoded))
            }
        };
        Ok(Self { source })
    }

    /// How many sheets there are, in the order in which Kazi looks at them.
    pub(super) fn sheets(&self) -> usize {
        match &self.source {
            Source::Workbook { sheets, .. } | Source::OpenDocument { sheets, .. } => sheets.len(),
            Source::Text(_) | Source::Cards { .. } => 1,
        }
    }

    /// How Kazi reads a sheet, for the one who sent the file.
    pub(super) fn described(&self, sheet: usize) -> String {
        let name = |sheets: &[String]| sheets.get(sheet).cloned().unwrap_or_default();
        match &self.source {
            Source::Text(text) => text.described(),
            Source::Cards { encoding, .. } => format!("vCard in {encoding}"),
            Source::Workbook { sheets, .. } => format!("XLSX, sheet {}", name(sheets)),
            Source::OpenDocument { sheets, .. } => format!("ODS, sheet {}", name(sheets)),
        }
    }

    /// Gives each row that is not empty to `each`, until it says to stop.
    pub(super) fn read(
        &self,
        sheet: usize,
        each: &mut dyn FnMut(FileRow) -> ControlFlow<()>,
    ) -> Result<(), FileError> {
        let mut rows = 0;
        let mut too_many = false;
        let mut counted = |row: FileRow| {
            let empty = row
                .cells
                .as_ref()
                .is_some_and(|cells| cells.iter().all(String::is_empty));
            if empty && row.lost.is_empty() {
                return ControlFlow::Continue(());
            }
            rows += 1;
            if rows > MAX_ROWS + 1 {
                too_many = true;
                return ControlFlow::Break(());
            }
            each(row)
        };
        match &self.source {
            Source::Text(text) => text.read(&mut counted),
            Source::Cards { text, .. } => cards::read(text, &mut counted),
            Source::Workbook { bytes, sheets } => {
                if let Some(sheet) = sheets.get(sheet) {
                    workbook::read(bytes, sheet, &mut counted)?;
                }
            }
            Source::OpenDocument { content, sheets } => {
                if let Some(sheet) = sheets.get(sheet) {
                    opendocument::read(content, sheet, &mut counted)?;
                }
            }
        }
        if too_many {
            Err(FileError::TooManyRows)
        } else {
            Ok(())
        }
    }
}

pub(super) type Each<'a> = &'a mut dyn FnMut(FileRow) -> ControlFlow<()>;

/// Kinds of files that are no table of text.
fn other_kind(bytes: &[u8]) -> Option<FileError> {
    if bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        // A workbook with a password is a package within the container of old Excel files.
        let name: Vec<u8> = "EncryptedPackage"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        let protected = bytes.windows(name.len()).any(|part| part == name);
        return Some(if protected {
            FileError::Password
        } else {
            FileError::Kind("an old Excel file (.xls)")
        });
    }
    let kinds: [(&[u8], &str); 6] = [
        (b"%PDF", "a PDF"),
        (b"\x1f\x8b", "compressed (.gz)"),
        (b"Rar!", "compressed (.rar)"),
        (b"7z\xbc\xaf", "compressed (.7z)"),
        (b"{\\rtf", "a text document (.rtf)"),
        (b"\x89PNG", "a picture"),
    ];
    kinds
        .into_iter()
        .find(|(start, _)| bytes.starts_with(start))
        .map(|(_, kind)| FileError::Kind(kind))
}

/// Names a file of markup. Programs for the web often write a page with a table and call it .xls; Excel 2003 and
/// LibreOffice write a workbook as one XML file.
fn markup(text: &str) -> Option<&'static str> {
    const HEAD_CHARS: usize = 2_000;
    let head: String = text.trim_start().chars().take(HEAD_CHARS).collect();
    let head = head.to_ascii_lowercase();
    let begins = |starts: &[&str]| starts.iter().any(|start| head.starts_with(start));
    let has = |part: &str| head.contains(part);
    if begins(&[
        "<?xml",
        "<?mso-application",
        "<workbook",
        "<ss:workbook",
        "<office:document",
    ]) {
        return Some(
            if has("urn:schemas-microsoft-com:office:spreadsheet") || has("excel.sheet") {
                "an XML spreadsheet of Excel 2003 (.xml), whatever its name ends with"
            } else if has("<office:document") {
                "a flat OpenDocument file (.fods)"
            } else if has("<html") {
                WEB_PAGE
            } else {
                "an XML file"
            },
        );
    }
    begins(&["<!doctype", "<html", "<table", "<meta", "<head", "<body"]).then_some(WEB_PAGE)
}

const WEB_PAGE: &str = "a web page, whatever its name ends with";

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write};

    use encoding_rs::WINDOWS_1252;

    use super::*;
    use crate::contacts::import::workbook::MAX_TEXTS;

    fn rows(bytes: &[u8]) -> Result<Vec<(u64, Vec<String>)>, FileError> {
        let mut rows = Vec::new();
        Table::open(bytes, None, Some("KE"))?.read(0, &mut |row| {
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
            format!("\u{feff}\"SEP=|\"\n{}", text("|")).into_bytes(),
            text("|").into_bytes(),
            text(";").replace("\r\n", "\r").into_bytes(),
            text(";").replacen("\r\n", "\n\r", 1).into_bytes(),
            text(";")
                .replace(" +254712345678 ", "=\"+254712345678\"")
                .into_bytes(),
            text(";")
                .replace(" +254712345678 ", "\"=\"\"+254712345678\"\"\"")
                .into_bytes(),
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
    fn lines_that_end_as_on_old_macs_are_counted() {
        let read = rows(b"a,b\r\r\"two\rlines\",2\rlast,3\r").unwrap();
        let lines: Vec<u64> = read.iter().map(|(line, _)| *line).collect();
        assert_eq!(lines, [1, 3, 5]);
        assert_eq!(read[1].1[0], "two\nlines");
    }

    #[test]
    fn the_delimiter_is_the_one_that_splits_the_lines_alike() {
        for (file, wanted) in [
            ("Customers, July\nName;Phone\nA, B;1\nC;2\n", ["C", "2"]),
            ("Name,Note\na;b;c;d,1\nC,2\n", ["C", "2"]),
            ("Name|Size\n5\" pipe, long|x\nC|2\n", ["C", "2"]),
        ] {
            assert_eq!(cells(file.as_bytes()).last().unwrap(), &wanted, "{file}");
        }
    }

    #[test]
    fn a_quote_that_does_not_close_is_one_bad_row() {
        let file = format!("a,b\n\"x,{}", "y\n".repeat(100_000));
        assert_eq!(
            rows(file.as_bytes()).unwrap(),
            [(1, vec!["a".to_owned(), "b".into()]), (2, vec![])]
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

    const NS: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    const REL: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

    /// A workbook with sheets: their attributes and their rows.
    fn book(sheets: &[(&str, &str)]) -> Vec<u8> {
        let (mut list, mut rels) = (String::new(), String::new());
        let mut parts = Vec::new();
        for (number, (attributes, data)) in sheets.iter().enumerate() {
            list += &format!(
                "<sheet sheetId=\"{}\" r:id=\"r{number}\" {attributes}/>",
                number + 1
            );
            rels += &format!(
                "<Relationship Id=\"r{number}\" Type=\"{REL}/worksheet\" Target=\"worksheets/sheet{number}.xml\"/>"
            );
            let sheet = format!(
                "<worksheet xmlns=\"{NS}\"><dimension ref=\"A1:XFD1048576\"/><sheetData>{data}</sheetData></worksheet>"
            );
            parts.push((format!("xl/worksheets/sheet{number}.xml"), sheet));
        }
        let relations = |rels: &str| {
            format!(
                "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">{rels}</Relationships>"
            )
        };
        let root = format!(
            "<Relationship Id=\"r1\" Type=\"{REL}/officeDocument\" Target=\"xl/workbook.xml\"/>"
        );
        let texts = "<si><t>Name</t></si><si><t>Phone</t></si>";
        for (name, text) in [
            ("_rels/.rels", relations(&root)),
            (
                "xl/workbook.xml",
                format!(
                    "<workbook xmlns=\"{NS}\" xmlns:r=\"{REL}\"><sheets>{list}</sheets></workbook>"
                ),
            ),
            ("xl/_rels/workbook.xml.rels", relations(&rels)),
            (
                "xl/sharedStrings.xml",
                format!("<sst xmlns=\"{NS}\">{texts}</sst>"),
            ),
            (
                "xl/styles.xml",
                format!(
                    "<styleSheet xmlns=\"{NS}\"><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/></cellXfs></styleSheet>"
                ),
            ),
        ] {
            parts.push((name.to_owned(), text));
        }
        let parts: Vec<(&str, &[u8])> = parts
            .iter()
            .map(|(name, text)| (name.as_str(), text.as_bytes()))
            .collect();
        zip(&parts)
    }

    fn sheet(data: &str) -> Vec<u8> {
        book(&[("name=\"A\"", data)])
    }

    fn spreadsheet(rows: &str, manifest: &str) -> Vec<u8> {
        let content = format!(
            "<office:document-content><office:automatic-styles><style:style style:name=\"h\"><style:table-properties \
             table:display=\"false\"/></style:style></office:automatic-styles><office:body><office:spreadsheet>\
             <table:table table:name=\"Old\" table:style-name=\"h\"><table:table-row><table:table-cell \
             office:value-type=\"string\"><text:p>hidden</text:p></table:table-cell></table:table-row></table:table>\
             <table:table table:name=\"People\">{rows}</table:table></office:spreadsheet></office:body></office:document-content>"
        );
        zip(&[
            (
                "mimetype",
                b"application/vnd.oasis.opendocument.spreadsheet",
            ),
            ("META-INF/manifest.xml", manifest.as_bytes()),
            ("content.xml", content.as_bytes()),
        ])
    }

    fn ods_cell(attributes: &str, text: &str) -> String {
        format!("<table:table-cell {attributes}><text:p>{text}</text:p></table:table-cell>")
    }

    #[test]
    fn an_open_document_reads_like_a_table() {
        let text = "office:value-type=\"string\"";
        let empty = "<table:table-cell table:number-columns-repeated=\"16000\"/>";
        let row =
            |cells: &[String]| format!("<table:table-row>{}</table:table-row>", cells.concat());
        let repeated = |count: u64, cells: &str| {
            format!(
                "<table:table-row table:number-rows-repeated=\"{count}\">{cells}</table:table-row>"
            )
        };
        let file = spreadsheet(
            &[
                row(&[ods_cell(text, "Name"), ods_cell(text, "Phone"), ods_cell(text, "Born"), empty.into()]),
                repeated(3, empty),
                row(&[
                    format!("<table:table-cell {text}><office:annotation><text:p>hi</text:p></office:annotation><text:p>Tom &amp; <text:span>Jo</text:span></text:p></table:table-cell>"),
                    ods_cell("office:value-type=\"float\" office:value=\"254712345678\"", "2.5E+11"),
                    ods_cell("office:value-type=\"date\" office:date-value=\"1990-05-17T00:00:00\"", "17/05/90"),
                ]),
                repeated(1_048_570, empty),
            ]
            .concat(),
            "",
        );
        assert_eq!(
            rows(&file).unwrap(),
            [
                (1, vec!["Name".to_owned(), "Phone".into(), "Born".into()]),
                (
                    5,
                    vec![
                        "Tom & Jo".to_owned(),
                        "254712345678".into(),
                        "1990-05-17".into()
                    ]
                ),
            ]
        );
        let bomb = repeated(1 << 60, &ods_cell(text, "x"));
        assert!(matches!(
            rows(&spreadsheet(&bomb, "")),
            Err(FileError::TooManyRows)
        ));
        assert!(matches!(
            rows(&spreadsheet("", "<manifest:encryption-data/>")),
            Err(FileError::Password)
        ));
    }

    #[test]
    fn of_several_sheets_people_see_some() {
        let data = "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>1</v></c></row>";
        let file = book(&[
            ("name=\"Old\" state=\"hidden\"", ""),
            ("name=\"Notes\"", ""),
            ("name=\"People\"", data),
        ]);
        let table = Table::open(&file, None, None).unwrap();
        assert_eq!(
            (table.sheets(), table.described(1).as_str()),
            (2, "XLSX, sheet People")
        );
    }

    #[test]
    fn a_number_of_a_workbook_keeps_its_digits_or_is_lost() {
        let file = sheet(
            "<row r=\"1\"><c r=\"A1\"><v>2.54712345678E+11</v></c><c r=\"B1\"><v>9007199254740992</v></c>\
             <c r=\"C1\"><v>1.2345678901234567E+19</v></c><c r=\"D1\" s=\"1\"><v>44197</v></c><c r=\"E1\"><v>1.5</v></c>\
             <c r=\"F1\" s=\"1\"><v>712345678</v></c></row>",
        );
        let mut row = FileRow::default();
        let table = Table::open(&file, None, None).unwrap();
        table
            .read(0, &mut |read| {
                row = read;
                ControlFlow::Continue(())
            })
            .unwrap();
        let cells = row.cells.unwrap();
        assert_eq!(
            cells,
            [
                "254712345678",
                "9007199254740992",
                "",
                "2021-01-01",
                "1.5",
                "712345678"
            ]
        );
        assert_eq!(row.lost.len(), 1);
        assert_eq!((row.lost[0].0, row.lost[0].1.0), (2, "number_too_long"));
    }

    #[test]
    fn a_long_text_in_many_cells_is_no_row() {
        let long = "x".repeat(10_000);
        let cells: String = (b'A'..=b'Z')
            .map(|c| {
                format!(
                    "<c r=\"{}1\" t=\"inlineStr\"><is><t>{long}</t></is></c>",
                    char::from(c)
                )
            })
            .collect();
        assert_eq!(
            rows(&sheet(&format!("<row r=\"1\">{cells}</row>"))).unwrap(),
            [(1, vec![])]
        );
    }

    #[test]
    fn files_of_other_kinds_are_named() {
        let said = |file: &[u8]| rows(file).unwrap_err().to_string();
        let protected: Vec<u8> = "EncryptedPackage"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        let old = [0xd0, 0xcf, 0x11, 0xe0];
        assert!(said(&[&old[..], &protected].concat()).contains("password"));
        assert!(said(&old).contains("(.xls)"));
        assert!(said(&zip(&[("xl/workbook.bin", b"")])).contains(".xlsb"));
        assert!(said(&zip(&[("photo.jpg", b"x")])).contains("no workbook"));
        assert!(said(b"%PDF-1.7").contains("PDF"));
        assert!(said(b" <html><table><tr><td>Name").contains("web page"));
        let excel = "<?xml version=\"1.0\"?>\n<?mso-application progid=\"Excel.Sheet\"?>\n\
             <Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\"><Worksheet ss:Name=\"A\"/></Workbook>";
        assert!(said(excel.as_bytes()).contains("Excel 2003 (.xml)"));
        let utf16: Vec<u8> = format!("\u{feff}{excel}")
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        assert!(said(&utf16).contains("Excel 2003 (.xml)"));
        let flat = b"<?xml version=\"1.0\"?><office:document xmlns:office=\"x\">";
        assert!(said(flat).contains("(.fods)"));
        assert!(said(b"<?xml version=\"1.0\"?><html xmlns=\"x\">").contains("web page"));
        assert!(said(b"<?xml version=\"1.0\"?><feed>").contains("an XML file"));
    }

    #[test]
    fn cards_of_phones_become_rows() {
        let file = "BEGIN:VCARD\r\nVERSION:2.1\r\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Mu=C3=B1oz;Jos=C3=A9;;;\r\n\
             FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Jos=C3=A9 =\r\nMu=C3=B1oz\r\nTEL;HOME:020 123\r\nTEL;CELL;PREF:0712345678\r\n\
             TEL;FAX:1\r\nEND:VCARD\r\n\
             BEGIN:VCARD\r\nVERSION:3.0\r\nN:Otieno;Amina;;;\r\nFN:Amina\r\n  Otieno\r\nitem1.TEL;type=pref:+254 712 345 679\r\n\
             EMAIL;TYPE=INTERNET:a@x.com\r\nCATEGORIES:VIP,Salon\r\nEND:VCARD\r\n\
             BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Zoë\r\nTEL;VALUE=uri;TYPE=\"voice,cell\":tel:+33612345678\r\nEND:VCARD\r\n";
        let read = rows(file.as_bytes()).unwrap();
        let lines: Vec<u64> = read.iter().map(|(line, _)| *line).collect();
        assert_eq!(lines, [0, 1, 10, 19]);
        assert_eq!(
            read[1].1,
            [
                "José Muñoz",
                "José",
                "Muñoz",
                "0712345678 ::: 020 123",
                "",
                ""
            ]
        );
        assert_eq!(
            read[2].1,
            [
                "Amina Otieno",
                "Amina",
                "Otieno",
                "+254 712 345 679",
                "a@x.com",
                "VIP ::: Salon"
            ]
        );
        assert_eq!(read[3].1[3], "+33612345678");
    }

    #[test]
    fn cards_give_the_mobile_before_the_phone_at_work() {
        let card = |phones: &str| {
            let card = format!("BEGIN:VCARD\r\nVERSION:3.0\r\nFN:A\r\n{phones}END:VCARD\r\n");
            rows(card.as_bytes()).unwrap()[1].1[3].clone()
        };
        for (phones, wanted) in [
            (
                "TEL;TYPE=WORK:1\r\nTEL:2\r\nTEL;TYPE=CELL:3\r\n",
                "3 ::: 2 ::: 1",
            ),
            ("TEL;TYPE=WORK,CELL:1\r\nTEL;TYPE=HOME:2\r\n", "1 ::: 2"),
            ("TEL;TYPE=CELL:1\r\nTEL;TYPE=WhatsApp:2\r\n", "2 ::: 1"),
            (
                "TEL;TYPE=CELL:1\r\nitem1.TEL:2\r\nitem1.X-ABLabel:WhatsApp\r\n",
                "2 ::: 1",
            ),
            (
                "TEL:1\r\nitem1.TEL:2\r\nitem1.X-ABLabel:_$!<Mobile>!$_\r\n",
                "2 ::: 1",
            ),
            ("TEL;TYPE=FAX:1\r\nTEL;TYPE=WORK:2\r\n", "2"),
        ] {
            assert_eq!(card(phones), wanted, "{phones}");
        }
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
