//! SQL of the figures.

use crate::{Work, automations::AutomationId};

/// Enrolments that stand at a step, or have ended there.
pub struct Standing {
    pub step: String,
    pub status: String,
    pub reason: Option<String>,
    pub contacts: i64,
}

pub async fn standings(
    work: &mut Work,
    automation: AutomationId,
) -> Result<Vec<Standing>, sqlx::Error> {
    sqlx::query_as!(
        Standing,
        r#"SELECT step, status, reason, count(*) AS "contacts!" FROM enrolments
           WHERE workspace_id = $1 AND automation_id = $2 GROUP BY 1, 2, 3"#,
        work.workspace().uuid(),
        automation.uuid()
    )
    .fetch_all(work.conn())
    .await
}

/// Enrolments that have done a step.
pub struct Done {
    pub step: String,
    pub result: String,
    pub reason: Option<String>,
    pub contacts: i64,
}

pub async fn done(work: &mut Work, automation: AutomationId) -> Result<Vec<Done>, sqlx::Error> {
    sqlx::query_as!(
        Done,
        r#"SELECT s.key AS step, d.result, d.reason, count(*) AS "contacts!" FROM automation_steps s
           JOIN enrolment_steps d ON d.workspace_id = s.workspace_id AND d.step_id = s.id
           WHERE s.workspace_id = $1 AND s.automation_id = $2 GROUP BY 1, 2, 3"#,
        work.workspace().uuid(),
        automation.uuid()
    )
    .fetch_all(work.conn())
    .await
}
