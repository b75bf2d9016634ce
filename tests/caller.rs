//! Somebody who calls the API: a member in a role, or a customer.

use kazi_jobs::Role;
use kazi_platform::WorkspaceId;
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::App;

/// Calls with a token. A journey's own deeds are further methods, in its own file.
pub struct Caller<'a> {
    pub app: &'a App,
    /// The user, or the contact.
    pub id: Uuid,
    /// What all paths begin with.
    base: &'static str,
    token: String,
}

impl<'a> Caller<'a> {
    /// A new member of a workspace.
    pub async fn new(app: &'a App, workspace: WorkspaceId, role: Role) -> Self {
        let id = Uuid::now_v7();
        let token = app.member_as(id, workspace, role).await;
        Self {
            app,
            id,
            base: "",
            token,
        }
    }

    /// A contact `ctc_…` of the first workspace, as who they are themselves.
    pub async fn customer(app: &'a App, contact: &str) -> Self {
        let id = Uuid::try_parse(contact.strip_prefix("ctc_").unwrap()).unwrap();
        let token = app.customer(app.workspace, id).await;
        Self {
            app,
            id,
            base: "",
            token,
        }
    }

    /// Calls paths below this one.
    pub fn below(self, base: &'static str) -> Self {
        Self { base, ..self }
    }

    pub fn call(&self, method: Method, path: &str) -> RequestBuilder {
        let url = self.app.url(&format!("{}{path}", self.base));
        self.app.http.request(method, url).bearer_auth(&self.token)
    }

    pub fn get(&self, path: &str) -> RequestBuilder {
        self.call(Method::GET, path)
    }

    pub fn post(&self, path: &str, body: &Value) -> RequestBuilder {
        self.call(Method::POST, path).json(body)
    }

    pub fn put(&self, path: &str, body: &Value) -> RequestBuilder {
        self.call(Method::PUT, path).json(body)
    }

    pub fn patch(&self, path: &str, body: &Value) -> RequestBuilder {
        self.call(Method::PATCH, path).json(body)
    }

    pub fn delete(&self, path: &str) -> RequestBuilder {
        self.call(Method::DELETE, path)
    }

    /// The body of a GET that succeeds.
    pub async fn show(&self, path: &str) -> Value {
        ok(self.get(path)).await
    }

    /// Makes a contact; its id.
    pub async fn contact(&self, phone: &str) -> String {
        let made = ok(self.post("/api/v1/contacts", &json!({"phone": phone}))).await;
        made["id"].as_str().unwrap().to_owned()
    }
}

/// The body of a call that succeeds; null where there is none.
pub async fn ok(request: RequestBuilder) -> Value {
    let response = request.send().await.unwrap();
    let status = response.status();
    let body = response.text().await.unwrap();
    assert!(status.is_success(), "{status}: {body}");
    serde_json::from_str(&body).unwrap_or_default()
}

/// The problem of an answer, with everything that each must have.
pub async fn problem(request: RequestBuilder) -> (u16, String, Value) {
    let response = request.send().await.unwrap();
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    assert_eq!(headers["content-type"], "application/problem+json");
    let body: Value = response.json().await.unwrap();
    assert_eq!(body["status"], status);
    assert_eq!(
        body["request_id"],
        headers["x-request-id"].to_str().unwrap()
    );
    assert!(
        body["title"].is_string() && body["type"].is_string(),
        "{body}"
    );
    let code = body["code"].as_str().unwrap().to_owned();
    (status, code, body)
}

/// The problem of a call that is refused for this reason.
pub async fn refused(request: RequestBuilder, status: u16, code: &str) -> Value {
    let (said, what, body) = problem(request).await;
    assert_eq!((said, what.as_str()), (status, code), "{body}");
    body
}

/// The body of a call with this status; null where there is none.
pub async fn answered(request: RequestBuilder, status: u16) -> Value {
    let response = request.send().await.unwrap();
    let (got, body) = (response.status(), response.text().await.unwrap());
    assert_eq!(got, status, "{body}");
    serde_json::from_str(&body).unwrap_or_default()
}

/// A call that is refused because of this field.
pub async fn invalid(request: RequestBuilder, pointer: &str) {
    let body = refused(request, 422, "invalid").await;
    assert_eq!(body["errors"][0]["pointer"], pointer, "{body}");
}

/// A call that is refused because this field breaks this rule.
pub async fn invalid_by(request: RequestBuilder, pointer: &str, code: &str) {
    let body = refused(request, 422, "invalid").await;
    let first = &body["errors"][0];
    assert_eq!(
        (&first["pointer"], &first["code"]),
        (&pointer.into(), &code.into()),
        "{body}"
    );
}
