//! Loyalty: points, tiers and rewards.

mod accounts;
mod rewards;
mod tiers;

use kazi_jobs::{
    Permission,
    loyalty::{self, LoyaltyError, PointsTotals, Settings, SettingsView},
};
use utoipa_axum::routes;

use crate::api::{
    Answer,
    caller::Caller,
    errors::{conflict, wrong_state},
    etag::{IfMatch, Tagged},
    extract::Json,
    routes::Routes,
};
use crate::problem::{NOT_FOUND, Problem};

pub fn routes() -> Vec<Routes> {
    vec![
        Routes::new(
            "loyalty",
            "Points of contacts, tiers, and rewards for points.",
        )
        .add(Permission::LOYALTY_READ, routes!(settings))
        .add(Permission::LOYALTY_WRITE, routes!(set_settings))
        .add(Permission::LOYALTY_READ, routes!(totals))
        .add(Permission::LOYALTY_READ, routes!(tiers::list))
        .add(Permission::LOYALTY_READ, routes!(tiers::get))
        .add(Permission::LOYALTY_WRITE, routes!(tiers::create))
        .add(
            Permission::LOYALTY_WRITE,
            routes!(tiers::update, tiers::delete),
        )
        .add(Permission::LOYALTY_READ, routes!(rewards::list))
        .add(Permission::LOYALTY_READ, routes!(rewards::get))
        .add(Permission::LOYALTY_WRITE, routes!(rewards::create))
        .add(
            Permission::LOYALTY_WRITE,
            routes!(rewards::update, rewards::delete),
        )
        .add(Permission::LOYALTY_READ, routes!(accounts::list))
        .add(Permission::LOYALTY_READ, routes!(accounts::account))
        .add(Permission::LOYALTY_READ, routes!(accounts::entries))
        .add(Permission::LOYALTY_WRITE, routes!(accounts::adjust))
        .add(Permission::LOYALTY_REDEEM, routes!(accounts::redeem))
        .add(Permission::LOYALTY_READ, routes!(accounts::redemptions))
        .add(Permission::LOYALTY_READ, routes!(accounts::redemption))
        .add(Permission::LOYALTY_REDEEM, routes!(accounts::use_code)),
    ]
}

/// Shows the rules by which contacts earn points.
#[utoipa::path(get, path = "/api/v1/loyalty/settings", operation_id = "get_loyalty_settings",
    responses((status = 200, description = "As they are now.", body = SettingsView)))]
async fn settings(caller: Caller) -> Result<Tagged<SettingsView>, Problem> {
    let mut work = caller.begin().await?;
    Ok(tagged(loyalty::settings(&mut work).await?))
}

/// Sets the rules. They hold from now on: what was earned stays.
#[utoipa::path(put, path = "/api/v1/loyalty/settings", params(IfMatch), request_body = Settings,
    operation_id = "set_loyalty_settings",
    responses((status = 200, description = "As they are now.", body = SettingsView)))]
async fn set_settings(
    caller: Caller,
    if_match: IfMatch,
    Json(new): Json<Settings>,
) -> Result<Tagged<SettingsView>, Problem> {
    let mut work = caller.begin().await?;
    let before = loyalty::lock_settings(&mut work).await?;
    if_match.check(before.version)?;
    let after = loyalty::set_settings(&mut work, &before, &new).await?;
    work.commit().await?;
    Ok(tagged(after))
}

/// Shows the points of all accounts of the books. They sum to zero.
#[utoipa::path(get, path = "/api/v1/loyalty/totals", operation_id = "loyalty_totals",
    responses((status = 200, description = "As of now.", body = PointsTotals)))]
async fn totals(caller: Caller) -> Answer<PointsTotals> {
    let mut work = caller.begin().await?;
    Ok(Json(loyalty::totals(&mut work).await?))
}

fn tagged(settings: SettingsView) -> Tagged<SettingsView> {
    Tagged(settings.version, settings)
}

impl From<LoyaltyError> for Problem {
    fn from(error: LoyaltyError) -> Self {
        match error {
            LoyaltyError::Invalid(invalid) => invalid.into(),
            LoyaltyError::NotFound(_) => NOT_FOUND.detail(error.to_string()),
            LoyaltyError::Off | LoyaltyError::Unavailable | LoyaltyError::Full(_) => {
                wrong_state(error.to_string())
            }
            LoyaltyError::OutOfStock => {
                conflict("out_of_stock", "There is none of this left.").detail(error.to_string())
            }
            LoyaltyError::TooFew { .. } => {
                conflict("too_few_points", "There are not so many points.")
                    .detail(error.to_string())
            }
            LoyaltyError::Used => conflict("code_used", "The code was used already."),
            LoyaltyError::Expired => conflict("code_expired", "The code has expired."),
            LoyaltyError::Enqueue(error) => error.into(),
            LoyaltyError::Database(error) => error.into(),
        }
    }
}
