//! Marketing campaigns: broadcasts, posts and automations with one goal and one budget.

mod expenses;
mod parts;

use axum::http::StatusCode;
use chrono::NaiveDate;
use kazi_jobs::{
    Permission, Work,
    marketing::{
        self, Analytics, MarketingCampaign, MarketingError, MarketingFilter, MarketingId,
        NewMarketingCampaign, Objective, Status, Step, WithProgress,
    },
};
use kazi_platform::UserId;
use serde::Deserialize;
use utoipa_axum::routes;

use crate::api::{
    Answer,
    caller::Caller,
    created::Created,
    errors::{conflict, wrong_state},
    etag::{IfMatch, Tagged},
    extract::{Json, Path, Query},
    page::{self, List, Page, Paging},
    routes::Routes,
};
use crate::problem::{NOT_FOUND, Problem};

pub fn routes() -> Vec<Routes> {
    vec![
        Routes::new(
            "marketing",
            "Broadcasts, posts and automations with one goal and one budget.",
        )
        .add(Permission::MARKETING_READ, routes!(list))
        .add(Permission::MARKETING_READ, routes!(get))
        .add(Permission::MARKETING_READ, routes!(analytics))
        .add(Permission::MARKETING_WRITE, routes!(create))
        .add(Permission::MARKETING_WRITE, routes!(update, delete))
        .add(Permission::MARKETING_WRITE, routes!(activate))
        .add(Permission::MARKETING_WRITE, routes!(end))
        .add(Permission::MARKETING_WRITE, routes!(archive))
        .add(Permission::MARKETING_WRITE, routes!(restore))
        .add(Permission::MARKETING_READ, routes!(parts::candidates))
        .add(Permission::MARKETING_READ, routes!(parts::list))
        .add(Permission::MARKETING_WRITE, routes!(parts::attach))
        .add(Permission::MARKETING_WRITE, routes!(parts::detach))
        .add(Permission::MARKETING_READ, routes!(expenses::list))
        .add(Permission::MARKETING_READ, routes!(expenses::get))
        .add(Permission::MARKETING_WRITE, routes!(expenses::create))
        .add(
            Permission::MARKETING_WRITE,
            routes!(expenses::update, expenses::delete),
        ),
    ]
}

/// All given conditions must hold.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Filter {
    /// Without it: all but the archived ones.
    #[param(inline)]
    status: Option<Status>,
    #[param(inline)]
    objective: Option<Objective>,
    /// The member who sees to it.
    owner_id: Option<UserId>,
    #[param(max_length = 50)]
    tag: Option<String>,
    /// The name has these words.
    #[param(min_length = 1, max_length = 200)]
    q: Option<String>,
}

/// Lists the marketing campaigns with how far they are, newest first.
#[utoipa::path(get, path = "/api/v1/marketing/campaigns", params(Filter, Paging),
    responses((status = 200, description = "A page of them.", body = Page<WithProgress>)))]
async fn list(caller: Caller, list: List<Filter, MarketingId>) -> Answer<Page<WithProgress>> {
    let asked = &list.filter;
    if let Some(q) = &asked.q {
        page::words(q)?;
    }
    let filter = MarketingFilter {
        status: asked.status,
        objective: asked.objective,
        owner_id: asked.owner_id,
        tag: asked.tag.clone(),
        q: asked.q.clone(),
    };
    let mut work = caller.begin().await?;
    let rows = marketing::list(&mut work, &filter, list.after, list.fetch()).await?;
    let rows = marketing::with_progress(&mut work, rows).await?;
    Ok(Json(list.page(rows, |row| row.campaign.id)?))
}

/// Shows a marketing campaign with how far it is.
#[utoipa::path(get, path = "/api/v1/marketing/campaigns/{id}",
    responses((status = 200, description = "The marketing campaign.", body = WithProgress)))]
async fn get(caller: Caller, Path(id): Path<MarketingId>) -> Result<Tagged<WithProgress>, Problem> {
    let mut work = caller.begin().await?;
    let found = marketing::get(&mut work, id).await?.ok_or(NOT_FOUND)?;
    shown(&mut work, found).await
}

#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Range {
    /// The first day, on the clocks of the workspace. Without it: from the beginning.
    #[param(value_type = Option<String>, format = Date)]
    from: Option<NaiveDate>,
    /// The last day. Without it: until now.
    #[param(value_type = Option<String>, format = Date)]
    until: Option<NaiveDate>,
}

/// Counts what the parts of a marketing campaign reached and cost: each of them, all together, and day by day.
#[utoipa::path(get, path = "/api/v1/marketing/campaigns/{id}/analytics", params(Range),
    responses((status = 200, description = "As of now.", body = Analytics)))]
async fn analytics(
    caller: Caller,
    Path(id): Path<MarketingId>,
    Query(Range { from, until }): Query<Range>,
) -> Answer<Analytics> {
    let mut work = caller.begin().await?;
    let found = marketing::get(&mut work, id).await?.ok_or(NOT_FOUND)?;
    let figures = marketing::analytics(&mut work, &found, from, until).await?;
    Ok(Json(figures))
}

/// Creates a draft. On its first day it becomes active.
#[utoipa::path(post, path = "/api/v1/marketing/campaigns", request_body = NewMarketingCampaign,
    responses(
        (status = 201, description = "It is made.", body = WithProgress),
        (status = 409, description = "`wrong_state`: there are 1,000 already."),
    ))]
