//! What higher domains do before an automation is deleted.

use super::AutomationId;
use crate::{Work, domain::Future};

/// Domains that show the figures of automations offer this table.
#[derive(Clone, Copy)]
pub(crate) struct Hooks {
    /// Keeps what it needs of a locked automation, which is deleted in the same transaction.
    pub deleting: Deleting,
}

type Deleting = for<'a> fn(&'a mut Work, AutomationId) -> Future<'a, Result<(), sqlx::Error>>;
