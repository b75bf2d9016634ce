//! The limits of lanes, as far as the fetcher knows them.

use std::collections::HashSet;

use crate::{
    store::lanes::Limited,
    types::{Level, Limits, Pool},
};

type Lane = (String, String);

/// The limits of lanes, as far as the fetcher knows them.
#[derive(Default)]
pub(crate) struct KnownLimits {
    /// Lanes with a limit on the number of their running jobs.
    counted: HashSet<Lane>,
    /// Lanes with a limit, a pause or a parking.
    limited: HashSet<Lane>,
    /// Lanes that were given the default limits of their pool.
    defaulted: HashSet<Lane>,
}

impl KnownLimits {
    /// Replaces the limits by those that the database has.
    pub fn replace(&mut self, limits: Vec<Limited>) {
        let counted = limits.iter().filter(|limit| limit.counted);
        self.counted = counted
            .map(|limit| (limit.pool.clone(), limit.lane.clone()))
            .collect();
        self.limited = limits
            .into_iter()
            .map(|limit| (limit.pool, limit.lane))
            .collect();
    }

    /// Whether the number of the lane's running jobs is limited.
    pub fn is_counted(&self, level: &Level) -> bool {
        self.counted.contains(&lane_of(level))
    }

    /// Whether the lane has a limit, a pause or a parking.
    pub fn is_limited(&self, level: &Level) -> bool {
        self.limited.contains(&lane_of(level))
    }

    /// Whether a lane was given the default limits of its pool.
    pub fn has_defaults(&self, pool: Pool, lane: &str) -> bool {
        let lane = (pool.name().to_owned(), lane.to_owned());
        self.defaulted.contains(&lane)
    }

    /// Notes that these lanes were given the default limits of their pool.
    pub fn given_defaults(&mut self, pool: Pool, lanes: Vec<String>, limits: &Limits) {
        for lane in lanes {
            let lane = (pool.name().to_owned(), lane);
            if limits.max_running.is_some() {
                self.counted.insert(lane.clone());
            }
            self.limited.insert(lane.clone());
            self.defaulted.insert(lane);
        }
    }
}

fn lane_of(level: &Level) -> Lane {
    (level.pool.clone(), level.lane.clone())
}
