//! Promise 13: batches.

use super::*;
use crate::{
    Batch, BatchId, EnqueueError, Unique, enqueue_all_with,
    inspect::{BatchView, State, Stepped},
    loops::reap::reap,
    store::{ack, batch},
    types::Outcome,
};

/// The job that is called at the end of a batch.
#[derive(Serialize, Deserialize)]
struct Called;

impl Job for Called {
    type Context = Probe;
    const NAME: &'static str = "test.called";
    const POOL: Pool = POOL;

    async fn run(&self, probe: &Probe, _: &Running) -> Result<(), JobError> {
        probe.note("called", 0);
        Ok(())
    }
}

/// A job that enqueues another one into its batch, and ends in the same transaction.
#[derive(Serialize, Deserialize)]
struct Splits {
    batch: BatchId,
    left: i64,
}

impl Job for Splits {
    type Context = PgPool;
    const NAME: &'static str = "test.splits";
    const POOL: Pool = POOL;

    fn options(&self) -> Options {
        Options::default().batch(self.batch)
    }

    async fn run(&self, db: &PgPool, job: &Running) -> Result<(), JobError> {
        let mut tx = db.begin().await?;
        if self.left > 0 {
            let next = Self {
                batch: self.batch,
                left: self.left - 1,
            };
            next.enqueue(&mut tx).await?;
        }
        job.complete_in(&mut tx).await?;
        tx.commit().await?;
        Ok(())
    }
}

async fn open(db: &PgPool) -> BatchId {
    Batch::open(&mut db.acquire().await.unwrap(), &Called)
        .await
        .unwrap()
}

async fn close(db: &PgPool, id: BatchId) {
    Batch::close(&mut db.acquire().await.unwrap(), id)
        .await
        .unwrap();
}

async fn batch(db: &PgPool, id: BatchId) -> BatchView {
    inspect::batch(&mut db.acquire().await.unwrap(), id)
        .await
        .unwrap()
        .unwrap()
}

/// total, pending, running, done, dead, cancelled
async fn counts(db: &PgPool, id: BatchId) -> [i64; 6] {
    let b = batch(db, id).await;
    [b.total, b.pending, b.running, b.done, b.dead, b.cancelled]
}

async fn run_all(db: &PgPool, probe: &Probe, ahead: TimeDelta) {
    let registry = registry().register::<Called>();
    testing::drain(db, &registry, probe, Utc::now() + ahead)
        .await
        .unwrap();
}

fn called(probe: &Probe) -> usize {
    probe
        .log()
        .iter()
        .filter(|line| *line == "called 0")
        .count()
}

async fn is_let_go(db: &PgPool, id: BatchId) -> bool {
    let callback = batch(db, id).await.callback.unwrap();
    show(db, callback).await.unwrap().job.state == State::Ready
}

#[tokio::test]
async fn p13_counts_are_live_and_the_callback_runs_once_when_the_last_job_has_ended() {
    let database = database().await;
    let (db, probe) = (database.pool(), Probe::default());
    let id = open(db).await;
    let jobs = vec![
        (Step::new(1, Do::Nothing), Options::default().batch(id)),
        (Step::new(2, Do::Discard), Options::default().batch(id)),
        (Step::new(3, Do::Fail), Options::default().batch(id)),
        (
            Step::new(4, Do::Nothing),
            Options::default().batch(id).sequence("s"),
        ),
        (Step::new(5, Do::Nothing), Options::default()),
    ];
    let mut tx = db.begin().await.unwrap();
    let ids = enqueue_all_with(&mut tx, jobs).await.unwrap();
    assert_eq!(counts(db, id).await, [0; 6], "not before the commit");
    tx.commit().await.unwrap();
    assert_eq!(counts(db, id).await, [4, 4, 0, 0, 0, 0]);
    close(db, id).await;
    run_all(db, &probe, TimeDelta::zero()).await;
    assert_eq!(counts(db, id).await, [4, 1, 0, 2, 1, 0]);
    assert_eq!(called(&probe), 0, "one waits for its retry");
    for hours in [1, 3, 5] {
        run_all(db, &probe, TimeDelta::hours(hours)).await;
    }
    assert_eq!(counts(db, id).await, [4, 0, 0, 2, 2, 0]);
    assert_eq!(called(&probe), 1);
    // A replayed dead letter is pending again, and calls nobody when it ends.
    let completed_at = batch(db, id).await.completed_at;
    inspect::retry(&mut db.acquire().await.unwrap(), ids[1].id)
        .await
        .unwrap();
    assert_eq!(counts(db, id).await, [4, 1, 0, 2, 1, 0]);
    run_all(db, &probe, TimeDelta::zero()).await;
    assert_eq!(counts(db, id).await, [4, 0, 0, 2, 2, 0]);
    assert_eq!(called(&probe), 1);
    assert_eq!(batch(db, id).await.completed_at, completed_at);
}

