//! Ends a session that must not be paid: that of a withdrawn payment, or a second one.

use kazi_clients::stripe::Error;
use kazi_platform::WorkspaceId;
use kazi_queue::{Job, JobError, Options, Pool, Retry, Running, Unique};
use serde::{Deserialize, Serialize};

use super::{
    PATIENTLY, PaymentAccountId, PaymentId, accounts,
    apply_event::fetch,
    settle::{Desk, settle},
    store::{self, By},
};
use crate::{Context, Work, pools};

#[derive(Debug, Serialize, Deserialize)]
pub struct ExpireSession {
    pub workspace: WorkspaceId,
    pub account: PaymentAccountId,
    pub payment: PaymentId,
    /// `cs_…`
    pub session: String,
}

impl Job for ExpireSession {
    type Context = Context;
    const NAME: &'static str = "payments.expire_session";
    const POOL: Pool = pools::PAYMENTS;
    const RETRY: Retry = PATIENTLY;

    fn options(&self) -> Options {
        Options::default()
            .tenant(self.workspace)
            .lane(self.account.to_string())
            .unique(self.session.clone(), Unique::WhileUnfinished)
    }

    async fn run(&self, ctx: &Context, _: &Running) -> Result<(), JobError> {
        let (_, stripe) = accounts::open(ctx, self.workspace, self.account).await?;
        let key = format!("expire-{}", self.session);
        match stripe.expire_session(&self.session, &key).await {
            // Stripe refuses because the session is paid or has ended, so its state must be read now.
            Ok(_) | Err(Error::Refused(_)) => {}
            Err(error) => {
                return Err(accounts::failed(ctx, self.workspace, self.account, error).await);
            }
        }
        let seen = fetch(&stripe, &self.session).await;
        let fetched = match seen {
            Ok(fetched) => fetched,
            Err(Error::Refused(refusal)) if refusal.is_missing() => return Ok(()),
            Err(error) => {
                return Err(accounts::failed(ctx, self.workspace, self.account, error).await);
            }
        };
        let desk = Desk {
            now: ctx.clock.now(),
            workspace: self.workspace,
            account: self.account,
            reconciliation: None,
        };
        let mut work = Work::of(ctx, self.workspace).await?;
        let held = store::hold(&mut work, By::Id(self.payment)).await?;
        if let Some(row) = held {
            settle(&mut work, desk, row, fetched.seen()).await?;
            work.commit().await?;
        }
        Ok(())
    }
}
