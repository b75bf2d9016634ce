//! SQL of the settings.

use chrono::NaiveDate;
use kazi_platform::{Timestamp, WorkspaceId};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{
    Work,
    loyalty::{
        Settings, SettingsView,
        settings::{BirthdayRule, ExpiryRule, OrderRule},
    },
};

struct Row {
    enabled: bool,
    order_points: Option<i32>,
    order_per_minor: Option<i64>,
    visit_points: Option<i32>,
    birthday_points: Option<i32>,
    birthday_field: Option<String>,
    expiry_months: Option<i32>,
    warn_days: Option<i32>,
    updated_at: Timestamp,
    version: i64,
}

impl From<Row> for SettingsView {
    fn from(row: Row) -> Self {
        let order = row.order_points.zip(row.order_per_minor);
        let birthday = row.birthday_points.zip(row.birthday_field);
        let warn_days = row.warn_days;
        Self {
            settings: Settings {
                enabled: row.enabled,
                order: order.map(|(points, per_minor)| OrderRule { points, per_minor }),
                visit_points: row.visit_points,
                birthday: birthday.map(|(points, field)| BirthdayRule { points, field }),
                expiry: row
                    .expiry_months
                    .map(|months| ExpiryRule { months, warn_days }),
            },
            updated_at: Some(row.updated_at),
            version: row.version,
        }
    }
}

pub async fn get(work: &mut Work) -> Result<Option<SettingsView>, sqlx::Error> {
    let row = sqlx::query_as!(
        Row,
        "SELECT enabled, order_points, order_per_minor, visit_points, birthday_points, birthday_field, expiry_months, warn_days,
                updated_at, version
         FROM loyalty_settings WHERE workspace_id = $1",
        work.workspace().uuid()
    )
    .fetch_optional(work.conn())
    .await?;
    Ok(row.map(SettingsView::from))
}

pub async fn lock(work: &mut Work) -> Result<SettingsView, sqlx::Error> {
    // The first call makes the row, so that the lock below holds for two first calls too.
    sqlx::query!(
        "INSERT INTO loyalty_settings (workspace_id) VALUES ($1) ON CONFLICT DO NOTHING",
        work.workspace().uuid()
    )
    .execute(work.conn())
    .await?;
    let row = sqlx::query_as!(
        Row,
        "SELECT enabled, order_points, order_per_minor, visit_points, birthday_points, birthday_field, expiry_months, warn_days,
                updated_at, version
         FROM loyalty_settings WHERE workspace_id = $1 FOR UPDATE",
        work.workspace().uuid()
    )
    .fetch_one(work.conn())
    .await?;
    Ok(row.into())
}

pub async fn set(work: &mut Work, new: &Settings) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE loyalty_settings SET enabled = $2, order_points = $3, order_per_minor = $4, visit_points = $5,
                birthday_points = $6, birthday_field = $7, expiry_months = $8, warn_days = $9, updated_at = clock_timestamp()
         WHERE workspace_id = $1",
        work.workspace().uuid(),
        new.enabled,
        new.order.as_ref().map(|rule| rule.points),
        new.order.as_ref().map(|rule| rule.per_minor),
        new.visit_points,
        new.birthday.as_ref().map(|rule| rule.points),
        new.birthday.as_ref().map(|rule| rule.field.as_str()),
        new.expiry.as_ref().map(|rule| rule.months),
        new.expiry.as_ref().and_then(|rule| rule.warn_days)
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// The workspaces that give points on birthdays, after the given one.
pub async fn with_birthdays(
    conn: &mut PgConnection,
    after: Option<WorkspaceId>,
    limit: i64,
) -> Result<Vec<WorkspaceId>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT workspace_id AS "id: WorkspaceId" FROM loyalty_settings
           WHERE enabled AND birthday_points IS NOT NULL AND workspace_id > $1 ORDER BY workspace_id LIMIT $2"#,
        after.map_or(Uuid::nil(), |after| after.uuid()),
        limit
    )
    .fetch_all(conn)
    .await
}

/// The last day whose birthdays have been looked for.
pub async fn birthdays_until(work: &mut Work) -> Result<Option<NaiveDate>, sqlx::Error> {
    sqlx::query_scalar!(
        "SELECT birthdays_until FROM loyalty_settings WHERE workspace_id = $1",
        work.workspace().uuid()
    )
    .fetch_one(work.conn())
    .await
}

/// That is no change that a member makes, so the version stays.
pub async fn set_birthdays_until(work: &mut Work, day: NaiveDate) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE loyalty_settings SET birthdays_until = greatest(birthdays_until, $2) WHERE workspace_id = $1",
        work.workspace().uuid(),
        day
    )
    .execute(work.conn())
    .await?;
    Ok(())
}
