//! Stripe, as strict as the real one.

use std::time::Duration;

use kazi_clients::{
    http,
    stripe::{Error, NewRefund, NewSession, Page, PaymentStatus, SessionStatus, Stripe, webhook},
};
use secrecy::SecretString;

use super::{Business, LIMIT};
use crate::{
    CutAt, Fault, Options, Service, Simulators, StripeAccount, StripeAction, WebhookFault,
};

const ACCOUNT: &str = "acct_1";
const SECRET: &str = "whsec_1";

struct Desk {
    sim: Simulators,
    business: Business,
    stripe: Stripe,
    /// The end of its sessions, in Unix seconds.
    expires_at: i64,
}

impl Desk {
    async fn open() -> Self {
        let (business, url) = Business::open(([127, 0, 0, 1], 0).into()).await;
        let sim = Simulators::start(Options::default()).await.unwrap();
        sim.add_stripe(StripeAccount {
            account: ACCOUNT.into(),
            key: "sk_test_1".into(),
            webhook_secret: SECRET.into(),
            webhook_url: url,
        });
        let stripe = client(&sim, "sk_test_1");
        Self {
            sim,
            business,
            stripe,
            expires_at: chrono::Utc::now().timestamp() + 7_200,
        }
    }

    async fn create(&self, amount: i64, currency: &str, key: &str) -> Result<String, Error> {
        let new = NewSession {
            reference: "pay_1",
            amount,
            currency,
            description: "Coffee & <b>",
            success_url: "https://shop.test/thanks",
            cancel_url: "https://shop.test/back",
            // All calls have the same time, because a repeated request must be the same request.
            expires_at: self.expires_at,
        };
        Ok(self.stripe.create_session(&new, key).await?.id)
    }
}

fn client(sim: &Simulators, key: &str) -> Stripe {
    let base = sim.base_url(Service::Stripe);
    Stripe::new(
        http::client().unwrap(),
        &base,
        SecretString::from(key),
        LIMIT,
    )
}

const ALL: Page<'static> = Page {
    from: 0,
    until: i64::MAX,
    after: None,
};

#[tokio::test]
async fn keys_amounts_and_currencies_are_checked() {
    let desk = Desk::open().await;
    let stranger = client(&desk.sim, "sk_test_2");
    assert!(matches!(
        stranger.account().await,
        Err(Error::Credential(401))
    ));
    assert_eq!(desk.stripe.account().await.unwrap().id, ACCOUNT);
    for (amount, currency, code) in [
        (49, "usd", Some("amount_too_small")),
        (100_000_000, "usd", Some("amount_too_large")),
        (1_234, "kwd", Some("invalid_amount")),
        (50, "ugx", Some("invalid_amount")),
        (500, "xyz", None),
    ] {
        match desk
            .create(amount, currency, &format!("k{amount}{currency}"))
            .await
        {
            Err(Error::Refused(refusal)) => assert_eq!(refusal.code.as_deref(), code),
            other => panic!("{amount} {currency}: {other:?}"),
        }
    }
    // Stripe accepts only forms, and no unknown field.
    let url = format!(
        "{}/v1/checkout/sessions",
        desk.sim.base_url(Service::Stripe)
    );
    let http = http::client().unwrap();
    let post = http.post(&url).bearer_auth("sk_test_1");
    let json = post
        .try_clone()
        .unwrap()
        .json(&serde_json::json!({"mode": "payment"}));
    assert_eq!(json.send().await.unwrap().status(), 400);
    let form = "application/x-www-form-urlencoded";
    let unknown = post
        .header("content-type", form)
        .body("mode=payment&moon=1");
    let said = unknown.send().await.unwrap().text().await.unwrap();
    assert!(said.contains("parameter_unknown"), "{said}");
}

#[tokio::test]
async fn a_key_gets_its_first_answer_again_and_no_other_request() {
    let desk = Desk::open().await;
    let first = desk.create(500, "usd", "k1").await.unwrap();
    assert_eq!(desk.create(500, "usd", "k1").await.unwrap(), first);
    let other = desk.create(501, "usd", "k1").await;
    assert!(matches!(other, Err(Error::KeyReused)));
    // The answer is repeated, even when nobody has seen the first one.
    desk.sim.fault(Fault {
        cut: Some(CutAt::After),
        times: Some(1),
        ..Fault::on(Service::Stripe)
    });
    assert!(matches!(
        desk.create(700, "usd", "k2").await,
        Err(Error::Failed(_))
    ));
    let second = desk.create(700, "usd", "k2").await.unwrap();
    assert_eq!(desk.sim.stripe_sessions(ACCOUNT).len(), 2);
    assert_eq!(desk.sim.stripe_sessions(ACCOUNT)[1].id, second);
    // A failure is repeated too.
    desk.sim.fault(Fault {
        status: Some(500),
        times: Some(1),
        ..Fault::on(Service::Stripe)
    });
    for _ in 0..2 {
        let failed = desk.create(900, "usd", "k3").await;
        assert!(
            matches!(failed, Err(Error::Unavailable { status: 500, .. })),
            "{failed:?}"
        );
    }
    // After a day Stripe has forgotten the keys.
    desk.sim.stripe_advance(-86_400);
    desk.sim.stripe_advance(86_400);
    assert_ne!(desk.create(500, "usd", "k1").await.unwrap(), first);
}

