//! WhatsApp Cloud API (Meta): messages, media, the state of a number, and webhooks in [`webhook`].

mod errors;
mod filling;
mod outbound;
mod parts;
mod templates;
mod uploads;
pub mod webhook;

use std::time::Duration;

use reqwest::Client;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

pub use errors::{Reaction, Rejection, reaction_to, refusal};
pub use filling::{ButtonParameter, CardParameters, HeaderParameter, Location, TemplateText};
pub use outbound::{
    BODY_LIMIT, BUTTON_TITLE_LIMIT, BUTTONS_LIMIT, Body, Button, CAPTION_LIMIT, FileKind,
    INTERACTIVE_BODY_LIMIT, LIST_BUTTON_LIMIT, ListRow, Outbound, ROW_DESCRIPTION_LIMIT,
    ROW_TITLE_LIMIT, ROWS_LIMIT,
};
pub use templates::{
    ChangedTemplate, CreatedTemplate, NewTemplate, RemoteTemplate, TemplatePage, Unpaused,
};
pub use uploads::Sample;

use crate::{
    form::{FormFile, with_form},
    http::{Answer, Failure, read},
    json,
};

/// One phone number of the Cloud API.
#[derive(Clone, Debug)]
pub struct WhatsApp {
    http: Client,
    /// The form is `{base}/{version}`.
    base: String,
    phone_number_id: String,
    token: SecretString,
    time_out: Duration,
}

/// A request to Meta failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Rejected(#[from] Rejection),
    /// There is no usable answer.
    #[error(transparent)]
    Failed(#[from] Failure),
}

/// Meta's answer to an accepted message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// Begins with `wamid.`.
    pub message_id: String,
    /// `accepted`, `held_for_quality_assessment` or `paused`. Older versions of the API do not send it.
    pub status: Option<String>,
    /// The recipient's WhatsApp id in Meta's spelling.
    pub wa_id: Option<String>,
}

/// A file that can be fetched for five minutes.
#[derive(Clone, Debug, Deserialize)]
pub struct Media {
    /// Fetching this URL needs the same token.
    pub url: String,
    /// A type like `image/jpeg`.
    pub mime_type: Option<String>,
    /// The hash of the content, in hex.
    pub sha256: Option<String>,
    /// The size in bytes.
    pub file_size: Option<u64>,
}

/// Meta's data about a number.
#[derive(Clone, Debug, Deserialize)]
pub struct PhoneNumber {
    pub id: String,
    /// The name that customers see.
    pub verified_name: Option<String>,
    /// The number as Meta writes it.
    pub display_phone_number: Option<String>,
    /// GREEN, YELLOW, RED or UNKNOWN.
    pub quality_rating: Option<String>,
}

#[derive(Deserialize)]
struct MessagingLimit {
    whatsapp_business_manager_messaging_limit: Option<String>,
}

#[derive(Deserialize)]
struct Uploaded {
    id: String,
}

#[derive(Deserialize)]
struct Sent {
    #[serde(default, deserialize_with = "json::list")]
    contacts: Vec<SentContact>,
    #[serde(default, deserialize_with = "json::list")]
    messages: Vec<SentMessage>,
}

#[derive(Deserialize)]
struct SentContact {
    #[serde(default, deserialize_with = "json::text")]
    wa_id: Option<String>,
}

#[derive(Deserialize)]
struct SentMessage {
    id: String,
    message_status: Option<String>,
}

impl WhatsApp {
    /// `base` is like `https://graph.facebook.com`, the API version like `v24.0`.
    pub fn new(
        http: Client,
        base: &str,
        version: &str,
        phone_number_id: impl Into<String>,
        token: SecretString,
        time_out: Duration,
    ) -> Self {
        Self {
            http,
            base: format!("{}/{version}", base.trim_end_matches('/')),
            phone_number_id: phone_number_id.into(),
            token,
            time_out,
        }
    }

