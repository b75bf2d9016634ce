//! Exports of all lists over real HTTP, and contacts that are exported, imported again, and the same.

use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};
use kazi_jobs::Role;
use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    caller::{Caller, invalid, ok, refused},
    support::{App, LONG, business},
};

const EXPORTS: &str = "/api/v1/exports";
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

impl Caller<'_> {
    /// An export when it is done.
    async fn exported(&self, rows: Value, format: &str) -> Value {
        let new = json!({"rows": rows, "format": format});
        let begun = self.post(EXPORTS, &new).send().await.unwrap();
        assert_eq!(begun.status(), 202);
        let path = begun.headers()["location"].to_str().unwrap().to_owned();
        let ended = async {
            loop {
                let view = self.show(&path).await;
                if !view["finished_at"].is_null() {
                    break view;
                }
            }
        };
        let view = tokio::time::timeout(LONG, ended).await.unwrap();
        assert_eq!(view["status"], "done", "{view}");
        view
    }

    /// The bytes behind the link of an export, got without a token.
    async fn file(&self, export: &Value) -> (String, Vec<u8>) {
        let response = self.app.http.get(self.link(export)).send().await.unwrap();
        assert_eq!(response.status(), 200);
        let kind = response.headers()["content-type"].to_str().unwrap();
        let kind = kind.to_owned();
        let bytes = response.bytes().await.unwrap().to_vec();
        assert_eq!(export["bytes"], bytes.len());
        (kind, bytes)
    }

    /// The link, which begins with the address that the world knows, by the address of the test.
    fn link(&self, export: &Value) -> String {
        let url = export["link"]["url"].as_str().unwrap();
        let (_, path) = url.split_once("/api/").unwrap();
        self.app.url(&format!("/api/{path}"))
    }

    /// The rows of a CSV, by column.
    pub async fn csv(&self, rows: Value) -> Vec<Value> {
        let export = self.exported(rows, "csv").await;
        let (kind, bytes) = self.file(&export).await;
        assert_eq!(kind, "text/csv; charset=utf-8");
        let text = String::from_utf8(bytes).unwrap();
        let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
        let rows: Vec<Value> = reader
            .deserialize::<std::collections::BTreeMap<String, String>>()
            .map(|row| json!(row.unwrap()))
            .collect();
        assert_eq!(export["rows_done"], rows.len());
        assert_eq!(export["rows_total"], rows.len());
        rows
    }

    /// Imports a file; what came of it.
    async fn import_again(&self, kind: &str, file: Vec<u8>) -> Value {
        let request = self.call(Method::POST, "/api/v1/imports");
        let begun = ok(request.header("content-type", kind).body(file)).await;
        let path = format!("/api/v1/imports/{}", begun["id"].as_str().unwrap());
        let ended = async {
            loop {
                let view = self.show(&path).await;
                if !view["finished_at"].is_null() {
                    break view;
                }
            }
        };
        tokio::time::timeout(LONG, ended).await.unwrap()
    }
}

