//! Reads the text of a PDF. A file comes from anybody: it may be damaged, locked, or made to exhaust memory or time. So it
//! is read apart, within limits, and a panic of the reader is an error of the file.

use std::time::{Duration, Instant};

use lopdf::{Document, Error, LoadOptions};
use tokio::{sync::Semaphore, task::spawn_blocking, time::timeout};

use crate::violations::Violation;

/// The largest file, in bytes.
pub const MAX_PDF: usize = 10 * 1024 * 1024;
const PAGES: usize = 300;
/// Bytes of one unpacked stream, and of the streams of one page.
const UNPACKED: usize = 16 * 1024 * 1024;
const DEADLINE: Duration = Duration::from_secs(20);
/// A reader that hangs keeps its place, so no more than this number of threads can hang.
static READERS: Semaphore = Semaphore::const_new(2);

/// Reads the text of each page.
///
/// # Errors
/// Says what is wrong with the file.
pub(super) async fn pages(file: Vec<u8>) -> Result<Vec<String>, Violation> {
    within(DEADLINE, move |until| extract(&file, until)).await
}

async fn within<T: Send + 'static>(
    limit: Duration,
    read: impl FnOnce(Instant) -> Result<T, Violation> + Send + 'static,
) -> Result<T, Violation> {
    let until = Instant::now() + limit;
    let slow = || {
        let rule = format!("must be readable within {} seconds", limit.as_secs());
        ("slow", rule)
    };
    let run = async {
        let place = READERS.acquire().await.map_err(|_| slow())?;
        let reading = spawn_blocking(move || {
            let _place = place;
            read(until)
        });
        reading.await.unwrap_or_else(|error| {
            tracing::warn!(%error, "a PDF broke its reader");
            Err(broken())
        })
    };
    timeout(limit, run).await.unwrap_or_else(|_| Err(slow()))
}

fn broken() -> Violation {
    ("broken", "must be a PDF that is not damaged".to_owned())
}

fn trouble(error: &Error) -> Violation {
    match error {
        Error::InvalidPassword | Error::Decryption(_) => locked(),
        Error::Decompress(_) => (
            "too_large",
            format!("must unpack to at most {UNPACKED} bytes in each page"),
        ),
        _ => broken(),
    }
}

fn locked() -> Violation {
    (
        "encrypted",
        "must not be encrypted: save it without a password first".to_owned(),
    )
}

fn extract(file: &[u8], until: Instant) -> Result<Vec<String>, Violation> {
    let head = &file[..file.len().min(1_024)];
    if !head.windows(5).any(|bytes| bytes == b"%PDF-") {
        return Err(("not_pdf", "must be a PDF".to_owned()));
    }
    let options = LoadOptions {
        max_decompressed_size: Some(UNPACKED),
        ..LoadOptions::default()
    };
    let document =
        Document::load_mem_with_options(file, options).map_err(|error| trouble(&error))?;
    if document.is_encrypted() {
        return Err(locked());
    }
    let numbers: Vec<u32> = document.get_pages().into_keys().collect();
    if numbers.len() > PAGES {
        let rule = format!("must have at most {PAGES} pages, and has {}", numbers.len());
        return Err(("pages", rule));
    }
    let mut pages = Vec::new();
    for number in numbers {
        if Instant::now() >= until {
            let rule = format!("must be readable within {} seconds", DEADLINE.as_secs());
            return Err(("slow", rule));
        }
        let mut page = String::new();
        for part in document.extract_text_chunks_with_limit(&[number], UNPACKED) {
            match part {
                Ok(text) => page.push_str(&text),
                Err(error @ Error::Decompress(_)) => return Err(trouble(&error)),
                // A part in an unknown font. The rest of the page is still a text.
                Err(_) => {}
            }
        }
        pages.push(tidy(&page));
    }
    if pages.iter().all(String::is_empty) {
        let rule = "must have text: a scan has only pictures of it".to_owned();
        return Err(("no_text", rule));
    }
    Ok(pages)
}

