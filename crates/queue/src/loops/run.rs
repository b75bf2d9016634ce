//! One run of one job: time limit, cancellation, panics, and how it ended.

use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::{sync::watch, time::Instant};

use super::stop::{Stop, Why};
use crate::{
    registry::Kind,
    types::{Claimed, Fence, JobError, Keep, Outcome, RunError, Running, Unreadable, open, trace},
};

/// How a run ended. Without an outcome nothing may be written, because the lease is gone.
pub(crate) struct Ended {
    pub outcome: Option<Outcome>,
    /// The label of the metric: done, retried, snoozed, kept, dead, cancelled, handed_back or lost.
    pub label: &'static str,
    /// The class of the error, if there was one.
    pub class: Option<String>,
    /// The job asked its lane to start nothing before this time.
    pub park: Option<DateTime<Utc>>,
}

/// Runs a claimed job to its end. The run is a task of its own: it may use any core, and a panic in it is an error of
/// this job alone.
pub(crate) async fn run<C: Clone + Send + Sync + 'static>(
    kind: &Kind<C>,
    ctx: C,
    job: &mut Claimed,
    stop: &Stop,
) -> Ended {
    if job.cancel_requested {
        return ended(Outcome::Cancelled, "cancelled");
    }
    // A run that was told to stop is not begun, because its lease may be lost.
    if stop.token.is_cancelled() {
        return stopped(stop.why());
    }
    let payload = std::mem::take(&mut job.payload);
    let payload = match open(kind.name, job.tenant, kind.version, payload) {
        Ok(payload) => payload,
        Err(why) => return kept(job, why),
    };
    let (deadline, mut moved) = watch::channel(Instant::now() + kind.timeout);
    let running = Running {
        id: job.job_id(),
        kind: kind.name.into(),
        tenant: job.tenant,
        sequence: job.sequence_key.clone(),
        attempt: u32::try_from(job.attempt).unwrap_or(1),
        max_attempts: u32::try_from(job.max_attempts).unwrap_or(1),
        enqueued_at: job.enqueued_at,
        trace: job.trace_id(),
        cancel: stop.token.clone(),
        deadline,
        fence: Fence::new(job.lease, kind.keep == Keep::All),
    };
    let (trace, fence) = (running.trace, running.fence.clone());
    let mut task = tokio::spawn(trace::with(trace, (kind.run)(ctx, payload, running)));
    let result = loop {
        let limit = *moved.borrow_and_update();
        tokio::select! {
            biased;
            result = &mut task => break result,
            () = stop.token.cancelled() => {
                task.abort();
                // The run may have ended at the same moment. Its result counts, except when the lease is lost: then no
                // ack may be written.
                match task.await {
                    Ok(result) if stop.why() != Why::LeaseLost => break Ok(result),
                    _ => return stopped(stop.why()),
                }
            }
            () = tokio::time::sleep_until(limit) => {
                if *moved.borrow() <= Instant::now() {
                    task.abort();
                    break match task.await {
                        Ok(result) => Ok(result),
                        Err(_) => Ok(Err(JobError::retry(
                            "timeout",
                            format!("did not end within {:?}", kind.timeout),
                        ))),
                    };
                }
            }
            changed = moved.changed() => {
                // The sender lives as long as the run, so this is the end of the task.
                if changed.is_err() { break (&mut task).await; }
            }
        }
    };
    let result = result.unwrap_or_else(|error| Err(JobError::retry("panic", panic_text(error))));
    match fence.completed() {
        Some(batch) if result.is_ok() => completed(kind, job, batch),
        _ => decide(kind, job, result),
    }
}