#[tokio::test]
async fn exported_contacts_run_nothing_and_are_the_same_when_they_are_imported_again() {
    let app = App::start().await;
    let me = Caller::new(&app, app.workspace, Role::Admin).await;
    let city = json!({"label": "City", "kind": "text"});
    ok(me.put("/api/v1/contact-fields/city", &city)).await;
    let evil = r#"=HYPERLINK("http://evil.test","x")"#;
    for (n, name) in [evil, "@SUM(1)", "+1", "-1", "Amina"].iter().enumerate() {
        let new = json!({"name": name, "phone": format!("+25471234560{n}"), "tags": ["-a", "x"],
                         "attributes": {"city": "=here"}});
        let made = ok(me.post("/api/v1/contacts", &new)).await;
        let path = format!("/api/v1/contacts/{}", made["id"].as_str().unwrap());
        match n {
            0 => {
                let no = json!({"marketing": false, "note": "said so"});
                ok(me.post(&format!("{path}/consents"), &no)).await;
            }
            1 => {
                ok(me.call(Method::POST, &format!("{path}/block"))).await;
            }
            _ => {}
        }
    }
    ok(me.post("/api/v1/contacts", &json!({"name": "other"}))).await;

    let all = json!({"kind": "contacts", "tag": "x", "attributes": {"city": "=here"}});
    let rows = me.csv(all.clone()).await;
    let names: Vec<&str> = rows
        .iter()
        .map(|row| row["name"].as_str().unwrap())
        .collect();
    let quoted = format!("'{evil}");
    assert_eq!(names, [quoted.as_str(), "'@SUM(1)", "'+1", "'-1", "Amina"]);
    assert_eq!(rows[0]["phone"], "+254712345600");
    assert_eq!(
        (&rows[0]["tags"], &rows[0]["city"]),
        (&json!("'-a; x"), &json!("'=here"))
    );
    assert_eq!(
        (&rows[0]["marketing"], &rows[1]["blocked"]),
        (&json!("false"), &json!("true"))
    );

    let workbook = me.exported(all.clone(), "xlsx").await;
    let (kind, bytes) = me.file(&workbook).await;
    assert_eq!(kind, XLSX);
    let mut book = Xlsx::new(Cursor::new(bytes.clone())).unwrap();
    let formulas = book.worksheet_formula("Sheet1").unwrap();
    assert!(formulas.is_empty());
    let sheet = book.worksheet_range("Sheet1").unwrap();
    assert_eq!(sheet.get_value((1, 1)), Some(&Data::String(evil.into())));
    let created = sheet.get_value((1, 10)).unwrap();
    assert!(matches!(created, Data::DateTime(_)), "{created:?}");

    let (_, text) = me.file(&me.exported(all, "csv").await).await;
    for (kind, file) in [("text/csv", text), (XLSX, bytes)] {
        app.change("TRUNCATE consents").await;
        app.change(
            "UPDATE contacts SET name = 'x', attributes = '{}', blocked_at = NULL, marketing = NULL WHERE phone IS NOT NULL",
        )
        .await;
        let view = me.import_again(kind, file).await;
        assert_eq!(
            (&view["rows_updated"], &view["rows_bad"]),
            (&json!(5), &json!(0)),
            "{view}"
        );
        let again = me.show("/api/v1/contacts?tag=x&sort=created_at").await;
        let people = again["items"].as_array().unwrap();
        let names: Vec<&str> = people
            .iter()
            .map(|one| one["name"].as_str().unwrap())
            .collect();
        assert_eq!(names, [evil, "@SUM(1)", "+1", "-1", "Amina"], "{kind}");
        assert_eq!(people[0]["attributes"]["city"], "=here");
        assert_eq!(people[0]["tags"], json!(["-a", "x"]));
        assert_eq!(people[0]["marketing"], false);
        assert!(people[1]["blocked_at"].is_string());
    }
    let said =
        "SELECT count(*) FROM audit_log WHERE action = 'exports.create' AND actor_id IS NOT NULL
                AND after #>> '{rows,kind}' = 'contacts'";
    assert_eq!(app.count(said).await, 3);
}

