//! News: articles.

mod subscriptions;

use axum::http::StatusCode;
use kazi_jobs::{
    Permission, locale,
    news::{
        self, Article, ArticleFilter, ArticleId, ArticlePatch, NewArticle, NewArticles, NewsError,
        TOPICS, Taken,
    },
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::api::{
    Answer,
    caller::Caller,
    created::Created,
    errors::{TAKEN, of_database},
    etag::{IfMatch, Tagged},
    extract::{Json, Path},
    page::{List, Page, Paging, Whole},
    routes::Routes,
};
use crate::problem::{NOT_FOUND, Problem};

/// Bytes of a list of articles.
const BULK_LIMIT: usize = 4 * 1024 * 1024;

pub fn routes() -> Vec<Routes> {
    let news = Routes::new("news", "Articles, and the topics that they are about.")
        .add(Permission::NEWS_READ, routes!(topics))
        .add(Permission::NEWS_READ, routes!(list))
        .add(Permission::NEWS_READ, routes!(get))
        .add(Permission::NEWS_WRITE, routes!(create))
        .add_large(Permission::NEWS_WRITE, BULK_LIMIT, routes!(create_many))
        .add(Permission::NEWS_WRITE, routes!(update, delete))
        .add(Permission::NEWS_WRITE, routes!(tell_now));
    vec![news, subscriptions::routes()]
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = NewsTopic)]
struct Topic {
    /// The name in articles and subscriptions.
    #[schema(example = "sports")]
    key: &'static str,
    /// The names for readers, by language.
    #[schema(example = json!({"en": "Sports"}))]
    titles: std::collections::BTreeMap<&'static str, String>,
}

/// Lists the topics of articles.
#[utoipa::path(get, path = "/api/v1/news/topics",
    responses((status = 200, description = "All of them.", body = Whole<Topic>)))]
async fn topics(_: Caller) -> Answer<Whole<Topic>> {
    let topic = |key: &'static str| Topic {
        key,
        titles: locale::LANGUAGES
            .iter()
            .map(|language| {
                let title = locale::text(language, &format!("news-topic-{key}"), &[]);
                (*language, title)
            })
            .collect(),
    };
    let items = TOPICS.into_iter().map(topic).collect();
    Ok(Json(Whole { items }))
}

/// All given conditions must hold.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Filter {
    #[param(example = "sports")]
    topic: Option<String>,
    #[param(example = "en")]
    language: Option<String>,
    breaking: Option<bool>,
}

/// Refuses an unknown topic.
pub fn known_topic(topic: Option<&str>) -> Result<(), Problem> {
    match topic {
        Some(topic) if !TOPICS.contains(&topic) => {
            let rule = format!("the topics are {}", TOPICS.join(", "));
            Err(Problem::field("/topic", "unknown_topic", rule))
        }
        _ => Ok(()),
    }
}

/// Lists articles, newest first.
#[utoipa::path(get, path = "/api/v1/news/articles", params(Filter, Paging),
    responses((status = 200, description = "A page of them.", body = Page<Article>)))]
async fn list(caller: Caller, list: List<Filter, ArticleId>) -> Answer<Page<Article>> {
    let Filter {
        topic,
        language,
        breaking,
    } = &list.filter;
    known_topic(topic.as_deref())?;
    let filter = ArticleFilter {
        topic: topic.clone(),
        language: language.clone(),
        breaking: *breaking,
    };
    let mut work = caller.begin().await?;
    let (after, fetch) = (list.after, list.fetch());
    let rows = news::articles(&mut work, &filter, after, fetch).await?;
    Ok(Json(list.page(rows, |row| row.id)?))
}

/// Shows an article.
#[utoipa::path(get, path = "/api/v1/news/articles/{id}",
    responses((status = 200, description = "The article.", body = Article)))]
async fn get(caller: Caller, Path(id): Path<ArticleId>) -> Result<Tagged<Article>, Problem> {
    let mut work = caller.begin().await?;
    let article = news::article(&mut work, id).await?;
    Ok(tagged(article.ok_or(NOT_FOUND)?))
}

