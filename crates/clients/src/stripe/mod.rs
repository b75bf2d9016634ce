//! Stripe: Checkout sessions, refunds, and the data for reconciliation: events and balance transactions.
//!
//! Requests are form-encoded. Each request that makes an object carries an `Idempotency-Key`. Stripe repeats the first
//! answer for a key, so the caller makes a request again when its answer was lost ([`Error::Failed`], 409, 429). After
//! a 5xx this does not help, because Stripe repeats the 5xx too. Stripe forgets keys after 24 hours.

mod errors;
mod event;
mod form;
mod model;
pub mod webhook;

use std::time::Duration;

use reqwest::{Client, RequestBuilder};
use secrecy::{ExposeSecret, SecretString};
use serde::de::DeserializeOwned;

use crate::http::{Failure, read};
pub use errors::{Error, Refusal};
pub use event::Event;
use form::Form;
pub use model::{
    Account, BalanceTransaction, Charge, Dispute, Intent, List, NewRefund, NewSession, Page,
    PaymentStatus, Refund, RefundStatus, Session, SessionStatus, Source,
};

/// The version of Stripe's API that this client uses. Stripe's answers keep their form until this constant changes.
pub const VERSION: &str = "2026-02-25.clover";
/// The number of items on a page: Stripe's maximum.
pub const PAGE: u32 = 100;

#[derive(Clone, Debug)]
pub struct Stripe {
    http: Client,
    base: String,
    key: SecretString,
    time_out: Duration,
}

impl Stripe {
    /// `base` is like `https://api.stripe.com`.
    pub fn new(http: Client, base: &str, key: SecretString, time_out: Duration) -> Self {
        Self {
            http,
            base: base.trim_end_matches('/').to_owned(),
            key,
            time_out,
        }
    }

    /// Fetches the account of the key. This cheap call shows whether the key is valid.
    pub async fn account(&self) -> Result<Account, Error> {
        self.get("/v1/account", &Form::default()).await
    }

    /// Makes a Checkout session. `key` has 1 to 255 characters, is the same for the same session, and is at most 24
    /// hours old.
    pub async fn create_session(&self, new: &NewSession<'_>, key: &str) -> Result<Session, Error> {
        self.post("/v1/checkout/sessions", &new.form(), key).await
    }

    /// Fetches a session.
    ///
    /// # Errors
    /// For a session that does not exist, [`Refusal::is_missing`] is true.
    pub async fn session(&self, id: &str) -> Result<Session, Error> {
        let path = format!("/v1/checkout/sessions/{}", form::segment(id));
        self.get(&path, &Form::default()).await
    }

    /// Ends an open session, so that nobody can pay it. Stripe refuses this for a session that is not open.
    pub async fn expire_session(&self, id: &str, key: &str) -> Result<Session, Error> {
        let path = format!("/v1/checkout/sessions/{}/expire", form::segment(id));
        self.post(&path, &Form::default(), key).await
    }

    /// Returns the sessions that were made in the page's period, the newest first.
    pub async fn sessions(&self, page: &Page<'_>) -> Result<List<Session>, Error> {
        self.get("/v1/checkout/sessions", &page.form()).await
    }

    /// Returns the session that made a PaymentIntent, if a session made it.
    pub async fn session_of_intent(&self, intent: &str) -> Result<Option<Session>, Error> {
        let mut form = Form::default();
        form.add("payment_intent", intent).add("limit", "1");
        let list: List<Session> = self.get("/v1/checkout/sessions", &form).await?;
        Ok(list.data.into_iter().next())
    }

    pub async fn intent(&self, id: &str) -> Result<Intent, Error> {
        let path = format!("/v1/payment_intents/{}", form::segment(id));
        self.get(&path, &Form::default()).await
    }

    /// Fetches an event. Stripe keeps events for 30 days.
    pub async fn event(&self, id: &str) -> Result<Event, Error> {
        let path = format!("/v1/events/{}", form::segment(id));
        self.get(&path, &Form::default()).await
    }

    pub async fn dispute(&self, id: &str) -> Result<Dispute, Error> {
        let path = format!("/v1/disputes/{}", form::segment(id));
        self.get(&path, &Form::default()).await
    }

    /// Returns the PaymentIntent that a charge or a refund belongs to, if it belongs to one.
    pub async fn intent_of(&self, id: &str) -> Result<Option<String>, Error> {
        let objects = match id.split_once('_').map_or("", |(kind, _)| kind) {
            "ch" | "py" => "charges",
            "re" | "pyr" => "refunds",
            _ => return Ok(None),
        };
        let path = format!("/v1/{objects}/{}", form::segment(id));
        let found: Charge = self.get(&path, &Form::default()).await?;
        Ok(found.payment_intent)
    }

    /// Returns the events of these types in the page's period, the newest first. Stripe keeps events for 30 days.
    pub async fn events(&self, types: &[&str], page: &Page<'_>) -> Result<List<Event>, Error> {
        let mut form = page.form();
        for kind in types {
            form.add("types[]", *kind);
        }
        self.get("/v1/events", &form).await
    }

    /// Makes a refund. `key` is like that of [`Stripe::create_session`].
    pub async fn refund(&self, new: &NewRefund<'_>, key: &str) -> Result<Refund, Error> {
        self.post("/v1/refunds", &new.form(), key).await
    }

    /// Returns the refunds of a PaymentIntent, the newest first.
    pub async fn refunds(&self, intent: &str) -> Result<List<Refund>, Error> {
        let mut form = Form::default();
        form.add("payment_intent", intent)
            .add("limit", PAGE.to_string());
        self.get("/v1/refunds", &form).await
    }

    /// Returns the movements of the account's balance in the page's period, the newest first, each with its source.
    pub async fn balance_transactions(
        &self,
        page: &Page<'_>,
    ) -> Result<List<BalanceTransaction>, Error> {
        let mut form = page.form();
        form.add("expand[]", "data.source");
        self.get("/v1/balance_transactions", &form).await
    }

    async fn get<T: DeserializeOwned>(&self, path: &str, query: &Form) -> Result<T, Error> {
        let query = query.encode();
        let mark = if query.is_empty() { "" } else { "?" };
        let url = format!("{}{path}{mark}{query}", self.base);
        self.answer(self.http.get(url)).await
    }

    async fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        form: &Form,
        key: &str,
    ) -> Result<T, Error> {
        let request = self
            .http
            .post(format!("{}{path}", self.base))
            .header("Idempotency-Key", key)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .body(form.encode());
        self.answer(request).await
    }

    async fn answer<T: DeserializeOwned>(&self, request: RequestBuilder) -> Result<T, Error> {
        let response = request
            .bearer_auth(self.key.expose_secret())
            .header("Stripe-Version", VERSION)
            .timeout(self.time_out)
            .send()
            .await
            .map_err(Failure::from)?;
        let should_retry = response
            .headers()
            .get("Stripe-Should-Retry")
            .and_then(|value| value.to_str().ok()?.parse().ok());
        let answer = read(response).await?;
        if (200..300).contains(&answer.status) {
            return Ok(answer.parse()?);
        }
        Err(errors::classify(&answer, should_retry))
    }
}
