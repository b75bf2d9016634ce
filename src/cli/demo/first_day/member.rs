//! A member of the business at the API.

use kazi_clients::http;
use reqwest::{Client, Method};
use serde_json::{Value, json};

use crate::{CliError, cli::demo::business::PASSWORD};

pub struct Member {
    http: Client,
    own: String,
    token: String,
}

impl Member {
    pub async fn log_in(own: &str, email: &str) -> Result<Self, CliError> {
        let mut member = Self {
            http: http::client()?,
            own: own.to_owned(),
            token: String::new(),
        };
        let body = json!({"email": email, "password": PASSWORD});
        let tokens = member.post("auth/login", body).await?;
        member.token = text(&tokens, "access_token")?;
        Ok(member)
    }

    pub async fn get(&self, path: &str) -> Result<Value, CliError> {
        self.call(Method::GET, path, None).await
    }

    /// The first page of a list.
    pub async fn list(&self, path: &str) -> Result<Vec<Value>, CliError> {
        match self.get(path).await?["items"].take() {
            Value::Array(items) => Ok(items),
            _ => Err(format!("{path} is no list").into()),
        }
    }

    pub async fn post(&self, path: &str, body: Value) -> Result<Value, CliError> {
        self.call(Method::POST, path, Some(body)).await
    }

    /// Does something that needs no words.
    pub async fn act(&self, path: &str) -> Result<Value, CliError> {
        self.call(Method::POST, path, None).await
    }

    pub async fn put(&self, path: &str, body: Value) -> Result<Value, CliError> {
        self.call(Method::PUT, path, Some(body)).await
    }

    pub async fn patch(&self, path: &str, body: Value) -> Result<Value, CliError> {
        self.call(Method::PATCH, path, Some(body)).await
    }

    pub async fn upload(&self, path: &str, mime: &str, file: String) -> Result<Value, CliError> {
        let request = self.http.post(self.url(path)).header("content-type", mime);
        self.send(path, request.body(file)).await
    }

    async fn call(
        &self,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> Result<Value, CliError> {
        let mut request = self.http.request(method, self.url(path));
        if let Some(body) = body {
            request = request.json(&body);
        }
        self.send(path, request).await
    }

    fn url(&self, path: &str) -> String {
        format!("{}/api/v1/{path}", self.own)
    }

    async fn send(&self, path: &str, request: reqwest::RequestBuilder) -> Result<Value, CliError> {
        let request = match self.token.as_str() {
            "" => request,
            token => request.bearer_auth(token),
        };
        let answer = request.send().await?;
        let status = answer.status();
        let said = answer.text().await?;
        match status.is_success() {
            true if said.is_empty() => Ok(Value::Null),
            true => Ok(serde_json::from_str(&said)?),
            false => Err(format!("{path}: {status}: {said}").into()),
        }
    }
}

/// A text of an answer.
pub fn text(answer: &Value, key: &str) -> Result<String, CliError> {
    let text = answer[key].as_str().map(str::to_owned);
    text.ok_or_else(|| format!("an answer has no {key}").into())
}
