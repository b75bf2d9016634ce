use std::time::Duration;

use chrono::{SubsecRound, TimeDelta};
use kazi_platform::{Money, Timestamp, actor::Actor};
use kazi_queue::{Job, testing::Drained};
use kazi_simulators::{Line, Service};
use serde_json::json;

use super::*;
use crate::{
    Work,
    channels::{ChannelKind, EventKind},
    contacts::{self, ContactId, NewContact},
    payments::{Ended, How, Opened, Paid, PaymentId, SubscriptionId},
    templates::{self, Category, Template, TemplateId, TemplateStatus},
    testing::{CUSTOMER, Shop},
};

const DAY: Duration = Duration::from_secs(86_400);

/// A customer who has just written, and a plan for a month.
struct Scene {
    shop: Shop,
    contact: ContactId,
    plan: Plan,
}

impl Scene {
    async fn open() -> Self {
        let shop = Shop::open().await;
        shop.hear("1", "hey").await;
        shop.drain().await;
        let mut work = shop.work().await;
        let phone = kazi_platform::Phone::from_wa_id(CUSTOMER).unwrap();
        let contact = contacts::by_phone(&mut work, &phone).await;
        let contact = contact.unwrap().unwrap().id;
        let plan = create_plan(&mut work, &monthly()).await;
        work.commit().await.unwrap();
        Self {
            plan: plan.unwrap(),
            contact,
            shop,
        }
    }

    /// With templates for whoever has not written for a day.
    async fn with_templates() -> Self {
        let scene = Self::open().await;
        let pay = json!({"type": "URL", "text": "Pay", "url": "https://kazi.test/{{1}}"});
        for (name, body, buttons) in [
            (REMINDER, "Please pay for {{1}} by {{2}}.", vec![pay]),
            (RENEWED, "{{1}} runs until {{2}}.", Vec::new()),
            (ENDED, "{{1}} has ended.", Vec::new()),
        ] {
            let of_the_provider = kazi_simulators::Template {
                name: name.into(),
                language: "en".into(),
                category: "UTILITY".into(),
                body: body.into(),
                status: "APPROVED".into(),
                buttons: buttons.clone(),
                ..kazi_simulators::Template::default()
            };
            scene.shop.providers.add_template("1", of_the_provider);
            let template = Template {
                id: TemplateId::new(),
                account: String::new(),
                name: name.into(),
                language: "en".into(),
                category: Category::Utility,
                status: TemplateStatus::Approved,
                body: body.into(),
                components: json!([{"type": "BUTTONS", "buttons": buttons}]),
                paused_until: None,
            };
            let mut work = scene.shop.work().await;
            templates::save(&mut work, &template).await.unwrap();
            work.commit().await.unwrap();
        }
        scene
    }

    async fn drain(&self) -> Drained {
        self.shop.drain_but_payments().await
    }

    async fn after(&self, time: Duration) -> Drained {
        self.shop.after_but_payments(time).await
    }

    fn now(&self) -> Timestamp {
        self.shop.now().trunc_subsecs(6)
    }

    async fn subscribe(
        &self,
        ends_at: Option<Timestamp>,
    ) -> Result<Subscription, SubscriptionError> {
        let new = NewSubscription {
            contact_id: self.contact,
            plan_id: self.plan.id,
            ends_at,
        };
        let mut work = self.shop.work().await;
        let made = subscribe(&mut work, &new).await?;
        work.commit().await.unwrap();
        Ok(made)
    }

    /// One that ends so many days from now.
    async fn ends_in(&self, days: i64) -> Subscription {
        let end = self.now() + TimeDelta::days(days);
        self.subscribe(Some(end)).await.unwrap()
    }

    async fn get(&self, id: SubscriptionId) -> Subscription {
        let found = subscription(&mut self.shop.work().await, id).await;
        found.unwrap().unwrap()
    }

    /// Of the payment that is asked for now: it can be made.
    async fn opened(&self, id: SubscriptionId) -> PaymentId {
        let payment = self.get(id).await.payment.unwrap();
        let opened = Opened {
            payment: payment.id,
            url: format!("https://pay.test/c/{}", payment.id),
            expires_at: payment.until,
        };
        self.tell_opened(id, &opened).await;
        self.drain().await;
        payment.id
    }

