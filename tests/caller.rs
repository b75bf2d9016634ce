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
