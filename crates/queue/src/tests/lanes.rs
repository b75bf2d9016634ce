//! Promises 8 and 12: lanes take turns, keep their limits across processes, and stop when told to.

use super::*;
use crate::{
    inspect::State,
    lanes::{self, Limits, Scope},
};

async fn in_lane(db: &PgPool, lane: &str, n: i64, what: Do) -> Enqueued {
    enqueue(db, &Step::new(n, what), Options::default().lane(lane)).await
}

async fn set(db: &PgPool, lane: &str, limits: Limits) {
    lanes::set(&mut db.acquire().await.unwrap(), POOL, lane, &limits)
        .await
        .unwrap();
}

fn rate(rate: f64, burst: u32) -> Limits {
    Limits {
        rate: Some((rate, burst)),
        ..Limits::default()
    }
}

#[tokio::test]
async fn p08_a_lane_with_a_backlog_does_not_hold_up_another() {
    let database = database().await;
    let (db, probe) = (database.pool(), Probe::default());
    let crowd: Vec<(Step, Options)> = (0..500)
        .map(|n| (Step::new(n, Do::Nothing), Options::default().lane("crowd")))
        .collect();
    crate::enqueue_all_with(&mut db.acquire().await.unwrap(), crowd)
        .await
        .unwrap();
    for n in [1001, 1002] {
        in_lane(db, "single", n, Do::Nothing).await;
    }
    let engine = engine(db, &probe, 1).await;
    probe.wait(16).await;
    engine.shutdown(LONG).await;
    let log = probe.log();
    let place = |n: i64| log.iter().position(|line| *line == format!("start {n}"));
    assert!(
        place(1001).is_some_and(|at| at < 8) && place(1002).is_some_and(|at| at < 16),
        "{log:?}"
    );
}

#[tokio::test]
async fn p08_a_rate_holds_across_processes_and_is_used() {
    const JOBS: usize = 60;
    let database = database().await;
    let (db, probe) = (database.pool(), Probe::default());
    set(db, "number", rate(40.0, 5)).await;
    for n in 0..JOBS {
        in_lane(db, "number", n as i64, Do::Nothing).await;
    }
    let engines = [
        engine(db, &probe, 8).await,
        engine(db, &probe, 8).await,
        engine(db, &probe, 8).await,
    ];
    probe.wait(2 * JOBS as u32).await;
    for engine in engines {
        engine.shutdown(LONG).await;
    }
    let claimed: Vec<f64> = sqlx::query_scalar(
        "SELECT extract(epoch FROM claimed_at)::float8 FROM queue.finished ORDER BY claimed_at",
    )
    .fetch_all(db)
    .await
    .unwrap();
    assert_eq!(claimed.len(), JOBS);
    // In no stretch of time more than the burst and what the rate gives in it; a claim's time is taken a little after
    // its tokens.
    for from in 0..JOBS {
        for to in from..JOBS {
            let most = 5.0 + 40.0 * (claimed[to] - claimed[from] + 0.010);
            assert!((to - from + 1) as f64 <= most + 1e-6, "{from} to {to}");
        }
    }
}

#[tokio::test]
async fn p08_no_more_run_at_once_than_the_lane_allows_however_many_processes() {
    let database = database().await;
    let (db, probe) = (database.pool(), Probe::default());
    set(
        db,
        "narrow",
        Limits {
            max_running: Some(2),
            ..Limits::default()
        },
    )
    .await;
    for n in 0..12 {
        in_lane(db, "narrow", n, Do::Wait).await;
    }
    let engines = [engine(db, &probe, 8).await, engine(db, &probe, 8).await];
    for _ in 0..6 {
        probe.wait(2).await;
        let running: i64 = sqlx::query_scalar("SELECT count(*) FROM queue.jobs WHERE state = 1")
            .fetch_one(db)
            .await
            .unwrap();
        assert!(running <= 2, "{running} run");
        probe.open(2);
        probe.wait(2).await;
    }
    for engine in engines {
        engine.shutdown(LONG).await;
    }
    let log = probe.log();
    let mut now = 0;
    for line in &log {
        now += if line.starts_with("start") { 1 } else { -1 };
        assert!(now <= 2, "{log:?}");
    }
}

#[tokio::test]
async fn p08_a_parked_lane_waits_without_attempts_and_the_others_go_on() {
    let database = database().await;
    let (db, probe) = (database.pool(), Probe::default());
    let mut conn = db.acquire().await.unwrap();
    lanes::park(
        &mut conn,
        POOL.name(),
        "parked",
        Utc::now() + TimeDelta::hours(1),
    )
    .await
    .unwrap();
    let waits = in_lane(db, "parked", 1, Do::Nothing).await;
    in_lane(db, "free", 2, Do::Nothing).await;
    let engine = engine(db, &probe, 4).await;
    probe.wait(2).await;
    let job = show(db, waits.id).await.unwrap().job;
    assert_eq!((job.state, job.attempt), (State::Ready, 0));
    lanes::unpark(&mut conn, POOL, "parked").await.unwrap();
    probe.wait(2).await;
    engine.shutdown(LONG).await;
    assert_eq!(probe.log(), ["start 2", "end 2", "start 1", "end 1"]);
}

