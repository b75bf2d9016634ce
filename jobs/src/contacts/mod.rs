//! Contacts: the people a workspace talks with, their names on each channel, and their consents.
//!
//! [`resolve`] finds or makes the contact who writes. Members make, change, tag, block and delete contacts by the functions
//! of `records` and `tags`. Each such change raises the version and has a record in the audit log.

mod audience;
mod deeds;
mod duplicates;
mod fields;
mod hooks;
mod import;
mod input;
mod listing;
mod model;
mod preferences;
mod records;
mod rules;
mod store;
mod tags;

use kazi_platform::{Phone, Timestamp};
use kazi_queue::Registry;

pub use audience::{
    Addressee, Audience, Dated, Standing, addressee, audience, check_audience, count_audience,
    dated, last_active, standings,
};
pub use deeds::{BookedState, CampaignDeed, Deed, Spent, SubscribedState, Times};
pub(crate) use deeds::{ago, id_of};
pub use duplicates::duplicates;
pub use fields::{declare, drop_field, fields};
pub(crate) use hooks::{Hooks, Merges, withdraw};
pub use import::{
    Existing, Import, ImportId, ImportOptions, ImportView, MAX_FILE, RowFault, cancel_import,
    faults, import_view, imports, start_import,
};
pub use input::{ContactPatch, NewContact};
pub(crate) use listing::whose;
pub use listing::{ContactFilter, Key, Sort, count, list, search};
pub use model::{
    Consent, Contact, ContactError, ContactId, ContactView, Identity, KnownAs, MAX_TAGS, Tag,
    TagId, is_same_chat, phone_of_chat,
};
pub use preferences::ApplyPreferences;
pub(crate) use records::KIND;
pub use records::{block, consent, create, delete, update, view};
pub(crate) use rules::tag as tag_name;
pub use rules::{Field, FieldKind};
pub(crate) use store::deeds::Deeds;
pub(crate) use store::find;
pub use store::{
    consents::{consents, marketing, opted_out, set_consent},
    get,
    many::{chats, chats_of, get_all, push_country},
    register, set_language, set_name,
    users::now as user_now,
};
pub(crate) use store::{
    listing::Whose,
    merging, personal,
    tags::{hold_contacts, lock_contacts},
};
pub(crate) use tags::replace as replace_tags;
pub use tags::{delete_tag, merge_tags, rename_tag, retag, tags};

use crate::{
    Context, Work,
    channels::ChannelId,
    domain::{Domain, Figures},
    notifications::kinds,
    permission::permissions,
};

pub(crate) const DOMAIN: Domain = Domain {
    name: "contacts",
    floor: 4,
    jobs,
    tables: &[
        "contact_import_chunks",
        "contact_import_faults",
        "contact_imports",
        "contact_taggings",
        "contact_tags",
        "contact_fields",
        "consents",
        "contact_identities",
        "contacts",
    ],
    offers: &[
        &PERMISSIONS,
        &NOTIFICATIONS,
        &Figures(include_str!("figures.txt")),
    ],
};

permissions! {
    /// People, their tags and consents.
    CONTACTS_READ = "contacts.read", Viewer;
    /// Adds and changes contacts, blocks, records consents.
    CONTACTS_WRITE = "contacts.write", Agent;
    /// Deletes contacts, and merges them.
    CONTACTS_DELETE = "contacts.delete", Admin;
    /// Brings contacts in from a file.
    CONTACTS_IMPORT = "contacts.import", Admin;
    /// Takes all data of a contact out.
    CONTACTS_EXPORT = "contacts.export", Admin;
}

kinds! {
    /// An import has come to its end.
    IMPORT_FINISHED = "import_finished";
}

fn jobs(registry: Registry<Context>) -> Registry<Context> {
    registry.register::<ApplyPreferences>().register::<Import>()
}

