//! What a writer writes next: by the seed alone.

use std::time::Duration;

use kazi_queue::{Job, Options, Unique};
use rand::{RngExt, SeedableRng, rngs::StdRng};

use crate::{
    record::LANES,
    work::{Act, Ordered, Quick, Rough, Work},
};

/// Which kind, and so which pool.
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
    /// The queue's name for it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Quick => Quick::NAME,
            Self::Ordered => Ordered::NAME,
            Self::Rough => Rough::NAME,
        }
    }
}

/// For how long a key keeps others out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Longer than the test.
    Window,
    /// Until its job has ended.
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

/// One job to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wish {
    /// Its payload.
    pub work: Work,
    /// How long it shall wait.
    pub delay_ms: i64,
    /// Its lane, where that is not everybody's.
    pub lane: Option<&'static str>,
    /// Its sequence.
    pub sequence: Option<String>,
    /// Its unique key.
    pub unique: Option<(String, Scope)>,
}

impl Wish {
    /// For the queue.
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

/// What is written in one transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transaction {
    /// Calls of the queue. At most one of them takes keys: a transaction that takes them in several calls may wait in a
    /// circle with another one, which is its author's fault.
    pub calls: Vec<(Kind, Vec<Wish>)>,
    /// How long it stays open after the last call.
    pub hold: Duration,
    /// Whether it is given up.
    pub roll_back: bool,
}

impl Transaction {
    /// How many jobs it wants to write.
    pub fn jobs(&self) -> usize {
        self.calls.iter().map(|(_, wishes)| wishes.len()).sum()
    }
}

/// Few, so that each has a queue of its own.
const SEQUENCES: u32 = 24;
const UNFINISHED_KEYS: u32 = 12;
/// The share of the jobs without a sequence or a key that are in lanes with limits.
const LIMITED: f64 = 0.3;

/// A writer's dice.
pub struct Draw {
    random: StdRng,
    n: i64,
    transactions: u32,
    poison: bool,
}

impl Draw {
    /// Each writer has its own, so that one which waits does not change what the others write.
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

    /// The next one.
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
            // Longer than a lease: it lives by the heartbeats.
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
        // Alone: one whose outcome is unsure waits for seconds, and a sequence would wait with it.
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
                // Most are short: the order is what counts, and a long one holds up its whole sequence.
                wish.work.ms %= 60;
                if unique {
                    wish.unique = Some(self.key());
                }
                wish
            })
            .collect();
        // A sequence runs through more than one pool.
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
            // The writers go through them at about the same pace, so each is asked for by several.
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
