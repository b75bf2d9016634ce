//! Facebook has no idempotency key: it publishes a post as often as it is asked. After a call without an answer, the
//! job reads the page's feed until the post must have appeared.

use chrono::TimeDelta;
use kazi_clients::{
    http::Failure,
    social::{Error, Facebook, PagePost, Reaction},
};

use super::{Done, Post, Run, Stop};
use crate::social::accounts;

/// Time between two reads of the feed.
const LOOK_AGAIN: TimeDelta = TimeDelta::seconds(30);
/// Time after which the feed shows a post for sure. It is longer than the time-out of a request.
const SURE_AFTER: TimeDelta = TimeDelta::minutes(3);
/// How often Facebook may say that it has this post, while the feed lacks it, before a person looks.
const MAX_DENIALS: i32 = 3;

impl Run<'_> {
    pub(super) async fn facebook(&self, post: &mut Post) -> Result<Done, Stop> {
        let patience = self.ctx.providers.send_time_out;
        let client = accounts::facebook(self.ctx, &self.external_id, &self.token, patience);
        // An earlier run asked, and the outcome is not known.
        if let Some(asked_at) = post.asked_at {
            if let Some(done) = self.look(&client, post).await? {
                return Ok(done);
            }
            if self.ctx.clock.now() < asked_at + SURE_AFTER {
                return Err(self.later(LOOK_AGAIN, "it may be there: looking for it"));
            }
            tracing::warn!(publication.id = %post.id, "a post whose request may have arrived is not in the feed: asking again");
        }
        self.in_time()?;
        // Nobody sees these. Facebook forgets one that is made twice.
        while let Some(image) = post.missing() {
            let photo = client
                .photo(image)
                .await
                .map_err(|error| self.refused(error))?;
            self.count("accepted");
            post.parts.push(photo.clone());
            self.keep(post, "part", Some(&photo), None).await?;
        }
        if post.asked_at.is_none() {
            // Posts that are there now prove nothing later.
            let recent = client.recent().await.map_err(|error| self.refused(error))?;
            post.before = recent
                .into_iter()
                .filter(|one| post.reads(&one.message))
                .map(|one| one.id)
                .collect();
        }
        // After this, another run looks at the feed first.
        post.asked_at = Some(self.ctx.clock.now());
        post.asks += 1;
        self.keep(post, "asked", None, None).await?;
        let error = match client.post(&post.text, &post.parts).await {
            Ok(id) => {
                self.count("accepted");
                return Ok(Done {
                    post: Some(id),
                    found: false,
                });
            }
            Err(error) => error,
        };
        let words = error.to_string();
        let unsure = match &error {
            Error::Failed(Failure::NotSent(_)) => false,
            Error::Failed(Failure::Ambiguous(_)) => true,
            Error::Rejected(rejection) => match rejection.reaction() {
                // The request may have arrived before the failure.
                Reaction::Transient => true,
                Reaction::AlreadyPosted => {
                    if let Some(done) = self.look(&client, post).await? {
                        return Ok(done);
                    }
                    post.asks > 1 && post.asks < MAX_DENIALS
                }
                _ => false,
            },
        };
        if unsure {
            self.count("ambiguous");
            return Err(self.later(LOOK_AGAIN, words));
        }
        // It did not happen, so the next run may ask again.
        post.asked_at = None;
        self.keep(post, "refused", None, Some(&words)).await?;
        Err(self.refused(error))
    }

    /// Finds the post in the feed: by our photos, which no other post can have; without photos, by its text, if no
    /// equal post was there before or belongs to another publication.
    async fn look(&self, client: &Facebook, post: &Post) -> Result<Option<Done>, Stop> {
        let recent = client.recent().await.map_err(|error| self.refused(error))?;
        let ours = |one: &PagePost| match post.parts.first() {
            Some(photo) => one.shows(photo),
            None => post.reads(&one.message),
        };
        let alike = recent.into_iter().filter(ours).map(|one| one.id).collect();
        // The oldest. If there were two, it is the one that was asked for first.
        let found = self.ours(post, alike).await?.pop();
        Ok(found.map(|id| Done {
            post: Some(id),
            found: true,
        }))
    }
}
