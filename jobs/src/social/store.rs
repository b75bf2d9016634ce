//! SQL of the accounts. The other tables have modules of their own.

pub mod contents;
pub mod course;
pub mod publications;
pub mod schedules;

use crate::Work;
use kazi_platform::{
    Timestamp, WorkspaceId,
    crypto::{CryptoError, Keyring},
};
use secrecy::{ExposeSecret, SecretString};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{Account, AccountId, Network};

fn place(id: AccountId) -> String {
    format!("social_accounts/{id}/token")
}

async fn seal(
    work: &mut Work,
    keyring: &Keyring,
    id: AccountId,
    token: &SecretString,
) -> Result<Vec<u8>, CryptoError> {
    let plain = token.expose_secret().as_bytes();
    let workspace = work.workspace();
    keyring
        .seal(work.conn(), workspace, &place(id), plain)
        .await
}

async fn open(
    work: &mut Work,
    keyring: &Keyring,
    id: AccountId,
    sealed: &[u8],
) -> Result<SecretString, CryptoError> {
    let workspace = work.workspace();
    let plain = keyring
        .open(work.conn(), workspace, &place(id), sealed)
        .await?;
    let text = String::from_utf8(plain).map_err(|_| CryptoError::DoesNotOpen)?;
    Ok(text.into())
}

/// The last characters of a token, to tell two apart. Empty for a short token.
fn hint(token: &SecretString) -> &str {
    let token = token.expose_secret();
    match token.char_indices().rev().nth(3) {
        Some((at, _)) if at >= 8 => &token[at..],
        _ => "",
    }
}

/// The connected accounts, oldest first.
pub async fn accounts(
    work: &mut Work,
    after: Option<AccountId>,
    limit: i64,
) -> Result<Vec<Account>, sqlx::Error> {
    sqlx::query_as!(
        Account,
        r#"SELECT id AS "id: AccountId", network AS "network: Network", external_id, name, status, status_reason,
                  token_hint, token_expires_at, checked_at, created_at, updated_at, version
           FROM social_accounts
           WHERE workspace_id = $1 AND status <> 'disconnected' AND ($2::uuid IS NULL OR id > $2)
           ORDER BY id LIMIT $3"#,
        work.workspace().uuid(),
        after.map(AccountId::uuid),
        limit
    )
    .fetch_all(work.conn())
    .await
}

/// A connected account.
pub async fn account(work: &mut Work, id: AccountId) -> Result<Option<Account>, sqlx::Error> {
    sqlx::query_as!(
        Account,
        r#"SELECT id AS "id: AccountId", network AS "network: Network", external_id, name, status, status_reason,
                  token_hint, token_expires_at, checked_at, created_at, updated_at, version
           FROM social_accounts WHERE workspace_id = $1 AND id = $2 AND status <> 'disconnected'"#,
        work.workspace().uuid(),
        id.uuid()
    )
    .fetch_optional(work.conn())
    .await
}

/// Locks an account until the transaction ends. Returns false when it is not connected.
pub(super) async fn lock(work: &mut Work, id: AccountId) -> Result<bool, sqlx::Error> {
    let row = sqlx::query_scalar!(
        "SELECT 1 FROM social_accounts WHERE workspace_id = $1 AND id = $2 AND status <> 'disconnected' FOR UPDATE",
        work.workspace().uuid(),
        id.uuid()
    )
    .fetch_optional(work.conn())
    .await?;
    Ok(row.is_some())
}

/// A new account, as its network describes it.
pub(super) struct NewAccount<'a> {
    pub network: Network,
    pub external_id: &'a str,
    pub name: &'a str,
    pub token: &'a SecretString,
    pub token_expires_at: Option<Timestamp>,
}

/// Adds an account. Returns `None` when it is connected already.
pub(super) async fn insert(
    work: &mut Work,
    keyring: &Keyring,
    new: &NewAccount<'_>,
) -> Result<Option<AccountId>, CryptoError> {
    let id = AccountId::at(work.now());
    let sealed = seal(work, keyring, id, new.token).await?;
    let done = sqlx::query!(
        "INSERT INTO social_accounts (workspace_id, id, network, external_id, name, token, token_hint, token_expires_at,
                                      checked_at, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, $9)
         ON CONFLICT (workspace_id, network, external_id) WHERE status <> 'disconnected' DO NOTHING",
        work.workspace().uuid(),
        id.uuid(),
        new.network.name(),
        new.external_id,
        new.name,
        sealed,
        hint(new.token),
        new.token_expires_at,
        work.now()
    )
    .execute(work.conn())
    .await?;
    Ok((done.rows_affected() == 1).then_some(id))
}

