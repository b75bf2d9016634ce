//! Authentication over HTTP: log-in, and the attacks on it.

use chrono::Utc;
use kazi_jobs::Role;
use kazi_platform::{Timestamp, WorkspaceId, token::Audience};
use reqwest::{Method, RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};
use totp_rs::Totp;
use uuid::Uuid;

use crate::{
    caller::{ok, problem, refused},
    support::{App, LONG, business},
};

const EMAIL: &str = "amina@example.com";
const PASSWORD: &str = "maize kettle orbit";

/// Starts the program with a mail server and without limits on calls, so that no refusal comes from such a limit.
async fn start() -> App {
    let mut app = App::prepare().await;
    let smtp = app.providers.smtp();
    app.set("KAZI_SMTP__HOST", &smtp.ip().to_string());
    app.set("KAZI_SMTP__PORT", &smtp.port().to_string());
    app.set("KAZI_SMTP__TLS", "none");
    app.set("KAZI_HTTP__RATE_PER_ADDRESS", "0");
    app.set("KAZI_HTTP__TRUSTED_PROXIES", "127.0.0.0/8");
    app.run().await;
    app
}

fn post(app: &App, path: &str, body: &Value) -> RequestBuilder {
    app.http.post(app.url(path)).json(body)
}

fn as_who(app: &App, method: Method, path: &str, token: &str) -> RequestBuilder {
    app.http.request(method, app.url(path)).bearer_auth(token)
}

/// Expects an answer with this status and an empty body.
async fn silent(request: RequestBuilder, status: u16) {
    let response = request.send().await.unwrap();
    let said = response.status().as_u16();
    let body = response.text().await.unwrap();
    assert_eq!((said, body.as_str()), (status, ""));
}

