//! What a writer writes next. Only the seed decides it.

use std::time::Duration;

use kazi_queue::{Job, Options, Unique};
use rand::{RngExt, SeedableRng, rngs::StdRng};

use crate::{
    record::LANES,
    work::{Act, Ordered, Quick, Rough, Work},
};

/// The kind of a job, and with it the pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// [`crate::work::Quick`].
    Quick,
    /// [`crate::work::Ordered`].
    Ordered,
    /// [`crate::work::Rough`].
    Rough,
}

impl Kind {
    /// The kind's name in the queue.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Quick => Quick::NAME,
            Self::Ordered => Ordered::NAME,
            Self::Rough => Rough::NAME,
        }
    }
}

/// How long a key keeps other jobs out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// A window that is longer than the test.
    Window,
    /// Until the job of the key has ended.
    Unfinished,
}

impl Scope {
    /// The name in the tables.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Window => "window",
            Self::Unfinished => "unfinished",
        }
    }
}

/// A job that is to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wish {
    /// The payload.
    pub work: Work,
    /// The delay before the job is due, in milliseconds.
    pub delay_ms: i64,
    /// The lane; `None` is the common lane.
    pub lane: Option<&'static str>,
    /// The key of the sequence.
    pub sequence: Option<String>,
    /// The unique key and its scope.
    pub unique: Option<(String, Scope)>,
}

impl Wish {
    /// The options for the queue.
    pub fn options(&self) -> Options {
        let mut options = Options::default().max_attempts(self.work.act.attempts());
        if let Ok(delay @ 1..) = u64::try_from(self.delay_ms) {
            options = options.delay(Duration::from_millis(delay));
        }
        if let Some(lane) = self.lane {
            options = options.lane(lane);
        }
        if let Some(key) = &self.sequence {
            options = options.sequence(key);
        }
        if let Some((key, scope)) = &self.unique {
            let scope = match scope {
                Scope::Window => Unique::For(Duration::from_secs(24 * 3_600)),
                Scope::Unfinished => Unique::WhileUnfinished,
            };
            options = options.unique(key, scope);
        }
        options
    }
}

/// One transaction of a writer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transaction {
    /// The calls of the queue. At most one of them takes keys: transactions that take keys in several calls may
    /// deadlock, and that is the fault of their author.
    pub calls: Vec<(Kind, Vec<Wish>)>,
    /// How long the transaction stays open after the last call.
    pub hold: Duration,
    /// Whether the transaction is rolled back.
    pub roll_back: bool,
}

impl Transaction {
    /// How many jobs the transaction writes.
    pub fn jobs(&self) -> usize {
        self.calls.iter().map(|(_, wishes)| wishes.len()).sum()
    }
}

/// So few that each sequence has waiting jobs.
const SEQUENCES: u32 = 24;
const UNFINISHED_KEYS: u32 = 12;
/// The share of the jobs without a sequence or a key that use a lane with limits.
const LIMITED: f64 = 0.3;

/// The random source of one writer.
pub struct Draw {
    random: StdRng,
    n: i64,
    transactions: u32,
    poison: bool,
}

impl Draw {
    /// Each writer has its own source. So a writer that waits does not change what the others write.
    pub fn new(seed: u64, writer: u32, poison: bool) -> Self {
        Self {
            random: StdRng::seed_from_u64(
                seed.wrapping_mul(31).wrapping_add(u64::from(writer) + 1),
            ),
            n: i64::from(writer + 1) * 100_000_000,
            transactions: 0,
            poison,
        }
    }

    /// The next transaction.
    pub fn transaction(&mut self) -> Transaction {
        self.transactions += 1;
        let mut calls = Vec::new();
        for _ in 0..self.random.random_range(0..3) {
            calls.push(self.single());
        }
        match self.random.random_range(0..100) {
            0..45 => calls.push(self.sequenced(false)),
            45..65 => calls.push(self.unique()),
            65..72 => calls.push(self.sequenced(true)),
            _ => calls.push(self.single()),
        }
        let hold = match self.random.random_range(0..200) {
            0 => self.random.random_range(1_200..2_500),
            1..10 => self.random.random_range(100..600),
            10..40 => self.random.random_range(1..40),
            _ => 0,
        };
        Transaction {
            calls,
            hold: Duration::from_millis(hold),
            roll_back: self.random.random_bool(0.1),
        }
    }

