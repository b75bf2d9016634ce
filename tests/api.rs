//! The ground rules of the API, over real HTTP.

use chrono::{TimeDelta, Utc};
use kazi_jobs::Role;
use kazi_platform::{WorkspaceId, token::Audience};
use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    caller::{Caller, ok, refused},
    support::{App, business, program},
};

const CATEGORIES: &str = "/api/v1/categories";

impl Caller<'_> {
    fn create(&self, slug: &str) -> RequestBuilder {
        let body = json!({"slug": slug, "titles": {"en": slug}});
        self.call(Method::POST, CATEGORIES).json(&body)
    }
}

#[tokio::test]
async fn only_a_good_token_is_let_in() {
    let app = App::start().await;
    let workspace = app.workspace;
    let (user, now) = (Uuid::now_v7(), Utc::now());
    let get = |token: Option<&str>| {
        let request = app.http.get(app.url("/api/v1/workspaces/current"));
        match token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    };
    let response = get(None).send().await.unwrap();
    assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(
        response.headers()["www-authenticate"],
        r#"Bearer realm="kazi""#
    );
    refused(get(None), 401, "unauthenticated").await;

    let good = app.token(Audience::Member, user, workspace, now).await;
    assert_eq!(ok(get(Some(&good))).await["id"], workspace.to_string());
    let (said, signature) = good.rsplit_once('.').unwrap();
    let payload = said.split_once('.').unwrap().1;
    for forged in [
        format!("{said}."),
        format!("eyJhbGciOiJub25lIn0.{payload}."),
        format!("eyJhbGciOiJub25lIn0.{payload}.{signature}"),
        app.token(Audience::Customer, user, workspace, now).await,
        app.token(
            Audience::Member,
            user,
            workspace,
            now + TimeDelta::minutes(5),
        )
        .await,
        App::token_of_another_key(user, workspace),
        "kz_live_0".to_owned(),
        "x".repeat(6000),
    ] {
        refused(get(Some(&forged)), 401, "invalid_token").await;
    }
    let old = app
        .token(
            Audience::Member,
            user,
            workspace,
            now - TimeDelta::minutes(11),
        )
        .await;
    refused(get(Some(&old)), 401, "token_expired").await;
    let other = WorkspaceId::new().to_string();
    let elsewhere = get(Some(&good)).header("x-workspace-id", other);
    refused(elsewhere, 403, "not_a_member").await;
    for nonsense in ["'; --", "nope", "chn_0190a5b2c3d4e5f60718293a4b5c6d7e"] {
        let request = get(Some(&good)).header("x-workspace-id", nonsense);
        let said = refused(request, 422, "invalid").await;
        assert_eq!(said["errors"][0]["pointer"], "/x-workspace-id");
        let rule = said["errors"][0]["detail"].as_str().unwrap();
        assert!(rule.contains("wsp_"), "{said}");
    }
}

#[tokio::test]
async fn what_is_not_there_is_a_problem_too() {
    let app = App::start().await;
    let me = Caller::new(&app, app.workspace, Role::Owner).await;
    refused(me.call(Method::GET, "/api/v1/nothing"), 404, "not_found").await;
    for (id, well_formed) in [
        ("cat_x", false),
        ("1", false),
        ("cat_0190a5b2c3d4e5f60718293a4b5c6d7e", true),
    ] {
        let path = format!("{CATEGORIES}/{id}");
        let said = refused(me.call(Method::GET, &path), 404, "not_found").await;
        let about = &said["errors"][0];
        assert_eq!(
            about["pointer"].as_str(),
            (!well_formed).then_some("/id"),
            "{said}"
        );
        assert_eq!(about["detail"].is_string(), !well_formed, "{said}");
    }
    let strange = format!("{CATEGORIES}/%00");
    refused(me.call(Method::GET, &strange), 404, "not_found").await;
    // Of the method there is no need to log in.
    let put = app.http.put(app.url(CATEGORIES));
    let response = put.try_clone().unwrap().send().await.unwrap();
    let allowed = response.headers()["allow"].to_str().unwrap();
    assert!(
        allowed.contains("GET") && allowed.contains("POST"),
        "{allowed}"
    );
    refused(put, 405, "method_not_allowed").await;
}