#[tokio::test]
async fn every_list_is_a_file_with_times_of_the_workspace_and_decimal_money() {
    let app = App::till().await;
    let me = Caller::new(&app, app.workspace, Role::Admin).await;
    let zone = json!({"time_zone": "Africa/Nairobi"});
    let workspace = me.get("/api/v1/workspaces/current").send().await.unwrap();
    let tag = workspace.headers()["etag"].clone();
    ok(me
        .patch("/api/v1/workspaces/current", &zone)
        .header("if-match", tag))
    .await;

    app.phone("254712345678").say("Hello").await;
    app.until("SELECT count(*) FROM messages WHERE direction = 'out' AND accepted_at IS NOT NULL")
        .await;
    let contact = me.show("/api/v1/contacts").await["items"][0]["id"].clone();
    let coffee = me.show("/api/v1/products?sku=COF").await["items"][0]["id"].clone();
    let order = json!({"contact_id": contact, "items": [{"product_id": coffee, "quantity": 2}], "note": "=1+1"});
    ok(me.post("/api/v1/orders", &order)).await;
    app.until("SELECT count(*) FROM payments WHERE status = 'open'")
        .await;

    let orders = me
        .csv(json!({"kind": "orders", "status": "pending_payment"}))
        .await;
    assert_eq!(orders.len(), 1, "{orders:?}");
    let order = &orders[0];
    assert_eq!(
        (&order["total"], &order["currency"]),
        (&json!("25.00"), &json!("USD"))
    );
    assert_eq!(
        (&order["items"], &order["note"]),
        (&json!("2 × Kenyan coffee"), &json!("'=1+1"))
    );
    assert_eq!(order["phone"], "+254712345678");
    assert!(
        order["created_at"].as_str().unwrap().ends_with("+03:00"),
        "{order}"
    );
    assert_eq!(
        me.csv(json!({"kind": "orders", "status": "paid"})).await,
        Vec::<Value>::new()
    );

    let payments = me
        .csv(json!({"kind": "payments", "contact_id": contact}))
        .await;
    assert_eq!(payments.len(), 1);
    assert_eq!(
        (&payments[0]["amount"], &payments[0]["received"]),
        (&json!("25.00"), &json!("0.00"))
    );

    let (from, until) = ("2020-01-01T00:00:00Z", "2020-12-31T00:00:00Z");
    let old = json!({"kind": "messages", "from": from, "until": until});
    assert_eq!(me.csv(old).await, Vec::<Value>::new());
    let now = chrono::Utc::now();
    let day = chrono::TimeDelta::days(1);
    let messages = |direction: Option<&str>| json!({"kind": "messages", "from": now - day, "until": now + day, "direction": direction});
    let heard = me.csv(messages(Some("in"))).await;
    assert_eq!(heard.len(), 1);
    assert_eq!(
        (&heard[0]["text"], &heard[0]["cause"]),
        (&json!("Hello"), &json!("customer"))
    );
    let all = me.csv(messages(None)).await;
    assert!(all.len() > 1);
    assert!(all.is_sorted_by_key(|row| row["created_at"].as_str().unwrap()));

    let new = json!({"kind": "person", "name": "Wanjiru", "zone": "Africa/Nairobi"});
    let provider = ok(me.post("/api/v1/providers", &new)).await["id"].clone();
    let offering = json!({"names": {"en": "Haircut"}, "duration_minutes": 30, "step_minutes": 15, "min_ahead_minutes": 0,
                          "price_minor": 1500, "provider_ids": [provider]});
    let offering = ok(me.post("/api/v1/offerings", &offering)).await["id"].clone();
    let always: Vec<Value> = (1..=7)
        .map(|weekday| json!({"weekday": weekday, "from": "00:00", "until": "24:00"}))
        .collect();
    let hours = format!("/api/v1/providers/{}/hours", provider.as_str().unwrap());
    ok(me.put(&hours, &json!({"week": always}))).await;
    let slots = format!("/api/v1/slots?offering_id={}", offering.as_str().unwrap());
    let slot = me.show(&slots).await["items"][10].clone();
    let wish = json!({"offering_id": offering, "provider_id": provider, "contact_id": contact, "starts_at": slot["starts_at"]});
    ok(me.post("/api/v1/bookings", &wish)).await;
    let bookings = me
        .csv(json!({"kind": "bookings", "offering_id": offering}))
        .await;
    assert_eq!(bookings.len(), 1);
    let booking = &bookings[0];
    assert_eq!(
        (&booking["offering"], &booking["provider"]),
        (&json!("Haircut"), &json!("Wanjiru"))
    );
    assert_eq!(
        (&booking["price"], &booking["currency"]),
        (&json!("15.00"), &json!("USD"))
    );

    let channels = me.show("/api/v1/channels").await;
    let text = json!({"kind": "text", "text": "Hello"});
    let mut channels = channels["items"].as_array().unwrap().iter();
    // WhatsApp takes only templates of a campaign.
    let channel = channels.find(|one| one["kind"] == "greenapi").unwrap();
    let campaign = json!({"name": "@Tea", "channel_id": channel["id"], "content": text});
    ok(me.post("/api/v1/messaging/campaigns", &campaign)).await;
    let campaigns = me
        .csv(json!({"kind": "campaigns", "status": "draft"}))
        .await;
    assert_eq!(campaigns.len(), 1);
    assert_eq!(
        (
            &campaigns[0]["name"],
            &campaigns[0]["sent"],
            &campaigns[0]["clicked"]
        ),
        (&json!("'@Tea"), &json!("0"), &json!("0"))
    );
}

#[tokio::test]
async fn a_link_is_good_for_its_file_alone_and_for_a_while() {
    let app = App::start().await;
    let me = Caller::new(&app, app.workspace, Role::Admin).await;
    let first = me.exported(json!({"kind": "contacts"}), "csv").await;
    let second = me.exported(json!({"kind": "orders"}), "csv").await;
    let get = |url: String| app.http.get(url);
    let link = me.link(&first);
    me.file(&first).await;
    let (path, token) = link.split_once("?token=").unwrap();
    let other = me.link(&second);
    let (other, _) = other.split_once("?token=").unwrap();
    for url in [
        format!("{other}?token={token}"),
        format!("{path}?token=A{token}"),
        format!("{path}?token="),
    ] {
        refused(get(url), 404, "not_found").await;
    }
    refused(get(path.to_owned()), 422, "invalid").await;

    app.change("UPDATE exports SET expires_at = now()").await;
    let id = first["id"].as_str().unwrap();
    let late = me.show(&format!("{EXPORTS}/{id}")).await;
    refused(get(me.link(&late)), 403, "link_expired").await;
    // An earlier link, and the file is gone.
    app.change("UPDATE exports SET status = 'expired'").await;
    refused(get(link), 404, "not_found").await;
    let gone = me.show(&format!("{EXPORTS}/{id}")).await;
    assert_eq!(gone["link"], Value::Null);
}

