//! Tracked links of campaigns, and what came of a campaign, over real HTTP.

use kazi_jobs::{
    Role, Work, orders,
    payments::{Ended, How, OrderId, Paid, PaymentId},
};
use kazi_platform::{Clock, Money, actor::Actor};
use kazi_simulators::Service;
use reqwest::{Method, Response};
use serde_json::{Value, json};

use crate::{
    caller::{Caller, answered, invalid_by, ok, refused},
    support::{App, business},
};

const CAMPAIGNS: &str = "/api/v1/messaging/campaigns";
pub const TARGET: &str = "https://zuri.example/tea?from=kazi";
const KAZI: &str = "https://kazi.test";
const BROWSER: &str = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/124.0 Mobile";

pub async fn start() -> App {
    let mut app = App::prepare().await;
    app.set("KAZI_HTTP__PUBLIC_URL", KAZI);
    app.change("UPDATE channels SET account_id = '1022' WHERE kind = 'whatsapp'")
        .await;
    app.run().await;
    app
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

pub fn link(url: &str) -> Value {
    json!({"link": {"url": url}})
}

pub fn template(parameter: &Value) -> Value {
    json!({"kind": "template", "name": "offer", "parameters": [parameter]})
}

impl Caller<'_> {
    async fn draft(&self, content: &Value) -> Value {
        json!({"name": "Tea", "channel_id": self.number().await, "content": content,
               "audience": {"tags_any": ["vip"]}})
    }

    /// A campaign that has reached so many; its path.
    pub async fn delivered(&self, content: &Value, people: usize) -> String {
        let made = ok(self.post(CAMPAIGNS, &self.draft(content).await)).await;
        let path = format!("{CAMPAIGNS}/{}", text(&made["id"]));
        ok(self.act(&path, "send")).await;
        self.until_delivered(&path, people).await;
        path
    }

    async fn recipient(&self, path: &str, contact: &str) -> Value {
        let list = self.show(&format!("{path}/recipients")).await;
        let all = list["items"].as_array().unwrap();
        let own = all.iter().find(|one| one["contact_id"] == contact);
        own.unwrap().clone()
    }

    pub async fn link_of(&self, path: &str, contact: &str) -> String {
        text(&self.recipient(path, contact).await["parameters"][0])
    }

    async fn figures(&self, path: &str) -> Value {
        self.show(&format!("{path}/funnel")).await
    }

    /// An order of one coffee at 12.50 USD, which is paid.
    pub async fn buys(&self, contact: &str) -> OrderId {
        let items = json!([{"product_id": self.coffee().await, "quantity": 1}]);
        let new = json!({"contact_id": contact, "items": items});
        let order = ok(self.post("/api/v1/orders", &new)).await;
        let id: OrderId = text(&order["id"]).parse().unwrap();
        let mut work = work(self.app).await;
        let paid = Paid {
            payment: PaymentId::new(),
            amount: Money {
                minor: 1_250,
                currency: "USD".parse().unwrap(),
            },
            at: work.now(),
        };
        orders::paid(&mut work, id, &paid).await.unwrap();
        work.commit().await.unwrap();
        id
    }
}

async fn work(app: &App) -> Work {
    let now = Clock::system().now();
    let work = Work::begin(app.db(), app.workspace, now, Actor::SYSTEM).await;
    work.unwrap()
}

/// Calls a link at the address where the program really is.
async fn call(app: &App, method: Method, link: &str, agent: &str) -> Response {
    let path = link.strip_prefix(KAZI).unwrap();
    let call = app.http.request(method, app.url(path));
    let call = call
        .header("user-agent", agent)
        .header("accept-language", "fr-FR,en;q=0.5");
    call.send().await.unwrap()
}

/// A person clicks, and is led to the target.
pub async fn click(app: &App, link: &str) {
    let answer = call(app, Method::GET, link, BROWSER).await;
    assert_eq!(
        (
            answer.status().as_u16(),
            answer.headers()["location"].to_str().unwrap()
        ),
        (302, TARGET)
    );
}

async fn unknown(app: &App, link: &str) {
    let answer = call(app, Method::GET, link, BROWSER).await;
    assert_eq!(answer.status(), 404, "{link}");
    assert_eq!(answer.headers()["content-type"], "text/html; charset=utf-8");
    let page = answer.text().await.unwrap();
    assert!(
        page.contains("lang=fr") && page.contains("Ce lien ne mène nulle part"),
        "{page}"
    );
}

