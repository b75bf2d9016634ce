//! Secrets that are handed out: 256 random bits in base64, of which only the hash is kept. They cannot be guessed, so a
//! plain SHA-256 is enough.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

pub(super) fn random() -> SecretString {
    encode(&rand::random::<[u8; 32]>())
}

pub(super) fn encode(bytes: &[u8; 32]) -> SecretString {
    URL_SAFE_NO_PAD.encode(bytes).into()
}

pub(super) fn hash(secret: &SecretString) -> Vec<u8> {
    Sha256::digest(secret.expose_secret().as_bytes()).to_vec()
}
