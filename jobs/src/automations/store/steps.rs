//! SQL of the steps: their ids, and what became of them.

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
    // The update changes nothing. It returns the row.
    sqlx::query_scalar!(
        r#"INSERT INTO automation_steps AS s (workspace_id, id, automation_id, key) VALUES ($1, $2, $3, $4)
           ON CONFLICT (workspace_id, automation_id, key) DO UPDATE SET key = s.key RETURNING id AS "id: CampaignId""#,
        work.workspace().uuid(),
        CampaignId::at(work.now()).uuid(),
        automation.uuid(),
        key
    )
    .fetch_one(work.conn())
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

/// Notes that messages were taken back for good.
pub async fn taken_back(
    work: &mut Work,
    messages: &[MessageId],
    reason: &str,
) -> Result<(), sqlx::Error> {
    let messages: Vec<Uuid> = messages.iter().map(|id| id.uuid()).collect();
    sqlx::query!(
        "UPDATE enrolment_steps SET result = 'skipped', reason = $3, message_id = NULL
         WHERE workspace_id = $1 AND message_id = ANY($2)",
        work.workspace().uuid(),
        &messages,
        reason
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Puts enrolments back to the steps whose messages were taken back: they are done again when the automation goes on.
pub async fn put_back(
    work: &mut Work,
    automation: AutomationId,
    messages: &[MessageId],
) -> Result<(), sqlx::Error> {
    let messages: Vec<Uuid> = messages.iter().map(|id| id.uuid()).collect();
    sqlx::query!(
        "WITH gone AS (
             SELECT d.enrolment_id, min(d.position) AS position FROM enrolment_steps d
             WHERE d.workspace_id = $1 AND d.message_id = ANY($3) GROUP BY 1),
         undone AS (
             DELETE FROM enrolment_steps d USING gone
             WHERE d.workspace_id = $1 AND d.enrolment_id = gone.enrolment_id AND d.position >= gone.position
             RETURNING d.enrolment_id, d.position, d.step_id)
         UPDATE enrolments e SET position = u.position, step = s.key, waits = false, due_at = $4, status = 'active',
                reason = NULL, ended_at = NULL
         FROM gone JOIN undone u ON u.enrolment_id = gone.enrolment_id AND u.position = gone.position
         JOIN automation_steps s ON s.workspace_id = $1 AND s.id = u.step_id
         WHERE e.workspace_id = $1 AND e.automation_id = $2 AND e.id = gone.enrolment_id
           AND e.status IN ('active', 'finished')",
        work.workspace().uuid(),
        automation.uuid(),
        &messages,
        work.now()
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
