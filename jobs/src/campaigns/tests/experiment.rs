//! Tests of several arms, from the split to the winner, with a template that is lost and jobs that run twice.

use std::collections::BTreeMap;

use kazi_platform::Timestamp;
use uuid::Uuid;

use super::*;
use crate::campaigns::{experiment::Part, store::outcomes};

const HOUR: Duration = Duration::from_secs(3_600);
/// The parts are hashes of ids, so the ids are set: each run draws the same.
const ID: u128 = 0x0190_0000_0000_7000_8000_0000_0000_0007;

/// Two approved templates, and so many contacts.
async fn audience(contacts: usize) -> Shop {
    let shop = shop(0).await;
    approve(&shop, other()).await;
    for n in 0..contacts {
        sqlx::query(
            "INSERT INTO contacts (workspace_id, id, name, phone, language, country)
             VALUES ($1, $2, 'Amina O', $3, 'en', 'KE')",
        )
        .bind(shop.workspace.uuid())
        .bind(Uuid::from_u128(ID + n as u128))
        .bind(format!("+2547123{n:05}"))
        .execute(&mut *shop.conn().await)
        .await
        .unwrap();
    }
    shop
}

fn other() -> kazi_simulators::Template {
    kazi_simulators::Template {
        name: "other".into(),
        body: "Tea for {{1}}!".into(),
        ..kazi_simulators::Template::default()
    }
}

fn first_name() -> serde_json::Value {
    json!([{"field": {"name": "first_name"}}])
}

/// Two arms; `more` has further fields of the test.
fn two_arms(more: &serde_json::Value) -> serde_json::Value {
    let other = json!({"kind": "template", "name": "other", "parameters": first_name()});
    let mut test = json!({"metric": "read", "decide_after_hours": 24, "choice": "automatic",
        "arms": [{"name": "Plain", "percent": 50}, {"name": "Loud", "percent": 50, "content": other}]});
    let fields = more.as_object().unwrap().clone();
    test.as_object_mut().unwrap().extend(fields);
    test
}

/// A draft with a test.
async fn tested(shop: &Shop, experiment: &serde_json::Value) -> CampaignId {
    let id = draft(shop).await;
    let patch: CampaignPatch = serde_json::from_value(json!({"experiment": experiment})).unwrap();
    act!(shop, id, update, patch).unwrap();
    let fixed = CampaignId::from(Uuid::from_u128(ID));
    sqlx::query("UPDATE campaigns SET id = $1 WHERE id = $2")
        .bind(fixed.uuid())
        .bind(id.uuid())
        .execute(&mut *shop.conn().await)
        .await
        .unwrap();
    fixed
}

/// The number sends twenty at once, and then as fast as it may: minutes are enough for all.
async fn settled(shop: &Shop) {
    for _ in 0..12 {
        shop.after(Duration::from_secs(10)).await;
    }
}

/// A campaign whose test has left.
async fn sent(shop: &Shop, experiment: &serde_json::Value) -> CampaignId {
    let id = tested(shop, experiment).await;
    act!(shop, id, send, BASE).unwrap();
    shop.drain().await;
    settled(shop).await;
    assert!(look(shop, id).await.experiment_state.test_sent_at.is_some());
    id
}

/// The contacts with their part and arm.
async fn parts(
    shop: &Shop,
    id: CampaignId,
) -> BTreeMap<ContactId, (Option<String>, Option<String>)> {
    let campaign = look(shop, id).await;
    let mut work = shop.work().await;
    let filter = RecipientFilter::default();
    let all = recipients(&mut work, &campaign, &filter, None, 1_000).await;
    let rows = all.unwrap().into_iter();
    rows.map(|(row, _)| (row.contact_id, (row.part, row.arm)))
        .collect()
}

