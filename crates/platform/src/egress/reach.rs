//! Requests that send something, to the internet and to the private networks that the operator has opened.

use std::{net::IpAddr, str::FromStr, sync::Arc};

use ipnet::IpNet;
use reqwest::{RequestBuilder, Url};
use serde::{Serialize, Serializer};

use super::{
    EgressError, GuardedClient, Hosts, REQUEST_TIMEOUT, RULES, Rules, SystemResolver, client,
};

/// A range of addresses like `10.0.0.0/8`, or one address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network(IpNet);

impl Network {
    /// Tells whether an address is in the range.
    pub fn contains(&self, address: IpAddr) -> bool {
        self.0.contains(&address)
    }
}

impl FromStr for Network {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let network = text.parse().or_else(|_| text.parse().map(IpAddr::into));
        network
            .map(Self)
            .map_err(|_| format!("{text:?} is no address, and no network like 10.0.0.0/8"))
    }
}

impl Serialize for Network {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(&self.0)
    }
}

/// The hosts to which Kazi sends what a business wants to be sent: those of the internet, and those of the networks that
/// the operator has opened. A host of an opened network is called over http, at any port and under any name.
#[derive(Clone, Debug, Default)]
pub struct Reach {
    opened: Arc<[Network]>,
}

impl Reach {
    /// The internet, and the networks that are opened.
    pub fn new(opened: impl Into<Arc<[Network]>>) -> Self {
        Self {
            opened: opened.into(),
        }
    }

    /// The rules for hosts of the opened networks, if there are any.
    fn inner(&self) -> Option<Rules> {
        (!self.opened.is_empty()).then(|| Rules {
            scheme: "http",
            port: |_| true,
            hosts: Hosts::Of(self.opened.clone()),
            inner_names: true,
        })
    }

    /// Checks a URL that a user entered, like [`check_public_url`].
    ///
    /// # Errors
    /// Each variant of [`EgressError`] names the rule that the URL breaks.
    pub fn check(&self, text: &str) -> Result<Url, EgressError> {
        match (RULES.read(text), self.inner()) {
            (Err(EgressError::Scheme), Some(inner)) => inner.read(text),
            (read, _) => read,
        }
    }

    /// Makes a client that sends to these hosts only, and follows no redirect.
    ///
    /// # Errors
    /// The client finds no root certificates on this system.
    pub fn client(&self) -> Result<Sender, reqwest::Error> {
        let inner = self.inner();
        let inner = inner.map(|rules| client(rules, Arc::new(SystemResolver), 0, REQUEST_TIMEOUT));
        Ok(Sender {
            outer: client(RULES, Arc::new(SystemResolver), 0, REQUEST_TIMEOUT)?,
            inner: inner.transpose()?,
        })
    }
}

/// A client that sends to hosts within a [`Reach`] only.
#[derive(Clone)]
pub struct Sender {
    outer: GuardedClient,
    inner: Option<GuardedClient>,
}

impl Sender {
    /// Begins a POST request. It checks the URL here too.
    ///
    /// # Errors
    /// The URL breaks a rule of [`Reach::check`].
    pub fn post(&self, url: &str) -> Result<RequestBuilder, EgressError> {
        match (self.outer.post(url), &self.inner) {
            (Err(EgressError::Scheme), Some(inner)) => inner.post(url),
            (begun, _) => begun,
        }
    }
}