#[tokio::test]
async fn every_answer_protects_the_browser_that_shows_it() {
    let app = App::start().await;
    for path in [
        "/payments/thanks",
        "/payments/back",
        "/metrics",
        "/readyz",
        "/app",
        "/app/",
        "/nothing",
        "/api/v1/nothing",
        "/webhooks/whatsapp",
    ] {
        let response = app.http.get(app.url(path)).send().await.unwrap();
        let told = |name: &str| {
            let value = response.headers().get(name);
            value.map_or("", |value| value.to_str().unwrap())
        };
        let policy = told("content-security-policy");
        assert!(policy.contains("default-src 'none'"), "{path}: {policy:?}");
        assert!(policy.contains("frame-ancestors 'none'"), "{path}");
        assert_eq!(told("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(told("referrer-policy"), "no-referrer", "{path}");
    }
}

#[tokio::test]
async fn a_refusal_names_no_rust_type() {
    let app = App::start().await;
    let me = Caller::new(&app, app.workspace, Role::Owner)
        .await
        .below("/api/v1");
    let one = "ofr_0190a5b2c3d4e5f60718293a4b5c6d7e";
    for (path, body) in [
        ("/categories", json!(7)),
        ("/categories", json!("text")),
        ("/categories", json!({"slug": 1, "titles": {}})),
        ("/categories", json!({"slug": "a", "titles": ["a"]})),
        (
            "/categories",
            json!({"slug": "a", "titles": {}, "sort_order": "first"}),
        ),
        (
            "/categories",
            json!({"slug": "a", "titles": {}, "sort_order": 5_000_000_000_i64}),
        ),
        ("/menu-items", json!({"key": "a", "titles": []})),
        ("/products", json!({"price": 3})),
        ("/products", json!({"sku": [], "stock": -1.5})),
        ("/orders", json!(null)),
        ("/orders", json!({"items": "all"})),
        ("/orders", json!({"items": [1]})),
        ("/contacts", json!({"tags": {}})),
        ("/contacts", json!({"attributes": [1]})),
        ("/bookings", json!({"offering_id": one, "starts_at": 5})),
        ("/bookings", json!({"offering_id": true})),
        (
            "/plans",
            json!({"names": {"en": "A"}, "price": {"minor": "1", "currency": "USD"}}),
        ),
        (
            "/plans",
            json!({"names": {"en": "A"}, "period": {"unit": "eon", "count": 1}}),
        ),
        ("/plans", json!({"period": "monthly"})),
        ("/messaging/segments", json!({"name": "A", "audience": 1})),
        ("/messaging/campaigns", json!({"content": {"kind": 7}})),
        ("/messaging/campaigns", json!({"content": []})),
        ("/templates", json!({"category": "none"})),
        ("/templates", json!({"body": false})),
        ("/social/contents", json!({"media": [{"url": 1}]})),
        ("/support/tickets", json!({"contact": "nobody"})),
        ("/news/articles", json!({"breaking": "yes"})),
    ] {
        let answer = refused(me.post(path, &body), 422, "invalid").await;
        let error = &answer["errors"][0];
        let detail = error["detail"].as_str().unwrap();
        let words: Vec<&str> = detail.split(|c: char| !c.is_alphanumeric()).collect();
        let names = [
            "struct", "enum", "u8", "u16", "u32", "u64", "i32", "i64", "usize", "f64", "Option",
            "Vec",
        ];
        let named = names.iter().find(|name| words.contains(name));
        assert_eq!(named, None, "{path} {body}: {detail}");
        assert!(!detail.contains("::"), "{path} {body}: {detail}");
        let is_type = |word: &&str| {
            let pairs = word.as_bytes().windows(2);
            let mut humps =
                pairs.filter(|two| two[0].is_ascii_lowercase() && two[1].is_ascii_uppercase());
            humps.next().is_some()
        };
        assert_eq!(
            words.into_iter().find(is_type),
            None,
            "{path} {body}: {detail}"
        );
    }
    let limit = refused(me.get("/categories?limit=many"), 422, "invalid").await;
    assert_eq!(limit["errors"][0]["detail"], "must be a whole number");
}

#[tokio::test]
async fn a_body_is_refused_by_the_field_that_is_wrong() {
    let app = App::start().await;
    let me = Caller::new(&app, app.workspace, Role::Owner).await;
    let post = |body: String| {
        let request = me.call(Method::POST, CATEGORIES);
        request
            .header("content-type", "application/json")
            .body(body)
    };
    let text = me.call(Method::POST, CATEGORIES).body("{}");
    refused(text, 415, "unsupported_media_type").await;
    for body in [
        "",
        "{",
        r#"{"slug": "a", "titles": {}}{}"#,
        "{\"slug\": \"\u{1}\"}",
    ] {
        let body = refused(post(body.to_owned()), 400, "malformed_json").await;
        assert!(body["detail"].as_str().unwrap().contains("line"), "{body}");
    }
    // What is unknown is not even read: nothing recurses.
    for (body, pointer, code) in [
        (r#"{"titles": {}}"#.to_owned(), "/slug", "missing"),
        (
            r#"{"slug": "a", "titles": {}, "x/~": 1}"#.to_owned(),
            "/x~1~0",
            "unknown_field",
        ),
        (r#"{"slug": 1}"#.to_owned(), "/slug", "wrong_type"),
        (
            r#"{"slug": "a", "slug": "b"}"#.to_owned(),
            "/slug",
            "duplicate_field",
        ),
        (
            r#"{"slug": "a", "titles": {"en": ["x"]}}"#.to_owned(),
            "/titles/en",
            "wrong_type",
        ),
        (
            r#"{"slug": "a", "titles": {}}"#.to_owned(),
            "/titles",
            "missing",
        ),
        (
            r#"{"slug": "A b", "titles": {"en": "x"}}"#.to_owned(),
            "/slug",
            "invalid",
        ),
        (
            r#"{"slug": "a", "titles": {"en": "\u0000"}}"#.to_owned(),
            "/titles/en",
            "not_storable",
        ),
        (
            r#"{"slug": "a", "titles": {"x/\u0000": "x"}}"#.to_owned(),
            "/titles/x~1\0",
            "not_storable",
        ),
        (
            format!("{}{}", "[".repeat(100_000), "]".repeat(100_000)),
            "",
            "wrong_type",
        ),
    ] {
        let body = refused(post(body), 422, "invalid").await;
        let error = &body["errors"][0];
        assert_eq!(
            (&error["pointer"], &error["code"]),
            (&json!(pointer), &json!(code)),
            "{body}"
        );
    }
    let large = format!(r#"{{"slug": "{}"}}"#, "a".repeat(1024 * 1024));
    refused(post(large.clone()), 413, "body_too_large").await;
    let keyed = post(large).header("idempotency-key", "large");
    refused(keyed, 413, "body_too_large").await;
}

#[tokio::test]
async fn a_list_comes_in_pages_and_knows_its_keys() {
    let app = App::start().await;
    let me = Caller::new(&app, app.workspace, Role::Owner).await;
    for slug in ["a", "b", "c", "d", "e"] {
        ok(me.create(slug)).await;
    }
    let mut seen = Vec::new();
    let mut path = format!("{CATEGORIES}?limit=2");
    let mut cursors = Vec::new();
    loop {
        let page = ok(me.call(Method::GET, &path)).await;
        let items = page["items"].as_array().unwrap();
        seen.extend(
            items
                .iter()
                .map(|item| item["slug"].as_str().unwrap().to_owned()),
        );
        let Some(cursor) = page["next_cursor"].as_str() else {
            break;
        };
        path = format!("{CATEGORIES}?limit=2&cursor={cursor}");
        cursors.push(cursor.to_owned());
    }
    assert_eq!(seen, ["a", "b", "c", "d", "e"]);
    for (query, pointer) in [
        ("limit=0", "/limit"),
        ("limit=201", "/limit"),
        ("limit=x", "/limit"),
        ("limit=1&limit=2", "/limit"),
        ("cursor=x", "/cursor"),
        ("cursor=", "/cursor"),
        (&format!("cursor=A{}", &cursors[0][1..]), "/cursor"),
        ("colour=red", "/colour"),
        ("cursor=%00", "/cursor"),
    ] {
        let request = me.call(Method::GET, &format!("{CATEGORIES}?{query}"));
        let body = refused(request, 422, "invalid").await;
        assert_eq!(body["errors"][0]["pointer"], pointer, "{query}: {body}");
    }
}

#[tokio::test]
async fn a_change_that_did_not_see_the_last_one_is_refused() {
    let app = App::start().await;
    let me = Caller::new(&app, app.workspace, Role::Owner).await;
    let created = me.create("coffee").send().await.unwrap();
    assert_eq!(created.status(), StatusCode::CREATED);
    let first = created.headers()["etag"].clone();
    let path = created.headers()["location"].to_str().unwrap().to_owned();
    let patch = |title: &str| {
        let body = json!({"titles": {"en": title}});
        me.call(Method::PATCH, &path).json(&body)
    };
    let second = patch("Beans")
        .header("if-match", &first)
        .send()
        .await
        .unwrap();
    let second = second.headers()["etag"].clone();
    assert_ne!(first, second);
    let late = patch("Late").header("if-match", &first);
    refused(late, 412, "changed_meanwhile").await;
    let gone = me.call(Method::DELETE, &path).header("if-match", &first);
    refused(gone, 412, "changed_meanwhile").await;
    let shown = me.call(Method::GET, &path).send().await.unwrap();
    assert_eq!(shown.headers()["etag"], second);
    assert_eq!(
        shown.json::<Value>().await.unwrap()["titles"]["en"],
        "Beans"
    );
    ok(patch("Anyway")).await;

    ok(me.create("tea")).await;
    let taken = me.call(Method::PATCH, &path).json(&json!({"slug": "tea"}));
    let body = refused(taken, 409, "already_exists").await;
    assert_eq!(body["errors"][0]["pointer"], "/slug");
    let gone = me.call(Method::DELETE, &path).send().await.unwrap();
    assert_eq!(gone.status(), StatusCode::NO_CONTENT);
    refused(me.call(Method::GET, &path), 404, "not_found").await;
    let changes =
        "SELECT count(*) FROM audit_log WHERE subject_kind = 'category' AND actor_kind = 'member'
                   AND request_id IS NOT NULL AND address = '127.0.0.1'";
    assert_eq!(app.count(changes).await, 5);
}

#[tokio::test]
async fn changes_of_one_instant_have_different_tags() {
    let app = App::start().await;
    let me = Caller::new(&app, app.workspace, Role::Owner).await;
    let created = me.create("coffee").send().await.unwrap();
    let path = created.headers()["location"].to_str().unwrap().to_owned();
    let tag = async || {
        let shown = me.call(Method::GET, &path).send().await.unwrap();
        shown.headers()["etag"].clone()
    };
    // Another change at the same instant, by a clock that went back.
    let change = "UPDATE categories SET titles = titles, updated_at = '2026-01-01T00:00:00Z'";
    app.change(change).await;
    let first = tag().await;
    app.change(change).await;
    let second = tag().await;
    assert_ne!(first, second);
    let patch = || {
        let body = json!({"titles": {"en": "Beans"}});
        me.call(Method::PATCH, &path).json(&body)
    };
    let late = patch().header("if-match", &first);
    refused(late, 412, "changed_meanwhile").await;
    ok(patch().header("if-match", &second)).await;

    // A version that nothing counts would be a tag that stays.
    let uncounted = "SELECT count(*) FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        WHERE a.attname = 'version' AND a.atttypid = 'bigint'::regtype AND c.relkind = 'r'
          AND c.relnamespace = (SELECT relnamespace FROM pg_class WHERE oid = 'categories'::regclass)
          AND c.relname <> '_sqlx_migrations'
          AND NOT EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = c.oid AND t.tgname = 'next_version')";
    assert_eq!(app.count(uncounted).await, 0);
}

#[tokio::test]
async fn a_post_with_a_key_is_carried_out_once() {
    let app = App::start().await;
    let me = Caller::new(&app, app.workspace, Role::Owner).await;
    let post = |slug: &str| me.create(slug).header("idempotency-key", "one");
    let first = post("a").send().await.unwrap();
    assert!(first.headers().get("idempotency-replayed").is_none());
    let (etag, made) = (first.headers()["etag"].clone(), first.text().await.unwrap());
    let again = post("a").send().await.unwrap();
    assert_eq!(again.status(), StatusCode::CREATED);
    assert_eq!(again.headers()["idempotency-replayed"], "true");
    assert_eq!(again.headers()["etag"], etag);
    assert_eq!(again.headers()["content-type"], "application/json");
    assert_eq!(again.text().await.unwrap(), made);
    refused(post("b"), 422, "idempotency_key_reused").await;
    let other = Caller::new(&app, app.workspace, Role::Owner).await;
    ok(other.create("b").header("idempotency-key", "one")).await;

    // What was refused has changed nothing: the key is free again.
    let wrong = me.create("B").header("idempotency-key", "two");
    refused(wrong, 422, "invalid").await;
    ok(me.create("c").header("idempotency-key", "two")).await;
    for bad in ["", "é", &"k".repeat(256)] {
        refused(
            me.create("d").header("idempotency-key", bad.as_bytes()),
            400,
            "bad_idempotency_key",
        )
        .await;
    }
    assert_eq!(app.count("SELECT count(*) FROM categories").await, 3);
}

#[tokio::test]
async fn a_key_that_breaks_its_rule_is_refused_on_every_route_that_takes_one() {
    let app = App::start().await;
    let me = Caller::new(&app, app.workspace, Role::Owner).await;
    // The staff has routes too.
    app.change("UPDATE users SET is_staff = true").await;
    let document: Value = ok(app.http.get(app.url("/api/openapi.json"))).await;
    let mut routes = 0;
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            let parameters = operation["parameters"].as_array();
            let mut parameters = parameters.into_iter().flatten();
            let Some(key) = parameters.find(|one| one["name"] == "idempotency-key") else {
                continue;
            };
            assert_eq!(key["schema"]["maxLength"], 255, "{method} {path}");
            // A customer's routes take a customer's token.
            if path.starts_with("/api/v1/me/") || path.contains("/customer") {
                continue;
            }
            let path: String = path
                .split('/')
                .map(|part| if part.starts_with('{') { "x" } else { part })
                .collect::<Vec<_>>()
                .join("/");
            let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
            for bad in ["", " ", "é", "a\tb", &"k".repeat(256)] {
                let call = me
                    .call(method.clone(), &path)
                    .header("idempotency-key", bad.as_bytes());
                let answer = call.send().await.unwrap();
                let status = answer.status();
                let problem: Value = answer.json().await.unwrap();
                assert_eq!(
                    problem["code"], "bad_idempotency_key",
                    "{status} {method} {path} {bad:?}"
                );
            }
            let two = me
                .call(method, &path)
                .header("idempotency-key", "a")
                .header("idempotency-key", "b");
            refused(two, 400, "bad_idempotency_key").await;
            routes += 1;
        }
    }
    assert!(routes > 40, "{routes}");
}

#[tokio::test]
async fn of_calls_with_one_key_at_one_moment_one_is_carried_out() {
    let app = App::start().await;
    let me = Caller::new(&app, app.workspace, Role::Owner).await;
    let calls = (0..8).map(|_| me.create("a").header("idempotency-key", "k").send());
    let answers = futures_util::future::join_all(calls).await;
    for answer in answers {
        let status = answer.unwrap().status();
        assert!(
            status == StatusCode::CREATED || status == StatusCode::CONFLICT,
            "{status}"
        );
    }
    assert_eq!(app.count("SELECT count(*) FROM categories").await, 1);
    assert!(ok(me.create("a").header("idempotency-key", "k")).await["id"].is_string());
}

#[tokio::test]
async fn a_call_whose_process_died_neither_blocks_its_key_nor_is_doubled() {
    let mut app = App::start().await;
    let caller = app
        .token(Audience::Member, Uuid::nil(), app.workspace, Utc::now())
        .await;
    let post = |app: &App, key: &str, slug: &str| {
        let body = json!({"slug": slug, "titles": {"en": slug}});
        let request = app.http.post(app.url(CATEGORIES)).bearer_auth(&caller);
        request.header("idempotency-key", key).json(&body)
    };
    for key in ["before", "after"] {
        ok(post(&app, key, key)).await;
    }
    app.kill().await;
    // As a process leaves them that dies before its transaction ends, and just after.
    app.change("UPDATE idempotency_keys SET answer = NULL, running_until = now(), effective = key = 'after'")
        .await;
    app.change("DELETE FROM categories WHERE slug = 'before'")
        .await;
    app.run().await;
    ok(post(&app, "before", "before")).await;
    refused(post(&app, "after", "after"), 409, "answer_lost").await;
    assert_eq!(app.count("SELECT count(*) FROM categories").await, 2);
}

#[tokio::test]
async fn nobody_sees_another_workspace_s_rows() {
    let app = App::start().await;
    let other = business(app.db(), "Other").await;
    let (me, they) = (
        Caller::new(&app, app.workspace, Role::Owner).await,
        Caller::new(&app, other, Role::Owner).await,
    );
    let made = ok(me.create("mine")).await;
    let path = format!("{CATEGORIES}/{}", made["id"].as_str().unwrap());
    for method in [Method::GET, Method::DELETE] {
        refused(they.call(method, &path), 404, "not_found").await;
    }
    let patch = they
        .call(Method::PATCH, &path)
        .json(&json!({"sort_order": 1}));
    refused(patch, 404, "not_found").await;
    assert_eq!(
        ok(they.call(Method::GET, CATEGORIES)).await["items"],
        json!([])
    );
    ok(me.call(Method::GET, &path)).await;
}

#[tokio::test]
async fn too_many_calls_are_told_to_wait() {
    let mut app = App::prepare().await;
    app.set("KAZI_HTTP__RATE_PER_CALLER", "1");
    app.set("KAZI_HTTP__TRUSTED_PROXIES", "127.0.0.0/8");
    app.set("KAZI_HTTP__RATE_PER_ADDRESS", "2");
    app.run().await;
    let me = Caller::new(&app, app.workspace, Role::Owner).await;
    let get = |caller: &Caller<'_>, from: &str| {
        let request = caller.call(Method::GET, "/api/v1/me");
        request.header("x-forwarded-for", from)
    };
    let first = get(&me, "1.1.1.1").send().await.unwrap();
    assert_eq!(first.headers()["ratelimit-limit"], "4");
    assert_eq!(first.headers()["ratelimit-remaining"], "3");
    let calls = (0..20).map(|number| get(&me, &format!("2.2.2.{number}")).send());
    let answers = futures_util::future::join_all(calls).await;
    let answers: Vec<_> = answers.into_iter().map(Result::unwrap).collect();
    let refused: Vec<_> = answers
        .iter()
        .filter(|answer| answer.status() == 429)
        .collect();
    assert!(!refused.is_empty());
    assert!(
        refused
            .iter()
            .all(|answer| answer.headers().contains_key("retry-after"))
    );
    // By address, whoever it is: nobody has to be known for it.
    let calls = (0..40).map(|_| {
        let request = app.http.get(app.url("/api/v1/me"));
        request.header("x-forwarded-for", "3.3.3.3").send()
    });
    let answers = futures_util::future::join_all(calls).await;
    let limited = answers
        .iter()
        .filter(|answer| answer.as_ref().unwrap().status() == 429);
    assert!(limited.count() > 0);
    let other = Caller::new(&app, app.workspace, Role::Owner).await;
    ok(get(&other, "4.4.4.4")).await;
}

#[tokio::test]
async fn the_demo_s_pages_are_of_the_demo_alone() {
    let app = App::start().await;
    for path in [
        "/",
        "/open/owner",
        "/open.js",
        "/demo/config",
        "/simulators",
    ] {
        let answer = app.http.get(app.url(path)).send().await.unwrap();
        assert_eq!(answer.status(), 404, "{path}");
    }
}

#[tokio::test]
async fn browsers_are_told_what_they_may() {
    let mut app = App::prepare().await;
    app.set("KAZI_HTTP__CORS_ORIGINS", "https://app.test");
    app.set("KAZI_HTTP__PUBLIC_URL", "https://kazi.test");
    app.run().await;
    let preflight = async |origin: &str| {
        app.http
            .request(Method::OPTIONS, app.url(CATEGORIES))
            .header("origin", origin)
            .header("access-control-request-method", "POST")
            .header(
                "access-control-request-headers",
                "authorization,idempotency-key",
            )
            .send()
            .await
            .unwrap()
    };
    let headers = preflight("https://app.test").await.headers().clone();
    assert_eq!(headers["access-control-allow-origin"], "https://app.test");
    let headers = preflight("https://evil.test").await.headers().clone();
    assert!(!headers.contains_key("access-control-allow-origin"));

    let request = app
        .http
        .get(app.url("/api/v1/me"))
        .header("x-request-id", "mine-1");
    let headers = request.send().await.unwrap().headers().clone();
    assert_eq!(headers["x-request-id"], "mine-1");
    assert_eq!(headers["x-content-type-options"], "nosniff");
    assert_eq!(headers["cache-control"], "no-store");
    assert!(
        headers["strict-transport-security"]
            .to_str()
            .unwrap()
            .contains("max-age")
    );
    assert!(
        headers["content-security-policy"]
            .to_str()
            .unwrap()
            .contains("frame-ancestors 'none'")
    );
    for insane in ["a b", &"x".repeat(65), "<script>"] {
        let request = app
            .http
            .get(app.url("/api/v1/me"))
            .header("x-request-id", insane);
        let headers = request.send().await.unwrap().headers().clone();
        assert_eq!(headers["x-request-id"].len(), 32);
    }
}

#[tokio::test]
async fn the_document_is_served_shown_and_printed() {
    let app = App::start().await;
    let served: Value = ok(app.http.get(app.url("/api/openapi.json"))).await;
    let printed = app.cli(&["openapi"]).await;
    assert!(printed.status.success());
    assert_eq!(
        serde_json::from_slice::<Value>(&printed.stdout).unwrap(),
        served
    );
    let page = app.http.get(app.url("/api/docs/")).send().await.unwrap();
    assert!(page.status().is_success());
    assert!(page.text().await.unwrap().contains("swagger-ui"));
    // Every operation that is not public asks who calls, and every route is in the document.
    for (path, item) in served["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let is_public = operation["security"].as_array().unwrap().is_empty();
            let method: Method = method.to_uppercase().parse().unwrap();
            let path = path.replace(['{', '}'], "");
            let request = app.http.request(method, app.url(&path));
            if !is_public {
                refused(request, 401, "unauthenticated").await;
            }
        }
    }
    let metrics = app.http.get(app.url("/metrics")).send().await.unwrap();
    let metrics = metrics.text().await.unwrap();
    let line =
        r#"kazi_http_requests_total{method="GET",route="/api/v1/categories/{id}",status="4xx"}"#;
    assert!(metrics.contains(line), "{metrics}");
}

