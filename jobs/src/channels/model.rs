//! Channels and events as values.

use std::{fmt, str::FromStr};

use kazi_platform::{Timestamp, WorkspaceId, id};
use kazi_queue::{lanes::Limits, trace::TraceId};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize, Serializer};
use utoipa::ToSchema;

id!(
    /// A channel.
    pub struct ChannelId, "chn_"
);
id!(
    /// A webhook event.
    pub struct WebhookEventId, "evt_"
);

/// Which provider a channel is of.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum ChannelKind {
    /// A phone number of the Cloud API.
    WhatsApp,
    /// An instance of Green API.
    GreenApi,
}

impl ChannelKind {
    pub const fn name(self) -> &'static str {
        match self {
            Self::WhatsApp => "whatsapp",
            Self::GreenApi => "greenapi",
        }
    }

    /// At what rate a channel may send, where that is not [`crate::lane_limits`]: Green API takes 50 requests a second
    /// for each instance, all of its methods together, and blocks senders that hurry.
    pub(crate) const fn limits(self) -> Option<Limits> {
        match self {
            Self::WhatsApp => None,
            Self::GreenApi => Some(Limits {
                rate: Some((45.0, 5)),
                reserved: 1,
                max_running: None,
            }),
        }
    }
}

impl FromStr for ChannelKind {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "whatsapp" => Ok(Self::WhatsApp),
            "greenapi" => Ok(Self::GreenApi),
            other => Err(format!("there is no channel kind {other:?}")),
        }
    }
}

impl fmt::Display for ChannelKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A channel's secrets. They are stored sealed.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Credentials {
    #[serde(serialize_with = "expose")]
    pub token: SecretString,
    /// WhatsApp: signs the webhooks.
    #[serde(default, serialize_with = "expose_option")]
    pub app_secret: Option<SecretString>,
    /// WhatsApp: answers Meta's challenge.
    #[serde(default, serialize_with = "expose_option")]
    pub verify_token: Option<SecretString>,
    /// Green API: what its webhooks carry in `Authorization`.
    #[serde(default, serialize_with = "expose_option")]
    pub webhook_token: Option<SecretString>,
}

impl Credentials {
    /// The end of the token, by which a person can tell two apart; nothing of a short one.
    pub(super) fn hint(&self) -> String {
        let token = self.token.expose_secret();
        match token.char_indices().rev().nth(3) {
            Some((at, _)) if at >= 8 => token[at..].to_owned(),
            _ => String::new(),
        }
    }
}

/// Only for sealing: the JSON never leaves the process in clear.
fn expose<S: Serializer>(secret: &SecretString, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(secret.expose_secret())
}

fn expose_option<S: Serializer>(secret: &Option<SecretString>, to: S) -> Result<S::Ok, S::Error> {
    secret
        .as_ref()
        .map(ExposeSecret::expose_secret)
        .serialize(to)
}

/// A channel, ready for use.
#[derive(Clone, Debug)]
pub struct Channel {
    /// Whose it is.
    pub workspace: WorkspaceId,
    pub id: ChannelId,
    pub kind: ChannelKind,
    /// The phone number id or the instance id.
    pub external_id: String,
    /// What it is called.
    pub name: String,
    /// The number as customers see it.
    pub display_phone: Option<String>,
    /// Another address than the configured one.
    pub base_url: Option<String>,
    /// Whether it may send; `false` when it is paused or disabled.
    pub active: bool,
    pub credentials: Credentials,
    /// When they were last replaced.
    pub rotated_at: Option<Timestamp>,
}

/// A channel to be added.
#[derive(Clone, Debug)]
pub struct NewChannel<'a> {
    pub kind: ChannelKind,
    /// What it is called.
    pub name: &'a str,
    /// The phone number id or the instance id.
    pub external_id: &'a str,
    /// The business account (WABA).
    pub account_id: Option<&'a str>,
    /// The number as customers see it.
    pub display_phone: Option<&'a str>,
    /// Another address than the configured one.
    pub base_url: Option<&'a str>,
    pub credentials: &'a Credentials,
}

/// A channel, as far as one must know it to choose what to say there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sender {
    pub id: ChannelId,
    pub kind: ChannelKind,
    /// The business account (WABA), whose templates it may send.
    pub account: Option<String>,
    /// It sends now; else messages wait.
    pub active: bool,
}

/// What an event is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventKind {
    /// A customer's message.
    Message,
    /// What became of a message of ours.
    Status,
    /// What the business wrote without this program, on its phone or by another one.
    Echo,
    /// Anything else: kept.
    Other,
}

impl EventKind {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Message => "message",
            Self::Status => "status",
            Self::Echo => "echo",
            Self::Other => "other",
        }
    }
}

/// An event as the intake hands it over.
#[derive(Clone, Debug)]
pub struct NewEvent {
    /// Who sent it.
    pub provider: ChannelKind,
    /// What it is about.
    pub kind: EventKind,
    /// Unique with this provider: what comes twice has the same.
    pub key: String,
    /// The channel as the provider names it.
    pub external_id: String,
    /// Whose it is; `None` is kept aside.
    pub route: Option<super::Route>,
    /// Who wrote, as the provider names them: messages of one sender are handled in order.
    pub sender: String,
    pub payload: String,
    /// The trace that begins here.
    pub trace: TraceId,
}

/// An event as a job reads it.
#[derive(Clone, Debug)]
pub struct Event {
    pub id: WebhookEventId,
    /// Whose it is.
    pub workspace: WorkspaceId,
    /// Where it came in.
    pub channel: ChannelId,
    /// Who sent it.
    pub provider: ChannelKind,
    /// JSON, as it came.
    pub payload: String,
    /// When it came.
    pub received_at: Timestamp,
}

/// An event that belongs to no channel, for the operator. Without its content.
#[derive(Clone, Debug, Serialize)]
pub struct UnroutedEvent {
    pub id: WebhookEventId,
    /// Who sent it.
    pub provider: String,
    /// What it is about.
    pub kind: String,
    /// The channel as the provider names it: the number or instance to add.
    pub external_id: String,
    /// When it came.
    pub received_at: Timestamp,
}

/// A channel as the operator sees it.
#[derive(Clone, Debug, Serialize)]
pub struct ChannelView {
    pub id: ChannelId,
    pub kind: String,
    /// The phone number id or the instance id.
    pub external_id: String,
    /// What it is called.
    pub name: String,
    /// `active`, `paused` or `disabled`.
    pub status: String,
    /// Why it is not active.
    pub status_reason: Option<String>,
}

/// An event and the trace that it began.
#[derive(Clone, Debug)]
pub struct RecentEvent {
    pub id: WebhookEventId,
    /// What it is about.
    pub kind: String,
    /// What its jobs and messages carry.
    pub trace: String,
    /// Of a status: `sent`, `delivered` …
    pub status: Option<String>,
    /// When it came.
    pub received_at: Timestamp,
}
