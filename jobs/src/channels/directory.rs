//! The channels in memory, so that a webhook and a send do not each ask the database for them.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use kazi_platform::crypto::{CryptoError, Keyring};
use sqlx::PgPool;

use super::{
    Channel, ChannelId, ChannelKind,
    store::{self, Key},
};

/// How long what is in memory counts. A new, paused or changed channel is known everywhere after this time.
const FRESH: Duration = Duration::from_secs(5);
/// Unknown numbers are remembered too, but not without bound.
const MOST: usize = 20_000;

type Known<K, V> = Arc<Mutex<HashMap<K, (Instant, V)>>>;

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Looks channels up.
#[derive(Clone)]
pub struct Directory {
    db: PgPool,
    keyring: Keyring,
    known: Known<Key, Option<Arc<Channel>>>,
    lists: Known<ChannelKind, Arc<Vec<Arc<Channel>>>>,
    /// The names of a business account's channels.
    accounts: Known<(ChannelKind, String), Arc<Vec<String>>>,
}

/// Why a channel cannot be looked up.
pub type DirectoryError = CryptoError;

impl Directory {
    /// An empty one.
    pub fn new(db: PgPool, keyring: Keyring) -> Self {
        Self {
            db,
            keyring,
            known: Arc::default(),
            lists: Arc::default(),
            accounts: Arc::default(),
        }
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

    /// The channels of a provider, for what names none: at most a few hundred, the oldest first.
    ///
    /// # Errors
    /// As for [`Directory::by_external_id`].
    pub async fn all(&self, kind: ChannelKind) -> Result<Arc<Vec<Arc<Channel>>>, DirectoryError> {
        if let Some((at, channels)) = lock(&self.lists).get(&kind)
            && at.elapsed() < FRESH
        {
            return Ok(channels.clone());
        }
        let mut conn = self.db.acquire().await.map_err(CryptoError::from)?;
        let names = store::external_ids(&mut conn, kind).await?;
        drop(conn);
        let mut channels = Vec::new();
        for name in names {
            channels.extend(self.by_external_id(kind, &name).await?);
        }
        let channels = Arc::new(channels);
        lock(&self.lists).insert(kind, (Instant::now(), channels.clone()));
        Ok(channels)
    }

    /// The channels of a business account (WABA), for what is about the account as a whole.
    ///
    /// # Errors
    /// As for [`Directory::by_external_id`].
    pub async fn of_account(
        &self,
        kind: ChannelKind,
        account: &str,
    ) -> Result<Vec<Arc<Channel>>, DirectoryError> {
        let key = (kind, account.to_owned());
        let known = lock(&self.accounts)
            .get(&key)
            .filter(|(at, _)| at.elapsed() < FRESH)
            .map(|(_, names)| names.clone());
        let names = match known {
            Some(names) => names,
            None => {
                let mut conn = self.db.acquire().await.map_err(CryptoError::from)?;
                let names = store::external_ids_of(&mut conn, kind, account).await?;
                drop(conn);
                let names = Arc::new(names);
                let mut accounts = lock(&self.accounts);
                if accounts.len() >= MOST {
                    accounts.clear();
                }
                accounts.insert(key, (Instant::now(), names.clone()));
                names
            }
        };
        let mut channels = Vec::new();
        for name in names.iter() {
            channels.extend(self.by_external_id(kind, name).await?);
        }
        Ok(channels)
    }

    /// Forgets everything: after a change that must be seen at once.
    pub fn clear(&self) {
        lock(&self.known).clear();
    }

    async fn find(&self, key: Key) -> Result<Option<Arc<Channel>>, DirectoryError> {
        if let Some((at, channel)) = lock(&self.known).get(&key)
            && at.elapsed() < FRESH
        {
            return Ok(channel.clone());
        }
        let mut conn = self.db.acquire().await.map_err(CryptoError::from)?;
        let channel = store::find(&mut conn, &self.keyring, &key)
            .await?
            .map(Arc::new);
        let mut known = lock(&self.known);
        if known.len() >= MOST {
            known.clear();
        }
        known.insert(key, (Instant::now(), channel.clone()));
        Ok(channel)
    }
}