/// Whether a schema is of an id, or of a list of ids.
fn is_of_ids(document: &Value, schema: &Value) -> bool {
    let component = schema["$ref"].as_str().map(|reference| {
        let found = document.pointer(&reference[1..]);
        found.unwrap_or_else(|| panic!("{reference} is not in the document"))
    });
    let one = component.unwrap_or(schema);
    let pattern = one["pattern"].as_str().unwrap_or_default();
    let parts = schema["oneOf"].as_array().into_iter().flatten();
    pattern.ends_with("_[0-9A-Fa-f]{32}$")
        || one["format"] == "uuid"
        || parts
            .chain(schema.get("items"))
            .any(|part| is_of_ids(document, part))
}

/// The fields and parameters of ids that are not called so, and the number of all fields and parameters of ids.
fn misnamed(document: &Value, part: &Value) -> (Vec<String>, usize) {
    let mut named: Vec<(&str, &Value)> = Vec::new();
    if let Some(fields) = part["properties"].as_object() {
        named.extend(fields.iter().map(|(name, schema)| (name.as_str(), schema)));
    }
    if let (Some(_), Some(name)) = (part["in"].as_str(), part["name"].as_str()) {
        named.push((name, &part["schema"]));
    }
    named.retain(|(_, schema)| is_of_ids(document, schema));
    let mut known = named.len();
    let wrong = named
        .iter()
        .filter(|(name, _)| *name != "id" && !name.ends_with("_id") && !name.ends_with("_ids"));
    let mut wrong: Vec<String> = wrong.map(|(name, _)| (*name).to_owned()).collect();
    let fields = part.as_object().into_iter().flat_map(|part| part.values());
    for below in fields.chain(part.as_array().into_iter().flatten()) {
        let (more, count) = misnamed(document, below);
        wrong.extend(more);
        known += count;
    }
    (wrong, known)
}

