//! Loyalty: contacts earn points, and take rewards for them.
//!
//! Points are booked by double entry ([`entries`]): the database refuses a booking that does not sum to zero, and nobody
//! changes one. What causes a booking is unique, so an order earns once although its event comes twice. The row of a
//! contact's account is the lock of all that happens to the points. Lots remember when points were earned: the oldest are
//! spent and expire first, and what remains of all lots is the balance. A refund may make the balance negative; what is
//! earned next fills it up.
//!
//! A reward is [taken](redeem) with a code, of which only the hash is kept, and the staff [uses](use_code) it once.

mod accounts;
mod birthdays;
mod chat;
mod earn;
mod expire;
mod ledger;
mod model;
mod redeem;
mod rewards;
mod settings;
mod store;
mod take_back;
mod tiers;

use kazi_queue::{Registry, cron::Schedule};

use crate::{
    Context, Permission,
    contacts::{self, ContactId},
    conversations::Scene,
    domain::{Domain, Figures},
    endpoints::{Listener, Subject, shown, types},
    live,
    locale::{Words, files},
    permission::permissions,
};
pub use accounts::{AccountFilter, AccountKey, AccountSort, account, accounts};
pub use birthdays::{Birthdays, FindBirthdays};
pub use earn::{Count, Event};
pub use expire::{EXPIRE, Expire, FindExpiring, Warn};
pub use ledger::adjust;
pub use model::{
    AccountView, Entry, Expiring, LoyaltyError, PointsId, PointsKind, PointsTotals, Redeemed,
    Redemption, RedemptionId, Reward, RewardId, Tier, TierId,
};
pub use redeem::{redeem, use_code};
pub use rewards::{NewReward, RewardPatch, create_reward, delete_reward, update_reward};
pub use settings::{
    BirthdayRule, ExpiryRule, OrderRule, Settings, SettingsView, lock_settings, set_settings,
    settings,
};
pub use store::{
    ledger::{entries, entries_of, entry, totals},
    redemptions::{get as redemption, list as redemptions},
    rewards::{get as reward, list as rewards, lock as lock_reward},
    tiers::{get as tier, list as tiers},
};
pub use tiers::{NewTier, create_tier, delete_tier, lock_tier, update_tier};

/// All given conditions must hold.
#[derive(Clone, Debug, Default)]
pub struct RedemptionFilter {
    pub contact: Option<ContactId>,
    pub reward: Option<RewardId>,
    /// Whether the staff has taken the code.
    pub used: Option<bool>,
}

pub(crate) const DOMAIN: Domain = Domain {
    name: "loyalty",
    floor: 8,
    jobs,
    tables: &[
        "loyalty_redemptions",
        "loyalty_lots",
        "loyalty_entries",
        "loyalty_transactions",
        "loyalty_accounts",
        "loyalty_rewards",
        "loyalty_tiers",
        "loyalty_settings",
    ],
    offers: &[
        &PERMISSIONS,
        &live::About {
            what: "points",
            permission: Permission::LOYALTY_READ,
        },
        &Figures(include_str!("figures.txt")),
        &Words {
            files: files!("loyalty"),
            keywords: &[("svc:loyalty", "keywords-points")],
        },
        &Scene {
            name: chat::SCENE,
            hear: |work, talk, at, heard| Box::pin(chat::hear(work, talk, at, heard)),
        },
        &Subject::of::<Entry>(EVENTS, |work, id| {
            Box::pin(async move { shown(entry(work, id.into()).await?) })
        }),
        &Listener {
            hear: |work, kind, id| Box::pin(earn::hear(work, kind, id)),
        },
        &contacts::Hooks {
            merge: |work, from, into| Box::pin(ledger::merge(work, from, into)),
            erase: |work, id| Box::pin(accounts::erase(work, id)),
            ..contacts::Hooks::NONE
        },
    ],
};

permissions! {
    /// Points, tiers, rewards, and who has taken them.
    LOYALTY_READ = "loyalty.read", Viewer;
    /// Sets the rules, tiers and rewards, and gives or takes points.
    LOYALTY_WRITE = "loyalty.write", Admin;
    /// Takes rewards for customers, and takes their codes.
    LOYALTY_REDEEM = "loyalty.redeem", Agent;
}

types! {
    EVENTS;
    /// A contact has got points.
    POINTS_EARNED = "points.earned";
}

fn jobs(registry: Registry<Context>) -> Registry<Context> {
    let often = Schedule::new("loyalty.find_expiring", "*/10 * * * *");
    let hourly = Schedule::new("loyalty.find_birthdays", "5 * * * *");
    registry
        .register::<Count>()
        .register::<Birthdays>()
        .register::<FindBirthdays>()
        .register::<Expire>()
        .register::<Warn>()
        .register::<FindExpiring>()
        .schedule(often, &FindExpiring {})
        .schedule(hourly, &FindBirthdays {})
}

#[cfg(test)]
mod tests;
