//! SQL of merges.

use kazi_platform::Phone;
use sqlx::{PgConnection, QueryBuilder};
use uuid::Uuid;

use super::listing::COLUMNS;
use crate::{
    Work,
    contacts::{ContactId, ContactView},
};

/// How many last digits of two phones make them alike: a number without what stands for its country.
const ALIKE: usize = 9;

pub async fn duplicates(
    conn: &mut PgConnection,
    of: &ContactView,
    limit: i64,
) -> Result<Vec<ContactView>, sqlx::Error> {
    let digits = of.phone.as_ref().map(Phone::wa_id).unwrap_or_default();
    let alike = digits
        .get(digits.len().saturating_sub(ALIKE)..)
        .filter(|end| end.len() == ALIKE);
    let mut sql = QueryBuilder::new("WITH same AS (SELECT NULL::uuid AS id");
    if let Some(email) = &of.email {
        sql.push(" UNION (SELECT id FROM contacts_search WHERE email = ")
            .push_bind(email.clone())
            .push(" LIMIT ")
            .push_bind(limit + 1)
            .push(")");
    }
    if !of.sort_name.is_empty() {
        sql.push(" UNION (SELECT id FROM contacts_search WHERE sort_name = ")
            .push_bind(of.sort_name.clone())
            .push(" LIMIT ")
            .push_bind(limit + 1)
            .push(")");
    }
    if let Some(end) = alike {
        sql.push(" UNION (SELECT id FROM contacts_search WHERE search LIKE ")
            .push_bind(format!("%{end}%"))
            .push(" AND phone LIKE ")
            .push_bind(format!("%{end}"))
            .push(" LIMIT ")
            .push_bind(limit + 1)
            .push(")");
    }
    sql.push(") ")
        .push(COLUMNS)
        .push(" FROM same JOIN contacts_search c ON c.id = same.id WHERE c.id <> ")
        .push_bind(of.id.uuid())
        .push(" ORDER BY c.last_activity_at DESC, c.id LIMIT ")
        .push_bind(limit);
    sql.build_query_as().persistent(false).fetch_all(conn).await
}

/// Brings contacts back that were deleted and not erased, in the order in which everybody locks.
pub async fn revive(work: &mut Work, ids: &[ContactId]) -> Result<(), sqlx::Error> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
    sqlx::query!(
        "WITH held AS MATERIALIZED (
             SELECT id FROM contacts WHERE workspace_id = $1 AND id = ANY($2) ORDER BY id FOR UPDATE)
         UPDATE contacts c SET deleted_at = NULL FROM held
         WHERE c.workspace_id = $1 AND c.id = held.id AND c.deleted_at IS NOT NULL AND c.merged_into IS NULL
           AND c.erased_at IS NULL",
        work.workspace().uuid(),
        &ids
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// A contact, and those that were merged into them.
pub async fn with_merged(work: &mut Work, id: ContactId) -> Result<Vec<ContactId>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT id AS "id: ContactId" FROM contacts WHERE workspace_id = $1 AND (id = $2 OR merged_into = $2)"#,
        work.workspace().uuid(),
        id.uuid()
    )
    .fetch_all(work.conn())
    .await
}

/// The one row takes what it lacks from the other, which leads to it from now on, with all that led to the other.
pub async fn merge_rows(
    work: &mut Work,
    from: ContactId,
    into: ContactId,
) -> Result<(), sqlx::Error> {
    // A phone that the other needs goes there; else it stays, and leads there.
    let phone = sqlx::query_scalar!(
        "WITH taken AS (SELECT f.phone FROM contacts f, contacts i
                        WHERE f.workspace_id = $1 AND f.id = $2 AND i.workspace_id = $1 AND i.id = $3 AND i.phone IS NULL)
         UPDATE contacts SET deleted_at = $4, merged_into = $3,
                             phone = CASE WHEN EXISTS (SELECT FROM taken) THEN NULL ELSE phone END
         WHERE workspace_id = $1 AND id = $2
         RETURNING (SELECT phone FROM taken)",
        work.workspace().uuid(),
        from.uuid(),
        into.uuid(),
        work.now()
    )
    .fetch_one(work.conn())
    .await?;
    sqlx::query!(
        "UPDATE contacts i SET
             phone = coalesce(i.phone, $4), country = coalesce(i.country, f.country), name = coalesce(i.name, f.name),
             email = coalesce(i.email, f.email), language = coalesce(i.language, f.language),
             attributes = f.attributes || i.attributes,
             marketing = CASE WHEN NOT i.marketing OR NOT f.marketing THEN false ELSE coalesce(i.marketing, f.marketing) END,
             registered_at = coalesce(i.registered_at, f.registered_at),
             blocked_at = coalesce(i.blocked_at, f.blocked_at),
             last_activity_at = greatest(i.last_activity_at, f.last_activity_at)
         FROM contacts f
         WHERE i.workspace_id = $1 AND i.id = $3 AND f.workspace_id = $1 AND f.id = $2",
        work.workspace().uuid(),
        from.uuid(),
        into.uuid(),
        phone
    )
    .execute(work.conn())
    .await?;
    sqlx::query!(
        "UPDATE contacts SET merged_into = $3 WHERE workspace_id = $1 AND merged_into = $2",
        work.workspace().uuid(),
        from.uuid(),
        into.uuid()
    )
    .execute(work.conn())
    .await?;
    // Ids sort by their time: the histories become one.
    sqlx::query!(
        "UPDATE consents SET contact_id = $3 WHERE workspace_id = $1 AND contact_id = $2",
        work.workspace().uuid(),
        from.uuid(),
        into.uuid()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

pub async fn move_identities(
    work: &mut Work,
    from: ContactId,
    into: ContactId,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE contact_identities SET contact_id = $3 WHERE workspace_id = $1 AND contact_id = $2",
        work.workspace().uuid(),
        from.uuid(),
        into.uuid()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}
