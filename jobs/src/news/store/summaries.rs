//! SQL of the summaries.

use uuid::Uuid;

use crate::{Work, news::model::ArticleId};

/// Asks for summaries in a language. Returns those that nobody has asked for before; the caller enqueues their jobs.
pub(in crate::news) async fn want(
    work: &mut Work,
    articles: &[ArticleId],
    language: &str,
) -> Result<Vec<ArticleId>, sqlx::Error> {
    let mut ids: Vec<Uuid> = articles.iter().map(|id| id.uuid()).collect();
    // Always in the same order, so that two readers of the same articles wait for each other and do not deadlock.
    ids.sort();
    sqlx::query_scalar!(
        r#"INSERT INTO news_summaries (workspace_id, article_id, language)
           SELECT $1, id, $3 FROM unnest($2::uuid[]) AS id
           ON CONFLICT DO NOTHING RETURNING article_id AS "article: ArticleId""#,
        work.workspace().uuid(),
        &ids,
        language
    )
    .fetch_all(work.conn())
    .await
}

/// A locked summary and its article.
pub(in crate::news) struct Summary {
    pub status: String,
    pub title: String,
    pub body: String,
}

pub(in crate::news) async fn lock(
    work: &mut Work,
    article: ArticleId,
    language: &str,
) -> Result<Option<Summary>, sqlx::Error> {
    sqlx::query_as!(
        Summary,
        "SELECT s.status, a.title, a.body
         FROM news_summaries s JOIN news_articles a ON a.workspace_id = s.workspace_id AND a.id = s.article_id
         WHERE s.workspace_id = $1 AND s.article_id = $2 AND s.language = $3 FOR UPDATE OF s",
        work.workspace().uuid(),
        article.uuid(),
        language
    )
    .fetch_optional(work.conn())
    .await
}

/// Stores when a model is asked.
pub(in crate::news) async fn ask(
    work: &mut Work,
    article: ArticleId,
    language: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE news_summaries SET status = 'asking', asked_at = $4
         WHERE workspace_id = $1 AND article_id = $2 AND language = $3",
        work.workspace().uuid(),
        article.uuid(),
        language,
        work.now()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Stores the summary, or that there is none. A summary of an article that has changed meanwhile is a new row, which
/// this does not touch.
pub(in crate::news) async fn answer(
    work: &mut Work,
    article: ArticleId,
    language: &str,
    status: &str,
    text: Option<&str>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE news_summaries SET status = $4, text = $5
         WHERE workspace_id = $1 AND article_id = $2 AND language = $3 AND status = 'asking'",
        work.workspace().uuid(),
        article.uuid(),
        language,
        status,
        text
    )
    .execute(work.conn())
    .await?;
    Ok(())
}
