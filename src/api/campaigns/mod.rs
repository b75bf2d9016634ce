//! Campaigns: broadcasts of a template.

mod experiment;
mod prices;
mod recipients;
mod segments;

use axum::{extract::State, http::StatusCode};
use kazi_jobs::{
    Permission, Work,
    campaigns::{
        self, Campaign, CampaignError, CampaignPatch, CampaignStatus, Funnel, LinkCheck, Moment,
        NewCampaign, Schedule, Step, TestSent,
    },
    messages::CampaignId,
};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::api::{
    Answer, Shared,
    caller::Caller,
    created::Created,
    credits::not_enough,
    errors::wrong_state,
    etag::{IfMatch, Tagged},
    extract::{Json, Path, Query},
    page::{List, Page, Paging, Whole},
    routes::Routes,
};
use crate::problem::{NOT_FOUND, Problem};

pub fn routes() -> Vec<Routes> {
    let campaigns = Routes::new("campaigns", "A template to many.")
        .add(Permission::CAMPAIGNS_READ, routes!(list))
        .add(Permission::CAMPAIGNS_READ, routes!(get))
        .add(Permission::CAMPAIGNS_READ, routes!(funnel))
        .add(Permission::CAMPAIGNS_READ, routes!(timeline))
        .add(Permission::CAMPAIGNS_READ, routes!(experiment::figures))
        .add(Permission::CAMPAIGNS_SEND, routes!(experiment::choose))
        .add(Permission::CAMPAIGNS_READ, routes!(recipients::recipients))
        .add(Permission::CAMPAIGNS_WRITE, routes!(create))
        .add(Permission::CAMPAIGNS_WRITE, routes!(update, delete))
        .add(Permission::CAMPAIGNS_WRITE, routes!(plan))
        .add(Permission::CAMPAIGNS_WRITE, routes!(test))
        .add(Permission::CAMPAIGNS_WRITE, routes!(check_links))
        .add(Permission::CAMPAIGNS_SEND, routes!(send))
        .add(Permission::CAMPAIGNS_SEND, routes!(schedule))
        .add(Permission::CAMPAIGNS_WRITE, routes!(pause))
        .add(Permission::CAMPAIGNS_SEND, routes!(resume))
        .add(Permission::CAMPAIGNS_WRITE, routes!(cancel))
        .add(Permission::CAMPAIGNS_READ, routes!(prices::prices))
        .add(Permission::CAMPAIGNS_WRITE, routes!(prices::set_prices));
    vec![segments::routes(), campaigns]
}

#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Filter {
    status: Option<CampaignStatus>,
}

/// Lists the campaigns, newest first.
#[utoipa::path(get, path = "/api/v1/messaging/campaigns", params(Filter, Paging),
    responses((status = 200, description = "A page of them.", body = Page<Campaign>)))]
async fn list(caller: Caller, list: List<Filter, CampaignId>) -> Answer<Page<Campaign>> {
    let mut work = caller.begin().await?;
    let (status, after) = (list.filter.status, list.after);
    let rows = campaigns::list(&mut work, status, after, list.fetch()).await?;
    Ok(Json(list.page(rows, |row| row.id)?))
}

/// Shows a campaign, with the report of its planning.
#[utoipa::path(get, path = "/api/v1/messaging/campaigns/{id}",
    responses((status = 200, description = "The campaign.", body = Campaign)))]
async fn get(caller: Caller, Path(id): Path<CampaignId>) -> Result<Tagged<Campaign>, Problem> {
    let mut work = caller.begin().await?;
    let campaign = campaigns::get(&mut work, id).await?;
    Ok(tagged(campaign.ok_or(NOT_FOUND)?))
}

/// Counts how far the messages of a campaign got, and what came of them.
#[utoipa::path(get, path = "/api/v1/messaging/campaigns/{id}/funnel",
    responses((status = 200, description = "As of now.", body = Funnel)))]
async fn funnel(caller: Caller, Path(id): Path<CampaignId>) -> Answer<Funnel> {
    let mut work = caller.begin().await?;
    let there = campaigns::get(&mut work, id).await?;
    there.ok_or(NOT_FOUND)?;
    Ok(Json(campaigns::funnel(&mut work, id).await?))
}

#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct By {
    /// Without it: by hours.
    #[param(inline)]
    by: Option<Step>,
}

/// Shows when a campaign's messages arrived, and when people clicked, ordered and opted out.
///
/// By `hour`: the first 7 days. By `day`: the first 120 days. Hours and days in which nothing happened are left out. They
/// are those of the workspace's time zone.
#[utoipa::path(get, path = "/api/v1/messaging/campaigns/{id}/timeline", params(By),
    responses((status = 200, description = "The first comes first.", body = Whole<Moment>)))]
