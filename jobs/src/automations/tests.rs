//! Automations from their trigger to their figures, with jobs that run twice, a template that is refused and people who
//! opt out.

use std::{collections::BTreeSet, time::Duration};

use chrono::TimeDelta;
use kazi_platform::Timestamp;
use kazi_queue::{Job, Registry};
use kazi_simulators::Service;
use serde_json::{Value, json};

use super::*;
use crate::{
    channels::{ChannelKind, EventKind},
    contacts::{self, ContactId, Field, FieldKind},
    domain::Domain,
    orders,
    templates::{self, Category, Template, TemplateId, TemplateStatus},
    testing::Shop,
};

const ACCOUNT: &str = "1";
const HOUR: Duration = Duration::from_secs(3_600);
const DAY: Duration = Duration::from_secs(86_400);

/// A shop with an approved template and so many contacts of Kenya.
async fn shop(contacts: usize) -> Shop {
    let shop = Shop::open().await;
    let mut conn = shop.conn().await;
    sqlx::query("UPDATE channels SET account_id = $1 WHERE kind = 'whatsapp'")
        .bind(ACCOUNT)
        .execute(&mut *conn)
        .await
        .unwrap();
    sqlx::query("UPDATE workspaces SET time_zone = 'UTC'")
        .execute(&mut *conn)
        .await
        .unwrap();
    shop.ctx.channels().clear();
    template(&shop, "offer", "Hello {{1}}, tea is cheaper today.").await;
    for n in 0..contacts {
        contact(&shop, n).await;
    }
    shop
}

async fn template(shop: &Shop, name: &str, body: &str) {
    template_in(shop, (name, "en"), Category::Marketing, body).await;
}

async fn template_in(shop: &Shop, (name, language): (&str, &str), category: Category, body: &str) {
    let template = Template {
        id: TemplateId::new(),
        account: ACCOUNT.into(),
        name: name.into(),
        language: language.into(),
        category,
        status: TemplateStatus::Approved,
        body: body.into(),
        components: json!([{"type": "BODY", "text": body}]),
        paused_until: None,
    };
    let mut work = shop.work().await;
    templates::save(&mut work, &template).await.unwrap();
    work.commit().await.unwrap();
    let there = kazi_simulators::Template {
        name: name.into(),
        language: language.into(),
        category: category.name().to_uppercase(),
        body: body.into(),
        status: "APPROVED".into(),
        ..kazi_simulators::Template::default()
    };
    shop.providers.add_template(ACCOUNT, there);
}

fn phone(n: usize) -> String {
    format!("2547123{n:05}")
}

async fn contact(shop: &Shop, n: usize) -> ContactId {
    let id = ContactId::new();
    sqlx::query("INSERT INTO contacts (workspace_id, id, name, phone, language, country) VALUES ($1, $2, 'Amina O', $3, 'en', 'KE')")
        .bind(shop.workspace.uuid())
        .bind(id.uuid())
        .bind(format!("+{}", phone(n)))
        .execute(&mut *shop.conn().await)
        .await
        .unwrap();
    id
}

async fn change(shop: &Shop, statement: &str) {
    sqlx::raw_sql(sqlx::AssertSqlSafe(statement.to_owned()))
        .execute(&mut *shop.conn().await)
        .await
        .unwrap();
}

/// A step that sends a template with the contact's first name.
fn send(shop: &Shop, key: &str, template: &str) -> Value {
    json!({"key": key, "action": {"kind": "send", "channel_id": shop.whatsapp, "content": {
        "kind": "template", "name": template, "parameters": [{"field": {"name": "first_name"}}]}}})
}

fn wait(key: &str, minutes: u32) -> Value {
    json!({"key": key, "action": {"kind": "wait", "minutes": minutes}})
}

fn tag(key: &str, tag: &str) -> Value {
    json!({"key": key, "action": {"kind": "add_tag", "tag": tag}})
}

/// Every day at the next full hour.
fn daily(shop: &Shop) -> Value {
    let next = shop.now() + TimeDelta::hours(1);
    json!({"kind": "cron", "expression": next.format("0 %H * * *").to_string()})
}

fn new(trigger: Value, steps: &[Value]) -> NewAutomation {
    let new = json!({"name": "Tea", "trigger": trigger, "steps": steps, "reentry_after_days": 0});
    serde_json::from_value(new).unwrap()
}

