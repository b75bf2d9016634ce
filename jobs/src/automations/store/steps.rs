//! SQL of the steps: their ids, and what became of them.

use kazi_platform::{Timestamp, ids::first_uuid_of};
use uuid::Uuid;

use crate::{
    Work,
    automations::{AutomationId, Done, EnrolmentId},
    contacts::ContactId,
    conversations::MessageId,
    messages::CampaignId,
};

/// The id of a step, which its messages carry as that of their campaign. It is made when it is first asked for.
pub async fn id_of(
    work: &mut Work,
    automation: AutomationId,
    key: &str,
) -> Result<CampaignId, sqlx::Error> {
    if let Some(id) = known(work, automation, key).await? {
        return Ok(id);
    }
    // Once for a step. An update in place of DO NOTHING would lock the row, and all contacts of a step would wait for each
    // other.
    sqlx::query!(
        "INSERT INTO automation_steps (workspace_id, id, automation_id, key) VALUES ($1, $2, $3, $4)
         ON CONFLICT (workspace_id, automation_id, key) DO NOTHING",
        work.workspace().uuid(),
        CampaignId::at(work.now()).uuid(),
        automation.uuid(),
        key
    )
    .execute(work.conn())
    .await?;
    let made = known(work, automation, key).await?;
    made.ok_or(sqlx::Error::RowNotFound)
}

async fn known(
    work: &mut Work,
    automation: AutomationId,
    key: &str,
) -> Result<Option<CampaignId>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT id AS "id: CampaignId" FROM automation_steps
           WHERE workspace_id = $1 AND automation_id = $2 AND key = $3"#,
        work.workspace().uuid(),
        automation.uuid(),
        key
    )
    .fetch_optional(work.conn())
    .await
}

/// The ids of an automation's steps by key.
pub async fn ids(
    work: &mut Work,
    automation: AutomationId,
) -> Result<Vec<(String, CampaignId)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT key, id AS "id: CampaignId" FROM automation_steps WHERE workspace_id = $1 AND automation_id = $2
           ORDER BY id"#,
        work.workspace().uuid(),
        automation.uuid()
    )
    .fetch_all(work.conn())
    .await?;
    Ok(rows.into_iter().map(|row| (row.key, row.id)).collect())
}

/// The automation of a step.
pub async fn automation_of(
    work: &mut Work,
    step: CampaignId,
) -> Result<Option<AutomationId>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT automation_id AS "id: AutomationId" FROM automation_steps WHERE workspace_id = $1 AND id = $2"#,
        work.workspace().uuid(),
        step.uuid()
    )
    .fetch_optional(work.conn())
    .await
}

/// The revision by which a message was queued.
pub async fn revision_of(work: &mut Work, message: MessageId) -> Result<Option<i32>, sqlx::Error> {
    sqlx::query_scalar!(
        "SELECT e.revision FROM enrolment_steps d
         JOIN enrolments e ON e.workspace_id = d.workspace_id AND e.id = d.enrolment_id
         WHERE d.workspace_id = $1 AND d.message_id = $2",
        work.workspace().uuid(),
        message.uuid()
    )
    .fetch_optional(work.conn())
    .await
}

/// What a step did for an enrolment.
#[derive(Debug)]
pub struct NewDone {
    pub enrolment: EnrolmentId,
    pub position: i32,
    pub step: CampaignId,
    pub result: &'static str,
    pub reason: Option<String>,
    pub message: Option<MessageId>,
    pub marketing: bool,
}

