//! SQL of the plans.

use kazi_platform::Timestamp;
use sqlx::types::Json;

use super::{super::plans::NewPlan, money, read};
use crate::{
    Work,
    catalog::Text,
    subscriptions::{Period, Plan, PlanId},
};

struct Row {
    id: PlanId,
    names: Json<Text>,
    descriptions: Json<Text>,
    price_minor: i64,
    currency: String,
    period_unit: String,
    period_count: i32,
    grace_days: i32,
    remind_days: Vec<i32>,
    active: bool,
    created_at: Timestamp,
    updated_at: Timestamp,
}

impl TryFrom<Row> for Plan {
    type Error = sqlx::Error;

    fn try_from(row: Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: row.id,
            names: row.names,
            descriptions: row.descriptions,
            price: money(row.price_minor, &row.currency)?,
            period: Period {
                unit: read(&row.period_unit)?,
                // The table allows only small numbers.
                count: u16::try_from(row.period_count).unwrap_or(1),
            },
            grace_days: row.grace_days,
            remind_days: row.remind_days,
            active: row.active,
            created_at: row.created_at,
            updated_at: row.updated_at,
        })
    }
}

/// The plans in the order of their creation.
pub async fn plans(
    work: &mut Work,
    active: Option<bool>,
    after: Option<PlanId>,
    limit: i64,
) -> Result<Vec<Plan>, sqlx::Error> {
    let rows = sqlx::query_as!(
        Row,
        r#"SELECT id AS "id: PlanId", names AS "names: Json<Text>", descriptions AS "descriptions: Json<Text>",
                  price_minor, currency, period_unit, period_count, grace_days, remind_days, active, created_at, updated_at
           FROM plans WHERE workspace_id = $1 AND ($2::boolean IS NULL OR active = $2) AND ($3::uuid IS NULL OR id > $3)
           ORDER BY id LIMIT $4"#,
        work.workspace().uuid(),
        active,
        after.map(PlanId::uuid),
        limit
    )
    .fetch_all(work.conn())
    .await?;
    rows.into_iter().map(Plan::try_from).collect()
}

pub async fn plan(work: &mut Work, id: PlanId) -> Result<Option<Plan>, sqlx::Error> {
    let row = sqlx::query_as!(
        Row,
        r#"SELECT id AS "id: PlanId", names AS "names: Json<Text>", descriptions AS "descriptions: Json<Text>",
                  price_minor, currency, period_unit, period_count, grace_days, remind_days, active, created_at, updated_at
           FROM plans WHERE workspace_id = $1 AND id = $2"#,
        work.workspace().uuid(),
        id.uuid()
    )
    .fetch_optional(work.conn())
    .await?;
    row.map(Plan::try_from).transpose()
}

/// Locks the plan until the transaction ends.
pub async fn lock_plan(work: &mut Work, id: PlanId) -> Result<Option<Plan>, sqlx::Error> {
    sqlx::query!(
        "SELECT id FROM plans WHERE workspace_id = $1 AND id = $2 FOR UPDATE",
        work.workspace().uuid(),
        id.uuid()
    )
    .fetch_optional(work.conn())
    .await?;
    plan(work, id).await
}

pub(in crate::subscriptions) async fn insert(
    work: &mut Work,
    id: PlanId,
    new: &NewPlan,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO plans (workspace_id, id, names, descriptions, price_minor, currency, period_unit, period_count,
                            grace_days, remind_days)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        work.workspace().uuid(),
        id.uuid(),
        Json(&new.names) as _,
        Json(&new.descriptions) as _,
        new.price.minor,
        new.price.currency.code(),
        new.period.unit.name(),
        i32::from(new.period.count),
        new.grace_days,
        &new.remind_days
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

pub(in crate::subscriptions) async fn update(
    work: &mut Work,
    plan: &Plan,
) -> Result<(), sqlx::Error> {
    // The time of the statement, so that two changes never have the same time.
    sqlx::query!(
        "UPDATE plans SET names = $3, descriptions = $4, price_minor = $5, currency = $6, grace_days = $7,
                remind_days = $8, active = $9, updated_at = clock_timestamp()
         WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        plan.id.uuid(),
        &plan.names as _,
        &plan.descriptions as _,
        plan.price.minor,
        plan.price.currency.code(),
        plan.grace_days,
        &plan.remind_days,
        plan.active
    )
    .execute(work.conn())
    .await?;
    Ok(())
}
