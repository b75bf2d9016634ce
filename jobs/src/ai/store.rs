//! SQL of the AI's tables.

pub(super) mod budgets;
pub(super) mod calls;
pub(super) mod documents;
pub(super) mod prompts;

use crate::Work;

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
