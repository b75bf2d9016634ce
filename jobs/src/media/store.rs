//! SQL of the files' rows.

pub(super) mod lasting;

use std::collections::HashMap;

use kazi_platform::{Timestamp, WorkspaceId, without_nul};
use sqlx::{PgConnection, types::Json};
use uuid::Uuid;

use super::{
    Kept, MediaId, MediaKind, MediaReason, MediaState, MediaView, MessageMedia, NewIncoming,
    Source,
    files::Written,
    model::{Incoming, Named},
};
use crate::{Work, channels::ChannelId, contacts::ContactId};

/// Writes down a file that is to be fetched. Returns `false` when it is written down already.
pub(super) async fn expect(work: &mut Work, new: &NewIncoming) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "INSERT INTO media (workspace_id, id, contact_id, message_id, channel_id, kind, source, said_mime, name, state,
                            created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'fetching', $10)
         ON CONFLICT DO NOTHING",
        work.workspace().uuid(),
        new.id.uuid(),
        new.contact.uuid(),
        new.message,
        new.channel.uuid(),
        new.file.kind.name(),
        Json(&new.source) as _,
        new.file.mime.as_deref().map(without_nul),
        new.file.name.as_deref().map(without_nul),
        new.at
    )
    .execute(work.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Begins to fetch a file: this run's file gets a key of its own. Returns `None` when there is nothing to fetch.
pub(super) async fn begin(
    work: &mut Work,
    id: MediaId,
    key: &str,
) -> Result<Option<Incoming>, sqlx::Error> {
    let row = sqlx::query!(
        r#"WITH before AS (
               SELECT id, key FROM media WHERE workspace_id = $1 AND id = $2 AND state = 'fetching' FOR UPDATE
           )
           UPDATE media m SET key = $3, updated_at = now()
           FROM before WHERE m.workspace_id = $1 AND m.id = before.id
           RETURNING m.channel_id AS "channel!: ChannelId", m.kind AS "kind: MediaKind", m.said_mime,
                     m.source AS "source!: Json<Source>", before.key AS "before?""#,
        work.workspace().uuid(),
        id.uuid(),
        key
    )
    .fetch_optional(work.conn())
    .await?;
    Ok(row.map(|row| Incoming {
        channel: row.channel,
        kind: row.kind,
        said_mime: row.said_mime,
        source: row.source.0,
        before: row.before,
    }))
}

