//! What every job gets.

use std::{
    any::{Any, TypeId},
    collections::HashMap,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use kazi_clients::{
    openrouter::OpenRouter,
    smtp::{self, Letter, Smtp},
};
use kazi_platform::{
    Clock, Timestamp, WorkspaceId, crypto::Keyring, database::Pools, egress::Reach,
};
use kazi_queue::JobError;
use secrecy::SecretString;
use sqlx::PgPool;
use uuid::Uuid;

/// The addresses of the providers, and the waits for them.
#[derive(Clone, Debug)]
pub struct Providers {
    /// `https://graph.facebook.com`, unless a channel has its own.
    pub whatsapp_base_url: String,
    /// Like `v24.0`.
    pub whatsapp_version: String,
    /// `https://api.green-api.com`, unless a channel has its own.
    pub greenapi_base_url: String,
    /// `https://api.stripe.com`.
    pub stripe_base_url: String,
    /// Kazi's address on the internet. Customers come back to it after paying.
    pub public_url: String,
    /// `https://openrouter.ai`.
    pub openrouter_base_url: String,
    /// Without a key the bot works without AI.
    pub openrouter_key: Option<SecretString>,
    /// `https://graph.instagram.com`
    pub instagram_base_url: String,
    /// `https://graph.facebook.com`
    pub facebook_base_url: String,
    /// Of both networks, like `v24.0`.
    pub social_version: String,
    /// Time-out of a request that sends a message.
    pub send_time_out: Duration,
    /// Time-out of a model's answer.
    pub ai_time_out: Duration,
    /// Time after a request without an answer in which a status may still report the arrival.
    pub ambiguous_wait: Duration,
    /// The hosts where endpoints of businesses may be.
    pub endpoints: Reach,
    /// Sends Kazi's e-mails. Without it, nobody can register or reset a password.
    pub smtp: Option<Smtp>,
    /// The channel that sends codes to users' phones. Customers get codes through the channel of their business.
    pub code_channel: Option<Uuid>,
    /// The authentication template for a code to a user who has not written for 24 hours.
    pub code_template: Option<String>,
    pub media: MediaSettings,
    /// The workspace that sells credits to the others, through its account at Stripe.
    pub credits_seller: Option<WorkspaceId>,
}

impl Providers {
    /// Sends a letter. A process that dies meanwhile sends the same letter again, so hold no connection.
    ///
    /// # Errors
    /// No server is configured, the letter is refused, or the server did not take it this time.
    pub(crate) async fn post(&self, letter: &Letter<'_>) -> Result<(), JobError> {
        let smtp = self.smtp.as_ref().ok_or_else(|| {
            JobError::discard("no_smtp", "no server takes our letters: set smtp.host")
        })?;
        smtp.send(letter).await.map_err(|error| match error {
            smtp::Error::Refused(_) => JobError::discard("refused", error),
            smtp::Error::Unwritable(_) => JobError::discard("unwritable", error),
            smtp::Error::Later(_) => JobError::retry("later", error),
            smtp::Error::Failed(_) => JobError::retry("smtp", error),
        })
    }
}

/// The place of the files of messages, and the rules for them.
#[derive(Clone, Debug)]
pub struct MediaSettings {
    /// Used without a bucket.
    pub folder: PathBuf,
    pub bucket: Option<Bucket>,
    /// A file has at most this many bytes, whatever its kind allows.
    pub max_bytes: u64,
    /// Days for which files are kept. 0: for good.
    pub keep_days: u32,
    /// The address of clamd.
    pub scanner: Option<String>,
}

/// A bucket of a store that speaks S3.
#[derive(Clone, Debug)]
pub struct Bucket {
    /// Empty: Amazon's.
    pub endpoint: String,
    pub region: String,
    pub name: String,
    /// Stands before all keys.
    pub prefix: String,
    pub access_key: String,
    pub secret_key: SecretString,
}

/// A part of a domain that all jobs of a process share, like a cache. Its clones are cheap and share their state.
pub trait Shared: Clone + Send + Sync + 'static {
    /// Makes it. It must not ask for another shared part.
    fn start(ctx: &Context) -> Self;
}

type Things = HashMap<TypeId, Box<dyn Any + Send + Sync>>;

/// The shared parts by their types.
#[derive(Clone, Default)]
struct Shelf(Arc<Mutex<Things>>);

/// Database, clock, keys and clients. Cloning is cheap.
#[derive(Clone)]
pub struct Context {
    /// Connections that see no rows by themselves. `database::tenant` and `database::platform` begin transactions that
    /// do.
    pub db: PgPool,
    /// Connections of the tables' owner. A domain uses them only for partitions.
    pub owner: PgPool,
    pub clock: Clock,
    pub keyring: Keyring,
    /// The HTTP client that all providers share.
    pub http: reqwest::Client,
    pub providers: Arc<Providers>,
    shared: Shelf,
    /// The start of this process. Webhooks from before it may be missing.
    pub started_at: Timestamp,
}

impl Context {
    /// # Errors
    /// This system cannot make an HTTP client.
    pub fn new(
        Pools { db, owner }: Pools,
        clock: Clock,
        keyring: Keyring,
        providers: Providers,
    ) -> Result<Self, reqwest::Error> {
        Ok(Self {
            shared: Shelf::default(),
            http: kazi_clients::http::client()?,
            started_at: clock.now(),
            db,
            owner,
            clock,
            keyring,
            providers: Arc::new(providers),
        })
    }

    /// The shared part of a domain. It is made on first use.
    pub fn shared<T: Shared>(&self) -> T {
        let mut things = self.shared.0.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = things
            .get(&TypeId::of::<T>())
            .and_then(|thing| thing.downcast_ref());
        match kept {
            Some(kept) => T::clone(kept),
            None => {
                let new = T::start(self);
                things.insert(TypeId::of::<T>(), Box::new(new.clone()));
                new
            }
        }
    }

    /// A copy of the context with this shared part. It makes the other parts anew.
    #[cfg(test)]
    pub fn with<T: Shared>(&self, thing: T) -> Self {
        let things: Things = HashMap::from([(TypeId::of::<T>(), Box::new(thing) as _)]);
        Self {
            shared: Shelf(Arc::new(Mutex::new(things))),
            ..self.clone()
        }
    }

    /// OpenRouter's client, if there is a key.
    pub fn openrouter(&self) -> Option<OpenRouter> {
        let key = self.providers.openrouter_key.clone()?;
        let providers = &self.providers;
        Some(OpenRouter::new(
            self.http.clone(),
            &providers.openrouter_base_url,
            key,
            providers.ai_time_out,
        ))
    }
}
