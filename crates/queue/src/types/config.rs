//! The configuration of an engine.

use std::time::Duration;

use super::{Limits, Pool};

/// The configuration of an engine. `Engine::start` refuses values that make no sense and names the field.
#[derive(Clone, Debug)]
pub struct EngineConfig {
    /// The pools that this process serves, each with its number of slots. A pool without a slot is refused.
    pub pools: Vec<(Pool, usize)>,
    /// The limits of every lane of a pool that has no limits of its own.
    pub lane_limits: Vec<(Pool, Limits)>,
    /// How often the fetcher looks without a call. Each wait is up to a quarter shorter or longer. At least 10 ms.
    pub poll: Duration,
    /// How often the process writes that it is alive. At least 10 ms.
    pub heartbeat: Duration,
    /// If a process writes no heartbeat for this long, other processes take its jobs. At least three heartbeats.
    pub lease: Duration,
    /// For how many days the records of finished jobs are kept.
    pub keep_days: u16,
    /// The version of the program, for whoever looks at the processes.
    pub version: &'static str,
}

impl Default for EngineConfig {
    fn default() -> Self {
        Self {
            pools: Vec::new(),
            lane_limits: Vec::new(),
            poll: Duration::from_secs(1),
            heartbeat: Duration::from_secs(5),
            lease: Duration::from_secs(15),
            keep_days: 7,
            version: "",
        }
    }
}

impl EngineConfig {
    pub(crate) fn check(&self) -> Result<(), ConfigError> {
        let refuse = |field: &str, rule: String| {
            Err(ConfigError {
                field: field.to_owned(),
                rule,
            })
        };
        for (at, (pool, slots)) in self.pools.iter().enumerate() {
            if *slots == 0 {
                return refuse(
                    &format!("pools.{}", pool.name()),
                    "must have at least one slot; to stop a pool, pause it".into(),
                );
            }
            if self.pools[..at].iter().any(|(other, _)| other == pool) {
                return refuse("pools", format!("has {} twice", pool.name()));
            }
        }
        for (pool, limits) in &self.lane_limits {
            if let Err(error) = limits.check() {
                return refuse(&format!("lane_limits.{}", pool.name()), error.to_string());
            }
        }
        // A very short wait is a busy loop.
        for (field, wait) in [("poll", self.poll), ("heartbeat", self.heartbeat)] {
            if wait < Duration::from_millis(10) {
                return refuse(field, "must be at least 10 ms".into());
            }
        }
        if self.lease < self.heartbeat.saturating_mul(3) {
            return refuse("lease", "must be at least three heartbeats".into());
        }
        Ok(())
    }
}

/// A refused value of an [`EngineConfig`].
#[derive(Debug, thiserror::Error)]
#[error("{field} {rule}")]
pub(crate) struct ConfigError {
    field: String,
    rule: String,
}
