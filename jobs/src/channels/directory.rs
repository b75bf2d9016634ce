//! The channels in memory, so that not each webhook and each send reads them from the database.
//!
//! It reads as the platform: its purpose is to find the workspace of a webhook, and all workspaces share its memory.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use kazi_platform::{
    crypto::{CryptoError, Keyring},
    database,
};
use sqlx::PgPool;

use super::{
    Channel, ChannelId, ChannelKind,
    store::{self, Key},
};
use crate::context::{Context, Shared};

/// Time that a channel in memory is used. A new, paused or changed channel is known in all processes after this time.
const FRESH: Duration = Duration::from_secs(5);
/// Unknown numbers are remembered too, so the memory needs a limit.
const MOST: usize = 20_000;

/// A look-up that runs, with the time and the text of its last failure.
type Flight = Arc<tokio::sync::Mutex<Option<(Instant, String)>>>;
type Known<K, V> = Arc<Mutex<HashMap<K, (Instant, V)>>>;

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[derive(Clone)]
pub struct Directory {
    db: PgPool,
    keyring: Keyring,
    known: Known<Key, Option<Arc<Channel>>>,
    lists: Known<ChannelKind, Arc<Vec<Arc<Channel>>>>,
    /// The channel names of each business account.
    accounts: Known<(ChannelKind, String), Arc<Vec<String>>>,
    /// The look-ups that run now.
    flights: Arc<Mutex<HashMap<Key, Flight>>>,
}

impl Shared for Directory {
    fn start(ctx: &Context) -> Self {
        Self::new(ctx.db.clone(), ctx.keyring.clone())
    }
}

impl Context {
    /// The channels, with their credentials.
    pub fn channels(&self) -> Directory {
        self.shared()
    }
}

pub type DirectoryError = CryptoError;

impl Directory {
    pub fn new(db: PgPool, keyring: Keyring) -> Self {
        Self {
            db,
            keyring,
            known: Arc::default(),
            lists: Arc::default(),
            accounts: Arc::default(),
            flights: Arc::default(),
        }
    }

    /// Finds a channel by the provider's id.
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

    /// # Errors
    /// As for [`Directory::by_external_id`].
    pub async fn by_id(&self, id: ChannelId) -> Result<Option<Arc<Channel>>, DirectoryError> {
        self.find(Key::Id(id)).await
    }

    /// All channels of a provider, oldest first, for events that name no channel. There are a few hundred at most. A
    /// channel whose credentials do not open is left out, so that it does not stop the others.
    pub async fn all(&self, kind: ChannelKind) -> Result<Arc<Vec<Arc<Channel>>>, DirectoryError> {
        if let Some((at, channels)) = lock(&self.lists).get(&kind)
            && at.elapsed() < FRESH
        {
            return Ok(channels.clone());
        }
        let mut tx = database::platform(&self.db).await?;
        let names = store::external_ids(&mut tx, kind).await?;
        drop(tx);
        let mut channels = Vec::new();
        for name in names {
            match self.by_external_id(kind, &name).await {
                Ok(channel) => channels.extend(channel),
                Err(error @ CryptoError::Database(_)) => return Err(error),
                Err(error) => {
                    tracing::error!(channel.external_id = name, error = %error, "a channel is left out");
                }
            }
        }
        let channels = Arc::new(channels);
        lock(&self.lists).insert(kind, (Instant::now(), channels.clone()));
        Ok(channels)
    }

    /// The channels of a business account (WABA), for events of the whole account.
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
                let mut tx = database::platform(&self.db).await?;
                let names = store::external_ids_of(&mut tx, kind, account).await?;
                drop(tx);
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

    /// Empties the memory, for a change that must be seen at once.
    pub fn clear(&self) {
        lock(&self.known).clear();
        lock(&self.lists).clear();
    }

