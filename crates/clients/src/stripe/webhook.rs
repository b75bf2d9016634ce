//! Stripe's webhooks: the signature and the event.

pub use super::event::Event;
use crate::signature::{hmac_sha256, same};

/// The largest difference between the signature's time and the current time, in seconds (Stripe, "Webhook signatures").
pub const TOLERANCE_SECONDS: i64 = 300;
/// At most this many signatures of a header are compared. Stripe sends one for each secret in use, and at most two are
/// in use.
const MAX_SIGNATURES: usize = 8;

/// The signature of a webhook is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unsigned {
    /// The header is missing or cannot be read.
    #[error("the signature is missing")]
    Missing,
    /// The signature is too old or in the future: a replay, or a wrong clock.
    #[error("the signature is not of the last five minutes")]
    Stale,
    /// Another secret signed the body, or another body was signed.
    #[error("the signature is wrong")]
    Wrong,
}

/// Checks `Stripe-Signature: t=…,v1=…[,v1=…]` against the raw bytes. `now` is in Unix seconds.
pub fn verify(secret: &str, header: &str, body: &[u8], now: i64) -> Result<(), Unsigned> {
    let mut at = None;
    let mut signatures = Vec::new();
    for part in header.split(',') {
        match part.trim().split_once('=') {
            Some(("t", value)) => at = value.parse::<i64>().ok().map(|time| (time, value)),
            Some(("v1", value)) if signatures.len() < MAX_SIGNATURES => signatures.push(value),
            // Stripe's tests use v0. It proves nothing.
            _ => {}
        }
    }
    let (time, written) = at.ok_or(Unsigned::Missing)?;
    if signatures.is_empty() {
        return Err(Unsigned::Missing);
    }
    let wanted = sign(secret, written, body);
    if !signatures.iter().any(|signature| same(signature, &wanted)) {
        return Err(Unsigned::Wrong);
    }
    if now.abs_diff(time) > TOLERANCE_SECONDS.unsigned_abs() {
        return Err(Unsigned::Stale);
    }
    Ok(())
}

/// Signs a body at a time, in the form of the header.
pub fn sign(secret: &str, at: &str, body: &[u8]) -> String {
    let signed = [at.as_bytes(), b".", body].concat();
    hmac_sha256(secret, &signed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_of_the_bytes_and_of_the_last_minutes() {
        let body = r#"{"id":"evt_1"}"#.as_bytes();
        let v1 = sign("whsec_1", "1000", body);
        let header = format!("t=1000,v1={v1},v0=abc");
        assert_eq!(verify("whsec_1", &header, body, 1300), Ok(()));
        assert_eq!(verify("whsec_1", &header, body, 700), Ok(()));
        assert_eq!(verify("whsec_1", &header, body, 1301), Err(Unsigned::Stale));
        assert_eq!(verify("whsec_1", &header, body, 699), Err(Unsigned::Stale));
        assert_eq!(verify("whsec_2", &header, body, 1000), Err(Unsigned::Wrong));
        assert_eq!(
            verify("whsec_1", &header, b"{}", 1000),
            Err(Unsigned::Wrong)
        );
        // While Stripe replaces a secret, the header has two signatures. Either may be the valid one.
        let rolled = format!("t=1000,v1={},v1={v1}", "0".repeat(64));
        assert_eq!(verify("whsec_1", &rolled, body, 1000), Ok(()));
        // The time differs from the signed time.
        let moved = format!("t=1001,v1={v1}");
        assert_eq!(verify("whsec_1", &moved, body, 1001), Err(Unsigned::Wrong));
        for nothing in [
            "",
            "t=",
            "v1=x",
            "t=x,v1=y",
            "t=1000",
            "t=99999999999999999999,v1=a",
        ] {
            assert_eq!(
                verify("whsec_1", nothing, body, 1000),
                Err(Unsigned::Missing)
            );
        }
    }

    #[test]
    fn an_event_of_a_newer_stripe_is_read_all_the_same() {
        let event: Event = serde_json::from_str(
            r#"{"id":"evt_1","type":"moon.landed","created":5,"new":{"x":1},"data":{"object":{"id":"pi_7"}}}"#,
        )
        .unwrap();
        assert_eq!((event.object_id(), event.intent()), ("pi_7", Some("pi_7")));
        let bare: Event = serde_json::from_str(r#"{"id":"evt_1","type":"x"}"#).unwrap();
        assert_eq!((bare.object_id(), bare.intent()), ("", None));
    }

    #[test]
    fn an_event_is_read_in_each_form_that_stripe_sends() {
        for (body, kind, object, created) in [
            (
                r#"{"id":"evt_1","object":"v2.core.event","type":"v1.charge.refunded","created":"2026-03-01T10:00:00.5Z",
                    "related_object":{"id":"ch_1","type":"charge","url":"/v1/charges/ch_1"}}"#,
                "charge.refunded",
                "ch_1",
                Some(1_772_359_200),
            ),
            (
                r#"{"id":"evt_1","type":"v2.core.account.updated","created":"soon","related_object":null,"data":[]}"#,
                "v2.core.account.updated",
                "",
                None,
            ),
            (
                r#"{"id":"evt_1","type":"x","created":null,"data":null}"#,
                "x",
                "",
                None,
            ),
            (
                r#"{"id":"evt_1","type":"x","created":7,"data":{"object":null}}"#,
                "x",
                "",
                Some(7),
            ),
            (r#"{"id":null,"type":null}"#, "", "", None),
        ] {
            let event: Event = serde_json::from_str(body).unwrap();
            assert_eq!(
                (event.kind.as_str(), event.object_id()),
                (kind, object),
                "{body}"
            );
            assert_eq!(event.created, created, "{body}");
        }
        let expanded =
            r#"{"id":"evt_1","data":{"object":{"id":"re_1","payment_intent":{"id":"pi_2"}}}}"#;
        let expanded: Event = serde_json::from_str(expanded).unwrap();
        assert_eq!(expanded.intent(), Some("pi_2"));
    }
}
