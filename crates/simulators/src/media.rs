//! The files of WhatsApp and Green API: what phones have sent, and what the business has uploaded.
//!
//! Source: Meta, "Media" of the Cloud API (types, sizes, the life of an address); Green API, "DownloadFile".

use std::{
    collections::HashMap,
    sync::Mutex,
    time::{Duration, Instant},
};

use axum::http::{HeaderMap, header};
use bytes::Bytes;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::lock;

/// Meta's address of a file lives for this long.
const ADDRESS_LIFE: Duration = Duration::from_secs(300);
/// A PNG image of one pixel.
pub(crate) const PIXEL: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89\0\0\0\rIDATx\x9cc\xf8\xcf\xc0\xf0\x1f\0\x05\0\x01\xff\x89\x99=\x1d\0\0\0\0IEND\xaeB`\x82";

/// A file that a phone sends.
#[derive(Clone, Debug)]
pub struct SentFile {
    /// `image`, `video`, `audio`, `document` or `sticker`.
    pub kind: String,
    /// The type that the phone says.
    pub mime: String,
    pub name: Option<String>,
    pub caption: Option<String>,
    pub bytes: Vec<u8>,
}

impl SentFile {
    /// A file without a name and a caption.
    pub fn new(kind: &str, mime: &str, bytes: impl Into<Vec<u8>>) -> Self {
        Self {
            kind: kind.to_owned(),
            mime: mime.to_owned(),
            name: None,
            caption: None,
            bytes: bytes.into(),
        }
    }
}

#[derive(Clone, Debug)]
pub(crate) struct File {
    pub mime: String,
    pub name: Option<String>,
    pub bytes: Bytes,
}

impl File {
    pub fn sha256(&self) -> [u8; 32] {
        Sha256::digest(&self.bytes).into()
    }
}

#[derive(Default)]
struct Inner {
    files: HashMap<String, File>,
    /// The files of addresses, and when these were made.
    addresses: HashMap<String, (String, Instant)>,
    /// The files of Green API's messages.
    messages: HashMap<String, String>,
}

/// All files, by their ids.
#[derive(Default)]
pub(crate) struct Shelf(Mutex<Inner>);

impl Shelf {
    /// Takes a file under a new id, which begins with `prefix`.
    pub fn put(&self, prefix: &str, file: File) -> String {
        let digits = Uuid::new_v4().as_u128().to_string();
        let id: String = prefix.chars().chain(digits.chars().take(13)).collect();
        lock(&self.0).files.insert(id.clone(), file);
        id
    }

    pub fn get(&self, id: &str) -> Option<File> {
        lock(&self.0).files.get(id).cloned()
    }

    pub fn remove(&self, id: &str) -> bool {
        lock(&self.0).files.remove(id).is_some()
    }

    pub fn clear(&self) {
        let mut inner = lock(&self.0);
        inner.files.clear();
        inner.addresses.clear();
    }

    /// Forgets all addresses, as if they had expired.
    pub fn expire(&self) {
        lock(&self.0).addresses.clear();
    }

    /// Makes an address of a file: a text that nobody can guess.
    pub fn address(&self, id: &str) -> String {
        let address = Uuid::new_v4().simple().to_string();
        let made = (id.to_owned(), Instant::now());
        lock(&self.0).addresses.insert(address.clone(), made);
        address
    }

    /// The file at an address that has not expired.
    pub fn at(&self, address: &str) -> Option<File> {
        let inner = lock(&self.0);
        let (id, made) = inner.addresses.get(address)?;
        let lives = made.elapsed() < ADDRESS_LIFE;
        lives.then(|| inner.files.get(id).cloned()).flatten()
    }

    /// Notes that a message of Green API has a file.
    pub fn belongs(&self, message: &str, id: &str) {
        let mut inner = lock(&self.0);
        inner.messages.insert(message.to_owned(), id.to_owned());
    }

    pub fn of_message(&self, message: &str) -> Option<String> {
        let inner = lock(&self.0);
        let id = inner.messages.get(message)?;
        inner.files.contains_key(id).then(|| id.clone())
    }
}

/// A part of a form.
pub(crate) struct Part {
    pub name: String,
    pub file_name: Option<String>,
    pub mime: Option<String>,
    pub bytes: Bytes,
}

impl Part {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }
}

/// Reads a form (`multipart/form-data`, RFC 7578). `None`: the body is no form.
pub(crate) fn form(headers: &HeaderMap, body: &Bytes) -> Option<Vec<Part>> {
    let kind = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    let boundary = kind
        .strip_prefix("multipart/form-data")?
        .split_once("boundary=")?
        .1
        .trim_matches('"');
    let (first, between) = (format!("--{boundary}"), format!("\r\n--{boundary}"));
    let mut at = find(body, first.as_bytes(), 0)? + first.len();
    let mut parts = Vec::new();
    while !body.get(at..)?.starts_with(b"--") {
        let start = at + 2;
        let blank = find(body, b"\r\n\r\n", at)?;
        let end = find(body, between.as_bytes(), blank)?;
        let head = String::from_utf8_lossy(body.get(start.min(blank)..blank)?).into_owned();
        let bytes = body.slice((blank + 4).min(end)..end);
        parts.push(part(&head, bytes)?);
        at = end + between.len();
    }
    Some(parts)
}

fn part(head: &str, bytes: Bytes) -> Option<Part> {
    let line = |name: &str| {
        head.lines().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    };
    let disposition = line("content-disposition")?;
    let parameter = |name: &str| {
        let rest = disposition.split_once(&format!("; {name}=\""))?.1;
        rest.split_once('"').map(|(value, _)| value.to_owned())
    };
    Some(Part {
        name: parameter("name")?,
        file_name: parameter("filename"),
        mime: line("content-type").map(str::to_owned),
        bytes,
    })
}

fn find(body: &[u8], what: &[u8], from: usize) -> Option<usize> {
    let rest = body.get(from..)?;
    let found = rest.windows(what.len()).position(|window| window == what);
    found.map(|at| from + at)
}

/// The types that Meta takes, with the most bytes of each.
pub(crate) fn limit_of(mime: &str) -> Option<usize> {
    let bare = mime.split(';').next().unwrap_or_default().trim();
    Some(match bare {
        "image/jpeg" | "image/png" => 5_000_000,
        "image/webp" => 500_000,
        "audio/aac" | "audio/amr" | "audio/mpeg" | "audio/mp4" | "audio/ogg" | "video/3gpp"
        | "video/mp4" => 16_000_000,
        "text/plain"
        | "application/pdf"
        | "application/msword"
        | "application/vnd.ms-excel"
        | "application/vnd.ms-powerpoint"
        | "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
        | "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        | "application/vnd.openxmlformats-officedocument.presentationml.presentation" => {
            100_000_000
        }
        _ => return None,
    })
}

/// Says whether a message of this kind may have a file of this type.
pub(crate) fn fits(kind: &str, mime: &str) -> bool {
    match kind {
        "document" => true,
        "sticker" => mime == "image/webp",
        kind => mime.split('/').next() == Some(kind) && mime != "image/webp",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_read_by_its_parts() {
        let mut headers = HeaderMap::new();
        let kind = "multipart/form-data; boundary=b".parse().unwrap();
        headers.insert(header::CONTENT_TYPE, kind);
        let body = "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--b\r\n\
                    Content-Disposition: form-data; name=\"file\"; filename=\"x.txt\"\r\nContent-Type: text/plain\r\n\r\n\
                    two\r\n\r\nlines\r\n--b--\r\n";
        let parts = form(&headers, &Bytes::from(body)).unwrap();
        assert_eq!((parts[0].name.as_str(), parts[0].text()), ("a", "1".into()));
        let file = &parts[1];
        assert_eq!(file.file_name.as_deref(), Some("x.txt"));
        assert_eq!(file.mime.as_deref(), Some("text/plain"));
        assert_eq!(file.text(), "two\r\n\r\nlines");
        assert!(form(&headers, &Bytes::from("--b\r\nno end")).is_none());
    }
}