/// Each phone with the template that it got.
fn got(shop: &Shop) -> Vec<(String, String)> {
    let sent = shop.sent(Service::WhatsApp).into_iter();
    let sent = sent.filter(|entry| entry.message_id.is_some() && entry.path.ends_with("messages"));
    sent.map(|entry| {
        let name = entry.body["template"]["name"].as_str().unwrap().to_owned();
        (entry.body["to"].as_str().unwrap().to_owned(), name)
    })
    .collect()
}

fn count(shop: &Shop, template: &str) -> usize {
    got(shop)
        .iter()
        .filter(|(_, name)| name == template)
        .count()
}

/// Those who got a template read it.
async fn all_read(shop: &Shop, template: &str) {
    for entry in shop.sent(Service::WhatsApp) {
        if entry.body["template"]["name"] == template {
            shop.status(&entry.message_id.unwrap(), None, "read", None)
                .await;
        }
    }
    shop.drain().await;
}

async fn figures_of(shop: &Shop, id: CampaignId) -> ExperimentFigures {
    let campaign = look(shop, id).await;
    let found = super::super::figures(&mut shop.work().await, &campaign).await;
    found.unwrap().unwrap()
}

#[tokio::test]
async fn each_contact_is_in_one_part_whoever_plans_how_often() {
    let shop = audience(60).await;
    let id = tested(
        &shop,
        &two_arms(&json!({"test_percent": 50, "holdout_percent": 20})),
    )
    .await;
    act!(shop, id, plan, BASE).unwrap();
    shop.drain().await;
    let planned = look(&shop, id).await;
    let experiment = planned.experiment.clone().unwrap();
    let before = parts(&shop, id).await;
    assert_eq!(before.len(), 60);
    for (contact, (part, arm)) in &before {
        let (wanted, of) = match experiment.part(id, *contact) {
            Part::Holdout => ("holdout", None),
            Part::Rest => ("rest", None),
            Part::Arm(0) => ("test", Some("Plain")),
            Part::Arm(_) => ("test", Some("Loud")),
        };
        assert_eq!((part.as_deref(), arm.as_deref()), (Some(wanted), of));
    }
    let report = planned.report.unwrap();
    let of = report.experiment.unwrap();
    let arms: i64 = of.arms.iter().map(|arm| arm.recipients).sum();
    assert_eq!((report.contacts, arms + of.rest), (60, report.recipients));
    assert_eq!(report.left_out.get("holdout"), Some(&of.holdout));
    assert!(of.holdout > 0 && of.rest > 0 && of.arms.iter().all(|arm| arm.recipients > 0));
    assert!(of.too_small);
    assert_eq!(of.needed, 354);

    // Planned again, and once more by a job that died: the same.
    act!(shop, id, plan, BASE).unwrap();
    shop.drain().await;
    assert_eq!(parts(&shop, id).await, before);
    act!(shop, id, send, BASE).unwrap();
    settled(&shop).await;
    let plain = usize::try_from(of.arms[0].recipients).unwrap();
    let loud = usize::try_from(of.arms[1].recipients).unwrap();
    assert_eq!(
        (count(&shop, "offer"), count(&shop, "other")),
        (plain, loud)
    );
    once_each(&shop, plain + loud);
}

