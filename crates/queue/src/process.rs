//! The process as the database knows it: one row, one heartbeat, which is the lease of all its jobs.

use std::{collections::HashSet, time::Duration};

use sqlx::{PgConnection, PgPool};

use crate::{
    ack::{self, Ack, Outcome, RunError},
    batch, figures,
    job::Pool,
    rounds::Level,
};

/// What a heartbeat answers.
pub(crate) enum Beat {
    /// The lease holds.
    Alive {
        /// Other processes that run jobs.
        others: i64,
        /// Other rows, also of processes that are silent.
        rows: i64,
        /// Jobs of this process that somebody wants cancelled.
        cancel: Vec<i64>,
    },
    /// The row is gone: the lease was taken back, and with it every job.
    Lost,
}

pub(crate) async fn register(
    db: &PgPool,
    pools: &[Pool],
    kinds: &[String],
) -> Result<i64, sqlx::Error> {
    let pools: Vec<String> = pools.iter().map(|pool| pool.name().to_owned()).collect();
    sqlx::query_scalar!(
        "INSERT INTO queue.processes (host, pid, machine, pools, kinds) VALUES ($1, $2, $3, $4, $5) RETURNING id",
        host(),
        i32::try_from(std::process::id()).unwrap_or_default(),
        machine(),
        &pools,
        kinds
    )
    .fetch_one(db)
    .await
}

pub(crate) async fn beat(
    conn: &mut PgConnection,
    id: i64,
    lease: Duration,
    in_hand: &[i64],
) -> Result<Beat, sqlx::Error> {
    let row = sqlx::query!(
        r#"UPDATE queue.processes SET beat_at = clock_timestamp() WHERE id = $1
           RETURNING
             (SELECT count(*) FROM queue.processes o
              WHERE o.id <> $1 AND o.beat_at > now() - make_interval(secs => $2)) AS "others!",
             (SELECT count(*) FROM queue.processes o WHERE o.id <> $1) AS "rows!",
             ARRAY(SELECT j.id FROM queue.jobs j
                   WHERE j.id = ANY ($3) AND j.owner = $1 AND j.state + 0 = 1 AND j.cancel_requested) AS "cancel!: Vec<i64>""#,
        id,
        lease.as_secs_f64(),
        in_hand
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
    // Only without jobs: what an unfinished shutdown leaves is taken back like that of a dead process.
    sqlx::query!(
        "DELETE FROM queue.processes p WHERE id = $1
         AND NOT EXISTS (SELECT FROM queue.jobs j WHERE j.owner = p.id AND j.state = 1)",
        id
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Takes back the jobs of processes whose lease has run out, and of those that are seen to be dead from here. Answers
/// the pools in which jobs became ready.
pub(crate) async fn reap(
    db: &PgPool,
    me: i64,
    lease: Duration,
) -> Result<HashSet<Level>, sqlx::Error> {
    let others = sqlx::query!(
        r#"SELECT id, pid, machine, host, beat_at < now() - make_interval(secs => $2) AS "expired!"
           FROM queue.processes WHERE id <> $1 ORDER BY id"#,
        me,
        lease.as_secs_f64()
    )
    .fetch_all(db)
    .await?;
    let here = machine();
    let (mut woken, mut taken) = (HashSet::new(), false);
    for other in others {
        let dead_here = other.machine == here && is_dead(other.pid);
        if other.expired || dead_here {
            let mut tx = db.begin().await?;
            let pools = take_back(&mut tx, other.id, dead_here, lease).await?;
            tx.commit().await?;
            if let Some(pools) = pools {
                taken = true;
                tracing::warn!(process = other.id, host = %other.host, pid = other.pid, "took back the jobs of a process that is gone");
                woken.extend(pools);
            }
        }
    }
    if taken {
        // A job that became a dead letter here may have been the last of its batch.
        batch::settle_all(db).await?;
    }
    Ok(woken)
}

async fn take_back(
    conn: &mut PgConnection,
    id: i64,
    dead_here: bool,
    lease: Duration,
) -> Result<Option<HashSet<Level>>, sqlx::Error> {
    // The row lock decides between the heartbeat and us: a process that comes back finds no row and knows.
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
    // The attempt stays counted: a job that kills its process comes to an end. The old lease number is worth nothing
    // from the next claim on.
    let mut woken: HashSet<Level> = sqlx::query_as!(
        Level,
        r#"UPDATE queue.jobs SET state = 0, owner = NULL, due = greatest(due, clock_timestamp()), lease = lease + 1
           WHERE owner = $1 AND state = 1 AND attempt < max_attempts AND NOT cancel_requested
           RETURNING pool, lane, priority"#,
        id
    )
    .fetch_all(&mut *conn)
    .await?
    .into_iter()
    .collect();
    // Sequences before their jobs, as everybody locks.
    sqlx::query!(
        "SELECT s.key FROM queue.sequences s
         WHERE s.key IN (SELECT j.sequence_key FROM queue.jobs j WHERE j.owner = $1 AND j.state = 1)
         ORDER BY s.key COLLATE \"C\" FOR UPDATE",
        id
    )
    .fetch_all(&mut *conn)
    .await?;
    let rest = sqlx::query!(
        "SELECT id, lease, attempt, sequence_key, cancel_requested, kind, pool, lane FROM queue.jobs WHERE owner = $1 AND state = 1 FOR UPDATE",
        id
    )
    .fetch_all(&mut *conn)
    .await?;
    if rest.is_empty() {
        return Ok(Some(woken));
    }
    let acks: Vec<Ack> = rest
        .into_iter()
        .map(|job| Ack {
            id: job.id,
            lease: job.lease,
            sequence_key: job.sequence_key,
            outcome: if job.cancel_requested {
                Outcome::Cancelled
            } else {
                figures::died_with_its_process(job.kind, job.pool, &job.lane);
                Outcome::Dead {
                    error: RunError {
                        class: "lost".into(),
                        message: "its process died or froze in every attempt".into(),
                        attempt: job.attempt,
                    },
                }
            },
        })
        .collect();
    woken.extend(ack::leave_sequences(conn, &acks.iter().collect::<Vec<_>>()).await?);
    Ok(Some(woken))
}

fn host() -> String {
    std::fs::read_to_string("/proc/sys/kernel/hostname")
        .map(|name| name.trim().to_owned())
        .or_else(|_| std::env::var("HOSTNAME"))
        .unwrap_or_else(|_| "unknown".into())
}

/// Names the space of process ids that this process lives in: the boot of the machine and the pid namespace. Where the
/// system does not tell, a name that no other process has.
fn machine() -> String {
    let boot = std::fs::read_to_string("/proc/sys/kernel/random/boot_id");
    let space = std::fs::read_link("/proc/self/ns/pid");
    match (boot, space) {
        (Ok(boot), Ok(space)) => format!("{} {}", boot.trim(), space.display()),
        _ => uuid::Uuid::new_v4().to_string(),
    }
}

/// True when no process of this number runs here. Asked only for rows of our own machine and namespace; a number that
/// was given to somebody else meanwhile counts as alive, and the lease decides. Several engines of one process share
/// its number, so our own counts as alive too.
fn is_dead(pid: i32) -> bool {
    !std::path::Path::new("/proc").join(pid.to_string()).exists()
}