/// The job wrote its end in a transaction of its own. If that committed, the row is gone and this ack changes nothing.
/// If it was rolled back, the job is tried again, because its effect is missing.
fn completed<C>(kind: &Kind<C>, job: &Claimed, batch: Option<i64>) -> Ended {
    let attempt = u32::try_from(job.attempt).unwrap_or(1);
    let error = RunError {
        class: "rolled_back".into(),
        message: "the transaction of complete_in did not commit".into(),
        attempt: job.attempt,
    };
    let secs = kind.retry.wait(attempt, rand::random()).as_secs_f64();
    ended(Outcome::Completed { secs, error, batch }, "done")
}

/// Thirty years. PostgreSQL's times hold that much.
const MAX_WAIT_SECONDS: f64 = 1e9;

fn ended(outcome: Outcome, label: &'static str) -> Ended {
    Ended {
        outcome: Some(outcome),
        label,
        class: None,
        park: None,
    }
}

/// How long to leave a job alone that another process may be able to run.
const KEPT_SECONDS: f64 = 60.0;

/// Nothing was run. The job waits for a process that has the key or the newer program.
fn kept(job: &Claimed, why: Unreadable) -> Ended {
    let class = why.class();
    let error = RunError {
        class: class.into(),
        message: why.message(),
        attempt: job.attempt,
    };
    tracing::error!(kind = %job.kind, job = job.id, class, error = %error.message, "a job cannot be run here; it is kept");
    Ended {
        class: Some(class.into()),
        ..ended(
            Outcome::Keep {
                secs: KEPT_SECONDS,
                error,
            },
            "kept",
        )
    }
}

fn stopped(why: Why) -> Ended {
    match why {
        Why::Cancelled => ended(Outcome::Cancelled, "cancelled"),
        Why::Shutdown => ended(Outcome::HandBack, "handed_back"),
        Why::LeaseLost => Ended {
            outcome: None,
            label: "lost",
            class: None,
            park: None,
        },
    }
}

fn decide<C>(kind: &Kind<C>, job: &Claimed, result: Result<(), JobError>) -> Ended {
    let error = |class: &str, message: String| RunError {
        class: class.to_owned(),
        message,
        attempt: job.attempt,
    };
    let retry = |class: &'static str, message: String, least: Duration| {
        let error = error(class, message);
        let (outcome, label) = if job.attempt >= job.max_attempts {
            (Outcome::Dead { error }, "dead")
        } else {
            let attempt = u32::try_from(job.attempt).unwrap_or(1);
            let wait = kind.retry.wait(attempt, rand::random()).max(least);
            // A provider's header may say anything, and PostgreSQL's times are limited.
            let secs = wait.as_secs_f64().min(MAX_WAIT_SECONDS);
            (Outcome::Retry { secs, error }, "retried")
        };
        Ended {
            outcome: Some(outcome),
            label,
            class: Some(class.to_owned()),
            park: None,
        }
    };
    match result {
        Ok(()) => ended(
            Outcome::Done {
                keep: kind.keep == Keep::All,
            },
            "done",
        ),
        Err(JobError::Retry { class, message }) => retry(class, message, Duration::ZERO),
        Err(JobError::RetryAfter {
            class,
            message,
            after,
        }) => retry(class, message, after),
        Err(JobError::Snooze { until, .. }) => ended(Outcome::Snooze { until }, "snoozed"),
        Err(JobError::Park { until, .. }) => Ended {
            park: Some(until),
            ..ended(Outcome::Snooze { until }, "parked")
        },
        Err(JobError::Discard { class, message }) => Ended {
            outcome: Some(Outcome::Dead {
                error: error(class, message),
            }),
            label: "dead",
            class: Some(class.to_owned()),
            park: None,
        },
    }
}

fn panic_text(error: tokio::task::JoinError) -> String {
    match error.try_into_panic() {
        Ok(panic) => panic
            .downcast_ref::<&str>()
            .map(|text| (*text).to_owned())
            .or_else(|| panic.downcast_ref::<String>().cloned())
            .unwrap_or_else(|| "the job panicked".into()),
        Err(_) => "the run was aborted".into(),
    }
}
