//! SQL of the documents.

pub mod settings;

use chrono::NaiveDate;
use kazi_platform::Timestamp;
use sqlx::types::Json;
use uuid::Uuid;

use super::{
    InvoiceFilter, InvoiceId, InvoiceKind, InvoiceView,
    model::{Buyer, Document, Paper},
};
use crate::{
    Work,
    contacts::ContactId,
    media::MediaId,
    payments::{OrderId, PaymentId},
};

/// Locks a series until the transaction ends, and returns its last number.
pub async fn lock_series(work: &mut Work, series: &str) -> Result<i64, sqlx::Error> {
    sqlx::query!(
        "INSERT INTO invoice_numbers (workspace_id, series) VALUES ($1, $2) ON CONFLICT DO NOTHING",
        work.workspace().uuid(),
        series
    )
    .execute(work.conn())
    .await?;
    sqlx::query_scalar!(
        "SELECT last FROM invoice_numbers WHERE workspace_id = $1 AND series = $2 FOR UPDATE",
        work.workspace().uuid(),
        series
    )
    .fetch_one(work.conn())
    .await
}

/// A document that is being issued. Its series is locked.
#[derive(Debug)]
pub struct New<'a> {
    pub id: InvoiceId,
    pub kind: InvoiceKind,
    pub number: &'a str,
    pub series: &'a str,
    pub serial: i64,
    pub subject: (&'a str, Uuid),
    pub cause: Uuid,
    pub payment: Option<PaymentId>,
    pub invoice: Option<InvoiceId>,
    pub credited_minor: i64,
    pub contact: ContactId,
    pub language: &'a str,
    pub currency: &'a str,
    pub total_minor: i64,
    pub issued_on: NaiveDate,
    pub paper: &'a Paper,
    pub buyer: &'a Buyer,
}

/// Writes a document and the last number of its locked series.
pub async fn insert(work: &mut Work, new: &New<'_>) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE invoice_numbers SET last = $3 WHERE workspace_id = $1 AND series = $2",
        work.workspace().uuid(),
        new.series,
        new.serial
    )
    .execute(work.conn())
    .await?;
    sqlx::query!(
        "INSERT INTO invoices (workspace_id, id, kind, number, series, serial, subject_kind, subject_id, cause_id, payment_id,
                               invoice_id, credited_minor, contact_id, language, currency, total_minor, issued_on, paper,
                               buyer, buyer_name, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)",
        work.workspace().uuid(),
        new.id.uuid(),
        new.kind.name(),
        new.number,
        new.series,
        new.serial,
        new.subject.0,
        new.subject.1,
        new.cause,
        new.payment.map(PaymentId::uuid),
        new.invoice.map(InvoiceId::uuid),
        new.credited_minor,
        new.contact.uuid(),
        new.language,
        new.currency,
        new.total_minor,
        new.issued_on,
        Json(new.paper) as _,
        Json(new.buyer) as _,
        new.buyer.name,
        work.now()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// The document of a kind for a cause.
pub async fn of_cause(
    work: &mut Work,
    kind: InvoiceKind,
    cause: Uuid,
) -> Result<Option<InvoiceId>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT id AS "id: InvoiceId" FROM invoices WHERE workspace_id = $1 AND kind = $2 AND cause_id = $3
           ORDER BY credited_minor DESC LIMIT 1"#,
        work.workspace().uuid(),
        kind.name(),
        cause
    )
    .fetch_optional(work.conn())
    .await
}

/// What credit notes have credited of a cause.
pub async fn credited(work: &mut Work, cause: Uuid) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT coalesce(max(credited_minor), 0) AS "minor!" FROM invoices
           WHERE workspace_id = $1 AND kind = 'credit_note' AND cause_id = $2"#,
        work.workspace().uuid(),
        cause
    )
    .fetch_one(work.conn())
    .await
}

struct Row {
    id: InvoiceId,
    kind: InvoiceKind,
    number: String,
    contact_id: ContactId,
    buyer_name: String,
    subject_kind: String,
    subject_id: Uuid,
    payment_id: Option<PaymentId>,
    invoice_id: Option<InvoiceId>,
    currency: String,
    total_minor: i64,
    language: String,
    issued_on: NaiveDate,
    sent_at: Option<Timestamp>,
    unreachable: Option<String>,
    mailed_at: Option<Timestamp>,
    created_at: Timestamp,
}

impl From<Row> for InvoiceView {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            kind: row.kind,
            number: row.number,
            contact_id: row.contact_id,
            buyer_name: row.buyer_name,
            subject_id: super::sale::shown(&row.subject_kind, row.subject_id),
            subject_kind: row.subject_kind,
            payment_id: row.payment_id,
            invoice_id: row.invoice_id,
            currency: row.currency,
            total_minor: row.total_minor,
            language: row.language,
            issued_on: row.issued_on,
            sent_at: row.sent_at,
            unreachable: row.unreachable,
            mailed_at: row.mailed_at,
            created_at: row.created_at,
        }
    }
}

