//! SQL of the endpoints. Announcements and deliveries have modules of their own.

pub mod deliveries;
pub mod removal;

use kazi_platform::{
    Timestamp,
    crypto::{CryptoError, Keyring},
    without_nul,
};
use secrecy::{ExposeSecret, SecretString};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{
    Endpoint, EndpointId, NewEndpoint, Stopped,
    secret::{NEW, OLD, place},
};
use crate::Work;

struct Row {
    id: EndpointId,
    url: String,
    description: String,
    event_types: Option<Vec<String>>,
    enabled: bool,
    stopped: Option<Stopped>,
    failing_since: Option<Timestamp>,
    old_secret_until: Option<Timestamp>,
    created_at: Timestamp,
    updated_at: Timestamp,
    version: i64,
}

impl From<Row> for Endpoint {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            url: row.url,
            description: row.description,
            event_types: row.event_types,
            enabled: row.enabled,
            stopped: row.stopped,
            failing_since: row.failing_since,
            old_secret_until: row.old_secret_until,
            created_at: row.created_at,
            updated_at: row.updated_at,
            version: row.version,
        }
    }
}

/// The endpoints, oldest first.
pub async fn endpoints(
    work: &mut Work,
    after: Option<EndpointId>,
    limit: i64,
) -> Result<Vec<Endpoint>, sqlx::Error> {
    let rows = sqlx::query_as!(
        Row,
        r#"SELECT id AS "id: EndpointId", url, description, event_types, enabled, stopped AS "stopped: Stopped",
                  failing_since, old_secret_until, created_at, updated_at, version
           FROM endpoints WHERE workspace_id = $1 AND deleted_at IS NULL AND ($2::uuid IS NULL OR id > $2)
           ORDER BY id LIMIT $3"#,
        work.workspace().uuid(),
        after.map(EndpointId::uuid),
        limit
    )
    .fetch_all(work.conn())
    .await?;
    Ok(rows.into_iter().map(Endpoint::from).collect())
}

pub async fn endpoint(work: &mut Work, id: EndpointId) -> Result<Option<Endpoint>, sqlx::Error> {
    let row = sqlx::query_as!(
        Row,
        r#"SELECT id AS "id: EndpointId", url, description, event_types, enabled, stopped AS "stopped: Stopped",
                  failing_since, old_secret_until, created_at, updated_at, version
           FROM endpoints WHERE workspace_id = $1 AND id = $2 AND deleted_at IS NULL"#,
        work.workspace().uuid(),
        id.uuid()
    )
    .fetch_optional(work.conn())
    .await?;
    Ok(row.map(Endpoint::from))
}

/// Locks an endpoint until the transaction ends.
pub(super) async fn lock(work: &mut Work, id: EndpointId) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "SELECT id FROM endpoints WHERE workspace_id = $1 AND id = $2 FOR UPDATE",
        work.workspace().uuid(),
        id.uuid()
    )
    .fetch_optional(work.conn())
    .await?;
    Ok(())
}

/// Lets one transaction at a time add an endpoint, so that the limit of their number holds.
pub(super) async fn lock_all(work: &mut Work) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "SELECT pg_advisory_xact_lock(hashtextextended('endpoints:' || $1::text, 0))",
        work.workspace().uuid().to_string()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

pub(super) async fn count(work: &mut Work) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT count(*) AS "n!" FROM endpoints WHERE workspace_id = $1 AND deleted_at IS NULL"#,
        work.workspace().uuid()
    )
    .fetch_one(work.conn())
    .await
}

/// The endpoints that want events of a type.
pub(super) async fn wanting(
    work: &mut Work,
    event_type: &str,
) -> Result<Vec<EndpointId>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT id AS "id: EndpointId" FROM endpoints
           WHERE workspace_id = $1 AND enabled AND deleted_at IS NULL AND (event_types IS NULL OR $2 = ANY (event_types))
           ORDER BY id"#,
        work.workspace().uuid(),
        event_type
    )
    .fetch_all(work.conn())
    .await
}

async fn seal(
    work: &mut Work,
    keyring: &Keyring,
    (id, column): (EndpointId, &str),
    secret: &SecretString,
) -> Result<Vec<u8>, CryptoError> {
    let (workspace, plain) = (work.workspace(), secret.expose_secret().as_bytes());
    keyring
        .seal(work.conn(), workspace, &place(id, column), plain)
        .await
}

pub(super) async fn unseal(
    work: &mut Work,
    keyring: &Keyring,
    (id, column): (EndpointId, &str),
    sealed: &[u8],
) -> Result<SecretString, CryptoError> {
    let workspace = work.workspace();
    let plain = keyring
        .open(work.conn(), workspace, &place(id, column), sealed)
        .await?;
    let text = String::from_utf8(plain).map_err(|_| CryptoError::DoesNotOpen)?;
    Ok(text.into())
}

