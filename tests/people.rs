//! Contacts, tags, custom fields, consents and imports over real HTTP.

use std::fmt::Write;

use kazi_jobs::Role;
use reqwest::{Method, RequestBuilder, Response};
use serde_json::{Value, json};

use crate::{
    caller::{Caller, invalid_by, ok, refused},
    support::{App, LONG, business},
};

const CONTACTS: &str = "/api/v1/contacts";
const IMPORTS: &str = "/api/v1/imports";
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

impl Caller<'_> {
    fn import(&self, query: &str, kind: &str, file: impl Into<reqwest::Body>) -> RequestBuilder {
        let request = self.call(Method::POST, &format!("{IMPORTS}{query}"));
        request.header("content-type", kind).body(file)
    }

    /// A new contact; its path and what it is.
    async fn made(&self, body: Value) -> (String, Value) {
        let made = ok(self.post(CONTACTS, &body)).await;
        (format!("{CONTACTS}/{}", text(&made["id"])), made)
    }

    /// An import when it has ended.
    async fn ended(&self, import: &Value) -> Value {
        let path = format!("{IMPORTS}/{}", text(&import["id"]));
        let ended = async {
            loop {
                let view = ok(self.get(&path)).await;
                if !view["finished_at"].is_null() {
                    break view;
                }
            }
        };
        tokio::time::timeout(LONG, ended).await.unwrap()
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

async fn answer(request: RequestBuilder, status: u16) -> Response {
    let response = request.send().await.unwrap();
    if response.status() != status {
        panic!("{}: {}", response.status(), response.text().await.unwrap());
    }
    response
}

fn names(page: &Value) -> Vec<&str> {
    let items = page["items"].as_array().unwrap();
    items.iter().map(|item| text(&item["name"])).collect()
}

#[tokio::test]
async fn a_contact_is_made_shown_changed_blocked_and_deleted() {
    let app = App::start().await;
    let me = Caller::new(&app, app.workspace, Role::Owner).await;
    let body = json!({"name": "Amina", "phone": "0712 345 678", "tags": ["VIP"]});
    let made = answer(me.post(CONTACTS, &body).header("idempotency-key", "1"), 201).await;
    let (first, path) = (
        made.headers()["etag"].clone(),
        made.headers()["location"].clone(),
    );
    let path = path.to_str().unwrap();
    let made: Value = made.json().await.unwrap();
    assert_eq!(made["phone"], "+254712345678");
    assert_eq!(made["tags"], json!(["vip"]));
    let again = answer(me.post(CONTACTS, &body).header("idempotency-key", "1"), 201).await;
    assert_eq!(again.headers()["idempotency-replayed"], "true");
    assert_eq!(again.json::<Value>().await.unwrap(), made);
    let taken = refused(me.post(CONTACTS, &body), 409, "already_exists").await;
    assert_eq!(taken["errors"][0]["pointer"], "/phone");

    let shown = answer(me.get(path), 200).await;
    assert_eq!(shown.headers()["etag"], first);
    assert_eq!(shown.json::<Value>().await.unwrap(), made);
    let patch = |name: &str| {
        me.call(Method::PATCH, path)
            .json(&json!({"name": name, "email": "A@x.test"}))
    };
    let changed = answer(patch("Amina Otieno").header("if-match", &first), 200).await;
    let second = changed.headers()["etag"].clone();
    assert_ne!(first, second);
    refused(
        patch("Late").header("if-match", &first),
        412,
        "changed_meanwhile",
    )
    .await;
    let late = me.call(Method::DELETE, path).header("if-match", &first);
    refused(late, 412, "changed_meanwhile").await;
    let tags = |tags: &[&str]| {
        me.call(Method::PUT, &format!("{path}/tags"))
            .json(&json!({"tags": tags}))
    };
    refused(
        tags(&["x"]).header("if-match", &first),
        412,
        "changed_meanwhile",
    )
    .await;
    let tagged = ok(tags(&["fair", "new"]).header("if-match", &second)).await;
    assert_eq!(
        (&tagged["tags"], text(&tagged["email"])),
        (&json!(["fair", "new"]), "a@x.test")
    );

    let blocked = ok(me.call(Method::POST, &format!("{path}/block"))).await;
    assert!(blocked["blocked_at"].is_string());
    let free = ok(me.call(Method::POST, &format!("{path}/unblock"))).await;
    assert!(free["blocked_at"].is_null());
    let gone = me.call(Method::DELETE, path).header("if-match", "*");
    answer(gone, 204).await;
    refused(me.get(path), 404, "not_found").await;
    // Whoever is made again with the phone is who they were.
    let (back, _) = me.made(json!({"phone": "+254712345678"})).await;
    assert_eq!(back, path);
    let said =
        "SELECT count(DISTINCT action) FROM audit_log WHERE actor_kind = 'member' AND action IN
        ('contacts.create', 'contacts.update', 'contacts.block', 'contacts.delete')";
    assert_eq!(app.count(said).await, 4);
}

#[tokio::test]
async fn of_changes_that_saw_the_same_contact_one_is_made() {
    let app = App::start().await;
    let me = Caller::new(&app, app.workspace, Role::Agent).await;
    let (path, _) = me.made(json!({"name": "Amina"})).await;
    let seen = answer(me.get(&path), 200).await.headers()["etag"].clone();
    let changes = (0..8).map(|number| {
        let patch = me
            .call(Method::PATCH, &path)
            .json(&json!({"name": format!("Amina {number}")}));
        patch.header("if-match", &seen).send()
    });
    let mut statuses: Vec<u16> = futures_util::future::join_all(changes)
        .await
        .into_iter()
        .map(|answer| answer.unwrap().status().as_u16())
        .collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 412, 412, 412, 412, 412, 412, 412]);
    assert_eq!(ok(me.get(&path)).await["version"], 2);
}

