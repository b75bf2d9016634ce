//! SQL of channels.

pub mod events;
pub mod manage;
pub mod sender;

use kazi_platform::{
    WorkspaceId,
    crypto::{CryptoError, Keyring},
};
use kazi_queue::lanes::{self, LimitError};
use sqlx::PgConnection;

use super::{Channel, ChannelId, ChannelKind, ChannelView, Credentials, NewChannel};
use crate::{Work, pools};

fn place(id: ChannelId) -> String {
    format!("channels/{id}/credentials")
}

/// The channel of this workspace that is in use with this number or instance.
pub(super) async fn in_use(
    work: &mut Work,
    kind: ChannelKind,
    external_id: &str,
) -> Result<Option<ChannelId>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT id AS "id: ChannelId" FROM channels WHERE workspace_id = $1 AND kind = $2 AND external_id = $3
             AND status <> 'disabled'"#,
        work.workspace().uuid(),
        kind.name(),
        external_id
    )
    .fetch_optional(work.conn())
    .await
}

/// Adds a channel, or gives the existing channel with this provider's id new credentials. A channel of another
/// workspace stays as it is. What is not named stays too. A new channel whose kind has limits gets them for its lane.
///
/// # Errors
/// `RowNotFound`: another workspace has this number or instance.
pub(super) async fn add(
    work: &mut Work,
    keyring: &Keyring,
    existing: Option<ChannelId>,
    new: &NewChannel<'_>,
) -> Result<ChannelId, CryptoError> {
    let id = existing.unwrap_or_else(ChannelId::new);
    let workspace = work.workspace();
    let sealed = seal(work.conn(), workspace, keyring, id, new.credentials).await?;
    let id = sqlx::query_scalar!(
        r#"INSERT INTO channels AS c (workspace_id, id, kind, name, external_id, account_id, display_phone, base_url,
                                      credentials, token_hint)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
           ON CONFLICT (kind, external_id) WHERE status <> 'disabled' DO UPDATE
               SET name = $4, account_id = coalesce($6, c.account_id), display_phone = coalesce($7, c.display_phone),
                   base_url = $8, credentials = $9,
                   token_hint = $10, rotated_at = now(), status = 'active', status_reason = NULL, refused = false,
                   updated_at = now()
               WHERE c.workspace_id = $1
           RETURNING id AS "id: ChannelId""#,
        work.workspace().uuid(),
        id.uuid(),
        new.kind.name(),
        new.name,
        new.external_id,
        new.account_id,
        new.display_phone,
        new.base_url,
        sealed,
        new.credentials.hint()
    )
    .fetch_one(work.conn())
    .await?;
    // Only for a new channel: limits that the operator has set stay.
    if let Some(limits) = new.kind.limits().filter(|_| existing.is_none()) {
        lanes::set(work.conn(), pools::WHATSAPP, &id.to_string(), &limits)
            .await
            .map_err(|error| match error {
                LimitError::Database(error) => error,
                invalid => sqlx::Error::config(invalid),
            })?;
    }
    Ok(id)
}

async fn seal(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    keyring: &Keyring,
    id: ChannelId,
    credentials: &Credentials,
) -> Result<Vec<u8>, CryptoError> {
    let plain = serde_json::to_vec(credentials).map_err(|_| CryptoError::DoesNotOpen)?;
    keyring.seal(conn, workspace, &place(id), &plain).await
}

async fn open(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    keyring: &Keyring,
    id: ChannelId,
    sealed: &[u8],
) -> Result<Credentials, CryptoError> {
    let plain = keyring.open(conn, workspace, &place(id), sealed).await?;
    serde_json::from_slice(&plain).map_err(|_| CryptoError::DoesNotOpen)
}

/// The key of a look-up.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Key {
    External(ChannelKind, String),
    Id(ChannelId),
}

pub(super) async fn find(
    conn: &mut PgConnection,
    keyring: &Keyring,
    key: &Key,
) -> Result<Option<Channel>, CryptoError> {
    let (kind, external, id) = match key {
        Key::External(kind, external) => (Some(kind.name()), Some(external.as_str()), None),
        Key::Id(id) => (None, None, Some(id.uuid())),
    };
    let row = sqlx::query!(
        r#"SELECT workspace_id AS "workspace: WorkspaceId", id AS "id: ChannelId", kind, external_id, name,
                  display_phone, base_url, status = 'active' AS "active!", credentials, rotated_at,
                  first_event_at IS NOT NULL AS "heard!"
           FROM channels
           WHERE ($1::text IS NULL OR (kind = $1 AND external_id = $2)) AND ($3::uuid IS NULL OR id = $3)
             AND status <> 'disabled'"#,
        kind,
        external,
        id
    )
    .fetch_optional(&mut *conn)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let Ok(kind) = row.kind.parse() else {
        return Ok(None);
    };
    let credentials = open(conn, row.workspace, keyring, row.id, &row.credentials).await?;
    Ok(Some(Channel {
        workspace: row.workspace,
        id: row.id,
        kind,
        external_id: row.external_id,
        name: row.name,
        display_phone: row.display_phone,
        base_url: row.base_url,
        active: row.active,
        credentials,
        rotated_at: row.rotated_at,
        heard: row.heard,
    }))
}

