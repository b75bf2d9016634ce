//! SQL of one contact's record.

use kazi_platform::{Phone, Timestamp};
use serde_json::{Map, Value};
use sqlx::types::Json;

use crate::{
    Work,
    contacts::{ContactId, input::Fields},
};

/// Finds the contact with this phone, and says whether it is deleted. A duplicate counts as the contact that it leads to.
pub async fn holder(
    work: &mut Work,
    phone: &Phone,
) -> Result<Option<(ContactId, bool)>, sqlx::Error> {
    let row = sqlx::query!(
        r#"SELECT coalesce(merged_into, id) AS "id!: ContactId", deleted_at IS NOT NULL AND merged_into IS NULL AS "deleted!"
           FROM contacts WHERE workspace_id = $1 AND phone = $2 FOR UPDATE"#,
        work.workspace().uuid(),
        phone.as_str()
    )
    .fetch_optional(work.conn())
    .await?;
    Ok(row.map(|row| (row.id, row.deleted)))
}

pub async fn insert(work: &mut Work, id: ContactId, fields: &Fields) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO contacts (workspace_id, id, name, phone, country, email, language, attributes, created_at,
                               updated_at, last_activity_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, $9)",
        work.workspace().uuid(),
        id.uuid(),
        fields.name,
        fields.phone.as_ref().map(Phone::as_str),
        fields.phone.as_ref().and_then(Phone::country),
        fields.email,
        fields.language,
        Json(&fields.attributes) as _,
        work.now()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Writes the fields. A deleted contact comes back.
pub async fn write(work: &mut Work, id: ContactId, fields: &Fields) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE contacts SET name = $3, phone = $4, country = $5, email = $6, language = $7, attributes = $8,
                             deleted_at = NULL
         WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        id.uuid(),
        fields.name,
        fields.phone.as_ref().map(Phone::as_str),
        fields.phone.as_ref().and_then(Phone::country),
        fields.email,
        fields.language,
        Json(&fields.attributes) as _
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Locks a contact that is not deleted; with its version.
pub async fn lock(work: &mut Work, id: ContactId) -> Result<Option<(Fields, i64)>, sqlx::Error> {
    let row = sqlx::query!(
        r#"SELECT name, phone AS "phone: Phone", email, language,
                  attributes AS "attributes: Json<Map<String, Value>>", version
           FROM contacts WHERE workspace_id = $1 AND id = $2 AND deleted_at IS NULL FOR NO KEY UPDATE"#,
        work.workspace().uuid(),
        id.uuid()
    )
    .fetch_optional(work.conn())
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

pub async fn delete(work: &mut Work, id: ContactId) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE contacts SET deleted_at = $3 WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        id.uuid(),
        work.now()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// `false` when it was so already.
pub async fn block(
    work: &mut Work,
    id: ContactId,
    at: Option<Timestamp>,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "UPDATE contacts SET blocked_at = $3
         WHERE workspace_id = $1 AND id = $2 AND (blocked_at IS NULL) <> ($3::timestamptz IS NULL)",
        work.workspace().uuid(),
        id.uuid(),
        at
    )
    .execute(work.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}
