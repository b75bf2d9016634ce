//! What other domains do when a template changes.

use kazi_platform::{Timestamp, WorkspaceId};
use kazi_queue::JobError;
use sqlx::PgConnection;

use super::Template;
use crate::domain::{Future, offers};

type Changed = for<'a> fn(
    &'a mut PgConnection,
    Timestamp,
    WorkspaceId,
    &'a Template,
) -> Future<'a, Result<(), JobError>>;

/// A domain's part.
#[derive(Clone, Copy)]
pub(crate) struct Hooks {
    /// The provider tells a template's status. It works in the caller's transaction.
    pub changed: Changed,
}

/// Tells all domains what a template's status is.
pub(super) async fn changed(
    conn: &mut PgConnection,
    now: Timestamp,
    workspace: WorkspaceId,
    template: &Template,
) -> Result<(), JobError> {
    for hooks in offers::<Hooks>() {
        (hooks.changed)(&mut *conn, now, workspace, template).await?;
    }
    Ok(())
}
