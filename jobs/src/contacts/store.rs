//! SQL of the contacts.

pub mod audience;
pub(super) mod consents;
pub mod deeds;
pub(super) mod fields;
pub(super) mod imported;
pub(super) mod imports;
pub(super) mod listing;
pub(super) mod many;
pub(crate) mod merging;
pub(crate) mod personal;
pub(super) mod records;
pub(crate) mod tags;
pub(super) mod users;

use kazi_platform::{Phone, WorkspaceId};
use sqlx::PgConnection;

use super::{Contact, ContactId, Identity, is_same_chat};
use crate::{Work, channels::ChannelId};

pub async fn get(work: &mut Work, id: ContactId) -> Result<Contact, sqlx::Error> {
    let workspace = work.workspace();
    let found = find(work.conn(), workspace, id).await?;
    found.ok_or(sqlx::Error::RowNotFound)
}

/// One contact of any workspace, in a transaction that sees it.
pub(crate) async fn find(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    id: ContactId,
) -> Result<Option<Contact>, sqlx::Error> {
    sqlx::query_as!(
        Contact,
        r#"SELECT id AS "id: ContactId", name, phone AS "phone: Phone", language, registered_at, blocked_at
           FROM contacts WHERE workspace_id = $1 AND id = $2"#,
        workspace.uuid(),
        id.uuid()
    )
    .fetch_optional(conn)
    .await
}

/// Notes that somebody is there now, and locks them to the end of the transaction: who is deleted comes back, and who has
/// been merged into another is that other. A merge or a deletion that is under way is waited for here, so that nothing is
/// written for somebody who is gone.
pub(super) async fn seen(work: &mut Work, mut id: ContactId) -> Result<Contact, sqlx::Error> {
    loop {
        let contact = sqlx::query_as!(
            Contact,
            r#"UPDATE contacts SET last_activity_at = greatest(last_activity_at, $3), deleted_at = NULL
               WHERE workspace_id = $1 AND id = $2 AND merged_into IS NULL AND erased_at IS NULL
               RETURNING id AS "id: ContactId", name, phone AS "phone: Phone", language, registered_at, blocked_at"#,
            work.workspace().uuid(),
            id.uuid(),
            work.now()
        )
        .fetch_optional(work.conn())
        .await?;
        if let Some(contact) = contact {
            return Ok(contact);
        }
        // Erased a moment ago: the next run of the job finds nobody, and makes somebody new.
        id = sqlx::query_scalar!(
            r#"SELECT merged_into AS "id!: ContactId" FROM contacts
               WHERE workspace_id = $1 AND id = $2 AND merged_into IS NOT NULL"#,
            work.workspace().uuid(),
            id.uuid()
        )
        .fetch_one(work.conn())
        .await?;
    }
}

/// Notes that somebody is there now, as [`seen`] does, when all is known of them: the channel knows each name as theirs,
/// and the phone is theirs. This is the usual message, and it costs one statement.
pub(super) async fn known(
    work: &mut Work,
    channel: ChannelId,
    identity: &Identity,
) -> Result<Option<Contact>, sqlx::Error> {
    let names = [&identity.user_id, &identity.chat_id];
    let names: Vec<String> = names.into_iter().flatten().cloned().collect();
    sqlx::query_as!(
        Contact,
        r#"UPDATE contacts SET last_activity_at = greatest(last_activity_at, $5), deleted_at = NULL
           WHERE workspace_id = $1 AND merged_into IS NULL AND erased_at IS NULL AND ($4::text IS NULL OR phone = $4)
             AND id = (SELECT i.contact_id FROM contact_identities i
                       WHERE i.workspace_id = $1 AND i.channel_id = $2 AND i.external_id = ANY($3)
                       GROUP BY i.contact_id HAVING count(*) = cardinality($3))
           RETURNING id AS "id: ContactId", name, phone AS "phone: Phone", language, registered_at, blocked_at"#,
        work.workspace().uuid(),
        channel.uuid(),
        &names,
        identity.phone.as_ref().map(Phone::as_str),
        work.now()
    )
    .fetch_optional(work.conn())
    .await
}

/// Whom a channel names so, with their phone.
pub(super) async fn by_identity(
    work: &mut Work,
    channel: ChannelId,
    name: &str,
) -> Result<Option<(ContactId, Option<Phone>)>, sqlx::Error> {
    let row = sqlx::query!(
        r#"SELECT c.id AS "id: ContactId", c.phone AS "phone: Phone" FROM contact_identities i
           JOIN contacts c ON c.workspace_id = i.workspace_id AND c.id = i.contact_id
           WHERE i.workspace_id = $1 AND i.channel_id = $2 AND i.external_id = $3"#,
        work.workspace().uuid(),
        channel.uuid(),
        name
    )
    .fetch_optional(work.conn())
    .await?;
    Ok(row.map(|row| (row.id, row.phone)))
}

pub(super) async fn by_phone(
    work: &mut Work,
    phone: &Phone,
) -> Result<Option<ContactId>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT coalesce(merged_into, id) AS "id!: ContactId" FROM contacts WHERE workspace_id = $1 AND phone = $2"#,
        work.workspace().uuid(),
        phone.as_str()
    )
    .fetch_optional(work.conn())
    .await
}

