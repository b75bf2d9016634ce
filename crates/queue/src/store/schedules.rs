//! Schedules.

use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::types::{JobId, Missed, Schedule};

/// "kazicron" in ASCII. The lock lets one process at a time write the code's schedules.
const LOCK: i64 = 0x6b61_7a69_6372_6f6e;
/// How many fires of each schedule are remembered.
const REMEMBERED: i64 = 100;

/// A row of `queue.schedules`.
#[derive(Debug)]
pub(crate) struct ScheduleRow {
    pub id: i64,
    pub tenant: Uuid,
    pub name: String,
    pub expression: String,
    pub zone: String,
    pub kind: String,
    pub payload: Value,
    pub missed: String,
    pub missed_cap: Option<i16>,
    pub paused: bool,
    pub source: String,
    pub last_fire: Option<DateTime<Utc>>,
    pub last_job: Option<i64>,
    pub next_fire: Option<DateTime<Utc>>,
    pub error: Option<String>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl ScheduleRow {
    pub fn schedule(&self) -> Schedule {
        Schedule {
            name: self.name.clone(),
            expression: self.expression.clone(),
            zone: self.zone.clone(),
            missed: Missed::stored(&self.missed, self.missed_cap),
            tenant: Some(self.tenant).filter(|tenant| !tenant.is_nil()),
        }
    }
}

/// The database's clock. It decides when a schedule fires.
pub(crate) async fn now(conn: &mut PgConnection) -> Result<DateTime<Utc>, sqlx::Error> {
    sqlx::query_scalar!(r#"SELECT now() AS "now!""#)
        .fetch_one(conn)
        .await
}

/// Locks the writing of the code's schedules until the transaction ends. Otherwise two programs would lock the rows in
/// two orders.
pub(crate) async fn lock_sync(conn: &mut PgConnection) -> Result<(), sqlx::Error> {
    sqlx::query!("SELECT pg_advisory_xact_lock($1)", LOCK)
        .execute(conn)
        .await
        .map(drop)
}

/// Writes a schedule. A changed expression or zone starts at `next_fire`. Otherwise the stored next fire stays, so that
/// missed fires are still seen, unless it is later than `next_fire`: then the clock was wrong. Code replaces a schedule
/// of the database. The other way round nothing is written, and the answer is `None`.
pub(crate) async fn upsert(
    conn: &mut PgConnection,
    schedule: &Schedule,
    (kind, payload): (&str, &Value),
    next_fire: Option<DateTime<Utc>>,
    source: &str,
) -> Result<Option<i64>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"INSERT INTO queue.schedules AS s
               (tenant, name, expression, zone, kind, payload, missed, missed_cap, next_fire, source)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
           ON CONFLICT (tenant, name) DO UPDATE SET
               expression = EXCLUDED.expression, zone = EXCLUDED.zone, kind = EXCLUDED.kind,
               payload = EXCLUDED.payload, missed = EXCLUDED.missed, missed_cap = EXCLUDED.missed_cap,
               source = EXCLUDED.source, error = NULL, retry_at = NULL,
               next_fire = CASE WHEN (s.expression, s.zone) = (EXCLUDED.expression, EXCLUDED.zone)
                   THEN least(s.next_fire, EXCLUDED.next_fire) ELSE EXCLUDED.next_fire END,
               updated_at = CASE WHEN
                   (s.expression, s.zone, s.kind, s.payload, s.missed, s.missed_cap, s.source) IS DISTINCT FROM
                   (EXCLUDED.expression, EXCLUDED.zone, EXCLUDED.kind, EXCLUDED.payload, EXCLUDED.missed,
                    EXCLUDED.missed_cap, EXCLUDED.source)
                   THEN now() ELSE s.updated_at END
               WHERE s.source = 'database' OR EXCLUDED.source = 'code'
           RETURNING id"#,
        schedule.tenant.unwrap_or_default(),
        schedule.name,
        schedule.expression,
        schedule.zone,
        kind,
        payload,
        schedule.missed.name(),
        schedule.missed.cap(),
        next_fire,
        source
    )
    .fetch_optional(conn)
    .await
}