#[tokio::test]
async fn an_arm_that_is_surely_better_goes_to_the_others_and_only_once() {
    let shop = audience(60).await;
    let id = sent(
        &shop,
        &two_arms(&json!({"test_percent": 60, "holdout_percent": 10})),
    )
    .await;
    let tested = (count(&shop, "offer"), count(&shop, "other"));
    all_read(&shop, "other").await;
    shop.after(HOUR * 23).await;
    assert_eq!(look(&shop, id).await.status, CampaignStatus::Sending);
    assert!(look(&shop, id).await.experiment_state.winner.is_none());

    // The process dies before it has written the winner.
    shop.ctx.clock.advance(TimeDelta::hours(2));
    let mut work = shop.work().await;
    let campaign = lock(&mut work, id).await.unwrap().unwrap();
    decide::evaluate(&mut work, &campaign).await.unwrap();
    drop(work);
    assert!(look(&shop, id).await.experiment_state.winner.is_none());
    shop.drain().await;
    let state = look(&shop, id).await.experiment_state;
    assert_eq!(state.winner.as_deref(), Some("Loud"));
    assert_eq!(state.decided_by, Some(DecidedBy::Difference));

    // The same job again, and once more.
    for _ in 0..2 {
        let (workspace, campaign) = (shop.workspace, id);
        let job = Decide {
            workspace,
            campaign,
        };
        let mut conn = shop.conn().await;
        job.enqueue(&mut conn).await.unwrap();
        shop.drain().await;
    }
    settled(&shop).await;
    let over = look(&shop, id).await;
    assert_eq!(over.status, CampaignStatus::Completed);
    assert_eq!(over.experiment_state.decided_at, state.decided_at);
    let figures = figures_of(&shop, id).await;
    let rest = usize::try_from(figures.rest.unwrap().sent).unwrap();
    assert!(rest > 0);
    assert_eq!(count(&shop, "offer"), tested.0);
    assert_eq!(count(&shop, "other"), tested.1 + rest);
    once_each(&shop, tested.0 + tested.1 + rest);
    // The others do not count for the arm.
    let sent: Vec<usize> = figures
        .arms
        .iter()
        .map(|arm| usize::try_from(arm.figures.sent).unwrap())
        .collect();
    assert_eq!(sent, [tested.0, tested.1]);
    assert!(figures.comparison.sure);
    assert_eq!(figures.comparison.leader.as_deref(), Some("Loud"));
    let told = "SELECT count(*) FROM audit_log WHERE action = 'campaigns.decide'";
    let told: i64 = sqlx::query_scalar(told)
        .fetch_one(&shop.ctx.owner)
        .await
        .unwrap();
    assert_eq!(told, 1);
    // Who got the winner is shown with it.
    let all = parts(&shop, id).await;
    let of_rest = all
        .values()
        .filter(|(part, _)| part.as_deref() == Some("rest"));
    assert!(of_rest.clone().count() == rest);
    assert!(
        of_rest
            .clone()
            .all(|(_, arm)| arm.as_deref() == Some("Loud"))
    );
}

#[tokio::test]
async fn without_a_sure_difference_the_others_wait_for_a_member() {
    let shop = audience(40).await;
    shop.member(crate::Role::Admin).await;
    let id = sent(&shop, &two_arms(&json!({"test_percent": 50}))).await;
    let tested = got(&shop).len();
    shop.after(HOUR * 25).await;
    let paused = look(&shop, id).await;
    assert_eq!(paused.status, CampaignStatus::Paused);
    assert_eq!(paused.reason.as_deref(), Some("no_winner"));
    assert!(paused.experiment_state.evaluated_at.is_some());
    let Err(CampaignError::Conflict(_)) = act!(shop, id, resume) else {
        panic!("there is no winner")
    };
    // A pause changes nothing: it waits already.
    act!(shop, id, pause).unwrap();
    let Err(CampaignError::Invalid(_)) = act!(shop, id, choose_winner, "Nobody") else {
        panic!("there is no such arm")
    };
    let chosen = act!(shop, id, choose_winner, "Loud").unwrap();
    assert_eq!(chosen.experiment_state.decided_by, Some(DecidedBy::Member));
    let Err(CampaignError::Conflict(_)) = act!(shop, id, choose_winner, "Plain") else {
        panic!("there is a winner")
    };
    shop.drain().await;
    settled(&shop).await;
    assert_eq!(look(&shop, id).await.status, CampaignStatus::Completed);
    once_each(&shop, 40);
    assert_eq!(
        got(&shop)[tested..]
            .iter()
            .filter(|(_, name)| name == "offer")
            .count(),
        0
    );
}

