//! SQL of the articles.

use kazi_platform::Timestamp;
use sqlx::PgConnection;

use crate::{
    Work,
    news::model::{Article, ArticleId},
};

/// All given conditions must hold.
#[derive(Clone, Debug, Default)]
pub struct ArticleFilter {
    pub topic: Option<String>,
    pub language: Option<String>,
    pub breaking: Option<bool>,
}

/// The articles, newest first, after the given one.
pub async fn articles(
    work: &mut Work,
    filter: &ArticleFilter,
    after: Option<ArticleId>,
    limit: i64,
) -> Result<Vec<Article>, sqlx::Error> {
    sqlx::query_as!(
        Article,
        r#"SELECT id AS "id: ArticleId", external_id, title, body, url, image_url, source, author, language, topics, breaking,
                  broken_at, published_at, created_at, updated_at
           FROM news_articles
           WHERE workspace_id = $1 AND deleted_at IS NULL AND ($2::uuid IS NULL OR id < $2)
             AND ($3::text IS NULL OR $3 = ANY(topics)) AND ($4::text IS NULL OR language = $4)
             AND ($5::boolean IS NULL OR breaking = $5)
           ORDER BY id DESC LIMIT $6"#,
        work.workspace().uuid(),
        after.map(ArticleId::uuid),
        filter.topic,
        filter.language,
        filter.breaking,
        limit
    )
    .fetch_all(work.conn())
    .await
}

pub async fn article(work: &mut Work, id: ArticleId) -> Result<Option<Article>, sqlx::Error> {
    sqlx::query_as!(
        Article,
        r#"SELECT id AS "id: ArticleId", external_id, title, body, url, image_url, source, author, language, topics, breaking,
                  broken_at, published_at, created_at, updated_at
           FROM news_articles WHERE workspace_id = $1 AND id = $2 AND deleted_at IS NULL"#,
        work.workspace().uuid(),
        id.uuid()
    )
    .fetch_optional(work.conn())
    .await
}

/// Locks the article until the transaction ends.
pub async fn lock_article(work: &mut Work, id: ArticleId) -> Result<Option<Article>, sqlx::Error> {
    sqlx::query_as!(
        Article,
        r#"SELECT id AS "id: ArticleId", external_id, title, body, url, image_url, source, author, language, topics, breaking,
                  broken_at, published_at, created_at, updated_at
           FROM news_articles WHERE workspace_id = $1 AND id = $2 AND deleted_at IS NULL FOR UPDATE"#,
        work.workspace().uuid(),
        id.uuid()
    )
    .fetch_optional(work.conn())
    .await
}

pub(in crate::news) async fn insert(
    work: &mut Work,
    article: &Article,
) -> Result<Article, sqlx::Error> {
    sqlx::query_as!(
        Article,
        r#"INSERT INTO news_articles (workspace_id, id, external_id, title, body, url, image_url, source, author, language,
                                      topics, published_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
           RETURNING id AS "id: ArticleId", external_id, title, body, url, image_url, source, author, language, topics, breaking,
                     broken_at, published_at, created_at, updated_at"#,
        work.workspace().uuid(),
        article.id.uuid(),
        article.external_id,
        article.title,
        article.body,
        article.url,
        article.image_url,
        article.source,
        article.author,
        article.language,
        &article.topics,
        article.published_at
    )
    .fetch_one(work.conn())
    .await
}

/// Like [`insert`], but inserts nothing when the external id or address exists.
pub(in crate::news) async fn insert_new(
    work: &mut Work,
    article: &Article,
) -> Result<Option<Article>, sqlx::Error> {
    sqlx::query_as!(
        Article,
        r#"INSERT INTO news_articles (workspace_id, id, external_id, title, body, url, image_url, source, author, language,
                                      topics, published_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
           ON CONFLICT DO NOTHING
           RETURNING id AS "id: ArticleId", external_id, title, body, url, image_url, source, author, language, topics, breaking,
                     broken_at, published_at, created_at, updated_at"#,
        work.workspace().uuid(),
        article.id.uuid(),
        article.external_id,
        article.title,
        article.body,
        article.url,
        article.image_url,
        article.source,
        article.author,
        article.language,
        &article.topics,
        article.published_at
    )
    .fetch_optional(work.conn())
    .await
}

/// The existing article with this external id or address, even when it is deleted.
pub(in crate::news) async fn same(
    work: &mut Work,
    article: &Article,
) -> Result<ArticleId, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT id AS "id: ArticleId" FROM news_articles
           WHERE workspace_id = $1 AND (external_id = $2 OR url = $3)
           ORDER BY external_id IS NOT DISTINCT FROM $2 DESC LIMIT 1"#,
        work.workspace().uuid(),
        article.external_id,
        article.url
    )
    .fetch_one(work.conn())
    .await
}

pub(in crate::news) async fn update(
    work: &mut Work,
    article: &Article,
) -> Result<Article, sqlx::Error> {
    // The time of the statement, so that two changes never have the same time.
    sqlx::query_as!(
        Article,
        r#"UPDATE news_articles SET title = $3, body = $4, url = $5, image_url = $6, source = $7, author = $8, language = $9,
                  topics = $10, breaking = $11, broken_at = $12, published_at = $13, updated_at = clock_timestamp()
           WHERE workspace_id = $1 AND id = $2
           RETURNING id AS "id: ArticleId", external_id, title, body, url, image_url, source, author, language, topics, breaking,
                     broken_at, published_at, created_at, updated_at"#,
        work.workspace().uuid(),
        article.id.uuid(),
        article.title,
        article.body,
        article.url,
        article.image_url,
        article.source,
        article.author,
        article.language,
        &article.topics,
        article.breaking,
        article.broken_at,
        article.published_at
    )
    .fetch_one(work.conn())
    .await
}

pub(in crate::news) async fn delete(work: &mut Work, id: ArticleId) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE news_articles SET deleted_at = $3, updated_at = clock_timestamp() WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        id.uuid(),
        work.now()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

pub(in crate::news) async fn forget_summaries(
    work: &mut Work,
    id: ArticleId,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "DELETE FROM news_summaries WHERE workspace_id = $1 AND article_id = $2",
        work.workspace().uuid(),
        id.uuid()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Deletes digests, and published or deleted articles, from before a moment in all workspaces, at most `limit` of each.
/// Returns their number.
pub(in crate::news) async fn purge(
    conn: &mut PgConnection,
    before: Timestamp,
    limit: i64,
) -> Result<u64, sqlx::Error> {
    let digests = sqlx::query!(
        "DELETE FROM news_digests WHERE (workspace_id, id) IN
             (SELECT workspace_id, id FROM news_digests WHERE created_at < $1 ORDER BY created_at LIMIT $2)",
        before,
        limit
    )
    .execute(&mut *conn)
    .await?;
    let articles = sqlx::query!(
        "DELETE FROM news_articles WHERE (workspace_id, id) IN
             (SELECT workspace_id, id FROM news_articles
              WHERE created_at < $1 AND (published_at < $1 OR deleted_at < $1) ORDER BY created_at LIMIT $2)",
        before,
        limit
    )
    .execute(conn)
    .await?;
    Ok(digests.rows_affected() + articles.rows_affected())
}
