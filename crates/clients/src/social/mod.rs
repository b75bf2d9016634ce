//! Publishing by Meta's Graph API: [`Instagram`] professional accounts and [`Facebook`] pages.
//!
//! A post comes about in two steps: parts that nobody sees (containers, unpublished photos), and the one call that makes
//! them public. Only that call matters when an answer is lost, and each network can be asked about it.
//!
//! Sources: Meta, "Content Publishing" and "Error Codes" of the Instagram Platform; "Page Feed", "Page Photos" and
//! "Handling Errors" of the Graph API; 2026.

mod errors;
mod facebook;
mod instagram;

use std::time::Duration;

use reqwest::{Client, RequestBuilder};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

pub use errors::{Reaction, Rejection};
pub use facebook::{Facebook, PagePost};
pub use instagram::{ContainerStatus, Instagram, Media, Quota, RefreshedToken};

use crate::http::{Answer, Failure, read};

/// An image of a post.
#[derive(Clone, Copy, Debug)]
pub struct Image<'a> {
    /// Where the network fetches it: public.
    pub url: &'a str,
    /// What it shows, for those who do not see it.
    pub alt: Option<&'a str>,
}

/// Why a request to the Graph API came to nothing.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It was refused.
    #[error(transparent)]
    Rejected(#[from] Rejection),
    /// No usable answer.
    #[error(transparent)]
    Failed(#[from] Failure),
}

/// An account's or page's own words of itself.
#[derive(Clone, Debug, Deserialize)]
pub struct Profile {
    /// Its id.
    pub id: String,
    /// Instagram's `username`, a page's `name`.
    #[serde(alias = "username")]
    pub name: Option<String>,
}

/// A thing that was made.
#[derive(Deserialize)]
struct Made {
    id: String,
}

/// One page of a list; what stands in it unreadably is left out.
#[derive(Deserialize)]
struct List<T: serde::de::DeserializeOwned> {
    #[serde(deserialize_with = "crate::json::list")]
    data: Vec<T>,
}

/// An account with its token, at one host.
#[derive(Clone, Debug)]
struct Graph {
    http: Client,
    /// Without the version.
    base: String,
    version: String,
    account: String,
    token: SecretString,
    time_out: Duration,
}

impl Graph {
    fn new(
        http: Client,
        base: &str,
        version: &str,
        account: &str,
        token: SecretString,
        time_out: Duration,
    ) -> Self {
        Self {
            http,
            base: base.trim_end_matches('/').to_owned(),
            version: version.to_owned(),
            account: account.to_owned(),
            token,
            time_out,
        }
    }

    /// An edge of the account: `media`.
    fn own(&self, edge: &str) -> String {
        format!("{}/{}/{}/{edge}", self.base, self.version, self.account)
    }

    /// Another object.
    fn object(&self, id: &str) -> String {
        format!("{}/{}/{id}", self.base, self.version)
    }

    async fn profile(&self, fields: &str) -> Result<Profile, Error> {
        let request = self.http.get(self.object(&self.account));
        Ok(self
            .answer(request.query(&[("fields", fields)]))
            .await?
            .parse()?)
    }

    /// Makes something, and answers its id.
    async fn make(&self, edge: &str, body: &serde_json::Value) -> Result<String, Error> {
        let request = self.http.post(self.own(edge)).json(body);
        Ok(self.answer(request).await?.parse::<Made>()?.id)
    }

    async fn answer(&self, request: RequestBuilder) -> Result<Answer, Error> {
        let response = request
            .bearer_auth(self.token.expose_secret())
            .timeout(self.time_out)
            .send()
            .await
            .map_err(Failure::from)?;
        let answer = read(response).await?;
        if (200..300).contains(&answer.status) {
            return Ok(answer);
        }
        match Rejection::parse(&answer) {
            Some(rejection) => Err(rejection.into()),
            // Something in between answered, and whether Meta got the request is not known.
            None => Err(
                Failure::Ambiguous(format!("HTTP {} without Meta's error", answer.status)).into(),
            ),
        }
    }
}
