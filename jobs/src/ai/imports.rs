//! Documents from files and from pages of the web.

use kazi_platform::invalid::Invalid;
use kazi_queue::Job;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    chunk::{self, Piece},
    documents::{
        BODY_CHARS, Document, DocumentError, DocumentId, DocumentSource, DocumentState, Format,
        KIND, PIECES, fits, insert, named, overwrite,
    },
    fetch_page::FetchPage,
    pdf,
    store::documents::{self as store, Row},
};
use crate::{
    Work,
    audit::Change,
    violations::{Violations, invalid},
};

/// A page of the web that becomes a document.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPage {
    #[schema(example = "Delivery", min_length = 1, max_length = 200)]
    pub title: String,
    /// The language of the page: `en`, `fr`, `es`, `pt`, `ar` or `hi`.
    #[schema(example = "en")]
    pub language: String,
    /// It begins with https://, and its host is public.
    #[schema(example = "https://example.com/delivery", max_length = 2000)]
    pub address: String,
}

/// The title and the language of a file that becomes a document.
#[derive(Clone, Debug)]
pub struct NewPdf {
    pub title: String,
    pub language: String,
}

/// A file that was read: its text page by page, and its pieces. Each piece names its page.
pub struct Pdf {
    title: String,
    language: String,
    body: String,
    pieces: Vec<Piece>,
}

impl Pdf {
    fn row(&self) -> Row<'_> {
        Row {
            title: &self.title,
            language: &self.language,
            format: Format::Text,
            body: &self.body,
            source: DocumentSource::Pdf,
            address: None,
            state: DocumentState::Ready,
        }
    }
}

/// Writes a page down. A job reads it.
pub async fn create_page(work: &mut Work, new: &NewPage) -> Result<Document, DocumentError> {
    let mut violations = Violations::default();
    named(&mut violations, &new.title, &new.language);
    violations.url("/address", &new.address);
    violations.end()?;
    let row = Row {
        title: new.title.trim(),
        language: &new.language,
        format: Format::Markdown,
        body: "",
        source: DocumentSource::Web,
        address: Some(&new.address),
        state: DocumentState::Fetching,
    };
    let document = insert(work, &row, &[]).await?;
    enqueue(work, document.id).await?;
    Ok(document)
}

/// Reads the page of a locked document once more. Its pieces stay until the page is read.
///
/// # Errors
/// [`DocumentError::NoPage`]
pub async fn fetch_again(work: &mut Work, before: &Document) -> Result<Document, DocumentError> {
    if before.address.is_none() {
        return Err(DocumentError::NoPage);
    }
    store::fetching(work, before.id).await?;
    enqueue(work, before.id).await?;
    let after = store::document(work, before.id).await?;
    let (action, subject) = ("ai.fetch_document", (KIND, before.id));
    work.audit(&Change::updated(action, subject, before, &after))
        .await?;
    Ok(after)
}

async fn enqueue(work: &mut Work, document: DocumentId) -> Result<(), DocumentError> {
    let workspace = work.workspace();
    let job = FetchPage {
        workspace,
        document,
    };
    job.enqueue(work.conn()).await?;
    Ok(())
}

/// Reads a file. It holds no connection: a large file takes seconds.
pub async fn read_pdf(new: &NewPdf, file: Vec<u8>) -> Result<Pdf, Invalid> {
    let mut violations = Violations::default();
    named(&mut violations, &new.title, &new.language);
    violations.end()?;
    let pages = pdf::pages(file).await;
    let pages = pages.map_err(|violation| invalid("/file", violation))?;
    let title = new.title.trim();
    let body = pages.join("\n\n");
    let pieces: Vec<Piece> = pages
        .iter()
        .zip(1..)
        .flat_map(|(page, number)| chunk::text(&format!("{title} › {number}"), page))
        .collect();
    let mut violations = Violations::default();
    violations.unless(
        fits(&body),
        "/file",
        "length",
        format!("must have at most {BODY_CHARS} characters of text"),
    );
    violations.unless(
        (1..=PIECES).contains(&pieces.len()),
        "/file",
        "pieces",
        format!("must make 1 to {PIECES} pieces"),
    );
    violations.end()?;
    Ok(Pdf {
        title: title.to_owned(),
        language: new.language.clone(),
        body,
        pieces,
    })
}

/// Makes a document of a file.
pub async fn create_pdf(work: &mut Work, pdf: &Pdf) -> Result<Document, DocumentError> {
    insert(work, &pdf.row(), &pdf.pieces).await
}

/// Replaces a locked document by a file.
pub async fn replace_pdf(
    work: &mut Work,
    before: &Document,
    pdf: &Pdf,
) -> Result<Document, DocumentError> {
    overwrite(work, before, &pdf.row(), &pdf.pieces).await
}
