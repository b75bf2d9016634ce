//! Campaigns from their planning to their figures, with a provider that refuses, stops and is late.

use std::{collections::BTreeSet, time::Duration};

use chrono::TimeDelta;
use kazi_clients::whatsapp::Reaction;
use kazi_platform::Timestamp;
use kazi_queue::Job;
use kazi_simulators::{CutAt, Fault, Service};
use serde_json::json;

use super::*;
use crate::{
    channels::{self, ChannelKind, EventKind},
    contacts::{self, ContactId},
    domain::Domain,
    messages::CampaignId,
    templates::{self, Category, Template, TemplateId, TemplateStatus},
    testing::Shop,
};

const ACCOUNT: &str = "1";
/// Kazi's address, as the shop's context has it.
const BASE: &str = "http://127.0.0.1:1";

fn offer(status: TemplateStatus, category: Category) -> Template {
    Template {
        id: TemplateId::new(),
        account: ACCOUNT.into(),
        name: "offer".into(),
        language: "en".into(),
        category,
        status,
        body: "Hello {{1}}, tea is cheaper today.".into(),
        components: json!([{"type": "BODY", "text": "Hello {{1}}, tea is cheaper today."}]),
        paused_until: None,
    }
}

/// A shop with an approved template and so many contacts of Kenya.
async fn shop(contacts: usize) -> Shop {
    let shop = Shop::open().await;
    sqlx::query("UPDATE channels SET account_id = $1 WHERE kind = 'whatsapp'")
        .bind(ACCOUNT)
        .execute(&mut *shop.conn().await)
        .await
        .unwrap();
    shop.ctx.channels().clear();
    let template = offer(TemplateStatus::Approved, Category::Marketing);
    let mut work = shop.work().await;
    templates::save(&mut work, &template).await.unwrap();
    work.commit().await.unwrap();
    shop.providers.add_template(
        ACCOUNT,
        kazi_simulators::Template {
            name: "offer".into(),
            language: "en".into(),
            category: "MARKETING".into(),
            body: template.body,
            status: "APPROVED".into(),
            ..kazi_simulators::Template::default()
        },
    );
    for n in 0..contacts {
        contact(&shop, &format!("+2547123{n:05}"), "KE").await;
    }
    shop
}

async fn contact(shop: &Shop, phone: &str, country: &str) -> ContactId {
    let id = ContactId::new();
    sqlx::query("INSERT INTO contacts (workspace_id, id, name, phone, language, country) VALUES ($1, $2, 'Amina O', $3, 'en', $4)")
        .bind(shop.workspace.uuid())
        .bind(id.uuid())
        .bind(phone)
        .bind(country)
        .execute(&mut *shop.conn().await)
        .await
        .unwrap();
    id
}

async fn draft(shop: &Shop) -> CampaignId {
    let new = NewCampaign {
        name: "Tea".into(),
        channel_id: shop.whatsapp,
        content: Content::Template {
            name: "offer".into(),
            parameters: vec![Parameter::Field {
                name: "first_name".into(),
                fallback: None,
            }],
            header: None,
            buttons: Vec::new(),
            cards: Vec::new(),
            offer_ends_at: None,
        },
        segment_id: None,
        audience: None,
        conversion_days: None,
        delivery: Delivery::default(),
        send_in: SendIn::Workspace,
        experiment: None,
    };
    let mut work = shop.work().await;
    let made = create(&mut work, &new).await.unwrap();
    work.commit().await.unwrap();
    made.id
}

async fn look(shop: &Shop, id: CampaignId) -> Campaign {
    get(&mut shop.work().await, id).await.unwrap().unwrap()
}

async fn figures(shop: &Shop, id: CampaignId) -> Funnel {
    let funnel = funnel(&mut shop.work().await, id).await.unwrap();
    let parts = funnel.waiting + funnel.queued + funnel.sending + funnel.accepted;
    assert_eq!(funnel.recipients, parts + funnel.failed.total, "{funnel:?}");
    funnel
}

/// Does something to a campaign as a member would.
macro_rules! act {
    ($shop:expr, $id:expr, $deed:ident $(, $more:expr)*) => {{
        let mut work = $shop.work().await;
        let before = lock(&mut work, $id).await.unwrap().unwrap();
        let done = $deed(&mut work, &before $(, $more)*).await;
        work.commit().await.unwrap();
        done
    }};
}

async fn planned(shop: &Shop) -> CampaignId {
    let id = draft(shop).await;
    let mut work = shop.work().await;
    let before = lock(&mut work, id).await.unwrap().unwrap();
    plan(&mut work, &before, BASE).await.unwrap();
    work.commit().await.unwrap();
    shop.drain().await;
    assert_eq!(look(shop, id).await.status, CampaignStatus::Planned);
    id
}

/// A campaign that is being sent: all are queued, and nothing has left.
async fn in_the_middle(shop: &Shop) -> CampaignId {
    let id = planned(shop).await;
    let sending = act!(shop, id, send, BASE).unwrap();
    let mut work = shop.work().await;
    lock(&mut work, id).await.unwrap();
    broadcast::turn(&mut work, &sending).await.unwrap();
    work.commit().await.unwrap();
    assert!(figures(shop, id).await.queued > 0);
    id
}

/// To whom messages were accepted, in order.
fn reached(shop: &Shop) -> Vec<String> {
    let sent = shop.sent(Service::WhatsApp).into_iter();
    sent.filter(|entry| entry.message_id.is_some() && entry.path.ends_with("messages"))
        .map(|entry| entry.body["to"].as_str().unwrap().to_owned())
        .collect()
}

/// Runs what is due of one domain alone.
async fn drain_of(shop: &Shop, domain: &Domain) {
    let registry = (domain.jobs)(Registry::new());
    kazi_queue::testing::drain(&shop.ctx.owner, &registry, &shop.ctx, shop.now())
        .await
        .unwrap();
}

/// A template's quick reply, tapped.
async fn tap(shop: &Shop, from: &str, payload: &str, text: &str) {
    let button = json!({"id": format!("wamid.tap.{from}"), "from": from, "type": "button",
                        "context": {"from": "15550100200", "id": "wamid.offer"},
                        "button": {"payload": payload, "text": text}});
    shop.record(
        ChannelKind::WhatsApp,
        EventKind::Message,
        from,
        json!({"message": button, "contact": {"wa_id": from}}),
    )
    .await;
}

/// Each of so many got it, and got it once.
fn once_each(shop: &Shop, people: usize) {
    let reached = reached(shop);
    let distinct: BTreeSet<&String> = reached.iter().collect();
    assert_eq!((reached.len(), distinct.len()), (people, people));
}

