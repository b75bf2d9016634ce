//! Delivers again what was not taken.

use std::time::Duration;

use kazi_platform::{Timestamp, WorkspaceId};
use kazi_queue::{Job, JobError, Options, Pool, Running, enqueue_all};
use serde::{Deserialize, Serialize};

use super::{
    Deliver, Delivery, DeliveryId, EndpointError, EndpointId,
    store::{self, deliveries},
};
use crate::{Context, Work, audit::Change, pools};

/// Deliveries that one transaction begins anew. Their sequences are locked until it ends.
const AT_ONCE: i64 = 200;

/// Delivers an event again, also one that was taken. The waits between its attempts begin anew.
///
/// # Errors
/// It is still pending, or its endpoint is switched off or deleted.
pub async fn replay(work: &mut Work, id: DeliveryId) -> Result<Delivery, EndpointError> {
    let found = deliveries::one(work, id).await?;
    let found = found.ok_or(EndpointError::NotFound("delivery"))?;
    enabled(work, found.endpoint_id).await?;
    let again = deliveries::begin_anew(work, &[id]).await?;
    if again.is_empty() {
        return Err(EndpointError::Pending);
    }
    enqueue(work, again).await?;
    work.audit(&Change::done("endpoints.replay", ("delivery", id)))
        .await?;
    let found = deliveries::one(work, id).await?;
    found.ok_or(EndpointError::NotFound("delivery"))
}

/// Begins to deliver all events since a time again that an endpoint did not take. Returns their number.
pub async fn replay_failed(
    work: &mut Work,
    endpoint: EndpointId,
    since: Timestamp,
) -> Result<i64, EndpointError> {
    enabled(work, endpoint).await?;
    let until = work.now();
    let count = deliveries::count_failed(work, endpoint, since, until).await?;
    let job = Replay {
        workspace: work.workspace(),
        endpoint,
        since,
        until,
    };
    let enqueued = job.enqueue(work.conn()).await;
    enqueued.map_err(sqlx::Error::from)?;
    let subject = ("endpoint", endpoint);
    work.audit(&Change::done("endpoints.replay_failed", subject))
        .await?;
    Ok(count)
}

async fn enabled(work: &mut Work, id: EndpointId) -> Result<(), EndpointError> {
    match store::endpoint(work, id).await? {
        Some(endpoint) if endpoint.enabled => Ok(()),
        Some(_) => Err(EndpointError::Disabled),
        None => Err(EndpointError::NotFound("endpoint")),
    }
}

async fn enqueue(work: &mut Work, again: Vec<deliveries::Again>) -> Result<(), sqlx::Error> {
    let workspace = work.workspace();
    let jobs = again.into_iter().map(|again| Deliver {
        workspace,
        endpoint: again.endpoint,
        delivery: again.id,
        subject: again.subject,
    });
    let jobs: Vec<Deliver> = jobs.collect();
    enqueue_all(work.conn(), &jobs).await?;
    Ok(())
}

/// Begins the deliveries anew, oldest first. What a run has begun is pending, so a second run goes on behind it.
#[derive(Debug, Serialize, Deserialize)]
pub struct Replay {
    pub workspace: WorkspaceId,
    pub endpoint: EndpointId,
    pub since: Timestamp,
    /// The time of the call: what fails later is not replayed again and again.
    pub until: Timestamp,
}

impl Job for Replay {
    type Context = Context;
    const NAME: &'static str = "endpoints.replay";
    const POOL: Pool = pools::BULK;
    const TIMEOUT: Duration = Duration::from_secs(600);

    fn options(&self) -> Options {
        Options::default()
            .tenant(self.workspace)
            .sequence(format!("endpoints.replay:{}", self.endpoint))
    }

    async fn run(&self, ctx: &Context, job: &Running) -> Result<(), JobError> {
        loop {
            let mut work = Work::of(ctx, self.workspace).await?;
            let (since, until) = (self.since, self.until);
            let ids = deliveries::failed(&mut work, self.endpoint, since, until, AT_ONCE).await?;
            if ids.is_empty() {
                return Ok(());
            }
            let mut again = deliveries::begin_anew(&mut work, &ids).await?;
            // In the order of the events, also within a sequence.
            again.sort_by_key(|again| again.number);
            enqueue(&mut work, again).await?;
            work.commit().await?;
            job.extend_deadline(Self::TIMEOUT);
        }
    }
}
