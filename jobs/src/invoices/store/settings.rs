//! SQL of the settings.

use kazi_platform::Timestamp;

use crate::{Work, invoices::Settings};

struct Row {
    invoices: bool,
    receipts: bool,
    send_in_chat: bool,
    send_by_email: bool,
    seller_name: String,
    seller_address: String,
    tax_number: String,
    footer: String,
    invoice_series: String,
    receipt_series: String,
    credit_note_series: String,
    updated_at: Timestamp,
    version: i64,
}

impl From<Row> for (Settings, Timestamp, i64) {
    fn from(row: Row) -> Self {
        let settings = Settings {
            invoices: row.invoices,
            receipts: row.receipts,
            send_in_chat: row.send_in_chat,
            send_by_email: row.send_by_email,
            seller_name: row.seller_name,
            seller_address: row.seller_address,
            tax_number: row.tax_number,
            footer: row.footer,
            invoice_series: row.invoice_series,
            receipt_series: row.receipt_series,
            credit_note_series: row.credit_note_series,
        };
        (settings, row.updated_at, row.version)
    }
}

pub async fn get(work: &mut Work) -> Result<Option<(Settings, Timestamp, i64)>, sqlx::Error> {
    let row = sqlx::query_as!(
        Row,
        "SELECT invoices, receipts, send_in_chat, send_by_email, seller_name, seller_address, tax_number, footer,
                invoice_series, receipt_series, credit_note_series, updated_at, version
         FROM invoice_settings WHERE workspace_id = $1",
        work.workspace().uuid()
    )
    .fetch_optional(work.conn())
    .await?;
    Ok(row.map(Into::into))
}

pub async fn lock(work: &mut Work) -> Result<(Settings, Timestamp, i64), sqlx::Error> {
    // The first call makes the row, so that the lock below holds for two first calls too.
    sqlx::query!(
        "INSERT INTO invoice_settings (workspace_id) VALUES ($1) ON CONFLICT DO NOTHING",
        work.workspace().uuid()
    )
    .execute(work.conn())
    .await?;
    let row = sqlx::query_as!(
        Row,
        "SELECT invoices, receipts, send_in_chat, send_by_email, seller_name, seller_address, tax_number, footer,
                invoice_series, receipt_series, credit_note_series, updated_at, version
         FROM invoice_settings WHERE workspace_id = $1 FOR UPDATE",
        work.workspace().uuid()
    )
    .fetch_one(work.conn())
    .await?;
    Ok(row.into())
}

pub async fn set(work: &mut Work, new: &Settings) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE invoice_settings
         SET invoices = $2, receipts = $3, send_in_chat = $4, send_by_email = $5, seller_name = $6, seller_address = $7,
             tax_number = $8, footer = $9, invoice_series = $10, receipt_series = $11, credit_note_series = $12,
             updated_at = clock_timestamp()
         WHERE workspace_id = $1",
        work.workspace().uuid(),
        new.invoices,
        new.receipts,
        new.send_in_chat,
        new.send_by_email,
        new.seller_name,
        new.seller_address,
        new.tax_number,
        new.footer,
        new.invoice_series,
        new.receipt_series,
        new.credit_note_series
    )
    .execute(work.conn())
    .await?;
    Ok(())
}
