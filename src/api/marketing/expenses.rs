//! The expenses of a marketing campaign.

use axum::http::StatusCode;
use kazi_jobs::marketing::{self, Expense, ExpenseId, MarketingId, NewExpense};

use crate::api::{
    Answer,
    caller::Caller,
    created::Created,
    etag::{IfMatch, Tagged},
    extract::{Json, Path},
    page::{List, NoFilter, Page, Paging},
};
use crate::problem::{NOT_FOUND, Problem};

/// Lists the expenses of a marketing campaign, the newest written first.
#[utoipa::path(get, path = "/api/v1/marketing/campaigns/{id}/expenses", params(Paging), operation_id = "list_expenses",
    responses((status = 200, description = "A page of them.", body = Page<Expense>)))]
pub async fn list(
    caller: Caller,
    Path(id): Path<MarketingId>,
    list: List<NoFilter, ExpenseId>,
) -> Answer<Page<Expense>> {
    let mut work = caller.begin().await?;
    marketing::get(&mut work, id).await?.ok_or(NOT_FOUND)?;
    let rows = marketing::expenses(&mut work, id, list.after, list.fetch()).await?;
    Ok(Json(list.page(rows, |row| row.id)?))
}

/// Shows an expense.
#[utoipa::path(get, path = "/api/v1/marketing/campaigns/{id}/expenses/{expense_id}", operation_id = "get_expense",
    responses((status = 200, description = "The expense.", body = Expense)))]
pub async fn get(
    caller: Caller,
    Path((id, expense_id)): Path<(MarketingId, ExpenseId)>,
) -> Result<Tagged<Expense>, Problem> {
    let mut work = caller.begin().await?;
    let found = marketing::expense(&mut work, id, expense_id).await?;
    Ok(tagged(found.ok_or(NOT_FOUND)?))
}

/// Writes down what was spent. The owner and the admins are told when it uses 80 or 100 percent of the budget.
#[utoipa::path(post, path = "/api/v1/marketing/campaigns/{id}/expenses", request_body = NewExpense,
    operation_id = "create_expense",
    responses(
        (status = 201, description = "It is written down.", body = Expense),
        (status = 409, description = "`wrong_state`: the marketing campaign is archived, or has 1,000 expenses."),
    ))]
pub async fn create(
    caller: Caller,
    Path(id): Path<MarketingId>,
    Json(new): Json<NewExpense>,
) -> Result<Created<Tagged<Expense>>, Problem> {
    let mut work = caller.begin().await?;
    let campaign = marketing::lock(&mut work, id).await?.ok_or(NOT_FOUND)?;
    let made = marketing::create_expense(&mut work, &campaign, &new).await?;
    work.commit().await?;
    let place = format!("/api/v1/marketing/campaigns/{id}/expenses/{}", made.id);
    Ok(Created::at(place, tagged(made)))
}

/// Replaces an expense.
#[utoipa::path(put, path = "/api/v1/marketing/campaigns/{id}/expenses/{expense_id}", params(IfMatch),
    request_body = NewExpense, operation_id = "update_expense",
    responses(
        (status = 200, description = "As it is now.", body = Expense),
        (status = 409, description = "`wrong_state`: the marketing campaign is archived."),
    ))]
pub async fn update(
    caller: Caller,
    Path((id, expense_id)): Path<(MarketingId, ExpenseId)>,
    if_match: IfMatch,
    Json(new): Json<NewExpense>,
) -> Result<Tagged<Expense>, Problem> {
    let mut work = caller.begin().await?;
    let campaign = marketing::lock(&mut work, id).await?.ok_or(NOT_FOUND)?;
    let before = marketing::expense(&mut work, id, expense_id).await?;
    let before = before.ok_or(NOT_FOUND)?;
    if_match.check(before.version)?;
    let after = marketing::update_expense(&mut work, &campaign, &before, &new).await?;
    work.commit().await?;
    Ok(tagged(after))
}

/// Deletes an expense.
#[utoipa::path(delete, path = "/api/v1/marketing/campaigns/{id}/expenses/{expense_id}", params(IfMatch),
    operation_id = "delete_expense",
    responses(
        (status = 204, description = "It is gone."),
        (status = 409, description = "`wrong_state`: the marketing campaign is archived."),
    ))]
pub async fn delete(
    caller: Caller,
    Path((id, expense_id)): Path<(MarketingId, ExpenseId)>,
    if_match: IfMatch,
) -> Result<StatusCode, Problem> {
    let mut work = caller.begin().await?;
    let campaign = marketing::lock(&mut work, id).await?.ok_or(NOT_FOUND)?;
    let before = marketing::expense(&mut work, id, expense_id).await?;
    let before = before.ok_or(NOT_FOUND)?;
    if_match.check(before.version)?;
    marketing::delete_expense(&mut work, &campaign, &before).await?;
    work.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

fn tagged(expense: Expense) -> Tagged<Expense> {
    Tagged(expense.version, expense)
}
