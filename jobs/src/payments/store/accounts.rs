//! SQL of the accounts at Stripe.

use kazi_platform::{
    Timestamp, WorkspaceId,
    crypto::{CryptoError, Keyring},
};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{
    Work,
    payments::{
        PaymentAccountId,
        accounts::{AccountView, Credentials, PaymentAccount},
    },
};

fn place(id: PaymentAccountId) -> String {
    format!("payment_accounts/{id}/credentials")
}

async fn seal(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    keyring: &Keyring,
    id: PaymentAccountId,
    credentials: &Credentials,
) -> Result<Vec<u8>, CryptoError> {
    let plain = serde_json::to_vec(credentials).map_err(|_| CryptoError::DoesNotOpen)?;
    keyring.seal(conn, workspace, &place(id), &plain).await
}

async fn open(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    keyring: &Keyring,
    id: PaymentAccountId,
    sealed: &[u8],
) -> Result<Credentials, CryptoError> {
    let plain = keyring.open(conn, workspace, &place(id), sealed).await?;
    serde_json::from_slice(&plain).map_err(|_| CryptoError::DoesNotOpen)
}

/// An account, in use or refused, with its workspace. For a webhook, in any workspace.
pub async fn find(
    conn: &mut PgConnection,
    keyring: &Keyring,
    id: PaymentAccountId,
) -> Result<Option<PaymentAccount>, CryptoError> {
    let row = sqlx::query!(
        r#"SELECT workspace_id AS "workspace: WorkspaceId", account, live, credentials, status, created_at
           FROM payment_accounts WHERE id = $1 AND status <> 'disabled'"#,
        id.uuid()
    )
    .fetch_optional(&mut *conn)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let credentials = open(conn, row.workspace, keyring, id, &row.credentials).await?;
    Ok(Some(PaymentAccount {
        workspace: row.workspace,
        id,
        account: row.account,
        live: row.live,
        active: row.status == "active",
        created_at: row.created_at,
        credentials,
    }))
}

/// The account in use.
pub async fn current(work: &mut Work) -> Result<Option<PaymentAccountId>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT id AS "id: PaymentAccountId" FROM payment_accounts WHERE workspace_id = $1 AND status <> 'disabled'"#,
        work.workspace().uuid()
    )
    .fetch_optional(work.conn())
    .await
}

pub async fn view(work: &mut Work) -> Result<Option<AccountView>, sqlx::Error> {
    sqlx::query_as!(
        AccountView,
        r#"SELECT id AS "id: PaymentAccountId", account, live, key_hint, has_webhook_secret, status, status_reason,
                  created_at, updated_at
           FROM payment_accounts WHERE workspace_id = $1 AND status <> 'disabled'"#,
        work.workspace().uuid()
    )
    .fetch_optional(work.conn())
    .await
}

/// The accounts in use of all workspaces, after the given one.
pub async fn in_use(
    conn: &mut PgConnection,
    after: PaymentAccountId,
    limit: i64,
) -> Result<Vec<(WorkspaceId, PaymentAccountId)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT workspace_id AS "workspace: WorkspaceId", id AS "id: PaymentAccountId" FROM payment_accounts
           WHERE status = 'active' AND id > $1 ORDER BY id LIMIT $2"#,
        after.uuid(),
        limit
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.workspace, row.id))
        .collect())
}

/// Adds an account, or replaces the secrets of the present one.
pub async fn put(
    conn: &mut PgConnection,
    keyring: &Keyring,
    now: Timestamp,
    account: &PaymentAccount,
) -> Result<(), CryptoError> {
    let PaymentAccount {
        workspace,
        id,
        credentials,
        ..
    } = account;
    let sealed = seal(&mut *conn, *workspace, keyring, *id, credentials).await?;
    sqlx::query!(
        "INSERT INTO payment_accounts (workspace_id, id, account, live, credentials, key_hint, has_webhook_secret,
                                       created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)
         ON CONFLICT (workspace_id, id) DO UPDATE
             SET credentials = $5, key_hint = $6, has_webhook_secret = $7, live = $4, status = 'active',
                 status_reason = NULL, updated_at = $8",
        workspace.uuid(),
        id.uuid(),
        account.account,
        account.live,
        sealed,
        credentials.hint(),
        credentials.webhook_secret.is_some(),
        now
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Disconnects an account and deletes its secrets.
pub async fn disable(work: &mut Work, id: PaymentAccountId) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE payment_accounts SET status = 'disabled', credentials = '', key_hint = '', updated_at = $3
         WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        id.uuid(),
        work.now()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Stores that Stripe refuses the key. Returns false when that was known.
pub async fn refuse(
    work: &mut Work,
    id: PaymentAccountId,
    words: &str,
) -> Result<bool, sqlx::Error> {
    let refused = sqlx::query!(
        "UPDATE payment_accounts SET status = 'refused', status_reason = $3, updated_at = $4
         WHERE workspace_id = $1 AND id = $2 AND status = 'active'",
        work.workspace().uuid(),
        id.uuid(),
        words,
        work.now()
    )
    .execute(work.conn())
    .await?;
    Ok(refused.rows_affected() == 1)
}

pub(in crate::payments) fn sealed_place(id: Uuid) -> String {
    place(id.into())
}

pub(in crate::payments) async fn all_sealed(
    work: &mut Work,
) -> Result<Vec<(Uuid, Vec<u8>)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT id AS "id: PaymentAccountId", credentials FROM payment_accounts
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

pub(in crate::payments) async fn replace_sealed(
    work: &mut Work,
    id: Uuid,
    sealed: Vec<u8>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE payment_accounts SET credentials = $3 WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        id,
        sealed
    )
    .execute(work.conn())
    .await?;
    Ok(())
}