/// The file is there. Returns `false` when it is not wanted any more, or another run fetches it.
pub(super) async fn fetched(
    work: &mut Work,
    (id, key): (MediaId, &str),
    (state, reason): (MediaState, Option<MediaReason>),
    mime: &str,
    written: &Written,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "UPDATE media SET state = $4, reason = $5, mime = $6, bytes = $7, sha256 = $8, stored_at = $9, source = NULL,
                          updated_at = now()
         WHERE workspace_id = $1 AND id = $2 AND key = $3 AND state = 'fetching'",
        work.workspace().uuid(),
        id.uuid(),
        key,
        state.name(),
        reason.map(MediaReason::name),
        mime,
        i64::try_from(written.bytes).unwrap_or(i64::MAX),
        written.sha256.as_slice(),
        work.now()
    )
    .execute(work.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The file does not come. Returns `false` when it is settled already, or another run fetches it.
pub(super) async fn settle(
    work: &mut Work,
    (id, key): (MediaId, &str),
    state: MediaState,
    reason: MediaReason,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "UPDATE media SET state = $4, reason = $5, key = NULL, source = NULL, updated_at = now()
         WHERE workspace_id = $1 AND id = $2 AND key = $3 AND state = 'fetching'",
        work.workspace().uuid(),
        id.uuid(),
        key,
        state.name(),
        reason.name()
    )
    .execute(work.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Writes down a file that a member has stored.
pub(super) async fn insert_stored(
    work: &mut Work,
    (id, key): (MediaId, &str),
    contact: Option<ContactId>,
    (named, mime): (&Named, &str),
    written: &Written,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO media (workspace_id, id, contact_id, kind, said_mime, name, key, state, mime, bytes, sha256,
                            created_at, stored_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, 'stored', $8, $9, $10, $11, $11)",
        work.workspace().uuid(),
        id.uuid(),
        contact.map(ContactId::uuid),
        named.kind.name(),
        named.mime.as_deref().map(without_nul),
        named.name.as_deref().map(without_nul),
        key,
        mime,
        i64::try_from(written.bytes).unwrap_or(i64::MAX),
        written.sha256.as_slice(),
        work.now()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

pub async fn view(work: &mut Work, id: MediaId) -> Result<Option<MediaView>, sqlx::Error> {
    sqlx::query_as!(
        MediaView,
        r#"SELECT id AS "id: MediaId", contact_id AS "contact_id: ContactId", kind AS "kind: MediaKind",
                  state AS "state: MediaState", reason AS "reason: MediaReason", mime, bytes,
                  encode(sha256, 'hex') AS sha256, name, created_at
           FROM media WHERE workspace_id = $1 AND id = $2"#,
        work.workspace().uuid(),
        id.uuid()
    )
    .fetch_optional(work.conn())
    .await
}

/// What became of the files of messages.
pub async fn states(
    work: &mut Work,
    ids: &[MediaId],
) -> Result<HashMap<MediaId, MessageMedia>, sqlx::Error> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let ids: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
    let rows = sqlx::query!(
        r#"SELECT id AS "id: MediaId", kind AS "kind: MediaKind", state AS "state: MediaState",
                  reason AS "reason: MediaReason", mime, bytes, name
           FROM media WHERE workspace_id = $1 AND id = ANY($2)"#,
        work.workspace().uuid(),
        &ids
    )
    .fetch_all(work.conn())
    .await?;
    let files = rows.into_iter().map(|row| {
        let file = MessageMedia {
            id: row.id,
            kind: row.kind,
            state: row.state,
            reason: row.reason,
            mime: row.mime,
            bytes: row.bytes,
            name: row.name,
            link: None,
        };
        (file.id, file)
    });
    Ok(files.collect())
}

/// A file that is there, of any workspace.
pub(super) async fn kept(
    conn: &mut PgConnection,
    id: MediaId,
) -> Result<Option<Kept>, sqlx::Error> {
    let row = sqlx::query!(
        r#"SELECT workspace_id AS "workspace: WorkspaceId", key AS "key!", kind AS "kind: MediaKind", mime AS "mime!",
                  bytes AS "bytes!", name
           FROM media WHERE id = $1 AND state = 'stored'"#,
        id.uuid()
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| Kept {
        workspace: row.workspace,
        key: row.key,
        kind: row.kind,
        mime: row.mime,
        bytes: row.bytes.unsigned_abs(),
        name: row.name,
    }))
}

/// Forgets the files of a contact. Returns the keys.
pub(super) async fn erase(work: &mut Work, contact: ContactId) -> Result<Vec<String>, sqlx::Error> {
    let keys = sqlx::query_scalar!(
        r#"WITH erased AS (
               SELECT id, key FROM media
               WHERE workspace_id = $1 AND (contact_id = $2 OR (sent_to = $2 AND NOT sent_to_many)) FOR UPDATE
           )
           UPDATE media m SET state = 'gone', reason = 'erased', key = NULL, source = NULL, said_mime = NULL, name = NULL,
                              mime = NULL, bytes = NULL, sha256 = NULL, updated_at = now()
           FROM erased WHERE m.workspace_id = $1 AND m.id = erased.id
           RETURNING erased.key"#,
        work.workspace().uuid(),
        contact.uuid()
    )
    .fetch_all(work.conn())
    .await?;
    Ok(keys.into_iter().flatten().collect())
}

