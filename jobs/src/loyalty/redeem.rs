//! Takes rewards for points, and takes their codes.

use chrono::TimeDelta;
use kazi_platform::crockford;
use sha2::{Digest, Sha256};

use super::{
    LoyaltyError, Redeemed, Redemption, RedemptionId, RewardId,
    ledger::{lock_account, spend},
    settings::settings,
    store::{self, redemptions::NewRedemption},
};
use crate::{
    Work,
    audit::Change,
    contacts::{self, ContactId},
};

/// What the audit log calls a redemption.
const KIND: &str = "loyalty_redemption";
/// Characters of a code: 60 random bits.
const CODE_CHARS: usize = 12;
/// Characters between two dashes.
const GROUP: usize = 4;
/// Characters of a code that somebody types, with dashes and spaces.
const TYPED_LIMIT: usize = 40;

/// Takes a reward for a contact's points. The code is known only now: the books have its hash.
pub async fn redeem(
    work: &mut Work,
    contact: ContactId,
    reward: RewardId,
) -> Result<Redeemed, LoyaltyError> {
    if contacts::hold_contacts(work, &[contact]).await?.is_empty() {
        return Err(LoyaltyError::NotFound("contact"));
    }
    let id = RedemptionId::at(work.now());
    redeem_as(work, id, contact, reward).await
}

/// Like [`redeem`], with an id that makes a second call fail. The contact is locked.
pub(super) async fn redeem_as(
    work: &mut Work,
    id: RedemptionId,
    contact: ContactId,
    reward: RewardId,
) -> Result<Redeemed, LoyaltyError> {
    if !settings(work).await?.settings.enabled {
        return Err(LoyaltyError::Off);
    }
    // First the account and then the reward, everywhere: two who want the last one wait for each other and do not deadlock.
    let balance = lock_account(work, contact).await?;
    let found = store::rewards::lock(work, reward).await?;
    let reward = found.ok_or(LoyaltyError::NotFound("reward"))?;
    let over = reward.valid_until.is_some_and(|until| until <= work.now());
    if !reward.active || over {
        return Err(LoyaltyError::Unavailable);
    }
    if reward.stock == Some(0) {
        return Err(LoyaltyError::OutOfStock);
    }
    if balance < reward.cost {
        return Err(LoyaltyError::TooFew {
            have: balance,
            wanted: reward.cost,
        });
    }
    if reward.stock.is_some() {
        store::rewards::take_one(work, reward.id).await?;
    }
    spend(work, contact, reward.cost, id).await?;
    let code = crockford::code(&rand::random::<[u8; CODE_CHARS]>());
    let new = NewRedemption {
        id,
        contact,
        reward: reward.id,
        cost: reward.cost,
        code_hash: &hash(&code),
        code_hint: &code[CODE_CHARS - GROUP..],
        expires_at: work.now() + TimeDelta::days(reward.code_days.into()),
    };
    store::redemptions::insert(work, &new).await?;
    let after =
        serde_json::json!({"contact_id": contact, "reward_id": reward.id, "cost": reward.cost});
    work.audit(&Change::created("loyalty.redeem", (KIND, id), &after))
        .await?;
    metrics::counter!("kazi_loyalty_redemptions_total").increment(1);
    Ok(Redeemed {
        redemption: there(work, id).await?,
        code: grouped(&code),
    })
}

/// The staff takes a code. It is taken once.
pub async fn use_code(work: &mut Work, typed: &str) -> Result<Redemption, LoyaltyError> {
    let code = plain(typed).ok_or(LoyaltyError::NotFound("code"))?;
    let found = store::redemptions::lock_by_code(work, &hash(&code)).await?;
    let found = found.ok_or(LoyaltyError::NotFound("code"))?;
    if found.used_at.is_some() {
        return Err(LoyaltyError::Used);
    }
    if found.expires_at <= work.now() {
        return Err(LoyaltyError::Expired);
    }
    let by = work.actor().id;
    store::redemptions::set_used(work, found.id, by).await?;
    work.audit(&Change::done("loyalty.use_code", (KIND, found.id)))
        .await?;
    metrics::counter!("kazi_loyalty_codes_used_total").increment(1);
    there(work, found.id).await
}

async fn there(work: &mut Work, id: RedemptionId) -> Result<Redemption, LoyaltyError> {
    let found = store::redemptions::get(work, id).await?;
    found.ok_or(LoyaltyError::NotFound("redemption"))
}

/// `4D7H-Q2ZK-7KQ2`.
fn grouped(code: &str) -> String {
    let chars: Vec<char> = code.chars().collect();
    let groups = chars
        .chunks(GROUP)
        .map(|group| group.iter().collect::<String>());
    groups.collect::<Vec<_>>().join("-")
}

/// A code as it was made, of what somebody has typed. `None`: it can be no code.
fn plain(typed: &str) -> Option<String> {
    if typed.chars().count() > TYPED_LIMIT {
        return None;
    }
    let code = crockford::plain(typed);
    (code.len() == CODE_CHARS && crockford::is_code(&code)).then_some(code)
}

fn hash(code: &str) -> Vec<u8> {
    Sha256::digest(code.as_bytes()).to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_back_however_it_is_typed() {
        assert_eq!(grouped("0Z0ZABCDEFGH"), "0Z0Z-ABCD-EFGH");
        for typed in ["0Z0Z-ABCD-EFGH", "0z0z abcd efgh", "oz0zabcdefgh"] {
            assert_eq!(plain(typed).as_deref(), Some("0Z0ZABCDEFGH"), "{typed}");
        }
        for wrong in ["", "0Z0Z-ABCD-EFG", "0Z0Z-ABCD-EFGU", "é", &"0".repeat(99)] {
            assert_eq!(plain(wrong), None, "{wrong}");
        }
        assert_ne!(hash("0Z0ZABCDEFGH"), hash("0Z0ZABCDEFGJ"));
    }
}
