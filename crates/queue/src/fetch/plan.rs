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
/// How long a place is looked at again after a bell that may have rung before its commit.
pub(super) const HINTED: Duration = Duration::from_millis(300);

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
    /// Probes after a bell that may have rung before its commit: (base, next index).
    pub probe: Option<(Instant, usize)>,
    /// Looks that follow such a bell at once: the commit is most often a fraction of a millisecond away, and timers are
    /// coarser than that.
    pub eager: u8,
    /// When the last look began.
    pub looked_at: Instant,
    /// Where such bells rang, and when last.
    pub hinted: HashMap<Level, Instant>,
    /// Such a bell rang for jobs that wait for their time.
    pub hinted_due: Option<Instant>,
    /// When to look for jobs under our lease that nobody here runs, and for changed limits.
    pub house_at: Instant,
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
            probe: None,
            eager: 0,
            looked_at: start,
            hinted: HashMap::new(),
            hinted_due: None,
            house_at: start,
            more: false,
            counted: HashSet::new(),
            limited: HashSet::new(),
            defaulted: HashSet::new(),
        }
    }

    pub fn next(&self, now: Instant) -> Instant {
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
    pub fn due(&mut self, now: Instant, poll: Duration) -> bool {
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
            self.try_hinted(now);
            self.probe = (at + 1 < PROBES.len()).then_some((base, at + 1));
        }
        look
    }

    /// Looks where bells rang a moment ago.
    pub fn try_hinted(&mut self, now: Instant) {
        self.look = true;
        self.hinted
            .retain(|_, rung| now.duration_since(*rung) < HINTED);
        for level in self.hinted.keys() {
            self.rounds.add(level);
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
                    // Not under load, where looks follow each other anyway and each finds what has committed meanwhile.
                    if now.duration_since(self.looked_at) > IDLE {
                        self.eager = EAGER;
                        self.try_hinted(now);
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
