//! SQL of refunds.

use kazi_platform::{Currency, Money, Timestamp};

use crate::{
    Work,
    payments::{PaymentId, RefundId, RefundView, Subject},
};

/// A refund, for jobs.
#[derive(Clone, Debug)]
pub struct RefundRow {
    pub id: RefundId,
    pub payment: PaymentId,
    pub intent: String,
    pub amount: Money,
    pub reason: String,
    /// `requested`, `pending`, `succeeded`, `failed`.
    pub status: String,
    pub key_number: i16,
    pub requested_at: Option<Timestamp>,
    pub unclear: bool,
    pub refund: Option<String>,
    pub error: Option<String>,
}

pub async fn insert(work: &mut Work, row: &RefundRow) -> Result<bool, sqlx::Error> {
    let inserted = sqlx::query!(
        "INSERT INTO refunds (workspace_id, id, payment_id, intent_id, amount_minor, currency, reason, status, refund_id,
                              created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10) ON CONFLICT DO NOTHING",
        work.workspace().uuid(),
        row.id.uuid(),
        row.payment.uuid(),
        row.intent,
        row.amount.minor,
        row.amount.currency.code(),
        row.reason,
        row.status,
        row.refund,
        work.now()
    )
    .execute(work.conn())
    .await?;
    Ok(inserted.rows_affected() == 1)
}

/// Locks a refund by our id or Stripe's until the transaction ends.
pub async fn hold(
    work: &mut Work,
    id: Option<RefundId>,
    refund: Option<&str>,
) -> Result<Option<RefundRow>, sqlx::Error> {
    let row = sqlx::query!(
        r#"SELECT id AS "id: RefundId", payment_id AS "payment: PaymentId", intent_id, amount_minor, currency, reason,
                  status, key_number, requested_at, unclear, refund_id, error
           FROM refunds WHERE workspace_id = $1 AND (id = $2 OR refund_id = $3) ORDER BY id = $2 DESC LIMIT 1 FOR UPDATE"#,
        work.workspace().uuid(),
        id.map(RefundId::uuid),
        refund
    )
    .fetch_optional(work.conn())
    .await?;
    let Some(row) = row else { return Ok(None) };
    let currency: Currency = row
        .currency
        .parse()
        .map_err(|_| sqlx::Error::decode("a refund in no currency"))?;
    Ok(Some(RefundRow {
        id: row.id,
        payment: row.payment,
        intent: row.intent_id,
        amount: Money {
            minor: row.amount_minor,
            currency,
        },
        reason: row.reason,
        status: row.status,
        key_number: row.key_number,
        requested_at: row.requested_at,
        unclear: row.unclear,
        refund: row.refund_id,
        error: row.error,
    }))
}

/// Stores the changes of a locked refund.
pub async fn save(work: &mut Work, row: &RefundRow) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE refunds SET status = $3, key_number = $4, requested_at = $5, unclear = $6, refund_id = $7, error = $8,
                updated_at = $9
         WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        row.id.uuid(),
        row.status,
        row.key_number,
        row.requested_at,
        row.unclear,
        row.refund,
        row.error,
        work.now()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// The refunds of an intent: the sum of all that may go back, and the sum that has gone.
pub async fn sums(
    work: &mut Work,
    payment: PaymentId,
    intent: &str,
    currency: Currency,
) -> Result<(i64, i64), sqlx::Error> {
    let row = sqlx::query!(
        r#"SELECT coalesce(sum(amount_minor) FILTER (WHERE status <> 'failed'), 0)::bigint AS "all!",
                  coalesce(sum(amount_minor) FILTER (WHERE status = 'succeeded'), 0)::bigint AS "gone!"
           FROM refunds WHERE workspace_id = $1 AND payment_id = $2 AND intent_id = $3 AND currency = $4"#,
        work.workspace().uuid(),
        payment.uuid(),
        intent,
        currency.code()
    )
    .fetch_one(work.conn())
    .await?;
    Ok((row.all, row.gone))
}

/// How much of a payment went back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gone {
    /// What the payment is for.
    pub of: Subject,
    /// Minor units that are with the customer again.
    pub minor: i64,
    /// What the customer had paid.
    pub whole: Money,
}

/// How much of a payment went back. `None`: there is no such payment, or nobody has paid it.
pub async fn gone(work: &mut Work, payment: PaymentId) -> Result<Option<Gone>, sqlx::Error> {
    let row = sqlx::query!(
        r#"SELECT p.subject_kind, p.subject_id, p.received_minor, p.received_currency AS "currency!",
                  coalesce((SELECT sum(r.amount_minor) FROM refunds r
                            WHERE r.workspace_id = p.workspace_id AND r.payment_id = p.id AND r.intent_id = p.intent_id
                              AND r.currency = p.received_currency AND r.status = 'succeeded'), 0)::bigint AS "gone!"
           FROM payments p WHERE p.workspace_id = $1 AND p.id = $2 AND p.received_currency IS NOT NULL"#,
        work.workspace().uuid(),
        payment.uuid()
    )
    .fetch_optional(work.conn())
    .await?;
    Ok(row.and_then(|row| {
        Some(Gone {
            of: Subject::read(&row.subject_kind, row.subject_id)?,
            minor: row.gone,
            whole: Money {
                minor: row.received_minor,
                currency: row.currency.parse().ok()?,
            },
        })
    }))
}

/// The refunds of a payment, newest first.
pub async fn refunds(work: &mut Work, payment: PaymentId) -> Result<Vec<RefundView>, sqlx::Error> {
    sqlx::query_as!(
        RefundView,
        r#"SELECT id AS "id: RefundId", amount_minor, currency, reason, status, refund_id, error, created_at
           FROM refunds WHERE workspace_id = $1 AND payment_id = $2 ORDER BY id DESC LIMIT 200"#,
        work.workspace().uuid(),
        payment.uuid()
    )
    .fetch_all(work.conn())
    .await
}
