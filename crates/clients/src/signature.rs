//! HMAC-SHA256 signatures, and comparison of secrets in constant time.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;

/// Returns the HMAC-SHA256 of a body.
pub fn mac(key: &[u8], body: &[u8]) -> Vec<u8> {
    // HMAC takes keys of any length. The error type is for other algorithms.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else {
        return Vec::new();
    };
    mac.update(body);
    mac.finalize().into_bytes().to_vec()
}

/// Returns the HMAC-SHA256 of a body, in hex.
pub fn hmac_sha256(secret: &str, body: &[u8]) -> String {
    hex::encode(mac(secret.as_bytes(), body))
}

/// Tells whether `X-Hub-Signature-256: sha256=<hex>` is Meta's signature of these raw bytes. Serialising the body again
/// changes accents and emoji, and so the signature.
pub fn is_signed(secret: &str, header: &str, body: &[u8]) -> bool {
    header
        .strip_prefix("sha256=")
        .is_some_and(|signature| same(&signature.to_ascii_lowercase(), &hmac_sha256(secret, body)))
}

/// Compares two secrets in a time that depends only on their length.
pub fn same(a: &str, b: &str) -> bool {
    a.as_bytes().ct_eq(b.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_of_the_very_bytes() {
        // RFC 4231, test case 2.
        let known = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
        assert_eq!(hmac_sha256("Jefe", b"what do ya want for nothing?"), known);
        let header = format!("sha256={known}");
        assert!(is_signed("Jefe", &header, b"what do ya want for nothing?"));
        assert!(!is_signed("Jefe", &header, b"what do ya want for nothing"));
        assert!(!is_signed("jefe", &header, b"what do ya want for nothing?"));
        assert!(!is_signed("Jefe", known, b"what do ya want for nothing?"));
    }
}
