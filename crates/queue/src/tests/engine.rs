//! Promises 11 and 16: wake-up and graceful shutdown.

use super::*;
use crate::{
    inspect::State,
    trace::{self, TraceId},
};

#[tokio::test]
async fn p11_an_enqueue_in_this_process_is_heard_without_a_poll() {
    let database = database().await;
    let (db, probe) = (database.pool(), Probe::default());
    let engine = engine(db, &probe, 2).await;
    let mut tx = db.begin().await.unwrap();
    Step::new(1, Do::Nothing).enqueue(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    crate::ring(POOL);
    probe.wait(2).await;
    engine.shutdown(LONG).await;
}

#[tokio::test]
async fn p11_a_notification_from_elsewhere_is_heard_also_after_the_listener_lost_its_connection() {
    let database = database().await;
    let (db, probe) = (database.pool(), Probe::default());
    let engine = engine(db, &probe, 2).await;
    for n in 1..=2 {
        // As another process would write it: no bell rings here.
        sqlx::query(
            "WITH job AS (INSERT INTO queue.jobs (due, priority, max_attempts, kind, pool, lane, payload)
                 VALUES (now(), 1, 1, 'test.step', 'test', '', jsonb_build_object('n', $1::int8, 'what', 'Nothing')))
             SELECT pg_notify('kazi_queue', 'look:0:{\"test\": []}')",
        )
        .bind(n)
        .execute(db)
        .await
        .unwrap();
        probe.wait(2).await;
        sqlx::query(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
             WHERE datname = current_database() AND query ILIKE 'LISTEN%'",
        )
        .execute(db)
        .await
        .unwrap();
    }
    engine.shutdown(LONG).await;
}

#[tokio::test]
async fn p10_a_job_starts_when_it_falls_due_without_a_poll() {
    let database = database().await;
    let (db, probe) = (database.pool(), Probe::default());
    let engine = engine(db, &probe, 2).await;
    let due = Utc::now() + TimeDelta::milliseconds(300);
    let job = enqueue(db, &Step::new(1, Do::Nothing), Options::default().due(due)).await;
    probe.wait(2).await;
    let job = settled(db, job.id, State::Done).await;
    assert!(job.job.claimed_at.unwrap() >= due);
    engine.shutdown(LONG).await;
}

#[tokio::test]
async fn p16_a_shutdown_lets_jobs_end_and_hands_back_those_that_do_not_without_an_attempt() {
    let database = database().await;
    let (db, probe) = (database.pool(), Probe::default());
    let running = engine(db, &probe, 2).await;
    let ends = enqueue(db, &Step::new(1, Do::Wait), Options::default()).await;
    let hangs = enqueue(
        db,
        &Step::new(2, Do::Hang),
        Options::default().sequence("s"),
    )
    .await;
    probe.wait(2).await;
    let waiting = enqueue(db, &Step::new(3, Do::Nothing), Options::default()).await;
    probe.open(1);
    running.shutdown(Duration::from_millis(300)).await;
    assert_eq!(show(db, ends.id).await.unwrap().job.state, State::Done);
    for job in [hangs, waiting] {
        let job = show(db, job.id).await.unwrap().job;
        if job.state != State::Done {
            assert_eq!(
                (job.state, job.attempt),
                (State::Ready, 0),
                "job {}",
                job.id
            );
        }
    }
    let processes: i64 = sqlx::query_scalar("SELECT count(*) FROM queue.processes")
        .fetch_one(db)
        .await
        .unwrap();
    assert_eq!(processes, 0, "the process has signed off");
}

/// Enqueues another job from inside its run.
#[derive(Serialize, Deserialize)]
struct Parent;

impl Job for Parent {
    type Context = PgPool;
    const NAME: &'static str = "test.parent";
    const POOL: Pool = POOL;
    async fn run(&self, db: &PgPool, _: &Running) -> Result<(), JobError> {
        Step::default().enqueue(&mut *db.acquire().await?).await?;
        Ok(())
    }
}

#[tokio::test]
async fn p17_the_trace_travels_from_job_to_job() {
    let database = database().await;
    let db = database.pool();
    let id = TraceId::random();
    let mut conn = db.acquire().await.unwrap();
    trace::with(id, Parent.enqueue(&mut conn)).await.unwrap();
    drop(conn);
    let registry = Registry::new().register::<Parent>();
    testing::drain(db, &registry, db, Utc::now()).await.unwrap();
    let jobs = inspect::by_trace(&mut db.acquire().await.unwrap(), &[id])
        .await
        .unwrap();
    let kinds: Vec<&str> = jobs.iter().map(|job| job.kind.as_str()).collect();
    assert_eq!(kinds, ["test.parent", "test.step"]);
}
