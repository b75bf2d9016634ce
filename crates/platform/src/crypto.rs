//! Encryption at rest: a data key for each workspace, wrapped by the master key; XChaCha20-Poly1305 throughout.
//!
//! What is sealed is bound to its place by associated data (the row's identity), so that a sealed value copied into
//! another row does not open there.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use base64::{Engine, engine::general_purpose::STANDARD};
use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use hmac::{Hmac, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;
use sqlx::PgConnection;

use crate::WorkspaceId;

const NONCE: usize = 24;
/// The first byte of everything sealed: the format.
const FORMAT: u8 = 1;

/// What goes wrong with keys and sealed values. No message contains either.
#[derive(Debug, thiserror::Error)]
pub enum CryptoError {
    /// A master key is not 32 bytes in base64.
    #[error(
        "the master key must be 32 bytes in base64, or several such with commas between; make one with: openssl rand -base64 32"
    )]
    MasterKey,
    /// The value was sealed with another key, for another row, or is damaged.
    #[error("a sealed value does not open: another master key, another row, or damage")]
    DoesNotOpen,
    /// The database failed.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

#[derive(Clone)]
struct Key {
    cipher: XChaCha20Poly1305,
    /// Derived: a key has one use.
    mac: Hmac<Sha256>,
}

fn hmac(key: &[u8]) -> Result<Hmac<Sha256>, CryptoError> {
    // HMAC takes keys of any length; the error type is for other algorithms.
    Hmac::new_from_slice(key).map_err(|_| CryptoError::MasterKey)
}

impl Key {
    fn new(bytes: &[u8; 32]) -> Result<Self, CryptoError> {
        let derived = hmac(bytes)?.chain_update("kazi mac 1").finalize();
        Ok(Self {
            cipher: XChaCha20Poly1305::new(bytes.into()),
            mac: hmac(&derived.into_bytes())?,
        })
    }

    fn mac(&self, purpose: &str, data: &[u8]) -> [u8; 32] {
        // The NUL ends the purpose, so that no two pairs are the same bytes.
        let mac = self.mac.clone().chain_update(purpose).chain_update([0]);
        mac.chain_update(data).finalize().into_bytes().into()
    }

    fn seal(&self, aad: &str, plain: &[u8]) -> Result<Vec<u8>, CryptoError> {
        let nonce: [u8; NONCE] = rand::random();
        let payload = Payload {
            msg: plain,
            aad: aad.as_bytes(),
        };
        let sealed = self
            .cipher
            .encrypt(&XNonce::from(nonce), payload)
            .map_err(|_| CryptoError::DoesNotOpen)?;
        Ok([&[FORMAT], nonce.as_slice(), &sealed].concat())
    }

    fn open(&self, aad: &str, sealed: &[u8]) -> Result<Vec<u8>, CryptoError> {
        let (format, rest) = sealed.split_first().ok_or(CryptoError::DoesNotOpen)?;
        let (nonce, text) = rest
            .split_at_checked(NONCE)
            .ok_or(CryptoError::DoesNotOpen)?;
        let nonce: [u8; NONCE] = nonce.try_into().map_err(|_| CryptoError::DoesNotOpen)?;
        if *format != FORMAT {
            return Err(CryptoError::DoesNotOpen);
        }
        let payload = Payload {
            msg: text,
            aad: aad.as_bytes(),
        };
        self.cipher
            .decrypt(&XNonce::from(nonce), payload)
            .map_err(|_| CryptoError::DoesNotOpen)
    }
}

/// Seals and opens for workspaces. Their keys are made at first use and kept in memory.
#[derive(Clone)]
pub struct Keyring {
    /// The first seals.
    masters: Arc<[Key]>,
    workspaces: Arc<Mutex<HashMap<WorkspaceId, Key>>>,
}

impl std::fmt::Debug for Keyring {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Keyring")
    }
}

impl Keyring {
    /// From the master key, 32 bytes in base64; or from several with commas between: the first wraps new keys, each
    /// unwraps what it has wrapped.
    ///
    /// # Errors
    /// It is something else.
    pub fn new(master: &SecretString) -> Result<Self, CryptoError> {
        let masters: Result<Vec<Key>, CryptoError> = master
            .expose_secret()
            .split(',')
            .map(|key| {
                let bytes = STANDARD
                    .decode(key.trim())
                    .map_err(|_| CryptoError::MasterKey)?;
                let bytes: [u8; 32] = bytes.try_into().map_err(|_| CryptoError::MasterKey)?;
                Key::new(&bytes)
            })
            .collect();
        Ok(Self {
            masters: masters?.into(),
            workspaces: Arc::default(),
        })
    }

    /// A new master key, in base64.
    pub fn generate_master() -> SecretString {
        STANDARD.encode(rand::random::<[u8; 32]>()).into()
    }

    /// Seals a value for a row; `aad` is the row's identity, like `channels/<id>/credentials`.
    ///
    /// # Errors
    /// The database failed, or the master key is not the one that wrapped the workspace's key.
    pub async fn seal(
        &self,
        conn: &mut PgConnection,
        workspace: WorkspaceId,
        aad: &str,
        plain: &[u8],
    ) -> Result<Vec<u8>, CryptoError> {
        self.key(conn, workspace).await?.seal(aad, plain)
    }

    /// Opens what [`Keyring::seal`] sealed for the same row.
    ///
    /// # Errors
    /// As for sealing, or it does not open.
    pub async fn open(
        &self,
        conn: &mut PgConnection,
        workspace: WorkspaceId,
        aad: &str,
        sealed: &[u8],
    ) -> Result<Vec<u8>, CryptoError> {
        self.key(conn, workspace).await?.open(aad, sealed)
    }

