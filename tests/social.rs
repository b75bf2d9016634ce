//! Posts on social networks, over real HTTP: from the call that schedules one to the page where people see it.

use chrono::{TimeDelta, Utc};
use kazi_jobs::Role;
use kazi_simulators::{CutAt, Fault, GraphAccount, Network, Service};
use reqwest::{Method, RequestBuilder, Response};
use serde_json::{Value, json};

use crate::{
    caller::{Caller, invalid, invalid_by, ok, refused},
    media::PNG,
    support::{App, business},
};

const INSTAGRAM: &str = "17841400000000001";
const PAGE: &str = "104600000000001";

impl Caller<'_> {
    async fn account(&self, network: &str) -> Value {
        let id = if network == "facebook" {
            PAGE
        } else {
            INSTAGRAM
        };
        let body =
            json!({"network": network, "external_id": id, "token": format!("token-of-{network}")});
        ok(self.post("/accounts", &body)).await
    }

    async fn content(&self) -> Value {
        let media = json!([{"url": "https://zuri.example/tea.jpg", "alt": "Tea"}]);
        let body = json!({"text": "Fresh tea", "media": media, "variants": {"instagram": "Fresh tea #tea"}});
        ok(self.post("/contents", &body)).await
    }

    /// When, for a schedule.
    fn times(content: &Value, account: &Value, at: TimeDelta) -> Value {
        let local = (Utc::now() + at).format("%Y-%m-%dT%H:%M:%S").to_string();
        json!({"content_id": content["id"], "account_id": account["id"], "local_time": local, "zone": "UTC"})
    }
}

/// The program, with accounts at the simulated networks.
async fn start() -> App {
    let mut app = App::prepare().await;
    let base = app.providers.base_url(Service::Graph);
    app.set("KAZI_SOCIAL__INSTAGRAM_BASE_URL", &base);
    app.set("KAZI_SOCIAL__FACEBOOK_BASE_URL", &base);
    for (network, id, token) in [
        (Network::Instagram, INSTAGRAM, "token-of-instagram"),
        (Network::Facebook, PAGE, "token-of-facebook"),
    ] {
        app.providers.add_graph(GraphAccount {
            network,
            id: id.into(),
            name: "zuri.market".into(),
            token: token.into(),
            daily_limit: 100,
        });
    }
    app.run().await;
    app
}

async fn answer(request: RequestBuilder, status: u16) -> Response {
    let response = request.send().await.unwrap();
    let said = response.status().as_u16();
    if said != status {
        panic!("{said}: {}", response.text().await.unwrap());
    }
    response
}

