//! The methods with which tests control Stripe.

use std::{collections::BTreeMap, sync::atomic::Ordering};

use serde_json::json;

use crate::{
    Simulators, StripeAccount, StripeAction, StripeSession, lock,
    stripe::{self, Account},
};

impl Simulators {
    /// Adds an account of Stripe, or replaces the key and the webhooks of the one with the same id.
    pub fn add_stripe(&self, account: StripeAccount) {
        self.world.add_stripe(account);
    }

    /// Acts on a session, as its customer or time would.
    ///
    /// # Errors
    /// The session does not allow this action now. The text gives the reason.
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
    /// The same as of [`Simulators::stripe_act`].
    pub fn stripe_pay(&self, session: &str) -> Result<StripeSession, String> {
        self.stripe_act(session, &StripeAction::Pay)
    }

    /// Somebody pays through a link of the dashboard. This makes a session without an API request.
    ///
    /// # Errors
    /// The account does not exist, or Stripe does not accept the amount.
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

    /// Somebody makes a refund in the dashboard. `amount` is in minor units.
    ///
    /// # Errors
    /// The payment does not exist, or less than `amount` is left of it.
    pub fn stripe_refund(&self, account: &str, intent: &str, amount: i64) -> Result<(), String> {
        let there = self
            .stripe_account(account)
            .ok_or("there is no such account")?;
        stripe::refund(&self.world, &there, intent, amount)
    }

    /// Returns all sessions of an account, the oldest first.
    pub fn stripe_sessions(&self, account: &str) -> Vec<StripeSession> {
        self.stripe_account(account).map_or_else(Vec::new, |there| {
            let state = lock(&there.state);
            let sessions = state.sessions.iter();
            sessions.map(|session| session.data.clone()).collect()
        })
    }

    /// Returns the account's balance by currency (in lower case), without fees, in minor units.
    pub fn stripe_balance(&self, account: &str) -> BTreeMap<String, i64> {
        let there = self.stripe_account(account);
        there.map_or_else(BTreeMap::new, |there| lock(&there.state).balance())
    }

    /// Sets Stripe's clock forward. Stripe then forgets the idempotency keys that are older than a day.
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

    /// Sends an account's event again, like the button in the dashboard.
    ///
    /// # Errors
    /// The event does not exist.
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
