//! What a set of simulators is made with: options, services, accounts.

use std::{
    net::{Ipv4Addr, SocketAddr},
    time::Duration,
};

use serde::{Deserialize, Serialize};

/// How the simulators behave.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where they listen. Port 0 takes a free one.
    pub bind: SocketAddr,
    /// Between two statuses of a message: accepted → sent → delivered → read.
    pub status_delay: Duration,
    /// Whether the phones read what is delivered to them.
    pub reads: bool,
    /// Messages a second of one WhatsApp number. `None`: neither WhatsApp nor Green API limits.
    pub rate_per_second: Option<u32>,
    /// How often a container of Instagram says that it is not ready yet.
    pub container_looks: u32,
    /// After which a template that was asked for is approved. `None`: when [`Simulators::change_template`] says so.
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

/// A simulated provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Service {
    /// WhatsApp Cloud API of Meta.
    WhatsApp,
    /// Green API.
    GreenApi,
    /// OpenRouter.
    OpenRouter,
    /// Stripe.
    Stripe,
    /// The Graph API, for what is published on Instagram and Facebook.
    Graph,
}

impl Service {
    /// As in paths and in JSON.
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
    /// In the path of its requests.
    pub phone_number_id: String,
    /// The WABA: owner of the templates, `entry[].id` of webhooks.
    pub business_account_id: String,
    /// As written: `+1 555 000 1111`.
    pub display_phone: String,
    /// What requests carry as bearer.
    pub token: String,
    /// Signs the webhooks.
    pub app_secret: String,
    /// Where webhooks go.
    pub webhook_url: String,
}

/// An instance of Green API.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct GreenApiAccount {
    /// Digits.
    pub instance: String,
    /// In the path of its requests.
    pub token: String,
    /// Where webhooks go.
    pub webhook_url: String,
    /// In the webhooks' `Authorization`, after `Bearer ` unless it names a scheme itself.
    pub webhook_token: String,
}

/// An account of Stripe.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct StripeAccount {
    /// `acct_…`
    pub account: String,
    /// What requests carry as bearer: `sk_test_…`.
    pub key: String,
    /// Signs the webhooks: `whsec_…`.
    pub webhook_secret: String,
    /// Where webhooks go.
    pub webhook_url: String,
}

/// A social network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Network {
    /// A professional account.
    Instagram,
    /// A page.
    Facebook,
}

/// An Instagram account or a Facebook page.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct GraphAccount {
    /// Where.
    pub network: Network,
    /// In the path of its requests: digits.
    pub id: String,
    /// As people see it.
    pub name: String,
    /// What requests carry as bearer.
    pub token: String,
    /// Posts within 24 hours, on Instagram; Meta: 100.
    pub daily_limit: usize,
}

/// An account as `POST /_accounts` takes it: `{"service": "whatsapp", …}`.
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "service", rename_all = "lowercase")]
pub(crate) enum NewAccount {
    WhatsApp(WhatsAppAccount),
    GreenApi(GreenApiAccount),
    Graph(GraphAccount),
    OpenRouter { key: String },
    Stripe(StripeAccount),
}
