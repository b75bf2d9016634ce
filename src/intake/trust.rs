//! Finds the workspace of each of Meta's changes, and checks that the signature of the body is valid for it.
//!
//! Before the signature is checked, a body must cause little work: a few look-ups and one or two HMACs.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use kazi_clients::signature::is_signed;
use kazi_jobs::channels::{Channel, ChannelKind, Route};
use secrecy::{ExposeSecret, SecretString};

use super::{Intake, UNAVAILABLE, UNSIGNED};
use crate::problem::Problem;

/// The most numbers and accounts in a body that the platform's secret has not signed. Meta batches by app. Each number
/// costs a look-up.
const MOST_NAMED: usize = 50;
/// The most bytes that the search for a secret hashes on the current thread.
const QUICK_HASH_BYTES: usize = 1024 * 1024;

/// The topic of a change, in Meta's terms.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum About {
    /// The id of a phone number.
    Number(String),
    /// The id of a whole business account (WABA).
    Account(String),
}

impl About {
    pub(super) fn name(&self) -> &str {
        match self {
            Self::Number(name) | Self::Account(name) => name,
        }
    }
}

/// The signature of one body. It tries each secret once.
struct Signature<'a> {
    header: &'a str,
    body: &'a [u8],
    tried: Vec<(SecretString, bool)>,
}

impl<'a> Signature<'a> {
    /// Returns `None` if the header has no signature at all.
    fn read(header: &'a str, body: &'a [u8]) -> Option<Self> {
        let hex = header.strip_prefix("sha256=")?;
        let is = hex.len() == 64 && hex.bytes().all(|byte| byte.is_ascii_hexdigit());
        is.then(|| Self {
            header,
            body,
            tried: Vec::new(),
        })
    }

    fn is_of(&mut self, secret: &SecretString) -> bool {
        let known = self
            .tried
            .iter()
            .find(|(tried, _)| tried.expose_secret() == secret.expose_secret());
        if let Some((_, signed)) = known {
            return *signed;
        }
        let signed = is_signed(secret.expose_secret(), self.header, self.body);
        self.tried.push((secret.clone(), signed));
        signed
    }

    /// Tells whether the secret of any channel has signed the body. It is for numbers that no channel has.
    async fn is_somebodys(&self, intake: &Intake) -> Result<bool, Problem> {
        let known = intake.directory.all(ChannelKind::WhatsApp).await?;
        let mut seen: HashSet<&str> = self
            .tried
            .iter()
            .map(|(tried, _)| tried.expose_secret())
            .collect();
        let secrets: Vec<SecretString> = known
            .iter()
            .filter_map(|channel| channel.credentials.app_secret.as_ref())
            .filter(|secret| seen.insert(secret.expose_secret()))
            .cloned()
            .collect();
        if secrets.len() * self.body.len() <= QUICK_HASH_BYTES {
            return Ok(any_signs(&secrets, self.header, self.body));
        }
        // The process runs one search at a time, on a thread that serves no other calls.
        let Ok(turn) = intake.searching.clone().try_acquire_owned() else {
            return Err(UNAVAILABLE);
        };
        let (header, body) = (self.header.to_owned(), self.body.to_vec());
        let search = move || {
            let _turn = turn;
            any_signs(&secrets, &header, &body)
        };
        tokio::task::spawn_blocking(search)
            .await
            .map_err(|_| UNAVAILABLE)
    }
}

fn any_signs(secrets: &[SecretString], header: &str, body: &[u8]) -> bool {
    secrets
        .iter()
        .any(|secret| is_signed(secret.expose_secret(), header, body))
}

/// Returns the route of each change, or `None` for a change of an unknown number or account. A number's own app signs
/// for this number only. A body with a known number and a wrong signature is refused whole, so that Meta sends it again
/// when somebody has corrected the secret.
pub(super) async fn routes(
    intake: &Intake,
    header: &str,
    body: &[u8],
    about: HashSet<&About>,
) -> Result<HashMap<About, Option<Route>>, Problem> {
    let mut signature = Signature::read(header, body).ok_or(UNSIGNED)?;
    let by_app = intake
        .app_secret
        .as_ref()
        .is_some_and(|secret| signature.is_of(secret));
    if !by_app && about.len() > MOST_NAMED {
        return Err(UNSIGNED);
    }
    let mut proven = by_app;
    let mut routes = HashMap::new();
    for about in about {
        let channels = candidates(intake, about).await?;
        let signed = channels.iter().find(|channel| {
            let own = channel.credentials.app_secret.as_ref();
            by_app || own.is_some_and(|secret| signature.is_of(secret))
        });
        if signed.is_none() && !channels.is_empty() {
            return Err(UNSIGNED);
        }
        if let Some(channel) = signed {
            intake.hear(channel).await;
        }
        proven |= signed.is_some();
        let route = signed.map(|channel| (channel.workspace, channel.id));
        routes.insert(about.clone(), route);
    }
    if proven || signature.is_somebodys(intake).await? {
        Ok(routes)
    } else {
        Err(UNSIGNED)
    }
}

async fn candidates(intake: &Intake, about: &About) -> Result<Vec<Arc<Channel>>, Problem> {
    let (directory, kind) = (&intake.directory, ChannelKind::WhatsApp);
    Ok(match about {
        About::Number(number) => directory
            .by_external_id(kind, number)
            .await?
            .into_iter()
            .collect(),
        About::Account(account) => directory.of_account(kind, account).await?,
    })
}
