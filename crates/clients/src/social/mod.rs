//! Publishing with Meta's Graph API: [`Instagram`] professional accounts and [`Facebook`] pages.
//!
//! A post needs two steps. The first makes hidden parts (containers, unpublished photos). The second is one call that
//! publishes them. When an answer is lost, only the second step matters, and each network can be asked whether it has
//! published the post.
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
pub use instagram::{ContainerStatus, Instagram, Published, Quota, RefreshedToken};

use crate::http::{Answer, Failure, read};

/// An image or a video of a post.
#[derive(Clone, Copy, Debug)]
pub struct Media<'a> {
    /// The network fetches the file from this public URL.
    pub url: &'a str,
    /// A description for people who cannot see it.
    pub alt: Option<&'a str>,
    /// It is a video. Only Instagram takes it.
    pub video: bool,
}

/// A request to the Graph API failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Rejected(#[from] Rejection),
    /// There is no usable answer.
    #[error(transparent)]
    Failed(#[from] Failure),
}

/// The data of an account or a page about itself.
#[derive(Clone, Debug, Deserialize)]
pub struct Profile {
    pub id: String,
    /// Instagram's `username`, or the `name` of a page.
    #[serde(alias = "username")]
    pub name: Option<String>,
}

/// An object that a request has made.
#[derive(Deserialize)]
struct Made {
    id: String,
}

/// One page of a list, without the items that cannot be read.
#[derive(Deserialize)]
struct List<T: serde::de::DeserializeOwned> {
    #[serde(deserialize_with = "crate::json::list")]
    data: Vec<T>,
}

/// An account with its token on one host.
#[derive(Clone, Debug)]
struct Graph {
    http: Client,
    /// The URL without the version.
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

    /// Returns the URL of an edge of the account, like `media`.
    fn own(&self, edge: &str) -> String {
        format!("{}/{}/{}/{edge}", self.base, self.version, self.account)
    }

    /// Returns the URL of another object.
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

    /// Makes an object and returns its id.
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
            // A proxy answered. It is unknown whether Meta received the request.
            None => Err(
                Failure::Ambiguous(format!("HTTP {} without Meta's error", answer.status)).into(),
            ),
        }
    }
}
