//! What processes tell each other by NOTIFY.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::Level;

/// The channel of LISTEN and NOTIFY.
pub(crate) const CHANNEL: &str = "kazi_queue";

/// Stands for all pools.
const EVERYWHERE: &str = "*";

/// The largest text of our own, in bytes. PostgreSQL allows 8,000.
const MAX_TEXT_BYTES: usize = 7_000;

/// Where other processes should look: the lanes and priorities of each pool. A pool without any means all its lanes.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Look(BTreeMap<String, BTreeSet<(String, i16)>>);

impl Look {
    /// Look at all lanes of one pool.
    pub fn of_pool(pool: &str) -> Self {
        Self(BTreeMap::from([(pool.to_owned(), BTreeSet::new())]))
    }

    /// Look at all lanes of all pools.
    pub fn everywhere() -> Self {
        Self::of_pool(EVERYWHERE)
    }

    /// Adds a pool and some of its places.
    pub fn add(&mut self, pool: &str, places: impl IntoIterator<Item = (String, i16)>) {
        self.0.entry(pool.to_owned()).or_default().extend(places);
    }

    /// Whether all pools are meant.
    pub fn is_everywhere(&self) -> bool {
        self.0.contains_key(EVERYWHERE)
    }

    /// The pools, each with the levels at which to look; no level means all of them.
    pub fn into_levels(self) -> impl Iterator<Item = (String, Vec<Level>)> {
        self.0.into_iter().map(|(pool, places)| {
            let levels = places
                .into_iter()
                .map(|(lane, priority)| Level {
                    pool: pool.clone(),
                    lane,
                    priority,
                })
                .collect();
            (pool, levels)
        })
    }

    /// The text of the NOTIFY. `sender` is the process that need not hear it, because it knows already. A text that
    /// would be too long names the pools only.
    pub fn text(&self, sender: Option<i64>) -> String {
        let sender = sender.map(|id| id.to_string()).unwrap_or_default();
        let told = serde_json::to_string(self).unwrap_or_default();
        if told.len() <= MAX_TEXT_BYTES {
            return format!("look:{sender}:{told}");
        }
        let pools: BTreeMap<&String, [(); 0]> = self.0.keys().map(|pool| (pool, [])).collect();
        let pools = serde_json::to_string(&pools).unwrap_or_default();
        format!("look:{sender}:{pools}")
    }
}

/// Reads the text of [`Look::text`]: the sender, and the look if they can be understood.
pub(crate) fn parse_look(text: &str) -> Option<(Option<i64>, Option<Look>)> {
    let (sender, look) = text.strip_prefix("look:")?.split_once(':')?;
    Some((sender.parse().ok(), serde_json::from_str(look).ok()))
}

/// The text of the NOTIFY that asks for the end of a running job.
pub(crate) fn cancel_text(job: super::JobId) -> String {
    format!("cancel:{job}")
}

/// Reads the text of [`cancel_text`].
pub(crate) fn parse_cancel(text: &str) -> Option<i64> {
    text.strip_prefix("cancel:")?.parse().ok()
}
