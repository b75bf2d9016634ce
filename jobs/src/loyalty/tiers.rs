//! Tiers: who earns more earns faster.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{LoyaltyError, Tier, TierId, settings::lock_settings, store};
use crate::{Work, audit::Change, violations::Violations};

/// What the audit log calls a tier.
const KIND: &str = "loyalty_tier";
pub(super) const NAME_LIMIT: usize = 60;
const MAX_TIERS: i64 = 20;
const MAX_THRESHOLD: i64 = 1_000_000_000;
const MAX_PERCENT: i32 = 1_000;

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewLoyaltyTier)]
pub struct NewTier {
    /// 1 to 60 characters.
    #[schema(example = "Gold", min_length = 1, max_length = 60)]
    pub name: String,
    /// Points earned in 12 months from which a contact is in it. No two tiers have the same.
    #[schema(example = 1000, minimum = 1, maximum = 1_000_000_000)]
    pub threshold: i64,
    /// What its contacts earn, in percent of the rules: not less than those of a lower tier.
    #[schema(example = 150, minimum = 100, maximum = 1000)]
    pub multiplier_percent: i32,
}

impl NewTier {
    fn check(&self, others: &[Tier]) -> Result<(), LoyaltyError> {
        let mut violations = Violations::default();
        violations.text("/name", &self.name, 1, NAME_LIMIT);
        violations.unless(
            (1..=MAX_THRESHOLD).contains(&self.threshold),
            "/threshold",
            "out_of_range",
            format!("must be 1 to {MAX_THRESHOLD}"),
        );
        violations.unless(
            (100..=MAX_PERCENT).contains(&self.multiplier_percent),
            "/multiplier_percent",
            "out_of_range",
            format!("must be 100 to {MAX_PERCENT}"),
        );
        let same = others.iter().find(|tier| tier.threshold == self.threshold);
        if let Some(same) = same {
            let rule = format!("the tier {} has the same threshold", same.name);
            violations.add("/threshold", ("taken", rule));
        }
        let below = others.iter().filter(|tier| tier.threshold < self.threshold);
        let least = below.map(|tier| tier.multiplier_percent).max();
        let above = others.iter().filter(|tier| tier.threshold > self.threshold);
        let most = above.map(|tier| tier.multiplier_percent).min();
        let (least, most) = (least.unwrap_or(100), most.unwrap_or(MAX_PERCENT));
        violations.unless(
            (least..=most).contains(&self.multiplier_percent),
            "/multiplier_percent",
            "order",
            format!("must be {least} to {most}: a higher tier earns no less than a lower one"),
        );
        Ok(violations.end()?)
    }
}

/// Creates a tier.
pub async fn create_tier(work: &mut Work, new: &NewTier) -> Result<Tier, LoyaltyError> {
    // The rules compare tiers: only one changes at a time.
    lock_settings(work).await?;
    let others = store::tiers::list(work).await?;
    if i64::try_from(others.len()).is_ok_and(|there| there >= MAX_TIERS) {
        return Err(LoyaltyError::Full(MAX_TIERS));
    }
    new.check(&others)?;
    let id = TierId::at(work.now());
    store::tiers::insert(work, id, new).await?;
    work.audit(&Change::created("loyalty.create_tier", (KIND, id), new))
        .await?;
    there(work, id).await
}

/// Locks a tier, and with it all others.
pub async fn lock_tier(work: &mut Work, id: TierId) -> Result<Option<Tier>, LoyaltyError> {
    lock_settings(work).await?;
    Ok(store::tiers::get(work, id).await?)
}

/// Replaces a locked tier.
pub async fn update_tier(
    work: &mut Work,
    before: &Tier,
    new: &NewTier,
) -> Result<Tier, LoyaltyError> {
    let mut others = store::tiers::list(work).await?;
    others.retain(|tier| tier.id != before.id);
    new.check(&others)?;
    store::tiers::update(work, before.id, new).await?;
    let was = NewTier {
        name: before.name.clone(),
        threshold: before.threshold,
        multiplier_percent: before.multiplier_percent,
    };
    let action = "loyalty.update_tier";
    work.audit(&Change::updated(action, (KIND, before.id), &was, new))
        .await?;
    there(work, before.id).await
}

/// Deletes a locked tier. Its contacts fall to the next lower one.
pub async fn delete_tier(work: &mut Work, before: &Tier) -> Result<(), LoyaltyError> {
    store::tiers::delete(work, before.id).await?;
    work.audit(&Change::deleted(
        "loyalty.delete_tier",
        (KIND, before.id),
        before,
    ))
    .await?;
    Ok(())
}

async fn there(work: &mut Work, id: TierId) -> Result<Tier, LoyaltyError> {
    let tier = store::tiers::get(work, id).await?;
    tier.ok_or(LoyaltyError::NotFound("tier"))
}
