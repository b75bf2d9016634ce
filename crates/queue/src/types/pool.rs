//! The name of a set of slots.

use std::{
    collections::BTreeSet,
    sync::{Mutex, PoisonError},
};

/// The name of a set of slots. All jobs of a pool in one process share its slots.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Pool(&'static str);

impl Pool {
    /// Names a pool. The name is stored in rows and is a label of metrics.
    pub const fn new(name: &'static str) -> Self {
        Self(name)
    }

    /// A pool whose name comes from the database. The name is kept until the program ends; there are only a few names.
    pub(crate) fn named(name: &str) -> Self {
        static NAMES: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());
        let mut names = NAMES.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = names.get(name) {
            return Self(known);
        }
        let name: &'static str = Box::leak(name.into());
        names.insert(name);
        Self(name)
    }

    /// The name, as stored.
    pub const fn name(self) -> &'static str {
        self.0
    }
}
