//! Rewards: what contacts take for points.

use kazi_platform::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    LoyaltyError, Reward, RewardId,
    settings::{MAX_POINTS, lock_settings},
    store,
    tiers::NAME_LIMIT,
};
use crate::{
    Work,
    audit::Change,
    violations::{Violations, named},
};

/// What the audit log calls a reward.
const KIND: &str = "loyalty_reward";
const MAX_REWARDS: i64 = 200;
const MAX_STOCK: i32 = 1_000_000;
const MAX_CODE_DAYS: i32 = 366;
const DEFAULT_CODE_DAYS: i32 = 30;

const fn yes() -> bool {
    true
}

const fn code_days() -> i32 {
    DEFAULT_CODE_DAYS
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewLoyaltyReward)]
pub struct NewReward {
    /// 1 to 60 characters. The chat shows the first 24.
    #[schema(example = "Free coffee", min_length = 1, max_length = 60)]
    pub name: String,
    /// Points.
    #[schema(example = 100, minimum = 1, maximum = 1_000_000)]
    pub cost: i64,
    /// How many there are. `null`: there is no end of it.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 1_000_000)]
    pub stock: Option<i32>,
    /// Until then it can be taken. `null`: always.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub valid_until: Option<Timestamp>,
    /// The days for which its codes are good. Default: 30.
    #[serde(default = "code_days")]
    #[schema(example = 30, minimum = 1, maximum = 366)]
    pub code_days: i32,
    /// Customers can take it. Default: true.
    #[serde(default = "yes")]
    pub active: bool,
}

/// Fields that are left out stay, and `null` empties a field.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = LoyaltyRewardPatch)]
pub struct RewardPatch {
    /// 1 to 60 characters.
    #[schema(min_length = 1, max_length = 60)]
    pub name: Option<String>,
    /// Points.
    #[schema(minimum = 1, maximum = 1_000_000)]
    pub cost: Option<i64>,
    /// How many are left. `null`: there is no end of it.
    #[serde(deserialize_with = "named")]
    #[schema(value_type = Option<i32>, minimum = 0, maximum = 1_000_000)]
    pub stock: Option<Option<i32>>,
    /// Until then it can be taken. `null`: always.
    #[serde(deserialize_with = "named")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub valid_until: Option<Option<Timestamp>>,
    #[schema(minimum = 1, maximum = 366)]
    pub code_days: Option<i32>,
    pub active: Option<bool>,
}

impl NewReward {
    fn check(&self) -> Result<(), LoyaltyError> {
        let mut violations = Violations::default();
        violations.text("/name", &self.name, 1, NAME_LIMIT);
        violations.unless(
            (1..=MAX_POINTS).contains(&self.cost),
            "/cost",
            "out_of_range",
            format!("must be 1 to {MAX_POINTS}"),
        );
        violations.unless(
            self.stock
                .is_none_or(|stock| (0..=MAX_STOCK).contains(&stock)),
            "/stock",
            "out_of_range",
            format!("must be 0 to {MAX_STOCK}, or null for no end"),
        );
        violations.unless(
            (1..=MAX_CODE_DAYS).contains(&self.code_days),
            "/code_days",
            "out_of_range",
            format!("must be 1 to {MAX_CODE_DAYS}"),
        );
        Ok(violations.end()?)
    }

    fn of(reward: &Reward) -> Self {
        Self {
            name: reward.name.clone(),
            cost: reward.cost,
            stock: reward.stock,
            valid_until: reward.valid_until,
            code_days: reward.code_days,
            active: reward.active,
        }
    }
}

/// Creates a reward.
pub async fn create_reward(work: &mut Work, new: &NewReward) -> Result<Reward, LoyaltyError> {
    new.check()?;
    // So that two of the last number are counted one after the other.
    lock_settings(work).await?;
    if store::rewards::count(work).await? >= MAX_REWARDS {
        return Err(LoyaltyError::Full(MAX_REWARDS));
    }
    let id = RewardId::at(work.now());
    store::rewards::insert(work, id, new).await?;
    work.audit(&Change::created("loyalty.create_reward", (KIND, id), new))
        .await?;
    there(work, id).await
}

/// Changes a locked reward. What contacts have taken stays as it was.
pub async fn update_reward(
    work: &mut Work,
    before: &Reward,
    patch: RewardPatch,
) -> Result<Reward, LoyaltyError> {
    let was = NewReward::of(before);
    let new = NewReward {
        name: patch.name.unwrap_or_else(|| was.name.clone()),
        cost: patch.cost.unwrap_or(was.cost),
        stock: patch.stock.unwrap_or(was.stock),
        valid_until: patch.valid_until.unwrap_or(was.valid_until),
        code_days: patch.code_days.unwrap_or(was.code_days),
        active: patch.active.unwrap_or(was.active),
    };
    new.check()?;
    store::rewards::update(work, before.id, &new).await?;
    let action = "loyalty.update_reward";
    work.audit(&Change::updated(action, (KIND, before.id), &was, &new))
        .await?;
    there(work, before.id).await
}

/// Deletes a locked reward. Codes that are out are still taken.
pub async fn delete_reward(work: &mut Work, before: &Reward) -> Result<(), LoyaltyError> {
    store::rewards::delete(work, before.id).await?;
    let was = NewReward::of(before);
    work.audit(&Change::deleted(
        "loyalty.delete_reward",
        (KIND, before.id),
        &was,
    ))
    .await?;
    Ok(())
}

async fn there(work: &mut Work, id: RewardId) -> Result<Reward, LoyaltyError> {
    let reward = store::rewards::get(work, id).await?;
    reward.ok_or(LoyaltyError::NotFound("reward"))
}
