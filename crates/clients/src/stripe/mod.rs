//! Stripe: Checkout sessions, refunds, and what reconciliation reads: events and balance transactions.
//!
//! Requests are form-encoded. Each request that makes something carries an `Idempotency-Key`: Stripe replays the first
//! answer for it, so that a request whose answer was lost is simply made again ([`Error::Failed`], 409, 429). Not after an
//! answered 5xx: that one would be replayed too. Stripe forgets keys after 24 hours.

mod errors;
mod form;
mod model;
pub mod webhook;

use std::time::Duration;

use reqwest::{Client, RequestBuilder};
use secrecy::{ExposeSecret, SecretString};
use serde::de::DeserializeOwned;

use crate::http::{Failure, read};
pub use errors::{Error, Refusal};
use form::Form;
pub use model::{
    Account, BalanceTransaction, Charge, Event, Intent, List, NewRefund, NewSession, Page,
    PaymentStatus, Refund, RefundStatus, Session, SessionStatus, Source,
};

/// The version of Stripe's API that this client is written for. Answers keep its form until this line changes.
pub const VERSION: &str = "2026-02-25.clover";
/// Items of a page: Stripe's most.
pub const PAGE: u32 = 100;

/// An account at Stripe.
#[derive(Clone, Debug)]
pub struct Stripe {
    http: Client,
    base: String,
    key: SecretString,
    time_out: Duration,
}

impl Stripe {
    /// At `base` (`https://api.stripe.com`).
    pub fn new(http: Client, base: &str, key: SecretString, time_out: Duration) -> Self {
        Self {
            http,
            base: base.trim_end_matches('/').to_owned(),
            key,
            time_out,
        }
    }

    /// The account that the key belongs to: a cheap call that tells whether the key is good.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn account(&self) -> Result<Account, Error> {
        self.get("/v1/account", &Form::default()).await
    }

    /// Makes a Checkout session. `key`: 1 to 255 characters, the same for the same session, at most 24 hours old.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn create_session(&self, new: &NewSession<'_>, key: &str) -> Result<Session, Error> {
        self.post("/v1/checkout/sessions", &new.form(), key).await
    }

    /// A session as it is now.
    ///
    /// # Errors
    /// See [`Error`]. One that is not there is [`Refusal::is_missing`].
    pub async fn session(&self, id: &str) -> Result<Session, Error> {
        let path = format!("/v1/checkout/sessions/{}", form::segment(id));
        self.get(&path, &Form::default()).await
    }

    /// Ends an open session, so that nobody can pay it any more. Stripe refuses for one that is not open.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn expire_session(&self, id: &str, key: &str) -> Result<Session, Error> {
        let path = format!("/v1/checkout/sessions/{}/expire", form::segment(id));
        self.post(&path, &Form::default(), key).await
    }

    /// Sessions that were made within the page's time, the newest first.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn sessions(&self, page: &Page<'_>) -> Result<List<Session>, Error> {
        self.get("/v1/checkout/sessions", &page.form()).await
    }

    /// The session of a PaymentIntent, if it came out of one.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn session_of_intent(&self, intent: &str) -> Result<Option<Session>, Error> {
        let mut form = Form::default();
        form.add("payment_intent", intent).add("limit", "1");
        let list: List<Session> = self.get("/v1/checkout/sessions", &form).await?;
        Ok(list.data.into_iter().next())
    }

    /// A PaymentIntent as it is now.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn intent(&self, id: &str) -> Result<Intent, Error> {
        let path = format!("/v1/payment_intents/{}", form::segment(id));
        self.get(&path, &Form::default()).await
    }

    /// Events of these types within the page's time, the newest first. Stripe keeps them for 30 days.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn events(&self, types: &[&str], page: &Page<'_>) -> Result<List<Event>, Error> {
        let mut form = page.form();
        for kind in types {
            form.add("types[]", *kind);
        }
        self.get("/v1/events", &form).await
    }

    /// Gives money back. `key` as for [`Stripe::create_session`].
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn refund(&self, new: &NewRefund<'_>, key: &str) -> Result<Refund, Error> {
        self.post("/v1/refunds", &new.form(), key).await
    }

    /// The refunds of a PaymentIntent, the newest first.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn refunds(&self, intent: &str) -> Result<List<Refund>, Error> {
        let mut form = Form::default();
        form.add("payment_intent", intent)
            .add("limit", PAGE.to_string());
        self.get("/v1/refunds", &form).await
    }

    /// What moved the account's balance within the page's time, the newest first, each with what it is about.
    ///
    /// # Errors
    /// See [`Error`].
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