#[tokio::test]
async fn contacts_are_listed_by_filters_and_sorts_page_by_page() {
    let app = App::start().await;
    let me = Caller::new(&app, app.workspace, Role::Admin).await;
    let field = me.call(Method::PUT, "/api/v1/contact-fields/city");
    ok(field.json(&json!({"label": "City", "kind": "text"}))).await;
    for (name, language, city) in [
        ("Émile", "fr", "Lyon"),
        ("amina", "en", "Nairobi"),
        ("Zuri", "en", "Nairobi"),
    ] {
        me.made(json!({"name": name, "language": language, "tags": [language], "attributes": {"city": city}})).await;
    }
    for (sort, order) in [
        ("created_at", ["Émile", "amina", "Zuri"]),
        ("-created_at", ["Zuri", "amina", "Émile"]),
        ("name", ["amina", "Émile", "Zuri"]),
        ("-name", ["Zuri", "Émile", "amina"]),
        ("last_activity_at", ["Émile", "amina", "Zuri"]),
        ("-last_activity_at", ["Zuri", "amina", "Émile"]),
    ] {
        let first = ok(me.get(&format!("{CONTACTS}?limit=2&sort={sort}"))).await;
        let cursor = text(&first["next_cursor"]);
        let second = ok(me.get(&format!("{CONTACTS}?limit=2&sort={sort}&cursor={cursor}"))).await;
        assert_eq!([names(&first), names(&second)].concat(), order, "{sort}");
        assert!(second["next_cursor"].is_null());
        let other = if sort.ends_with("name") {
            "created_at"
        } else {
            "name"
        };
        invalid_by(
            me.get(&format!("{CONTACTS}?sort={other}&cursor={cursor}")),
            "/cursor",
            "invalid_cursor",
        )
        .await;
    }
    for (query, found) in [
        ("tag=fr", vec!["Émile"]),
        ("language=en", vec!["Zuri", "amina"]),
        ("blocked=true", vec![]),
        ("blocked=false&opted_out=false&language=fr", vec!["Émile"]),
        ("opted_out=true", vec![]),
        ("created_before=2020-01-01T00:00:00Z", vec![]),
        (
            "created_from=2020-01-01T00:00:00Z",
            vec!["Zuri", "amina", "Émile"],
        ),
        (
            "attributes=%7B%22city%22%3A%22Nairobi%22%7D",
            vec!["Zuri", "amina"],
        ),
        ("tag=%27%20OR%201%3D1%20--", vec![]),
        ("language=%27%3B%20DROP%20TABLE%20contacts%3B--", vec![]),
    ] {
        assert_eq!(
            names(&ok(me.get(&format!("{CONTACTS}?{query}"))).await),
            found,
            "{query}"
        );
    }
    for (query, pointer, code) in [
        ("colour=red", "/colour", "unknown_parameter"),
        ("sort=phone", "/sort", "invalid"),
        ("blocked=perhaps", "/blocked", "invalid"),
        ("created_from=yesterday", "/created_from", "invalid"),
        ("attributes=x", "/attributes", "invalid"),
        (
            "attributes=%7B%22shoe%22%3A%221%22%7D",
            "/attributes/shoe",
            "unknown_field",
        ),
    ] {
        invalid_by(me.get(&format!("{CONTACTS}?{query}")), pointer, code).await;
    }
    let said = refused(me.get(&format!("{CONTACTS}?tag=%00")), 422, "invalid").await;
    assert_eq!(said["errors"][0]["pointer"], "/tag");

    for (asked, found) in [
        ("emi", vec!["Émile"]),
        ("am", vec!["amina"]),
        ("%25", vec![]),
        ("' OR ''='", vec![]),
    ] {
        let request = me.get(&format!("{CONTACTS}/search")).query(&[("q", asked)]);
        assert_eq!(names(&ok(request).await), found, "{asked}");
    }
    let search = |query: &str| me.get(&format!("{CONTACTS}/search?{query}"));
    invalid_by(search("q="), "/q", "empty").await;
    invalid_by(search("q=a&limit=101"), "/limit", "out_of_range").await;
    invalid_by(search(""), "/q", "missing").await;
    let hostile = "Robert'); DROP TABLE contacts;--";
    let (path, _) = me.made(json!({"name": hostile})).await;
    assert_eq!(ok(me.get(&path)).await["name"], hostile);
}