/// Deletes schedules of the code that are not among `kept`. It deletes only schedules of our kinds, because another
/// program may share the database.
pub(crate) async fn remove_gone(
    conn: &mut PgConnection,
    kept: &[i64],
    kinds: &[String],
) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar!(
        "DELETE FROM queue.schedules WHERE source = 'code' AND id <> ALL($1) AND kind = ANY($2) RETURNING name",
        kept,
        kinds
    )
    .fetch_all(conn)
    .await
}

pub(crate) async fn remove(conn: &mut PgConnection, id: i64) -> Result<(), sqlx::Error> {
    sqlx::query!("DELETE FROM queue.schedules WHERE id = $1", id)
        .execute(conn)
        .await
        .map(drop)
}

/// Locks the schedule of this name until the transaction ends. Nobody fires or changes it meanwhile.
pub(crate) async fn lock(
    conn: &mut PgConnection,
    tenant: Option<Uuid>,
    name: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "SELECT id FROM queue.schedules WHERE tenant = $1 AND name = $2 FOR UPDATE",
        tenant.unwrap_or_default(),
        name
    )
    .fetch_optional(conn)
    .await
    .map(drop)
}

pub(crate) async fn get(
    conn: &mut PgConnection,
    tenant: Option<Uuid>,
    name: &str,
) -> Result<Option<ScheduleRow>, sqlx::Error> {
    sqlx::query_as!(
        ScheduleRow,
        "SELECT id, tenant, name, expression, zone, kind, payload, missed, missed_cap, paused, source, last_fire,
                last_job, next_fire, error, created_at, updated_at
         FROM queue.schedules WHERE tenant = $1 AND name = $2",
        tenant.unwrap_or_default(),
        name
    )
    .fetch_optional(conn)
    .await
}

pub(crate) async fn list(
    conn: &mut PgConnection,
    tenant: Option<Uuid>,
    after: i64,
    limit: i64,
) -> Result<Vec<ScheduleRow>, sqlx::Error> {
    sqlx::query_as!(
        ScheduleRow,
        "SELECT id, tenant, name, expression, zone, kind, payload, missed, missed_cap, paused, source, last_fire,
                last_job, next_fire, error, created_at, updated_at
         FROM queue.schedules WHERE ($1::uuid IS NULL OR tenant = $1) AND id > $2 ORDER BY id LIMIT $3",
        tenant,
        after,
        limit
    )
    .fetch_all(conn)
    .await
}

pub(crate) async fn set_paused(
    conn: &mut PgConnection,
    id: i64,
    paused: bool,
    next_fire: Option<DateTime<Utc>>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE queue.schedules SET paused = $2, next_fire = $3, retry_at = NULL, updated_at = now() WHERE id = $1",
        id,
        paused,
        next_fire
    )
    .execute(conn)
    .await
    .map(drop)
}

/// The schedule that has been due for longest and that nobody has locked, with the current time. It stays locked until
/// the transaction ends. Schedules that failed a moment ago are skipped.
pub(crate) async fn take_due(
    conn: &mut PgConnection,
    kinds: &[String],
    now: Option<DateTime<Utc>>,
) -> Result<Option<(ScheduleRow, DateTime<Utc>)>, sqlx::Error> {
    let row = sqlx::query_as!(
        ScheduleRow,
        "SELECT id, tenant, name, expression, zone, kind, payload, missed, missed_cap, paused, source, last_fire,
                last_job, next_fire, error, created_at, updated_at
         FROM queue.schedules
         WHERE NOT paused AND next_fire <= coalesce($2, now()) AND kind = ANY($1)
           AND (retry_at IS NULL OR retry_at <= coalesce($2, now()))
         ORDER BY next_fire LIMIT 1 FOR UPDATE SKIP LOCKED",
        kinds,
        now
    )
    .fetch_optional(&mut *conn)
    .await?;
    Ok(match (row, now) {
        (None, _) => None,
        (Some(row), Some(now)) => Some((row, now)),
        (Some(row), None) => Some((row, self::now(conn).await?)),
    })
}

