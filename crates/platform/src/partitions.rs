//! Tables partitioned by the time in their UUID (version 7): made ahead, dropped behind.

use chrono::{Datelike, Days, Months, NaiveDate, NaiveTime, Utc};
use sqlx::{AssertSqlSafe, Connection, PgConnection};

use crate::{Timestamp, ids::first_uuid_of};

/// How long one partition lasts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Period {
    /// `table_2026_11_21`.
    Day,
    /// `table_2026_11`.
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

/// Makes the partitions of `now` and of so many periods after it, and the one before it (a clock may be a little off).
/// Several processes may do so at once.
///
/// # Errors
/// The database failed.
pub async fn ensure(
    conn: &mut PgConnection,
    table: &'static str,
    period: Period,
    now: Timestamp,
    ahead: u32,
) -> Result<(), sqlx::Error> {
    let mut tx = conn.begin().await?;
    lock(&mut tx, table).await?;
    let existing = existing(&mut tx, table).await?;
    let first = period.start(now.date_naive().pred_opt().unwrap_or(now.date_naive()));
    for n in 0..=ahead + 1 {
        let start = period.plus(first, n);
        let name = format!("{table}_{}", period.suffix(start));
        if !existing.contains(&name) {
            let from = first_uuid_of(midnight(start));
            let to = first_uuid_of(midnight(period.plus(start, 1)));
            sqlx::raw_sql(AssertSqlSafe(format!(
                "CREATE TABLE {name} PARTITION OF {table} FOR VALUES FROM ('{from}') TO ('{to}')"
            )))
            .execute(&mut *tx)
            .await?;
        }
    }
    tx.commit().await
}

/// Drops the partitions that end before `oldest`. Answers how many.
///
/// # Errors
/// The database failed.
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
}