/// Whether a contact is known on a channel by a user id, and not by this one.
pub(super) async fn is_another(
    work: &mut Work,
    channel: ChannelId,
    contact: ContactId,
    user: &str,
) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT count(*) > 0 AND bool_and(external_id <> $4) AS "is!" FROM contact_identities
           WHERE workspace_id = $1 AND channel_id = $2 AND contact_id = $3 AND kind = 'user'"#,
        work.workspace().uuid(),
        channel.uuid(),
        contact.uuid(),
        user
    )
    .fetch_one(work.conn())
    .await
}

/// Takes a number from a contact: as a chat on every channel, in every form, and as their phone.
pub(super) async fn forget_number(
    work: &mut Work,
    contact: ContactId,
    chat: Option<&str>,
    phone: Option<&Phone>,
) -> Result<(), sqlx::Error> {
    if let Some(chat) = chat {
        let names = sqlx::query_scalar!(
            "SELECT external_id FROM contact_identities WHERE workspace_id = $1 AND contact_id = $2 AND kind = 'chat'",
            work.workspace().uuid(),
            contact.uuid()
        )
        .fetch_all(work.conn())
        .await?;
        let names: Vec<String> = names
            .into_iter()
            .filter(|name| is_same_chat(name, chat))
            .collect();
        sqlx::query!(
            "DELETE FROM contact_identities
             WHERE workspace_id = $1 AND contact_id = $2 AND kind = 'chat' AND external_id = ANY($3)",
            work.workspace().uuid(),
            contact.uuid(),
            &names
        )
        .execute(work.conn())
        .await?;
    }
    if let Some(phone) = phone {
        sqlx::query!(
            "UPDATE contacts SET phone = NULL
             WHERE workspace_id = $1 AND (id = $2 OR merged_into = $2) AND phone = $3",
            work.workspace().uuid(),
            contact.uuid(),
            phone.as_str()
        )
        .execute(work.conn())
        .await?;
    }
    Ok(())
}

/// Forgets the user ids of a contact on a channel.
pub(super) async fn forget_users(
    work: &mut Work,
    channel: ChannelId,
    contact: ContactId,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "DELETE FROM contact_identities
         WHERE workspace_id = $1 AND channel_id = $2 AND contact_id = $3 AND kind = 'user'",
        work.workspace().uuid(),
        channel.uuid(),
        contact.uuid()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

pub(super) async fn by_phone_or_new(
    work: &mut Work,
    phone: &Phone,
    identity: &Identity,
) -> Result<ContactId, sqlx::Error> {
    // The update changes nothing; it makes the row that is there come back.
    sqlx::query_scalar!(
        r#"INSERT INTO contacts AS c (workspace_id, id, name, phone, country, created_at)
           VALUES ($1, $2, $3, $4, $5, $6)
           ON CONFLICT (workspace_id, phone) DO UPDATE SET name = coalesce(c.name, EXCLUDED.name)
           RETURNING coalesce(merged_into, id) AS "id!: ContactId""#,
        work.workspace().uuid(),
        ContactId::at(work.now()).uuid(),
        identity.name,
        phone.as_str(),
        phone.country(),
        work.now()
    )
    .fetch_one(work.conn())
    .await
}

pub(super) async fn insert(work: &mut Work, identity: &Identity) -> Result<ContactId, sqlx::Error> {
    let id = ContactId::at(work.now());
    sqlx::query!(
        "INSERT INTO contacts (workspace_id, id, name, created_at) VALUES ($1, $2, $3, $4)",
        work.workspace().uuid(),
        id.uuid(),
        identity.name,
        work.now()
    )
    .execute(work.conn())
    .await?;
    Ok(id)
}

/// Notes how a channel names a contact. What it named another one by is this one's from now on: the caller has found out
/// whose it is.
pub(super) async fn note_identity(
    work: &mut Work,
    channel: ChannelId,
    contact: ContactId,
    name: &str,
    kind: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO contact_identities AS i (workspace_id, channel_id, contact_id, external_id, kind)
         VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (channel_id, external_id) DO UPDATE SET contact_id = $3
             WHERE i.workspace_id = $1 AND i.contact_id <> $3",
        work.workspace().uuid(),
        channel.uuid(),
        contact.uuid(),
        name,
        kind
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Sets the phone of a contact without one, unless another contact has it. A member can merge the two.
pub(super) async fn fill_phone(
    work: &mut Work,
    id: ContactId,
    phone: &Phone,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE contacts c SET phone = $3, country = $4 WHERE workspace_id = $1 AND id = $2 AND phone IS NULL
         AND NOT EXISTS (SELECT FROM contacts o WHERE o.workspace_id = $1 AND o.phone = $3)",
        work.workspace().uuid(),
        id.uuid(),
        phone.as_str(),
        phone.country()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Sets a new number of a contact, unless another contact has it.
pub(super) async fn change_phone(
    work: &mut Work,
    id: ContactId,
    phone: &Phone,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE contacts c SET phone = $3, country = $4 WHERE workspace_id = $1 AND id = $2
         AND NOT EXISTS (SELECT FROM contacts o WHERE o.workspace_id = $1 AND o.phone = $3)",
        work.workspace().uuid(),
        id.uuid(),
        phone.as_str(),
        phone.country()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Notes what they are called.
pub async fn set_name(work: &mut Work, id: ContactId, name: &str) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE contacts SET name = $3 WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        id.uuid(),
        name
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

pub async fn set_language(
    work: &mut Work,
    id: ContactId,
    language: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE contacts SET language = $3 WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        id.uuid(),
        language
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// The greeting is done.
pub async fn register(work: &mut Work, id: ContactId) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE contacts SET registered_at = coalesce(registered_at, $3), updated_at = now()
         WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        id.uuid(),
        work.now()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}
