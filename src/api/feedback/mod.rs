//! Feedback: what customers say of orders and bookings.

use chrono::NaiveDate;
use kazi_jobs::{
    Permission,
    feedback::{
        self, Feedback, FeedbackError, FeedbackFigures, FeedbackFilter, FeedbackId, FeedbackPeriod,
        Settings, SettingsView, Span,
    },
};
use serde::Deserialize;
use utoipa_axum::routes;

use crate::api::{
    Answer,
    caller::Caller,
    etag::{IfMatch, Tagged},
    extract::{Json, Path, Query},
    page::{List, Page, Paging},
    routes::Routes,
};
use crate::problem::{NOT_FOUND, Problem};

pub fn routes() -> Vec<Routes> {
    vec![
        Routes::new("feedback", "What customers say of orders and bookings.")
            .add(Permission::FEEDBACK_READ, routes!(list))
            .add(Permission::FEEDBACK_READ, routes!(figures))
            .add(Permission::FEEDBACK_READ, routes!(settings))
            .add(Permission::FEEDBACK_WRITE, routes!(set_settings))
            .add(Permission::FEEDBACK_READ, routes!(get)),
    ]
}

/// Lists the questions to customers with their answers, newest first.
#[utoipa::path(get, path = "/api/v1/feedback", params(FeedbackFilter, Paging), operation_id = "list_feedback",
    responses((status = 200, description = "A page of them.", body = Page<Feedback>)))]
async fn list(caller: Caller, list: List<FeedbackFilter, FeedbackId>) -> Answer<Page<Feedback>> {
    list.filter.check("")?;
    let mut work = caller.begin().await?;
    let rows = feedback::list(&mut work, &list.filter, list.after, list.fetch()).await?;
    Ok(Json(list.page(rows, |row| row.id)?))
}

/// Shows a question to a customer, and the answer.
#[utoipa::path(get, path = "/api/v1/feedback/{id}", operation_id = "get_feedback",
    responses((status = 200, description = "The feedback.", body = Feedback)))]
async fn get(caller: Caller, Path(id): Path<FeedbackId>) -> Answer<Feedback> {
    let mut work = caller.begin().await?;
    let found = feedback::get(&mut work, id).await?;
    Ok(Json(found.ok_or(NOT_FOUND)?))
}

#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Range {
    /// By which length of time to count. Without it: by day.
    #[param(inline)]
    period: Option<FeedbackPeriod>,
    /// The first day. Without it: 29 days before the last one.
    #[param(value_type = Option<String>, format = Date)]
    from: Option<NaiveDate>,
    /// The last day, at most 365 days later. Without it: today.
    #[param(value_type = Option<String>, format = Date)]
    until: Option<NaiveDate>,
}

/// Counts what customers said, of those who were asked in a time.
#[utoipa::path(get, path = "/api/v1/feedback/figures", params(Range), operation_id = "feedback_figures",
    responses((status = 200, description = "As of now.", body = FeedbackFigures)))]
async fn figures(caller: Caller, Query(range): Query<Range>) -> Answer<FeedbackFigures> {
    let mut work = caller.begin().await?;
    let span = Span {
        from: range.from,
        until: range.until,
    };
    let period = range.period.unwrap_or(FeedbackPeriod::Day);
    Ok(Json(feedback::figures(&mut work, period, span).await?))
}

/// Shows when customers are asked.
#[utoipa::path(get, path = "/api/v1/feedback/settings", operation_id = "get_feedback_settings",
    responses((status = 200, description = "As they are now.", body = SettingsView)))]
async fn settings(caller: Caller) -> Result<Tagged<SettingsView>, Problem> {
    let mut work = caller.begin().await?;
    Ok(tagged(feedback::settings(&mut work).await?))
}

/// Says when customers are asked: it holds for what is delivered or completed from now on.
#[utoipa::path(put, path = "/api/v1/feedback/settings", params(IfMatch), request_body = Settings,
    operation_id = "set_feedback_settings",
    responses((status = 200, description = "As they are now.", body = SettingsView)))]
async fn set_settings(
    caller: Caller,
    if_match: IfMatch,
    Json(new): Json<Settings>,
) -> Result<Tagged<SettingsView>, Problem> {
    let mut work = caller.begin().await?;
    let before = feedback::lock_settings(&mut work).await?;
    if_match.check(before.version)?;
    let after = feedback::set_settings(&mut work, &before, &new).await?;
    work.commit().await?;
    Ok(tagged(after))
}

fn tagged(settings: SettingsView) -> Tagged<SettingsView> {
    Tagged(settings.version, settings)
}

impl From<FeedbackError> for Problem {
    fn from(error: FeedbackError) -> Self {
        match error {
            FeedbackError::Invalid(invalid) => invalid.into(),
            FeedbackError::Database(error) => error.into(),
        }
    }
}