/// Finds an account by the network's id.
pub(super) async fn by_external_id(
    work: &mut Work,
    network: Network,
    external_id: &str,
) -> Result<Option<AccountId>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT id AS "id: AccountId" FROM social_accounts
           WHERE workspace_id = $1 AND network = $2 AND external_id = $3 AND status <> 'disconnected'"#,
        work.workspace().uuid(),
        network.name(),
        external_id
    )
    .fetch_optional(work.conn())
    .await
}

/// Replaces a token.
pub(super) async fn set_token(
    work: &mut Work,
    keyring: &Keyring,
    id: AccountId,
    (token, expires_at): (&SecretString, Option<Timestamp>),
) -> Result<(), CryptoError> {
    let sealed = seal(work, keyring, id, token).await?;
    sqlx::query!(
        "UPDATE social_accounts SET token = $3, token_hint = $4, token_expires_at = $5, status = 'active',
                status_reason = NULL, checked_at = $6, warned_at = NULL, updated_at = clock_timestamp()
         WHERE workspace_id = $1 AND id = $2 AND status <> 'disconnected'",
        work.workspace().uuid(),
        id.uuid(),
        sealed,
        hint(token),
        expires_at,
        work.now()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// An account with its token, for a job.
pub(super) struct Connected {
    pub network: Network,
    pub external_id: String,
    pub token: SecretString,
    pub token_expires_at: Option<Timestamp>,
    pub warned_at: Option<Timestamp>,
}

/// An active account with its token.
pub(super) async fn connected(
    work: &mut Work,
    keyring: &Keyring,
    id: AccountId,
) -> Result<Option<Connected>, CryptoError> {
    let row = sqlx::query!(
        r#"SELECT network AS "network: Network", external_id, token, token_expires_at, warned_at
           FROM social_accounts WHERE workspace_id = $1 AND id = $2 AND status = 'active'"#,
        work.workspace().uuid(),
        id.uuid()
    )
    .fetch_optional(work.conn())
    .await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(Connected {
        network: row.network,
        external_id: row.external_id,
        token: open(work, keyring, id, &row.token).await?,
        token_expires_at: row.token_expires_at,
        warned_at: row.warned_at,
    }))
}

/// Stores that the network has accepted the token.
pub(super) async fn set_checked(
    work: &mut Work,
    id: AccountId,
    name: Option<&str>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE social_accounts SET checked_at = $3, name = coalesce($4, name)
         WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        id.uuid(),
        work.now(),
        name
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Stores that the admins know of the token's end.
pub(super) async fn set_warned(work: &mut Work, id: AccountId) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE social_accounts SET warned_at = $3 WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        id.uuid(),
        work.now()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Stops an account whose token the network refuses, and returns its name. Returns `None` when it was not active or has
/// another token now.
pub(super) async fn set_refused(
    work: &mut Work,
    id: AccountId,
    words: &str,
    token: &SecretString,
) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar!(
        "UPDATE social_accounts SET status = 'refused', status_reason = $3, updated_at = clock_timestamp()
         WHERE workspace_id = $1 AND id = $2 AND status = 'active' AND token_hint = $4
         RETURNING name",
        work.workspace().uuid(),
        id.uuid(),
        words,
        hint(token)
    )
    .fetch_optional(work.conn())
    .await
}

/// Disconnects an account and deletes its token.
pub(super) async fn disconnect(work: &mut Work, id: AccountId) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE social_accounts SET status = 'disconnected', token = '', token_hint = '', updated_at = clock_timestamp()
         WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        id.uuid()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// The active accounts of all workspaces, by id.
pub(super) async fn active(
    conn: &mut PgConnection,
    after: Uuid,
    limit: i64,
) -> Result<Vec<(WorkspaceId, AccountId)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT workspace_id AS "workspace: WorkspaceId", id AS "id: AccountId" FROM social_accounts
           WHERE status = 'active' AND id > $1 ORDER BY id LIMIT $2"#,
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

/// Counts the refused accounts of all workspaces.
pub async fn count_refused(conn: &mut PgConnection) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!" FROM social_accounts WHERE status = 'refused'"#
    )
    .fetch_one(conn)
    .await
}

pub(super) fn sealed_place(id: Uuid) -> String {
    place(id.into())
}

pub(super) async fn all_sealed(work: &mut Work) -> Result<Vec<(Uuid, Vec<u8>)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT id AS "id: AccountId", token FROM social_accounts
           WHERE workspace_id = $1 AND length(token) > 0 ORDER BY id FOR UPDATE"#,
        work.workspace().uuid()
    )
    .fetch_all(work.conn())
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.id.uuid(), row.token))
        .collect())
}

pub(super) async fn replace_sealed(
    work: &mut Work,
    id: Uuid,
    sealed: Vec<u8>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE social_accounts SET token = $3 WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        id,
        sealed
    )
    .execute(work.conn())
    .await?;
    Ok(())
}
