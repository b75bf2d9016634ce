//! Delivers an event to an endpoint.

use std::time::Duration;

use chrono::TimeDelta;
use kazi_platform::{Timestamp, WorkspaceId, crypto::CryptoError};
use kazi_queue::{Job, JobError, Keep, Options, Pool, Retry, Running, lanes};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    DeliveryId, DeliveryState, EndpointError, EndpointId, Stopped,
    call::{Caller, Outcome, TIME_OUT},
    manage::stop,
    model::{rest, wait},
    store::{
        self,
        deliveries::{self, Due},
    },
};
use crate::{Context, Work, pools};

/// Time without a success after which Kazi switches an endpoint off.
const PATIENCE: TimeDelta = TimeDelta::days(5);

/// Calls the endpoint, and again later when it does not answer with 2xx. The later events of the same subject wait.
#[derive(Debug, Serialize, Deserialize)]
pub struct Deliver {
    pub workspace: WorkspaceId,
    pub endpoint: EndpointId,
    pub delivery: DeliveryId,
    /// What the event is about.
    pub subject: Uuid,
}

impl Job for Deliver {
    type Context = Context;
    const NAME: &'static str = "endpoints.deliver";
    const POOL: Pool = pools::ENDPOINTS;
    // For faults of this program. Failed calls have their own waits.
    const RETRY: Retry =
        Retry::exponential(Duration::from_secs(1), Duration::from_secs(600)).attempts(50);
    const TIMEOUT: Duration = Duration::from_secs(60);
    // The delivery's row and its attempts are the record.
    const KEEP: Keep = Keep::Dead;

    fn options(&self) -> Options {
        Options::default()
            .tenant(self.workspace)
            .lane(self.endpoint.to_string())
            .sequence(format!("{}:{}", self.endpoint, self.subject.simple()))
    }

    async fn run(&self, ctx: &Context, _: &Running) -> Result<(), JobError> {
        let mut work = Work::of(ctx, self.workspace).await?;
        let due = deliveries::due(&mut work, &ctx.keyring, self.delivery).await;
        let Some(due) = due.map_err(sealed)? else {
            // It has ended, or the contact that it is about was erased.
            return Ok(());
        };
        if !due.enabled {
            deliveries::end(&mut work, self.delivery, DeliveryState::Cancelled).await?;
            return Ok(work.commit().await?);
        }
        work.rollback().await?;
        let outcome = ctx.shared::<Caller>().call(&due, ctx.clock.now()).await;
        count(&due, &outcome, ctx.clock.now());
        let next = self.conclude(ctx, &due, &outcome).await?;
        match next {
            Some(next) => Err(JobError::snooze_until(next, "the endpoint took it not")),
            None => Ok(()),
        }
    }
}

impl Deliver {
    /// Writes down what came of a call, with its consequences. Returns the time of the next call.
    async fn conclude(
        &self,
        ctx: &Context,
        due: &Due,
        outcome: &Outcome,
    ) -> Result<Option<Timestamp>, JobError> {
        let mut work = Work::of(ctx, self.workspace).await?;
        let now = work.now();
        let succeeded = outcome.error.is_none();
        let gone = outcome.status == Some(410);
        let waits = wait(due.attempts - due.attempts_before + 1, rand::random());
        let next = waits.filter(|_| !succeeded && !gone).map(|waits| {
            let asked = outcome.retry_after.unwrap_or_default();
            now + waits.max(TimeDelta::from_std(asked).unwrap_or(waits))
        });
        let state = match next {
            Some(_) => DeliveryState::Pending,
            None if succeeded => DeliveryState::Succeeded,
            None => DeliveryState::Failed,
        };
        let attempt = deliveries::Concluded {
            state,
            next,
            outcome,
        };
        if !deliveries::conclude(&mut work, self.delivery, due, &attempt).await? {
            // Another run has concluded this attempt: the lease of this one was lost.
            return Ok(None);
        }
        if succeeded {
            store::set_working(&mut work, self.endpoint).await?;
        } else {
            let failing = store::count_failure(&mut work, self.endpoint).await?;
            if let Some((since, failures)) = failing {
                let patient = since + PATIENCE > now;
                let why = match gone {
                    true => Some(Stopped::Gone),
                    false => (!patient).then_some(Stopped::Failing),
                };
                if let Some(why) = why {
                    let stopped = stop(&mut work, self.endpoint, why).await;
                    stopped.map_err(failed)?;
                }
                let asked = outcome
                    .retry_after
                    .and_then(|it| TimeDelta::from_std(it).ok());
                if let Some(rest) = asked.max(rest(failures)) {
                    // Nothing else is sent to it meanwhile.
                    let (pool, lane) = (pools::ENDPOINTS, self.endpoint.to_string());
                    lanes::park(work.conn(), pool.name(), &lane, now + rest).await?;
                }
            }
        }
        work.commit().await?;
        if state != DeliveryState::Pending {
            metrics::counter!("kazi_endpoints_deliveries_total", "state" => state.name())
                .increment(1);
        }
        Ok(next)
    }
}

fn count(due: &Due, outcome: &Outcome, now: Timestamp) {
    metrics::counter!("kazi_endpoints_attempts_total", "outcome" => outcome.class).increment(1);
    metrics::histogram!("kazi_endpoints_attempt_seconds").record(outcome.duration.as_secs_f64());
    if due.attempts == 0 {
        let delay = (now - due.created_at).as_seconds_f64();
        metrics::histogram!("kazi_endpoints_delay_seconds").record(delay.max(0.0));
    }
}

fn sealed(error: CryptoError) -> JobError {
    match error {
        CryptoError::Database(error) => error.into(),
        error => JobError::retry("sealed", error),
    }
}

fn failed(error: EndpointError) -> JobError {
    match error {
        EndpointError::Database(error) => error.into(),
        error => JobError::retry("endpoint", error),
    }
}

const _: () = assert!(TIME_OUT.as_secs() < Deliver::TIMEOUT.as_secs());