/// Forgets a file. Returns its key, or `None` when there is no file.
pub(super) async fn forget(
    work: &mut Work,
    id: MediaId,
    reason: MediaReason,
) -> Result<Option<String>, sqlx::Error> {
    let key = sqlx::query_scalar!(
        r#"WITH forgotten AS (
               SELECT id, key FROM media WHERE workspace_id = $1 AND id = $2 AND key IS NOT NULL FOR UPDATE
           )
           UPDATE media m SET state = 'gone', reason = $3, key = NULL, source = NULL, updated_at = now()
           FROM forgotten WHERE m.workspace_id = $1 AND m.id = forgotten.id
           RETURNING forgotten.key"#,
        work.workspace().uuid(),
        id.uuid(),
        reason.name()
    )
    .fetch_optional(work.conn())
    .await?;
    Ok(key.flatten())
}

/// Notes that a file goes to a contact.
pub(super) async fn sent_to(
    work: &mut Work,
    id: MediaId,
    contact: ContactId,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE media SET sent_to_many = sent_to_many OR (sent_to IS NOT NULL AND sent_to <> $3), sent_to = $3
         WHERE workspace_id = $1 AND id = $2 AND NOT sent_to_many",
        work.workspace().uuid(),
        id.uuid(),
        contact.uuid()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Meta's id of a file, of an upload since a time.
pub(super) async fn uploaded(
    work: &mut Work,
    id: MediaId,
    channel: ChannelId,
    since: Timestamp,
) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar!(
        "SELECT provider_id FROM media_uploads
         WHERE workspace_id = $1 AND media_id = $2 AND channel_id = $3 AND uploaded_at > $4",
        work.workspace().uuid(),
        id.uuid(),
        channel.uuid(),
        since
    )
    .fetch_optional(work.conn())
    .await
}

pub(super) async fn remember_upload(
    work: &mut Work,
    id: MediaId,
    channel: ChannelId,
    provider_id: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO media_uploads (workspace_id, media_id, channel_id, provider_id, uploaded_at)
         VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (workspace_id, media_id, channel_id) DO UPDATE
             SET provider_id = excluded.provider_id, uploaded_at = excluded.uploaded_at",
        work.workspace().uuid(),
        id.uuid(),
        channel.uuid(),
        provider_id,
        work.now()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Gives the files of a contact to another.
pub(super) async fn merge(
    work: &mut Work,
    from: ContactId,
    into: ContactId,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE media SET contact_id = CASE WHEN contact_id = $2 THEN $3 ELSE contact_id END,
                          sent_to = CASE WHEN sent_to = $2 THEN $3 ELSE sent_to END
         WHERE workspace_id = $1 AND (contact_id = $2 OR sent_to = $2)",
        work.workspace().uuid(),
        from.uuid(),
        into.uuid()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Forgets some of the files that are older than this, and got no public address since `published`. Returns their keys.
pub(super) async fn forget_old(
    work: &mut Work,
    before: Timestamp,
    published: Timestamp,
    most: i64,
) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"WITH old AS (
               SELECT id, key FROM media WHERE workspace_id = $1 AND key IS NOT NULL AND created_at < $2 AND NOT lasting
                 AND (published_at IS NULL OR published_at < $4)
               ORDER BY created_at LIMIT $3 FOR UPDATE
           )
           UPDATE media m SET state = 'gone', reason = 'retention', key = NULL, source = NULL, updated_at = now()
           FROM old WHERE m.workspace_id = $1 AND m.id = old.id
           RETURNING old.key AS "key!""#,
        work.workspace().uuid(),
        before,
        most,
        published
    )
    .fetch_all(work.conn())
    .await
}

/// Those of the keys that have a row, of all workspaces.
pub(super) async fn known_keys(
    conn: &mut PgConnection,
    keys: &[String],
) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT key AS "key!" FROM media WHERE key = ANY($1)"#,
        keys
    )
    .fetch_all(conn)
    .await
}
