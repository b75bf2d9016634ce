//! The fetcher: one loop a process which claims for all its pools, when there is a reason to look.
//!
//! Reasons: a bell in this process (at once when the ringer has committed, else several probes), a NOTIFY, a slot that
//! became free where more was waiting, a job that falls due, and the jittered poll behind them all.

use std::{
    collections::{HashMap, HashSet},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use sqlx::PgConnection;
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
    lanes::{self, LimitError},
    rounds::{Ask, Level, Rounds},
};

/// How other parts call the fetcher.
#[derive(Debug, Default)]
pub(crate) struct Wake {
    notify: Notify,
    /// A sweep is wanted whatever the fetcher believes.
    sweep: AtomicBool,
    /// Where jobs have become ready.
    levels: Mutex<HashSet<Level>>,
    /// When a job falls due that the fetcher does not know of.
    due: Mutex<Option<Instant>>,
}

impl Wake {
    /// There may be due jobs anywhere.
    pub fn now(&self) {
        self.sweep.store(true, Ordering::SeqCst);
        self.notify.notify_one();
    }

    /// There are due jobs here.
    pub fn at(&self, levels: impl IntoIterator<Item = Level>) {
        lock(&self.levels).extend(levels);
        self.notify.notify_one();
    }

    /// A job falls due then.
    pub fn in_secs(&self, secs: f64) {
        // What lies further ahead is found by the poll, in time.
        let Ok(wait) = Duration::try_from_secs_f64(secs.clamp(0.0, 60.0)) else {
            return;
        };
        let at = Instant::now() + wait;
        let mut due = lock(&self.due);
        *due = Some(due.map_or(at, |other| other.min(at)));
        drop(due);
        self.notify.notify_one();
    }

