//! The credits of a workspace: the balance, the ledger, and buying more.

use axum::{extract::State, http::StatusCode};
use kazi_jobs::{
    Permission,
    credits::{
        self, CreditError, Credits, Entry, EntryFilter, EntryId, EntryKind, Pack, PackId, TopUp,
        TopUpId,
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
    errors::{conflict, wrong_state},
    etag::{IfMatch, Tagged},
    extract::{Json, Path},
    page::{List, NoFilter, Page, Paging, Whole},
    routes::Routes,
};
use crate::problem::{NOT_FOUND, Problem};

const NOT_PREPAID: Problem = conflict(
    "not_prepaid",
    "This workspace does not pay for messages with credits.",
);

pub fn routes() -> Vec<Routes> {
    vec![
        Routes::new(
            "credits",
            "Credits, paid in advance, for messages of campaigns and automations.",
        )
        .add(Permission::CREDITS_READ, routes!(get))
        .add(Permission::CREDITS_MANAGE, routes!(change))
        .add(Permission::CREDITS_READ, routes!(entries))
        .add(Permission::CREDITS_READ, routes!(packs))
        .add(Permission::CREDITS_MANAGE, routes!(buy))
        .add(Permission::CREDITS_READ, routes!(top_ups))
        .add(Permission::CREDITS_READ, routes!(top_up)),
    ]
}

/// Shows the balance, and what messages cost.
#[utoipa::path(get, path = "/api/v1/credits", operation_id = "get_credits",
    responses((status = 200, description = "As of now.", body = Credits)))]
async fn get(State(api): State<Shared>, caller: Caller) -> Result<Tagged<Credits>, Problem> {
    let mut work = caller.begin().await?;
    shown(&api, &mut work).await
}

async fn shown(api: &Shared, work: &mut kazi_jobs::Work) -> Result<Tagged<Credits>, Problem> {
    let seller = api.ctx.providers.credits_seller;
    let credits = credits::credits(work, seller).await?;
    Ok(Tagged(credits.version, credits))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CreditsPatch {
    /// Below it the admins are told, once until the balance is above it again. 0: they are not.
    #[schema(example = 500, minimum = 0, maximum = 1_000_000_000_i64)]
    low_mark: i64,
}

/// Sets the mark below which the admins are told.
#[utoipa::path(patch, path = "/api/v1/credits", params(IfMatch), request_body = CreditsPatch,
    operation_id = "update_credits",
    responses(
        (status = 200, description = "As they are now.", body = Credits),
        (status = 409, description = "`not_prepaid`: the workspace does not pay with credits."),
    ))]
async fn change(
    State(api): State<Shared>,
    caller: Caller,
    if_match: IfMatch,
    Json(patch): Json<CreditsPatch>,
) -> Result<Tagged<Credits>, Problem> {
    let mut work = caller.begin().await?;
    if_match.check(credits::lock(&mut work).await?.version())?;
    credits::set_low_mark(&mut work, patch.low_mark).await?;
    let now = shown(&api, &mut work).await?;
    work.commit().await?;
    Ok(now)
}

/// All given conditions must hold.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Which {
    campaign_id: Option<CampaignId>,
    #[param(inline)]
    kind: Option<EntryKind>,
}

impl Which {
    pub(super) const fn filter(&self) -> EntryFilter {
        EntryFilter {
            campaign: self.campaign_id,
            kind: self.kind,
        }
    }
}

/// Lists the ledger, newest first.
///
/// Each row takes credits from one account and gives them to another. What happens to a campaign in a day is one row of each
/// kind. What became of messages in the last minute may still be missing.
#[utoipa::path(get, path = "/api/v1/credits/entries", params(Which, Paging), operation_id = "list_credit_entries",
    responses((status = 200, description = "A page of it.", body = Page<Entry>)))]
async fn entries(caller: Caller, list: List<Which, EntryId>) -> Answer<Page<Entry>> {
    let mut work = caller.begin().await?;
    let filter = list.filter.filter();
    let rows = credits::entries(&mut work, filter, list.after, list.fetch()).await?;
    Ok(Json(list.page(rows, |row| row.id)?))
}

/// Lists the packs of credits that can be bought, the smallest first.
#[utoipa::path(get, path = "/api/v1/credits/packs", operation_id = "list_credit_packs",
    responses((status = 200, description = "All of them. None, when the platform sells no credits.", body = Whole<Pack>)))]
async fn packs(State(api): State<Shared>, caller: Caller) -> Answer<Whole<Pack>> {
    let mut work = caller.begin().await?;
    let seller = api.ctx.providers.credits_seller;
    let items = match credits::credits(&mut work, seller).await?.can_buy {
        true => credits::packs(&api.ctx).await?,
        false => Vec::new(),
    };
    Ok(Json(Whole { items }))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewTopUp {
    pack_id: PackId,
}

/// Buys a pack of credits.
///
/// The `url` of Stripe's page is there some seconds later, when the top-up is `open`. The credits come when it is paid, and
/// campaigns that wait for them go on.
#[utoipa::path(post, path = "/api/v1/credits/top-ups", request_body = NewTopUp, operation_id = "create_top_up",
    responses(
        (status = 201, description = "Its payment page is being made.", body = TopUp),
        (status = 409, description = "`not_prepaid`: the workspace does not pay with credits. `wrong_state`: none are sold."),
    ))]
async fn buy(
    State(api): State<Shared>,
    caller: Caller,
    Json(new): Json<NewTopUp>,
) -> Result<Created<Json<TopUp>>, Problem> {
    let mut work = caller.begin().await?;
    let top_up = credits::buy(&api.ctx, &mut work, new.pack_id).await?;
    work.commit().await?;
    let place = format!("/api/v1/credits/top-ups/{}", top_up.id);
    Ok(Created::at(place, Json(top_up)))
}

/// Lists the top-ups, newest first.
#[utoipa::path(get, path = "/api/v1/credits/top-ups", params(Paging), operation_id = "list_top_ups",
    responses((status = 200, description = "A page of them.", body = Page<TopUp>)))]
async fn top_ups(caller: Caller, list: List<NoFilter, TopUpId>) -> Answer<Page<TopUp>> {
    let mut work = caller.begin().await?;
    let rows = credits::top_ups(&mut work, list.after, list.fetch()).await?;
    Ok(Json(list.page(rows, |row| row.id)?))
}

/// Shows a top-up.
#[utoipa::path(get, path = "/api/v1/credits/top-ups/{id}", operation_id = "get_top_up",
    responses((status = 200, description = "As it is now.", body = TopUp)))]
async fn top_up(caller: Caller, Path(id): Path<TopUpId>) -> Answer<TopUp> {
    let mut work = caller.begin().await?;
    let found = credits::top_up(&mut work, id).await?;
    Ok(Json(found.ok_or(NOT_FOUND)?))
}

/// More credits are wanted than there are.
pub(super) fn not_enough(detail: String) -> Problem {
    Problem::new(
        StatusCode::CONFLICT,
        "not_enough_credits",
        "There are not enough credits.",
    )
    .detail(detail)
}

impl From<CreditError> for Problem {
    fn from(error: CreditError) -> Self {
        match error {
            CreditError::NotFound => NOT_FOUND,
            CreditError::NothingForSale => wrong_state(error.to_string()),
            CreditError::NotPrepaid => NOT_PREPAID,
            CreditError::Invalid(invalid) => invalid.into(),
            CreditError::Queue(error) => Self::internal(error),
            CreditError::Database(error) => error.into(),
        }
    }
}
