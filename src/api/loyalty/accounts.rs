//! The points of contacts, and what they take for them.

use kazi_jobs::{
    contacts::ContactId,
    loyalty::{
        self, AccountFilter, AccountKey, AccountSort, AccountView, Entry, Redeemed, Redemption,
        RedemptionFilter, RedemptionId, RewardId, TierId,
    },
};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::api::{
    Answer,
    caller::Caller,
    created::Created,
    extract::{Json, Path},
    page::{List, NoFilter, Page, Paging},
};
use crate::problem::{NOT_FOUND, Problem};

#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Wanted {
    /// Those who are in this tier.
    tier_id: Option<TierId>,
    /// Words. Each must be in the contact's name, phone or e-mail address.
    #[param(example = "amina 0712", min_length = 1, max_length = 200)]
    q: Option<String>,
    /// The order. A `-` reverses it. Default: most points first.
    #[param(inline)]
    #[serde(default)]
    sort: AccountSort,
}

/// Lists the points of all contacts who have had some.
#[utoipa::path(get, path = "/api/v1/loyalty/accounts", params(Wanted, Paging), operation_id = "list_loyalty_accounts",
    responses((status = 200, description = "A page of them.", body = Page<AccountView>)))]
pub async fn list(caller: Caller, list: List<Wanted, AccountKey>) -> Answer<Page<AccountView>> {
    let mut work = caller.begin().await?;
    let sort = list.filter.sort;
    let filter = AccountFilter {
        tier_id: list.filter.tier_id,
        words: list.filter.q.clone(),
    };
    let rows = loyalty::accounts(&mut work, &filter, sort, list.after, list.fetch()).await?;
    Ok(Json(list.page(rows, |row| sort.key(row))?))
}

/// Shows the points of a contact, with the tier.
#[utoipa::path(get, path = "/api/v1/loyalty/accounts/{contact_id}", operation_id = "get_loyalty_account",
    responses((status = 200, description = "As of now.", body = AccountView)))]
pub async fn account(caller: Caller, Path(contact): Path<ContactId>) -> Answer<AccountView> {
    let mut work = caller.begin().await?;
    Ok(Json(loyalty::account(&mut work, contact).await?))
}

/// Lists how a contact's points came and went, newest first.
#[utoipa::path(get, path = "/api/v1/loyalty/accounts/{contact_id}/entries", params(Paging),
    operation_id = "list_loyalty_entries",
    responses((status = 200, description = "A page of them.", body = Page<Entry>)))]
pub async fn entries(
    caller: Caller,
    Path(contact): Path<ContactId>,
    list: List<NoFilter, i64>,
) -> Answer<Page<Entry>> {
    let mut work = caller.begin().await?;
    loyalty::account(&mut work, contact).await?;
    let rows = loyalty::entries(&mut work, contact, list.after, list.fetch()).await?;
    Ok(Json(list.page(rows, |row| row.number)?))
}

/// Points that a member gives or takes.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PointsAdjustment)]
pub struct Adjustment {
    /// Negative: takes them, at most those that the contact has.
    #[schema(example = 50, minimum = -1_000_000, maximum = 1_000_000)]
    points: i64,
    /// Why: 1 to 500 characters.
    #[schema(example = "For the long wait", min_length = 1, max_length = 500)]
    reason: String,
}

/// Gives a contact points, or takes some.
///
/// They do not count for the tier.
#[utoipa::path(post, path = "/api/v1/loyalty/accounts/{contact_id}/adjust", request_body = Adjustment,
    operation_id = "adjust_loyalty_account",
    responses(
        (status = 200, description = "As it is now.", body = AccountView),
        (status = 409, description = "`too_few_points`: the contact has not so many."),
    ))]
pub async fn adjust(
    caller: Caller,
    Path(contact): Path<ContactId>,
    Json(new): Json<Adjustment>,
) -> Answer<AccountView> {
    let mut work = caller.begin().await?;
    let account = loyalty::adjust(&mut work, contact, new.points, &new.reason).await?;
    work.commit().await?;
    Ok(Json(account))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewRedemption)]
pub struct Wish {
    contact_id: ContactId,
    reward_id: RewardId,
}

/// Takes a reward for a contact's points. Only this answer has the code.
#[utoipa::path(post, path = "/api/v1/loyalty/redemptions", request_body = Wish,
    operation_id = "redeem_loyalty_reward",
    responses(
        (status = 201, description = "It is taken.", body = Redeemed),
        (status = 404, description = "There is no such contact or reward."),
        (status = 409, description = "`too_few_points`, `out_of_stock`, or `wrong_state`: it cannot be taken now, or the programme is off."),
    ))]
pub async fn redeem(
    caller: Caller,
    Json(wish): Json<Wish>,
) -> Result<Created<Json<Redeemed>>, Problem> {
    let mut work = caller.begin().await?;
    let redeemed = loyalty::redeem(&mut work, wish.contact_id, wish.reward_id).await?;
    work.commit().await?;
    let place = format!("/api/v1/loyalty/redemptions/{}", redeemed.redemption.id);
    Ok(Created::at(place, Json(redeemed)))
}

#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Filter {
    contact_id: Option<ContactId>,
    reward_id: Option<RewardId>,
    /// Whether the staff has taken the code.
    used: Option<bool>,
}

/// Lists the rewards that contacts have taken, newest first.
#[utoipa::path(get, path = "/api/v1/loyalty/redemptions", params(Filter, Paging), operation_id = "list_loyalty_redemptions",
    responses((status = 200, description = "A page of them.", body = Page<Redemption>)))]
pub async fn redemptions(
    caller: Caller,
    list: List<Filter, RedemptionId>,
) -> Answer<Page<Redemption>> {
    let mut work = caller.begin().await?;
    let filter = RedemptionFilter {
        contact: list.filter.contact_id,
        reward: list.filter.reward_id,
        used: list.filter.used,
    };
    let rows = loyalty::redemptions(&mut work, &filter, list.after, list.fetch()).await?;
    Ok(Json(list.page(rows, |row| row.id)?))
}

/// Shows a reward that a contact has taken.
#[utoipa::path(get, path = "/api/v1/loyalty/redemptions/{id}", operation_id = "get_loyalty_redemption",
    responses((status = 200, description = "The redemption.", body = Redemption)))]
pub async fn redemption(caller: Caller, Path(id): Path<RedemptionId>) -> Answer<Redemption> {
    let mut work = caller.begin().await?;
    let found = loyalty::redemption(&mut work, id).await?;
    Ok(Json(found.ok_or(NOT_FOUND)?))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = LoyaltyCode)]
pub struct Code {
    /// As the customer shows it. Small letters, spaces and dashes make no difference.
    #[schema(example = "4D7H-Q2ZK-7KQ2", max_length = 40)]
    code: String,
}

/// Takes the code of a reward. It is taken once.
#[utoipa::path(post, path = "/api/v1/loyalty/codes/use", request_body = Code, operation_id = "use_loyalty_code",
    responses(
        (status = 200, description = "It is taken: the reward can be given.", body = Redemption),
        (status = 404, description = "There is no such code."),
        (status = 409, description = "`code_used` or `code_expired`."),
    ))]
pub async fn use_code(caller: Caller, Json(typed): Json<Code>) -> Answer<Redemption> {
    let mut work = caller.begin().await?;
    let redemption = loyalty::use_code(&mut work, &typed.code).await?;
    work.commit().await?;
    Ok(Json(redemption))
}
