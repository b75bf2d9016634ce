//! Facebook pages: photos are uploaded unseen, then a post of the feed shows them.

use std::time::Duration;

use reqwest::Client;
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Error, Graph, Image, List, Profile};

/// A page.
#[derive(Clone, Debug)]
pub struct Facebook(Graph);

/// A post of the page's feed.
#[derive(Clone, Debug, Deserialize)]
pub struct PagePost {
    /// `{page}_{post}`
    pub id: String,
    /// Its text.
    #[serde(default)]
    pub message: String,
    /// When it was published: RFC 3339, mostly with `+0000` in the zone's place.
    #[serde(default)]
    pub created_time: String,
    /// Where people see it.
    pub permalink_url: Option<String>,
    #[serde(default)]
    attachments: Value,
}

impl PagePost {
    /// Whether a photo, by its id, stands in it.
    pub fn shows(&self, photo: &str) -> bool {
        fn within(attachments: &Value, photo: &str) -> bool {
            attachments["data"]
                .as_array()
                .into_iter()
                .flatten()
                .any(|one| one["target"]["id"] == photo || within(&one["subattachments"], photo))
        }
        within(&self.attachments, photo)
    }
}

impl Facebook {
    /// A page at `base` (`https://graph.facebook.com`), API version like `v24.0`, with a token of the page.
    pub fn new(
        http: Client,
        base: &str,
        version: &str,
        page: &str,
        token: SecretString,
        time_out: Duration,
    ) -> Self {
        Self(Graph::new(http, base, version, page, token, time_out))
    }

    /// Its name: a cheap call that tells whether the token is good.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn profile(&self) -> Result<Profile, Error> {
        self.0.profile("id,name").await
    }

    /// Uploads a photo that nobody sees until a post shows it. One that is forgotten is deleted by Facebook.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn photo(&self, image: Image<'_>) -> Result<String, Error> {
        let body = json!({"url": image.url, "published": false, "alt_text_custom": image.alt});
        self.0.make("photos", &body).await
    }

    /// Publishes a post, and answers its id. Facebook has no idempotency key: when the answer is lost, look for the post
    /// in [`Self::recent`].
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn post(&self, message: &str, photos: &[String]) -> Result<String, Error> {
        let mut body = json!({"message": message});
        if !photos.is_empty() {
            let photos = photos.iter().map(|id| json!({"media_fbid": id}));
            body["attached_media"] = photos.collect();
        }
        self.0.make("feed", &body).await
    }

    /// The newest posts, the newest first: 25 of them.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn recent(&self) -> Result<Vec<PagePost>, Error> {
        const FIELDS: &str =
            "id,message,created_time,permalink_url,attachments{target,subattachments{target}}";
        let request = self.0.http.get(self.0.own("feed"));
        let query = [("fields", FIELDS), ("limit", "25")];
        let answer = self.0.answer(request.query(&query)).await?;
        Ok(answer.parse::<List<PagePost>>()?.data)
    }
}
