//! The writers. Their transactions enqueue jobs and note what was meant by them. The seed decides what they write. Some
//! roll back on purpose, and some hold their locks for long.

mod draw;

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use draw::{Draw, Kind, Transaction, Wish};
use kazi_queue::{EnqueueError, Enqueued, Job, Options, enqueue_all_with};
use serde::Serialize;
use sqlx::{PgConnection, PgPool};
use tokio::{task::JoinSet, time::Instant};
use tokio_util::sync::CancellationToken;

use crate::{
    Fault,
    record::{self, Intent},
    work::{Ordered, Quick, Rough},
};

/// How many writers write at once. So many that two of them meet at the same key.
pub const WRITERS: u32 = 5;

/// What the writers have done.
#[derive(Debug, Default, Serialize)]
pub struct Written {
    /// Transactions whose commit was answered.
    pub committed: u64,
    /// Transactions that were rolled back on purpose.
    pub rolled_back: u64,
    /// Failed transactions, by SQLSTATE or `connection`. Some of them may have committed; the intents tell.
    pub failed: BTreeMap<String, u64>,
}

/// Writes until `stop` is cancelled. Without `poison`, no job kills its process.
pub async fn write(
    db: PgPool,
    seed: u64,
    jobs_per_second: f64,
    poison: bool,
    stop: CancellationToken,
) -> Result<Written, Fault> {
    let written = std::sync::Arc::new(Mutex::new(Written::default()));
    let mut writers = JoinSet::new();
    for writer in 0..WRITERS {
        let (db, stop, written) = (db.clone(), stop.clone(), written.clone());
        let apart = Duration::from_secs_f64(f64::from(WRITERS) / jobs_per_second);
        writers.spawn(async move {
            let mut draw = Draw::new(seed, writer, poison);
            let mut next = Instant::now();
            while !stop.is_cancelled() {
                let wanted = draw.transaction();
                let jobs = u32::try_from(wanted.jobs()).unwrap_or(u32::MAX);
                note(&written, carry_out(&db, wanted).await);
                // If the database was away, the missing jobs are not written all at once afterwards.
                next = (next + apart * jobs).max(Instant::now());
                tokio::select! {
                    () = stop.cancelled() => {}
                    () = tokio::time::sleep_until(next) => {}
                }
            }
        });
    }
    while let Some(ended) = writers.join_next().await {
        ended?;
    }
    let mut written = written.lock().unwrap_or_else(PoisonError::into_inner);
    Ok(std::mem::take(&mut *written))
}

fn note(written: &Mutex<Written>, end: Result<bool, EnqueueError>) {
    let mut written = written.lock().unwrap_or_else(PoisonError::into_inner);
    match end {
        Ok(true) => written.committed += 1,
        Ok(false) => written.rolled_back += 1,
        Err(error) => {
            let name = match &error {
                EnqueueError::Database(sqlx::Error::Database(error)) => {
                    error.code().unwrap_or_default().into_owned()
                }
                EnqueueError::Database(_) => "connection".to_owned(),
                refused => refused.to_string(),
            };
            *written.failed.entry(name).or_default() += 1;
        }
    }
}

/// Carries out one transaction. Answers whether it was meant to commit.
async fn carry_out(db: &PgPool, wanted: Transaction) -> Result<bool, EnqueueError> {
    let mut tx = db.begin().await?;
    let mut place = 0;
    for (kind, wishes) in wanted.calls {
        let answers = enqueue(&mut tx, kind, &wishes).await?;
        for (wish, answer) in wishes.into_iter().zip(answers) {
            let intent = Intent {
                n: wish.work.n,
                job: answer.id.0,
                kind: kind.name(),
                act: wish.work.act.name(),
                place,
                duplicate: answer.duplicate,
                delay_ms: wish.delay_ms,
                completes: wish.work.completes,
                lane: wish.lane,
                sequence: wish.sequence,
                unique: wish.unique.as_ref().map(|(key, _)| key.clone()),
                scope: wish.unique.as_ref().map(|(_, scope)| scope.name()),
            };
            record::intend(&mut tx, &intent).await?;
            place += 1;
        }
    }
    tokio::time::sleep(wanted.hold).await;
    if wanted.roll_back {
        tx.rollback().await?;
    } else {
        tx.commit().await?;
    }
    Ok(!wanted.roll_back)
}

async fn enqueue(
    conn: &mut PgConnection,
    kind: Kind,
    wishes: &[Wish],
) -> Result<Vec<Enqueued>, EnqueueError> {
    match kind {
        Kind::Quick => all(conn, wishes, Quick).await,
        Kind::Ordered => all(conn, wishes, Ordered).await,
        Kind::Rough => all(conn, wishes, Rough).await,
    }
}

async fn all<J: Job>(
    conn: &mut PgConnection,
    wishes: &[Wish],
    job: impl Fn(crate::work::Work) -> J,
) -> Result<Vec<Enqueued>, EnqueueError> {
    let jobs: Vec<(J, Options)> = wishes
        .iter()
        .map(|wish| (job(wish.work), wish.options()))
        .collect();
    enqueue_all_with(conn, jobs).await
}
