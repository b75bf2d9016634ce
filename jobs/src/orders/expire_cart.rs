//! Abandons a cart that its customer has not touched for a long time.

use chrono::TimeDelta;
use kazi_platform::WorkspaceId;
use kazi_queue::{Job, JobError, Options, Pool, Running, Unique};
use serde::{Deserialize, Serialize};

use super::{CartId, store::carts as store};
use crate::{Context, Work, pools};

/// Days without a change after which a cart is abandoned.
pub(super) const KEPT: TimeDelta = TimeDelta::days(7);

/// [`Sweep`](super::Sweep) enqueues this job.
#[derive(Debug, Serialize, Deserialize)]
pub struct ExpireCart {
    pub workspace: WorkspaceId,
    pub cart: CartId,
}

impl Job for ExpireCart {
    type Context = Context;
    const NAME: &'static str = "orders.expire_cart";
    const POOL: Pool = pools::DEFAULT;

    fn options(&self) -> Options {
        Options::default()
            .tenant(self.workspace)
            .unique(self.cart.to_string(), Unique::WhileUnfinished)
    }

    async fn run(&self, ctx: &Context, _: &Running) -> Result<(), JobError> {
        let since = ctx.clock.now() - KEPT;
        let mut work = Work::of(ctx, self.workspace).await?;
        // A cart that was touched meanwhile stays.
        let items = store::abandon(&mut work, self.cart, since).await?;
        work.commit().await?;
        if items.is_some_and(|items| items > 0) {
            metrics::counter!("kazi_orders_carts_abandoned_total").increment(1);
        }
        Ok(())
    }
}
