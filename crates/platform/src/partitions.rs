//! Tables that are partitioned by the time in a UUID of version 7. A job makes partitions ahead of time and drops old
//! ones.

use std::time::Duration;

use chrono::{Datelike, Days, Months, NaiveDate, NaiveTime, Utc};
use sqlx::{AssertSqlSafe, Connection, PgConnection};

use crate::{Timestamp, ids::first_uuid_of};

/// The time that one partition covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Period {
    /// One day, in UTC: `table_2026_11_21`.
    Day,
    /// One month, in UTC: `table_2026_11`.
    Month,
}

impl Period {
    fn start(self, day: NaiveDate) -> NaiveDate {
        match self {
            Self::Day => day,
            Self::Month => day.with_day(1).unwrap_or(day),
        }
    }

    fn plus(self, start: NaiveDate, periods: u32) -> NaiveDate {
        let next = match self {
            Self::Day => start.checked_add_days(Days::new(u64::from(periods))),
            Self::Month => start.checked_add_months(Months::new(periods)),
        };
        next.unwrap_or(NaiveDate::MAX)
    }

    fn suffix(self, start: NaiveDate) -> String {
        match self {
            Self::Day => start.format("%Y_%m_%d").to_string(),
            Self::Month => start.format("%Y_%m").to_string(),
        }
    }

    fn of_suffix(self, suffix: &str) -> Option<NaiveDate> {
        let day = match self {
            Self::Day => suffix.to_owned(),
            Self::Month => format!("{suffix}_01"),
        };
        NaiveDate::parse_from_str(&day, "%Y_%m_%d").ok()
    }
}

fn midnight(day: NaiveDate) -> Timestamp {
    day.and_time(NaiveTime::MIN)
        .and_local_timezone(Utc)
        .single()
        .unwrap_or(Timestamp::MAX_UTC)
}

/// The server waits this long for a lock on the table. It is shorter than `deadlock_timeout` (1 s). So when this
/// transaction and that of a customer's message wait for each other, this one gives up first.
const LOCK_WAIT: &str = "300ms";
/// The number of tries. The pause grows with each try.
const TRIES: u32 = 10;
const PAUSE: Duration = Duration::from_millis(50);

