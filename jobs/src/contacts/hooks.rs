//! What other domains do when something becomes of a contact.

use super::{ContactError, ContactId, store::merging};
use crate::{
    Work,
    domain::{Future, offers},
};

type Done<'a> = Future<'a, Result<(), sqlx::Error>>;

/// A domain's part. Each function works in the caller's transaction.
#[derive(Clone, Copy)]
pub(crate) struct Hooks {
    /// Moves what the domain has of the first contact to the second one.
    pub merge: for<'a> fn(&'a mut Work, ContactId, ContactId) -> Done<'a>,
    /// Leaves nothing personal of a contact.
    pub erase: for<'a> fn(&'a mut Work, ContactId) -> Done<'a>,
    /// A contact wants no marketing any more (`true`), or nothing may be said to them at all (`false`).
    pub withdraw: for<'a> fn(&'a mut Work, ContactId, bool) -> Done<'a>,
}

impl Hooks {
    /// Hooks that do nothing.
    pub const NONE: Self = Self {
        merge: |_, _, _| Box::pin(async { Ok(()) }),
        erase: |_, _| Box::pin(async { Ok(()) }),
        withdraw: |_, _, _| Box::pin(async { Ok(()) }),
    };
}

type Merge = for<'a> fn(&'a mut Work, ContactId, ContactId) -> Future<'a, Result<(), ContactError>>;

/// The domain that merges contacts with all that the others have of them.
#[derive(Clone, Copy)]
pub(crate) struct Merges {
    /// Merges the first contact into the second one.
    pub merge: Merge,
}

/// Makes two contacts one, because a provider has shown that they are one person. Answers the one that is left. Who of
/// the two was deleted is there again.
pub(super) async fn one_person(
    work: &mut Work,
    from: ContactId,
    into: ContactId,
) -> Result<ContactId, sqlx::Error> {
    merging::revive(work, &[from, into]).await?;
    for merges in offers::<Merges>() {
        match (merges.merge)(work, from, into).await {
            Ok(()) => {}
            Err(ContactError::Database(error)) => return Err(error),
            Err(error) => {
                tracing::warn!(contact.id = %from, into = %into, "two contacts of one person stay two: {error}");
                return Ok(from);
            }
        }
    }
    Ok(into)
}

/// Tells all domains that a contact wants no marketing any more, or that nothing may be said to them at all.
pub(crate) async fn withdraw(
    work: &mut Work,
    contact: ContactId,
    marketing: bool,
) -> Result<(), sqlx::Error> {
    for hooks in offers::<Hooks>() {
        (hooks.withdraw)(work, contact, marketing).await?;
    }
    Ok(())
}