async fn active(shop: &Shop, new: &NewAutomation) -> AutomationId {
    let mut work = shop.work().await;
    let made = create(&mut work, new).await.unwrap();
    activate(&mut work, &made, Activation::default())
        .await
        .unwrap();
    work.commit().await.unwrap();
    made.id
}

/// Does something to an automation as a member would.
macro_rules! act {
    ($shop:expr, $id:expr, $deed:ident $(, $more:expr)*) => {{
        let mut work = $shop.work().await;
        let before = lock(&mut work, $id).await.unwrap().unwrap();
        let done = $deed(&mut work, &before $(, $more)*).await;
        work.commit().await.unwrap();
        done
    }};
}

// Behind the macro, which they use.
mod changes;
mod credits;
mod frequency;
mod locks;
mod refusals;
mod triggers;

async fn shown(shop: &Shop, id: AutomationId) -> Automation {
    get(&mut shop.work().await, id).await.unwrap().unwrap()
}

async fn counted(shop: &Shop, id: AutomationId) -> Progress {
    let automation = shown(shop, id).await;
    let figures = figures(&mut shop.work().await, &automation).await.unwrap();
    let parts = figures.active + figures.finished + figures.stopped.total + figures.failed.total;
    assert_eq!(figures.entered, parts, "{figures:?}");
    figures
}

async fn all_enrolments(shop: &Shop, id: AutomationId) -> Vec<Enrolment> {
    enrolments(&mut shop.work().await, id, None, None, None, 100)
        .await
        .unwrap()
}

async fn find(shop: &Shop) {
    FindDue {}.enqueue(&mut *shop.conn().await).await.unwrap();
}

/// Lets the time of the trigger's next look come, and runs what is due.
async fn look(shop: &Shop, id: AutomationId) {
    let at = shown(shop, id).await.next_at.unwrap();
    // It may be overdue.
    shop.ctx
        .clock
        .advance((at - shop.now()).max(TimeDelta::zero()));
    find(shop).await;
    shop.drain().await;
}

/// Like [`look`], while the messages stay queued.
async fn look_alone(shop: &Shop, id: AutomationId) {
    let at = shown(shop, id).await.next_at.unwrap();
    shop.ctx
        .clock
        .advance((at - shop.now()).max(TimeDelta::zero()));
    find(shop).await;
    drain_of(shop, &DOMAIN).await;
}

/// Runs what is due of one domain alone: messages stay queued.
async fn drain_of(shop: &Shop, domain: &Domain) {
    let registry = (domain.jobs)(Registry::new());
    kazi_queue::testing::drain(&shop.ctx.owner, &registry, &shop.ctx, shop.now())
        .await
        .unwrap();
}

/// To whom templates were accepted, in order, with the template's name.
fn reached(shop: &Shop) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let sent = shop.sent(Service::WhatsApp).into_iter();
    sent.filter(|entry| entry.message_id.is_some() && entry.body["type"] == "template")
        .map(|entry| {
            (
                text(&entry.body["to"]),
                text(&entry.body["template"]["name"]),
            )
        })
        .collect()
}

/// Each of so many got the template, and got it once.
fn once_each(shop: &Shop, people: usize) {
    let reached = reached(shop);
    let distinct: BTreeSet<_> = reached.iter().collect();
    assert_eq!(
        (reached.len(), distinct.len()),
        (people, people),
        "{reached:?}"
    );
}

/// A text of a contact.
async fn hears(shop: &Shop, n: usize) {
    shop.ctx.clock.advance(TimeDelta::seconds(1));
    let id = format!("wamid.in.{n}.{}", shop.now().timestamp());
    let at = shop.now().timestamp().to_string();
    let message = json!({"id": id, "from": phone(n), "type": "text", "timestamp": at, "text": {"body": "Hi"}});
    let payload = json!({"message": message, "contact": {"wa_id": phone(n)}});
    shop.record(
        ChannelKind::WhatsApp,
        EventKind::Message,
        &phone(n),
        payload,
    )
    .await;
    shop.drain().await;
}

/// Meta's word about the template, with all that follows.
async fn meta_says(shop: &Shop, word: &str) {
    shop.meta_says(ACCOUNT, word).await;
    shop.drain().await;
}

