//! SQL of the tags.

use uuid::Uuid;

use crate::{
    Work,
    contacts::{ContactId, Tag, TagId},
};

fn uuids(ids: &[ContactId]) -> Vec<Uuid> {
    ids.iter().map(|id| id.uuid()).collect()
}

pub async fn list(work: &mut Work) -> Result<Vec<Tag>, sqlx::Error> {
    sqlx::query_as!(
        Tag,
        r#"SELECT t.id AS "id: TagId", t.name, (SELECT count(*) FROM contact_taggings g
               WHERE g.workspace_id = t.workspace_id AND g.tag_id = t.id) AS "contacts!"
           FROM contact_tags t WHERE t.workspace_id = $1 ORDER BY t.name"#,
        work.workspace().uuid()
    )
    .fetch_all(work.conn())
    .await
}

/// Those of the contacts that are there, locked in the order of their ids. Rows that name them and are not committed yet are
/// waited for, so that a merge finds them.
pub async fn lock_contacts(
    work: &mut Work,
    contacts: &[ContactId],
) -> Result<Vec<ContactId>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT id AS "id: ContactId" FROM contacts
           WHERE workspace_id = $1 AND id = ANY($2) AND deleted_at IS NULL ORDER BY id FOR UPDATE"#,
        work.workspace().uuid(),
        &uuids(contacts)
    )
    .fetch_all(work.conn())
    .await
}

/// Those of the contacts that are there, held in the order of their ids until the transaction ends. Rows that name them may
/// be written meanwhile. Otherwise a message, which holds its conversation, would wait for who holds the contact and
/// wants the conversation.
pub async fn hold_contacts(
    work: &mut Work,
    contacts: &[ContactId],
) -> Result<Vec<ContactId>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT id AS "id: ContactId" FROM contacts
           WHERE workspace_id = $1 AND id = ANY($2) AND deleted_at IS NULL ORDER BY id FOR NO KEY UPDATE"#,
        work.workspace().uuid(),
        &uuids(contacts)
    )
    .fetch_all(work.conn())
    .await
}

pub async fn make(work: &mut Work, names: &[String]) -> Result<(), sqlx::Error> {
    // In one order, so that two who make the same ones do not wait for each other.
    let mut names = names.to_vec();
    names.sort();
    names.dedup();
    let ids: Vec<Uuid> = names.iter().map(|_| TagId::at(work.now()).uuid()).collect();
    sqlx::query!(
        "INSERT INTO contact_tags (workspace_id, id, name) SELECT $1, id, name FROM unnest($2::uuid[], $3::text[]) AS n (id, name)
         ON CONFLICT (workspace_id, name) DO NOTHING",
        work.workspace().uuid(),
        &ids,
        &names
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

pub async fn count(work: &mut Work) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!" FROM contact_tags WHERE workspace_id = $1"#,
        work.workspace().uuid()
    )
    .fetch_one(work.conn())
    .await
}

/// Every tag on every contact.
pub async fn put(
    work: &mut Work,
    contacts: &[ContactId],
    names: &[String],
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO contact_taggings (workspace_id, tag_id, contact_id)
         SELECT $1, t.id, c FROM contact_tags t, unnest($2::uuid[]) AS c WHERE t.workspace_id = $1 AND t.name = ANY($3)
         ON CONFLICT DO NOTHING",
        work.workspace().uuid(),
        &uuids(contacts),
        names
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// One tag on one contact, pair by pair.
pub async fn put_pairs(
    work: &mut Work,
    contacts: &[Uuid],
    names: &[String],
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO contact_taggings (workspace_id, tag_id, contact_id)
         SELECT $1, t.id, p.contact FROM unnest($2::uuid[], $3::text[]) AS p (contact, name)
         JOIN contact_tags t ON t.workspace_id = $1 AND t.name = p.name
         ON CONFLICT DO NOTHING",
        work.workspace().uuid(),
        contacts,
        names
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

pub async fn take(
    work: &mut Work,
    contacts: &[ContactId],
    names: &[String],
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "DELETE FROM contact_taggings WHERE workspace_id = $1 AND contact_id = ANY($2) AND tag_id IN
             (SELECT id FROM contact_tags WHERE workspace_id = $1 AND name = ANY($3))",
        work.workspace().uuid(),
        &uuids(contacts),
        names
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// How many tags the contact with the most of them has.
pub async fn most(work: &mut Work, contacts: &[ContactId]) -> Result<usize, sqlx::Error> {
    let most = sqlx::query_scalar!(
        r#"SELECT coalesce(max(n), 0) AS "most!" FROM
               (SELECT count(*) AS n FROM contact_taggings WHERE workspace_id = $1 AND contact_id = ANY($2)
                GROUP BY contact_id) AS counted"#,
        work.workspace().uuid(),
        &uuids(contacts)
    )
    .fetch_one(work.conn())
    .await?;
    Ok(usize::try_from(most).unwrap_or(0))
}

/// A contact's tags are part of what a person edits.
pub async fn touch(work: &mut Work, contacts: &[ContactId]) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE contacts SET updated_at = now() WHERE workspace_id = $1 AND id = ANY($2)",
        work.workspace().uuid(),
        &uuids(contacts)
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

pub async fn of(work: &mut Work, contact: ContactId) -> Result<Vec<String>, sqlx::Error> {
    let mut names = sqlx::query_scalar!(
        "SELECT t.name FROM contact_taggings g JOIN contact_tags t ON t.workspace_id = $1 AND t.id = g.tag_id
         WHERE g.workspace_id = $1 AND g.contact_id = $2",
        work.workspace().uuid(),
        contact.uuid()
    )
    .fetch_all(work.conn())
    .await?;
    names.sort();
    Ok(names)
}

/// Locks a tag; its name.
pub async fn lock(work: &mut Work, tag: TagId) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar!(
        "SELECT name FROM contact_tags WHERE workspace_id = $1 AND id = $2 FOR UPDATE",
        work.workspace().uuid(),
        tag.uuid()
    )
    .fetch_optional(work.conn())
    .await
}

pub async fn rename(work: &mut Work, tag: TagId, name: &str) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE contact_tags SET name = $3 WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        tag.uuid(),
        name
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

pub async fn merge(work: &mut Work, from: TagId, into: TagId) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO contact_taggings (workspace_id, tag_id, contact_id)
         SELECT $1, $3, contact_id FROM contact_taggings WHERE workspace_id = $1 AND tag_id = $2
         ON CONFLICT DO NOTHING",
        work.workspace().uuid(),
        from.uuid(),
        into.uuid()
    )
    .execute(work.conn())
    .await?;
    delete(work, from).await
}

/// Its taggings go with it.
pub async fn delete(work: &mut Work, tag: TagId) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "DELETE FROM contact_tags WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        tag.uuid()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}
