//! Jobs as the staff may see them. A payload carries ids, and an error carries no secret and no text of a customer: these
//! are the rules of the jobs. What breaks them is hidden here, because a panic may quote anything.

use std::{net::Ipv4Addr, ops::Range};

use chrono::NaiveDate;
use serde_json::Value;
use uuid::Uuid;

const HIDDEN: &str = "…";
/// The class of a panic, whose message may quote anything.
const PANIC: &str = "panic";
const DAY_CHARS: usize = 10;
const UUID_CHARS: usize = 36;
/// Characters of a text that may be an id, a time or a name.
const MAX_NAME_CHARS: usize = 64;
/// As many digits together may be a phone.
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
    text.chars().count() <= MAX_NAME_CHARS && text.chars().all(plain) && phones(text).is_empty()
}

/// A message without what may be an address or a phone. That of a panic is hidden as a whole.
pub(super) fn message(class: &str, text: &str) -> String {
    if class == PANIC {
        return HIDDEN.into();
    }
    let words: String = text
        .split_inclusive(char::is_whitespace)
        .map(|word| {
            let end = word.trim_end();
            let space = &word[end.len()..];
            if end.contains('@') {
                format!("{HIDDEN}{space}")
            } else {
                word.to_owned()
            }
        })
        .collect();
    let mut shown = String::new();
    let mut from = 0;
    for phone in phones(&words) {
        shown.push_str(&words[from..phone.start]);
        shown.push_str(HIDDEN);
        from = phone.end;
    }
    shown.push_str(&words[from..]);
    shown
}

/// Where phones may stand in a text: groups of digits with spaces, dashes, dots or parentheses between them. Digits beside
/// letters are a part of an id. Days, UUIDs and addresses of machines are no phones.
fn phones(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut run: Option<Run> = None;
    let mut at = 0;
    while let Some(next) = text[at..].chars().next() {
        let part = text[at..].find(|c: char| !c.is_ascii_alphanumeric());
        let end = part.map_or(text.len(), |length| at + length);
        if end == at {
            let joins = " \u{a0}-‑()".contains(next) || next == '.' && is_in_phone(text, at);
            at += next.len_utf8();
            if !joins {
                close(&mut run, text, &mut found);
            }
            continue;
        }
        if let Some(other) = no_phone(text, at) {
            close(&mut run, text, &mut found);
            at += other;
        } else if text[at..end].bytes().all(|byte| byte.is_ascii_digit()) {
            let start = run.as_ref().map_or(at, |run| run.start);
            let digits = run.as_ref().map_or(0, |run| run.digits) + end - at;
            run = Some(Run { start, end, digits });
            at = end;
        } else {
            close(&mut run, text, &mut found);
            at = end;
        }
    }
    close(&mut run, text, &mut found);
    found
}

/// Groups of digits in a text that belong together.
struct Run {
    start: usize,
    end: usize,
    digits: usize,
}

/// Ends a run. One with as many digits as a phone is hidden with the signs around it.
fn close(run: &mut Option<Run>, text: &str, found: &mut Vec<Range<usize>>) {
    if let Some(Run { start, end, .. }) = run.take().filter(|run| run.digits >= PHONE_DIGITS) {
        let before = text[..start].trim_end_matches(['+', '(']).len();
        let behind = text[end..].len() - text[end..].trim_start_matches(')').len();
        found.push(before..end + behind);
    }
}

/// Tells a dot inside a phone from that of a fraction, which has more digits behind it.
fn is_in_phone(text: &str, dot: usize) -> bool {
    let (before, behind) = (&text[..dot], &text[dot + 1..]);
    let ends = before.len() - before.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    let begins = behind.len()
        - behind
            .trim_start_matches(|c: char| c.is_ascii_digit())
            .len();
    (1..=4).contains(&ends) && (1..=4).contains(&begins)
}

/// The length of a day, a UUID or an address at a place in a text.
fn no_phone(text: &str, at: usize) -> Option<usize> {
    let (before, text) = text.split_at(at);
    let is_day = |text: &str| NaiveDate::parse_from_str(text, "%Y-%m-%d").is_ok();
    let is_uuid = |text: &str| Uuid::try_parse(text).is_ok();
    let fits = |length: usize, is: &dyn Fn(&str) -> bool| {
        let head = text.get(..length)?;
        let goes_on = text[length..].starts_with(|c: char| c.is_ascii_digit() || c == '-');
        (is(head) && !goes_on).then_some(length)
    };
    // The end of a longer row of numbers is no address.
    let is_address = |text: &str| !before.ends_with('.') && text.parse::<Ipv4Addr>().is_ok();
    let numbers = text
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(text.len());
    fits(DAY_CHARS, &is_day)
        .or_else(|| fits(UUID_CHARS, &is_uuid))
        .or_else(|| fits(text[..numbers].trim_end_matches('.').len(), &is_address))
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
            assert_eq!(message("refused", said), shown);
        }
    }

    #[test]
    fn a_phone_is_hidden_however_it_is_written_and_a_day_an_id_and_a_count_are_not() {
        for (said, shown) in [
            ("to +254 712 345 678 at once", "to … at once"),
            ("to (0712) 345-678, again", "to …, again"),
            ("to +1 (415) 555-0132: busy", "to …: busy"),
            ("254-712-345-678", "…"),
            ("06.12.34.56.78.", "…."),
            ("to +1.415.555.0132", "to …"),
            (
                "no answer of 157.240.22.35:443.",
                "no answer of 157.240.22.35:443.",
            ),
            (
                "at 2026-11-29T08:30:00.123456+00:00",
                "at 2026-11-29T08:30:00.123456+00:00",
            ),
            ("wa_254712345678 is away", "wa_… is away"),
            ("wa_254712345678_2", "wa_…_2"),
            (
                "on 2026-11-29 08:30:00 it ended",
                "on 2026-11-29 08:30:00 it ended",
            ),
            (
                "for 01941234-1234-7123-8123-123456789012",
                "for 01941234-1234-7123-8123-123456789012",
            ),
            ("got 503 after 30000 ms", "got 503 after 30000 ms"),
            (
                "msg_0190a5b2c3d4e5f60718293a4b5c6d7e",
                "msg_0190a5b2c3d4e5f60718293a4b5c6d7e",
            ),
        ] {
            assert_eq!(message("refused", said), shown);
        }
        for hidden in ["wa_254712345678", "254-712-345-678"] {
            assert_eq!(payload(hidden.into()), "…");
        }
        let uuid = "01941234-1234-7123-8123-123456789012";
        assert_eq!(payload(uuid.into()), uuid);
    }

    #[test]
    fn a_panic_says_nothing() {
        assert_eq!(message("panic", "no row for Amina"), "…");
    }
}
