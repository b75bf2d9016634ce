//! SQL of the log of calls, and of their sums.

use chrono::NaiveDate;
use kazi_platform::{ConversationId, Timestamp, WorkspaceId, ids::first_uuid_of};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{
    Work,
    ai::{AiCallId, Call, CallFilter, CallView, CostBucket, DayCost, PromptId, Usage},
};

pub(in crate::ai) async fn insert(
    work: &mut Work,
    call: &Call<'_>,
) -> Result<AiCallId, sqlx::Error> {
    let at = work.now();
    let id = AiCallId::at(at);
    sqlx::query!(
        "INSERT INTO ai_calls (workspace_id, id, conversation_id, purpose, model_asked, model_served, prompt_tokens,
                               completion_tokens, cost_micro, latency_ms, outcome, created_at, prompt_id, prompt_revision)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        work.workspace().uuid(),
        id.uuid(),
        call.conversation.map(ConversationId::uuid),
        call.purpose,
        call.model_asked,
        call.model_served,
        i32::try_from(call.prompt_tokens).unwrap_or(i32::MAX),
        i32::try_from(call.completion_tokens).unwrap_or(i32::MAX),
        call.cost_micro,
        call.latency_ms,
        call.outcome,
        at,
        call.prompt.map(|(id, _)| id.uuid()),
        call.prompt.map(|(_, revision)| revision)
    )
    .execute(work.conn())
    .await?;
    Ok(id)
}