#[tokio::test]
async fn a_cron_enters_each_contact_once_for_each_time_and_every_job_may_run_twice() {
    let shop = shop(3).await;
    let id = active(
        &shop,
        &new(
            daily(&shop),
            &[tag("mark", "tea"), send(&shop, "greet", "offer")],
        ),
    )
    .await;
    find(&shop).await;
    shop.drain().await;
    assert_eq!(counted(&shop, id).await.entered, 0);

    let at = shown(&shop, id).await.next_at.unwrap();
    look(&shop, id).await;
    once_each(&shop, 3);
    // All jobs once more, as after a death.
    let mut conn = shop.conn().await;
    let (workspace, automation) = (shop.workspace, id);
    let look_again = Look {
        workspace,
        automation,
        at,
    };
    look_again.enqueue(&mut conn).await.unwrap();
    for enrolment in all_enrolments(&shop, id).await {
        for position in 0..2 {
            let again = DoStep {
                workspace,
                automation,
                enrolment: enrolment.id,
                position,
            };
            again.enqueue(&mut conn).await.unwrap();
        }
    }
    Wake {
        workspace,
        automation,
    }
    .enqueue(&mut conn)
    .await
    .unwrap();
    find(&shop).await;
    shop.drain().await;
    once_each(&shop, 3);

    // As if the look had died before its end.
    change(
        &shop,
        &format!("UPDATE automations SET next_at = '{}'", at.to_rfc3339()),
    )
    .await;
    find(&shop).await;
    shop.drain().await;
    once_each(&shop, 3);
    assert_eq!(
        shown(&shop, id).await.next_at,
        Some(at + TimeDelta::days(1))
    );

    look(&shop, id).await;
    assert_eq!(reached(&shop).len(), 6);
    let figures = counted(&shop, id).await;
    assert_eq!((figures.entered, figures.finished), (6, 6));
    let greet = &figures.steps[1];
    assert_eq!(
        (
            greet.key.as_str(),
            greet.done,
            greet.messages,
            greet.accepted
        ),
        ("greet", 6, 6, 6)
    );
    let sent = shop.sent(Service::WhatsApp).into_iter();
    let sent: Vec<String> = sent.filter_map(|entry| entry.message_id).collect();
    shop.status(&sent[0], None, "read", None).await;
    shop.status(&sent[1], None, "failed", Some(131_026)).await;
    shop.drain().await;
    let greet = counted(&shop, id).await.steps.remove(1);
    assert_eq!(
        (greet.delivered, greet.read, greet.undelivered.total),
        (1, 1, 1)
    );
    assert_eq!(greet.undelivered.reasons.get("131026"), Some(&1));
}

#[tokio::test]
async fn a_contact_enters_again_when_the_rule_allows_and_no_more_enter_than_the_limit() {
    let shop = shop(3).await;
    let never = NewAutomation {
        reentry_after_days: None,
        ..new(daily(&shop), &[tag("mark", "tea")])
    };
    let after = NewAutomation {
        reentry_after_days: Some(2),
        ..never.clone()
    };
    let few = NewAutomation {
        daily_entries: Some(2),
        ..never.clone()
    };
    let (never, after) = (active(&shop, &never).await, active(&shop, &after).await);
    let few = active(&shop, &few).await;
    for _ in 0..3 {
        look(&shop, never).await;
    }
    assert_eq!(counted(&shop, never).await.entered, 3);
    assert_eq!(counted(&shop, after).await.entered, 6);
    // The third finds a place on the second day.
    assert_eq!(counted(&shop, few).await.entered, 3);
    let automation = shown(&shop, few).await;
    let entered = all_enrolments(&shop, automation.id).await;
    let days: BTreeSet<Timestamp> = entered.iter().map(|one| one.entered_at).collect();
    assert_eq!(days.len(), 2);
}