    async fn tell_opened(&self, id: SubscriptionId, opened: &Opened) {
        let mut work = self.shop.work().await;
        payment_opened(&mut work, id, opened).await.unwrap();
        work.commit().await.unwrap();
    }

    async fn pay(&self, id: SubscriptionId, payment: PaymentId) {
        let money = Paid {
            payment,
            amount: self.plan.price,
            at: self.shop.now(),
        };
        let mut work = self.shop.work().await;
        paid(&mut work, id, &money).await.unwrap();
        work.commit().await.unwrap();
        self.drain().await;
    }

    async fn ended(&self, id: SubscriptionId, payment: PaymentId, how: How) {
        let mut work = self.shop.work().await;
        let told = Ended {
            payment,
            how,
            error: None,
        };
        payment_ended(&mut work, id, &told).await.unwrap();
        work.commit().await.unwrap();
    }

    async fn cancel(&self, id: SubscriptionId, at_end: bool) -> Subscription {
        let mut work = self.shop.work().await;
        let done = cancel(&mut work, id, at_end).await;
        work.commit().await.unwrap();
        done.unwrap()
    }

    async fn bought(&self, id: SubscriptionId) -> Vec<PaidPeriod> {
        let mut work = self.shop.work().await;
        periods(&mut work, id, None, 100).await.unwrap()
    }

    /// What the customer has got.
    fn got(&self) -> Vec<Line> {
        let lines = self.shop.phone(ChannelKind::WhatsApp).transcript();
        lines
            .into_iter()
            .filter(|line| line.direction == "in")
            .collect()
    }

    /// The messages with this in them.
    fn said(&self, part: &str) -> usize {
        self.got()
            .iter()
            .filter(|line| line.text.contains(part))
            .count()
    }

    async fn days(&self, days: u32) {
        self.after(DAY * days).await;
    }

    async fn says(&self, id: &str, text: &str) -> Line {
        self.shop.hear(id, text).await;
        self.drain().await;
        self.got().pop().unwrap()
    }

    async fn taps(&self, id: &str) -> Line {
        let message = json!({
            "id": format!("wamid.{id}.{}", self.got().len()), "from": CUSTOMER, "type": "interactive",
            "interactive": {"type": "list_reply", "list_reply": {"id": id, "title": "Tapped"}},
        });
        let payload = json!({"message": message, "contact": {"wa_id": CUSTOMER}});
        let (kind, what) = (ChannelKind::WhatsApp, EventKind::Message);
        self.shop.record(kind, what, CUSTOMER, payload).await;
        self.drain().await;
        self.got().pop().unwrap()
    }
}

fn monthly() -> NewPlan {
    NewPlan {
        names: [
            ("en".to_owned(), "IPTV".to_owned()),
            ("fr".to_owned(), "TV".to_owned()),
        ]
        .into(),
        descriptions: [("en".to_owned(), "300 channels".to_owned())].into(),
        price: Money {
            minor: 500,
            currency: "USD".parse().unwrap(),
        },
        period: Period {
            unit: Unit::Month,
            count: 1,
        },
        grace_days: 3,
        remind_days: vec![7, 3, 1],
    }
}

#[tokio::test]
async fn a_subscription_begins_with_its_payment_whatever_is_told_twice() {
    let scene = Scene::open().await;
    let made = scene.subscribe(None).await.unwrap();
    assert_eq!((made.status, made.ends_at), (Status::Pending, None));

    let payment = scene.opened(made.id).await;
    let again = Opened {
        payment,
        url: "https://pay.test/another".into(),
        expires_at: scene.now() + TimeDelta::hours(1),
    };
    scene.tell_opened(made.id, &again).await;
    scene.drain().await;
    assert_eq!(scene.said("https://pay.test/"), 1);
    assert_eq!(scene.said("IPTV: pay 5.00 USD"), 1);

    scene.pay(made.id, payment).await;
    scene.pay(made.id, payment).await;
    let running = scene.get(made.id).await;
    assert_eq!(running.status, Status::Active);
    assert_eq!(running.starts_at, Some(scene.now()));
    assert_eq!(running.payment, None);
    let bought = scene.bought(made.id).await;
    assert_eq!(bought.len(), 1);
    assert_eq!(Some(bought[0].ends_at), running.ends_at);
    assert_eq!(scene.said("Thank you"), 1);
    // A link that is told late leads nowhere.
    scene.tell_opened(made.id, &again).await;
    scene.drain().await;
    assert_eq!(scene.said("https://pay.test/"), 1);
}