    fn wish(&mut self, act: Act) -> Wish {
        self.n += 1;
        let ms = match self.random.random_range(0..100) {
            0..70 => self.random.random_range(0..20),
            70..97 => self.random.random_range(20..120),
            // Longer than a lease, so the heartbeats keep it alive.
            _ => self.random.random_range(1_000..1_800),
        };
        Wish {
            work: Work {
                n: self.n,
                act,
                ms,
                completes: self.random.random_bool(0.5),
            },
            delay_ms: 0,
            lane: None,
            sequence: None,
            unique: None,
        }
    }

    fn act(&mut self) -> Act {
        match self.random.random_range(0..1_000) {
            0..80 => Act::Fail(self.random.random_range(1..4)),
            80..110 => Act::Panic(self.random.random_range(1..3)),
            110..150 => Act::Snooze(self.random.random_range(1..4)),
            150..170 => Act::Hopeless,
            170..185 => Act::Discard,
            185..189 if self.poison => Act::Poison,
            _ => Act::Plain,
        }
    }

    fn single(&mut self) -> (Kind, Vec<Wish>) {
        // An unsure outcome waits for seconds, so it is in no sequence: the whole sequence would wait.
        let act = if self.random.random_bool(0.12) {
            Act::Once
        } else {
            self.act()
        };
        let mut wish = self.wish(act);
        if self.random.random_bool(LIMITED) {
            wish.lane = LANES.get(self.random.random_range(0..LANES.len())).copied();
        }
        if self.random.random_bool(0.15) {
            wish.delay_ms = self.random.random_range(50..4_000);
        }
        let kind = match act {
            Act::Plain => Kind::Quick,
            _ => Kind::Rough,
        };
        (kind, vec![wish])
    }

    fn sequenced(&mut self, unique: bool) -> (Kind, Vec<Wish>) {
        let wishes = (0..self.random.random_range(1..6))
            .map(|_| {
                let act = self.act();
                let mut wish = self.wish(act);
                let key = self.random.random_range(0..SEQUENCES);
                wish.sequence = Some(format!("s{key}"));
                // Most runs are short. The order matters here, and a long run holds up its whole sequence.
                wish.work.ms %= 60;
                if unique {
                    wish.unique = Some(self.key());
                }
                wish
            })
            .collect();
        // A sequence uses more than one pool.
        let kind = [Kind::Ordered, Kind::Ordered, Kind::Quick][self.random.random_range(0..3)];
        (kind, wishes)
    }

    fn unique(&mut self) -> (Kind, Vec<Wish>) {
        let wishes = (0..self.random.random_range(1..5))
            .map(|_| {
                let mut wish = self.wish(Act::Plain);
                wish.unique = Some(self.key());
                wish
            })
            .collect();
        (Kind::Quick, wishes)
    }

    fn key(&mut self) -> (String, Scope) {
        if self.random.random_bool(0.5) {
            let key = self.random.random_range(0..UNFINISHED_KEYS);
            (format!("u{key}"), Scope::Unfinished)
        } else {
            // The writers take keys at about the same pace, so several of them ask for each key.
            let (age, key) = (self.transactions / 8, self.random.random_range(0..6));
            (format!("w{age}-{key}"), Scope::Window)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_writes_the_same_again() {
        let write = |seed| {
            let mut draw = Draw::new(seed, 0, true);
            (0..50).map(|_| draw.transaction()).collect::<Vec<_>>()
        };
        assert_eq!(write(3), write(3));
        assert_ne!(write(3), write(4));
    }

    #[test]
    fn no_two_jobs_have_the_same_number() {
        let mut numbers = std::collections::BTreeSet::new();
        for writer in 0..3 {
            let mut draw = Draw::new(1, writer, true);
            for _ in 0..100 {
                for (_, wishes) in draw.transaction().calls {
                    for wish in wishes {
                        assert!(numbers.insert(wish.work.n));
                    }
                }
            }
        }
    }
}
