//! SQL of the enrolments.

use kazi_platform::Timestamp;
use sqlx::types::Json;
use uuid::Uuid;

use crate::{
    Work,
    automations::{
        Automation, AutomationId, Enrolment, EnrolmentId, EnrolmentStatus, model::Values,
    },
    contacts::ContactId,
};

/// A contact whom a trigger has found.
#[derive(Clone, Debug)]
pub struct Candidate {
    pub contact: ContactId,
    pub occurrence: String,
    pub values: Values,
}

macro_rules! enrolments {
    ($rest:tt, $($argument:expr),*) => {
        sqlx::query_as!(
            Enrolment,
            r#"SELECT id AS "id: EnrolmentId", automation_id AS "automation_id: AutomationId", contact_id AS "contact_id: ContactId",
                      revision, occurrence, subject AS "subject: Json<Values>", status, reason, step, due_at, entered_at, ended_at,
                      position, waits
               FROM enrolments "# + $rest,
            $($argument),*
        )
    };
}

/// Enters contacts, and returns the new enrolments. Those who have entered by the same occurrence are left out, and those
/// who may not enter again yet. The caller holds the automation's row.
pub async fn insert(
    work: &mut Work,
    automation: &Automation,
    step: &str,
    candidates: &[Candidate],
) -> Result<Vec<EnrolmentId>, sqlx::Error> {
    let ids: Vec<Uuid> = candidates
        .iter()
        .map(|_| EnrolmentId::at(work.now()).uuid())
        .collect();
    let contacts: Vec<Uuid> = candidates.iter().map(|one| one.contact.uuid()).collect();
    let occurrences: Vec<String> = candidates
        .iter()
        .map(|one| one.occurrence.clone())
        .collect();
    let subjects = candidates
        .iter()
        .map(|one| serde_json::to_value(&one.values));
    let subjects: Vec<serde_json::Value> = subjects
        .collect::<Result<_, _>>()
        .map_err(|error| sqlx::Error::Encode(error.into()))?;
    sqlx::query_scalar!(
        r#"INSERT INTO enrolments (workspace_id, id, automation_id, revision, contact_id, occurrence, subject, step, due_at, entered_at)
           SELECT $1, n.id, $2, $3, n.contact, n.occurrence, n.subject, $8, $9, $9
           FROM (SELECT DISTINCT ON (contact) * FROM unnest($4::uuid[], $5::uuid[], $6::text[], $7::jsonb[])
                     AS n(id, contact, occurrence, subject) ORDER BY contact, id) n
           WHERE NOT EXISTS (SELECT FROM enrolments e WHERE e.workspace_id = $1 AND e.automation_id = $2
                               AND e.contact_id = n.contact
                               AND ($10::int IS NULL OR e.entered_at > $9::timestamptz - make_interval(days => $10)))
           ORDER BY n.id
           ON CONFLICT (workspace_id, automation_id, contact_id, occurrence) DO NOTHING
           RETURNING id AS "id: EnrolmentId""#,
        work.workspace().uuid(),
        automation.id.uuid(),
        automation.revision,
        &ids,
        &contacts,
        &occurrences,
        &subjects,
        step,
        work.now(),
        automation.reentry_after_days.and_then(|days| i32::try_from(days).ok())
    )
    .fetch_all(work.conn())
    .await
}

/// Those of some contacts who may enter by now: see [`insert`].
pub async fn may_enter(
    work: &mut Work,
    automation: &Automation,
    candidates: &[Candidate],
) -> Result<Vec<ContactId>, sqlx::Error> {
    let contacts: Vec<Uuid> = candidates.iter().map(|one| one.contact.uuid()).collect();
    let occurrences: Vec<String> = candidates
        .iter()
        .map(|one| one.occurrence.clone())
        .collect();
    sqlx::query_scalar!(
        r#"SELECT DISTINCT n.contact AS "id!: ContactId" FROM unnest($3::uuid[], $4::text[]) AS n(contact, occurrence)
           WHERE NOT EXISTS (SELECT FROM enrolments e WHERE e.workspace_id = $1 AND e.automation_id = $2
                               AND e.contact_id = n.contact
                               AND ($6::int IS NULL OR e.entered_at > $5::timestamptz - make_interval(days => $6)
                                    OR e.occurrence = n.occurrence))
           ORDER BY 1"#,
        work.workspace().uuid(),
        automation.id.uuid(),
        &contacts,
        &occurrences,
        work.now(),
        automation.reentry_after_days.and_then(|days| i32::try_from(days).ok())
    )
    .fetch_all(work.conn())
    .await
}

/// How many have entered since a time.
pub async fn entered_since(
    work: &mut Work,
    automation: AutomationId,
    since: Timestamp,
) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT count(*) AS "n!" FROM enrolments WHERE workspace_id = $1 AND automation_id = $2 AND entered_at > $3"#,
        work.workspace().uuid(),
        automation.uuid(),
        since
    )
    .fetch_one(work.conn())
    .await
}

pub async fn get(work: &mut Work, id: EnrolmentId) -> Result<Option<Enrolment>, sqlx::Error> {
    enrolments!(
        "WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        id.uuid()
    )
    .fetch_optional(work.conn())
    .await
}

