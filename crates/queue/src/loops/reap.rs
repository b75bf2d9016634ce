//! Takes back the jobs of processes that are gone.

use std::{collections::HashSet, time::Duration};

use sqlx::PgPool;

use super::figures;
use crate::{
    store::{batch, process},
    types::{Host, Level},
};

/// Takes back the jobs of processes whose lease has run out, and of those that this process sees to be dead. Answers
/// where jobs became ready.
pub(crate) async fn reap(
    db: &PgPool,
    me: i64,
    lease: Duration,
) -> Result<HashSet<Level>, sqlx::Error> {
    let here = Host::here();
    let (mut woken, mut taken) = (HashSet::new(), false);
    for other in process::others(db, me, lease).await? {
        let dead_here = here.sees_dead(&other.machine, other.pid);
        if !other.expired && !dead_here {
            continue;
        }
        let mut tx = db.begin().await?;
        let taken_back = process::take_back(&mut tx, other.id, dead_here, lease).await?;
        tx.commit().await?;
        let Some(taken_back) = taken_back else {
            continue;
        };
        taken = true;
        tracing::warn!(process = other.id, host = %other.host, pid = other.pid, "took back the jobs of a process that is gone");
        for died in taken_back.dead {
            figures::died_with_its_process(died.kind, died.pool, &died.lane);
        }
        woken.extend(taken_back.woken);
    }
    if taken {
        // A job that became a dead letter here may have been the last of its batch.
        let settled = batch::settle_all(db).await?.unwrap_or_default();
        woken.extend(settled.woken);
    }
    Ok(woken)
}
