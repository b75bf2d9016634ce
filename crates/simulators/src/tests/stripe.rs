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
        (1_000_000_000_000, "idr", Some("amount_too_large")),
        (1_234, "kwd", Some("invalid_amount")),
        (50, "ugx", Some("invalid_amount")),
        (1_499, "czk", Some("amount_too_small")),
        (3_000, "kes", Some("amount_too_small")),
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
    // A dollar is worth thousands of rupiahs: Stripe takes twelve digits of them.
    desk.create(999_999_999_999, "idr", "rupiah").await.unwrap();
    // The documented way with curl: the key is the user, without a password.
    let account = format!("{}/v1/account", desk.sim.base_url(Service::Stripe));
    let http = http::client().unwrap();
    let basic = http.get(&account).basic_auth("sk_test_1", Some(""));
    assert_eq!(basic.send().await.unwrap().status(), 200);
    // Stripe accepts only forms, and no unknown field.
    let url = format!(
        "{}/v1/checkout/sessions",
        desk.sim.base_url(Service::Stripe)
    );
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
        amount: Some(amount),
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

/// Asks as any program may, and returns the status, the headers and the answer.
async fn ask(
    desk: &Desk,
    method: reqwest::Method,
    path: &str,
    form: &str,
) -> (u16, reqwest::header::HeaderMap, serde_json::Value) {
    let url = format!("{}{path}", desk.sim.base_url(Service::Stripe));
    let answer = http::client()
        .unwrap()
        .request(method, url)
        .bearer_auth("sk_test_1")
        .header("content-type", "application/x-www-form-urlencoded")
        .header("idempotency-key", form.len().to_string())
        .body(form.to_owned())
        .send()
        .await
        .unwrap();
    let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
    (status, headers, answer.json().await.unwrap())
}

const GET: reqwest::Method = reqwest::Method::GET;

#[tokio::test]
async fn answers_have_stripe_s_headers_and_its_form_of_an_error() {
    let desk = Desk::open().await;
    let item = "line_items[0][price_data]";
    let form = format!(
        "mode=payment&success_url=https://shop.test&line_items[0][quantity]=2&{item}[currency]=usd\
         &{item}[unit_amount]=400&{item}[product_data][name]=Tea&expand[0]=line_items"
    );
    let path = "/v1/checkout/sessions";
    let (status, headers, made) = ask(&desk, reqwest::Method::POST, path, &form).await;
    // A session needs no address for who leaves it.
    assert_eq!(
        (status, &made["cancel_url"]),
        (200, &serde_json::Value::Null),
        "{made}"
    );
    assert_eq!(made["line_items"]["data"][0]["amount_total"], 800);
    let first = headers["request-id"].to_str().unwrap().to_owned();
    assert!(first.starts_with("req_") && !headers.contains_key("idempotent-replayed"));
    let (_, headers, again) = ask(&desk, reqwest::Method::POST, path, &form).await;
    assert_eq!(
        (&again["id"], &headers["idempotent-replayed"]),
        (&made["id"], &"true".parse().unwrap())
    );
    assert_ne!(headers["request-id"].to_str().unwrap(), first);
    let id = made["id"].as_str().unwrap();
    let (_, _, items) = ask(&desk, GET, &format!("{path}/{id}/line_items?limit=1"), "").await;
    assert_eq!(
        (&items["object"], &items["data"][0]["quantity"]),
        (&"list".into(), &2.into())
    );
    let (status, headers, refused) = ask(&desk, GET, "/v1/checkout/sessions/cs_none", "").await;
    assert!(headers.contains_key("request-id"));
    let error = &refused["error"];
    assert_eq!((status, &error["code"]), (404, &"resource_missing".into()));
    assert!(
        error["doc_url"]
            .as_str()
            .unwrap()
            .ends_with("resource-missing")
    );
    let (status, _, refused) = ask(&desk, GET, "/v1/moon", "").await;
    assert_eq!((status, refused["error"].get("code")), (404, None));
    let (status, _, refused) = ask(&desk, GET, &format!("{path}/{id}?expand[]=moon"), "").await;
    assert_eq!(
        (status, &refused["error"]["param"]),
        (400, &"expand".into())
    );
}