#[tokio::test]
async fn p13_an_open_batch_waits_for_its_close_and_an_empty_one_ends_with_it() {
    let database = database().await;
    let (db, probe) = (database.pool(), Probe::default());
    let (id, empty) = (open(db).await, open(db).await);
    enqueue(db, &Step::new(1, Do::Nothing), Options::default().batch(id)).await;
    run_all(db, &probe, TimeDelta::hours(1)).await;
    assert_eq!(called(&probe), 0);
    close(db, id).await;
    assert!(is_let_go(db, id).await);
    assert!(!is_let_go(db, empty).await);
    // A close that is rolled back is none.
    let mut tx = db.begin().await.unwrap();
    Batch::close(&mut tx, empty).await.unwrap();
    tx.rollback().await.unwrap();
    run_all(db, &probe, TimeDelta::zero()).await;
    assert_eq!(called(&probe), 1);
    close(db, empty).await;
    close(db, empty).await;
    run_all(db, &probe, TimeDelta::zero()).await;
    assert_eq!(called(&probe), 2);
}

#[tokio::test]
async fn p13_only_jobs_that_were_written_are_counted() {
    let database = database().await;
    let db = database.pool();
    let id = open(db).await;
    let unique = || {
        Options::default()
            .batch(id)
            .unique("u", Unique::WhileUnfinished)
    };
    enqueue(db, &Step::new(1, Do::Nothing), unique()).await;
    assert!(
        enqueue(db, &Step::new(2, Do::Nothing), unique())
            .await
            .duplicate
    );
    let mut tx = db.begin().await.unwrap();
    Step::new(3, Do::Nothing)
        .enqueue_with(&mut tx, Options::default().batch(id))
        .await
        .unwrap();
    tx.rollback().await.unwrap();
    assert_eq!(counts(db, id).await, [1, 1, 0, 0, 0, 0]);
}

#[tokio::test]
async fn p13_of_many_who_end_the_last_jobs_at_once_exactly_one_finds_the_end() {
    const JOBS: i32 = 24;
    let database = database().await;
    let db = database.pool();
    for _ in 0..3 {
        let id = open(db).await;
        for n in 0..JOBS {
            let mut options = Options::default().batch(id);
            if n % 3 == 0 {
                options = options.sequence(n.to_string());
            }
            enqueue(db, &Step::new(n.into(), Do::Nothing), options).await;
        }
        let me = idle_process(db).await;
        let mut conn = db.acquire().await.unwrap();
        let claimed = claim_some(&mut conn, me, JOBS).await.unwrap();
        drop(conn);
        assert_eq!(counts(db, id).await, [24, 0, 24, 0, 0, 0]);
        let mut tasks = tokio::task::JoinSet::new();
        for job in claimed {
            let db = db.clone();
            tasks.spawn(async move {
                let mut acks = vec![job.ack(Outcome::Done { keep: true })];
                let mut batches = Vec::new();
                while !acks.is_empty() || !batches.is_empty() {
                    let mut conn = db.acquire().await.unwrap();
                    let written = ack::write(&mut conn, &acks, &batches).await.unwrap();
                    (acks, batches) = (written.held, written.unsettled);
                }
            });
        }
        close(db, id).await;
        tasks.join_all().await;
        // Without upkeep: whoever came last has looked.
        assert!(is_let_go(db, id).await);
        assert_eq!(counts(db, id).await, [24, 0, 0, 24, 0, 0]);
        let callback = batch(db, id).await.callback.unwrap();
        inspect::cancel(&mut db.acquire().await.unwrap(), callback)
            .await
            .unwrap();
    }
}

