//! Promise 9: order where it is asked for.

use super::*;
use crate::{EnqueueError, Unique, enqueue_all_with, inspect::State};

fn in_sequence(key: &str) -> Options {
    Options::default().sequence(key)
}

#[tokio::test]
async fn p09_jobs_of_a_sequence_run_one_at_a_time_in_the_order_of_their_commits() {
    const SEQUENCES: i64 = 12;
    const EACH: i64 = 15;
    let database = database().await;
    let (db, probe) = (database.pool(), Probe::default());
    let engine = engine(db, &probe, 8).await;
    for n in 0..EACH {
        for s in 0..SEQUENCES {
            enqueue(
                db,
                &Step::new(s * 100 + n, Do::Nothing),
                in_sequence(&s.to_string()),
            )
            .await;
        }
    }
    probe
        .wait(u32::try_from(SEQUENCES * EACH * 2).unwrap())
        .await;
    engine.shutdown(LONG).await;
    let log = probe.log();
    for s in 0..SEQUENCES {
        let of_this: Vec<&String> = log
            .iter()
            .filter(|line| line.split(' ').nth(1).unwrap().parse::<i64>().unwrap() / 100 == s)
            .collect();
        let expected: Vec<String> = (0..EACH)
            .flat_map(|n| {
                [
                    format!("start {}", s * 100 + n),
                    format!("end {}", s * 100 + n),
                ]
            })
            .collect();
        assert!(of_this.iter().copied().eq(&expected), "{of_this:?}");
    }
    assert!(testing::pending(db).await.unwrap().is_empty());
}

#[tokio::test]
async fn p09_the_order_is_that_of_the_commits_whoever_began_first() {
    let database = database().await;
    let (db, probe) = (database.pool().clone(), Probe::default());
    // The first transaction begins, the second enqueues and commits, then the first enqueues.
    let mut slow = db.begin().await.unwrap();
    sqlx::query("SELECT 1").execute(&mut *slow).await.unwrap();
    enqueue(&db, &Step::new(1, Do::Nothing), in_sequence("s")).await;
    Step::new(2, Do::Nothing)
        .enqueue_with(&mut slow, in_sequence("s"))
        .await
        .unwrap();
    // The third has to wait for the first's commit.
    let third = tokio::spawn({
        let db = db.clone();
        async move { enqueue(&db, &Step::new(3, Do::Nothing), in_sequence("s")).await }
    });
    slow.commit().await.unwrap();
    third.await.unwrap();
    drain(&db, &probe, TimeDelta::zero()).await;
    assert_eq!(
        probe.log(),
        ["start 1", "end 1", "start 2", "end 2", "start 3", "end 3"]
    );
}

#[tokio::test]
async fn p09_a_retry_holds_the_sequence_and_a_dead_letter_lets_it_go() {
    let database = database().await;
    let (db, probe) = (database.pool(), Probe::default());
    enqueue(
        db,
        &Step::new(1, Do::Fail),
        in_sequence("s").max_attempts(2),
    )
    .await;
    let second = enqueue(db, &Step::new(2, Do::Nothing), in_sequence("s")).await;
    assert_eq!(drain(db, &probe, TimeDelta::zero()).await.retried, 1);
    assert_eq!(show(db, second.id).await.unwrap().job.state, State::Blocked);
    drain(db, &probe, TimeDelta::hours(1)).await;
    assert_eq!(probe.log(), ["start 1", "start 1", "start 2", "end 2"]);
}

#[tokio::test]
async fn p09_a_continuation_goes_ahead_of_those_who_wait() {
    let database = database().await;
    let (db, probe) = (database.pool(), Probe::default());
    let step = |n| Step::new(n, Do::Nothing);
    let jobs = vec![
        (step(1), in_sequence("s")),
        (step(2), in_sequence("s")),
        (step(3), in_sequence("s").first_in_sequence()),
        (step(4), in_sequence("s").first_in_sequence()),
    ];
    let mut conn = db.acquire().await.unwrap();
    enqueue_all_with(&mut conn, jobs).await.unwrap();
    drop(conn);
    drain(db, &probe, TimeDelta::zero()).await;
    let starts: Vec<String> = probe
        .log()
        .into_iter()
        .filter(|line| line.starts_with("start"))
        .collect();
    assert_eq!(starts, ["start 1", "start 3", "start 4", "start 2"]);
}

#[tokio::test]
async fn p09_cancelling_the_head_or_one_in_the_middle_keeps_the_others_going() {
    let database = database().await;
    let (db, probe) = (database.pool(), Probe::default());
    let mut ids = Vec::new();
    for n in 1..=4 {
        ids.push(
            enqueue(db, &Step::new(n, Do::Nothing), in_sequence("s"))
                .await
                .id,
        );
    }
    for id in [ids[1], ids[0]] {
        let mut tx = db.begin().await.unwrap();
        inspect::cancel(&mut tx, id).await.unwrap();
        tx.commit().await.unwrap();
    }
    drain(db, &probe, TimeDelta::zero()).await;
    assert_eq!(probe.log(), ["start 3", "end 3", "start 4", "end 4"]);
    let left: i32 = sqlx::query_scalar("SELECT pending FROM queue.sequences")
        .fetch_one(db)
        .await
        .unwrap();
    assert_eq!(left, 0);
}

