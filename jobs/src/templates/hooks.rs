//! The reaction of other domains to a change of a template.

use kazi_queue::JobError;

use super::Template;
use crate::{
    Work,
    domain::{Future, offers},
};

type Changed = for<'a> fn(&'a mut Work, &'a Template) -> Future<'a, Result<(), JobError>>;

/// The functions of one domain.
#[derive(Clone, Copy)]
pub(crate) struct Hooks {
    /// The template's status has changed. Runs in the caller's transaction.
    pub changed: Changed,
}

/// Tells all domains the status of a template.
pub(super) async fn changed(work: &mut Work, template: &Template) -> Result<(), JobError> {
    for hooks in offers::<Hooks>() {
        (hooks.changed)(work, template).await?;
    }
    Ok(())
}
