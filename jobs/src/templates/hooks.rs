//! What other domains do when a template changes.

use kazi_queue::JobError;

use super::Template;
use crate::{
    Work,
    domain::{Future, offers},
};

type Changed = for<'a> fn(&'a mut Work, &'a Template) -> Future<'a, Result<(), JobError>>;

/// A domain's part.
#[derive(Clone, Copy)]
pub(crate) struct Hooks {
    /// The provider tells how a template stands: its status and its category. It works in the caller's transaction.
    pub changed: Changed,
}

/// Tells all domains how a template stands.
pub(super) async fn changed(work: &mut Work, template: &Template) -> Result<(), JobError> {
    for hooks in offers::<Hooks>() {
        (hooks.changed)(work, template).await?;
    }
    Ok(())
}
