//! Promises 15, 17 and 19, and the clock: what is kept, what is counted, what tests are given.

use std::sync::LazyLock;

use chrono::{Days, NaiveDate};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use sqlx::{Postgres, Transaction};

use super::*;
use crate::{Keep, inspect::State, store::partitions};

/// A kind of which nothing is kept.
#[derive(Serialize, Deserialize)]
struct Fleeting {
    ends_well: bool,
}

impl Job for Fleeting {
    type Context = Probe;
    const NAME: &'static str = "test.fleeting";
    const POOL: Pool = POOL;
    const KEEP: Keep = Keep::Dead;
    async fn run(&self, _: &Probe, _: &Running) -> Result<(), JobError> {
        match self.ends_well {
            true => Ok(()),
            false => Err(JobError::discard("hopeless", "never")),
        }
    }
}

#[tokio::test]
async fn p15_what_has_ended_leaves_the_live_table_at_once_and_a_record_where_the_kind_keeps_one() {
    let database = database().await;
    let (db, probe) = (database.pool(), Probe::default());
    let kept = enqueue(db, &Step::new(1, Do::Nothing), Options::default()).await;
    let mut conn = db.acquire().await.unwrap();
    let gone = Fleeting { ends_well: true };
    let gone = gone.enqueue(&mut conn).await.unwrap();
    let dead = Fleeting { ends_well: false };
    let dead = dead.enqueue(&mut conn).await.unwrap();
    let registry = registry().register::<Fleeting>();
    testing::drain(db, &registry, &probe, Utc::now())
        .await
        .unwrap();
    let live: i64 = sqlx::query_scalar("SELECT count(*) FROM queue.jobs")
        .fetch_one(db)
        .await
        .unwrap();
    assert_eq!(live, 0);
    assert_eq!(show(db, kept.id).await.unwrap().job.state, State::Done);
    assert!(show(db, gone.id).await.is_none());
    assert_eq!(show(db, dead.id).await.unwrap().job.state, State::Dead);
}

#[tokio::test]
async fn p15_days_are_made_ahead_and_dropped_when_they_are_old() {
    let database = database().await;
    let mut conn = database.pool().acquire().await.unwrap();
    let day = |text: &str| text.parse::<NaiveDate>().unwrap();
    let today = day("2031-05-31");
    partitions::make_partitions(&mut conn, today).await.unwrap();
    let later = today.checked_add_days(Days::new(5)).unwrap();
    partitions::make_partitions(&mut conn, later).await.unwrap();
    partitions::make_partitions(&mut conn, later).await.unwrap();
    let made = partitions::existing(&mut conn).await.unwrap();
    for name in [
        "finished_2031_05_31",
        "finished_2031_06_03",
        "finished_2031_06_08",
    ] {
        assert!(made.iter().any(|there| there == name), "{name} of {made:?}");
    }
    partitions::drop_partitions(&mut conn, later, 3)
        .await
        .unwrap();
    let mut left = partitions::existing(&mut conn).await.unwrap();
    left.retain(|name| name.contains("2031"));
    left.sort();
    assert_eq!(left.first().unwrap(), "finished_2031_06_02");
    // What ends on a day that nobody has made is kept all the same, and moves when it is made.
    sqlx::query(
        "INSERT INTO queue.finished (id, enqueued_at, due, finished_at, state, attempt, max_attempts, kind, pool, lane, payload)
         VALUES (1, now(), now(), '2032-01-01T12:00:00Z', 3, 1, 1, 'test.step', 'test', '', '{}')",
    )
    .execute(&mut *conn)
    .await
    .unwrap();
    partitions::make_partitions(&mut conn, day("2032-01-01"))
        .await
        .unwrap();
    let moved: i64 = sqlx::query_scalar("SELECT count(*) FROM queue.finished_2032_01_01")
        .fetch_one(&mut *conn)
        .await
        .unwrap();
    assert_eq!(moved, 1);
}

/// Of the whole process: other tests count there too, of other kinds.
static FIGURES: LazyLock<PrometheusHandle> = LazyLock::new(|| {
    let recorder = PrometheusBuilder::new().build_recorder();
    let handle = recorder.handle();
    metrics::set_global_recorder(recorder).unwrap();
    handle
});

