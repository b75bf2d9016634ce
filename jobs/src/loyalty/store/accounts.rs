//! SQL of the accounts.

use crate::{Work, contacts::ContactId};

/// Makes an account if there is none, and locks it. Returns the balance.
pub async fn lock(work: &mut Work, contact: ContactId) -> Result<i64, sqlx::Error> {
    sqlx::query!(
        "INSERT INTO loyalty_accounts (workspace_id, contact_id, created_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        work.workspace().uuid(),
        contact.uuid(),
        work.now()
    )
    .execute(work.conn())
    .await?;
    sqlx::query_scalar!(
        "SELECT balance FROM loyalty_accounts WHERE workspace_id = $1 AND contact_id = $2 FOR UPDATE",
        work.workspace().uuid(),
        contact.uuid()
    )
    .fetch_one(work.conn())
    .await
}

pub async fn balance(work: &mut Work, contact: ContactId) -> Result<Option<i64>, sqlx::Error> {
    sqlx::query_scalar!(
        "SELECT balance FROM loyalty_accounts WHERE workspace_id = $1 AND contact_id = $2",
        work.workspace().uuid(),
        contact.uuid()
    )
    .fetch_optional(work.conn())
    .await
}
