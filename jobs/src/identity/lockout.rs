//! Tries are counted before they are made, so that many at once are no way around; what is too often waits, ever longer.
//!
//! Who fails somewhere waits there: by account and address, and by address alone. By account alone only those wait who
//! come from where the account's owner has never been, so that nobody can lock the owner out; a device that the owner has
//! logged in with before is counted by itself.

use std::time::Duration;

use chrono::TimeDelta;
use kazi_platform::{Timestamp, UserId, WorkspaceId, database};
use sqlx::PgConnection;

use super::{
    IdentityError, Origin,
    model::KNOWN_FOR,
    secret,
    store::{
        attempts::{self, Count},
        sessions,
    },
};
use crate::Context;

/// Half of what was counted is forgotten after this time.
const HALF_LIFE: TimeDelta = TimeDelta::hours(1);
/// The longest wait.
const LONGEST: Duration = Duration::from_secs(15 * 60);

/// What tries are counted for.
#[derive(Clone, Debug)]
pub(super) struct Counter {
    /// `log_in`, `totp` …, and what is told apart: `log_in/address`.
    scope: &'static str,
    key: String,
    /// So many tries cost no wait.
    free: u32,
    /// Whether a success wipes it out; else it takes only itself back.
    personal: bool,
}

impl Counter {
    /// Of one account at one place: whoever gets in there has shown that it is theirs.
    pub fn personal(scope: &'static str, key: String, free: u32) -> Self {
        Self {
            scope,
            key,
            free,
            personal: true,
        }
    }

    /// Of many together.
    pub fn shared(scope: &'static str, key: String, free: u32) -> Self {
        Self {
            scope,
            key,
            free,
            personal: false,
        }
    }
}

/// What is left of a count after a time.
fn decayed(failures: f64, after: TimeDelta) -> f64 {
    let half_lives = after.as_seconds_f64().max(0.0) / HALF_LIFE.as_seconds_f64();
    failures * 0.5_f64.powf(half_lives)
}

/// The wait after so many failures: none, then a second, doubling.
fn wait(failures: f64, free: u32) -> Duration {
    // Rounded: the fifth try in a row counts as one, though a little of the first is forgotten by then.
    let over = failures.round() - f64::from(free);
    // The longest wait is reached long before 2^20.
    if over < 0.0 {
        Duration::ZERO
    } else {
        LONGEST.min(Duration::from_secs_f64(over.min(20.0).exp2()))
    }
}

/// Until when the next try waits: long past where none waits. The time of this try would refuse one that another process
/// began at the same moment, with a clock that is a little behind.
fn locked_until(now: Timestamp, failures: f64, free: u32) -> Timestamp {
    match wait(failures, free) {
        Duration::ZERO => Timestamp::UNIX_EPOCH,
        wait => now + wait,
    }
}

/// A try that was counted.
pub(super) struct Try {
    /// Sorted by key.
    counters: Vec<(Vec<u8>, Counter)>,
}

/// Counts a try, in a transaction of its own; [`Try::succeeded`] takes it back.
///
/// # Errors
/// [`IdentityError::TooMany`]: not before this time. Such a try is not counted.
pub(super) async fn enter(ctx: &Context, counters: Vec<Counter>) -> Result<Try, IdentityError> {
    // Counts belong to no workspace.
    let mut tx = database::platform(&ctx.db).await?;
    let now = ctx.clock.now();
    let mut keyed = Vec::new();
    for counter in counters {
        let what = format!("{}/{}", counter.scope, counter.key);
        let key = ctx
            .keyring
            .mac(&mut tx, WorkspaceId::PLATFORM, "attempts", what.as_bytes())
            .await?;
        keyed.push((key.to_vec(), counter));
    }
    keyed.sort_by(|(one, _), (other, _)| one.cmp(other));
    let this = Try { counters: keyed };
    let keys = this.keys();
    let mut counts = attempts::lock(&mut tx, now, &keys).await?;
    let until = counts.iter().map(|count| count.locked_until).max();
    if let Some(left) = until.and_then(|until| (until - now).to_std().ok())
        && !left.is_zero()
    {
        return Err(IdentityError::TooMany(left));
    }
    for (count, (_, counter)) in counts.iter_mut().zip(&this.counters) {
        let failures = decayed(count.failures, now - count.updated_at) + 1.0;
        *count = Count {
            failures,
            updated_at: now,
            locked_until: locked_until(now, failures, counter.free),
        };
    }
    attempts::write(&mut tx, &keys, &counts).await?;
    tx.commit().await?;
    Ok(this)
}

impl Try {
    fn keys(&self) -> Vec<Vec<u8>> {
        self.counters.iter().map(|(key, _)| key.clone()).collect()
    }

    /// Takes it back, with all failures of the same account at the same place.
    pub async fn succeeded(self, conn: &mut PgConnection, now: Timestamp) -> sqlx::Result<()> {
        let keys = self.keys();
        let mut counts = attempts::lock(&mut *conn, now, &keys).await?;
        for (count, (_, counter)) in counts.iter_mut().zip(&self.counters) {
            let left = decayed(count.failures, now - count.updated_at) - 1.0;
            let left = if counter.personal { 0.0 } else { left.max(0.0) };
            *count = Count {
                failures: left,
                updated_at: now,
                // What others have failed meanwhile keeps its wait.
                locked_until: locked_until(now, left, counter.free),
            };
        }
        attempts::write(conn, &keys, &counts).await
    }
}

/// What a log-in is counted for. `user`: whose account it is, where there is one.
pub(super) async fn of_log_in(
    ctx: &Context,
    email: &str,
    user: Option<UserId>,
    origin: &Origin,
) -> Result<Vec<Counter>, IdentityError> {
    let device = origin.device.as_ref().map(secret::hash);
    let (known_address, known_device) = match user {
        Some(user) => {
            // Sessions of users belong to no workspace.
            let mut tx = database::platform(&ctx.db).await?;
            let since = ctx.clock.now() - KNOWN_FOR;
            sessions::knows(&mut tx, user, since, origin.address, device.as_deref()).await?
        }
        None => (false, false),
    };
    if let (true, Some(device)) = (known_device, device) {
        let key = format!("{email}|{}", hex::encode(device));
        return Ok(vec![Counter::personal("log_in/device", key, 5)]);
    }
    let place = origin.place();
    let mut counters = vec![
        Counter::personal("log_in/account_address", format!("{email}|{place}"), 5),
        // An office, or a whole town behind one address.
        Counter::shared("log_in/address", place, 30),
    ];
    if !known_address {
        counters.push(Counter::shared("log_in/account", email.to_owned(), 30));
    }
    Ok(counters)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_from_a_second_to_a_quarter_of_an_hour() {
        let seconds = Duration::from_secs;
        assert_eq!(wait(4.0, 5), Duration::ZERO);
        assert_eq!(wait(4.99, 5), seconds(1));
        assert_eq!(wait(5.0, 5), seconds(1));
        assert_eq!(wait(8.0, 5), seconds(8));
        assert_eq!(wait(15.0, 5), LONGEST);
        assert_eq!(wait(1e9, 5), LONGEST);
    }

    #[test]
    fn half_of_the_failures_are_forgotten_in_an_hour() {
        assert_eq!(decayed(8.0, TimeDelta::hours(1)), 4.0);
        assert_eq!(decayed(8.0, TimeDelta::zero()), 8.0);
        // A clock that was set back forgets nothing and adds nothing.
        assert_eq!(decayed(8.0, TimeDelta::hours(-1)), 8.0);
    }
}
