//! Calls of models: their log, their sums, and the budget.

use chrono::NaiveDate;
use kazi_jobs::{
    Permission,
    ai::{self, AiCallId, Budget, BudgetView, CallDetail, CallFilter, CallView, Days, UsageReport},
    conversations::MessageId,
    messages,
};
use kazi_platform::Timestamp;
use serde::Deserialize;
use utoipa_axum::routes;

use crate::api::{
    Answer,
    caller::Caller,
    extract::{Json, Path, Query},
    page::{List, Page, Paging, Whole},
    routes::Routes,
};
use crate::problem::NOT_FOUND;

pub fn routes() -> Routes {
    Routes::new("ai-costs", "What models were asked, and what it cost.")
        .add(Permission::AI_COSTS_READ, routes!(list))
        .add(Permission::AI_COSTS_READ, routes!(get))
        .add(Permission::AI_COSTS_READ, routes!(behind))
        .add(Permission::AI_COSTS_READ, routes!(usage))
        .add(Permission::AI_COSTS_READ, routes!(budget))
        .add(Permission::AI_BUDGET_WRITE, routes!(set_budget))
}

/// All given conditions must hold.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Filter {
    /// The model that answered, or else the one that was asked.
    #[param(example = "openai/gpt-4o-mini")]
    model: Option<String>,
    /// What the call was for.
    #[param(example = "reply")]
    purpose: Option<String>,
    /// `ok`, or the class of the error.
    #[param(example = "ok")]
    outcome: Option<String>,
    /// At this time or later.
    #[param(value_type = Option<String>, format = DateTime)]
    from: Option<Timestamp>,
    /// Before this time.
    #[param(value_type = Option<String>, format = DateTime)]
    until: Option<Timestamp>,
}

/// Lists the calls of models, newest first.
#[utoipa::path(get, path = "/api/v1/ai/calls", params(Filter, Paging),
    responses((status = 200, description = "A page of them.", body = Page<CallView>)))]
async fn list(caller: Caller, list: List<Filter, AiCallId>) -> Answer<Page<CallView>> {
    let filter = CallFilter {
        model: list.filter.model.clone(),
        purpose: list.filter.purpose.clone(),
        outcome: list.filter.outcome.clone(),
        from: list.filter.from,
        until: list.filter.until,
    };
    let mut work = caller.begin().await?;
    let rows = ai::calls(&mut work, &filter, list.after, list.fetch()).await?;
    Ok(Json(list.page(rows, |row| row.id)?))
}

/// Shows a call with the passages that the model was given.
///
/// Each passage has its places in the lists that were fused, by words and by letters, and what they are worth.
#[utoipa::path(get, path = "/api/v1/ai/calls/{id}",
    responses((status = 200, description = "The call.", body = CallDetail)))]
async fn get(caller: Caller, Path(id): Path<AiCallId>) -> Answer<CallDetail> {
    let mut work = caller.begin().await?;
    Ok(Json(ai::call(&mut work, id).await?.ok_or(NOT_FOUND)?))
}

/// Lists the calls behind an answer of the bot, oldest first.
///
/// The last one wrote the answer. Those before it called tools or failed. The list is empty for a message that no model was asked
/// for, and for calls of more than 90 days ago.
#[utoipa::path(get, path = "/api/v1/messages/{id}/calls",
    responses((status = 200, description = "All of them.", body = Whole<CallView>)))]
async fn behind(caller: Caller, Path(id): Path<MessageId>) -> Answer<Whole<CallView>> {
    let mut work = caller.begin().await?;
    messages::one(&mut work, id).await?.ok_or(NOT_FOUND)?;
    let items = ai::calls_behind(&mut work, id.uuid()).await?;
    Ok(Json(Whole { items }))
}

/// Days in the workspace's time zone.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Range {
    /// The first day. Default: the first day of the month of `until`.
    #[param(value_type = Option<String>, format = Date)]
    from: Option<NaiveDate>,
    /// The last day, at most 92 days later. Default: today.
    #[param(value_type = Option<String>, format = Date)]
    until: Option<NaiveDate>,
}

/// Sums the calls by day, purpose, model, and by what one call cost.
#[utoipa::path(get, path = "/api/v1/ai/usage", params(Range),
    responses((status = 200, description = "The sums.", body = UsageReport)))]
async fn usage(caller: Caller, Query(range): Query<Range>) -> Answer<UsageReport> {
    let mut work = caller.begin().await?;
    let days = Days {
        from: range.from,
        until: range.until,
    };
    Ok(Json(ai::usage(&mut work, days).await?))
}

/// Shows the monthly budget, and what is spent of it.
#[utoipa::path(get, path = "/api/v1/ai/budget",
    responses((status = 200, description = "As it is now.", body = BudgetView)))]
async fn budget(caller: Caller) -> Answer<BudgetView> {
    let mut work = caller.begin().await?;
    Ok(Json(ai::budget(&mut work).await?))
}

/// Sets the monthly budget.
///
/// Admins are notified when 80 % of it is spent, and when all of it is spent, each once a month and limit. Then `at_limit` says who
/// answers questions. Calls that run at that moment still end, so a little more can be spent. With `cheaper` the last of the
/// prompt's models goes on to cost money.
#[utoipa::path(put, path = "/api/v1/ai/budget", request_body = Budget,
    responses((status = 200, description = "As it is now.", body = BudgetView)))]
async fn set_budget(caller: Caller, Json(new): Json<Budget>) -> Answer<BudgetView> {
    let mut work = caller.begin().await?;
    let budget = ai::set_budget(&mut work, new).await?;
    work.commit().await?;
    Ok(Json(budget))
}
