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

/// Runs one claimed job and sends its ack on its way.
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
    // Nothing is started on a lease that may be gone: this process may have been frozen since the claim.
    if shared.lease_is_over() {
        shared.let_go([(job.id, job.lease)]);
        return;
    }
    if shared.stopping.is_cancelled() {
        let _ = shared.acks.send(job.ack(Outcome::HandBack));
        return;
    }
    // Only registered kinds are claimed.
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
        // Before the ack: whoever claims next finds the lane parked. If it fails, the next job says the same.
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
    // What the job enqueued is committed by now, and a slot is free.
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
