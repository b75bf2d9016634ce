//! Green API: a WhatsApp account driven through a phone. No buttons, no lists, no idempotency key, no signature.
//!
//! The token stands in the path of every request, so no address is ever shown.

pub mod webhook;

use std::time::Duration;

use reqwest::Client;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::json;

use crate::http::{Answer, Failure, read};

/// Characters of a message.
pub const TEXT_LIMIT: usize = 20_000;

/// One instance.
#[derive(Clone, Debug)]
pub struct GreenApi {
    http: Client,
    base: String,
    instance: String,
    token: SecretString,
    time_out: Duration,
}

/// Why a request came to nothing.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// 401, 403: the instance or its token is no good.
    #[error("Green API does not accept the token")]
    Credential,
    /// 429: more than 50 requests a second.
    #[error("Green API asks to go slower")]
    TooFast(Option<Duration>),
    /// 466: the plan's quota is used up. It does not help to try again.
    #[error("the plan's quota at Green API is used up")]
    Quota,
    /// 400: we asked for something wrong.
    #[error("Green API refused the request (HTTP {0})")]
    Refused(u16),
    /// 5xx: whether it was taken is not known.
    #[error(transparent)]
    Failed(#[from] Failure),
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Sent {
    id_message: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct State {
    state_instance: String,
}

impl GreenApi {
    /// An instance at `base` (`https://api.green-api.com`).
    pub fn new(
        http: Client,
        base: &str,
        instance: impl Into<String>,
        token: SecretString,
        time_out: Duration,
    ) -> Self {
        Self {
            http,
            base: base.trim_end_matches('/').to_owned(),
            instance: instance.into(),
            token,
            time_out,
        }
    }

    /// Sends text to a chat (`7900…@c.us`). Answers the message's id, unique within its chat only.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn send_message(&self, chat: &str, text: &str) -> Result<String, Error> {
        let request = self
            .http
            .post(self.url("sendMessage"))
            .json(&json!({"chatId": chat, "message": text}));
        Ok(self.answer(request).await?.parse::<Sent>()?.id_message)
    }

    /// Sends a file by its public address.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn send_file(
        &self,
        chat: &str,
        url: &str,
        caption: Option<&str>,
    ) -> Result<String, Error> {
        let name = url.rsplit('/').next().unwrap_or("file");
        let body = json!({"chatId": chat, "urlFile": url, "fileName": name, "caption": caption});
        let request = self.http.post(self.url("sendFileByUrl")).json(&body);
        Ok(self.answer(request).await?.parse::<Sent>()?.id_message)
    }

    /// `authorized`, `notAuthorized`, `blocked`, `yellowCard` …: a cheap call that tells whether the instance works.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn state(&self) -> Result<String, Error> {
        let request = self.http.get(self.url("getStateInstance"));
        Ok(self.answer(request).await?.parse::<State>()?.state_instance)
    }

    fn url(&self, method: &str) -> String {
        format!(
            "{}/waInstance{}/{method}/{}",
            self.base,
            self.instance,
            self.token.expose_secret()
        )
    }

    async fn answer(&self, request: reqwest::RequestBuilder) -> Result<Answer, Error> {
        let response = request
            .timeout(self.time_out)
            .send()
            .await
            .map_err(Failure::from)?;
        let answer = read(response).await?;
        match answer.status {
            200..300 => Ok(answer),
            401 | 403 => Err(Error::Credential),
            429 => Err(Error::TooFast(answer.retry_after)),
            466 => Err(Error::Quota),
            500.. => Err(Failure::Ambiguous(format!("HTTP {}", answer.status)).into()),
            other => Err(Error::Refused(other)),
        }
    }
}
