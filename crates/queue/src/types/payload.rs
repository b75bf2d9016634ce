//! How a payload stands in its row.
//!
//! Most stand as they are. One of a later version than the first, or of a kind that is sealed, stands in an envelope:
//! `{"$kazi": {"version": 2, "payload": …}}` or `{"$kazi": {"version": 1, "sealed": "…"}}`. A plain payload that looks
//! like an envelope gets one of its own, so that the two can never be taken for each other.

use std::sync::OnceLock;

use base64::{Engine, engine::general_purpose::STANDARD};
use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;

const ENVELOPE: &str = "$kazi";

type Work = dyn Fn(&str, &[u8]) -> Result<Vec<u8>, String> + Send + Sync;

/// Seals and opens the payloads of kinds that say so ([`Job::SEALED`](crate::Job::SEALED)).
///
/// Both functions are given what the payload is bound to (its kind, tenant and version) as associated data, and the
/// bytes. Their errors are logged and stored: no secret may be in them. They are called wherever jobs are enqueued
/// and run, so they must be quick and ask nobody.
pub struct Seal {
    seal: Box<Work>,
    open: Box<Work>,
}

impl Seal {
    /// From its two functions.
    pub fn new(
        seal: impl Fn(&str, &[u8]) -> Result<Vec<u8>, String> + Send + Sync + 'static,
        open: impl Fn(&str, &[u8]) -> Result<Vec<u8>, String> + Send + Sync + 'static,
    ) -> Self {
        Self {
            seal: Box::new(seal),
            open: Box::new(open),
        }
    }
}

/// One for the process, since an enqueue is given nothing but its connection.
static SEAL: OnceLock<Seal> = OnceLock::new();

/// Gives this process the means to seal and open payloads: once, before anything is enqueued or run. A second call
/// changes nothing. Without one a sealed job is refused at its enqueue, and kept unrun where it is claimed.
pub fn seal_with(seal: Seal) {
    // The first stands: payloads in flight were sealed by it.
    let _ = SEAL.set(seal);
}

/// How a kind writes its payloads.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Form {
    pub version: u16,
    pub sealed: bool,
}

/// A payload as its kind wrote it, with the version of then.
#[derive(Debug)]
pub(crate) struct Payload {
    pub version: u16,
    pub value: Value,
}

/// Why a payload cannot be run by this process, while another may be able to.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Unreadable {
    /// A newer program wrote it.
    Newer(String),
    /// It does not open.
    Sealed(String),
}