#[tokio::test]
async fn a_contact_that_breaks_rules_is_refused_by_its_fields() {
    let app = App::start().await;
    let me = Caller::new(&app, app.workspace, Role::Agent).await;
    for (body, pointer, code) in [
        (json!({}), "", "required"),
        (json!({"phone": "12"}), "/phone", "invalid_phone"),
        (json!({"email": "x"}), "/email", "invalid_email"),
        (
            json!({"name": "x", "language": "tlh"}),
            "/language",
            "unknown_language",
        ),
        (json!({"name": "x".repeat(201)}), "/name", "too_long"),
        (
            json!({"name": "x", "attributes": {"shoe": 1}}),
            "/attributes/shoe",
            "unknown_field",
        ),
        (
            json!({"name": "x", "tags": ["a,b"]}),
            "/tags/0",
            "invalid_tag",
        ),
        (
            json!({"name": "x", "tags": vec!["t"; 51]}),
            "/tags",
            "too_many",
        ),
        (json!({"nom": "x"}), "/nom", "unknown_field"),
        (json!({"name": 1}), "/name", "wrong_type"),
    ] {
        invalid_by(me.post(CONTACTS, &body), pointer, code).await;
    }
    assert_eq!(app.count("SELECT count(*) FROM contacts").await, 0);
}

#[tokio::test]
async fn consents_are_written_down_with_where_they_are_from() {
    let app = App::start().await;
    let me = Caller::new(&app, app.workspace, Role::Agent).await;
    let (path, _) = me.made(json!({"name": "Amina"})).await;
    let consents = format!("{path}/consents");
    let say = |marketing: bool, note: &str| {
        me.post(&consents, &json!({"marketing": marketing, "note": note}))
    };
    for (marketing, note) in [(true, "form"), (true, "form again"), (false, "she called")] {
        assert_eq!(ok(say(marketing, note)).await["marketing"], marketing);
    }
    invalid_by(say(true, " "), "/note", "required").await;
    let first = ok(me.get(&format!("{consents}?limit=1"))).await;
    assert_eq!(first["items"][0]["note"], "she called");
    assert_eq!(first["items"][0]["granted"], false);
    let cursor = text(&first["next_cursor"]);
    let second = ok(me.get(&format!("{consents}?limit=1&cursor={cursor}"))).await;
    assert_eq!(second["items"][0]["note"], "form");
    assert!(second["next_cursor"].is_null() && second["items"][0]["actor_id"].is_string());
}