/// Creates an article. Breaking news goes to all readers of its topics at once.
#[utoipa::path(post, path = "/api/v1/news/articles", request_body = NewArticle,
    responses(
        (status = 201, description = "It is made.", body = Article),
        (status = 409, description = "Another article has this external id or address."),
    ))]
async fn create(
    caller: Caller,
    Json(new): Json<NewArticle>,
) -> Result<Created<Tagged<Article>>, Problem> {
    let mut work = caller.begin().await?;
    let article = news::create_article(&mut work, new).await?;
    work.commit().await?;
    let place = format!("/api/v1/news/articles/{}", article.id);
    Ok(Created::at(place, tagged(article)))
}

/// Creates up to 100 articles, all or none. Articles whose external id or address exists stay as they are.
#[utoipa::path(post, path = "/api/v1/news/articles/bulk", request_body = NewArticles,
    responses((status = 200, description = "What has become of each, in their order.", body = Whole<Taken>)))]
async fn create_many(caller: Caller, Json(new): Json<NewArticles>) -> Answer<Whole<Taken>> {
    let mut work = caller.begin().await?;
    let items = news::create_articles(&mut work, new).await?;
    work.commit().await?;
    Ok(Json(Whole { items }))
}

/// Changes an article. Fields that are left out stay. Readers who have got it do not get it again.
#[utoipa::path(patch, path = "/api/v1/news/articles/{id}", params(IfMatch), request_body = ArticlePatch,
    responses(
        (status = 200, description = "As it is now.", body = Article),
        (status = 409, description = "Another article has this address."),
    ))]
async fn update(
    caller: Caller,
    Path(id): Path<ArticleId>,
    if_match: IfMatch,
    Json(patch): Json<ArticlePatch>,
) -> Result<Tagged<Article>, Problem> {
    let mut work = caller.begin().await?;
    let before = news::lock_article(&mut work, id).await?;
    let before = before.ok_or(NOT_FOUND)?;
    if_match.check(before.version)?;
    let after = news::update_article(&mut work, before, patch).await?;
    work.commit().await?;
    Ok(tagged(after))
}

/// Deletes an article. No reader gets it any more, and a feed that sends it again does not bring it back.
#[utoipa::path(delete, path = "/api/v1/news/articles/{id}", params(IfMatch),
    responses((status = 204, description = "It is gone.")))]
async fn delete(
    caller: Caller,
    Path(id): Path<ArticleId>,
    if_match: IfMatch,
) -> Result<StatusCode, Problem> {
    let mut work = caller.begin().await?;
    let before = news::lock_article(&mut work, id).await?;
    let before = before.ok_or(NOT_FOUND)?;
    if_match.check(before.version)?;
    news::delete_article(&mut work, &before).await?;
    work.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Sends an article to all readers of its topics at once, and publishes it. A repeated call does nothing.
#[utoipa::path(post, path = "/api/v1/news/articles/{id}/break",
    responses((status = 202, description = "They are being told.", body = Article)))]
async fn tell_now(
    caller: Caller,
    Path(id): Path<ArticleId>,
) -> Result<(StatusCode, Tagged<Article>), Problem> {
    let mut work = caller.begin().await?;
    let before = news::lock_article(&mut work, id).await?;
    let before = before.ok_or(NOT_FOUND)?;
    let after = news::break_article(&mut work, before).await?;
    work.commit().await?;
    Ok((StatusCode::ACCEPTED, tagged(after)))
}

fn tagged(article: Article) -> Tagged<Article> {
    Tagged(article.version, article)
}

impl From<NewsError> for Problem {
    fn from(error: NewsError) -> Self {
        match error {
            NewsError::Invalid(invalid) => invalid.into(),
            NewsError::Contact(error) => error.into(),
            NewsError::Queue(error) => Self::internal(error),
            NewsError::Database(error) => of_database(error, |constraint| {
                let (pointer, detail) = match constraint {
                    "news_articles_external_id" => {
                        ("/external_id", "another article has this external id")
                    }
                    "news_articles_url" => ("/url", "another article has this address"),
                    "news_subscriptions_contact" => {
                        ("/contact_id", "the contact has a subscription")
                    }
                    _ => return None,
                };
                Some(TAKEN.about(pointer, "taken", detail))
            }),
        }
    }
}
