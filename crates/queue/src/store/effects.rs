//! The ledger of effects. Each statement is fenced by the lease of the job, or by the lease in the row of the ledger.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use super::{end, sequences};
use crate::types::{Ack, JobError, Level, Outcome, Running, sql};

/// An effect, and the run that wants it.
pub(crate) struct Entry<'a> {
    kind: &'a str,
    tenant: Uuid,
    key: &'a str,
    job: i64,
    lease: i32,
}

impl<'a> Entry<'a> {
    pub fn new(run: &'a Running, key: &'a str) -> Self {
        Self {
            kind: &run.kind,
            tenant: run.tenant.unwrap_or_default(),
            key,
            job: run.id.0,
            lease: run.fence.lease,
        }
    }
}

/// The answer of the ledger to a run that wants to begin an effect.
pub(crate) enum Begun {
    /// Nobody has begun it. It is noted as started by this run.
    Fresh,
    /// An earlier run has begun it, at this time. The entry belongs to this run now.
    Started(DateTime<Utc>),
    /// It is done, with this answer as JSON text.
    Done(String),
    /// Another running job has begun it.
    Elsewhere,
    /// The lease of this run is gone.
    LeaseLost,
}

/// Notes that the effect is started, or answers why not.
pub(crate) async fn begin(db: &PgPool, entry: &Entry<'_>) -> Result<Begun, sqlx::Error> {
    loop {
        // `FOR SHARE` makes this statement and the taking back of the job wait for each other. So no run starts an
        // effect under a lost lease.
        let tried = sql!(query,
        r#"WITH mine AS MATERIALIZED (
                   SELECT id FROM queue.jobs WHERE id = $4 AND lease = $5 AND "# StillRunning r#" FOR SHARE
               ), fresh AS (
                   INSERT INTO queue.effects (kind, tenant, key, job_id, lease)
                   SELECT $1, $2, $3, id, $5 FROM mine
                   ON CONFLICT (kind, tenant, key) DO NOTHING RETURNING 1
               )
               SELECT EXISTS (SELECT FROM mine) AS "mine!", EXISTS (SELECT FROM fresh) AS "fresh!""#,
            entry.kind,
            entry.tenant,
            entry.key,
            entry.job,
            entry.lease
        )
        .fetch_one(db)
        .await?;
        if !tried.mine {
            return Ok(Begun::LeaseLost);
        }
        if tried.fresh {
            return Ok(Begun::Fresh);
        }
        let mut tx = db.begin().await?;
        let found = take_over(&mut tx, entry).await?;
        tx.commit().await?;
        // Without an answer the entry was deleted between the two statements: try again.
        if let Some(found) = found {
            return Ok(found);
        }
    }
}

/// Reads an entry, and gives it to this run unless it is done or another job has it.
async fn take_over(
    conn: &mut PgConnection,
    entry: &Entry<'_>,
) -> Result<Option<Begun>, sqlx::Error> {
    if !hold_lease(&mut *conn, entry).await? {
        return Ok(Some(Begun::LeaseLost));
    }
    let Some(found) = sqlx::query!(
        "SELECT state, started_at, answer::text, job_id, lease FROM queue.effects
         WHERE kind = $1 AND tenant = $2 AND key = $3 FOR UPDATE",
        entry.kind,
        entry.tenant,
        entry.key
    )
    .fetch_optional(&mut *conn)
    .await?
    else {
        return Ok(None);
    };
    if found.state == DONE {
        return Ok(Some(Begun::Done(
            found.answer.unwrap_or_else(|| "null".into()),
        )));
    }
    if found.job_id != entry.job {
        // This statement begins after the lock of the entry, so its snapshot has every claim that the entry can name.
        let runs = sql!(query_scalar,
        r#"SELECT EXISTS (SELECT FROM queue.jobs WHERE id = $1 AND lease = $2 AND "# StillRunning r#") AS "runs!""#,
            found.job_id,
            found.lease
        )
        .fetch_one(&mut *conn)
        .await?;
        if runs {
            return Ok(Some(Begun::Elsewhere));
        }
    }
    // From here on a late answer of the earlier run is refused.
    sqlx::query!(
        "UPDATE queue.effects SET job_id = $4, lease = $5 WHERE kind = $1 AND tenant = $2 AND key = $3",
        entry.kind,
        entry.tenant,
        entry.key,
        entry.job,
        entry.lease
    )
    .execute(conn)
    .await?;
    Ok(Some(Begun::Started(found.started_at)))
}

async fn hold_lease(conn: &mut PgConnection, entry: &Entry<'_>) -> Result<bool, sqlx::Error> {
    let mine = sql!(query_scalar,
        "SELECT id FROM queue.jobs WHERE id = $1 AND lease = $2 AND " StillRunning " FOR SHARE",
        entry.job,
        entry.lease
    )
    .fetch_optional(conn)
    .await?;
    Ok(mine.is_some())
}

