//! A form with a file (`multipart/form-data`, RFC 7578). The file is read while it is sent.

use std::{
    hash::{BuildHasher, Hasher, RandomState},
    io,
    pin::Pin,
    time::Duration,
};

use bytes::Bytes;
use futures_util::{Stream, StreamExt, stream};
use reqwest::{Body, RequestBuilder, header};

/// Time for a file of 100 MB.
const UPLOAD_TIME_OUT: Duration = Duration::from_secs(240);

/// A file on its way to a provider.
pub struct FormFile {
    pub name: String,
    /// A type like `image/jpeg`.
    pub mime: String,
    /// Its exact size: providers want to know the length of a request.
    pub bytes: u64,
    pub body: Pin<Box<dyn Stream<Item = io::Result<Bytes>> + Send>>,
}

/// Puts fields and a file into a request, and gives it time for the upload.
pub(crate) fn with_form(
    request: RequestBuilder,
    fields: &[(&str, &str)],
    file: FormFile,
) -> RequestBuilder {
    let boundary = boundary();
    let mut head = String::new();
    for (name, value) in fields {
        head.push_str(&format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
        ));
    }
    let name = file.name.replace(['"', '\r', '\n'], "_");
    let mime = file.mime.replace(['\r', '\n'], "");
    head.push_str(&format!(
        "--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: {mime}\r\n\r\n"
    ));
    let tail = format!("\r\n--{boundary}--\r\n");
    let length = head.len() as u64 + file.bytes + tail.len() as u64;
    let one = |text: String| stream::iter([Ok(Bytes::from(text))]);
    let body = one(head).chain(file.body).chain(one(tail));
    request
        .header(
            header::CONTENT_TYPE,
            format!("multipart/form-data; boundary={boundary}"),
        )
        .header(header::CONTENT_LENGTH, length)
        .timeout(UPLOAD_TIME_OUT)
        .body(Body::wrap_stream(body))
}

/// A text of 128 random bits, which no file contains.
fn boundary() -> String {
    let random = || RandomState::new().build_hasher().finish();
    format!("kazi-{:016x}{:016x}", random(), random())
}
