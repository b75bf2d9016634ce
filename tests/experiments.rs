//! Campaigns that test several contents, over real HTTP: what is refused, the split, the choice of two members at once, the
//! figures and the list of who got what.

use std::collections::BTreeMap;

use kazi_jobs::Role;
use serde_json::{Value, json};

use crate::{
    caller::{Caller, invalid, ok, refused},
    support::{App, business},
};

const CAMPAIGNS: &str = "/api/v1/messaging/campaigns";
const PEOPLE: usize = 30;

/// The program, with an account that has templates.
async fn start() -> App {
    let mut app = App::prepare().await;
    app.change("UPDATE channels SET account_id = '1022' WHERE kind = 'whatsapp'")
        .await;
    app.run().await;
    app
}

fn content(value: &Value) -> Value {
    json!({"kind": "template", "name": "offer", "parameters": [value]})
}

/// A test by name and by "friend" of a half, whose winner a member chooses.
fn experiment() -> Value {
    let friend = content(&json!({"text": "friend"}));
    json!({"arms": [{"name": "By name", "percent": 50}, {"name": "Friend", "percent": 50, "content": friend}],
           "test_percent": 50, "metric": "read", "decide_after_hours": 24, "choice": "member"})
}

impl Caller<'_> {
    async fn with_test(&self, experiment: &Value) -> Value {
        json!({"name": "Tea", "channel_id": self.number().await, "experiment": experiment,
               "content": content(&json!({"field": {"name": "first_name"}}))})
    }
}

#[tokio::test]
async fn what_is_wrong_with_a_test_is_told_by_its_field() {
    let app = start().await;
    let me = Caller::new(&app, app.workspace, Role::Owner).await;
    let whole = experiment();
    let changed = |field: &str, value: Value| {
        let mut experiment = whole.clone();
        experiment[field] = value;
        experiment
    };
    let arms = |change: &dyn Fn(&mut Vec<Value>)| {
        let mut experiment = whole.clone();
        change(experiment["arms"].as_array_mut().unwrap());
        experiment
    };
    for (experiment, pointer) in [
        (
            arms(&|arms| arms[0]["percent"] = json!(40)),
            "/experiment/arms",
        ),
        (arms(&|arms| arms.truncate(1)), "/experiment/arms"),
        (
            arms(&|arms| arms[1]["content"] = content(&json!({"field": {"name": "first_name"}}))),
            "/experiment/arms/1",
        ),
        (
            arms(&|arms| arms[1]["content"] = json!({"kind": "text", "text": "Hello"})),
            "/experiment/arms/1/content/kind",
        ),
        (
            arms(&|arms| arms[1]["content"] = content(&json!({"field": {"name": "shoe"}}))),
            "/experiment/arms/1/content/parameters/0/field/name",
        ),
        (
            changed("holdout_percent", json!(50)),
            "/experiment/holdout_percent",
        ),
        (
            changed("test_percent", json!(99)),
            "/experiment/test_percent",
        ),
        (
            changed("decide_after_hours", json!(0)),
            "/experiment/decide_after_hours",
        ),
        (changed("metric", json!("click")), "/experiment/metric"),
    ] {
        let new = me.with_test(&experiment).await;
        invalid(me.post(CAMPAIGNS, &new), pointer).await;
    }
    let mut zoned = me.with_test(&whole).await;
    zoned["send_in"] = json!("recipient_zone");
    invalid(me.post(CAMPAIGNS, &zoned), "/send_in").await;
    // `null` takes the test away.
    let made = ok(me.post(CAMPAIGNS, &me.with_test(&whole).await)).await;
    let path = format!("{CAMPAIGNS}/{}", made["id"].as_str().unwrap());
    assert_eq!(made["experiment"]["otherwise"], "wait");
    let without = me.patch(&path, &json!({"experiment": null}));
    assert_eq!(ok(without).await["experiment"], Value::Null);
    refused(me.get(&format!("{path}/experiment")), 404, "not_found").await;
    let none = me.post(
        &format!("{path}/experiment/winner"),
        &json!({"arm": "Friend"}),
    );
    refused(none, 409, "wrong_state").await;
}