async fn timeline(
    caller: Caller,
    Path(id): Path<CampaignId>,
    Query(By { by }): Query<By>,
) -> Answer<Whole<Moment>> {
    let mut work = caller.begin().await?;
    let campaign = campaigns::get(&mut work, id).await?;
    let campaign = campaign.ok_or(NOT_FOUND)?;
    let step = by.unwrap_or(Step::Hour);
    let items = campaigns::timeline(&mut work, &campaign, step).await?;
    Ok(Json(Whole { items }))
}

/// Creates a draft.
#[utoipa::path(post, path = "/api/v1/messaging/campaigns", request_body = NewCampaign,
    responses((status = 201, description = "It is made.", body = Campaign)))]
async fn create(
    caller: Caller,
    Json(new): Json<NewCampaign>,
) -> Result<Created<Tagged<Campaign>>, Problem> {
    let mut work = caller.begin().await?;
    let made = campaigns::create(&mut work, &new).await?;
    work.commit().await?;
    let place = format!("/api/v1/messaging/campaigns/{}", made.id);
    Ok(Created::at(place, tagged(made)))
}

/// Changes a campaign that has not started. Its recipients must be planned again.
#[utoipa::path(patch, path = "/api/v1/messaging/campaigns/{id}", params(IfMatch), request_body = CampaignPatch,
    responses(
        (status = 200, description = "As it is now.", body = Campaign),
        (status = 409, description = "It is on its way, or over."),
    ))]
async fn update(
    caller: Caller,
    Path(id): Path<CampaignId>,
    if_match: IfMatch,
    Json(patch): Json<CampaignPatch>,
) -> Result<Tagged<Campaign>, Problem> {
    let mut work = caller.begin().await?;
    let before = campaigns::lock(&mut work, id).await?;
    let before = before.ok_or(NOT_FOUND)?;
    if_match.check(before.version)?;
    let after = campaigns::update(&mut work, &before, patch).await?;
    work.commit().await?;
    Ok(tagged(after))
}

/// Deletes a campaign that never started.
#[utoipa::path(delete, path = "/api/v1/messaging/campaigns/{id}", params(IfMatch),
    responses(
        (status = 204, description = "It is gone."),
        (status = 409, description = "It is on its way, or over."),
    ))]
async fn delete(
    caller: Caller,
    Path(id): Path<CampaignId>,
    if_match: IfMatch,
) -> Result<StatusCode, Problem> {
    let mut work = caller.begin().await?;
    let before = campaigns::lock(&mut work, id).await?;
    let before = before.ok_or(NOT_FOUND)?;
    if_match.check(before.version)?;
    campaigns::delete(&mut work, &before).await?;
    work.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Plans the recipients and freezes them. The campaign has its report when it is `planned`.
#[utoipa::path(post, path = "/api/v1/messaging/campaigns/{id}/plan",
    responses(
        (status = 202, description = "It is under way.", body = Campaign),
        (status = 409, description = "It is on its way, or over."),
    ))]
async fn plan(
    caller: Caller,
    State(api): State<Shared>,
    Path(id): Path<CampaignId>,
) -> Result<(StatusCode, Tagged<Campaign>), Problem> {
    let base = &api.ctx.providers.public_url;
    let after = change(&caller, id, async |work, before| {
        campaigns::plan(work, before, base).await
    });
    Ok((StatusCode::ACCEPTED, after.await?))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CampaignTest {
    /// The phone of a contact, usually your own.
    #[schema(example = "+254712345678")]
    phone: String,
    /// The name of the arm to try. Without it, the campaign's content.
    #[serde(default)]
    #[schema(example = "With a discount")]
    arm: Option<String>,
}

/// Sends a campaign's message to one phone as a test.
#[utoipa::path(post, path = "/api/v1/messaging/campaigns/{id}/test", request_body = CampaignTest,
    responses(
        (status = 202, description = "It is on its way.", body = TestSent),
        (status = 409, description = "The channel does not send, or there is no approved template that fits."),
    ))]
async fn test(
    caller: Caller,
    State(api): State<Shared>,
    Path(id): Path<CampaignId>,
    Json(to): Json<CampaignTest>,
) -> Result<(StatusCode, Json<TestSent>), Problem> {
    let mut work = caller.begin().await?;
    let campaign = campaigns::get(&mut work, id).await?;
    let campaign = campaign.ok_or(NOT_FOUND)?;
    let base = &api.ctx.providers.public_url;
    let sent =
        campaigns::test_send(&mut work, &campaign, (&to.phone, to.arm.as_deref()), base).await?;
    work.commit().await?;
    Ok((StatusCode::ACCEPTED, Json(sent)))
}

/// Calls the targets of a campaign's tracked links and the files of its headers, also of its arms, to see whether they answer.
#[utoipa::path(post, path = "/api/v1/messaging/campaigns/{id}/check-links",
    responses((status = 200, description = "Each address once.", body = Whole<LinkCheck>)))]
