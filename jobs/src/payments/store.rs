//! SQL of payments.

pub mod accounts;
pub mod events;
pub mod ledger;
pub mod reconciliations;
pub mod refunds;

use kazi_platform::{Currency, Money, Timestamp};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{NewPayment, PaymentAccountId, PaymentId, PaymentView, Status, Subject};
use crate::{
    Work,
    contacts::ContactId,
    payments::{OrderId, SubscriptionId},
};

/// A payment, for jobs.
#[derive(Clone, Debug)]
pub(super) struct PaymentRow {
    pub id: PaymentId,
    pub account: Option<PaymentAccountId>,
    pub subject: Subject,
    pub amount: Money,
    pub description: String,
    pub status: Status,
    pub expires_at: Timestamp,
    pub key_number: i16,
    pub requested_at: Option<Timestamp>,
    pub session_ends_at: Option<Timestamp>,
    pub unclear: bool,
    pub session: Option<String>,
    pub url: Option<String>,
    pub intent: Option<String>,
    pub received: Option<Money>,
    pub refunded_minor: i64,
    pub error: Option<String>,
    pub paid_at: Option<Timestamp>,
}

pub(super) async fn insert(
    work: &mut Work,
    account: Option<PaymentAccountId>,
    new: &NewPayment<'_>,
) -> Result<bool, sqlx::Error> {
    let (kind, subject) = new.subject.stored();
    let inserted = sqlx::query!(
        "INSERT INTO payments (workspace_id, id, account_id, subject_kind, subject_id, contact_id, amount_minor, currency,
                               description, expires_at, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11) ON CONFLICT (workspace_id, id) DO NOTHING",
        work.workspace().uuid(),
        new.id.uuid(),
        account.map(PaymentAccountId::uuid),
        kind,
        subject,
        new.contact.uuid(),
        new.amount.minor,
        new.amount.currency.code(),
        new.description,
        new.expires_at,
        work.now()
    )
    .execute(work.conn())
    .await?;
    Ok(inserted.rows_affected() == 1)
}

/// The key of a payment.
#[derive(Clone, Copy, Debug)]
pub(super) enum By<'a> {
    Id(PaymentId),
    Intent(&'a str),
}

/// Locks a payment until the transaction ends, so that two settlements come one after the other.
pub(super) async fn hold(work: &mut Work, by: By<'_>) -> Result<Option<PaymentRow>, sqlx::Error> {
    let (id, intent) = match by {
        By::Id(id) => (Some(id.uuid()), None),
        By::Intent(intent) => (None, Some(intent)),
    };
    let row = sqlx::query!(
        r#"SELECT id AS "id: PaymentId", account_id AS "account: PaymentAccountId", subject_kind, subject_id, amount_minor,
                  currency, description, status, expires_at, key_number, requested_at, session_ends_at, unclear,
                  session_id, url, intent_id, received_minor, received_currency, refunded_minor, error, paid_at
           FROM payments
           WHERE workspace_id = $1 AND ($2::uuid IS NULL OR id = $2) AND ($3::text IS NULL OR intent_id = $3)
           FOR UPDATE"#,
        work.workspace().uuid(),
        id,
        intent
    )
    .fetch_optional(work.conn())
    .await?;
    let Some(row) = row else { return Ok(None) };
    let unreadable = || sqlx::Error::decode("a payment with a word of a newer program");
    let currency = |code: &str| code.parse::<Currency>().map_err(|_| unreadable());
    Ok(Some(PaymentRow {
        id: row.id,
        account: row.account,
        subject: Subject::read(&row.subject_kind, row.subject_id).ok_or_else(unreadable)?,
        amount: Money {
            minor: row.amount_minor,
            currency: currency(&row.currency)?,
        },
        description: row.description,
        status: row.status.parse().map_err(sqlx::Error::decode)?,
        expires_at: row.expires_at,
        key_number: row.key_number,
        requested_at: row.requested_at,
        session_ends_at: row.session_ends_at,
        unclear: row.unclear,
        session: row.session_id,
        url: row.url,
        intent: row.intent_id,
        received: match row.received_currency {
            Some(code) => Some(Money {
                minor: row.received_minor,
                currency: currency(&code)?,
            }),
            None => None,
        },
        refunded_minor: row.refunded_minor,
        error: row.error,
        paid_at: row.paid_at,
    }))
}

