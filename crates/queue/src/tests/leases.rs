//! Promises 2, 3 and 4: never lost, fenced, and no poison without end.

use super::*;
use crate::{
    inspect::State,
    loops::reap::reap,
    store::{
        ack,
        process::{self, Beat},
        strays,
    },
    types::{Ack, Claimed, Outcome},
};

const LEASE: Duration = Duration::from_secs(15);

async fn claim_one(db: &PgPool, owner: i64) -> Claimed {
    let mut conn = db.acquire().await.unwrap();
    let mut claimed = claim_some(&mut conn, owner, 1).await.unwrap();
    claimed.pop().unwrap()
}

async fn let_the_lease_run_out(db: &PgPool, process: i64) {
    sqlx::query("UPDATE queue.processes SET beat_at = beat_at - interval '1 minute' WHERE id = $1")
        .bind(process)
        .execute(db)
        .await
        .unwrap();
}

fn done(job: &Claimed) -> Ack {
    job.ack(Outcome::Done { keep: true })
}

#[tokio::test]
async fn p03_an_expired_lease_is_taken_back_and_its_late_ack_changes_nothing() {
    let database = database().await;
    let (db, probe) = (database.pool(), Probe::default());
    let job = enqueue(
        db,
        &Step::new(1, Do::Nothing),
        Options::default().sequence("s"),
    )
    .await;
    enqueue(
        db,
        &Step::new(2, Do::Nothing),
        Options::default().sequence("s"),
    )
    .await;
    let frozen = idle_process(db).await;
    let other = idle_process(db).await;
    let claimed = claim_one(db, frozen).await;
    assert!(
        reap(db, other, LEASE).await.unwrap().is_empty(),
        "the lease still holds"
    );
    let_the_lease_run_out(db, frozen).await;
    assert_eq!(reap(db, other, LEASE).await.unwrap().len(), 1);
    // The frozen process wakes up: before the next claim, and after it.
    ack::write(&mut db.acquire().await.unwrap(), &[done(&claimed)], &[])
        .await
        .unwrap();
    assert_eq!(show(db, job.id).await.unwrap().job.state, State::Ready);
    let again = claim_one(db, other).await;
    assert_eq!((again.id, again.attempt), (claimed.id, 2));
    ack::write(&mut db.acquire().await.unwrap(), &[done(&claimed)], &[])
        .await
        .unwrap();
    assert_eq!(show(db, job.id).await.unwrap().job.state, State::Running);
    assert!(matches!(
        process::beat(&mut db.acquire().await.unwrap(), frozen, LEASE, &[], &[])
            .await
            .unwrap(),
        Beat::Lost
    ));
    // Only the holder's ack counts, and only it lets the sequence go on.
    ack::write(&mut db.acquire().await.unwrap(), &[done(&again)], &[])
        .await
        .unwrap();
    assert_eq!(show(db, job.id).await.unwrap().job.state, State::Done);
    drain(db, &probe, TimeDelta::zero()).await;
    assert_eq!(probe.log(), ["start 2", "end 2"]);
}

#[tokio::test]
async fn p04_a_job_that_kills_its_process_every_time_becomes_a_dead_letter() {
    let database = database().await;
    let db = database.pool();
    let options = Options::default().max_attempts(2).sequence("s");
    let poison = enqueue(db, &Step::new(1, Do::Nothing), options).await;
    let next = enqueue(
        db,
        &Step::new(2, Do::Nothing),
        Options::default().sequence("s"),
    )
    .await;
    let me = idle_process(db).await;
    for _ in 0..2 {
        let victim = idle_process(db).await;
        assert_eq!(claim_one(db, victim).await.id, poison.id.0);
        let_the_lease_run_out(db, victim).await;
        reap(db, me, LEASE).await.unwrap();
    }
    let dead = show(db, poison.id).await.unwrap();
    assert_eq!(
        (dead.job.state, dead.job.error_class.as_deref()),
        (State::Dead, Some("lost"))
    );
    assert_eq!(show(db, next.id).await.unwrap().job.state, State::Ready);
}

#[tokio::test]
async fn p03_the_jobs_of_a_process_that_is_seen_to_be_dead_are_taken_back_at_once() {
    let database = database().await;
    let db = database.pool();
    enqueue(db, &Step::default(), Options::default()).await;
    let dead = idle_process(db).await;
    let me = idle_process(db).await;
    claim_one(db, dead).await;
    // A number that no process has: the kernel's limit is 2^22.
    sqlx::query("UPDATE queue.processes SET pid = 4194305 WHERE id = $1")
        .bind(dead)
        .execute(db)
        .await
        .unwrap();
    assert_eq!(reap(db, me, LEASE).await.unwrap().len(), 1);
}

#[tokio::test]
async fn p02_a_claim_whose_answer_was_lost_is_put_back_without_an_attempt() {
    let database = database().await;
    let db = database.pool();
    let (a, b) = (Step::new(1, Do::Nothing), Step::new(2, Do::Nothing));
    let known = enqueue(db, &a, Options::default()).await;
    let stray = enqueue(db, &b, Options::default()).await;
    let me = idle_process(db).await;
    let mut conn = db.acquire().await.unwrap();
    claim_some(&mut conn, me, 2).await.unwrap();
    let put_back = strays::put_back(&mut conn, me, &[(known.id.0, 1)], None)
        .await
        .unwrap();
    assert_eq!(put_back, 1);
    let stray = show(db, stray.id).await.unwrap().job;
    assert_eq!((stray.state, stray.attempt), (State::Ready, 0));
    assert_eq!(show(db, known.id).await.unwrap().job.state, State::Running);
}

#[tokio::test]
async fn p02_jobs_and_acks_survive_the_loss_of_every_connection() {
    const JOBS: i64 = 60;
    let database = database().await;
    let (db, probe) = (database.pool(), Probe::default());
    let engine = engine(db, &probe, 6).await;
    for n in 0..JOBS {
        let options = Options::default().sequence((n % 5).to_string());
        enqueue(db, &Step::new(n, Do::Wait), options).await;
    }
    for round in 0..6 {
        probe.wait(5).await;
        probe.open(10);
        // All connections but the one that asks, those of the listener and of running claims among them.
        let killed = sqlx::query(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
             WHERE datname = current_database() AND pid <> pg_backend_pid()",
        )
        .execute(db)
        .await;
        assert!(
            killed.is_ok() || round > 0,
            "the first round has a fresh connection"
        );
    }
    let left = usize::try_from(JOBS).unwrap().saturating_sub(60);
    probe.open(left);
    let deadline = tokio::time::Instant::now() + LONG;
    loop {
        // A query may meet a connection that was just killed.
        if testing::pending(db).await.is_ok_and(|jobs| jobs.is_empty()) {
            break;
        }
        assert!(
            tokio::time::Instant::now() < deadline,
            "jobs are left: {:?}",
            testing::pending(db).await
        );
        tokio::task::yield_now().await;
    }
    engine.shutdown(LONG).await;
    let ended: i64 = sqlx::query_scalar("SELECT count(*) FROM queue.finished WHERE state = 3")
        .fetch_one(db)
        .await
        .unwrap();
    assert_eq!(ended, JOBS);
}
