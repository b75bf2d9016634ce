//! Judges the campaign by the provider's ledger.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, TimeDelta, Utc};
use kazi_jobs::conversations::MessageId;
use kazi_simulators::Entry;

use super::count;

/// What the provider has received.
#[derive(Default)]
pub struct Told {
    /// Accepted messages.
    pub all: f64,
    /// The most accepted messages in one second.
    pub most: f64,
    /// Requests that were refused, or whose answer was lost.
    pub struck: f64,
    /// Recipients with more than one message.
    pub twice: f64,
    /// Recipients with a message.
    pub reached: f64,
    /// Accepted messages that nobody wrote, and written messages that were not accepted.
    pub unknown: f64,
}

impl Told {
    pub fn by(ledger: &[Entry], written: &HashSet<MessageId>) -> Self {
        let mut taken: HashMap<&str, u32> = HashMap::new();
        let mut known = HashSet::<MessageId>::new();
        let (mut times, mut struck): (Vec<DateTime<Utc>>, usize) = (Vec::new(), 0);
        for entry in ledger.iter().filter(|entry| entry.method == "POST") {
            if entry.fault.is_some() {
                struck += 1;
            }
            if entry.message_id.is_none() {
                continue;
            }
            times.push(entry.at);
            let id: Option<MessageId> = entry.callback.as_deref().and_then(|id| id.parse().ok());
            if entry.body["type"] == "template" {
                let to = entry.body["to"].as_str().unwrap_or_default();
                *taken.entry(to).or_default() += 1;
                known.extend(id);
            }
        }
        times.sort_unstable();
        let mut first = 0;
        let mut most = 0;
        for (last, at) in times.iter().enumerate() {
            while *at - times[first] >= TimeDelta::seconds(1) {
                first += 1;
            }
            most = most.max(last + 1 - first);
        }
        Self {
            all: count(times.len()),
            most: count(most),
            struck: count(struck),
            twice: count(taken.values().filter(|times| **times > 1).count()),
            reached: count(taken.len()),
            unknown: count(known.symmetric_difference(written).count()),
        }
    }
}
