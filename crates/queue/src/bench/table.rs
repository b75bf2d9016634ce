//! Fills and empties the table, so that no measurement affects the next.

use std::time::{Duration, Instant};

use sqlx::{Connection, PgPool};

use super::{BenchError, work::Noop, work::POOL};
use crate::{
    job::{enqueue_all, enqueue_all_with},
    types::Options,
};

/// The number of jobs in one transaction where the enqueue is not measured.
const CHUNK: u64 = 50_000;

/// Empties the live table, and deletes the lanes of the bench.
pub(super) async fn clean(db: &PgPool) -> Result<(), BenchError> {
    sqlx::query!("TRUNCATE queue.jobs, queue.sequences, queue.unique_keys")
        .execute(db)
        .await?;
    sqlx::query!("DELETE FROM queue.lanes WHERE pool = $1", POOL.name())
        .execute(db)
        .await?;
    tidy(db).await
}

/// Updates the statistics and writes the pages to the disk, so that the next measurement does not pay for earlier
/// writes.
pub(super) async fn tidy(db: &PgPool) -> Result<(), BenchError> {
    // A connection of its own: a vacuum of millions of rows takes longer than the program allows a statement.
    let mut conn = sqlx::PgConnection::connect_with(&db.connect_options()).await?;
    sqlx::raw_sql("SET statement_timeout = 0")
        .execute(&mut conn)
        .await?;
    sqlx::raw_sql("VACUUM (ANALYZE) queue.jobs")
        .execute(&mut conn)
        .await?;
    match sqlx::raw_sql("CHECKPOINT").execute(&mut conn).await {
        // Only a superuser may run a checkpoint. Without it the figures are a little noisier.
        Err(error) if error.as_database_error().is_none() => return Err(error.into()),
        _ => {}
    }
    Ok(conn.close().await?)
}

/// Enqueues jobs in one transaction. Answers how long that took.
pub(super) async fn enqueue(db: &PgPool, jobs: usize) -> Result<Duration, BenchError> {
    let jobs: Vec<Noop> = (0..jobs as u64).map(|n| Noop { n }).collect();
    let started = Instant::now();
    let mut tx = db.begin().await?;
    enqueue_all(&mut tx, &jobs).await?;
    tx.commit().await?;
    let took = started.elapsed();
    tidy(db).await?;
    Ok(took)
}

/// Enqueues jobs, each with the options for its number.
pub(super) async fn fill(
    db: &PgPool,
    jobs: usize,
    options: impl Fn(u64) -> Options,
) -> Result<(), BenchError> {
    let mut conn = db.acquire().await?;
    let jobs = jobs as u64;
    let mut next = 0;
    while next < jobs {
        let chunk = next..(next + CHUNK).min(jobs);
        next = chunk.end;
        let chunk = chunk.map(|n| (Noop { n }, options(n))).collect();
        enqueue_all_with(&mut conn, chunk).await?;
    }
    Ok(())
}
