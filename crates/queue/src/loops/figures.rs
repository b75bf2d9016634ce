//! The metrics of claims and ends, by kind, pool and class of lane. The name of a lane is no label, because there is no
//! limit to their number.
//!
//! Everything is counted where it happens, except the depths: upkeep looks at the first job of each lane, and counts at
//! most 10,000 rows of an index.

use std::{collections::HashMap, time::Duration};

use super::run::Ended;
use crate::types::{Claimed, class};

pub(crate) fn claimed(jobs: &[Claimed]) {
    if jobs.is_empty() {
        return;
    }
    let mut counts: HashMap<(&str, &str, &'static str), u64> = HashMap::new();
    for job in jobs {
        let key = (job.kind.as_str(), job.pool.as_str(), class(&job.lane));
        *counts.entry(key).or_default() += 1;
    }
    for ((kind, pool, lane), count) in counts {
        metrics::counter!("kazi_queue_claimed_total", "kind" => kind.to_owned(), "pool" => pool.to_owned(), "lane" => lane)
            .increment(count);
    }
    #[expect(
        clippy::cast_precision_loss,
        reason = "a batch has at most a few thousand jobs"
    )]
    metrics::histogram!("kazi_queue_claim_batch_size").record(jobs.len() as f64);
}

/// A job whose run has begun.
#[derive(Clone, Copy)]
pub(crate) struct Labels {
    pub kind: &'static str,
    pub pool: &'static str,
    pub lane: &'static str,
}

impl Labels {
    /// Records the time between the due time and the claim.
    pub fn waited(self, job: &Claimed) {
        let waited = job
            .claimed_at
            .map_or(0.0, |at| (at - job.due).as_seconds_f64());
        metrics::histogram!("kazi_queue_wait_seconds", "kind" => self.kind, "pool" => self.pool, "lane" => self.lane)
            .record(waited.max(0.0));
    }

    pub fn ended(self, ended: &Ended, took: Duration) {
        metrics::histogram!("kazi_queue_run_seconds", "kind" => self.kind, "pool" => self.pool, "lane" => self.lane)
            .record(took.as_secs_f64());
        metrics::counter!("kazi_queue_finished_total", "kind" => self.kind, "pool" => self.pool, "lane" => self.lane, "outcome" => ended.label)
            .increment(1);
        if let Some(class) = &ended.class {
            metrics::counter!("kazi_queue_errors_total", "kind" => self.kind, "pool" => self.pool, "lane" => self.lane, "class" => class.clone())
                .increment(1);
        }
    }
}

/// A job that became a dead letter because its process died or froze in its last attempt.
pub(crate) fn died_with_its_process(kind: String, pool: String, lane: &str) {
    let lane = class(lane);
    metrics::counter!("kazi_queue_finished_total", "kind" => kind.clone(), "pool" => pool.clone(), "lane" => lane, "outcome" => "dead")
        .increment(1);
    metrics::counter!("kazi_queue_errors_total", "kind" => kind, "pool" => pool, "lane" => lane, "class" => "lost")
        .increment(1);
}