#[tokio::test]
async fn duplicates_are_found_merged_copied_and_erased() {
    let app = App::start().await;
    let me = Caller::new(&app, app.workspace, Role::Admin).await;
    let (from, gone) = me
        .made(json!({"name": "Amina", "phone": "+254712345678", "tags": ["a"]}))
        .await;
    let (into, kept) = me
        .made(json!({"name": "amina", "email": "a@x.test", "tags": ["b"]}))
        .await;
    let found = ok(me.get(&format!("{from}/duplicates"))).await;
    assert_eq!(found["items"][0]["id"], kept["id"]);
    let merge =
        |path: &str, into: &Value| me.post(&format!("{path}/merge"), &json!({"into_id": into}));
    invalid_by(merge(&from, &gone["id"]), "/into_id", "same").await;
    refused(
        merge(&from, &json!("ctc_0190a5b2c3d4e5f60718293a4b5c6d7e")),
        404,
        "not_found",
    )
    .await;
    invalid_by(merge(&from, &json!("tag_1")), "/into_id", "invalid").await;
    let merged = ok(merge(&from, &kept["id"])).await;
    assert_eq!(
        (&merged["phone"], &merged["tags"]),
        (&json!("+254712345678"), &json!(["a", "b"]))
    );
    refused(me.get(&from), 404, "not_found").await;

    let copy = ok(me.get(&format!("{into}/personal-data"))).await;
    assert_eq!(copy["contact"]["email"], "a@x.test");
    assert!(
        copy["messages"].is_array() && copy["consents"].is_array() && copy["identities"].is_array()
    );
    answer(me.call(Method::POST, &format!("{into}/erase")), 204).await;
    refused(me.get(&into), 404, "not_found").await;
    assert_eq!(
        app.count("SELECT count(*) FROM contacts WHERE name IS NOT NULL OR phone IS NOT NULL")
            .await,
        0
    );
    let said = "SELECT count(DISTINCT action) FROM audit_log WHERE action IN
        ('contacts.merge', 'contacts.copy_data', 'contacts.erase')";
    // What the log had of them is erased too, but for that it was done.
    assert!(app.count(said).await >= 1);
}

#[tokio::test]
async fn tags_are_counted_renamed_merged_and_deleted() {
    let app = App::start().await;
    let me = Caller::new(&app, app.workspace, Role::Admin).await;
    let (one, first) = me.made(json!({"name": "A", "tags": ["vip", "old"]})).await;
    let (_, second) = me.made(json!({"name": "B", "tags": ["vip"]})).await;
    let tags = async || {
        ok(me.get("/api/v1/tags")).await["items"]
            .as_array()
            .unwrap()
            .clone()
    };
    let all = tags().await;
    let counts: Vec<_> = all
        .iter()
        .map(|tag| (text(&tag["name"]), tag["contacts"].as_i64().unwrap()))
        .collect();
    assert_eq!(counts, [("old", 1), ("vip", 2)]);
    let path = |tag: &Value| format!("/api/v1/tags/{}", text(&tag["id"]));
    let rename = |tag: &Value, name: &str| {
        me.call(Method::PATCH, &path(tag))
            .json(&json!({"name": name}))
    };
    answer(rename(&all[0], "Older  ones"), 204).await;
    assert_eq!(ok(me.get(&one)).await["tags"], json!(["older ones", "vip"]));
    refused(rename(&all[0], "vip"), 409, "already_exists").await;
    invalid_by(rename(&all[0], ""), "/name", "empty").await;
    let merge = |into: &Value| {
        me.post(
            &format!("{}/merge", path(&all[0])),
            &json!({"into_id": into}),
        )
    };
    invalid_by(merge(&all[0]["id"]), "/into_id", "same").await;
    answer(merge(&all[1]["id"]), 204).await;
    assert_eq!(ok(me.get(&one)).await["tags"], json!(["vip"]));
    let body =
        json!({"contact_ids": [first["id"], second["id"]], "add": ["new"], "remove": ["vip"]});
    assert_eq!(
        ok(me.post(&format!("{CONTACTS}/retag"), &body)).await["contacts"],
        2
    );
    assert_eq!(ok(me.get(&one)).await["tags"], json!(["new"]));
    answer(me.call(Method::DELETE, &path(&all[1])), 204).await;
    refused(me.call(Method::DELETE, &path(&all[1])), 404, "not_found").await;
    assert_eq!(tags().await.len(), 1);
}

