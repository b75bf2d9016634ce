//! Makes one scheduled post public, once.
//!
//! What stands in the row decides what a run does. Before the call that everybody sees the row says `asked_at`; after it,
//! the post's id. A run that finds `asked_at` without an id does not know how an earlier one ended, and asks the network:
//! Instagram tells whether the container was published, a page's feed tells whether the post stands there. Nothing is
//! asked for again before that. A run that was overtaken by another finds another `version`, writes nothing and asks
//! for nothing.

mod facebook;
mod instagram;

use std::{fmt::Display, time::Duration};

use chrono::TimeDelta;
use kazi_clients::{
    http::Failure,
    social::{Error, Image, Reaction},
};
use kazi_platform::{Timestamp, WorkspaceId, database};
use kazi_queue::{Job, JobError, Options, Pool, Retry, Running, Unique};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sqlx::types::Json;

use super::{
    AccountId, Media, Network, PublicationId, ScheduleId, accounts,
    store::{self, contents, publications, schedules},
};
use crate::{Context, notifications::Kind, pools};

/// A post that could not appear for so long will not: nobody wants yesterday's offer.
const TOO_LATE: TimeDelta = TimeDelta::hours(24);
/// The longest words of a network that are kept, in characters.
const MAX_WORDS: usize = 300;

/// Publishes a scheduled post.
#[derive(Debug, Serialize, Deserialize)]
pub struct Publish {
    /// Whose.
    pub workspace: WorkspaceId,
    /// Which.
    pub schedule: ScheduleId,
}

/// How far a publication has come.
#[derive(Debug)]
pub(super) struct Post {
    pub id: PublicationId,
    pub text: String,
    pub media: Json<Vec<Media>>,
    /// Unseen parts: items of a carousel, unpublished photos.
    pub parts: Vec<String>,
    pub container_id: Option<String>,
    pub containers: i32,
    /// The network was asked to make it public, and it is not known what became of that.
    pub asked_at: Option<Timestamp>,
    pub asks: i32,
    pub version: i32,
    /// Posts like it that stood there before.
    pub before: Vec<String>,
}

impl Post {
    /// The images that have no part yet.
    fn missing(&self) -> Option<Image<'_>> {
        let media = self.media.get(self.parts.len())?;
        Some(image(media))
    }

    /// Whether a text that stands there is this one's: networks trim.
    fn reads(&self, text: &str) -> bool {
        text.trim() == self.text.trim()
    }
}

fn image(media: &Media) -> Image<'_> {
    Image {
        url: &media.url,
        alt: media.alt.as_deref(),
    }
}

/// It is public.
struct Done {
    /// Its id, where it is certain.
    post: Option<String>,
    /// It was found there.
    found: bool,
}

/// Why it is not public yet.
enum Stop {
    /// The job decides when to go on.
    Again(JobError),
    /// A person must look.
    Failed(String),
    /// The network refuses the token.
    Token(String),
    /// Another run is at it, or it is over: nothing to do here.
    Overtaken,
}

impl From<sqlx::Error> for Stop {
    fn from(error: sqlx::Error) -> Self {
        Self::Again(error.into())
    }
}

/// One run.
struct Run<'a> {
    ctx: &'a Context,
    workspace: WorkspaceId,
    schedule: ScheduleId,
    account: AccountId,
    network: Network,
    external_id: String,
    token: SecretString,
    due_at: Timestamp,
}

impl Job for Publish {
    type Context = Context;
    const NAME: &'static str = "social.publish";
    const POOL: Pool = pools::SOCIAL;
    const RETRY: Retry =
        Retry::exponential(Duration::from_secs(5), Duration::from_secs(600)).attempts(60);
    /// Ten images, and a network that takes its time with each.
    const TIMEOUT: Duration = Duration::from_secs(300);

    async fn run(&self, ctx: &Context, _: &Running) -> Result<(), JobError> {
        let (run, mut post) = match self.begin(ctx).await {
            Ok(begun) => begun,
            Err(Begin::Nothing) => return Ok(()),
            Err(Begin::Error(error)) => return Err(error),
        };
        let done = match run.network {
            Network::Instagram => run.instagram(&mut post).await,
            Network::Facebook => run.facebook(&mut post).await,
        };
        match done {
            Ok(done) => run.published(&post, done).await,
            Err(Stop::Overtaken) => Ok(()),
            Err(Stop::Again(error)) if run.is_late() => {
                run.failed(
                    &post,
                    &format!("it could not be published in time: {}", words(&error)),
                    None,
                )
                .await
            }
            Err(Stop::Again(error)) => Err(error),
            Err(Stop::Failed(words)) => run.failed(&post, &words, None).await,
            Err(Stop::Token(words)) => run.failed(&post, &words, Some(&words)).await,
        }
    }
}

