//! SQL for several contacts at once.

use std::collections::HashMap;

use kazi_platform::Phone;
use sqlx::{Postgres, QueryBuilder};
use uuid::Uuid;

use crate::{
    Work,
    channels::ChannelId,
    contacts::{Contact, ContactId},
};

fn uuids(ids: &[ContactId]) -> Vec<Uuid> {
    ids.iter().map(|id| id.uuid()).collect()
}

/// Finds several contacts by their ids. A contact that is gone is missing.
pub async fn get_all(
    work: &mut Work,
    ids: &[ContactId],
) -> Result<HashMap<ContactId, Contact>, sqlx::Error> {
    let all = sqlx::query_as!(
        Contact,
        r#"SELECT id AS "id: ContactId", name, phone AS "phone: Phone", language, registered_at, blocked_at
           FROM contacts WHERE workspace_id = $1 AND id = ANY($2)"#,
        work.workspace().uuid(),
        &uuids(ids)
    )
    .fetch_all(work.conn())
    .await?;
    Ok(all.into_iter().map(|one| (one.id, one)).collect())
}

/// The channels that know a contact, with how they call them, the newest first. A user id that was replaced is no name to
/// call somebody by.
pub async fn chats(
    work: &mut Work,
    id: ContactId,
) -> Result<Vec<(ChannelId, String)>, sqlx::Error> {
    let mut all = chats_of(work, &[id]).await?;
    Ok(all.remove(&id).unwrap_or_default())
}

/// Like [`chats`], for several contacts. A contact that no channel knows is missing.
pub async fn chats_of(
    work: &mut Work,
    ids: &[ContactId],
) -> Result<HashMap<ContactId, Vec<(ChannelId, String)>>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT n.id AS "contact!: ContactId", c.channel_id AS "channel: ChannelId", c.external_id
           FROM unnest($2::uuid[]) AS n(id) CROSS JOIN LATERAL (
               SELECT channel_id, external_id, kind, created_at FROM contact_identities i
               WHERE i.workspace_id = $1 AND i.contact_id = n.id AND i.replaced_at IS NULL
               ORDER BY kind, created_at DESC, channel_id LIMIT 20
           ) c
           ORDER BY n.id, c.kind, c.created_at DESC, c.channel_id"#,
        work.workspace().uuid(),
        &uuids(ids)
    )
    .fetch_all(work.conn())
    .await?;
    let mut chats: HashMap<ContactId, Vec<(ChannelId, String)>> = HashMap::new();
    for row in rows {
        let theirs = chats.entry(row.contact).or_default();
        theirs.push((row.channel, row.external_id));
    }
    Ok(chats)
}

/// Pushes ` LEFT JOIN LATERAL (…)`: the column `country` under a name, of the contact whose id stands in the column `id`.
pub fn push_country(sql: &mut QueryBuilder<Postgres>, id: &str, name: &str) {
    sql.push(format_args!(
        " LEFT JOIN LATERAL (SELECT p.country FROM contacts p WHERE p.workspace_id = current_workspace() AND p.id = {id})
            AS {name} ON true"
    ));
}
