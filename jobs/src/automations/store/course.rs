//! SQL of what became of many automations.

use chrono_tz::Tz;
use sqlx::QueryBuilder;
use uuid::Uuid;

use crate::{
    Work,
    automations::AutomationId,
    campaigns::{COUNTS, CourseRow, push_day},
    contacts,
    domain::Brief,
    messages,
};

fn uuids(automations: &[AutomationId]) -> Vec<Uuid> {
    automations.iter().map(|id| id.uuid()).collect()
}

pub async fn messages(
    work: &mut Work,
    automations: &[AutomationId],
    zone: Tz,
) -> Result<Vec<CourseRow>, sqlx::Error> {
    let mut sql = QueryBuilder::new(
        "SELECT s.automation_id AS of, CASE WHEN d.marketing THEN 'marketing' ELSE 'utility' END AS category, k.country",
    );
    push_day(&mut sql, zone);
    sql.push(COUNTS).push(
        " FROM automation_steps s
          JOIN enrolment_steps d ON d.workspace_id = s.workspace_id AND d.step_id = s.id AND d.message_id IS NOT NULL
          JOIN enrolments e ON e.workspace_id = d.workspace_id AND e.id = d.enrolment_id",
    );
    messages::push_times(&mut sql, "d.message_id", "o");
    contacts::push_country(&mut sql, "e.contact_id", "k");
    sql.push(
        " CROSS JOIN LATERAL (VALUES ('sent', o.sent_at), ('delivered', o.delivered_at), ('read', o.read_at),
              ('replied', o.replied_at)) AS w(what, at)
          WHERE s.workspace_id = ",
    )
    .push_bind(work.workspace().uuid())
    .push(" AND s.automation_id = ANY(")
    .push_bind(uuids(automations))
    .push(") AND w.at IS NOT NULL GROUP BY 1, 2, 3, 4");
    let query = sql.build_query_as().persistent(false);
    query.fetch_all(work.conn()).await
}

/// Automations with these ids, or all; whose names have these words, or all. The newest come first.
pub async fn briefs(
    work: &mut Work,
    ids: Option<&[Uuid]>,
    words: Option<&str>,
    limit: i64,
) -> Result<Vec<Brief>, sqlx::Error> {
    sqlx::query_as!(
        Brief,
        r#"SELECT id, name, status AS "status?" FROM automations
           WHERE workspace_id = $1 AND ($2::uuid[] IS NULL OR id = ANY($2))
             AND ($3::text IS NULL OR position(lower($3) IN lower(name)) > 0)
           ORDER BY id DESC LIMIT $4"#,
        work.workspace().uuid(),
        ids as Option<&[Uuid]>,
        words,
        limit
    )
    .fetch_all(work.conn())
    .await
}
