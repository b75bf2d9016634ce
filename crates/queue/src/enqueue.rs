//! Writes prepared jobs in the caller's transaction, counts them and rings for them.

use std::collections::HashMap;

use sqlx::PgConnection;

use crate::{
    bells::{self, Placed},
    store,
    types::{Due, EnqueueError, Enqueued, Pool, Prepared, class},
};

/// Writes jobs and rings.
pub(crate) async fn insert(
    conn: &mut PgConnection,
    jobs: Vec<Prepared>,
) -> Result<Vec<Enqueued>, EnqueueError> {
    let mut written = Written::default();
    let answers = write(conn, jobs, &mut written).await?;
    written.tell();
    Ok(answers)
}

/// Writes one job and rings.
pub(crate) async fn insert_one(
    conn: &mut PgConnection,
    job: Prepared,
) -> Result<Enqueued, EnqueueError> {
    let answers = insert(conn, vec![job]).await?;
    answers
        .into_iter()
        .next()
        .ok_or(EnqueueError::Database(sqlx::Error::RowNotFound))
}

/// Jobs that are written, and that nobody was told about so far.
#[derive(Default)]
pub(crate) struct Written {
    bells: Placed,
    counts: HashMap<(&'static str, Pool, &'static str), u64>,
}

impl Written {
    fn add(&mut self, job: &Prepared) {
        let lane = job.lane();
        *self
            .counts
            .entry((job.kind, job.pool, class(&lane)))
            .or_default() += 1;
        self.bells.add(job.pool, lane, job.options.priority as i16);
        self.bells.scheduled |= !matches!(job.options.due, Due::Now);
    }

    /// Counts the jobs and rings for them.
    pub fn tell(self) {
        if self.counts.is_empty() {
            return;
        }
        for ((kind, pool, lane), count) in self.counts {
            metrics::counter!("kazi_queue_enqueued_total", "kind" => kind, "pool" => pool.name(), "lane" => lane)
                .increment(count);
        }
        bells::enqueued(self.bells);
    }
}

/// Writes jobs without a bell: the caller tells of them by [`Written::tell`].
pub(crate) async fn write(
    conn: &mut PgConnection,
    mut jobs: Vec<Prepared>,
    written: &mut Written,
) -> Result<Vec<Enqueued>, EnqueueError> {
    for job in &mut jobs {
        job.seal()?;
    }
    let answers = store::enqueue::write(conn, &jobs).await?;
    for (job, answer) in jobs.iter().zip(&answers) {
        if !answer.duplicate {
            written.add(job);
        }
    }
    Ok(answers)
}
