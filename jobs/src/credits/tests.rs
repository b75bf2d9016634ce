//! Top-ups: two workspaces, a seller with an account at Stripe, and a buyer.

use std::sync::Arc;

use kazi_platform::{WorkspaceId, actor::Actor};
use kazi_queue::Job;
use kazi_simulators::{Fault, StripeAction};
use serde_json::json;

use super::*;
use crate::{
    Across, Work,
    payments::{Refund, tests::Till},
    testing::Shop,
    workspaces::{self, NewWorkspace},
};

struct Market {
    till: Till,
    buyer: WorkspaceId,
    pack: PackId,
}

impl Market {
    /// The shop of the till sells 1000 credits for 25 dollars, and another business is prepaid.
    async fn open() -> Self {
        let mut till = Till::open().await;
        let seller = till.shop.workspace;
        Arc::make_mut(&mut till.shop.ctx.providers).credits_seller = Some(seller);
        let mut across = Across::of(&till.shop.ctx).await.unwrap();
        let new = NewWorkspace {
            name: "Baraka",
            default_language: "en",
            languages: &["en".to_owned()],
            country: Some("KE"),
            currency: "KES".parse().unwrap(),
        };
        let buyer = workspaces::create(across.conn(), &new).await.unwrap();
        across.commit().await.unwrap();
        let mut across = Across::of(&till.shop.ctx).await.unwrap();
        let new = NewPack {
            name: "Starter".into(),
            credits: 1_000,
            amount_minor: 2_500,
            currency: "USD".into(),
            active: true,
        };
        let pack = create_pack(&mut across, &new).await.unwrap().id;
        across.commit().await.unwrap();
        let market = Self { till, buyer, pack };
        let mut work = market.work().await;
        let terms = Terms {
            prepaid: true,
            prices: Vec::new(),
        };
        let account = lock_or_make(&mut work).await.unwrap();
        set_terms(&mut work, &account, &terms).await.unwrap();
        work.commit().await.unwrap();
        market
    }

    fn shop(&self) -> &Shop {
        &self.till.shop
    }

    /// Work in the buyer's workspace.
    async fn work(&self) -> Work {
        self.shop().work_in(self.buyer, Actor::SYSTEM).await
    }

    /// Buys the pack, and asks Stripe for its payment.
    async fn buys(&self) -> TopUp {
        let mut work = self.work().await;
        let made = buy(&self.shop().ctx, &mut work, self.pack).await.unwrap();
        work.commit().await.unwrap();
        self.shop().drain().await;
        self.top_up(made.id).await
    }

    /// Buys the pack, and returns the top-up and its session at Stripe.
    async fn bought(&self) -> (TopUp, String) {
        let top_up = self.buys().await;
        assert_eq!(top_up.status, TopUpStatus::Open);
        let session: String = sqlx::query_scalar(
            "SELECT session_id FROM payments WHERE subject_kind = 'credits' AND subject_id = $1",
        )
        .bind(top_up.id.uuid())
        .fetch_one(&mut *self.shop().conn().await)
        .await
        .unwrap();
        (top_up, session)
    }

    async fn top_up(&self, id: TopUpId) -> TopUp {
        top_up(&mut self.work().await, id).await.unwrap().unwrap()
    }

    /// What is available and owed. The books hold.
    async fn balance(&self) -> (i64, i64) {
        let mut work = self.work().await;
        assert_eq!(check(&mut work).await.unwrap(), Vec::<String>::new());
        let now = credits(&mut work, None).await.unwrap();
        (now.available, now.owed)
    }

    /// Stripe's events come, all of them, and are applied.
    async fn hears(&self) {
        self.till.deliver(&self.till.events().await).await;
        self.shop().drain().await;
    }

    /// The seller gives money of a top-up back.
    async fn refunds(&self, id: TopUpId, amount: i64) {
        let new = Refund {
            amount_minor: Some(amount),
            reason: "They asked for it".into(),
        };
        let payment = payments::PaymentId::derived(id.uuid(), 1);
        let mut work = self.till.work().await;
        payments::refund(&mut work, payment, &new).await.unwrap();
        work.commit().await.unwrap();
        self.shop().drain().await;
        self.hears().await;
    }

    async fn act(&self, session: &str, action: StripeAction) {
        self.shop().providers.stripe_act(session, &action).unwrap();
        self.hears().await;
    }
}

#[tokio::test]
async fn a_pack_is_paid_at_the_sellers_account_and_its_credits_come_once() {
    let market = Market::open().await;
    let (top_up, session) = market.bought().await;
    assert!(top_up.url.unwrap().starts_with("http"));
    assert_eq!(market.balance().await, (0, 0));
    market.shop().providers.stripe_pay(&session).unwrap();
    // All webhooks come twice, and a job of the buyer's side runs once more.
    market.hears().await;
    market.hears().await;
    let follow = Follow {
        workspace: market.buyer,
        top_up: top_up.id,
    };
    follow
        .enqueue(&mut *market.shop().conn().await)
        .await
        .unwrap();
    market.shop().drain().await;
    let paid = market.top_up(top_up.id).await;
    assert_eq!((paid.status, paid.url), (TopUpStatus::Paid, None));
    assert_eq!(market.balance().await, (1_000, 0));
    assert_eq!(market.till.balance("sales").await.abs(), 2_500);
    let contact: String = sqlx::query_scalar(
        "SELECT c.name FROM payments p JOIN contacts c ON c.workspace_id = p.workspace_id AND c.id = p.contact_id
         WHERE p.subject_kind = 'credits'",
    )
    .fetch_one(&mut *market.shop().conn().await)
    .await
    .unwrap();
    assert_eq!(contact, "Baraka");
    // The second pack is sold to the same contact.
    market.bought().await;
    let contacts: i64 = sqlx::query_scalar("SELECT count(*) FROM contacts WHERE name = 'Baraka'")
        .fetch_one(&mut *market.shop().conn().await)
        .await
        .unwrap();
    assert_eq!(contacts, 1);
}

