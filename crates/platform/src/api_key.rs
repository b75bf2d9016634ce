//! Keys for programs: `kz_live_`, the id of the key's row in 32 hex digits, a secret of 256 bits in 43 characters.
//!
//! The row is found by its id; only the SHA-256 of the secret is stored. A random secret needs no slow hash.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use secrecy::SecretString;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use uuid::Uuid;

/// What every key begins with: scanners for leaked secrets know such a prefix.
pub const PREFIX: &str = "kz_live_";
/// The last characters of a key may be shown beside its name; so many give nothing away.
const ID: usize = 32;
const SECRET: usize = 43;

/// A key as somebody sent it. The secret itself is not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ApiKey {
    /// The row's.
    pub id: Uuid,
    hash: [u8; 32],
}

impl ApiKey {
    /// A new key: what is stored, and what its owner is shown once.
    pub fn generate() -> (Self, SecretString) {
        let secret = URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>());
        let key = Self::of(Uuid::now_v7(), &secret);
        let shown = format!("{PREFIX}{}{secret}", key.id.simple());
        (key, shown.into())
    }

    fn of(id: Uuid, secret: &str) -> Self {
        Self {
            id,
            hash: Sha256::digest(secret.as_bytes()).into(),
        }
    }

    /// Reads one; `None` for what cannot be one.
    pub fn parse(text: &str) -> Option<Self> {
        let (id, secret) = text.strip_prefix(PREFIX)?.split_at_checked(ID)?;
        let id = Uuid::try_parse(id).ok()?;
        (secret.len() == SECRET).then(|| Self::of(id, secret))
    }

    /// The hash, to be stored.
    pub const fn hash(&self) -> &[u8; 32] {
        &self.hash
    }

    /// Whether it is the key of this stored hash, in a time that says nothing of how much is right.
    pub fn is(&self, stored: &[u8]) -> bool {
        self.hash.ct_eq(stored).into()
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    #[test]
    fn a_key_reads_back_and_is_only_itself() {
        let (stored, shown) = ApiKey::generate();
        let read = ApiKey::parse(shown.expose_secret()).unwrap();
        assert_eq!(read, stored);
        assert!(read.is(stored.hash()));
        assert!(!read.is(&[]) && !read.is(ApiKey::generate().0.hash()));
        let text = shown.expose_secret();
        let changed = format!(
            "{}{}",
            &text[..text.len() - 1],
            if text.ends_with('A') { 'B' } else { 'A' }
        );
        assert!(!ApiKey::parse(&changed).unwrap().is(stored.hash()));
        for wrong in [
            "",
            "kz_live_",
            "kz_test_0",
            &text[1..],
            &format!("{text}A"),
            "kz_live_ééééééééééééééééééé",
        ] {
            assert_eq!(ApiKey::parse(wrong), None, "{wrong}");
        }
    }
}