/// Without control characters, which the database does not store.
fn tidy(page: &str) -> String {
    let kept = |c: &char| !c.is_control() || *c == '\n';
    let page: String = page.chars().filter(kept).collect();
    page.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use lopdf::{
        Dictionary, EncryptionState, EncryptionVersion, Object, Permissions, Stream, dictionary,
    };

    use super::*;

    /// A PDF with a text on each page.
    fn pdf(texts: &[&str]) -> Document {
        let mut document = Document::with_version("1.5");
        let root = document.new_object_id();
        let font = document.add_object(dictionary! {
            "Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Helvetica", "Encoding" => "WinAnsiEncoding",
        });
        let resources = document.add_object(dictionary! { "Font" => dictionary! { "F1" => font } });
        let mut kids: Vec<Object> = Vec::new();
        for text in texts {
            let content = format!("BT /F1 12 Tf 72 700 Td ({text}) Tj ET");
            let content = document.add_object(Stream::new(Dictionary::new(), content.into()));
            let page = document.add_object(dictionary! {
                "Type" => "Page", "Parent" => root, "Contents" => content, "Resources" => resources,
                "MediaBox" => vec![0.into(), 0.into(), 595.into(), 842.into()],
            });
            kids.push(page.into());
        }
        let count = i64::try_from(kids.len()).unwrap();
        let pages = dictionary! { "Type" => "Pages", "Kids" => kids, "Count" => count };
        document.objects.insert(root, pages.into());
        let catalog = document.add_object(dictionary! { "Type" => "Catalog", "Pages" => root });
        document.trailer.set("Root", catalog);
        let id = || Object::string_literal("0123456789abcdef");
        document.trailer.set("ID", vec![id(), id()]);
        document
    }

    fn bytes(mut document: Document) -> Vec<u8> {
        let mut file = Vec::new();
        document.save_to(&mut file).unwrap();
        file
    }

    async fn code(file: Vec<u8>) -> &'static str {
        pages(file).await.unwrap_err().0
    }

    #[tokio::test]
    async fn the_text_of_each_page_is_read() {
        let read = pages(bytes(pdf(&["We open at 8:00.", "", "Parking is free."]))).await;
        assert_eq!(read.unwrap(), ["We open at 8:00.", "", "Parking is free."]);
    }

    #[tokio::test]
    async fn a_file_that_is_no_text_is_refused_with_its_reason() {
        assert_eq!(code(Vec::new()).await, "not_pdf");
        assert_eq!(code(b"PK\x03\x04 a zip".to_vec()).await, "not_pdf");
        assert_eq!(code(b"%PDF-1.7\nnothing".to_vec()).await, "broken");
        assert_eq!(code(bytes(pdf(&[""]))).await, "no_text");
        assert_eq!(code(bytes(pdf(&["x"; 500]))).await, "pages");
        let mut locked = pdf(&["secret"]);
        let state = EncryptionState::try_from(EncryptionVersion::V2 {
            document: &locked,
            owner_password: "owner",
            user_password: "user",
            key_length: 128,
            permissions: Permissions::all(),
        })
        .unwrap();
        locked.encrypt(&state).unwrap();
        assert_eq!(code(bytes(locked)).await, "encrypted");
    }

    #[tokio::test]
    async fn a_page_that_unpacks_without_end_is_refused() {
        let mut packed = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
        let zeros = vec![b' '; 1024 * 1024];
        for _ in 0..64 {
            packed.write_all(&zeros).unwrap();
        }
        let mut document = pdf(&["x"]);
        let content = document.add_object(Stream::new(
            dictionary! { "Filter" => "FlateDecode" },
            packed.finish().unwrap(),
        ));
        let (_, page) = document.get_pages().pop_first().unwrap();
        let page = document
            .get_object_mut(page)
            .unwrap()
            .as_dict_mut()
            .unwrap();
        page.set("Contents", content);
        assert_eq!(code(bytes(document)).await, "too_large");
    }

    #[tokio::test]
    async fn a_damaged_file_never_ends_the_program() {
        let whole = bytes(pdf(&["We open at 8:00."]));
        for at in (0..whole.len()).step_by(7) {
            let mut damaged = whole.clone();
            damaged[at] ^= 0x15;
            let _ = pages(damaged).await;
            let _ = pages(whole[..at].to_vec()).await;
        }
    }

    #[tokio::test]
    async fn a_reader_that_panics_or_hangs_is_an_error_of_the_file() {
        let panicked = within(DEADLINE, |_| -> Result<(), Violation> { panic!("hostile") }).await;
        assert_eq!(panicked.unwrap_err().0, "broken");
        let (end, wait) = std::sync::mpsc::channel::<()>();
        let hung = within(Duration::from_millis(20), move |_| {
            let _ = wait.recv();
            Ok(())
        })
        .await;
        assert_eq!(hung.unwrap_err().0, "slow");
        drop(end);
    }
}
