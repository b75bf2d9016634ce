//! Green API: a WhatsApp account that is controlled through a phone. It has no buttons, no lists, no idempotency key
//! and no signature.
//!
//! The token is part of the path of every request, so the program never shows a URL.

pub mod webhook;

use std::time::Duration;

use reqwest::Client;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::json;

use crate::{
    form::{FormFile, with_form},
    http::{Answer, Failure, read},
};

/// The longest message, in characters.
pub const TEXT_LIMIT: usize = 20_000;

/// One instance of Green API.
#[derive(Clone, Debug)]
pub struct GreenApi {
    http: Client,
    base: String,
    instance: String,
    token: SecretString,
    time_out: Duration,
}

/// A request to Green API failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// 401 or 403: the instance or its token is invalid.
    #[error("Green API does not accept the token")]
    Credential,
    /// 429: more than 50 requests in a second.
    #[error("Green API asks to go slower")]
    TooFast(Option<Duration>),
    /// 466: the quota of the plan is used up. Another try does not help.
    #[error("the plan's quota at Green API is used up")]
    Quota,
    /// 400: the request is wrong.
    #[error("Green API refused the request (HTTP {0})")]
    Refused(u16),
    /// 5xx: it is unknown whether Green API accepted the message.
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
struct Found {
    download_url: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct State {
    state_instance: String,
}

const TYPING_MILLISECONDS: u32 = 20_000;

impl GreenApi {
    /// `base` is like `https://api.green-api.com`.
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

    /// Sends text to a chat (`7900…@c.us`). Returns the message's id, which is unique only within its chat.
    pub async fn send_message(&self, chat: &str, text: &str) -> Result<String, Error> {
        let request = self
            .http
            .post(self.url("sendMessage"))
            .json(&json!({"chatId": chat, "message": text}));
        Ok(self.answer(request).await?.parse::<Sent>()?.id_message)
    }

    /// Sends a file with a public URL. Without a name it gets the last part of the URL.
    pub async fn send_file(
        &self,
        chat: &str,
        url: &str,
        caption: Option<&str>,
        name: Option<&str>,
    ) -> Result<String, Error> {
        let name = name.unwrap_or_else(|| url.rsplit('/').next().unwrap_or("file"));
        let body = json!({"chatId": chat, "urlFile": url, "fileName": name, "caption": caption});
        let request = self.http.post(self.url("sendFileByUrl")).json(&body);
        Ok(self.answer(request).await?.parse::<Sent>()?.id_message)
    }

    /// Sends a file.
    pub async fn upload_file(
        &self,
        chat: &str,
        file: FormFile,
        caption: Option<&str>,
    ) -> Result<String, Error> {
        let name = file.name.clone();
        let mut fields = vec![("chatId", chat), ("fileName", name.as_str())];
        fields.extend(caption.map(|caption| ("caption", caption)));
        let url = for_files(&self.url("sendFileByUpload"));
        let request = with_form(self.http.post(url), &fields, file);
        let answer = self.ask(request).await?;
        Ok(answer.parse::<Sent>()?.id_message)
    }

    /// Returns a new address of a message's file.
    pub async fn download_file(&self, chat: &str, message: &str) -> Result<String, Error> {
        let request = self
            .http
            .post(self.url("downloadFile"))
            .json(&json!({"chatId": chat, "idMessage": message}));
        Ok(self.answer(request).await?.parse::<Found>()?.download_url)
    }

    /// Marks a message of a chat as read.
    pub async fn read(&self, chat: &str, message: &str) -> Result<(), Error> {
        let body = json!({"chatId": chat, "idMessage": message});
        self.answer(self.http.post(self.url("readChat")).json(&body))
            .await?;
        Ok(())
    }

    /// Shows in a chat for 20 seconds, the longest time, that the business writes.
    pub async fn type_in(&self, chat: &str) -> Result<(), Error> {
        let body = json!({"chatId": chat, "typingTime": TYPING_MILLISECONDS});
        self.answer(self.http.post(self.url("sendTyping")).json(&body))
            .await?;
        Ok(())
    }

    /// Returns `authorized`, `notAuthorized`, `blocked`, `yellowCard` or another state. This cheap call shows whether
    /// the instance works.
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
        self.ask(request.timeout(self.time_out)).await
    }

    async fn ask(&self, request: reqwest::RequestBuilder) -> Result<Answer, Error> {
        let response = request.send().await.map_err(Failure::from)?;
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

/// Green API takes files at another host than everything else: `7103.api.greenapi.com` and `7103.media.greenapi.com`.
fn for_files(url: &str) -> String {
    match url.split_once("://api.green") {
        Some((scheme, rest)) => format!("{scheme}://media.green{rest}"),
        None => url.replacen(".api.green", ".media.green", 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_go_to_a_host_of_their_own() {
        for (url, there) in [
            (
                "https://api.green-api.com/waInstance7/x",
                "https://media.green-api.com/waInstance7/x",
            ),
            (
                "https://7103.api.greenapi.com/waInstance7/x",
                "https://7103.media.greenapi.com/waInstance7/x",
            ),
            ("http://127.0.0.1:9/x", "http://127.0.0.1:9/x"),
        ] {
            assert_eq!(for_files(url), there);
        }
    }
}