#[tokio::test]
async fn a_refund_takes_the_share_of_the_credits_and_what_is_gone_is_owed() {
    let market = Market::open().await;
    let (top_up, session) = market.bought().await;
    market.shop().providers.stripe_pay(&session).unwrap();
    market.hears().await;
    market.refunds(top_up.id, 500).await;
    assert_eq!(market.balance().await, (800, 0));
    assert_eq!(market.top_up(top_up.id).await.returned, 200);
    // Most of the rest is used up, so a part of what is taken back is owed.
    let mut work = market.work().await;
    let grant = Grant {
        credits: -700,
        reason: "used".into(),
    };
    give(&mut work, &grant).await.unwrap();
    work.commit().await.unwrap();
    market.refunds(top_up.id, 2_000).await;
    assert_eq!(market.balance().await, (0, 700));
    assert_eq!(market.top_up(top_up.id).await.returned, 1_000);
    // The next pack pays for it first.
    let (_, second) = market.bought().await;
    market.shop().providers.stripe_pay(&second).unwrap();
    market.hears().await;
    assert_eq!(market.balance().await, (300, 0));
}

#[tokio::test]
async fn a_lost_dispute_takes_the_credits_back_and_a_won_one_does_not() {
    let market = Market::open().await;
    let (_, first) = market.bought().await;
    let (_, second) = market.bought().await;
    for session in [&first, &second] {
        market.shop().providers.stripe_pay(session).unwrap();
    }
    market.hears().await;
    assert_eq!(market.balance().await, (2_000, 0));
    let dispute = || StripeAction::Dispute { inquiry: false };
    market.act(&first, dispute()).await;
    market.act(&second, dispute()).await;
    assert_eq!(market.balance().await, (2_000, 0), "nothing is decided");
    market
        .act(&first, StripeAction::EndDispute { won: false })
        .await;
    assert_eq!(market.balance().await, (1_000, 0));
    market
        .act(&second, StripeAction::EndDispute { won: true })
        .await;
    assert_eq!(market.balance().await, (1_000, 0));
}

#[tokio::test]
async fn a_refund_that_the_bank_refuses_later_gives_the_credits_again() {
    let market = Market::open().await;
    let (top_up, session) = market.bought().await;
    market.shop().providers.stripe_pay(&session).unwrap();
    market.hears().await;
    market.refunds(top_up.id, 2_500).await;
    assert_eq!(market.balance().await, (0, 0));
    market.act(&session, StripeAction::FailRefund).await;
    assert_eq!(market.balance().await, (1_000, 0));
    assert_eq!(market.top_up(top_up.id).await.returned, 0);
}

#[tokio::test]
async fn a_pack_that_nobody_pays_ends_and_a_seller_without_an_account_sells_nothing() {
    let market = Market::open().await;
    let (top_up, session) = market.bought().await;
    market.act(&session, StripeAction::Expire).await;
    let ended = market.top_up(top_up.id).await;
    assert_eq!((ended.status, ended.url), (TopUpStatus::Ended, None));
    assert_eq!(ended.ended_why.as_deref(), Some("nobody has paid in time"));
    // Stripe refuses the payment, and says why.
    market.shop().providers.fault(Fault {
        status: Some(400),
        body: Some(
            json!({"error": {"type": "invalid_request_error", "message": "Invalid currency: usd"}}),
        ),
        ..market.till.fault("sessions")
    });
    let refused = market.buys().await;
    assert_eq!(refused.status, TopUpStatus::Ended);
    let why = refused.ended_why.unwrap();
    assert!(why.contains("Invalid currency"), "{why}");
    sqlx::query("UPDATE payment_accounts SET status = 'disabled'")
        .execute(&mut *market.shop().conn().await)
        .await
        .unwrap();
    let ended = market.buys().await;
    assert_eq!(ended.status, TopUpStatus::Ended);
    assert_eq!(
        ended.ended_why.as_deref(),
        Some("there is no account at Stripe")
    );
    assert_eq!(market.balance().await, (0, 0));
}

#[tokio::test]
async fn what_cannot_be_bought_is_refused() {
    let market = Market::open().await;
    let mut work = market.work().await;
    let unknown = buy(&market.shop().ctx, &mut work, PackId::new()).await;
    assert!(
        matches!(unknown, Err(CreditError::Invalid(_))),
        "{unknown:?}"
    );
    // The seller itself is not prepaid.
    let mut own = market.till.work().await;
    let refused = buy(&market.shop().ctx, &mut own, market.pack).await;
    assert!(
        matches!(refused, Err(CreditError::NotPrepaid)),
        "{refused:?}"
    );
    drop(own);
    let mut nobody = market.shop().ctx.clone();
    Arc::make_mut(&mut nobody.providers).credits_seller = None;
    let refused = buy(&nobody, &mut work, market.pack).await;
    assert!(
        matches!(refused, Err(CreditError::NothingForSale)),
        "{refused:?}"
    );
    let grant = Grant {
        credits: -1,
        reason: String::new(),
    };
    let refused = give(&mut work, &grant).await.unwrap_err().to_string();
    assert!(refused.contains("/reason"), "{refused}");
}