#[tokio::test]
async fn a_click_counts_once_for_a_person_and_a_preview_does_not_count() {
    let app = start().await;
    let me = Caller::new(&app, app.workspace, Role::Owner).await;
    me.template().await;
    let people = me.people(3).await;
    let path = me.delivered(&template(&link(TARGET)), 3).await;
    let mut links = Vec::new();
    for contact in &people {
        links.push(me.link_of(&path, contact).await);
    }
    let sent = app.providers.ledger(Service::WhatsApp);
    for one in &links {
        let code = one.strip_prefix("https://kazi.test/l/").unwrap();
        assert!(
            code.len() == 12 && code.chars().all(|c| c.is_ascii_alphanumeric()),
            "{one}"
        );
        let times = sent
            .iter()
            .filter(|entry| entry.body.to_string().contains(code));
        assert_eq!(times.count(), 1, "each has a link of their own");
    }

    click(&app, &links[0]).await;
    click(&app, &links[0]).await;
    click(&app, &links[1]).await;
    // What the request says leads nobody elsewhere.
    click(&app, &format!("{}?url=https://evil.example", links[1])).await;
    for (method, agent) in [
        (Method::HEAD, BROWSER),
        (Method::GET, "WhatsApp/2.24.9.78 A"),
        (Method::GET, "facebookexternalhit/1.1"),
        (Method::GET, ""),
    ] {
        let answer = call(&app, method, &links[2], agent).await;
        assert_eq!(answer.status(), 302);
    }
    let figures = me.figures(&path).await;
    assert_eq!(
        (&figures["clicked"], &figures["clicks"]),
        (&json!(2), &json!(4))
    );
    for (contact, clicked) in people.iter().zip([true, true, false]) {
        let recipient = me.recipient(&path, contact).await;
        assert_eq!(recipient["clicked_at"].is_string(), clicked, "{recipient}");
    }
    for by in ["hour", "day"] {
        let moments = me.show(&format!("{path}/timeline?by={by}")).await;
        let all = moments["items"].as_array().unwrap();
        let sum = |what: &str| {
            all.iter()
                .map(|one| one[what].as_i64().unwrap())
                .sum::<i64>()
        };
        assert_eq!(
            (sum("clicks"), sum("delivered"), sum("conversions")),
            (4, 3, 0),
            "{moments}"
        );
    }
    refused(me.get(&format!("{path}/timeline?by=week")), 422, "invalid").await;

    // A code of nobody's, and what is no code.
    let (start, end) = links[0].split_at(links[0].len() - 2);
    let other = if end.starts_with('0') { "1" } else { "0" };
    for strange in [
        format!("{start}{other}0"),
        format!("{start}{}z", &end[..1]),
        format!("{KAZI}/l/x"),
        format!("{KAZI}/l/%00"),
    ] {
        unknown(&app, &strange).await;
    }
    let posted = call(&app, Method::POST, &links[0], BROWSER).await;
    assert_eq!(posted.status(), 405);
    // The message of a campaign that is over is still on the phone. A suspended business leads nobody on.
    app.change(
        "UPDATE workspaces SET suspended_at = now(), suspended_reason = 'spam' WHERE name = 'Zuri'",
    )
    .await;
    unknown(&app, &links[0]).await;
}

#[tokio::test]
async fn a_target_is_public_and_a_link_stands_where_it_can() {
    let app = start().await;
    let me = Caller::new(&app, app.workspace, Role::Owner).await;
    me.template().await;
    me.people(1).await;
    let pointer = "/content/parameters/0/link/url";
    let long = format!("https://zuri.example/{}", "x".repeat(2_000));
    for (url, code) in [
        ("http://zuri.example/", "not_https"),
        ("https://10.0.0.1/", "private_host"),
        ("https://localhost/", "private_host"),
        ("https://[::1]/", "private_host"),
        ("https://me:secret@zuri.example/", "credentials"),
        ("javascript:alert(1)", "not_https"),
        (long.as_str(), "too_long"),
    ] {
        let draft = me.draft(&template(&link(url))).await;
        invalid_by(me.post(CAMPAIGNS, &draft), pointer, code).await;
    }
    let mut in_header = template(&json!({"text": "tea"}));
    in_header["header"] = json!({"text": link(TARGET)});
    let draft = me.draft(&in_header).await;
    let place = "/content/header/text/link";
    invalid_by(me.post(CAMPAIGNS, &draft), place, "no_link_here").await;
    for days in [0, 91] {
        let mut draft = me.draft(&template(&link(TARGET))).await;
        draft["conversion_days"] = json!(days);
        invalid_by(
            me.post(CAMPAIGNS, &draft),
            "/conversion_days",
            "out_of_range",
        )
        .await;
    }
    let made = ok(me.post(CAMPAIGNS, &me.draft(&template(&link(TARGET))).await)).await;
    assert_eq!(made["conversion_days"], 7);
    let path = format!("{CAMPAIGNS}/{}", text(&made["id"]));
    // Written by an older version, whose rules were others.
    app.change("UPDATE campaigns SET content = replace(content::text, 'zuri.example', '192.168.0.1')::jsonb")
        .await;
    invalid_by(me.act(&path, "send"), pointer, "private_host").await;
}

