//! Sheets of paper as PDF: invoices, receipts, credit notes.
//!
//! A [`Sheet`] has texts alone: whoever makes one has chosen the words and written the amounts. [`pdf`] shapes them (Arabic
//! joins its letters, Devanagari reorders them), sets them from the side where the language begins, and breaks long tables
//! over pages. The same sheet gives the same bytes, so a second run of a job stores the same file.

mod fonts;
mod layout;
mod text;
mod write;

#[cfg(test)]
mod tests;

/// What stands on the pages.
#[derive(Clone, Debug, Default)]
pub struct Sheet {
    /// As BCP 47 names it, for those who have the document read aloud.
    pub language: String,
    /// Lines begin at the right.
    pub right_to_left: bool,
    /// The kind of document, such as "Invoice".
    pub title: String,
    pub number: String,
    pub seller: Party,
    pub buyer: Party,
    /// A label and a value each: dates, and what the document refers to.
    pub facts: Vec<(String, String)>,
    /// The headings of the table. The first column is the widest; the others hold amounts.
    pub columns: Vec<String>,
    pub rows: Vec<Row>,
    pub totals: Vec<Total>,
    /// A word that must be seen at once, such as "Paid".
    pub stamp: Option<String>,
    pub notes: Vec<String>,
    /// Stands at the foot of each page.
    pub footer: String,
}

/// Who sells or buys.
#[derive(Clone, Debug, Default)]
pub struct Party {
    /// What the party is, such as "Billed to". Empty: nothing stands above the name.
    pub label: String,
    pub name: String,
    pub lines: Vec<String>,
}

/// A line of the table.
#[derive(Clone, Debug, Default)]
pub struct Row {
    /// One for each column.
    pub cells: Vec<String>,
    /// Small print below the first cell.
    pub detail: String,
}

/// An amount below the table.
#[derive(Clone, Debug, Default)]
pub struct Total {
    pub label: String,
    pub value: String,
    /// It is the one that counts.
    pub strong: bool,
}

#[derive(Debug, thiserror::Error)]
pub enum DocumentError {
    /// A font of this crate cannot be read.
    #[error("the font {0} cannot be read")]
    Font(&'static str),
    #[error("the PDF cannot be written: {0}")]
    Write(String),
}

/// Sets a sheet on pages of A4.
pub fn pdf(sheet: &Sheet) -> Result<Vec<u8>, DocumentError> {
    let fonts = fonts::Fonts::load()?;
    let pages = layout::pages(&fonts, sheet);
    write::pdf(&fonts, sheet, &pages)
}