    /// Sends a message. Meta has no idempotency key. After [`Failure::Ambiguous`] the message may be on its way, and
    /// only its status webhook, which carries `callback`, shows this.
    pub async fn send(&self, message: &Outbound<'_>) -> Result<Accepted, Error> {
        let url = format!("{}/{}/messages", self.base, self.phone_number_id);
        let request = self.http.post(url).json(&message.to_json());
        let answer = self.answer(request).await?;
        let sent: Sent = answer.parse()?;
        let message = sent
            .messages
            .into_iter()
            .next()
            .ok_or_else(|| Failure::Ambiguous("the answer names no message".into()))?;
        Ok(Accepted {
            message_id: message.id,
            status: message.message_status,
            wa_id: sent.contacts.into_iter().find_map(|contact| contact.wa_id),
        })
    }

    /// Marks a customer's message and those before it as read. With `typing` the customer sees that the business writes,
    /// until its next message or for 25 seconds (Meta, "Typing indicators").
    pub async fn read(&self, message_id: &str, typing: bool) -> Result<(), Error> {
        let url = format!("{}/{}/messages", self.base, self.phone_number_id);
        let mut body = serde_json::json!({
            "messaging_product": "whatsapp", "status": "read", "message_id": message_id,
        });
        if typing {
            body["typing_indicator"] = serde_json::json!({"type": "text"});
        }
        self.answer(self.http.post(url).json(&body)).await?;
        Ok(())
    }

    /// Looks up a file that a customer has sent.
    pub async fn media(&self, id: &str) -> Result<Media, Error> {
        Ok(self
            .answer(self.http.get(format!("{}/{id}", self.base)))
            .await?
            .parse()?)
    }

    /// Gives Meta a file for later messages. Returns Meta's id of it, which lives for 30 days. A second upload is
    /// harmless.
    pub async fn upload(&self, file: FormFile) -> Result<String, Error> {
        let url = format!("{}/{}/media", self.base, self.phone_number_id);
        let mime = file.mime.clone();
        let fields = [("messaging_product", "whatsapp"), ("type", mime.as_str())];
        let request = with_form(self.http.post(url), &fields, file);
        let answer = self.ask(self.with_token(request)).await?;
        Ok(answer.parse::<Uploaded>()?.id)
    }

    /// Adds the token to a request. Fetching the file of a [`Media`] needs it as well.
    pub fn with_token(&self, request: reqwest::RequestBuilder) -> reqwest::RequestBuilder {
        request.bearer_auth(self.token.expose_secret())
    }

    /// Looks up the number. This cheap call shows whether the credentials are valid.
    pub async fn phone_number(&self) -> Result<PhoneNumber, Error> {
        let url = format!(
            "{}/{}?fields=id,verified_name,display_phone_number,quality_rating",
            self.base, self.phone_number_id
        );
        Ok(self.answer(self.http.get(url)).await?.parse()?)
    }

    /// Looks up to how many contacts templates may go in 24 hours, like `TIER_2K`. The limit is the business portfolio's.
    pub async fn messaging_limit(&self) -> Result<Option<String>, Error> {
        let url = format!(
            "{}/{}?fields=whatsapp_business_manager_messaging_limit",
            self.base, self.phone_number_id
        );
        let limit: MessagingLimit = self.answer(self.http.get(url)).await?.parse()?;
        Ok(limit.whatsapp_business_manager_messaging_limit)
    }

    async fn answer(&self, request: reqwest::RequestBuilder) -> Result<Answer, Error> {
        self.ask(self.with_token(request).timeout(self.time_out))
            .await
    }

    async fn ask(&self, request: reqwest::RequestBuilder) -> Result<Answer, Error> {
        let response = request.send().await.map_err(Failure::from)?;
        let answer = read(response).await?;
        if (200..300).contains(&answer.status) {
            return Ok(answer);
        }
        match Rejection::parse(&answer) {
            Some(rejection) => Err(rejection.into()),
            // A proxy answered, not Meta. It is unknown whether Meta received the request.
            None => Err(
                Failure::Ambiguous(format!("HTTP {} without Meta's error", answer.status)).into(),
            ),
        }
    }
}
