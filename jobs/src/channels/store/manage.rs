//! SQL of what members do with their channels.

use kazi_platform::{
    Timestamp, WorkspaceId,
    crypto::{CryptoError, Keyring},
};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{open, place, seal};
use crate::{
    Work,
    channels::{ChannelDetails, ChannelId, Credentials, Route, check::Finding, connect::Connect},
};

/// The status reason of channels whose workspace is deleted.
const WORKSPACE_DELETED: &str = "the workspace is deleted";

/// Disconnects all channels of a workspace and keeps their credentials.
pub async fn close_all(work: &mut Work) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE channels SET status = 'disabled', status_reason = $2, updated_at = clock_timestamp()
         WHERE workspace_id = $1 AND status <> 'disabled'",
        work.workspace().uuid(),
        WORKSPACE_DELETED
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Connects them again as paused, except for numbers that another workspace has connected meanwhile. Needs a
/// transaction of the platform, which sees the other workspaces.
pub async fn reopen_all(work: &mut Work) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE channels c SET status = 'paused', status_reason = 'the workspace was restored',
                               updated_at = clock_timestamp()
         WHERE c.workspace_id = $1 AND c.status = 'disabled' AND c.status_reason = $2
           AND NOT EXISTS (SELECT FROM channels o
                           WHERE o.kind = c.kind AND o.external_id = c.external_id AND o.status <> 'disabled')",
        work.workspace().uuid(),
        WORKSPACE_DELETED
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Adds a channel, or connects a channel of this workspace again. Returns `None` when the number is in use.
pub(in crate::channels) async fn connect(
    work: &mut Work,
    keyring: &Keyring,
    new: &Connect,
    credentials: &Credentials,
) -> Result<Option<ChannelId>, CryptoError> {
    // The channel keeps its id, so it keeps its contacts and conversations.
    let before = sqlx::query_scalar!(
        r#"SELECT id AS "id: ChannelId" FROM channels
           WHERE workspace_id = $1 AND kind = $2 AND external_id = $3 AND status = 'disabled'
           ORDER BY id DESC LIMIT 1 FOR UPDATE"#,
        work.workspace().uuid(),
        new.kind.name(),
        new.external_id
    )
    .fetch_optional(work.conn())
    .await?;
    let id = before.unwrap_or_else(ChannelId::new);
    let workspace = work.workspace();
    let sealed = seal(work.conn(), workspace, keyring, id, credentials).await?;
    // The row of another workspace is invisible here, but the unique index reports it.
    if before.is_some() {
        let revived = sqlx::query!(
            "UPDATE channels SET status = 'active', status_reason = NULL, refused = false, name = $3, account_id = $4,
                    credentials = $5, token_hint = $6, rotated_at = clock_timestamp(), checked_at = NULL,
                    check_state = NULL, check_detail = NULL, quality_rating = NULL, messaging_limit = NULL,
                    webhook_verified_at = NULL, first_event_at = NULL, updated_at = clock_timestamp()
             WHERE workspace_id = $1 AND id = $2",
            work.workspace().uuid(),
            id.uuid(),
            new.name,
            new.account_id,
            sealed,
            credentials.hint()
        )
        .execute(work.conn())
        .await;
        return match revived {
            Err(sqlx::Error::Database(error)) if error.is_unique_violation() => Ok(None),
            other => other.map(|_| Some(id)).map_err(CryptoError::from),
        };
    }
    let done = sqlx::query!(
        "INSERT INTO channels (workspace_id, id, kind, name, external_id, account_id, credentials, token_hint)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (kind, external_id) WHERE status <> 'disabled' DO NOTHING",
        work.workspace().uuid(),
        id.uuid(),
        new.kind.name(),
        new.name,
        new.external_id,
        new.account_id,
        sealed,
        credentials.hint()
    )
    .execute(work.conn())
    .await?;
    Ok((done.rows_affected() == 1).then_some(id))
}

/// The connected channels, oldest first, after the given one; or the one with `id`.
pub(in crate::channels) async fn details(
    work: &mut Work,
    id: Option<ChannelId>,
    after: Option<ChannelId>,
    limit: i64,
) -> Result<Vec<ChannelDetails>, sqlx::Error> {
    sqlx::query_as!(
        ChannelDetails,
        r#"SELECT id AS "id: ChannelId", kind, name, external_id, account_id, display_phone, status, status_reason, refused,
                  token_hint, rotated_at, checked_at, check_state, check_detail, quality_rating, verified_name,
                  messaging_limit, webhook_verified_at, first_event_at,
                  NULL::float8 AS rate, NULL::integer AS burst, created_at, updated_at, version
           FROM channels
           WHERE workspace_id = $1 AND status <> 'disabled' AND ($2::uuid IS NULL OR id = $2)
             AND ($3::uuid IS NULL OR id > $3)
           ORDER BY id LIMIT $4"#,
        work.workspace().uuid(),
        id.map(ChannelId::uuid),
        after.map(ChannelId::uuid),
        limit
    )
    .fetch_all(work.conn())
    .await
}

/// Locks a connected channel until the transaction ends. Returns false when there is none.
pub(in crate::channels) async fn hold(work: &mut Work, id: ChannelId) -> Result<bool, sqlx::Error> {
    let row = sqlx::query_scalar!(
        r#"SELECT 1 AS "one!" FROM channels
           WHERE workspace_id = $1 AND id = $2 AND status <> 'disabled' FOR NO KEY UPDATE"#,
        work.workspace().uuid(),
        id.uuid()
    )
    .fetch_optional(work.conn())
    .await?;
    Ok(row.is_some())
}

