//! News: the subscriptions of readers, and the digests that they got.

use axum::http::StatusCode;
use kazi_jobs::{
    Permission,
    contacts::ContactId,
    news::{
        self, DigestId, DigestView, NewNewsSubscription, NewsSubscription, NewsSubscriptionId,
        NewsSubscriptionPatch, SubscriptionFilter,
    },
};
use serde::Deserialize;
use utoipa_axum::routes;

use super::known_topic;
use crate::api::{
    Answer,
    caller::Caller,
    created::Created,
    etag::{IfMatch, Tagged},
    extract::{Json, Path},
    page::{List, Page, Paging},
    routes::Routes,
};
use crate::problem::{NOT_FOUND, Problem};

pub fn routes() -> Routes {
    Routes::new(
        "news-subscriptions",
        "Who reads what at which time, and what they were told.",
    )
    .add(Permission::NEWS_READ, routes!(list))
    .add(Permission::NEWS_READ, routes!(get))
    .add(Permission::NEWS_WRITE, routes!(create))
    .add(Permission::NEWS_WRITE, routes!(update, delete))
    .add(Permission::NEWS_READ, routes!(digests))
}

/// All given conditions must hold.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Filter {
    contact_id: Option<ContactId>,
    #[param(example = "sports")]
    topic: Option<String>,
    active: Option<bool>,
}

/// Lists subscriptions, newest first.
#[utoipa::path(get, path = "/api/v1/news/subscriptions", params(Filter, Paging),
    responses((status = 200, description = "A page of them.", body = Page<NewsSubscription>)))]
async fn list(
    caller: Caller,
    list: List<Filter, NewsSubscriptionId>,
) -> Answer<Page<NewsSubscription>> {
    known_topic(list.filter.topic.as_deref())?;
    let filter = SubscriptionFilter {
        contact: list.filter.contact_id,
        topic: list.filter.topic.clone(),
        active: list.filter.active,
    };
    let mut work = caller.begin().await?;
    let (after, fetch) = (list.after, list.fetch());
    let rows = news::subscriptions(&mut work, &filter, after, fetch).await?;
    Ok(Json(list.page(rows, |row| row.id)?))
}

/// Shows a subscription.
#[utoipa::path(get, path = "/api/v1/news/subscriptions/{id}",
    responses((status = 200, description = "The subscription.", body = NewsSubscription)))]
async fn get(
    caller: Caller,
    Path(id): Path<NewsSubscriptionId>,
) -> Result<Tagged<NewsSubscription>, Problem> {
    let mut work = caller.begin().await?;
    let subscription = news::subscription(&mut work, id).await?;
    Ok(tagged(subscription.ok_or(NOT_FOUND)?))
}

/// Subscribes a contact to topics.
#[utoipa::path(post, path = "/api/v1/news/subscriptions", request_body = NewNewsSubscription,
    responses(
        (status = 201, description = "They are subscribed.", body = NewsSubscription),
        (status = 409, description = "The contact has a subscription."),
    ))]
async fn create(
    caller: Caller,
    Json(new): Json<NewNewsSubscription>,
) -> Result<Created<Tagged<NewsSubscription>>, Problem> {
    let mut work = caller.begin().await?;
    let subscription = news::subscribe(&mut work, new).await?;
    work.commit().await?;
    let place = format!("/api/v1/news/subscriptions/{}", subscription.id);
    Ok(Created::at(place, tagged(subscription)))
}

/// Changes a subscription. Fields that are left out stay.
#[utoipa::path(patch, path = "/api/v1/news/subscriptions/{id}", params(IfMatch), request_body = NewsSubscriptionPatch,
    responses((status = 200, description = "As it is now.", body = NewsSubscription)))]
async fn update(
    caller: Caller,
    Path(id): Path<NewsSubscriptionId>,
    if_match: IfMatch,
    Json(patch): Json<NewsSubscriptionPatch>,
) -> Result<Tagged<NewsSubscription>, Problem> {
    let mut work = caller.begin().await?;
    let before = news::lock_subscription(&mut work, id).await?;
    let before = before.ok_or(NOT_FOUND)?;
    if_match.check(before.version)?;
    let after = news::change_subscription(&mut work, before, patch).await?;
    work.commit().await?;
    Ok(tagged(after))
}

/// Deletes a subscription. Its reader gets no more news. After a new subscription, the reader does not get old articles
/// again.
#[utoipa::path(delete, path = "/api/v1/news/subscriptions/{id}", params(IfMatch),
    responses((status = 204, description = "It is gone.")))]
async fn delete(
    caller: Caller,
    Path(id): Path<NewsSubscriptionId>,
    if_match: IfMatch,
) -> Result<StatusCode, Problem> {
    let mut work = caller.begin().await?;
    let before = news::lock_subscription(&mut work, id).await?;
    let before = before.ok_or(NOT_FOUND)?;
    if_match.check(before.version)?;
    news::delete_subscription(&mut work, &before).await?;
    work.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct OfReader {
    contact_id: Option<ContactId>,
}

/// Lists the digests of readers from the last 90 days, newest first.
#[utoipa::path(get, path = "/api/v1/news/digests", params(OfReader, Paging),
    responses((status = 200, description = "A page of them.", body = Page<DigestView>)))]
async fn digests(caller: Caller, list: List<OfReader, DigestId>) -> Answer<Page<DigestView>> {
    let mut work = caller.begin().await?;
    let (contact, after, fetch) = (list.filter.contact_id, list.after, list.fetch());
    let rows = news::digests(&mut work, contact, after, fetch).await?;
    Ok(Json(list.page(rows, |row| row.id)?))
}

fn tagged(subscription: NewsSubscription) -> Tagged<NewsSubscription> {
    Tagged(subscription.version, subscription)
}