#[tokio::test]
async fn a_payment_that_is_told_twice_at_once_renews_once() {
    let scene = Scene::open().await;
    let made = scene.ends_in(10).await;
    let payment = PaymentId::new();
    tokio::join!(
        scene.pay(made.id, payment),
        scene.pay(made.id, payment),
        scene.pay(made.id, payment)
    );
    assert_eq!(scene.bought(made.id).await.len(), 1);
    assert_eq!(scene.get(made.id).await.periods, 1);
    assert_eq!(scene.said("Thank you"), 1);
}

#[tokio::test]
async fn reminders_come_seven_three_and_one_days_before_with_a_link() {
    let scene = Scene::with_templates().await;
    let made = scene.ends_in(30).await;
    scene.days(22).await;
    assert_eq!(scene.get(made.id).await.payment, None);

    let mut payments = Vec::new();
    for (wait, days) in [(1, 7), (4, 3), (2, 1)] {
        scene.days(wait).await;
        assert_eq!(scene.get(made.id).await.reminded, Some(days));
        payments.push(scene.opened(made.id).await);
        assert_eq!(scene.said("Please pay for IPTV by"), payments.len());
    }
    payments.dedup();
    assert_eq!(payments.len(), 3, "each link is good for a day");
    let button = scene.shop.sent(Service::WhatsApp).pop().unwrap().body;
    let parameter = &button["template"]["components"][1]["parameters"][0]["text"];
    assert_eq!(*parameter, format!("c/{}", payments[2]));

    // Paid a day before: the month begins where the last one ended.
    scene.pay(made.id, payments[2]).await;
    let renewed = scene.get(made.id).await;
    let bought = scene.bought(made.id).await;
    assert_eq!(Some(bought[0].starts_at), made.ends_at);
    assert_eq!(Some(bought[0].ends_at), renewed.ends_at);
    assert_eq!(scene.said("IPTV runs until"), 1);
    scene.days(2).await;
    assert_eq!(scene.get(made.id).await, renewed, "the old end is none");
}

#[tokio::test]
async fn a_reminder_that_runs_twice_reminds_once() {
    let scene = Scene::with_templates().await;
    let made = scene.ends_in(5).await;
    scene.days(2).await;
    let first = scene.opened(made.id).await;
    assert_eq!(scene.said("Please pay for IPTV by"), 1);
    let job = RemindRenewal {
        workspace: scene.shop.workspace,
        subscription: made.id,
        ends_at: made.ends_at.unwrap(),
        days: 3,
    };
    let mut conn = scene.shop.conn().await;
    job.enqueue(&mut conn).await.unwrap();
    scene.drain().await;
    assert_eq!(scene.said("Please pay for IPTV by"), 1);
    assert_eq!(scene.get(made.id).await.payment.unwrap().id, first);
}

#[tokio::test]
async fn a_link_that_is_open_is_told_again_by_the_reminder() {
    let scene = Scene::with_templates().await;
    let made = scene.ends_in(3).await;
    scene.after(DAY * 2 - Duration::from_secs(3_600)).await;
    let mut work = scene.shop.work().await;
    renew(&mut work, made.id).await.unwrap();
    work.commit().await.unwrap();
    let payment = scene.opened(made.id).await;
    scene.after(Duration::from_secs(3_600)).await;
    assert_eq!(scene.said("Please pay for IPTV by"), 2);
    assert_eq!(scene.get(made.id).await.payment.unwrap().id, payment);
}

