//! The processes that run jobs: one row each, and one heartbeat, which is the lease of all jobs of the process.

use std::{collections::HashSet, time::Duration};

use sqlx::{PgConnection, PgPool};

use super::sequences;
use crate::types::{Ack, EngineConfig, Host, Level, Outcome, RunError, sql};

/// The answer to a heartbeat.
pub(crate) enum Beat {
    /// The lease holds.
    Alive {
        /// How many other processes are alive.
        others: i64,
        /// How many other processes have a row, also silent ones.
        rows: i64,
        /// Jobs of this process that somebody wants to cancel.
        cancel: Vec<i64>,
    },
    /// The row is gone: another process has taken back the lease and all its jobs.
    Lost,
}

/// Writes the row of a process with this configuration, which can run these kinds.
pub(crate) async fn register(
    db: &PgPool,
    config: &EngineConfig,
    kinds: &[String],
) -> Result<i64, sqlx::Error> {
    let names: Vec<String> = config
        .pools
        .iter()
        .map(|(pool, _)| pool.name().to_owned())
        .collect();
    let slots: Vec<i32> = config
        .pools
        .iter()
        .map(|(_, slots)| i32::try_from(*slots).unwrap_or(i32::MAX))
        .collect();
    let host = Host::here();
    sqlx::query_scalar!(
        "INSERT INTO queue.processes (host, pid, machine, pools, slots, kinds, version)
         VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id",
        host.name,
        host.pid,
        host.machine,
        &names,
        &slots,
        kinds,
        config.version
    )
    .fetch_one(db)
    .await
}

pub(crate) async fn beat(
    conn: &mut PgConnection,
    id: i64,
    lease: Duration,
    in_hand: &[i64],
    rates: &[f64],
) -> Result<Beat, sqlx::Error> {
    let row = sql!(query,
        r#"UPDATE queue.processes SET beat_at = clock_timestamp(), rates = $4 WHERE id = $1
           RETURNING
             (SELECT count(*) FROM queue.processes o
              WHERE o.id <> $1 AND o.beat_at > now() - make_interval(secs => $2)) AS "others!",
             (SELECT count(*) FROM queue.processes o WHERE o.id <> $1) AS "rows!",
             ARRAY(SELECT j.id FROM queue.jobs j
                   WHERE j.id = ANY ($3) AND j.owner = $1 AND j."# StillRunning r#" AND j.cancel_requested) AS "cancel!: Vec<i64>""#,
        id,
        lease.as_secs_f64(),
        in_hand,
        rates
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map_or(Beat::Lost, |row| Beat::Alive {
        others: row.others,
        rows: row.rows,
        cancel: row.cancel,
    }))
}

pub(crate) async fn deregister(db: &PgPool, id: i64) -> Result<(), sqlx::Error> {
    // The row stays if jobs are left. Another process then takes them back, as from a dead process.
    sql!(query,
        "DELETE FROM queue.processes p WHERE id = $1
         AND NOT EXISTS (SELECT FROM queue.jobs j WHERE j.owner = p.id AND j.state = " Running ")",
        id
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Another process, as its row tells.
pub(crate) struct Other {
    pub id: i64,
    pub pid: i32,
    pub machine: String,
    pub host: String,
    /// Whether its lease has run out.
    pub expired: bool,
}

/// All processes but this one, by number.
pub(crate) async fn others(
    db: &PgPool,
    me: i64,
    lease: Duration,
) -> Result<Vec<Other>, sqlx::Error> {
    sqlx::query_as!(
        Other,
        r#"SELECT id, pid, machine, host, beat_at < now() - make_interval(secs => $2) AS "expired!"
           FROM queue.processes WHERE id <> $1 ORDER BY id"#,
        me,
        lease.as_secs_f64()
    )
    .fetch_all(db)
    .await
}

/// What taking back the jobs of a process did.
#[derive(Default)]
pub(crate) struct TakenBack {
    /// Where jobs became ready.
    pub woken: HashSet<Level>,
    /// Jobs that became dead letters, because this was their last attempt.
    pub dead: Vec<Died>,
}

/// A job that became a dead letter because its process died or froze in its last attempt.
pub(crate) struct Died {
    pub kind: String,
    pub pool: String,
    pub lane: String,
}

/// Deletes the row of a process and takes back its jobs. `None`: the process lives, or somebody else took them.
pub(crate) async fn take_back(
    conn: &mut PgConnection,
    id: i64,
    dead_here: bool,
    lease: Duration,
) -> Result<Option<TakenBack>, sqlx::Error> {
    // The lock of this row decides between the heartbeat and us. A process that comes back finds no row, and so knows.
    let gone = sqlx::query_scalar!(
        r#"DELETE FROM queue.processes
           WHERE id = $1 AND ($2 OR beat_at < now() - make_interval(secs => $3)) RETURNING id"#,
        id,
        dead_here,
        lease.as_secs_f64()
    )
    .fetch_optional(&mut *conn)
    .await?;
    if gone.is_none() {
        return Ok(None);
    }
    // The attempt stays counted, so a job that kills its process comes to an end. The old lease number is void from now
    // on.
    let mut woken: HashSet<Level> = sql!(query_as<Level>,
        r#"UPDATE queue.jobs SET state = "# Ready r#", owner = NULL, due = greatest(due, clock_timestamp()), lease = lease + 1
           WHERE owner = $1 AND state = "# Running r#" AND attempt < max_attempts AND NOT cancel_requested
           RETURNING pool, lane, priority"#,
        id
    )
    .fetch_all(&mut *conn)
    .await?
    .into_iter()
    .collect();
    // Sequences are locked before their jobs, as everywhere.
    sql!(query,
        "SELECT s.key FROM queue.sequences s
         WHERE s.key IN (SELECT j.sequence_key FROM queue.jobs j WHERE j.owner = $1 AND j.state = " Running ")
         ORDER BY s.key COLLATE \"C\" FOR UPDATE",
        id
    )
    .fetch_all(&mut *conn)
    .await?;
    let rest = sql!(query,
        "SELECT id, lease, attempt, sequence_key, cancel_requested, kind, pool, lane FROM queue.jobs WHERE owner = $1 AND state = " Running " FOR UPDATE",
        id
    )
    .fetch_all(&mut *conn)
    .await?;
    let mut dead = Vec::new();
    let mut acks = Vec::with_capacity(rest.len());
    for job in rest {
        let outcome = if job.cancel_requested {
            Outcome::Cancelled
        } else {
            dead.push(Died {
                kind: job.kind,
                pool: job.pool,
                lane: job.lane,
            });
            Outcome::Dead {
                error: RunError {
                    class: "lost".into(),
                    message: "its process died or froze in every attempt".into(),
                    attempt: job.attempt,
                },
            }
        };
        acks.push(Ack {
            id: job.id,
            lease: job.lease,
            sequence_key: job.sequence_key,
            outcome,
        });
    }
    if !acks.is_empty() {
        woken.extend(sequences::leave_sequences(conn, &acks.iter().collect::<Vec<_>>()).await?);
    }
    Ok(Some(TakenBack { woken, dead }))
}