#[tokio::test]
async fn p13_an_open_close_holds_up_nobody_s_ack_and_the_end_is_found_after_it() {
    let database = database().await;
    let db = database.pool();
    let id = open(db).await;
    let job = enqueue(db, &Step::default(), Options::default().batch(id)).await;
    let me = idle_process(db).await;
    let mut conn = db.acquire().await.unwrap();
    let claimed = claim_some(&mut conn, me, 1).await.unwrap();
    drop(conn);
    let mut closing = db.begin().await.unwrap();
    Batch::close(&mut closing, id).await.unwrap();
    let done = claimed[0].ack(Outcome::Done { keep: true });
    let unsettled = ack::write(&mut db.acquire().await.unwrap(), &[done], &[])
        .await
        .unwrap()
        .unsettled;
    assert_eq!(unsettled.len(), 1);
    assert_eq!(show(db, job.id).await.unwrap().job.state, State::Done);
    closing.commit().await.unwrap();
    assert!(!is_let_go(db, id).await);
    assert!(
        ack::write(&mut db.acquire().await.unwrap(), &[], &unsettled)
            .await
            .unwrap()
            .unsettled
            .is_empty()
    );
    assert!(is_let_go(db, id).await);
}

#[tokio::test]
async fn p13_jobs_of_a_batch_may_add_to_it_also_after_its_close_and_end_in_their_own_transaction() {
    let database = database().await;
    let db = database.pool();
    let id = open(db).await;
    let mut conn = db.acquire().await.unwrap();
    Splits { batch: id, left: 5 }
        .enqueue(&mut conn)
        .await
        .unwrap();
    drop(conn);
    close(db, id).await;
    let config = EngineConfig {
        pools: vec![(POOL, 2)],
        poll: Duration::from_secs(3600),
        ..EngineConfig::default()
    };
    // It cannot run the callback, and reports it as not known: let go it is.
    let engine = Engine::start(
        db.clone(),
        Registry::new().register::<Splits>(),
        db.clone(),
        config,
    )
    .await
    .unwrap();
    let deadline = tokio::time::Instant::now() + LONG;
    while batch(db, id).await.completed_at.is_none() {
        assert!(tokio::time::Instant::now() < deadline);
        tokio::task::yield_now().await;
    }
    engine.shutdown(LONG).await;
    assert_eq!(counts(db, id).await, [6, 0, 0, 6, 0, 0]);
}

#[tokio::test]
async fn p13_the_last_job_may_die_with_its_process() {
    let database = database().await;
    let db = database.pool();
    let id = open(db).await;
    let options = Options::default().batch(id).max_attempts(1);
    enqueue(db, &Step::default(), options).await;
    close(db, id).await;
    let victim = idle_process(db).await;
    let me = idle_process(db).await;
    let mut conn = db.acquire().await.unwrap();
    claim_some(&mut conn, victim, 1).await.unwrap();
    sqlx::query("UPDATE queue.processes SET beat_at = beat_at - interval '1 minute' WHERE id = $1")
        .bind(victim)
        .execute(db)
        .await
        .unwrap();
    reap(db, me, Duration::from_secs(15)).await.unwrap();
    assert_eq!(counts(db, id).await, [1, 0, 0, 0, 1, 0]);
    assert!(is_let_go(db, id).await);
}

