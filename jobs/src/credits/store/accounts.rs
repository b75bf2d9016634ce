//! SQL of the accounts.

use crate::{Work, credits::books::Account};

/// Locks the account until the transaction ends.
pub async fn lock(work: &mut Work) -> Result<Option<Account>, sqlx::Error> {
    sqlx::query_as!(
        Account,
        "SELECT prepaid, available, reserved, spent, owed, low_mark, low_told, version
         FROM credit_accounts WHERE workspace_id = $1 FOR NO KEY UPDATE",
        work.workspace().uuid()
    )
    .fetch_optional(work.conn())
    .await
}

/// Reads the account as it was written last.
pub async fn read(work: &mut Work) -> Result<Option<Account>, sqlx::Error> {
    sqlx::query_as!(
        Account,
        "SELECT prepaid, available, reserved, spent, owed, low_mark, low_told, version
         FROM credit_accounts WHERE workspace_id = $1",
        work.workspace().uuid()
    )
    .fetch_optional(work.conn())
    .await
}

/// Reads the account as it is with all causes, without a lock.
pub async fn view(work: &mut Work) -> Result<Option<Account>, sqlx::Error> {
    // A cause that is late takes what is available, and what is not is owed.
    sqlx::query_as!(
        Account,
        r#"SELECT a.prepaid, greatest(a.available - a.owed + c.released - c.late, 0) AS "available!",
                  a.reserved - c.charged - c.released AS "reserved!", a.spent + c.charged + c.late AS "spent!",
                  greatest(a.owed - a.available - c.released + c.late, 0) AS "owed!",
                  a.low_mark, a.low_told, a.version
           FROM credit_accounts a CROSS JOIN LATERAL (
               SELECT coalesce(sum(credits) FILTER (WHERE kind = 'charge'), 0)::bigint AS charged,
                      coalesce(sum(credits) FILTER (WHERE kind = 'release'), 0)::bigint AS released,
                      coalesce(sum(credits) FILTER (WHERE kind = 'late'), 0)::bigint AS late
               FROM credit_causes WHERE workspace_id = a.workspace_id) c
           WHERE a.workspace_id = $1"#,
        work.workspace().uuid()
    )
    .fetch_optional(work.conn())
    .await
}

/// Returns true when new messages want credits.
pub async fn is_prepaid(work: &mut Work) -> Result<bool, sqlx::Error> {
    let found = sqlx::query_scalar!(
        "SELECT prepaid FROM credit_accounts WHERE workspace_id = $1",
        work.workspace().uuid()
    )
    .fetch_optional(work.conn())
    .await?;
    Ok(found.unwrap_or(false))
}

/// Makes the account, if there is none.
pub async fn make(work: &mut Work) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO credit_accounts (workspace_id, prepaid, created_at, updated_at) VALUES ($1, false, $2, $2)
         ON CONFLICT DO NOTHING",
        work.workspace().uuid(),
        work.now()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Writes the balances of a locked account.
pub async fn save(work: &mut Work, account: &Account) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE credit_accounts SET available = $2, reserved = $3, spent = $4, owed = $5, low_told = $6
         WHERE workspace_id = $1
           AND (available, reserved, spent, owed, low_told) IS DISTINCT FROM ($2, $3, $4, $5, $6)",
        work.workspace().uuid(),
        account.available,
        account.reserved,
        account.spent,
        account.owed,
        account.low_told
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Writes what people set.
pub async fn set(work: &mut Work, prepaid: bool, low_mark: i64) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE credit_accounts SET prepaid = $2, low_mark = $3, updated_at = $4 WHERE workspace_id = $1",
        work.workspace().uuid(),
        prepaid,
        low_mark,
        work.now()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}
