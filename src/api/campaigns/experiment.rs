//! The test of a campaign: its figures, and the choice of the winner.

use kazi_jobs::{
    campaigns::{self, Campaign, ExperimentFigures},
    messages::CampaignId,
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::change;
use crate::{
    api::{
        Answer,
        caller::Caller,
        etag::Tagged,
        extract::{Json, Path},
    },
    problem::{NOT_FOUND, Problem},
};

/// Counts what became of a campaign's test: its arms, those who get the winner, and the holdout.
///
/// Shares have Wilson's interval for 95 %. The arm with the largest share is compared with each other by Newcombe's interval
/// of their difference, with Bonferroni's correction for several arms. An arm is surely better when no interval holds zero,
/// and each comparison has 5 successes and 5 failures at least. Orders count for whoever is in an arm or in the holdout,
/// whether a message has reached them or not, so the parts can be compared.
#[utoipa::path(get, path = "/api/v1/messaging/campaigns/{id}/experiment",
    responses(
        (status = 200, description = "As of now.", body = ExperimentFigures),
        (status = 404, description = "There is no such campaign, or it has no test."),
    ))]
pub(super) async fn figures(
    caller: Caller,
    Path(id): Path<CampaignId>,
) -> Answer<ExperimentFigures> {
    let mut work = caller.begin().await?;
    let campaign = campaigns::get(&mut work, id).await?;
    let campaign = campaign.ok_or(NOT_FOUND)?;
    let figures = campaigns::figures(&mut work, &campaign).await?;
    let figures = figures.ok_or_else(|| NOT_FOUND.detail("this campaign has no test".to_owned()));
    Ok(Json(figures?))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CampaignWinner {
    /// The name of the arm.
    #[schema(example = "With a discount")]
    arm: String,
}

/// Chooses the winner of a campaign's test, which the others get.
///
/// A member may choose at any time after the start. With `automatic`, Kazi chooses when the wait is over and an arm is surely
/// better than each other. When none is, the campaign's `otherwise` decides: with `wait` it is paused (`no_winner`) until a
/// member chooses, with `first_arm` the others get the first arm. With `member` it is paused after the wait
/// (`choose_winner`). A campaign that waits for the choice goes on with it.
///
/// An arm whose template Meta pauses or disables is stopped for good: those of it who wait get the winner, and the last arm
/// that is left is the winner at once.
#[utoipa::path(post, path = "/api/v1/messaging/campaigns/{id}/experiment/winner", request_body = CampaignWinner,
    responses(
        (status = 200, description = "The others get it.", body = Campaign),
        (status = 409, description = "A winner is chosen already, or no test runs, or its channel does not send."),
    ))]
pub(super) async fn choose(
    caller: Caller,
    Path(id): Path<CampaignId>,
    Json(winner): Json<CampaignWinner>,
) -> Result<Tagged<Campaign>, Problem> {
    change(&caller, id, async |work, before| {
        campaigns::choose_winner(work, before, &winner.arm).await
    })
    .await
}
