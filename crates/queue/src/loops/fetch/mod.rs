//! The fetcher: one loop a process. It claims for all pools, when there is a reason to look.
//!
//! Reasons: a bell in this process (several probes, or one look if the ringer has committed), a NOTIFY, a free slot while
//! more jobs were waiting, a scheduled job that is due, and the jittered poll behind them all.

mod hint;
mod known;
mod plan;

use std::{collections::HashMap, sync::Arc};

use plan::Plan;
use sqlx::PgConnection;
use tokio::{
    sync::{broadcast, mpsc},
    time::Instant,
};

use super::{backend::Slotted, connection::Own, figures, shared::Shared};
use crate::{
    bells::Bell,
    store::{claim, due, lanes, strays, sweep, waits},
    types::{Claimed, LimitError, Pool, backoff},
};

type Lines = HashMap<&'static str, mpsc::UnboundedSender<Slotted>>;

/// Runs until the engine stops. `lines` lead to the workers of each pool.
pub(crate) async fn run(shared: Arc<Shared>, lines: Lines, mut bells: broadcast::Receiver<Bell>) {
    let mut plan = Plan::new(shared.config.poll);
    let mut own = Own::new(&shared.db);
    let served = |pool: &str| lines.contains_key(pool);
    let mut failures = 0_u32;
    loop {
        let now = Instant::now();
        plan.answer(&shared.wake, now);
        if plan.is_due(now, shared.poll()) {
            match look(&shared, &mut own, &lines, &mut plan).await {
                Ok(claimed) => {
                    failures = 0;
                    plan.looked(claimed);
                }
                Err(error) => {
                    // The database is away: jobs that run go on, and we look again soon.
                    failures += 1;
                    own.lose();
                    let wait = backoff(failures);
                    tracing::warn!(%error, retry_in_ms = wait.as_millis(), "could not claim jobs");
                    metrics::counter!("kazi_queue_database_errors_total", "part" => "claim")
                        .increment(1);
                    tokio::select! {
                        () = shared.stopping.cancelled() => break,
                        () = tokio::time::sleep(wait) => {}
                    }
                    plan.failed();
                    continue;
                }
            }
        }
        tokio::select! {
            biased;
            () = shared.stopping.cancelled() => break,
            bell = bells.recv() => match bell {
                Ok(bell) => plan.heard(&bell, &served),
                // The bells rang faster than we listen.
                Err(broadcast::error::RecvError::Lagged(_)) => plan.look_everywhere(),
                Err(broadcast::error::RecvError::Closed) => break,
            },
            () = shared.wake.notify.notified() => {}
            () = std::future::ready(()), if plan.wants_look() => {}
            () = tokio::time::sleep_until(plan.next(Instant::now())) => {}
        }
        // Bells come in bursts: hear them all before the next look.
        while let Ok(bell) = bells.try_recv() {
            plan.heard(&bell, &served);
        }
    }
}

/// Claims for the free slots and hands the jobs to the workers. Answers how many.
async fn look(
    shared: &Shared,
    own: &mut Own,
    lines: &Lines,
    plan: &mut Plan,
) -> Result<usize, sqlx::Error> {
    let now = Instant::now();
    let pools: Vec<Pool> = shared.config.pools.iter().map(|(pool, _)| *pool).collect();
    let slots = |pool: &Pool| {
        let slots = shared.slots.get(pool.name());
        slots.map_or(0, |slots| slots.available_permits())
    };
    let mut free: Vec<(Pool, usize)> = pools.iter().map(|pool| (*pool, slots(pool))).collect();
    plan.begin(&free, now);
    if free.iter().all(|(_, slots)| *slots == 0) || shared.lease_is_over() {
        plan.cannot_claim(now);
        return Ok(0);
    }
    let conn = own.get().await?;
    if plan.take_due(now) {
        plan.add(&due::ripen(&mut *conn, &pools, None).await?);
    }
    if plan.house_is_due(now) {
        keep_house(shared, &mut *conn, &pools, plan).await?;
    }
    if plan.may_sweep(now) {
        let began = Instant::now();
        let swept = sweep::sweep(&mut *conn, &pools).await?;
        plan.next_due(swept.next_due, shared.config.poll);
        plan.swept(&swept, began, shared.poll());
    }
    give_defaults(shared, &mut *conn, plan).await?;
    let mut total = 0;
    for counted in [false, true] {
        let asks = plan.asks(&free, counted, now);
        if asks.is_empty() {
            continue;
        }
        let claimed = claim::claim(&mut *conn, shared.me(), &asks, &shared.kinds, counted).await?;
        for (pool, slots) in &mut free {
            let taken = claimed.iter().filter(|job| job.pool == pool.name()).count();
            *slots -= taken.min(*slots);
        }
        let limited = plan.limited(&asks);
        let mut waits = HashMap::new();
        if !limited.is_empty() {
            waits = waits::waits(&mut *conn, &limited).await?;
        }
        plan.settle(&asks, &claimed, &waits);
        figures::claimed(&claimed);
        total += claimed.len();
        hand_over(shared, lines, claimed);
    }
    let after = Instant::now();
    plan.end(&free, after);
    if plan.asks_next_due(after) {
        plan.next_due(due::next_due(&mut *conn, &pools).await?, shared.config.poll);
    }
    Ok(total)
}

/// Puts strays back and reads the limits: every few seconds, and after anything went wrong.
async fn keep_house(
    shared: &Shared,
    conn: &mut PgConnection,
    pools: &[Pool],
    plan: &mut Plan,
) -> Result<(), sqlx::Error> {
    let age = plan.stray_age(Instant::now());
    let strays = strays::put_back(&mut *conn, shared.me(), &shared.in_hand(), age).await?;
    if strays > 0 {
        plan.look_everywhere();
        tracing::warn!(
            jobs = strays,
            "put back jobs of ours that nobody was running"
        );
    }
    plan.housed(lanes::limits(conn, pools).await?);
    Ok(())
}

/// Gives new lanes the default limits of their pool, before anything is claimed from them.
async fn give_defaults(
    shared: &Shared,
    conn: &mut PgConnection,
    plan: &mut Plan,
) -> Result<(), sqlx::Error> {
    for (pool, limits) in &shared.config.lane_limits {
        let new = plan.without_defaults(*pool);
        if new.is_empty() {
            continue;
        }
        match lanes::set_defaults(&mut *conn, *pool, &new, limits).await {
            Ok(()) => {}
            Err(LimitError::Database(error)) => return Err(error),
            Err(error) => {
                tracing::error!(pool = pool.name(), %error, "the pool's default limits are not used");
            }
        }
        plan.given_defaults(*pool, new, limits);
    }
    Ok(())
}

fn hand_over(shared: &Shared, lines: &Lines, claimed: Vec<Claimed>) {
    let stops = shared.take_in_hand(&claimed);
    for (job, stop) in claimed.into_iter().zip(stops) {
        let (Some(line), Some(slots)) = (
            lines.get(job.pool.as_str()),
            shared.slots.get(job.pool.as_str()),
        ) else {
            shared.let_go([(job.id, job.lease)]);
            continue;
        };
        // Only the fetcher takes slots, and it claimed no more than were free.
        if let Ok(slot) = slots.clone().try_acquire_owned() {
            let _ = line.send(Slotted { job, stop, slot });
        }
    }
}