#[tokio::test]
async fn a_birthday_is_congratulated_once_at_the_contacts_own_hour() {
    let shop = shop(3).await;
    let field = Field {
        key: "birthday".into(),
        label: "Birthday".into(),
        kind: FieldKind::Date,
        choices: Vec::new(),
    };
    let mut work = shop.work().await;
    contacts::declare(&mut work, &field).await.unwrap();
    work.commit().await.unwrap();
    template(&shop, "birthday", "You are {{1}} today.").await;
    // Three hours from now by the clock of Nairobi.
    let hour = shop.now() + TimeDelta::hours(3);
    let nairobi = hour.with_timezone(&chrono_tz::Africa::Nairobi);
    let born = nairobi.format("1990-%m-%d").to_string();
    let other = (nairobi + TimeDelta::days(40))
        .format("1990-%m-%d")
        .to_string();
    change(
        &shop,
        &format!(
            "UPDATE contacts SET attributes = jsonb_build_object('birthday',
                 CASE WHEN phone = '+{}' THEN '{other}' ELSE '{born}' END)",
            phone(2)
        ),
    )
    .await;
    let trigger = json!({"kind": "anniversary", "field": "birthday", "time": nairobi.format("%H:00").to_string()});
    let mut step = send(&shop, "greet", "birthday");
    step["action"]["content"]["parameters"] = json!([{"field": {"name": "subject.years"}}]);
    let id = active(&shop, &new(trigger, &[step])).await;
    let simulation = simulate(&mut shop.work().await, &shown(&shop, id).await)
        .await
        .unwrap();
    assert!(simulation.contacts <= 2);
    for _ in 0..30 {
        look(&shop, id).await;
    }
    once_each(&shop, 2);
    let years = nairobi.format("%Y").to_string().parse::<i32>().unwrap() - 1990;
    let mut sent = shop.sent(Service::WhatsApp).into_iter();
    let first = sent.find(|entry| entry.body["type"] == "template");
    let body = &first.unwrap().body["template"]["components"][0]["parameters"][0]["text"];
    assert_eq!(body, &json!(years.to_string()));
    let entered = all_enrolments(&shop, id).await;
    let at = entered[0]
        .entered_at
        .with_timezone(&chrono_tz::Africa::Nairobi);
    assert_eq!(
        at.format("%H:00").to_string(),
        nairobi.format("%H:00").to_string()
    );
}

#[tokio::test]
async fn a_silent_contact_enters_once_for_each_silence() {
    let shop = shop(2).await;
    change(
        &shop,
        &format!(
            "UPDATE contacts SET last_activity_at = now() - interval '90 days' WHERE phone = '+{}'",
            phone(0)
        ),
    )
    .await;
    let id = active(
        &shop,
        &new(
            json!({"kind": "inactive", "days": 30}),
            &[send(&shop, "back", "offer")],
        ),
    )
    .await;
    look(&shop, id).await;
    look(&shop, id).await;
    assert_eq!(reached(&shop), [(phone(0), "offer".to_owned())]);
    // The contact writes, and is silent again. The other falls silent for the first time.
    hears(&shop, 0).await;
    shop.after(DAY * 29).await;
    look(&shop, id).await;
    assert_eq!(reached(&shop).len(), 1);
    shop.after(DAY * 2).await;
    look(&shop, id).await;
    look(&shop, id).await;
    assert_eq!(reached(&shop).len(), 3);
    assert_eq!(counted(&shop, id).await.entered, 3);
}

#[tokio::test]
async fn steps_wait_ask_and_lead_on() {
    let shop = shop(2).await;
    let ask = json!({"key": "ask", "next": "after", "action": {
        "kind": "condition", "when": {"kind": "answered"}, "otherwise": "remind"}});
    let steps = [
        send(&shop, "greet", "offer"),
        wait("wait", 60),
        ask,
        send(&shop, "remind", "offer"),
        tag("after", "asked"),
    ];
    let id = active(&shop, &new(daily(&shop), &steps)).await;
    look(&shop, id).await;
    assert_eq!(reached(&shop).len(), 2);
    let figures = counted(&shop, id).await;
    assert_eq!((figures.active, figures.steps[1].waiting), (2, 2));
    hears(&shop, 0).await;
    shop.after(HOUR / 2).await;
    assert_eq!(reached(&shop).len(), 2);
    shop.after(HOUR / 2).await;
    // One has answered, the other is reminded.
    let last = reached(&shop).pop().unwrap();
    assert_eq!((reached(&shop).len(), last.0), (3, phone(1)));
    let figures = counted(&shop, id).await;
    assert_eq!(figures.finished, 2);
    let by_key = |key: &str| figures.steps.iter().find(|step| step.key == key).unwrap();
    assert_eq!((by_key("ask").done, by_key("ask").not_held), (2, 1));
    assert_eq!(by_key("remind").done, 1);
    assert_eq!(by_key("after").done, 2);
    assert_eq!(by_key("greet").answered, 1);
    let mut work = shop.work().await;
    let tagged = contacts::Audience {
        tags_any: vec!["asked".into()],
        ..contacts::Audience::default()
    };
    let tagged = contacts::count_audience(&mut work, &tagged).await.unwrap();
    assert_eq!(tagged, 2);
    let enrolment = all_enrolments(&shop, id).await.remove(0);
    let done = steps_of(&mut work, enrolment.id).await.unwrap();
    let results: Vec<&str> = done.iter().map(|one| one.result.as_str()).collect();
    assert!(results.starts_with(&["sent", "waited"]), "{results:?}");
}

