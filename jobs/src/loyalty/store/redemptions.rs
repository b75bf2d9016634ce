//! SQL of the redemptions.

use kazi_platform::Timestamp;
use uuid::Uuid;

use crate::{
    Work,
    contacts::ContactId,
    loyalty::{Redemption, RedemptionFilter, RedemptionId, RewardId},
};

macro_rules! redemptions {
    ($rest:tt, $($argument:expr),*) => {
        sqlx::query_as!(
            Redemption,
            r#"SELECT d.id AS "id: RedemptionId", d.contact_id AS "contact_id: ContactId", d.reward_id AS "reward_id: RewardId",
                      r.name AS reward_name, d.cost, d.code_hint, d.expires_at, d.used_at, d.used_by, d.created_at
               FROM loyalty_redemptions d
               JOIN loyalty_rewards r ON r.workspace_id = d.workspace_id AND r.id = d.reward_id "# + $rest,
            $($argument),*
        )
    };
}

/// The redemptions, newest first, after the given one.
pub async fn list(
    work: &mut Work,
    filter: &RedemptionFilter,
    after: Option<RedemptionId>,
    limit: i64,
) -> Result<Vec<Redemption>, sqlx::Error> {
    redemptions!(
        "WHERE d.workspace_id = $1 AND ($2::uuid IS NULL OR d.contact_id = $2) AND ($3::uuid IS NULL OR d.reward_id = $3)
           AND ($4::boolean IS NULL OR (d.used_at IS NOT NULL) = $4) AND ($5::uuid IS NULL OR d.id < $5)
         ORDER BY d.id DESC LIMIT $6",
        work.workspace().uuid(),
        filter.contact.map(ContactId::uuid),
        filter.reward.map(RewardId::uuid),
        filter.used,
        after.map(RedemptionId::uuid),
        limit
    )
    .fetch_all(work.conn())
    .await
}

pub async fn get(work: &mut Work, id: RedemptionId) -> Result<Option<Redemption>, sqlx::Error> {
    redemptions!(
        "WHERE d.workspace_id = $1 AND d.id = $2",
        work.workspace().uuid(),
        id.uuid()
    )
    .fetch_optional(work.conn())
    .await
}

/// Locks the redemption with this code.
pub async fn lock_by_code(work: &mut Work, hash: &[u8]) -> Result<Option<Redemption>, sqlx::Error> {
    redemptions!(
        "WHERE d.workspace_id = $1 AND d.code_hash = $2 FOR UPDATE OF d",
        work.workspace().uuid(),
        hash
    )
    .fetch_optional(work.conn())
    .await
}

pub struct NewRedemption<'a> {
    pub id: RedemptionId,
    pub contact: ContactId,
    pub reward: RewardId,
    pub cost: i64,
    pub code_hash: &'a [u8],
    pub code_hint: &'a str,
    pub expires_at: Timestamp,
}

pub async fn insert(work: &mut Work, new: &NewRedemption<'_>) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO loyalty_redemptions (workspace_id, id, contact_id, reward_id, cost, code_hash, code_hint, expires_at, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        work.workspace().uuid(),
        new.id.uuid(),
        new.contact.uuid(),
        new.reward.uuid(),
        new.cost,
        new.code_hash,
        new.code_hint,
        new.expires_at,
        work.now()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

pub async fn set_used(
    work: &mut Work,
    id: RedemptionId,
    by: Option<Uuid>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE loyalty_redemptions SET used_at = $3, used_by = $4 WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        id.uuid(),
        work.now(),
        by
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

pub async fn change_contact(
    work: &mut Work,
    from: ContactId,
    into: ContactId,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE loyalty_redemptions SET contact_id = $3 WHERE workspace_id = $1 AND contact_id = $2",
        work.workspace().uuid(),
        from.uuid(),
        into.uuid()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}