#[tokio::test]
async fn custom_fields_are_declared_listed_and_dropped() {
    let app = App::start().await;
    let me = Caller::new(&app, app.workspace, Role::Admin).await;
    let put = |key: &str, body: Value| {
        me.call(Method::PUT, &format!("/api/v1/contact-fields/{key}"))
            .json(&body)
    };
    ok(put(
        "size",
        json!({"label": "Size", "kind": "choice", "choices": ["S", "M"]}),
    ))
    .await;
    invalid_by(
        put("size", json!({"label": "Size", "kind": "text"})),
        "/kind",
        "kind_differs",
    )
    .await;
    invalid_by(
        put("Size", json!({"label": "Size", "kind": "text"})),
        "/key",
        "invalid_key",
    )
    .await;
    invalid_by(
        put("x", json!({"label": "X", "kind": "choice"})),
        "/choices",
        "invalid_choices",
    )
    .await;
    invalid_by(
        put("x", json!({"label": "X", "kind": "colour"})),
        "/kind",
        "invalid",
    )
    .await;
    let (path, _) = me
        .made(json!({"name": "A", "attributes": {"size": "M"}}))
        .await;
    let fields = ok(me.get("/api/v1/contact-fields")).await;
    assert_eq!(fields["items"][0]["choices"], json!(["S", "M"]));
    let gone = || me.call(Method::DELETE, "/api/v1/contact-fields/size");
    answer(gone(), 204).await;
    refused(gone(), 404, "not_found").await;
    assert_eq!(ok(me.get(&path)).await["attributes"], json!({}));
}

#[tokio::test]
async fn a_file_is_imported_with_its_faults_and_whoever_sent_it_is_told() {
    let app = App::start().await;
    let me = Caller::new(&app, app.workspace, Role::Admin).await;
    let file = "Name,Phone,Town\nAmina,0712345678,Nairobi\nBad,12,X\nWorse,,X\n";
    let field = me.call(Method::PUT, "/api/v1/contact-fields/city");
    ok(field.json(&json!({"label": "City", "kind": "text"}))).await;
    let query = "?file_name=fair.csv&tags=fair,%20vip&consent=form&columns=%7B%22Town%22%3A%22attributes.city%22%7D";
    let send = || {
        me.import(query, "text/csv; charset=utf-8", file)
            .header("idempotency-key", "once")
    };
    let started = answer(send(), 202).await;
    assert!(
        started.headers()["location"]
            .to_str()
            .unwrap()
            .starts_with(IMPORTS)
    );
    let started: Value = started.json().await.unwrap();
    assert_eq!(
        answer(send(), 202).await.json::<Value>().await.unwrap()["id"],
        started["id"]
    );
    let ended = me.ended(&started).await;
    let rows = |name: &str| ended[name].as_i64().unwrap();
    assert_eq!(ended["status"], "done", "{ended}");
    assert_eq!(
        (rows("rows_total"), rows("rows_created"), rows("rows_bad")),
        (3, 1, 2)
    );
    let faults = format!("{IMPORTS}/{}/faults", text(&started["id"]));
    let first = ok(me.get(&format!("{faults}?limit=1"))).await;
    assert_eq!(
        (&first["items"][0]["line"], &first["items"][0]["column"]),
        (&json!(3), &json!("Phone"))
    );
    let cursor = text(&first["next_cursor"]);
    let second = ok(me.get(&format!("{faults}?limit=1&cursor={cursor}"))).await;
    assert_eq!(
        (&second["items"][0]["line"], &second["next_cursor"]),
        (&json!(4), &Value::Null)
    );
    let contact = ok(me.get(CONTACTS)).await["items"][0].clone();
    assert_eq!(
        (&contact["tags"], &contact["marketing"]),
        (&json!(["fair", "vip"]), &json!(true))
    );
    assert_eq!(contact["attributes"]["city"], "Nairobi");
    // To end it again changes nothing.
    let cancel = format!("{IMPORTS}/{}/cancel", text(&started["id"]));
    assert_eq!(ok(me.call(Method::POST, &cancel)).await["status"], "done");
    assert_eq!(
        ok(me.get(IMPORTS)).await["items"].as_array().unwrap().len(),
        1
    );
    let told = "SELECT count(*) FROM notifications n JOIN contact_imports i ON i.actor_id = n.user_id
        WHERE n.kind = 'import_finished' AND n.title LIKE 'The import of fair.csv is done: 1 contacts made%'";
    assert_eq!(app.count(told).await, 1);
}

