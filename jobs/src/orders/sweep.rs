//! Finds what time has passed over: carts that were forgotten, and orders whose [`Expire`] has come to nothing.

use kazi_platform::{Timestamp, database};
use kazi_queue::{Job, JobError, Pool, Running};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

use super::{Expire, ExpireCart, expire, expire_cart, store};
use crate::{Context, pools};

/// What one run looks at of each kind: the next one comes soon.
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
        // Of all workspaces: time passes in all of them. What is found is worked on in its own.
        let mut tx = database::platform(&ctx.db).await?;
        let carts = store::carts::untouched(&mut tx, now - expire_cart::KEPT, BATCH).await?;
        for (workspace, cart) in carts {
            ExpireCart { workspace, cart }.enqueue(&mut tx).await?;
        }
        // While an order's own job is there, its unique key makes this one a quiet no-op.
        for (workspace, order) in store::overdue(&mut tx, now - expire::GRACE, BATCH).await? {
            Expire { workspace, order }.enqueue(&mut tx).await?;
        }
        tx.commit().await?;
        Ok(())
    }
}

/// How many orders are neither paid nor ended though their time is over, up to a thousand: more than a few for more than a
/// few minutes means that jobs do not run. Of all workspaces, in the platform's transaction.
///
/// # Errors
/// The database failed.
pub async fn count_overdue(conn: &mut PgConnection, now: Timestamp) -> Result<i64, sqlx::Error> {
    let overdue = store::overdue(conn, now - expire::GRACE, BATCH).await?;
    Ok(i64::try_from(overdue.len()).unwrap_or(BATCH))
}