#[tokio::test]
async fn two_members_choose_at_once_and_the_others_get_one_winner() {
    let app = start().await;
    let me = Caller::new(&app, app.workspace, Role::Owner).await;
    me.template().await;
    me.people(PEOPLE).await;
    let made = ok(me.post(CAMPAIGNS, &me.with_test(&experiment()).await)).await;
    let path = format!("{CAMPAIGNS}/{}", made["id"].as_str().unwrap());
    let winner = format!("{path}/experiment/winner");
    let choice = json!({"arm": "Friend"});
    refused(me.post(&winner, &choice), 409, "wrong_state").await;
    ok(me.act(&path, "send")).await;
    me.until(&path, |one| {
        !one["experiment_state"]["test_sent_at"].is_null()
    })
    .await;

    let agent = Caller::new(&app, app.workspace, Role::Agent).await;
    refused(agent.post(&winner, &choice), 403, "forbidden").await;
    assert_eq!(
        agent.show(&format!("{path}/experiment")).await["comparison"]["metric"],
        "read"
    );
    let other = business(app.db(), "Other").await;
    let other = Caller::new(&app, other, Role::Owner).await;
    refused(other.post(&winner, &choice), 404, "not_found").await;
    refused(other.get(&format!("{path}/experiment")), 404, "not_found").await;
    invalid(me.post(&winner, &json!({"arm": "Nobody"})), "/arm").await;

    let clicks = ["By name", "Friend"].map(|arm| me.post(&winner, &json!({"arm": arm})).send());
    let answers = futures_util::future::join_all(clicks).await.into_iter();
    let mut codes: Vec<u16> = answers
        .map(|answer| answer.unwrap().status().as_u16())
        .collect();
    codes.sort_unstable();
    assert_eq!(codes, [200, 409]);
    me.until_delivered(&path, PEOPLE).await;
    let state = me.show(&path).await["experiment_state"].clone();
    assert_eq!(state["decided_by"], "member");
    let won = state["winner"].as_str().unwrap();

    // The figures, the list and what was sent agree.
    let figures = me.show(&format!("{path}/experiment")).await;
    let sent = |part: &Value| part["sent"].as_i64().unwrap();
    let arms = figures["arms"].as_array().unwrap();
    let rest = sent(&figures["rest"]);
    assert_eq!(arms.iter().map(sent).sum::<i64>() + rest, 30);
    assert!(figures["holdout"].is_null());
    let wanted = json!({"kind": "campaign_recipients", "campaign_id": made["id"]});
    let mut texts: BTreeMap<String, i64> = BTreeMap::new();
    for row in me.csv(wanted).await {
        let part = row["part"].as_str().unwrap();
        assert!(part == "test" || row["arm"] == won, "{row}");
        *texts
            .entry(format!("{part} {}", row["arm"].as_str().unwrap()))
            .or_default() += 1;
    }
    assert_eq!(texts.get(&format!("rest {won}")), Some(&rest));
    for arm in arms {
        let of = format!("test {}", arm["arm"].as_str().unwrap());
        assert_eq!(texts.get(&of).copied().unwrap_or_default(), sent(arm));
    }
    let ledger = app.providers.ledger(kazi_simulators::Service::WhatsApp);
    let friends = ledger
        .iter()
        .filter(|entry| entry.message_id.is_some() && entry.body.to_string().contains("friend"));
    let of_friend = texts.iter().filter(|(who, _)| who.ends_with("Friend"));
    let wanted: i64 = of_friend.map(|(_, count)| count).sum();
    assert_eq!(i64::try_from(friends.count()).unwrap(), wanted);
    let log = me.show("/api/v1/audit-log?action=campaigns.decide").await;
    assert_eq!(log["items"].as_array().unwrap().len(), 1);
}
