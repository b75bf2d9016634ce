//! The stored form of a payload.
//!
//! Most payloads are stored as they are. A payload of a later version than the first, or of a sealed kind, is stored in
//! an envelope: `{"$kazi": {"version": 2, "payload": …}}` or `{"$kazi": {"version": 1, "sealed": "…"}}`. A plain
//! payload that looks like an envelope gets an envelope too, so the two are never confused.

use std::sync::OnceLock;

use base64::{Engine, engine::general_purpose::STANDARD};
use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;

const ENVELOPE: &str = "$kazi";

type Work = dyn Fn(&str, &[u8]) -> Result<Vec<u8>, String> + Send + Sync;

/// Seals and opens the payloads of kinds with [`Job::SEALED`](crate::Job::SEALED).
///
/// Both functions get the bytes, and as associated data a text that binds them to their kind, tenant and version.
/// Errors are logged and stored, so they may contain no secret. The functions are called at each enqueue and each run:
/// they must be quick and may not use the network.
pub struct Seal {
    seal: Box<Work>,
    open: Box<Work>,
}

impl Seal {
    /// Makes a seal from a function that seals and one that opens.
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

/// One for the process, because an enqueue gets only a connection.
static SEAL: OnceLock<Seal> = OnceLock::new();

/// Sets the seal of this process. Call it once, before anything is enqueued or run; a second call changes nothing.
/// Without a seal, sealed jobs are refused at the enqueue, and claimed ones are kept without a run.
pub fn seal_with(seal: Seal) {
    // The first seal stays, because it sealed the payloads that are on their way.
    let _ = SEAL.set(seal);
}

/// How a kind writes its payloads.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Form {
    pub version: u16,
    pub sealed: bool,
}

/// A payload as its kind wrote it, and in which version.
#[derive(Debug)]
pub(crate) struct Payload {
    pub version: u16,
    pub value: Value,
}

/// Why this process cannot read a payload. Another process may be able to.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Unreadable {
    /// A newer program wrote the payload. Holds the message.
    Newer(String),
    /// The payload does not open. Holds the message.
    Sealed(String),
}

impl Unreadable {
    /// The error class, for metrics and the job's history.
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

/// What a sealed payload is bound to. It does not open in a row of another kind or tenant, or as another version.
fn place(kind: &str, tenant: Option<Uuid>, version: u16) -> String {
    format!("queue/{kind}/{}/{version}", tenant.unwrap_or_default())
}

/// The text that is stored.
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

/// The envelope if there is one, else the plain payload.
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

/// Reads a stored payload. `known` is the version that this program writes.
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
    // The error of serde is dropped, because it may quote the payload.
    serde_json::from_slice(&plain).map_err(|_| "its sealed payload is no JSON".into())
}

/// The payload as people see it: without its envelope, and `"sealed"` for a sealed one.
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
