//! The meaning of an answer, and the end of a run: public, failed, or another try.

use std::{fmt::Display, time::Duration};

use chrono::TimeDelta;
use kazi_clients::{
    http::Failure,
    social::{Error, Reaction},
};
use kazi_queue::JobError;
use serde_json::json;

use super::{Done, Post, Run, Stop};
use crate::{
    Work,
    notifications::Kind,
    social::{
        Network, accounts,
        store::{publications, schedules},
    },
};

/// Characters of a network's text that are kept.
const MAX_WORDS: usize = 300;

impl Run<'_> {
    /// The reaction to an error of a call that nobody sees, or that did not happen.
    pub(super) fn refused(&self, error: Error) -> Stop {
        let outcome = match &error {
            Error::Rejected(_) => "refused",
            Error::Failed(Failure::NotSent(_)) => "not_sent",
            Error::Failed(Failure::Ambiguous(_)) => "ambiguous",
        };
        self.count(outcome);
        let rejection = match error {
            Error::Failed(failure) => return Stop::Again(JobError::retry("network", failure)),
            Error::Rejected(rejection) => rejection,
        };
        let words: String = rejection.to_string().chars().take(MAX_WORDS).collect();
        match rejection.reaction() {
            Reaction::Transient | Reaction::ContainerGone => {
                Stop::Again(JobError::retry("network", words))
            }
            Reaction::Slower => {
                let wait = rejection.retry_after.unwrap_or(Duration::from_secs(300));
                let until = self.ctx.clock.now() + TimeDelta::from_std(wait).unwrap_or_default();
                Stop::Again(JobError::Park {
                    until,
                    reason: words,
                })
            }
            Reaction::DailyLimit => self.later(TimeDelta::hours(1), words),
            Reaction::NotReady => self.not_ready(),
            Reaction::Credential => Stop::Token(words),
            Reaction::Permission
            | Reaction::AlreadyPosted
            | Reaction::Missing
            | Reaction::OurFault => Stop::Failed(words),
        }
    }

    /// Tries again after a while, without counting an attempt. The age of the post ends this.
    pub(super) fn later(&self, wait: TimeDelta, why: impl Display) -> Stop {
        Stop::Again(JobError::snooze_until(self.ctx.clock.now() + wait, why))
    }

    /// The network still reads an image.
    pub(super) fn not_ready(&self) -> Stop {
        self.later(
            TimeDelta::seconds(5),
            "the network is still fetching the images",
        )
    }

    pub(super) fn count(&self, outcome: &'static str) {
        metrics::counter!("kazi_provider_requests_total", "provider" => self.network.name(), "outcome" => outcome)
            .increment(1);
    }

    pub(super) async fn published(&self, post: &Post, done: Done) -> Result<(), JobError> {
        let (ctx, workspace, now) = (self.ctx, self.workspace, self.ctx.clock.now());
        let network = self.network.name();
        let id = done.post.as_deref();
        let mut work = Work::of(ctx, workspace).await?;
        publications::published(&mut work, post.id, id).await?;
        let detail = done.found.then_some("the network says that it is there");
        publications::step(&mut work, post.id, "published", (id, detail)).await?;
        let first = schedules::turn(&mut work, self.schedule, "publishing", "published").await?;
        // When this fails, the row still says `asked`, which is true, and the next run finds the post.
        work.commit().await?;
        if first {
            metrics::counter!("kazi_social_publications_total", "network" => network, "outcome" => "published").increment(1);
            let late = (now - self.due_at).to_std().unwrap_or_default();
            metrics::histogram!("kazi_social_publish_delay_seconds", "network" => network)
                .record(late);
        }
        if done.found {
            metrics::counter!("kazi_social_reconciled_total", "network" => network).increment(1);
        }
        if let Some(permalink) = self.permalink(id).await {
            let mut work = Work::of(ctx, workspace).await?;
            publications::set_permalink(&mut work, post.id, &permalink).await?;
            work.commit().await?;
        }
        Ok(())
    }

    /// The public address. It is optional, so an error is ignored.
    async fn permalink(&self, post: Option<&str>) -> Option<String> {
        let post = post?;
        let (ctx, patience) = (self.ctx, self.ctx.providers.send_time_out);
        match self.network {
            Network::Instagram => {
                let client = accounts::instagram(ctx, &self.external_id, &self.token, patience);
                client.permalink(post).await.ok().flatten()
            }
            Network::Facebook => Some(format!("https://www.facebook.com/{post}")),
        }
    }

    /// Ends a failed publication, with the reason for people. A new try goes on from its progress.
    pub(super) async fn failed(
        &self,
        post: &Post,
        words: &str,
        token: Option<&str>,
    ) -> Result<(), JobError> {
        let (ctx, workspace) = (self.ctx, self.workspace);
        let words: String = words.chars().take(MAX_WORDS).collect();
        let mut work = Work::of(ctx, workspace).await?;
        if !schedules::turn(&mut work, self.schedule, "publishing", "failed").await? {
            return Ok(());
        }
        publications::set_error(&mut work, post.id, &words).await?;
        publications::step(&mut work, post.id, "failed", (None, Some(&words))).await?;
        if let Some(reason) = token {
            accounts::refuse(&mut work, self.account, reason, &self.token).await?;
        }
        let title = format!("A post did not appear on {}: {words}", self.network);
        let data = json!({"schedule": self.schedule});
        accounts::tell(&mut work, Kind::POST_FAILED, &title, &data).await?;
        work.commit().await?;
        tracing::warn!(schedule.id = %self.schedule, reason = words, "a post was not published");
        metrics::counter!("kazi_social_publications_total", "network" => self.network.name(), "outcome" => "failed")
            .increment(1);
        Ok(())
    }
}
