//! Asks the providers whether the channels still work, so that the admins learn of a broken channel before a customer
//! does.

use std::time::Duration;

use kazi_clients::{
    greenapi::{self, GreenApi},
    whatsapp::{self, Reaction, WhatsApp},
};
use kazi_platform::{WorkspaceId, database};
use kazi_queue::{Job, JobError, Pool, Running, Unique, enqueue_all};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use super::{
    Channel, ChannelDetails, ChannelError, ChannelId, ChannelKind, manage,
    store::{self, manage as table},
};
use crate::{
    Context, Role, Work,
    audit::Change,
    notifications::{self, Kind, Notification, To},
    pools,
};

/// Time-out of the provider's answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// Characters of a provider's text that are kept.
const MAX_WORDS: usize = 300;
/// Channels in one transaction.
const PAGE: i64 = 500;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The channel can send.
    Works,
    /// The provider refuses the channel, and a person must act.
    Refused,
    /// No usable answer, or a temporary problem.
    Unknown,
}

/// What the provider says.
#[derive(Clone, Debug)]
pub(super) struct Finding {
    pub verdict: Verdict,
    pub state: String,
    pub detail: Option<String>,
    pub quality_rating: Option<String>,
    pub display_phone: Option<String>,
    pub verified_name: Option<String>,
    pub messaging_limit: Option<String>,
}

impl Finding {
    fn new(verdict: Verdict, state: &str, detail: Option<String>) -> Self {
        Self {
            verdict,
            state: state.to_owned(),
            detail: detail.map(|words| words.chars().take(MAX_WORDS).collect()),
            quality_rating: None,
            display_phone: None,
            verified_name: None,
            messaging_limit: None,
        }
    }

    fn failed(refused: bool, words: &dyn std::fmt::Display) -> Self {
        let (verdict, state) = if refused {
            (Verdict::Refused, "refused")
        } else {
            (Verdict::Unknown, "unreachable")
        };
        Self::new(verdict, state, Some(words.to_string()))
    }
}

/// Asks the provider about a channel and a token. The caller holds no connection.
pub(super) async fn probe(ctx: &Context, channel: &Channel, token: &SecretString) -> Finding {
    let (http, base) = (ctx.http.clone(), channel.base(ctx));
    match channel.kind {
        ChannelKind::WhatsApp => {
            let version = &ctx.providers.whatsapp_version;
            let number = WhatsApp::new(
                http,
                base,
                version,
                &channel.external_id,
                token.clone(),
                PATIENCE,
            );
            match number.phone_number().await {
                Ok(state) => {
                    // Only for people: without it the channel works as well.
                    let messaging_limit = number.messaging_limit().await.ok().flatten();
                    Finding {
                        quality_rating: state.quality_rating,
                        display_phone: state.display_phone_number,
                        verified_name: state.verified_name,
                        messaging_limit,
                        ..Finding::new(Verdict::Works, "ok", None)
                    }
                }
                Err(whatsapp::Error::Rejected(rejection)) => {
                    // Meta answers 100 for a number that the token does not see.
                    let refused = matches!(
                        rejection.reaction(),
                        Reaction::Credential
                            | Reaction::AccountBlocked
                            | Reaction::Registration
                            | Reaction::OurFault
                    );
                    Finding::failed(refused, &rejection)
                }
                Err(error) => Finding::failed(false, &error),
            }
        }
        ChannelKind::GreenApi => {
            let instance = GreenApi::new(http, base, &channel.external_id, token.clone(), PATIENCE);
            match instance.state().await {
                Ok(state) if state == "authorized" => Finding::new(Verdict::Works, "ok", None),
                Ok(state) => {
                    // Green API, "GetStateInstance": the phone must be linked again, or WhatsApp has blocked it.
                    let (refused, words) = match state.as_str() {
                        "notAuthorized" => (true, "scan the QR code in Green API's console"),
                        "blocked" => (true, "WhatsApp has blocked the account"),
                        "yellowCard" => (true, "WhatsApp has restricted the account"),
                        _ => (false, "the instance is not ready"),
                    };
                    let verdict = if refused {
                        Verdict::Refused
                    } else {
                        Verdict::Unknown
                    };
                    let state: String = state.chars().take(50).collect();
                    Finding::new(verdict, &state, Some(words.to_owned()))
                }
                Err(error @ (greenapi::Error::Credential | greenapi::Error::Refused(_))) => {
                    Finding::failed(true, &error)
                }
                Err(error) => Finding::failed(false, &error),
            }
        }
    }
}