#[tokio::test]
async fn the_first_arm_goes_out_where_the_campaign_says_so() {
    let shop = audience(30).await;
    let more = json!({"test_percent": 50, "otherwise": "first_arm"});
    let id = sent(&shop, &two_arms(&more)).await;
    let tested = got(&shop).len();
    shop.after(HOUR * 25).await;
    settled(&shop).await;
    let state = look(&shop, id).await.experiment_state;
    assert_eq!(state.decided_by, Some(DecidedBy::FirstArm));
    once_each(&shop, 30);
    assert!(got(&shop)[tested..].iter().all(|(_, name)| name == "offer"));
}

#[tokio::test]
async fn a_member_chooses_after_the_wait_or_before() {
    for early in [true, false] {
        let shop = audience(30).await;
        let more = json!({"test_percent": 50, "choice": "member"});
        let id = sent(&shop, &two_arms(&more)).await;
        all_read(&shop, "other").await;
        if !early {
            shop.after(HOUR * 25).await;
            let reason = look(&shop, id).await.reason;
            assert_eq!(reason.as_deref(), Some("choose_winner"));
        }
        act!(shop, id, choose_winner, "Plain").unwrap();
        shop.drain().await;
        // The wait ends behind the choice.
        shop.after(HOUR * 25).await;
        settled(&shop).await;
        let over = look(&shop, id).await;
        assert_eq!(over.status, CampaignStatus::Completed);
        assert_eq!(over.experiment_state.winner.as_deref(), Some("Plain"));
        once_each(&shop, 30);
    }
}

#[tokio::test]
async fn two_choices_at_once_make_one_winner() {
    let shop = audience(20).await;
    let id = sent(&shop, &two_arms(&json!({"test_percent": 50}))).await;
    let choose = async |arm: &str| {
        let mut work = shop.work().await;
        let before = lock(&mut work, id).await.unwrap().unwrap();
        let done = choose_winner(&mut work, &before, arm).await;
        work.commit().await.unwrap();
        done
    };
    let (one, other) = tokio::join!(choose("Plain"), choose("Loud"));
    assert!(one.is_ok() != other.is_ok());
    let refused = one.as_ref().err().or(other.as_ref().err());
    assert!(matches!(refused, Some(CampaignError::Conflict(_))));
    let won = one.or(other).unwrap().experiment_state.winner;
    // Even a caller that has read the row before the other wrote: the statement finds a winner.
    let mut work = shop.work().await;
    let written = store::experiment::set_winner(&mut work, id, 0, DecidedBy::Member).await;
    assert!(!written.unwrap());
    drop(work);
    shop.after(HOUR * 25).await;
    settled(&shop).await;
    assert_eq!(look(&shop, id).await.experiment_state.winner, won);
    once_each(&shop, 20);
}

#[tokio::test]
async fn an_arm_whose_template_is_lost_stops_and_the_last_one_wins_at_once() {
    let shop = audience(30).await;
    let id = tested(&shop, &two_arms(&json!({}))).await;
    let patch = CampaignPatch {
        delivery: Some(serde_json::from_value(json!({"throttle": 4})).unwrap()),
        ..CampaignPatch::default()
    };
    act!(shop, id, update, patch).unwrap();
    act!(shop, id, send, BASE).unwrap();
    shop.drain().await;
    let before = count(&shop, "other");
    assert!(got(&shop).len() < 30);
    lose(&shop, "other").await;
    let state = look(&shop, id).await.experiment_state;
    let stopped: Vec<_> = state.stopped_arms.into_iter().collect();
    assert_eq!(
        stopped,
        [("Loud".to_owned(), "template_disabled".to_owned())]
    );
    assert_eq!(state.winner.as_deref(), Some("Plain"));
    assert_eq!(state.decided_by, Some(DecidedBy::LastArm));
    settled(&shop).await;
    // Those of the arm who waited got the other.
    assert_eq!(count(&shop, "other"), before);
    once_each(&shop, 30);
    assert_eq!(look(&shop, id).await.status, CampaignStatus::Completed);
    let Err(CampaignError::Conflict(_)) = act!(shop, id, choose_winner, "Loud") else {
        panic!("there is a winner")
    };
}