#[tokio::test]
async fn a_file_that_is_none_is_refused_or_fails_with_a_reason() {
    let app = App::start().await;
    let me = Caller::new(&app, app.workspace, Role::Admin).await;
    let broken = ok(me.import("", XLSX, &b"PK\x03\x04 no workbook"[..])).await;
    let ended = me.ended(&broken).await;
    assert_eq!(ended["status"], "failed");
    assert!(text(&ended["error"]).contains("workbook"), "{ended}");
    let told = "SELECT count(*) FROM notifications WHERE kind = 'import_finished' AND title LIKE '%has failed%'";
    assert_eq!(app.count(told).await, 1);

    refused(
        me.import("", "application/json", "{}"),
        415,
        "unsupported_media_type",
    )
    .await;
    invalid_by(me.import("", "text/csv", ""), "/file", "invalid_size").await;
    let large = vec![b'x'; 20 * 1024 * 1024 + 1];
    refused(me.import("", "text/csv", large), 413, "body_too_large").await;
    for (query, pointer, code) in [
        ("?country=Kenya", "/country", "invalid_country"),
        ("?existing=burn", "/existing", "invalid"),
        ("?columns=%5B%5D", "/columns", "invalid"),
        ("?tags=a%3Bb", "/tags/0", "invalid_tag"),
        ("?colour=red", "/colour", "unknown_parameter"),
    ] {
        invalid_by(me.import(query, "text/csv", "Phone\n1\n"), pointer, code).await;
    }
    assert_eq!(app.count("SELECT count(*) FROM contact_imports").await, 1);
}

