//! SQL of the budgets, and of the sums of the months.

use chrono::NaiveDate;

use crate::{
    Work,
    ai::budget::{AtLimit, Budget, Mark, Month},
};

/// Sets the budget. Returns the one before.
pub(in crate::ai) async fn set(work: &mut Work, budget: Budget) -> Result<Budget, sqlx::Error> {
    // The first call makes the row, so that the lock below holds for two first calls too.
    sqlx::query!(
        "INSERT INTO ai_budgets (workspace_id, at_limit) VALUES ($1, $2) ON CONFLICT DO NOTHING",
        work.workspace().uuid(),
        Budget::NONE.at_limit.name()
    )
    .execute(work.conn())
    .await?;
    let before = sqlx::query_as!(
        Budget,
        r#"SELECT limit_micro, at_limit AS "at_limit: AtLimit" FROM ai_budgets WHERE workspace_id = $1 FOR UPDATE"#,
        work.workspace().uuid()
    )
    .fetch_one(work.conn())
    .await?;
    sqlx::query!(
        "UPDATE ai_budgets SET limit_micro = $2, at_limit = $3 WHERE workspace_id = $1",
        work.workspace().uuid(),
        budget.limit_micro,
        budget.at_limit.name()
    )
    .execute(work.conn())
    .await?;
    Ok(before)
}

pub(in crate::ai) async fn budget(work: &mut Work) -> Result<Option<Budget>, sqlx::Error> {
    sqlx::query_as!(
        Budget,
        r#"SELECT limit_micro, at_limit AS "at_limit: AtLimit" FROM ai_budgets WHERE workspace_id = $1"#,
        work.workspace().uuid()
    )
    .fetch_optional(work.conn())
    .await
}

/// Adds a cost to the sum of a month, and locks the sum until the transaction ends.
pub(in crate::ai) async fn spend(
    work: &mut Work,
    month: NaiveDate,
    cost_micro: i64,
) -> Result<Month, sqlx::Error> {
    sqlx::query_as!(
        Month,
        r#"INSERT INTO ai_months AS m (workspace_id, month, spent_micro) VALUES ($1, $2, $3)
           ON CONFLICT (workspace_id, month) DO UPDATE SET spent_micro = m.spent_micro + $3
           RETURNING spent_micro, warned_at IS NOT NULL AS "warned!", reached_at IS NOT NULL AS "reached!""#,
        work.workspace().uuid(),
        month,
        cost_micro
    )
    .fetch_one(work.conn())
    .await
}

/// The sum of a month.
pub(in crate::ai) async fn spent(work: &mut Work, month: NaiveDate) -> Result<i64, sqlx::Error> {
    let spent = sqlx::query_scalar!(
        "SELECT spent_micro FROM ai_months WHERE workspace_id = $1 AND month = $2",
        work.workspace().uuid(),
        month
    )
    .fetch_optional(work.conn())
    .await?;
    Ok(spent.unwrap_or_default())
}

pub(in crate::ai) async fn forget_marks(
    work: &mut Work,
    month: NaiveDate,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE ai_months SET warned_at = NULL, reached_at = NULL WHERE workspace_id = $1 AND month = $2",
        work.workspace().uuid(),
        month
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Notes that admins are told of this mark in a month.
pub(in crate::ai) async fn told(
    work: &mut Work,
    month: NaiveDate,
    mark: Mark,
) -> Result<(), sqlx::Error> {
    let reached = mark == Mark::Reached;
    sqlx::query!(
        "UPDATE ai_months SET warned_at = coalesce(warned_at, $3),
                              reached_at = CASE WHEN $4 THEN coalesce(reached_at, $3) ELSE reached_at END
         WHERE workspace_id = $1 AND month = $2",
        work.workspace().uuid(),
        month,
        work.now(),
        reached
    )
    .execute(work.conn())
    .await?;
    Ok(())
}
