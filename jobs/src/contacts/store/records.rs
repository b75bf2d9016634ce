//! SQL of one contact's record.

use kazi_platform::{Phone, Timestamp, WorkspaceId};
use serde_json::{Map, Value};
use sqlx::{PgConnection, types::Json};

use crate::contacts::{ContactId, input::Fields};

/// Who has this phone, and whether they are deleted. Who has been merged into another is that other.
pub async fn holder(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    phone: &Phone,
) -> Result<Option<(ContactId, bool)>, sqlx::Error> {
    let row = sqlx::query!(
        r#"SELECT coalesce(merged_into, id) AS "id!: ContactId", deleted_at IS NOT NULL AND merged_into IS NULL AS "deleted!"
           FROM contacts WHERE workspace_id = $1 AND phone = $2 FOR UPDATE"#,
        workspace.uuid(),
        phone.as_str()
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| (row.id, row.deleted)))
}

pub async fn insert(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    id: ContactId,
    now: Timestamp,
    fields: &Fields,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO contacts (workspace_id, id, name, phone, country, email, language, attributes, created_at,
                               updated_at, last_activity_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, $9)",
        workspace.uuid(),
        id.uuid(),
        fields.name,
        fields.phone.as_ref().map(Phone::as_str),
        fields.phone.as_ref().and_then(Phone::country),
        fields.email,
        fields.language,
        Json(&fields.attributes) as _,
        now
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Writes the fields; who was deleted is there again.
pub async fn write(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    id: ContactId,
    fields: &Fields,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE contacts SET name = $3, phone = $4, country = $5, email = $6, language = $7, attributes = $8,
                             deleted_at = NULL
         WHERE workspace_id = $1 AND id = $2",
        workspace.uuid(),
        id.uuid(),
        fields.name,
        fields.phone.as_ref().map(Phone::as_str),
        fields.phone.as_ref().and_then(Phone::country),
        fields.email,
        fields.language,
        Json(&fields.attributes) as _
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Locks a contact that is not deleted; with its version.
pub async fn lock(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    id: ContactId,
) -> Result<Option<(Fields, i64)>, sqlx::Error> {
    let row = sqlx::query!(
        r#"SELECT name, phone AS "phone: Phone", email, language,
                  attributes AS "attributes: Json<Map<String, Value>>", version
           FROM contacts WHERE workspace_id = $1 AND id = $2 AND deleted_at IS NULL FOR UPDATE"#,
        workspace.uuid(),
        id.uuid()
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| {
        let fields = Fields {
            name: row.name,
            phone: row.phone,
            email: row.email,
            language: row.language,
            attributes: row.attributes.0,
        };
        (fields, row.version)
    }))
}

pub async fn delete(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    id: ContactId,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE contacts SET deleted_at = $3 WHERE workspace_id = $1 AND id = $2",
        workspace.uuid(),
        id.uuid(),
        now
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// `false` when it was so already.
pub async fn block(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    id: ContactId,
    at: Option<Timestamp>,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "UPDATE contacts SET blocked_at = $3
         WHERE workspace_id = $1 AND id = $2 AND (blocked_at IS NULL) <> ($3::timestamptz IS NULL)",
        workspace.uuid(),
        id.uuid(),
        at
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}
