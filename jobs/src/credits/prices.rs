//! What messages cost, as the platform's staff has set it for a workspace.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use super::store;
use crate::{Work, templates::Category, violations::Violations};

/// Stands for all countries without a price of their own.
const ANYWHERE: &str = "*";
/// The credits of a message without a price.
const USUAL: i32 = 1;
/// Enough for all countries and categories.
const MOST_PRICES: usize = 1_000;
const MOST_CREDITS: i32 = 1_000;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreditPrice {
    /// ISO 3166, or `*` for all countries without a price of their own.
    #[schema(example = "KE")]
    pub country: String,
    /// A text without a template costs as marketing.
    pub category: Category,
    /// Credits of one message.
    #[schema(example = 2, minimum = 0, maximum = 1000)]
    pub credits: i32,
}

/// The prices of a prepaid workspace.
#[derive(Clone, Debug)]
pub struct Tariff(pub(super) Vec<CreditPrice>);

impl Tariff {
    /// The credits of a message to a country. A text without a template has no category.
    pub fn price(&self, country: Option<&str>, category: Option<Category>) -> i32 {
        let category = category.unwrap_or(Category::Marketing);
        let of = |country: &str| {
            let mut fitting = self.0.iter().filter(|price| price.category == category);
            fitting.find(|price| price.country == country)
        };
        let found = country.and_then(of).or_else(|| of(ANYWHERE));
        found.map_or(USUAL, |price| price.credits)
    }
}

/// The prices of the workspace. Returns `None` when it does not pay with credits.
pub async fn tariff(work: &mut Work) -> Result<Option<Tariff>, sqlx::Error> {
    if !store::accounts::is_prepaid(work).await? {
        return Ok(None);
    }
    Ok(Some(Tariff(store::prices(work).await?)))
}

pub(super) fn check(violations: &mut Violations, prices: &[CreditPrice]) {
    let few = prices.len() <= MOST_PRICES;
    violations.unless(few, "/prices", "too_many", "must be at most 1000");
    let mut seen = HashSet::new();
    for (n, price) in prices.iter().take(MOST_PRICES).enumerate() {
        let at = |field: &str| format!("/prices/{n}/{field}");
        let known = price.country == ANYWHERE || kazi_platform::phone::is_country(&price.country);
        let rule = "must be a country of ISO 3166 in two capital letters, or *";
        violations.unless(known, at("country"), "unknown_country", rule);
        let fits = (0..=MOST_CREDITS).contains(&price.credits);
        let rule = "must be 0 to 1000 credits";
        violations.unless(fits, at("credits"), "out_of_range", rule);
        let once = seen.insert((&price.country, price.category.name()));
        let rule = "has this category twice";
        violations.unless(once, at("country"), "repeated", rule);
    }
}

/// Every price is a field of its own for the log: `KE.marketing`.
pub(super) fn by_place(prices: &[CreditPrice]) -> Map<String, Value> {
    let fields = prices.iter().map(|price| {
        let key = format!("{}.{}", price.country, price.category.name());
        (key, json!(price.credits))
    });
    fields.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_costs_by_its_country_and_category_and_else_one_credit() {
        let of = |country: &str, category, credits| CreditPrice {
            country: country.into(),
            category,
            credits,
        };
        let tariff = Tariff(vec![
            of("KE", Category::Marketing, 2),
            of("*", Category::Marketing, 5),
            of("KE", Category::Utility, 0),
        ]);
        for (country, category, credits) in [
            (Some("KE"), Some(Category::Marketing), 2),
            (Some("KE"), None, 2),
            (Some("TZ"), Some(Category::Marketing), 5),
            (None, Some(Category::Marketing), 5),
            (Some("KE"), Some(Category::Utility), 0),
            (Some("TZ"), Some(Category::Utility), 1),
        ] {
            let found = tariff.price(country, category);
            assert_eq!(found, credits, "{country:?} {category:?}");
        }
    }
}
