//! Tiers.

use axum::http::StatusCode;
use kazi_jobs::loyalty::{self, NewTier, Tier, TierId};

use crate::api::{
    Answer,
    caller::Caller,
    created::Created,
    etag::{IfMatch, Tagged},
    extract::{Json, Path},
    page::Whole,
};
use crate::problem::{NOT_FOUND, Problem};

/// Lists the tiers, the lowest first.
#[utoipa::path(get, path = "/api/v1/loyalty/tiers", operation_id = "list_loyalty_tiers",
    responses((status = 200, description = "All of them.", body = Whole<Tier>)))]
pub async fn list(caller: Caller) -> Answer<Whole<Tier>> {
    let mut work = caller.begin().await?;
    let items = loyalty::tiers(&mut work).await?;
    Ok(Json(Whole { items }))
}

/// Shows a tier.
#[utoipa::path(get, path = "/api/v1/loyalty/tiers/{id}", operation_id = "get_loyalty_tier",
    responses((status = 200, description = "The tier.", body = Tier)))]
pub async fn get(caller: Caller, Path(id): Path<TierId>) -> Result<Tagged<Tier>, Problem> {
    let mut work = caller.begin().await?;
    let tier = loyalty::tier(&mut work, id).await?;
    Ok(tagged(tier.ok_or(NOT_FOUND)?))
}

/// Creates a tier.
#[utoipa::path(post, path = "/api/v1/loyalty/tiers", request_body = NewTier, operation_id = "create_loyalty_tier",
    responses(
        (status = 201, description = "It is made.", body = Tier),
        (status = 409, description = "`wrong_state`: there are 20 already."),
    ))]
pub async fn create(
    caller: Caller,
    Json(new): Json<NewTier>,
) -> Result<Created<Tagged<Tier>>, Problem> {
    let mut work = caller.begin().await?;
    let made = loyalty::create_tier(&mut work, &new).await?;
    work.commit().await?;
    let place = format!("/api/v1/loyalty/tiers/{}", made.id);
    Ok(Created::at(place, tagged(made)))
}

/// Replaces a tier.
#[utoipa::path(put, path = "/api/v1/loyalty/tiers/{id}", params(IfMatch), request_body = NewTier,
    operation_id = "update_loyalty_tier",
    responses((status = 200, description = "As it is now.", body = Tier)))]
pub async fn update(
    caller: Caller,
    Path(id): Path<TierId>,
    if_match: IfMatch,
    Json(new): Json<NewTier>,
) -> Result<Tagged<Tier>, Problem> {
    let mut work = caller.begin().await?;
    let before = loyalty::lock_tier(&mut work, id).await?.ok_or(NOT_FOUND)?;
    if_match.check(before.version)?;
    let after = loyalty::update_tier(&mut work, &before, &new).await?;
    work.commit().await?;
    Ok(tagged(after))
}

/// Deletes a tier. Its contacts fall to the next lower one.
#[utoipa::path(delete, path = "/api/v1/loyalty/tiers/{id}", params(IfMatch), operation_id = "delete_loyalty_tier",
    responses((status = 204, description = "It is gone.")))]
pub async fn delete(
    caller: Caller,
    Path(id): Path<TierId>,
    if_match: IfMatch,
) -> Result<StatusCode, Problem> {
    let mut work = caller.begin().await?;
    let before = loyalty::lock_tier(&mut work, id).await?.ok_or(NOT_FOUND)?;
    if_match.check(before.version)?;
    loyalty::delete_tier(&mut work, &before).await?;
    work.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

fn tagged(tier: Tier) -> Tagged<Tier> {
    Tagged(tier.version, tier)
}
