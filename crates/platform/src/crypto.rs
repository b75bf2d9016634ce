//! Encryption at rest with XChaCha20-Poly1305. Each workspace has data keys; the master key wraps them.
//!
//! A sealed value names the version of its data key. New values are sealed with the newest version. Older versions
//! stay, because they open older values. [`rotate`] replaces data keys and master keys.
//!
//! A sealed value is bound to its row by associated data, the row's identity. Copied into another row, it does not
//! open.

pub mod rotate;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use base64::{Engine, engine::general_purpose::STANDARD};
use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use hmac::{Hmac, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use sqlx::PgConnection;

use crate::WorkspaceId;

const NONCE_BYTES: usize = 24;
/// The first byte of a value that one key has sealed: the format.
const FORMAT_BYTE: u8 = 1;
/// The first byte of a value that is sealed for a workspace. After it come the version of the data key (4 bytes, big
/// endian) and the value that this key has sealed.
const VERSIONED_BYTE: u8 = 2;
/// A process may seal with a data key for this long after another process has made a newer one.
const FRESH: Duration = Duration::from_secs(60);

/// A key or a sealed value cannot be used. No message contains a key or a value.
#[derive(Debug, thiserror::Error)]
pub enum CryptoError {
    /// A master key is not 32 bytes in base64.
    #[error(
        "the master key must be 32 bytes in base64, or several such with commas between; make one with: openssl rand -base64 32"
    )]
    MasterKey,
    /// Another key or another row sealed the value, or the value is damaged.
    #[error("a sealed value does not open: another master key, another row, or damage")]
    DoesNotOpen,
    /// A query for a data key failed.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

#[derive(Clone)]
struct Key {
    cipher: XChaCha20Poly1305,
    /// Derived from the key, so that each key has one use.
    mac: Hmac<Sha256>,
}

