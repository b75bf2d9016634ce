//! Tags: words that a business puts on its contacts.

use std::collections::HashMap;

use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    ContactError, ContactId, MAX_TAGS, Tag, TagId, rules,
    store::{self, imported::tags_of},
};
use crate::{
    Work,
    audit::Change,
    violations::{Violations, invalid},
};

/// The most tags of a workspace.
pub(super) const MAX_WORKSPACE_TAGS: usize = 2_000;
/// The most contacts of one call.
const MAX_CONTACTS: usize = 1_000;

/// All tags of a workspace by name, with how many have them.
pub async fn tags(work: &mut Work) -> Result<Vec<Tag>, sqlx::Error> {
    store::tags::list(work).await
}

/// Puts tags on contacts and takes others from them. Contacts that there are not (any more) are passed over; answers how
/// many there were.
///
/// # Errors
/// A field breaks a rule, or a contact would have too many tags.
pub async fn retag(
    work: &mut Work,
    contacts: &[ContactId],
    add: &[String],
    remove: &[String],
) -> Result<usize, ContactError> {
    let mut violations = Violations::default();
    if contacts.len() > MAX_CONTACTS {
        violations.add(
            "/contact_ids",
            (
                "too_many",
                format!("at most {MAX_CONTACTS} contacts at once"),
            ),
        );
    }
    let mut read = |pointer: &str, names: &[String]| -> Vec<String> {
        if names.len() > MAX_TAGS {
            violations.add(pointer, ("too_many", format!("at most {MAX_TAGS} tags")));
        }
        let names = names.iter().take(MAX_TAGS).enumerate();
        names
            .filter_map(|(place, name)| {
                violations.take(&format!("{pointer}/{place}"), rules::tag(name))
            })
            .collect()
    };
    let (add, remove) = (read("/add", add), read("/remove", remove));
    violations.end()?;
    let contacts = store::tags::hold_contacts(work, contacts).await?;
    let ids: Vec<Uuid> = contacts.iter().map(|id| id.uuid()).collect();
    let mut before = tags_of(work, &ids).await?;
    store::tags::take(work, &contacts, &remove).await?;
    put(work, &contacts, &add).await?;
    if store::tags::most(work, &contacts).await? > MAX_TAGS {
        return Err(too_many().into());
    }
    store::tags::touch(work, &contacts).await?;
    let mut after = tags_of(work, &ids).await?;
    for &contact in &contacts {
        let of = |tags: &mut HashMap<ContactId, Vec<String>>| {
            let mut names = tags.remove(&contact).unwrap_or_default();
            names.sort();
            json!({"tags": names})
        };
        let (was, is) = (of(&mut before), of(&mut after));
        let subject = ("contact", contact);
        work.audit(&Change::updated("contacts.retag", subject, &was, &is))
            .await?;
    }
    Ok(contacts.len())
}

fn too_many() -> kazi_platform::invalid::Invalid {
    invalid(
        "/tags",
        ("too_many", format!("a contact has at most {MAX_TAGS} tags")),
    )
}

/// Puts tags on contacts; those that are new to the workspace are made.
pub(super) async fn put(
    work: &mut Work,
    contacts: &[ContactId],
    names: &[String],
) -> Result<(), ContactError> {
    if names.is_empty() || contacts.is_empty() {
        return Ok(());
    }
    store::tags::make(work, names).await?;
    if store::tags::count(work).await? > MAX_WORKSPACE_TAGS as i64 {
        let fault = (
            "too_many",
            format!("a workspace has at most {MAX_WORKSPACE_TAGS} tags"),
        );
        return Err(invalid("/tags", fault).into());
    }
    Ok(store::tags::put(work, contacts, names).await?)
}

/// Gives a contact these tags and no others. Answers those they had and those they have, if that is not the same.
pub(crate) async fn replace(
    work: &mut Work,
    contact: ContactId,
    names: &[String],
) -> Result<Option<(Vec<String>, Vec<String>)>, ContactError> {
    let before = store::tags::of(work, contact).await?;
    let mut names = names.to_vec();
    names.sort();
    names.dedup();
    if before == names {
        return Ok(None);
    }
    let gone: Vec<String> = before
        .iter()
        .filter(|tag| !names.contains(tag))
        .cloned()
        .collect();
    store::tags::take(work, &[contact], &gone).await?;
    put(work, &[contact], &names).await?;
    store::tags::touch(work, &[contact]).await?;
    Ok(Some((before, names)))
}

/// Gives a tag another name.
pub async fn rename_tag(work: &mut Work, tag: TagId, name: &str) -> Result<(), ContactError> {
    let name = rules::tag(name).map_err(|fault| invalid("/name", fault))?;
    let before = store::tags::lock(work, tag)
        .await?
        .ok_or(ContactError::NotFound)?;
    store::tags::rename(work, tag, &name).await?;
    let (before, after) = (json!({"name": before}), json!({"name": name}));
    let (action, subject) = ("contacts.rename_tag", ("contact_tag", tag));
    work.audit(&Change::updated(action, subject, &before, &after))
        .await?;
    Ok(())
}

/// Puts one tag on all who have another, and deletes the other.
///
/// # Errors
/// One of the two does not exist, or they are the same.
pub async fn merge_tags(work: &mut Work, from: TagId, into: TagId) -> Result<(), ContactError> {
    if from == into {
        return Err(invalid(
            "/into_id",
            ("same", "a tag cannot be merged into itself".into()),
        )
        .into());
    }
    // In the order of their ids, as everybody locks.
    let mut before = Value::Null;
    for tag in [from.min(into), from.max(into)] {
        let name = store::tags::lock(work, tag).await?;
        let name = name.ok_or(ContactError::NotFound)?;
        if tag == from {
            before = json!({"name": name, "merged_into": null});
        }
    }
    store::tags::merge(work, from, into).await?;
    let after = json!({"name": null, "merged_into": into});
    let (action, subject) = ("contacts.merge_tags", ("contact_tag", from));
    work.audit(&Change::updated(action, subject, &before, &after))
        .await?;
    Ok(())
}

/// Deletes a tag and takes it from all who have it.
pub async fn delete_tag(work: &mut Work, tag: TagId) -> Result<(), ContactError> {
    let name = store::tags::lock(work, tag)
        .await?
        .ok_or(ContactError::NotFound)?;
    store::tags::delete(work, tag).await?;
    let (action, subject) = ("contacts.delete_tag", ("contact_tag", tag));
    work.audit(&Change::deleted(action, subject, &json!({"name": name})))
        .await?;
    Ok(())
}
