//! What the queue does for itself: partitions made ahead and dropped behind, empty sequences and old unique keys swept,
//! the depth of the pools measured. One process at a time, by an advisory lock.

use std::{sync::Arc, time::Duration};

use chrono::{Days, NaiveDate, Utc};
use sqlx::{AssertSqlSafe, PgConnection, PgPool};
use tokio_util::sync::CancellationToken;

use crate::{batch, claim, effects, engine::Shared, job::Pool};

const EVERY: Duration = Duration::from_secs(30);
/// "kaziqueu" in ASCII.
const LOCK: i64 = 0x6b61_7a69_7175_6575;
/// How many days of partitions exist ahead of time.
const AHEAD: u64 = 3;
/// Depths are counted up to here: enough to alert on, cheap whatever the backlog.
const DEPTH_CAP: i64 = 10_000;

pub(crate) async fn run(shared: Arc<Shared>, stop: CancellationToken) {
    let mut ticks = tokio::time::interval(EVERY);
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = ticks.tick() => {}
        }
        if let Err(error) = once(&shared).await {
            tracing::warn!(%error, "the queue's upkeep failed; it is tried again");
            metrics::counter!("kazi_queue_database_errors_total", "part" => "upkeep").increment(1);
        }
    }
}

async fn once(shared: &Shared) -> Result<(), sqlx::Error> {
    let heads = measure(shared).await?;
    let mut tx = shared.db.begin().await?;
    let mine = sqlx::query_scalar!(r#"SELECT pg_try_advisory_xact_lock($1) AS "mine!""#, LOCK)
        .fetch_one(&mut *tx)
        .await?;
    if !mine {
        return Ok(());
    }
    // A lock that is not to be had at once is left for the next time: upkeep never stands in the way of an ack.
    sqlx::query!("SET LOCAL lock_timeout = '200ms'")
        .execute(&mut *tx)
        .await?;
    let today = Utc::now().date_naive();
    make_partitions(&mut tx, today).await?;
    drop_partitions(&mut tx, today, shared.config.keep_days).await?;
    sqlx::query!(
        "DELETE FROM queue.sequences WHERE key IN
           (SELECT key FROM queue.sequences WHERE pending = 0 LIMIT 5000 FOR UPDATE SKIP LOCKED)"
    )
    .execute(&mut *tx)
    .await?;
    sqlx::query!(
        "DELETE FROM queue.unique_keys k USING
           (SELECT kind, tenant, key FROM queue.unique_keys WHERE until <= now() LIMIT 5000 FOR UPDATE SKIP LOCKED) old
         WHERE k.kind = old.kind AND k.tenant = old.tenant AND k.key = old.key"
    )
    .execute(&mut *tx)
    .await?;
    effects::purge(&mut tx, shared.config.keep_days).await?;
    batch::purge(&mut tx, shared.config.keep_days).await?;
    tx.commit().await?;
    report_unknown_kinds(&shared.db, &heads).await?;
    // Batches whose end nobody looked for: a process died, or a transaction of a caller ended it.
    batch::settle_all(&shared.db).await?;
    Ok(())
}

/// The days to come, before any job can end in them.
pub(crate) async fn prepare(db: &PgPool) -> Result<(), sqlx::Error> {
    let mut tx = db.begin().await?;
    sqlx::query!("SELECT pg_advisory_xact_lock($1)", LOCK)
        .execute(&mut *tx)
        .await?;
    make_partitions(&mut tx, Utc::now().date_naive()).await?;
    tx.commit().await
}

pub(crate) async fn existing(conn: &mut PgConnection) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT c.relname::text AS "name!" FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
           WHERE i.inhparent = 'queue.finished'::regclass"#
    )
    .fetch_all(conn)
    .await
}

pub(crate) async fn make_partitions(
    conn: &mut PgConnection,
    today: NaiveDate,
) -> Result<(), sqlx::Error> {
    let existing = existing(&mut *conn).await?;
    for ahead in 0..=AHEAD {
        let Some((day, next)) = today
            .checked_add_days(Days::new(ahead))
            .and_then(|day| Some((day, day.succ_opt()?)))
        else {
            continue;
        };
        let name = name_of(day);
        if !existing.contains(&name) {
            // Made apart and then attached: attaching does not lock out the readers and writers of the other days. What
            // has ended in this day already, while nobody made it, stands in the default partition and moves.
            let (from, to) = (format!("{day}T00:00:00Z"), format!("{next}T00:00:00Z"));
            sqlx::raw_sql(AssertSqlSafe(format!(
                "CREATE TABLE queue.{name} (LIKE queue.finished INCLUDING ALL);
                 LOCK TABLE queue.finished_default IN ACCESS EXCLUSIVE MODE;
                 WITH moved AS (
                     DELETE FROM queue.finished_default WHERE finished_at >= '{from}' AND finished_at < '{to}' RETURNING *
                 ) INSERT INTO queue.{name} SELECT * FROM moved;
                 ALTER TABLE queue.finished ATTACH PARTITION queue.{name} FOR VALUES FROM ('{from}') TO ('{to}');"
            )))
            .execute(&mut *conn)
            .await?;
        }
    }
    Ok(())
}

