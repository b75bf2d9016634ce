//! The prices of messages, as the workspace has them from its provider.

use std::collections::HashSet;

use kazi_platform::Currency;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

use super::{CampaignError, Cost, store::prices as store};
use crate::{Work, audit::Change, templates::Category, violations::Violations};

/// Stands for all countries without a price of their own.
pub(super) const ANYWHERE: &str = "*";
/// Enough for all countries and categories.
const MOST: usize = 1_000;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = MessagePrice)]
pub struct Price {
    /// ISO 3166, or `*` for all countries without a price of their own.
    #[schema(example = "KE")]
    pub country: String,
    pub category: Category,
    /// Millionths of the currency's unit.
    #[schema(example = 22_500, minimum = 0)]
    pub micros: i64,
    /// ISO 4217.
    #[schema(example = "USD")]
    pub currency: String,
}

pub async fn prices(work: &mut Work) -> Result<Vec<Price>, sqlx::Error> {
    store::list(work).await
}

/// Locks the prices until the transaction ends: another change of them waits.
pub async fn lock_prices(work: &mut Work) -> Result<Vec<Price>, sqlx::Error> {
    store::lock(work).await?;
    store::list(work).await
}

/// The version of all prices together. No row counts their changes, so it is made of the prices themselves.
pub fn version_of_prices(prices: &[Price]) -> i64 {
    let mut hash = Sha256::new();
    for price in prices {
        let (place, currency) = (&price.country, &price.currency);
        hash.update(format!(
            "{place} {} {} {currency}\n",
            price.category.name(),
            price.micros
        ));
    }
    let first = hash.finalize().first_chunk().copied();
    first.map_or(0, i64::from_be_bytes) & i64::MAX
}

/// Replaces all prices.
pub async fn set_prices(work: &mut Work, prices: &[Price]) -> Result<(), CampaignError> {
    let mut violations = Violations::default();
    let few = prices.len() <= MOST;
    violations.unless(few, "/items", "too_many", "must be at most 1000");
    let mut seen = HashSet::new();
    for (n, price) in prices.iter().take(MOST).enumerate() {
        let at = |field: &str| format!("/items/{n}/{field}");
        let known = price.country == ANYWHERE || kazi_platform::phone::is_country(&price.country);
        let rule = "must be a country of ISO 3166 in two capital letters, or *";
        violations.unless(known, at("country"), "unknown_country", rule);
        let rule = "must be 0 to a million units";
        let fits = (0..=1_000_000_000_000).contains(&price.micros);
        violations.unless(fits, at("micros"), "out_of_range", rule);
        let known = price.currency.parse::<Currency>().is_ok();
        let rule = "must be a currency of ISO 4217, like KES";
        violations.unless(known, at("currency"), "unknown_currency", rule);
        let same = prices.first().is_some_and(|p| p.currency == price.currency);
        let rule = "must be the same everywhere";
        violations.unless(same, at("currency"), "several", rule);
        let once = seen.insert((&price.country, price.category.name()));
        let rule = "has this category twice";
        violations.unless(once, at("country"), "repeated", rule);
    }
    violations.end()?;
    let before = by_place(&lock_prices(work).await?);
    store::replace(work, prices).await?;
    let (action, subject) = ("campaigns.set_prices", ("workspace", work.workspace()));
    work.audit(&Change::updated(
        action,
        subject,
        &before,
        &by_place(prices),
    ))
    .await?;
    Ok(())
}

/// Every price is a field of its own for the log: `KE.marketing`.
fn by_place(prices: &[Price]) -> Map<String, Value> {
    let fields = prices.iter().map(|price| {
        let key = format!("{}.{}", price.country, price.category.name());
        let value = json!({"micros": price.micros, "currency": price.currency});
        (key, value)
    });
    fields.collect()
}

/// The cost of messages to a country. Returns `None` when there is no price.
pub(super) fn cost(
    prices: &[Price],
    country: &str,
    category: Category,
    messages: i64,
) -> Option<Cost> {
    let of = |country: &str| {
        let mut fitting = prices.iter().filter(|price| price.category == category);
        fitting.find(|price| price.country == country)
    };
    let price = of(country).or_else(|| of(ANYWHERE))?;
    Some(Cost {
        micros: price.micros.saturating_mul(messages),
        currency: price.currency.clone(),
    })
}
