//! Secrets of endpoints, and the signatures that they make (Standard Webhooks, "Signature scheme").

use base64::{Engine, engine::general_purpose::STANDARD};
use kazi_clients::signature::mac;
use secrecy::{ExposeSecret, SecretString};

use super::{AnnouncementId, EndpointId};

const PREFIX: &str = "whsec_";
const SECRET_BYTES: usize = 32;

/// The columns of the two secrets.
pub(super) const NEW: &str = "secret";
pub(super) const OLD: &str = "old_secret";

/// The place that a sealed secret is bound to.
pub(super) fn place(id: EndpointId, column: &str) -> String {
    format!("endpoints/{id}/{column}")
}

/// A new secret: `whsec_` and 32 random bytes in base64.
pub(super) fn generate() -> SecretString {
    let bytes: [u8; SECRET_BYTES] = rand::random();
    format!("{PREFIX}{}", STANDARD.encode(bytes)).into()
}

/// The value of the header `webhook-signature`: a signature for each secret.
pub(super) fn signatures(
    secrets: &[SecretString],
    id: AnnouncementId,
    seconds: i64,
    body: &str,
) -> String {
    let signed = format!("{id}.{seconds}.{body}");
    let signature = |secret: &SecretString| {
        let secret = secret.expose_secret();
        let key = STANDARD.decode(secret.strip_prefix(PREFIX).unwrap_or(secret));
        let made = mac(&key.unwrap_or_default(), signed.as_bytes());
        format!("v1,{}", STANDARD.encode(made))
    };
    let all: Vec<String> = secrets.iter().map(signature).collect();
    all.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_that_of_an_independent_program() {
        // python3: base64(hmac(b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), b"evt_….1614265330.{\"test\": 2432232314}"))
        let secret: SecretString = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".to_owned().into();
        let id: AnnouncementId = "evt_0190a5b2c3d4e5f60718293a4b5c6d7e".parse().unwrap();
        let body = r#"{"test": 2432232314}"#;
        let one = signatures(std::slice::from_ref(&secret), id, 1_614_265_330, body);
        assert_eq!(one, "v1,iO3l2wFvMewjspB6ijWdZ3kztLqicEHpNrpudOnGruY=");
        let both = signatures(&[secret, generate()], id, 1_614_265_330, body);
        assert!(both.starts_with(&format!("{one} v1,")), "{both}");
    }

    #[test]
    fn secrets_are_long_and_differ() {
        let (one, two) = (generate(), generate());
        assert_ne!(one.expose_secret(), two.expose_secret());
        let bytes = STANDARD.decode(&one.expose_secret()[PREFIX.len()..]);
        assert_eq!(bytes.unwrap().len(), SECRET_BYTES);
    }
}