/// Starts an effect again that did not happen. False: the lease is gone.
pub(crate) async fn restart(db: &PgPool, entry: &Entry<'_>) -> Result<bool, sqlx::Error> {
    let mine = sql!(query_scalar,
        r#"WITH mine AS MATERIALIZED (
               SELECT id FROM queue.jobs WHERE id = $4 AND lease = $5 AND "# StillRunning r#" FOR SHARE
           )
           UPDATE queue.effects SET started_at = clock_timestamp() FROM mine
           WHERE kind = $1 AND tenant = $2 AND key = $3 AND job_id = mine.id AND effects.lease = $5 AND state = 0
           RETURNING job_id"#,
        entry.kind,
        entry.tenant,
        entry.key,
        entry.job,
        entry.lease
    )
    .fetch_optional(db)
    .await?;
    Ok(mine.is_some())
}

/// Writes the answer. The fence is the lease in the entry, not the lease of the job: a run that has lost its job may
/// still record an effect that happened, unless another run has taken the entry. False: another run has.
pub(crate) async fn end(db: &PgPool, entry: &Entry<'_>, answer: &str) -> Result<bool, sqlx::Error> {
    // The state is not compared: if the first answer was lost with the connection, the second one writes the same
    // again.
    let done = sqlx::query!(
        "UPDATE queue.effects SET state = 1, done_at = clock_timestamp(), looked_at = clock_timestamp(),
                answer = $6::text::json
         WHERE kind = $1 AND tenant = $2 AND key = $3 AND job_id = $4 AND lease = $5",
        entry.kind,
        entry.tenant,
        entry.key,
        entry.job,
        entry.lease,
        answer
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Deletes the entry of an effect that certainly did not happen.
pub(crate) async fn forget(db: &PgPool, entry: &Entry<'_>) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "DELETE FROM queue.effects
         WHERE kind = $1 AND tenant = $2 AND key = $3 AND job_id = $4 AND lease = $5 AND state = 0",
        entry.kind,
        entry.tenant,
        entry.key,
        entry.job,
        entry.lease
    )
    .execute(db)
    .await?;
    Ok(())
}

const DONE: i16 = 1;

/// Deletes effects of jobs that ended more than `keep_days` ago. If the job still exists, or is a dead letter that may
/// be replayed, the effect is kept for another such time.
pub(crate) async fn purge(conn: &mut PgConnection, keep_days: u16) -> Result<(), sqlx::Error> {
    sqlx::query!(
        r#"WITH old AS MATERIALIZED (
               SELECT e.kind, e.tenant, e.key,
                      EXISTS (SELECT FROM queue.jobs j WHERE j.id = e.job_id)
                      OR EXISTS (SELECT FROM queue.dead d WHERE d.id = e.job_id) AS needed
               FROM queue.effects e WHERE e.looked_at < now() - make_interval(days => $1)
               ORDER BY e.looked_at LIMIT 5000 FOR UPDATE OF e SKIP LOCKED
           ), kept AS (
               UPDATE queue.effects e SET looked_at = now() FROM old
               WHERE old.needed AND e.kind = old.kind AND e.tenant = old.tenant AND e.key = old.key
           )
           DELETE FROM queue.effects e USING old
           WHERE NOT old.needed AND e.kind = old.kind AND e.tenant = old.tenant AND e.key = old.key"#,
        i32::from(keep_days)
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Ends the job of this run in the caller's transaction. `None`: the lease is gone, and the transaction is aborted.
pub(crate) async fn complete(
    conn: &mut PgConnection,
    run: &Running,
) -> Result<Option<Completed>, JobError> {
    if let Some(key) = &run.sequence {
        sequences::lock(&mut *conn, key).await?;
    }
    let end = Ack {
        id: run.id.0,
        lease: run.fence.lease,
        sequence_key: run.sequence.clone(),
        outcome: Outcome::Done {
            keep: run.fence.keep,
        },
    };
    // From here to the commit the row is locked, so nobody can take the job back. If somebody did so before, the lease
    // number differs and no row is found.
    let gone = end::end(&mut *conn, &[&end], true).await?;
    let Some(gone) = gone.into_iter().next() else {
        // This aborts the transaction on the server, so a caller who ignores our error commits nothing.
        return match sqlx::query!("SELECT queue.lease_lost()")
            .execute(conn)
            .await
        {
            Err(error) if !is_lease_lost(&error) => Err(error.into()),
            _ => Ok(None),
        };
    };
    let woken = sequences::promote(conn, gone.sequence_key.into_iter().collect()).await?;
    Ok(Some(Completed {
        woken,
        batch: gone.batch,
    }))
}

/// What the end of a job in its own transaction did.
pub(crate) struct Completed {
    /// Where the next job of the sequence became ready.
    pub woken: HashSet<Level>,
    /// The batch that the job has left.
    pub batch: Option<i64>,
}

fn is_lease_lost(error: &sqlx::Error) -> bool {
    error
        .as_database_error()
        .and_then(|error| error.code())
        .is_some_and(|code| code == "KZ001")
}