#[tokio::test]
async fn what_is_wrong_with_an_export_is_told_and_only_admins_of_the_workspace_take_one() {
    let app = App::start().await;
    let me = Caller::new(&app, app.workspace, Role::Admin).await;
    let agent = Caller::new(&app, app.workspace, Role::Agent).await;
    let other = business(app.db(), "Other").await;
    let they = Caller::new(&app, other, Role::Owner).await;
    let start = |rows: Value| me.post(EXPORTS, &json!({"rows": rows, "format": "csv"}));
    let (from, until) = ("2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z");
    for (rows, pointer) in [
        (json!({"kind": "secrets"}), "/rows"),
        (json!({}), "/rows/kind"),
        (json!({"kind": "orders", "status": "lost"}), "/rows"),
        (json!({"kind": "orders", "tag": "x"}), "/rows"),
        (json!({"kind": "messages"}), "/rows"),
        (
            json!({"kind": "messages", "from": until, "until": from}),
            "/rows/until",
        ),
        (
            json!({"kind": "messages", "from": "2024-01-01T00:00:00Z", "until": from}),
            "/rows/until",
        ),
        (
            json!({"kind": "contacts", "attributes": {"nothing": "x"}}),
            "/rows/attributes/nothing",
        ),
    ] {
        let body = refused(start(rows.clone()), 422, "invalid").await;
        let said = body["errors"][0]["pointer"].as_str().unwrap();
        assert!(said.starts_with(pointer), "{rows}: {body}");
        assert!(!body.to_string().contains("Wanted"), "{body}");
    }
    let pdf = json!({"rows": {"kind": "orders"}, "format": "pdf"});
    invalid(me.post(EXPORTS, &pdf), "/format").await;
    let good = json!({"rows": {"kind": "orders"}, "format": "csv"});
    refused(agent.post(EXPORTS, &good), 403, "forbidden").await;

    // As if no process ran jobs.
    app.change(
        "INSERT INTO exports (workspace_id, id, wanted, format, actor_kind, created_at)
         SELECT workspace_id, gen_random_uuid(), '{\"kind\": \"orders\"}', 'csv', 'system', now()
         FROM channels, generate_series(1, 3) WHERE kind = 'whatsapp'",
    )
    .await;
    refused(me.post(EXPORTS, &good), 409, "too_many_exports").await;
    let all = me.show(EXPORTS).await;
    let path = format!("{EXPORTS}/{}", all["items"][0]["id"].as_str().unwrap());
    for request in [
        they.get(&path),
        they.call(Method::POST, &format!("{path}/cancel")),
    ] {
        refused(request, 404, "not_found").await;
    }
    for request in [
        agent.get(&path),
        agent.get(EXPORTS),
        agent.call(Method::POST, &format!("{path}/cancel")),
    ] {
        refused(request, 403, "forbidden").await;
    }
    assert_eq!(they.show(EXPORTS).await["items"], json!([]));
    let cancelled = ok(me.call(Method::POST, &format!("{path}/cancel"))).await;
    assert_eq!(
        (&cancelled["status"], &cancelled["link"]),
        (&json!("cancelled"), &Value::Null)
    );
    me.exported(json!({"kind": "orders"}), "csv").await;
    let said = "SELECT count(*) FROM audit_log WHERE action = 'exports.cancel'";
    assert_eq!(app.count(said).await, 1);
}

#[tokio::test]
async fn an_export_whose_process_is_killed_is_whole_in_the_end() {
    let mut app = App::start().await;
    let token = app.member(app.workspace, Role::Admin).await;
    app.change(
        "INSERT INTO contacts (workspace_id, id, name, created_at, updated_at)
         SELECT workspace_id, gen_random_uuid(), 'Amina ' || n, now(), now()
         FROM channels, generate_series(1, 60000) n WHERE kind = 'whatsapp'",
    )
    .await;
    let new = json!({"rows": {"kind": "contacts"}, "format": "xlsx"});
    let post = app.http.post(app.url(EXPORTS)).bearer_auth(&token);
    let begun = post.json(&new).send().await.unwrap();
    assert_eq!(begun.status(), 202);
    app.until("SELECT count(*) FROM exports WHERE status = 'running' AND rows_done >= 2000")
        .await;
    app.kill().await;
    assert_eq!(
        app.count("SELECT count(*) FROM exports WHERE bytes IS NOT NULL")
            .await,
        0
    );
    assert_eq!(app.count("SELECT count(*) FROM export_chunks").await, 0);
    app.run().await;
    app.until(
        "SELECT count(*) FROM exports WHERE status = 'done' AND rows_done = 60000 AND run = 2",
    )
    .await;
    let me = Caller::new(&app, app.workspace, Role::Admin).await;
    let id = me.show(EXPORTS).await["items"][0]["id"].clone();
    let view = me
        .show(&format!("{EXPORTS}/{}", id.as_str().unwrap()))
        .await;
    let (_, bytes) = me.file(&view).await;
    let mut book = Xlsx::new(Cursor::new(bytes)).unwrap();
    let sheet = book.worksheet_range("Sheet1").unwrap();
    assert_eq!(sheet.height(), 60_001);
}