#[tokio::test]
async fn who_is_cancelled_is_not_reminded() {
    let scene = Scene::open().await;
    let at_once = scene.ends_in(10).await;
    let cancelled = scene.cancel(at_once.id, false).await;
    assert_eq!(cancelled.status, Status::Cancelled);
    let at_end = scene.ends_in(10).await;
    assert!(scene.cancel(at_end.id, true).await.auto_cancel);
    scene.days(9).await;
    for id in [at_once.id, at_end.id] {
        let there = scene.get(id).await;
        assert_eq!((there.payment, there.reminded), (None, None));
    }
    assert_eq!(scene.get(at_end.id).await.status, Status::Active);
    scene.days(1).await;
    assert_eq!(scene.get(at_end.id).await.status, Status::Cancelled);
}

#[tokio::test]
async fn after_the_end_come_days_of_grace_and_then_it_is_over() {
    let scene = Scene::with_templates().await;
    scene.shop.listen().await;
    let made = scene.ends_in(1).await;
    scene.days(1).await;
    let there = scene.get(made.id).await;
    assert_eq!(there.status, Status::Grace);
    let until = made.ends_at.unwrap() + TimeDelta::days(3);
    assert_eq!(there.grace_until, Some(until));
    let payment = scene.opened(made.id).await;
    let by = format!("Please pay for IPTV by {}", until.format("%Y-%m-%d"));
    assert_eq!(scene.said(&by), 1);

    scene.days(3).await;
    assert_eq!(scene.get(made.id).await.status, Status::Expired);
    assert_eq!(scene.said("IPTV has ended."), 1);
    // Too late to go on, and not too late to begin anew.
    scene.days(1).await;
    scene.pay(made.id, payment).await;
    let anew = scene.get(made.id).await;
    assert_eq!(anew.status, Status::Active);
    assert_eq!(anew.starts_at, Some(scene.now()));
    let told = scene.shop.announced("subscription").await;
    let events =
        ["created", "grace", "expired", "paid"].map(|event| format!("subscription.{event}"));
    assert_eq!(told, events);
}

#[tokio::test]
async fn a_payment_within_the_grace_goes_on_where_it_ended() {
    let scene = Scene::open().await;
    let made = scene.ends_in(1).await;
    scene.days(3).await;
    let payment = scene.get(made.id).await.payment.unwrap().id;
    scene.pay(made.id, payment).await;
    let there = scene.get(made.id).await;
    assert_eq!((there.status, there.grace_until), (Status::Active, None));
    let bought = scene.bought(made.id).await;
    assert_eq!(Some(bought[0].starts_at), made.ends_at);
    // What was planned for the end of the grace finds that there is none.
    scene.days(2).await;
    assert_eq!(scene.get(made.id).await.status, Status::Active);
}

#[tokio::test]
async fn after_a_stop_of_days_one_reminder_comes_and_not_three() {
    let scene = Scene::open().await;
    let made = scene.ends_in(10).await;
    scene.after(DAY * 9 + Duration::from_secs(3_600)).await;
    let there = scene.get(made.id).await;
    assert_eq!(there.reminded, Some(1));
    let late = scene.after(DAY * 30).await;
    assert_eq!((late.dead, late.retried), (0, 0));
    assert_eq!(scene.get(made.id).await.status, Status::Expired);
}

#[tokio::test]
async fn a_payment_that_ends_unpaid_makes_room_for_the_next() {
    let scene = Scene::open().await;
    let pending = scene.subscribe(None).await.unwrap();
    let payment = pending.payment.clone().unwrap().id;
    scene
        .ended(pending.id, PaymentId::new(), How::Expired)
        .await;
    assert_eq!(scene.get(pending.id).await.status, Status::Pending);
    scene.ended(pending.id, payment, How::Expired).await;
    assert_eq!(scene.get(pending.id).await.status, Status::Cancelled);

    // Its money comes all the same: it is not lost, and belongs to what runs now.
    let running = scene.ends_in(3).await;
    scene.pay(pending.id, payment).await;
    assert_eq!(scene.bought(running.id).await.len(), 1);
    assert_eq!(scene.get(pending.id).await.status, Status::Cancelled);

    scene.ended(running.id, payment, How::Refunded).await;
    scene.ended(running.id, payment, How::Refunded).await;
    assert!(scene.bought(running.id).await[0].refunded_at.is_some());
    assert_eq!(scene.get(running.id).await.status, Status::Active);
}

