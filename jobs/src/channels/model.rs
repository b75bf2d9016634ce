//! Channels and events as values.

use kazi_platform::{Timestamp, WorkspaceId, id};
use kazi_queue::{lanes::Limits, trace::TraceId};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize, Serializer};

id!(
    pub struct ChannelId, "chn_"
);
id!(
    pub struct WebhookEventId, "evt_"
);

kazi_platform::texts! {
    /// Which provider a channel is of.
    pub enum ChannelKind {
        /// A phone number of the Cloud API.
        WhatsApp = "whatsapp",
        /// An instance of Green API.
        GreenApi = "greenapi",
    }
}

impl ChannelKind {
    /// The limits of this kind, if they are not [`crate::lane_limits`]. Green API accepts 50 requests per second for
    /// each instance, all methods together, and blocks faster senders.
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

/// The secrets of a channel. They are stored encrypted.
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
    /// Green API: comes in `Authorization` of its webhooks.
    #[serde(default, serialize_with = "expose_option")]
    pub webhook_token: Option<SecretString>,
}

impl Credentials {
    /// The last characters of the token, to tell two tokens apart. Empty for a short token.
    pub(super) fn hint(&self) -> String {
        let token = self.token.expose_secret();
        match token.char_indices().rev().nth(3) {
            Some((at, _)) if at >= 8 => token[at..].to_owned(),
            _ => String::new(),
        }
    }
}

/// Only for encryption: the plain JSON never leaves the process.
fn expose<S: Serializer>(secret: &SecretString, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(secret.expose_secret())
}

fn expose_option<S: Serializer>(secret: &Option<SecretString>, to: S) -> Result<S::Ok, S::Error> {
    secret
        .as_ref()
        .map(ExposeSecret::expose_secret)
        .serialize(to)
}

/// A channel with its credentials.
#[derive(Clone, Debug)]
pub struct Channel {
    pub workspace: WorkspaceId,
    pub id: ChannelId,
    pub kind: ChannelKind,
    /// The phone number id or the instance id.
    pub external_id: String,
    pub name: String,
    /// The number as customers see it.
    pub display_phone: Option<String>,
    /// Replaces the configured address of the provider.
    pub base_url: Option<String>,
    /// Whether it may send. `false`: paused or disabled.
    pub active: bool,
    pub credentials: Credentials,
    /// When the secrets were last replaced.
    pub rotated_at: Option<Timestamp>,
    /// Whether a webhook of it has ever come.
    pub heard: bool,
}

#[derive(Clone, Debug)]
pub struct NewChannel<'a> {
    pub kind: ChannelKind,
    pub name: &'a str,
    /// The phone number id or the instance id.
    pub external_id: &'a str,
    /// The business account (WABA).
    pub account_id: Option<&'a str>,
    /// The number as customers see it.
    pub display_phone: Option<&'a str>,
    /// Replaces the configured address of the provider.
    pub base_url: Option<&'a str>,
    pub credentials: &'a Credentials,
}

/// The facts of a channel that decide what may be sent there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sender {
    pub id: ChannelId,
    pub kind: ChannelKind,
    /// The business account (WABA) whose templates it may send.
    pub account: Option<String>,
    /// Whether it sends now. Otherwise messages wait.
    pub active: bool,
}

kazi_platform::texts! {
    /// What an event is about.
    pub enum EventKind {
        /// A customer's message.
        Message = "message",
        /// A status of an outbound message.
        Status = "status",
        /// A message that the business wrote without this program, on its phone or by another one.
        Echo = "echo",
        /// Any other event. It is only stored.
        Other = "other",
    }
}

/// An event from the intake.
#[derive(Clone, Debug)]
pub struct NewEvent {
    pub provider: ChannelKind,
    pub kind: EventKind,
    /// Unique for this provider. A repeated event has the same key.
    pub key: String,
    /// The provider's id of the channel.
    pub external_id: String,
    /// The workspace and channel. `None`: the channel is not known here.
    pub route: Option<super::Route>,
    /// The provider's id of the sender. Messages of one sender are handled in order.
    pub sender: String,
    pub payload: String,
    /// The trace that begins with this event.
    pub trace: TraceId,
}

/// An event for a job.
#[derive(Clone, Debug)]
pub struct Event {
    pub id: WebhookEventId,
    pub workspace: WorkspaceId,
    pub channel: ChannelId,
    pub provider: ChannelKind,
    /// JSON, as it came.
    pub payload: String,
    pub received_at: Timestamp,
}

/// An event of an unknown channel, for the operator. It has no content.
#[derive(Clone, Debug, Serialize)]
pub struct UnroutedEvent {
    pub id: WebhookEventId,
    pub provider: String,
    pub kind: String,
    /// The provider's id of the number or instance to connect.
    pub external_id: String,
    pub received_at: Timestamp,
}

/// A channel for the operator.
#[derive(Clone, Debug, Serialize)]
pub struct ChannelView {
    pub id: ChannelId,
    pub kind: String,
    /// The phone number id or the instance id.
    pub external_id: String,
    pub name: String,
    /// `active`, `paused` or `disabled`.
    pub status: String,
    /// Why it is not active.
    pub status_reason: Option<String>,
}

/// An event and its trace.
#[derive(Clone, Debug)]
pub struct RecentEvent {
    pub id: WebhookEventId,
    pub kind: String,
    /// The trace of its jobs and messages.
    pub trace: String,
    /// For a status: `sent`, `delivered` …
    pub status: Option<String>,
    pub received_at: Timestamp,
}