/// Stores the changes of a locked payment.
pub(super) async fn save(work: &mut Work, row: &PaymentRow) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE payments SET account_id = $3, status = $4, key_number = $5, requested_at = $6, session_ends_at = $7,
                unclear = $8, session_id = $9, url = $10, intent_id = $11, received_minor = $12, received_currency = $13,
                refunded_minor = $14, error = $15, paid_at = $16, updated_at = $17
         WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        row.id.uuid(),
        row.account.map(PaymentAccountId::uuid),
        row.status.name(),
        row.key_number,
        row.requested_at,
        row.session_ends_at,
        row.unclear,
        row.session,
        row.url,
        row.intent,
        row.received.map_or(0, |money| money.minor),
        row.received.map(|money| money.currency.code().to_owned()),
        row.refunded_minor,
        row.error,
        row.paid_at,
        work.now()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// A payment for the reconciliation, without a lock.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub id: PaymentId,
    pub status: Status,
    pub session: Option<String>,
    pub received: bool,
}

pub(super) async fn known(work: &mut Work, ids: &[Uuid]) -> Result<Vec<Known>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT id AS "id: PaymentId", status, session_id, received_currency IS NOT NULL AS "received!" FROM payments
           WHERE workspace_id = $1 AND id = ANY($2)"#,
        work.workspace().uuid(),
        ids
    )
    .fetch_all(work.conn())
    .await?;
    let known = rows.into_iter().filter_map(|row| {
        Some(Known {
            id: row.id,
            status: row.status.parse().ok()?,
            session: row.session_id,
            received: row.received,
        })
    });
    Ok(known.collect())
}

/// Payments whose session should have ended, and those that wait for a slow method, oldest first, after the given one.
pub(super) async fn overdue(
    work: &mut Work,
    account: PaymentAccountId,
    before: Timestamp,
    after: Uuid,
    limit: i64,
) -> Result<Vec<(PaymentId, String)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT id AS "id: PaymentId", session_id AS "session!" FROM payments
           WHERE workspace_id = $1 AND account_id = $2 AND status IN ('open', 'processing') AND session_id IS NOT NULL
             AND session_ends_at < $3 AND id > $4
           ORDER BY id LIMIT $5"#,
        work.workspace().uuid(),
        account.uuid(),
        before,
        after,
        limit
    )
    .fetch_all(work.conn())
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.session)).collect())
}

/// Returns true while money may still come through an account.
pub(super) async fn any_waits(
    work: &mut Work,
    account: PaymentAccountId,
) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM payments WHERE workspace_id = $1 AND account_id = $2
             AND status IN ('requested', 'open', 'processing')) AS "any!""#,
        work.workspace().uuid(),
        account.uuid()
    )
    .fetch_one(work.conn())
    .await
}

/// Counts payments with wrong money. A person must look at each.
pub async fn count_mismatched(conn: &mut PgConnection) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(r#"SELECT count(*) AS "n!" FROM payments WHERE status = 'mismatched'"#)
        .fetch_one(conn)
        .await
}

/// Counts the payments by status.
pub async fn count_by_status(work: &mut Work) -> Result<Vec<(String, i64)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT status, count(*) AS "n!" FROM payments WHERE workspace_id = $1 GROUP BY status"#,
        work.workspace().uuid()
    )
    .fetch_all(work.conn())
    .await?;
    Ok(rows.into_iter().map(|row| (row.status, row.n)).collect())
}