pub(super) async fn external_ids(
    conn: &mut PgConnection,
    kind: ChannelKind,
) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar!(
        "SELECT external_id FROM channels WHERE kind = $1 AND status <> 'disabled' ORDER BY id LIMIT 300",
        kind.name()
    )
    .fetch_all(conn)
    .await
}

/// The channels of a business account. Meta allows 20 numbers per WABA, or more on request.
pub(super) async fn external_ids_of(
    conn: &mut PgConnection,
    kind: ChannelKind,
    account: &str,
) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar!(
        "SELECT external_id FROM channels WHERE kind = $1 AND account_id = $2 AND status <> 'disabled'
         ORDER BY id LIMIT 20",
        kind.name(),
        account
    )
    .fetch_all(conn)
    .await
}

/// Counts the paused channels. Their customers get no answers.
pub async fn count_paused(conn: &mut PgConnection) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(r#"SELECT count(*) AS "n!" FROM channels WHERE status = 'paused'"#)
        .fetch_one(conn)
        .await
}

/// The channels of a workspace that may send, oldest first.
pub async fn active(work: &mut Work) -> Result<Vec<ChannelId>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT id AS "id: ChannelId" FROM channels
           WHERE workspace_id = $1 AND status = 'active' AND kind IN ('whatsapp', 'greenapi') ORDER BY id LIMIT 20"#,
        work.workspace().uuid()
    )
    .fetch_all(work.conn())
    .await
}

/// The channels of all workspaces, for the operator.
pub async fn list(conn: &mut PgConnection) -> Result<Vec<ChannelView>, sqlx::Error> {
    sqlx::query_as!(
        ChannelView,
        r#"SELECT id AS "id: ChannelId", kind, external_id, name, status, status_reason
           FROM channels ORDER BY id LIMIT 1000"#
    )
    .fetch_all(conn)
    .await
}

/// Stops a channel that its provider refuses, with the reason for people. Its messages stay queued. Returns its name
/// when it was sending. A refusal just after a rotation is ignored: other processes use the old credentials for some
/// seconds, and a request may take half a minute.
pub(super) async fn pause(
    work: &mut Work,
    id: ChannelId,
    reason: &str,
) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar!(
        "UPDATE channels SET status = 'paused', status_reason = $3, refused = true, updated_at = now()
         WHERE workspace_id = $1 AND id = $2 AND status = 'active'
           AND (rotated_at IS NULL OR rotated_at < clock_timestamp() - interval '40 seconds')
         RETURNING name",
        work.workspace().uuid(),
        id.uuid(),
        reason
    )
    .fetch_optional(work.conn())
    .await
}

#[cfg(test)]
mod tests {
    use kazi_queue::lanes::Limits;

    use super::*;
    use crate::testing::{INSTANCE, Shop};

    #[tokio::test]
    async fn a_greenapi_channel_has_a_limit_of_its_own_which_an_operator_may_change() {
        let shop = Shop::open().await;
        let mut conn = shop.conn().await;
        let (greenapi, whatsapp) = (shop.greenapi.to_string(), shop.whatsapp.to_string());
        let listed = lanes::list(&mut conn).await.unwrap();
        let of = |lane: &str| listed.iter().find(|view| view.lane == lane);
        let view = of(&greenapi).unwrap();
        assert_eq!((view.pool.as_str(), view.rate), ("whatsapp", Some(45.0)));
        // Of a second, whatever the moment it begins: no more than the provider takes.
        assert!(view.rate.unwrap() + f64::from(view.burst.unwrap()) <= 50.0);
        assert!(of(&whatsapp).is_none(), "it has the defaults of its pool");
        let slower = Limits {
            rate: Some((3.0, 1)),
            ..Limits::default()
        };
        lanes::set(&mut conn, pools::WHATSAPP, &greenapi, &slower)
            .await
            .unwrap();
        shop.add_channel(ChannelKind::GreenApi, INSTANCE).await;
        let listed = lanes::list(&mut conn).await.unwrap();
        let view = listed.iter().find(|view| view.lane == greenapi).unwrap();
        assert_eq!(view.rate, Some(3.0), "new credentials change no limit");
    }
}