#[tokio::test]
async fn of_two_who_subscribe_at_once_one_does() {
    let scene = Scene::open().await;
    let (first, second) = tokio::join!(scene.subscribe(None), scene.subscribe(None));
    let (made, refused) = match (first, second) {
        (Ok(made), Err(refused)) | (Err(refused), Ok(made)) => (made, refused),
        other => panic!("{other:?}"),
    };
    assert!(matches!(refused, SubscriptionError::AlreadySubscribed(there) if there == made.id));
}

#[tokio::test]
async fn who_cannot_be_reached_is_renewed_all_the_same() {
    let scene = Scene::open().await;
    let made = scene.ends_in(8).await;
    // No template, and the last word is more than a day old.
    scene.days(1).await;
    let before = scene.got().len();
    let payment = scene.opened(made.id).await;
    scene.pay(made.id, payment).await;
    assert_eq!(scene.got().len(), before);
    assert_eq!(scene.bought(made.id).await.len(), 1);
}

#[tokio::test]
async fn a_merged_contact_keeps_the_subscription_that_ends_later() {
    let scene = Scene::open().await;
    let sooner = scene.ends_in(3).await;
    let new = NewContact {
        name: Some("Amina O.".into()),
        ..NewContact::default()
    };
    let mut work = scene.shop.work().await;
    let other = contacts::create(&mut work, &new).await;
    let other = other.unwrap().id;
    let new = NewSubscription {
        contact_id: other,
        plan_id: scene.plan.id,
        ends_at: Some(scene.now() + TimeDelta::days(9)),
    };
    let later = subscribe(&mut work, &new).await;
    let later = later.unwrap();
    crate::people::merge(&mut work, other, scene.contact)
        .await
        .unwrap();
    work.commit().await.unwrap();
    let kept = scene.get(later.id).await;
    assert_eq!(
        (kept.contact_id, kept.status),
        (scene.contact, Status::Active)
    );
    assert_eq!(scene.get(sooner.id).await.status, Status::Cancelled);
}

#[tokio::test]
async fn details_are_sealed_and_go_with_the_contact() {
    let scene = Scene::open().await;
    let made = scene.ends_in(3).await;
    let keyring = &scene.shop.ctx.keyring;
    let secret = Details::from([("password".to_owned(), "maize kettle".to_owned())]);
    let (db, workspace) = (&scene.shop.ctx.db, scene.shop.workspace);
    let mut work = Work::begin(db, workspace, scene.now(), Actor::OPERATOR)
        .await
        .unwrap();
    set_details(&mut work, keyring, made.id, &secret)
        .await
        .unwrap();
    let shown = details(&mut work, keyring, made.id).await.unwrap();
    assert_eq!(shown, secret);
    let sealed = store::details(&mut work, made.id).await.unwrap().unwrap();
    assert!(!String::from_utf8_lossy(&sealed).contains("maize"));
    crate::people::erase(&mut work, scene.contact)
        .await
        .unwrap();
    assert_eq!(
        details(&mut work, keyring, made.id).await.unwrap(),
        Details::new()
    );
    work.commit().await.unwrap();
    assert_eq!(scene.get(made.id).await.status, Status::Cancelled);
}