    /// Looks in memory, then in the database. All callers that want the same channel at the same time share one
    /// look-up; otherwise many jobs would each take a connection.
    ///
    /// The caller must hold no connection: those who wait here could hold all of them.
    async fn find(&self, key: Key) -> Result<Option<Arc<Channel>>, DirectoryError> {
        if let Some(channel) = self.remembered(&key) {
            return Ok(channel);
        }
        let asked = Instant::now();
        let flight = {
            let mut flights = lock(&self.flights);
            // Removes look-ups whose callers were cancelled.
            if flights.len() >= MOST {
                flights.clear();
            }
            flights.entry(key.clone()).or_default().clone()
        };
        let mut failed = flight.lock().await;
        if let Some(channel) = self.remembered(&key) {
            return Ok(channel);
        }
        // The look-up failed while this caller waited. It gets the same failure, so that callers do not wait for one
        // time-out after the other.
        if let Some((at, why)) = &*failed
            && *at >= asked
        {
            return Err(sqlx::Error::Protocol(why.clone()).into());
        }
        let found = self.look_up(&key).await;
        match &found {
            Ok(_) => {
                lock(&self.flights).remove(&key);
            }
            Err(error) => *failed = Some((Instant::now(), error.to_string())),
        }
        found
    }

    fn remembered(&self, key: &Key) -> Option<Option<Arc<Channel>>> {
        let known = lock(&self.known);
        let (at, channel) = known.get(key)?;
        (at.elapsed() < FRESH).then(|| channel.clone())
    }

    async fn look_up(&self, key: &Key) -> Result<Option<Arc<Channel>>, DirectoryError> {
        let mut tx = database::platform(&self.db).await?;
        let channel = store::find(&mut tx, &self.keyring, key)
            .await?
            .map(Arc::new);
        // The read may have made a key for the workspace.
        tx.commit().await?;
        let mut known = lock(&self.known);
        if known.len() >= MOST {
            known.clear();
        }
        known.insert(key.clone(), (Instant::now(), channel.clone()));
        Ok(channel)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::testing::{NUMBER, Shop};

    #[tokio::test]
    async fn many_who_ask_at_once_need_one_connection() {
        let shop = Shop::open().await;
        let pool = shop.small_pool(1, Duration::from_secs(2)).await;
        let directory = Directory::new(pool, shop.ctx.keyring.clone());
        let all: Vec<_> = (0..50)
            .map(|_| {
                let (directory, id) = (directory.clone(), shop.whatsapp);
                tokio::spawn(async move { directory.by_id(id).await })
            })
            .collect();
        for one in all {
            assert!(one.await.unwrap().unwrap().is_some());
        }
    }

    #[tokio::test]
    async fn who_waits_for_a_look_up_that_fails_does_not_wait_once_more_each() {
        let shop = Shop::open().await;
        let pool = shop.small_pool(1, Duration::from_secs(2)).await;
        let directory = Directory::new(pool.clone(), shop.ctx.keyring.clone());
        // Nobody gets a connection.
        let held = pool.acquire().await.unwrap();
        let started = Instant::now();
        let all: Vec<_> = (0..20)
            .map(|_| {
                let (directory, id) = (directory.clone(), shop.whatsapp);
                tokio::spawn(async move { directory.by_id(id).await })
            })
            .collect();
        for one in all {
            assert!(one.await.unwrap().is_err());
        }
        assert!(started.elapsed() < Duration::from_secs(4));
        drop(held);
        assert!(directory.by_id(shop.whatsapp).await.unwrap().is_some());
    }

    #[tokio::test]
    async fn a_channel_whose_credentials_do_not_open_stops_no_other() {
        let shop = Shop::open().await;
        sqlx::query(
            "INSERT INTO channels (workspace_id, id, kind, name, external_id, credentials)
                     SELECT workspace_id, gen_random_uuid(), kind, name, '999', '\\x00' FROM channels WHERE external_id = $1",
        )
        .bind(NUMBER)
        .execute(&shop.ctx.owner)
        .await
        .unwrap();
        let all = shop
            .ctx
            .channels()
            .all(ChannelKind::WhatsApp)
            .await
            .unwrap();
        let names: Vec<&str> = all.iter().map(|c| c.external_id.as_str()).collect();
        assert_eq!(names, [NUMBER]);
    }
}
