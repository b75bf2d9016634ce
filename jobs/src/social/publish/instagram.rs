//! Instagram publishes a container once, however often it is asked. The container's status shows the outcome of a call
//! without an answer, so the job reads it before every call.

use chrono::TimeDelta;
use kazi_clients::http::Failure;
use kazi_clients::social::{ContainerStatus, Error, Instagram, Reaction};
use kazi_queue::JobError;

use super::{Done, Post, Run, Stop, as_asked};
use crate::social::accounts;

/// Containers that may fail before a person looks.
const MAX_CONTAINERS: i32 = 3;

impl Run<'_> {
    pub(super) async fn instagram(&self, post: &mut Post) -> Result<Done, Stop> {
        let patience = self.ctx.providers.send_time_out;
        let client = accounts::instagram(self.ctx, &self.external_id, &self.token, patience);
        let container = match &post.container_id {
            Some(container) => container.clone(),
            None => self.container(&client, post).await?,
        };
        match self.status(&client, &container).await? {
            ContainerStatus::Finished => {}
            ContainerStatus::InProgress => return Err(self.not_ready()),
            ContainerStatus::Published => return self.found(&client, post).await,
            // It was not published and never will be.
            ContainerStatus::Error => {
                return Err(self
                    .drop_container(post, "Instagram could not take the images")
                    .await);
            }
            ContainerStatus::Expired => {
                return Err(self.drop_container(post, "its container has expired").await);
            }
        }
        self.in_time()?;
        // After this, another run reads the status first.
        post.asked_at = Some(self.ctx.clock.now());
        post.asks += 1;
        self.keep(post, "asked", Some(&container), None).await?;
        let error = match client.publish(&container).await {
            Ok(id) => {
                self.count("accepted");
                return Ok(Done {
                    post: Some(id),
                    found: false,
                });
            }
            Err(error) => error,
        };
        match error {
            Error::Failed(Failure::Ambiguous(words)) => {
                self.count("ambiguous");
                Err(self.later(
                    TimeDelta::seconds(10),
                    format_args!("no usable answer: {words}"),
                ))
            }
            error @ Error::Failed(Failure::NotSent(_)) => {
                post.asked_at = None;
                self.keep(post, "refused", None, Some("not sent")).await?;
                Err(self.refused(error))
            }
            Error::Rejected(rejection) => {
                // Instagram sometimes refuses a post that it then shows. The status decides.
                if self.status(&client, &container).await? == ContainerStatus::Published {
                    return self.found(&client, post).await;
                }
                post.asked_at = None;
                self.keep(post, "refused", None, Some(&rejection.to_string()))
                    .await?;
                if rejection.reaction() == Reaction::ContainerGone {
                    return Err(self.drop_container(post, &rejection.to_string()).await);
                }
                Err(self.refused(rejection.into()))
            }
        }
    }

    /// Makes a container of one or several images. Nobody sees it. Instagram forgets one that is made twice.
    async fn container(&self, client: &Instagram, post: &mut Post) -> Result<String, Stop> {
        self.in_time()?;
        let [first, rest @ ..] = &post.media[..] else {
            return Err(Stop::Failed(
                "Instagram takes no post without an image".into(),
            ));
        };
        let made = if rest.is_empty() {
            client.container(&post.text, as_asked(first)).await
        } else {
            while let Some(image) = post.missing() {
                let item = client.carousel_item(image).await;
                let item = self.made(post, item).await?;
                post.parts.push(item.clone());
                self.keep(post, "part", Some(&item), None).await?;
            }
            for item in post.parts.clone() {
                match self.status(client, &item).await? {
                    ContainerStatus::Finished => {}
                    ContainerStatus::InProgress => return Err(self.not_ready()),
                    _ => {
                        return Err(self
                            .drop_container(post, "Instagram could not take one of the images")
                            .await);
                    }
                }
            }
            client.carousel(&post.text, &post.parts).await
        };
        let container = self.made(post, made).await?;
        // What reads like it by now is no proof later.
        let recent = client.recent().await.map_err(|error| self.refused(error))?;
        post.before = recent
            .into_iter()
            .filter(|one| post.reads(&one.caption))
            .map(|one| one.id)
            .collect();
        post.container_id = Some(container.clone());
        post.containers += 1;
        self.keep(post, "container", Some(&container), None).await?;
        Ok(container)
    }

    async fn status(&self, client: &Instagram, container: &str) -> Result<ContainerStatus, Stop> {
        match client.container_status(container).await {
            Ok(status) => Ok(status),
            // Instagram sometimes does not find a new container for some minutes, although it exists.
            Err(Error::Rejected(rejection)) if rejection.reaction() == Reaction::Missing => {
                Err(Stop::Again(JobError::retry("container", rejection)))
            }
            Err(error) => Err(self.refused(error)),
        }
    }

    /// The post is public. Its id is known only if exactly one equal post was not there before.
    async fn found(&self, client: &Instagram, post: &Post) -> Result<Done, Stop> {
        let recent = client.recent().await.map_err(|error| self.refused(error))?;
        let alike = recent
            .into_iter()
            .filter(|one| post.reads(&one.caption))
            .map(|one| one.id);
        let mut ours = self.ours(post, alike.collect()).await?;
        let post = ours.pop().filter(|_| ours.is_empty());
        Ok(Done { post, found: true })
    }

    /// Forgets a container, so that another one is made.
    async fn drop_container(&self, post: &mut Post, why: &str) -> Stop {
        post.container_id = None;
        post.parts.clear();
        post.asked_at = None;
        if let Err(stop) = self.keep(post, "dropped", None, Some(why)).await {
            return stop;
        }
        if post.containers >= MAX_CONTAINERS {
            return Stop::Failed(why.to_owned());
        }
        self.later(TimeDelta::seconds(30), why)
    }
}