/// The contact behind an identity of a channel; made when there is none. Found by the user id, else by the WhatsApp id,
/// else by the phone, and every identity that was new is noted, so that the next message finds it whichever way it
/// comes. Contacts that turn out to be one person are merged: one who had shown only a user id shows the number under
/// which another was imported.
///
/// A user id stays with its person, a number does not. When a number comes with another user id than before, a new person
/// has the number now. That person gets the number, but not the name, the language and the conversations.
pub async fn resolve(
    work: &mut Work,
    channel: ChannelId,
    identity: &Identity,
) -> Result<Contact, sqlx::Error> {
    let contact = match store::known(work, channel, identity).await? {
        Some(contact) => contact,
        None => discover(work, channel, identity).await?,
    };
    let phone = identity.phone.as_ref();
    let phone = phone.filter(|_| contact.phone.is_none());
    let unnamed = contact
        .name
        .as_deref()
        .is_none_or(|name| name.trim().is_empty());
    let name = identity
        .name
        .as_deref()
        .filter(|name| unnamed && !name.trim().is_empty());
    if let Some(phone) = phone {
        store::fill_phone(work, contact.id, phone).await?;
    }
    if let Some(name) = name {
        // An import or an echo has made the contact before the profile showed.
        set_name(work, contact.id, name).await?;
    }
    match (phone, name) {
        (None, None) => Ok(contact),
        _ => get(work, contact.id).await,
    }
}

/// Finds or makes a contact of whom something is new, and notes it.
async fn discover(
    work: &mut Work,
    channel: ChannelId,
    identity: &Identity,
) -> Result<Contact, sqlx::Error> {
    let (user, chat) = (identity.user_id.as_deref(), identity.chat_id.as_deref());
    let phone = identity.phone.as_ref();
    let by_user = match user {
        Some(user) => store::by_identity(work, channel, user).await?,
        None => None,
    };
    let by_user = by_user.map(|(id, _)| id);
    let by_number = by_number(work, channel, identity, by_user).await?;
    let contact = match (by_user, by_number, phone) {
        (Some(by_user), Some(by_number), _) if by_user != by_number => {
            hooks::one_person(work, by_user, by_number).await?
        }
        (Some(contact), ..) | (None, Some(contact), _) => contact,
        (None, None, Some(phone)) => store::by_phone_or_new(work, phone, identity).await?,
        (None, None, None) => store::insert(work, identity).await?,
    };
    let contact = store::seen(work, contact).await?;
    for (name, kind) in [(user, "user"), (chat, "chat")] {
        if let Some(name) = name {
            store::note_identity(work, channel, contact.id, name, kind).await?;
        }
    }
    Ok(contact)
}

/// Who has the number of an identity. Whoever is known on the channel by another user id had it before, and loses it.
async fn by_number(
    work: &mut Work,
    channel: ChannelId,
    identity: &Identity,
    by_user: Option<ContactId>,
) -> Result<Option<ContactId>, sqlx::Error> {
    let (user, chat) = (identity.user_id.as_deref(), identity.chat_id.as_deref());
    let phone = identity.phone.as_ref();
    let by_chat = match chat {
        Some(chat) => store::by_identity(work, channel, chat).await?,
        None => None,
    };
    let by_phone = match (phone, &by_chat) {
        // The usual case: the chat's contact has this phone.
        (Some(phone), Some((_, Some(known)))) if known == phone => None,
        (Some(phone), _) => store::by_phone(work, phone).await?,
        (None, _) => None,
    };
    let mut found: Option<ContactId> = None;
    for holder in [by_chat.map(|(id, _)| id), by_phone].into_iter().flatten() {
        if by_user != Some(holder)
            && let Some(user) = user
            && store::is_another(work, channel, holder, user).await?
        {
            store::forget_number(work, holder, chat, phone).await?;
            continue;
        }
        found = match found {
            // From before numbers had one form: the one is known by the chat, the other by the phone.
            Some(first) if first != holder => Some(hooks::one_person(work, first, holder).await?),
            _ => Some(holder),
        };
    }
    Ok(found)
}