#[tokio::test]
async fn what_refers_to_a_thing_is_called_its_id() {
    let printed = program(&["openapi"]).output().await.unwrap();
    let mut document: Value = serde_json::from_slice(&printed.stdout).unwrap();
    let (wrong, known) = misnamed(&document, &document);
    assert!(wrong.is_empty(), "call it …_id, a list …_ids: {wrong:?}");
    assert!(known > 200, "{known}");
    // The walk finds a wrong name.
    let fields = &mut document["components"]["schemas"]["Booking"]["properties"];
    fields["contact"] = fields["contact_id"].clone();
    assert_eq!(misnamed(&document, &document).0, ["contact"]);
}

#[tokio::test]
async fn a_number_beyond_its_type_hears_the_limit_of_its_field() {
    let app = App::start().await;
    let me = Caller::new(&app, app.workspace, Role::Owner).await;
    let document = ok(app.http.get(app.url("/api/openapi.json"))).await;
    let stock = &document["components"]["schemas"]["NewProduct"]["properties"]["stock"];
    let most = stock["maximum"].as_i64().unwrap();
    for beyond in [99_999_999_999_i64, -99_999_999_999] {
        let product = json!({"price_minor": 1, "stock": beyond, "texts": {"en": {"name": "Tea"}}});
        let request = me.call(Method::POST, "/api/v1/products").json(&product);
        let said = refused(request, 422, "invalid").await;
        let about = &said["errors"][0];
        assert_eq!(about["pointer"], "/stock", "{said}");
        let rule = about["detail"].as_str().unwrap();
        assert!(rule.ends_with(&format!("to {most}")), "{rule}");
    }
}
