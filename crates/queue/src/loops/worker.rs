//! Runs one claimed job for apalis.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use tokio::time::Instant;

use super::{backend::Slotted, figures::Labels, run, shared::Shared};
use crate::{
    registry::Registry,
    store,
    types::{Claimed, Outcome, class},
};

/// Runs one claimed job and sends its ack to the ack loop.
pub(crate) async fn execute<C: Clone + Send + Sync + 'static>(
    shared: Arc<Shared>,
    registry: Registry<C>,
    context: C,
    slotted: Slotted,
) {
    let Slotted {
        mut job,
        stop,
        slot,
    } = slotted;
    // This process may have been frozen since the claim. Then the lease may be gone, and nothing is started.
    if shared.lease_is_over() {
        shared.let_go([(job.id, job.lease)]);
        return;
    }
    if shared.stopping.is_cancelled() {
        let _ = shared.acks.send(job.ack(Outcome::HandBack));
        return;
    }
    // Only registered kinds are claimed, so this does not happen.
    let Some(kind) = registry.get(&job.kind) else {
        let _ = shared.acks.send(job.ack(Outcome::HandBack));
        return;
    };
    let labels = Labels {
        kind: kind.name,
        pool: kind.pool.name(),
        lane: class(&job.lane),
    };
    labels.waited(&job);
    let started = Instant::now();
    let ended = run::run(kind, context, &mut job, &stop).await;
    labels.ended(&ended, started.elapsed());
    shared.ended.count(&job.pool);
    if let Some(class) = &ended.class {
        tracing::warn!(
            kind = kind.name,
            job = job.id,
            attempt = job.attempt,
            of = job.max_attempts,
            outcome = ended.label,
            class,
            "a job failed"
        );
    }
    if let Some(until) = ended.park {
        // The lane is parked before the ack, so the next claim finds it parked. If parking fails, the next job will ask
        // for it again.
        if let Err(error) = park(&shared, &job, until).await {
            tracing::warn!(%error, lane = %job.lane, "could not park the lane");
        }
    }
    match ended.outcome {
        Some(outcome) => {
            let _ = shared.acks.send(job.ack(outcome));
        }
        None => shared.let_go([(job.id, job.lease)]),
    }
    drop(slot);
    // The jobs that this job enqueued are committed by now, and a slot is free.
    shared.wake.slot_free();
}

async fn park(shared: &Shared, job: &Claimed, until: DateTime<Utc>) -> Result<(), sqlx::Error> {
    store::lanes::park(
        &mut *shared.db.acquire().await?,
        &job.pool,
        &job.lane,
        until,
    )
    .await
}