/// Stores the messages that a call is behind.
pub(in crate::ai) async fn insert_answers(
    work: &mut Work,
    call: AiCallId,
    messages: &[Uuid],
) -> Result<(), sqlx::Error> {
    if messages.is_empty() {
        return Ok(());
    }
    sqlx::query!(
        "INSERT INTO ai_answers (workspace_id, message_id, call_id) SELECT $1, message, $2 FROM unnest($3::uuid[]) AS n(message)",
        work.workspace().uuid(),
        call.uuid(),
        messages
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// The calls behind a message and behind the other messages of the same answer, the oldest first. Without those that
/// were deleted since.
pub async fn calls_behind(work: &mut Work, message: Uuid) -> Result<Vec<CallView>, sqlx::Error> {
    // Calls of tools are known by the first message of the answer alone.
    sqlx::query_as!(
        CallView,
        r#"WITH own AS (
               SELECT call_id FROM ai_answers WHERE workspace_id = $1 AND message_id = $2
           ), answer AS (
               SELECT DISTINCT a.message_id FROM own JOIN ai_answers a ON a.workspace_id = $1 AND a.call_id = own.call_id
           ), behind AS (
               SELECT DISTINCT b.call_id FROM answer JOIN ai_answers b ON b.workspace_id = $1 AND b.message_id = answer.message_id
           )
           SELECT c.id AS "id: AiCallId", c.created_at AS at, c.conversation_id AS "conversation_id: ConversationId", c.purpose,
                  c.model_asked, c.model_served, c.prompt_tokens, c.completion_tokens, c.cost_micro, c.latency_ms, c.outcome,
                  c.prompt_id AS "prompt_id: PromptId", c.prompt_revision
           FROM behind JOIN ai_calls c ON c.workspace_id = $1 AND c.id = behind.call_id
           ORDER BY c.id LIMIT 100"#,
        work.workspace().uuid(),
        message
    )
    .fetch_all(work.conn())
    .await
}

/// Adds a call to the sums of its day.
pub(in crate::ai) async fn add(
    work: &mut Work,
    day: NaiveDate,
    bucket: CostBucket,
    call: &Call<'_>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO ai_usage AS u (workspace_id, day, purpose, model, bucket, calls, failed, prompt_tokens,
                                    completion_tokens, cost_micro)
         VALUES ($1, $2, $3, $4, $5, 1, $6, $7, $8, $9)
         ON CONFLICT (workspace_id, day, purpose, model, bucket) DO UPDATE
             SET calls = u.calls + 1, failed = u.failed + $6, prompt_tokens = u.prompt_tokens + $7,
                 completion_tokens = u.completion_tokens + $8, cost_micro = u.cost_micro + $9",
        work.workspace().uuid(),
        day,
        call.purpose,
        call.model_served.unwrap_or(call.model_asked),
        bucket.name(),
        i64::from(call.outcome != "ok"),
        i64::from(call.prompt_tokens),
        i64::from(call.completion_tokens),
        call.cost_micro
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Lists calls, the newest first. The page begins behind `after`.
pub async fn calls(
    work: &mut Work,
    filter: &CallFilter,
    after: Option<AiCallId>,
    limit: i64,
) -> Result<Vec<CallView>, sqlx::Error> {
    // An id carries the time of its call, and the primary key is sorted by it.
    sqlx::query_as!(
        CallView,
        r#"SELECT id AS "id: AiCallId", created_at AS at, conversation_id AS "conversation_id: ConversationId", purpose, model_asked,
                  model_served, prompt_tokens, completion_tokens, cost_micro, latency_ms, outcome,
                  prompt_id AS "prompt_id: PromptId", prompt_revision
           FROM ai_calls
           WHERE workspace_id = $1
             AND ($2::uuid IS NULL OR id < $2)
             AND ($3::uuid IS NULL OR id >= $3)
             AND ($4::uuid IS NULL OR id < $4)
             AND ($5::text IS NULL OR coalesce(model_served, model_asked) = $5)
             AND ($6::text IS NULL OR purpose = $6)
             AND ($7::text IS NULL OR outcome = $7)
           ORDER BY id DESC LIMIT $8"#,
        work.workspace().uuid(),
        after.map(AiCallId::uuid),
        filter.from.map(first_uuid_of),
        filter.until.map(first_uuid_of),
        filter.model,
        filter.purpose,
        filter.outcome,
        limit
    )
    .fetch_all(work.conn())
    .await
}

pub(in crate::ai) async fn call(
    work: &mut Work,
    id: AiCallId,
) -> Result<Option<CallView>, sqlx::Error> {
    sqlx::query_as!(
        CallView,
        r#"SELECT id AS "id: AiCallId", created_at AS at, conversation_id AS "conversation_id: ConversationId", purpose, model_asked,
                  model_served, prompt_tokens, completion_tokens, cost_micro, latency_ms, outcome,
                  prompt_id AS "prompt_id: PromptId", prompt_revision
           FROM ai_calls WHERE workspace_id = $1 AND id = $2"#,
        work.workspace().uuid(),
        id.uuid()
    )
    .fetch_optional(work.conn())
    .await
}

/// The sums from one day to another, both included, the newest day first.
pub(in crate::ai) async fn usage(
    work: &mut Work,
    from: NaiveDate,
    until: NaiveDate,
) -> Result<Vec<Usage>, sqlx::Error> {
    sqlx::query_as!(
        Usage,
        r#"SELECT day, purpose, model, bucket AS "bucket: CostBucket", calls, failed, prompt_tokens, completion_tokens,
                  cost_micro
           FROM ai_usage WHERE workspace_id = $1 AND day BETWEEN $2 AND $3
           ORDER BY day DESC, purpose, model, bucket"#,
        work.workspace().uuid(),
        from,
        until
    )
    .fetch_all(work.conn())
    .await
}

/// What the calls of these days cost. A day without calls is not among them.
pub async fn cost_by_day(
    work: &mut Work,
    from: NaiveDate,
    until: NaiveDate,
) -> Result<Vec<DayCost>, sqlx::Error> {
    sqlx::query_as!(
        DayCost,
        r#"SELECT day, sum(calls)::bigint AS "calls!", sum(cost_micro)::bigint AS "cost_micro!"
           FROM ai_usage WHERE workspace_id = $1 AND day BETWEEN $2 AND $3 GROUP BY day"#,
        work.workspace().uuid(),
        from,
        until
    )
    .fetch_all(work.conn())
    .await
}

/// What a workspace's calls of a purpose cost over some days.
pub struct PurposeCost {
    pub workspace: WorkspaceId,
    pub purpose: String,
    pub calls: i64,
    /// Millionths of a US dollar.
    pub cost_micro: i64,
}

/// What the calls of all workspaces cost. Needs a transaction of the platform.
pub async fn cost_of_all(
    conn: &mut PgConnection,
    from: NaiveDate,
    until: NaiveDate,
) -> Result<Vec<PurposeCost>, sqlx::Error> {
    sqlx::query_as!(
        PurposeCost,
        r#"SELECT workspace_id AS "workspace: WorkspaceId", purpose, sum(calls)::bigint AS "calls!",
                  sum(cost_micro)::bigint AS "cost_micro!"
           FROM ai_usage WHERE day BETWEEN $1 AND $2 GROUP BY 1, 2"#,
        from,
        until
    )
    .fetch_all(conn)
    .await
}

/// Deletes some calls from before a time, of all workspaces. Their sums stay. Returns how many.
pub(in crate::ai) async fn purge(
    conn: &mut PgConnection,
    before: Timestamp,
) -> Result<u64, sqlx::Error> {
    // Each workspace is found by one look at the key, and so are its oldest calls: an id carries the time of its call.
    let gone = sqlx::query!(
        "WITH RECURSIVE of AS (
             (SELECT workspace_id FROM ai_calls ORDER BY workspace_id LIMIT 1)
             UNION ALL
             SELECT (SELECT c.workspace_id FROM ai_calls c WHERE c.workspace_id > of.workspace_id
                     ORDER BY c.workspace_id LIMIT 1)
             FROM of WHERE of.workspace_id IS NOT NULL
         ), old AS (
             SELECT c.workspace_id, c.id FROM of CROSS JOIN LATERAL (
                 SELECT a.workspace_id, a.id FROM ai_calls a
                 WHERE a.workspace_id = of.workspace_id AND a.id < $1 ORDER BY a.id LIMIT 1000) AS c
             LIMIT 10000
         )
         DELETE FROM ai_calls d USING old WHERE d.workspace_id = old.workspace_id AND d.id = old.id",
        first_uuid_of(before)
    )
    .execute(conn)
    .await?;
    Ok(gone.rows_affected())
}
