//! SQL of the tiers.

use crate::{
    Work,
    loyalty::{NewTier, Tier, TierId},
};

/// The tiers, the lowest first. There are few.
pub async fn list(work: &mut Work) -> Result<Vec<Tier>, sqlx::Error> {
    sqlx::query_as!(
        Tier,
        r#"SELECT id AS "id: TierId", name, threshold, multiplier_percent, created_at, updated_at, version
           FROM loyalty_tiers WHERE workspace_id = $1 ORDER BY threshold"#,
        work.workspace().uuid()
    )
    .fetch_all(work.conn())
    .await
}

pub async fn get(work: &mut Work, id: TierId) -> Result<Option<Tier>, sqlx::Error> {
    sqlx::query_as!(
        Tier,
        r#"SELECT id AS "id: TierId", name, threshold, multiplier_percent, created_at, updated_at, version
           FROM loyalty_tiers WHERE workspace_id = $1 AND id = $2"#,
        work.workspace().uuid(),
        id.uuid()
    )
    .fetch_optional(work.conn())
    .await
}

pub async fn insert(work: &mut Work, id: TierId, new: &NewTier) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO loyalty_tiers (workspace_id, id, name, threshold, multiplier_percent, created_at)
         VALUES ($1, $2, $3, $4, $5, $6)",
        work.workspace().uuid(),
        id.uuid(),
        new.name,
        new.threshold,
        new.multiplier_percent,
        work.now()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

pub async fn update(work: &mut Work, id: TierId, new: &NewTier) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE loyalty_tiers SET name = $3, threshold = $4, multiplier_percent = $5, updated_at = clock_timestamp()
         WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        id.uuid(),
        new.name,
        new.threshold,
        new.multiplier_percent
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

pub async fn delete(work: &mut Work, id: TierId) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "DELETE FROM loyalty_tiers WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        id.uuid()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}
