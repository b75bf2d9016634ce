//! SQL of what an import writes: the contacts of its rows.

use std::collections::{HashMap, HashSet};

use kazi_platform::Phone;
use uuid::Uuid;

use crate::{
    Work,
    contacts::{
        ContactId,
        import::{NewRow, Said},
    },
};

/// Finds the contacts with these phones, and says whether they are deleted.
pub async fn known(
    work: &mut Work,
    phones: impl Iterator<Item = &String>,
) -> Result<HashMap<String, (ContactId, bool)>, sqlx::Error> {
    let phones: Vec<String> = phones.cloned().collect();
    let rows = sqlx::query!(
        r#"SELECT phone AS "phone!", coalesce(merged_into, id) AS "id!: ContactId",
                  deleted_at IS NOT NULL AND merged_into IS NULL AS "deleted!"
           FROM contacts WHERE workspace_id = $1 AND phone = ANY($2)"#,
        work.workspace().uuid(),
        &phones
    )
    .fetch_all(work.conn())
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.phone, (row.id, row.deleted)))
        .collect())
}

/// Makes contacts as their rows say, with the consent of the import where there is one. A row whose phone another contact
/// has by now is left out.
pub async fn create(
    work: &mut Work,
    rows: &[&NewRow],
    consented: bool,
) -> Result<HashMap<String, ContactId>, sqlx::Error> {
    if rows.is_empty() {
        return Ok(HashMap::new());
    }
    let ids: Vec<Uuid> = rows
        .iter()
        .map(|_| ContactId::at(work.now()).uuid())
        .collect();
    let phones: Vec<String> = rows
        .iter()
        .map(|row| row.phone.as_str().to_owned())
        .collect();
    let countries: Vec<Option<String>> = rows.iter().map(|row| row.phone.country()).collect();
    let names: Vec<Option<String>> = rows.iter().map(|row| row.name.clone()).collect();
    let emails: Vec<Option<String>> = rows.iter().map(|row| row.email.clone()).collect();
    let languages: Vec<Option<String>> = rows.iter().map(|row| row.language.clone()).collect();
    let marketing: Vec<Option<bool>> = rows
        .iter()
        .map(|row| match row.marketing {
            Said::No(_) => Some(false),
            _ => (consented && row.marketing.agrees()).then_some(true),
        })
        .collect();
    let blocked: Vec<bool> = rows.iter().map(|row| row.blocked).collect();
    let made = sqlx::query!(
        r#"INSERT INTO contacts (workspace_id, id, phone, country, name, email, language, attributes, marketing,
                                 blocked_at, created_at, updated_at, last_activity_at)
           SELECT $1, n.id, n.phone, n.country, n.name, n.email, n.language, n.attributes, n.marketing,
                  CASE WHEN n.blocked THEN $11::timestamptz END, $11, $11, $11
           FROM unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::jsonb[], $9::boolean[],
                       $10::boolean[])
               AS n (id, phone, country, name, email, language, attributes, marketing, blocked)
           ON CONFLICT (workspace_id, phone) DO NOTHING
           RETURNING id AS "id: ContactId", phone AS "phone!: Phone""#,
        work.workspace().uuid(),
        &ids,
        &phones,
        &countries as _,
        &names as _,
        &emails as _,
        &languages as _,
        &attributes(rows.iter().copied()),
        &marketing as _,
        &blocked,
        work.now()
    )
    .fetch_all(work.conn())
    .await?;
    Ok(made
        .into_iter()
        .map(|row| (row.phone.into(), row.id))
        .collect())
}

fn attributes<'a>(rows: impl Iterator<Item = &'a NewRow>) -> Vec<serde_json::Value> {
    rows.map(|row| row.attributes.clone().into()).collect()
}

/// Writes the values of rows to their contacts. A deleted contact comes back. Returns how many have another name now.
pub async fn update(work: &mut Work, rows: &[(ContactId, &NewRow)]) -> Result<i64, sqlx::Error> {
    if rows.is_empty() {
        return Ok(0);
    }
    let ids: Vec<Uuid> = rows.iter().map(|(id, _)| id.uuid()).collect();
    // In the order of their ids, as everybody locks.
    let before = sqlx::query!(
        r#"SELECT id AS "id: ContactId", name FROM contacts WHERE workspace_id = $1 AND id = ANY($2) ORDER BY id FOR UPDATE"#,
        work.workspace().uuid(),
        &ids
    )
    .fetch_all(work.conn())
    .await?;
    let before: HashMap<ContactId, Option<String>> =
        before.into_iter().map(|row| (row.id, row.name)).collect();
    let renamed = rows.iter().filter(|(id, row)| {
        let had = before.get(id).and_then(Option::as_ref);
        had.is_some_and(|had| row.name.as_ref().is_some_and(|name| name != had))
    });
    let renamed = i64::try_from(renamed.count()).unwrap_or(0);
    let names: Vec<Option<String>> = rows.iter().map(|(_, row)| row.name.clone()).collect();
    let emails: Vec<Option<String>> = rows.iter().map(|(_, row)| row.email.clone()).collect();
    let languages: Vec<Option<String>> = rows.iter().map(|(_, row)| row.language.clone()).collect();
    sqlx::query!(
        "UPDATE contacts c SET name = coalesce(n.name, c.name), email = coalesce(n.email, c.email),
                               language = coalesce(n.language, c.language), attributes = c.attributes || n.attributes,
                               deleted_at = NULL
         FROM unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::jsonb[])
             AS n (id, name, email, language, attributes)
         WHERE c.workspace_id = $1 AND c.id = n.id AND c.merged_into IS NULL",
        work.workspace().uuid(),
        &ids,
        &names as _,
        &emails as _,
        &languages as _,
        &attributes(rows.iter().map(|(_, row)| *row))
    )
    .execute(work.conn())
    .await?;
    Ok(renamed)
}

