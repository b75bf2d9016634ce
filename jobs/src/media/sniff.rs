//! The type of a file by its first bytes. What a sender says counts only where the bytes do not speak against it.

/// The type of a file whose type nobody can tell.
pub const UNKNOWN: &str = "application/octet-stream";
/// Bytes from the start of a file that tell its type.
pub const HEAD_BYTES: usize = 8_192;

/// Types that a browser may show by itself. None of them runs scripts in the page's name.
const SHOWN: [&str; 15] = [
    "application/pdf",
    "audio/aac",
    "audio/amr",
    "audio/mp4",
    "audio/mpeg",
    "audio/ogg",
    "audio/wav",
    "image/gif",
    "image/jpeg",
    "image/png",
    "image/webp",
    "video/3gpp",
    "video/mp4",
    "video/quicktime",
    "video/webm",
];

/// Says whether a browser may show the type by itself. Everything else is only saved.
pub fn is_shown(mime: &str) -> bool {
    SHOWN.contains(&mime)
}

/// A type in its usual spelling, without parameters: `Audio/OGG; codecs=opus` is `audio/ogg`.
pub fn usual(mime: &str) -> String {
    let bare = mime.split(';').next().unwrap_or_default().trim();
    let bare = bare.to_ascii_lowercase();
    let usual = match bare.as_str() {
        "image/jpg" | "image/pjpeg" => "image/jpeg",
        "audio/mp3" => "audio/mpeg",
        "audio/opus" | "application/ogg" => "audio/ogg",
        "audio/m4a" | "audio/x-m4a" => "audio/mp4",
        "audio/x-wav" | "audio/wave" => "audio/wav",
        "video/x-m4v" => "video/mp4",
        other => other,
    };
    usual.to_owned()
}

/// The bytes of a file are not of the type that its sender says.
#[derive(Debug, PartialEq, Eq)]
pub struct Mismatch;

/// The type of a file: what the sender says if the bytes agree, or what the bytes are if nothing is said, or [`UNKNOWN`] if
/// nobody can tell.
///
/// # Errors
/// [`Mismatch`]: a type that a browser shows must have the marks of the type, and no program may call itself a text, a
/// document or a picture.
pub fn judge(said: Option<&str>, head: &[u8]) -> Result<String, Mismatch> {
    let found = find(head);
    let said = said
        .map(usual)
        .filter(|said| is_a_type(said) && !says_nothing(said));
    let judged = match (said, found) {
        (Some(said), Some(found)) if agree(&said, &found) => said,
        (Some(said), found) if contradicts(&said, found.as_deref(), head) => return Err(Mismatch),
        (Some(said), None) if may_be(&said, head) => said,
        (None, Some(found)) => found,
        _ => UNKNOWN.to_owned(),
    };
    Ok(judged)
}

fn says_nothing(mime: &str) -> bool {
    matches!(mime, UNKNOWN | "binary/octet-stream")
}

/// The type that the first bytes show.
fn find(head: &[u8]) -> Option<String> {
    if let Some(found) = infer::get(head) {
        return Some(usual(found.mime_type()));
    }
    let found = match head {
        // A brand of the container that is newer than the list of `infer`.
        [_, _, _, _, b'f', b't', b'y', b'p', ..] => "video/mp4",
        // A frame of MPEG audio: eleven set bits, and a layer.
        [0xFF, second, ..] if second & 0xE0 == 0xE0 && second & 0x06 != 0 => "audio/mpeg",
        // A PDF may begin later: Adobe's reader looks at the first 1,024 bytes.
        _ if head[..head.len().min(1_024)]
            .windows(5)
            .any(|five| five == b"%PDF-") =>
        {
            "application/pdf"
        }
        _ => return None,
    };
    Some(found.to_owned())
}

/// Says whether the bytes speak against what the sender says, in a way that may deceive somebody.
fn contradicts(said: &str, found: Option<&str>, head: &[u8]) -> bool {
    let is_seen_or_heard = matches!(group(said), "image" | "audio" | "video");
    let is_drawing = said == "image/svg+xml" && found == Some("text/xml");
    let of_another_group = found.is_some_and(|found| group(found) != group(said)) && !is_drawing;
    let is_program = infer::is_app(head) && (said.starts_with("text/") || is_document(said));
    is_shown(said) || (is_seen_or_heard && of_another_group) || is_program
}

/// `image` of `image/png`.
fn group(mime: &str) -> &str {
    mime.split('/').next().unwrap_or_default()
}

fn is_document(mime: &str) -> bool {
    is_zipped(mime) || is_ole(mime) || mime == "application/zip"
}

fn is_a_type(mime: &str) -> bool {
    let part = |part: &str| {
        let fits = |b: u8| b.is_ascii_alphanumeric() || b"!#$&^_.+-".contains(&b);
        !part.is_empty() && part.len() <= 127 && part.bytes().all(fits)
    };
    mime.split_once('/')
        .is_some_and(|(kind, sub)| part(kind) && part(sub))
}