/// Locks and reads an enrolment. Every step holds its row.
pub async fn lock(work: &mut Work, id: EnrolmentId) -> Result<Option<Enrolment>, sqlx::Error> {
    enrolments!(
        "WHERE workspace_id = $1 AND id = $2 FOR NO KEY UPDATE",
        work.workspace().uuid(),
        id.uuid()
    )
    .fetch_optional(work.conn())
    .await
}

/// The enrolments of an automation, newest first, from the given one on.
pub async fn list(
    work: &mut Work,
    automation: AutomationId,
    status: Option<EnrolmentStatus>,
    contact: Option<ContactId>,
    after: Option<EnrolmentId>,
    limit: i64,
) -> Result<Vec<Enrolment>, sqlx::Error> {
    enrolments!(
        "WHERE workspace_id = $1 AND automation_id = $2 AND ($3::text IS NULL OR status = $3)
           AND ($4::uuid IS NULL OR contact_id = $4) AND ($5::uuid IS NULL OR id < $5)
         ORDER BY id DESC LIMIT $6",
        work.workspace().uuid(),
        automation.uuid(),
        status.map(EnrolmentStatus::name),
        contact.map(ContactId::uuid),
        after.map(EnrolmentId::uuid),
        limit
    )
    .fetch_all(work.conn())
    .await
}

/// Writes where an enrolment stands.
pub async fn save(work: &mut Work, enrolment: &Enrolment) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE enrolments SET status = $3, reason = $4, position = $5, step = $6, waits = $7, due_at = $8, ended_at = $9
         WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        enrolment.id.uuid(),
        enrolment.status,
        enrolment.reason,
        enrolment.position,
        enrolment.step,
        enrolment.waits,
        enrolment.due_at,
        enrolment.ended_at
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Those whose next step is due, by id, after the given one.
pub async fn due(
    work: &mut Work,
    automation: AutomationId,
    after: Option<EnrolmentId>,
    limit: i64,
) -> Result<Vec<(EnrolmentId, i32)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT id AS "id: EnrolmentId", position FROM enrolments
           WHERE workspace_id = $1 AND automation_id = $2 AND status = 'active' AND due_at <= $3
             AND ($4::uuid IS NULL OR id > $4)
           ORDER BY id LIMIT $5"#,
        work.workspace().uuid(),
        automation.uuid(),
        work.now(),
        after.map(EnrolmentId::uuid),
        limit
    )
    .fetch_all(work.conn())
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.position)).collect())
}

/// Whether somebody waits for a template.
pub async fn any_waits(work: &mut Work, automation: AutomationId) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM enrolments WHERE workspace_id = $1 AND automation_id = $2 AND status = 'active'
                            AND reason IS NOT NULL) AS "yes!""#,
        work.workspace().uuid(),
        automation.uuid()
    )
    .fetch_one(work.conn())
    .await
}

/// Stops all that a contact is still on the way through.
pub async fn stop_all(
    work: &mut Work,
    contact: ContactId,
    reason: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "WITH held AS MATERIALIZED (
             SELECT id FROM enrolments WHERE workspace_id = $1 AND contact_id = $2 AND status = 'active'
             ORDER BY id FOR NO KEY UPDATE)
         UPDATE enrolments e SET status = 'stopped', reason = $3, ended_at = $4 FROM held
         WHERE e.workspace_id = $1 AND e.id = held.id",
        work.workspace().uuid(),
        contact.uuid(),
        reason,
        work.now()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Gives a contact's enrolments to another. What both have entered by is the other's alone. Returns those whose step is due.
pub async fn change_contact(
    work: &mut Work,
    from: ContactId,
    to: ContactId,
) -> Result<Vec<(AutomationId, EnrolmentId, i32)>, sqlx::Error> {
    // In the order of their ids, as everybody locks them.
    sqlx::query!(
        "SELECT FROM enrolments WHERE workspace_id = $1 AND contact_id = $2 ORDER BY id FOR UPDATE",
        work.workspace().uuid(),
        from.uuid()
    )
    .execute(work.conn())
    .await?;
    sqlx::query!(
        "DELETE FROM enrolments a USING enrolments b
         WHERE a.workspace_id = $1 AND a.contact_id = $2 AND b.workspace_id = $1 AND b.contact_id = $3
           AND b.automation_id = a.automation_id AND b.occurrence = a.occurrence",
        work.workspace().uuid(),
        from.uuid(),
        to.uuid()
    )
    .execute(work.conn())
    .await?;
    let rows = sqlx::query!(
        r#"WITH moved AS (
               UPDATE enrolments SET contact_id = $3 WHERE workspace_id = $1 AND contact_id = $2
               RETURNING id, automation_id, position, status, due_at)
           SELECT id AS "id: EnrolmentId", automation_id AS "automation: AutomationId", position FROM moved
           WHERE status = 'active' AND due_at <= $4"#,
        work.workspace().uuid(),
        from.uuid(),
        to.uuid(),
        work.now()
    )
    .fetch_all(work.conn())
    .await?;
    let rows = rows.into_iter();
    Ok(rows
        .map(|row| (row.automation, row.id, row.position))
        .collect())
}

/// Forgets what the triggers' subjects say of a contact.
pub async fn erase(work: &mut Work, contact: ContactId) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE enrolments SET subject = '{}' WHERE workspace_id = $1 AND contact_id = $2",
        work.workspace().uuid(),
        contact.uuid()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}