fn hmac(key: &[u8]) -> Result<Hmac<Sha256>, CryptoError> {
    // HMAC takes keys of any length. The error type is for other algorithms.
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
        // A NUL ends the purpose, so that no two pairs of purpose and data give the same bytes.
        let mac = self.mac.clone().chain_update(purpose).chain_update([0]);
        mac.chain_update(data).finalize().into_bytes().into()
    }

    fn seal(&self, aad: &str, plain: &[u8]) -> Result<Vec<u8>, CryptoError> {
        let nonce: [u8; NONCE_BYTES] = rand::random();
        let payload = Payload {
            msg: plain,
            aad: aad.as_bytes(),
        };
        let sealed = self
            .cipher
            .encrypt(&XNonce::from(nonce), payload)
            .map_err(|_| CryptoError::DoesNotOpen)?;
        Ok([&[FORMAT_BYTE], nonce.as_slice(), &sealed].concat())
    }

    fn open(&self, aad: &str, sealed: &[u8]) -> Result<Vec<u8>, CryptoError> {
        let (format, rest) = sealed.split_first().ok_or(CryptoError::DoesNotOpen)?;
        let (nonce, text) = rest
            .split_at_checked(NONCE_BYTES)
            .ok_or(CryptoError::DoesNotOpen)?;
        let nonce: [u8; NONCE_BYTES] = nonce.try_into().map_err(|_| CryptoError::DoesNotOpen)?;
        if *format != FORMAT_BYTE {
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

/// Seals and opens values of workspaces. It makes a workspace's data key at the first use, and keeps data keys in
/// memory.
#[derive(Clone)]
pub struct Keyring {
    /// The first one seals.
    masters: Arc<[Key]>,
    /// The names of the master keys: the first 8 hex digits of each key's SHA-256.
    names: Arc<[String]>,
    data: Arc<Mutex<HashMap<(WorkspaceId, i32), Key>>>,
    /// The newest version of each workspace, and when this process has read it.
    newest: Arc<Mutex<HashMap<WorkspaceId, (Instant, i32)>>>,
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The associated data of a wrapped data key.
fn place(workspace: WorkspaceId) -> String {
    format!("workspace_keys/{workspace}")
}

impl std::fmt::Debug for Keyring {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Keyring")
    }
}

impl Keyring {
    /// Reads the master key: 32 bytes in base64, or several keys with commas between them. The first key wraps new data
    /// keys. Every key unwraps the data keys that it has wrapped.
    ///
    /// # Errors
    /// A key is not 32 bytes in base64.
    pub fn new(master: &SecretString) -> Result<Self, CryptoError> {
        let masters: Result<Vec<(Key, String)>, CryptoError> = master
            .expose_secret()
            .split(',')
            .map(|key| {
                let bytes = STANDARD
                    .decode(key.trim())
                    .map_err(|_| CryptoError::MasterKey)?;
                let bytes: [u8; 32] = bytes.try_into().map_err(|_| CryptoError::MasterKey)?;
                let hash = Sha256::digest(bytes);
                let name = hash.iter().take(4).map(|b| format!("{b:02x}"));
                Ok((Key::new(&bytes)?, name.collect()))
            })
            .collect();
        let (masters, names): (Vec<Key>, Vec<String>) = masters?.into_iter().unzip();
        Ok(Self {
            masters: masters.into(),
            names: names.into(),
            data: Arc::default(),
            newest: Arc::default(),
        })
    }

    /// Makes a random master key, in base64.
    pub fn generate_master() -> SecretString {
        STANDARD.encode(rand::random::<[u8; 32]>()).into()
    }

    /// Seals a value for a row. `aad` is the identity of the row, like `channels/<id>/credentials`.
    ///
    /// # Errors
    /// A query fails, or no configured master key opens the workspace's data key.
    pub async fn seal(
        &self,
        conn: &mut PgConnection,
        workspace: WorkspaceId,
        aad: &str,
        plain: &[u8],
    ) -> Result<Vec<u8>, CryptoError> {
        let (version, key) = self.newest(conn, workspace).await?;
        let sealed = key.seal(aad, plain)?;
        Ok([&[VERSIONED_BYTE], version.to_be_bytes().as_slice(), &sealed].concat())
    }

    /// Opens a value that [`Keyring::seal`] has sealed for the same row.
    ///
    /// # Errors
    /// Another key or another row sealed the value, the value is damaged, or a query fails.
    pub async fn open(
        &self,
        conn: &mut PgConnection,
        workspace: WorkspaceId,
        aad: &str,
        sealed: &[u8],
    ) -> Result<Vec<u8>, CryptoError> {
        let (head, sealed) = sealed
            .split_first_chunk::<5>()
            .ok_or(CryptoError::DoesNotOpen)?;
        let [VERSIONED_BYTE, version @ ..] = *head else {
            return Err(CryptoError::DoesNotOpen);
        };
        let version = i32::from_be_bytes(version);
        self.data_key(conn, workspace, version)
            .await?
            .open(aad, sealed)
    }

    /// Seals a value with the first master key, without the database. It is for values that belong to no row of a
    /// workspace. `aad` is the value's place, like `queue/<kind>/…`.
    ///
    /// # Errors
    /// The keyring has no master key.
    pub fn seal_by_master(&self, aad: &str, plain: &[u8]) -> Result<Vec<u8>, CryptoError> {
        let newest = self.masters.first().ok_or(CryptoError::MasterKey)?;
        newest.seal(aad, plain)
    }

    /// Opens a value that [`Keyring::seal_by_master`] has sealed for the same place. It tries all master keys.
    ///
    /// # Errors
    /// Another key or another place sealed the value, or the value is damaged.
    pub fn open_by_master(&self, aad: &str, sealed: &[u8]) -> Result<Vec<u8>, CryptoError> {
        self.masters
            .iter()
            .find_map(|master| master.open(aad, sealed).ok())
            .ok_or(CryptoError::DoesNotOpen)
    }

    /// Computes an HMAC-SHA256 with a key that is derived from the workspace's first data key. It is for values that
    /// the program must recognise and never read back, and for secrets that follow from a row. A new master key does
    /// not change it. `purpose` contains no NUL and separates the uses.
    ///
    /// # Errors
    /// The same as of [`Keyring::seal`].
    pub async fn mac(
        &self,
        conn: &mut PgConnection,
        workspace: WorkspaceId,
        purpose: &str,
        data: &[u8],
    ) -> Result<[u8; 32], CryptoError> {
        // The first data key only: a new data key must not change earlier results.
        self.newest(&mut *conn, workspace).await?;
        let first = self.data_key(conn, workspace, 1).await?;
        Ok(first.mac(purpose, data))
    }

    /// Derives one key for `purpose` from each master key, in the order of the master keys. It is for values that this
    /// program signs and checks itself, and that nobody keeps for long.
    pub fn derive(&self, purpose: &str) -> Vec<[u8; 32]> {
        let masters = self.masters.iter();
        masters.map(|master| master.mac(purpose, &[])).collect()
    }

    fn wrap(&self, aad: &str, key: &[u8; 32]) -> Result<Vec<u8>, CryptoError> {
        self.seal_by_master(aad, key)
    }

    fn unwrap(&self, aad: &str, wrapped: &[u8]) -> Result<[u8; 32], CryptoError> {
        self.open_by_master(aad, wrapped)?
            .try_into()
            .map_err(|_| CryptoError::DoesNotOpen)
    }

    /// Returns the data key that seals. It makes one when the workspace has none.
    async fn newest(
        &self,
        conn: &mut PgConnection,
        workspace: WorkspaceId,
    ) -> Result<(i32, Key), CryptoError> {
        let known = lock(&self.newest).get(&workspace).copied();
        if let Some((at, version)) = known
            && at.elapsed() < FRESH
        {
            return Ok((version, self.data_key(conn, workspace, version).await?));
        }
        let wrapped = self.wrap(&place(workspace), &rand::random::<[u8; 32]>())?;
        // The first of several processes makes the key, and all read the key that is stored. In most calls a key exists
        // already.
        let version = sqlx::query_scalar!(
            r#"SELECT max(version) AS "version" FROM workspace_keys WHERE workspace_id = $1"#,
            workspace.uuid()
        )
        .fetch_one(&mut *conn)
        .await?;
        let version = match version {
            Some(version) => version,
            None => {
                sqlx::query!(
                    "INSERT INTO workspace_keys (workspace_id, version, wrapped) VALUES ($1, 1, $2)
                     ON CONFLICT DO NOTHING",
                    workspace.uuid(),
                    wrapped
                )
                .execute(&mut *conn)
                .await?;
                1
            }
        };
        let key = self.data_key(conn, workspace, version).await?;
        // Only a committed data key is remembered: see below.
        if lock(&self.data).contains_key(&(workspace, version)) {
            lock(&self.newest).insert(workspace, (Instant::now(), version));
        }
        Ok((version, key))
    }

    async fn data_key(
        &self,
        conn: &mut PgConnection,
        workspace: WorkspaceId,
        version: i32,
    ) -> Result<Key, CryptoError> {
        if let Some(key) = lock(&self.data).get(&(workspace, version)) {
            return Ok(key.clone());
        }
        // A row of the caller's own transaction has the transaction's time. Such a key is not kept in memory: after a
        // rollback it would seal values that nobody can open.
        let row = sqlx::query!(
            r#"SELECT wrapped, created_at <> now() AS "settled!" FROM workspace_keys
               WHERE workspace_id = $1 AND version = $2"#,
            workspace.uuid(),
            version
        )
        .fetch_optional(conn)
        .await?
        .ok_or(CryptoError::DoesNotOpen)?;
        let key = Key::new(&self.unwrap(&place(workspace), &row.wrapped)?)?;
        if row.settled {
            lock(&self.data).insert((workspace, version), key.clone());
        }
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
