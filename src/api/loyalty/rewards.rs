//! Rewards.

use axum::http::StatusCode;
use kazi_jobs::loyalty::{self, NewReward, Reward, RewardId, RewardPatch};
use serde::Deserialize;

use crate::api::{
    Answer,
    caller::Caller,
    created::Created,
    etag::{IfMatch, Tagged},
    extract::{Json, Path},
    page::{List, Page, Paging},
};
use crate::problem::{NOT_FOUND, Problem};

#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Filter {
    active: Option<bool>,
}

/// Lists the rewards, newest first.
#[utoipa::path(get, path = "/api/v1/loyalty/rewards", params(Filter, Paging), operation_id = "list_loyalty_rewards",
    responses((status = 200, description = "A page of them.", body = Page<Reward>)))]
pub async fn list(caller: Caller, list: List<Filter, RewardId>) -> Answer<Page<Reward>> {
    let mut work = caller.begin().await?;
    let (active, after) = (list.filter.active, list.after);
    let rows = loyalty::rewards(&mut work, active, after, list.fetch()).await?;
    Ok(Json(list.page(rows, |row| row.id)?))
}

/// Shows a reward.
#[utoipa::path(get, path = "/api/v1/loyalty/rewards/{id}", operation_id = "get_loyalty_reward",
    responses((status = 200, description = "The reward.", body = Reward)))]
pub async fn get(caller: Caller, Path(id): Path<RewardId>) -> Result<Tagged<Reward>, Problem> {
    let mut work = caller.begin().await?;
    let reward = loyalty::reward(&mut work, id).await?;
    Ok(tagged(reward.ok_or(NOT_FOUND)?))
}

/// Creates a reward.
#[utoipa::path(post, path = "/api/v1/loyalty/rewards", request_body = NewReward, operation_id = "create_loyalty_reward",
    responses(
        (status = 201, description = "It is made.", body = Reward),
        (status = 409, description = "`wrong_state`: there are 200 already."),
    ))]
pub async fn create(
    caller: Caller,
    Json(new): Json<NewReward>,
) -> Result<Created<Tagged<Reward>>, Problem> {
    let mut work = caller.begin().await?;
    let made = loyalty::create_reward(&mut work, &new).await?;
    work.commit().await?;
    let place = format!("/api/v1/loyalty/rewards/{}", made.id);
    Ok(Created::at(place, tagged(made)))
}

/// Changes a reward. Fields that are left out stay. What customers take of the stock does not change the `ETag`.
#[utoipa::path(patch, path = "/api/v1/loyalty/rewards/{id}", params(IfMatch), request_body = RewardPatch,
    operation_id = "update_loyalty_reward",
    responses((status = 200, description = "As it is now.", body = Reward)))]
pub async fn update(
    caller: Caller,
    Path(id): Path<RewardId>,
    if_match: IfMatch,
    Json(patch): Json<RewardPatch>,
) -> Result<Tagged<Reward>, Problem> {
    let mut work = caller.begin().await?;
    let before = loyalty::lock_reward(&mut work, id)
        .await?
        .ok_or(NOT_FOUND)?;
    if_match.check(before.version)?;
    let after = loyalty::update_reward(&mut work, &before, patch).await?;
    work.commit().await?;
    Ok(tagged(after))
}

/// Deletes a reward. Codes that are out are still good.
#[utoipa::path(delete, path = "/api/v1/loyalty/rewards/{id}", params(IfMatch), operation_id = "delete_loyalty_reward",
    responses((status = 204, description = "It is gone.")))]
pub async fn delete(
    caller: Caller,
    Path(id): Path<RewardId>,
    if_match: IfMatch,
) -> Result<StatusCode, Problem> {
    let mut work = caller.begin().await?;
    let before = loyalty::lock_reward(&mut work, id)
        .await?
        .ok_or(NOT_FOUND)?;
    if_match.check(before.version)?;
    loyalty::delete_reward(&mut work, &before).await?;
    work.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

fn tagged(reward: Reward) -> Tagged<Reward> {
    Tagged(reward.version, reward)
}