pub(in crate::channels) async fn rename(
    work: &mut Work,
    id: ChannelId,
    name: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE channels SET name = $3, updated_at = clock_timestamp() WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        id.uuid(),
        name
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Starts or stops the sending, as a member wishes.
pub(in crate::channels) async fn set_active(
    work: &mut Work,
    id: ChannelId,
    active: bool,
    reason: Option<&str>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE channels SET status = CASE WHEN $3 THEN 'active' ELSE 'paused' END, status_reason = $4, refused = false,
                updated_at = clock_timestamp()
         WHERE workspace_id = $1 AND id = $2 AND status <> 'disabled'",
        work.workspace().uuid(),
        id.uuid(),
        active,
        reason
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Disconnects a channel and deletes its secrets. Its conversations stay.
pub(in crate::channels) async fn disable(
    work: &mut Work,
    id: ChannelId,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE channels SET status = 'disabled', status_reason = 'deleted', credentials = '', token_hint = '',
                updated_at = clock_timestamp()
         WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        id.uuid()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Locks and reads the secrets of a connected channel.
pub(in crate::channels) async fn held_credentials(
    work: &mut Work,
    keyring: &Keyring,
    id: ChannelId,
) -> Result<Option<Credentials>, CryptoError> {
    let sealed = sqlx::query_scalar!(
        "SELECT credentials FROM channels WHERE workspace_id = $1 AND id = $2 AND status <> 'disabled' FOR UPDATE",
        work.workspace().uuid(),
        id.uuid()
    )
    .fetch_optional(work.conn())
    .await?;
    match sealed {
        Some(sealed) => {
            let workspace = work.workspace();
            Ok(Some(
                open(work.conn(), workspace, keyring, id, &sealed).await?,
            ))
        }
        None => Ok(None),
    }
}

/// Replaces the secrets. A channel that its provider had refused sends again.
pub(in crate::channels) async fn set_credentials(
    work: &mut Work,
    keyring: &Keyring,
    id: ChannelId,
    credentials: &Credentials,
) -> Result<(), CryptoError> {
    let workspace = work.workspace();
    let sealed = seal(work.conn(), workspace, keyring, id, credentials).await?;
    sqlx::query!(
        "UPDATE channels SET credentials = $3, token_hint = $4, rotated_at = clock_timestamp(),
                status = CASE WHEN refused THEN 'active' ELSE status END,
                status_reason = CASE WHEN refused THEN NULL ELSE status_reason END,
                refused = false, updated_at = clock_timestamp()
         WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        id.uuid(),
        sealed,
        credentials.hint()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Stores the result of a check, unless the credentials have been replaced since the check began.
pub(in crate::channels) async fn set_checked(
    work: &mut Work,
    id: ChannelId,
    rotated_at: Option<Timestamp>,
    found: &Finding,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "UPDATE channels SET checked_at = $4, check_state = $5, check_detail = $6,
                quality_rating = coalesce($7, quality_rating), display_phone = coalesce($8, display_phone),
                verified_name = coalesce($9, verified_name), messaging_limit = coalesce($10, messaging_limit)
         WHERE workspace_id = $1 AND id = $2 AND status <> 'disabled' AND rotated_at IS NOT DISTINCT FROM $3",
        work.workspace().uuid(),
        id.uuid(),
        rotated_at,
        work.now(),
        found.state,
        found.detail,
        found.quality_rating,
        found.display_phone,
        found.verified_name,
        found.messaging_limit
    )
    .execute(work.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Notes that a webhook of the channel has come. Does nothing after the first one.
pub async fn set_heard(
    conn: &mut PgConnection,
    (workspace, id): Route,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE channels SET first_event_at = $3 WHERE workspace_id = $1 AND id = $2 AND first_event_at IS NULL",
        workspace.uuid(),
        id.uuid(),
        now
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Notes that Meta has verified the webhook's address with the channel's token.
pub async fn set_verified(
    conn: &mut PgConnection,
    (workspace, id): Route,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE channels SET webhook_verified_at = $3 WHERE workspace_id = $1 AND id = $2",
        workspace.uuid(),
        id.uuid(),
        now
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// All connected channels of all workspaces, after the given one.
pub async fn in_use(
    conn: &mut PgConnection,
    after: Uuid,
    limit: i64,
) -> Result<Vec<(WorkspaceId, ChannelId)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT workspace_id AS "workspace: WorkspaceId", id AS "id: ChannelId" FROM channels
           WHERE status <> 'disabled' AND id > $1 ORDER BY id LIMIT $2"#,
        after,
        limit
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.workspace, row.id))
        .collect())
}

pub(in crate::channels) fn sealed_place(id: Uuid) -> String {
    place(id.into())
}

pub(in crate::channels) async fn all_sealed(
    work: &mut Work,
) -> Result<Vec<(Uuid, Vec<u8>)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT id AS "id: ChannelId", credentials FROM channels
           WHERE workspace_id = $1 AND length(credentials) > 0 ORDER BY id FOR UPDATE"#,
        work.workspace().uuid()
    )
    .fetch_all(work.conn())
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.id.uuid(), row.credentials))
        .collect())
}

pub(in crate::channels) async fn replace_sealed(
    work: &mut Work,
    id: Uuid,
    sealed: Vec<u8>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE channels SET credentials = $3 WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        id,
        sealed
    )
    .execute(work.conn())
    .await?;
    Ok(())
}
