//! Merges two contacts that are one person.
//!
//! The duplicate stays as a row that says who they really are: its phone leads there, and whoever holds its id finds the
//! way. Everything else moves, also what other domains have, through their own functions and in one transaction.

use serde_json::json;

use crate::{
    Work,
    audit::Change,
    contacts::{
        ContactError, ContactId, ContactView, Hooks, KIND, MAX_TAGS, lock_contacts, merging,
        replace_tags, view,
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
    merging::merge_rows(work, from, into).await?;
    merging::move_identities(work, from, into).await?;
    let moved = conversations::change_contact(work, from, into).await?;
    messages::change_contact(work, &moved, into).await?;
    for hooks in offers::<Hooks>() {
        (hooks.merge)(work, from, into).await?;
    }
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
    replace_tags(work, from, &[]).await?;
    replace_tags(work, into, &names).await?;
    let merged = view(work, into).await?;
    let action = "contacts.merge";
    work.audit(&Change::updated(action, (KIND, into), &kept, &merged))
        .await?;
    // Nothing is left of the duplicate but where it leads.
    let left = json!({"merged_into": into});
    work.audit(&Change::updated(action, (KIND, from), &gone, &left))
        .await?;
    Ok(merged)
}
