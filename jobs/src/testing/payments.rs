//! A business that is paid.

use std::time::Duration;

use kazi_platform::actor::Actor;
use kazi_queue::{
    Registry,
    testing::{Drained, drain},
};
use kazi_simulators::StripeAccount;

use super::Shop;
use crate::{Context, catalog, payments};

impl Shop {
    /// Gives the business an account at Stripe, so that it can be paid. Stripe tells nothing by itself.
    pub async fn take_payments(&self) -> payments::PaymentAccountId {
        self.providers.add_stripe(StripeAccount {
            account: "acct_1".into(),
            key: "sk_test_1".into(),
            webhook_secret: "whsec_1".into(),
            webhook_url: "http://127.0.0.1:1/".into(),
        });
        let new = payments::NewAccount {
            key: "sk_test_1".into(),
            webhook_secret: Some("whsec_1".into()),
        };
        let made = payments::put_account(&self.ctx, self.workspace, &Actor::SYSTEM, &new).await;
        made.unwrap().id
    }

    /// As [`Shop::drain`], but for the payments' own jobs: what payments tell, the test tells.
    pub async fn drain_but_payments(&self) -> Drained {
        let domains = [
            (catalog::DOMAIN.jobs),
            (crate::bot::DOMAIN.jobs),
            (crate::messages::DOMAIN.jobs),
            (crate::orders::DOMAIN.jobs),
            (crate::subscriptions::DOMAIN.jobs),
        ];
        let registry = domains.into_iter().fold(
            Registry::new(),
            |registry, add: fn(Registry<Context>) -> _| add(registry),
        );
        drain(&self.ctx.owner, &registry, &self.ctx, self.now())
            .await
            .unwrap()
    }

    /// As [`Shop::after`], but for the payments' own jobs.
    pub async fn after_but_payments(&self, time: Duration) -> Drained {
        self.ctx
            .clock
            .advance(chrono::TimeDelta::from_std(time).unwrap());
        self.drain_but_payments().await
    }
}
