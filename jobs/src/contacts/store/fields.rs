//! SQL of the custom fields.

use crate::{Work, contacts::Field};

pub async fn list(work: &mut Work) -> Result<Vec<Field>, sqlx::Error> {
    let rows = sqlx::query!(
        "SELECT key, label, kind, choices FROM contact_fields WHERE workspace_id = $1 ORDER BY key",
        work.workspace().uuid()
    )
    .fetch_all(work.conn())
    .await?;
    let fields = rows.into_iter().filter_map(|row| {
        Some(Field {
            kind: row.kind.parse().ok()?,
            key: row.key,
            label: row.label,
            choices: row.choices,
        })
    });
    Ok(fields.collect())
}

/// One transaction at a time from here on, of those that declare fields or tags of this workspace.
pub async fn lock(work: &mut Work) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "SELECT pg_advisory_xact_lock(hashtextextended('contacts' || $1::text, 0))",
        work.workspace().uuid().to_string()
    )
    .fetch_one(work.conn())
    .await?;
    Ok(())
}

pub async fn write(work: &mut Work, field: &Field) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO contact_fields (workspace_id, key, label, kind, choices) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (workspace_id, key) DO UPDATE SET label = $3, choices = $5",
        work.workspace().uuid(),
        field.key,
        field.label,
        field.kind.name(),
        &field.choices
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Takes the values of some contacts; how many.
pub async fn forget_values(work: &mut Work, key: &str) -> Result<u64, sqlx::Error> {
    let done = sqlx::query!(
        "UPDATE contacts SET attributes = attributes - $2::text
         WHERE workspace_id = $1 AND id IN
             (SELECT id FROM contacts WHERE workspace_id = $1 AND attributes ? $2 LIMIT 5000 FOR UPDATE)",
        work.workspace().uuid(),
        key
    )
    .execute(work.conn())
    .await?;
    Ok(done.rows_affected())
}

pub async fn delete(work: &mut Work, key: &str) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "DELETE FROM contact_fields WHERE workspace_id = $1 AND key = $2",
        work.workspace().uuid(),
        key
    )
    .execute(work.conn())
    .await?;
    Ok(())
}