/// Meta disables a template of the account.
async fn lose(shop: &Shop, name: &str) {
    let mut work = shop.work().await;
    let found = templates::find(&mut work, ACCOUNT, name, "en").await;
    let lost = Template {
        status: TemplateStatus::Disabled,
        ..found.unwrap().unwrap()
    };
    templates::save(&mut work, &lost).await.unwrap();
    template_changed(&mut work, &lost).await.unwrap();
    work.commit().await.unwrap();
    shop.drain().await;
}

#[tokio::test]
async fn of_three_arms_two_go_on_and_a_lost_template_found_late_stops_its_arm_too() {
    let shop = audience(45).await;
    let third = kazi_simulators::Template {
        name: "third".into(),
        ..other()
    };
    approve(&shop, third).await;
    let content =
        |name: &str| json!({"kind": "template", "name": name, "parameters": first_name()});
    let arms = json!([{"name": "A", "percent": 40}, {"name": "B", "percent": 30, "content": content("other")},
                      {"name": "C", "percent": 30, "content": content("third")}]);
    let id = tested(
        &shop,
        &two_arms(&json!({"arms": arms, "otherwise": "first_arm"})),
    )
    .await;
    act!(shop, id, plan, BASE).unwrap();
    shop.drain().await;
    let of_b = look(&shop, id)
        .await
        .report
        .unwrap()
        .experiment
        .unwrap()
        .arms[1]
        .recipients;
    // Nobody told that it is lost: the broadcast sees it.
    sqlx::query("UPDATE templates SET status = 'paused' WHERE name = 'other'")
        .execute(&mut *shop.conn().await)
        .await
        .unwrap();
    act!(shop, id, send, BASE).unwrap();
    shop.drain().await;
    settled(&shop).await;
    let state = look(&shop, id).await.experiment_state;
    assert_eq!(
        state.stopped_arms.get("B").map(String::as_str),
        Some("template_paused")
    );
    assert_eq!((state.winner, count(&shop, "other")), (None, 0));
    let rest = figures_of(&shop, id).await.rest.unwrap();
    assert_eq!((rest.contacts, rest.waiting), (of_b, of_b));
    let Err(CampaignError::Invalid(invalid)) = act!(shop, id, choose_winner, "B") else {
        panic!("it is stopped")
    };
    assert_eq!(invalid.0[0].code, "stopped_arm");
    shop.after(HOUR * 25).await;
    settled(&shop).await;
    once_each(&shop, 45);
    // With its last arm the campaign stops, as without a test.
    assert_eq!(
        look(&shop, id).await.experiment_state.winner.as_deref(),
        Some("A")
    );
}

#[tokio::test]
async fn a_campaign_whose_arms_are_all_lost_stops() {
    let shop = audience(20).await;
    let same = json!({"kind": "template", "name": "offer", "parameters": [{"text": "friend"}]});
    let arms = json!([{"name": "Name", "percent": 50}, {"name": "Friend", "percent": 50, "content": same}]);
    let id = tested(&shop, &two_arms(&json!({"arms": arms}))).await;
    act!(shop, id, plan, BASE).unwrap();
    shop.drain().await;
    let sending = act!(shop, id, send, BASE).unwrap();
    let mut work = shop.work().await;
    lock(&mut work, id).await.unwrap();
    broadcast::turn(&mut work, &sending).await.unwrap();
    work.commit().await.unwrap();
    lose(&shop, "offer").await;
    let over = look(&shop, id).await;
    assert_eq!(over.status, CampaignStatus::Cancelled);
    assert!(over.experiment_state.winner.is_none());
    assert!(over.experiment_state.stopped_arms.is_empty());
}

