//! The options of the simulators, the services and the accounts.

use std::{
    net::{Ipv4Addr, SocketAddr},
    time::Duration,
};

use serde::{Deserialize, Serialize};

#[derive(Clone, Debug)]
pub struct Options {
    /// The address to listen on. Port 0 means any free port.
    pub bind: SocketAddr,
    /// The time between two statuses of a message: accepted → sent → delivered → read.
    pub status_delay: Duration,
    /// Whether the phones read the messages that they receive.
    pub reads: bool,
    /// The most messages of one WhatsApp number in a second. `None` switches off the limits of WhatsApp and Green API.
    pub rate_per_second: Option<u32>,
    /// A container of Instagram says "not ready" this many times.
    pub container_looks: u32,
    /// A new template is approved after this time, unless somebody has decided before. `None`: only
    /// [`Simulators::change_template`] approves it.
    ///
    /// [`Simulators::change_template`]: crate::Simulators::change_template
    pub template_review: Option<Duration>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            bind: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            status_delay: Duration::from_millis(200),
            reads: true,
            // Meta: the throughput of a new number.
            rate_per_second: Some(80),
            container_looks: 1,
            template_review: None,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Service {
    WhatsApp,
    GreenApi,
    OpenRouter,
    Stripe,
    /// The Graph API, which publishes on Instagram and Facebook.
    Graph,
}

impl Service {
    /// The name in paths and in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::WhatsApp => "whatsapp",
            Self::GreenApi => "greenapi",
            Self::OpenRouter => "openrouter",
            Self::Stripe => "stripe",
            Self::Graph => "graph",
        }
    }
}

/// A phone number of the WhatsApp Cloud API.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct WhatsAppAccount {
    /// Part of the path of its requests.
    pub phone_number_id: String,
    /// The id of the WABA. It owns the templates and is `entry[].id` in webhooks.
    pub business_account_id: String,
    /// Like `+1 555 000 1111`.
    pub display_phone: String,
    /// Requests carry this bearer token.
    pub token: String,
    /// The secret that signs the webhooks.
    pub app_secret: String,
    pub webhook_url: String,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct GreenApiAccount {
    /// Has only digits.
    pub instance: String,
    /// Part of the path of its requests.
    pub token: String,
    pub webhook_url: String,
    /// The value of `Authorization` in webhooks. `Bearer ` is added unless the value names a scheme itself.
    pub webhook_token: String,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct StripeAccount {
    /// Begins with `acct_`.
    pub account: String,
    /// Requests carry this bearer token, like `sk_test_…`.
    pub key: String,
    /// The secret that signs the webhooks, like `whsec_…`.
    pub webhook_secret: String,
    pub webhook_url: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Network {
    /// A professional account on Instagram.
    Instagram,
    /// A page on Facebook.
    Facebook,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct GraphAccount {
    pub network: Network,
    /// Part of the path of its requests. Only digits.
    pub id: String,
    /// The name that people see.
    pub name: String,
    /// Requests carry this bearer token.
    pub token: String,
    /// The most posts in 24 hours on Instagram. Meta allows 100.
    pub daily_limit: usize,
}

/// An account in the form of `POST /_accounts`: `{"service": "whatsapp", …}`.
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "service", rename_all = "lowercase")]
pub(crate) enum NewAccount {
    WhatsApp(WhatsAppAccount),
    GreenApi(GreenApiAccount),
    Graph(GraphAccount),
    OpenRouter { key: String },
    Stripe(StripeAccount),
}
