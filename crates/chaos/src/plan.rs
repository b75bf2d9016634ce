//! The plan of the troubles. The seed decides all of it before anything starts.

use rand::{RngExt, SeedableRng, rngs::StdRng};
use serde::Serialize;

/// A trouble.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum Trouble {
    /// Kills a worker (SIGKILL).
    Kill,
    /// Freezes a worker until after its lease, then lets it go on.
    Freeze,
    /// Freezes all workers until after their leases, then lets them go on. Nobody takes anything back meanwhile.
    FreezeAll,
    /// Asks a worker to end (SIGTERM).
    Terminate,
    /// Starts one more worker than usual.
    Start,
    /// Cuts one database connection.
    Cut,
    /// Cuts all database connections.
    CutAll,
    /// Freezes one process of PostgreSQL for longer than a lease, and with it those that wait for it or its locks.
    FreezeBackend,
    /// Kills one process of PostgreSQL (SIGKILL). All others end, and the server recovers by itself.
    KillBackend,
    /// Stops PostgreSQL as a crash would (immediate mode), and starts it again.
    Restart,
}

impl Trouble {
    /// The relative frequency of each trouble.
    const WEIGHTS: [(Self, u32); 10] = [
        (Self::Kill, 22),
        (Self::Freeze, 18),
        (Self::FreezeAll, 6),
        (Self::Terminate, 12),
        (Self::Start, 8),
        (Self::Cut, 16),
        (Self::CutAll, 5),
        (Self::FreezeBackend, 6),
        (Self::KillBackend, 4),
        (Self::Restart, 3),
    ];

    /// The trouble in words, for a person.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Kill => "worker killed (SIGKILL)",
            Self::Freeze => "worker frozen past its lease (SIGSTOP, SIGCONT)",
            Self::FreezeAll => "all workers frozen at once",
            Self::Terminate => "worker asked to end (SIGTERM)",
            Self::Start => "one more worker started",
            Self::Cut => "one database connection cut",
            Self::CutAll => "all database connections cut",
            Self::FreezeBackend => "a process of PostgreSQL frozen",
            Self::KillBackend => "a process of PostgreSQL killed: recovery",
            Self::Restart => "PostgreSQL restarted in immediate mode",
        }
    }
}

/// An entry of the plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// When the trouble comes, in milliseconds from the start.
    pub at: u64,
    /// Which trouble.
    pub trouble: Trouble,
    /// Which worker or connection. The number is taken modulo the number of those that are there.
    pub whom: usize,
    /// How long the trouble lasts, in milliseconds, if it lasts.
    pub lasts: u64,
}

/// The time between two troubles, in milliseconds.
const APART: std::ops::Range<u64> = 150..1_300;
/// How long a freeze lasts, in milliseconds: a bit more than one lease to three leases.
const FROZEN: std::ops::Range<u64> = 1_100..3_200;

/// The troubles of `seconds` seconds: only these kinds, or all if none is named. Any 30 seconds also have the rare
/// ones.
pub fn schedule(seed: u64, seconds: u64, only: &[Trouble]) -> Vec<Entry> {
    let wanted = |trouble: &Trouble| only.is_empty() || only.contains(trouble);
    let weights: Vec<(Trouble, u32)> = Trouble::WEIGHTS
        .into_iter()
        .filter(|(trouble, _)| wanted(trouble))
        .collect();
    let mut random = StdRng::seed_from_u64(seed);
    let end = seconds.saturating_mul(1_000);
    let mut entries = Vec::new();
    let mut at = random.random_range(APART);
    while at < end {
        let trouble = pick(&mut random, &weights);
        entries.push(entry(&mut random, at, trouble));
        at += random.random_range(APART);
    }
    let rare = [
        (Trouble::Restart, 20_000),
        (Trouble::FreezeAll, 15_000),
        (Trouble::KillBackend, 25_000),
    ];
    for (trouble, every) in rare.into_iter().filter(|(trouble, _)| wanted(trouble)) {
        let mut from = 0;
        while from + 5_000 < end {
            let at = random.random_range(from..(from + every).min(end));
            entries.push(entry(&mut random, at, trouble));
            from += every;
        }
    }
    entries.sort_by_key(|entry| entry.at);
    entries
}

fn entry(random: &mut StdRng, at: u64, trouble: Trouble) -> Entry {
    Entry {
        at,
        trouble,
        whom: random.random_range(0..1_000),
        lasts: random.random_range(FROZEN),
    }
}

fn pick(random: &mut StdRng, weights: &[(Trouble, u32)]) -> Trouble {
    let all: u32 = weights.iter().map(|(_, weight)| weight).sum();
    let mut dice = random.random_range(0..all.max(1));
    for (trouble, weight) in weights {
        match dice.checked_sub(*weight) {
            Some(left) => dice = left,
            None => return *trouble,
        }
    }
    Trouble::Kill
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_the_same_troubles_again_and_another_one_others() {
        assert_eq!(schedule(7, 60, &[]), schedule(7, 60, &[]));
        assert_ne!(schedule(7, 60, &[]), schedule(8, 60, &[]));
    }

    #[test]
    fn two_minutes_have_every_trouble() {
        let entries = schedule(1, 120, &[]);
        for (trouble, _) in Trouble::WEIGHTS {
            assert!(
                entries.iter().any(|entry| entry.trouble == trouble),
                "{trouble:?}"
            );
        }
        assert!(entries.iter().all(|entry| entry.at < 120_000));
    }

    #[test]
    fn what_is_not_wanted_does_not_come() {
        let entries = schedule(1, 60, &[Trouble::Freeze]);
        assert!(entries.len() > 20);
        assert!(entries.iter().all(|entry| entry.trouble == Trouble::Freeze));
    }
}
