//! Jobs as the staff may see them. A payload carries ids, and an error carries no secret and no text of a customer: these
//! are the rules of the jobs. What breaks them is hidden here, because a panic may quote anything.

use serde_json::Value;

const HIDDEN: &str = "…";
/// Characters of a text that may be an id, a time or a name.
const MAX_NAME_CHARS: usize = 64;
/// As many digits in a row may be a phone.
const PHONE_DIGITS: usize = 7;
/// A field whose name has one of these holds a secret.
const SECRETS: [&str; 6] = [
    "secret",
    "token",
    "password",
    "credential",
    "authorization",
    "api_key",
];

/// A payload with its ids, times, numbers and names. Other texts are hidden.
pub(super) fn payload(value: Value) -> Value {
    match value {
        Value::String(text) if is_name(&text) => Value::String(text),
        Value::String(_) => HIDDEN.into(),
        Value::Array(items) => items.into_iter().map(payload).collect(),
        Value::Object(fields) => fields
            .into_iter()
            .map(|(key, value)| {
                let secret = SECRETS.iter().any(|word| key.to_lowercase().contains(word));
                let shown = if secret {
                    HIDDEN.into()
                } else {
                    payload(value)
                };
                (key, shown)
            })
            .collect(),
        other => other,
    }
}

fn is_name(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-.:+".contains(c);
    text.chars().count() <= MAX_NAME_CHARS && text.chars().all(plain) && !holds_phone(text)
}

/// A message without what may be an address or a phone.
pub(super) fn message(text: &str) -> String {
    text.split_inclusive(char::is_whitespace)
        .map(|word| {
            let end = word.trim_end();
            let space = &word[end.len()..];
            if end.contains('@') || holds_phone(end) {
                format!("{HIDDEN}{space}")
            } else {
                word.to_owned()
            }
        })
        .collect()
}

/// A run of digits that is no part of an id: an id has letters beside them.
fn holds_phone(word: &str) -> bool {
    word.split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .any(|part| part.len() >= PHONE_DIGITS && part.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn ids_times_and_names_are_shown_and_texts_secrets_and_phones_are_not() {
        let shown = payload(json!({
            "message": "msg_0190a5b2c3d4e5f60718293a4b5c6d7e", "at": "2026-11-29T08:00:00.5Z", "run": 3, "typing": true,
            "update": "shipped", "day": "2026-11-29", "said": "Hello there", "phone": "254712345678", "to": "+254712345678",
            "list": ["evt_1", "a b"], "access_token": "EAAG", "nested": {"Client_Secret": {"a": 1}}, "none": null,
        }));
        assert_eq!(
            shown,
            json!({
                "message": "msg_0190a5b2c3d4e5f60718293a4b5c6d7e", "at": "2026-11-29T08:00:00.5Z", "run": 3, "typing": true,
                "update": "shipped", "day": "2026-11-29", "said": "…", "phone": "…", "to": "…",
                "list": ["evt_1", "…"], "access_token": "…", "nested": {"Client_Secret": "…"}, "none": null,
            })
        );
        assert_eq!(payload("sealed".into()), "sealed");
    }

    #[test]
    fn a_message_keeps_its_words_codes_and_ids() {
        for (said, shown) in [
            (
                "131026: the message cannot be sent",
                "131026: the message cannot be sent",
            ),
            (
                "no row ord_0190a5b2c3d4e5f60718293a4b5c6d7e",
                "no row ord_0190a5b2c3d4e5f60718293a4b5c6d7e",
            ),
            ("to +254712345678 at once", "to … at once"),
            ("for amina@example.com,\nagain", "for …\nagain"),
            ("(254712345678)", "…"),
        ] {
            assert_eq!(message(said), shown);
        }
    }
}
