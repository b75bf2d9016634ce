//! One contact as a record: made, changed, blocked, deleted by a person.

use kazi_platform::Phone;
use serde::Serialize;
use serde_json::{Map, json};

use super::{
    ContactError, ContactId, ContactView, hooks,
    input::{ContactPatch, Fields, NewContact, attributes, tag_names, text},
    rules, store, tags,
};
use crate::{
    Work,
    audit::Change,
    violations::{Violations, invalid},
    workspaces,
};

/// What the audit log calls a contact.
pub(crate) const KIND: &str = "contact";

/// A contact for the audit log, which loses it when the contact is erased.
#[derive(Serialize)]
struct Recorded<'a> {
    #[serde(flatten)]
    fields: &'a Fields,
    tags: Vec<String>,
}

/// Makes a contact. A deleted contact with this phone comes back, together with their consents.
///
/// # Errors
/// [`ContactError::PhoneTaken`]: another contact has this phone.
pub async fn create(work: &mut Work, new: &NewContact) -> Result<ContactView, ContactError> {
    let country = workspaces::get(work).await?.country;
    let declared = store::fields::list(work).await?;
    let mut violations = Violations::default();
    let mut fields = Fields {
        name: text(&mut violations, "/name", new.name.as_deref(), rules::name),
        phone: text(&mut violations, "/phone", new.phone.as_deref(), |phone| {
            rules::phone(phone, country.as_deref())
        }),
        email: text(
            &mut violations,
            "/email",
            new.email.as_deref(),
            rules::email,
        ),
        language: text(
            &mut violations,
            "/language",
            new.language.as_deref(),
            rules::language,
        ),
        attributes: Map::new(),
    };
    attributes(
        &mut violations,
        &declared,
        &new.attributes,
        &mut fields.attributes,
    );
    let names = tag_names(&mut violations, &new.tags);
    violations.end()?;
    if fields.name.is_none() && fields.phone.is_none() && fields.email.is_none() {
        let empty = (
            "required",
            "a contact has a name, a phone or an e-mail address".into(),
        );
        return Err(invalid("", empty).into());
    }
    let back = match &fields.phone {
        Some(phone) => match store::records::holder(work, phone).await? {
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
    let id = back.unwrap_or_else(|| ContactId::at(work.now()));
    match back {
        Some(_) => store::records::write(work, id, &fields).await?,
        None => store::records::insert(work, id, &fields).await?,
    }
    tags::replace(work, id, &names).await?;
    let made = Recorded {
        fields: &fields,
        tags: store::tags::of(work, id).await?,
    };
    work.audit(&Change::created("contacts.create", (KIND, id), &made))
        .await?;
    view(work, id).await
}

pub async fn view(work: &mut Work, id: ContactId) -> Result<ContactView, ContactError> {
    store::listing::one(work, id)
        .await?
        .ok_or(ContactError::NotFound)
}

/// Locks a contact that is neither deleted nor of another version than the one asked for.
async fn lock(
    work: &mut Work,
    id: ContactId,
    version: Option<i64>,
) -> Result<Fields, ContactError> {
    let (fields, is) = store::records::lock(work, id)
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
/// [`ContactError::Stale`]: the contact has another version. [`ContactError::PhoneTaken`].
pub async fn update(
    work: &mut Work,
    id: ContactId,
    version: Option<i64>,
    patch: &ContactPatch,
) -> Result<ContactView, ContactError> {
    let country = workspaces::get(work).await?.country;
    let declared = store::fields::list(work).await?;
    let before = lock(work, id, version).await?;
    let mut after = before.clone();
    let mut violations = Violations::default();
    if let Some(given) = &patch.name {
        after.name = text(&mut violations, "/name", given.as_deref(), rules::name);
    }
    if let Some(given) = &patch.phone {
        after.phone = text(&mut violations, "/phone", given.as_deref(), |phone| {
            rules::phone(phone, country.as_deref())
        });
    }
    if let Some(given) = &patch.email {
        after.email = text(&mut violations, "/email", given.as_deref(), rules::email);
    }
    if let Some(given) = &patch.language {
        after.language = text(
            &mut violations,
            "/language",
            given.as_deref(),
            rules::language,
        );
    }
    attributes(
        &mut violations,
        &declared,
        &patch.attributes,
        &mut after.attributes,
    );
    let names = patch
        .tags
        .as_ref()
        .map(|tags| tag_names(&mut violations, tags));
    violations.end()?;
    if after.phone != before.phone {
        change_phone(work, id, before.phone.as_ref(), after.phone.as_ref()).await?;
    }
    if after != before {
        store::records::write(work, id, &after).await?;
    }
    let tagged = match &names {
        Some(names) => tags::replace(work, id, names).await?,
        None => None,
    };
    let (were, are) = tagged.unwrap_or_default();
    let recorded = |fields, tags| Recorded { fields, tags };
    let (was, is) = (recorded(&before, were), recorded(&after, are));
    work.audit(&Change::updated("contacts.update", (KIND, id), &was, &is))
        .await?;
    view(work, id).await
}

/// Gives the contact another number. The old one leads here no more, on any channel. The new one must be free; a deleted
/// contact loses it.
async fn change_phone(
    work: &mut Work,
    id: ContactId,
    from: Option<&Phone>,
    to: Option<&Phone>,
) -> Result<(), ContactError> {
    if let Some(to) = to {
        match store::records::holder(work, to).await? {
            Some((holder, false)) if holder != id => {
                return Err(ContactError::PhoneTaken {
                    holder: Some(holder),
                });
            }
            Some((holder, _)) => {
                store::forget_number(work, holder, Some(to.wa_id()), Some(to)).await?;
            }
            None => {}
        }
    }
    if let Some(from) = from {
        store::forget_number(work, id, Some(from.wa_id()), None).await?;
    }
    Ok(())
}

/// Deletes a contact who still has this version. Kazi erases them after 30 days. Until then they come back when they write,
/// or when a contact with the same phone is made or imported.
///
/// # Errors
/// [`ContactError::Stale`]: the contact has another version.
pub async fn delete(
    work: &mut Work,
    id: ContactId,
    version: Option<i64>,
) -> Result<(), ContactError> {
    let fields = lock(work, id, version).await?;
    let was = Recorded {
        fields: &fields,
        tags: store::tags::of(work, id).await?,
    };
    store::records::delete(work, id).await?;
    hooks::withdraw(work, id, false).await?;
    work.audit(&Change::deleted("contacts.delete", (KIND, id), &was))
        .await?;
    Ok(())
}

/// Blocks a contact: nothing is said to them any more. Or lets them be spoken to again.
pub async fn block(
    work: &mut Work,
    id: ContactId,
    blocked: bool,
) -> Result<ContactView, ContactError> {
    lock(work, id, None).await?;
    if store::records::block(work, id, blocked.then_some(work.now())).await? {
        if blocked {
            hooks::withdraw(work, id, false).await?;
        }
        let (before, after) = (json!({"blocked": !blocked}), json!({"blocked": blocked}));
        work.audit(&Change::updated(
            "contacts.block",
            (KIND, id),
            &before,
            &after,
        ))
        .await?;
    }
    view(work, id).await
}

/// Records that a contact gives or withdraws the consent to marketing. The note says how the member knows.
pub async fn consent(
    work: &mut Work,
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
    lock(work, id, None).await?;
    let before = store::consents::consents(work, id, None, 1).await?.pop();
    let changed =
        store::consents::set(work, id, granted, "operator", Some(&from), work.actor().id).await?;
    if changed {
        let (was, noted) = before.map(|last| (last.granted, last.note)).unzip();
        let before = json!({"marketing": was, "note": noted.flatten()});
        let after = json!({"marketing": granted, "note": from});
        work.audit(&Change::updated(
            "contacts.consent",
            (KIND, id),
            &before,
            &after,
        ))
        .await?;
    }
    view(work, id).await
}
