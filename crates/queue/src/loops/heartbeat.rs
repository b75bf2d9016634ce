//! The heartbeat: says that the process lives, learns which jobs to cancel, and takes back the jobs of dead processes.

use std::sync::{Arc, PoisonError, atomic::Ordering};

use tokio::time::{Instant, MissedTickBehavior};
use tokio_util::sync::CancellationToken;

use super::{connection::Own, reap::reap, shared::Shared, stop::Why};
use crate::{
    bells,
    store::process::{self, Beat},
};

pub(crate) async fn run(shared: Arc<Shared>, stop: CancellationToken) {
    let mut own = Own::new(&shared.db);
    let mut ticks = tokio::time::interval(shared.config.heartbeat);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = ticks.tick() => {}
        }
        if let Err(error) = beat(&shared, &mut own).await {
            own.lose();
            // The lease may run out meanwhile. The fences hold then.
            tracing::warn!(%error, "the heartbeat did not reach the database");
            metrics::counter!("kazi_queue_database_errors_total", "part" => "heartbeat")
                .increment(1);
        }
    }
}

async fn beat(shared: &Shared, own: &mut Own) -> Result<(), sqlx::Error> {
    let me = shared.me();
    let started = Instant::now();
    let in_hand: Vec<i64> = shared.in_hand().into_iter().map(|(id, _)| id).collect();
    let rates = shared.rates(started);
    let mut silent = true;
    match process::beat(own.get().await?, me, shared.config.lease, &in_hand, &rates).await? {
        Beat::Alive {
            others,
            rows,
            cancel,
        } => {
            silent = rows > 0;
            let late = {
                let mut beaten = shared.beaten.lock().unwrap_or_else(PoisonError::into_inner);
                let late = beaten.elapsed() >= shared.config.lease;
                *beaten = started;
                late
            };
            shared.others.store(others > 0, Ordering::Relaxed);
            shared.stop(Some(&cancel), Why::Cancelled);
            if late {
                // Nothing was claimed since, and the jobs are still ours.
                shared.wake.now();
            }
        }
        Beat::Lost => {
            tracing::error!(
                process = me,
                "the lease was lost: this process was silent for too long; its jobs are run by others now"
            );
            metrics::counter!("kazi_queue_leases_lost_total").increment(1);
            shared.stop(None, Why::LeaseLost);
            let process = process::register(&shared.db, &shared.config, &shared.kinds).await?;
            shared.process.store(process, Ordering::SeqCst);
            *shared.beaten.lock().unwrap_or_else(PoisonError::into_inner) = started;
            shared.wake.now();
        }
    }
    if !silent {
        return Ok(());
    }
    bells::ready(reap(&shared.db, shared.me(), shared.config.lease).await?);
    Ok(())
}
