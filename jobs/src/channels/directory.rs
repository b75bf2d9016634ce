//! The channels in memory, so that a webhook and a send do not each ask the database for them.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use kazi_platform::crypto::{CryptoError, Keyring};
use sqlx::PgPool;

use super::{Channel, ChannelId, ChannelKind, store::{self, Key}};

/// How long what is in memory counts. A new, paused or changed channel is known everywhere after this time.
const FRESH: Duration = Duration::from_secs(5);
/// Unknown numbers are remembered too, but not without bound.
const MOST: usize = 20_000;

/// Looks channels up.
#[derive(Clone)]
pub struct Directory {
    db: PgPool,
    keyring: Keyring,
    known: Arc<Mutex<HashMap<Key, (Instant, Option<Arc<Channel>>)>>>,
}

/// Why a channel cannot be looked up.
pub type DirectoryError = CryptoError;

impl Directory {
    /// An empty one.
    pub fn new(db: PgPool, keyring: Keyring) -> Self {
        Self { db, keyring, known: Arc::default() }
    }

    /// The channel that a provider names.
    ///
    /// # Errors
    /// The database failed, or the credentials do not open with this master key.
    pub async fn by_external_id(
        &self,
        kind: ChannelKind,
        external_id: &str,
    ) -> Result<Option<Arc<Channel>>, DirectoryError> {
        self.find(Key::External(kind, external_id.to_owned())).await
    }

    /// The channel of this id.
    ///
    /// # Errors
    /// As for [`Directory::by_external_id`].
    pub async fn by_id(&self, id: ChannelId) -> Result<Option<Arc<Channel>>, DirectoryError> {
        self.find(Key::Id(id)).await
    }

    /// Forgets everything: after a change that must be seen at once.
    pub fn clear(&self) {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    async fn find(&self, key: Key) -> Result<Option<Arc<Channel>>, DirectoryError> {
        if let Some((at, channel)) = self.known.lock().unwrap_or_else(PoisonError::into_inner).get(&key)
            && at.elapsed() < FRESH
        {
            return Ok(channel.clone());
        }
        let mut conn = self.db.acquire().await.map_err(CryptoError::from)?;
        let channel = store::find(&mut conn, &self.keyring, &key).await?.map(Arc::new);
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST {
            known.clear();
        }
        known.insert(key, (Instant::now(), channel.clone()));
        Ok(channel)
    }
}