async fn create(
    caller: Caller,
    Json(new): Json<NewMarketingCampaign>,
) -> Result<Created<Tagged<WithProgress>>, Problem> {
    let mut work = caller.begin().await?;
    let made = marketing::create(&mut work, &new).await?;
    let place = format!("/api/v1/marketing/campaigns/{}", made.id);
    let made = shown(&mut work, made).await?;
    work.commit().await?;
    Ok(Created::at(place, made))
}

/// Replaces what is written of a marketing campaign. Its status, its parts and its expenses stay.
#[utoipa::path(put, path = "/api/v1/marketing/campaigns/{id}", params(IfMatch), request_body = NewMarketingCampaign,
    responses(
        (status = 200, description = "As it is now.", body = WithProgress),
        (status = 409, description = "`wrong_state`: it is archived."),
    ))]
async fn update(
    caller: Caller,
    Path(id): Path<MarketingId>,
    if_match: IfMatch,
    Json(new): Json<NewMarketingCampaign>,
) -> Result<Tagged<WithProgress>, Problem> {
    let mut work = caller.begin().await?;
    let before = marketing::lock(&mut work, id).await?.ok_or(NOT_FOUND)?;
    if_match.check(before.version)?;
    let after = marketing::update(&mut work, &before, &new).await?;
    let after = shown(&mut work, after).await?;
    work.commit().await?;
    Ok(after)
}

/// Deletes a draft with its expenses. Its parts stay where they were made.
#[utoipa::path(delete, path = "/api/v1/marketing/campaigns/{id}", params(IfMatch),
    responses(
        (status = 204, description = "It is gone."),
        (status = 409, description = "`wrong_state`: it is no draft."),
    ))]
async fn delete(
    caller: Caller,
    Path(id): Path<MarketingId>,
    if_match: IfMatch,
) -> Result<StatusCode, Problem> {
    let mut work = caller.begin().await?;
    let before = marketing::lock(&mut work, id).await?.ok_or(NOT_FOUND)?;
    if_match.check(before.version)?;
    marketing::delete(&mut work, &before).await?;
    work.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Starts a marketing campaign before its first day, or again. Its parts are not sent by that.
#[utoipa::path(post, path = "/api/v1/marketing/campaigns/{id}/activate",
    responses(
        (status = 200, description = "It is active.", body = WithProgress),
        (status = 409, description = "`wrong_state`: it is active or archived, or its last day is over."),
    ))]
async fn activate(
    caller: Caller,
    Path(id): Path<MarketingId>,
) -> Result<Tagged<WithProgress>, Problem> {
    step(&caller, id, Step::Activate).await
}

/// Ends a marketing campaign. Its parts are not stopped by that, and late results still count.
#[utoipa::path(post, path = "/api/v1/marketing/campaigns/{id}/end",
    responses(
        (status = 200, description = "It is over.", body = WithProgress),
        (status = 409, description = "`wrong_state`: it is not active."),
    ))]
async fn end(caller: Caller, Path(id): Path<MarketingId>) -> Result<Tagged<WithProgress>, Problem> {
    step(&caller, id, Step::End).await
}

/// Puts a marketing campaign away that is over: it is not listed any more, and nothing of it can be changed.
#[utoipa::path(post, path = "/api/v1/marketing/campaigns/{id}/archive",
    responses(
        (status = 200, description = "It is archived.", body = WithProgress),
        (status = 409, description = "`wrong_state`: it is not over."),
    ))]
async fn archive(
    caller: Caller,
    Path(id): Path<MarketingId>,
) -> Result<Tagged<WithProgress>, Problem> {
    step(&caller, id, Step::Archive).await
}

/// Takes a marketing campaign back from the archive.
#[utoipa::path(post, path = "/api/v1/marketing/campaigns/{id}/restore",
    responses(
        (status = 200, description = "It is over, and can be changed.", body = WithProgress),
        (status = 409, description = "`wrong_state`: it is not archived."),
    ))]
async fn restore(
    caller: Caller,
    Path(id): Path<MarketingId>,
) -> Result<Tagged<WithProgress>, Problem> {
    step(&caller, id, Step::Restore).await
}

async fn step(
    caller: &Caller,
    id: MarketingId,
    step: Step,
) -> Result<Tagged<WithProgress>, Problem> {
    let mut work = caller.begin().await?;
    let before = marketing::lock(&mut work, id).await?.ok_or(NOT_FOUND)?;
    let after = marketing::step(&mut work, &before, step).await?;
    let after = shown(&mut work, after).await?;
    work.commit().await?;
    Ok(after)
}

/// A campaign with how far it is.
async fn shown(
    work: &mut Work,
    campaign: MarketingCampaign,
) -> Result<Tagged<WithProgress>, Problem> {
    let shown = marketing::with_progress(work, vec![campaign]).await?;
    let shown = shown.into_iter().next().ok_or(NOT_FOUND)?;
    Ok(Tagged(shown.campaign.version, shown))
}

impl From<MarketingError> for Problem {
    fn from(error: MarketingError) -> Self {
        match error {
            MarketingError::Invalid(invalid) => invalid.into(),
            MarketingError::NotFound(_) => NOT_FOUND.detail(error.to_string()),
            MarketingError::Conflict(detail) => wrong_state(detail),
            MarketingError::Attached(_) => {
                let title = "This belongs to another marketing campaign.";
                conflict("attached_elsewhere", title).detail(error.to_string())
            }
            MarketingError::Database(error) => error.into(),
        }
    }
}
