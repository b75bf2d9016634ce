//! The workspace's own affairs over real HTTP: members, invitations, channels, notifications, the audit log.

use std::collections::BTreeSet;

use kazi_jobs::{Permission, Role};
use kazi_platform::Timestamp;
use kazi_simulators::{Fault, Service, WhatsAppAccount};
use reqwest::{Method, RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    caller::{Caller, ok, refused},
    support::{App, business, sign},
};

/// A second number of Meta's, which nobody has connected yet.
const OTHER_NUMBER: &str = "106540352242923";
const OTHER_TOKEN: &str = "EAAB-other-token-9876";

impl<'a> Caller<'a> {
    /// As the API writes it.
    fn user_id(&self) -> String {
        format!("usr_{}", self.id.simple())
    }

    /// A user who belongs to nothing but an active workspace that they are no member of.
    async fn stranger(app: &'a App, email: &str) -> Self {
        let new = Self::new(app, app.workspace, Role::Viewer)
            .await
            .below("/api/v1");
        for statement in [
            "DELETE FROM members WHERE user_id = $1 AND $2 <> ''",
            "UPDATE users SET email = $2 WHERE id = $1",
        ] {
            sqlx::query(statement)
                .bind(new.id)
                .bind(email)
                .execute(app.db())
                .await
                .unwrap();
        }
        new
    }
}

async fn pointer(request: RequestBuilder) -> String {
    let body = refused(request, 422, "invalid").await;
    body["errors"][0]["pointer"].as_str().unwrap().to_owned()
}

async fn sent(request: RequestBuilder) -> Response {
    let response = request.send().await.unwrap();
    let status = response.status();
    assert!(status.is_success(), "{status}: {:?}", response.text().await);
    response
}

async fn done(request: RequestBuilder) {
    assert_eq!(sent(request).await.status(), StatusCode::NO_CONTENT);
}

/// Letters go to the simulated server.
async fn with_mail() -> App {
    let mut app = App::prepare().await;
    let server = app.providers.smtp();
    app.set("KAZI_SMTP__HOST", &server.ip().to_string());
    app.set("KAZI_SMTP__PORT", &server.port().to_string());
    app.set("KAZI_SMTP__TLS", "none");
    app.set("KAZI_HTTP__PUBLIC_URL", "https://kazi.test");
    app.run().await;
    app
}

