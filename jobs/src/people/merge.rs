//! Merges two contacts that are the same person.
//!
//! The duplicate stays as a row that points to the kept contact, so its phone and its id still lead there. Everything else
//! moves in one transaction. Each domain moves its own rows.

use serde_json::json;

use crate::{
    Work,
    audit::Change,
    contacts::{
        ContactError, ContactId, ContactView, Hooks, KIND, MAX_TAGS, lock_contacts, merging,
        replace_tags, view, withdraw,
    },
    conversations,
    domain::offers,
    endpoints, messages,
    violations::invalid,
};

/// Merges `from` into `into`. A field that both have stays as `into` has it. The phone, fields, tags, identities,
/// conversations, messages and consents that only `from` has are added. The merged contact is blocked if one of the two was,
/// and gets no marketing if one of the two had refused it. If both have an open conversation on a channel, the one that was
/// silent for longer is closed.
///
/// # Errors
/// One of the two does not exist, they are the same, or they have too many tags together.
pub async fn merge(
    work: &mut Work,
    from: ContactId,
    into: ContactId,
) -> Result<ContactView, ContactError> {
    if from == into {
        let fault = ("same", "a contact cannot be merged into itself".into());
        return Err(invalid("/into_id", fault).into());
    }
    // Both are locked in the order of their ids, so two merges cannot deadlock. A message that is being received either
    // commits before the merge, or follows the duplicate to the kept contact (`store::seen`).
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
    endpoints::change_contact(work, from.uuid(), into.uuid()).await?;
    for hooks in offers::<Hooks>() {
        (hooks.merge)(work, from, into).await?;
    }
    replace_tags(work, from, &[]).await?;
    replace_tags(work, into, &names).await?;
    let merged = view(work, into).await?;
    if merged.blocked_at.is_some() || merged.marketing == Some(false) {
        withdraw(work, into, merged.blocked_at.is_none()).await?;
    }
    let action = "contacts.merge";
    work.audit(&Change::updated(action, (KIND, into), &kept, &merged))
        .await?;
    // The duplicate keeps no field, only the contact that it leads to.
    let left = json!({"merged_into": into});
    work.audit(&Change::updated(action, (KIND, from), &gone, &left))
        .await?;
    Ok(merged)
}