async fn check_links(
    caller: Caller,
    State(api): State<Shared>,
    Path(id): Path<CampaignId>,
) -> Answer<Whole<LinkCheck>> {
    let mut work = caller.begin().await?;
    let campaign = campaigns::get(&mut work, id).await?;
    let campaign = campaign.ok_or(NOT_FOUND)?;
    // No transaction is held while the addresses answer.
    work.commit().await?;
    let items = campaigns::check_links(&api.ctx, &campaign.contents()).await;
    Ok(Json(Whole { items }))
}

/// Sends a campaign now, after planning it if needed. A second call sends nothing more.
#[utoipa::path(post, path = "/api/v1/messaging/campaigns/{id}/send",
    responses(
        (status = 202, description = "It is under way.", body = Campaign),
        (status = 409, description = "It is paused or over, or its channel does not send."),
    ))]
async fn send(
    caller: Caller,
    State(api): State<Shared>,
    Path(id): Path<CampaignId>,
) -> Result<(StatusCode, Tagged<Campaign>), Problem> {
    let base = &api.ctx.providers.public_url;
    let after = change(&caller, id, async |work, before| {
        campaigns::send(work, before, base).await
    });
    Ok((StatusCode::ACCEPTED, after.await?))
}

/// Sets a campaign's start time, in the workspace's time zone unless it has an offset. The campaign is planned now if
/// needed.
#[utoipa::path(post, path = "/api/v1/messaging/campaigns/{id}/schedule", request_body = Schedule,
    responses(
        (status = 202, description = "It will be sent then.", body = Campaign),
        (status = 409, description = "It is on its way, or over."),
    ))]
async fn schedule(
    caller: Caller,
    State(api): State<Shared>,
    Path(id): Path<CampaignId>,
    Json(schedule): Json<Schedule>,
) -> Result<(StatusCode, Tagged<Campaign>), Problem> {
    let base = &api.ctx.providers.public_url;
    let after = change(&caller, id, async |work, before| {
        campaigns::schedule(work, before, &schedule, base).await
    });
    Ok((StatusCode::ACCEPTED, after.await?))
}

/// Pauses a campaign. Messages that have not left are taken back.
#[utoipa::path(post, path = "/api/v1/messaging/campaigns/{id}/pause",
    responses(
        (status = 200, description = "It is paused.", body = Campaign),
        (status = 409, description = "It is not on its way."),
    ))]
async fn pause(caller: Caller, Path(id): Path<CampaignId>) -> Result<Tagged<Campaign>, Problem> {
    change(&caller, id, campaigns::pause).await
}

/// Lets a paused campaign go on. Nobody gets it twice.
#[utoipa::path(post, path = "/api/v1/messaging/campaigns/{id}/resume",
    responses(
        (status = 200, description = "It goes on.", body = Campaign),
        (status = 409, description = "It is not paused, or its channel does not send."),
    ))]
async fn resume(caller: Caller, Path(id): Path<CampaignId>) -> Result<Tagged<Campaign>, Problem> {
    change(&caller, id, campaigns::resume).await
}

/// Cancels a campaign. Messages that have not left are taken back.
#[utoipa::path(post, path = "/api/v1/messaging/campaigns/{id}/cancel",
    responses(
        (status = 200, description = "It is over.", body = Campaign),
        (status = 409, description = "It is a draft, or over."),
    ))]
async fn cancel(caller: Caller, Path(id): Path<CampaignId>) -> Result<Tagged<Campaign>, Problem> {
    change(&caller, id, campaigns::cancel).await
}

/// Does something with a campaign that is locked.
async fn change(
    caller: &Caller,
    id: CampaignId,
    act: impl AsyncFnOnce(&mut Work, &Campaign) -> Result<Campaign, CampaignError>,
) -> Result<Tagged<Campaign>, Problem> {
    let mut work = caller.begin().await?;
    let before = campaigns::lock(&mut work, id).await?;
    let after = act(&mut work, &before.ok_or(NOT_FOUND)?).await?;
    work.commit().await?;
    Ok(tagged(after))
}

fn tagged(campaign: Campaign) -> Tagged<Campaign> {
    Tagged(campaign.version, campaign)
}

impl From<CampaignError> for Problem {
    fn from(error: CampaignError) -> Self {
        match error {
            CampaignError::Invalid(invalid) => invalid.into(),
            CampaignError::NotFound(_) => NOT_FOUND.detail(error.to_string()),
            CampaignError::NoCredits(_) => not_enough(error.to_string()),
            CampaignError::Conflict(detail) => wrong_state(detail),
            CampaignError::Database(error) => error.into(),
            CampaignError::Enqueue(error) => Self::internal(error),
        }
    }
}