/// Why a run does not begin.
enum Begin {
    /// It is over, or not yet time.
    Nothing,
    Error(JobError),
}

impl From<sqlx::Error> for Begin {
    fn from(error: sqlx::Error) -> Self {
        Self::Error(error.into())
    }
}

impl From<JobError> for Begin {
    fn from(error: JobError) -> Self {
        Self::Error(error)
    }
}

impl Publish {
    /// One at a time of a schedule, in the lane of its account, once for a time.
    pub(super) fn options_at(&self, account: &str, due_at: Timestamp) -> Options {
        Options::default()
            .tenant(self.workspace)
            .lane(account)
            .sequence(format!("social:{}", self.schedule))
            .unique(
                format!("{}@{}", self.schedule, due_at.timestamp()),
                Unique::WhileUnfinished,
            )
            .due(due_at)
    }

    /// Says in the row that it is being published, with its text and images of this moment.
    async fn begin<'a>(&self, ctx: &'a Context) -> Result<(Run<'a>, Post), Begin> {
        let (workspace, now) = (self.workspace, ctx.clock.now());
        let mut tx = database::tenant(&ctx.db, workspace).await?;
        let Some(schedule) = schedules::lock(&mut tx, workspace, self.schedule).await? else {
            tracing::warn!(schedule.id = %self.schedule, "no such post to publish");
            return Err(Begin::Nothing);
        };
        let begins = match schedule.status.as_str() {
            // Moved meanwhile: the other time has a job of its own.
            "scheduled" if schedule.due_at > now => return Err(Begin::Nothing),
            "scheduled" => true,
            "publishing" => false,
            _ => return Err(Begin::Nothing),
        };
        let there = publications::of_schedule(&mut tx, workspace, schedule.id).await?;
        // One of which nobody knows whether it is public goes on as it was; everything else begins from nothing.
        let post = match there.filter(|post| !begins || post.asked_at.is_some()) {
            Some(post) => post,
            None => {
                let content = contents::content(&mut tx, workspace, schedule.content_id).await?;
                let Some(content) = content else {
                    return Err(Begin::Nothing);
                };
                let to = (schedule.account_id, schedule.network);
                let what = (content.text_for(schedule.network), &content.media);
                let post =
                    publications::start(&mut tx, workspace, schedule.id, to, what, now).await?;
                publications::step(&mut tx, workspace, post.id, "started", (None, None), now)
                    .await?;
                post
            }
        };
        if begins {
            schedules::turn(&mut tx, workspace, schedule.id, "scheduled", "publishing").await?;
        }
        let account = store::connected(&mut tx, &ctx.keyring, workspace, schedule.account_id).await;
        let account = account.map_err(|error| JobError::retry("token", error))?;
        tx.commit().await?;
        let mut run = Run {
            ctx,
            workspace,
            schedule: schedule.id,
            account: schedule.account_id,
            network: schedule.network,
            external_id: String::new(),
            token: SecretString::default(),
            due_at: schedule.due_at,
        };
        let Some(account) = account else {
            run.failed(
                &post,
                "the account is not connected, or the network refuses its token",
                None,
            )
            .await?;
            return Err(Begin::Nothing);
        };
        run.external_id = account.external_id;
        run.token = account.token;
        Ok((run, post))
    }
}