/// The nth letter, when it is there.
async fn letter(app: &App, n: usize) -> kazi_simulators::Mail {
    let there = async {
        loop {
            if let Some(mail) = app.providers.inbox().into_iter().nth(n) {
                return mail;
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(crate::support::LONG, there)
        .await
        .unwrap()
}

/// The code in a letter.
fn token(text: &str) -> String {
    let mut words = text.split(|c: char| !c.is_ascii_alphanumeric());
    words.find(|word| word.len() == 64).unwrap().to_owned()
}

#[tokio::test]
async fn a_workspace_is_made_changed_deleted_and_restored() {
    let app = App::start().await;
    let me = Caller::new(&app, app.workspace, Role::Owner)
        .await
        .below("/api/v1");
    let other = Caller::new(&app, app.workspace, Role::Owner)
        .await
        .below("/api/v1");
    let new = json!({"name": "Baraka", "default_language": "fr", "country": "CI", "currency": "XOF", "time_zone": "Africa/Abidjan"});
    let post = || {
        me.post("/workspaces", &new)
            .header("idempotency-key", "one")
    };
    let made = sent(post()).await;
    assert_eq!(made.status(), StatusCode::CREATED);
    let made: Value = made.json().await.unwrap();
    assert_eq!(
        (&made["languages"], &made["country"]),
        (&json!(["fr"]), &json!("CI"))
    );
    assert_eq!(ok(post()).await, made, "once for its key");
    for (body, at) in [
        (json!({"name": ""}), "/name"),
        (json!({"name": "x", "currency": "shillings"}), "/currency"),
        (json!({"name": "x", "settings": {"x": 1}}), "/settings/x"),
        (json!({"name": "x", "owner": 1}), "/owner"),
    ] {
        assert_eq!(pointer(me.post("/workspaces", &body)).await, at);
    }
    let id = made["id"].as_str().unwrap();
    let mine = async || ok(me.get("/workspaces")).await.as_array().unwrap().clone();
    assert_eq!(mine().await.len(), 2);
    assert_eq!(
        ok(other.get("/workspaces")).await.as_array().unwrap().len(),
        1
    );

    let there = |request: RequestBuilder| request.header("x-workspace-id", id);
    let current = sent(there(me.get("/workspaces/current"))).await;
    let etag = current.headers()["etag"].clone();
    let rename = |name: &str| there(me.patch("/workspaces/current", &json!({"name": name})));
    let renamed = ok(rename("Baraka B").header("if-match", &etag)).await;
    assert_eq!(
        (&renamed["name"], &renamed["country"]),
        (&json!("Baraka B"), &json!("CI"))
    );
    refused(
        rename("Late").header("if-match", &etag),
        412,
        "changed_meanwhile",
    )
    .await;
    assert_eq!(pointer(rename(" ")).await, "/name");
    refused(there(other.get("/workspaces/current")), 403, "not_a_member").await;

    let delete = || there(me.delete("/workspaces/current"));
    refused(delete().header("if-match", &etag), 412, "changed_meanwhile").await;
    done(delete()).await;
    refused(there(me.get("/workspaces/current")), 403, "not_a_member").await;
    let deleted = |all: &[Value]| {
        all.iter()
            .filter(|one| !one["deleted_at"].is_null())
            .count()
    };
    let all = mine().await;
    assert_eq!(deleted(&all), 1);
    let gone = all.iter().find(|one| one["workspace_id"] == id).unwrap();
    let time = |field: &str| -> Timestamp { gone[field].as_str().unwrap().parse().unwrap() };
    let days = (time("restorable_until") - time("deleted_at")).num_days();
    assert_eq!(days, 30);
    let restore = format!("/workspaces/{id}/restore");
    refused(other.call(Method::POST, &restore), 404, "not_found").await;
    assert_eq!(
        ok(me.call(Method::POST, &restore)).await["name"],
        "Baraka B"
    );
    refused(me.call(Method::POST, &restore), 404, "not_found").await;
    ok(there(me.get("/workspaces/current"))).await;
}

#[tokio::test]
async fn members_are_listed_changed_removed_and_leave() {
    let app = App::start().await;
    let owner = Caller::new(&app, app.workspace, Role::Owner)
        .await
        .below("/api/v1");
    let admin = Caller::new(&app, app.workspace, Role::Admin)
        .await
        .below("/api/v1");
    let agent = Caller::new(&app, app.workspace, Role::Agent)
        .await
        .below("/api/v1");
    let mut seen = Vec::new();
    let mut path = "/members?limit=2".to_owned();
    loop {
        let page = ok(agent.get(&path)).await;
        for item in page["items"].as_array().unwrap() {
            assert!(item["email"].as_str().unwrap().ends_with("@example.com"));
            seen.push((
                item["id"].as_str().unwrap().to_owned(),
                item["role"].clone(),
            ));
        }
        let Some(cursor) = page["next_cursor"].as_str() else {
            break;
        };
        path = format!("/members?limit=2&cursor={cursor}");
    }
    assert_eq!(
        seen,
        [
            (owner.user_id(), json!("owner")),
            (admin.user_id(), json!("admin")),
            (agent.user_id(), json!("agent"))
        ]
    );

    let of = |who: &Caller<'_>| format!("/members/{}", who.user_id());
    let role = |role: &str| json!({"role": role});
    // Nobody above themselves, nor somebody above them.
    refused(admin.patch(&of(&agent), &role("owner")), 403, "forbidden").await;
    refused(admin.patch(&of(&owner), &role("viewer")), 403, "forbidden").await;
    refused(admin.delete(&of(&owner)), 403, "forbidden").await;
    assert_eq!(
        pointer(admin.patch(&of(&agent), &role("god"))).await,
        "/role"
    );
    let nobody = format!("/members/usr_{}", Uuid::now_v7().simple());
    refused(admin.patch(&nobody, &role("agent")), 404, "not_found").await;
    done(admin.patch(&of(&agent), &role("viewer"))).await;
    done(admin.delete(&of(&agent))).await;
    // At once, with the token that they still have.
    refused(agent.get("/members"), 403, "not_a_member").await;

    let leave = |who: &Caller<'_>| who.call(Method::POST, "/workspaces/current/leave");
    refused(leave(&owner), 409, "last_owner").await;
    refused(owner.patch(&of(&owner), &role("admin")), 409, "last_owner").await;
    let to = |who: &Caller<'_>| json!({"user_id": who.user_id()});
    let transfer = "/workspaces/current/transfer";
    refused(owner.post(transfer, &to(&agent)), 404, "not_found").await;
    refused(owner.post(transfer, &to(&owner)), 403, "forbidden").await;
    done(owner.post(transfer, &to(&admin))).await;
    refused(owner.post(transfer, &to(&owner)), 403, "forbidden").await;
    done(leave(&owner)).await;
    assert_eq!(
        ok(admin.get("/members")).await["items"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

#[tokio::test]
async fn a_suspended_member_may_do_nothing_here_until_reinstated() {
    let app = App::start().await;
    let who = async |role| {
        Caller::new(&app, app.workspace, role)
            .await
            .below("/api/v1")
    };
    let (owner, admin) = (who(Role::Owner).await, who(Role::Admin).await);
    let agent = who(Role::Agent).await;
    let key = json!({"name": "Website", "scopes": ["contacts.read"]});
    let key = ok(admin.post("/api-keys", &key)).await;
    let by_key = || {
        let request = app.http.get(app.url("/api/v1/contacts"));
        request.bearer_auth(key["key"].as_str().unwrap())
    };
    ok(by_key()).await;
    let contact = ok(owner.post("/contacts", &json!({"phone": "+254712345678"}))).await;
    let ticket = json!({"contact_id": contact["id"], "subject": "No picture", "message": "Black."});
    let ticket = ok(owner.post("/support/tickets", &ticket)).await;
    let ticket = format!("/support/tickets/{}", ticket["id"].as_str().unwrap());
    let assign = |who: &Caller<'_>| json!({"assignee_id": who.user_id()});
    let assignee = format!("{ticket}/assignee");
    ok(owner.put(&assignee, &assign(&admin))).await;

    let to = |who: &Caller<'_>, what: &str| format!("/members/{}/{what}", who.user_id());
    let post = |who: &Caller<'_>, path: String| who.call(Method::POST, &path);
    refused(post(&agent, to(&admin, "suspend")), 403, "forbidden").await;
    refused(post(&admin, to(&owner, "suspend")), 403, "forbidden").await;
    refused(post(&owner, to(&owner, "suspend")), 403, "forbidden").await;
    done(post(&owner, to(&admin, "suspend"))).await;
    done(post(&owner, to(&admin, "suspend"))).await;
    // At once, with the token and the key that they still have. They are told why, and strangers are not.
    refused(admin.get("/members"), 403, "member_suspended").await;
    let here = json!({"workspace_id": app.workspace.to_string()});
    let enter = "/me/workspace";
    refused(admin.post(enter, &here), 403, "member_suspended").await;
    let mine = ok(admin.get("/workspaces")).await;
    assert_eq!(mine[0]["shut_out"], "member_suspended");
    let stranger = Caller::stranger(&app, "ben@example.com").await;
    refused(stranger.post(enter, &here), 403, "not_a_member").await;
    refused(by_key(), 401, "invalid_token").await;
    assert!(ok(owner.get(&ticket)).await["assignee_id"].is_null());
    let told = refused(owner.put(&assignee, &assign(&admin)), 422, "invalid").await;
    assert_eq!(told["errors"][0]["pointer"], "/assignee_id");
    let news = ok(owner.get("/notifications")).await;
    assert_eq!(news["items"].as_array().unwrap().len(), 1);
    assert_eq!(
        (
            &news["items"][0]["kind"],
            &news["items"][0]["data"]["unassigned"]
        ),
        (&json!("member_suspended"), &json!(1))
    );
    let members = ok(owner.get("/members")).await;
    let since = |who: &Caller<'_>| {
        let mut items = members["items"].as_array().unwrap().iter();
        items.find(|one| one["id"] == who.user_id()).unwrap()["suspended_at"].clone()
    };
    assert!(since(&admin).is_string() && since(&agent).is_null());

    done(post(&owner, to(&admin, "reinstate"))).await;
    ok(admin.get("/members")).await;
    ok(admin.post(enter, &here)).await;
    ok(by_key()).await;
    ok(owner.put(&assignee, &assign(&admin))).await;
    // Who is removed sees to nothing either.
    done(owner.delete(&format!("/members/{}", admin.user_id()))).await;
    assert!(ok(owner.get(&ticket)).await["assignee_id"].is_null());
    refused(by_key(), 401, "invalid_token").await;

    // A suspended owner is none of those who must stay.
    let other = who(Role::Owner).await;
    done(post(&owner, to(&other, "suspend"))).await;
    refused(
        post(&owner, "/workspaces/current/leave".into()),
        409,
        "last_owner",
    )
    .await;
    done(owner.patch(
        &format!("/members/{}", other.user_id()),
        &json!({"role": "agent"}),
    ))
    .await;
    done(owner.delete(&format!("/members/{}", other.user_id()))).await;
}

#[tokio::test]
async fn of_two_last_owners_who_leave_at_once_one_stays() {
    let app = App::start().await;
    let one = Caller::new(&app, app.workspace, Role::Owner)
        .await
        .below("/api/v1");
    let two = Caller::new(&app, app.workspace, Role::Owner)
        .await
        .below("/api/v1");
    let leave = async |who: &Caller<'_>| {
        let response = who
            .call(Method::POST, "/workspaces/current/leave")
            .send()
            .await;
        response.unwrap().status().as_u16()
    };
    let mut ended = <[u16; 2]>::from(tokio::join!(leave(&one), leave(&two)));
    ended.sort_unstable();
    assert_eq!(ended, [204, 409]);
    assert_eq!(
        app.count("SELECT count(*) FROM members WHERE role = 'owner'")
            .await,
        1
    );
}

#[tokio::test]
async fn an_invitation_goes_out_in_its_language_and_is_accepted_by_its_addressee_alone() {
    let app = with_mail().await;
    let admin = Caller::new(&app, app.workspace, Role::Admin)
        .await
        .below("/api/v1");
    let amina = Caller::stranger(&app, "amina@example.com").await;
    let ben = Caller::stranger(&app, "ben@example.com").await;
    let invite = json!({"email": "Amina@example.com", "role": "agent", "language": "fr"});
    let made = ok(admin.post("/invitations", &invite)).await;
    assert_eq!(
        (&made["status"], &made["language"]),
        (&json!("open"), &json!("fr"))
    );
    refused(admin.post("/invitations", &invite), 409, "already_invited").await;
    for (body, at) in [
        (json!({"email": "x", "role": "agent"}), "/email"),
        (
            json!({"email": "a@b.io", "role": "agent", "language": "xx"}),
            "/language",
        ),
        (json!({"email": "a@b.io", "role": "god"}), "/role"),
    ] {
        assert_eq!(pointer(admin.post("/invitations", &body)).await, at);
    }
    let above = json!({"email": "c@example.com", "role": "owner"});
    refused(admin.post("/invitations", &above), 403, "forbidden").await;

    let first = letter(&app, 0).await;
    assert_eq!(first.to, ["amina@example.com"]);
    assert!(
        first.subject.contains("Zuri") && first.text.contains("Vous êtes invité"),
        "{first:?}"
    );
    let before = token(&first.text);
    let link = format!("https://kazi.test/app/workspaces#invitation={before} ");
    assert!(first.text.contains(&link), "{first:?}");
    let path = format!("/invitations/{}", made["id"].as_str().unwrap());
    ok(admin.call(Method::POST, &format!("{path}/resend"))).await;
    let second = token(&letter(&app, 1).await.text);
    assert_ne!(before, second);
    // No answer, no job and no row has the token.
    let listed = ok(admin.get("/invitations")).await.to_string();
    assert!(!listed.contains(&second));
    let jobs: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM (SELECT j::text AS row FROM queue.jobs j UNION ALL SELECT f::text FROM queue.finished f
                               UNION ALL SELECT i::text FROM invitations i) all_rows WHERE row LIKE '%' || $1 || '%'",
    )
    .bind(&second)
    .fetch_one(app.db())
    .await
    .unwrap();
    assert_eq!(jobs, 0);

    let body = |token: &str| json!({"token": token});
    let look = |token: &str| {
        app.http
            .post(app.url("/api/v1/invitations/look-up"))
            .json(&body(token))
    };
    refused(look(&before), 404, "not_found").await;
    refused(look("x"), 404, "not_found").await;
    let offer = ok(look(&second)).await;
    assert_eq!(
        (&offer["workspace_name"], &offer["role"]),
        (&json!("Zuri"), &json!("agent"))
    );
    refused(
        ben.post("/invitations/accept", &body(&second)),
        403,
        "other_address",
    )
    .await;
    refused(
        ben.post("/invitations/decline", &body(&second)),
        403,
        "other_address",
    )
    .await;
    app.change("UPDATE users SET email_verified_at = NULL WHERE email = 'amina@example.com'")
        .await;
    refused(
        amina.post("/invitations/accept", &body(&second)),
        403,
        "email_not_verified",
    )
    .await;
    app.change("UPDATE users SET email_verified_at = now()")
        .await;
    let joined = ok(amina.post("/invitations/accept", &body(&second))).await;
    assert_eq!(joined["workspace_id"], app.workspace.to_string());
    refused(
        amina.post("/invitations/accept", &body(&second)),
        409,
        "invitation_over",
    )
    .await;
    assert_eq!(
        ok(amina.get("/members")).await["items"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
    refused(admin.delete(&path), 409, "invitation_over").await;

    // The inviter is told, and nobody else.
    let told = ok(admin.get("/notifications")).await;
    assert_eq!(told["items"][0]["kind"], "invitation_accepted");
    assert_eq!(ok(amina.get("/notifications")).await["items"], json!([]));

    let again = json!({"email": "ben@example.com", "role": "viewer"});
    ok(admin.post("/invitations", &again)).await;
    let third = token(&letter(&app, 2).await.text);
    done(ben.post("/invitations/decline", &body(&third))).await;
    refused(look(&third), 409, "invitation_over").await;
    let revoked = ok(admin.post("/invitations", &again)).await;
    done(admin.delete(&format!("/invitations/{}", revoked["id"].as_str().unwrap()))).await;
}

#[tokio::test]
async fn a_channel_is_connected_managed_and_given_up_and_its_secrets_stay_inside() {
    let app = with_mail().await;
    let admin = Caller::new(&app, app.workspace, Role::Admin)
        .await
        .below("/api/v1");
    app.providers.add_whatsapp(WhatsAppAccount {
        phone_number_id: OTHER_NUMBER.into(),
        business_account_id: "1023".into(),
        display_phone: "+254 20 555 0101".into(),
        token: OTHER_TOKEN.into(),
        app_secret: "another secret".into(),
        webhook_url: app.url("/webhooks/whatsapp"),
    });
    let new = json!({"kind": "whatsapp", "name": "Front desk", "external_id": OTHER_NUMBER, "token": OTHER_TOKEN, "app_secret": "another-secret"});
    let made = sent(admin.post("/channels", &new)).await;
    assert_eq!(made.status(), StatusCode::CREATED);
    let text = made.text().await.unwrap();
    let made: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(
        (&made["status"], &made["token_hint"]),
        (&json!("active"), &json!("9876"))
    );
    let path = format!("/channels/{}", made["id"].as_str().unwrap());
    refused(admin.post("/channels", &new), 409, "channel_taken").await;
    for (body, at) in [
        (
            json!({"kind": "telegram", "name": "x", "external_id": "1", "token": "t"}),
            "/kind",
        ),
        (
            json!({"kind": "greenapi", "name": "x", "external_id": "x", "token": "t"}),
            "/external_id",
        ),
        (
            json!({"kind": "whatsapp", "name": "x", "external_id": "1", "token": "t"}),
            "/app_secret",
        ),
        (
            json!({"kind": "whatsapp", "name": "x", "external_id": "1", "token": "t", "base_url": "http://10.0.0.1"}),
            "/base_url",
        ),
    ] {
        assert_eq!(pointer(admin.post("/channels", &body)).await, at);
    }
    let green = json!({"kind": "greenapi", "name": "Second", "external_id": "1101000009", "token": "abc123"});
    assert_eq!(
        ok(admin.post("/channels", &green)).await["kind"],
        "greenapi"
    );

    let checked = ok(admin.call(Method::POST, &format!("{path}/check"))).await;
    assert_eq!(
        (
            &checked["check_state"],
            &checked["display_phone"],
            &checked["messaging_limit"]
        ),
        (&json!("ok"), &json!("+254 20 555 0101"), &json!("TIER_1K"))
    );
    let etag = sent(admin.get(&path)).await.headers()["etag"].clone();
    let rename = || admin.patch(&path, &json!({"name": "Desk"}));
    assert_eq!(ok(rename().header("if-match", &etag)).await["name"], "Desk");
    refused(rename().header("if-match", &etag), 412, "changed_meanwhile").await;
    assert_eq!(
        pointer(admin.patch(&path, &json!({"name": ""}))).await,
        "/name"
    );
    let rate = |per_second: f64, burst: u32| {
        let rate = json!({"per_second": per_second, "burst": burst});
        admin.call(Method::PUT, &format!("{path}/rate")).json(&rate)
    };
    assert_eq!(ok(rate(20.0, 8)).await["burst"], 8);
    assert_eq!(pointer(rate(0.0, 8)).await, "/per_second");
    assert_eq!(pointer(rate(5.0, 0)).await, "/burst");
    let pause = ok(admin.post(&format!("{path}/pause"), &json!({"reason": "stocktaking"}))).await;
    assert_eq!(
        (&pause["status"], &pause["status_reason"]),
        (&json!("paused"), &json!("stocktaking"))
    );
    assert_eq!(
        ok(admin.call(Method::POST, &format!("{path}/resume"))).await["status"],
        "active"
    );

    let rotate =
        |token: &str| admin.post(&format!("{path}/rotate-token"), &json!({"token": token}));
    assert_eq!(pointer(rotate("wrong")).await, "/token");
    app.providers.fault(Fault {
        status: Some(502),
        times: Some(1),
        ..Fault::on(Service::WhatsApp)
    });
    refused(rotate(OTHER_TOKEN), 503, "provider_unreachable").await;
    let rotated = ok(rotate(OTHER_TOKEN)).await;
    assert!(rotated["rotated_at"].is_string());
    for answer in [
        &made,
        &checked,
        &rotated,
        &ok(admin.get("/channels")).await,
        &ok(admin.get("/audit-log")).await,
    ] {
        let answer = answer.to_string();
        assert!(
            !answer.contains(OTHER_TOKEN) && !answer.contains("another-secret"),
            "{answer}"
        );
    }

    // Meta takes what is shown here.
    let setup = ok(admin.get(&format!("{path}/setup"))).await;
    assert_eq!(setup["webhook_url"], "https://kazi.test/webhooks/whatsapp");
    let challenge = app.http.get(app.url("/webhooks/whatsapp")).query(&[
        ("hub.mode", "subscribe"),
        ("hub.verify_token", setup["token"].as_str().unwrap()),
        ("hub.challenge", "42"),
    ]);
    assert_eq!(sent(challenge).await.text().await.unwrap(), "42");
    let shown = ok(admin.get(&path)).await;
    assert!(shown["webhook_verified_at"].is_string() && shown["first_event_at"].is_null());
    // Only what the app's own secret signs is the channel's first webhook.
    let body = json!({"entry": [{"id": "1023", "changes": [
        {"field": "messages", "value": {"metadata": {"phone_number_id": OTHER_NUMBER}}}]}]})
    .to_string();
    let webhook = |secret: &str| {
        let signature = sign(secret, body.as_bytes());
        let call = app.http.post(app.url("/webhooks/whatsapp"));
        call.header("x-hub-signature-256", signature)
            .body(body.clone())
    };
    refused(webhook("not its secret"), 401, "bad_signature").await;
    assert!(ok(admin.get(&path)).await["first_event_at"].is_null());
    assert!(sent(webhook("another-secret")).await.status().is_success());
    let first = ok(admin.get(&path)).await["first_event_at"].clone();
    assert!(first.is_string());
    assert!(sent(webhook("another-secret")).await.status().is_success());
    assert_eq!(ok(admin.get(&path)).await["first_event_at"], first);
    let reveals = ok(admin.get("/audit-log?action=channels.reveal")).await;
    assert_eq!(reveals["items"].as_array().unwrap().len(), 1);

    let etag = sent(admin.get(&path)).await.headers()["etag"].clone();
    refused(
        admin.delete(&path).header("if-match", "\"x\""),
        412,
        "changed_meanwhile",
    )
    .await;
    done(admin.delete(&path).header("if-match", etag)).await;
    refused(admin.get(&path), 404, "not_found").await;
}

#[tokio::test]
async fn what_the_provider_refuses_is_told_to_the_admins_who_read_it_each_for_themselves() {
    let app = App::start().await;
    let admin = Caller::new(&app, app.workspace, Role::Admin)
        .await
        .below("/api/v1");
    let owner = Caller::new(&app, app.workspace, Role::Owner)
        .await
        .below("/api/v1");
    let quiet = Caller::new(&app, app.workspace, Role::Admin)
        .await
        .below("/api/v1");
    let off = json!({"kind": "channel_stopped", "in_app": false});
    let preferences = ok(quiet
        .call(Method::PUT, "/notifications/preferences")
        .json(&off))
    .await;
    assert_eq!(
        preferences
            .as_array()
            .unwrap()
            .iter()
            .filter(|one| one["in_app"] == false)
            .count(),
        1
    );
    assert_eq!(
        ok(quiet.get("/notifications/preferences")).await,
        preferences
    );
    let unknown = json!({"kind": "weather", "in_app": false});
    assert_eq!(
        pointer(
            quiet
                .call(Method::PUT, "/notifications/preferences")
                .json(&unknown)
        )
        .await,
        "/kind"
    );

    app.providers.fault(Fault {
        code: Some(190),
        ..Fault::on(Service::WhatsApp)
    });
    let channels = ok(admin.get("/channels?limit=1")).await;
    let path = format!(
        "/channels/{}/check",
        channels["items"][0]["id"].as_str().unwrap()
    );
    let checked = ok(admin.call(Method::POST, &path)).await;
    assert_eq!(
        (&checked["check_state"], &checked["status"]),
        (&json!("refused"), &json!("paused"))
    );

    let unread =
        async |who: &Caller<'_>| ok(who.get("/notifications/unread-count")).await["unread"].clone();
    assert_eq!(
        (
            unread(&admin).await,
            unread(&owner).await,
            unread(&quiet).await
        ),
        (json!(1), json!(1), json!(0))
    );
    let told = ok(admin.get("/notifications?unread=true")).await;
    let id = told["items"][0]["id"].as_str().unwrap().to_owned();
    let read = format!("/notifications/{id}/read");
    refused(owner.call(Method::POST, &read), 404, "not_found").await;
    done(admin.call(Method::POST, &read)).await;
    done(admin.call(Method::POST, &read)).await;
    assert_eq!(
        (unread(&admin).await, unread(&owner).await),
        (json!(0), json!(1))
    );
    assert_eq!(
        ok(admin.get("/notifications?unread=true")).await["items"],
        json!([])
    );
    let theirs = ok(owner.get("/notifications")).await["items"][0]["id"].clone();
    let up_to = json!({"newest_id": theirs});
    assert_eq!(
        ok(owner.post("/notifications/read-all", &up_to)).await["marked"],
        1
    );
    assert_eq!(unread(&owner).await, 0);
    assert_eq!(
        pointer(owner.post("/notifications/read-all", &json!({}))).await,
        "/newest_id"
    );
}

#[tokio::test]
async fn the_audit_log_is_filtered_and_turned_over() {
    let app = App::start().await;
    let admin = Caller::new(&app, app.workspace, Role::Admin)
        .await
        .below("/api/v1");
    let agent = Caller::new(&app, app.workspace, Role::Agent)
        .await
        .below("/api/v1");
    for role in ["viewer", "agent", "viewer"] {
        done(admin.patch(
            &format!("/members/{}", agent.user_id()),
            &json!({"role": role}),
        ))
        .await;
    }
    done(agent.call(Method::POST, "/workspaces/current/leave")).await;
    let count = async |query: &str| {
        let page = ok(admin.get(&format!("/audit-log?{query}"))).await;
        page["items"].as_array().unwrap().len()
    };
    // With what the business began with: two channels, a document, a prompt and its activation.
    assert_eq!(count("").await, 9);
    assert_eq!(count("action=members.change_role").await, 3);
    assert_eq!(count("action=members").await, 4);
    assert_eq!(
        count(&format!("actor_kind=member&actor_id={}", agent.user_id())).await,
        1
    );
    assert_eq!(
        count(&format!("subject_kind=user&subject_id={}", agent.id)).await,
        4
    );
    assert_eq!(count("until=2020-01-01T00:00:00Z").await, 0);
    assert_eq!(count("from=2020-01-01T00:00:00Z").await, 9);
    let first = ok(admin.get("/audit-log?limit=3")).await;
    assert_eq!(first["items"][0]["action"], "members.leave");
    let cursor = first["next_cursor"].as_str().unwrap();
    assert_eq!(count(&format!("limit=3&cursor={cursor}")).await, 3);
    for (query, at) in [
        ("actor_kind=ghost", "/actor_kind"),
        ("actor_id=x", "/actor_id"),
        ("subject_id=usr_1", "/subject_id"),
        ("from=yesterday", "/from"),
        ("colour=red", "/colour"),
    ] {
        assert_eq!(pointer(admin.get(&format!("/audit-log?{query}"))).await, at);
    }
}

/// Of each route: its permission, `None` where it is every member's; a body where it takes one.
fn guarded(channel: &str) -> Vec<(Method, String, Option<Permission>, Value)> {
    use Permission as P;
    let id = Uuid::now_v7().simple();
    let (get, post, put, patch, delete) = (
        Method::GET,
        Method::POST,
        Method::PUT,
        Method::PATCH,
        Method::DELETE,
    );
    let route = |method: &Method, path: String, permission: P| {
        (method.clone(), path, Some(permission), json!({}))
    };
    let theirs = |method: &Method, path: &str| (method.clone(), path.to_owned(), None, json!({}));
    vec![
        route(&get, "/workspaces/current".into(), P::WORKSPACE_READ),
        route(&patch, "/workspaces/current".into(), P::WORKSPACE_WRITE),
        route(&delete, "/workspaces/current".into(), P::WORKSPACE_DELETE),
        route(
            &post,
            "/workspaces/current/transfer".into(),
            P::WORKSPACE_TRANSFER,
        ),
        route(&get, "/members".into(), P::MEMBERS_READ),
        route(&patch, format!("/members/usr_{id}"), P::MEMBERS_MANAGE),
        route(&delete, format!("/members/usr_{id}"), P::MEMBERS_MANAGE),
        route(&get, "/invitations".into(), P::MEMBERS_READ),
        route(&post, "/invitations".into(), P::MEMBERS_MANAGE),
        route(
            &post,
            format!("/invitations/inv_{id}/resend"),
            P::MEMBERS_MANAGE,
        ),
        route(&delete, format!("/invitations/inv_{id}"), P::MEMBERS_MANAGE),
        route(&get, "/audit-log".into(), P::AUDIT_READ),
        route(&get, "/channels".into(), P::CHANNELS_READ),
        route(&get, format!("/channels/{channel}"), P::CHANNELS_READ),
        route(&post, "/channels".into(), P::CHANNELS_MANAGE),
        route(&patch, format!("/channels/{channel}"), P::CHANNELS_MANAGE),
        route(&delete, format!("/channels/{channel}"), P::CHANNELS_MANAGE),
        route(
            &put,
            format!("/channels/{channel}/rate"),
            P::CHANNELS_MANAGE,
        ),
        route(
            &post,
            format!("/channels/{channel}/check"),
            P::CHANNELS_MANAGE,
        ),
        route(
            &post,
            format!("/channels/{channel}/pause"),
            P::CHANNELS_MANAGE,
        ),
        route(
            &post,
            format!("/channels/{channel}/resume"),
            P::CHANNELS_MANAGE,
        ),
        route(
            &post,
            format!("/channels/{channel}/rotate-token"),
            P::CHANNELS_MANAGE,
        ),
        route(
            &get,
            format!("/channels/{channel}/setup"),
            P::SECRETS_REVEAL,
        ),
        theirs(&get, "/notifications"),
        theirs(&get, "/notifications/unread-count"),
        theirs(&get, "/notifications/preferences"),
    ]
}

#[tokio::test]
async fn each_role_may_call_what_the_table_says_and_nothing_else() {
    let app = App::start().await;
    // What is nobody's: whoever may call is told that there is none, or what of the body is wrong.
    let nothing = format!("chn_{}", Uuid::now_v7().simple());
    for role in Role::ALL {
        let caller = Caller::new(&app, app.workspace, role)
            .await
            .below("/api/v1");
        for (method, path, permission, body) in guarded(&nothing) {
            if method == Method::DELETE && path == "/workspaces/current" && role == Role::Owner {
                continue; // It would work.
            }
            let may = permission.is_none_or(|permission| role.allows(permission));
            let response = caller
                .call(method.clone(), &path)
                .json(&body)
                .send()
                .await
                .unwrap();
            let status = response.status();
            let said: Value = response.json().await.unwrap();
            assert_eq!(
                status != StatusCode::FORBIDDEN,
                may,
                "{} {method} {path}: {said}",
                role.name()
            );
            assert!(!status.is_server_error(), "{method} {path}: {said}");
        }
    }
}

#[tokio::test]
async fn nothing_of_another_workspace_is_there() {
    let app = App::start().await;
    let other = business(app.db(), "Other").await;
    let me = Caller::new(&app, app.workspace, Role::Owner)
        .await
        .below("/api/v1");
    let they = Caller::new(&app, other, Role::Owner).await.below("/api/v1");
    let invitation =
        ok(me.post("/invitations", &json!({"email": "a@b.io", "role": "agent"}))).await;
    let invitation = invitation["id"].as_str().unwrap();
    let channels = ok(me.get("/channels")).await;
    let channel = channels["items"][0]["id"].as_str().unwrap();
    let (member, restore) = (
        me.user_id(),
        format!("/workspaces/{}/restore", app.workspace),
    );
    let (name, rate) = (json!({"name": "x"}), json!({"per_second": 5.0, "burst": 5}));
    let of = |what: &str| format!("/channels/{channel}{what}");
    for request in [
        they.get(&of("")),
        they.patch(&of(""), &name),
        they.delete(&of("")),
        they.call(Method::PUT, &of("/rate")).json(&rate),
        they.call(Method::POST, &of("/check")),
        they.post(&of("/pause"), &json!({})),
        they.call(Method::POST, &of("/resume")),
        they.post(&of("/rotate-token"), &json!({"token": "token"})),
        they.get(&of("/setup")),
        they.patch(&format!("/members/{member}"), &json!({"role": "viewer"})),
        they.delete(&format!("/members/{member}")),
        they.post("/workspaces/current/transfer", &json!({"user_id": member})),
        they.call(Method::POST, &format!("/invitations/{invitation}/resend")),
        they.delete(&format!("/invitations/{invitation}")),
        they.call(Method::POST, &restore),
    ] {
        refused(request, 404, "not_found").await;
    }
    // The operator has set their business up: its log has no more than that.
    for list in [
        "/channels",
        "/invitations",
        "/audit-log?actor_kind=member",
        "/notifications",
    ] {
        assert_eq!(ok(they.get(list)).await["items"], json!([]), "{list}");
        let ours = they
            .get(list)
            .header("x-workspace-id", app.workspace.to_string());
        refused(ours, 403, "not_a_member").await;
    }
    assert_eq!(
        ok(they.get("/members")).await["items"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

#[tokio::test]
async fn secrets_and_the_workspace_itself_want_a_fresh_second_factor() {
    let app = App::start().await;
    let owner = Caller::new(&app, app.workspace, Role::Owner)
        .await
        .below("/api/v1");
    sqlx::query("INSERT INTO totp_secrets (user_id, secret, created_at, confirmed_at) VALUES ($1, '', now(), now())")
        .bind(owner.id)
        .execute(app.db())
        .await
        .unwrap();
    let channel = ok(owner.get("/channels")).await["items"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let guarded = guarded(&channel);
    let strict: BTreeSet<&str> = guarded
        .iter()
        .filter(|(_, _, permission, _)| permission.is_some_and(|it| it.rule().step_up))
        .map(|(_, path, ..)| path.as_str())
        .collect();
    assert_eq!(strict.len(), 3);
    for (method, path, permission, body) in &guarded {
        if permission.is_some_and(|it| it.rule().step_up) {
            refused(
                owner.call(method.clone(), path).json(body),
                403,
                "step_up_required",
            )
            .await;
        }
    }
    app.change("UPDATE sessions SET stepped_up_at = now()")
        .await;
    ok(owner.get(&format!("/channels/{channel}/setup"))).await;
    app.change("UPDATE sessions SET stepped_up_at = now() - interval '11 minutes'")
        .await;
    refused(
        owner.get(&format!("/channels/{channel}/setup")),
        403,
        "step_up_required",
    )
    .await;
}

#[tokio::test]
async fn the_table_of_permissions_is_served_as_it_is() {
    let app = App::start().await;
    let viewer = Caller::new(&app, app.workspace, Role::Viewer)
        .await
        .below("/api/v1");
    let table = ok(viewer.get("/roles")).await;
    let table = table.as_array().unwrap();
    assert_eq!(table.len(), Permission::all().count());
    for (line, permission) in table.iter().zip(Permission::all()) {
        assert_eq!(line["permission"], permission.name());
        for role in Role::ALL {
            let listed = line["roles"]
                .as_array()
                .unwrap()
                .contains(&json!(role.name()));
            assert_eq!(
                listed,
                role.allows(permission),
                "{permission} {}",
                role.name()
            );
        }
        assert_eq!(line["needs_step_up"], permission.rule().step_up);
        assert_eq!(line["is_scope"], permission.rule().keys);
    }
}

#[tokio::test]
async fn members_choose_which_notifications_come_by_mail() {
    let app = with_mail().await;
    let admin = Caller::new(&app, app.workspace, Role::Admin)
        .await
        .below("/api/v1");
    let other = Caller::new(&app, app.workspace, Role::Admin)
        .await
        .below("/api/v1");
    app.change("UPDATE users SET email_verified_at = now()")
        .await;
    let put = |body: Value| {
        admin
            .call(Method::PUT, "/notifications/preferences")
            .json(&body)
    };
    let wish = json!({"kind": "channel_stopped", "in_app": false, "email": "at_once"});
    let chosen = ok(put(wish.clone())).await;
    let all = chosen.as_array().unwrap();
    let mails = all.iter().filter(|one| one["email"] != "never");
    assert_eq!(mails.collect::<Vec<_>>(), [&wish]);
    // What is not given stays.
    let again = json!({"kind": "channel_stopped", "in_app": false});
    assert_eq!(ok(put(again)).await, chosen);
    let wrong = json!({"kind": "channel_stopped", "in_app": true, "email": "hourly"});
    assert_eq!(pointer(put(wrong)).await, "/email");
    let untouched = ok(other.get("/notifications/preferences")).await;
    let untouched = untouched.as_array().unwrap();
    assert!(untouched.iter().all(|one| one["email"] == "never"));

    app.providers.fault(Fault {
        code: Some(190),
        ..Fault::on(Service::WhatsApp)
    });
    let channels = ok(admin.get("/channels?limit=1")).await;
    let path = format!(
        "/channels/{}/check",
        channels["items"][0]["id"].as_str().unwrap()
    );
    ok(admin.call(Method::POST, &path)).await;
    let mail = letter(&app, 0).await;
    assert_eq!(mail.to, [format!("{}@example.com", admin.id)]);
    assert!(
        mail.text.contains("https://kazi.test/app/notifications"),
        "{}",
        mail.text
    );
    let told = ok(other.get("/notifications")).await;
    let title = told["items"][0]["title"].as_str().unwrap();
    assert!(mail.text.contains(title), "{}", mail.text);
    assert_eq!(ok(admin.get("/notifications")).await["items"], json!([]));
    app.until("SELECT count(*) FROM notifications WHERE mailed_at IS NOT NULL")
        .await;
    assert_eq!(app.providers.inbox().len(), 1);
}

#[tokio::test]
async fn without_a_mail_server_nobody_chooses_letters() {
    let app = App::start().await;
    let me = Caller::new(&app, app.workspace, Role::Owner)
        .await
        .below("/api/v1");
    let wish = json!({"kind": "channel_stopped", "in_app": true, "email": "digest"});
    let put = || me.call(Method::PUT, "/notifications/preferences");
    refused(put().json(&wish), 409, "no_mail_server").await;
    let never = json!({"kind": "channel_stopped", "in_app": true, "email": "never"});
    ok(put().json(&never)).await;
}
