//! What the fetcher knows, and when and where it looks next.

use std::{collections::HashMap, sync::atomic::Ordering, time::Duration};

use tokio::time::Instant;

use super::super::{
    rounds::Rounds,
    wake::{Wake, lock},
};
use super::{hint::Hint, known::KnownLimits};
use crate::{
    bells::Bell,
    store::{lanes::Limited, sweep::Swept},
    types::{Ask, Claimed, Level, Limits, Pool},
};

/// Looks that follow a bell at once. The commit is most often a fraction of a millisecond away, and timers are coarser.
const EAGER_LOOKS: u8 = 3;
/// A fetcher that has not looked for this long is idle.
const IDLE: Duration = Duration::from_micros(500);
/// For how long after a bell for scheduled jobs the next due time is asked for again.
const HINTED: Duration = Duration::from_millis(300);
/// Only bells younger than this are a reason to look again at once.
const FRESH: Duration = Duration::from_millis(3);
/// How often strays and limits are looked at. A change of a limit also rings.
const HOUSE: Duration = Duration::from_secs(10);
/// How often all jobs under our lease are compared with those in hand, and not only the latest claims.
const ALL: Duration = Duration::from_secs(60);
/// The longest time that a claim may have taken.
const LATE_CLAIM: Duration = Duration::from_secs(35);
/// A sweep may take at most one part in this many of the time.
const SWEEP_SHARE: u32 = 50;

pub(crate) struct Plan {
    rounds: Rounds,
    /// A job is known or likely to be due.
    look: bool,
    /// The next look goes over all lanes.
    sweep: bool,
    poll_at: Instant,
    /// The earliest time of the next sweep. A long sweep moves it on.
    sweep_at: Instant,
    /// When the next scheduled job is due, if that is soon.
    due_at: Option<Instant>,
    /// A bell rang for more places than it could name.
    everywhere: Option<Hint>,
    /// How many looks still follow a bell at once.
    eager: u8,
    looked_at: Instant,
    /// Where bells rang a moment ago.
    hinted: HashMap<Level, Hint>,
    /// When a bell rang for scheduled jobs.
    hinted_due: Option<Instant>,
    /// When to look for strays and for changed limits.
    house_at: Instant,
    /// When that was done last; `None` makes the next time look at all jobs under our lease.
    housed_at: Option<Instant>,
    /// When to look at all of them again.
    all_at: Instant,
    /// More jobs may wait than there were slots: a free slot is a reason to look.
    more: bool,
    limits: KnownLimits,
}

impl Plan {
    pub fn new(poll: Duration) -> Self {
        let start = Instant::now();
        Self {
            rounds: Rounds::default(),
            look: true,
            sweep: true,
            poll_at: start + jittered(poll),
            sweep_at: start,
            due_at: None,
            everywhere: None,
            eager: 0,
            looked_at: start,
            hinted: HashMap::new(),
            hinted_due: None,
            house_at: start,
            housed_at: None,
            all_at: start,
            more: false,
            limits: KnownLimits::default(),
        }
    }

    /// Notes what other parts of the process have called for.
    pub fn answer(&mut self, wake: &Wake, now: Instant) {
        if wake.sweep.swap(false, Ordering::SeqCst) {
            self.sweep = true;
            self.check_all(now);
        }
        for level in lock(&wake.levels).drain() {
            self.look = true;
            self.rounds.add(&level);
        }
        if let Some(at) = lock(&wake.due).take() {
            self.due_by(at);
        }
    }

    /// Looks over all lanes as soon as possible.
    pub fn look_everywhere(&mut self) {
        self.look = true;
        self.sweep = true;
    }

    /// A look has failed. A claim of it may have been carried out all the same, so the next house-keeping looks at all
    /// jobs under our lease.
    pub fn failed(&mut self) {
        self.look_everywhere();
        self.check_all(Instant::now());
    }

    fn check_all(&mut self, now: Instant) {
        self.house_at = now;
        self.housed_at = None;
    }

    /// Whether a look is wanted without any wait.
    pub fn wants_look(&self) -> bool {
        self.look
    }

