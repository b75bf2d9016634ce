//! Facebook pages. The client uploads hidden photos and then makes a post of the feed that shows them.

use std::time::Duration;

use reqwest::Client;
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Error, Graph, List, Media, Profile};

#[derive(Clone, Debug)]
pub struct Facebook(Graph);

/// A post in the feed of the page.
#[derive(Clone, Debug, Deserialize)]
pub struct PagePost {
    /// The form is `{page}_{post}`.
    pub id: String,
    #[serde(default)]
    pub message: String,
    /// The time of publication in RFC 3339. The zone mostly has the form `+0000`.
    #[serde(default)]
    pub created_time: String,
    /// The public URL of the post.
    pub permalink_url: Option<String>,
    #[serde(default)]
    attachments: Value,
}

impl PagePost {
    /// Tells whether the post shows the photo with this id.
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
    /// `base` is like `https://graph.facebook.com`, the API version like `v24.0`. The token is the page's.
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

    /// Fetches the page's name. This cheap call shows whether the token is valid.
    pub async fn profile(&self) -> Result<Profile, Error> {
        self.0.profile("id,name").await
    }

    /// Uploads a photo. It is hidden until a post shows it. Facebook deletes a photo that no post uses.
    pub async fn photo(&self, media: Media<'_>) -> Result<String, Error> {
        let body = json!({"url": media.url, "published": false, "alt_text_custom": media.alt});
        self.0.make("photos", &body).await
    }

    /// Publishes a post and returns its id. Facebook has no idempotency key. When the answer is lost, look for the post
    /// in [`Self::recent`].
    pub async fn post(&self, message: &str, photos: &[String]) -> Result<String, Error> {
        let mut body = json!({"message": message});
        if !photos.is_empty() {
            let photos = photos.iter().map(|id| json!({"media_fbid": id}));
            body["attached_media"] = photos.collect();
        }
        self.0.make("feed", &body).await
    }

    /// Returns the newest 25 posts, the newest first.
    pub async fn recent(&self) -> Result<Vec<PagePost>, Error> {
        const FIELDS: &str =
            "id,message,created_time,permalink_url,attachments{target,subattachments{target}}";
        let request = self.0.http.get(self.0.own("feed"));
        let query = [("fields", FIELDS), ("limit", "25")];
        let answer = self.0.answer(request.query(&query)).await?;
        Ok(answer.parse::<List<PagePost>>()?.data)
    }
}