fn refuses(code: i64, times: Option<u32>) -> Fault {
    Fault {
        matches: Some("messages".into()),
        code: Some(code),
        times,
        ..Fault::on(Service::WhatsApp)
    }
}

/// The first ten recipients of a campaign, in a state or in any.
async fn recipients_of(work: &mut Work, id: CampaignId, state: Option<Progress>) -> Vec<Recipient> {
    let campaign = get(work, id).await.unwrap().unwrap();
    let filter = RecipientFilter {
        state,
        ..RecipientFilter::default()
    };
    let found = recipients(work, &campaign, &filter, None, 10)
        .await
        .unwrap();
    found.into_iter().map(|(recipient, _)| recipient).collect()
}

#[tokio::test]
async fn the_planning_says_who_is_left_out_and_why_and_may_run_again() {
    let shop = shop(3).await;
    let mut conn = shop.conn().await;
    for (phone, change) in [
        ("+254733000001", "marketing = false"),
        ("+254733000002", "blocked_at = now()"),
        ("+254733000003", "phone = NULL"),
        ("+12125550123", "name = name"),
        ("+254733000005", "name = NULL"),
        ("+254733000006", "deleted_at = now()"),
        ("+254733000007", "phone = '+2547'"),
    ] {
        let id = contact(&shop, phone, "KE").await;
        sqlx::raw_sql(sqlx::AssertSqlSafe(format!(
            "UPDATE contacts SET {change} WHERE id = '{}'",
            id.uuid()
        )))
        .execute(&mut *conn)
        .await
        .unwrap();
    }
    let prices = [Price {
        country: "KE".into(),
        category: Category::Marketing,
        micros: 22_500,
        currency: "USD".into(),
    }];
    let mut change = shop.work().await;
    set_prices(&mut change, &prices).await.unwrap();
    change.commit().await.unwrap();
    let id = planned(&shop).await;
    let report = look(&shop, id).await.report.unwrap();
    assert_eq!((report.contacts, report.recipients), (9, 3));
    let left_out: Vec<(&str, i64)> = report
        .left_out
        .iter()
        .map(|(why, n)| (why.as_str(), *n))
        .collect();
    assert_eq!(
        left_out,
        [
            ("blocked", 1),
            ("invalid_phone", 1),
            ("missing_parameter", 1),
            ("no_phone", 1),
            ("opted_out", 1),
            ("us_marketing", 1)
        ]
    );
    assert_eq!(report.cost.map(|cost| cost.micros), Some(67_500));
    assert_eq!((report.unpriced, report.seconds), (0, 1));

    // The same planning once more, as after a death: nothing changes.
    let run = look(&shop, id).await.run;
    let again = Plan {
        workspace: shop.workspace,
        campaign: id,
        run,
    };
    again.enqueue(&mut conn).await.unwrap();
    sqlx::query("UPDATE campaigns SET status = 'planning', planned_until = NULL")
        .execute(&mut *conn)
        .await
        .unwrap();
    shop.drain().await;
    let after = look(&shop, id).await.report.unwrap();
    assert_eq!((after.contacts, after.recipients), (9, 3));
    assert!(reached(&shop).is_empty());
}

/// The states of the chosen recipients, with the reasons.
async fn listed(
    shop: &Shop,
    id: CampaignId,
    filter: RecipientFilter,
) -> Vec<(String, Option<String>)> {
    let campaign = look(shop, id).await;
    let mut work = shop.work().await;
    let page = recipients(&mut work, &campaign, &filter, None, 100).await;
    let rows = page.unwrap().into_iter().map(|(row, _)| row);
    let mut all: Vec<_> = rows.map(|row| (row.state, row.reason)).collect();
    all.sort();
    all
}

#[tokio::test]
async fn who_is_never_sent_to_is_not_called_queued() {
    let shop = shop(2).await;
    let id = in_the_middle(&shop).await;
    let all = RecipientFilter::default;
    let state = |state: &str| vec![(state.to_owned(), None); 2];
    assert_eq!(listed(&shop, id, all()).await, state("queued"));
    act!(shop, id, pause).unwrap();
    assert_eq!(listed(&shop, id, all()).await, state("planned"));
    act!(shop, id, cancel).unwrap();
    assert_eq!(listed(&shop, id, all()).await, state("not_sent"));
    let of = |state| RecipientFilter {
        state: Some(state),
        reason: None,
    };
    assert_eq!(listed(&shop, id, of(Progress::NotSent)).await.len(), 2);
    let planned = listed(&shop, id, of(Progress::Planned)).await;
    assert!(planned.is_empty());
}

#[tokio::test]
async fn the_planning_says_how_many_strangers_meta_still_lets_it_write_to() {
    let shop = shop(3).await;
    let unlimited = planned(&shop).await;
    assert_eq!(
        look(&shop, unlimited).await.report.unwrap().remaining_today,
        None
    );
    sqlx::query("UPDATE channels SET messaging_limit = 'TIER_250' WHERE kind = 'whatsapp'")
        .execute(&mut *shop.conn().await)
        .await
        .unwrap();
    // One has written today: Meta does not count what they get.
    tap(&shop, "254712300000", "more", "More").await;
    shop.drain().await;
    let sent = draft(&shop).await;
    act!(&shop, sent, send, BASE).unwrap();
    shop.drain().await;
    assert_eq!(
        reached(&shop)
            .iter()
            .filter(|to| *to != "254712300000")
            .count(),
        2
    );
    let left = async |id| look(&shop, id).await.report.unwrap().remaining_today;
    assert_eq!(left(planned(&shop).await).await, Some(248));
    shop.ctx.clock.advance(TimeDelta::hours(25));
    assert_eq!(left(planned(&shop).await).await, Some(250));
}

#[tokio::test]
async fn a_template_of_codes_is_no_campaign() {
    let shop = shop(1).await;
    let codes = offer(TemplateStatus::Approved, Category::Authentication);
    let mut work = shop.work().await;
    templates::save(&mut work, &codes).await.unwrap();
    work.commit().await.unwrap();
    let id = draft(&shop).await;
    let Err(CampaignError::Invalid(invalid)) = act!(shop, id, plan, BASE) else {
        panic!("it is refused")
    };
    let told = (invalid.0[0].pointer.as_str(), invalid.0[0].code);
    assert_eq!(told, ("/content/name", "authentication"));
}