#[tokio::test]
async fn a_plan_s_faults_are_told_by_field() {
    let scene = Scene::open().await;
    let bad = NewPlan {
        names: [("xx".to_owned(), "?".to_owned())].into(),
        price: Money {
            minor: 0,
            ..scene.plan.price
        },
        period: Period {
            unit: Unit::Month,
            count: 25,
        },
        grace_days: -1,
        remind_days: vec![3, 3],
        ..monthly()
    };
    let refused = create_plan(&mut scene.shop.work().await, &bad).await;
    let Err(SubscriptionError::Invalid(invalid)) = refused else {
        panic!("{refused:?}")
    };
    let fields: Vec<&str> = invalid
        .0
        .iter()
        .map(|error| error.pointer.as_str())
        .collect();
    assert_eq!(
        fields,
        [
            "/names/xx",
            "/price/minor",
            "/period/count",
            "/grace_days",
            "/remind_days"
        ]
    );
    let past = scene.subscribe(Some(scene.now())).await;
    assert!(matches!(past, Err(SubscriptionError::Invalid(_))));
}

#[tokio::test]
async fn in_the_chat_somebody_subscribes_and_sees_the_end() {
    let scene = Scene::open().await;
    scene.says("2", "Amina").await;
    scene.taps("lang:en").await;
    let offered = scene.says("3", "plans").await;
    assert!(offered.text.contains("our plans"), "{}", offered.text);
    let take = format!("plans:take:{}", scene.plan.id);
    assert_eq!(offered.buttons[0].id, take, "one is a button");

    let answer = scene.taps(&take).await;
    assert!(answer.text.contains("on its way"), "{}", answer.text);
    let all = subscriptions(
        &mut scene.shop.work().await,
        &SubscriptionFilter::default(),
        None,
        9,
    )
    .await;
    let id = all.unwrap()[0].id;
    let payment = scene.opened(id).await;
    let link = format!("https://pay.test/c/{payment}");
    assert!(scene.got().pop().unwrap().text.contains(&link));
    // A second tap is no second subscription.
    assert!(scene.taps(&take).await.text.contains(&link));
    assert!(
        scene
            .taps("plans:mine")
            .await
            .text
            .contains("waiting for your payment")
    );
    scene.pay(id, payment).await;
    let mine = scene.taps("plans:mine").await;
    let end = scene.get(id).await.ends_at.unwrap();
    assert!(
        mine.text
            .contains(&format!("runs until {}", end.format("%Y-%m-%d")))
    );

    // What is not theirs, or not there, is said to be gone.
    for tap in [
        format!("plans:renew:{}", SubscriptionId::new()),
        format!("plans:take:{}", PlanId::new()),
    ] {
        let answer = scene.taps(&tap).await;
        assert!(
            answer.text.contains("not there any more"),
            "{tap}: {}",
            answer.text
        );
    }
}

#[tokio::test]
async fn a_job_of_a_subscription_that_is_gone_ends_well() {
    let scene = Scene::open().await;
    let (workspace, ends_at) = (scene.shop.workspace, scene.now());
    let subscription = SubscriptionId::new();
    let mut conn = scene.shop.conn().await;
    let remind = RemindRenewal {
        workspace,
        subscription,
        ends_at,
        days: 7,
    };
    remind.enqueue(&mut conn).await.unwrap();
    let expire = Expire {
        workspace,
        subscription,
        ends_at,
    };
    expire.enqueue(&mut conn).await.unwrap();
    let ran = scene.drain().await;
    assert_eq!((ran.done, ran.dead, ran.retried), (2, 0, 0));
}

#[tokio::test]
async fn a_model_reads_the_customers_own_subscriptions() {
    let scene = Scene::open().await;
    for text in ["Amina", "English"] {
        scene.shop.hear(text, text).await;
        scene.drain().await;
    }
    let new = NewSubscription {
        contact_id: scene.contact,
        plan_id: scene.plan.id,
        ends_at: None,
    };
    let mut work = scene.shop.work().await;
    subscribe(&mut work, &new).await.unwrap();
    work.commit().await.unwrap();
    scene.shop.hear("q", "Until when is my subscription?").await;
    scene.drain().await;
    let request = scene.shop.sent(Service::OpenRouter).pop().unwrap().body;
    let told = request["messages"].as_array().unwrap().last().unwrap()["content"].as_str();
    let told: serde_json::Value = serde_json::from_str(told.unwrap()).unwrap();
    assert_eq!(told["subscriptions"][0]["status"], "pending");
    assert_eq!(told["subscriptions"].as_array().unwrap().len(), 1);
}
