//! The parts of a marketing campaign.

use axum::http::StatusCode;
use kazi_jobs::marketing::{self, Candidate, MarketingId, NewPart, Part, PartId, PartKind};
use serde::Deserialize;

use crate::api::{
    Answer,
    caller::Caller,
    extract::{Json, Path, Query},
    page::{self, Whole},
};
use crate::problem::{NOT_FOUND, Problem};

#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Wanted {
    #[param(inline)]
    kind: PartKind,
    /// The name, or the text of a post, has these words.
    #[param(min_length = 1, max_length = 200)]
    q: Option<String>,
}

/// Finds what can be attached to a marketing campaign, and to which it belongs already.
#[utoipa::path(get, path = "/api/v1/marketing/parts", params(Wanted), operation_id = "candidates",
    responses((status = 200, description = "The newest 30 that fit.", body = Whole<Candidate>)))]
pub async fn candidates(caller: Caller, Query(wanted): Query<Wanted>) -> Answer<Whole<Candidate>> {
    if let Some(q) = &wanted.q {
        page::words(q)?;
    }
    let mut work = caller.begin().await?;
    let items = marketing::candidates(&mut work, wanted.kind, wanted.q.as_deref()).await?;
    Ok(Json(Whole { items }))
}

/// Lists the parts of a marketing campaign.
#[utoipa::path(get, path = "/api/v1/marketing/campaigns/{id}/parts", operation_id = "list_parts",
    responses((status = 200, description = "In the order in which they were attached.", body = Whole<Part>)))]
pub async fn list(caller: Caller, Path(id): Path<MarketingId>) -> Answer<Whole<Part>> {
    let mut work = caller.begin().await?;
    marketing::get(&mut work, id).await?.ok_or(NOT_FOUND)?;
    let items = marketing::parts(&mut work, id).await?;
    Ok(Json(Whole { items }))
}

/// Attaches a broadcast, a post or an automation, with all that it has cost and reached before. A second call changes
/// nothing.
#[utoipa::path(post, path = "/api/v1/marketing/campaigns/{id}/parts", request_body = NewPart, operation_id = "attach",
    responses(
        (status = 200, description = "It belongs to the marketing campaign.", body = Part),
        (status = 409, description = "`attached_elsewhere`: it belongs to another one. `wrong_state`: the marketing campaign is archived, or has 100 parts."),
    ))]
pub async fn attach(
    caller: Caller,
    Path(id): Path<MarketingId>,
    Json(new): Json<NewPart>,
) -> Answer<Part> {
    let mut work = caller.begin().await?;
    let campaign = marketing::lock(&mut work, id).await?.ok_or(NOT_FOUND)?;
    let part = marketing::attach(&mut work, &campaign, new).await?;
    work.commit().await?;
    Ok(Json(part))
}

/// Detaches a part. Its figures and its costs leave the marketing campaign too, and the log keeps what it had cost.
#[utoipa::path(delete, path = "/api/v1/marketing/campaigns/{id}/parts/{part_id}", operation_id = "detach",
    responses(
        (status = 204, description = "It belongs to the marketing campaign no more."),
        (status = 409, description = "`wrong_state`: the marketing campaign is archived."),
    ))]
pub async fn detach(
    caller: Caller,
    Path((id, part_id)): Path<(MarketingId, PartId)>,
) -> Result<StatusCode, Problem> {
    let mut work = caller.begin().await?;
    let campaign = marketing::lock(&mut work, id).await?.ok_or(NOT_FOUND)?;
    marketing::detach(&mut work, &campaign, part_id).await?;
    work.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
