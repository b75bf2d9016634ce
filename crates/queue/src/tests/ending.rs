//! Promises 5, 6 and 12: backoff, dead letters, cancel.

use super::*;
use crate::inspect::{DeadFilter, State, Stepped};

#[tokio::test]
async fn p05_a_failed_run_waits_in_the_row_and_then_is_a_dead_letter() {
    let database = database().await;
    let (db, probe) = (database.pool(), Probe::default());
    let job = enqueue(db, &Step::new(1, Do::Fail), Options::default()).await;
    let before = Utc::now();
    assert_eq!(drain(db, &probe, TimeDelta::zero()).await.retried, 1);
    let waiting = show(db, job.id).await.unwrap();
    assert_eq!(
        (waiting.job.state, waiting.job.attempt),
        (State::Scheduled, 1)
    );
    assert!(
        waiting.job.due > before + TimeDelta::milliseconds(190),
        "no less than a tenth of 2 s"
    );
    drain(db, &probe, TimeDelta::hours(1)).await;
    drain(db, &probe, TimeDelta::hours(3)).await;
    let dead = show(db, job.id).await.unwrap();
    assert_eq!((dead.job.state, dead.job.attempt), (State::Dead, 3));
    let errors = dead.errors.as_array().unwrap();
    let attempts: Vec<_> = errors
        .iter()
        .map(|error| error["attempt"].as_i64().unwrap())
        .collect();
    assert_eq!(attempts, [1, 2, 3]);
    assert_eq!(errors[0]["message"], "it was not to be");
}

#[tokio::test]
async fn p05_retry_after_is_obeyed_snooze_costs_nothing_discard_ends() {
    let database = database().await;
    let (db, probe) = (database.pool(), Probe::default());
    let now = Utc::now();
    let until = now + TimeDelta::hours(5);
    let later = enqueue(
        db,
        &Step::new(1, Do::RetryAfter { secs: 7200 }),
        Options::default(),
    )
    .await;
    let snoozed = enqueue(db, &Step::new(2, Do::Snooze { until }), Options::default()).await;
    let discarded = enqueue(db, &Step::new(3, Do::Discard), Options::default()).await;
    drain(db, &probe, TimeDelta::zero()).await;
    assert!(show(db, later.id).await.unwrap().job.due >= now + TimeDelta::hours(2));
    let snoozed = show(db, snoozed.id).await.unwrap();
    assert_eq!(snoozed.job.attempt, 0);
    assert!((snoozed.job.due - until).abs() < TimeDelta::milliseconds(1));
    let discarded = show(db, discarded.id).await.unwrap();
    assert_eq!(
        (discarded.job.state, discarded.job.attempt),
        (State::Dead, 1)
    );
}

#[tokio::test]
async fn p03_a_panic_and_a_time_limit_are_errors_of_the_job_alone() {
    let database = database().await;
    let (db, probe) = (database.pool(), Probe::default());
    let panics = enqueue(db, &Step::new(1, Do::Panic), Options::default()).await;
    let mut conn = db.acquire().await.unwrap();
    let slow = Slow.enqueue(&mut conn).await.unwrap();
    drop(conn);
    assert_eq!(drain(db, &probe, TimeDelta::zero()).await.retried, 2);
    let panicked = show(db, panics.id).await.unwrap();
    assert_eq!(panicked.errors[0]["message"], "the job's own panic");
    assert_eq!(
        show(db, slow.id).await.unwrap().job.error_class.as_deref(),
        Some("timeout")
    );
    // With its deadline moved the second run comes to its end.
    probe.open(1);
    drain(db, &probe, TimeDelta::hours(1)).await;
    assert_eq!(show(db, slow.id).await.unwrap().job.state, State::Done);
}

