//! SQL of the marketing campaigns.

pub(super) mod expenses;
pub(super) mod parts;

use chrono::NaiveDate;
use kazi_platform::{Timestamp, UserId, WorkspaceId};
use sqlx::{PgConnection, Postgres, QueryBuilder};

use super::{
    Amount, Goal, MarketingCampaign, MarketingId, Measure, NewMarketingCampaign, Objective, Status,
};
use crate::Work;

#[derive(sqlx::FromRow)]
struct Row {
    id: MarketingId,
    name: String,
    objective: Objective,
    goal_measure: Option<Measure>,
    goal_target: Option<i64>,
    goal_currency: Option<String>,
    notes: String,
    starts_on: Option<NaiveDate>,
    ends_on: Option<NaiveDate>,
    budget_minor: Option<i64>,
    budget_currency: Option<String>,
    owner_id: Option<UserId>,
    tags: Vec<String>,
    status: Status,
    activated_at: Option<Timestamp>,
    ended_at: Option<Timestamp>,
    warned: i16,
    created_at: Timestamp,
    updated_at: Timestamp,
    version: i64,
}

impl From<Row> for MarketingCampaign {
    fn from(row: Row) -> Self {
        let goal = row.goal_measure.zip(row.goal_target);
        let budget = row.budget_minor.zip(row.budget_currency);
        Self {
            id: row.id,
            name: row.name,
            objective: row.objective,
            goal: goal.map(|(measure, target)| Goal {
                measure,
                target,
                currency: row.goal_currency,
            }),
            notes: row.notes,
            starts_on: row.starts_on,
            ends_on: row.ends_on,
            budget: budget.map(|(amount_minor, currency)| Amount {
                amount_minor,
                currency,
            }),
            owner_id: row.owner_id,
            tags: row.tags,
            status: row.status,
            activated_at: row.activated_at,
            ended_at: row.ended_at,
            warned: row.warned,
            created_at: row.created_at,
            updated_at: row.updated_at,
            version: row.version,
        }
    }
}

fn campaigns_where(work: &Work) -> QueryBuilder<Postgres> {
    let mut sql = QueryBuilder::new("SELECT * FROM marketing_campaigns WHERE workspace_id = ");
    sql.push_bind(work.workspace().uuid());
    sql
}

/// All given conditions must hold.
#[derive(Clone, Debug, Default)]
pub struct MarketingFilter {
    /// Without it: all but the archived ones.
    pub status: Option<Status>,
    pub objective: Option<Objective>,
    /// The member who sees to it.
    pub owner_id: Option<UserId>,
    pub tag: Option<String>,
    /// The name has these words.
    pub q: Option<String>,
}

/// The marketing campaigns, newest first, from the given one on.
pub async fn list(
    work: &mut Work,
    filter: &MarketingFilter,
    after: Option<MarketingId>,
    limit: i64,
) -> Result<Vec<MarketingCampaign>, sqlx::Error> {
    let mut sql = campaigns_where(work);
    match filter.status {
        Some(status) => sql.push(" AND status = ").push_bind(status.name()),
        None => sql.push(" AND status <> 'archived'"),
    };
    if let Some(objective) = filter.objective {
        sql.push(" AND objective = ").push_bind(objective.name());
    }
    if let Some(member) = filter.owner_id {
        sql.push(" AND owner_id = ").push_bind(member.uuid());
    }
    if let Some(tag) = &filter.tag {
        sql.push(" AND ")
            .push_bind(tag.trim().to_lowercase())
            .push(" = ANY(tags)");
    }
    if let Some(q) = &filter.q {
        sql.push(" AND position(lower(")
            .push_bind(q.trim().to_owned())
            .push(") IN lower(name)) > 0");
    }
    if let Some(after) = after {
        sql.push(" AND id < ").push_bind(after.uuid());
    }
    sql.push(" ORDER BY id DESC LIMIT ").push_bind(limit);
    let query = sql.build_query_as::<Row>().persistent(false);
    let rows = query.fetch_all(work.conn()).await?;
    Ok(rows.into_iter().map(MarketingCampaign::from).collect())
}

pub(super) async fn count(work: &mut Work) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT count(*) AS "n!" FROM marketing_campaigns WHERE workspace_id = $1"#,
        work.workspace().uuid()
    )
    .fetch_one(work.conn())
    .await
}