/// A kind of its own, whose figures nobody else changes.
#[derive(Serialize, Deserialize)]
struct Counted(Do);

impl Job for Counted {
    type Context = Probe;
    const NAME: &'static str = "test.counted";
    const POOL: Pool = Pool::new("counted");
    const RETRY: Retry = Retry::DEFAULT.attempts(2);
    async fn run(&self, _: &Probe, job: &Running) -> Result<(), JobError> {
        match self.0 {
            Do::Fail => Err(JobError::retry_after(Duration::ZERO, "flaky", "again")),
            Do::Snooze { until } if job.enqueued_at > until => Ok(()),
            Do::Snooze { .. } => Err(JobError::snooze(LONG, "later")),
            _ => Ok(()),
        }
    }
}

fn figure(name: &str, labels: &[&str]) -> Option<f64> {
    let text = FIGURES.render();
    let mut lines = text.lines().filter(|line| {
        let (series, _) = line.split_once('{').unwrap_or((line, ""));
        series.split(' ').next() == Some(name) && labels.iter().all(|label| line.contains(label))
    });
    let line = lines.next()?;
    assert!(lines.next().is_none(), "{name} {labels:?} is one series");
    line.rsplit(' ').next()?.parse().ok()
}

#[tokio::test]
async fn p17_every_step_of_a_job_is_counted_by_kind_pool_and_class_of_lane() {
    LazyLock::force(&FIGURES);
    let database = database().await;
    let (db, probe) = (database.pool(), Probe::default());
    let mut conn = db.acquire().await.unwrap();
    crate::lanes::park(
        &mut conn,
        "counted",
        "elsewhere",
        Utc::now() + TimeDelta::hours(1),
    )
    .await
    .unwrap();
    let config = EngineConfig {
        pools: vec![(Counted::POOL, 4)],
        ..EngineConfig::default()
    };
    let registry = Registry::new().register::<Counted>();
    let engine = Engine::start(db.clone(), registry, probe, config)
        .await
        .unwrap();
    let lane = || Options::default().lane("a name");
    let write = async |what: Do, options| {
        let mut conn = db.acquire().await.unwrap();
        let job = Counted(what).enqueue_with(&mut conn, options).await;
        job.unwrap().id
    };
    let done = write(Do::Nothing, lane()).await;
    let tenant = Options::default().tenant(uuid::Uuid::from_u128(1));
    let of_tenant = write(Do::Nothing, tenant).await;
    let dies = write(Do::Fail, lane()).await;
    let until = Utc::now() + TimeDelta::hours(1);
    let sleeps = write(Do::Snooze { until }, lane()).await;
    for (id, state) in [
        (done, State::Done),
        (of_tenant, State::Done),
        (dies, State::Dead),
        (sleeps, State::Scheduled),
    ] {
        settled(db, id, state).await;
    }
    let count = |name: &str, more: &str| {
        let labels = [
            r#"kind="test.counted""#,
            r#"pool="counted""#,
            r#"lane="named""#,
            more,
        ];
        figure(name, &labels)
    };
    assert_eq!(count("kazi_queue_enqueued_total", ""), Some(3.0));
    assert_eq!(count("kazi_queue_claimed_total", ""), Some(4.0));
    for (outcome, times) in [
        ("done", 1.0),
        ("retried", 1.0),
        ("dead", 1.0),
        ("snoozed", 1.0),
    ] {
        let label = format!("outcome=\"{outcome}\"");
        assert_eq!(
            count("kazi_queue_finished_total", &label),
            Some(times),
            "{outcome}"
        );
    }
    assert_eq!(
        count("kazi_queue_errors_total", r#"class="flaky""#),
        Some(2.0)
    );
    for histogram in [
        "kazi_queue_wait_seconds_count",
        "kazi_queue_run_seconds_count",
    ] {
        assert_eq!(count(histogram, ""), Some(4.0), "{histogram}");
    }
    let tenant = [r#"kind="test.counted""#, r#"lane="tenant""#];
    assert_eq!(figure("kazi_queue_enqueued_total", &tenant), Some(1.0));
    for name in [
        "kazi_queue_claim_batch_size_count",
        "kazi_queue_ack_batch_size_count",
    ] {
        assert!(figure(name, &[]).is_some_and(|count| count > 0.0), "{name}");
    }
    // The engine measures as soon as it has started.
    let pool = [r#"pool="counted""#];
    while figure("kazi_queue_parked_lanes", &pool).is_none() {
        tokio::task::yield_now().await;
    }
    assert_eq!(figure("kazi_queue_parked_lanes", &pool), Some(1.0));
    for name in ["kazi_queue_ready_jobs", "kazi_queue_oldest_due_seconds"] {
        assert!(figure(name, &pool).is_some(), "{name}");
    }
    while figure("kazi_queue_leases", &[]).is_none() {
        tokio::task::yield_now().await;
    }
    engine.shutdown(LONG).await;
}

/// Works in the transaction that is its context.
#[derive(Serialize, Deserialize)]
struct Inside {
    n: i64,
}

type Shared = Arc<tokio::sync::Mutex<Transaction<'static, Postgres>>>;

impl Job for Inside {
    type Context = Shared;
    const NAME: &'static str = "test.inside";
    const POOL: Pool = POOL;
    fn options(&self) -> Options {
        Options::default().sequence("s")
    }
    async fn run(&self, tx: &Shared, job: &Running) -> Result<(), JobError> {
        let mut tx = tx.lock().await;
        Step::new(self.n, Do::Nothing).enqueue(&mut tx).await?;
        job.complete_in(&mut tx).await
    }
}

#[tokio::test]
async fn p19_one_job_runs_inside_a_transaction_that_is_rolled_back() {
    let database = database().await;
    let db = database.pool();
    let mut tx = db.begin().await.unwrap();
    let job = Inside { n: 7 };
    let running = testing::begin(&mut tx, &job).await.unwrap();
    assert_eq!(
        (running.attempt, running.sequence.as_deref()),
        (1, Some("s"))
    );
    let tx: Shared = Arc::new(tokio::sync::Mutex::new(tx));
    job.run(&tx, &running).await.unwrap();
    let mut tx = Arc::into_inner(tx).unwrap().into_inner();
    let filter = inspect::JobFilter::default();
    let seen = inspect::list(&mut tx, &filter).await.unwrap().jobs;
    let seen: Vec<(&str, State)> = seen
        .iter()
        .map(|job| (job.kind.as_str(), job.state))
        .collect();
    assert_eq!(
        seen,
        [("test.step", State::Ready), ("test.inside", State::Done)]
    );
    tx.rollback().await.unwrap();
    let mut conn = db.acquire().await.unwrap();
    let seen = inspect::list(&mut conn, &filter).await.unwrap().jobs;
    assert!(seen.is_empty());
}

#[tokio::test]
async fn p19_what_was_enqueued_is_told_and_runs_when_the_test_s_clock_says_so() {
    let database = database().await;
    let (db, probe) = (database.pool(), Probe::default());
    let tomorrow = Options::default().delay(Duration::from_secs(86_400));
    let job = enqueue(db, &Step::new(1, Do::Nothing), tomorrow).await;
    let pending = testing::pending(db).await.unwrap();
    let told: Vec<(JobId, &str)> = pending
        .iter()
        .map(|job| (job.id, job.kind.as_str()))
        .collect();
    assert_eq!(told, [(job.id, "test.step")]);
    assert_eq!(drain(db, &probe, TimeDelta::hours(23)).await.done, 0);
    assert_eq!(drain(db, &probe, TimeDelta::hours(25)).await.done, 1);
}

#[tokio::test]
async fn p02_a_clock_of_the_database_that_is_set_back_hides_no_job() {
    let database = database().await;
    let (db, probe) = (database.pool(), Probe::default());
    let engine = engine(db, &probe, 2).await;
    // Before it was set back an hour: jobs that were due then, of which the engine remembers the last.
    for n in 1..=3 {
        let ahead = Options::default().due(Utc::now() + TimeDelta::hours(1));
        enqueue(db, &Step::new(n, Do::Nothing), ahead).await;
    }
    sqlx::query("UPDATE queue.jobs SET state = 0")
        .execute(db)
        .await
        .unwrap();
    engine.wake();
    probe.wait(6).await;
    // After it: they are due before those.
    for n in 4..=6 {
        let job = enqueue(db, &Step::new(n, Do::Nothing), Options::default()).await;
        settled(db, job.id, State::Done).await;
    }
    engine.shutdown(LONG).await;
}
