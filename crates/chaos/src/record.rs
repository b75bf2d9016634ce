//! The record: the writers note intents, and the jobs note runs and effects.

use std::time::Duration;

use chrono::{DateTime, Utc};
use kazi_queue::{JobError, Running};
use sqlx::{PgConnection, PgPool};

/// Everything that the proof reads beside the queue's own tables. `runs` is written at once, so it also shows runs that
/// die. `effects` is written in one transaction with the fence. `sent` is the provider's own book; no key refuses a
/// second entry. A trigger writes `claims` for lanes with limits, in the transaction of the claim and in that of its
/// end.
const TABLES: &str = "
    CREATE SCHEMA chaos;
    CREATE TABLE chaos.intents (
        n            bigint   PRIMARY KEY,
        job          bigint   NOT NULL,
        kind         text     NOT NULL,
        act          text     NOT NULL,
        place        integer  NOT NULL,
        duplicate    boolean  NOT NULL,
        delay_ms     bigint   NOT NULL,
        completes    boolean  NOT NULL,
        lane         text,
        sequence_key text,
        unique_key   text,
        unique_scope text,
        -- The start of the transaction, from which a delay counts.
        asked_at     timestamptz NOT NULL DEFAULT now()
    );
    CREATE TABLE chaos.runs (
        run        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        n          bigint  NOT NULL,
        job        bigint  NOT NULL,
        attempt    integer NOT NULL,
        process    integer NOT NULL,
        snoozed    boolean NOT NULL DEFAULT false,
        started_at timestamptz NOT NULL DEFAULT clock_timestamp()
    );
    CREATE INDEX ON chaos.runs (n);
    CREATE TABLE chaos.effects (
        n           bigint  NOT NULL,
        run_attempt integer NOT NULL,
        process     integer NOT NULL,
        started_at  timestamptz NOT NULL,
        ended_at    timestamptz NOT NULL
    );
    CREATE INDEX ON chaos.effects (n);
    CREATE TABLE chaos.refused (
        n       bigint  NOT NULL,
        attempt integer NOT NULL,
        process integer NOT NULL,
        at      timestamptz NOT NULL DEFAULT clock_timestamp()
    );
    CREATE TABLE chaos.unseen (
        run     bigint  NOT NULL,
        n       bigint  NOT NULL,
        process integer NOT NULL,
        at      timestamptz NOT NULL DEFAULT clock_timestamp()
    );
    CREATE TABLE chaos.sent (
        sent        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        n           bigint  NOT NULL,
        run_attempt integer NOT NULL,
        process     integer NOT NULL,
        at          timestamptz NOT NULL DEFAULT clock_timestamp()
    );
    CREATE INDEX ON chaos.sent (n);
    CREATE TABLE chaos.answers (
        n    bigint NOT NULL,
        sent bigint NOT NULL
    );
    CREATE TABLE chaos.claims (
        job        bigint  NOT NULL,
        pool       text    NOT NULL,
        lane       text    NOT NULL,
        attempt    integer NOT NULL,
        lease      integer NOT NULL,
        -- The start of the claim's transaction: the time by which its limits are decided.
        decided_at timestamptz NOT NULL,
        began_at   timestamptz NOT NULL,
        ended_at   timestamptz,
        PRIMARY KEY (job, lease)
    );
    CREATE FUNCTION chaos.note_claim() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF OLD.state = 1 AND (TG_OP = 'DELETE' OR NEW.state <> 1) THEN
            UPDATE chaos.claims SET ended_at = clock_timestamp() WHERE job = OLD.id AND lease = OLD.lease;
        ELSIF OLD.state = 0 AND TG_OP = 'UPDATE' AND NEW.state = 1 THEN
            INSERT INTO chaos.claims
            VALUES (NEW.id, NEW.pool, NEW.lane, NEW.attempt, NEW.lease, now(), clock_timestamp());
        END IF;
        RETURN NULL;
    END $$;
    CREATE TRIGGER chaos AFTER UPDATE OR DELETE ON queue.jobs FOR EACH ROW
        WHEN (OLD.lane LIKE 'limited-%') EXECUTE FUNCTION chaos.note_claim()";