    /// When to look next if nobody calls before.
    pub fn next(&self, now: Instant) -> Instant {
        let hints = self.hinted.values().chain(&self.everywhere);
        let probe = hints.filter_map(Hint::at).min();
        // A sweep whose time has come waits for a slot, and a free slot wakes us.
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

    /// Whether there is a reason to look now. It tells each reason once: what a look cannot do without a slot is done
    /// when a slot becomes free.
    pub fn is_due(&mut self, now: Instant, poll: Duration) -> bool {
        let mut look = std::mem::take(&mut self.look);
        if now >= self.poll_at {
            self.sweep = true;
            self.poll_at = now + jittered(poll);
        }
        look |= self.may_sweep(now);
        look |= self.due_at.is_some_and(|at| now >= at);
        look |= self.rounds.release(now);
        if let Some(hint) = &mut self.everywhere
            && hint.take(now)
        {
            // The commit of so many jobs takes a while.
            self.sweep = true;
        }
        self.everywhere = self.everywhere.filter(|hint| hint.at().is_some());
        self.hinted.retain(|level, hint| {
            if hint.take(now) {
                look = true;
                self.rounds.add(level);
            }
            hint.at().is_some()
        });
        look || self.more
    }

    /// A look has ended.
    pub fn looked(&mut self, claimed: usize) {
        if claimed > 0 {
            self.eager = 0;
        } else if self.eager > 0 {
            self.eager -= 1;
            self.try_fresh(Instant::now());
        }
    }

    /// Looks once more where bells rang just now.
    fn try_fresh(&mut self, now: Instant) {
        self.look = true;
        for (level, hint) in &self.hinted {
            if now.duration_since(hint.rung) < FRESH {
                self.rounds.add(level);
            }
        }
    }

    /// Notes a bell. `served` tells whether this process serves a pool.
    pub fn heard(&mut self, bell: &Bell, served: &impl Fn(&str) -> bool) {
        match bell {
            Bell::Enqueued(placed) => {
                let now = Instant::now();
                for (pool, places) in placed.levels.iter().filter(|(pool, _)| served(pool)) {
                    match places {
                        Some(places) => {
                            self.hinted.extend(places.iter().map(|(lane, priority)| {
                                let level = Level {
                                    pool: (*pool).to_owned(),
                                    lane: lane.clone(),
                                    priority: *priority,
                                };
                                (level, Hint::new(now))
                            }));
                        }
                        None => {
                            self.sweep = true;
                            self.everywhere = Some(Hint::new(now));
                        }
                    }
                    if placed.scheduled {
                        self.hinted_due = Some(now);
                    }
                    // Under load looks follow each other anyway, and each finds what has committed meanwhile.
                    if now.duration_since(self.looked_at) > IDLE {
                        self.eager = EAGER_LOOKS;
                        self.try_fresh(now);
                    }
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

    /// A look begins, with so many free slots in each pool.
    pub fn begin(&mut self, free: &[(Pool, usize)], now: Instant) {
        self.looked_at = now;
        self.more = free
            .iter()
            .any(|(pool, slots)| *slots == 0 && self.rounds.has_work(pool.name(), now));
    }

    /// The look can claim nothing: there is no slot, or the lease may be gone. A slot or a heartbeat wakes us.
    pub fn cannot_claim(&mut self, now: Instant) {
        if self.due_at.is_some_and(|at| at <= now) {
            // The sweep finds the job again.
            self.due_at = None;
            self.sweep = true;
        }
        self.more = true;
    }

    /// Whether scheduled jobs are due now. It tells so once.
    pub fn take_due(&mut self, now: Instant) -> bool {
        if self.due_at.is_none_or(|at| at > now) {
            return false;
        }
        self.due_at = None;
        self.hinted_due = Some(now);
        true
    }

    /// Notes levels that have ready jobs.
    pub fn add(&mut self, levels: &[Level]) {
        for level in levels {
            self.rounds.add(level);
        }
    }

    /// Whether it is time to look for strays and for changed limits.
    pub fn house_is_due(&self, now: Instant) -> bool {
        now >= self.house_at
    }

    /// Up to which age claims are checked for strays. `None`: all are, as happens every [`ALL`] and after an error.
    pub fn stray_age(&mut self, now: Instant) -> Option<Duration> {
        let age = self
            .housed_at
            .filter(|_| now < self.all_at)
            .map(|at| now - at + LATE_CLAIM);
        if age.is_none() {
            self.all_at = now + ALL;
        }
        self.housed_at = Some(now);
        age
    }

    /// Notes the lanes that have limits. The house is in order for a while.
    pub fn housed(&mut self, limits: Vec<Limited>) {
        self.limits.replace(limits);
        self.house_at = Instant::now() + HOUSE;
    }

    /// Whether a sweep is wanted, and its time has come.
    pub fn may_sweep(&self, now: Instant) -> bool {
        self.sweep && now >= self.sweep_at
    }

    /// Notes what a sweep has seen. `poll` is the time between two sweeps.
    pub fn swept(&mut self, swept: &Swept, began: Instant, poll: Duration) {
        self.sweep = false;
        for (level, first) in &swept.levels {
            self.rounds.found(level, *first);
        }
        let now = Instant::now();
        self.sweep_at = now + (now - began) * SWEEP_SHARE / 2;
        self.poll_at = (now + jittered(poll)).max(self.sweep_at);
    }

    /// The lanes of a pool that have work and were not given its default limits so far.
    pub fn without_defaults(&self, pool: Pool) -> Vec<String> {
        let lanes = self.rounds.lanes(pool.name());
        lanes
            .filter(|lane| !self.limits.has_defaults(pool, lane))
            .map(str::to_owned)
            .collect()
    }

    /// Notes that these lanes were given the default limits of their pool.
    pub fn given_defaults(&mut self, pool: Pool, lanes: Vec<String>, limits: &Limits) {
        self.limits.given_defaults(pool, lanes, limits);
    }

    /// What to ask for: of lanes whose running jobs are `counted`, or of all others.
    pub fn asks(&mut self, free: &[(Pool, usize)], counted: bool, now: Instant) -> Vec<Ask> {
        let mut asks = Vec::new();
        for (pool, slots) in free {
            asks.extend(self.rounds.asks(pool.name(), *slots, now));
        }
        asks.retain(|ask| self.limits.is_counted(&ask.level) == counted);
        asks
    }

    /// Those asks whose lanes have limits.
    pub fn limited(&self, asks: &[Ask]) -> Vec<Ask> {
        asks.iter()
            .filter(|ask| self.limits.is_limited(&ask.level))
            .cloned()
            .collect()
    }

    /// Notes what a claim brought. `waits` are the seconds until a limited lane lets the next job through.
    pub fn settle(
        &mut self,
        asks: &[Ask],
        claimed: &[Claimed],
        waits: &HashMap<(String, String), f64>,
    ) {
        self.rounds.settle(asks, claimed, waits, Instant::now());
    }

    /// A look ends, with so many slots left. Work with a slot for it is looked at again at once; work without a slot
    /// waits for the next free slot.
    pub fn end(&mut self, free: &[(Pool, usize)], now: Instant) {
        for (pool, slots) in free {
            if self.rounds.has_work(pool.name(), now) {
                self.look |= *slots > 0;
                self.more |= *slots == 0;
            }
        }
    }

    /// Whether to ask for the next due time. Jobs of a bell that rang a moment ago may still be uncommitted, so it is
    /// asked for again for a while.
    pub fn asks_next_due(&mut self, now: Instant) -> bool {
        let Some(rung) = self.hinted_due else {
            return false;
        };
        if now.duration_since(rung) >= HINTED {
            self.hinted_due = None;
        }
        true
    }

    /// Notes in how many seconds the next scheduled job is due, unless later polls find it in time.
    pub fn next_due(&mut self, secs: Option<f64>, poll: Duration) {
        if let Some(secs) = secs.filter(|secs| *secs < poll.as_secs_f64() * 8.0) {
            self.due_by(Instant::now() + Duration::from_secs_f64(secs.max(0.0)));
        }
    }

    fn due_by(&mut self, at: Instant) {
        self.due_at = Some(self.due_at.map_or(at, |other| other.min(at)));
    }
}

/// A quarter more or less, so that processes do not poll together.
fn jittered(poll: Duration) -> Duration {
    poll.mul_f64(0.75 + 0.5 * rand::random::<f64>())
}
