//! The fetcher: one loop a process which claims for all its pools, when there is a reason to look.
//!
//! Reasons: a bell in this process (at once when the ringer has committed, else several probes), a NOTIFY, a slot that
//! became free where more was waiting, a job that falls due, and the jittered poll behind them all.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use tokio::{
    sync::{Notify, broadcast, mpsc},
    time::Instant,
};

use crate::{
    backend::Slotted,
    claim::{self, Claimed},
    doorbell::{Bell, PROBES},
    engine::Shared,
    job::Pool,
};

/// How other parts call the fetcher.
#[derive(Debug, Default)]
pub(crate) struct Wake {
    notify: Notify,
    /// A look is wanted whatever the fetcher believes.
    look: AtomicBool,
}

impl Wake {
    /// There may be due jobs.
    pub fn now(&self) {
        self.look.store(true, Ordering::SeqCst);
        self.notify.notify_one();
    }

    /// A slot is free: worth a look only if more was waiting.
    pub fn slot_free(&self) {
        self.notify.notify_one();
    }
}

/// When to look next, and why.
struct Plan {
    /// Something is known or likely to be due.
    look: bool,
    poll_at: Instant,
    due_at: Option<Instant>,
    /// Probes after a bell that may have rung before its commit: (base, next index).
    probe: Option<(Instant, usize)>,
    /// A claim failed: it may have been carried out all the same.
    strays: bool,
    /// More may be waiting than there were slots: a free slot is a reason to look.
    more: bool,
}

impl Plan {
    fn next(&self) -> Instant {
        let probe = self.probe.map(|(base, at)| base + PROBES[at]);
        [Some(self.poll_at), self.due_at, probe]
            .into_iter()
            .flatten()
            .min()
            .unwrap_or(self.poll_at)
    }

    fn due(&mut self, now: Instant) -> bool {
        let mut look = std::mem::take(&mut self.look);
        look |= now >= self.poll_at || self.due_at.is_some_and(|at| now >= at);
        if let Some((base, at)) = self.probe
            && now >= base + PROBES[at]
        {
            look = true;
            self.probe = (at + 1 < PROBES.len()).then_some((base, at + 1));
        }
        look
    }

    fn heard(&mut self, bell: Bell) {
        if bell.committed {
            self.look = true;
        } else {
            // From the newest bell on, but never later than the probe that is already near.
            self.probe = Some((Instant::now(), 0));
        }
    }
}

pub(crate) async fn run(
    shared: Arc<Shared>,
    lines: HashMap<&'static str, mpsc::UnboundedSender<Slotted>>,
    mut bells: broadcast::Receiver<Bell>,
) {
    let mut plan = Plan {
        look: true,
        poll_at: Instant::now() + jittered(shared.config.poll),
        due_at: None,
        probe: None,
        strays: false,
        more: false,
    };
    let mut failures = 0_u32;
    loop {
        let now = Instant::now();
        let called = shared.wake.look.swap(false, Ordering::SeqCst);
        if plan.due(now) || called || plan.more {
            match look(&shared, &lines, &mut plan).await {
                Ok(()) => failures = 0,
                Err(error) => {
                    // The database is away: jobs that run go on, and we look again soon.
                    failures += 1;
                    let wait = crate::backoff(failures);
                    tracing::warn!(%error, retry_in_ms = wait.as_millis(), "could not claim jobs");
                    metrics::counter!("kazi_queue_database_errors_total", "part" => "claim")
                        .increment(1);
                    tokio::select! {
                        () = shared.stopping.cancelled() => break,
                        () = tokio::time::sleep(wait) => {}
                    }
                    plan.look = true;
                    plan.strays = true;
                    continue;
                }
            }
        }
        tokio::select! {
            biased;
            () = shared.stopping.cancelled() => break,
            bell = bells.recv() => match bell {
                Ok(bell) if lines.contains_key(bell.pool.name()) => plan.heard(bell),
                Ok(_) => {}
                // Rung faster than we listen: look.
                Err(broadcast::error::RecvError::Lagged(_)) => plan.look = true,
                Err(broadcast::error::RecvError::Closed) => break,
            },
            () = shared.wake.notify.notified() => {}
            () = std::future::ready(()), if plan.look => {}
            () = tokio::time::sleep_until(plan.next()) => {}
        }
        // Bells come in bursts: hear them all before the next look.
        while let Ok(bell) = bells.try_recv() {
            if lines.contains_key(bell.pool.name()) {
                plan.heard(bell);
            }
        }
    }
}

