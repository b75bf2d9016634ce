//! SQL of the AI's tables.

pub(super) mod documents;
pub(super) mod prompts;

use crate::Work;
use uuid::Uuid;

use super::Passage;

pub(super) async fn knowledge(
    work: &mut Work,
    language: &str,
    fallback: &str,
    question: &str,
    limit: i64,
) -> Result<Vec<Passage>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"WITH asked AS (
               SELECT l.language,
                      (SELECT string_agg(quote_literal(lexeme) || ':*', ' | ')
                       FROM unnest(to_tsvector(l.config::regconfig, $2)))::tsquery AS query
               FROM (SELECT DISTINCT * FROM (VALUES ($3::text, $4::text), ($5::text, $6::text)) AS v) AS l(language, config)
           )
           SELECT k.title AS "title!", k.body AS "body!", ts_rank_cd(k.search, a.query, 1) AS "rank!"
           FROM asked a JOIN knowledge_search k ON k.language = a.language AND k.search @@ a.query
           WHERE k.workspace_id = $1 ORDER BY 3 DESC, k.id LIMIT $7"#,
        work.workspace().uuid(),
        question,
        language,
        crate::locale::search_config(language),
        fallback,
        crate::locale::search_config(fallback),
        limit
    )
    .fetch_all(work.conn())
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Passage {
            text: format!("{}: {}", row.title, row.body),
            rank: row.rank,
        })
        .collect())
}

/// A call of a model, for the log of costs.
#[derive(Clone, Debug)]
pub struct Call<'a> {
    /// The conversation, if there is one.
    pub conversation: Option<Uuid>,
    pub purpose: &'a str,
    pub model_asked: &'a str,
    pub model_served: Option<&'a str>,
    pub prompt_tokens: u32,
    pub completion_tokens: u32,
    /// Millionths of a US dollar.
    pub cost_micro: i64,
    pub latency_ms: i32,
    /// `ok`, or the class of the error.
    pub outcome: &'static str,
}

pub async fn log_call(work: &mut Work, call: &Call<'_>) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO ai_calls (workspace_id, id, conversation_id, purpose, model_asked, model_served, prompt_tokens,
                               completion_tokens, cost_micro, latency_ms, outcome)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        work.workspace().uuid(),
        Uuid::now_v7(),
        call.conversation,
        call.purpose,
        call.model_asked,
        call.model_served,
        i32::try_from(call.prompt_tokens).unwrap_or(i32::MAX),
        i32::try_from(call.completion_tokens).unwrap_or(i32::MAX),
        call.cost_micro,
        call.latency_ms,
        call.outcome
    )
    .execute(work.conn())
    .await?;
    Ok(())
}
