//! SQL of the expenses.

use chrono::NaiveDate;
use uuid::Uuid;

use crate::{
    Work,
    marketing::{Amount, Expense, ExpenseId, MarketingId, NewExpense},
};

struct Row {
    id: ExpenseId,
    spent_on: NaiveDate,
    description: String,
    minor: i64,
    currency: String,
    created_at: kazi_platform::Timestamp,
    updated_at: kazi_platform::Timestamp,
    version: i64,
}

impl From<Row> for Expense {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            spent_on: row.spent_on,
            description: row.description,
            amount: Amount {
                amount_minor: row.minor,
                currency: row.currency,
            },
            created_at: row.created_at,
            updated_at: row.updated_at,
            version: row.version,
        }
    }
}

/// The expenses of a campaign, the newest written first, from the given one on.
pub async fn expenses(
    work: &mut Work,
    campaign: MarketingId,
    after: Option<ExpenseId>,
    limit: i64,
) -> Result<Vec<Expense>, sqlx::Error> {
    let rows = sqlx::query_as!(
        Row,
        r#"SELECT id AS "id: ExpenseId", spent_on, description, minor, currency, created_at, updated_at, version
           FROM marketing_expenses
           WHERE workspace_id = $1 AND campaign_id = $2 AND ($3::uuid IS NULL OR id < $3) ORDER BY id DESC LIMIT $4"#,
        work.workspace().uuid(),
        campaign.uuid(),
        after.map(ExpenseId::uuid),
        limit
    )
    .fetch_all(work.conn())
    .await?;
    Ok(rows.into_iter().map(Expense::from).collect())
}

/// Reads an expense. A change of it holds its campaign.
pub async fn expense(
    work: &mut Work,
    campaign: MarketingId,
    id: ExpenseId,
) -> Result<Option<Expense>, sqlx::Error> {
    let row = sqlx::query_as!(
        Row,
        r#"SELECT id AS "id: ExpenseId", spent_on, description, minor, currency, created_at, updated_at, version
           FROM marketing_expenses WHERE workspace_id = $1 AND campaign_id = $2 AND id = $3"#,
        work.workspace().uuid(),
        campaign.uuid(),
        id.uuid()
    )
    .fetch_optional(work.conn())
    .await?;
    Ok(row.map(Expense::from))
}

/// Writes a new expense, or what takes the place of a locked one.
pub(in crate::marketing) async fn save(
    work: &mut Work,
    campaign: MarketingId,
    id: ExpenseId,
    new: &NewExpense,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO marketing_expenses (workspace_id, id, campaign_id, spent_on, description, minor, currency, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (workspace_id, id) DO UPDATE
             SET spent_on = $4, description = $5, minor = $6, currency = $7, updated_at = now()",
        work.workspace().uuid(),
        id.uuid(),
        campaign.uuid(),
        new.spent_on,
        new.description,
        new.amount.amount_minor,
        new.amount.currency,
        work.now()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

pub(in crate::marketing) async fn delete(
    work: &mut Work,
    campaign: MarketingId,
    id: ExpenseId,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "DELETE FROM marketing_expenses WHERE workspace_id = $1 AND campaign_id = $2 AND id = $3",
        work.workspace().uuid(),
        campaign.uuid(),
        id.uuid()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

pub(in crate::marketing) async fn count(
    work: &mut Work,
    campaign: MarketingId,
) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT count(*) AS "n!" FROM marketing_expenses WHERE workspace_id = $1 AND campaign_id = $2"#,
        work.workspace().uuid(),
        campaign.uuid()
    )
    .fetch_one(work.conn())
    .await
}

/// The currencies of a campaign's expenses.
pub(in crate::marketing) async fn currencies(
    work: &mut Work,
    campaign: MarketingId,
) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar!(
        "SELECT DISTINCT currency FROM marketing_expenses WHERE workspace_id = $1 AND campaign_id = $2 ORDER BY 1",
        work.workspace().uuid(),
        campaign.uuid()
    )
    .fetch_all(work.conn())
    .await
}

/// What a campaign has spent on a day in one currency.
pub(in crate::marketing) struct SpentOn {
    pub campaign: MarketingId,
    pub day: NaiveDate,
    pub currency: String,
    pub minor: i64,
}

/// What some campaigns have spent by day.
pub(in crate::marketing) async fn by_day(
    work: &mut Work,
    campaigns: &[MarketingId],
) -> Result<Vec<SpentOn>, sqlx::Error> {
    let campaigns: Vec<Uuid> = campaigns.iter().map(|id| id.uuid()).collect();
    sqlx::query_as!(
        SpentOn,
        r#"SELECT campaign_id AS "campaign: MarketingId", spent_on AS day, currency, sum(minor)::bigint AS "minor!"
           FROM marketing_expenses WHERE workspace_id = $1 AND campaign_id = ANY($2) GROUP BY 1, 2, 3"#,
        work.workspace().uuid(),
        &campaigns
    )
    .fetch_all(work.conn())
    .await
}