    /// A slot is free: worth a look only if more was waiting.
    pub fn slot_free(&self) {
        self.notify.notify_one();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// How long a place is looked at again after a bell that may have rung before its commit.
const HINTED: Duration = Duration::from_millis(300);
/// How often strays and limits are looked at. A change of a limit rings.
const HOUSE: Duration = Duration::from_secs(5);
/// A sweep costs what it walks over; it may take at most one part in so many of the time.
const SWEEP_SHARE: u32 = 50;

/// What the fetcher knows, and when it looks next.
struct Plan {
    rounds: Rounds,
    /// Something is known or likely to be due.
    look: bool,
    /// The next look is everywhere.
    sweep: bool,
    poll_at: Instant,
    /// Not before, but for a good reason: the last one was long.
    sweep_at: Instant,
    due_at: Option<Instant>,
    /// Probes after a bell that may have rung before its commit: (base, next index).
    probe: Option<(Instant, usize)>,
    /// Where such bells rang, and when last.
    hinted: HashMap<Level, Instant>,
    /// Such a bell rang for jobs that wait for their time.
    hinted_due: Option<Instant>,
    /// When to look for jobs under our lease that nobody here runs, and for changed limits.
    house_at: Instant,
    /// More may be waiting than there were slots: a free slot is a reason to look.
    more: bool,
    /// Lanes that have a limit on the number of their running jobs, as far as we know.
    counted: HashSet<(String, String)>,
    /// Lanes that have a limit, a pause or a parking, as far as we know.
    limited: HashSet<(String, String)>,
    /// Lanes that have been given the default limits of their pool.
    defaulted: HashSet<(String, String)>,
}

impl Plan {
    fn next(&self, now: Instant) -> Instant {
        let probe = self.probe.map(|(base, at)| base + PROBES[at]);
        // A sweep that is allowed already waits for a slot, and a slot wakes us.
        let sweep = (self.sweep && self.sweep_at > now).then_some(self.sweep_at);
        [
            Some(self.poll_at),
            self.due_at,
            probe,
            sweep,
            self.rounds.next_at(),
        ]
        .into_iter()
        .flatten()
        .min()
        .unwrap_or(self.poll_at)
    }

    /// Whether there is a reason to look. Each reason is given once: what a look cannot do for want of a slot waits for
    /// the slot, and not for us to ask again.
    fn due(&mut self, now: Instant, poll: Duration) -> bool {
        let mut look = std::mem::take(&mut self.look);
        if now >= self.poll_at {
            self.sweep = true;
            self.poll_at = now + jittered(poll);
        }
        look |= self.sweep && now >= self.sweep_at;
        look |= self.due_at.is_some_and(|at| now >= at);
        look |= self.rounds.release(now);
        if let Some((base, at)) = self.probe
            && now >= base + PROBES[at]
        {
            look = true;
            self.hinted
                .retain(|_, rung| now.duration_since(*rung) < HINTED);
            for level in self.hinted.keys() {
                self.rounds.add(level);
            }
            self.probe = (at + 1 < PROBES.len()).then_some((base, at + 1));
        }
        look
    }

    fn heard(&mut self, bell: &Bell, served: &impl Fn(&str) -> bool) {
        match bell {
            Bell::Enqueued(written) => {
                let now = Instant::now();
                for (pool, places) in written.levels.iter().filter(|(pool, _)| served(pool)) {
                    match places {
                        Some(places) => {
                            self.hinted.extend(places.iter().map(|(lane, priority)| {
                                let (pool, lane) = ((*pool).to_owned(), lane.clone());
                                (
                                    Level {
                                        pool,
                                        lane,
                                        priority: *priority,
                                    },
                                    now,
                                )
                            }))
                        }
                        // The commit of so many takes a while; the probes sweep then.
                        None => {
                            self.sweep = true;
                            self.look = true;
                        }
                    }
                    if written.scheduled {
                        self.hinted_due = Some(now);
                    }
                    // From the newest bell on, but never later than the probe that is already near.
                    self.probe = Some((now, 0));
                }
            }
            Bell::Committed(pool) if served(pool.name()) => {
                self.look = true;
                let mut known = false;
                for level in self.hinted.keys().filter(|level| level.pool == pool.name()) {
                    known = true;
                    self.rounds.add(level);
                }
                self.sweep |= !known;
            }
            Bell::Committed(_) => {}
            Bell::Ready(levels) => {
                for level in levels.iter().filter(|level| served(&level.pool)) {
                    self.look = true;
                    self.rounds.add(level);
                }
            }
        }
    }
}

pub(crate) async fn run(
    shared: Arc<Shared>,
    lines: HashMap<&'static str, mpsc::UnboundedSender<Slotted>>,
    mut bells: broadcast::Receiver<Bell>,
) {
    let start = Instant::now();
    let mut plan = Plan {
        rounds: Rounds::default(),
        look: true,
        sweep: true,
        poll_at: start + jittered(shared.config.poll),
        sweep_at: start,
        due_at: None,
        probe: None,
        hinted: HashMap::new(),
        hinted_due: None,
        house_at: start,
        more: false,
        counted: HashSet::new(),
        limited: HashSet::new(),
        defaulted: HashSet::new(),
    };
    let served = |pool: &str| lines.contains_key(pool);
    let mut failures = 0_u32;
    loop {
        let now = Instant::now();
        if shared.wake.sweep.swap(false, Ordering::SeqCst) {
            plan.sweep = true;
            plan.house_at = now;
        }
        for level in lock(&shared.wake.levels).drain() {
            plan.look = true;
            plan.rounds.add(&level);
        }
        if let Some(at) = lock(&shared.wake.due).take() {
            plan.due_at = Some(plan.due_at.map_or(at, |other| other.min(at)));
        }
        if plan.due(now, shared.config.poll) || plan.more {
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
                    plan.sweep = true;
                    // The claim may have been carried out all the same.
                    plan.house_at = Instant::now();
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
    lines: &HashMap<&'static str, mpsc::UnboundedSender<Slotted>>,
    plan: &mut Plan,
) -> Result<(), sqlx::Error> {
    let now = Instant::now();
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
        return Ok(());
    }
    let mut conn = shared.db.acquire().await?;
    let pools: Vec<Pool> = shared.config.pools.iter().map(|(pool, _)| *pool).collect();
    if plan.due_at.is_some_and(|at| at <= now) {
        plan.due_at = None;
        plan.hinted_due = Some(now);
        for level in claim::ripen(&mut conn, &pools, None).await? {
            plan.rounds.add(&level);
        }
    }
    if now >= plan.house_at {
        keep_house(shared, &mut conn, &pools, plan).await?;
    }
    if plan.sweep && now >= plan.sweep_at {
        sweep(shared, &mut conn, &pools, plan).await?;
    }
    give_defaults(shared, &mut conn, plan).await?;
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
        let claimed = claim::claim(&mut conn, shared.me(), &asks, counted).await?;
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
            waits = claim::waits(&mut conn, &limited).await?;
        }
        plan.rounds.settle(&asks, &claimed, &waits, Instant::now());
        if !claimed.is_empty() {
            #[expect(
                clippy::cast_precision_loss,
                reason = "a batch has at most a few thousand jobs"
            )]
            metrics::histogram!("kazi_queue_claim_batch_size").record(claimed.len() as f64);
        }
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
        next_due(shared, plan, claim::next_due(&mut conn, &pools).await?);
    }
    Ok(())
}

/// Every few seconds, and after anything went wrong.
async fn keep_house(
    shared: &Shared,
    conn: &mut PgConnection,
    pools: &[Pool],
    plan: &mut Plan,
) -> Result<(), sqlx::Error> {
    let strays = claim::put_back_strays(&mut *conn, shared.me(), &shared.in_hand()).await?;
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
    plan.poll_at = (now + jittered(shared.config.poll)).max(plan.sweep_at);
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
    let soon = secs.filter(|secs| *secs < shared.config.poll.as_secs_f64() * 2.0);
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