/// The contact with this phone.
pub async fn by_phone(work: &mut Work, phone: &Phone) -> Result<Option<Contact>, sqlx::Error> {
    match store::by_phone(work, phone).await? {
        Some(id) => Ok(Some(get(work, id).await?)),
        None => Ok(None),
    }
}

/// Moves a contact from one number to another, as WhatsApp tells. The contact loses the old number on every channel and gets
/// the new one, also when another contact had it. The user ids are learnt again, because they may change with the number.
pub async fn change_number(
    work: &mut Work,
    channel: ChannelId,
    contact: ContactId,
    from: &Identity,
    to: &str,
) -> Result<(), sqlx::Error> {
    let phone = Phone::from_wa_id(to);
    let named = store::by_identity(work, channel, to).await?;
    let holder = match (named, &phone) {
        (Some((named, _)), _) => Some(named),
        (None, Some(phone)) => store::by_phone(work, phone).await?,
        (None, None) => None,
    };
    if let Some(before) = holder.filter(|before| *before != contact) {
        if chats(work, before).await?.is_empty() {
            // Nobody has ever written under it: the business has noted the new number already.
            hooks::one_person(work, before, contact).await?;
        }
        for holder in [before, contact] {
            store::forget_number(work, holder, Some(to), phone.as_ref()).await?;
        }
    }
    let old = from.chat_id.as_deref();
    store::forget_number(work, contact, old, None).await?;
    store::forget_users(work, channel, contact).await?;
    store::note_identity(work, channel, contact, to, "chat").await?;
    match phone {
        Some(phone) => store::change_phone(work, contact, &phone).await,
        None => Ok(()),
    }
}

/// Gives a contact a new user id, as WhatsApp tells, on every channel that knows the contact by the one until now. That one
/// still leads to the contact, because a message by it may be late. Whoever is known by the new id is the same person.
///
/// The changes may come in any order: an id that was replaced later than `at` stays replaced.
pub async fn change_user(
    work: &mut Work,
    channel: ChannelId,
    contact: Contact,
    previous: Option<&str>,
    current: &str,
    at: Timestamp,
) -> Result<Contact, sqlx::Error> {
    let mut channels = match previous {
        Some(previous) => store::users::channels(work, contact.id, previous).await?,
        None => Vec::new(),
    };
    if !channels.contains(&channel) {
        channels.push(channel);
    }
    let mut kept = contact.id;
    for other in store::users::holders(work, &channels, current).await? {
        if other != kept {
            kept = hooks::one_person(work, other, kept).await?;
        }
    }
    store::users::replace(work, &channels, kept, (previous, current), at).await?;
    store::users::note(work, &channels, kept, current, at).await?;
    get(work, kept).await
}

/// Notes how the provider names somebody to whom a message was sent under another name, so that the answer finds the same
/// contact. Meta names the account of an older number so.
///
/// A name is believed only if it looks like the one that was used: a wrong answer must not make two people one.
pub async fn learn_chat(
    work: &mut Work,
    channel: ChannelId,
    contact: ContactId,
    used: &str,
    named: &str,
) -> Result<(), sqlx::Error> {
    const ALIKE: usize = 6;
    let end = |name: &str| {
        name.get(name.len().checked_sub(ALIKE)?..)
            .map(str::to_owned)
    };
    let phone = Phone::from_wa_id(named);
    let alike = phone.is_some() && end(used).is_some() && end(used) == end(named);
    let known = store::by_identity(work, channel, named).await?;
    if known.is_some() || !alike {
        return Ok(());
    }
    let holder = match &phone {
        Some(phone) => store::by_phone(work, phone).await?,
        None => None,
    };
    if holder.is_none_or(|holder| holder == contact) {
        store::note_identity(work, channel, contact, named, "chat").await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