#[tokio::test]
async fn orders_of_the_holdout_and_of_the_arms_count_alike_within_their_days() {
    let shop = audience(60).await;
    let more = json!({"test_percent": 50, "holdout_percent": 20, "metric": "order"});
    let id = sent(&shop, &two_arms(&more)).await;
    let all = parts(&shop, id).await;
    let of = |wanted: &str| {
        let found = all
            .iter()
            .find(|(_, (part, _))| part.as_deref() == Some(wanted));
        *found.unwrap().0
    };
    let order = async |subject: &str, contact: ContactId, at: Timestamp| {
        let conversion = Conversion {
            subject: subject.into(),
            contact,
            at,
            worth: Some((12_500, "KES".into())),
        };
        let mut work = shop.work().await;
        convert(&mut work, &conversion).await.unwrap();
        work.commit().await.unwrap();
    };
    let began = look(&shop, id).await.started_at.unwrap();
    let soon = began + TimeDelta::hours(1);
    order("ord_1", of("holdout"), soon).await;
    // Told twice, and another order of the same person.
    order("ord_1", of("holdout"), soon).await;
    order("ord_2", of("holdout"), soon).await;
    order("ord_3", of("test"), soon).await;
    // Before the start, behind the days, and before they get anything.
    order("ord_4", of("test"), began - TimeDelta::hours(1)).await;
    order("ord_5", of("holdout"), began + TimeDelta::days(8)).await;
    order("ord_6", of("rest"), soon).await;
    let figures = figures_of(&shop, id).await;
    let holdout = figures.holdout.unwrap();
    assert_eq!((holdout.ordered.count, holdout.orders), (1, 2));
    assert_eq!(
        (holdout.revenue[0].amount_minor, holdout.ordered.of),
        (25_000, holdout.contacts)
    );
    let ordered: i64 = figures
        .arms
        .iter()
        .map(|arm| arm.figures.ordered.count)
        .sum();
    assert_eq!(ordered, 1);
    assert_eq!(figures.rest.unwrap().orders, 0);
    assert!(!holdout.lift.sure);

    act!(shop, id, choose_winner, "Loud").unwrap();
    shop.drain().await;
    let later = shop.now() + TimeDelta::minutes(1);
    order("ord_7", of("rest"), later).await;
    assert_eq!(figures_of(&shop, id).await.rest.unwrap().orders, 1);
    // The money was given back.
    let mut work = shop.work().await;
    for subject in ["ord_1", "ord_7"] {
        revert(&mut work, subject).await.unwrap();
    }
    work.commit().await.unwrap();
    let after = figures_of(&shop, id).await;
    assert_eq!(
        (after.holdout.unwrap().orders, after.rest.unwrap().orders),
        (1, 0)
    );
    // Who asks to be forgotten is counted, but not with an order.
    let mut work = shop.work().await;
    erase(&mut work, of("holdout")).await.unwrap();
    let left = outcomes::ordered(&mut work, id).await.unwrap();
    assert!(left.iter().all(|one| !one.of.holdout));
}