/// The lanes with limits: by a rate and burst, by the number of running jobs, and by both.
pub const LANES: [&str; 3] = ["limited-rate", "limited-running", "limited-both"];

/// Makes the tables.
pub async fn prepare(db: &PgPool) -> Result<(), sqlx::Error> {
    sqlx::raw_sql(TABLES).execute(db).await?;
    Ok(())
}

/// A job as its writer means it.
#[derive(Debug)]
pub struct Intent {
    /// The number of the job in the test. The seed gives it, so it is the same in every run of the test.
    pub n: i64,
    /// The number in the queue; for a duplicate that of the job that holds the key.
    pub job: i64,
    /// The name of the kind in the queue.
    pub kind: &'static str,
    /// [`crate::work::Act::name`].
    pub act: &'static str,
    /// The place of the job in its transaction.
    pub place: i32,
    /// Whether the queue answered that the key was taken.
    pub duplicate: bool,
    /// The delay before the job is due, in milliseconds.
    pub delay_ms: i64,
    /// [`crate::work::Work::completes`].
    pub completes: bool,
    /// The lane; `None` is the common lane.
    pub lane: Option<&'static str>,
    /// The key of the sequence.
    pub sequence: Option<String>,
    /// The unique key.
    pub unique: Option<String>,
    /// The scope of the key: `window` or `unfinished`.
    pub scope: Option<&'static str>,
}

/// Notes an intent, in the transaction of the enqueue.
pub async fn intend(conn: &mut PgConnection, intent: &Intent) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO chaos.intents (n, job, kind, act, place, duplicate, delay_ms, completes, lane, sequence_key, unique_key, unique_scope)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
    )
    .bind(intent.n)
    .bind(intent.job)
    .bind(intent.kind)
    .bind(intent.act)
    .bind(intent.place)
    .bind(intent.duplicate)
    .bind(intent.delay_ms)
    .bind(intent.completes)
    .bind(intent.lane)
    .bind(&intent.sequence)
    .bind(&intent.unique)
    .bind(intent.scope)
    .execute(conn)
    .await?;
    Ok(())
}

/// A run that has begun.
#[derive(Clone, Copy, Debug, sqlx::FromRow)]
pub struct Run {
    /// The number of the run.
    run: i64,
    /// When the run began, by the database's clock.
    started_at: DateTime<Utc>,
}

/// Notes that a run began.
pub async fn started(db: &PgPool, n: i64, job: &Running) -> Result<Run, sqlx::Error> {
    sqlx::query_as(
        "INSERT INTO chaos.runs (n, job, attempt, process) VALUES ($1, $2, $3, $4) RETURNING run, started_at",
    )
    .bind(n)
    .bind(job.id.0)
    .bind(attempt(job))
    .bind(process())
    .fetch_one(db)
    .await
}

/// Notes that a run asks for a later time.
pub async fn snooze(db: &PgPool, run: Run) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE chaos.runs SET snoozed = true WHERE run = $1")
        .bind(run.run)
        .execute(db)
        .await?;
    Ok(())
}

/// How often the job has asked for a later time.
pub async fn snoozed(db: &PgPool, n: i64) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar("SELECT count(*) FROM chaos.runs WHERE n = $1 AND snoozed")
        .bind(n)
        .fetch_one(db)
        .await
}

/// Writes the effect of a run, and in the same transaction checks that the run still counts.
///
/// It is as close to the fence as an outsider can get: it locks the job's row if that runs with our attempt. A lease
/// that is taken back leaves the attempt counted, so no later run has the same number.
pub async fn effect(db: &PgPool, n: i64, run: Run, job: &Running) -> Result<(), sqlx::Error> {
    let mut tx = db.begin().await?;
    let ours: Option<i32> = sqlx::query_scalar(
        "SELECT 1 FROM queue.jobs WHERE id = $1 AND state = 1 AND attempt = $2 FOR UPDATE",
    )
    .bind(job.id.0)
    .bind(attempt(job))
    .fetch_optional(&mut *tx)
    .await?;
    if ours.is_some() {
        leave(&mut tx, n, run, job).await?;
    } else {
        refuse(&mut tx, n, job).await?;
    }
    tx.commit().await
}

