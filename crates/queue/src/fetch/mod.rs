//! The fetcher: one loop a process which claims for all its pools, when there is a reason to look.
//!
//! Reasons: a bell in this process (at once when the ringer has committed, else several probes), a NOTIFY, a slot that
//! became free where more was waiting, a job that falls due, and the jittered poll behind them all.

mod plan;
mod wake;

use std::{
    collections::HashMap,
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use plan::{HINTED, Plan, jittered};
use sqlx::PgConnection;
use tokio::{
    sync::{broadcast, mpsc},
    time::Instant,
};
pub(crate) use wake::Wake;
use wake::lock;

use crate::{
    backend::Slotted,
    claim::{self, Claimed},
    connection::Own,
    doorbell::Bell,
    engine::Shared,
    figures,
    job::Pool,
    lanes::{self, LimitError},
    rounds::Ask,
    strays,
};

/// How often strays and limits are looked at. A change of a limit rings.
const HOUSE: Duration = Duration::from_secs(10);
/// How often all that stands under our lease is looked at, and not only the claims since the last time.
const ALL: Duration = Duration::from_secs(60);
/// A claim may have taken so long.
const LATE_CLAIM: Duration = Duration::from_secs(35);
/// A sweep costs what it walks over; it may take at most one part in so many of the time.
const SWEEP_SHARE: u32 = 50;

pub(crate) async fn run(
    shared: Arc<Shared>,
    lines: HashMap<&'static str, mpsc::UnboundedSender<Slotted>>,
    mut bells: broadcast::Receiver<Bell>,
) {
    let mut plan = Plan::new(shared.config.poll);
    let mut own = Own::new(&shared.db);
    let served = |pool: &str| lines.contains_key(pool);
    let mut failures = 0_u32;
    loop {
        let now = Instant::now();
        if shared.wake.sweep.swap(false, Ordering::SeqCst) {
            plan.sweep = true;
            plan.house_at = now;
            plan.housed_at = None;
        }
        for level in lock(&shared.wake.levels).drain() {
            plan.look = true;
            plan.rounds.add(&level);
        }
        if let Some(at) = lock(&shared.wake.due).take() {
            plan.due_at = Some(plan.due_at.map_or(at, |other| other.min(at)));
        }
        if plan.due(now, shared.poll()) || plan.more {
            match look(&shared, &mut own, &lines, &mut plan).await {
                Ok(claimed) => {
                    failures = 0;
                    if claimed > 0 {
                        plan.eager = 0;
                    } else if plan.eager > 0 {
                        plan.eager -= 1;
                        plan.try_fresh(Instant::now());
                    }
                }
                Err(error) => {
                    // The database is away: jobs that run go on, and we look again soon.
                    failures += 1;
                    own.lose();
                    let wait = crate::backoff(failures);
                    tracing::warn!(%error, retry_in_ms = wait.as_millis(), "could not claim jobs");
                    metrics::counter!("kazi_queue_database_errors_total", "part" => "claim")
                        .increment(1);
                    tokio::select! {
                        () = shared.stopping.cancelled() => break,
                        () = tokio::time::sleep(wait) => {}
                    }
                    plan.look = true;
                    plan.sweep = true;
                    // The claim may have been carried out all the same.
                    plan.house_at = Instant::now();
                    plan.housed_at = None;
                    continue;
                }
            }
        }
        tokio::select! {
            biased;
            () = shared.stopping.cancelled() => break,
            bell = bells.recv() => match bell {
                Ok(bell) => plan.heard(&bell, &served),
                // Rung faster than we listen: look everywhere.
                Err(broadcast::error::RecvError::Lagged(_)) => {
                    plan.sweep = true;
                    plan.look = true;
                }
                Err(broadcast::error::RecvError::Closed) => break,
            },
            () = shared.wake.notify.notified() => {}
            () = std::future::ready(()), if plan.look => {}
            () = tokio::time::sleep_until(plan.next(Instant::now())) => {}
        }
        // Bells come in bursts: hear them all before the next look.
        while let Ok(bell) = bells.try_recv() {
            plan.heard(&bell, &served);
        }
    }
}

/// Claims for the free slots and hands the jobs to the workers.
async fn look(
    shared: &Shared,
    own: &mut Own,
    lines: &HashMap<&'static str, mpsc::UnboundedSender<Slotted>>,
    plan: &mut Plan,
) -> Result<usize, sqlx::Error> {
    let now = Instant::now();
    plan.looked_at = now;
    let mut total = 0;
    let mut full = false;
    let mut free = Vec::with_capacity(shared.config.pools.len());
    for (pool, _) in &shared.config.pools {
        let slots = shared
            .slots
            .get(pool.name())
            .map_or(0, |slots| slots.available_permits());
        full |= slots == 0;
        free.push((*pool, slots));
    }
    plan.more = full
        && free
            .iter()
            .any(|(pool, slots)| *slots == 0 && plan.rounds.has_work(pool.name(), now));
    // Nothing is claimed without a slot, nor on a lease that may be gone; a slot or a heartbeat wakes us.
    if free.iter().all(|(_, slots)| *slots == 0) || shared.lease_is_over() {
        if plan.due_at.is_some_and(|at| at <= now) {
            // The sweep finds it again.
            plan.due_at = None;
            plan.sweep = true;
        }
        plan.more = true;
        return Ok(0);
    }
    let conn = own.get().await?;
    let pools: Vec<Pool> = shared.config.pools.iter().map(|(pool, _)| *pool).collect();
    if plan.due_at.is_some_and(|at| at <= now) {
        plan.due_at = None;
        plan.hinted_due = Some(now);
        for level in claim::ripen(&mut *conn, &pools, None).await? {
            plan.rounds.add(&level);
        }
    }
    if now >= plan.house_at {
        keep_house(shared, &mut *conn, &pools, plan).await?;
    }
    if plan.sweep && now >= plan.sweep_at {
        sweep(shared, &mut *conn, &pools, plan).await?;
    }
    give_defaults(shared, &mut *conn, plan).await?;
    for counted in [false, true] {
        let mut asks = Vec::new();
        for (pool, slots) in &free {
            asks.extend(
                plan.rounds
                    .asks(pool.name(), *slots, now)
                    .into_iter()
                    .filter(|ask| {
                        plan.counted
                            .contains(&(ask.level.pool.clone(), ask.level.lane.clone()))
                            == counted
                    }),
            );
        }
        if asks.is_empty() || (counted && plan.counted.is_empty()) {
            continue;
        }
        let claimed = claim::claim(&mut *conn, shared.me(), &asks, &shared.kinds, counted).await?;
        for (pool, slots) in &mut free {
            *slots -= claimed
                .iter()
                .filter(|job| job.pool == pool.name())
                .count()
                .min(*slots);
        }
        let limited: Vec<Ask> = asks
            .iter()
            .filter(|ask| {
                plan.limited
                    .contains(&(ask.level.pool.clone(), ask.level.lane.clone()))
            })
            .cloned()
            .collect();
        let mut waits = HashMap::new();
        if !limited.is_empty() {
            waits = claim::waits(&mut *conn, &limited).await?;
        }
        plan.rounds.settle(&asks, &claimed, &waits, Instant::now());
        figures::claimed(&claimed);
        total += claimed.len();
        hand_over(shared, lines, claimed);
    }
    let after = Instant::now();
    // Work and a slot for it: at once again. Work without a slot: with the next free slot.
    for (pool, slots) in &free {
        if plan.rounds.has_work(pool.name(), after) {
            plan.look |= *slots > 0;
            plan.more |= *slots == 0;
        }
    }
    if let Some(rung) = plan.hinted_due {
        // The jobs that it rang for may commit a little later.
        if after.duration_since(rung) >= HINTED {
            plan.hinted_due = None;
        }
        next_due(shared, plan, claim::next_due(&mut *conn, &pools).await?);
    }
    Ok(total)
}

/// Every few seconds, and after anything went wrong.
async fn keep_house(
    shared: &Shared,
    conn: &mut PgConnection,
    pools: &[Pool],
    plan: &mut Plan,
) -> Result<(), sqlx::Error> {
    let now = Instant::now();
    // What was claimed before the last time has been looked at then; once in a while everything is, whatever the clocks do.
    let since = plan
        .housed_at
        .filter(|_| now < plan.all_at)
        .map(|at| now - at + LATE_CLAIM);
    if since.is_none() {
        plan.all_at = now + ALL;
    }
    let strays = strays::put_back(&mut *conn, shared.me(), &shared.in_hand(), since).await?;
    plan.housed_at = Some(now);
    if strays > 0 {
        plan.sweep = true;
        tracing::warn!(
            jobs = strays,
            "put back jobs of ours that nobody was running"
        );
    }
    let limits = lanes::limits(conn, pools).await?;
    let counted = limits.iter().filter(|limit| limit.counted);
    plan.counted = counted
        .map(|limit| (limit.pool.clone(), limit.lane.clone()))
        .collect();
    plan.limited = limits
        .into_iter()
        .map(|limit| (limit.pool, limit.lane))
        .collect();
    plan.house_at = Instant::now() + HOUSE;
    Ok(())
}

/// Looks everywhere, from the start of every lane.
async fn sweep(
    shared: &Shared,
    conn: &mut PgConnection,
    pools: &[Pool],
    plan: &mut Plan,
) -> Result<(), sqlx::Error> {
    let began = Instant::now();
    plan.sweep = false;
    let swept = claim::sweep(&mut *conn, pools).await?;
    for (level, first) in &swept.levels {
        plan.rounds.found(level, *first);
    }
    next_due(shared, plan, swept.next_due);
    let now = Instant::now();
    plan.sweep_at = now + (now - began) * SWEEP_SHARE / 2;
    plan.poll_at = (now + jittered(shared.poll())).max(plan.sweep_at);
    Ok(())
}

/// Gives lanes that are new here the default limits of their pool, before anything is claimed from them.
async fn give_defaults(
    shared: &Shared,
    conn: &mut PgConnection,
    plan: &mut Plan,
) -> Result<(), sqlx::Error> {
    for (pool, limits) in &shared.config.lane_limits {
        let lanes: Vec<String> = plan
            .rounds
            .lanes(pool.name())
            .filter(|lane| {
                !plan
                    .defaulted
                    .contains(&(pool.name().to_owned(), (*lane).to_owned()))
            })
            .map(str::to_owned)
            .collect();
        if lanes.is_empty() {
            continue;
        }
        match lanes::set_defaults(&mut *conn, *pool, &lanes, limits).await {
            Ok(()) => {}
            Err(LimitError::Database(error)) => return Err(error),
            Err(error) => {
                tracing::error!(pool = pool.name(), %error, "the pool's default limits are not used")
            }
        }
        for lane in lanes {
            let lane = (pool.name().to_owned(), lane);
            if limits.max_running.is_some() {
                plan.counted.insert(lane.clone());
            }
            plan.limited.insert(lane.clone());
            plan.defaulted.insert(lane);
        }
    }
    Ok(())
}

/// Notes when the next scheduled job falls due, if that is before the next poll or soon after.
fn next_due(shared: &Shared, plan: &mut Plan, secs: Option<f64>) {
    let soon = secs.filter(|secs| *secs < shared.config.poll.as_secs_f64() * 8.0);
    if let Some(secs) = soon {
        let at = Instant::now() + Duration::from_secs_f64(secs.max(0.0));
        plan.due_at = Some(plan.due_at.map_or(at, |other| other.min(at)));
    }
}

fn hand_over(
    shared: &Shared,
    lines: &HashMap<&'static str, mpsc::UnboundedSender<Slotted>>,
    claimed: Vec<Claimed>,
) {
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