#[tokio::test]
async fn whoever_answers_gets_no_more_if_the_automation_says_so() {
    let shop = shop(2).await;
    let steps = [
        send(&shop, "greet", "offer"),
        wait("wait", 60),
        send(&shop, "again", "offer"),
    ];
    let stops = NewAutomation {
        stop_when_answered: true,
        ..new(daily(&shop), &steps)
    };
    let id = active(&shop, &stops).await;
    look(&shop, id).await;
    hears(&shop, 1).await;
    shop.after(HOUR).await;
    let last = reached(&shop).pop().unwrap();
    assert_eq!((reached(&shop).len(), last.0), (3, phone(0)));
    let figures = counted(&shop, id).await;
    assert_eq!(figures.stopped.reasons.get("answered"), Some(&1));
    assert_eq!(figures.finished, 1);
}

#[tokio::test]
async fn a_text_goes_only_where_the_window_is_open() {
    let shop = shop(2).await;
    hears(&shop, 0).await;
    let text = json!({"key": "say", "action": {"kind": "send", "channel_id": shop.whatsapp, "content": {
        "kind": "text", "text": "Hello {{1}}!", "parameters": [{"field": {"name": "first_name"}}]}}});
    let id = active(&shop, &new(daily(&shop), &[text])).await;
    look(&shop, id).await;
    let texts = shop.sent(Service::WhatsApp).into_iter();
    let texts: Vec<_> = texts
        .filter(|entry| entry.body["text"]["body"] == "Hello Amina!")
        .collect();
    assert_eq!(texts.len(), 1);
    assert_eq!(texts[0].body["to"], phone(0));
    let say = counted(&shop, id).await.steps.remove(0);
    assert_eq!(
        (say.messages, say.skipped.reasons.get("window_closed")),
        (1, Some(&1))
    );
}

#[tokio::test]
async fn a_pause_takes_back_what_has_not_left_and_nothing_is_sent_twice() {
    let shop = shop(3).await;
    let steps = [
        send(&shop, "greet", "offer"),
        wait("wait", 10),
        tag("end", "done"),
    ];
    let id = active(&shop, &new(daily(&shop), &steps)).await;
    let at = shown(&shop, id).await.next_at.unwrap();
    shop.ctx.clock.advance(at - shop.now());
    find(&shop).await;
    drain_of(&shop, &DOMAIN).await;
    assert_eq!(counted(&shop, id).await.steps[0].messages, 3);
    act!(shop, id, pause).unwrap();
    shop.after(HOUR).await;
    assert!(reached(&shop).is_empty());
    let figures = counted(&shop, id).await;
    assert_eq!((figures.active, figures.steps[0].waiting), (3, 3));
    act!(shop, id, activate, Activation::default()).unwrap();
    shop.drain().await;
    once_each(&shop, 3);
    // In the middle of a wait.
    act!(shop, id, pause).unwrap();
    shop.after(HOUR).await;
    assert_eq!(counted(&shop, id).await.active, 3);
    act!(shop, id, activate, Activation::default()).unwrap();
    shop.drain().await;
    assert_eq!(counted(&shop, id).await.finished, 3);
    once_each(&shop, 3);
}

#[tokio::test]
async fn a_template_that_is_refused_in_the_middle_pauses_it_until_it_is_approved() {
    let shop = shop(2).await;
    let steps = [
        send(&shop, "greet", "offer"),
        wait("wait", 60),
        send(&shop, "again", "offer"),
    ];
    let id = active(&shop, &new(daily(&shop), &steps)).await;
    look(&shop, id).await;
    meta_says(&shop, "PAUSED").await;
    shop.after(HOUR).await;
    let automation = shown(&shop, id).await;
    assert_eq!(automation.status, AutomationStatus::Paused);
    assert_eq!(automation.reason.as_deref(), Some("no_template"));
    assert_eq!(automation.next_at, None);
    let denied = act!(shop, id, activate, Activation::default());
    assert!(matches!(denied, Err(AutomationError::Conflict(_))));
    assert_eq!(reached(&shop).len(), 2);
    meta_says(&shop, "APPROVED").await;
    assert_eq!(shown(&shop, id).await.status, AutomationStatus::Active);
    shop.drain().await;
    assert_eq!(reached(&shop).len(), 4);
    assert_eq!(counted(&shop, id).await.finished, 2);

    // A member's pause is not lifted by Meta.
    act!(shop, id, pause).unwrap();
    meta_says(&shop, "PAUSED").await;
    meta_says(&shop, "APPROVED").await;
    assert_eq!(shown(&shop, id).await.status, AutomationStatus::Paused);
}