#[tokio::test]
async fn an_arm_that_cannot_be_filled_is_named_before_anybody_gets_it() {
    let shop = audience(12).await;
    let bare = json!({"kind": "template", "name": "other"});
    let arms =
        json!([{"name": "Plain", "percent": 50}, {"name": "Loud", "percent": 50, "content": bare}]);
    let id = tested(&shop, &two_arms(&json!({"arms": arms}))).await;
    let Err(CampaignError::Invalid(invalid)) = act!(shop, id, plan, BASE) else {
        panic!("a variable has no value")
    };
    let pointers: Vec<&str> = invalid.0.iter().map(|one| one.pointer.as_str()).collect();
    assert_eq!(pointers, ["/experiment/arms/1/content/parameters"]);

    // The field of one arm that some lack: they get nothing of any arm, and the arm is named.
    let email =
        json!({"kind": "template", "name": "other", "parameters": [{"field": {"name": "email"}}]});
    let arms = json!([{"name": "Plain", "percent": 50}, {"name": "Loud", "percent": 50, "content": email}]);
    let patch = json!({"experiment": two_arms(&json!({"arms": arms}))});
    let patch: CampaignPatch = serde_json::from_value(patch).unwrap();
    act!(shop, id, update, patch).unwrap();
    sqlx::query("UPDATE contacts SET email = 'amina@zuri.example' WHERE phone < '+254712300008'")
        .execute(&mut *shop.conn().await)
        .await
        .unwrap();
    let prices = [Price {
        country: "KE".into(),
        category: Category::Marketing,
        micros: 1_000,
        currency: "USD".into(),
    }];
    let mut work = shop.work().await;
    set_prices(&mut work, &prices).await.unwrap();
    work.commit().await.unwrap();
    act!(shop, id, plan, BASE).unwrap();
    shop.drain().await;
    let report = look(&shop, id).await.report.unwrap();
    assert_eq!(
        (report.recipients, report.left_out.get("missing_parameter")),
        (8, Some(&4))
    );
    let arms = report.experiment.unwrap().arms;
    assert_eq!(arms[1].left_out.get("missing_parameter"), Some(&4));
    assert!(arms[0].left_out.is_empty());
    for arm in &arms {
        assert_eq!(arm.category, Some(Category::Marketing));
        let cost = arm.cost.as_ref().map(|cost| cost.micros);
        assert_eq!(cost, Some(arm.recipients * 1_000));
    }
}

#[tokio::test]
async fn a_link_leads_to_the_target_of_its_arm_also_in_a_test_message() {
    let shop = audience(20).await;
    let content = |url: &str| {
        let link = json!({"link": {"url": url}});
        json!({"kind": "template", "name": "other", "parameters": [link]})
    };
    let arms = json!([{"name": "Tea", "percent": 50},
                      {"name": "Cake", "percent": 50, "content": content("https://zuri.example/cake")}]);
    let id = tested(&shop, &two_arms(&json!({}))).await;
    let patch = json!({"content": content("https://zuri.example/tea"),
                       "experiment": two_arms(&json!({"arms": arms, "metric": "click"}))});
    let patch: CampaignPatch = serde_json::from_value(patch).unwrap();
    act!(shop, id, update, patch).unwrap();
    act!(shop, id, send, BASE).unwrap();
    shop.drain().await;
    let arms = parts(&shop, id).await;
    let campaign = look(&shop, id).await;
    let mut work = shop.work().await;
    let all = recipients(&mut work, &campaign, &RecipientFilter::default(), None, 100).await;
    drop(work);
    let target = async |link: &str| {
        let code = link.rsplit('/').next().unwrap();
        follow(&shop.ctx, code, true).await.unwrap().unwrap()
    };
    for (row, _) in all.unwrap() {
        let arm = arms[&row.contact_id].1.clone().unwrap();
        let wanted = format!("https://zuri.example/{}", arm.to_lowercase());
        assert_eq!(target(&row.parameters[0]).await, wanted);
    }
    let figures = figures_of(&shop, id).await;
    let clicked: i64 = figures
        .arms
        .iter()
        .map(|arm| arm.figures.clicked.count)
        .sum();
    assert_eq!(clicked, 20);
    for (arm, wanted) in [(None, "tea"), (Some("Cake"), "cake"), (Some("Tea"), "tea")] {
        let sent = act!(shop, id, test_send, ("+254712300001", arm), BASE).unwrap();
        let link = sent
            .text
            .trim_start_matches("Tea for ")
            .trim_end_matches('!');
        assert_eq!(target(link).await, format!("https://zuri.example/{wanted}"));
    }
    let unknown = act!(shop, id, test_send, ("+254712300001", Some("Soup")), BASE);
    assert!(matches!(unknown, Err(CampaignError::Invalid(_))));
}
