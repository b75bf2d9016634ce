//! What the fetcher knows, and when and where it looks next.

use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};

use tokio::time::Instant;

use crate::{
    doorbell::{Bell, PROBES},
    rounds::{Level, Rounds},
};

/// Looks that follow a bell at once.
const EAGER: u8 = 3;
/// A fetcher that has not looked for so long is idle.
const IDLE: Duration = Duration::from_micros(500);
/// For how long after a bell for scheduled jobs the next due time is asked for again.
pub(super) const HINTED: Duration = Duration::from_millis(300);
/// Bells that are not older than this are why looks follow at once.
const FRESH: Duration = Duration::from_millis(3);

/// A place where a bell rang, perhaps before its commit: it is looked at again at each of [`PROBES`], and then left to
/// the poll.
#[derive(Clone, Copy, Debug)]
pub(super) struct Hint {
    rung: Instant,
    next: usize,
}

impl Hint {
    fn new(rung: Instant) -> Self {
        Self { rung, next: 0 }
    }

    /// When it is to be looked at next; `None` when that was the last time.
    fn at(&self) -> Option<Instant> {
        Some(self.rung + *PROBES.get(self.next)?)
    }

    /// Whether its time has come; then it waits for the next one.
    fn take(&mut self, now: Instant) -> bool {
        let due = self.at().is_some_and(|at| now >= at);
        while self.at().is_some_and(|at| now >= at) {
            self.next += 1;
        }
        due
    }
}

/// What the fetcher knows, and when it looks next.
pub(super) struct Plan {
    pub rounds: Rounds,
    /// Something is known or likely to be due.
    pub look: bool,
    /// The next look is everywhere.
    pub sweep: bool,
    pub poll_at: Instant,
    /// Not before, but for a good reason: the last one was long.
    pub sweep_at: Instant,
    pub due_at: Option<Instant>,
    /// A bell rang for more places than it could name.
    pub everywhere: Option<Hint>,
    /// Looks that follow such a bell at once: the commit is most often a fraction of a millisecond away, and timers are
    /// coarser than that.
    pub eager: u8,
    /// When the last look began.
    pub looked_at: Instant,
    /// Where bells rang a moment ago.
    pub hinted: HashMap<Level, Hint>,
    /// Such a bell rang for jobs that wait for their time.
    pub hinted_due: Option<Instant>,
    /// When to look for jobs under our lease that nobody here runs, and for changed limits.
    pub house_at: Instant,
    /// When that was done last; `None` when everything is to be looked at.
    pub housed_at: Option<Instant>,
    /// When everything is to be looked at again.
    pub all_at: Instant,
    /// More may be waiting than there were slots: a free slot is a reason to look.
    pub more: bool,
    /// Lanes that have a limit on the number of their running jobs, as far as we know.
    pub counted: HashSet<(String, String)>,
    /// Lanes that have a limit, a pause or a parking, as far as we know.
    pub limited: HashSet<(String, String)>,
    /// Lanes that have been given the default limits of their pool.
    pub defaulted: HashSet<(String, String)>,
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
            counted: HashSet::new(),
            limited: HashSet::new(),
            defaulted: HashSet::new(),
        }
    }

    pub fn next(&self, now: Instant) -> Instant {
        let hints = self.hinted.values().chain(&self.everywhere);
        let probe = hints.filter_map(Hint::at).min();
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
    pub fn due(&mut self, now: Instant, poll: Duration) -> bool {
        let mut look = std::mem::take(&mut self.look);
        if now >= self.poll_at {
            self.sweep = true;
            self.poll_at = now + jittered(poll);
        }
        look |= self.sweep && now >= self.sweep_at;
        look |= self.due_at.is_some_and(|at| now >= at);
        look |= self.rounds.release(now);
        if let Some(hint) = &mut self.everywhere
            && hint.take(now)
        {
            // The commit of so many takes a while.
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
        look
    }

    /// Looks once more where bells rang just now.
    pub fn try_fresh(&mut self, now: Instant) {
        self.look = true;
        for (level, hint) in &self.hinted {
            if now.duration_since(hint.rung) < FRESH {
                self.rounds.add(level);
            }
        }
    }

    pub fn heard(&mut self, bell: &Bell, served: &impl Fn(&str) -> bool) {
        match bell {
            Bell::Enqueued(written) => {
                let now = Instant::now();
                for (pool, places) in written.levels.iter().filter(|(pool, _)| served(pool)) {
                    match places {
                        Some(places) => {
                            self.hinted.extend(places.iter().map(|(lane, priority)| {
                                let level = Level {
                                    pool: (*pool).to_owned(),
                                    lane: lane.clone(),
                                    priority: *priority,
                                };
                                (level, Hint::new(now))
                            }))
                        }
                        None => {
                            self.sweep = true;
                            self.everywhere = Some(Hint::new(now));
                        }
                    }
                    if written.scheduled {
                        self.hinted_due = Some(now);
                    }
                    // Not under load, where looks follow each other anyway and each finds what has committed meanwhile.
                    if now.duration_since(self.looked_at) > IDLE {
                        self.eager = EAGER;
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
}

pub(super) fn jittered(poll: Duration) -> Duration {
    poll.mul_f64(0.75 + 0.5 * rand::random::<f64>())
}
