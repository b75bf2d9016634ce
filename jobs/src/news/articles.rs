//! Members and programs create and change articles.

use kazi_platform::Timestamp;
use kazi_queue::Job;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::{
    Breaking, NewsError,
    input::{self, ArticlePatch, MAX_BULK, NewArticle, NewArticles},
    model::{Article, ArticleId},
    store::articles as store,
};
use crate::{
    Work,
    audit::Change,
    violations::{Violations, invalid},
    workspaces,
};

/// The outcome of one article of a list.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct Taken {
    /// The new article, or the existing one with this `external_id` or `url`.
    pub id: ArticleId,
    /// Whether the article is new. An existing article stays as it is.
    pub created: bool,
}

/// Creates an article. Breaking news goes to its readers at once.
///
/// # Errors
/// Another article has this `external_id` or `url`.
pub async fn create_article(work: &mut Work, new: NewArticle) -> Result<Article, NewsError> {
    let language = workspaces::get(work).await?.default_language;
    let (article, tell) = made(work.now(), language, new);
    let mut violations = Violations::default();
    check(&mut violations, "", work.now(), &article, tell);
    violations.end()?;
    let article = store::insert(work, &article).await?;
    after_insert(work, article, tell).await
}

/// Creates all articles or none. Existing articles stay as they are, so a feed can send a list again.
pub async fn create_articles(
    work: &mut Work,
    NewArticles { articles }: NewArticles,
) -> Result<Vec<Taken>, NewsError> {
    if !(1..=MAX_BULK).contains(&articles.len()) {
        let rule = format!("must have 1 to {MAX_BULK} articles");
        return Err(invalid("/articles", ("length", rule)).into());
    }
    let language = workspaces::get(work).await?.default_language;
    let articles = articles.into_iter();
    let articles: Vec<_> = articles
        .map(|new| made(work.now(), language.clone(), new))
        .collect();
    let mut violations = Violations::default();
    for (index, (article, tell)) in articles.iter().enumerate() {
        check(
            &mut violations,
            &format!("/articles/{index}"),
            work.now(),
            article,
            *tell,
        );
    }
    violations.end()?;
    let mut taken = Vec::with_capacity(articles.len());
    for (article, tell) in articles {
        let there = match store::insert_new(work, &article).await? {
            Some(article) => {
                let id = article.id;
                after_insert(work, article, tell).await?;
                Taken { id, created: true }
            }
            None => {
                let id = store::same(work, &article).await?;
                Taken { id, created: false }
            }
        };
        taken.push(there);
    }
    Ok(taken)
}

/// Makes an article from the input. Returns whether it is breaking news.
fn made(now: Timestamp, default_language: String, new: NewArticle) -> (Article, bool) {
    let tell = new.breaking;
    let article = Article {
        id: ArticleId::new(),
        external_id: new.external_id,
        title: new.title,
        body: new.body,
        url: new.url,
        image_url: new.image_url,
        source: new.source,
        author: new.author,
        language: new.language.unwrap_or(default_language),
        topics: new.topics,
        breaking: false,
        broken_at: None,
        published_at: new.published_at.or(tell.then_some(now)),
        created_at: now,
        updated_at: now,
    };
    (article, tell)
}

fn check(violations: &mut Violations, at: &str, now: Timestamp, article: &Article, tell: bool) {
    input::article(violations, at, article);
    let later = article.published_at.is_some_and(|at| at > now);
    violations.unless(
        !(tell && later),
        format!("{at}/published_at"),
        "later",
        "breaking news is published at once",
    );
}

async fn after_insert(work: &mut Work, article: Article, tell: bool) -> Result<Article, NewsError> {
    let action = "news.create_article";
    work.audit(&Change::created(
        action,
        subject(&article),
        &brief(&article),
    ))
    .await?;
    match tell {
        true => break_article(work, article).await,
        false => Ok(article),
    }
}

/// Changes an article that [`lock_article`](super::lock_article) has locked.
pub async fn update_article(
    work: &mut Work,
    before: Article,
    patch: ArticlePatch,
) -> Result<Article, NewsError> {
    let mut after = before.clone();
    after.title = patch.title.unwrap_or(after.title);
    after.body = patch.body.unwrap_or(after.body);
    after.url = patch.url.unwrap_or(after.url);
    after.image_url = patch.image_url.unwrap_or(after.image_url);
    after.source = patch.source.unwrap_or(after.source);
    after.author = patch.author.unwrap_or(after.author);
    after.language = patch.language.unwrap_or(after.language);
    after.topics = patch.topics.unwrap_or(after.topics);
    after.published_at = patch.published_at.unwrap_or(after.published_at);
    let mut violations = Violations::default();
    input::article(&mut violations, "", &after);
    violations.end()?;
    let said = |article: &Article| {
        let Article {
            title,
            body,
            language,
            ..
        } = article;
        (title.clone(), body.clone(), language.clone())
    };
    if said(&before) != said(&after) {
        // The summaries are of the old text. They are made again when a reader needs them.
        store::forget_summaries(work, after.id).await?;
    }
    let after = store::update(work, &after).await?;
    let action = "news.update_article";
    work.audit(&Change::updated(action, subject(&after), &before, &after))
        .await?;
    Ok(after)
}

/// Deletes a locked article. No reader gets it any more.
pub async fn delete_article(work: &mut Work, before: &Article) -> Result<(), sqlx::Error> {
    store::delete(work, before.id).await?;
    let action = "news.delete_article";
    work.audit(&Change::deleted(action, subject(before), &brief(before)))
        .await
}

/// Sends a locked article to all readers of its topics at once, and publishes it. A second call does nothing.
pub async fn break_article(work: &mut Work, before: Article) -> Result<Article, NewsError> {
    if before.broken_at.is_some() {
        return Ok(before);
    }
    let mut after = before.clone();
    after.breaking = true;
    after.broken_at = Some(work.now());
    after.published_at = Some(
        before
            .published_at
            .map_or(work.now(), |at| at.min(work.now())),
    );
    let after = store::update(work, &after).await?;
    let action = "news.break_article";
    work.audit(&Change::updated(action, subject(&after), &before, &after))
        .await?;
    let job = Breaking {
        workspace: work.workspace(),
        article: after.id,
        after: None,
    };
    let options = job.options().tenant(work.workspace());
    job.enqueue_with(work.conn(), options).await?;
    Ok(after)
}

fn subject(article: &Article) -> (&'static str, ArticleId) {
    ("article", article.id)
}

/// An article for the log. The body is long, so the log has it only where somebody changes it.
fn brief(article: &Article) -> Value {
    let mut fields = serde_json::to_value(article).unwrap_or_default();
    if let Some(fields) = fields.as_object_mut() {
        fields.remove("body");
    }
    fields
}
