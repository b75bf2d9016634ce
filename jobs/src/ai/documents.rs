//! Knowledge: the documents of a business that the model may use. Kazi cuts a document into pieces, and shows the model
//! the pieces that fit a question.

use kazi_platform::{Timestamp, id, invalid::Invalid, texts};
use kazi_queue::EnqueueError;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

use super::{
    chunk::{self, Piece},
    embeddings,
    store::documents::{self as store, Row},
};
use crate::{
    Work,
    audit::Change,
    violations::{Violation, Violations},
};

id!(
    /// A document of the knowledge.
    pub struct DocumentId, "doc_"
);

pub(super) const KIND: &str = "document";
const TITLE_CHARS: usize = 200;
/// About 100 pages. A request has at most 1 MiB, and a character of Hindi has 3 bytes.
pub(super) const BODY_CHARS: usize = 300_000;
/// Pieces of one document.
pub(super) const PIECES: usize = 2_000;
/// Where two fit equally, the later one counts.
const DELIMITERS: [u8; 3] = [b',', b';', b'\t'];
/// The first column's heading, in the languages of the texts.
const HEADINGS: [&str; 7] = [
    "question",
    "pregunta",
    "pergunta",
    "سؤال",
    "السؤال",
    "प्रश्न",
    "सवाल",
];

texts! {
    /// The form of a document's text.
    pub enum Format as "KnowledgeFormat" {
        /// Paragraphs with empty lines between them.
        Text = "text",
        /// A piece begins at a heading, and has the headings above it.
        Markdown = "markdown",
        /// CSV with two columns: a question and its answer.
        Questions = "questions",
    }
}

texts! {
    /// Where the text of a document is from.
    pub enum DocumentSource as "KnowledgeSource" {
        /// A member or a program wrote it.
        Text = "text",
        Pdf = "pdf",
        /// A page of the web.
        Web = "web",
    }
}

texts! {
    /// How far a document is.
    pub enum DocumentState as "KnowledgeState" {
        /// Its page is being read. What was read before is used meanwhile.
        Fetching = "fetching",
        Ready = "ready",
        /// Its page could not be read. What was read before is still used.
        Failed = "failed",
    }
}

/// A document, without its text.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Document {
    pub id: DocumentId,
    #[schema(example = "Delivery")]
    pub title: String,
    /// The language of the text: `en`, `fr`, `es`, `pt`, `ar` or `hi`.
    #[schema(example = "en")]
    pub language: String,
    pub format: Format,
    pub source: DocumentSource,
    /// The address of the page.
    #[schema(example = "https://example.com/delivery")]
    pub address: Option<String>,
    /// The time at which the page was read last.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub fetched_at: Option<Timestamp>,
    pub state: DocumentState,
    /// Why the page could not be read.
    #[schema(example = "the page answered with status 404")]
    pub failure: Option<String>,
    /// The number of pieces.
    pub pieces: i64,
    /// The SHA-256 of the text in hexadecimal. A program that imports documents sees from it what has changed.
    #[schema(example = "d04b98f48e8f8bcc15c6ae5ac050801cd6dcfd428fb5f9e65c4e16e7807340fa")]
    pub body_sha256: String,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
    /// Rises with each change. The `ETag` is made of it.
    #[schema(example = 3)]
    pub version: i64,
}

/// A document with its text.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DocumentText {
    #[serde(flatten)]
    pub document: Document,
    pub body: String,
}

id!(
    /// A passage of a document.
    pub struct PassageId, "psg_"
);

/// A passage of a document, as it is stored for the model.
#[derive(Clone, Debug, Serialize, sqlx::FromRow, ToSchema)]
pub struct KnowledgePassage {
    /// Another one after each change of the document.
    pub id: PassageId,
    pub document_id: DocumentId,
    #[schema(example = "Delivery")]
    pub document_title: String,
    /// The title of the document and the headings above the passage, or the question that the passage answers.
    #[schema(example = "Delivery › Costs")]
    pub title: String,
    #[schema(example = "Delivery in Nairobi is free.")]
    pub text: String,
    /// The language of the text: `en`, `fr`, `es`, `pt`, `ar` or `hi`.
    #[schema(example = "en")]
    pub language: String,
}

