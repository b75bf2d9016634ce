//! Merges two contacts that are one person.
//!
//! The duplicate stays as a row that says who they really are: its phone leads there, and whoever holds its id finds the
//! way. Everything else moves, also what other domains have, through their own functions and in one transaction.

use serde_json::json;

use crate::{
    Work,
    contacts::{
        ContactError, ContactId, ContactView, Hooks, MAX_TAGS, lock_contacts, merging, note,
        replace_tags, view, withdraw,
    },
    conversations,
    domain::offers,
    messages,
    violations::invalid,
};

/// Merges `from` into `into`. What both have stays as `into` has it; what only `from` has is added: the phone, the
/// fields, tags, identities, conversations, messages, consents. Who of the two wants no marketing wants none, and who is
/// blocked is blocked. Of two open conversations on one channel the one that was silent for longer is closed.
///
/// # Errors
/// One of them is not there, they are the same, there would be too many tags, or the database failed.
pub async fn merge(
    work: &mut Work,
    from: ContactId,
    into: ContactId,
) -> Result<ContactView, ContactError> {
    if from == into {
        let fault = ("same", "a contact cannot be merged into itself".into());
        return Err(invalid("/into", fault).into());
    }
    // Both are locked in the order of their ids: two merges wait for each other in turn, a message that is just being
    // received is through before us, and one that comes now finds where we have led it (`store::seen`).
    let locked = lock_contacts(work, &[from, into]).await?;
    if locked.len() != 2 {
        return Err(ContactError::NotFound);
    }
    let gone = view(work, from).await?;
    let kept = view(work, into).await?;
    let mut names = [gone.tags.clone(), kept.tags.clone()].concat();
    names.sort();
    names.dedup();
    if names.len() > MAX_TAGS {
        let fault = (
            "too_many",
            format!("together they have more than {MAX_TAGS} tags"),
        );
        return Err(invalid("/tags", fault).into());
    }
    // What a campaign has not sent to the duplicate yet would reach the person twice.
    withdraw(work, from, false).await?;
    merging::merge_rows(work, from, into).await?;
    merging::move_identities(work, from, into).await?;
    let moved = conversations::change_contact(work, from, into).await?;
    messages::change_contact(work, &moved, into).await?;
    for hooks in offers::<Hooks>() {
        (hooks.merge)(work, from, into).await?;
    }
    replace_tags(work, from, &[]).await?;
    replace_tags(work, into, &names).await?;
    let merged = view(work, into).await?;
    if merged.blocked_at.is_some() || merged.marketing == Some(false) {
        withdraw(work, into, merged.blocked_at.is_none()).await?;
    }
    let before = json!({"from": gone, "into": kept});
    let after = json!({"into": merged});
    let (before, after) = (Some(&before), Some(&after));
    note(work, "contacts.merge", into, before, after).await?;
    note(work, "contacts.merge", from, before, after).await?;
    Ok(merged)
}
