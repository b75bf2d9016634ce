//! Whose turn it is. A process knows which lanes have due work and goes round them. So a lane with a million jobs
//! delays another lane's next job by one round, and not by a million jobs.
//!
//! In a lane with a backlog the place of the last claim is kept as a mark, and the next claim begins there. The rows
//! before the mark are dead. While somebody holds an old snapshot, PostgreSQL would otherwise walk over all of them
//! each time. A bell takes the mark back by [`LATE`], for jobs that commit behind it. What no bell tells of is found by
//! the sweep, which begins at the start again.

use std::{
    collections::{HashMap, VecDeque},
    time::Duration,
};

use chrono::TimeDelta;
use tokio::time::Instant;

use crate::types::{Ask, Claimed, Level, Mark, Place};

/// The largest number of lanes in one claim. Measured: more lanes cost more in the statement than they save in round
/// trips.
const LANES: usize = 128;
/// The largest number of jobs in one claim.
const BATCH: usize = 1_000;
/// How many jobs to ask of a lane without a known backlog, while others have one. Most such lanes have one job.
const FEW: usize = 2;
/// The number of priorities. 0 is the most urgent.
const LEVELS: usize = 3;
/// After this many turns a lane begins with its least urgent jobs, so that urgent ones cannot hold them up for ever.
const TURNABOUT: u32 = 8;
/// A transaction that began this long ago may still commit jobs with its older time.
const LATE: TimeDelta = TimeDelta::seconds(10);
/// After this many misses a lane counts as empty, until the next sweep.
const MISSES: u8 = 3;
/// How many marks of drained levels are kept.
const REMEMBERED: usize = 10_000;

#[derive(Default)]
struct Lane {
    /// For each priority: `Some` if work is known or likely, with the mark.
    levels: [Option<Option<Mark>>; LEVELS],
    turns: u32,
    /// The limit of the lane allows nothing before this time.
    not_before: Option<Instant>,
    /// How often in a row the limit should have allowed a job and none came. The lane is empty, or another process was
    /// claiming from it.
    misses: u8,
    /// The last claim brought everything that it asked for, so there is probably more.
    backlog: bool,
}

impl Lane {
    /// The level whose turn it is.
    fn next(&mut self) -> Option<(i16, Option<Mark>)> {
        self.turns = self.turns.wrapping_add(1);
        let known = |(priority, level): (usize, &Option<Option<Mark>>)| {
            Some((i16::try_from(priority).ok()?, (*level)?))
        };
        let mut levels = self.levels.iter().enumerate();
        if self.turns.is_multiple_of(TURNABOUT) {
            levels.rev().find_map(known)
        } else {
            levels.find_map(known)
        }
    }

    fn is_idle(&self) -> bool {
        self.levels.iter().all(Option::is_none)
    }
}

/// Shares the slots among the lanes. Lanes without a backlog get a few each, and those with one share the rest evenly.
/// If no lane has a backlog, all share evenly.
fn share(slots: usize, asks: Vec<(Ask, bool)>) -> Vec<Ask> {
    let long = asks.iter().filter(|(_, backlog)| *backlog).count();
    let others = asks.len() - long;
    let few = if long > 0 {
        FEW.min(slots / asks.len())
    } else {
        0
    };
    let among = if long > 0 { long } else { asks.len() }.max(1);
    let rest = slots - few * others;
    let (each, mut left) = (rest / among, rest % among);
    asks.into_iter()
        .map(|(mut ask, backlog)| {
            let quota = if long > 0 && !backlog {
                few
            } else {
                let more = usize::from(left > 0);
                left -= more;
                each + more
            };
            ask.quota = i32::try_from(quota).unwrap_or(i32::MAX);
            ask
        })
        .collect()
}

/// The lanes of one process, and the order of their turns.
#[derive(Default)]
pub(crate) struct Rounds {
    lanes: HashMap<(String, String), Lane>,
    order: HashMap<String, VecDeque<String>>,
    /// The place of the last claim in levels that were empty after it.
    drained: HashMap<Level, Place>,
}