#[tokio::test]
async fn a_session_lives_once() {
    let desk = Desk::open().await;
    let id = desk.create(1_000, "usd", "k1").await.unwrap();
    desk.sim.stripe_act(&id, &StripeAction::Decline).unwrap();
    let open = desk.stripe.session(&id).await.unwrap();
    assert_eq!(
        (open.status, open.payment_status),
        (SessionStatus::Open, PaymentStatus::Unpaid)
    );
    desk.sim.stripe_pay(&id).unwrap();
    assert!(desk.sim.stripe_pay(&id).is_err(), "a second click");
    let refused = desk.stripe.expire_session(&id, "e1").await;
    assert!(matches!(refused, Err(Error::Refused(_))));
    let paid = desk.stripe.session(&id).await.unwrap();
    assert_eq!(
        (paid.status, paid.payment_status),
        (SessionStatus::Complete, PaymentStatus::Paid)
    );
    assert_eq!(paid.url, None);
    assert_eq!(desk.sim.stripe_balance(ACCOUNT)["usd"], 1_000 - 59);
    // Another session ends by its time.
    let late = desk.create(1_000, "usd", "k2").await.unwrap();
    desk.sim.stripe_advance(7_300);
    let late = desk.stripe.session(&late).await.unwrap();
    assert_eq!(late.status, SessionStatus::Expired);
    let missing = desk.stripe.session("cs_none").await;
    assert!(matches!(missing, Err(Error::Refused(refusal)) if refusal.is_missing()));
}

#[tokio::test]
async fn lists_are_turned_over_and_nothing_is_missing_or_double() {
    let desk = Desk::open().await;
    for number in 0..120 {
        let id = desk
            .create(1_000, "usd", &format!("k{number}"))
            .await
            .unwrap();
        desk.sim.stripe_pay(&id).unwrap();
    }
    let mut ids = Vec::new();
    let mut after: Option<String> = None;
    loop {
        let page = Page {
            after: after.as_deref(),
            ..ALL
        };
        let list = desk.stripe.sessions(&page).await.unwrap();
        ids.extend(list.data.iter().map(|session| session.id.clone()));
        after = ids.last().cloned();
        if !list.has_more {
            break;
        }
    }
    ids.reverse();
    let made: Vec<String> = desk
        .sim
        .stripe_sessions(ACCOUNT)
        .into_iter()
        .map(|one| one.id)
        .collect();
    assert_eq!(ids, made);
    let kinds = ["checkout.session.completed"];
    let events = desk.stripe.events(&kinds, &ALL).await.unwrap();
    assert!(events.has_more && events.data.len() == 100);
    assert!(events.data.iter().all(|event| event.kind == kinds[0]));
}

#[tokio::test]
async fn money_goes_back_up_to_what_came() {
    let desk = Desk::open().await;
    let id = desk.create(1_000, "usd", "k1").await.unwrap();
    let intent = desk.sim.stripe_pay(&id).unwrap().payment_intent.unwrap();
    let refund = |amount| NewRefund {
        intent: &intent,
        amount,
        reference: "rfd_1",
    };
    let made = desk.stripe.refund(&refund(400), "r1").await.unwrap();
    assert_eq!(made.reference(), Some("rfd_1"));
    assert_eq!(
        desk.stripe.refund(&refund(400), "r1").await.unwrap().id,
        made.id
    );
    assert!(matches!(
        desk.stripe.refund(&refund(601), "r2").await,
        Err(Error::Refused(_))
    ));
    desk.stripe.refund(&refund(600), "r3").await.unwrap();
    let moves = desk.stripe.balance_transactions(&ALL).await.unwrap().data;
    assert_eq!(
        moves.iter().map(|one| one.amount).collect::<Vec<_>>(),
        [-600, -400, 1_000]
    );
    assert_eq!(desk.sim.stripe_balance(ACCOUNT)["usd"], -59);
}

#[tokio::test]
async fn webhooks_are_signed_and_the_lost_ones_are_known_as_undelivered() {
    let desk = Desk::open().await;
    let id = desk.create(1_000, "usd", "k1").await.unwrap();
    desk.sim.stripe_pay(&id).unwrap();
    let hooks = desk.business.got(3).await;
    for hook in &hooks {
        let signed = hook.headers["stripe-signature"].to_str().unwrap();
        let now = chrono::Utc::now().timestamp();
        assert_eq!(webhook::verify(SECRET, signed, &hook.raw, now), Ok(()));
        assert!(webhook::verify("whsec_2", signed, &hook.raw, now).is_err());
    }
    desk.sim.settle().await;
    desk.sim.fault(Fault {
        webhooks: Some(WebhookFault {
            drop: 1.0,
            ..WebhookFault::default()
        }),
        ..Fault::on(Service::Stripe)
    });
    let lost = desk.create(1_000, "usd", "k2").await.unwrap();
    desk.sim.stripe_pay(&lost).unwrap();
    let url = format!(
        "{}/v1/events?delivery_success=false&types[]=checkout.session.completed",
        desk.sim.base_url(Service::Stripe)
    );
    let asked = http::client().unwrap().get(url).bearer_auth("sk_test_1");
    let found: serde_json::Value = asked
        .timeout(Duration::from_secs(20))
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let found = found["data"].as_array().unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0]["data"]["object"]["id"], lost.as_str());
}
