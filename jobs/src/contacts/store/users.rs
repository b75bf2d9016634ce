//! SQL of the user ids that WhatsApp replaces.

use kazi_platform::Timestamp;
use uuid::Uuid;

use crate::{Work, channels::ChannelId, contacts::ContactId};

fn uuids(ids: &[ChannelId]) -> Vec<Uuid> {
    ids.iter().map(|id| id.uuid()).collect()
}

/// The channels that know a contact by this user id.
pub async fn channels(
    work: &mut Work,
    contact: ContactId,
    user: &str,
) -> Result<Vec<ChannelId>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT channel_id AS "id: ChannelId" FROM contact_identities
           WHERE workspace_id = $1 AND contact_id = $2 AND external_id = $3 AND kind = 'user' ORDER BY channel_id"#,
        work.workspace().uuid(),
        contact.uuid(),
        user
    )
    .fetch_all(work.conn())
    .await
}

/// The contacts that these channels know by this user id.
pub async fn holders(
    work: &mut Work,
    channels: &[ChannelId],
    user: &str,
) -> Result<Vec<ContactId>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT DISTINCT contact_id AS "id: ContactId" FROM contact_identities
           WHERE workspace_id = $1 AND channel_id = ANY($2) AND external_id = $3"#,
        work.workspace().uuid(),
        &uuids(channels),
        user
    )
    .fetch_all(work.conn())
    .await
}

/// Marks a contact's user id as replaced, also where it is not noted. If it is not named, each other one is.
pub async fn replace(
    work: &mut Work,
    channels: &[ChannelId],
    contact: ContactId,
    (previous, current): (Option<&str>, &str),
    at: Timestamp,
) -> Result<(), sqlx::Error> {
    if let Some(previous) = previous {
        sqlx::query!(
            "INSERT INTO contact_identities AS i (workspace_id, channel_id, contact_id, external_id, kind, replaced_at)
             SELECT $1, channel, $3, $4, 'user', $5 FROM unnest($2::uuid[]) AS n(channel)
             ON CONFLICT (channel_id, external_id) DO UPDATE
                 SET contact_id = $3, replaced_at = greatest(i.replaced_at, $5) WHERE i.workspace_id = $1",
            work.workspace().uuid(),
            &uuids(channels),
            contact.uuid(),
            previous,
            at
        )
        .execute(work.conn())
        .await?;
        return Ok(());
    }
    sqlx::query!(
        "UPDATE contact_identities SET replaced_at = $5
         WHERE workspace_id = $1 AND channel_id = ANY($2) AND contact_id = $3 AND kind = 'user'
           AND external_id <> $4 AND replaced_at IS NULL",
        work.workspace().uuid(),
        &uuids(channels),
        contact.uuid(),
        current,
        at
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Notes a contact's new user id. It counts again if it was replaced before `at`.
pub async fn note(
    work: &mut Work,
    channels: &[ChannelId],
    contact: ContactId,
    current: &str,
    at: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO contact_identities AS i (workspace_id, channel_id, contact_id, external_id, kind)
         SELECT $1, channel, $3, $4, 'user' FROM unnest($2::uuid[]) AS n(channel)
         ON CONFLICT (channel_id, external_id) DO UPDATE
             SET contact_id = $3, replaced_at = CASE WHEN i.replaced_at >= $5 THEN i.replaced_at END
             WHERE i.workspace_id = $1",
        work.workspace().uuid(),
        &uuids(channels),
        contact.uuid(),
        current,
        at
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// The user id by which a channel knows a contact now, for one that was perhaps replaced.
pub async fn now(
    work: &mut Work,
    channel: ChannelId,
    contact: ContactId,
    known: &str,
) -> Result<String, sqlx::Error> {
    let now = sqlx::query_scalar!(
        "SELECT n.external_id FROM contact_identities o
         JOIN contact_identities n ON n.workspace_id = $1 AND n.channel_id = $2 AND n.contact_id = $3
              AND n.kind = 'user' AND n.replaced_at IS NULL
         WHERE o.workspace_id = $1 AND o.channel_id = $2 AND o.contact_id = $3 AND o.external_id = $4
           AND o.replaced_at IS NOT NULL
         ORDER BY n.created_at DESC LIMIT 1",
        work.workspace().uuid(),
        channel.uuid(),
        contact.uuid(),
        known
    )
    .fetch_optional(work.conn())
    .await?;
    Ok(now.unwrap_or_else(|| known.to_owned()))
}
