//! Idempotent calls: their `Idempotency-Key` and their answers, kept for a day.
//!
//! A call claims its key, runs, and leaves its answer for the repetitions. A process may die in between. Then the claim
//! expires, and the next repetition looks for the mark of the call's own transaction. Without the mark nothing has
//! happened, and the call runs now. With the mark only the answer is lost, and the call does not run again.

mod purge;
mod store;

use chrono::TimeDelta;
use kazi_platform::{Timestamp, WorkspaceId, crypto::CryptoError, database};
use kazi_queue::{Registry, cron::Schedule};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{Context, domain::Domain};
pub use purge::Purge;

/// Time that an answer is kept for repetitions.
const KEPT: TimeDelta = TimeDelta::hours(24);
/// Age after which a claim on a key is stale. It is longer than the time-out of a call, so the first call has ended by
/// then.
const CLAIM: TimeDelta = TimeDelta::seconds(60);

pub(crate) const DOMAIN: Domain = Domain {
    name: "idempotency",
    floor: 1,
    jobs,
    tables: &["idempotency_keys"],
    ..Domain::NONE
};

fn jobs(registry: Registry<Context>) -> Registry<Context> {
    let hourly = Schedule::new("idempotency.purge", "23 * * * *");
    registry.register::<Purge>().schedule(hourly, &Purge {})
}

/// A call with a key.
#[derive(Clone, Debug)]
pub struct Call {
    /// The owner of the key: `member/<uuid>`.
    pub principal: String,
    /// The key from the caller.
    pub key: String,
    /// The workspace of the effect, if it is in one.
    pub workspace: Option<WorkspaceId>,
    /// SHA-256 of method, path and body.
    pub fingerprint: [u8; 32],
}

/// The right to run a call.
#[derive(Clone, Debug)]
pub struct Claim {
    principal: String,
    key: String,
    attempt: Uuid,
}

/// An answer for repetitions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    pub status: u16,
    /// The headers that belong to the answer: type, ETag, location.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

/// The outcome of a claim.
#[derive(Debug)]
pub enum Outcome {
    /// The call may run.
    Run(Claim),
    /// The call has run, with this answer.
    Repeat(Answer),
    /// The key belongs to another call.
    Other,
    /// The call is running.
    Running,
    /// The call has run, and its answer is lost.
    Lost,
}

#[derive(Debug, thiserror::Error)]
pub enum IdempotencyError {
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    /// The answer cannot be encrypted or decrypted.
    #[error(transparent)]
    Crypto(#[from] CryptoError),
    /// The answer cannot be read.
    #[error("a kept answer cannot be read: {0}")]
    Json(#[from] serde_json::Error),
}

fn place(principal: &str, key: &str) -> String {
    format!("idempotency_keys/{principal}/{key}")
}

/// Claims the key of a call, or returns the outcome of the earlier call.
pub async fn claim(ctx: &Context, call: &Call) -> Result<Outcome, IdempotencyError> {
    // As the platform, because a call about a user is in no workspace.
    let mut tx = database::platform(&ctx.db).await?;
    let now = ctx.clock.now();
    let attempt = Uuid::now_v7();
    let outcome = if store::claim(&mut tx, call, attempt, now, now + CLAIM, now + KEPT).await? {
        Outcome::Run(Claim {
            principal: call.principal.clone(),
            key: call.key.clone(),
            attempt,
        })
    } else {
        match store::get(&mut tx, &call.principal, &call.key).await? {
            Some(kept) if kept.fingerprint != call.fingerprint => Outcome::Other,
            Some(kept) => match kept.answer {
                Some(sealed) => {
                    let place = place(&call.principal, &call.key);
                    let platform = WorkspaceId::PLATFORM;
                    let opened = ctx.keyring.open(&mut tx, platform, &place, &sealed);
                    let json = opened.await?;
                    Outcome::Repeat(serde_json::from_slice(&json)?)
                }
                None if kept.effective && kept.running_until <= now => Outcome::Lost,
                None => Outcome::Running,
            },
            // The key was given back meanwhile. The next repetition gets it.
            None => Outcome::Running,
        }
    };
    tx.commit().await?;
    Ok(outcome)
}

impl Claim {
    /// Marks the call as run, in the transaction of its effect.
    ///
    /// # Errors
    /// The database failed, or another attempt has taken the call over. Then this attempt must not go on.
    pub async fn mark(&self, conn: &mut PgConnection) -> Result<(), sqlx::Error> {
        store::mark(conn, &self.principal, &self.key, self.attempt).await
    }

    /// Keeps the answer for repetitions.
    pub async fn keep(&self, ctx: &Context, answer: &Answer) -> Result<(), IdempotencyError> {
        let place = place(&self.principal, &self.key);
        let json = serde_json::to_vec(answer)?;
        // A key may belong to no workspace.
        let mut tx = database::platform(&ctx.db).await?;
        let sealed = ctx
            .keyring
            .seal(&mut tx, WorkspaceId::PLATFORM, &place, &json)
            .await?;
        store::keep(&mut tx, &self.principal, &self.key, self.attempt, &sealed).await?;
        Ok(tx.commit().await?)
    }

    /// Gives the key back, because the call was refused: the next attempt runs. A call that has run stays as it is.
    pub async fn give_back(&self, ctx: &Context) -> Result<(), IdempotencyError> {
        let mut tx = database::platform(&ctx.db).await?;
        store::give_back(&mut tx, &self.principal, &self.key, self.attempt).await?;
        Ok(tx.commit().await?)
    }
}

/// Deletes some expired answers. Returns true when there may be more.
async fn forget(ctx: &Context, now: Timestamp) -> Result<bool, sqlx::Error> {
    // The transaction sees all workspaces.
    let mut tx = database::platform(&ctx.db).await?;
    let gone = store::forget(&mut tx, now).await?;
    tx.commit().await?;
    Ok(gone > 0)
}

#[cfg(test)]
mod tests;