    /// HMAC-SHA256 with a key that follows from the workspace's: for what must be recognised and never read back, and for
    /// secrets that follow from a row. It stays the same when the master key changes. `purpose` has no NUL and keeps the
    /// uses apart.
    ///
    /// # Errors
    /// As for sealing.
    pub async fn mac(
        &self,
        conn: &mut PgConnection,
        workspace: WorkspaceId,
        purpose: &str,
        data: &[u8],
    ) -> Result<[u8; 32], CryptoError> {
        Ok(self.key(conn, workspace).await?.mac(purpose, data))
    }

    /// A key for a purpose out of each master key, the newest's first: for what this program signs and checks itself, and
    /// nobody keeps for long.
    pub fn derive(&self, purpose: &str) -> Vec<[u8; 32]> {
        let masters = self.masters.iter();
        masters.map(|master| master.mac(purpose, &[])).collect()
    }

    fn wrap(&self, aad: &str, key: &[u8; 32]) -> Result<Vec<u8>, CryptoError> {
        let newest = self.masters.first().ok_or(CryptoError::MasterKey)?;
        newest.seal(aad, key)
    }

    fn unwrap(&self, aad: &str, wrapped: &[u8]) -> Result<Key, CryptoError> {
        let bytes: [u8; 32] = self
            .masters
            .iter()
            .find_map(|master| master.open(aad, wrapped).ok())
            .and_then(|bytes| bytes.try_into().ok())
            .ok_or(CryptoError::DoesNotOpen)?;
        Key::new(&bytes)
    }

    async fn key(
        &self,
        conn: &mut PgConnection,
        workspace: WorkspaceId,
    ) -> Result<Key, CryptoError> {
        if let Some(key) = self
            .workspaces
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&workspace)
        {
            return Ok(key.clone());
        }
        let fresh = rand::random::<[u8; 32]>();
        let aad = format!("workspace_keys/{workspace}");
        let wrapped = self.wrap(&aad, &fresh)?;
        // Whoever comes first makes the key; everybody reads the one that is there. It is not cached before the
        // caller's transaction is sure to keep it: a key of a rolled-back transaction would seal what nobody opens.
        let made = sqlx::query_scalar!(
            "INSERT INTO workspace_keys (workspace_id, version, wrapped) VALUES ($1, 1, $2)
             ON CONFLICT DO NOTHING RETURNING version",
            workspace.uuid(),
            wrapped
        )
        .fetch_optional(&mut *conn)
        .await?;
        if made.is_some() {
            return Key::new(&fresh);
        }
        let wrapped = sqlx::query_scalar!(
            "SELECT wrapped FROM workspace_keys WHERE workspace_id = $1 ORDER BY version DESC LIMIT 1",
            workspace.uuid()
        )
        .fetch_one(conn)
        .await?;
        let key = self.unwrap(&aad, &wrapped)?;
        self.workspaces
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(workspace, key.clone());
        Ok(key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sealed_value_opens_only_with_its_key_and_in_its_row() {
        let (key, other) = (Key::new(&[1; 32]).unwrap(), Key::new(&[2; 32]).unwrap());
        let sealed = key.seal("row/1", b"token").unwrap();
        assert_eq!(key.open("row/1", &sealed).unwrap(), b"token");
        assert!(key.open("row/2", &sealed).is_err());
        assert!(other.open("row/1", &sealed).is_err());
        let mut damaged = sealed;
        *damaged.last_mut().unwrap() ^= 1;
        assert!(key.open("row/1", &damaged).is_err());
        assert!(key.open("row/1", &[]).is_err() && key.open("row/1", &[1, 2]).is_err());
    }

    #[test]
    fn a_mac_depends_on_the_key_and_on_where_its_purpose_ends() {
        let (key, other) = (Key::new(&[1; 32]).unwrap(), Key::new(&[2; 32]).unwrap());
        assert_eq!(key.mac("a", b"bc"), key.mac("a", b"bc"));
        assert_ne!(key.mac("a", b"bc"), key.mac("ab", b"c"));
        assert_ne!(key.mac("a", b"bc"), other.mac("a", b"bc"));
    }

    #[test]
    fn a_master_key_of_another_size_is_refused() {
        assert!(Keyring::new(&Keyring::generate_master()).is_ok());
        for wrong in ["c2hvcnQ=", "", ","] {
            assert!(Keyring::new(&wrong.to_owned().into()).is_err());
        }
    }

    #[test]
    fn a_new_master_key_in_front_wraps_and_the_old_one_still_unwraps() {
        let ring = |keys: &[&SecretString]| {
            let keys: Vec<&str> = keys.iter().map(|key| key.expose_secret()).collect();
            Keyring::new(&keys.join(" , ").into()).unwrap()
        };
        let (old, new) = (Keyring::generate_master(), Keyring::generate_master());
        let before = ring(&[&old]).wrap("w", &[1; 32]).unwrap();
        let both = ring(&[&new, &old]);
        assert!(both.unwrap("w", &before).is_ok());
        let after = both.wrap("w", &[2; 32]).unwrap();
        assert!(ring(&[&new]).unwrap("w", &after).is_ok());
        assert!(ring(&[&old]).unwrap("w", &after).is_err());
        assert!(ring(&[&new]).unwrap("w", &before).is_err());
    }
}