/// Notes fire times. Answers those that were not noted before.
pub(crate) async fn note_fires(
    conn: &mut PgConnection,
    id: i64,
    fires: &[DateTime<Utc>],
) -> Result<Vec<DateTime<Utc>>, sqlx::Error> {
    let mut fresh = sqlx::query_scalar!(
        "INSERT INTO queue.schedule_fires (schedule_id, fire) SELECT $1, fire FROM unnest($2::timestamptz[]) AS f(fire)
         ON CONFLICT DO NOTHING RETURNING fire",
        id,
        fires
    )
    .fetch_all(conn)
    .await?;
    fresh.sort_unstable();
    Ok(fresh)
}

/// Sets the next fire, notes the jobs of the fires, and deletes the oldest fires.
pub(crate) async fn advance(
    conn: &mut PgConnection,
    id: i64,
    fired: &[(DateTime<Utc>, JobId)],
    next_fire: Option<DateTime<Utc>>,
) -> Result<(), sqlx::Error> {
    let (fires, jobs): (Vec<_>, Vec<i64>) = fired.iter().map(|(at, job)| (*at, job.0)).unzip();
    sqlx::query!(
        "WITH noted AS (
             UPDATE queue.schedule_fires f SET job_id = w.job
             FROM unnest($2::timestamptz[], $3::bigint[]) AS w(fire, job)
             WHERE f.schedule_id = $1 AND f.fire = w.fire
         ), forgotten AS (
             DELETE FROM queue.schedule_fires WHERE schedule_id = $1 AND fire <=
                 (SELECT fire FROM queue.schedule_fires WHERE schedule_id = $1 ORDER BY fire DESC OFFSET $5 LIMIT 1)
                 AND fire <> ALL($2)
         )
         UPDATE queue.schedules SET next_fire = $4, error = NULL, retry_at = NULL,
             last_fire = coalesce($6, last_fire), last_job = coalesce($7, last_job)
         WHERE id = $1",
        id,
        &fires,
        &jobs,
        next_fire,
        REMEMBERED,
        fires.last().copied(),
        jobs.last().copied()
    )
    .execute(conn)
    .await
    .map(drop)
}

/// Postpones a schedule by `seconds` after an error. Its fire time stays.
pub(crate) async fn postpone(
    conn: &mut PgConnection,
    id: i64,
    now: Option<DateTime<Utc>>,
    seconds: f64,
    error: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE queue.schedules SET error = $2, retry_at = coalesce($3, now()) + make_interval(secs => $4) WHERE id = $1",
        id,
        error,
        now,
        seconds
    )
    .execute(conn)
    .await
    .map(drop)
}

/// The seconds until the next fire of these kinds; negative if it is late. `None`: there is none.
pub(crate) async fn seconds_to_next(
    conn: &mut PgConnection,
    kinds: &[String],
) -> Result<Option<f64>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT extract(epoch FROM next_fire - clock_timestamp())::float8 AS "seconds!" FROM queue.schedules
           WHERE NOT paused AND next_fire IS NOT NULL AND kind = ANY($1) AND (retry_at IS NULL OR retry_at <= now())
           ORDER BY next_fire LIMIT 1"#,
        kinds
    )
    .fetch_optional(conn)
    .await
}

/// Up to five schedules that are late by more than a minute, because this process does not know their kind.
pub(crate) async fn stranded(
    conn: &mut PgConnection,
    kinds: &[String],
) -> Result<Vec<(String, String)>, sqlx::Error> {
    let rows = sqlx::query!(
        "SELECT name, kind FROM queue.schedules
         WHERE NOT paused AND next_fire < now() - interval '1 minute' AND kind <> ALL($1) ORDER BY next_fire LIMIT 5",
        kinds
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.name, row.kind)).collect())
}

/// By how many seconds the latest schedule is late; 0 if none is.
pub(crate) async fn overdue(conn: &mut PgConnection) -> Result<f64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT coalesce(extract(epoch FROM max(now() - next_fire)), 0)::float8 AS "seconds!" FROM queue.schedules
           WHERE NOT paused AND next_fire < now()"#
    )
    .fetch_one(conn)
    .await
}
