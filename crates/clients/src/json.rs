//! A tolerant reader for the JSON of providers. A customer's message must not be lost because of a field that nobody
//! needs.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer, de::DeserializeOwned};
use serde_json::{Value, value::RawValue};

/// Removes what a Rust string or PostgreSQL cannot hold: half of a surrogate pair becomes U+FFFD, and U+0000 is
/// dropped. Both are legal in JSON, and phones send them.
pub fn lenient(json: &str) -> Cow<'_, str> {
    if !json.contains("\\u") {
        return Cow::Borrowed(json);
    }
    let mut clean = String::with_capacity(json.len());
    let mut rest = json;
    while let Some(at) = rest.find('\\') {
        clean.push_str(&rest[..at]);
        rest = &rest[at..];
        let Some(unit) = unit(rest) else {
            // Another escape, like `\"` or `\\`: a backslash and one character of any length.
            let length = rest.chars().take(2).map(char::len_utf8).sum();
            clean.push_str(&rest[..length]);
            rest = &rest[length..];
            continue;
        };
        let length = match (unit, rest.get(6..).and_then(self::unit)) {
            (0xd800..=0xdbff, Some(0xdc00..=0xdfff)) => 12,
            (0, _) => {
                rest = &rest[6..];
                continue;
            }
            (0xd800..=0xdfff, _) => {
                clean.push('\u{fffd}');
                rest = &rest[6..];
                continue;
            }
            _ => 6,
        };
        clean.push_str(&rest[..length]);
        rest = &rest[length..];
    }
    clean.push_str(rest);
    Cow::Owned(clean)
}

/// Reads the number of a `\uXXXX` at the beginning.
fn unit(text: &str) -> Option<u16> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    let hex = digits.bytes().all(|b| b.is_ascii_hexdigit());
    hex.then(|| u16::from_str_radix(digits, 16).ok()).flatten()
}

/// Reads text, or a number as text. Any other value counts as missing.
pub(crate) fn text<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    Ok(match Value::deserialize(from)? {
        Value::String(text) => Some(text),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    })
}

/// Reads like [`text`]. A missing value becomes an empty text.
pub(crate) fn word<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    Ok(text(from)?.unwrap_or_default())
}

/// Reads a whole number, or text that contains one.
pub(crate) fn number<'de, D: Deserializer<'de>>(from: D) -> Result<Option<i64>, D::Error> {
    Ok(match Value::deserialize(from)? {
        Value::Number(number) => number.as_i64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    })
}

/// Reads an object. Any other value counts as missing.
///
/// # Errors
/// The input is not JSON.
pub fn object<'de, D: Deserializer<'de>, T: DeserializeOwned>(
    from: D,
) -> Result<Option<T>, D::Error> {
    Ok(T::deserialize(Value::deserialize(from)?).ok())
}

/// Reads the items of a list, without the items that cannot be read.
pub(crate) fn list<'de, D: Deserializer<'de>, T: DeserializeOwned>(
    from: D,
) -> Result<Vec<T>, D::Error> {
    let Value::Array(items) = Value::deserialize(from)? else {
        return Ok(Vec::new());
    };
    let all = items.len();
    let items = items.into_iter();
    let items: Vec<T> = items.filter_map(|item| T::deserialize(item).ok()).collect();
    if items.len() < all {
        // The error would quote a customer's text.
        let unreadable = all - items.len();
        tracing::warn!(
            unreadable,
            "a list of a provider has items that cannot be read: they are left out"
        );
    }
    Ok(items)
}

/// Reads a value. `null` is the value of a field that is left out.
pub(crate) fn or_default<'de, D: Deserializer<'de>, T: Default + Deserialize<'de>>(
    from: D,
) -> Result<T, D::Error> {
    Ok(Option::<T>::deserialize(from)?.unwrap_or_default())
}

/// Reads a list. `null` is an empty one.
pub(crate) fn nullable<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    from: D,
) -> Result<Vec<T>, D::Error> {
    Ok(Option::<Vec<T>>::deserialize(from)?.unwrap_or_default())
}

/// Reads the items of a list as raw JSON. Any other value is an empty list: it must not cost what stands beside it.
pub(crate) fn parts<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<&'de RawValue>, D::Error> {
    let raw = Option::<&'de RawValue>::deserialize(from)?;
    Ok(raw
        .and_then(|raw| serde_json::from_str(raw.get()).ok())
        .unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_string_can_hold_is_taken_out() {
        for (given, then) in [
            (r#""plain""#, "plain"),
            (r#""a\u0000b""#, "ab"),
            (r#""\ud83d""#, "\u{fffd}"),
            (r#""\ude00x""#, "\u{fffd}x"),
            (r#""\ud83d\ude00""#, "😀"),
            (r#""\uD83D\uDE00""#, "😀"),
            (r#""\ud83d\ud83d\ude00""#, "\u{fffd}😀"),
            (r#""\ud83d\u0000\ude00""#, "\u{fffd}\u{fffd}"),
            // An escaped backslash, followed by letters.
            (r#""\\u0000""#, "\\u0000"),
            (r#""\\\ud83d\"é\n""#, "\\\u{fffd}\"é\n"),
            (r#""\u00e9\u20ac""#, "é€"),
        ] {
            let read: String = serde_json::from_str(&lenient(given)).unwrap();
            assert_eq!(read, then, "{given}");
        }
        // Broken JSON must not cause a panic.
        for broken in [r"\u", r"\u12", r"\", r"\é\u00", r"\u+123", r"\ud83d\u"] {
            let _ = lenient(broken);
        }
    }
}