#[tokio::test]
async fn p13_cancelling_a_batch_ends_its_jobs_and_only_those() {
    let database = database().await;
    let (db, probe) = (database.pool(), Probe::default());
    let id = open(db).await;
    let (mine, other) = (Options::default().batch(id), Options::default());
    let engine = engine(db, &probe, 1).await;
    let hangs = enqueue(db, &Step::new(0, Do::Hang), mine.clone()).await;
    probe.wait(1).await;
    let jobs = vec![
        (Step::new(1, Do::Nothing), mine.clone()),
        (Step::new(2, Do::Nothing), mine.clone().delay(LONG)),
        // A head and one behind it, with another's in between: it becomes the head.
        (Step::new(3, Do::Nothing), mine.clone().sequence("a")),
        (
            Step::new(4, Do::Nothing),
            other.clone().sequence("a").delay(LONG),
        ),
        (Step::new(5, Do::Nothing), mine.clone().sequence("a")),
        // Another's head: it stays the head.
        (
            Step::new(6, Do::Nothing),
            other.clone().sequence("b").delay(LONG),
        ),
        (Step::new(7, Do::Nothing), mine.sequence("b")),
        (Step::new(8, Do::Nothing), other.sequence("b").delay(LONG)),
    ];
    let mut tx = db.begin().await.unwrap();
    let ids = enqueue_all_with(&mut tx, jobs).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = db.begin().await.unwrap();
    assert_eq!(Batch::cancel(&mut tx, id).await.unwrap(), 5);
    tx.commit().await.unwrap();
    settled(db, hangs.id, State::Cancelled).await;
    let states = async |at: [usize; 3]| {
        let mut states = Vec::new();
        for at in at {
            states.push(show(db, ids[at].id).await.unwrap().job.state);
        }
        states
    };
    assert_eq!(
        states([3, 5, 7]).await,
        [State::Scheduled, State::Scheduled, State::Blocked]
    );
    assert_eq!(states([0, 2, 6]).await, [State::Cancelled; 3]);
    // The engine has written the end of the running one, and so found the end of the batch.
    engine.shutdown(LONG).await;
    assert_eq!(counts(db, id).await, [6, 0, 0, 0, 0, 6]);
    assert!(batch(db, id).await.completed_at.is_some());
    run_all(db, &probe, TimeDelta::hours(1)).await;
    assert_eq!(called(&probe), 1);
    let left: Vec<i32> = sqlx::query_scalar("SELECT pending FROM queue.sequences")
        .fetch_all(db)
        .await
        .unwrap();
    assert_eq!(left, [0, 0]);
}

#[tokio::test]
async fn p13_cancelling_the_last_job_of_a_batch_ends_it() {
    let database = database().await;
    let db = database.pool();
    let id = open(db).await;
    let job = enqueue(db, &Step::default(), Options::default().batch(id)).await;
    close(db, id).await;
    let mut conn = db.acquire().await.unwrap();
    assert_eq!(
        inspect::cancel(&mut conn, job.id).await.unwrap(),
        Stepped::Done
    );
    assert_eq!(counts(db, id).await, [1, 0, 0, 0, 0, 1]);
    assert!(is_let_go(db, id).await);
}

#[tokio::test]
async fn p13_what_a_callback_cannot_be_and_what_is_forgotten() {
    let database = database().await;
    let db = database.pool();
    let mut conn = db.acquire().await.unwrap();
    let refused = Batch::open_with(&mut conn, &Called, Options::default().sequence("s")).await;
    assert!(matches!(refused, Err(EnqueueError::Callback { .. })));
    let id = Batch::open_without_callback(&mut conn).await.unwrap();
    let job = Step::new(1, Do::Discard);
    let job = enqueue(db, &job, Options::default().batch(id)).await;
    close(db, id).await;
    drain(db, &Probe::default(), TimeDelta::zero()).await;
    assert!(batch(db, id).await.completed_at.is_some());
    sqlx::query("UPDATE queue.batches SET completed_at = completed_at - interval '8 days'")
        .execute(db)
        .await
        .unwrap();
    batch::purge(&mut conn, 7).await.unwrap();
    assert!(inspect::batch(&mut conn, id).await.unwrap().is_none());
    // A dead letter that outlives its batch can be replayed all the same, and leaves nothing behind.
    inspect::retry(&mut conn, job.id).await.unwrap();
    drain(db, &Probe::default(), TimeDelta::zero()).await;
    assert_eq!(show(db, job.id).await.unwrap().job.state, State::Dead);
    let left: i64 = sqlx::query_scalar("SELECT count(*) FROM queue.batch_changes")
        .fetch_one(db)
        .await
        .unwrap();
    assert_eq!(left, 0);
}