pub async fn insert(work: &mut Work, done: &NewDone) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO enrolment_steps (workspace_id, enrolment_id, position, step_id, result, reason, message_id, marketing, done_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        work.workspace().uuid(),
        done.enrolment.uuid(),
        done.position,
        done.step.uuid(),
        done.result,
        done.reason,
        done.message.map(MessageId::uuid),
        done.marketing,
        work.now()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// The steps that an enrolment has done, in their order.
pub async fn of_enrolment(
    work: &mut Work,
    enrolment: EnrolmentId,
) -> Result<Vec<Done>, sqlx::Error> {
    sqlx::query_as!(
        Done,
        r#"SELECT s.key AS step, d.result, d.reason, d.message_id AS "message_id: MessageId", d.done_at
           FROM enrolment_steps d JOIN automation_steps s ON s.workspace_id = d.workspace_id AND s.id = d.step_id
           WHERE d.workspace_id = $1 AND d.enrolment_id = $2 ORDER BY d.position"#,
        work.workspace().uuid(),
        enrolment.uuid()
    )
    .fetch_all(work.conn())
    .await
}

/// The steps of which a contact has a message. `marketing` selects those whose message needs consent.
pub async fn with_messages(
    work: &mut Work,
    contact: ContactId,
    marketing: bool,
) -> Result<Vec<CampaignId>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT DISTINCT d.step_id AS "id: CampaignId" FROM enrolments e
           JOIN enrolment_steps d ON d.workspace_id = e.workspace_id AND d.enrolment_id = e.id
           WHERE e.workspace_id = $1 AND e.contact_id = $2 AND d.message_id IS NOT NULL AND (d.marketing OR NOT $3)"#,
        work.workspace().uuid(),
        contact.uuid(),
        marketing
    )
    .fetch_all(work.conn())
    .await
}

/// The marketing messages that some contacts have got since a time. The id of a message carries its time.
pub async fn sent_since(
    work: &mut Work,
    contacts: &[ContactId],
    since: Timestamp,
) -> Result<Vec<(ContactId, MessageId)>, sqlx::Error> {
    let contacts: Vec<Uuid> = contacts.iter().map(|id| id.uuid()).collect();
    let rows = sqlx::query!(
        r#"SELECT e.contact_id AS "contact: ContactId", d.message_id AS "message!: MessageId" FROM enrolments e
           JOIN enrolment_steps d ON d.workspace_id = e.workspace_id AND d.enrolment_id = e.id
           WHERE e.workspace_id = $1 AND e.contact_id = ANY($2) AND d.marketing AND d.message_id >= $3"#,
        work.workspace().uuid(),
        &contacts,
        first_uuid_of(since)
    )
    .fetch_all(work.conn())
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.contact, row.message))
        .collect())
}

