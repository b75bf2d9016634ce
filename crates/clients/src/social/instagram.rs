//! Instagram professional accounts. The client makes a container, Instagram fetches the image, and the client publishes
//! the container once.

use std::time::Duration;

use reqwest::Client;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Error, Graph, List, Media, Profile};
use crate::http::Failure;

#[derive(Clone, Debug)]
pub struct Instagram(Graph);

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ContainerStatus {
    /// Instagram still fetches the file.
    InProgress,
    /// The container can be published.
    Finished,
    /// The container is published and cannot be published again.
    Published,
    /// The container has failed. Make another one.
    Error,
    /// Nobody published the container within 24 hours. It cannot be published any more.
    Expired,
}

/// A published post.
#[derive(Clone, Debug, Deserialize)]
pub struct Published {
    pub id: String,
    /// The text of the post.
    #[serde(default)]
    pub caption: String,
    /// The time of publication in RFC 3339. The zone mostly has the form `+0000`.
    #[serde(default)]
    pub timestamp: String,
    /// The public URL of the post.
    pub permalink: Option<String>,
}

/// The use of the daily limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quota {
    /// The number of posts in the last 24 hours.
    pub used: u32,
    /// The allowed number of posts in 24 hours.
    pub total: u32,
}

/// A token that replaces another one.
#[derive(Clone, Debug)]
pub struct RefreshedToken {
    /// The new one.
    pub token: SecretString,
    /// The new token is valid for this long.
    pub expires_in: Duration,
}

impl Instagram {
    /// `base` is like `https://graph.instagram.com`, the API version like `v24.0`.
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

    /// Fetches the account's name. This cheap call shows whether the token is valid.
    pub async fn profile(&self) -> Result<Profile, Error> {
        self.0.profile("id,username").await
    }

    /// Makes a container of one image or video. Nobody can see it. It expires after 24 hours.
    pub async fn container(&self, caption: &str, media: Media<'_>) -> Result<String, Error> {
        let body = match media.video {
            // Instagram shows a single video as a reel, and takes no alternative text for it.
            true => json!({"media_type": "REELS", "video_url": media.url, "caption": caption}),
            false => json!({"image_url": media.url, "caption": caption, "alt_text": media.alt}),
        };
        self.0.make("media", &body).await
    }

    /// Makes a container of an image or a video for a carousel.
    pub async fn carousel_item(&self, media: Media<'_>) -> Result<String, Error> {
        let body = match media.video {
            true => {
                json!({"media_type": "VIDEO", "video_url": media.url, "is_carousel_item": true})
            }
            false => {
                json!({"image_url": media.url, "is_carousel_item": true, "alt_text": media.alt})
            }
        };
        self.0.make("media", &body).await
    }

    /// Makes a carousel container of 2 to 10 items. All items must be finished.
    pub async fn carousel(&self, caption: &str, items: &[String]) -> Result<String, Error> {
        let body = json!({"media_type": "CAROUSEL", "children": items, "caption": caption});
        self.0.make("media", &body).await
    }

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

    /// Publishes a container and returns the id of the post. Instagram publishes a container only once. When the answer
    /// is lost, call [`Self::container_status`].
    pub async fn publish(&self, container: &str) -> Result<String, Error> {
        let body = json!({"creation_id": container});
        self.0.make("media_publish", &body).await
    }

    /// Returns the newest 25 posts, the newest first.
    pub async fn recent(&self) -> Result<Vec<Published>, Error> {
        let request = self.0.http.get(self.0.own("media"));
        let query = [
            ("fields", "id,caption,timestamp,permalink"),
            ("limit", "25"),
        ];
        let answer = self.0.answer(request.query(&query)).await?;
        Ok(answer.parse::<List<Published>>()?.data)
    }

    /// Returns the public URL of a post.
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

    /// Exchanges the token for one that is valid for 60 days. The old token must be at least a day old and not expired.
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