/// Writes the effect of a run in one transaction with the job's end. The queue's own fence refuses a run that no longer
/// counts.
pub async fn effect_and_end(db: &PgPool, n: i64, run: Run, job: &Running) -> Result<(), JobError> {
    let mut tx = db.begin().await?;
    leave(&mut tx, n, run, job).await?;
    match job.complete_in(&mut tx).await {
        Ok(()) => tx.commit().await?,
        Err(JobError::Retry {
            class: "lease_lost",
            ..
        }) => {
            // A commit after a refusal must write nothing.
            tx.commit().await?;
            refuse(&mut *db.acquire().await?, n, job).await?;
        }
        Err(error) => return Err(error),
    }
    Ok(())
}

async fn leave(
    conn: &mut PgConnection,
    n: i64,
    run: Run,
    job: &Running,
) -> Result<(), sqlx::Error> {
    sqlx::query("INSERT INTO chaos.effects VALUES ($1, $2, $3, $4, clock_timestamp())")
        .bind(n)
        .bind(attempt(job))
        .bind(process())
        .bind(run.started_at)
        .execute(&mut *conn)
        .await?;
    // The database has said that the row of the run is written. If it is not visible here, that happened inside an open
    // transaction of somebody else.
    sqlx::query(
        "INSERT INTO chaos.unseen (run, n, process)
         SELECT $1, $2, $3 WHERE NOT EXISTS (SELECT FROM chaos.runs WHERE run = $1)",
    )
    .bind(run.run)
    .bind(n)
    .bind(process())
    .execute(conn)
    .await?;
    Ok(())
}

async fn refuse(conn: &mut PgConnection, n: i64, job: &Running) -> Result<(), sqlx::Error> {
    sqlx::query("INSERT INTO chaos.refused (n, attempt, process) VALUES ($1, $2, $3)")
        .bind(n)
        .bind(attempt(job))
        .bind(process())
        .execute(conn)
        .await?;
    Ok(())
}

/// The key of a job's effect at the provider.
pub fn effect_key(n: i64) -> String {
    format!("send:{n}")
}

/// The provider takes in what a job sends.
pub async fn send(db: &PgPool, n: i64, job: &Running) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar(
        "INSERT INTO chaos.sent (n, run_attempt, process) VALUES ($1, $2, $3) RETURNING sent",
    )
    .bind(n)
    .bind(attempt(job))
    .bind(process())
    .fetch_one(db)
    .await
}

/// What the provider has taken in from a job.
pub async fn find_sent(db: &PgPool, n: i64) -> Result<Option<i64>, sqlx::Error> {
    sqlx::query_scalar("SELECT min(sent) FROM chaos.sent WHERE n = $1")
        .bind(n)
        .fetch_one(db)
        .await
}

/// Notes the answer that a job got for what it had sent.
pub async fn answered(db: &PgPool, n: i64, sent: i64) -> Result<(), sqlx::Error> {
    sqlx::query("INSERT INTO chaos.answers VALUES ($1, $2)")
        .bind(n)
        .bind(sent)
        .execute(db)
        .await?;
    Ok(())
}

/// Whether `at` is at least `by` ago, by the database's clock.
pub async fn is_past(db: &PgPool, at: DateTime<Utc>, by: Duration) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar("SELECT $1 < clock_timestamp() - make_interval(secs => $2)")
        .bind(at)
        .bind(by.as_secs_f64())
        .fetch_one(db)
        .await
}

fn attempt(job: &Running) -> i32 {
    i32::try_from(job.attempt).unwrap_or(i32::MAX)
}

fn process() -> i32 {
    i32::try_from(std::process::id()).unwrap_or_default()
}
