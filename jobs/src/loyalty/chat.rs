//! The scene of the points: how many there are, what they buy, and a reward for a tap. Each answer is one tap away from the
//! next, so the scene remembers nothing.

use kazi_clients::whatsapp::ListRow;
use kazi_queue::JobError;
use serde_json::Value;

use super::{
    LoyaltyError, RedemptionId, Reward, RewardId, accounts::account, ledger::lock_account,
    redeem::redeem_as, settings::settings, store,
};
use crate::{
    Work,
    conversations::{Heard, Say, Talk, TalkReply, dates},
    locale, workspaces,
};

/// The name of the scene. It never changes.
pub(super) const SCENE: &str = "loyalty";
/// Rewards in one list.
const SHOWN: i64 = 10;

/// Answers the customer. Returns `None` when the message is not for this scene.
pub(super) async fn hear(
    work: &mut Work,
    talk: &Talk<'_>,
    _at: Option<&Value>,
    heard: Heard<'_>,
) -> Result<Option<TalkReply>, JobError> {
    if !settings(work).await?.settings.enabled {
        return Ok(None);
    }
    let heard = match heard {
        Heard::Opened => ("points", ""),
        Heard::Tap(tap) => tap.split_once(':').unwrap_or((tap, "")),
        Heard::Text(_) | Heard::File { .. } => return Ok(None),
    };
    let said = match heard {
        ("points", _) => points(work, talk).await,
        ("want", id) => match id.parse() {
            Ok(reward) => want(work, talk, reward).await,
            Err(_) => return Ok(None),
        },
        ("yes", ids) => {
            let ids = ids.split_once(':').and_then(|(reward, redemption)| {
                Some((reward.parse().ok()?, redemption.parse().ok()?))
            });
            match ids {
                Some((reward, redemption)) => take(work, talk, reward, redemption).await,
                None => return Ok(None),
            }
        }
        _ => return Ok(None),
    };
    let say = match said {
        Ok(say) => say,
        Err(LoyaltyError::Database(error)) => return Err(error.into()),
        Err(LoyaltyError::Enqueue(error)) => return Err(error.into()),
        Err(LoyaltyError::TooFew { have, wanted }) => {
            let missing = (wanted - have).to_string();
            Say::Text(text(talk, "loyalty-missing", &[("missing", &missing)]))
        }
        Err(_) => Say::Text(text(talk, "loyalty-gone", &[])),
    };
    Ok(Some(TalkReply {
        says: vec![say],
        next: None,
    }))
}

/// Shows the points, and the rewards.
async fn points(work: &mut Work, talk: &Talk<'_>) -> Result<Say, LoyaltyError> {
    // Lets expire what is due.
    lock_account(work, talk.contact.id).await?;
    let account = account(work, talk.contact.id).await?;
    let balance = account.balance.to_string();
    let key = match account.balance {
        ..0 => "loyalty-negative",
        _ => "loyalty-points",
    };
    let mut lines = vec![text(talk, key, &[("points", &balance)])];
    if let Some(tier) = &account.tier {
        lines.push(text(talk, "loyalty-tier", &[("tier", &tier.name)]));
    }
    if let Some(expiring) = &account.expiring {
        let zone = workspaces::time_zone(work).await?;
        let day = expiring.at.with_timezone(&zone).date_naive();
        let fill = [
            ("points", &*expiring.points.to_string()),
            ("date", &*dates::date(talk.language, day)),
        ];
        lines.push(text(talk, "loyalty-expiring", &fill));
    }
    let rewards = store::rewards::offered(work, SHOWN).await?;
    if rewards.is_empty() {
        lines.push(text(talk, "loyalty-none", &[]));
        return Ok(Say::Text(lines.join("\n")));
    }
    lines.push(text(talk, "loyalty-choose", &[]));
    let row = |reward: &Reward| ListRow {
        id: format!("{SCENE}:want:{}", reward.id),
        title: reward.name.clone(),
        description: Some(text(
            talk,
            "loyalty-cost",
            &[("cost", &reward.cost.to_string())],
        )),
    };
    Ok(Say::Choice {
        text: lines.join("\n"),
        rows: rewards.iter().map(row).collect(),
    })
}

/// Asks whether the customer really wants a reward. The id of the redemption is in the tap, so a second tap takes no second
/// one.
async fn want(work: &mut Work, talk: &Talk<'_>, id: RewardId) -> Result<Say, LoyaltyError> {
    let balance = lock_account(work, talk.contact.id).await?;
    let reward = store::rewards::get(work, id).await?;
    let reward = reward.ok_or(LoyaltyError::NotFound("reward"))?;
    if balance < reward.cost {
        return Err(LoyaltyError::TooFew {
            have: balance,
            wanted: reward.cost,
        });
    }
    let redemption = RedemptionId::derived(talk.message.uuid(), 1);
    let row = |id: String, key: &str| ListRow {
        id,
        title: text(talk, key, &[]),
        description: None,
    };
    let cost = reward.cost.to_string();
    let fill = [("reward", reward.name.as_str()), ("cost", cost.as_str())];
    Ok(Say::Choice {
        text: text(talk, "loyalty-confirm", &fill),
        rows: vec![
            row(format!("{SCENE}:yes:{id}:{redemption}"), "loyalty-yes"),
            row(format!("{SCENE}:points"), "loyalty-back"),
        ],
    })
}

/// Takes a reward, and tells its code.
async fn take(
    work: &mut Work,
    talk: &Talk<'_>,
    reward: RewardId,
    id: RedemptionId,
) -> Result<Say, LoyaltyError> {
    // The account's lock keeps a second tap out until the first is done.
    lock_account(work, talk.contact.id).await?;
    if store::redemptions::get(work, id).await?.is_some() {
        return Ok(Say::Text(text(talk, "loyalty-taken", &[])));
    }
    let redeemed = redeem_as(work, id, talk.contact.id, reward).await?;
    let zone = workspaces::time_zone(work).await?;
    let until = redeemed.redemption.expires_at;
    let date = dates::date(talk.language, until.with_timezone(&zone).date_naive());
    let fill = [
        ("reward", redeemed.redemption.reward_name.as_str()),
        ("code", redeemed.code.as_str()),
        ("date", date.as_str()),
    ];
    Ok(Say::Text(text(talk, "loyalty-code", &fill)))
}

fn text(talk: &Talk<'_>, key: &str, fill: &[(&'static str, &str)]) -> String {
    locale::text(talk.language, key, fill)
}

#[cfg(test)]
mod tests {
    use kazi_clients::whatsapp::BUTTON_TITLE_LIMIT;

    use crate::locale::{LANGUAGES, text};

    #[test]
    fn what_stands_on_buttons_fits_the_providers_limits() {
        for language in LANGUAGES {
            for key in ["loyalty-yes", "loyalty-back"] {
                let said = text(language, key, &[]);
                assert!(
                    said.chars().count() <= BUTTON_TITLE_LIMIT,
                    "{language} {key}: {said}"
                );
            }
        }
    }
}
