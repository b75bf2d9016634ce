//! Lists and shows the accounts of contacts.

use kazi_platform::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    AccountView, Expiring, LoyaltyError, Tier, TierId,
    model::{tier_of, tier_since},
    store::{
        self,
        accounts::{Row, Wanted},
    },
};
use crate::{
    Work,
    contacts::{self, ContactError, ContactId, Whose},
    violations::invalid,
};

/// What accounts go by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub enum AccountSort {
    /// Fewest points first.
    #[serde(rename = "balance")]
    Balance,
    /// Most points first.
    #[default]
    #[serde(rename = "-balance")]
    BalanceDown,
    /// Who has earned least at any time first.
    #[serde(rename = "lifetime")]
    Lifetime,
    /// Who has earned most at any time first.
    #[serde(rename = "-lifetime")]
    LifetimeDown,
    /// The change that is longest ago first.
    #[serde(rename = "changed_at")]
    Changed,
    /// The newest change first.
    #[serde(rename = "-changed_at")]
    ChangedDown,
}

/// Where a page ended: the sorted value of its last row, and the contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountKey {
    Balance(i64, ContactId),
    Lifetime(i64, ContactId),
    Changed(Option<Timestamp>, ContactId),
}

impl AccountSort {
    /// The key of a row.
    pub const fn key(self, row: &AccountView) -> AccountKey {
        match self {
            Self::Balance | Self::BalanceDown => AccountKey::Balance(row.balance, row.contact_id),
            Self::Lifetime | Self::LifetimeDown => {
                AccountKey::Lifetime(row.lifetime, row.contact_id)
            }
            Self::Changed | Self::ChangedDown => {
                AccountKey::Changed(row.changed_at, row.contact_id)
            }
        }
    }

    const fn fits(self, key: &AccountKey) -> bool {
        matches!(
            (self, key),
            (Self::Balance | Self::BalanceDown, AccountKey::Balance(..))
                | (
                    Self::Lifetime | Self::LifetimeDown,
                    AccountKey::Lifetime(..)
                )
                | (Self::Changed | Self::ChangedDown, AccountKey::Changed(..))
        )
    }

    /// The column, and whether the largest come first.
    pub(super) const fn column(self) -> (&'static str, bool) {
        match self {
            Self::Balance => ("balance", false),
            Self::BalanceDown => ("balance", true),
            Self::Lifetime => ("lifetime", false),
            Self::LifetimeDown => ("lifetime", true),
            Self::Changed => ("changed_at", false),
            Self::ChangedDown => ("changed_at", true),
        }
    }
}

/// All given conditions must hold.
#[derive(Clone, Debug, Default)]
pub struct AccountFilter {
    pub tier_id: Option<TierId>,
    /// Words that the name, the phone or the e-mail address of the contact has.
    pub words: Option<String>,
}

/// Lists the accounts of contacts who have had points.
///
/// # Errors
/// There is no such tier, the words are none to look for, or the cursor belongs to another sort.
pub async fn accounts(
    work: &mut Work,
    filter: &AccountFilter,
    sort: AccountSort,
    after: Option<AccountKey>,
    limit: i64,
) -> Result<Vec<AccountView>, LoyaltyError> {
    if after.is_some_and(|key| !sort.fits(&key)) {
        let rule = (
            "invalid_cursor",
            "this cursor belongs to another sort".into(),
        );
        return Err(invalid("/cursor", rule).into());
    }
    let tiers = store::tiers::list(work).await?;
    let earned = match filter.tier_id {
        Some(tier) => reach(&tiers, tier)
            .ok_or_else(|| invalid("/tier_id", ("unknown", "there is no such tier".into())))?,
        None => (None, None),
    };
    let whose = contacts::whose(work, None, filter.words.as_deref()).await;
    let whose = whose.map_err(|error| match error {
        ContactError::Invalid(invalid) => LoyaltyError::Invalid(invalid),
        ContactError::Database(error) => error.into(),
        _ => LoyaltyError::NotFound("contact"),
    })?;
    let wanted = Wanted {
        since: tier_since(work.now()),
        earned,
        whose: &whose,
        only: None,
    };
    let rows = store::accounts::list(work, &wanted, sort, after, limit).await?;
    Ok(rows.into_iter().map(|row| view(row, &tiers)).collect())
}

/// The points from which contacts are in a tier, and those from which they are in the next.
fn reach(tiers: &[Tier], tier: TierId) -> Option<(Option<i64>, Option<i64>)> {
    let least = tiers.iter().find(|one| one.id == tier)?.threshold;
    let higher = tiers.iter().map(|one| one.threshold);
    Some((Some(least), higher.filter(|one| *one > least).min()))
}

/// Shows a contact's points. A contact who has never had some has none.
pub async fn account(work: &mut Work, contact: ContactId) -> Result<AccountView, LoyaltyError> {
    let wanted = Wanted {
        since: tier_since(work.now()),
        earned: (None, None),
        whose: &Whose::default(),
        only: Some(contact),
    };
    let found = store::accounts::get(work, &wanted).await?;
    if found.is_none() && contacts::get_all(work, &[contact]).await?.is_empty() {
        return Err(LoyaltyError::NotFound("contact"));
    }
    let tiers = store::tiers::list(work).await?;
    Ok(view(found.unwrap_or_else(|| Row::none(contact)), &tiers))
}

fn view(row: Row, tiers: &[Tier]) -> AccountView {
    let expiring = row.expiring_points.zip(row.expiring_at);
    AccountView {
        contact_id: row.contact_id,
        balance: row.balance,
        earned: row.earned,
        lifetime: row.lifetime,
        tier: tier_of(tiers, row.earned).cloned(),
        expiring: expiring.map(|(points, at)| Expiring { points, at }),
        changed_at: row.changed_at,
    }
}

/// Forgets the reasons of a contact's adjustments. The points stay in the books: they name nobody.
pub(super) async fn erase(work: &mut Work, contact: ContactId) -> Result<(), sqlx::Error> {
    store::accounts::hide(work, contact).await?;
    store::ledger::erase(work, contact).await
}
