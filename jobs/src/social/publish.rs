//! Publishes one scheduled post, once.
//!
//! The row decides what a run does. It has `asked_at` before the call that publishes, and the post's id after it. A run
//! that finds `asked_at` without an id does not know the outcome, and asks the network: Instagram knows whether the
//! container was published, and a page's feed shows the post. Only then does it ask again. A run that another run has
//! overtaken finds another `version` and does nothing.

mod conclude;
mod facebook;
mod instagram;

use std::time::Duration;

use chrono::TimeDelta;
use kazi_clients::social;
use kazi_platform::{Timestamp, WorkspaceId};
use kazi_queue::{Job, JobError, Options, Pool, Retry, Running, Unique};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use sqlx::types::Json;

use super::{
    AccountId, Media, Network, PublicationId, ScheduleId, files,
    store::{self, contents, publications, schedules},
};
use crate::{Context, Work, pools, workspaces};

/// Age after which a post is given up: nobody wants yesterday's offer.
const TOO_LATE: TimeDelta = TimeDelta::hours(24);
/// Time after which a post of a suspended workspace asks again.
const SUSPENDED_WAIT: TimeDelta = TimeDelta::minutes(15);

#[derive(Debug, Serialize, Deserialize)]
pub struct Publish {
    pub workspace: WorkspaceId,
    pub schedule: ScheduleId,
}

/// The progress of a publication.
#[derive(Debug)]
pub(super) struct Post {
    pub id: PublicationId,
    pub text: String,
    pub media: Json<Vec<Media>>,
    /// Parts that nobody sees: items of a carousel, unpublished photos.
    pub parts: Vec<String>,
    pub container_id: Option<String>,
    /// Containers that were made, and parts whose image the network could not fetch.
    pub containers: i32,
    /// Set when the network was asked to publish it and the outcome is not known.
    pub asked_at: Option<Timestamp>,
    pub asks: i32,
    pub version: i32,
    /// Posts with the same text from before.
    pub before: Vec<String>,
}

impl Post {
    /// The first file without a part.
    fn missing(&self) -> Option<social::Media<'_>> {
        let media = self.media.get(self.parts.len())?;
        Some(as_asked(media))
    }

    /// Returns true when a text on the network is this one. Networks trim texts.
    fn reads(&self, text: &str) -> bool {
        text.trim() == self.text.trim()
    }
}

fn as_asked(media: &Media) -> social::Media<'_> {
    social::Media {
        url: &media.url,
        alt: media.alt.as_deref(),
        video: media.is_video(),
    }
}

/// The post is public.
struct Done {
    /// Its id, if that is certain.
    post: Option<String>,
    /// It was found on the network.
    found: bool,
}

/// Why the post is not public yet.
enum Stop {
    /// The job decides when to go on.
    Again(JobError),
    /// A person must look.
    Failed(String),
    /// The network refuses the token.
    Token(String),
    /// Another run publishes it, or it has ended.
    Overtaken,
}

impl From<sqlx::Error> for Stop {
    fn from(error: sqlx::Error) -> Self {
        Self::Again(error.into())
    }
}

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
    /// Ten images, and a network that is slow with each.
    const TIMEOUT: Duration = Duration::from_secs(300);

    async fn run(&self, ctx: &Context, _: &Running) -> Result<(), JobError> {
        let (run, mut post) = match self.begin(ctx).await {
            Ok(begun) => begun,
            Err(Begin::Nothing) => return Ok(()),
            Err(Begin::Later(due)) => {
                return Err(JobError::snooze_until(due, "it is not time yet"));
            }
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
    /// The post has ended.
    Nothing,
    Later(Timestamp),
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
    /// One job at a time for a schedule, in the lane of its account, once for each time.
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

    /// Marks the row as publishing, with the present text and images.
    async fn begin<'a>(&self, ctx: &'a Context) -> Result<(Run<'a>, Post), Begin> {
        let (workspace, now) = (self.workspace, ctx.clock.now());
        let mut work = Work::of(ctx, workspace).await?;
        if workspaces::is_suspended(work.conn(), workspace).await? {
            return Err(Begin::Later(now + SUSPENDED_WAIT));
        }
        let Some(schedule) = schedules::lock(&mut work, self.schedule).await? else {
            tracing::warn!(schedule.id = %self.schedule, "no such post to publish");
            return Err(Begin::Nothing);
        };
        let begins = match schedule.status.as_str() {
            // The schedule was moved, or the database's clock is ahead of this machine's.
            "scheduled" if schedule.due_at > now => return Err(Begin::Later(schedule.due_at)),
            "scheduled" => true,
            "publishing" => false,
            _ => return Err(Begin::Nothing),
        };
        let there = publications::of_schedule(&mut work, schedule.id).await?;
        // A post that may be public goes on as it was. All others start again.
        let post = match there.filter(|post| !begins || post.asked_at.is_some()) {
            Some(post) => post,
            None => {
                let content = contents::content(&mut work, schedule.content_id).await?;
                let Some(content) = content else {
                    return Err(Begin::Nothing);
                };
                let to = (schedule.account_id, schedule.network);
                // A post that is older than this is given up.
                let mut media = content.media.clone();
                files::place(ctx, &mut media, now + TOO_LATE + TOO_LATE);
                let what = (content.text_for(schedule.network), &media);
                let post = publications::start(&mut work, schedule.id, to, what).await?;
                publications::step(&mut work, post.id, "started", (None, None)).await?;
                post
            }
        };
        if begins {
            schedules::turn(&mut work, schedule.id, "scheduled", "publishing").await?;
        }
        let account = store::connected(&mut work, &ctx.keyring, schedule.account_id).await;
        let account = account.map_err(|error| JobError::retry("token", error))?;
        work.commit().await?;
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

    /// Stops a post that is too old.
    fn in_time(&self) -> Result<(), Stop> {
        if self.is_late() {
            return Err(Stop::Failed(
                "its time had passed by more than a day".into(),
            ));
        }
        Ok(())
    }

    /// Stores the progress, with a line of the history. The next run knows only what is stored.
    async fn keep(
        &self,
        post: &mut Post,
        step: &str,
        external_id: Option<&str>,
        detail: Option<&str>,
    ) -> Result<(), Stop> {
        let (ctx, workspace) = (self.ctx, self.workspace);
        let mut work = Work::of(ctx, workspace).await?;
        if !publications::save(&mut work, post).await? {
            return Err(Stop::Overtaken);
        }
        publications::step(&mut work, post.id, step, (external_id, detail)).await?;
        work.commit().await?;
        post.version += 1;
        Ok(())
    }

    /// Returns those of the equal posts that may be this one: they belong to no other publication and were not there
    /// before.
    async fn ours(&self, post: &Post, alike: Vec<String>) -> Result<Vec<String>, Stop> {
        let mut work = Work::of(self.ctx, self.workspace).await?;
        let known = publications::known(&mut work, &alike).await?;
        let other = |id: &String| known.contains(id) || post.before.contains(id);
        Ok(alike.into_iter().filter(|id| !other(id)).collect())
    }
}

/// The text of an error.
fn words(error: &JobError) -> &str {
    match error {
        JobError::Retry { message, .. }
        | JobError::RetryAfter { message, .. }
        | JobError::Discard { message, .. } => message,
        JobError::Snooze { reason, .. } | JobError::Park { reason, .. } => reason,
    }
}
