//! Compares the books of a workspace with its messages. Tests and measurements call it, also after a process was killed.

use std::collections::{BTreeMap, BTreeSet};

use super::store;
use crate::{
    Work,
    conversations::CampaignId,
    domain::{Future, offers},
};

type Sums<'a> = Future<'a, Result<Vec<(CampaignId, i64)>, sqlx::Error>>;

/// The function of a domain whose rows have reserved credits: their sums by campaign.
#[derive(Clone, Copy)]
pub(crate) struct Held {
    pub sums: for<'a> fn(&'a mut Work) -> Sums<'a>,
}

/// Returns what does not hold, in sentences: none, in any state between transactions. What is available, reserved and spent
/// is what came and what is owed, and what a campaign has reserved is what its open messages cost. Nothing else was done in
/// this transaction before.
pub async fn check(work: &mut Work) -> Result<Vec<String>, sqlx::Error> {
    let mut faults = Vec::new();
    // Messages move meanwhile.
    store::see_one_moment(work).await?;
    let account = store::accounts::read(work).await?.unwrap_or_default();
    let sums = store::sums(work).await?;
    let of = |name: &str| sums.by_account.get(name).copied().unwrap_or_default();
    for (name, is) in [
        ("available", account.available),
        ("reserved", account.reserved),
        ("spent", account.spent),
        ("owed", -account.owed),
    ] {
        let ledger = of(name);
        if ledger != is {
            faults.push(format!(
                "the account has {is} {name}, and the ledger {ledger}"
            ));
        }
    }
    let there = account.available + account.reserved + account.spent - account.owed;
    let funded = -of("funding");
    if there != funded {
        faults.push(format!("{funded} came, and {there} are there"));
    }
    let view = store::accounts::view(work).await?.unwrap_or_default();
    if view.available + view.reserved + view.spent - view.owed != funded {
        faults.push(format!("{funded} came, and the account shows {view:?}"));
    }
    let mut open: BTreeMap<CampaignId, i64> = BTreeMap::new();
    for held in offers::<Held>() {
        for (campaign, credits) in (held.sums)(work).await? {
            *open.entry(campaign).or_default() += credits;
        }
    }
    let campaigns: BTreeSet<CampaignId> =
        open.keys().chain(sums.reserved.keys()).copied().collect();
    for campaign in campaigns {
        let reserved = sums.reserved.get(&campaign).copied().unwrap_or_default();
        let costs = open.get(&campaign).copied().unwrap_or_default();
        if reserved != costs {
            faults.push(format!(
                "{campaign} has reserved {reserved}, and its open messages cost {costs}"
            ));
        }
    }
    Ok(faults)
}