fn may_be(said: &str, head: &[u8]) -> bool {
    !said.starts_with("text/") || !head.contains(&0)
}

/// Formats that share a container have the same first bytes.
fn agree(said: &str, found: &str) -> bool {
    let both = |is: fn(&str) -> bool| is(said) && is(found);
    said == found
        || both(|mime| {
            matches!(
                mime,
                "audio/aac"
                    | "audio/mp4"
                    | "video/mp4"
                    | "video/3gpp"
                    | "audio/3gpp"
                    | "video/quicktime"
            )
        })
        || both(|mime| matches!(mime, "audio/ogg" | "video/ogg"))
        || both(|mime| matches!(mime, "audio/webm" | "video/webm"))
        || (is_zipped(found) && matches!(said, "application/zip" | "application/x-zip-compressed"))
        || (found == "application/zip" && is_zipped(said))
        || (is_ole(found) && is_ole(said))
        || (found == "text/xml" && said.ends_with("xml") && said != "image/svg+xml")
}

fn is_zipped(mime: &str) -> bool {
    mime.starts_with("application/vnd.openxmlformats-officedocument.")
        || mime.starts_with("application/vnd.oasis.opendocument.")
        || matches!(
            mime,
            "application/epub+zip" | "application/x-zip-compressed"
        )
}

fn is_ole(mime: &str) -> bool {
    matches!(
        mime,
        "application/msword"
            | "application/vnd.ms-excel"
            | "application/vnd.ms-powerpoint"
            | "application/x-ole-storage"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const JPEG: &[u8] = b"\xff\xd8\xff\xe0\0\x10JFIF\0";
    const OPUS: &[u8] = b"OggS\0\x02\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01\x13OpusHead";
    const MP4: &[u8] = b"\0\0\0\x18ftypisom\0\0\0\0mp42isom";
    const EXE: &[u8] = b"MZ\x90\0\x03\0\0\0";

    #[test]
    fn what_agrees_with_its_bytes_keeps_its_type() {
        for (said, head, mime) in [
            ("image/jpeg", JPEG, "image/jpeg"),
            ("image/jpg", JPEG, "image/jpeg"),
            ("audio/ogg; codecs=opus", OPUS, "audio/ogg"),
            ("video/mp4", MP4, "video/mp4"),
            ("audio/mp4", MP4, "audio/mp4"),
            ("application/pdf", b"%PDF-1.7\n", "application/pdf"),
            ("application/zip", b"PK\x03\x04\x14\0", "application/zip"),
            (
                "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
                b"PK\x03\x04\x14\0",
                "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            ),
            ("text/plain", b"Hello", "text/plain"),
            ("text/csv; charset=utf-8", b"a,b\n1,2\n", "text/csv"),
        ] {
            assert_eq!(judge(Some(said), head).unwrap(), mime, "{said}");
        }
        assert_eq!(judge(None, JPEG).unwrap(), "image/jpeg");
        assert_eq!(judge(Some(UNKNOWN), JPEG).unwrap(), "image/jpeg");
    }

    #[test]
    fn what_infer_does_not_know_is_found_all_the_same() {
        for (said, head) in [
            ("video/mp4", &b"\0\0\0\x18ftypnew1\0\0\0\0"[..]),
            ("audio/mpeg", b"\xff\xf3\x84\xc4\0\0\0\0"),
            ("application/pdf", b"\n\n%PDF-1.4\n"),
        ] {
            assert_eq!(judge(Some(said), head).unwrap(), said);
        }
    }

    #[test]
    fn what_deceives_is_refused() {
        for (said, head) in [
            ("image/jpeg", EXE),
            ("image/png", JPEG),
            ("image/jpeg", b"<html><script>" as &[u8]),
            ("image/jpeg", b"no picture"),
            ("image/heic", b"<!DOCTYPE html><html>"),
            ("application/pdf", b"no document"),
            ("application/pdf", EXE),
            ("application/msword", EXE),
            ("text/plain", EXE),
            ("audio/ogg", MP4),
        ] {
            assert_eq!(judge(Some(said), head), Err(Mismatch), "{said}");
        }
    }

    #[test]
    fn what_nobody_can_tell_has_no_type() {
        for (said, head) in [
            ("text/plain", &b"<!DOCTYPE html><html>"[..]),
            ("text/plain", b"a\0b"),
            ("image/svg+xml", b"<?xml version=\"1.0\"?><svg>"),
            ("application/x-thing", JPEG),
            ("text/plain\r\nX-Evil: 1", b"Hello"),
            ("not a type", b"Hello"),
        ] {
            assert_eq!(judge(Some(said), head).unwrap(), UNKNOWN, "{said}");
        }
        assert_eq!(judge(None, b"Hello").unwrap(), UNKNOWN);
        for unsafe_one in ["text/html", "image/svg+xml", UNKNOWN, "text/xml"] {
            assert!(!is_shown(unsafe_one));
        }
    }
}
