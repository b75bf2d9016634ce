//! Stripe as tests steer it.

use std::{collections::BTreeMap, sync::atomic::Ordering};

use serde_json::json;

use crate::{
    Simulators, StripeAccount, StripeAction, StripeSession, lock,
    stripe::{self, Account},
};

impl Simulators {
    /// Adds an account of Stripe, or gives the one with its id another key and other webhooks.
    pub fn add_stripe(&self, account: StripeAccount) {
        self.world.add_stripe(account);
    }

    /// Does something to a session, as its customer or time would.
    ///
    /// # Errors
    /// It cannot be done to this session now: the words say why.
    pub fn stripe_act(
        &self,
        session: &str,
        action: &StripeAction,
    ) -> Result<StripeSession, String> {
        stripe::act(&self.world, session, action)
    }

    /// The customer pays.
    ///
    /// # Errors
    /// As [`Simulators::stripe_act`].
    pub fn stripe_pay(&self, session: &str) -> Result<StripeSession, String> {
        self.stripe_act(session, &StripeAction::Pay)
    }

    /// Somebody pays by a link of the dashboard: a session that nobody has asked the API for.
    ///
    /// # Errors
    /// There is no such account, or Stripe takes no such amount.
    pub fn stripe_link(
        &self,
        account: &str,
        amount: i64,
        currency: &str,
    ) -> Result<StripeSession, String> {
        let there = self
            .stripe_account(account)
            .ok_or("there is no such account")?;
        let id = stripe::link(&self.world, &there, amount, currency)?;
        self.stripe_pay(&id)
    }

    /// Somebody gives money back in the dashboard.
    ///
    /// # Errors
    /// There is no such payment, or not so much left of it.
    pub fn stripe_refund(&self, account: &str, intent: &str, amount: i64) -> Result<(), String> {
        let there = self
            .stripe_account(account)
            .ok_or("there is no such account")?;
        stripe::refund(&self.world, &there, intent, amount)
    }

    /// All sessions of an account, the oldest first.
    pub fn stripe_sessions(&self, account: &str) -> Vec<StripeSession> {
        self.stripe_account(account).map_or_else(Vec::new, |there| {
            let state = lock(&there.state);
            let sessions = state.sessions.iter();
            sessions.map(|session| session.data.clone()).collect()
        })
    }

    /// What an account has by currency (small letters), fees taken off, in minor units.
    pub fn stripe_balance(&self, account: &str) -> BTreeMap<String, i64> {
        let there = self.stripe_account(account);
        there.map_or_else(BTreeMap::new, |there| lock(&there.state).balance())
    }

    /// Sets Stripe's clock forward by so many seconds. Idempotency keys that are older than a day then are forgotten.
    pub fn stripe_advance(&self, seconds: i64) {
        self.world
            .stripe_ahead
            .fetch_add(seconds, Ordering::Relaxed);
        if seconds >= 86_400 {
            for account in lock(&self.world.stripe).values() {
                lock(&account.keys).clear();
            }
        }
    }

    /// Sends an account's event once more, as its dashboard's button does.
    ///
    /// # Errors
    /// There is no such event.
    pub fn stripe_resend(&self, account: &str, event: &str) -> Result<(), String> {
        let there = self
            .stripe_account(account)
            .ok_or("there is no such account")?;
        let found = lock(&there.state).events.get(event).cloned();
        let value = found.ok_or_else(|| json!({"no such event": event}).to_string())?;
        stripe::send(&self.world, &there, value);
        Ok(())
    }

    fn stripe_account(&self, id: &str) -> Option<std::sync::Arc<Account>> {
        lock(&self.world.stripe).get(id).cloned()
    }
}
