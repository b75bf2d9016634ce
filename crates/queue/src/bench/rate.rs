//! A lane at its limit, with several processes that all want its jobs.
//!
//! A trigger notes every claim with the time at which its statement began. The limit is decided by that time. It comes
//! from the database's clock, and not from any part of the limit. Then every window between two claims is compared with
//! the bound of the algorithm: burst + rate × window.

use std::time::Duration;

use super::{
    Bench, BenchError, Figure,
    table::{clean, fill},
    work::POOL,
};
use crate::{
    store::lanes,
    types::{Limits, Options, sql},
};

const RATE: f64 = 80.0;
const BURST: u32 = 10;
const PROCESSES: usize = 3;
const LANE: &str = "limited";

const RECORD: &str = sql!(text, "
    DROP SCHEMA IF EXISTS kazi_bench CASCADE;
    CREATE SCHEMA kazi_bench;
    CREATE TABLE kazi_bench.claims (at timestamptz NOT NULL, owner bigint NOT NULL);
    CREATE FUNCTION kazi_bench.claimed() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO kazi_bench.claims VALUES (now(), NEW.owner);
        RETURN NULL;
    END $$;
    CREATE TRIGGER kazi_bench AFTER UPDATE ON queue.jobs FOR EACH ROW
        WHEN (OLD.state = " Ready " AND NEW.state = " Running ") EXECUTE FUNCTION kazi_bench.claimed()");

pub(super) async fn measure(bench: &Bench<'_>) -> Result<Vec<Figure>, BenchError> {
    clean(bench.db).await?;
    sqlx::raw_sql(RECORD).execute(bench.db).await?;
    let watched = watch(bench).await;
    sqlx::raw_sql("DROP SCHEMA kazi_bench CASCADE")
        .execute(bench.db)
        .await?;
    watched
}

async fn watch(bench: &Bench<'_>) -> Result<Vec<Figure>, BenchError> {
    let seconds = bench.plan.seconds * 3;
    let processes = bench.plan.processes.max(PROCESSES);
    let limits = Limits {
        rate: Some((RATE, BURST)),
        ..Limits::default()
    };
    lanes::set(&mut *bench.db.acquire().await?, POOL, LANE, &limits).await?;
    let most = f64::from(BURST) + RATE * seconds as f64;
    // More jobs than the lane lets through in this time, so it never runs dry.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "some thousand"
    )]
    let jobs = (most * 1.2) as usize + 1_000;
    fill(bench.db, jobs, |_| Options::default().lane(LANE)).await?;
    let mut fleet = bench.fleet(processes).await?;
    fleet.go().await?;
    bench
        .reached("a lane at its limit", 1, || fleet.started())
        .await?;
    bench
        .pass(
            "a lane at its limit",
            Duration::from_secs(seconds) + Duration::from_millis(500),
        )
        .await;
    fleet.stop().await?;

    let claims: Vec<(i64, i64)> = sqlx::query_as(
        "SELECT (extract(epoch FROM at) * 1000000)::bigint, owner FROM kazi_bench.claims ORDER BY at",
    )
    .fetch_all(bench.db)
    .await?;
    let first = claims.first().map_or(0, |(at, _)| *at);
    let mut times: Vec<f64> = claims
        .iter()
        .map(|(at, _)| (at - first) as f64 / 1e6)
        .collect();
    times.retain(|at| *at <= seconds as f64);
    let took_part: std::collections::BTreeSet<i64> =
        claims.iter().map(|(_, owner)| *owner).collect();
    let name = format!("lane of {RATE}/s, burst {BURST}, {processes} processes, {seconds} s");
    Ok(vec![
        Figure::new(
            format!("{name}: above burst + rate × window, worst window"),
            excess(&times, RATE, BURST),
            "jobs",
        )
        .at_most(0.0),
        Figure::new(
            format!("{name}: most starts in any second"),
            busiest_second(&times) as f64,
            "jobs",
        )
        .at_most(f64::from(BURST) + RATE),
        Figure::new(
            format!("{name}: of what the limit lets through"),
            times.len() as f64 / most,
            "",
        )
        .at_least(0.98),
        Figure::new(
            format!("{name}: processes that started some"),
            took_part.len() as f64,
            "",
        )
        .at_least(processes as f64),
    ])
}

/// By how many jobs the worst window exceeds burst + rate × window; negative if none reaches it. The times are sorted,
/// in seconds.
fn excess(times: &[f64], rate: f64, burst: u32) -> f64 {
    // The window from start i to start j has j - i + 1 starts. With f(k) = k - rate × t(k), the bound holds if f(j) -
    // f(i) + 1 is at most the burst. So it is enough to remember the smallest f so far.
    let (mut least, mut worst) = (f64::INFINITY, f64::NEG_INFINITY);
    for (k, time) in times.iter().enumerate() {
        let f = k as f64 - rate * time;
        least = f64::min(least, f);
        worst = f64::max(worst, f - least + 1.0 - f64::from(burst));
    }
    // Microseconds of the clock and rounding of the limit do not count as jobs.
    (worst * 1_000.0).round() / 1_000.0 + 0.0
}

fn busiest_second(times: &[f64]) -> usize {
    let mut begin = 0;
    let mut most = 0;
    for (at, time) in times.iter().enumerate() {
        while time - times[begin] >= 1.0 {
            begin += 1;
        }
        most = most.max(at - begin + 1);
    }
    most
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A full burst at once, then one job whenever the rate allows.
    fn allowed() -> Vec<f64> {
        let then = (1..=100).map(|n| f64::from(n) / 80.0);
        std::iter::repeat_n(0.0, 10).chain(then).collect()
    }

    #[test]
    fn what_the_limit_allows_is_not_above_it() {
        assert_eq!(excess(&allowed(), 80.0, 10), 0.0);
        assert_eq!(busiest_second(&allowed()), 89);
        assert!(excess(&[0.0, 1.0, 2.0], 80.0, 10) < 0.0);
    }

    #[test]
    fn one_more_in_any_window_is_seen() {
        let mut times = allowed();
        times.push(0.7);
        times.sort_by(f64::total_cmp);
        assert_eq!(excess(&times, 80.0, 10), 1.0);
        // The burst may be long ago. Eleven at once are still one too many.
        let late: Vec<f64> = std::iter::once(0.0).chain([60.0; 11]).collect();
        assert_eq!(excess(&late, 80.0, 10), 1.0);
    }
}
