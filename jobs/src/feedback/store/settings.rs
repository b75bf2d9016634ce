//! SQL of the settings.

use kazi_platform::Timestamp;

use crate::{
    Work,
    feedback::{Settings, SettingsView},
};

struct Row {
    after_orders: bool,
    after_bookings: bool,
    delay_hours: i32,
    template: Option<String>,
    low_opens_ticket: bool,
    updated_at: Timestamp,
    version: i64,
}

impl From<Row> for SettingsView {
    fn from(row: Row) -> Self {
        Self {
            settings: Settings {
                after_orders: row.after_orders,
                after_bookings: row.after_bookings,
                delay_hours: row.delay_hours,
                template: row.template,
                low_opens_ticket: row.low_opens_ticket,
            },
            updated_at: Some(row.updated_at),
            version: row.version,
        }
    }
}

pub async fn get(work: &mut Work) -> Result<Option<SettingsView>, sqlx::Error> {
    let row = sqlx::query_as!(
        Row,
        "SELECT after_orders, after_bookings, delay_hours, template, low_opens_ticket, updated_at, version
         FROM feedback_settings WHERE workspace_id = $1",
        work.workspace().uuid()
    )
    .fetch_optional(work.conn())
    .await?;
    Ok(row.map(SettingsView::from))
}

pub async fn lock(work: &mut Work) -> Result<SettingsView, sqlx::Error> {
    // The first call makes the row, so that the lock below holds for two first calls too.
    let off = Settings::OFF;
    sqlx::query!(
        "INSERT INTO feedback_settings (workspace_id, after_orders, after_bookings, delay_hours, low_opens_ticket)
         VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
        work.workspace().uuid(),
        off.after_orders,
        off.after_bookings,
        off.delay_hours,
        off.low_opens_ticket
    )
    .execute(work.conn())
    .await?;
    let row = sqlx::query_as!(
        Row,
        "SELECT after_orders, after_bookings, delay_hours, template, low_opens_ticket, updated_at, version
         FROM feedback_settings WHERE workspace_id = $1 FOR UPDATE",
        work.workspace().uuid()
    )
    .fetch_one(work.conn())
    .await?;
    Ok(row.into())
}

pub async fn set(work: &mut Work, new: &Settings) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE feedback_settings SET after_orders = $2, after_bookings = $3, delay_hours = $4, template = $5,
                low_opens_ticket = $6, updated_at = clock_timestamp()
         WHERE workspace_id = $1",
        work.workspace().uuid(),
        new.after_orders,
        new.after_bookings,
        new.delay_hours,
        new.template,
        new.low_opens_ticket
    )
    .execute(work.conn())
    .await?;
    Ok(())
}
