//! How a domain describes itself, and how a lower domain calls higher ones without naming them.
//!
//! A domain uses only lower domains. To tell higher domains something, it declares a table of functions, and a higher
//! domain puts a filled table into its [`Domain::offers`]. The lower domain calls all tables of its kind with
//! [`offers`], in its own transaction.

use std::{any::Any, pin::Pin, sync::OnceLock};

use kazi_queue::Registry;

use crate::Context;

/// A future in a table of functions.
pub type Future<'a, T> = Pin<Box<dyn std::future::Future<Output = T> + Send + 'a>>;

/// The parts of a domain.
#[derive(Clone, Copy)]
pub struct Domain {
    /// The name of its folder.
    pub name: &'static str,
    /// Registers its jobs and their schedules.
    pub jobs: fn(Registry<Context>) -> Registry<Context>,
    /// Its tables with a `workspace_id`. A table stands before the tables that its foreign keys name.
    pub tables: &'static [&'static str],
    /// Tables of functions that lower domains call.
    pub offers: &'static [&'static (dyn Any + Send + Sync)],
}

impl Domain {
    /// A domain without jobs, tables and offers: `..Domain::NONE` fills in the missing parts.
    pub const NONE: Self = Self {
        name: "",
        jobs: |registry| registry,
        tables: &[],
        offers: &[],
    };
}

static DOMAINS: OnceLock<&[Domain]> = OnceLock::new();

/// Makes the list known to the whole process. [`Context::new`] calls it, so nothing runs without it.
pub(crate) fn install(domains: &'static [Domain]) {
    // A second context of the process has the same list.
    DOMAINS.get_or_init(|| domains);
}

/// The list of domains, lower ones first.
pub(crate) fn all() -> &'static [Domain] {
    DOMAINS.get().copied().unwrap_or_default()
}

/// The tables of one kind, in the order of the list of domains.
pub(crate) fn offers<T: 'static>() -> impl Iterator<Item = &'static T> {
    all()
        .iter()
        .flat_map(|domain| domain.offers)
        .filter_map(|offer| (*offer as &dyn Any).downcast_ref())
}
