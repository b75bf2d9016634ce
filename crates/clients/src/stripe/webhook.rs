//! Stripe's webhooks: the signature and the event.

pub use super::model::Event;
use crate::signature::{hmac_sha256, same};

/// How old a signature may be, and how far ahead its clock, in seconds (Stripe, "Webhook signatures").
pub const TOLERANCE: i64 = 300;
/// Signatures of one header that are compared: Stripe sends one for each secret in use, of which there are two at most.
const MOST: usize = 8;

/// Why a webhook is not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unsigned {
    /// The header is missing, or says nothing of the kind.
    #[error("the signature is missing")]
    Missing,
    /// Too old, or from the future: a replay, or a wrong clock.
    #[error("the signature is not of the last five minutes")]
    Stale,
    /// It is somebody else's.
    #[error("the signature is wrong")]
    Wrong,
}

/// Checks `Stripe-Signature: t=…,v1=…[,v1=…]` over the raw bytes, at `now` (Unix seconds).
///
/// # Errors
/// It is not Stripe's, or not of now.
pub fn verify(secret: &str, header: &str, body: &[u8], now: i64) -> Result<(), Unsigned> {
    let mut at = None;
    let mut signatures = Vec::new();
    for part in header.split(',') {
        match part.trim().split_once('=') {
            Some(("t", value)) => at = value.parse::<i64>().ok().map(|time| (time, value)),
            Some(("v1", value)) if signatures.len() < MOST => signatures.push(value),
            // v0 is of Stripe's tests, and worth nothing.
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
    if now.abs_diff(time) > TOLERANCE.unsigned_abs() {
        return Err(Unsigned::Stale);
    }
    Ok(())
}

/// The signature of a body at a time, as written in the header.
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
        // While a secret is rolled there are two; any of them may be the one.
        let rolled = format!("t=1000,v1={},v1={v1}", "0".repeat(64));
        assert_eq!(verify("whsec_1", &rolled, body, 1000), Ok(()));
        // Another time than the signed one.
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
}
