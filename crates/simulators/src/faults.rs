//! Scripted faults: what a provider does wrong, for which requests, and how often.
//!
//! The first matching fault whose chance applies affects a request. Later faults do not.

use std::{collections::VecDeque, sync::Mutex};

use rand::{RngExt, SeedableRng, rngs::StdRng};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{lock, openrouter, options::Service};

/// A fault. Without [`Self::times`] and [`Self::share`] it affects every matching request until it is cleared.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    pub service: Service,
    /// Matches only requests whose path (without the token) contains this text.
    #[serde(rename = "match", default, skip_serializing_if = "Option::is_none")]
    pub matches: Option<String>,
    /// Matches only requests of this phone number id or instance.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// Matches only requests with this method, like `POST`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// The provider answers with this status and does not process the request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// The provider's own error code. Without [`Self::status`] the answer has the provider's usual status for the code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<i64>,
    /// The provider answers with this body. Without a status it answers with 200.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<Value>,
    /// The provider first waits this many milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delay_ms: Option<u64>,
    /// The provider cuts the connection without an answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cut: Option<CutAt>,
    /// The value of `Retry-After`, in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u64>,
    /// The provider accepts the message, and its status webhook then says `failed`. At WhatsApp it carries this code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fails: Option<i64>,
    /// The fault ends after this many requests or events of webhooks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<u32>,
    /// The fault affects this share of the requests, from 0 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub share: Option<f64>,
    /// Makes the shares of this fault repeatable.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seed: Option<u64>,
    /// Faults of the provider's webhooks. The fault then affects no requests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub webhooks: Option<WebhookFault>,
}

/// The moment when a connection is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CutAt {
    /// The provider does not process the request.
    Before,
    /// Half of the request's body arrives. Meta keeps this half of an upload; a half of anything else is nothing.
    Middle,
    /// The provider processes the request, and only its answer is lost.
    After,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WebhookFault {
    /// The share of webhooks that is delivered twice, from 0 to 1.
    pub duplicate: f64,
    /// The share of webhooks that is never delivered, from 0 to 1.
    pub drop: f64,
    /// Each webhook waits this many milliseconds longer.
    pub delay_ms: u64,
    /// The share of webhooks, from 0 to 1, that wait for the next one of their account and go after it. They go alone
    /// if none comes in 250 ms.
    pub reorder: f64,
}

impl Fault {
    /// Makes a fault that does nothing yet: `Fault { status: Some(500), ..Fault::on(Service::WhatsApp) }`.
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

    /// The model of OpenRouter calls these tools once, each by its name and its arguments in JSON. Several such faults are
    /// a script: each answers one request.
    pub fn calling(calls: &[(&str, &str)]) -> Self {
        Self {
            matches: Some("completions".into()),
            body: Some(openrouter::calling(calls)),
            times: Some(1),
            ..Self::on(Service::OpenRouter)
        }
    }

    /// The text for the ledger.
    pub(crate) fn label(&self) -> String {
        match (self.cut, self.status, self.code, self.fails) {
            (Some(CutAt::Before), ..) => "cut before".into(),
            (Some(CutAt::Middle), ..) => "cut in the middle".into(),
            (Some(CutAt::After), ..) => "cut after".into(),
            (_, Some(status), _, _) => format!("status {status}"),
            (_, _, Some(code), _) => format!("code {code}"),
            (_, _, _, Some(code)) => format!("fails {code}"),
            _ if self.body.is_some() => "body".into(),
            _ => "delay".into(),
        }
    }
}

/// Something scripted that happens to a number of calls.
pub(crate) trait Scripted: Clone {
    /// The calls that are left. Without a number it happens until the script is cleared.
    fn times(&mut self) -> &mut Option<u32>;
}

/// What is to happen to the next calls, in this order.
pub(crate) struct Script<T> {
    next: Mutex<VecDeque<T>>,
}

impl<T> Default for Script<T> {
    fn default() -> Self {
        Self {
            next: Mutex::default(),
        }
    }
}

impl<T: Scripted> Script<T> {
    pub fn add(&self, mut what: T) {
        if *what.times() != Some(0) {
            lock(&self.next).push_back(what);
        }
    }

    /// Returns the rest of the script, with `times` counted down.
    pub fn list(&self) -> Vec<T> {
        lock(&self.next).iter().cloned().collect()
    }

    pub fn clear(&self) {
        lock(&self.next).clear();
    }

    /// Returns what happens to this call, and counts it.
    pub fn strike(&self) -> Option<T> {
        let mut next = lock(&self.next);
        let first = next.front_mut()?;
        let struck = first.clone();
        if let Some(left) = first.times() {
            *left -= 1;
            if *left == 0 {
                next.pop_front();
            }
        }
        Some(struck)
    }
}

struct Active {
    fault: Fault,
    random: StdRng,
}

/// What happens to one webhook event.
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

    /// Returns the faults, with `times` counted down.
    pub fn list(&self) -> Vec<Fault> {
        lock(&self.active)
            .iter()
            .map(|active| active.fault.clone())
            .collect()
    }

    /// Finds the fault that affects this request, and counts it.
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

    /// Decides what the webhook faults do to the next event of an account.
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
