//! Lets what has paused for credits go on when credits have come.

use std::time::Duration;

use kazi_platform::WorkspaceId;
use kazi_queue::{Job, JobError, Options, Pool, Retry, Running};
use serde::{Deserialize, Serialize};

use crate::{
    Context, Work,
    domain::{Future, offers},
    pools,
};

/// The reason of what is paused until credits come.
pub(crate) const NO_CREDITS: &str = "credits";

/// The function of a domain that pauses for credits. It runs in transactions of its own, one for each thing that goes on:
/// the thing's row is locked before the account.
#[derive(Clone, Copy)]
pub(crate) struct Hooks {
    pub go_on: for<'a> fn(&'a Context, WorkspaceId) -> Future<'a, Result<(), JobError>>,
}

/// Not unique: a job that has looked already must not swallow the one of credits that come now.
#[derive(Debug, Serialize, Deserialize)]
pub struct GoOn {
    pub workspace: WorkspaceId,
}

impl GoOn {
    pub(super) const fn of(work: &Work) -> Self {
        Self {
            workspace: work.workspace(),
        }
    }
}

impl Job for GoOn {
    type Context = Context;
    const NAME: &'static str = "credits.go_on";
    const POOL: Pool = pools::BULK;
    const RETRY: Retry =
        Retry::exponential(Duration::from_secs(1), Duration::from_secs(60)).attempts(50);
    const TIMEOUT: Duration = Duration::from_secs(300);

    fn options(&self) -> Options {
        Options::default().tenant(self.workspace)
    }

    async fn run(&self, ctx: &Context, _: &Running) -> Result<(), JobError> {
        for hooks in offers::<Hooks>() {
            (hooks.go_on)(ctx, self.workspace).await?;
        }
        Ok(())
    }
}