/// The documents, newest first, after the given one.
pub async fn list(
    work: &mut Work,
    filter: &InvoiceFilter,
    after: Option<InvoiceId>,
    limit: i64,
) -> Result<Vec<InvoiceView>, sqlx::Error> {
    let rows = sqlx::query_as!(
        Row,
        r#"SELECT id AS "id: InvoiceId", kind AS "kind: InvoiceKind", number, contact_id AS "contact_id: ContactId",
                  buyer_name, subject_kind, subject_id, payment_id AS "payment_id: PaymentId",
                  invoice_id AS "invoice_id: InvoiceId", currency, total_minor, language, issued_on, sent_at, unreachable,
                  mailed_at, created_at
           FROM invoices
           WHERE workspace_id = $1 AND ($2::text IS NULL OR kind = $2) AND ($3::uuid IS NULL OR contact_id = $3)
             AND ($4::uuid IS NULL OR subject_id = $4) AND ($5::uuid IS NULL OR payment_id = $5)
             AND ($6::text IS NULL OR starts_with(lower(number), lower($6))
                  OR strpos(lower(buyer_name), lower($6)) > 0)
             AND ($7::date IS NULL OR issued_on >= $7) AND ($8::date IS NULL OR issued_on < $8)
             AND ($9::uuid IS NULL OR id < $9)
           ORDER BY id DESC LIMIT $10"#,
        work.workspace().uuid(),
        filter.kind.map(InvoiceKind::name),
        filter.contact_id.map(ContactId::uuid),
        filter.order_id.map(OrderId::uuid),
        filter.payment_id.map(PaymentId::uuid),
        filter.q,
        filter.from,
        filter.until,
        after.map(InvoiceId::uuid),
        limit
    )
    .fetch_all(work.conn())
    .await?;
    Ok(rows.into_iter().map(InvoiceView::from).collect())
}

pub async fn count(work: &mut Work, filter: &InvoiceFilter) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT count(*) AS "n!" FROM invoices
           WHERE workspace_id = $1 AND ($2::text IS NULL OR kind = $2) AND ($3::uuid IS NULL OR contact_id = $3)
             AND ($4::uuid IS NULL OR subject_id = $4) AND ($5::uuid IS NULL OR payment_id = $5)
             AND ($6::text IS NULL OR starts_with(lower(number), lower($6))
                  OR strpos(lower(buyer_name), lower($6)) > 0)
             AND ($7::date IS NULL OR issued_on >= $7) AND ($8::date IS NULL OR issued_on < $8)"#,
        work.workspace().uuid(),
        filter.kind.map(InvoiceKind::name),
        filter.contact_id.map(ContactId::uuid),
        filter.order_id.map(OrderId::uuid),
        filter.payment_id.map(PaymentId::uuid),
        filter.q,
        filter.from,
        filter.until
    )
    .fetch_one(work.conn())
    .await
}

pub async fn get(work: &mut Work, id: InvoiceId) -> Result<Option<InvoiceView>, sqlx::Error> {
    Ok(document(work, id, false)
        .await?
        .map(|document| document.view))
}

/// A document with all that it says, locked on demand.
pub async fn document(
    work: &mut Work,
    id: InvoiceId,
    locked: bool,
) -> Result<Option<Document>, sqlx::Error> {
    if locked {
        sqlx::query!(
            "SELECT FROM invoices WHERE workspace_id = $1 AND id = $2 FOR UPDATE",
            work.workspace().uuid(),
            id.uuid()
        )
        .fetch_optional(work.conn())
        .await?;
    }
    let row = sqlx::query!(
        r#"SELECT id AS "id: InvoiceId", kind AS "kind: InvoiceKind", number, contact_id AS "contact_id: ContactId",
                  buyer_name, subject_kind, subject_id, payment_id AS "payment_id: PaymentId",
                  invoice_id AS "invoice_id: InvoiceId", currency, total_minor, language, issued_on, sent_at, unreachable,
                  mailed_at, created_at, paper AS "paper: Json<Paper>", buyer AS "buyer: Json<Buyer>",
                  media_id AS "media_id: MediaId"
           FROM invoices WHERE workspace_id = $1 AND id = $2"#,
        work.workspace().uuid(),
        id.uuid()
    )
    .fetch_optional(work.conn())
    .await?;
    Ok(row.map(|row| Document {
        view: Row {
            id: row.id,
            kind: row.kind,
            number: row.number,
            contact_id: row.contact_id,
            buyer_name: row.buyer_name,
            subject_kind: row.subject_kind,
            subject_id: row.subject_id,
            payment_id: row.payment_id,
            invoice_id: row.invoice_id,
            currency: row.currency,
            total_minor: row.total_minor,
            language: row.language,
            issued_on: row.issued_on,
            sent_at: row.sent_at,
            unreachable: row.unreachable,
            mailed_at: row.mailed_at,
            created_at: row.created_at,
        }
        .into(),
        paper: row.paper.0,
        buyer: row.buyer.0,
        media: row.media_id,
    }))
}

/// Notes the file of a document.
pub async fn set_media(work: &mut Work, id: InvoiceId, media: MediaId) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE invoices SET media_id = $3 WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        id.uuid(),
        media.uuid()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Notes that the file went into the chat, or why it could not.
pub async fn set_sent(
    work: &mut Work,
    id: InvoiceId,
    unreachable: Option<&str>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE invoices SET unreachable = $3, sent_at = CASE WHEN $3::text IS NULL THEN $4 ELSE sent_at END
         WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        id.uuid(),
        unreachable,
        work.now()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

pub async fn set_mailed(work: &mut Work, id: InvoiceId) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE invoices SET mailed_at = $3 WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        id.uuid(),
        work.now()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Gives the documents of a contact to the one that it became.
pub async fn change_contact(
    work: &mut Work,
    from: ContactId,
    into: ContactId,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE invoices SET contact_id = $3 WHERE workspace_id = $1 AND contact_id = $2",
        work.workspace().uuid(),
        from.uuid(),
        into.uuid()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Empties who the buyer was. The numbers and the amounts stay: the business must show them.
pub async fn erase(work: &mut Work, contact: ContactId) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE invoices SET buyer = $3, buyer_name = '', media_id = NULL WHERE workspace_id = $1 AND contact_id = $2",
        work.workspace().uuid(),
        contact.uuid(),
        Json(Buyer::default()) as _
    )
    .execute(work.conn())
    .await?;
    Ok(())
}
