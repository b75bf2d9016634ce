//! Effects outside of the database.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::{Serialize, de::DeserializeOwned};
use sqlx::PgPool;

use super::lease_lost;
use crate::{
    store::effects::{self as ledger, Begun, Entry},
    types::{JobError, MAX_KEY, Running, backoff},
};

/// An effect that an earlier run started and did not end. The code that asks the provider gets it.
#[derive(Clone, Debug)]
pub struct Effect {
    /// The key of the effect.
    pub key: String,
    /// When the effect was started, by the database's clock.
    pub started_at: DateTime<Utc>,
}

/// What happened to an effect that was started and not ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reconciled<A> {
    /// The effect happened, with this answer. It is not run again.
    Happened(A),
    /// The effect did not happen and will not happen later. It is run.
    DidNotHappen,
    /// The provider cannot tell yet. The job is snoozed and asks again.
    Unknown {
        /// The wait before the next question.
        again_in: Duration,
    },
}

/// How an effect failed. `?` on a [`JobError`] makes it [`EffectError::Unsure`]: if it is not known to have failed, the
/// next run asks before it tries again.
#[derive(Clone, Debug)]
pub enum EffectError {
    /// The effect certainly did not happen: the provider refused it, or it was never sent. The next run may try it
    /// again.
    DidNotHappen(JobError),
    /// The effect may have happened, such as after a time-out. The next run asks first.
    Unsure(JobError),
}

impl From<JobError> for EffectError {
    fn from(error: JobError) -> Self {
        Self::Unsure(error)
    }
}

/// How often the answer is offered to a database that fails.
const TRIES: u32 = 8;

impl Running {
    /// Runs `effect` once for this key, over all runs of all jobs of this kind and tenant. Answers what it answered.
    ///
    /// The ledger notes `started` before the effect runs, and `done` with the answer after it. A run that finds `done` gets
    /// the stored answer. A run that finds `started` calls `reconcile`, which asks the provider: a process has died, or the
    /// result was unsure. If the provider cannot be asked, `reconcile` decides by its own policy. No transaction is open
    /// while `effect` or `reconcile` runs.
    ///
    /// ```no_run
    /// # use kazi_queue::{EffectError, JobError, Reconciled, Running};
    /// # struct Provider;
    /// # impl Provider {
    /// #     async fn charge(&self, key: &str) -> Result<String, JobError> { Ok(key.into()) }
    /// #     async fn find(&self, key: &str) -> Result<Option<String>, JobError> { Ok(None) }
    /// # }
    /// async fn run(db: &sqlx::PgPool, provider: &Provider, job: &Running) -> Result<(), JobError> {
    ///     let charge = job
    ///         .once(
    ///             db,
    ///             "order:7",
    ///             async |effect| match provider.find(&effect.key).await? {
    ///                 Some(charge) => Ok(Reconciled::Happened(charge)),
    ///                 None => Ok(Reconciled::DidNotHappen),
    ///             },
    ///             async || Ok(provider.charge("order:7").await?),
    ///         )
    ///         .await?;
    ///     // … write the charge down …
    ///     Ok(())
    /// }
    /// ```
    ///
    /// A run whose lease is gone starts nothing, and does not overwrite what its successor has written. But a request that
    /// it has sent cannot be called back: give the provider the key as its idempotency key if it takes one.
    ///
    /// The ledger keeps an entry while the job exists, and after that for as many days as finished jobs are kept.
    ///
    /// # Errors
    /// The errors of `effect` and `reconcile`. A snooze if the result is still unknown, or if another job has begun the
    /// effect. Also if the lease is gone, if the stored answer does not parse, or if a statement failed.
    pub async fn once<A, F, R>(
        &self,
        db: &PgPool,
        key: &str,
        reconcile: impl FnOnce(Effect) -> R + Send,
        effect: impl FnOnce() -> F + Send,
    ) -> Result<A, JobError>
    where
        A: Serialize + DeserializeOwned + Send + Sync,
        F: Future<Output = Result<A, EffectError>> + Send,
        R: Future<Output = Result<Reconciled<A>, JobError>> + Send,
    {
        if key.is_empty() || key.len() > MAX_KEY || key.contains('\0') {
            return Err(JobError::discard(
                "effect_key",
                format!("the key of an effect must have 1 to {MAX_KEY} bytes and no NUL character"),
            ));
        }
        let entry = Entry::new(self, key);
        match ledger::begin(db, &entry).await? {
            Begun::Fresh => {}
            Begun::Done(answer) => {
                return serde_json::from_str(&answer)
                    .map_err(|error| JobError::discard("effect_answer", error));
            }
            Begun::LeaseLost => return Err(lease_lost()),
            Begun::Elsewhere => {
                return Err(JobError::snooze(
                    Duration::from_secs(5),
                    "another job has this effect in hand",
                ));
            }
            Begun::Started(started_at) => {
                let key = key.to_owned();
                match reconcile(Effect { key, started_at }).await? {
                    Reconciled::Happened(answer) => {
                        record(db, &entry, &answer).await?;
                        return Ok(answer);
                    }
                    Reconciled::Unknown { again_in } => {
                        return Err(JobError::snooze(
                            again_in,
                            "it is not known whether the effect happened",
                        ));
                    }
                    // Asking took time, so the lease is checked again before anything is sent.
                    Reconciled::DidNotHappen => {
                        if !ledger::restart(db, &entry).await? {
                            return Err(lease_lost());
                        }
                    }
                }
            }
        }
        match effect().await {
            Ok(answer) => {
                record(db, &entry, &answer).await?;
                Ok(answer)
            }
            Err(EffectError::DidNotHappen(error)) => {
                // If this fails, the next run asks the provider. That is slower and as safe.
                if let Err(error) = ledger::forget(db, &entry).await {
                    tracing::warn!(%error, job = self.id.0, "an effect that did not happen stays started");
                }
                Err(error)
            }
            Err(EffectError::Unsure(error)) => Err(error),
        }
    }
}

/// Writes the answer. The effect has happened, so a failing database is tried several times before the run gives up and
/// leaves the question to the next run.
async fn record<A: Serialize>(db: &PgPool, entry: &Entry<'_>, answer: &A) -> Result<(), JobError> {
    let answer =
        serde_json::to_string(answer).map_err(|error| JobError::retry("effect_answer", error))?;
    let mut failures = 0;
    loop {
        match ledger::end(db, entry, &answer).await {
            Ok(true) => return Ok(()),
            Ok(false) => return Err(lease_lost()),
            Err(error) => {
                failures += 1;
                if failures == TRIES {
                    return Err(error.into());
                }
                let wait = backoff(failures);
                tracing::warn!(%error, retry_in_ms = wait.as_millis(), "could not write an effect's answer");
                tokio::time::sleep(wait).await;
            }
        }
    }
}
