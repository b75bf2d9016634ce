//! The figures of a business.

use chrono::NaiveDate;
use kazi_jobs::{
    Permission,
    analytics::{self, Activity, AnalyticsError, Overview, Period, Stats},
};
use serde::Deserialize;
use utoipa_axum::routes;

use crate::api::{
    Answer,
    caller::Caller,
    extract::{Json, Query},
    page::{self, Whole},
    routes::Routes,
};
use crate::problem::Problem;

pub fn routes() -> Vec<Routes> {
    vec![
        Routes::new("analytics", "The figures of a business.")
            .add(Permission::ANALYTICS_READ, routes!(stats))
            .add(Permission::ANALYTICS_READ, routes!(overview))
            .add(Permission::ANALYTICS_READ, routes!(recent)),
    ]
}

#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Asked {
    #[param(inline)]
    period: Period,
    /// A day of the period, on the clocks of the workspace. Without it: today.
    #[param(value_type = Option<String>, format = Date)]
    date: Option<NaiveDate>,
}

/// Shows the figures of a day, week, month or year.
///
/// They count up to and including `date`, and are compared with as many days of the period before.
#[utoipa::path(get, path = "/api/v1/dashboard/stats", params(Asked),
    responses((status = 200, description = "The figures.", body = Stats)))]
async fn stats(caller: Caller, Query(asked): Query<Asked>) -> Answer<Stats> {
    let mut work = caller.begin().await?;
    let stats = analytics::stats(&mut work, asked.period, asked.date).await?;
    // Keeps what was added up before the reading.
    work.commit().await?;
    Ok(Json(stats))
}

#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Range {
    /// The first day. Without it: 29 days before the last one.
    #[param(value_type = Option<String>, format = Date)]
    from: Option<NaiveDate>,
    /// The last day, at most 366 days later. Without it: today.
    #[param(value_type = Option<String>, format = Date)]
    until: Option<NaiveDate>,
}

/// Lists the figures of each day.
#[utoipa::path(get, path = "/api/v1/analytics/overview", params(Range),
    responses((status = 200, description = "The figures.", body = Overview)))]
async fn overview(caller: Caller, Query(range): Query<Range>) -> Answer<Overview> {
    let mut work = caller.begin().await?;
    let overview = analytics::overview(&mut work, range.from, range.until).await?;
    // Keeps what was added up before the reading.
    work.commit().await?;
    Ok(Json(overview))
}

#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Newest {
    /// The most activities.
    #[param(minimum = 1, maximum = 50, default = 20)]
    limit: Option<i64>,
}

const MOST: i64 = 50;

/// Lists what has happened last: new contacts, products, orders, payments and tickets.
#[utoipa::path(get, path = "/api/v1/analytics/recent-activity", params(Newest),
    responses((status = 200, description = "Newest first.", body = Whole<Activity>)))]
async fn recent(caller: Caller, Query(newest): Query<Newest>) -> Answer<Whole<Activity>> {
    let limit = page::limit(newest.limit, 20, MOST)?;
    let mut work = caller.begin().await?;
    let items = analytics::recent(&mut work, limit).await?;
    Ok(Json(Whole { items }))
}

impl From<AnalyticsError> for Problem {
    fn from(error: AnalyticsError) -> Self {
        match error {
            AnalyticsError::Invalid(invalid) => invalid.into(),
            AnalyticsError::Workspace(error) => error.into(),
            AnalyticsError::Contact(error) => error.into(),
            AnalyticsError::Database(error) => error.into(),
        }
    }
}