#[tokio::test]
async fn p06_a_dead_letter_goes_back_with_all_its_attempts_and_its_history() {
    let database = database().await;
    let (db, probe) = (database.pool(), Probe::default());
    let job = enqueue(db, &Step::new(1, Do::Discard), Options::default()).await;
    drain(db, &probe, TimeDelta::zero()).await;
    let mut conn = db.acquire().await.unwrap();
    assert_eq!(
        inspect::retry(&mut conn, job.id).await.unwrap(),
        Stepped::Done
    );
    let back = show(db, job.id).await.unwrap();
    assert_eq!((back.job.state, back.job.attempt), (State::Ready, 0));
    drain(db, &probe, TimeDelta::zero()).await;
    let dead = show(db, job.id).await.unwrap();
    assert_eq!(dead.errors.as_array().unwrap().len(), 2);
    assert_eq!(
        inspect::retry(&mut conn, JobId(404)).await.unwrap(),
        Stepped::NotFound
    );
}

#[tokio::test]
async fn p12_a_waiting_job_is_cancelled_at_once() {
    let database = database().await;
    let (db, probe) = (database.pool(), Probe::default());
    let job = enqueue(db, &Step::new(1, Do::Nothing), Options::default()).await;
    let mut conn = db.acquire().await.unwrap();
    assert_eq!(
        inspect::cancel(&mut conn, job.id).await.unwrap(),
        Stepped::Done
    );
    assert_eq!(
        inspect::cancel(&mut conn, job.id).await.unwrap(),
        Stepped::NotNow
    );
    drain(db, &probe, TimeDelta::zero()).await;
    assert!(probe.log().is_empty());
    assert_eq!(show(db, job.id).await.unwrap().job.state, State::Cancelled);
}

#[tokio::test]
async fn p12_a_running_job_is_stopped_through_its_process() {
    let database = database().await;
    let (db, probe) = (database.pool(), Probe::default());
    let engine = engine(db, &probe, 2).await;
    let job = enqueue(db, &Step::new(1, Do::Hang), Options::default()).await;
    probe.wait(1).await;
    let mut conn = db.acquire().await.unwrap();
    assert_eq!(
        inspect::cancel(&mut conn, job.id).await.unwrap(),
        Stepped::Requested
    );
    settled(db, job.id, State::Cancelled).await;
    engine.shutdown(LONG).await;
}

#[tokio::test]
async fn p06_dead_letters_are_found_by_kind_class_and_time_and_may_be_thrown_away() {
    let database = database().await;
    let (db, probe) = (database.pool(), Probe::default());
    let hopeless = enqueue(db, &Step::new(1, Do::Discard), Options::default()).await;
    let one = Options::default().max_attempts(1);
    let flaky = enqueue(db, &Step::new(2, Do::Fail), one).await;
    drain(db, &probe, TimeDelta::zero()).await;
    let mut conn = db.acquire().await.unwrap();
    let now = Utc::now();
    let any = DeadFilter::default;
    for (filter, expected) in [
        (any(), vec![hopeless.id, flaky.id]),
        (
            DeadFilter {
                class: Some("flaky".into()),
                ..any()
            },
            vec![flaky.id],
        ),
        (
            DeadFilter {
                kind: Some("test.slow".into()),
                ..any()
            },
            vec![],
        ),
        (
            DeadFilter {
                since: Some(now - TimeDelta::hours(1)),
                until: Some(now + TimeDelta::hours(1)),
                ..any()
            },
            vec![hopeless.id, flaky.id],
        ),
        (
            DeadFilter {
                until: Some(now - TimeDelta::hours(1)),
                ..any()
            },
            vec![],
        ),
    ] {
        let found = inspect::dead(&mut conn, &filter, 10).await.unwrap();
        assert_eq!(found, expected, "{filter:?}");
    }
    let thrown = inspect::cancel(&mut conn, flaky.id).await.unwrap();
    assert_eq!(thrown, Stepped::Done);
    let job = show(db, flaky.id).await.unwrap();
    assert_eq!(job.job.state, State::Cancelled);
    assert_eq!(job.errors[0]["class"], "flaky", "its history stays");
}
