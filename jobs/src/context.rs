//! What every job is given.

use std::{
    any::{Any, TypeId},
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use kazi_clients::{openrouter::OpenRouter, smtp::Smtp};
use kazi_platform::{Clock, Timestamp, crypto::Keyring, database::Pools};
use secrecy::SecretString;
use sqlx::PgPool;
use uuid::Uuid;

/// Where the providers are and how patient we are with them.
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
    /// Ours as seen from outside: where customers come back to after paying.
    pub public_url: String,
    /// `https://openrouter.ai`.
    pub openrouter_base_url: String,
    /// Without one the bot does without AI.
    pub openrouter_key: Option<SecretString>,
    /// `https://graph.instagram.com`
    pub instagram_base_url: String,
    /// `https://graph.facebook.com`
    pub facebook_base_url: String,
    /// Of both, like `v24.0`.
    pub social_version: String,
    /// For a message to be taken.
    pub send_time_out: Duration,
    /// For an answer of a model.
    pub ai_time_out: Duration,
    /// How long after a request whose answer was lost a status may still tell that it arrived.
    pub ambiguous_wait: Duration,
    /// Takes our letters. Without one nobody can register or reset a password.
    pub smtp: Option<Smtp>,
    /// The channel that sends codes to users' phones; customers get theirs through their business' own.
    pub code_channel: Option<Uuid>,
    /// The authentication template that carries a code to somebody who has not written for a day.
    pub code_template: Option<String>,
}

/// Something of a domain that all jobs of a process share, like a cache. Its clones are cheap and are the same thing.
pub trait Shared: Clone + Send + Sync + 'static {
    /// Makes it. It must not ask for another shared thing.
    fn start(ctx: &Context) -> Self;
}

type Things = HashMap<TypeId, Box<dyn Any + Send + Sync>>;

/// The shared things by their types.
#[derive(Clone, Default)]
struct Shelf(Arc<Mutex<Things>>);

/// Database, clock, keys and clients. Cloning is cheap.
#[derive(Clone)]
pub struct Context {
    /// Connections that see nothing by themselves: `database::tenant` and `database::platform` begin what does.
    pub db: PgPool,
    /// Connections of the tables' owner: for partitions, and nothing else that a domain does.
    pub owner: PgPool,
    pub clock: Clock,
    pub keyring: Keyring,
    /// The HTTP client that all providers share.
    pub http: reqwest::Client,
    pub providers: Arc<Providers>,
    shared: Shelf,
    /// When this process began: webhooks that came before it were lost on it.
    pub started_at: Timestamp,
}

impl Context {
    /// Puts one together.
    ///
    /// # Errors
    /// No HTTP client can be made on this system.
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

    /// What a domain keeps for the whole process; made on first use.
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

    /// A context of its own that shares this thing instead, and makes the others anew.
    #[cfg(test)]
    pub fn with<T: Shared>(&self, thing: T) -> Self {
        let things: Things = HashMap::from([(TypeId::of::<T>(), Box::new(thing) as _)]);
        Self {
            shared: Shelf(Arc::new(Mutex::new(things))),
            ..self.clone()
        }
    }

    /// The AI's client, where there is a key.
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