#[tokio::test]
async fn an_import_that_is_cancelled_in_the_middle_goes_no_further() {
    let app = App::start().await;
    let me = Caller::new(&app, app.workspace, Role::Admin).await;
    let mut file = String::from("Name,Phone\n");
    for row in 0..3_000 {
        writeln!(file, "Amina {row},07{row:08}").unwrap();
    }
    // Each batch passes a gate first, before it locks the import.
    sqlx::raw_sql(
        "CREATE FUNCTION pass_the_gate() RETURNS trigger LANGUAGE plpgsql AS $$
             BEGIN PERFORM pg_advisory_lock_shared(1), pg_advisory_unlock_shared(1); RETURN NULL; END $$;
         CREATE TRIGGER gate BEFORE UPDATE OF rows_done ON contact_imports
             FOR EACH STATEMENT EXECUTE FUNCTION pass_the_gate()",
    )
    .execute(app.db())
    .await
    .unwrap();
    // Whoever has a contact of the second batch holds it up there: the phone is written and not committed.
    let mut held = app.db().begin().await.unwrap();
    sqlx::query("INSERT INTO contacts (workspace_id, id, phone) VALUES ($1, gen_random_uuid(), '+254700001500')")
        .bind(app.workspace.uuid())
        .execute(&mut *held)
        .await
        .unwrap();
    let import = ok(me.import("", "text/csv", file)).await;
    app.until("SELECT count(*) FROM contact_imports WHERE rows_done = 1000")
        .await;
    let path = format!("{IMPORTS}/{}", text(&import["id"]));
    let running = ok(me.get(&path)).await;
    assert_eq!(
        (&running["status"], &running["rows_total"]),
        (&json!("running"), &json!(3000))
    );
    app.until("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE 'INSERT INTO contacts %'
        AND datname = current_database()").await;
    // The third batch waits at the gate until somebody has cancelled. Without the gate it may lock the import first.
    let mut gate = app.db().begin().await.unwrap();
    sqlx::query("SELECT pg_advisory_xact_lock(1)")
        .execute(&mut *gate)
        .await
        .unwrap();
    // The batch that is being written has the import's row: cancelling comes behind it.
    let cancel = tokio::spawn(me.call(Method::POST, &format!("{path}/cancel")).send());
    app.until("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%contact_imports%'
        AND datname = current_database()").await;
    held.rollback().await.unwrap();
    let cancelled: Value = cancel.await.unwrap().unwrap().json().await.unwrap();
    assert_eq!(
        (&cancelled["status"], &cancelled["rows_done"]),
        (&json!("cancelled"), &json!(2000)),
        "{cancelled}"
    );
    gate.rollback().await.unwrap();
    app.until("SELECT count(*) FROM (SELECT WHERE NOT EXISTS (SELECT FROM queue.jobs WHERE kind = 'contacts.import')) ended")
        .await;
    let done = ok(me.get(&path)).await;
    assert_eq!(done["rows_done"], cancelled["rows_done"]);
    let made = done["rows_created"].as_i64().unwrap();
    assert_eq!(app.count("SELECT count(*) FROM contacts").await, made);
    assert!(made < 3_000, "{done}");
    assert_eq!(
        app.count("SELECT count(*) FROM contact_import_chunks")
            .await,
        0
    );
}

#[tokio::test]
async fn another_workspace_s_people_are_not_there() {
    let app = App::start().await;
    let other = business(app.db(), "Other").await;
    let me = Caller::new(&app, app.workspace, Role::Owner).await;
    let they = Caller::new(&app, other, Role::Owner).await;
    let (path, mine) = me.made(json!({"name": "Amina", "tags": ["vip"]})).await;
    let (_, theirs) = they.made(json!({"name": "Amina"})).await;
    let tag = ok(me.get("/api/v1/tags")).await["items"][0]["id"].clone();
    let tag = format!("/api/v1/tags/{}", text(&tag));
    let import = ok(me.import("", "text/csv", "Phone\n0712345678\n")).await;
    me.ended(&import).await;
    let import = format!("{IMPORTS}/{}", text(&import["id"]));
    let (some, into) = (json!({}), json!({"into_id": theirs["id"]}));
    for (method, path, body) in [
        (Method::GET, path.clone(), None),
        (Method::PATCH, path.clone(), Some(&some)),
        (Method::DELETE, path.clone(), None),
        (Method::POST, format!("{path}/block"), None),
        (Method::POST, format!("{path}/unblock"), None),
        (
            Method::PUT,
            format!("{path}/tags"),
            Some(&json!({"tags": []})),
        ),
        (Method::GET, format!("{path}/consents"), None),
        (
            Method::POST,
            format!("{path}/consents"),
            Some(&json!({"marketing": true, "note": "x"})),
        ),
        (Method::GET, format!("{path}/duplicates"), None),
        (Method::POST, format!("{path}/merge"), Some(&into)),
        (Method::GET, format!("{path}/personal-data"), None),
        (Method::POST, format!("{path}/erase"), None),
        (Method::PATCH, tag.clone(), Some(&json!({"name": "x"}))),
        (
            Method::POST,
            format!("{tag}/merge"),
            Some(&json!({"into_id": "tag_0190a5b2c3d4e5f60718293a4b5c6d7e"})),
        ),
        (Method::DELETE, tag.clone(), None),
        (Method::GET, import.clone(), None),
        (Method::GET, format!("{import}/faults"), None),
        (Method::POST, format!("{import}/cancel"), None),
    ] {
        let mut request = they.call(method, &path);
        if let Some(body) = body {
            request = request.json(body);
        }
        refused(request, 404, "not_found").await;
    }
    let body = json!({"contact_ids": [mine["id"]], "add": ["x"]});
    assert_eq!(
        ok(they.post(&format!("{CONTACTS}/retag"), &body)).await["contacts"],
        0
    );
    assert_eq!(
        ok(they.get(CONTACTS)).await["items"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    assert_eq!(
        ok(they.get(&format!("{CONTACTS}/search?q=vip"))).await["items"],
        json!([])
    );
    assert_eq!(ok(they.get(IMPORTS)).await["items"], json!([]));
    assert_eq!(ok(me.get(&path)).await, mine);
}

#[tokio::test]
async fn each_role_may_what_the_table_says() {
    let app = App::start().await;
    let mut callers = Vec::new();
    for role in Role::ALL {
        callers.push((role, Caller::new(&app, app.workspace, role).await));
    }
    let (contact, tag, import) = (
        format!("{CONTACTS}/ctc_0190a5b2c3d4e5f60718293a4b5c6d7e"),
        "/api/v1/tags/tag_0190a5b2c3d4e5f60718293a4b5c6d7e",
        format!("{IMPORTS}/imp_0190a5b2c3d4e5f60718293a4b5c6d7e"),
    );
    let field = "/api/v1/contact-fields/x";
    for (least, method, path) in [
        (Role::Viewer, Method::GET, CONTACTS),
        (Role::Viewer, Method::GET, &format!("{CONTACTS}/search?q=x")),
        (Role::Viewer, Method::GET, &contact),
        (Role::Viewer, Method::GET, &format!("{contact}/consents")),
        (Role::Viewer, Method::GET, &format!("{contact}/duplicates")),
        (Role::Viewer, Method::GET, "/api/v1/tags"),
        (Role::Viewer, Method::GET, "/api/v1/contact-fields"),
        (Role::Agent, Method::POST, CONTACTS),
        (Role::Agent, Method::PATCH, &contact),
        (Role::Agent, Method::POST, &format!("{CONTACTS}/retag")),
        (Role::Agent, Method::POST, &format!("{contact}/block")),
        (Role::Agent, Method::POST, &format!("{contact}/unblock")),
        (Role::Agent, Method::PUT, &format!("{contact}/tags")),
        (Role::Agent, Method::POST, &format!("{contact}/consents")),
        (Role::Agent, Method::PATCH, tag),
        (Role::Admin, Method::DELETE, &contact),
        (Role::Admin, Method::POST, &format!("{contact}/merge")),
        (Role::Admin, Method::POST, &format!("{contact}/erase")),
        (
            Role::Admin,
            Method::GET,
            &format!("{contact}/personal-data"),
        ),
        (Role::Admin, Method::POST, &format!("{tag}/merge")),
        (Role::Admin, Method::DELETE, tag),
        (Role::Admin, Method::PUT, field),
        (Role::Admin, Method::DELETE, field),
        (Role::Admin, Method::GET, IMPORTS),
        (Role::Admin, Method::POST, IMPORTS),
        (Role::Admin, Method::GET, &import),
        (Role::Admin, Method::GET, &format!("{import}/faults")),
        (Role::Admin, Method::POST, &format!("{import}/cancel")),
    ] {
        for (role, caller) in &callers {
            let request = caller.call(method.clone(), path);
            if *role < least {
                refused(request, 403, "forbidden").await;
            } else {
                // Without a body that is good, or with an id that is none: but not for who they are.
                let status = request.send().await.unwrap().status();
                assert!(
                    ![401, 403, 405, 500].contains(&status.as_u16()),
                    "{role:?} {method} {path}: {status}"
                );
            }
        }
    }
}