#[tokio::test]
async fn two_clicks_on_send_send_once_and_the_figures_are_exact() {
    let shop = shop(5).await;
    shop.listen().await;
    let id = draft(&shop).await;
    act!(shop, id, send, BASE).unwrap();
    act!(shop, id, send, BASE).unwrap();
    shop.drain().await;
    shop.after(Duration::from_secs(60)).await;
    once_each(&shop, 5);
    assert_eq!(look(&shop, id).await.status, CampaignStatus::Completed);
    let Err(CampaignError::Conflict(_)) = act!(shop, id, send, BASE) else {
        panic!("it is over")
    };

    // Every job once more, of the run that was: nothing is sent, nothing changes.
    let run = look(&shop, id).await.run;
    let (workspace, campaign) = (shop.workspace, id);
    let mut conn = shop.conn().await;
    Broadcast {
        workspace,
        campaign,
        run,
    }
    .enqueue(&mut conn)
    .await
    .unwrap();
    Finish {
        workspace,
        campaign,
        run,
    }
    .enqueue(&mut conn)
    .await
    .unwrap();
    Start {
        workspace,
        campaign,
        at: shop.now(),
    }
    .enqueue(&mut conn)
    .await
    .unwrap();
    shop.drain().await;
    once_each(&shop, 5);

    // Statuses that come after the end still count.
    let sent: Vec<String> = shop
        .sent(Service::WhatsApp)
        .into_iter()
        .filter_map(|e| e.message_id)
        .collect();
    shop.status(&sent[0], None, "delivered", None).await;
    shop.status(&sent[1], None, "read", None).await;
    shop.status(&sent[2], None, "failed", Some(131_026)).await;
    shop.drain().await;
    let funnel = figures(&shop, id).await;
    assert_eq!(
        (funnel.accepted, funnel.sent, funnel.delivered, funnel.read),
        (4, 2, 2, 1)
    );
    assert_eq!(funnel.failed.codes.get("131026"), Some(&1));
    assert_eq!(funnel.replied, 0);
    // Each recipient stands where the message stands.
    let stand = |state, reason: Option<&str>| {
        let reason = reason.map(str::to_owned);
        listed(&shop, id, RecipientFilter { state, reason })
    };
    let all = stand(None, None).await;
    let states: Vec<&str> = all.iter().map(|(state, _)| state.as_str()).collect();
    assert_eq!(
        states,
        ["accepted", "accepted", "delivered", "failed", "read"]
    );
    let failed = vec![("failed".to_owned(), Some("131026".to_owned()))];
    assert_eq!(stand(Some(Progress::Failed), None).await, failed);
    assert_eq!(stand(None, Some("131026")).await, failed);
    assert_eq!(stand(Some(Progress::Accepted), None).await.len(), 2);
    for (state, reason) in [
        (Some(Progress::Failed), Some("131050")),
        (Some(Progress::Read), Some("131026")),
        (Some(Progress::Queued), None),
        (Some(Progress::NotSent), None),
        (None, Some("opted_out")),
    ] {
        let none = stand(state, reason).await.is_empty();
        assert!(none, "{state:?} {reason:?}");
    }
    let told = ["campaign.sending", "campaign.finished"];
    assert_eq!(shop.announced("campaign").await, told);
}

/// How many sends wait in the queue.
async fn sends(shop: &Shop) -> usize {
    let mut jobs = shop.pending().await;
    jobs.retain(|job| job.kind == "messages.send");
    jobs.len()
}

#[tokio::test]
async fn a_pause_takes_back_what_has_not_left_and_nobody_gets_it_twice() {
    let shop = shop(4).await;
    let id = in_the_middle(&shop).await;
    assert_eq!(sends(&shop).await, 4);
    act!(shop, id, pause).unwrap();
    // Another campaign of the number does not wait behind what was taken back.
    assert_eq!(sends(&shop).await, 0);
    shop.drain().await;
    assert!(reached(&shop).is_empty());
    let funnel = figures(&shop, id).await;
    assert_eq!((funnel.waiting, funnel.queued), (4, 0));
    act!(shop, id, resume).unwrap();
    shop.drain().await;
    once_each(&shop, 4);
    shop.after(Duration::from_secs(60)).await;
    assert_eq!(look(&shop, id).await.status, CampaignStatus::Completed);

    let id = in_the_middle(&shop).await;
    act!(shop, id, cancel).unwrap();
    shop.drain().await;
    once_each(&shop, 4);
    assert!(act!(shop, id, resume).is_err());
}

#[tokio::test]
async fn who_opts_out_after_the_planning_gets_nothing() {
    let shop = shop(3).await;
    let id = in_the_middle(&shop).await;
    let mut out = shop.work().await;
    let all = recipients_of(&mut out, id, None).await;
    contacts::set_consent(&mut out, all[0].contact_id, false, "keyword")
        .await
        .unwrap();
    out.commit().await.unwrap();
    shop.drain().await;
    once_each(&shop, 2);
    let funnel = figures(&shop, id).await;
    assert_eq!(funnel.left_out.reasons.get("opted_out"), Some(&1));
    shop.after(Duration::from_secs(60)).await;
    assert_eq!(look(&shop, id).await.status, CampaignStatus::Completed);
}

