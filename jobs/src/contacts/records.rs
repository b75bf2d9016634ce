//! One contact as a record: made, changed, blocked, deleted by a person.

use kazi_platform::{Phone, Timestamp, WorkspaceId, actor::Actor};
use serde_json::{Map, Value, json};
use sqlx::PgConnection;

use super::{
    ContactError, ContactId, ContactView, hooks,
    input::{ContactPatch, Fields, NewContact, attributes, tag_names, text},
    rules, store, tags,
};
use crate::{
    audit::{self, Change},
    faults::{Faults, invalid},
    workspaces,
};

/// Makes a contact. One who was deleted and has this phone comes back, with what they have consented to and withdrawn.
///
/// # Errors
/// Rules are broken, another contact has this phone, or the database failed.
pub async fn create(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    actor: &Actor,
    now: Timestamp,
    new: &NewContact,
) -> Result<ContactView, ContactError> {
    let country = workspaces::get(&mut *conn, workspace).await?.country;
    let declared = store::fields::list(&mut *conn, workspace).await?;
    let mut faults = Faults::default();
    let mut fields = Fields {
        name: text(&mut faults, "/name", new.name.as_deref(), rules::name),
        phone: text(&mut faults, "/phone", new.phone.as_deref(), |phone| {
            rules::phone(phone, country.as_deref())
        }),
        email: text(&mut faults, "/email", new.email.as_deref(), rules::email),
        language: text(
            &mut faults,
            "/language",
            new.language.as_deref(),
            rules::language,
        ),
        attributes: Map::new(),
    };
    attributes(
        &mut faults,
        &declared,
        &new.attributes,
        &mut fields.attributes,
    );
    let names = tag_names(&mut faults, &new.tags);
    faults.end()?;
    if fields.name.is_none() && fields.phone.is_none() && fields.email.is_none() {
        let empty = (
            "required",
            "a contact has a name, a phone or an e-mail address".into(),
        );
        return Err(invalid("", empty).into());
    }
    let back = match &fields.phone {
        Some(phone) => match store::records::holder(&mut *conn, workspace, phone).await? {
            Some((holder, true)) => Some(holder),
            Some((holder, false)) => {
                return Err(ContactError::PhoneTaken {
                    holder: Some(holder),
                });
            }
            None => None,
        },
        None => None,
    };
    let id = back.unwrap_or_else(|| ContactId::at(now));
    match back {
        Some(_) => store::records::write(&mut *conn, workspace, id, &fields).await?,
        None => store::records::insert(&mut *conn, workspace, id, now, &fields).await?,
    }
    tags::replace(&mut *conn, workspace, now, id, &names).await?;
    let after = json!({"fields": fields, "tags": names, "came_back": back.is_some()});
    note(
        &mut *conn,
        workspace,
        actor,
        "contacts.create",
        id,
        None,
        Some(&after),
    )
    .await?;
    view(conn, workspace, id).await
}

/// One contact.
///
/// # Errors
/// There is none, or the database failed.
pub async fn view(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    id: ContactId,
) -> Result<ContactView, ContactError> {
    store::listing::one(conn, workspace, id)
        .await?
        .ok_or(ContactError::NotFound)
}

/// Locks a contact that is neither deleted nor of another version than the one asked for.
async fn lock(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    id: ContactId,
    version: Option<i64>,
) -> Result<Fields, ContactError> {
    let (fields, is) = store::records::lock(conn, workspace, id)
        .await?
        .ok_or(ContactError::NotFound)?;
    if version.is_some_and(|version| version != is) {
        return Err(ContactError::Stale);
    }
    Ok(fields)
}

/// Changes what the patch names, if the contact still has this version.
///
/// # Errors
/// There is none, it has another version, rules are broken, another contact has this phone, or the database failed.
pub async fn update(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    actor: &Actor,
    now: Timestamp,
    id: ContactId,
    version: Option<i64>,
    patch: &ContactPatch,
) -> Result<ContactView, ContactError> {
    let country = workspaces::get(&mut *conn, workspace).await?.country;
    let declared = store::fields::list(&mut *conn, workspace).await?;
    let before = lock(&mut *conn, workspace, id, version).await?;
    let mut after = before.clone();
    let mut faults = Faults::default();
    if let Some(given) = &patch.name {
        after.name = text(&mut faults, "/name", given.as_deref(), rules::name);
    }
    if let Some(given) = &patch.phone {
        after.phone = text(&mut faults, "/phone", given.as_deref(), |phone| {
            rules::phone(phone, country.as_deref())
        });
    }
    if let Some(given) = &patch.email {
        after.email = text(&mut faults, "/email", given.as_deref(), rules::email);
    }
    if let Some(given) = &patch.language {
        after.language = text(&mut faults, "/language", given.as_deref(), rules::language);
    }
    attributes(
        &mut faults,
        &declared,
        &patch.attributes,
        &mut after.attributes,
    );
    let names = patch.tags.as_ref().map(|tags| tag_names(&mut faults, tags));
    faults.end()?;
    if after.phone != before.phone {
        change_phone(
            &mut *conn,
            workspace,
            id,
            before.phone.as_ref(),
            after.phone.as_ref(),
        )
        .await?;
    }
    if after != before {
        store::records::write(&mut *conn, workspace, id, &after).await?;
    }
    let tagged = match &names {
        Some(names) => tags::replace(&mut *conn, workspace, now, id, names).await?,
        None => None,
    };
    if after != before || tagged.is_some() {
        let (old, new) = difference(&before, &after, tagged);
        note(
            &mut *conn,
            workspace,
            actor,
            "contacts.update",
            id,
            Some(&old),
            Some(&new),
        )
        .await?;
    }
    view(conn, workspace, id).await
}