#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDocument {
    #[schema(example = "Delivery", min_length = 1, max_length = 200)]
    pub title: String,
    /// The language of the text: `en`, `fr`, `es`, `pt`, `ar` or `hi`.
    #[schema(example = "en")]
    pub language: String,
    pub format: Format,
    #[schema(
        example = "# Costs\nDelivery in Nairobi is free.",
        min_length = 1,
        max_length = 300000
    )]
    pub body: String,
}

/// Checks the title and the language.
pub(super) fn named(violations: &mut Violations, title: &str, language: &str) {
    violations.text("/title", title, 1, TITLE_CHARS);
    violations.language("/language", language);
}

/// Whether a text is short enough for a document.
pub(super) fn fits(body: &str) -> bool {
    body.chars().count() <= BODY_CHARS
}

/// The pieces of a text. Questions are pieces already.
pub(super) fn pieces(title: &str, format: Format, body: &str) -> Vec<Piece> {
    match format {
        Format::Markdown => chunk::markdown(title, body),
        Format::Text | Format::Questions => chunk::text(title, body),
    }
}

/// Checks a document and cuts it into pieces.
fn check(new: &NewDocument) -> Result<Vec<Piece>, Invalid> {
    let mut violations = Violations::default();
    named(&mut violations, &new.title, &new.language);
    violations.unless(
        fits(&new.body),
        "/body",
        "length",
        format!("must have 1 to {BODY_CHARS} characters"),
    );
    let (title, body) = (new.title.trim(), new.body.replace("\r\n", "\n"));
    let pieces = match new.format {
        Format::Questions => questions(&body),
        format => Ok(pieces(title, format, &body)),
    };
    let pieces = violations.take("/body", pieces);
    violations.unless(
        pieces
            .as_ref()
            .is_none_or(|pieces| (1..=PIECES).contains(&pieces.len())),
        "/body",
        "pieces",
        format!("must make 1 to {PIECES} pieces"),
    );
    violations.end()?;
    Ok(pieces.unwrap_or_default())
}

/// Makes a piece for each question. The first row may name the columns.
fn questions(body: &str) -> Result<Vec<Piece>, Violation> {
    let body = body.trim_start_matches('\u{feff}');
    let rows = |delimiter| {
        csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .has_headers(false)
            .flexible(true)
            .trim(csv::Trim::All)
            .from_reader(body.as_bytes())
            .into_records()
    };
    // Spreadsheets write semicolons where the comma stands in decimal numbers, and texts have commas. So the delimiter is
    // the one that parts most rows in two.
    let parted = |delimiter: &u8| {
        let all = rows(*delimiter).filter_map(Result::ok);
        all.filter(|row| row.len() == 2).count()
    };
    let delimiter = DELIMITERS.into_iter().max_by_key(parted);
    let mut pieces = Vec::new();
    for (number, row) in rows(delimiter.unwrap_or(b',')).enumerate() {
        let row = row.map_err(|error| ("invalid", format!("must be CSV: {error}")))?;
        let (question, answer) = match row.iter().collect::<Vec<_>>()[..] {
            [question, answer] if !question.is_empty() && !answer.is_empty() => (question, answer),
            ref fields if fields.iter().all(|field| field.is_empty()) => continue,
            _ => {
                let line = line_of(body, &row);
                let rule = format!("must have a question and an answer in line {line}");
                return Err(("invalid", rule));
            }
        };
        if number == 0 && HEADINGS.contains(&question.to_lowercase().as_str()) {
            continue;
        }
        if question.chars().count() > TITLE_CHARS {
            let line = line_of(body, &row);
            let rule =
                format!("must have at most {TITLE_CHARS} characters in a question (line {line})");
            return Err(("length", rule));
        }
        pieces.extend(chunk::text(question, answer));
    }
    Ok(pieces)
}

/// The line of a row. The reader's own count does not skip the empty lines before the row.
fn line_of(body: &str, row: &csv::StringRecord) -> usize {
    let byte = row.position().map_or(0, csv::Position::byte);
    let from = usize::try_from(byte).unwrap_or_default();
    let rest = body.get(from..).unwrap_or_default();
    let empty = rest.len() - rest.trim_start_matches(['\r', '\n']).len();
    let before = body.get(..from + empty).unwrap_or_default();
    before.matches('\n').count() + 1
}

