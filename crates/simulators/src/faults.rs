//! Scripted faults: what a provider does wrong, to which requests, how often.
//!
//! The first fault that fits a request and has its luck strikes it; the others are not asked.

use std::sync::Mutex;

use rand::{RngExt, SeedableRng, rngs::StdRng};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{lock, options::Service};

/// A fault. Without [`Self::times`] and [`Self::share`] it strikes every request that fits, until it is cleared.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// Of which provider.
    pub service: Service,
    /// Only requests whose path (without token) contains this.
    #[serde(rename = "match", default, skip_serializing_if = "Option::is_none")]
    pub matches: Option<String>,
    /// Only requests of this phone number id or instance.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// Only requests of this method: `POST`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// Answered instead of processing the request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// The provider's own error code. Without [`Self::status`] the provider's usual status for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<i64>,
    /// Answered instead of the provider's error body. Without a status: with a 200.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<Value>,
    /// Milliseconds before anything else happens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delay_ms: Option<u64>,
    /// The connection is cut without an answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cut: Option<CutAt>,
    /// Seconds, as `Retry-After` of the answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u64>,
    /// The message is accepted, and its status webhook then says `failed`, at WhatsApp with this code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fails: Option<i64>,
    /// Strikes so many requests, or events of webhooks, then it is over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<u32>,
    /// Strikes this share of the requests, 0 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub share: Option<f64>,
    /// Makes the shares of this fault repeat from run to run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seed: Option<u64>,
    /// Faults of the provider's webhooks; the fault then strikes no requests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub webhooks: Option<WebhookFault>,
}

/// When a connection is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CutAt {
    /// The request is not processed.
    Before,
    /// The request is processed; only its answer is lost.
    After,
}

/// What goes wrong with webhooks.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WebhookFault {
    /// The share delivered twice, 0 to 1.
    pub duplicate: f64,
    /// The share never delivered, 0 to 1.
    pub drop: f64,
    /// Milliseconds that each waits longer.
    pub delay_ms: u64,
    /// The share that waits for the next one of its account and goes after it (if none comes in 250 ms: alone), 0 to 1.
    pub reorder: f64,
}

impl Fault {
    /// A fault of a provider that does nothing yet: `Fault { status: Some(500), ..Fault::on(Service::WhatsApp) }`.
    pub const fn on(service: Service) -> Self {
        Self {
            service,
            matches: None,
            account: None,
            method: None,
            status: None,
            code: None,
            body: None,
            delay_ms: None,
            cut: None,
            retry_after: None,
            fails: None,
            times: None,
            share: None,
            seed: None,
            webhooks: None,
        }
    }

    /// In the ledger.
    pub(crate) fn label(&self) -> String {
        match (self.cut, self.status, self.code, self.fails) {
            (Some(CutAt::Before), ..) => "cut before".into(),
            (Some(CutAt::After), ..) => "cut after".into(),
            (_, Some(status), _, _) => format!("status {status}"),
            (_, _, Some(code), _) => format!("code {code}"),
            (_, _, _, Some(code)) => format!("fails {code}"),
            _ if self.body.is_some() => "body".into(),
            _ => "delay".into(),
        }
    }
}

struct Active {
    fault: Fault,
    random: StdRng,
}

/// What becomes of one webhook event.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Fate {
    pub drop: bool,
    pub duplicate: bool,
    pub delay_ms: u64,
    pub reorder: bool,
}

#[derive(Default)]
pub(crate) struct Faults {
    active: Mutex<Vec<Active>>,
}

impl Faults {
    pub fn add(&self, fault: Fault) {
        let random = StdRng::seed_from_u64(fault.seed.unwrap_or_else(rand::random));
        lock(&self.active).push(Active { fault, random });
    }

    pub fn clear(&self) {
        lock(&self.active).clear();
    }

    /// With `times` counted down.
    pub fn list(&self) -> Vec<Fault> {
        lock(&self.active)
            .iter()
            .map(|active| active.fault.clone())
            .collect()
    }

    /// The fault that strikes this request.
    pub fn strike(
        &self,
        service: Service,
        account: &str,
        (method, path): (&str, &str),
    ) -> Option<Fault> {
        let mut all = lock(&self.active);
        let index = all.iter_mut().position(|active| {
            let Active { fault, random } = active;
            fault.webhooks.is_none()
                && fault.service == service
                && fault
                    .matches
                    .as_ref()
                    .is_none_or(|part| path.contains(part.as_str()))
                && fault
                    .account
                    .as_ref()
                    .is_none_or(|wanted| wanted == account)
                && fault.method.as_ref().is_none_or(|wanted| wanted == method)
                && fault.times != Some(0)
                && fault
                    .share
                    .is_none_or(|share| random.random_bool(share.clamp(0.0, 1.0)))
        })?;
        let fault = all[index].fault.clone();
        if let Some(times) = &mut all[index].fault.times {
            *times -= 1;
            if *times == 0 {
                all.remove(index);
            }
        }
        Some(fault)
    }

    /// What the webhook faults do to the next event of an account.
    pub fn fate(&self, service: Service, account: &str) -> Fate {
        let mut all = lock(&self.active);
        let found = all.iter_mut().enumerate().find_map(|(index, active)| {
            let Active { fault, random } = active;
            let fits = fault.service == service
                && fault.times != Some(0)
                && fault
                    .account
                    .as_ref()
                    .is_none_or(|wanted| wanted == account);
            let webhooks = fault.webhooks.as_ref().filter(|_| fits)?;
            let fate = Fate {
                drop: random.random_bool(webhooks.drop.clamp(0.0, 1.0)),
                duplicate: random.random_bool(webhooks.duplicate.clamp(0.0, 1.0)),
                delay_ms: webhooks.delay_ms,
                reorder: random.random_bool(webhooks.reorder.clamp(0.0, 1.0)),
            };
            fault.times = fault.times.map(|times| times - 1);
            Some((index, fault.times == Some(0), fate))
        });
        let Some((index, over, fate)) = found else {
            return Fate::default();
        };
        if over {
            all.remove(index);
        }
        fate
    }
}
