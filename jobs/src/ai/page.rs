//! Reads a page of the web. Its address comes from a user, so only the guarded client calls it.

use std::{error::Error, sync::Arc};

use encoding_rs::{Encoding, UTF_8};
use kazi_platform::egress::{EgressError, GuardedClient, guarded_client};
use reqwest::{Response, StatusCode, header};

use super::{documents::Format, html};
use crate::{Context, context::Shared};

/// The largest page, in bytes.
const PAGE_BYTES: usize = 2 * 1024 * 1024;
/// The bytes in which a page names its encoding (HTML, "Determining the character encoding").
const ENCODING_BYTES: usize = 1_024;

/// The client of pages. All jobs share it.
#[derive(Clone)]
pub(super) struct Web(Arc<Result<GuardedClient, String>>);

impl Web {
    #[cfg(test)]
    pub fn of(client: GuardedClient) -> Self {
        Self(Arc::new(Ok(client)))
    }
}

impl Shared for Web {
    fn start(_: &Context) -> Self {
        Self(Arc::new(
            guarded_client().map_err(|error| error.to_string()),
        ))
    }
}

/// The text of a page.
#[derive(Debug)]
pub(super) struct Page {
    pub format: Format,
    pub text: String,
}

/// Why a page could not be read, for the person who named it.
#[derive(Debug)]
pub(super) struct Unread {
    pub reason: String,
    /// Another try may succeed.
    pub again: bool,
}

impl Unread {
    fn for_good(reason: impl Into<String>) -> Self {
        Self {
            reason: reason.into(),
            again: false,
        }
    }

    fn for_now(reason: impl Into<String>) -> Self {
        Self {
            reason: reason.into(),
            again: true,
        }
    }
}

impl From<reqwest::Error> for Unread {
    fn from(error: reqwest::Error) -> Self {
        let mut cause: &dyn Error = &error;
        loop {
            if let Some(rule) = cause.downcast_ref::<EgressError>() {
                return Self::for_good(format!("the page leads to another address, which {rule}"));
            }
            match cause.source() {
                Some(source) => cause = source,
                None => break,
            }
        }
        if error.is_timeout() {
            return Self::for_now("the page did not answer in time");
        }
        let reason = format!("the page could not be called: {cause}");
        if error.is_redirect() {
            Self::for_good(reason)
        } else {
            Self::for_now(reason)
        }
    }
}

impl Web {
    /// Fetches a page and reads its text.
    pub async fn read(&self, address: &str) -> Result<Page, Unread> {
        let client = self.0.as_ref().as_ref();
        let client = client.map_err(|error| Unread::for_now(error.as_str()))?;
        let request = client
            .get(address)
            .map_err(|rule| Unread::for_good(format!("the address {rule}")))?;
        let response = request
            .header(header::ACCEPT, "text/html, text/plain;q=0.9")
            .send()
            .await?;
        let status = response.status();
        if !status.is_success() {
            let reason = format!("the page answered with status {}", status.as_u16());
            let busy = status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS;
            return Err(Unread {
                reason,
                again: busy,
            });
        }
        let kind = response.headers().get(header::CONTENT_TYPE);
        let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let kind = kind.to_ascii_lowercase();
        let html = match kind.split(';').next().unwrap_or_default().trim() {
            "text/html" => true,
            "text/plain" => false,
            other => {
                let other: String = other.chars().take(50).collect();
                return Err(Unread::for_good(format!(
                    "the page must be text/html or text/plain, and is {other:?}"
                )));
            }
        };
        let bytes = body(response).await?;
        let text = decode(&bytes, &kind, html);
        Ok(if html {
            Page {
                format: Format::Markdown,
                text: html::markdown(&text),
            }
        } else {
            Page {
                format: Format::Text,
                text,
            }
        })
    }
}

/// Reads a body within the limit, whatever length it announces.
async fn body(mut response: Response) -> Result<Vec<u8>, Unread> {
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        if bytes.len() + chunk.len() > PAGE_BYTES {
            let reason = format!("the page must have at most {PAGE_BYTES} bytes");
            return Err(Unread::for_good(reason));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

/// Decodes a page by the encoding that its header names, or else the page itself.
fn decode(bytes: &[u8], kind: &str, html: bool) -> String {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(ENCODING_BYTES)]);
    let own = if html { charset(&head) } else { None };
    let encoding = charset(kind).or(own).unwrap_or(UTF_8);
    // The database stores no NUL.
    encoding.decode(bytes).0.replace('\0', "")
}

fn charset(text: &str) -> Option<&'static Encoding> {
    let lower = text.to_ascii_lowercase();
    let (_, label) = lower.split_once("charset=")?;
    let label = label.trim_start_matches(['"', '\'', ' ']);
    let end = label.find(['"', '\'', ' ', ';', '>', '/']);
    Encoding::for_label(&label.as_bytes()[..end.unwrap_or(label.len())])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_decoded_by_its_header_or_by_itself() {
        let latin = b"<meta charset=\"iso-8859-1\">caf\xe9";
        assert!(decode(latin, "text/html", true).ends_with("café"));
        assert_eq!(decode(b"caf\xc3\xa9\0", "text/plain", false), "café");
        assert_eq!(
            decode(b"caf\xe9", "text/plain; charset=windows-1252", false),
            "café"
        );
        assert!(decode(b"caf\xe9", "text/html; charset=nonsense", true).starts_with("caf"));
    }
}
