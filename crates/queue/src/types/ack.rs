//! How a run ended, as it is written down.

use chrono::{DateTime, Utc};

/// How a run ended.
#[derive(Clone, Debug)]
pub(crate) enum Outcome {
    /// The job ended well. With `keep` its record is kept.
    Done { keep: bool },
    /// The run failed. The job runs again after `secs` seconds; the error goes into its history.
    Retry { secs: f64, error: RunError },
    /// The job asked to run again at this time. The attempt is not counted.
    Snooze { until: DateTime<Utc> },
    /// This process could not run the job, for the reason in `error`. It is offered again after `secs` seconds, and the
    /// attempt is not counted.
    Keep { secs: f64, error: RunError },
    /// This process ends. The job is ready at once, and the attempt is not counted.
    HandBack,
    /// The job failed for good.
    Dead { error: RunError },
    /// Somebody cancelled the job.
    Cancelled,
    /// The job wrote its end in a transaction of its own, and left `batch` with it. If the row is still there, that
    /// transaction was rolled back; then the job is retried as by `Retry`. (That may count one attempt more than the
    /// job has.)
    Completed {
        secs: f64,
        error: RunError,
        batch: Option<i64>,
    },
}

/// One entry in the history of a job's errors.
#[derive(Clone, Debug)]
pub(crate) struct RunError {
    pub class: String,
    pub message: String,
    pub attempt: i16,
}

impl RunError {
    /// Longer messages are cut: the row is written again with each attempt.
    const MAX_MESSAGE_CHARS: usize = 1_000;

    /// The entry as JSON text.
    pub fn entry(&self) -> String {
        // jsonb cannot hold U+0000, and a message may quote anything.
        let message: String = self
            .message
            .chars()
            .filter(|c| *c != '\0')
            .take(Self::MAX_MESSAGE_CHARS)
            .collect();
        serde_json::json!({
            "attempt": self.attempt,
            "at": Utc::now(),
            "class": self.class,
            "message": message,
        })
        .to_string()
    }
}

/// The end of one run. `lease` is the fence: the database ignores an ack whose lease number is not the current one.
#[derive(Clone, Debug)]
pub(crate) struct Ack {
    pub id: i64,
    pub lease: i32,
    pub sequence_key: Option<String>,
    pub outcome: Outcome,
}

impl Ack {
    /// Whether the job ends for good, so that the next job of its sequence may run.
    pub fn ends(&self) -> bool {
        matches!(
            self.outcome,
            Outcome::Done { .. } | Outcome::Dead { .. } | Outcome::Cancelled
        )
    }

    /// The batch that has to be added up after this ack, as far as the ack itself knows.
    pub fn leaves_batch(&self) -> Option<i64> {
        match self.outcome {
            Outcome::Completed { batch, .. } => batch,
            _ => None,
        }
    }

    /// For a job that is put back: the seconds until it is due.
    pub fn due_in_secs(&self) -> f64 {
        match &self.outcome {
            Outcome::Retry { secs, .. } | Outcome::Keep { secs, .. } => *secs,
            Outcome::Snooze { until } => (*until - Utc::now()).as_seconds_f64().max(0.0),
            _ => 0.0,
        }
    }
}
