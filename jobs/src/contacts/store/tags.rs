//! SQL of the tags.

use kazi_platform::{Timestamp, WorkspaceId};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::contacts::{ContactId, Tag, TagId};

fn uuids(ids: &[ContactId]) -> Vec<Uuid> {
    ids.iter().map(|id| id.uuid()).collect()
}

pub async fn list(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
) -> Result<Vec<Tag>, sqlx::Error> {
    sqlx::query_as!(
        Tag,
        r#"SELECT t.id AS "id: TagId", t.name, (SELECT count(*) FROM contact_taggings g
               WHERE g.workspace_id = t.workspace_id AND g.tag_id = t.id) AS "contacts!"
           FROM contact_tags t WHERE t.workspace_id = $1 ORDER BY t.name"#,
        workspace.uuid()
    )
    .fetch_all(conn)
    .await
}

/// Those of the contacts that are there, locked in the order of their ids.
pub async fn lock_contacts(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    contacts: &[ContactId],
) -> Result<Vec<ContactId>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT id AS "id: ContactId" FROM contacts
           WHERE workspace_id = $1 AND id = ANY($2) AND deleted_at IS NULL ORDER BY id FOR UPDATE"#,
        workspace.uuid(),
        &uuids(contacts)
    )
    .fetch_all(conn)
    .await
}

pub async fn make(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    now: Timestamp,
    names: &[String],
) -> Result<(), sqlx::Error> {
    // In one order, so that two who make the same ones do not wait for each other.
    let mut names = names.to_vec();
    names.sort();
    names.dedup();
    let ids: Vec<Uuid> = names.iter().map(|_| TagId::at(now).uuid()).collect();
    sqlx::query!(
        "INSERT INTO contact_tags (workspace_id, id, name) SELECT $1, id, name FROM unnest($2::uuid[], $3::text[]) AS n (id, name)
         ON CONFLICT (workspace_id, name) DO NOTHING",
        workspace.uuid(),
        &ids,
        &names
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub async fn count(conn: &mut PgConnection, workspace: WorkspaceId) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!" FROM contact_tags WHERE workspace_id = $1"#,
        workspace.uuid()
    )
    .fetch_one(conn)
    .await
}

/// Every tag on every contact.
pub async fn put(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    contacts: &[ContactId],
    names: &[String],
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO contact_taggings (workspace_id, tag_id, contact_id)
         SELECT $1, t.id, c FROM contact_tags t, unnest($2::uuid[]) AS c WHERE t.workspace_id = $1 AND t.name = ANY($3)
         ON CONFLICT DO NOTHING",
        workspace.uuid(),
        &uuids(contacts),
        names
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// One tag on one contact, pair by pair.
pub async fn put_pairs(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    contacts: &[Uuid],
    names: &[String],
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO contact_taggings (workspace_id, tag_id, contact_id)
         SELECT $1, t.id, p.contact FROM unnest($2::uuid[], $3::text[]) AS p (contact, name)
         JOIN contact_tags t ON t.workspace_id = $1 AND t.name = p.name
         ON CONFLICT DO NOTHING",
        workspace.uuid(),
        contacts,
        names
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub async fn take(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    contacts: &[ContactId],
    names: &[String],
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "DELETE FROM contact_taggings WHERE workspace_id = $1 AND contact_id = ANY($2) AND tag_id IN
             (SELECT id FROM contact_tags WHERE workspace_id = $1 AND name = ANY($3))",
        workspace.uuid(),
        &uuids(contacts),
        names
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// How many tags the contact with the most of them has.
pub async fn most(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    contacts: &[ContactId],
) -> Result<usize, sqlx::Error> {
    let most = sqlx::query_scalar!(
        r#"SELECT coalesce(max(n), 0) AS "most!" FROM
               (SELECT count(*) AS n FROM contact_taggings WHERE workspace_id = $1 AND contact_id = ANY($2)
                GROUP BY contact_id) AS counted"#,
        workspace.uuid(),
        &uuids(contacts)
    )
    .fetch_one(conn)
    .await?;
    Ok(usize::try_from(most).unwrap_or(0))
}

/// A contact's tags are part of what a person edits.
pub async fn touch(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    contacts: &[ContactId],
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE contacts SET version = version + 1, updated_at = now() WHERE workspace_id = $1 AND id = ANY($2)",
        workspace.uuid(),
        &uuids(contacts)
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub async fn of(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    contact: ContactId,
) -> Result<Vec<String>, sqlx::Error> {
    let mut names = sqlx::query_scalar!(
        "SELECT t.name FROM contact_taggings g JOIN contact_tags t ON t.workspace_id = $1 AND t.id = g.tag_id
         WHERE g.workspace_id = $1 AND g.contact_id = $2",
        workspace.uuid(),
        contact.uuid()
    )
    .fetch_all(conn)
    .await?;
    names.sort();
    Ok(names)
}

/// Locks a tag; its name.
pub async fn lock(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    tag: TagId,
) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar!(
        "SELECT name FROM contact_tags WHERE workspace_id = $1 AND id = $2 FOR UPDATE",
        workspace.uuid(),
        tag.uuid()
    )
    .fetch_optional(conn)
    .await
}

pub async fn rename(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    tag: TagId,
    name: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE contact_tags SET name = $3 WHERE workspace_id = $1 AND id = $2",
        workspace.uuid(),
        tag.uuid(),
        name
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub async fn merge(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    from: TagId,
    into: TagId,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO contact_taggings (workspace_id, tag_id, contact_id)
         SELECT $1, $3, contact_id FROM contact_taggings WHERE workspace_id = $1 AND tag_id = $2
         ON CONFLICT DO NOTHING",
        workspace.uuid(),
        from.uuid(),
        into.uuid()
    )
    .execute(&mut *conn)
    .await?;
    delete(conn, workspace, from).await
}

/// Its taggings go with it.
pub async fn delete(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    tag: TagId,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "DELETE FROM contact_tags WHERE workspace_id = $1 AND id = $2",
        workspace.uuid(),
        tag.uuid()
    )
    .execute(conn)
    .await?;
    Ok(())
}
