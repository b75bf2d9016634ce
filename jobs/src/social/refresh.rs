//! Checks the accounts' tokens every day. Instagram's tokens are renewed before they end. For tokens that only a person
//! can renew, the admins are notified in time.

use std::time::Duration;

use chrono::TimeDelta;
use kazi_clients::social::{Error, Reaction};
use kazi_platform::{WorkspaceId, database};
use kazi_queue::{Job, JobError, Pool, Running, Unique, enqueue_all};
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use super::{AccountId, Network, accounts, store};
use crate::{Context, Work, notifications::Kind, pools};

/// Time before a token's end at which it is renewed, or the admins are notified.
const AHEAD: TimeDelta = TimeDelta::days(14);
/// Time between two notifications of the admins.
const AGAIN: TimeDelta = TimeDelta::days(3);
/// Accounts in one transaction.
const PAGE: i64 = 500;
const PATIENCE: Duration = Duration::from_secs(20);

/// Checks one account's token, and renews it in time.
#[derive(Debug, Serialize, Deserialize)]
pub struct RefreshToken {
    pub workspace: WorkspaceId,
    pub account: AccountId,
}

impl Job for RefreshToken {
    type Context = Context;
    const NAME: &'static str = "social.refresh_token";
    const POOL: Pool = pools::SOCIAL;

    fn options(&self) -> kazi_queue::Options {
        kazi_queue::Options::default()
            .tenant(self.workspace)
            .lane(self.account.to_string())
            .unique(self.account.to_string(), Unique::WhileUnfinished)
    }

    async fn run(&self, ctx: &Context, _: &Running) -> Result<(), JobError> {
        let (workspace, id, now) = (self.workspace, self.account, ctx.clock.now());
        let mut work = Work::of(ctx, workspace).await?;
        let account = store::connected(&mut work, &ctx.keyring, id).await;
        // No connection is held while the network answers.
        drop(work);
        let account = account.map_err(|error| JobError::retry("token", error))?;
        let Some(account) = account else {
            return Ok(());
        };
        let asked =
            accounts::profile(ctx, account.network, &account.external_id, &account.token).await;
        let profile = match asked {
            Ok(profile) => profile,
            Err(Error::Rejected(rejection))
                if matches!(
                    rejection.reaction(),
                    Reaction::Credential | Reaction::Permission
                ) =>
            {
                let mut work = Work::of(ctx, workspace).await?;
                let words = rejection.to_string();
                accounts::refuse(&mut work, id, &words, &account.token).await?;
                return Ok(work.commit().await?);
            }
            // Nothing is known of the token.
            Err(error) => return Err(JobError::retry("network", error)),
        };
        let ends_soon = account.token_expires_at.filter(|at| *at < now + AHEAD);
        let mut fresh = None;
        if ends_soon.is_some() && account.network == Network::Instagram {
            let client = accounts::instagram(ctx, &account.external_id, &account.token, PATIENCE);
            // A new token that is lost on the way does no harm: the old one works until its end and can be renewed
            // again.
            match client.refresh().await {
                Ok(token) => fresh = Some(token),
                Err(error) => {
                    tracing::warn!(account.id = %id, %error, "a token could not be renewed")
                }
            }
        }
        let mut work = Work::of(ctx, workspace).await?;
        if let Some(fresh) = fresh {
            let end = TimeDelta::from_std(fresh.expires_in)
                .ok()
                .map(|life| now + life);
            store::set_token(&mut work, &ctx.keyring, id, (&fresh.token, end))
                .await
                .map_err(|error| JobError::retry("token", error))?;
        } else {
            store::set_checked(&mut work, id, profile.name.as_deref()).await?;
            let told = account.warned_at.is_some_and(|at| at + AGAIN > now);
            if let Some(at) = ends_soon.filter(|_| !told) {
                let name = profile.name.as_deref().unwrap_or(&account.external_id);
                let title = format!(
                    "The token of {name} ends on {}: connect the account anew",
                    at.format("%Y-%m-%d")
                );
                accounts::tell(
                    &mut work,
                    Kind::SOCIAL_ACCOUNT,
                    &title,
                    &json!({"account": id}),
                )
                .await?;
                store::set_warned(&mut work, id).await?;
            }
        }
        Ok(work.commit().await?)
    }
}

/// Enqueues the checks of all accounts. Runs once a day.
#[derive(Debug, Serialize, Deserialize)]
pub struct RenewTokens {}

impl Job for RenewTokens {
    type Context = Context;
    const NAME: &'static str = "social.renew_tokens";
    const POOL: Pool = pools::DEFAULT;

    async fn run(&self, ctx: &Context, _: &Running) -> Result<(), JobError> {
        let mut after = Uuid::nil();
        loop {
            // The transaction sees the accounts of all workspaces. After a crash the next run starts again; a job that
            // waits is not enqueued twice.
            let mut tx = database::platform(&ctx.db).await?;
            let page = store::active(&mut tx, after, PAGE).await?;
            let Some((_, last)) = page.last() else {
                return Ok(());
            };
            after = last.uuid();
            let jobs: Vec<RefreshToken> = page
                .into_iter()
                .map(|(workspace, account)| RefreshToken { workspace, account })
                .collect();
            enqueue_all(&mut tx, &jobs).await?;
            tx.commit().await?;
        }
    }
}