impl Rounds {
    /// Notes that there may be work at this level. It may stand behind the mark, because its transaction began before
    /// others that have committed already.
    pub fn add(&mut self, level: &Level) {
        let drained = self.drained.get(level).copied();
        let known = self.level(level);
        let last = match *known {
            Some(Some((due, Some(_)))) => Some(due),
            // The next claim looks from further back anyway.
            Some(_) => return,
            None => drained.map(|(due, _)| due),
        };
        *known = Some(last.map(|due| (due - LATE, None)));
    }

    /// Notes the first ready job of a level, which a sweep has seen.
    pub fn found(&mut self, level: &Level, first: Place) {
        let before = Some((first.0, Some(first.1 - 1)));
        if let Some(lane) = self
            .lanes
            .get_mut(&(level.pool.clone(), level.lane.clone()))
        {
            // The limits may have changed since. The claim checks them.
            lane.not_before = None;
        }
        let known = self.level(level);
        match known {
            // The job is behind the mark, where no claim would look.
            Some(mark) if mark.is_some_and(|mark| mark >= (first.0, Some(first.1))) => {
                *mark = before
            }
            Some(_) => {}
            None => *known = Some(before),
        }
    }

    fn level(&mut self, level: &Level) -> &mut Option<Option<Mark>> {
        let priority = usize::try_from(level.priority).unwrap_or(0).min(LEVELS - 1);
        let key = (level.pool.clone(), level.lane.clone());
        let lane = self.lanes.entry(key).or_insert_with(|| {
            let order = self.order.entry(level.pool.clone()).or_default();
            order.push_back(level.lane.clone());
            Lane::default()
        });
        &mut lane.levels[priority]
    }

    /// What to ask for in a pool with this many free slots. It moves the turn on.
    pub fn asks(&mut self, pool: &str, free: usize, now: Instant) -> Vec<Ask> {
        let Some(order) = self.order.get_mut(pool) else {
            return Vec::new();
        };
        // Each ask, and whether its lane has a backlog.
        let mut asks = Vec::new();
        for _ in 0..order.len() {
            if asks.len() >= LANES.min(free) {
                break;
            }
            let Some(name) = order.pop_front() else { break };
            let key = (pool.to_owned(), name);
            let Some(lane) = self.lanes.get_mut(&key) else {
                continue;
            };
            if lane.is_idle() {
                self.lanes.remove(&key);
                continue;
            }
            let backlog = lane.backlog;
            if lane.not_before.is_none_or(|at| at <= now)
                && let Some((priority, after)) = lane.next()
            {
                let (pool, lane) = key.clone();
                let level = Level {
                    pool,
                    lane,
                    priority,
                };
                let ask = Ask {
                    level,
                    after,
                    quota: 0,
                };
                asks.push((ask, backlog));
            }
            order.push_back(key.1);
        }
        share(free.min(BATCH), asks)
    }

    /// Notes what a claim brought. `waits` has for each limited lane the seconds until it lets the next job through.
    pub fn settle(
        &mut self,
        asks: &[Ask],
        claimed: &[Claimed],
        waits: &HashMap<(String, String), f64>,
        now: Instant,
    ) {
        let mut last: HashMap<(&str, &str, i16), (i32, Place)> = HashMap::new();
        for job in claimed {
            let place = (job.due, job.id);
            let entry = last
                .entry((&job.pool, &job.lane, job.priority))
                .or_insert((0, place));
            entry.0 += 1;
            entry.1 = entry.1.max(place);
        }
        for Ask { level, quota, .. } in asks {
            let key = (level.pool.as_str(), level.lane.as_str(), level.priority);
            let got = last.get(&key).copied();
            let full = got.is_some_and(|(n, _)| n >= *quota);
            let owned = (level.pool.clone(), level.lane.clone());
            let wait = waits.get(&owned).copied();
            let mut kept = full;
            if let Some(lane) = self.lanes.get_mut(&owned) {
                lane.backlog = full;
                lane.misses = if got.is_some() {
                    0
                } else {
                    lane.misses.saturating_add(1)
                };
                lane.not_before = match wait {
                    _ if full => None,
                    Some(secs) if secs > 0.0 => {
                        Some(now + Duration::from_secs_f64(secs.clamp(0.001, 60.0)))
                    }
                    Some(_) if lane.misses <= MISSES => Some(now + Duration::from_millis(2)),
                    _ => None,
                };
                kept |= lane.not_before.is_some();
            }
            if kept {
                if let (Some((_, place)), Some(mark)) = (got, self.level(level)) {
                    *mark = Some((place.0, Some(place.1)));
                }
                continue;
            }
            *self.level(level) = None;
            if let Some((_, place)) = got {
                if self.drained.len() >= REMEMBERED {
                    self.drained.clear();
                }
                self.drained.insert(level.clone(), place);
            }
        }
    }

