//! The name of a set of slots.

use std::{
    collections::BTreeSet,
    sync::{Mutex, PoisonError},
};

/// A named set of slots. Jobs of one pool share its concurrency in each process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Pool(&'static str);

impl Pool {
    /// A pool by its name, which is stored in rows and shown in metrics.
    pub const fn new(name: &'static str) -> Self {
        Self(name)
    }

    /// A pool by a name out of the database. Names live as long as the program: there is a handful of them.
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

    /// The name as stored.
    pub const fn name(self) -> &'static str {
        self.0
    }
}
