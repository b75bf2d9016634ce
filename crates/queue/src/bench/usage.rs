//! What the work costs the server: write-ahead log, commits, and what is left in the table.

use std::time::{Duration, Instant};

use sqlx::PgPool;
use tokio::time::sleep;

use super::{BenchError, Figure};

/// The counters of the server at one moment.
pub(super) struct Usage {
    /// Bytes of the write-ahead log.
    wal: i64,
    /// The number of transactions that have written.
    transactions: i64,
    /// The number of rows deleted from the live table, as far as the statistics know.
    deleted: i64,
}

/// Server processes report their work at most this much later, as long as they run.
const REPORTED: Duration = Duration::from_secs(15);

impl Usage {
    pub async fn now(db: &PgPool) -> Result<Self, BenchError> {
        let row = sqlx::query!(
            r#"SELECT (pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::bigint AS "wal!",
                      pg_snapshot_xmax(pg_current_snapshot())::text::bigint AS "transactions!",
                      n_tup_del AS "deleted!"
               FROM pg_stat_user_tables WHERE schemaname = 'queue' AND relname = 'jobs'"#
        )
        .fetch_one(db)
        .await?;
        Ok(Self {
            wal: row.wal,
            transactions: row.transactions,
            deleted: row.deleted,
        })
    }

    /// What each of `jobs` jobs has cost since.
    pub async fn costs(
        &self,
        db: &PgPool,
        what: &str,
        jobs: usize,
    ) -> Result<Vec<Figure>, BenchError> {
        let after = Self::now(db).await?;
        let each = |before: i64, after: i64| (after - before) as f64 / jobs as f64;
        Ok(vec![
            Figure::new(
                format!("{what}: log (WAL)"),
                each(self.wal, after.wal),
                "bytes/job",
            ),
            Figure::new(
                format!("{what}: commits that write"),
                each(self.transactions, after.transactions) * 1_000.0,
                "/1000 jobs",
            ),
        ])
    }

    /// What is left in the table of `jobs` jobs that have ended since.
    pub async fn left(&self, db: &PgPool, jobs: usize) -> Result<Vec<Figure>, BenchError> {
        let began = Instant::now();
        let deletes = i64::try_from(jobs).unwrap_or(i64::MAX);
        while Self::now(db).await?.deleted - self.deleted < deletes && began.elapsed() < REPORTED {
            sleep(Duration::from_millis(100)).await;
        }
        let row = sqlx::query!(
            r#"SELECT n_dead_tup AS "dead!", pg_table_size(relid) AS "table!", pg_indexes_size(relid) AS "indexes!"
               FROM pg_stat_user_tables WHERE schemaname = 'queue' AND relname = 'jobs'"#
        )
        .fetch_one(db)
        .await?;
        let megabytes = |bytes: i64| bytes as f64 / (1_024.0 * 1_024.0);
        Ok(vec![
            Figure::new("dead rows right after the burn-down", row.dead as f64, ""),
            Figure::new("the table's size then", megabytes(row.table), "MB"),
            Figure::new("its indexes' size then", megabytes(row.indexes), "MB"),
        ])
    }
}
