//! Instagram professional accounts: a container is made, Instagram fetches its image, then it is published, once.

use std::time::Duration;

use reqwest::Client;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Error, Graph, Image, List, Profile};
use crate::http::Failure;

/// An account.
#[derive(Clone, Debug)]
pub struct Instagram(Graph);

/// What became of a container.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ContainerStatus {
    /// Its image is being fetched.
    InProgress,
    /// It can be published.
    Finished,
    /// It was published: it cannot be once more.
    Published,
    /// It failed: another one must be made.
    Error,
    /// It was not published within 24 hours, and will not be.
    Expired,
}

/// A post that can be seen.
#[derive(Clone, Debug, Deserialize)]
pub struct Media {
    /// Its id.
    pub id: String,
    /// Its text.
    #[serde(default)]
    pub caption: String,
    /// When it was published: RFC 3339, mostly with `+0000` in the zone's place.
    #[serde(default)]
    pub timestamp: String,
    /// Where people see it.
    pub permalink: Option<String>,
}

/// How much of the day's publishing is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quota {
    /// Posts of the last 24 hours.
    pub used: u32,
    /// As many are allowed.
    pub total: u32,
}

/// A token in the place of another.
#[derive(Clone, Debug)]
pub struct RefreshedToken {
    /// The new one.
    pub token: SecretString,
    /// How long it is good for.
    pub expires_in: Duration,
}

impl Instagram {
    /// An account at `base` (`https://graph.instagram.com`), API version like `v24.0`.
    pub fn new(
        http: Client,
        base: &str,
        version: &str,
        account: &str,
        token: SecretString,
        time_out: Duration,
    ) -> Self {
        Self(Graph::new(http, base, version, account, token, time_out))
    }

    /// Its name: a cheap call that tells whether the token is good.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn profile(&self) -> Result<Profile, Error> {
        self.0.profile("id,username").await
    }

    /// Makes a container of one image. Nobody sees it; one that is forgotten expires after 24 hours.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn container(&self, caption: &str, image: Image<'_>) -> Result<String, Error> {
        let body = json!({"image_url": image.url, "caption": caption, "alt_text": image.alt});
        self.0.make("media", &body).await
    }

    /// Makes a container of an image that is to stand in a carousel.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn carousel_item(&self, image: Image<'_>) -> Result<String, Error> {
        let body = json!({"image_url": image.url, "is_carousel_item": true, "alt_text": image.alt});
        self.0.make("media", &body).await
    }

    /// Makes a container of 2 to 10 items, which must be finished.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn carousel(&self, caption: &str, items: &[String]) -> Result<String, Error> {
        let body = json!({"media_type": "CAROUSEL", "children": items, "caption": caption});
        self.0.make("media", &body).await
    }

    /// What became of a container.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn container_status(&self, container: &str) -> Result<ContainerStatus, Error> {
        #[derive(Deserialize)]
        struct Container {
            status_code: ContainerStatus,
        }
        let request = self.0.http.get(self.0.object(container));
        let answer = self
            .0
            .answer(request.query(&[("fields", "status_code")]))
            .await?;
        Ok(answer.parse::<Container>()?.status_code)
    }

    /// Publishes a container, and answers the post's id. A container is published once: when the answer is lost, ask
    /// [`Self::container_status`].
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn publish(&self, container: &str) -> Result<String, Error> {
        let body = json!({"creation_id": container});
        self.0.make("media_publish", &body).await
    }

    /// The newest posts, the newest first: 25 of them.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn recent(&self) -> Result<Vec<Media>, Error> {
        let request = self.0.http.get(self.0.own("media"));
        let query = [
            ("fields", "id,caption,timestamp,permalink"),
            ("limit", "25"),
        ];
        let answer = self.0.answer(request.query(&query)).await?;
        Ok(answer.parse::<List<Media>>()?.data)
    }

    /// Where people see a post.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn permalink(&self, media: &str) -> Result<Option<String>, Error> {
        #[derive(Deserialize)]
        struct Place {
            permalink: Option<String>,
        }
        let request = self.0.http.get(self.0.object(media));
        let answer = self
            .0
            .answer(request.query(&[("fields", "permalink")]))
            .await?;
        Ok(answer.parse::<Place>()?.permalink)
    }

    /// How much of the day's publishing is used.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn quota(&self) -> Result<Quota, Error> {
        #[derive(Deserialize)]
        struct Usage {
            quota_usage: u32,
            config: Allowed,
        }
        #[derive(Deserialize)]
        struct Allowed {
            quota_total: u32,
        }
        let request = self.0.http.get(self.0.own("content_publishing_limit"));
        let answer = self
            .0
            .answer(request.query(&[("fields", "quota_usage,config")]))
            .await?;
        let usage = answer.parse::<List<Usage>>()?.data.into_iter().next();
        let usage = usage.ok_or_else(|| Failure::Ambiguous("the answer names no quota".into()))?;
        Ok(Quota {
            used: usage.quota_usage,
            total: usage.config.quota_total,
        })
    }

    /// A token that is good for 60 days more, for one that is at least a day old and has not expired.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn refresh(&self) -> Result<RefreshedToken, Error> {
        #[derive(Deserialize)]
        struct Fresh {
            access_token: SecretString,
            expires_in: u64,
        }
        let request = self
            .0
            .http
            .get(format!("{}/refresh_access_token", self.0.base));
        let query = [
            ("grant_type", "ig_refresh_token"),
            ("access_token", self.0.token.expose_secret()),
        ];
        let fresh: Fresh = self.0.answer(request.query(&query)).await?.parse()?;
        Ok(RefreshedToken {
            token: fresh.access_token,
            expires_in: Duration::from_secs(fresh.expires_in),
        })
    }
}
