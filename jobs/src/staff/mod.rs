//! What the platform's staff does with a workspace, and with the platform's settings.
//!
//! The staff sees who uses the platform and how much, and never what a business and its customers say to each other.
//! [`operate`] has what it does with the queue.

mod masked;
pub mod operate;

use chrono::TimeDelta;
use kazi_platform::{WorkspaceId, actor::Actor, invalid::Invalid};
use kazi_queue::{cron::CronError, lanes::LimitError};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use crate::{
    Across, Work,
    audit::{self, Change},
    channels::{self, ChannelError},
    domain::Domain,
    usage::{self, ChargeKind, Prices},
    violations::Violations,
    workspaces,
};

pub(crate) const DOMAIN: Domain = Domain {
    name: "staff",
    floor: 8,
    ..Domain::NONE
};

/// Why the channels of a suspended workspace are paused. By this its reactivation finds them.
const SUSPENDED: &str = "the workspace is suspended";
/// The subject of what is done with no workspace.
pub const PLATFORM: (&str, WorkspaceId) = ("platform", WorkspaceId::PLATFORM);
/// Characters of a reason.
const MAX_REASON: usize = 500;

/// What holds for the whole platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PlatformSettings)]
pub struct Settings {
    /// What billable use costs. New prices hold for what is used from now on.
    pub usage_prices: Prices,
}

#[derive(Debug, thiserror::Error)]
pub enum StaffError {
    #[error("there is no such thing")]
    NotFound,
    /// The job is in a state that does not allow the step.
    #[error("the job is not in a state for this")]
    NotNow,
    #[error(transparent)]
    Invalid(#[from] Invalid),
    #[error(transparent)]
    Channel(#[from] ChannelError),
    #[error(transparent)]
    Limit(#[from] LimitError),
    #[error(transparent)]
    Schedule(#[from] CronError),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// Suspends a workspace: its members, keys and customers are refused, its channels send nothing, and the bot is silent.
/// What customers write is kept. A suspended one stays as it is.
pub async fn suspend(work: &mut Work, reason: &str) -> Result<(), StaffError> {
    check_reason(reason)?;
    if !workspaces::hold(work).await? {
        return Err(StaffError::NotFound);
    }
    if workspaces::suspension(work).await?.is_some() {
        return Ok(());
    }
    workspaces::set_suspension(work, Some(reason)).await?;
    for channel in channels::list(work.conn()).await? {
        if channel.status == "active" {
            channels::stop(work, channel.id, SUSPENDED).await?;
        }
    }
    let before = json!({"suspended_at": null, "suspended_reason": null});
    let after = json!({"suspended_at": work.now(), "suspended_reason": reason});
    let subject = ("workspace", work.workspace());
    let change = Change::updated("workspaces.suspend", subject, &before, &after);
    work.audit(&change).await?;
    Ok(())
}

fn check_reason(reason: &str) -> Result<(), Invalid> {
    let mut violations = Violations::default();
    violations.text("/reason", reason, 1, MAX_REASON);
    violations.end()
}

/// Ends a suspension. The channels that it has paused send again, first what has waited.
pub async fn reactivate(work: &mut Work) -> Result<(), StaffError> {
    if !workspaces::hold(work).await? {
        return Err(StaffError::NotFound);
    }
    let Some((at, reason)) = workspaces::suspension(work).await? else {
        return Ok(());
    };
    workspaces::set_suspension(work, None).await?;
    for channel in channels::list(work.conn()).await? {
        if channel.status == "paused" && channel.status_reason.as_deref() == Some(SUSPENDED) {
            channels::resume(work, channel.id).await?;
        }
    }
    let before = json!({"suspended_at": at, "suspended_reason": reason});
    let after = json!({"suspended_at": null, "suspended_reason": null});
    let subject = ("workspace", work.workspace());
    let change = Change::updated("workspaces.reactivate", subject, &before, &after);
    work.audit(&change).await?;
    Ok(())
}

pub async fn settings(across: &mut Across) -> Result<Settings, StaffError> {
    let now = across.now();
    let usage_prices = usage::prices(across.conn(), now).await?;
    Ok(Settings { usage_prices })
}

/// Changes the settings. They hold from now on.
pub async fn set_settings(across: &mut Across, new: &Settings) -> Result<Settings, StaffError> {
    new.usage_prices.check("/usage_prices")?;
    let (before, now) = (settings(across).await?, across.now());
    let (was, is) = (before.usage_prices, new.usage_prices);
    for (kind, was, is) in [
        (ChargeKind::Question, was.question_micro, is.question_micro),
        (ChargeKind::Push, was.push_micro, is.push_micro),
    ] {
        if was != is {
            usage::set_price(across.conn(), kind, now, is).await?;
        }
    }
    let change = Change::updated("staff.set_settings", PLATFORM, &before, new);
    note(across, &change).await?;
    Ok(*new)
}

/// Records what the staff does, also when it only looks.
pub async fn note(across: &mut Across, change: &Change) -> Result<(), sqlx::Error> {
    let actor: Actor = across.actor().clone();
    audit::record(across.conn(), None, &actor, change).await
}

/// One record stands for all looks of this time at a page that looks again by itself.
const WATCH: TimeDelta = TimeDelta::minutes(15);

/// Records that the staff watches a page: its looks come every few seconds, and a record for each would bury the others.
/// A look at another thing has a record of its own.
pub async fn note_watching(across: &mut Across, look: &Change) -> Result<(), sqlx::Error> {
    let (actor, since) = (across.actor().clone(), across.now() - WATCH);
    if audit::has_of_staff(across.conn(), &actor, look, since).await? {
        return Ok(());
    }
    note(across, look).await
}

#[cfg(test)]
mod tests;
