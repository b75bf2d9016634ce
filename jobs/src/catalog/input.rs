//! The input for a product, and its rules.

use std::collections::BTreeMap;

use kazi_platform::{Currency, Money, invalid::Invalid};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{CategoryId, ProductError, ProductText, category, product::STOCK_LIMIT};
use crate::{
    Work,
    violations::{Violations, member, named},
};

const SKU_LIMIT: usize = 60;
const NAME_LIMIT: usize = 200;
const DESCRIPTION_LIMIT: usize = 4_000;
/// The default stock at which members are notified.
const LOW_STOCK: i32 = 10;

#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewProduct)]
pub struct ProductInput {
    /// The business's own number: letters, digits and `-_.`.
    #[schema(
        example = "COF-250",
        min_length = 1,
        max_length = 60,
        pattern = "^[A-Za-z0-9._-]+$"
    )]
    pub sku: String,
    #[schema(example = json!(null))]
    pub category_id: Option<CategoryId>,
    /// In minor units: at most 99,999,999, or twelve digits of the rupiah (IDR).
    #[schema(example = 1250, minimum = 0, maximum = 999_999_999_999i64)]
    pub price_minor: i64,
    /// ISO 4217. Default: the workspace's currency.
    #[schema(example = "USD")]
    pub currency: Option<String>,
    /// The https address of a picture.
    #[schema(example = "https://example.com/coffee.jpg", max_length = 2000)]
    pub image_url: Option<String>,
    #[serde(default)]
    #[schema(example = 24, minimum = 0, maximum = 1_000_000_000)]
    pub stock: i32,
    /// Members are notified when the stock falls to this number. `null`: never.
    #[serde(default = "low_stock")]
    #[schema(example = 10, minimum = 0, maximum = 1_000_000_000)]
    pub low_stock_at: Option<i32>,
    /// Whether customers can buy it.
    #[serde(default = "yes")]
    pub active: bool,
    /// Texts by language, at least one.
    #[schema(example = json!({"en": {"name": "Kenyan coffee", "description": "Arabica beans"}}))]
    pub texts: BTreeMap<String, ProductText>,
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "it stands for a field that may be null"
)]
const fn low_stock() -> Option<i32> {
    Some(LOW_STOCK)
}

const fn yes() -> bool {
    true
}

/// Fields that are left out stay, and `null` empties a field. The stock has a call of its own.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ProductPatch {
    #[schema(
        example = "COF-250",
        min_length = 1,
        max_length = 60,
        pattern = "^[A-Za-z0-9._-]+$"
    )]
    pub sku: Option<String>,
    #[serde(deserialize_with = "named")]
    #[schema(value_type = Option<CategoryId>, example = json!(null))]
    pub category_id: Option<Option<CategoryId>>,
    /// Minor units.
    #[schema(example = 1250, minimum = 0, maximum = 999_999_999_999i64)]
    pub price_minor: Option<i64>,
    /// ISO 4217.
    #[schema(example = "USD")]
    pub currency: Option<String>,
    /// The https address of a picture.
    #[serde(deserialize_with = "named")]
    #[schema(value_type = Option<String>, example = "https://example.com/coffee.jpg", max_length = 2000)]
    pub image_url: Option<Option<String>>,
    /// Members are notified when the stock falls to this number.
    #[serde(deserialize_with = "named")]
    #[schema(value_type = Option<i32>, example = 10, minimum = 0, maximum = 1_000_000_000)]
    pub low_stock_at: Option<Option<i32>>,
    /// Whether customers can buy it.
    pub active: Option<bool>,
    /// Replaces all texts.
    #[schema(example = json!({"en": {"name": "Kenyan coffee", "description": "Arabica beans"}}))]
    pub texts: Option<BTreeMap<String, ProductText>>,
}

/// The fields of a product that members edit, checked.
#[derive(Clone, Debug)]
pub(super) struct Stored {
    pub sku: String,
    pub category: Option<CategoryId>,
    pub price: Money,
    pub image_url: Option<String>,
    pub low_stock_at: Option<i32>,
    pub active: bool,
    pub texts: BTreeMap<String, ProductText>,
}

impl Stored {
    /// Checks all rules.
    pub async fn check(
        work: &mut Work,
        mut violations: Violations,
        input: &ProductInput,
        currency: &str,
    ) -> Result<Self, ProductError> {
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        violations.unless(
            (1..=SKU_LIMIT).contains(&input.sku.len()) && input.sku.chars().all(plain),
            "/sku",
            "invalid",
            format!("must be 1 to {SKU_LIMIT} letters, digits, hyphens, underscores and points"),
        );
        let currency = currency
            .parse::<Currency>()
            .map_err(|error| ("invalid", error.to_string()));
        let currency = violations.take("/currency", currency);
        if let Some(most) = currency.map(Currency::most) {
            violations.unless(
                (0..=most).contains(&input.price_minor),
                "/price_minor",
                "out_of_range",
                format!("must be 0 to {most}"),
            );
        }
        if let Some(url) = &input.image_url {
            violations.url("/image_url", url);
        }
        violations.unless(
            input
                .low_stock_at
                .is_none_or(|at| (0..=STOCK_LIMIT).contains(&at)),
            "/low_stock_at",
            "out_of_range",
            format!("must be 0 to {STOCK_LIMIT}"),
        );
        violations.some_language("/texts", &input.texts);
        for (language, text) in &input.texts {
            let pointer = member("/texts", language);
            violations.language(&pointer, language);
            violations.text(&format!("{pointer}/name"), &text.name, 1, NAME_LIMIT);
            let pointer = format!("{pointer}/description");
            violations.text(&pointer, &text.description, 0, DESCRIPTION_LIMIT);
        }
        if let Some(id) = input.category_id
            && category(work, id).await?.is_none()
        {
            let rule = "there is no such category".into();
            violations.add("/category_id", ("unknown", rule));
        }
        violations.end()?;
        let Some(currency) = currency else {
            return Err(Invalid(Vec::new()).into());
        };
        Ok(Self {
            sku: input.sku.clone(),
            category: input.category_id,
            price: Money {
                minor: input.price_minor,
                currency,
            },
            image_url: input.image_url.clone(),
            low_stock_at: input.low_stock_at,
            active: input.active,
            texts: input.texts.clone(),
        })
    }
}