async fn find(
    work: &mut Work,
    id: MarketingId,
    lock: &str,
) -> Result<Option<MarketingCampaign>, sqlx::Error> {
    let mut sql = campaigns_where(work);
    sql.push(" AND id = ").push_bind(id.uuid()).push(lock);
    let row = sql.build_query_as::<Row>().fetch_optional(work.conn());
    Ok(row.await?.map(MarketingCampaign::from))
}

pub async fn get(
    work: &mut Work,
    id: MarketingId,
) -> Result<Option<MarketingCampaign>, sqlx::Error> {
    find(work, id, "").await
}

/// Locks and reads a marketing campaign. Every change of it, its parts and its expenses holds its row.
pub async fn lock(
    work: &mut Work,
    id: MarketingId,
) -> Result<Option<MarketingCampaign>, sqlx::Error> {
    find(work, id, " FOR UPDATE").await
}

/// Writes a new campaign, or what takes the place of a locked one.
pub(super) async fn save(
    work: &mut Work,
    id: MarketingId,
    new: &NewMarketingCampaign,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO marketing_campaigns (workspace_id, id, name, objective, goal_measure, goal_target, goal_currency, notes,
                                          starts_on, ends_on, budget_minor, budget_currency, owner_id, tags, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
         ON CONFLICT (workspace_id, id) DO UPDATE
             SET name = $3, objective = $4, goal_measure = $5, goal_target = $6, goal_currency = $7, notes = $8,
                 starts_on = $9, ends_on = $10, budget_minor = $11, budget_currency = $12, owner_id = $13, tags = $14,
                 updated_at = now()",
        work.workspace().uuid(),
        id.uuid(),
        new.name,
        new.objective.name(),
        new.goal.as_ref().map(|goal| goal.measure.name()),
        new.goal.as_ref().map(|goal| goal.target),
        new.goal.as_ref().and_then(|goal| goal.currency.clone()),
        new.notes,
        new.starts_on,
        new.ends_on,
        new.budget.as_ref().map(|budget| budget.amount_minor),
        new.budget.as_ref().map(|budget| budget.currency.clone()),
        new.owner_id.map(UserId::uuid),
        &new.tags,
        work.now()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Writes the status of a locked campaign, with its times.
pub(super) async fn set_status(
    work: &mut Work,
    id: MarketingId,
    status: Status,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE marketing_campaigns
         SET ended_at = CASE WHEN $3 = 'ended' AND status = 'active' THEN $4 WHEN $3 = 'active' THEN NULL ELSE ended_at END,
             activated_at = CASE WHEN $3 = 'active' THEN $4 ELSE activated_at END,
             status = $3, updated_at = now()
         WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        id.uuid(),
        status.name(),
        work.now()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Notes which share of the budget was told. No member makes this change, so the version stays.
pub(super) async fn set_warned(
    work: &mut Work,
    id: MarketingId,
    percent: i16,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE marketing_campaigns SET warned = $3 WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        id.uuid(),
        percent
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

pub(super) async fn delete(work: &mut Work, id: MarketingId) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "DELETE FROM marketing_campaigns WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        id.uuid()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Takes the campaigns of a user who is no member any more. Returns their number.
pub(super) async fn disown(work: &mut Work, user: UserId) -> Result<u64, sqlx::Error> {
    let done = sqlx::query!(
        "UPDATE marketing_campaigns SET owner_id = NULL, updated_at = now() WHERE workspace_id = $1 AND owner_id = $2",
        work.workspace().uuid(),
        user.uuid()
    )
    .execute(work.conn())
    .await?;
    Ok(done.rows_affected())
}

/// Workspaces with campaigns that are not over, by id. Needs a transaction of the platform.
pub(super) async fn workspaces_at_work(
    conn: &mut PgConnection,
    after: Option<WorkspaceId>,
    limit: i64,
) -> Result<Vec<WorkspaceId>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT DISTINCT workspace_id AS "id!: WorkspaceId" FROM marketing_campaigns
           WHERE status IN ('draft', 'active') AND ($1::uuid IS NULL OR workspace_id > $1)
           ORDER BY 1 LIMIT $2"#,
        after.map(WorkspaceId::uuid),
        limit
    )
    .fetch_all(conn)
    .await
}

/// Campaigns that are not over, by id.
pub(super) async fn at_work(work: &mut Work) -> Result<Vec<MarketingId>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT id AS "id: MarketingId" FROM marketing_campaigns
           WHERE workspace_id = $1 AND status IN ('draft', 'active') ORDER BY id"#,
        work.workspace().uuid()
    )
    .fetch_all(work.conn())
    .await
}