/// Asks the provider about a channel and stores the answer. A refused channel is stopped, and the admins are notified.
/// The caller holds no connection.
pub async fn check(
    ctx: &Context,
    workspace: WorkspaceId,
    id: ChannelId,
) -> Result<ChannelDetails, ChannelError> {
    let channel = ctx.channels().by_id(id).await?;
    let channel = channel
        .filter(|channel| channel.workspace == workspace)
        .ok_or(ChannelError::NotFound)?;
    let found = probe(ctx, &channel, &channel.credentials.token).await;
    let mut work = Work::of(ctx, workspace).await?;
    let rotated_at = channel.rotated_at;
    let noted = table::set_checked(&mut work, id, rotated_at, &found).await?;
    let mut stopped = false;
    if noted && found.verdict == Verdict::Refused {
        let words = found.detail.as_deref().unwrap_or_default();
        stopped = refuse(&mut work, id, words).await?;
    }
    let details = manage::channel(&mut work, id).await?;
    work.commit().await?;
    if stopped {
        ctx.channels().clear();
    }
    Ok(details)
}

/// Stops a channel that its provider refuses, and notifies the admins. Returns false when it was not sending anyway.
pub async fn refuse(work: &mut Work, id: ChannelId, words: &str) -> Result<bool, sqlx::Error> {
    let Some(name) = store::pause(work, id, words).await? else {
        return Ok(false);
    };
    tracing::error!(channel.id = %id, reason = words, "channel paused: a person must look");
    // Only a channel that sends is stopped here.
    let before = json!({"status": "active", "status_reason": null, "refused": false});
    let after = json!({"status": "paused", "status_reason": words, "refused": true});
    let (action, subject) = ("channels.pause", (manage::KIND, id));
    work.audit(&Change::updated(action, subject, &before, &after))
        .await?;
    let title = format!("{name} was stopped: {words}");
    let notification = Notification {
        kind: Kind::CHANNEL_STOPPED,
        title: &title,
        data: &json!({"channel": id}),
    };
    notifications::notify(work, To::Role(Role::Admin), &notification).await?;
    Ok(true)
}

#[derive(Debug, Serialize, Deserialize)]
pub struct Check {
    pub workspace: WorkspaceId,
    pub channel: ChannelId,
}

impl Job for Check {
    type Context = Context;
    const NAME: &'static str = "channels.check";
    const POOL: Pool = pools::WHATSAPP;

    fn options(&self) -> kazi_queue::Options {
        kazi_queue::Options::default()
            .tenant(self.workspace)
            .unique(self.channel.to_string(), Unique::WhilePending)
    }

    async fn run(&self, ctx: &Context, _: &Running) -> Result<(), JobError> {
        match check(ctx, self.workspace, self.channel).await {
            Ok(_) => Ok(()),
            Err(ChannelError::NotFound) => {
                tracing::warn!(channel.id = %self.channel, "a channel to be checked is gone");
                Ok(())
            }
            // The next check is in an hour.
            Err(error) => Err(JobError::retry("check", error)),
        }
    }
}

/// Enqueues the checks of all channels. Runs once an hour.
#[derive(Debug, Serialize, Deserialize)]
pub struct CheckHealth {}

impl Job for CheckHealth {
    type Context = Context;
    const NAME: &'static str = "channels.check_health";
    const POOL: Pool = pools::DEFAULT;

    async fn run(&self, ctx: &Context, _: &Running) -> Result<(), JobError> {
        let mut after = Uuid::nil();
        loop {
            // The transaction sees the channels of all workspaces. After a crash the next run starts again; a check
            // that waits is not enqueued twice.
            let mut tx = database::platform(&ctx.db).await?;
            let page = table::in_use(&mut tx, after, PAGE).await?;
            let Some((_, last)) = page.last() else {
                return Ok(());
            };
            after = last.uuid();
            let checks: Vec<Check> = page
                .into_iter()
                .map(|(workspace, channel)| Check { workspace, channel })
                .collect();
            enqueue_all(&mut tx, &checks).await?;
            tx.commit().await?;
        }
    }
}