/// A document that a member or a program wrote.
fn written(new: &NewDocument) -> Row<'_> {
    Row {
        title: new.title.trim(),
        language: &new.language,
        format: new.format,
        body: &new.body,
        source: DocumentSource::Text,
        address: None,
        state: DocumentState::Ready,
    }
}

pub async fn create_document(
    work: &mut Work,
    new: &NewDocument,
) -> Result<Document, DocumentError> {
    let pieces = check(new)?;
    insert(work, &written(new), &pieces).await
}

/// Replaces the text and the pieces of a locked document. A page or a file is a text from then on.
pub async fn replace_document(
    work: &mut Work,
    before: &Document,
    new: &NewDocument,
) -> Result<Document, DocumentError> {
    let pieces = check(new)?;
    overwrite(work, before, &written(new), &pieces).await
}

/// Adds a document with its pieces.
pub(super) async fn insert(
    work: &mut Work,
    row: &Row<'_>,
    pieces: &[Piece],
) -> Result<Document, DocumentError> {
    let id = DocumentId::new();
    store::insert(work, id, row).await?;
    store::add_pieces(work, id, row.language, pieces).await?;
    embeddings::wish(work).await?;
    let document = store::document(work, id).await?;
    let (action, subject) = ("ai.create_document", (KIND, id));
    work.audit(&Change::created(action, subject, &document))
        .await?;
    Ok(document)
}

/// Replaces everything of a locked document.
pub(super) async fn overwrite(
    work: &mut Work,
    before: &Document,
    row: &Row<'_>,
    pieces: &[Piece],
) -> Result<Document, DocumentError> {
    let id = before.id;
    store::update(work, id, row).await?;
    store::remove_pieces(work, id).await?;
    store::add_pieces(work, id, row.language, pieces).await?;
    embeddings::wish(work).await?;
    let after = store::document(work, id).await?;
    let (action, subject) = ("ai.replace_document", (KIND, id));
    work.audit(&Change::updated(action, subject, before, &after))
        .await?;
    Ok(after)
}

/// Deletes a locked document with its pieces.
pub async fn delete_document(work: &mut Work, before: &Document) -> Result<(), sqlx::Error> {
    store::delete(work, before.id).await?;
    let (action, subject) = ("ai.delete_document", (KIND, before.id));
    work.audit(&Change::deleted(action, subject, before)).await
}

pub(super) fn sha256(body: &str) -> String {
    hex::encode(Sha256::digest(body.as_bytes()))
}

#[derive(Debug, thiserror::Error)]
pub enum DocumentError {
    #[error(transparent)]
    Invalid(#[from] Invalid),
    #[error("the document is no page of the web")]
    NoPage,
    #[error(transparent)]
    Enqueue(#[from] EnqueueError),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_csv_of_questions_makes_a_piece_of_each_and_names_the_line_that_is_wrong() {
        let read = |body: &str| -> Vec<(String, String)> {
            let pieces = questions(body).unwrap().into_iter();
            pieces.map(|piece| (piece.title, piece.body)).collect()
        };
        let own = |question: &str, answer: &str| (question.to_owned(), answer.to_owned());
        assert_eq!(
            read("\u{feff}Question,Answer\nOpen on Sunday?,\"No, on Saturday.\"\n,\n\nTea?,Yes.\n"),
            [
                own("Open on Sunday?", "No, on Saturday."),
                own("Tea?", "Yes.")
            ]
        );
        assert_eq!(
            read("Pregunta;Respuesta\nOpen on Sunday?;No, on Saturday.\n"),
            read("Open on Sunday?\tNo, on Saturday.")
        );
        let long = format!("{}?,b\n", "x".repeat(TITLE_CHARS));
        for (bad, line) in [
            ("a,b\n\nc\n", "line 3"),
            ("a,\n", "line 1"),
            ("a,b,c\n", "line 1"),
            (&long, "line 1"),
        ] {
            let (_, rule) = questions(bad).unwrap_err();
            assert!(rule.contains(line), "{rule}");
        }
    }
}
