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
use hkdf::Hkdf;
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

/// A master key: what wraps, and the secret that keys for other purposes come out of.
#[derive(Clone)]
struct Master {
    wrapping: Key,
    secret: Hkdf<Sha256>,
}

#[derive(Clone)]
struct Key(XChaCha20Poly1305);

impl Key {
    fn new(bytes: &[u8; 32]) -> Self {
        Self(XChaCha20Poly1305::new(bytes.into()))
    }

    fn seal(&self, aad: &str, plain: &[u8]) -> Result<Vec<u8>, CryptoError> {
        let nonce: [u8; NONCE] = rand::random();
        let payload = Payload {
            msg: plain,
            aad: aad.as_bytes(),
        };
        let sealed = self
            .0
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
        self.0
            .decrypt(&XNonce::from(nonce), payload)
            .map_err(|_| CryptoError::DoesNotOpen)
    }
}

/// Seals and opens for workspaces. Their keys are made at first use and kept in memory.
#[derive(Clone)]
pub struct Keyring {
    /// The first seals.
    masters: Arc<[Master]>,
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
        let masters: Result<Vec<Master>, CryptoError> = master
            .expose_secret()
            .split(',')
            .map(|key| {
                let bytes = STANDARD
                    .decode(key.trim())
                    .map_err(|_| CryptoError::MasterKey)?;
                let bytes: [u8; 32] = bytes.try_into().map_err(|_| CryptoError::MasterKey)?;
                Ok(Master {
                    wrapping: Key::new(&bytes),
                    secret: Hkdf::new(None, &bytes),
                })
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

    /// A key for a purpose out of each master key (HKDF, RFC 5869), the newest's first. They never change.
    ///
    /// # Errors
    /// Never: 32 bytes are not too many.
    pub fn derive(&self, purpose: &str) -> Result<Vec<[u8; 32]>, CryptoError> {
        let derive = |master: &Master| {
            let mut key = [0; 32];
            let expanded = master.secret.expand(purpose.as_bytes(), &mut key);
            expanded.map_err(|_| CryptoError::MasterKey)?;
            Ok(key)
        };
        self.masters.iter().map(derive).collect()
    }

    /// Seals what belongs to no workspace, with the newest master key. It opens for as long as that key is configured.
    ///
    /// # Errors
    /// There is no master key.
    pub fn seal_for_platform(&self, aad: &str, plain: &[u8]) -> Result<Vec<u8>, CryptoError> {
        let newest = self.masters.first().ok_or(CryptoError::MasterKey)?;
        newest.wrapping.seal(aad, plain)
    }

    /// Opens what [`Keyring::seal_for_platform`] sealed for the same place.
    ///
    /// # Errors
    /// It does not open.
    pub fn open_for_platform(&self, aad: &str, sealed: &[u8]) -> Result<Vec<u8>, CryptoError> {
        self.masters
            .iter()
            .find_map(|master| master.wrapping.open(aad, sealed).ok())
            .ok_or(CryptoError::DoesNotOpen)
    }

    fn unwrap(&self, aad: &str, wrapped: &[u8]) -> Result<Key, CryptoError> {
        let bytes: [u8; 32] = self
            .open_for_platform(aad, wrapped)?
            .try_into()
            .map_err(|_| CryptoError::DoesNotOpen)?;
        Ok(Key::new(&bytes))
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
        let wrapped = self.seal_for_platform(&aad, &fresh)?;
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
            return Ok(Key::new(&fresh));
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
        let (key, other) = (Key::new(&[1; 32]), Key::new(&[2; 32]));
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
        let before = ring(&[&old]).seal_for_platform("w", &[1; 32]).unwrap();
        let both = ring(&[&new, &old]);
        assert!(both.unwrap("w", &before).is_ok());
        let after = both.seal_for_platform("w", &[2; 32]).unwrap();
        assert!(ring(&[&new]).unwrap("w", &after).is_ok());
        assert!(ring(&[&old]).unwrap("w", &after).is_err());
        assert!(ring(&[&new]).unwrap("w", &before).is_err());
    }
}