/// Waits until an address has this many letters. Returns the code in the newest.
async fn mailed(app: &App, to: &str, letters: usize) -> String {
    let arrived = async {
        loop {
            let inbox = app.providers.inbox();
            let theirs: Vec<_> = inbox.iter().filter(|mail| mail.to == [to]).collect();
            if theirs.len() >= letters {
                return code_in(&theirs[letters - 1].text);
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(LONG, arrived).await.unwrap()
}

fn code_in(text: &str) -> String {
    let digits = |word: &str| word.trim_matches(|c: char| !c.is_ascii_digit()).to_owned();
    let mut words = text.split_whitespace().map(digits);
    words.find(|word| word.len() == 6).unwrap()
}

/// Returns a code that differs from this one.
fn other_than(code: &str) -> String {
    let last = if code.ends_with('0') { "1" } else { "0" };
    format!("{}{last}", &code[..5])
}

async fn register(app: &App, email: &str) -> Value {
    let body = json!({"email": email, "password": PASSWORD, "name": "Amina"});
    silent(post(app, "/api/v1/auth/register", &body), 202).await;
    let code = mailed(app, email, 1).await;
    let body = json!({"email": email, "password": PASSWORD, "code": code});
    let done = ok(post(app, "/api/v1/auth/verify-email", &body)).await;
    assert_eq!(done["status"], "logged_in", "{done}");
    done
}

fn log_in(app: &App, email: &str, password: &str) -> RequestBuilder {
    let body = json!({"email": email, "password": password});
    post(app, "/api/v1/auth/login", &body)
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

fn refresh(app: &App, token: &str) -> RequestBuilder {
    let body = json!({"refresh_token": token});
    post(app, "/api/v1/auth/refresh", &body)
}

#[tokio::test]
async fn somebody_registers_proves_the_address_logs_in_and_out() {
    let app = start().await;
    let body = json!({"email": "Amina@Example.com ", "password": PASSWORD});
    silent(post(&app, "/api/v1/auth/register", &body), 202).await;
    let answer = ok(log_in(&app, EMAIL, PASSWORD)).await;
    assert_eq!(answer, json!({"status": "verification_required"}));
    let code = mailed(&app, EMAIL, 1).await;
    let verify = |password: &str, code: &str| {
        let body = json!({"email": EMAIL, "password": password, "code": code});
        post(&app, "/api/v1/auth/verify-email", &body)
    };
    refused(verify(PASSWORD, &other_than(&code)), 422, "wrong_code").await;
    refused(verify("another password", &code), 422, "wrong_code").await;
    let first = ok(verify(PASSWORD, &code)).await;
    assert_eq!(
        (&first["status"], &first["expires_in"]),
        (&json!("logged_in"), &json!(600))
    );
    refused(verify(PASSWORD, &code), 422, "wrong_code").await;

    let second = ok(log_in(&app, EMAIL, PASSWORD).header("user-agent", "Phone/1")).await;
    let (one, two) = (text(&first["access_token"]), text(&second["access_token"]));
    let me = ok(as_who(&app, Method::GET, "/api/v1/me", &two)).await;
    assert_eq!(
        (&me["email"], &me["workspace_id"]),
        (&json!(EMAIL), &Value::Null)
    );
    let name = as_who(&app, Method::PATCH, "/api/v1/me", &two).json(&json!({"name": "Amina W."}));
    assert_eq!(ok(name).await["name"], "Amina W.");
    let wrong = as_who(&app, Method::PATCH, "/api/v1/me", &two).json(&json!({"is_staff": true}));
    refused(wrong, 422, "invalid").await;

    let sessions = ok(as_who(&app, Method::GET, "/api/v1/auth/sessions", &two)).await;
    let sessions = sessions["items"].as_array().unwrap();
    assert_eq!(sessions.len(), 2);
    assert_eq!(
        (&sessions[0]["is_current"], &sessions[0]["user_agent"]),
        (&json!(true), &json!("Phone/1"))
    );
    let path = format!("/api/v1/auth/sessions/{}", text(&first["session_id"]));
    let other = register(&app, "other@example.com").await;
    let theirs = text(&other["access_token"]);
    refused(
        as_who(&app, Method::DELETE, &path, &theirs),
        404,
        "not_found",
    )
    .await;
    silent(as_who(&app, Method::DELETE, &path, &two), 204).await;
    refused(
        as_who(&app, Method::GET, "/api/v1/me", &one),
        401,
        "invalid_token",
    )
    .await;
    refused(
        refresh(&app, &text(&first["refresh_token"])),
        401,
        "session_ended",
    )
    .await;
    silent(as_who(&app, Method::POST, "/api/v1/auth/logout", &two), 204).await;
    refused(
        as_who(&app, Method::GET, "/api/v1/me", &two),
        401,
        "invalid_token",
    )
    .await;

    let again = ok(log_in(&app, EMAIL, PASSWORD)).await;
    let token = text(&again["access_token"]);
    silent(
        as_who(&app, Method::POST, "/api/v1/auth/logout-all", &token),
        204,
    )
    .await;
    refused(
        as_who(&app, Method::GET, "/api/v1/me", &token),
        401,
        "invalid_token",
    )
    .await;
    ok(as_who(&app, Method::GET, "/api/v1/me", &theirs)).await;
}

#[tokio::test]
async fn a_password_is_changed_or_reset_and_other_sessions_end() {
    let app = start().await;
    let first = register(&app, EMAIL).await;
    let second = ok(log_in(&app, EMAIL, PASSWORD)).await;
    let (one, two) = (text(&first["access_token"]), text(&second["access_token"]));
    let change = |current: &str, new: &str| {
        let body = json!({"current_password": current, "password": new});
        as_who(&app, Method::POST, "/api/v1/auth/change-password", &two).json(&body)
    };
    refused(
        change("another password", "violet anchor tundra"),
        401,
        "wrong_credentials",
    )
    .await;
    let weak = refused(change(PASSWORD, "short"), 422, "invalid").await;
    assert_eq!(weak["errors"][0]["pointer"], "/password");
    silent(change(PASSWORD, "violet anchor tundra"), 204).await;
    refused(
        as_who(&app, Method::GET, "/api/v1/me", &one),
        401,
        "invalid_token",
    )
    .await;
    ok(as_who(&app, Method::GET, "/api/v1/me", &two)).await;

    let body = json!({"email": EMAIL});
    silent(post(&app, "/api/v1/auth/forgot-password", &body), 202).await;
    let code = mailed(&app, EMAIL, 2).await;
    let reset = |code: &str| {
        let body = json!({"email": EMAIL, "code": code, "password": PASSWORD});
        post(&app, "/api/v1/auth/reset-password", &body)
    };
    refused(reset(&other_than(&code)), 422, "wrong_code").await;
    silent(reset(&code), 204).await;
    refused(reset(&code), 422, "wrong_code").await;
    refused(
        as_who(&app, Method::GET, "/api/v1/me", &two),
        401,
        "invalid_token",
    )
    .await;
    ok(log_in(&app, EMAIL, PASSWORD)).await;
}

#[tokio::test]
async fn a_browser_keeps_its_refresh_token_in_a_cookie_that_scripts_cannot_read() {
    let app = start().await;
    register(&app, EMAIL).await;
    let kept = |request: RequestBuilder| request.header("x-session-cookie", "1");
    let log_in = |app: &App| {
        let body = json!({"email": EMAIL, "password": PASSWORD, "remember": true});
        post(app, "/api/v1/auth/login", &body)
    };
    let cookie_of = |answer: &Response| {
        let cookie = answer.headers()["set-cookie"].to_str().unwrap();
        let (pair, rules) = cookie.split_once("; ").unwrap();
        assert!(rules.starts_with("Path=/api/v1/auth; Max-Age="), "{rules}");
        assert!(
            rules.ends_with("; HttpOnly; SameSite=Strict; Secure"),
            "{rules}"
        );
        pair.to_owned()
    };
    let answer = kept(log_in(&app)).send().await.unwrap();
    let first = cookie_of(&answer);
    let body: Value = answer.json().await.unwrap();
    assert!(
        body["access_token"].is_string() && body.get("refresh_token").is_none(),
        "{body}"
    );

    let renew =
        |cookie: &str| post(&app, "/api/v1/auth/refresh", &json!({})).header("cookie", cookie);
    // Without the header, as another site would have to send it, the cookie does not count.
    refused(renew(&first), 422, "invalid").await;
    refused(kept(renew("kazi_session=none")), 401, "session_ended").await;
    refused(
        kept(post(&app, "/api/v1/auth/refresh", &json!({}))),
        401,
        "session_ended",
    )
    .await;
    let answer = kept(renew(&format!("other=1; {first}")))
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 200);
    let next = cookie_of(&answer);
    assert_ne!(next, first);
    let body: Value = answer.json().await.unwrap();
    assert!(body.get("refresh_token").is_none(), "{body}");

    let out =
        post(&app, "/api/v1/auth/logout", &json!({})).bearer_auth(text(&body["access_token"]));
    let answer = kept(out).send().await.unwrap();
    assert_eq!(
        (answer.status().as_u16(), cookie_of(&answer).as_str()),
        (204, "kazi_session=")
    );
    refused(kept(renew(&next)), 401, "session_ended").await;
}

#[tokio::test]
async fn a_device_that_remembers_keeps_the_cookie_and_any_other_forgets_it_with_the_browser() {
    let app = start().await;
    register(&app, EMAIL).await;
    let kept = |request: RequestBuilder| request.header("x-session-cookie", "1");
    let begin = async |request: RequestBuilder| {
        let answer = kept(request).send().await.unwrap();
        let cookie = answer.headers()["set-cookie"].to_str().unwrap().to_owned();
        let body: Value = answer.json().await.unwrap();
        (cookie, text(&body["access_token"]))
    };
    let log_in = |remember: Value| {
        let body = json!({"email": EMAIL, "password": PASSWORD, "remember": remember});
        post(&app, "/api/v1/auth/login", &body)
    };
    let wrong = problem(log_in(json!("yes"))).await;
    assert_eq!((wrong.0, &*wrong.1), (422, "invalid"));
    let (short, access) = begin(log_in(json!(false))).await;
    let (long, _) = begin(log_in(json!(true))).await;
    // A renewal keeps the kind.
    let renew = async |cookie: &str| {
        let pair = cookie.split(';').next().unwrap();
        let request = post(&app, "/api/v1/auth/refresh", &json!({})).header("cookie", pair);
        begin(request).await.0
    };
    for cookie in [&short, &renew(&short).await] {
        assert!(
            !cookie.contains("Max-Age") && !cookie.contains("Expires"),
            "{cookie}"
        );
    }
    for cookie in [&long, &renew(&long).await] {
        assert!(
            cookie.contains("; Max-Age=2592000; ") || cookie.contains("; Max-Age=2591999; "),
            "{cookie}"
        );
    }

    let sessions = as_who(&app, Method::GET, "/api/v1/auth/sessions?limit=2", &access);
    let sessions = ok(sessions).await;
    assert_eq!(sessions["items"][0]["ends_at"], Value::Null);
    let ends_at: Timestamp = sessions["items"][1]["ends_at"]
        .as_str()
        .unwrap()
        .parse()
        .unwrap();
    let left = ends_at - Utc::now();
    assert!(left.num_hours() == 11 || left.num_hours() == 12, "{left}");
    // The session ends for its access token too.
    app.change("UPDATE sessions SET ends_at = now() WHERE ends_at IS NOT NULL")
        .await;
    refused(
        as_who(&app, Method::GET, "/api/v1/me", &access),
        401,
        "invalid_token",
    )
    .await;
}

#[tokio::test]
async fn a_refresh_token_that_is_shown_again_ends_its_session() {
    let app = start().await;
    let session = register(&app, EMAIL).await;
    let first = text(&session["refresh_token"]);
    let next = ok(refresh(&app, &first)).await;
    // The answer may have been lost, so the used token gives the same answer again.
    let same = ok(refresh(&app, &first)).await;
    assert_eq!(same["refresh_token"], next["refresh_token"]);
    let access = text(&next["access_token"]);
    ok(as_who(&app, Method::GET, "/api/v1/me", &access)).await;
    app.change("UPDATE refresh_tokens SET used_at = used_at - interval '11 seconds'")
        .await;
    refused(refresh(&app, &first), 401, "session_ended").await;
    refused(
        refresh(&app, &text(&next["refresh_token"])),
        401,
        "session_ended",
    )
    .await;
    refused(
        as_who(&app, Method::GET, "/api/v1/me", &access),
        401,
        "invalid_token",
    )
    .await;
    for none in ["", "x", &access, &"x".repeat(100_000)] {
        refused(refresh(&app, none), 401, "session_ended").await;
    }
    let said = refused(refresh(&app, "\u{0}"), 422, "invalid").await;
    assert_eq!(said["errors"][0]["code"], "not_storable");
}

#[tokio::test]
async fn a_second_factor_is_asked_for_and_its_codes_are_good_once() {
    let app = start().await;
    let session = register(&app, EMAIL).await;
    let token = text(&session["access_token"]);
    let call = |path: &str, body: &Value| {
        let path = format!("/api/v1/auth/{path}");
        as_who(&app, Method::POST, &path, &token).json(body)
    };
    let code_body = |code: &str| json!({"code": code});
    refused(call("step-up", &code_body("123456")), 409, "totp_off").await;
    let new = ok(as_who(&app, Method::POST, "/api/v1/auth/totp", &token)).await;
    assert!(text(&new["qr"]).starts_with("data:image/svg+xml;base64,"));
    let totp = Totp::from_url(text(&new["url"])).unwrap();
    let now = || totp.generate_current().to_string();
    refused(call("totp/confirm", &code_body("12345")), 422, "wrong_code").await;
    let used = now();
    let recovery = ok(call("totp/confirm", &code_body(&used))).await;
    let recovery: Vec<String> = serde_json::from_value(recovery["codes"].clone()).unwrap();
    assert_eq!(recovery.len(), 10);
    refused(
        as_who(&app, Method::POST, "/api/v1/auth/totp", &token),
        409,
        "totp_on",
    )
    .await;

    let wanted = async || {
        let answer = ok(log_in(&app, EMAIL, PASSWORD)).await;
        assert_eq!(answer["status"], "totp_required");
        assert!(answer.get("access_token").is_none());
        text(&answer["challenge"])
    };
    let second = |challenge: &str, code: &str| {
        let body = json!({"challenge": challenge, "code": code});
        post(&app, "/api/v1/auth/login/totp", &body)
    };
    let challenge = wanted().await;
    // An attacker has seen the used code.
    refused(second(&challenge, &used), 422, "wrong_code").await;
    app.change("UPDATE totp_secrets SET last_step = 0").await;
    let done = ok(second(&challenge, &now())).await;
    refused(second(&challenge, &recovery[0]), 401, "session_ended").await;
    refused(second("x", &recovery[0]), 401, "session_ended").await;
    ok(second(&wanted().await, &recovery[0].to_uppercase())).await;
    refused(second(&wanted().await, &recovery[0]), 422, "wrong_code").await;
    let me = ok(as_who(
        &app,
        Method::GET,
        "/api/v1/me",
        &text(&done["access_token"]),
    ))
    .await;
    assert_eq!(
        (&me["totp"], &me["recovery_codes"]),
        (&json!(true), &json!(9))
    );

    let renewed = ok(call("recovery-codes", &code_body(&recovery[1]))).await;
    let fresh = text(&renewed["codes"][0]);
    refused(call("step-up", &code_body(&recovery[2])), 422, "wrong_code").await;
    silent(call("totp/disable", &code_body(&fresh)), 204).await;
    let plain = ok(log_in(&app, EMAIL, PASSWORD)).await;
    assert_eq!(plain["status"], "logged_in");
}

#[tokio::test]
async fn what_wants_a_fresh_second_factor_is_refused_without_one() {
    let app = start().await;
    let session = register(&app, EMAIL).await;
    let token = text(&session["access_token"]);
    let new = ok(as_who(&app, Method::POST, "/api/v1/auth/totp", &token)).await;
    let totp = Totp::from_url(text(&new["url"])).unwrap();
    let with_code = |path: &str, code: &str| {
        let path = format!("/api/v1/auth/{path}");
        as_who(&app, Method::POST, &path, &token).json(&json!({"code": code}))
    };
    ok(with_code(
        "totp/confirm",
        &totp.generate_current().to_string(),
    ))
    .await;
    app.change("INSERT INTO members (workspace_id, user_id, role) SELECT w.id, u.id, 'owner' FROM workspaces w, users u")
        .await;
    let workspace = app.workspace.to_string();
    let keys = || {
        let request = as_who(&app, Method::GET, "/api/v1/api-keys", &token);
        request.header("x-workspace-id", &workspace)
    };
    ok(keys()).await;
    app.change("UPDATE sessions SET stepped_up_at = now() - interval '11 minutes'")
        .await;
    refused(keys(), 403, "step_up_required").await;
    app.change("UPDATE totp_secrets SET last_step = 0").await;
    silent(
        with_code("step-up", &totp.generate_current().to_string()),
        204,
    )
    .await;
    ok(keys()).await;

    // After some wrong passwords, each further try must wait.
    let mut told = None;
    for _ in 0..20 {
        let answer = with_code("step-up", "00000").send().await.unwrap();
        if answer.status() == StatusCode::TOO_MANY_REQUESTS {
            told = Some(answer.headers()["retry-after"].clone());
            break;
        }
        assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
    }
    let seconds: u64 = told.unwrap().to_str().unwrap().parse().unwrap();
    assert!(seconds >= 1);
}

/// Tries wrong passwords until the program tells the caller to wait. Returns the earlier answers.
async fn guess(app: &App, email: &str, from: &str) -> Vec<String> {
    let mut codes = Vec::new();
    for _ in 0..20 {
        let request = log_in(app, email, "another password").header("x-forwarded-for", from);
        let (status, code, _) = problem(request).await;
        codes.push(code);
        if status == 429 {
            break;
        }
    }
    codes
}

#[tokio::test]
async fn who_guesses_passwords_waits_and_nobody_else_does() {
    let app = start().await;
    let session = register(&app, EMAIL).await;
    let known = guess(&app, EMAIL, "203.0.113.1").await;
    assert!(known.len() > 5, "{known:?}");
    assert_eq!(known.last().unwrap(), "too_many_tries");
    let right = log_in(&app, EMAIL, PASSWORD).header("x-forwarded-for", "203.0.113.1");
    let response = right.send().await.unwrap();
    // The right password must wait too. Otherwise an attacker would learn that it is right.
    assert_eq!(response.status(), StatusCode::TOO_MANY_REQUESTS);
    assert!(response.headers().contains_key("retry-after"));
    ok(log_in(&app, EMAIL, PASSWORD).header("x-forwarded-for", "203.0.113.2")).await;
    // The same address, with a device that has logged in before.
    let device = text(&session["device_token"]);
    let own = log_in(&app, EMAIL, PASSWORD).header("x-forwarded-for", "203.0.113.1");
    ok(own.header("x-device-token", device)).await;
    // For an unknown user the program makes the caller wait for the same time.
    let unknown = guess(&app, "nobody@example.com", "203.0.113.3").await;
    assert!(unknown[..5].iter().all(|code| code == "wrong_credentials"));
    assert_eq!(unknown.last().unwrap(), "too_many_tries");
}

#[tokio::test]
async fn a_code_is_good_for_five_guesses() {
    let app = start().await;
    register(&app, EMAIL).await;
    let body = json!({"email": EMAIL});
    silent(post(&app, "/api/v1/auth/forgot-password", &body), 202).await;
    let code = mailed(&app, EMAIL, 2).await;
    let reset = |from: usize, code: &str| {
        let body = json!({"email": EMAIL, "code": code, "password": PASSWORD});
        let request = post(&app, "/api/v1/auth/reset-password", &body);
        // Each call comes from another address. Only the code itself counts the tries.
        request.header("x-forwarded-for", format!("203.0.113.{from}"))
    };
    for guess in 0..5 {
        refused(reset(guess, &other_than(&code)), 422, "wrong_code").await;
    }
    refused(reset(9, &code), 422, "wrong_code").await;
}

#[tokio::test]
async fn no_answer_tells_whether_an_address_has_an_account() {
    let app = start().await;
    register(&app, EMAIL).await;
    app.change("DELETE FROM one_time_codes").await;
    let answer = async |path: &str, body: &Value| {
        let request = post(&app, &format!("/api/v1/auth/{path}"), body);
        let response = request.send().await.unwrap();
        let status = response.status();
        let body = response.text().await.unwrap();
        let mut body: Value = serde_json::from_str(&body).unwrap_or_default();
        if let Some(fields) = body.as_object_mut() {
            fields.remove("request_id");
        }
        (status, body)
    };
    let (password, code) = ("another password", "000000");
    for (path, rest) in [
        ("login", json!({"password": password})),
        ("register", json!({"password": "violet anchor tundra"})),
        ("verify-email", json!({"password": password, "code": code})),
        ("forgot-password", json!({})),
        (
            "reset-password",
            json!({"password": PASSWORD, "code": code}),
        ),
    ] {
        let of = async |email: &str| {
            let mut body = rest.clone();
            body["email"] = json!(email);
            answer(path, &body).await
        };
        assert_eq!(of(EMAIL).await, of("nobody@example.com").await, "{path}");
    }
    // A letter tells the user about the second registration. The password stays.
    ok(log_in(&app, EMAIL, PASSWORD)).await;
}

#[tokio::test]
async fn a_key_does_what_its_scopes_say_until_it_ends() {
    let app = start().await;
    let owner = app.member(app.workspace, Role::Owner).await;
    let keys = |token: &str, body: &Value| {
        as_who(&app, Method::POST, "/api/v1/api-keys", token).json(body)
    };
    let reading = json!({"name": "Website", "scopes": ["catalog.read"]});
    for (role, status) in [(Role::Viewer, 403), (Role::Agent, 403), (Role::Admin, 201)] {
        let token = app.member(app.workspace, role).await;
        let answer = keys(&token, &reading).send().await.unwrap();
        assert_eq!(answer.status().as_u16(), status, "{role:?}");
    }
    let admin = app.member(app.workspace, Role::Admin).await;
    for (token, scopes) in [
        (&owner, json!([])),
        (&owner, json!(["everything"])),
        // Only people may have this scope.
        (&owner, json!(["members.manage"])),
        // An admin does not have this permission.
        (&admin, json!(["billing.read"])),
    ] {
        let body = json!({"name": "x", "scopes": scopes});
        let said = refused(keys(token, &body), 422, "invalid").await;
        assert_eq!(said["errors"][0]["pointer"], "/scopes", "{scopes}");
    }
    // RFC 3339 cannot express the last time, so nobody could read the answer.
    for end in ["2020-01-01T00:00:00Z", "+10000-01-01T00:00:00Z"] {
        let body = json!({"name": "x", "scopes": ["catalog.read"], "expires_at": end});
        let said = refused(keys(&owner, &body), 422, "invalid").await;
        assert_eq!(said["errors"][0]["pointer"], "/expires_at", "{end}");
    }

    let made = ok(keys(&owner, &reading)).await;
    let key = text(&made["key"]);
    let categories = |method: Method| as_who(&app, method, "/api/v1/categories", &key);
    ok(categories(Method::GET)).await;
    let write = json!({"slug": "a", "titles": {"en": "a"}});
    refused(categories(Method::POST).json(&write), 403, "forbidden").await;
    for path in ["/api/v1/me", "/api/v1/auth/sessions", "/api/v1/api-keys"] {
        refused(as_who(&app, Method::GET, path, &key), 403, "forbidden").await;
    }
    let elsewhere = business(app.db(), "Other").await;
    let there = categories(Method::GET).header("x-workspace-id", elsewhere.to_string());
    refused(there, 403, "not_a_member").await;
    let (cut, other) = (&key[..key.len() - 1], format!("{}A", &key[..key.len() - 1]));
    let forged = [cut.to_owned(), format!("{key}x"), other, key.to_uppercase()];
    for forged in forged.iter().filter(|forged| **forged != key) {
        let request = as_who(&app, Method::GET, "/api/v1/categories", forged);
        refused(request, 401, "invalid_token").await;
    }
    let listed = ok(as_who(&app, Method::GET, "/api/v1/api-keys", &owner)).await;
    let secret = key.rsplit_once('_').unwrap().1;
    assert!(!listed.to_string().contains(secret));
    assert!(listed["items"][0]["last_used_at"].is_string(), "{listed}");

    let path = format!("/api/v1/api-keys/{}", text(&made["id"]));
    let stranger = app.member(elsewhere, Role::Owner).await;
    refused(
        as_who(&app, Method::DELETE, &path, &stranger),
        404,
        "not_found",
    )
    .await;
    ok(categories(Method::GET)).await;
    silent(as_who(&app, Method::DELETE, &path, &owner), 204).await;
    silent(as_who(&app, Method::DELETE, &path, &owner), 204).await;
    refused(categories(Method::GET), 401, "invalid_token").await;

    let key = text(&ok(keys(&owner, &reading)).await["key"]);
    let list = || as_who(&app, Method::GET, "/api/v1/categories", &key);
    ok(list()).await;
    app.change("UPDATE api_keys SET expires_at = now()").await;
    refused(list(), 401, "invalid_token").await;
    app.change("UPDATE api_keys SET expires_at = NULL").await;
    ok(list()).await;
    app.change("UPDATE workspaces SET deleted_at = now()").await;
    refused(list(), 401, "invalid_token").await;
}

#[tokio::test]
async fn whoever_is_removed_or_shut_out_is_out_at_once() {
    let app = start().await;
    let (user, now) = (Uuid::now_v7(), Utc::now());
    let token = app.token(Audience::Member, user, app.workspace, now).await;
    let current = || as_who(&app, Method::GET, "/api/v1/workspaces/current", &token);
    let me = || as_who(&app, Method::GET, "/api/v1/me", &token);
    ok(current()).await;
    let other = business(app.db(), "Other").await;
    let switch = |workspace: WorkspaceId| {
        let body = json!({"workspace_id": workspace.to_string()});
        as_who(&app, Method::POST, "/api/v1/me/workspace", &token).json(&body)
    };
    refused(switch(other), 403, "not_a_member").await;
    refused(switch(WorkspaceId::new()), 403, "not_a_member").await;
    app.token(Audience::Member, user, other, now).await;
    let switched = text(&ok(switch(other)).await["access_token"]);
    let there = as_who(&app, Method::GET, "/api/v1/workspaces/current", &switched);
    assert_eq!(ok(there).await["id"], other.to_string());

    app.change("UPDATE members SET role = 'viewer'").await;
    let keys = as_who(&app, Method::GET, "/api/v1/api-keys", &token);
    refused(keys, 403, "forbidden").await;
    app.change("DELETE FROM members").await;
    refused(current(), 403, "not_a_member").await;
    // The session is still valid.
    assert_eq!(ok(me()).await["workspace_id"], Value::Null);
    app.change("UPDATE users SET disabled_at = now()").await;
    refused(me(), 401, "invalid_token").await;
}

#[tokio::test]
async fn who_is_shut_out_learns_it_with_the_right_password_alone() {
    let app = start().await;
    register(&app, EMAIL).await;
    app.change("UPDATE users SET disabled_at = now()").await;
    let wrong = log_in(&app, EMAIL, "violet anchor tundra");
    refused(wrong, 401, "wrong_credentials").await;
    refused(log_in(&app, EMAIL, PASSWORD), 403, "user_shut_out").await;
}

#[tokio::test]
async fn a_customer_logs_in_by_a_code_and_is_nobody_else() {
    let app = start().await;
    let phone = app.phone("254712345678").named("Amina");
    phone.say("Hello").await;
    let heard = |lines: &[kazi_simulators::Line]| {
        let came = lines.iter().filter(|line| line.direction == "in");
        came.map(|line| line.text.clone()).collect::<Vec<_>>()
    };
    let greeted = phone.wait_for(LONG, |lines| !heard(lines).is_empty()).await;
    let before = heard(&greeted.unwrap()).len();
    let customer = |path: &str, workspace: WorkspaceId, number: &str, code: Option<&str>| {
        let mut body = json!({"workspace_id": workspace.to_string(), "phone": number});
        if let Some(code) = code {
            body["code"] = json!(code);
        }
        post(&app, &format!("/api/v1/customer/{path}"), &body)
    };
    let (here, number) = (app.workspace, "+254712345678");
    silent(customer("login", here, number, None), 202).await;
    silent(customer("login", here, "+254712345679", None), 202).await;
    silent(customer("login", WorkspaceId::new(), number, None), 202).await;
    refused(customer("login", here, "12", None), 422, "invalid").await;
    let lines = phone
        .wait_for(LONG, |lines| heard(lines).len() > before)
        .await;
    let code = code_in(heard(&lines.unwrap()).last().unwrap());
    let elsewhere = business(app.db(), "Other").await;
    for (workspace, number, code) in [
        (here, number, other_than(&code)),
        (here, "+254712345679", code.clone()),
        (elsewhere, number, code.clone()),
        (WorkspaceId::new(), number, code.clone()),
    ] {
        let request = customer("verify", workspace, number, Some(&code));
        refused(request, 422, "wrong_code").await;
    }
    let done = ok(customer("verify", here, number, Some(&code))).await;
    refused(
        customer("verify", here, number, Some(&code)),
        422,
        "wrong_code",
    )
    .await;
    let next = json!({"refresh_token": done["refresh_token"]});
    let done = ok(post(&app, "/api/v1/customer/refresh", &next)).await;
    let token = text(&done["access_token"]);
    let me = || as_who(&app, Method::GET, "/api/v1/customer/me", &token);
    assert_eq!(ok(me()).await["phone"], number);

    for path in [
        "/api/v1/me",
        "/api/v1/categories",
        "/api/v1/api-keys",
        "/api/v1/auth/sessions",
    ] {
        refused(
            as_who(&app, Method::GET, path, &token),
            401,
            "invalid_token",
        )
        .await;
        let here = here.to_string();
        let request = as_who(&app, Method::GET, path, &token).header("x-workspace-id", here);
        refused(request, 401, "invalid_token").await;
    }
    let member = app.member(here, Role::Owner).await;
    refused(
        as_who(&app, Method::GET, "/api/v1/customer/me", &member),
        401,
        "invalid_token",
    )
    .await;
    app.change("UPDATE contacts SET blocked_at = now()").await;
    refused(me(), 401, "invalid_token").await;
    app.change("UPDATE contacts SET blocked_at = NULL").await;
    silent(
        as_who(&app, Method::POST, "/api/v1/customer/logout", &token),
        204,
    )
    .await;
    refused(me(), 401, "invalid_token").await;
}

#[tokio::test]
async fn a_good_token_says_no_more_than_its_session() {
    let app = start().await;
    let (now, here) = (Utc::now(), app.workspace);
    let me = |token: &str| as_who(&app, Method::GET, "/api/v1/me", token);
    let good = app.token(Audience::Member, Uuid::now_v7(), here, now).await;
    ok(me(&good)).await;
    // The program has signed the token, but the session is another's or does not exist.
    app.change(
        "WITH other AS (INSERT INTO users (id, email, password_hash, created_at, updated_at)
                VALUES (gen_random_uuid(), 'x@example.com', '', now(), now()) RETURNING id)
                UPDATE sessions SET user_id = other.id FROM other",
    )
    .await;
    refused(me(&good), 401, "invalid_token").await;
    app.change("DELETE FROM sessions").await;
    refused(me(&good), 401, "invalid_token").await;
    for scheme in ["Basic", "Bearer Bearer", "Token", ""] {
        let request = app.http.get(app.url("/api/v1/me"));
        let value = format!("{scheme} {good}");
        let (status, _, _) = problem(request.header("authorization", value.trim())).await;
        assert_eq!(status, 401, "{scheme}");
    }
}

#[tokio::test]
async fn hostile_bodies_and_headers_are_refused_and_harm_nothing() {
    let app = start().await;
    let paths = [
        "auth/register",
        "auth/login",
        "auth/login/totp",
        "auth/verify-email",
        "auth/verify-email/send",
        "auth/refresh",
        "auth/forgot-password",
        "auth/reset-password",
        "customer/login",
        "customer/verify",
        "customer/refresh",
    ];
    let nested =
        |open: &str, close: &str| format!("{}{}", open.repeat(50_000), close.repeat(50_000));
    for path in paths {
        let raw = |body: String| {
            let request = app.http.post(app.url(&format!("/api/v1/{path}")));
            request
                .header("content-type", "application/json")
                .body(body)
        };
        refused(raw("a".repeat(1024 * 1024 + 1)), 413, "body_too_large").await;
        refused(raw("{".to_owned()), 400, "malformed_json").await;
        refused(raw(nested("[", "]")), 422, "invalid").await;
        let (status, _, _) = problem(raw(nested(r#"{"email":"#, "}"))).await;
        assert!(status == 400 || status == 422, "{path}: {status}");
        refused(
            raw(
                r#"{"email": {"$ne": null}, "phone": [], "refresh_token": 1, "challenge": 1}"#
                    .into(),
            ),
            422,
            "invalid",
        )
        .await;
        refused(raw("{}".into()), 422, "invalid").await;
    }
    let password = "x".repeat(500_000);
    refused(log_in(&app, EMAIL, &password), 422, "invalid").await;
    for email in [
        "a@b.test\r\nBcc: all@example.com",
        "a@b.test, c@d.test",
        "<a@b.test>",
        "a@b.test\u{0}",
        "аmina@example.com",
        "a",
        "@",
        "",
        &format!("{}@example.com", "a".repeat(300)),
    ] {
        let body = json!({"email": email, "password": PASSWORD});
        let said = refused(post(&app, "/api/v1/auth/register", &body), 422, "invalid").await;
        assert_eq!(said["errors"][0]["pointer"], "/email", "{email:?}");
    }
    let odd = log_in(&app, EMAIL, PASSWORD)
        .header("user-agent", [0xff, 0xfe].as_slice())
        .header("x-device-token", "x".repeat(5000))
        .header("x-forwarded-for", "'; DROP TABLE users; --")
        .header("x-request-id", "a\tb");
    let response = odd.send().await.unwrap();
    assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
    assert!(response.headers().contains_key("www-authenticate"));
    let path = "/api/v1/auth/login?next=%0d%0aSet-Cookie:%20a=b";
    let body = json!({"email": EMAIL, "password": PASSWORD});
    let said = post(&app, path, &body).send().await.unwrap();
    assert_eq!(said.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!said.headers().contains_key("set-cookie"));
    assert_eq!(app.count("SELECT count(*) FROM users").await, 0);
}
