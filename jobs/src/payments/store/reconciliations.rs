//! SQL of reconciliations and differences.

use kazi_platform::Timestamp;
use serde_json::Value;

use crate::{
    Work,
    payments::{
        Cause, DifferenceId, DifferenceView, PaymentAccountId, PaymentId, ReconciliationId,
        ReconciliationView, reconcile::Tally,
    },
};

/// The end of the last successful reconciliation.
pub async fn last_until(
    work: &mut Work,
    account: PaymentAccountId,
) -> Result<Option<Timestamp>, sqlx::Error> {
    sqlx::query_scalar!(
        "SELECT max(until_at) FROM reconciliations WHERE workspace_id = $1 AND account_id = $2 AND status = 'done'",
        work.workspace().uuid(),
        account.uuid()
    )
    .fetch_one(work.conn())
    .await
}

/// Begins a reconciliation, or begins it again.
pub async fn begin(
    work: &mut Work,
    id: ReconciliationId,
    account: PaymentAccountId,
    (from, until): (Timestamp, Timestamp),
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO reconciliations (workspace_id, id, account_id, from_at, until_at, started_at)
         VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (workspace_id, id) DO UPDATE SET status = 'running', from_at = $4, until_at = $5, error = NULL",
        work.workspace().uuid(),
        id.uuid(),
        account.uuid(),
        from,
        until,
        work.now()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

pub async fn end(
    work: &mut Work,
    id: ReconciliationId,
    tally: &Tally,
    error: Option<&str>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE reconciliations SET status = CASE WHEN $8::text IS NULL THEN 'done' ELSE 'failed' END, events = $3,
                sessions = $4, transactions = $5, repaired = $6, differences = $7, error = $8, finished_at = $9
         WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        id.uuid(),
        tally.events,
        tally.sessions,
        tally.transactions,
        tally.repaired,
        tally.differences,
        error,
        work.now()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// The reconciliations, newest first, before the given one.
pub async fn reconciliations(
    work: &mut Work,
    only: Option<ReconciliationId>,
    after: Option<ReconciliationId>,
    limit: i64,
) -> Result<Vec<ReconciliationView>, sqlx::Error> {
    sqlx::query_as!(
        ReconciliationView,
        r#"SELECT id AS "id: ReconciliationId", status, from_at, until_at, events, sessions, transactions, repaired,
                  differences, error, started_at, finished_at
           FROM reconciliations
           WHERE workspace_id = $1 AND ($2::uuid IS NULL OR id = $2) AND ($3::uuid IS NULL OR id < $3)
           ORDER BY id DESC LIMIT $4"#,
        work.workspace().uuid(),
        only.map(ReconciliationId::uuid),
        after.map(ReconciliationId::uuid),
        limit
    )
    .fetch_all(work.conn())
    .await
}

/// A difference.
pub struct Found<'a> {
    pub account: PaymentAccountId,
    pub cause: Cause,
    pub reference: &'a str,
    pub payment: Option<PaymentId>,
    pub reconciliation: Option<ReconciliationId>,
    pub detail: &'a Value,
}

/// Stores a difference. Returns true when it is new.
pub async fn find(work: &mut Work, found: &Found<'_>) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"INSERT INTO payment_differences AS d (workspace_id, id, account_id, cause, reference, payment_id,
                                                 reconciliation_id, detail, repaired, found_at, seen_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10)
           ON CONFLICT (workspace_id, account_id, cause, reference) DO UPDATE SET seen_at = $10
           RETURNING id = $2 AS "new!""#,
        work.workspace().uuid(),
        DifferenceId::new().uuid(),
        found.account.uuid(),
        found.cause.name(),
        found.reference,
        found.payment.map(PaymentId::uuid),
        found.reconciliation.map(ReconciliationId::uuid),
        found.detail,
        found.cause.repaired(),
        work.now()
    )
    .fetch_one(work.conn())
    .await
}

/// The differences of one reconciliation or of all, newest first, before the given one.
pub async fn differences(
    work: &mut Work,
    reconciliation: Option<ReconciliationId>,
    open: bool,
    after: Option<DifferenceId>,
    limit: i64,
) -> Result<Vec<DifferenceView>, sqlx::Error> {
    sqlx::query_as!(
        DifferenceView,
        r#"SELECT id AS "id: DifferenceId", cause, reference, payment_id AS "payment: PaymentId", detail, repaired,
                  found_at, seen_at
           FROM payment_differences
           WHERE workspace_id = $1 AND ($2::uuid IS NULL OR reconciliation_id = $2) AND (NOT $3 OR NOT repaired)
             AND ($4::uuid IS NULL OR id < $4)
           ORDER BY id DESC LIMIT $5"#,
        work.workspace().uuid(),
        reconciliation.map(ReconciliationId::uuid),
        open,
        after.map(DifferenceId::uuid),
        limit
    )
    .fetch_all(work.conn())
    .await
}