#[tokio::test]
async fn lists_are_turned_over_both_ways_and_expanded() {
    let desk = Desk::open().await;
    let mut made = Vec::new();
    for number in 0..5 {
        let id = desk
            .create(1_000, "usd", &format!("k{number}"))
            .await
            .unwrap();
        desk.sim.stripe_pay(&id).unwrap();
        made.push(id);
    }
    let list = async |query: &str| ask(&desk, GET, &format!("/v1/{query}"), "").await.2;
    let ids = |list: &serde_json::Value| -> Vec<String> {
        let data = list["data"].as_array().unwrap().iter();
        data.map(|one| one["id"].as_str().unwrap().to_owned())
            .collect()
    };
    let newer = list(&format!(
        "checkout/sessions?ending_before={}&limit=2",
        made[1]
    ))
    .await;
    assert_eq!(ids(&newer), [made[3].clone(), made[2].clone()]);
    assert_eq!(newer["has_more"], true);
    let older = list(&format!(
        "checkout/sessions?starting_after={}&limit=5",
        made[1]
    ))
    .await;
    assert_eq!(
        (ids(&older), &older["has_more"]),
        (vec![made[0].clone()], &false.into())
    );
    let both = format!(
        "checkout/sessions?starting_after={0}&ending_before={0}",
        made[1]
    );
    assert_eq!(list(&both).await["error"]["param"], "ending_before");
    for types in [
        "types[]=payment_intent.succeeded&types[]=charge.*",
        "types[0]=payment_intent.succeeded&types[1]=charge.*",
    ] {
        let events = list(&format!("events?limit=100&{types}")).await;
        assert_eq!(events["data"].as_array().unwrap().len(), 10, "{types}");
    }
    let whole = list("checkout/sessions?limit=1&expand[0]=data.payment_intent.latest_charge").await;
    assert_eq!(
        whole["data"][0]["payment_intent"]["latest_charge"]["object"],
        "charge"
    );
    let moves = list("balance_transactions?limit=1&expand[]=data.source").await;
    assert_eq!(moves["data"][0]["source"]["object"], "charge");
    assert_eq!(
        list("checkout/sessions?expand[]=payment_intent").await["error"]["param"],
        "expand"
    );
}

#[tokio::test]
async fn a_disputed_charge_is_not_given_back_and_a_won_one_is_there_again() {
    let desk = Desk::open().await;
    let id = desk.create(1_000, "usd", "k1").await.unwrap();
    assert!(
        desk.sim
            .stripe_act(&id, &StripeAction::Dispute { inquiry: false })
            .is_err()
    );
    let intent = desk.sim.stripe_pay(&id).unwrap().payment_intent.unwrap();
    let before = desk.sim.stripe_balance(ACCOUNT)["usd"];
    let act = |action| desk.sim.stripe_act(&id, &action).unwrap();
    act(StripeAction::Dispute { inquiry: false });
    assert_eq!(
        desk.sim.stripe_balance(ACCOUNT)["usd"],
        before - 1_000 - 1_500
    );
    let new = NewRefund {
        intent: &intent,
        amount: Some(400),
        reference: "rfd_1",
    };
    match desk.stripe.refund(&new, "r1").await {
        Err(Error::Refused(refusal)) => {
            assert_eq!(refusal.code.as_deref(), Some("charge_disputed"))
        }
        other => panic!("{other:?}"),
    }
    act(StripeAction::EndDispute { won: true });
    assert_eq!(desk.sim.stripe_balance(ACCOUNT)["usd"], before - 1_500);
    desk.stripe.refund(&new, "r2").await.unwrap();
}
