//! SQL of the rewards.

use crate::{
    Work,
    loyalty::{NewReward, Reward, RewardId},
};

macro_rules! rewards {
    ($rest:tt, $($argument:expr),*) => {
        sqlx::query_as!(
            Reward,
            r#"SELECT id AS "id: RewardId", name, cost, stock, valid_until, code_days, active, created_at, updated_at, version
               FROM loyalty_rewards "# + $rest,
            $($argument),*
        )
    };
}

/// The rewards, newest first, after the given one.
pub async fn list(
    work: &mut Work,
    active: Option<bool>,
    after: Option<RewardId>,
    limit: i64,
) -> Result<Vec<Reward>, sqlx::Error> {
    rewards!(
        "WHERE workspace_id = $1 AND deleted_at IS NULL AND ($2::boolean IS NULL OR active = $2)
           AND ($3::uuid IS NULL OR id < $3)
         ORDER BY id DESC LIMIT $4",
        work.workspace().uuid(),
        active,
        after.map(RewardId::uuid),
        limit
    )
    .fetch_all(work.conn())
    .await
}

/// The rewards that can be taken now, the cheapest first.
pub async fn offered(work: &mut Work, limit: i64) -> Result<Vec<Reward>, sqlx::Error> {
    rewards!(
        "WHERE workspace_id = $1 AND deleted_at IS NULL AND active AND (stock IS NULL OR stock > 0)
           AND (valid_until IS NULL OR valid_until > $2)
         ORDER BY cost, id LIMIT $3",
        work.workspace().uuid(),
        work.now(),
        limit
    )
    .fetch_all(work.conn())
    .await
}

pub async fn count(work: &mut Work) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT count(*) AS "n!" FROM loyalty_rewards WHERE workspace_id = $1 AND deleted_at IS NULL"#,
        work.workspace().uuid()
    )
    .fetch_one(work.conn())
    .await
}

pub async fn get(work: &mut Work, id: RewardId) -> Result<Option<Reward>, sqlx::Error> {
    rewards!(
        "WHERE workspace_id = $1 AND id = $2 AND deleted_at IS NULL",
        work.workspace().uuid(),
        id.uuid()
    )
    .fetch_optional(work.conn())
    .await
}

/// Locks the reward until the transaction ends.
pub async fn lock(work: &mut Work, id: RewardId) -> Result<Option<Reward>, sqlx::Error> {
    rewards!(
        "WHERE workspace_id = $1 AND id = $2 AND deleted_at IS NULL FOR UPDATE",
        work.workspace().uuid(),
        id.uuid()
    )
    .fetch_optional(work.conn())
    .await
}

pub async fn insert(work: &mut Work, id: RewardId, new: &NewReward) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO loyalty_rewards (workspace_id, id, name, cost, stock, valid_until, code_days, active, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        work.workspace().uuid(),
        id.uuid(),
        new.name,
        new.cost,
        new.stock,
        new.valid_until,
        new.code_days,
        new.active,
        work.now()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

pub async fn update(work: &mut Work, id: RewardId, new: &NewReward) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE loyalty_rewards SET name = $3, cost = $4, stock = $5, valid_until = $6, code_days = $7, active = $8,
                updated_at = clock_timestamp()
         WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        id.uuid(),
        new.name,
        new.cost,
        new.stock,
        new.valid_until,
        new.code_days,
        new.active
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Takes one of the stock. That is no change that a member makes, so the version stays.
pub async fn take_one(work: &mut Work, id: RewardId) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE loyalty_rewards SET stock = stock - 1 WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        id.uuid()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

pub async fn delete(work: &mut Work, id: RewardId) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE loyalty_rewards SET deleted_at = $3, active = false, updated_at = clock_timestamp()
         WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        id.uuid(),
        work.now()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}
