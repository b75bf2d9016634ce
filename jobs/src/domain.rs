//! What a domain tells of itself, and how a domain reaches those above it without naming them.
//!
//! A domain uses only the domains below it. Where it has to tell something to those above, it declares a table of
//! functions, and a domain above puts a filled table into its [`Domain::offers`]. The lower domain calls all tables of
//! its kind with [`offers`]. Each call stands in the caller's transaction.

use std::{any::Any, pin::Pin, sync::OnceLock};

use kazi_queue::Registry;

use crate::Context;

/// A future in a table of functions.
pub type Future<'a, T> = Pin<Box<dyn std::future::Future<Output = T> + Send + 'a>>;

/// What a domain is to the product.
#[derive(Clone, Copy)]
pub struct Domain {
    /// Of its folder.
    pub name: &'static str,
    /// Adds its jobs and their schedules.
    pub jobs: fn(Registry<Context>) -> Registry<Context>,
    /// Its tables with a `workspace_id`. A table stands before those that its foreign keys name.
    pub tables: &'static [&'static str],
    /// Tables of functions that domains below call.
    pub offers: &'static [&'static (dyn Any + Send + Sync)],
}

impl Domain {
    /// A domain without jobs, tables and offers: `..Domain::NONE` fills in what a domain does not have.
    pub const NONE: Self = Self {
        name: "",
        jobs: |registry| registry,
        tables: &[],
        offers: &[],
    };
}

static DOMAINS: OnceLock<&[Domain]> = OnceLock::new();

/// Makes the list known to the whole process. [`Context::new`] does it, so that nothing runs without.
pub(crate) fn install(domains: &'static [Domain]) {
    // A second context of the process brings the same list.
    DOMAINS.get_or_init(|| domains);
}

/// The list of domains, those below first.
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