#[tokio::test]
async fn a_post_that_is_scheduled_appears_although_the_program_dies_and_an_answer_is_lost() {
    let mut app = start().await;
    let me = Caller::new(&app, app.workspace, Role::Admin)
        .await
        .below("/api/v1/social");
    let content = me.content().await;
    let mut ids = Vec::new();
    for network in ["instagram", "facebook"] {
        let account = me.account(network).await;
        assert_eq!(
            (&account["name"], &account["status"]),
            (&"zuri.market".into(), &"active".into())
        );
        assert!(account.get("token").is_none());
        let body = Caller::times(&content, &account, TimeDelta::seconds(2));
        let made = ok(me.post("/schedules", &body)).await;
        refused(me.post("/schedules", &body), 409, "already_scheduled").await;
        ids.push(made["id"].as_str().unwrap().to_owned());
    }
    // The answer that matters is lost, of Instagram's.
    app.providers.fault(Fault {
        method: Some("POST".into()),
        matches: Some("/media_publish".into()),
        cut: Some(CutAt::After),
        times: Some(1),
        ..Fault::on(Service::Graph)
    });
    app.kill().await;
    app.run().await;
    app.until("SELECT count(*) / 2 FROM social_schedules WHERE status = 'published'")
        .await;
    let posts = app.providers.posts();
    assert_eq!(posts.len(), 2);
    let me = Caller::new(&app, app.workspace, Role::Admin)
        .await
        .below("/api/v1/social");
    let page = ok(me.get("/publications")).await;
    for post in &posts {
        let all = page["items"].as_array().unwrap();
        let one = all.iter().find(|one| one["post_id"] == post.id).unwrap();
        assert_eq!(
            (&one["status"], &one["text"]),
            (&"published".into(), &post.text.as_str().into())
        );
        let path = format!("/publications/{}", one["id"].as_str().unwrap());
        assert_eq!(ok(me.get(&path)).await["steps"][0]["step"], "started");
    }
    for id in ids {
        let path = format!("/schedules/{id}");
        refused(me.call(Method::DELETE, &path), 409, "over").await;
        assert_eq!(ok(me.get(&path)).await["status"], "published");
    }
    let url = format!("{}/_posts", app.providers.url());
    let seen: Value = app
        .http
        .get(&url)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert_eq!(seen.as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn what_cannot_be_posted_is_refused_by_its_field() {
    let app = start().await;
    let me = Caller::new(&app, app.workspace, Role::Admin)
        .await
        .below("/api/v1/social");
    let new =
        |token: &str, id: &str| json!({"network": "instagram", "external_id": id, "token": token});
    invalid_by(
        me.post("/accounts", &new("wrong", INSTAGRAM)),
        "/token",
        "refused",
    )
    .await;
    invalid_by(
        me.post("/accounts", &new("token-of-instagram", "1")),
        "/token",
        "refused",
    )
    .await;
    invalid_by(
        me.post("/accounts", &new("token-of-instagram", "abc")),
        "/external_id",
        "digits",
    )
    .await;
    let account = me.account("instagram").await;
    let again = me.post("/accounts", &new("token-of-instagram", INSTAGRAM));
    refused(again, 409, "account_connected").await;

    for (body, pointer, code) in [
        (json!({"text": ""}), "/text", "required"),
        (
            json!({"text": "x", "media": [{"url": "http://zuri.example/a.jpg"}]}),
            "/media/0/url",
            "not_https",
        ),
        (
            json!({"text": "x", "media": [{"url": "https://localhost/a.jpg"}]}),
            "/media/0/url",
            "private_host",
        ),
        (
            json!({"text": "x", "media": [{"url": "https://a:b@zuri.example/a.jpg"}]}),
            "/media/0/url",
            "credentials",
        ),
        (
            json!({"text": "x", "media": vec![json!({"url": "https://a.example/a.jpg"}); 11]}),
            "/media",
            "too_many",
        ),
    ] {
        invalid_by(me.post("/contents", &body), pointer, code).await;
    }
    let bare = ok(me.post("/contents", &json!({"text": "Only words"}))).await;
    let hour = TimeDelta::hours(1);
    invalid_by(
        me.post("/schedules", &Caller::times(&bare, &account, hour)),
        "/media",
        "required",
    )
    .await;
    let content = me.content().await;
    let with = |key: &str, value: &str| {
        let mut body = Caller::times(&content, &account, hour);
        body[key] = value.into();
        body
    };
    for (key, value, code) in [
        ("zone", "Middle/Earth", "unknown_zone"),
        ("local_time", "2020-01-01T00:00:00", "past"),
        ("local_time", "tomorrow", "invalid"),
        (
            "content_id",
            "sco_0190a5b2c3d4e5f60718293a4b5c6d7e",
            "not_found",
        ),
        (
            "account_id",
            "sac_0190a5b2c3d4e5f60718293a4b5c6d7e",
            "not_found",
        ),
    ] {
        invalid_by(
            me.post("/schedules", &with(key, value)),
            &format!("/{key}"),
            code,
        )
        .await;
    }
}

#[tokio::test]
async fn schedules_are_listed_by_time_moved_and_cancelled() {
    let app = start().await;
    let me = Caller::new(&app, app.workspace, Role::Admin)
        .await
        .below("/api/v1/social");
    let (account, content) = (me.account("facebook").await, me.content().await);
    let mut made = Vec::new();
    for hours in [3, 1, 2] {
        let body = Caller::times(&content, &account, TimeDelta::hours(hours));
        made.push(ok(me.post("/schedules", &body)).await);
    }
    let ids = |page: &Value| -> Vec<String> {
        let items = page["items"].as_array().unwrap();
        items
            .iter()
            .map(|item| item["id"].as_str().unwrap().to_owned())
            .collect()
    };
    let id = |at: usize| made[at]["id"].as_str().unwrap().to_owned();
    let first = ok(me.get("/schedules?limit=2")).await;
    assert_eq!(ids(&first), [id(1), id(2)]);
    let next = first["next_cursor"].as_str().unwrap();
    let rest = ok(me.get(&format!("/schedules?limit=2&cursor={next}"))).await;
    assert_eq!(ids(&rest), [id(0)]);
    let (from, to) = (
        made[1]["due_at"].as_str().unwrap(),
        made[2]["due_at"].as_str().unwrap(),
    );
    assert_eq!(
        ids(&ok(me.get(&format!("/schedules?from={from}&to={to}"))).await),
        [id(1)]
    );

    let path = format!("/schedules/{}", id(0));
    let tag = answer(me.get(&path), 200).await.headers()["etag"].clone();
    let evening = (Utc::now() + TimeDelta::days(30)).format("%Y-%m-%dT18:00");
    let to = json!({"local_time": evening.to_string(), "zone": "Africa/Nairobi"});
    let moved = ok(me.patch(&path, &to).header("if-match", &tag)).await;
    assert!(moved["local_time"].as_str().unwrap().ends_with("T18:00:00"));
    assert!(moved["due_at"].as_str().unwrap().contains("T15:00:00"));
    answer(me.patch(&path, &to).header("if-match", &tag), 412).await;
    let content_path = format!("/contents/{}", content["id"].as_str().unwrap());
    refused(me.call(Method::DELETE, &content_path), 409, "in_use").await;
    for at in 0..3 {
        answer(
            me.call(Method::DELETE, &format!("/schedules/{}", id(at))),
            204,
        )
        .await;
    }
    assert_eq!(ok(me.get(&path)).await["status"], "cancelled");
    let text = ok(me.patch(&content_path, &json!({"text": "Fresh coffee"}))).await;
    assert_eq!(
        (&text["text"], &text["variants"]["instagram"]),
        (&"Fresh coffee".into(), &"Fresh tea #tea".into())
    );
    answer(me.call(Method::DELETE, &content_path), 204).await;
    refused(me.get(&content_path), 404, "not_found").await;
    let account_path = format!("/accounts/{}", account["id"].as_str().unwrap());
    let rotated = json!({"token": "token-of-facebook"});
    ok(me.post(&format!("{account_path}/rotate-token"), &rotated)).await;
    answer(me.call(Method::DELETE, &account_path), 204).await;
    refused(me.get(&account_path), 404, "not_found").await;
    assert_eq!(ok(me.get("/accounts")).await["items"], json!([]));
}

#[tokio::test]
async fn another_workspace_sees_nothing_and_a_viewer_changes_nothing() {
    let app = start().await;
    let me = Caller::new(&app, app.workspace, Role::Admin)
        .await
        .below("/api/v1/social");
    let (account, content) = (me.account("facebook").await, me.content().await);
    let body = Caller::times(&content, &account, TimeDelta::hours(1));
    let schedule = ok(me.post("/schedules", &body)).await;
    let id = |value: &Value| value["id"].as_str().unwrap().to_owned();
    let elsewhere = business(app.db(), "Elsewhere").await;
    let other = Caller::new(&app, elsewhere, Role::Owner)
        .await
        .below("/api/v1/social");
    for path in [
        format!("/accounts/{}", id(&account)),
        format!("/contents/{}", id(&content)),
        format!("/schedules/{}", id(&schedule)),
    ] {
        refused(other.get(&path), 404, "not_found").await;
        refused(other.call(Method::DELETE, &path), 404, "not_found").await;
        let viewer = Caller::new(&app, app.workspace, Role::Viewer)
            .await
            .below("/api/v1/social");
        ok(viewer.get(&path)).await;
        refused(viewer.call(Method::DELETE, &path), 403, "forbidden").await;
    }
    invalid_by(other.post("/schedules", &body), "/account_id", "not_found").await;
}

/// The first bytes of a JPEG.
const JPEG: &[u8] = b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0\xff\xd9";

#[tokio::test]
async fn an_uploaded_image_is_posted_from_an_address_that_the_network_reads() {
    let app = start().await;
    let admin = Caller::new(&app, app.workspace, Role::Admin).await;
    let stored = ok(admin.upload("image/jpeg", Some("tea.jpg"), JPEG)).await;
    let drawn = ok(admin.upload("image/png", None, PNG)).await;
    let me = admin.below("/api/v1/social");
    let with =
        |file: &Value| json!({"text": "Fresh tea", "media": [{"media_id": file, "alt": "Tea"}]});

    let unknown = json!("med_0190a5b2c3d47e5f860718293a4b5c6d");
    invalid(me.post("/contents", &with(&unknown)), "/media/0/media_id").await;
    let mut both = with(&stored["id"]);
    both["media"][0]["url"] = json!("https://zuri.example/tea.jpg");
    invalid(me.post("/contents", &both), "/media/0/url").await;

    let instagram = me.account("instagram").await;
    let content = ok(me.post("/contents", &with(&drawn["id"]))).await;
    let body = Caller::times(&content, &instagram, TimeDelta::seconds(2));
    invalid(me.post("/schedules", &body), "/media/0").await;

    let content = ok(me.post("/contents", &with(&stored["id"]))).await;
    assert_eq!(content["media"][0]["mime"], "image/jpeg");
    for account in [instagram, me.account("facebook").await] {
        let body = Caller::times(&content, &account, TimeDelta::seconds(2));
        ok(me.post("/schedules", &body)).await;
    }
    app.until("SELECT count(*) / 2 FROM social_schedules WHERE status = 'published'")
        .await;
    for post in app.providers.posts() {
        let (_, path) = post.images[0].split_once("/media/").unwrap();
        let read = app.http.get(app.url(&format!("/media/{path}"))).send();
        let bytes = read.await.unwrap().bytes().await.unwrap();
        assert_eq!(&bytes[..], JPEG);
    }
}