#[tokio::test]
async fn a_button_leads_to_kazi_and_a_test_counts_for_nobody() {
    let app = start().await;
    let me = Caller::new(&app, app.workspace, Role::Owner).await;
    let button = |url: &str| json!([{"type": "url", "text": "Look", "url": format!("{url}{{{{1}}}}"), "example": format!("{url}abc")}]);
    me.template_with(&button("https://kazi.test/l/")).await;
    let people = me.people(1).await;
    let mut content = template(&json!({"text": "Amina"}));
    content["buttons"] = json!([{"url": {"index": 0, "value": link(TARGET)}}]);

    let made = ok(me.post(CAMPAIGNS, &me.draft(&content).await)).await;
    let path = format!("{CAMPAIGNS}/{}", text(&made["id"]));
    let phone = json!({"phone": "+254712300000"});
    ok(me.post(&format!("{path}/test"), &phone)).await;
    app.until("SELECT count(*) FROM messages WHERE accepted_at IS NOT NULL")
        .await;
    let code = |n: usize| {
        let ledger = app.providers.ledger(Service::WhatsApp).into_iter();
        let mut sent = ledger.filter(|entry| entry.body["type"] == "template");
        let parts = sent.nth(n).unwrap().body["template"]["components"].clone();
        let parts = parts.as_array().unwrap().clone();
        let button = parts.into_iter().find(|part| part["type"] == "button");
        text(&button.unwrap()["parameters"][0]["text"])
    };
    click(&app, &format!("{KAZI}/l/{}", code(0))).await;

    ok(me.act(&path, "send")).await;
    me.until_delivered(&path, 1).await;
    assert_eq!(me.figures(&path).await["clicks"], 0);
    click(&app, &format!("{KAZI}/l/{}", code(1))).await;
    assert_eq!(me.figures(&path).await["clicks"], 1);
    assert!(me.recipient(&path, &people[0]).await["clicked_at"].is_string());

    // Now the template leads elsewhere.
    app.change("UPDATE templates SET components = replace(components::text, 'kazi.test', 'other.test')::jsonb")
        .await;
    let made = ok(me.post(CAMPAIGNS, &me.draft(&content).await)).await;
    let path = format!("{CAMPAIGNS}/{}", text(&made["id"]));
    let body = refused(me.act(&path, "send"), 422, "invalid").await;
    let error = &body["errors"][0];
    assert_eq!(
        (&error["pointer"], &error["code"]),
        (&json!("/content/buttons/0/link"), &json!("link_base"))
    );
    assert!(
        text(&error["detail"]).contains("https://kazi.test/l/{{1}}"),
        "{error}"
    );
}