    /// Whether a pool has work that no limit holds back.
    pub fn has_work(&self, pool: &str, now: Instant) -> bool {
        self.lanes.iter().any(|((of, _), lane)| {
            of == pool && !lane.is_idle() && lane.not_before.is_none_or(|at| at <= now)
        })
    }

    /// Ends the waits that are over. True: there were some.
    pub fn release(&mut self, now: Instant) -> bool {
        let mut some = false;
        for lane in self.lanes.values_mut() {
            if lane.not_before.is_some_and(|at| at <= now) {
                lane.not_before = None;
                some = true;
            }
        }
        some
    }

    /// The lanes of a pool that have work.
    pub fn lanes(&self, pool: &str) -> impl Iterator<Item = &str> {
        let order = self.order.get(pool).into_iter().flatten();
        order.map(String::as_str)
    }

    /// When the next lane's limit lets a job through.
    pub fn next_at(&self) -> Option<Instant> {
        let waiting = self.lanes.values().filter(|lane| !lane.is_idle());
        waiting.filter_map(|lane| lane.not_before).min()
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    fn level(lane: &str, priority: i16) -> Level {
        Level {
            pool: "p".into(),
            lane: lane.into(),
            priority,
        }
    }

    fn place(secs: i64, id: i64) -> Place {
        (DateTime::from_timestamp(secs, 0).unwrap(), id)
    }

    fn job(lane: &str, priority: i16, at: Place) -> Claimed {
        Claimed {
            id: at.1,
            lease: 1,
            kind: "k".into(),
            pool: "p".into(),
            lane: lane.into(),
            priority,
            tenant: None,
            attempt: 1,
            max_attempts: 1,
            enqueued_at: at.0,
            due: at.0,
            claimed_at: None,
            cancel_requested: false,
            sequence_key: None,
            trace: None,
            payload: serde_json::Value::Null,
        }
    }

    fn asked(rounds: &mut Rounds, free: usize) -> Vec<(String, i16, i32)> {
        let asks = rounds.asks("p", free, Instant::now());
        asks.into_iter()
            .map(|ask| (ask.level.lane, ask.level.priority, ask.quota))
            .collect()
    }

    #[tokio::test]
    async fn every_lane_has_its_turn_and_its_share() {
        let mut rounds = Rounds::default();
        for lane in ["a", "b", "c"] {
            rounds.add(&level(lane, 1));
        }
        assert_eq!(
            asked(&mut rounds, 8),
            [("a".into(), 1, 3), ("b".into(), 1, 3), ("c".into(), 1, 2)]
        );
        let one: Vec<String> = (0..4).map(|_| asked(&mut rounds, 1).remove(0).0).collect();
        assert_eq!(one, ["a", "b", "c", "a"]);
    }

    #[tokio::test]
    async fn urgent_jobs_go_first_but_do_not_starve_the_others() {
        let mut rounds = Rounds::default();
        rounds.add(&level("a", 0));
        rounds.add(&level("a", 2));
        let turns: Vec<i16> = (0..8).map(|_| asked(&mut rounds, 1)[0].1).collect();
        assert_eq!(turns, [0, 0, 0, 0, 0, 0, 0, 2]);
    }

    #[tokio::test]
    async fn a_lane_with_a_backlog_gets_what_the_others_are_not_likely_to_need() {
        let mut rounds = Rounds::default();
        rounds.add(&level("long", 1));
        let asks = rounds.asks("p", 2, Instant::now());
        let brought = [job("long", 1, place(1, 1)), job("long", 1, place(1, 2))];
        rounds.settle(&asks, &brought, &HashMap::new(), Instant::now());
        rounds.add(&level("a", 1));
        rounds.add(&level("b", 1));
        let mut asked = asked(&mut rounds, 100);
        asked.sort();
        let expected = [("a", 2), ("b", 2), ("long", 96)];
        assert_eq!(asked, expected.map(|(lane, n)| (lane.to_owned(), 1, n)));
    }

    #[tokio::test]
    async fn a_backlog_is_claimed_from_its_mark_and_a_drained_level_is_forgotten() {
        let mut rounds = Rounds::default();
        rounds.add(&level("a", 1));
        let asks = rounds.asks("p", 1, Instant::now());
        assert_eq!(asks[0].after, None);
        rounds.settle(
            &asks,
            &[job("a", 1, place(100, 7))],
            &HashMap::new(),
            Instant::now(),
        );
        let asks = rounds.asks("p", 1, Instant::now());
        assert_eq!(asks[0].after, Some((place(100, 7).0, Some(7))));
        // A sweep finds what was committed behind the mark.
        rounds.found(&level("a", 1), place(90, 5));
        let asks = rounds.asks("p", 1, Instant::now());
        assert_eq!(asks[0].after, Some((place(90, 4).0, Some(4))));
        rounds.settle(&asks, &[], &HashMap::new(), Instant::now());
        assert!(rounds.asks("p", 1, Instant::now()).is_empty());
        assert!(!rounds.has_work("p", Instant::now()));
    }

    #[tokio::test]
    async fn after_a_drain_the_next_look_begins_a_little_before_the_last_place() {
        let mut rounds = Rounds::default();
        rounds.add(&level("a", 1));
        let asks = rounds.asks("p", 5, Instant::now());
        rounds.settle(
            &asks,
            &[job("a", 1, place(100, 7))],
            &HashMap::new(),
            Instant::now(),
        );
        rounds.add(&level("a", 1));
        let asks = rounds.asks("p", 5, Instant::now());
        assert_eq!(asks[0].after, Some((place(90, 0).0, None)));
    }

    #[tokio::test]
    async fn a_bell_in_a_backlog_takes_the_mark_back_once() {
        let mut rounds = Rounds::default();
        rounds.add(&level("a", 1));
        let asks = rounds.asks("p", 1, Instant::now());
        rounds.settle(
            &asks,
            &[job("a", 1, place(100, 7))],
            &HashMap::new(),
            Instant::now(),
        );
        rounds.add(&level("a", 1));
        rounds.add(&level("a", 1));
        let asks = rounds.asks("p", 1, Instant::now());
        assert_eq!(asks[0].after, Some((place(90, 0).0, None)));
    }

    #[tokio::test]
    async fn a_lane_at_its_limit_waits_and_holds_nobody_up() {
        let mut rounds = Rounds::default();
        rounds.add(&level("a", 1));
        rounds.add(&level("b", 1));
        let asks = rounds.asks("p", 2, Instant::now());
        let now = Instant::now();
        let at = now + Duration::from_secs(60);
        let waits = HashMap::from([(("p".to_owned(), "a".to_owned()), 60.0)]);
        rounds.settle(&asks, &[job("b", 1, place(1, 1))], &waits, now);
        assert_eq!(asked(&mut rounds, 2), [("b".to_owned(), 1, 2)]);
        assert_eq!(rounds.next_at(), Some(at));
        assert_eq!(rounds.asks("p", 2, at).len(), 2);
    }
}