#[tokio::test]
async fn a_tap_on_the_templates_own_stop_takes_the_queued_message_back() {
    let shop = shop(5).await;
    let id = in_the_middle(&shop).await;
    for (n, payload, text) in [
        (0, "Stop promotions", "Stop promotions"),
        (1, "Detener promociones", "Detener promociones"),
        (2, "STOP_PROMO", "No, thanks"),
        (3, "x1", "प्रमोशन बंद करें"),
    ] {
        tap(&shop, &format!("2547123{n:05}"), payload, text).await;
    }
    // Those who stopped are heard before anything leaves.
    drain_of(&shop, &crate::bot::DOMAIN).await;
    shop.drain().await;
    let mut work = shop.work().await;
    let all = recipients_of(&mut work, id, Some(Progress::LeftOut)).await;
    let reasons: Vec<Option<&str>> = all.iter().map(|one| one.reason.as_deref()).collect();
    assert_eq!(reasons, [Some("opted_out"); 4]);
    let offers = shop.sent(Service::WhatsApp).into_iter();
    let offers: Vec<String> = offers
        .filter(|entry| entry.body["type"] == "template")
        .map(|entry| entry.body["to"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(offers, ["254712300004"]);
}

#[tokio::test]
async fn a_templates_own_stop_is_known_in_languages_that_the_bot_does_not_speak() {
    let shop = shop(4).await;
    let mut work = shop.work().await;
    for (language, stop) in [("en_US", "Stop promotions"), ("ka", "შეწყვეტა")] {
        let mut template = offer(TemplateStatus::Approved, Category::Marketing);
        template.name = "autumn".into();
        template.language = language.into();
        template.components = json!([{"type": "BUTTONS", "buttons": [
            {"type": "QUICK_REPLY", "text": "OK"}, {"type": "QUICK_REPLY", "text": stop}]}]);
        templates::save(&mut work, &template).await.unwrap();
    }
    work.commit().await.unwrap();
    for (n, text) in [
        (0, "Werbeaktionen beenden"),
        (1, "შეწყვეტა"),
        (2, "OK"),
        (3, "არა"),
    ] {
        tap(&shop, &format!("2547123{n:05}"), text, text).await;
    }
    shop.drain().await;
    let out = sqlx::query_scalar::<_, String>(
        "SELECT phone FROM contacts c JOIN consents ON contact_id = c.id AND NOT granted ORDER BY phone",
    )
    .fetch_all(&shop.ctx.owner)
    .await
    .unwrap();
    assert_eq!(out, ["+254712300000", "+254712300001"]);
}

#[tokio::test]
async fn a_form_is_sent_with_its_token_and_an_unknown_button_is_refused_by_name() {
    let shop = shop(1).await;
    let with = |name: &str, button: serde_json::Value| kazi_simulators::Template {
        name: name.into(),
        body: "Tell us.".into(),
        buttons: vec![json!({"type": "QUICK_REPLY", "text": "Later"}), button],
        ..kazi_simulators::Template::default()
    };
    approve(
        &shop,
        with(
            "survey",
            json!({"type": "FLOW", "text": "Begin", "flow_id": "77"}),
        ),
    )
    .await;
    approve(
        &shop,
        with("hologram", json!({"type": "HOLOGRAM", "text": "Show"})),
    )
    .await;
    let told = refusal(&shop, json!({"kind": "template", "name": "hologram"})).await;
    assert!(
        told[0].0 == "/content/name" && told[0].1.contains("HOLOGRAM"),
        "{told:?}"
    );
    let id = drafted(&shop, json!({"kind": "template", "name": "survey"})).await;
    act!(shop, id, send, BASE).unwrap();
    shop.drain().await;
    assert_eq!(figures(&shop, id).await.accepted, 1);
    let sent = &shop.sent(Service::WhatsApp)[0].body;
    let button = &sent["template"]["components"][0];
    assert_eq!(
        (&button["sub_type"], &button["index"]),
        (&json!("flow"), &json!("1"))
    );
    let token = &button["parameters"][0]["action"]["flow_token"];
    assert_eq!(*token, sent["biz_opaque_callback_data"]);
}

#[tokio::test]
async fn a_template_that_becomes_marketing_reaches_nobody_more_who_wants_none() {
    let shop = shop(4).await;
    let mut work = shop.work().await;
    let utility = offer(TemplateStatus::Approved, Category::Utility);
    templates::save(&mut work, &utility).await.unwrap();
    work.commit().await.unwrap();
    let id = planned(&shop).await;
    // Of the utility template two who want no offers are recipients.
    let mut work = shop.work().await;
    let all = recipients_of(&mut work, id, None).await;
    for one in &all[..2] {
        contacts::set_consent(&mut work, one.contact_id, false, "keyword")
            .await
            .unwrap();
    }
    work.commit().await.unwrap();
    let sending = act!(shop, id, send, BASE).unwrap();
    let mut work = shop.work().await;
    lock(&mut work, id).await.unwrap();
    broadcast::turn(&mut work, &sending).await.unwrap();
    work.commit().await.unwrap();
    assert_eq!(figures(&shop, id).await.queued, 4);

    let tell = async |more: serde_json::Value| {
        let mut payload = json!({"message_template_id": 7, "message_template_name": "offer",
                                 "message_template_language": "en", "new_category": "UTILITY"});
        let fields = payload.as_object_mut().unwrap();
        fields.extend(more.as_object().unwrap().clone());
        shop.record(ChannelKind::WhatsApp, EventKind::Other, "", payload)
            .await;
        drain_of(&shop, &templates::DOMAIN).await;
    };
    // A day before Meta only warns.
    tell(json!({"correct_category": "MARKETING", "category_update_timestamp": 1})).await;
    assert_eq!(figures(&shop, id).await.queued, 4);
    tell(json!({"previous_category": "UTILITY", "new_category": "MARKETING"})).await;
    assert_eq!(figures(&shop, id).await.queued, 2);
    assert!(look(&shop, id).await.is_marketing());
    // The warning comes again, late.
    tell(json!({"correct_category": "MARKETING", "category_update_timestamp": 1, "again": true}))
        .await;
    shop.drain().await;
    once_each(&shop, 2);
    let funnel = figures(&shop, id).await;
    assert_eq!(funnel.left_out.reasons.get("opted_out"), Some(&2));
}

#[tokio::test]
async fn who_opts_out_while_the_request_is_on_its_way_gets_no_second_one() {
    let shop = shop(1).await;
    let id = in_the_middle(&shop).await;
    // Meta refuses it: it is to be sent again in a while.
    shop.providers.fault(refuses(131_056, Some(1)));
    shop.drain().await;
    assert_eq!(figures(&shop, id).await.queued, 1);
    tap(&shop, "254712300000", "STOP", "STOP").await;
    shop.drain().await;
    shop.after(Duration::from_secs(3_600)).await;
    let offers = shop.sent(Service::WhatsApp).into_iter();
    let accepted =
        offers.filter(|entry| entry.body["type"] == "template" && entry.message_id.is_some());
    assert_eq!(accepted.count(), 0);
}

#[tokio::test]
async fn who_opts_out_before_a_refusal_is_told_gets_no_second_one() {
    let shop = shop(1).await;
    let id = in_the_middle(&shop).await;
    shop.drain().await;
    tap(&shop, "254712300000", "STOP", "STOP").await;
    shop.drain().await;
    // Not delivered after all, and Meta would have it sent again in a day.
    let message = recipients_of(&mut shop.work().await, id, None).await[0]
        .message_id
        .unwrap();
    let sent = shop.sent(Service::WhatsApp);
    let sent = sent.iter().find(|entry| entry.body["type"] == "template");
    let provider_id = sent.unwrap().message_id.clone().unwrap();
    sqlx::query(
        "UPDATE messages SET status = 'sent', delivered_at = NULL, read_at = NULL WHERE id = $1",
    )
    .bind(message.uuid())
    .execute(&shop.ctx.owner)
    .await
    .unwrap();
    shop.status(
        &provider_id,
        Some(&message.to_string()),
        "failed",
        Some(131_049),
    )
    .await;
    shop.drain().await;
    shop.after(Duration::from_secs(40 * 3_600)).await;
    let offers = shop.sent(Service::WhatsApp).into_iter();
    let offers = offers.filter(|entry| entry.body["type"] == "template");
    assert_eq!(offers.count(), 1);
}

#[tokio::test]
async fn a_number_that_only_whatsapp_knows_is_reached_under_it() {
    let shop = shop(0).await;
    for (older, phone) in [
        ("22507654321", "+2250707654321"),
        ("999123456", "+999123456"),
    ] {
        let identity = contacts::Identity {
            chat_id: Some(older.into()),
            phone: kazi_platform::Phone::from_wa_id(older),
            name: Some("Kouassi".into()),
            ..contacts::Identity::default()
        };
        let mut work = shop.work().await;
        let met = contacts::resolve(&mut work, shop.whatsapp, &identity)
            .await
            .unwrap();
        contacts::set_language(&mut work, met.id, "en")
            .await
            .unwrap();
        work.commit().await.unwrap();
        assert_eq!(met.phone.unwrap().as_str(), phone);
    }
    let id = planned(&shop).await;
    act!(shop, id, send, BASE).unwrap();
    shop.drain().await;
    let mut reached = reached(&shop);
    reached.sort();
    assert_eq!(reached, ["22507654321", "999123456"]);
}

#[tokio::test]
async fn who_hides_the_number_is_reached_by_the_user_id() {
    let shop = shop(1).await;
    for (digits, user) in [("254700000077", "KE.77"), ("12125550123", "US.78")] {
        let phone = shop
            .providers
            .phone(digits, Service::WhatsApp, crate::testing::NUMBER);
        let _ = phone.hidden(user);
        let identity = contacts::Identity {
            user_id: Some(user.into()),
            name: Some("Achieng O".into()),
            ..contacts::Identity::default()
        };
        let mut work = shop.work().await;
        let met = contacts::resolve(&mut work, shop.whatsapp, &identity)
            .await
            .unwrap();
        contacts::set_language(&mut work, met.id, "en")
            .await
            .unwrap();
        work.commit().await.unwrap();
    }
    let id = planned(&shop).await;
    let report = look(&shop, id).await.report.unwrap();
    assert_eq!((report.recipients, report.countries[0].recipients), (2, 2));
    assert_eq!(report.countries[0].country, "KE");
    let left_out: Vec<&str> = report.left_out.keys().map(String::as_str).collect();
    assert_eq!(left_out, ["us_marketing"]);
    act!(shop, id, send, BASE).unwrap();
    shop.drain().await;
    let sent = shop.sent(Service::WhatsApp);
    let hidden: Vec<_> = sent
        .iter()
        .filter(|entry| entry.body["recipient"] == "KE.77")
        .collect();
    assert_eq!(hidden.len(), 1);
    assert!(hidden[0].body["to"].is_null(), "{}", hidden[0].body);
    let phone = shop
        .providers
        .phone("254700000077", Service::WhatsApp, crate::testing::NUMBER);
    let line = phone.transcript().pop().unwrap();
    assert_eq!(line.text, "Hello Achieng, tea is cheaper today.");
    assert_eq!(figures(&shop, id).await.accepted, 2);
}

#[tokio::test]
async fn a_template_that_meta_pauses_pauses_the_campaign_until_it_is_approved() {
    let shop = shop(4).await;
    shop.providers.fault(refuses(132_015, None));
    let id = planned(&shop).await;
    act!(shop, id, send, BASE).unwrap();
    shop.drain().await;
    let paused = look(&shop, id).await;
    assert_eq!(paused.status, CampaignStatus::Paused);
    assert_eq!(paused.reason.as_deref(), Some("template_paused"));
    assert_eq!(figures(&shop, id).await.waiting, 4);
    shop.providers.clear_faults();
    shop.meta_says(ACCOUNT, "APPROVED").await;
    shop.drain().await;
    once_each(&shop, 4);
    shop.after(Duration::from_secs(60)).await;
    assert_eq!(look(&shop, id).await.status, CampaignStatus::Completed);

    // A refusal that was on its way when the approval came: what Meta says when it is asked again.
    let id = in_the_middle(&shop).await;
    shop.providers.fault(refuses(132_015, Some(1)));
    shop.after(Duration::from_secs(2)).await;
    assert_eq!(look(&shop, id).await.status, CampaignStatus::Paused);
    templates::sync(&shop.ctx, shop.workspace, shop.whatsapp)
        .await
        .unwrap();
    shop.drain().await;
    shop.after(Duration::from_secs(60)).await;
    assert_eq!(look(&shop, id).await.status, CampaignStatus::Completed);

    // A refusal whose request left before the approval says nothing any more.
    let id = in_the_middle(&shop).await;
    let asked_at = shop.ctx.clock.now();
    shop.ctx.clock.advance(TimeDelta::seconds(1));
    let mut work = shop.work().await;
    let approved = offer(TemplateStatus::Approved, Category::Marketing);
    templates::save(&mut work, &approved).await.unwrap();
    for (asked_at, stops) in [(asked_at, false), (work.now(), true)] {
        let refusal = messages::Refused {
            message: crate::conversations::MessageId::new(),
            contact: ContactId::new(),
            reaction: Reaction::TemplatePaused,
            words: "paused",
            asked_at,
        };
        lock(&mut work, id).await.unwrap();
        assert_eq!(refused(&mut work, id, &refusal).await.unwrap(), stops);
    }
    drop(work);
    shop.drain().await;
    shop.after(Duration::from_secs(60)).await;
    assert_eq!(look(&shop, id).await.status, CampaignStatus::Completed);

    // By webhook, before anything is refused; and for good.
    let id = in_the_middle(&shop).await;
    shop.meta_says(ACCOUNT, "PAUSED").await;
    shop.drain().await;
    let paused = look(&shop, id).await;
    assert_eq!(paused.reason.as_deref(), Some("template_paused"));
    shop.meta_says(ACCOUNT, "DISABLED").await;
    shop.drain().await;
    assert_eq!(look(&shop, id).await.status, CampaignStatus::Cancelled);
}

#[tokio::test]
async fn what_a_person_has_paused_too_does_not_go_on_with_its_template() {
    let shop = shop(2).await;
    let id = in_the_middle(&shop).await;
    shop.meta_says(ACCOUNT, "PAUSED").await;
    shop.drain().await;
    act!(shop, id, pause).unwrap();
    shop.meta_says(ACCOUNT, "APPROVED").await;
    shop.drain().await;
    let still = look(&shop, id).await;
    assert_eq!(
        (still.status, still.reason.as_deref()),
        (CampaignStatus::Paused, Some("by_a_person"))
    );
    assert!(reached(&shop).is_empty());
}

#[tokio::test]
async fn a_token_that_dies_in_the_middle_pauses_the_campaign_and_a_new_one_goes_on() {
    let shop = shop(6).await;
    let id = in_the_middle(&shop).await;
    shop.providers.fault(refuses(190, None));
    shop.drain().await;
    let paused = look(&shop, id).await;
    assert_eq!(
        (paused.status, paused.reason.as_deref()),
        (CampaignStatus::Paused, Some("channel_stopped"))
    );
    assert!(matches!(
        act!(shop, id, resume),
        Err(CampaignError::Conflict(_))
    ));
    shop.providers.clear_faults();
    let mut change = shop.work().await;
    channels::resume(&mut change, shop.whatsapp).await.unwrap();
    change.commit().await.unwrap();
    shop.ctx.channels().clear();
    act!(shop, id, resume).unwrap();
    shop.after(Duration::from_secs(200)).await;
    once_each(&shop, 6);
    assert_eq!(figures(&shop, id).await.accepted, 6);
}

#[tokio::test]
async fn refusals_of_the_template_stop_the_campaign_before_it_has_annoyed_everybody() {
    let shop = shop(30).await;
    shop.providers.fault(refuses(132_000, None));
    let id = in_the_middle(&shop).await;
    shop.drain().await;
    let paused = look(&shop, id).await;
    assert_eq!(
        (paused.status, paused.reason.as_deref()),
        (CampaignStatus::Paused, Some("refused"))
    );
    let funnel = figures(&shop, id).await;
    assert!(
        funnel.waiting > 0 && funnel.failed.total >= 10,
        "{funnel:?}"
    );
    // One bad recipient halts nobody.
    let shop = self::shop(3).await;
    shop.providers.fault(refuses(132_000, Some(1)));
    let id = in_the_middle(&shop).await;
    shop.drain().await;
    let funnel = figures(&shop, id).await;
    assert_eq!((funnel.accepted, funnel.failed.total), (2, 1));
}

#[tokio::test]
async fn answers_that_are_lost_do_not_send_twice() {
    let shop = shop(3).await;
    let id = planned(&shop).await;
    shop.providers.fault(Fault {
        matches: Some("messages".into()),
        cut: Some(CutAt::After),
        ..Fault::on(Service::WhatsApp)
    });
    act!(shop, id, send, BASE).unwrap();
    shop.drain().await;
    assert_eq!(figures(&shop, id).await.sending, 3);
    // It is not over, nor taken back: the provider may have them.
    act!(shop, id, pause).unwrap();
    act!(shop, id, resume).unwrap();
    shop.providers.clear_faults();
    for entry in shop.sent(Service::WhatsApp) {
        let (provider_id, ours) = (entry.message_id.unwrap(), entry.callback.unwrap());
        shop.status(&provider_id, Some(&ours), "delivered", None)
            .await;
    }
    shop.after(Duration::from_secs(3)).await;
    shop.after(Duration::from_secs(60)).await;
    once_each(&shop, 3);
    assert_eq!(figures(&shop, id).await.delivered, 3);
    assert_eq!(look(&shop, id).await.status, CampaignStatus::Completed);
}

#[tokio::test]
async fn a_scheduled_campaign_is_sent_at_its_time_and_the_last_time_counts() {
    let shop = shop(2).await;
    let id = draft(&shop).await;
    let at = |hours: i64| Schedule {
        at: (shop.now() + TimeDelta::hours(hours)).to_rfc3339(),
    };
    let past = act!(shop, id, schedule, &at(-1), BASE);
    assert!(matches!(past, Err(CampaignError::Invalid(_))));
    act!(shop, id, schedule, &at(1), BASE).unwrap();
    shop.drain().await;
    assert_eq!(look(&shop, id).await.status, CampaignStatus::Scheduled);
    act!(shop, id, schedule, &at(2), BASE).unwrap();
    shop.after(Duration::from_secs(3_601)).await;
    assert!(reached(&shop).is_empty());
    shop.after(Duration::from_secs(3_601)).await;
    once_each(&shop, 2);
}

#[tokio::test]
async fn offers_wait_for_the_end_of_the_quiet_hours_of_the_recipients_country() {
    let shop = shop(2).await;
    for n in 0..2 {
        // It is two or three hours earlier there.
        contact(&shop, &format!("+44791112345{n}"), "GB").await;
    }
    let nairobi = |at: Timestamp| {
        at.with_timezone(&chrono_tz::Africa::Nairobi)
            .format("%H:%M")
            .to_string()
    };
    let quiet = json!({"quiet_hours": {
        "from": nairobi(shop.now() - TimeDelta::minutes(30)),
        "until": nairobi(shop.now() + TimeDelta::minutes(30)),
    }});
    sqlx::query("UPDATE workspaces SET settings = $1, time_zone = 'Africa/Nairobi'")
        .bind(quiet)
        .execute(&mut *shop.conn().await)
        .await
        .unwrap();
    let id = planned(&shop).await;
    act!(shop, id, send, BASE).unwrap();
    shop.drain().await;
    let reached: BTreeSet<String> = reached(&shop).into_iter().collect();
    assert_eq!(
        reached,
        BTreeSet::from(["447911123450".into(), "447911123451".into()])
    );
    assert_eq!(figures(&shop, id).await.waiting, 2);

    // Cancelled meanwhile: what is told of those who have it still counts.
    let sent = shop.sent(Service::WhatsApp)[0].message_id.clone().unwrap();
    act!(shop, id, cancel).unwrap();
    shop.status(&sent, None, "read", None).await;
    shop.after(Duration::from_secs(7_200)).await;
    once_each(&shop, 2);
    let funnel = figures(&shop, id).await;
    assert_eq!((funnel.read, funnel.waiting), (1, 2));
}

#[tokio::test]
async fn a_test_goes_to_one_phone_and_counts_nowhere() {
    let shop = shop(2).await;
    let id = draft(&shop).await;
    let unknown = act!(shop, id, test_send, ("+254799999999", None), BASE);
    assert!(matches!(unknown, Err(CampaignError::Invalid(_))));
    let sent = act!(shop, id, test_send, ("+254712300001", None), BASE).unwrap();
    assert_eq!(sent.text, "Hello Amina, tea is cheaper today.");
    assert_eq!(sent.language.as_deref(), Some("en"));
    shop.drain().await;
    assert_eq!(reached(&shop), ["254712300001"]);
    assert_eq!(figures(&shop, id).await, Funnel::default());
    assert_eq!(look(&shop, id).await.status, CampaignStatus::Draft);
}

#[tokio::test]
async fn tests_are_fifty_a_day_so_nobody_sends_a_campaign_by_them() {
    let shop = shop(2).await;
    let id = draft(&shop).await;
    for _ in 0..50 {
        act!(shop, id, test_send, ("+254712300001", None), BASE).unwrap();
    }
    let refused = act!(shop, id, test_send, ("+254712300001", None), BASE);
    assert!(matches!(refused, Err(CampaignError::Conflict(_))));
    shop.after(Duration::from_secs(86_401)).await;
    act!(shop, id, test_send, ("+254712300001", None), BASE).unwrap();
}

#[tokio::test]
async fn a_text_goes_out_over_green_api_filled_in() {
    let shop = shop(1).await;
    let new = NewCampaign {
        name: "Sunday".into(),
        channel_id: shop.greenapi,
        content: Content::Text {
            text: "Hello {{1}}, we are open on Sunday.".into(),
            parameters: vec![Parameter::Field {
                name: "first_name".into(),
                fallback: Some("you".into()),
            }],
        },
        segment_id: None,
        audience: None,
        conversion_days: None,
        delivery: Delivery::default(),
        send_in: SendIn::Workspace,
        experiment: None,
    };
    let mut made = shop.work().await;
    let id = create(&mut made, &new).await.unwrap().id;
    made.commit().await.unwrap();
    act!(shop, id, send, BASE).unwrap();
    shop.drain().await;
    shop.after(Duration::from_secs(2)).await;
    let sent = shop.sent(Service::GreenApi);
    assert_eq!(sent.len(), 1);
    assert_eq!(
        sent[0].body["message"],
        "Hello Amina, we are open on Sunday."
    );
    assert_eq!(look(&shop, id).await.status, CampaignStatus::Completed);
}

#[tokio::test]
async fn a_segment_finds_by_tags_language_and_fields() {
    let shop = shop(3).await;
    let mut change = shop.work().await;
    let everybody = contacts::Audience::default();
    let all = contacts::audience(&mut change, &everybody, None, 10)
        .await
        .unwrap();
    for (contact, tags) in all.iter().zip([&["vip", "tea"][..], &["vip"], &[]]) {
        for tag in tags {
            sqlx::query(
                "WITH t AS (INSERT INTO contact_tags (workspace_id, id, name) VALUES ($1, gen_random_uuid(), $3)
                            ON CONFLICT (workspace_id, name) DO UPDATE SET name = $3 RETURNING id)
                 INSERT INTO contact_taggings (workspace_id, tag_id, contact_id) SELECT $1, id, $2 FROM t",
            )
            .bind(shop.workspace.uuid())
            .bind(contact.id.uuid())
            .bind(tag)
            .execute(change.conn())
            .await
            .unwrap();
        }
    }
    let tags = |names: &[&str]| names.iter().map(|n| (*n).to_owned()).collect::<Vec<_>>();
    for (rule, found) in [
        (
            contacts::Audience {
                tags_any: tags(&["VIP", "other"]),
                ..Default::default()
            },
            2,
        ),
        (
            contacts::Audience {
                tags_all: tags(&["vip", "tea"]),
                ..Default::default()
            },
            1,
        ),
        (
            contacts::Audience {
                tags_none: tags(&["tea"]),
                ..Default::default()
            },
            2,
        ),
        (
            contacts::Audience {
                languages: tags(&["fr"]),
                ..Default::default()
            },
            0,
        ),
        (
            contacts::Audience {
                countries: tags(&["KE"]),
                ..Default::default()
            },
            3,
        ),
        (
            contacts::Audience {
                consented: true,
                ..Default::default()
            },
            0,
        ),
        (
            contacts::Audience {
                active_within_days: Some(2),
                ..Default::default()
            },
            3,
        ),
        (
            contacts::Audience {
                inactive_for_days: Some(2),
                ..Default::default()
            },
            0,
        ),
    ] {
        let size = size(&mut change, &rule).await.unwrap();
        assert_eq!(size.contacts, found, "{rule:?}");
    }
    let unknown = contacts::Audience {
        attributes: [("shoe".to_owned(), "42".to_owned())].into(),
        ..Default::default()
    };
    let new = NewSegment {
        name: "Shoes".into(),
        audience: unknown,
    };
    let refused = create_segment(&mut change, &new).await;
    assert!(matches!(refused, Err(CampaignError::Invalid(_))));
}

/// A template of the account, here and at Meta.
async fn approve(shop: &Shop, mut remote: kazi_simulators::Template) {
    remote.language = "en".into();
    remote.category = "MARKETING".into();
    remote.status = "APPROVED".into();
    shop.providers.add_template(ACCOUNT, remote);
    templates::sync(&shop.ctx, shop.workspace, shop.whatsapp)
        .await
        .unwrap();
}

async fn drafted(shop: &Shop, content: serde_json::Value) -> CampaignId {
    let new: NewCampaign = serde_json::from_value(
        json!({"name": "Tea", "channel_id": shop.whatsapp, "content": content}),
    )
    .unwrap();
    let mut work = shop.work().await;
    let made = create(&mut work, &new).await.unwrap();
    work.commit().await.unwrap();
    made.id
}

/// The fields and the rules that a start is refused for.
async fn refusal(shop: &Shop, content: serde_json::Value) -> Vec<(String, String)> {
    let id = drafted(shop, content).await;
    let Err(CampaignError::Invalid(invalid)) = act!(shop, id, send, BASE) else {
        panic!("it was started")
    };
    assert_eq!(look(shop, id).await.status, CampaignStatus::Draft);
    let faults = invalid.0.into_iter();
    faults.map(|fault| (fault.pointer, fault.detail)).collect()
}

/// A template with all that a campaign can give.
fn rich() -> kazi_simulators::Template {
    kazi_simulators::Template {
        name: "rich".into(),
        body: "Dear {{guest}}, your code is {{code}}.".into(),
        header_format: Some("IMAGE".into()),
        buttons: vec![
            json!({"type": "COPY_CODE", "text": "Copy"}),
            json!({"type": "URL", "text": "Look", "url": "https://x.test/{{1}}"}),
            json!({"type": "QUICK_REPLY", "text": "No more"}),
        ],
        ..kazi_simulators::Template::default()
    }
}

#[tokio::test]
async fn what_a_template_wants_and_nobody_gave_is_told_before_anybody_gets_it() {
    let shop = shop(3).await;
    approve(&shop, rich()).await;
    let nothing = json!({"kind": "template", "name": "rich"});
    let told = refusal(&shop, nothing).await;
    let pointers: Vec<&str> = told.iter().map(|(pointer, _)| pointer.as_str()).collect();
    assert_eq!(
        pointers,
        [
            "/content/parameters",
            "/content/header",
            "/content/buttons",
            "/content/buttons"
        ]
    );
    assert!(told[0].1.contains("guest, code"), "{told:?}");
    assert!(told[1].1.contains("an image"), "{told:?}");
    assert!(
        told[2].1.contains("Copy") && told[3].1.contains("Look"),
        "{told:?}"
    );

    let wrong = json!({"kind": "template", "name": "offer", "parameters": [{"text": "you"}],
        "header": {"text": {"text": "Hi"}}, "buttons": [{"payload": {"index": 0, "value": {"text": "x"}}}]});
    let told = refusal(&shop, wrong).await;
    assert_eq!(
        (told[0].0.as_str(), told[1].0.as_str(), told.len()),
        ("/content/header", "/content/buttons/0", 2)
    );
    let cannot = kazi_simulators::Template {
        name: "cannot".into(),
        body: "Look.".into(),
        more: vec![json!({"type": "CAROUSEL", "cards": []})],
        ..kazi_simulators::Template::default()
    };
    approve(&shop, cannot).await;
    let told = refusal(&shop, json!({"kind": "template", "name": "cannot"})).await;
    assert_eq!(told[0].0, "/content/name");
    shop.drain().await;
    assert!(shop.sent(Service::WhatsApp).is_empty());
}

#[tokio::test]
async fn names_pictures_codes_and_addresses_reach_the_phone() {
    let shop = shop(0).await;
    let contact = contact(&shop, "+254712300000", "KE").await;
    sqlx::query("UPDATE contacts SET name = $1 WHERE id = $2")
        .bind("{{code}}\n\tOtieno     B")
        .bind(contact.uuid())
        .execute(&shop.ctx.owner)
        .await
        .unwrap();
    approve(&shop, rich()).await;
    let top = kazi_simulators::Template {
        name: "top".into(),
        header: Some("Order {{1}}".into()),
        body: "It is on its way.".into(),
        ..kazi_simulators::Template::default()
    };
    approve(&shop, top).await;
    let rich = json!({"kind": "template", "name": "rich",
        "parameters": [{"field": {"name": "name"}}, {"text": "TEA"}],
        "header": {"link": "https://x.test/tea.png"},
        "buttons": [{"code": {"index": 0, "value": {"text": "TEA10"}}}, {"url": {"index": 1, "value": {"text": "tea"}}}]});
    let top = json!({"kind": "template", "name": "top", "header": {"text": {"text": "A     7"}}});
    for content in [rich, top] {
        let id = drafted(&shop, content).await;
        act!(shop, id, send, BASE).unwrap();
        shop.drain().await;
        assert_eq!(figures(&shop, id).await.accepted, 1);
    }
    let phone = shop
        .providers
        .phone("254712300000", Service::WhatsApp, crate::testing::NUMBER);
    let lines = phone.transcript();
    let texts: Vec<&str> = lines.iter().map(|line| line.text.as_str()).collect();
    assert_eq!(
        texts,
        [
            "[image] https://x.test/tea.png\nDear {{code}} Otieno B, your code is TEA.\nCopy: TEA10\nLook: https://x.test/tea",
            "Order A 7\nIt is on its way."
        ]
    );
}

#[tokio::test]
async fn a_refusal_of_the_request_stops_the_campaign_whatever_its_number() {
    for code in [132_018, 135_000, 199_999] {
        let shop = shop(40).await;
        shop.providers.fault(Fault {
            matches: Some("messages".into()),
            status: Some(400),
            body: Some(json!({"error": {"code": code, "message": "Not as approved", "type": "OAuthException"}})),
            ..Fault::on(Service::WhatsApp)
        });
        let id = in_the_middle(&shop).await;
        shop.drain().await;
        shop.after(Duration::from_secs(1_200)).await;
        let paused = look(&shop, id).await;
        assert_eq!(
            (paused.status, paused.reason.as_deref()),
            (CampaignStatus::Paused, Some("refused")),
            "{code}"
        );
        let tried = shop.sent(Service::WhatsApp).len();
        assert!((10..40).contains(&tried), "{code}: {tried}");
        let mut each: Vec<_> = shop.sent(Service::WhatsApp);
        each.sort_by(|a, b| a.callback.cmp(&b.callback));
        each.dedup_by(|a, b| a.callback == b.callback);
        assert_eq!(each.len(), tried, "{code}: none is tried twice");
    }
}

#[tokio::test]
async fn unknown_refusals_by_webhook_stop_the_campaign_and_nobody_is_tried_again_meanwhile() {
    let shop = shop(20).await;
    let id = in_the_middle(&shop).await;
    // The campaign's own jobs would complete it before the refusals come.
    drain_of(&shop, &messages::DOMAIN).await;
    let all = shop.sent(Service::WhatsApp);
    assert_eq!(all.len(), 20);
    for entry in &all {
        let (wamid, ours) = (entry.message_id.as_deref(), entry.callback.as_deref());
        shop.status(wamid.unwrap(), ours, "failed", Some(139_999))
            .await;
    }
    drain_of(&shop, &messages::DOMAIN).await;
    let paused = look(&shop, id).await;
    assert_eq!(
        (paused.status, paused.reason.as_deref()),
        (CampaignStatus::Paused, Some("refused"))
    );
    shop.after(Duration::from_secs(1_200)).await;
    assert_eq!(shop.sent(Service::WhatsApp).len(), 20);
    // They had arrived all the time.
    for entry in &all {
        let (wamid, ours) = (entry.message_id.as_deref(), entry.callback.as_deref());
        shop.status(wamid.unwrap(), ours, "read", None).await;
    }
    shop.drain().await;
    let funnel = figures(&shop, id).await;
    assert_eq!((funnel.read, funnel.failed.total), (20, 0));
}

mod credits;
mod delivery;
mod experiment;
mod parts;
mod zones;
