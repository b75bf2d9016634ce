//! The days of finished jobs: one partition each.

use chrono::{Days, NaiveDate};
use sqlx::{AssertSqlSafe, PgConnection};

/// For how many days ahead partitions are made.
const AHEAD: u64 = 3;

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
            // The table is made alone and attached afterwards, because attaching does not lock out readers and writers
            // of the other days. Jobs that ended on this day before it had a partition are in the default partition;
            // they move.
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