/// Returns true when the payment was paid by a method that takes days and its outcome is not known.
pub async fn is_processing(work: &mut Work, payment: PaymentId) -> Result<bool, sqlx::Error> {
    let found = sqlx::query_scalar!(
        r#"SELECT status = 'processing' AS "is!" FROM payments WHERE workspace_id = $1 AND id = $2"#,
        work.workspace().uuid(),
        payment.uuid()
    )
    .fetch_optional(work.conn())
    .await?;
    Ok(found.unwrap_or(false))
}

/// All given conditions must hold.
#[derive(Clone, Debug, Default)]
pub struct PaymentFilter {
    pub status: Option<Status>,
    pub order: Option<OrderId>,
    pub subscription: Option<SubscriptionId>,
    pub contact: Option<ContactId>,
}

pub async fn count(work: &mut Work, filter: &PaymentFilter) -> Result<i64, sqlx::Error> {
    let subject = filter.order.map(OrderId::uuid);
    let subject = subject.or(filter.subscription.map(SubscriptionId::uuid));
    sqlx::query_scalar!(
        r#"SELECT count(*) AS "n!" FROM payments
           WHERE workspace_id = $1 AND ($2::text IS NULL OR status = $2) AND ($3::uuid IS NULL OR subject_id = $3)
             AND ($4::uuid IS NULL OR contact_id = $4)"#,
        work.workspace().uuid(),
        filter.status.map(Status::name),
        subject,
        filter.contact.map(ContactId::uuid)
    )
    .fetch_one(work.conn())
    .await
}

/// The payments, newest first, before the given one.
pub async fn payments(
    work: &mut Work,
    filter: &PaymentFilter,
    only: Option<PaymentId>,
    after: Option<PaymentId>,
    limit: i64,
) -> Result<Vec<PaymentView>, sqlx::Error> {
    let subject = filter.order.map(OrderId::uuid);
    let subject = subject.or(filter.subscription.map(SubscriptionId::uuid));
    let rows = sqlx::query!(
        r#"SELECT id AS "id: PaymentId", subject_kind, subject_id, contact_id AS "contact: ContactId", amount_minor,
                  currency, description, status, url, session_id, intent_id, received_minor, received_currency,
                  refunded_minor, error, expires_at, paid_at, created_at, updated_at
           FROM payments
           WHERE workspace_id = $1 AND ($2::uuid IS NULL OR id = $2) AND ($3::uuid IS NULL OR id < $3)
             AND ($4::text IS NULL OR status = $4) AND ($5::uuid IS NULL OR subject_id = $5)
             AND ($6::uuid IS NULL OR contact_id = $6)
           ORDER BY id DESC LIMIT $7"#,
        work.workspace().uuid(),
        only.map(PaymentId::uuid),
        after.map(PaymentId::uuid),
        filter.status.map(Status::name),
        subject,
        filter.contact.map(ContactId::uuid),
        limit
    )
    .fetch_all(work.conn())
    .await?;
    let view = rows.into_iter().map(|row| PaymentView {
        subject_id: match Subject::read(&row.subject_kind, row.subject_id) {
            Some(Subject::Order(id)) => id.to_string(),
            Some(Subject::Subscription(id)) => id.to_string(),
            Some(Subject::Credits(id)) => id.to_string(),
            None => row.subject_id.to_string(),
        },
        // An address only for payments that can still be paid.
        url: row.url.filter(|_| row.status == Status::Open.name()),
        id: row.id,
        subject_kind: row.subject_kind,
        contact_id: row.contact,
        amount_minor: row.amount_minor,
        currency: row.currency,
        description: row.description,
        status: row.status,
        session_id: row.session_id,
        intent_id: row.intent_id,
        received_minor: row.received_minor,
        received_currency: row.received_currency,
        refunded_minor: row.refunded_minor,
        error: row.error,
        expires_at: row.expires_at,
        paid_at: row.paid_at,
        created_at: row.created_at,
        updated_at: row.updated_at,
    });
    Ok(view.collect())
}
