//! What callers say of a product, and its rules.

use std::collections::BTreeMap;

use kazi_platform::{Currency, Money, invalid::Invalid};
use serde::{Deserialize, Deserializer};
use utoipa::ToSchema;

use super::{CategoryId, ProductError, ProductText, category, product::STOCK_LIMIT};
use crate::{Work, locale::LANGUAGES, violations::Violations};

/// The highest price, in minor units (Stripe, "Minimum and maximum charge amounts").
const PRICE_LIMIT: i64 = 99_999_999;
const SKU_LIMIT: usize = 60;
const NAME_LIMIT: usize = 200;
const DESCRIPTION_LIMIT: usize = 4_000;
/// Members are told at so many, if nothing else is said.
const LOW_STOCK: i32 = 10;

/// A product to be made.
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
    /// Where it is sorted.
    #[schema(value_type = Option<String>, example = json!(null))]
    pub category_id: Option<CategoryId>,
    /// What it costs, in minor units.
    #[schema(example = 1250, minimum = 0, maximum = 99_999_999)]
    pub price_minor: i64,
    /// ISO 4217; the workspace's, if nothing is said.
    #[schema(example = "USD")]
    pub currency: Option<String>,
    /// A picture, by https.
    #[schema(example = "https://example.com/coffee.jpg", max_length = 2000)]
    pub image_url: Option<String>,
    /// How many there are.
    #[serde(default)]
    #[schema(example = 24, minimum = 0, maximum = 1_000_000_000)]
    pub stock: i32,
    /// At this many or fewer members are told; null: nobody is.
    #[serde(default = "low_stock")]
    #[schema(example = 10, minimum = 0, maximum = 1_000_000_000)]
    pub low_stock_at: Option<i32>,
    /// Whether it is sold.
    #[serde(default = "yes")]
    pub active: bool,
    /// Its words by language, one at least.
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

/// What of a product is to be changed; what is left out stays, `null` empties. The stock is changed by its own call.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ProductPatch {
    /// The business's own number.
    #[schema(
        example = "COF-250",
        min_length = 1,
        max_length = 60,
        pattern = "^[A-Za-z0-9._-]+$"
    )]
    pub sku: Option<String>,
    /// Where it is sorted.
    #[serde(deserialize_with = "named")]
    #[schema(value_type = Option<String>, example = json!(null))]
    pub category_id: Option<Option<CategoryId>>,
    /// What it costs, in minor units.
    #[schema(example = 1250, minimum = 0, maximum = 99_999_999)]
    pub price_minor: Option<i64>,
    /// ISO 4217.
    #[schema(example = "USD")]
    pub currency: Option<String>,
    /// A picture, by https.
    #[serde(deserialize_with = "named")]
    #[schema(value_type = Option<String>, example = "https://example.com/coffee.jpg", max_length = 2000)]
    pub image_url: Option<Option<String>>,
    /// At this many or fewer members are told.
    #[serde(deserialize_with = "named")]
    #[schema(value_type = Option<i32>, example = 10, minimum = 0, maximum = 1_000_000_000)]
    pub low_stock_at: Option<Option<i32>>,
    /// Whether it is sold.
    pub active: Option<bool>,
    /// All its words.
    #[schema(example = json!({"en": {"name": "Kenyan coffee", "description": "Arabica beans"}}))]
    pub texts: Option<BTreeMap<String, ProductText>>,
}

/// A field that is there, be it null.
fn named<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    from: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(from).map(Some)
}

/// What of a product people edit, checked.
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
    /// Out of its parts, if all of them keep their rules.
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
        violations.unless(
            (0..=PRICE_LIMIT).contains(&input.price_minor),
            "/price_minor",
            "out_of_range",
            format!("must be 0 to {PRICE_LIMIT}"),
        );
        let currency = currency
            .parse::<Currency>()
            .map_err(|error| ("invalid", error.to_string()));
        let currency = violations.take("/currency", currency);
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
        if input.texts.is_empty() {
            violations.add("/texts", ("missing", "needs one language at least".into()));
        }
        for (language, text) in &input.texts {
            if !LANGUAGES.contains(&language.as_str()) {
                let rule = format!("the languages are {}", LANGUAGES.join(", "));
                let key = language.replace('~', "~0").replace('/', "~1");
                violations.add(format!("/texts/{key}"), ("unknown_language", rule));
                continue;
            }
            violations.text(
                &format!("/texts/{language}/name"),
                &text.name,
                1,
                NAME_LIMIT,
            );
            let pointer = format!("/texts/{language}/description");
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
