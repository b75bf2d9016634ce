//! Looking at jobs and stepping in: list, show, why, retry, cancel. For the command line and the API of operators, and for
//! programs that look for rows whose job is gone ([`about`]).

use sqlx::PgConnection;

pub use crate::{
    store::{
        about::{About, about},
        batch::{BatchView, view as batch},
        cancel::discard,
        dead::{DeadFilter, DeadGroup, dead, dead_groups, replay, retry},
        errors::{ErrorGroup, errors},
        list::{JobFilter, JobView, Listed, by_trace, list},
        pools::{PoolView, pools},
        processes::{ProcessPool, ProcessView, processes},
        show::{JobDetail, Stepped, show},
        why::{Wait, why},
    },
    types::State,
};

use crate::{
    bells, enqueue,
    registry::Registry,
    store,
    types::{EnqueueError, Enqueued, JobId},
};

/// Cancels a job: a waiting one at once, a running one by asking its process to stop it. A dead letter is thrown away,
/// and its record stays with those of the cancelled jobs. Call it in a transaction: the steps belong together.
pub async fn cancel(conn: &mut PgConnection, id: JobId) -> Result<Stepped, sqlx::Error> {
    let (stepped, woken) = store::cancel::cancel(conn, id).await?;
    bells::enqueued_at(woken);
    Ok(stepped)
}

/// Enqueues a job by the name of its kind, for the command line. The kind checks the payload first.
///
/// # Errors
/// The kind is not registered, it refuses the payload, or as [`crate::Job::enqueue`].
pub async fn enqueue_raw<C: Clone + Send + Sync + 'static>(
    conn: &mut PgConnection,
    registry: &Registry<C>,
    kind: &str,
    payload: serde_json::Value,
) -> Result<Enqueued, EnqueueError> {
    let prepared = registry.prepare(kind, payload)?;
    enqueue::insert_one(conn, prepared).await
}
