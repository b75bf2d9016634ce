//! Bad input: what it is answered, and that nothing is lost by it.

use super::*;
use crate::{
    EnqueueError, MAX_KEY, SchemaStatus, Unique, enqueue_all, enqueue_all_with, inspect::State,
    lanes::Limits, schema_status, store::upkeep,
};

/// A kind that only one of two programs knows.
#[derive(Serialize, Deserialize)]
struct Tomorrow {
    n: i64,
}

impl Job for Tomorrow {
    type Context = Probe;
    const NAME: &'static str = "test.tomorrow";
    const POOL: Pool = POOL;
    async fn run(&self, probe: &Probe, _: &Running) -> Result<(), JobError> {
        probe.note("tomorrow", self.n);
        Ok(())
    }
}

async fn engine_of(db: &PgPool, probe: &Probe, registry: Registry<Probe>) -> Engine {
    let config = EngineConfig {
        pools: vec![(POOL, 2)],
        ..EngineConfig::default()
    };
    Engine::start(db.clone(), registry, probe.clone(), config)
        .await
        .unwrap()
}

#[tokio::test]
async fn p02_a_kind_without_a_handler_is_kept_reported_and_run_by_whoever_knows_it() {
    let database = database().await;
    let (db, probe) = (database.pool(), Probe::default());
    let mut conn = db.acquire().await.unwrap();
    let long_ago = Options::default().due(Utc::now() - TimeDelta::minutes(2));
    let stranded = Tomorrow { n: 1 };
    let stranded = stranded.enqueue_with(&mut conn, long_ago).await.unwrap();
    let old = engine(db, &probe, 2).await;
    // What stands behind it is not held up.
    enqueue(db, &Step::new(2, Do::Nothing), Options::default()).await;
    probe.wait(2).await;
    assert_eq!(probe.log(), ["start 2", "end 2"]);
    let job = show(db, stranded.id).await.unwrap().job;
    assert_eq!((job.state, job.attempt), (State::Ready, 0));
    let listed = inspect::list(&mut conn, &inspect::JobFilter::default()).await;
    let listed = listed.unwrap();
    let listed = listed
        .jobs
        .iter()
        .find(|job| job.id == stranded.id)
        .unwrap();
    assert_eq!(listed.error_class.as_deref(), Some("unknown_kind"));
    let reported = upkeep::unknown_kinds(&mut conn, &[stranded.id.0]).await;
    assert_eq!(
        reported.unwrap(),
        [("test".to_owned(), "test.tomorrow".to_owned())]
    );
    let new = engine_of(db, &probe, Registry::new().register::<Tomorrow>()).await;
    settled(db, stranded.id, State::Done).await;
    let reported = upkeep::unknown_kinds(&mut conn, &[stranded.id.0]).await;
    assert!(reported.unwrap().is_empty());
    old.shutdown(LONG).await;
    new.shutdown(LONG).await;
}

#[tokio::test]
async fn p08_of_two_processes_with_different_kinds_each_claims_only_its_own() {
    let database = database().await;
    let db = database.pool();
    let (steps, tomorrows) = (Probe::default(), Probe::default());
    let first = engine_of(db, &steps, registry()).await;
    let second = engine_of(db, &tomorrows, Registry::new().register::<Tomorrow>()).await;
    let mut conn = db.acquire().await.unwrap();
    let mut all = Vec::new();
    for n in 0..20 {
        let mut tx = db.begin().await.unwrap();
        all.push(Tomorrow { n }.enqueue(&mut tx).await.unwrap().id);
        all.push(Step::new(n, Do::Nothing).enqueue(&mut tx).await.unwrap().id);
        tx.commit().await.unwrap();
    }
    for id in all {
        assert_eq!(settled(db, id, State::Done).await.job.attempt, 1);
    }
    assert_eq!((steps.log().len(), tomorrows.log().len()), (40, 20));
    let failed: i64 =
        sqlx::query_scalar("SELECT count(*) FROM queue.finished WHERE errors IS NOT NULL")
            .fetch_one(&mut *conn)
            .await
            .unwrap();
    assert_eq!(failed, 0, "nobody took what it could not run");
    first.shutdown(LONG).await;
    second.shutdown(LONG).await;
}

#[tokio::test]
async fn p01_options_that_make_no_sense_are_refused_by_name_and_spare_the_transaction() {
    let database = database().await;
    let (db, probe) = (database.pool(), Probe::default());
    let mut tx = db.begin().await.unwrap();
    let step = Step::new(1, Do::Nothing);
    let before_christ = DateTime::<Utc>::MIN_UTC;
    for (options, said) in [
        (
            Options::default().max_attempts(0),
            "max_attempts of test.step must be 1 to 32767".to_owned(),
        ),
        (
            Options::default().max_attempts(u16::MAX),
            "max_attempts of test.step must be 1 to 32767".to_owned(),
        ),
        (
            Options::default().due(before_christ),
            "due of test.step must not lie before the year 1".to_owned(),
        ),
        (
            Options::default().unique("k".repeat(10_240), Unique::WhilePending),
            format!(
                "the unique key of test.step must have 1 to {MAX_KEY} bytes and no NUL character; it has 10240 bytes"
            ),
        ),
    ] {
        let refused = step.enqueue_with(&mut tx, options).await.unwrap_err();
        assert_eq!(refused.to_string(), said);
    }
    let mut kept = Vec::new();
    for options in [
        Options::default().due("9999-12-31T23:59:59Z".parse().unwrap()),
        Options::default().due(DateTime::<Utc>::MAX_UTC),
        Options::default().delay(Duration::MAX),
        Options::default().unique("w", Unique::For(Duration::MAX)),
    ] {
        kept.push(step.enqueue_with(&mut tx, options).await.unwrap().id);
    }
    tx.commit().await.unwrap();
    assert_eq!(drain(db, &probe, TimeDelta::zero()).await.done, 1);
    for id in &kept[..3] {
        assert_eq!(show(db, *id).await.unwrap().job.state, State::Scheduled);
    }
}

