//! Meta's limits of a number: messages in a second, and messages to one recipient.

use std::{collections::HashMap, sync::Mutex, time::Duration};

use tokio::time::Instant;

use crate::lock;

/// Meta: one message to a recipient in 6 seconds. A burst uses up future messages.
const PAIR_EVERY: Duration = Duration::from_secs(6);
const PAIR_BURST: u32 = 45;
/// With more recipients than this, those that could send at once are forgotten.
const REMEMBERED_RECIPIENTS: usize = 10_000;

/// A limit per second, evenly or at once (GCRA).
#[derive(Default)]
pub(crate) struct Rate(Mutex<Option<Instant>>);

impl Rate {
    pub fn take(&self, per_second: u32) -> bool {
        let every = Duration::from_secs(1) / per_second.max(1);
        take(&mut lock(&self.0), every, per_second)
    }
}

/// One limit for each recipient.
#[derive(Default)]
pub(crate) struct Pairs(Mutex<HashMap<String, Option<Instant>>>);

impl Pairs {
    pub fn take(&self, phone: &str) -> bool {
        let mut pairs = lock(&self.0);
        if pairs.len() > REMEMBERED_RECIPIENTS {
            let now = Instant::now();
            pairs.retain(|_, next| next.is_some_and(|next| next > now));
        }
        take(
            pairs.entry(phone.to_owned()).or_default(),
            PAIR_EVERY,
            PAIR_BURST,
        )
    }
}

/// `next` is the time when the whole allowance is available again.
fn take(next: &mut Option<Instant>, every: Duration, burst: u32) -> bool {
    let now = Instant::now();
    let from = next.map_or(now, |next| next.max(now));
    // The divisions above round, so half a unit is tolerated.
    if from + every > now + every * burst + every / 2 {
        return false;
    }
    *next = Some(from + every);
    true
}