#[tokio::test]
async fn p08_a_job_that_was_refused_parks_its_lane_for_all() {
    let database = database().await;
    let (db, probe) = (database.pool(), Probe::default());
    in_lane(db, "number", 1, Do::Park { secs: 3600 }).await;
    in_lane(db, "number", 2, Do::Nothing).await;
    in_lane(db, "other", 3, Do::Nothing).await;
    let drained = drain(db, &probe, TimeDelta::zero()).await;
    assert_eq!((drained.snoozed, drained.done), (1, 1));
    let left = testing::pending(db).await.unwrap();
    assert!(
        left.len() == 2
            && left
                .iter()
                .all(|job| job.attempt == 0 && job.lane == "number"),
        "{left:?}"
    );
}

#[tokio::test]
async fn p08_low_priority_leaves_the_reserve_to_somebody_who_waits() {
    let database = database().await;
    let (db, probe) = (database.pool(), Probe::default());
    // As good as no refill: what starts, starts from the burst.
    set(
        db,
        "number",
        Limits {
            reserved: 2,
            ..rate(0.001, 5)
        },
    )
    .await;
    for n in 0..8 {
        let low = Options::default().lane("number").priority(Priority::Low);
        enqueue(db, &Step::new(n, Do::Nothing), low).await;
    }
    assert_eq!(drain(db, &probe, TimeDelta::zero()).await.done, 3);
    for n in 100..108 {
        in_lane(db, "number", n, Do::Nothing).await;
    }
    assert_eq!(drain(db, &probe, TimeDelta::zero()).await.done, 2);
}

#[tokio::test]
async fn p08_limits_that_make_no_sense_are_refused_by_name() {
    let database = database().await;
    let mut conn = database.pool().acquire().await.unwrap();
    for (limits, field) in [
        (rate(0.0, 1), "rate"),
        (rate(f64::NAN, 1), "rate"),
        (rate(1.0, 0), "burst"),
        (
            Limits {
                reserved: 5,
                ..rate(1.0, 5)
            },
            "reserved",
        ),
        (
            Limits {
                max_running: Some(0),
                ..Limits::default()
            },
            "max_running",
        ),
    ] {
        let error = lanes::set(&mut conn, POOL, "x", &limits).await.unwrap_err();
        assert!(error.to_string().starts_with(field), "{error}");
    }
}

#[tokio::test]
async fn p12_a_pool_a_kind_and_a_lane_stop_and_go_on() {
    let database = database().await;
    let (db, probe) = (database.pool(), Probe::default());
    let engine = engine(db, &probe, 4).await;
    let mut conn = db.acquire().await.unwrap();
    for scope in [
        Scope::Pool(POOL),
        Scope::Kind("test.step"),
        Scope::Lane(POOL, "x"),
    ] {
        lanes::pause(&mut conn, scope).await.unwrap();
        let waits = in_lane(db, "x", 1, Do::Nothing).await;
        engine.wake();
        in_lane(db, "y", 2, Do::Nothing).await;
        if matches!(scope, Scope::Lane(..)) {
            probe.wait(2).await;
        }
        assert_eq!(
            show(db, waits.id).await.unwrap().job.attempt,
            0,
            "{scope:?}"
        );
        lanes::resume(&mut conn, scope).await.unwrap();
        probe
            .wait(if matches!(scope, Scope::Lane(..)) {
                2
            } else {
                4
            })
            .await;
    }
    engine.shutdown(LONG).await;
    assert!(lanes::pauses(&mut conn).await.unwrap().is_empty());
}

#[tokio::test]
async fn p08_what_commits_late_behind_the_mark_of_a_backlog_is_found() {
    let database = database().await;
    let (db, probe) = (database.pool(), Probe::default());
    // A transaction that is older than everything, and commits when the backlog is half done.
    let mut late = db.begin().await.unwrap();
    Step::new(1000, Do::Nothing)
        .enqueue(&mut late)
        .await
        .unwrap();
    for n in 0..20 {
        enqueue(db, &Step::new(n, Do::Wait), Options::default()).await;
    }
    let engine = engine(db, &probe, 1).await;
    probe.wait(1).await;
    late.commit().await.unwrap();
    probe.open(20);
    probe.wait(41).await;
    engine.shutdown(LONG).await;
    assert!(testing::pending(db).await.unwrap().is_empty());
}

#[tokio::test]
async fn p08_jobs_that_are_cancelled_in_their_lane_free_their_places_at_once() {
    let database = database().await;
    let (db, probe) = (database.pool(), Probe::default());
    // One start in a thousand seconds after the first.
    set(db, "number", rate(0.001, 1)).await;
    for n in 0..5 {
        in_lane(db, "number", n, Do::Nothing).await;
    }
    in_lane(db, "other", 7, Do::Nothing).await;
    let mut conn = db.acquire().await.unwrap();
    let first = |job: &Step| job.n < 4;
    assert_eq!(lanes::cancel(&mut conn, "number", first).await.unwrap(), 4);
    assert_eq!(lanes::cancel(&mut conn, "number", first).await.unwrap(), 0);
    let engine = engine(db, &probe, 1).await;
    probe.wait(4).await;
    engine.shutdown(LONG).await;
    let mut log = probe.log();
    log.retain(|line| line.starts_with("start"));
    log.sort();
    assert_eq!(log, ["start 4", "start 7"]);
    assert!(testing::pending(db).await.unwrap().is_empty());
}