pub(crate) async fn drop_partitions(
    conn: &mut PgConnection,
    today: NaiveDate,
    keep_days: u16,
) -> Result<(), sqlx::Error> {
    let Some(oldest) = today.checked_sub_days(Days::new(u64::from(keep_days))) else {
        return Ok(());
    };
    for name in existing(&mut *conn).await? {
        if day_of(&name).is_some_and(|day| day < oldest) {
            sqlx::raw_sql(AssertSqlSafe(format!("DROP TABLE queue.{name}")))
                .execute(&mut *conn)
                .await?;
            tracing::info!(partition = name, "dropped an old day of finished jobs");
        }
    }
    Ok(())
}

fn name_of(day: NaiveDate) -> String {
    format!("finished_{}", day.format("%Y_%m_%d"))
}

fn day_of(name: &str) -> Option<NaiveDate> {
    NaiveDate::parse_from_str(name.strip_prefix("finished_")?, "%Y_%m_%d").ok()
}

/// Says which kinds wait at the head of a lane although nobody can run them: the jobs are kept for a program that can.
/// Asked of the heads alone, since what nobody claims ends up there.
async fn report_unknown_kinds(db: &PgPool, heads: &[i64]) -> Result<(), sqlx::Error> {
    if heads.is_empty() {
        return Ok(());
    }
    for (pool, kind) in unknown_kinds(&mut *db.acquire().await?, heads).await? {
        tracing::error!(%pool, %kind, "no process knows this kind; its jobs are kept until one does");
        metrics::counter!("kazi_queue_unknown_kind_total", "pool" => pool, "kind" => kind)
            .increment(1);
    }
    Ok(())
}

/// Of these ready jobs, pools and kinds that no process of the pool knows, for a minute at least: processes come and go.
pub(crate) async fn unknown_kinds(
    conn: &mut PgConnection,
    heads: &[i64],
) -> Result<Vec<(String, String)>, sqlx::Error> {
    let rows = sqlx::query!(
        "SELECT DISTINCT j.pool, j.kind FROM queue.jobs j
         WHERE j.id = ANY($1) AND j.state = 0 AND j.due < now() - interval '1 minute'
           AND NOT EXISTS (SELECT FROM queue.processes p WHERE j.pool = ANY(p.pools) AND j.kind = ANY(p.kinds))",
        heads
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.pool, row.kind)).collect())
}

/// Answers the first ready job of each lane and priority.
async fn measure(shared: &Shared) -> Result<Vec<i64>, sqlx::Error> {
    let db = &shared.db;
    let pools: Vec<Pool> = shared.config.pools.iter().map(|(pool, _)| *pool).collect();
    let mut conn = db.acquire().await?;
    let swept = claim::sweep(&mut conn, &pools).await?;
    let names: Vec<String> = pools.iter().map(|pool| pool.name().to_owned()).collect();
    let depths = sqlx::query!(
        r#"SELECT w.pool AS "pool!",
                  (SELECT count(*) FROM (SELECT FROM queue.jobs j WHERE j.pool = w.pool AND j.state = 0 LIMIT $2) capped)
                      AS "ready!",
                  (SELECT count(*) FROM queue.lanes l WHERE l.pool = w.pool AND l.parked_until > now()) AS "parked!",
                  (SELECT count(*) FROM (SELECT FROM queue.dead LIMIT $2) capped) AS "dead!"
           FROM unnest($1::text[]) AS w(pool)"#,
        &names,
        DEPTH_CAP
    )
    .fetch_all(&mut *conn)
    .await?;
    drop(conn);
    let now = Utc::now();
    for depth in depths {
        let mine = swept
            .levels
            .iter()
            .filter(|(level, _)| level.pool == depth.pool);
        let oldest = mine
            .map(|(_, (due, _))| (now - *due).as_seconds_f64())
            .fold(0.0, f64::max);
        metrics::gauge!("kazi_queue_oldest_due_seconds", "pool" => depth.pool.clone()).set(oldest);
        metrics::gauge!("kazi_queue_ready_jobs", "pool" => depth.pool.clone())
            .set(figure(depth.ready));
        metrics::gauge!("kazi_queue_parked_lanes", "pool" => depth.pool).set(figure(depth.parked));
        metrics::gauge!("kazi_queue_dead_letters").set(figure(depth.dead));
    }
    let leases = i64::try_from(shared.in_hand().len()).unwrap_or(i64::MAX);
    metrics::gauge!("kazi_queue_leases").set(figure(leases));
    Ok(swept.levels.iter().map(|(_, (_, id))| *id).collect())
}

#[expect(clippy::cast_precision_loss, reason = "these are capped, or few")]
fn figure(count: i64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_partition_s_name_tells_its_day() {
        let day = NaiveDate::from_ymd_opt(2026, 11, 21).unwrap();
        assert_eq!(day_of(&name_of(day)), Some(day));
        assert_eq!(day_of("finished_default"), None);
    }
}