/// Notes that messages were taken back for good.
pub async fn taken_back(
    work: &mut Work,
    messages: &[MessageId],
    reason: &str,
) -> Result<(), sqlx::Error> {
    let messages: Vec<Uuid> = messages.iter().map(|id| id.uuid()).collect();
    sqlx::query!(
        "WITH held AS MATERIALIZED (
             SELECT enrolment_id, position FROM enrolment_steps WHERE workspace_id = $1 AND message_id = ANY($2)
             ORDER BY enrolment_id, position FOR NO KEY UPDATE)
         UPDATE enrolment_steps d SET result = 'skipped', reason = $3, message_id = NULL FROM held
         WHERE d.workspace_id = $1 AND d.enrolment_id = held.enrolment_id AND d.position = held.position",
        work.workspace().uuid(),
        &messages,
        reason
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Puts enrolments back to the steps whose messages were taken back: they are done again. An enrolment that was stopped, or
/// whose later message has left, keeps its place and skips the message.
pub async fn put_back(work: &mut Work, messages: &[MessageId]) -> Result<(), sqlx::Error> {
    if messages.is_empty() {
        return Ok(());
    }
    let messages: Vec<Uuid> = messages.iter().map(|id| id.uuid()).collect();
    // In the order of their ids, as everybody locks them.
    sqlx::query!(
        "SELECT FROM enrolments WHERE workspace_id = $1 AND id IN (
             SELECT enrolment_id FROM enrolment_steps WHERE workspace_id = $1 AND message_id = ANY($2))
         ORDER BY id FOR NO KEY UPDATE",
        work.workspace().uuid(),
        &messages
    )
    .execute(work.conn())
    .await?;
    sqlx::query!(
        "WITH gone AS MATERIALIZED (
             SELECT enrolment_id, position FROM enrolment_steps WHERE workspace_id = $1 AND message_id = ANY($2)),
         sent AS (
             SELECT d.enrolment_id, max(d.position) AS position FROM enrolment_steps d
             LEFT JOIN gone g ON g.enrolment_id = d.enrolment_id AND g.position = d.position
             WHERE d.workspace_id = $1 AND d.enrolment_id IN (SELECT enrolment_id FROM gone)
               AND d.message_id IS NOT NULL AND g.enrolment_id IS NULL
             GROUP BY 1),
         places AS MATERIALIZED (
             SELECT e.id, min(g.position) AS position FROM gone g
             JOIN enrolments e ON e.workspace_id = $1 AND e.id = g.enrolment_id AND e.status IN ('active', 'finished')
             LEFT JOIN sent s ON s.enrolment_id = e.id
             WHERE s.position IS NULL OR s.position < g.position
             GROUP BY 1),
         skipped AS (
             UPDATE enrolment_steps d SET result = 'skipped', reason = 'taken_back', message_id = NULL
             FROM gone g LEFT JOIN places p ON p.id = g.enrolment_id
             WHERE d.workspace_id = $1 AND d.enrolment_id = g.enrolment_id AND d.position = g.position
               AND (p.position IS NULL OR g.position < p.position)),
         undone AS (
             DELETE FROM enrolment_steps d USING places p
             WHERE d.workspace_id = $1 AND d.enrolment_id = p.id AND d.position >= p.position
             RETURNING d.enrolment_id, d.position, d.step_id)
         UPDATE enrolments e SET position = u.position, step = s.key, waits = false, due_at = $3, status = 'active',
                reason = NULL, ended_at = NULL
         FROM places p JOIN undone u ON u.enrolment_id = p.id AND u.position = p.position
         JOIN automation_steps s ON s.workspace_id = $1 AND s.id = u.step_id
         WHERE e.workspace_id = $1 AND e.id = p.id",
        work.workspace().uuid(),
        &messages,
        work.now()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Whether some messages of steps needed no consent.
pub async fn any_without_consent(
    work: &mut Work,
    steps: &[CampaignId],
) -> Result<bool, sqlx::Error> {
    let steps: Vec<Uuid> = steps.iter().map(|id| id.uuid()).collect();
    sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM enrolment_steps WHERE workspace_id = $1 AND step_id = ANY($2)
                            AND message_id IS NOT NULL AND NOT marketing) AS "yes!""#,
        work.workspace().uuid(),
        &steps
    )
    .fetch_one(work.conn())
    .await
}

/// Notes that the messages of steps need consent.
pub async fn set_marketing(work: &mut Work, steps: &[CampaignId]) -> Result<(), sqlx::Error> {
    let steps: Vec<Uuid> = steps.iter().map(|id| id.uuid()).collect();
    sqlx::query!(
        "WITH held AS MATERIALIZED (
             SELECT enrolment_id, position FROM enrolment_steps
             WHERE workspace_id = $1 AND step_id = ANY($2) AND message_id IS NOT NULL AND NOT marketing
             ORDER BY enrolment_id, position FOR NO KEY UPDATE)
         UPDATE enrolment_steps d SET marketing = true FROM held
         WHERE d.workspace_id = $1 AND d.enrolment_id = held.enrolment_id AND d.position = held.position",
        work.workspace().uuid(),
        &steps
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Whether a contact's message of a step needs consent.
pub async fn is_marketing(
    work: &mut Work,
    step: CampaignId,
    contact: ContactId,
) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM enrolments e
               JOIN enrolment_steps d ON d.workspace_id = e.workspace_id AND d.enrolment_id = e.id
               WHERE e.workspace_id = $1 AND e.contact_id = $3 AND d.step_id = $2 AND d.marketing) AS "marketing!""#,
        work.workspace().uuid(),
        step.uuid(),
        contact.uuid()
    )
    .fetch_one(work.conn())
    .await
}
