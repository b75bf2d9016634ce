//! Finds forgotten carts, and orders whose [`Expire`] was lost.

use kazi_platform::{Timestamp, database};
use kazi_queue::{Job, JobError, Pool, Running};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

use super::{Expire, ExpireCart, expire, expire_cart, store};
use crate::{Context, pools};

/// The most rows of each kind in one run. The next run comes soon.
const BATCH: i64 = 1_000;

/// Runs every ten minutes.
#[derive(Debug, Serialize, Deserialize)]
pub struct Sweep {}

impl Job for Sweep {
    type Context = Context;
    const NAME: &'static str = "orders.sweep";
    const POOL: Pool = pools::DEFAULT;

    async fn run(&self, ctx: &Context, _: &Running) -> Result<(), JobError> {
        let now = ctx.clock.now();
        // The transaction sees all workspaces. Each find is handled in its own workspace.
        let mut tx = database::platform(&ctx.db).await?;
        let carts = store::carts::untouched(&mut tx, now - expire_cart::KEPT, BATCH).await?;
        for (workspace, cart) in carts {
            ExpireCart { workspace, cart }.enqueue(&mut tx).await?;
        }
        // While an order's own job waits, its unique key makes this one a no-op.
        for (workspace, order) in store::overdue(&mut tx, now - expire::GRACE, BATCH).await? {
            Expire { workspace, order }.enqueue(&mut tx).await?;
        }
        tx.commit().await?;
        Ok(())
    }
}

/// Counts orders, up to a thousand, that are neither paid nor ended after their payment time. More than a few for more
/// than a few minutes means that jobs do not run. Covers all workspaces, in the platform's transaction.
pub async fn count_overdue(conn: &mut PgConnection, now: Timestamp) -> Result<i64, sqlx::Error> {
    let overdue = store::overdue(conn, now - expire::GRACE, BATCH).await?;
    Ok(i64::try_from(overdue.len()).unwrap_or(BATCH))
}