#[tokio::test]
async fn an_engine_says_which_of_its_settings_makes_no_sense() {
    let database = database().await;
    let good = || EngineConfig {
        pools: vec![(POOL, 1)],
        ..EngineConfig::default()
    };
    let zero = Limits {
        rate: Some((0.0, 1)),
        ..Limits::default()
    };
    for (config, said) in [
        (
            EngineConfig {
                lane_limits: vec![(POOL, zero)],
                ..good()
            },
            "lane_limits.test rate must be 0.001 to 100000 a second",
        ),
        (
            EngineConfig {
                pools: vec![(POOL, 0)],
                ..good()
            },
            "pools.test must have at least one slot",
        ),
        (
            EngineConfig {
                pools: vec![(POOL, 1), (POOL, 2)],
                ..good()
            },
            "pools has test twice",
        ),
        (
            EngineConfig {
                poll: Duration::ZERO,
                ..good()
            },
            "poll must be at least 10 ms",
        ),
        (
            EngineConfig {
                heartbeat: Duration::ZERO,
                ..good()
            },
            "heartbeat must be at least 10 ms",
        ),
        (
            EngineConfig {
                lease: Duration::from_secs(6),
                ..good()
            },
            "lease must be at least three heartbeats",
        ),
    ] {
        let db = database.pool().clone();
        let refused = Engine::start(db, registry(), Probe::default(), config).await;
        let refused = refused.err().unwrap().to_string();
        assert!(refused.contains(said), "{refused}");
    }
}

/// A job whose payload has the size that it says.
#[derive(Serialize, Deserialize)]
struct Sized(String);

impl Job for Sized {
    type Context = Probe;
    const NAME: &'static str = "test.sized";
    const POOL: Pool = POOL;
    async fn run(&self, _: &Probe, _: &Running) -> Result<(), JobError> {
        Ok(())
    }
}

#[tokio::test]
async fn p01_of_a_bulk_with_one_bad_job_nothing_is_written_and_the_transaction_goes_on() {
    let database = database().await;
    let db = database.pool();
    let mut tx = db.begin().await.unwrap();
    let mut jobs: Vec<Sized> = (0..20_000).map(|_| Sized("x".into())).collect();
    jobs[14_000] = Sized("x".repeat(crate::MAX_PAYLOAD));
    let refused = enqueue_all(&mut tx, &jobs).await.unwrap_err();
    assert!(
        matches!(refused, EnqueueError::TooLarge { .. }),
        "{refused}"
    );
    let good = Sized("y".into()).enqueue(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    let waiting = testing::pending(db).await.unwrap();
    let waiting: Vec<JobId> = waiting.iter().map(|job| job.id).collect();
    assert_eq!(waiting, [good.id]);
}

#[tokio::test]
async fn p01_a_large_bulk_is_one_transaction_and_an_empty_one_is_nothing() {
    let database = database().await;
    let db = database.pool();
    let none: Vec<(Sized, Options)> = Vec::new();
    let mut tx = db.begin().await.unwrap();
    assert!(enqueue_all::<Sized>(&mut tx, &[]).await.unwrap().is_empty());
    assert!(enqueue_all_with(&mut tx, none).await.unwrap().is_empty());
    let jobs: Vec<Sized> = (0..100_000).map(|_| Sized(String::new())).collect();
    let written = enqueue_all(&mut tx, &jobs).await.unwrap();
    assert_eq!(written.len(), jobs.len());
    assert!(written.is_sorted_by(|a, b| a.id < b.id));
    assert!(testing::pending(db).await.unwrap().is_empty());
    tx.rollback().await.unwrap();
    assert!(testing::pending(db).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_schema_newer_than_the_program_still_runs_jobs_and_is_not_migrated() {
    let database = database().await;
    let (db, probe) = (database.pool(), Probe::default());
    sqlx::query(
        "INSERT INTO queue.migrations (version, description, success, checksum, execution_time)
         VALUES (9999, 'of tomorrow', true, '', 0)",
    )
    .execute(db)
    .await
    .unwrap();
    assert_eq!(schema_status(db).await.unwrap(), SchemaStatus::Newer);
    let refused = crate::migrate(db).await.unwrap_err().to_string();
    assert!(refused.contains("9999"), "{refused}");
    let engine = engine(db, &probe, 1).await;
    let job = enqueue(db, &Step::new(1, Do::Nothing), Options::default()).await;
    settled(db, job.id, State::Done).await;
    engine.shutdown(LONG).await;
}
