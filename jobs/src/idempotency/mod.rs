//! Calls that must not be carried out twice: their `Idempotency-Key`, and what they answered, for a day.
//!
//! A call claims its key, is carried out, and leaves its answer for the repetitions. Between the two a process may die:
//! the claim runs out, and the next repetition decides by what the call's own transaction has marked. Not effective:
//! nothing happened, it is carried out now. Effective: it happened and only the answer is lost, so it is not carried out
//! again.

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

/// For how long an answer is repeated.
const KEPT: TimeDelta = TimeDelta::hours(24);
/// After so long nobody carries the call out any more: more than the time-out of a call.
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
    /// Whose key it is: `member/<uuid>`.
    pub principal: String,
    /// The key, as the caller chose it.
    pub key: String,
    /// Where its effect will be, if it is in one.
    pub workspace: Option<WorkspaceId>,
    /// SHA-256 of method, path and body.
    pub fingerprint: [u8; 32],
}

/// A call's right to be carried out.
#[derive(Clone, Debug)]
pub struct Claim {
    principal: String,
    key: String,
    attempt: Uuid,
}

/// An answer to be repeated.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    pub status: u16,
    /// Those that belong to the answer: its type, its ETag, its location.
    pub headers: Vec<(String, String)>,
    /// As it was sent.
    pub body: Vec<u8>,
}

/// What to do with a call.
#[derive(Debug)]
pub enum Outcome {
    /// Carry it out.
    Run(Claim),
    /// It was carried out: this was the answer.
    Repeat(Answer),
    /// The key belongs to another call.
    Other,
    /// It is being carried out.
    Running,
    /// It was carried out, and the answer is lost.
    Lost,
}

/// Why a key cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum IdempotencyError {
    /// The database failed.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    /// The answer does not open, or does not close.
    #[error(transparent)]
    Crypto(#[from] CryptoError),
    /// The answer cannot be read.
    #[error("a kept answer cannot be read: {0}")]
    Json(#[from] serde_json::Error),
}

fn place(principal: &str, key: &str) -> String {
    format!("idempotency_keys/{principal}/{key}")
}

/// Claims a call's key, or says what became of the call before.
///
/// # Errors
/// The database failed, or the answer cannot be opened.
pub async fn claim(ctx: &Context, call: &Call) -> Result<Outcome, IdempotencyError> {
    // The platform's: a call about a user alone is in no workspace.
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
            // Given back in between: whoever asks again gets it.
            None => Outcome::Running,
        }
    };
    tx.commit().await?;
    Ok(outcome)
}

impl Claim {
    /// Marks the call as carried out, in the transaction that does it: with it, or not at all.
    ///
    /// # Errors
    /// The database failed, or another attempt has taken the call over: then this one must not go on.
    pub async fn mark(&self, conn: &mut PgConnection) -> Result<(), sqlx::Error> {
        store::mark(conn, &self.principal, &self.key, self.attempt).await
    }

    /// Keeps the answer for repetitions.
    ///
    /// # Errors
    /// The database failed.
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

    /// Gives the key back, since the call was refused: the next attempt is carried out. One that was carried out after
    /// all stays as it is.
    ///
    /// # Errors
    /// The database failed.
    pub async fn give_back(&self, ctx: &Context) -> Result<(), IdempotencyError> {
        let mut tx = database::platform(&ctx.db).await?;
        store::give_back(&mut tx, &self.principal, &self.key, self.attempt).await?;
        Ok(tx.commit().await?)
    }
}

/// Forgets answers whose day is over, some at a time. `true` when there may be more.
///
/// # Errors
/// The database failed.
async fn forget(ctx: &Context, now: Timestamp) -> Result<bool, sqlx::Error> {
    // The platform's: it goes through all workspaces.
    let mut tx = database::platform(&ctx.db).await?;
    let gone = store::forget(&mut tx, now).await?;
    tx.commit().await?;
    Ok(gone > 0)
}

#[cfg(test)]
mod tests;
