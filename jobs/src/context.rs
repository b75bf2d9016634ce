//! What every job is given.

use std::{sync::Arc, time::Duration};

use kazi_clients::{openrouter::OpenRouter, smtp::Smtp};
use kazi_platform::{Clock, Timestamp, crypto::Keyring, database::Pools};
use secrecy::SecretString;
use sqlx::PgPool;

use crate::{
    channels::{ChannelId, Directory},
    messages::Writer,
};

/// Where the providers are and how patient we are with them.
#[derive(Clone, Debug)]
pub struct Providers {
    /// `https://graph.facebook.com`, unless a channel has its own.
    pub whatsapp_base_url: String,
    /// Like `v24.0`.
    pub whatsapp_version: String,
    /// `https://api.green-api.com`, unless a channel has its own.
    pub greenapi_base_url: String,
    /// `https://openrouter.ai`.
    pub openrouter_base_url: String,
    /// Without one the bot does without AI.
    pub openrouter_key: Option<SecretString>,
    /// For a message to be taken.
    pub send_time_out: Duration,
    /// For an answer of a model.
    pub ai_time_out: Duration,
    /// How long after a request whose answer was lost a status may still tell that it arrived.
    pub ambiguous_wait: Duration,
    /// Takes our letters. Without one nobody can register or reset a password.
    pub smtp: Option<Smtp>,
    /// Sends codes to users' phones; customers get theirs through their business' own.
    pub code_channel: Option<ChannelId>,
    /// The authentication template that carries a code to somebody who has not written for a day.
    pub code_template: Option<String>,
}

/// Database, clock, keys and clients. Cloning is cheap.
#[derive(Clone)]
pub struct Context {
    /// Connections that see nothing by themselves: `database::tenant` and `database::platform` begin what does.
    pub db: PgPool,
    /// Connections of the tables' owner: for partitions, and nothing else that a domain does.
    pub owner: PgPool,
    /// The time.
    pub clock: Clock,
    /// Encryption.
    pub keyring: Keyring,
    /// The HTTP client that all providers share.
    pub http: reqwest::Client,
    /// The providers.
    pub providers: Arc<Providers>,
    /// The channels, with their credentials.
    pub channels: Directory,
    /// Writes down what each message to send needs, many in one transaction.
    pub writer: Writer,
    /// When this process began: webhooks that came before it were lost on it.
    pub started_at: Timestamp,
}

impl Context {
    /// Puts one together, within a runtime of tokio.
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
            channels: Directory::new(db.clone(), keyring.clone()),
            writer: Writer::start(&db),
            http: kazi_clients::http::client()?,
            started_at: clock.now(),
            db,
            owner,
            clock,
            keyring,
            providers: Arc::new(providers),
        })
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
