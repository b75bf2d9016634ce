//! What the payments' tests share: a shop with an account at the simulated Stripe, and its payments.

use kazi_clients::stripe::{Stripe, webhook::Event};
use kazi_platform::{Money, Timestamp, actor::Actor};
use kazi_queue::testing::Drained;
use kazi_simulators::{Entry, Fault, Service, StripeSession};
use serde_json::Value;

use super::{
    DifferenceView, EventSource, NewEvent, NewPayment, PaymentAccountId, PaymentFilter, PaymentId,
    PaymentView, Subject,
};
use crate::{Work, contacts::ContactId, payments::OrderId, testing::Shop};

pub const ACCOUNT: &str = "acct_1";
pub const KEY: &str = "sk_test_1";

pub struct Till {
    pub shop: Shop,
    pub account: PaymentAccountId,
}

impl Till {
    pub async fn open() -> Self {
        let shop = Shop::open().await;
        let account = shop.take_payments().await;
        Self { shop, account }
    }

    pub fn now(&self) -> Timestamp {
        self.shop.now()
    }

    /// Work of the program's own.
    pub async fn work(&self) -> Work {
        self.shop.work_by(Actor::SYSTEM).await
    }

    /// Asks for 12.50 USD.
    pub async fn request(&self) -> PaymentId {
        let order = OrderId::new();
        let id = PaymentId::derived(order.uuid(), 1);
        let mut work = self.work().await;
        let new = NewPayment {
            id,
            subject: Subject::Order(order),
            contact: ContactId::new(),
            amount: Money {
                minor: 1250,
                currency: "USD".parse().unwrap(),
            },
            description: "Coffee",
            expires_at: self.now() + chrono::TimeDelta::hours(2),
        };
        assert!(super::request(&mut work, &new).await.unwrap());
        assert!(!super::request(&mut work, &new).await.unwrap());
        work.commit().await.unwrap();
        id
    }

    /// Asks for one, which is opened.
    pub async fn opened(&self) -> (PaymentId, String) {
        let id = self.request().await;
        self.shop.drain().await;
        let payment = self.payment(id).await;
        assert_eq!(payment.status, "open", "{:?}", payment.error);
        (id, payment.session.unwrap())
    }

    pub async fn withdraw(&self, id: PaymentId) {
        let mut work = self.work().await;
        super::withdraw(&mut work, id).await.unwrap();
        work.commit().await.unwrap();
    }

    pub async fn payment(&self, id: PaymentId) -> PaymentView {
        let mut work = self.work().await;
        let filter = PaymentFilter::default();
        let all = super::payments(&mut work, &filter, Some(id), None, 1).await;
        all.unwrap().pop().unwrap()
    }

    pub async fn status(&self, id: PaymentId) -> String {
        self.payment(id).await.status
    }

    /// Account of the books, in cents of the dollar.
    pub async fn balance(&self, account: &str) -> i64 {
        let mut work = self.work().await;
        let all = super::balances(&mut work).await.unwrap();
        let found = all
            .iter()
            .find(|one| one.account == account && one.currency == "USD");
        found.map_or(0, |one| one.amount_minor)
    }

    /// The causes, sorted.
    pub async fn causes(&self) -> Vec<String> {
        let mut all: Vec<String> = self
            .differences()
            .await
            .into_iter()
            .map(|one| one.cause)
            .collect();
        all.sort();
        all
    }

    pub async fn differences(&self) -> Vec<DifferenceView> {
        let mut work = self.work().await;
        super::differences(&mut work, None, false, None, 100)
            .await
            .unwrap()
    }

    /// What happened at Stripe, the newest first.
    pub async fn events(&self) -> Vec<Event> {
        let stripe = Stripe::new(
            self.shop.ctx.http.clone(),
            &self.shop.providers.base_url(Service::Stripe),
            KEY.into(),
            std::time::Duration::from_secs(10),
        );
        let page = kazi_clients::stripe::Page {
            from: 0,
            until: i64::MAX,
            after: None,
        };
        stripe.events(&super::KINDS, &page).await.unwrap().data
    }

    /// Delivers these events as the intake would, in this order.
    pub async fn deliver(&self, events: &[Event]) {
        for event in events {
            let payload =
                serde_json::json!({"id": event.id, "data": {"object": event.data.object}});
            let new = NewEvent::new(event, payload.to_string(), self.now()).unwrap();
            let mut work = self.work().await;
            let from = EventSource::Webhook;
            super::record(&mut work, self.account, from, &[new])
                .await
                .unwrap();
            work.commit().await.unwrap();
        }
    }

    /// Compares with Stripe and runs what that causes.
    pub async fn reconcile(&self) -> Drained {
        let mut work = self.work().await;
        super::reconcile(&mut work).await.unwrap();
        work.commit().await.unwrap();
        self.shop.drain().await
    }

    /// Lets time pass, here and at Stripe.
    pub async fn after(&self, seconds: i64) -> Drained {
        self.shop.providers.stripe_advance(seconds);
        self.shop
            .after(std::time::Duration::from_secs(seconds.unsigned_abs()))
            .await
    }

    pub fn fault(&self, matches: &str) -> Fault {
        Fault {
            matches: Some(matches.into()),
            times: Some(1),
            ..Fault::on(Service::Stripe)
        }
    }

    pub fn sessions(&self) -> Vec<StripeSession> {
        self.shop.providers.stripe_sessions(ACCOUNT)
    }

    /// Requests to this path.
    pub fn asked(&self, path: &str) -> Vec<Entry> {
        let mut all = self.shop.sent(Service::Stripe);
        all.retain(|entry| entry.path == path);
        all
    }

    /// What Stripe has, in cents of the dollar.
    pub fn at_stripe(&self) -> i64 {
        let all = self.shop.providers.stripe_balance(ACCOUNT);
        all.get("usd").copied().unwrap_or(0)
    }

    pub async fn notices(&self) -> Vec<Value> {
        sqlx::query_scalar(
            "SELECT jsonb_build_object('title', title, 'kind', kind) FROM notifications",
        )
        .fetch_all(&mut *self.shop.conn().await)
        .await
        .unwrap()
    }
}