impl Run<'_> {
    fn is_late(&self) -> bool {
        self.ctx.clock.now() > self.due_at + TOO_LATE
    }

    /// Asks nobody to make public what nobody wants any more.
    fn in_time(&self) -> Result<(), Stop> {
        if self.is_late() {
            return Err(Stop::Failed(
                "its time had passed by more than a day".into(),
            ));
        }
        Ok(())
    }

    /// Writes down how far it has come, with a line of its history: what is not written is not known to the next run.
    async fn keep(
        &self,
        post: &mut Post,
        step: &str,
        external_id: Option<&str>,
        detail: Option<&str>,
    ) -> Result<(), Stop> {
        let (ctx, workspace, now) = (self.ctx, self.workspace, self.ctx.clock.now());
        let mut tx = database::tenant(&ctx.db, workspace).await?;
        if !publications::save(&mut tx, workspace, post).await? {
            return Err(Stop::Overtaken);
        }
        publications::step(
            &mut tx,
            workspace,
            post.id,
            step,
            (external_id, detail),
            now,
        )
        .await?;
        tx.commit().await?;
        post.version += 1;
        Ok(())
    }

    /// Which of the posts that read like this one are not there by somebody else's doing.
    async fn ours(&self, post: &Post, alike: Vec<String>) -> Result<Vec<String>, Stop> {
        let mut tx = database::tenant(&self.ctx.db, self.workspace).await?;
        let known = publications::known(&mut tx, self.workspace, &alike).await?;
        let other = |id: &String| known.contains(id) || post.before.contains(id);
        Ok(alike.into_iter().filter(|id| !other(id)).collect())
    }

    /// What an error means for a call that nobody sees, or that has surely not happened.
    fn refused(&self, error: Error) -> Stop {
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

    /// Once more after a while, with no attempt counted: the post's own time brings it to an end.
    fn later(&self, wait: TimeDelta, why: impl Display) -> Stop {
        Stop::Again(JobError::snooze_until(self.ctx.clock.now() + wait, why))
    }

    /// The network is still fetching an image.
    fn not_ready(&self) -> Stop {
        self.later(
            TimeDelta::seconds(5),
            "the network is still fetching the images",
        )
    }

    fn count(&self, outcome: &'static str) {
        metrics::counter!("kazi_provider_requests_total", "provider" => self.network.name(), "outcome" => outcome)
            .increment(1);
    }

    async fn published(&self, post: &Post, done: Done) -> Result<(), JobError> {
        let (ctx, workspace, now) = (self.ctx, self.workspace, self.ctx.clock.now());
        let network = self.network.name();
        let id = done.post.as_deref();
        let mut tx = database::tenant(&ctx.db, workspace).await?;
        publications::published(&mut tx, workspace, post.id, id, now).await?;
        let detail = done.found.then_some("the network says that it is there");
        publications::step(&mut tx, workspace, post.id, "published", (id, detail), now).await?;
        let first =
            schedules::turn(&mut tx, workspace, self.schedule, "publishing", "published").await?;
        // Should this fail, the row says `asked`, which is the truth, and the next run finds the post.
        tx.commit().await?;
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
            let mut tx = database::tenant(&ctx.db, workspace).await?;
            publications::set_permalink(&mut tx, workspace, post.id, &permalink).await?;
            tx.commit().await?;
        }
        Ok(())
    }

    /// Where people see it. A nicety: without it the post is as public.
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

    /// It has not become public, and a person is told why. Tried once more it goes on from where it came to.
    async fn failed(&self, post: &Post, words: &str, token: Option<&str>) -> Result<(), JobError> {
        let (ctx, workspace, now) = (self.ctx, self.workspace, self.ctx.clock.now());
        let words: String = words.chars().take(MAX_WORDS).collect();
        let mut tx = database::tenant(&ctx.db, workspace).await?;
        if !schedules::turn(&mut tx, workspace, self.schedule, "publishing", "failed").await? {
            return Ok(());
        }
        publications::set_error(&mut tx, workspace, post.id, &words).await?;
        publications::step(
            &mut tx,
            workspace,
            post.id,
            "failed",
            (None, Some(&words)),
            now,
        )
        .await?;
        if let Some(reason) = token {
            accounts::refuse(&mut tx, now, workspace, self.account, reason, &self.token).await?;
        }
        let title = format!("A post did not appear on {}: {words}", self.network);
        let data = json!({"schedule": self.schedule});
        accounts::tell(&mut tx, now, workspace, Kind::PostFailed, &title, &data).await?;
        tx.commit().await?;
        tracing::warn!(schedule.id = %self.schedule, reason = words, "a post was not published");
        metrics::counter!("kazi_social_publications_total", "network" => self.network.name(), "outcome" => "failed")
            .increment(1);
        Ok(())
    }
}

/// An error's own words.
fn words(error: &JobError) -> &str {
    match error {
        JobError::Retry { message, .. }
        | JobError::RetryAfter { message, .. }
        | JobError::Discard { message, .. } => message,
        JobError::Snooze { reason, .. } | JobError::Park { reason, .. } => reason,
    }
}
