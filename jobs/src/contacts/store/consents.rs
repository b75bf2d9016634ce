//! SQL of the consents.

use uuid::Uuid;

use crate::{
    Work,
    contacts::{Consent, ContactId, hooks},
};

/// Writes a change of the consent to marketing. What is so already is not written again.
pub async fn set_consent(
    work: &mut Work,
    id: ContactId,
    granted: bool,
    source: &str,
) -> Result<(), sqlx::Error> {
    set(work, id, granted, source, None, None).await?;
    Ok(())
}

/// `false` when it was so already.
pub async fn set(
    work: &mut Work,
    id: ContactId,
    granted: bool,
    source: &str,
    note: Option<&str>,
    actor: Option<Uuid>,
) -> Result<bool, sqlx::Error> {
    // The row's lock orders two who change it at once: the history ends with what the row says.
    let done = sqlx::query!(
        "WITH changed AS (
             UPDATE contacts SET marketing = $3
             WHERE workspace_id = $1 AND id = $2 AND marketing IS DISTINCT FROM $3 RETURNING id)
         INSERT INTO consents (workspace_id, id, contact_id, category, granted, source, note, actor_id)
         SELECT $1, $4, id, 'marketing', $3, $5, $6, $7 FROM changed",
        work.workspace().uuid(),
        id.uuid(),
        granted,
        Uuid::now_v7(),
        source,
        note,
        actor
    )
    .execute(work.conn())
    .await?;
    let changed = done.rows_affected() == 1;
    if changed && !granted {
        hooks::withdraw(work, id, true).await?;
    }
    Ok(changed)
}

/// Whether they want no marketing.
pub async fn opted_out(work: &mut Work, id: ContactId) -> Result<bool, sqlx::Error> {
    Ok(marketing(work, id).await? == Some(false))
}

/// Whether they want marketing. `None`: they have never said.
pub async fn marketing(work: &mut Work, id: ContactId) -> Result<Option<bool>, sqlx::Error> {
    let said = sqlx::query_scalar!(
        "SELECT marketing FROM contacts WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        id.uuid()
    )
    .fetch_optional(work.conn())
    .await?;
    Ok(said.flatten())
}

/// Lists the given and withdrawn consents of a contact, the newest first. The page begins behind `after`.
pub async fn consents(
    work: &mut Work,
    id: ContactId,
    after: Option<Uuid>,
    limit: i64,
) -> Result<Vec<Consent>, sqlx::Error> {
    sqlx::query_as!(
        Consent,
        "SELECT id, category, granted, source, note, actor_id, created_at FROM consents
         WHERE workspace_id = $1 AND contact_id = $2 AND ($3::uuid IS NULL OR id < $3) ORDER BY id DESC LIMIT $4",
        work.workspace().uuid(),
        id.uuid(),
        after,
        limit
    )
    .fetch_all(work.conn())
    .await
}