impl Unreadable {
    /// For metrics and the job's history.
    pub fn class(&self) -> &'static str {
        match self {
            Self::Newer(_) => "newer_version",
            Self::Sealed(_) => "sealed",
        }
    }

    pub fn message(self) -> String {
        match self {
            Self::Newer(message) | Self::Sealed(message) => message,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Envelope {
    version: u16,
    payload: Option<Value>,
    sealed: Option<String>,
}

/// What a sealed payload is bound to: in another kind's row, another tenant's, or as another version it does not open.
fn place(kind: &str, tenant: Option<Uuid>, version: u16) -> String {
    format!("queue/{kind}/{}/{version}", tenant.unwrap_or_default())
}

/// The text for the row.
pub(crate) fn stored(
    kind: &str,
    tenant: Option<Uuid>,
    form: Form,
    plain: String,
) -> Result<String, String> {
    let version = form.version;
    if form.sealed {
        let seal = SEAL
            .get()
            .ok_or("this process was given no key ring (kazi_queue::seal_with)")?;
        let sealed = (seal.seal)(&place(kind, tenant, version), plain.as_bytes())?;
        let text = STANDARD.encode(sealed);
        return Ok(format!(
            r#"{{"{ENVELOPE}":{{"version":{version},"sealed":"{text}"}}}}"#
        ));
    }
    if version > 1 || plain.contains(ENVELOPE) {
        return Ok(format!(
            r#"{{"{ENVELOPE}":{{"version":{version},"payload":{plain}}}}}"#
        ));
    }
    Ok(plain)
}

/// The envelope, where there is one; else the payload.
fn envelope(stored: Value) -> Result<Result<Envelope, Value>, Unreadable> {
    match stored {
        Value::Object(mut map) if map.len() == 1 && map.contains_key(ENVELOPE) => {
            let inner = map.remove(ENVELOPE).unwrap_or_default();
            Envelope::deserialize(inner).map(Ok).map_err(|error| {
                Unreadable::Newer(format!("its envelope is not understood: {error}"))
            })
        }
        bare => Ok(Err(bare)),
    }
}

/// Reads a row's payload. `known` is the version that this program writes.
pub(crate) fn open(
    kind: &str,
    tenant: Option<Uuid>,
    known: u16,
    stored: Value,
) -> Result<Payload, Unreadable> {
    let envelope = match envelope(stored)? {
        Ok(envelope) => envelope,
        Err(value) => return Ok(Payload { version: 1, value }),
    };
    let version = envelope.version;
    if version > known {
        return Err(Unreadable::Newer(format!(
            "its payload has version {version}, this program knows {known}: it is kept for a newer one"
        )));
    }
    let value = match envelope.sealed {
        None => envelope.payload.unwrap_or_default(),
        Some(text) => unseal(&place(kind, tenant, version), &text).map_err(Unreadable::Sealed)?,
    };
    Ok(Payload { version, value })
}

fn unseal(place: &str, text: &str) -> Result<Value, String> {
    let seal = SEAL
        .get()
        .ok_or("its payload is sealed, and this process was given no key ring")?;
    let sealed = STANDARD
        .decode(text)
        .map_err(|_| "its sealed payload is damaged")?;
    let plain = (seal.open)(place, &sealed)
        .map_err(|error| format!("its sealed payload does not open: {error}"))?;
    // What serde says may quote the payload.
    serde_json::from_slice(&plain).map_err(|_| "its sealed payload is no JSON".into())
}

/// The payload for somebody who looks: without its envelope, and `"sealed"` for one that is.
pub(crate) fn shown(stored: Value) -> Value {
    match envelope(stored) {
        Ok(Ok(envelope)) if envelope.sealed.is_some() => "sealed".into(),
        Ok(Ok(envelope)) => envelope.payload.unwrap_or_default(),
        Ok(Err(bare)) => bare,
        Err(_) => "not understood".into(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const PLAIN: Form = Form {
        version: 1,
        sealed: false,
    };

    fn written(form: Form, payload: &Value) -> Value {
        let text = stored("test", None, form, payload.to_string()).unwrap();
        serde_json::from_str(&text).unwrap()
    }

    #[test]
    fn a_payload_of_the_first_version_stands_as_it_is() {
        let payload = json!({"n": 1});
        assert_eq!(written(PLAIN, &payload), payload);
    }

    #[test]
    fn a_payload_is_never_taken_for_an_envelope() {
        for payload in [
            json!({"$kazi": {"version": 9, "payload": 1}}),
            json!({"$kazi": 1}),
            json!(["$kazi"]),
            json!(null),
        ] {
            for version in [1, 3] {
                let form = Form { version, ..PLAIN };
                let row = written(form, &payload);
                assert_eq!(shown(row.clone()), payload);
                let read = open("test", None, 3, row).unwrap();
                assert_eq!((read.version, read.value), (version, payload.clone()));
            }
        }
    }

    #[test]
    fn a_newer_version_and_an_unknown_envelope_are_left_to_newer_programs() {
        let form = Form {
            version: 2,
            ..PLAIN
        };
        let newer = open("test", None, 1, written(form, &json!({}))).unwrap_err();
        assert_eq!(newer.class(), "newer_version");
        let other = json!({"$kazi": {"version": 1, "packed": ""}});
        assert_eq!(
            open("test", None, 1, other).unwrap_err().class(),
            "newer_version"
        );
    }
}
