//! Lanes: their limits, their parking, and what an operator has stopped.
//!
//! A lane is `(pool, name)`. By default its name is the tenant; messages use the sending number. Lanes take turns, so one
//! tenant's million jobs delay another's next job by one round. A lane may have a rate (the generic cell rate algorithm,
//! ITU-T I.371: so many a second, so many at once) and a limit of jobs that run at once, and it may be parked until a
//! time. The statement that claims decides all of this, so it holds across processes.

use sqlx::PgConnection;

use crate::{job::Job, registry::parse, store::waiting, types::open};
pub use crate::{
    store::{
        lanes::{BusyLane, LaneFilter, LaneView, busy, list, park, set, some, unpark},
        pauses::{Scope, pause, pauses, resume},
    },
    types::{LimitError, Limits},
};

/// Cancels jobs that wait for their turn in a lane: those of the kind `J` for which `fits` says so. They free their
/// places at once, and use up nothing of the lane's rate. Answers how many there were.
///
/// Running jobs, jobs that are not due, and jobs of a sequence or a batch are left alone. The call reads all waiting jobs
/// of the kind in the lane.
pub async fn cancel<J: Job>(
    conn: &mut PgConnection,
    lane: &str,
    fits: impl Fn(&J) -> bool,
) -> Result<u64, sqlx::Error> {
    let (mut after, mut cancelled) = (0, 0);
    loop {
        let page = waiting::in_lane(conn, J::POOL, lane, J::NAME, after).await?;
        let Some(last) = page.last() else {
            return Ok(cancelled);
        };
        after = last.id;
        let meant = |job: waiting::Waiting| {
            // The caller does not mean a job that this program cannot read.
            let known = J::VERSION.max(1);
            let payload = open(J::NAME, job.tenant, known, job.payload).ok()?;
            fits(&parse::<J>(payload).ok()?).then_some(job.id)
        };
        let ids: Vec<i64> = page.into_iter().filter_map(meant).collect();
        cancelled += waiting::cancel(conn, &ids).await?;
    }
}