#[tokio::test]
async fn who_opts_out_gets_nothing_and_quiet_hours_are_kept() {
    let shop = shop(3).await;
    let id = active(
        &shop,
        &new(
            daily(&shop),
            &[
                send(&shop, "greet", "offer"),
                wait("wait", 60),
                send(&shop, "again", "offer"),
            ],
        ),
    )
    .await;
    let at = shown(&shop, id).await.next_at.unwrap();
    shop.ctx.clock.advance(at - shop.now());
    find(&shop).await;
    drain_of(&shop, &DOMAIN).await;
    let mut work = shop.work().await;
    let entered = enrolments(&mut work, id, None, None, None, 10)
        .await
        .unwrap();
    contacts::set_consent(&mut work, entered[0].contact_id, false, "keyword")
        .await
        .unwrap();
    contacts::block(&mut work, entered[1].contact_id, true)
        .await
        .unwrap();
    work.commit().await.unwrap();
    shop.drain().await;
    once_each(&shop, 1);
    // The night of Nairobi begins, half an hour before the second message.
    let nairobi = |at: Timestamp| {
        let local = at.with_timezone(&chrono_tz::Africa::Nairobi);
        local.format("%H:%M").to_string()
    };
    let hours = json!({"quiet_hours": {"from": nairobi(shop.now() + TimeDelta::minutes(30)),
                                       "until": nairobi(shop.now() + TimeDelta::minutes(150))}});
    change(
        &shop,
        &format!("UPDATE workspaces SET settings = '{hours}'"),
    )
    .await;
    shop.after(HOUR).await;
    assert_eq!(reached(&shop).len(), 1);
    let figures = counted(&shop, id).await;
    assert_eq!(figures.failed.reasons.get("opted_out"), Some(&1));
    assert_eq!(figures.stopped.reasons.get("blocked"), Some(&1));
    assert_eq!((figures.active, figures.steps[2].waiting), (1, 1));
    shop.after(HOUR * 2).await;
    assert_eq!(reached(&shop).len(), 2);
    assert_eq!(counted(&shop, id).await.finished, 1);
}

#[tokio::test]
async fn those_who_have_entered_go_on_with_the_revision_of_then() {
    let shop = shop(1).await;
    template(&shop, "other", "Dear {{1}}, hello.").await;
    let steps = |last: &str| [wait("wait", 60), send(&shop, "greet", last)];
    let id = active(&shop, &new(daily(&shop), &steps("offer"))).await;
    look(&shop, id).await;
    let after = act!(shop, id, update, &new(daily(&shop), &steps("other"))).unwrap();
    assert_eq!(
        (after.revision, after.status),
        (2, AutomationStatus::Active)
    );
    shop.after(HOUR).await;
    assert_eq!(reached(&shop), [(phone(0), "offer".to_owned())]);
    look(&shop, id).await;
    shop.after(HOUR).await;
    assert_eq!(reached(&shop).pop().unwrap().1, "other");
    // A new name is no new revision.
    let renamed = NewAutomation {
        name: "Coffee".into(),
        ..new(daily(&shop), &steps("other"))
    };
    let trigger = shown(&shop, id).await.trigger;
    let renamed = NewAutomation { trigger, ..renamed };
    let after = act!(shop, id, update, &renamed).unwrap();
    assert_eq!((after.revision, after.name.as_str()), (2, "Coffee"));
}