pub async fn tags_of(
    work: &mut Work,
    contacts: &[Uuid],
) -> Result<HashMap<ContactId, Vec<String>>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT g.contact_id AS "contact: ContactId", array_agg(t.name) AS "names!" FROM contact_taggings g
           JOIN contact_tags t ON t.workspace_id = g.workspace_id AND t.id = g.tag_id
           WHERE g.workspace_id = $1 AND g.contact_id = ANY($2) GROUP BY g.contact_id"#,
        work.workspace().uuid(),
        contacts
    )
    .fetch_all(work.conn())
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.contact, row.names))
        .collect())
}

/// Notes that contacts want marketing: those that were just made so, and of the others those who have never said.
pub async fn consent(
    work: &mut Work,
    made: &[ContactId],
    others: &[ContactId],
    from: &str,
    actor: Option<Uuid>,
) -> Result<(), sqlx::Error> {
    let others: Vec<Uuid> = others.iter().map(|id| id.uuid()).collect();
    let said = sqlx::query_scalar!(
        "UPDATE contacts SET marketing = true WHERE workspace_id = $1 AND id = ANY($2) AND marketing IS NULL RETURNING id",
        work.workspace().uuid(),
        &others
    )
    .fetch_all(work.conn())
    .await?;
    let contacts: Vec<Uuid> = made.iter().map(|id| id.uuid()).chain(said).collect();
    let notes = vec![from.to_owned(); contacts.len()];
    history(work, &contacts, true, &notes, actor).await
}

/// Notes that contacts want no marketing, with the note of each: those that were just made so, and of the others those who
/// had not said so. Answers these others.
pub async fn withdraw(
    work: &mut Work,
    made: &[(ContactId, String)],
    others: &[(ContactId, String)],
    actor: Option<Uuid>,
) -> Result<Vec<ContactId>, sqlx::Error> {
    let ids: Vec<Uuid> = others.iter().map(|(id, _)| id.uuid()).collect();
    lock(work, &ids).await?;
    let said = sqlx::query_scalar!(
        "UPDATE contacts SET marketing = false
         WHERE workspace_id = $1 AND id = ANY($2) AND marketing IS DISTINCT FROM false RETURNING id",
        work.workspace().uuid(),
        &ids
    )
    .fetch_all(work.conn())
    .await?;
    let new: HashSet<Uuid> = said.iter().copied().collect();
    let others = others.iter().filter(|(id, _)| new.contains(&id.uuid()));
    let noted = made.iter().chain(others);
    let (contacts, notes): (Vec<Uuid>, Vec<String>) =
        noted.map(|(id, note)| (id.uuid(), note.clone())).unzip();
    history(work, &contacts, false, &notes, actor).await?;
    Ok(said.into_iter().map(ContactId::from).collect())
}

/// Blocks contacts. Answers those who were not.
pub async fn block(work: &mut Work, contacts: &[ContactId]) -> Result<Vec<ContactId>, sqlx::Error> {
    let ids: Vec<Uuid> = contacts.iter().map(|id| id.uuid()).collect();
    lock(work, &ids).await?;
    sqlx::query_scalar!(
        r#"UPDATE contacts SET blocked_at = $3
           WHERE workspace_id = $1 AND id = ANY($2) AND blocked_at IS NULL RETURNING id AS "id: ContactId""#,
        work.workspace().uuid(),
        &ids,
        work.now()
    )
    .fetch_all(work.conn())
    .await
}

/// Locks contacts in the order of their ids, as everybody locks.
async fn lock(work: &mut Work, ids: &[Uuid]) -> Result<(), sqlx::Error> {
    if ids.is_empty() {
        return Ok(());
    }
    sqlx::query!(
        "SELECT id FROM contacts WHERE workspace_id = $1 AND id = ANY($2) ORDER BY id FOR UPDATE",
        work.workspace().uuid(),
        ids
    )
    .fetch_all(work.conn())
    .await?;
    Ok(())
}

/// Writes the history of consents, with a note for each contact.
async fn history(
    work: &mut Work,
    contacts: &[Uuid],
    granted: bool,
    notes: &[String],
    actor: Option<Uuid>,
) -> Result<(), sqlx::Error> {
    if contacts.is_empty() {
        return Ok(());
    }
    let ids: Vec<Uuid> = contacts.iter().map(|_| Uuid::now_v7()).collect();
    sqlx::query!(
        "INSERT INTO consents (workspace_id, id, contact_id, category, granted, source, note, actor_id)
         SELECT $1, n.id, n.contact, 'marketing', $4, 'import', n.note, $6
         FROM unnest($2::uuid[], $3::uuid[], $5::text[]) AS n (id, contact, note)",
        work.workspace().uuid(),
        &ids,
        contacts,
        granted,
        notes,
        actor
    )
    .execute(work.conn())
    .await?;
    Ok(())
}