pub(super) async fn insert(
    work: &mut Work,
    keyring: &Keyring,
    id: EndpointId,
    (new, event_types): (&NewEndpoint, Option<&[String]>),
    secret: &SecretString,
) -> Result<(), CryptoError> {
    let sealed = seal(work, keyring, (id, NEW), secret).await?;
    sqlx::query!(
        "INSERT INTO endpoints (workspace_id, id, url, description, event_types, enabled, secret, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, true, $6, $7, $7)",
        work.workspace().uuid(),
        id.uuid(),
        new.url,
        without_nul(&new.description),
        event_types,
        sealed,
        work.now()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Saves what a member may change, and whether it is on. Without `failing_since` its failures are forgotten.
pub(super) async fn save(work: &mut Work, endpoint: &Endpoint) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE endpoints SET url = $3, description = $4, event_types = $5, enabled = $6, stopped = $7, failing_since = $8,
                failures = CASE WHEN $8::timestamptz IS NULL THEN 0 ELSE failures END, updated_at = $9
         WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        endpoint.id.uuid(),
        endpoint.url,
        without_nul(&endpoint.description),
        endpoint.event_types.as_deref(),
        endpoint.enabled,
        endpoint.stopped.map(Stopped::name),
        endpoint.failing_since,
        work.now()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Replaces the secret of a locked endpoint. The old one signs too until the given time.
pub(super) async fn rotate(
    work: &mut Work,
    keyring: &Keyring,
    id: EndpointId,
    secret: &SecretString,
    until: Timestamp,
) -> Result<(), CryptoError> {
    let row = sqlx::query!(
        "SELECT secret FROM endpoints WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        id.uuid()
    )
    .fetch_one(work.conn())
    .await?;
    let old = unseal(work, keyring, (id, NEW), &row.secret).await?;
    let old = seal(work, keyring, (id, OLD), &old).await?;
    let new = seal(work, keyring, (id, NEW), secret).await?;
    sqlx::query!(
        "UPDATE endpoints SET secret = $3, old_secret = $4, old_secret_until = $5, updated_at = $6
         WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        id.uuid(),
        new,
        old,
        until,
        work.now()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

pub(super) async fn delete(work: &mut Work, id: EndpointId) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE endpoints SET deleted_at = $3, enabled = false, secret = '', old_secret = NULL, old_secret_until = NULL,
                updated_at = $3
         WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        id.uuid(),
        work.now()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// An attempt has succeeded.
pub(super) async fn set_working(work: &mut Work, id: EndpointId) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE endpoints SET failing_since = NULL, failures = 0
         WHERE workspace_id = $1 AND id = $2 AND failing_since IS NOT NULL",
        work.workspace().uuid(),
        id.uuid()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// An attempt has failed. Returns the first failure since the last success, and their number. `None`: it is off or deleted.
pub(super) async fn count_failure(
    work: &mut Work,
    id: EndpointId,
) -> Result<Option<(Timestamp, i32)>, sqlx::Error> {
    let row = sqlx::query!(
        r#"UPDATE endpoints SET failing_since = coalesce(failing_since, $3), failures = failures + 1
           WHERE workspace_id = $1 AND id = $2 AND enabled
           RETURNING failing_since AS "failing_since!", failures"#,
        work.workspace().uuid(),
        id.uuid(),
        work.now()
    )
    .fetch_optional(work.conn())
    .await?;
    Ok(row.map(|row| (row.failing_since, row.failures)))
}

/// Counts the endpoints that Kazi has switched off, in all workspaces.
pub async fn count_stopped(conn: &mut PgConnection) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT count(*) AS "n!" FROM endpoints WHERE stopped IS NOT NULL AND deleted_at IS NULL"#
    )
    .fetch_one(conn)
    .await
}

/// Deletes the rows of deleted endpoints that have no delivery any more.
pub(super) async fn purge(conn: &mut PgConnection) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "DELETE FROM endpoints e WHERE deleted_at IS NOT NULL
         AND NOT EXISTS (SELECT FROM deliveries d WHERE d.workspace_id = e.workspace_id AND d.endpoint_id = e.id)"
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub(super) async fn all_sealed(work: &mut Work) -> Result<Vec<(Uuid, Vec<u8>)>, sqlx::Error> {
    let rows = sqlx::query!(
        "SELECT id, secret FROM endpoints WHERE workspace_id = $1 AND deleted_at IS NULL FOR UPDATE",
        work.workspace().uuid()
    )
    .fetch_all(work.conn())
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.secret)).collect())
}

pub(super) async fn replace_sealed(
    work: &mut Work,
    id: Uuid,
    sealed: Vec<u8>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE endpoints SET secret = $3 WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        id,
        sealed
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

pub(super) async fn all_old_sealed(work: &mut Work) -> Result<Vec<(Uuid, Vec<u8>)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT id, old_secret AS "old_secret!" FROM endpoints
           WHERE workspace_id = $1 AND old_secret IS NOT NULL FOR UPDATE"#,
        work.workspace().uuid()
    )
    .fetch_all(work.conn())
    .await?;
    let sealed = rows.into_iter().map(|row| (row.id, row.old_secret));
    Ok(sealed.collect())
}

pub(super) async fn replace_old_sealed(
    work: &mut Work,
    id: Uuid,
    sealed: Vec<u8>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE endpoints SET old_secret = $3 WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        id,
        sealed
    )
    .execute(work.conn())
    .await?;
    Ok(())
}
