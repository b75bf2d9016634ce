//! How a domain describes itself, and how a lower domain calls higher ones without naming them.
//!
//! A domain uses only lower domains. To tell higher domains something, it declares a table of functions, and a higher
//! domain puts a filled table into its [`Domain::offers`]. The lower domain calls all tables of its kind with
//! [`offers`], in its own transaction.

use std::{any::Any, pin::Pin};

use kazi_queue::Registry;
use uuid::Uuid;

use crate::Context;

/// A future in a table of functions.
pub type Future<'a, T> = Pin<Box<dyn std::future::Future<Output = T> + Send + 'a>>;

/// The parts of a domain.
#[derive(Clone, Copy)]
pub struct Domain {
    /// The name of its folder.
    pub name: &'static str,
    /// It uses domains of lower floors only. `tests/architecture.rs` looks.
    pub floor: usize,
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
        floor: 0,
        jobs: |registry| registry,
        tables: &[],
        offers: &[],
    };
}

/// A thing of a domain in a few words, for a higher domain that lists things of several.
#[derive(Clone, Debug)]
pub struct Brief {
    pub id: Uuid,
    /// Of a post: the beginning of its text.
    pub name: String,
    /// `None`: it is deleted.
    pub status: Option<String>,
}

/// The metrics of a domain, in the form of `src/figures.txt`.
pub(crate) struct Figures(pub &'static str);

/// The offers of one type, in the order of the list of domains.
///
/// The list is the one name that a lower floor takes from above. It is a constant: no start-up step can be forgotten, and
/// the API's document and the texts are complete without a `Context`.
pub(crate) fn offers<T: 'static>() -> impl Iterator<Item = &'static T> {
    crate::DOMAINS
        .iter()
        .flat_map(|domain| domain.offers)
        .filter_map(|offer| (*offer as &dyn Any).downcast_ref())
}