#[tokio::test]
async fn an_order_counts_for_the_last_campaign_until_it_is_refunded() {
    let app = start().await;
    app.connect_stripe().await;
    let me = Caller::new(&app, app.workspace, Role::Owner).await;
    me.template().await;
    let people = me.people(3).await;
    let [clicks, reads, leaves] = people.as_slice() else {
        unreachable!()
    };
    let stock = format!("/api/v1/products/{}/stock", me.coffee().await);
    ok(me.post(&stock, &json!({"change": 5, "reason": "counted"}))).await;
    let early = me.buys(leaves).await;
    let tracked = me.delivered(&template(&link(TARGET)), 3).await;
    let plain = me.delivered(&template(&json!({"text": "friend"})), 3).await;
    let of = async |path: &str| {
        let figures = me.figures(path).await;
        let all =
            ["converted", "conversions", "revenue", "opted_out"].map(|what| figures[what].clone());
        json!(all)
    };
    let nothing = json!([0, 0, [], 0]);
    assert_eq!(
        (of(&tracked).await, of(&plain).await),
        (nothing.clone(), nothing.clone()),
        "{early}"
    );

    // The click comes after the second campaign.
    click(&app, &me.link_of(&tracked, clicks).await).await;
    let order = me.buys(clicks).await;
    me.buys(clicks).await;
    let other = me.buys(reads).await;
    let usd = |amount: i64| json!([{"currency": "USD", "amount_minor": amount}]);
    let conversions = |path: &str, count: i64| {
        let path = format!("{path}/funnel");
        let me = &me;
        async move { me.until(&path, |one| one["conversions"] == count).await }
    };
    conversions(&tracked, 2).await;
    conversions(&plain, 1).await;
    assert_eq!(of(&tracked).await, json!([1, 2, usd(2_500), 0]));
    assert_eq!(of(&plain).await, json!([1, 1, usd(1_250), 0]));
    let recipient = me.recipient(&tracked, clicks).await;
    assert_eq!(recipient["converted_by"], order.to_string(), "{recipient}");

    let mut refunding = work(&app).await;
    let ended = Ended {
        payment: PaymentId::new(),
        how: How::Refunded,
        error: None,
    };
    orders::payment_ended(&mut refunding, order, &ended)
        .await
        .unwrap();
    refunding.commit().await.unwrap();
    conversions(&tracked, 1).await;
    assert_eq!(of(&tracked).await, json!([1, 1, usd(1_250), 0]));

    // Who wants no more offers does so after the last campaign that came.
    let said = json!({"marketing": false, "note": "by phone"});
    ok(me.post(&format!("/api/v1/contacts/{leaves}/consents"), &said)).await;
    assert_eq!(of(&tracked).await[3], 0);
    assert_eq!(of(&plain).await[3], 1);

    // Nothing is left of what an erased contact did.
    let code = me.link_of(&tracked, reads).await;
    click(&app, &code).await;
    answered(me.act(&format!("/api/v1/contacts/{reads}"), "erase"), 204).await;
    assert_eq!(of(&plain).await, json!([0, 0, [], 1]), "{other}");
    assert_eq!(me.figures(&tracked).await["clicks"], 1);
    unknown(&app, &code).await;

    // Another business sees none of it.
    let stranger = business(app.db(), "Other").await;
    let stranger = Caller::new(&app, stranger, Role::Owner).await;
    refused(
        stranger.get(&format!("{tracked}/timeline")),
        404,
        "not_found",
    )
    .await;
    let id = tracked.rsplit('/').next().unwrap();
    let export =
        json!({"rows": {"kind": "campaign_recipients", "campaign_id": id}, "format": "csv"});
    invalid_by(
        stranger.post("/api/v1/exports", &export),
        "/rows/campaign_id",
        "unknown_campaign",
    )
    .await;
}

#[tokio::test]
async fn a_booking_counts_until_it_is_cancelled_and_the_recipients_are_exported() {
    let app = start().await;
    let me = Caller::new(&app, app.workspace, Role::Owner).await;
    me.template().await;
    let people = me.people(1).await;
    let path = me.delivered(&template(&link(TARGET)), 1).await;
    let salon = Caller::new(&app, app.workspace, Role::Owner)
        .await
        .below("/api/v1");
    let (provider, offering) = salon.salon(&[]).await;
    let book = async |hours: i64| {
        let at = Clock::system().now() + chrono::TimeDelta::hours(hours);
        let new = json!({"offering_id": offering, "provider_id": provider, "contact_id": people[0],
                         "starts_at": at.format("%Y-%m-%dT%H:00:00Z").to_string()});
        text(&ok(salon.post("/bookings", &new)).await["id"])
    };
    // It has a tracked link: who has not clicked came by themselves.
    book(24).await;
    click(&app, &me.link_of(&path, &people[0]).await).await;
    let booking = book(48).await;
    let funnel = format!("{path}/funnel");
    me.until(&funnel, |one| one["conversions"] == 1).await;
    let recipient = me.recipient(&path, &people[0]).await;
    assert_eq!(recipient["converted_by"], booking);

    let id = path.rsplit('/').next().unwrap();
    let rows = me
        .csv(json!({"kind": "campaign_recipients", "campaign_id": id}))
        .await;
    assert_eq!(rows.len(), 1);
    let row = &rows[0];
    assert_eq!(
        (&row["customer"], &row["converted_by"], &row["phone"]),
        (&json!("Amina O"), &json!(booking), &json!("+254712300000"))
    );
    assert!(
        row["clicked_at"] != "" && row["converted_at"] != "",
        "{row}"
    );

    ok(salon.call(Method::POST, &format!("/bookings/{booking}/cancel"))).await;
    let funnel = me.until(&funnel, |one| one["conversions"] == 0).await;
    assert_eq!(
        (&funnel["converted"], &funnel["clicked"]),
        (&json!(0), &json!(1))
    );
}