/// Claims for the free slots and hands the jobs to the workers.
async fn look(
    shared: &Shared,
    lines: &HashMap<&'static str, mpsc::UnboundedSender<Slotted>>,
    plan: &mut Plan,
) -> Result<(), sqlx::Error> {
    let mut wanted: Vec<(Pool, i32)> = Vec::with_capacity(lines.len());
    let mut full = false;
    for (pool, _) in &shared.config.pools {
        let free = shared
            .slots
            .get(pool.name())
            .map_or(0, |slots| slots.available_permits());
        full |= free == 0;
        if free > 0 {
            wanted.push((*pool, i32::try_from(free.min(BATCH)).unwrap_or(i32::MAX)));
        }
    }
    plan.more = full;
    // Nothing is claimed without a slot, nor on a lease that may be gone; a slot or a heartbeat wakes us.
    if wanted.is_empty() || shared.lease_is_over() {
        return Ok(());
    }
    let mut conn = shared.db.acquire().await?;
    if plan.strays {
        let strays = claim::put_back_strays(&mut conn, shared.me(), &shared.in_hand()).await?;
        plan.strays = false;
        if strays > 0 {
            tracing::warn!(
                jobs = strays,
                "put back jobs whose claim was lost with its connection"
            );
        }
    }
    let claimed = claim::claim(&mut conn, shared.me(), &wanted, None).await?;
    let filled = wanted.iter().any(|(pool, slots)| {
        let got = claimed.iter().filter(|job| job.pool == pool.name()).count();
        i32::try_from(got).is_ok_and(|got| got >= *slots)
    });
    plan.more |= filled;
    plan.poll_at = Instant::now() + jittered(shared.config.poll);
    if !claimed.is_empty() {
        #[expect(
            clippy::cast_precision_loss,
            reason = "a batch has at most a few thousand jobs"
        )]
        metrics::histogram!("kazi_queue_claim_batch_size").record(claimed.len() as f64);
    }
    hand_over(shared, lines, claimed);
    if !filled {
        let pools: Vec<Pool> = wanted.iter().map(|(pool, _)| *pool).collect();
        plan.due_at = claim::next_due(&mut conn, &pools)
            .await?
            .filter(|secs| *secs < shared.config.poll.as_secs_f64() * 2.0)
            .map(|secs| Instant::now() + Duration::from_secs_f64(secs.max(0.0)));
    }
    Ok(())
}

/// The most that one claim asks for in one pool.
const BATCH: usize = 1_000;

fn hand_over(
    shared: &Shared,
    lines: &HashMap<&'static str, mpsc::UnboundedSender<Slotted>>,
    claimed: Vec<Claimed>,
) {
    for job in claimed {
        let (Some(line), Some(slots)) = (
            lines.get(job.pool.as_str()),
            shared.slots.get(job.pool.as_str()),
        ) else {
            continue;
        };
        // Only the fetcher takes slots, and it claimed no more than were free.
        if let Ok(slot) = slots.clone().try_acquire_owned() {
            let stop = shared.take_in_hand(&job);
            let _ = line.send(Slotted { job, stop, slot });
        }
    }
}

fn jittered(poll: Duration) -> Duration {
    poll.mul_f64(0.75 + 0.5 * rand::random::<f64>())
}