#[tokio::test]
async fn more_than_ten_thousand_at_once_must_be_confirmed() {
    let shop = shop(0).await;
    change(
        &shop,
        &format!(
            "INSERT INTO contacts (workspace_id, id, phone, language)
             SELECT '{}', gen_random_uuid(), '+2547' || (10000000 + n), 'en' FROM generate_series(1, 10001) n",
            shop.workspace.uuid()
        ),
    )
    .await;
    for trigger in [daily(&shop), json!({"kind": "inactive", "days": 1})] {
        change(
            &shop,
            "UPDATE contacts SET last_activity_at = now() - interval '3 days'",
        )
        .await;
        let mut work = shop.work().await;
        let made = create(&mut work, &new(trigger, &[tag("mark", "tea")]))
            .await
            .unwrap();
        work.commit().await.unwrap();
        let asked = act!(shop, made.id, activate, Activation::default());
        assert!(
            matches!(asked, Err(AutomationError::Reach(10_001))),
            "{asked:?}"
        );
        let simulation = simulate(&mut shop.work().await, &made).await.unwrap();
        assert_eq!((simulation.contacts, simulation.sample.len()), (10_001, 20));
        let confirmed = Activation {
            confirm_reach: true,
        };
        act!(shop, made.id, activate, confirmed).unwrap();
        act!(shop, made.id, pause).unwrap();
    }
    let limited = NewAutomation {
        daily_entries: Some(100),
        ..new(daily(&shop), &[tag("mark", "tea")])
    };
    active(&shop, &limited).await;
}

#[tokio::test]
async fn a_merge_moves_and_an_erasure_empties() {
    let shop = shop(2).await;
    let id = active(
        &shop,
        &new(
            daily(&shop),
            &[wait("wait", 600), send(&shop, "greet", "offer")],
        ),
    )
    .await;
    look(&shop, id).await;
    let entered = all_enrolments(&shop, id).await;
    let (from, into) = (entered[0].contact_id, entered[1].contact_id);
    let mut work = shop.work().await;
    crate::people::merge(&mut work, from, into).await.unwrap();
    work.commit().await.unwrap();
    let left = all_enrolments(&shop, id).await;
    assert_eq!(left.len(), 1);
    assert_eq!(
        (left[0].contact_id, left[0].status.as_str()),
        (into, "active")
    );
    let mut work = shop.work().await;
    erase(&mut work, into).await.unwrap();
    work.commit().await.unwrap();
    shop.after(HOUR * 10).await;
    assert!(reached(&shop).is_empty());
    let figures = counted(&shop, id).await;
    assert_eq!(figures.stopped.reasons.get("gone"), Some(&1));
}

#[tokio::test]
async fn one_is_stopped_by_hand_and_what_is_deleted_ends() {
    let shop = shop(2).await;
    let id = active(
        &shop,
        &new(
            daily(&shop),
            &[wait("wait", 60), send(&shop, "greet", "offer")],
        ),
    )
    .await;
    look(&shop, id).await;
    let entered = all_enrolments(&shop, id).await;
    let mut work = shop.work().await;
    let stopped = stop_enrolment(&mut work, id, entered[0].id).await.unwrap();
    work.commit().await.unwrap();
    assert_eq!(
        (stopped.status.as_str(), stopped.reason.as_deref()),
        ("stopped", Some("by_a_member"))
    );
    assert!(matches!(
        act!(shop, id, delete),
        Err(AutomationError::Conflict(_))
    ));
    shop.after(HOUR).await;
    once_each(&shop, 1);
    act!(shop, id, pause).unwrap();
    act!(shop, id, delete).unwrap();
    shop.after(DAY).await;
    once_each(&shop, 1);
    assert!(get(&mut shop.work().await, id).await.unwrap().is_none());
}

/// An order that a carrier has.
async fn shipped(shop: &Shop, contact: ContactId, number: i64) -> crate::payments::OrderId {
    let id = crate::payments::OrderId::new();
    sqlx::query(
        "INSERT INTO orders (workspace_id, id, number, contact_id, status, currency, total_minor, expires_at, created_at, updated_at)
         VALUES ($1, $2, $3, $4, 'shipped', 'USD', 2500, now(), now(), now())",
    )
    .bind(shop.workspace.uuid())
    .bind(id.uuid())
    .bind(number)
    .bind(contact.uuid())
    .execute(&mut *shop.conn().await)
    .await
    .unwrap();
    id
}