/// The old number does not lead here any more, by any channel; the new one must be free. Who was deleted loses it.
async fn change_phone(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    id: ContactId,
    from: Option<&Phone>,
    to: Option<&Phone>,
) -> Result<(), ContactError> {
    if let Some(to) = to {
        match store::records::holder(&mut *conn, workspace, to).await? {
            Some((holder, false)) if holder != id => {
                return Err(ContactError::PhoneTaken {
                    holder: Some(holder),
                });
            }
            Some((holder, _)) => {
                store::forget_number(&mut *conn, workspace, holder, Some(to.wa_id()), Some(to))
                    .await?;
            }
            None => {}
        }
    }
    if let Some(from) = from {
        store::forget_number(conn, workspace, id, Some(from.wa_id()), None).await?;
    }
    Ok(())
}

/// The fields that are not the same, as they were and as they are.
fn difference(
    before: &Fields,
    after: &Fields,
    tags: Option<(Vec<String>, Vec<String>)>,
) -> (Value, Value) {
    let (mut old, mut new) = (json!(before), json!(after));
    if let (Some(old), Some(new)) = (old.as_object_mut(), new.as_object_mut()) {
        old.retain(|key, value| new.get(key) != Some(&*value));
        new.retain(|key, _| old.contains_key(key));
        if let Some((were, are)) = tags {
            old.insert("tags".into(), were.into());
            new.insert("tags".into(), are.into());
        }
    }
    (old, new)
}

/// Deletes a contact, if they still have this version. They are erased after 30 days; whoever writes before that comes
/// back, and so does whoever is made or imported again with the same phone.
///
/// # Errors
/// There is none, it has another version, or the database failed.
pub async fn delete(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    actor: &Actor,
    now: Timestamp,
    id: ContactId,
    version: Option<i64>,
) -> Result<(), ContactError> {
    lock(&mut *conn, workspace, id, version).await?;
    store::records::delete(&mut *conn, workspace, id, now).await?;
    hooks::withdraw(&mut *conn, workspace, id, false).await?;
    note(conn, workspace, actor, "contacts.delete", id, None, None).await
}

/// Blocks a contact: nothing is said to them any more. Or lets them be spoken to again.
///
/// # Errors
/// There is none, or the database failed.
pub async fn block(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    actor: &Actor,
    now: Timestamp,
    id: ContactId,
    blocked: bool,
) -> Result<ContactView, ContactError> {
    lock(&mut *conn, workspace, id, None).await?;
    if store::records::block(&mut *conn, workspace, id, blocked.then_some(now)).await? {
        if blocked {
            hooks::withdraw(&mut *conn, workspace, id, false).await?;
        }
        let (before, after) = (json!({"blocked": !blocked}), json!({"blocked": blocked}));
        note(
            &mut *conn,
            workspace,
            actor,
            "contacts.block",
            id,
            Some(&before),
            Some(&after),
        )
        .await?;
    }
    view(conn, workspace, id).await
}

/// Writes down what somebody has said of marketing, and where the operator has it from.
///
/// # Errors
/// There is no such contact, the note is too long, or the database failed.
pub async fn consent(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    actor: &Actor,
    id: ContactId,
    granted: bool,
    from: &str,
) -> Result<ContactView, ContactError> {
    let from = rules::line(from, 500).and_then(|from| {
        from.ok_or_else(|| {
            (
                "required",
                "say where the consent was given or withdrawn".into(),
            )
        })
    });
    let from = from.map_err(|fault| invalid("/note", fault))?;
    lock(&mut *conn, workspace, id, None).await?;
    let changed = store::consents::set(
        &mut *conn,
        workspace,
        id,
        granted,
        "operator",
        Some(&from),
        actor.id,
    )
    .await?;
    if changed {
        let after = json!({"marketing": granted, "note": from});
        note(
            &mut *conn,
            workspace,
            actor,
            "contacts.consent",
            id,
            None,
            Some(&after),
        )
        .await?;
    }
    view(conn, workspace, id).await
}

/// Records a change of one contact.
pub async fn note(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    actor: &Actor,
    action: &'static str,
    id: ContactId,
    before: Option<&Value>,
    after: Option<&Value>,
) -> Result<(), ContactError> {
    let change = Change {
        action,
        subject_kind: "contact",
        subject: id.uuid(),
        before,
        after,
    };
    Ok(audit::record(conn, Some(workspace), actor, &change).await?)
}