/// Makes the missing partitions: that of `now`, the `ahead` periods after it, and the one before it, because clocks
/// differ a little. PostgreSQL fills new pages to `fill` per cent; less than 100 leaves room for updates of rows.
///
/// Several processes may call this at the same time. If a future partition cannot be made now, this logs a warning, and
/// the next call tries again.
///
/// # Errors
/// The database refuses to make the partition that is needed today or earlier.
pub async fn ensure(
    conn: &mut PgConnection,
    table: &'static str,
    period: Period,
    now: Timestamp,
    ahead: u32,
    fill: u8,
) -> Result<(), sqlx::Error> {
    let there = existing(&mut *conn, table).await?;
    let today = now.date_naive();
    let first = period.start(today.pred_opt().unwrap_or(today));
    let wanted = (0..=ahead + 1).map(|n| period.plus(first, n));
    for start in wanted.filter(|start| !there.contains(&name(table, period, *start))) {
        match make(&mut *conn, table, period, start, fill).await {
            Ok(()) => {}
            Err(error) if start > today => {
                tracing::warn!(error = %error, partition.table = table, partition.start = %start, "a partition of the future cannot be made yet");
                break;
            }
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

fn name(table: &str, period: Period, start: NaiveDate) -> String {
    format!("{table}_{}", period.suffix(start))
}

async fn make(
    conn: &mut PgConnection,
    table: &'static str,
    period: Period,
    start: NaiveDate,
    fill: u8,
) -> Result<(), sqlx::Error> {
    for n in 1..TRIES {
        match try_make(&mut *conn, table, period, start, fill).await {
            Err(error) if gave_way(&error) => tokio::time::sleep(PAUSE * n).await,
            ended => return ended,
        }
    }
    try_make(conn, table, period, start, fill).await
}

/// Makes a table and attaches it afterwards. `CREATE … PARTITION OF` locks the whole table first, and then waits for
/// the tables of its foreign keys, while every writer waits for the table. The partition has no policy of its own, so
/// its rows are visible only through the table.
async fn try_make(
    conn: &mut PgConnection,
    table: &'static str,
    period: Period,
    start: NaiveDate,
    fill: u8,
) -> Result<(), sqlx::Error> {
    let mut tx = conn.begin().await?;
    lock(&mut tx, table).await?;
    let name = name(table, period, start);
    if !existing(&mut tx, table).await?.contains(&name) {
        let from = first_uuid_of(midnight(start));
        let to = first_uuid_of(midnight(period.plus(start, 1)));
        sqlx::raw_sql(AssertSqlSafe(format!(
            "SET LOCAL lock_timeout = '{LOCK_WAIT}';
             CREATE TABLE {name} (LIKE {table} INCLUDING ALL) WITH (fillfactor = {fill});
             ALTER TABLE {name} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
             ALTER TABLE {table} ATTACH PARTITION {name} FOR VALUES FROM ('{from}') TO ('{to}')"
        )))
        .execute(&mut *tx)
        .await?;
    }
    tx.commit().await
}

/// Tells whether another transaction was in the way: PostgreSQL answers `lock_not_available` or `deadlock_detected`.
fn gave_way(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(|error| error.code());
    code.is_some_and(|code| ["55P03", "40P01"].contains(&code.as_ref()))
}

/// Drops the partitions that end at or before `oldest`. Returns their number.
pub async fn drop_before(
    conn: &mut PgConnection,
    table: &'static str,
    period: Period,
    oldest: Timestamp,
) -> Result<usize, sqlx::Error> {
    let mut tx = conn.begin().await?;
    lock(&mut tx, table).await?;
    let mut dropped = 0;
    for name in existing(&mut tx, table).await? {
        let start = name
            .strip_prefix(table)
            .and_then(|rest| rest.strip_prefix('_'))
            .and_then(|suffix| period.of_suffix(suffix));
        if start.is_some_and(|start| midnight(period.plus(start, 1)) <= oldest) {
            sqlx::raw_sql(AssertSqlSafe(format!("DROP TABLE {name}")))
                .execute(&mut *tx)
                .await?;
            dropped += 1;
        }
    }
    tx.commit().await?;
    Ok(dropped)
}

async fn lock(conn: &mut PgConnection, table: &str) -> Result<(), sqlx::Error> {
    sqlx::query("SELECT pg_advisory_xact_lock(hashtextextended('partitions of ' || $1, 0))")
        .bind(table)
        .execute(conn)
        .await?;
    Ok(())
}

async fn existing(conn: &mut PgConnection, table: &str) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar(
        "SELECT c.relname::text FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
         WHERE i.inhparent = $1::regclass",
    )
    .bind(table)
    .fetch_all(conn)
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_suffix_tells_its_period() {
        let day = NaiveDate::from_ymd_opt(2026, 12, 31).unwrap();
        for period in [Period::Day, Period::Month] {
            let start = period.start(day);
            assert_eq!(period.of_suffix(&period.suffix(start)), Some(start));
        }
        assert_eq!(
            Period::Month.plus(Period::Month.start(day), 1).to_string(),
            "2027-01-01"
        );
        assert_eq!(Period::Day.of_suffix("default"), None);
    }
    #[cfg(feature = "testing")]
    #[tokio::test]
    async fn a_new_partition_gives_way_to_whoever_writes() {
        use crate::testing::TestDatabase;

        let database = TestDatabase::new("partitions", async |db| {
            sqlx::raw_sql(
                "CREATE TABLE a (id int PRIMARY KEY, n int NOT NULL DEFAULT 0);
                 CREATE TABLE b (id int PRIMARY KEY, n int NOT NULL DEFAULT 0);
                 CREATE TABLE c (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), a_id int NOT NULL REFERENCES a,
                                 b_id int NOT NULL REFERENCES b) PARTITION BY RANGE (id);
                 CREATE INDEX c_a ON c (a_id);
                 INSERT INTO a VALUES (1); INSERT INTO b VALUES (1);",
            )
            .execute(&db)
            .await
            .map(|_| ())
        })
        .await;
        let db = database.pool();
        let now = Utc::now();
        let mut conn = db.acquire().await.unwrap();
        ensure(&mut conn, "c", Period::Month, now, 0, 100)
            .await
            .unwrap();
        // A writer first updates the table of a foreign key, and then the partitioned table.
        let mut writer = db.begin().await.unwrap();
        // PostgreSQL would end the writer, if the two waited for each other for 700 ms.
        sqlx::query("SET LOCAL deadlock_timeout = '700ms'")
            .execute(&mut *writer)
            .await
            .unwrap();
        sqlx::query("UPDATE b SET n = 1")
            .execute(&mut *writer)
            .await
            .unwrap();
        let making = tokio::spawn(async move {
            ensure(&mut conn, "c", Period::Month, now, 2, 100)
                .await
                .unwrap();
        });
        let waiting = "SELECT count(*) FROM pg_locks l JOIN pg_stat_activity s USING (pid)
                       WHERE NOT l.granted AND s.datname = current_database()";
        while sqlx::query_scalar::<_, i64>(waiting)
            .fetch_one(db)
            .await
            .unwrap()
            == 0
        {
            tokio::task::yield_now().await;
        }
        for statement in [
            "UPDATE a SET n = 1",
            "INSERT INTO c (id, a_id, b_id) SELECT $1, 1, 1",
        ] {
            let mut query = sqlx::query(statement);
            if statement.contains("$1") {
                query = query.bind(first_uuid_of(now));
            }
            query.execute(&mut *writer).await.unwrap();
        }
        writer.commit().await.unwrap();
        making.await.unwrap();
        let shape: (i64, i64) = sqlx::query_as(
            "SELECT (SELECT count(*) FROM pg_inherits WHERE inhparent = 'c'::regclass),
                    (SELECT count(*) FROM pg_inherits WHERE inhparent = 'c_a'::regclass)",
        )
        .fetch_one(db)
        .await
        .unwrap();
        // This month, the two months after it, and one more: the month before, or a third.
        assert!(shape.0 >= 4 && shape.0 == shape.1, "{shape:?}");
        let stray = sqlx::query("INSERT INTO c (id, a_id, b_id) VALUES ($1, 2, 1)")
            .bind(first_uuid_of(now + chrono::TimeDelta::days(32)))
            .execute(db)
            .await;
        assert!(stray.is_err(), "the new partition has no foreign key");
    }
}
