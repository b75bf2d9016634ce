//! What a workspace has used, and what it costs.

use kazi_jobs::{
    Permission,
    usage::{self, MonthCharges, MonthSum, UsageError},
};
use serde::Deserialize;
use utoipa_axum::routes;

use crate::api::{
    Answer,
    caller::Caller,
    extract::{Json, Query},
    page::Whole,
    routes::Routes,
};
use crate::problem::Problem;

pub fn routes() -> Vec<Routes> {
    vec![
        Routes::new("usage", "Billable use, and what it costs.")
            .add(Permission::USAGE_READ, routes!(of_month))
            .add(Permission::USAGE_READ, routes!(months)),
    ]
}

#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Which {
    /// Default: this month, in the workspace's time zone.
    #[param(example = "2026-11", pattern = "^[0-9]{4}-[0-9]{2}$")]
    month: Option<String>,
}

/// Shows the billable use of a month, by day, kind and price, and its sums.
///
/// A question is charged when a model has answered a customer, and a push when the provider has accepted a message of a
/// campaign, a reminder or news; each once, however often it was tried. The figures are up to a minute old.
#[utoipa::path(get, path = "/api/v1/usage", params(Which),
    responses((status = 200, description = "The month.", body = MonthCharges)))]
async fn of_month(caller: Caller, Query(which): Query<Which>) -> Answer<MonthCharges> {
    let mut work = caller.begin().await?;
    Ok(Json(usage::month(&mut work, which.month.as_deref()).await?))
}

/// Lists the sums of the newest 24 months with use, the newest first.
#[utoipa::path(get, path = "/api/v1/usage/months",
    responses((status = 200, description = "The months.", body = Whole<MonthSum>)))]
async fn months(caller: Caller) -> Answer<Whole<MonthSum>> {
    let mut work = caller.begin().await?;
    let items = usage::months(&mut work).await?;
    Ok(Json(Whole { items }))
}

impl From<UsageError> for Problem {
    fn from(error: UsageError) -> Self {
        match error {
            UsageError::Invalid(invalid) => invalid.into(),
            UsageError::Database(error) => error.into(),
        }
    }
}