#[tokio::test]
async fn p09_an_open_transaction_of_one_sequence_does_not_hold_up_the_others() {
    let database = database().await;
    let (db, probe) = (database.pool(), Probe::default());
    let engine = engine(db, &probe, 4).await;
    let held = enqueue(db, &Step::new(1, Do::Wait), in_sequence("held")).await;
    probe.wait(1).await;
    let mut open = db.begin().await.unwrap();
    Step::new(2, Do::Nothing)
        .enqueue_with(&mut open, in_sequence("held"))
        .await
        .unwrap();
    probe.open(1);
    probe.wait(1).await;
    // Its ack waits for the open transaction; everybody else's does not.
    let free = enqueue(db, &Step::new(3, Do::Nothing), in_sequence("free")).await;
    settled(db, free.id, State::Done).await;
    assert_eq!(show(db, held.id).await.unwrap().job.state, State::Running);
    open.commit().await.unwrap();
    settled(db, held.id, State::Done).await;
    engine.shutdown(LONG).await;
}

#[tokio::test]
async fn p09_a_replayed_dead_letter_goes_back_into_its_sequence_ahead_of_those_who_wait() {
    let database = database().await;
    let (db, probe) = (database.pool(), Probe::default());
    let dead = enqueue(db, &Step::new(1, Do::Discard), in_sequence("s")).await;
    drain(db, &probe, TimeDelta::zero()).await;
    let engine = engine(db, &probe, 4).await;
    enqueue(db, &Step::new(2, Do::Wait), in_sequence("s")).await;
    enqueue(db, &Step::new(3, Do::Nothing), in_sequence("s")).await;
    probe.wait(2).await;
    let mut conn = db.acquire().await.unwrap();
    inspect::retry(&mut conn, dead.id).await.unwrap();
    let back = show(db, dead.id).await.unwrap().job;
    assert_eq!(back.state, State::Blocked, "one of its sequence runs");
    probe.open(1);
    settled(db, dead.id, State::Dead).await;
    probe.wait(4).await;
    engine.shutdown(LONG).await;
    assert_eq!(
        probe.log(),
        ["start 1", "start 2", "end 2", "start 1", "start 3", "end 3"]
    );
    // Alone in its sequence it starts at once, and lets it go again.
    inspect::retry(&mut conn, dead.id).await.unwrap();
    assert_eq!(drain(db, &probe, TimeDelta::zero()).await.dead, 1);
    let pending: i32 = sqlx::query_scalar("SELECT sum(pending)::int FROM queue.sequences")
        .fetch_one(&mut *conn)
        .await
        .unwrap();
    assert_eq!(pending, 0);
}

#[tokio::test]
async fn p09_bulks_that_share_keys_in_another_order_wait_for_each_other() {
    const JOBS: i64 = 6_000;
    let database = database().await;
    let db = database.pool();
    // More than one statement holds, and each bulk names the keys the other way round.
    let bulk = |reverse: bool| {
        let mut jobs: Vec<(Step, Options)> = (0..JOBS)
            .map(|n| {
                let key = format!("{n}");
                let options = in_sequence(&key).unique(key, Unique::WhileUnfinished);
                (Step::new(n, Do::Nothing), options)
            })
            .collect();
        if reverse {
            jobs.reverse();
        }
        let db = db.clone();
        tokio::spawn(async move {
            let mut tx = db.begin().await.unwrap();
            let written = enqueue_all_with(&mut tx, jobs).await.unwrap();
            tx.commit().await.unwrap();
            written.iter().filter(|job| !job.duplicate).count()
        })
    };
    let (one, other) = (bulk(false), bulk(true));
    let (one, other) = (one.await.unwrap(), other.await.unwrap());
    assert_eq!(one + other, usize::try_from(JOBS).unwrap());
    assert!(one == 0 || other == 0, "one came first, with all its keys");
}

#[tokio::test]
async fn p09_of_two_transactions_that_lock_against_each_other_one_is_failed_and_may_be_tried_again()
{
    let database = database().await;
    let db = database.pool();
    let (mut one, mut other) = (db.begin().await.unwrap(), db.begin().await.unwrap());
    let step = Step::new(1, Do::Nothing);
    step.enqueue_with(&mut one, in_sequence("a")).await.unwrap();
    step.enqueue_with(&mut other, in_sequence("b"))
        .await
        .unwrap();
    let (first, second) = tokio::join!(
        async {
            let answer = step.enqueue_with(&mut one, in_sequence("b")).await;
            match answer {
                Ok(_) => one.commit().await.map_err(Into::into),
                Err(error) => one.rollback().await.map_err(Into::into).and(Err(error)),
            }
        },
        async {
            let answer = step.enqueue_with(&mut other, in_sequence("a")).await;
            match answer {
                Ok(_) => other.commit().await.map_err(Into::into),
                Err(error) => other.rollback().await.map_err(Into::into).and(Err(error)),
            }
        }
    );
    let failed: Vec<EnqueueError> = [first, second]
        .into_iter()
        .filter_map(Result::err)
        .collect();
    let [EnqueueError::Database(error)] = failed.as_slice() else {
        panic!("one fails and one does not: {failed:?}");
    };
    let code = error.as_database_error().and_then(|error| error.code());
    assert_eq!(code.as_deref(), Some("40P01"));
    assert_eq!(testing::pending(db).await.unwrap().len(), 2);
}