#[tokio::test]
async fn a_delivered_order_enters_its_customer_once_with_its_number() {
    let shop = shop(1).await;
    let customer = contact(&shop, 7).await;
    let mut step = send(&shop, "thank", "offer");
    step["action"]["content"]["parameters"] = json!([{"field": {"name": "subject.number"}}]);
    let id = active(
        &shop,
        &new(json!({"kind": "order_delivered"}), &[step.clone()]),
    )
    .await;
    assert_eq!(shown(&shop, id).await.next_at, None);
    let asleep = active(&shop, &new(json!({"kind": "order_delivered"}), &[step])).await;
    act!(shop, asleep, pause).unwrap();
    let order = shipped(&shop, customer, 41).await;
    let mut work = shop.work().await;
    orders::deliver(&mut work, order).await.unwrap();
    work.commit().await.unwrap();
    shop.drain().await;
    let again = Enter {
        workspace: shop.workspace,
        automation: id,
        subject: order.uuid(),
    };
    again.enqueue(&mut *shop.conn().await).await.unwrap();
    shop.drain().await;
    let sent = shop.sent(Service::WhatsApp).into_iter();
    let sent: Vec<_> = sent
        .filter(|entry| entry.body["template"]["name"] == "offer")
        .collect();
    assert_eq!(sent.len(), 1);
    assert_eq!(sent[0].body["to"], phone(7));
    let said = &sent[0].body["template"]["components"][0]["parameters"][0]["text"];
    assert_eq!(said, "41");
    assert_eq!(counted(&shop, asleep).await.entered, 0);
    // The next order is another occurrence.
    let order = shipped(&shop, customer, 42).await;
    let mut work = shop.work().await;
    orders::deliver(&mut work, order).await.unwrap();
    work.commit().await.unwrap();
    shop.drain().await;
    let entered = all_enrolments(&shop, id).await;
    assert_eq!(entered.len(), 2);
    let occurrence = order.to_string();
    assert!(entered.iter().any(|one| one.occurrence == occurrence));
}

#[tokio::test]
async fn points_enter_their_contact_when_they_reach_a_number() {
    let shop = shop(1).await;
    let customer = contact(&shop, 9).await;
    let trigger = json!({"kind": "points_reached", "points": 30});
    let id = active(&shop, &new(trigger, &[tag("mark", "vip")])).await;
    for (points, entered) in [(20, 0), (5, 0), (10, 1), (10, 1)] {
        let mut work = shop.work().await;
        crate::loyalty::adjust(&mut work, customer, points, "A gift")
            .await
            .unwrap();
        work.commit().await.unwrap();
        shop.drain().await;
        assert_eq!(all_enrolments(&shop, id).await.len(), entered, "{points}");
    }
    let entered = all_enrolments(&shop, id).await;
    assert_eq!(entered[0].subject.0["points"], "35");
}

#[tokio::test]
async fn an_abandoned_cart_enters_its_customer_until_something_is_ordered() {
    let shop = shop(1).await;
    let customer = contact(&shop, 8).await;
    let ordered = json!({"key": "ask", "action": {
        "kind": "condition", "when": {"kind": "ordered"}, "otherwise": "remind"}});
    let steps = [
        wait("wait", 30),
        ordered,
        json!({"key": "end", "action": {"kind": "stop"}}),
        send(&shop, "remind", "offer"),
    ];
    let id = active(
        &shop,
        &new(json!({"kind": "cart_abandoned", "minutes": 60}), &steps),
    )
    .await;
    for (n, contact) in [customer, contact(&shop, 9).await].into_iter().enumerate() {
        change(
            &shop,
            &format!(
                "WITH c AS (INSERT INTO carts (workspace_id, id, contact_id, created_at, updated_at)
                     VALUES ('{0}', gen_random_uuid(), '{1}', '{2}', '{2}') RETURNING workspace_id, id)
                 INSERT INTO cart_items (workspace_id, cart_id, product_id, quantity, added_at)
                 SELECT c.workspace_id, c.id, p.id, 2, '{2}' FROM c, products p WHERE p.sku = 'COF' AND {n} = 0",
                shop.workspace.uuid(),
                contact.uuid(),
                shop.now().to_rfc3339()
            ),
        )
        .await;
    }
    look(&shop, id).await;
    assert_eq!(counted(&shop, id).await.entered, 0);
    shop.ctx.clock.advance(TimeDelta::hours(1));
    look(&shop, id).await;
    look(&shop, id).await;
    // An empty cart is not abandoned.
    let entered = all_enrolments(&shop, id).await;
    assert_eq!(entered.len(), 1);
    assert_eq!(entered[0].contact_id, customer);
    assert_eq!(
        entered[0].subject.0.get("pieces").map(String::as_str),
        Some("2")
    );
    shop.after(HOUR / 2).await;
    assert_eq!(reached(&shop), [(phone(8), "offer".to_owned())]);
}
