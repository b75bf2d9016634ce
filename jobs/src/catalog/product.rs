//! Products as members manage them: all languages, price and category.

use std::collections::BTreeMap;

use kazi_platform::{Timestamp, invalid::Invalid};
use kazi_queue::{EnqueueError, Job};
use serde::{Deserialize, Serialize};
use sqlx::types::Json;
use utoipa::ToSchema;

use super::{
    CategoryId, LowStock, ProductId, ProductInput, ProductPatch, input::Stored,
    store::products as store,
};
use crate::{Work, audit::Change, violations::Violations, workspaces};

pub(super) const STOCK_LIMIT: i32 = 1_000_000_000;
const MOST_FOUND: i64 = 50;

/// A product's texts in one language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProductText {
    #[schema(example = "Kenyan coffee", min_length = 1, max_length = 200)]
    pub name: String,
    #[serde(default)]
    #[schema(example = "Arabica beans, roasted", max_length = 4000)]
    pub description: String,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Product)]
pub struct ProductView {
    pub id: ProductId,
    pub category_id: Option<CategoryId>,
    /// The business's own number.
    #[schema(example = "COF-250")]
    pub sku: String,
    #[schema(example = 1250)]
    pub price_minor: i64,
    /// ISO 4217.
    #[schema(example = "USD")]
    pub currency: String,
    /// The https address of a picture.
    #[schema(example = "https://example.com/coffee.jpg")]
    pub image_url: Option<String>,
    /// What is left. Ordered and unpaid items are taken off.
    #[schema(example = 24)]
    pub stock: i32,
    /// Members are notified when the stock falls to this number. `null`: never.
    #[schema(example = 10)]
    pub low_stock_at: Option<i32>,
    /// Whether customers can buy it.
    pub active: bool,
    /// Texts by language.
    #[schema(value_type = BTreeMap<String, ProductText>,
        example = json!({"en": {"name": "Kenyan coffee", "description": "Arabica beans"}}))]
    pub texts: Json<BTreeMap<String, ProductText>>,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// The last edit. A sale does not count.
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
}

/// All given conditions must hold.
#[derive(Clone, Debug, Default)]
pub struct ProductFilter {
    pub category: Option<CategoryId>,
    /// Whether customers can buy it.
    pub active: Option<bool>,
    /// Whether the stock is at or below its threshold.
    pub low_stock: Option<bool>,
    /// The business's own number.
    pub sku: Option<String>,
}

#[derive(Debug, thiserror::Error)]
pub enum ProductError {
    #[error(transparent)]
    Invalid(#[from] Invalid),
    #[error("there is no such product")]
    NotFound,
    /// The database failed, or another product has this number.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    #[error(transparent)]
    Enqueue(#[from] EnqueueError),
}

/// One product.
pub async fn view(work: &mut Work, id: ProductId) -> Result<ProductView, ProductError> {
    let mut found = store::views(work, &[id]).await?;
    found.pop().ok_or(ProductError::NotFound)
}

/// Locks the product until the transaction ends.
pub async fn lock_product(work: &mut Work, id: ProductId) -> Result<ProductView, ProductError> {
    store::hold(work, id).await?;
    view(work, id).await
}

/// Searches the active products, best match first, at most 50.
pub async fn find(
    work: &mut Work,
    language: Option<&str>,
    words: &str,
    limit: i64,
) -> Result<Vec<ProductView>, sqlx::Error> {
    let business = workspaces::get(work).await?;
    let fallback = business.default_language.as_str();
    let (language, limit) = (language.unwrap_or(fallback), limit.min(MOST_FOUND));
    let found = super::search(work, language, fallback, words, limit).await?;
    let ids: Vec<ProductId> = found.iter().map(|(product, _)| product.id).collect();
    store::views(work, &ids).await
}

pub async fn create_product(
    work: &mut Work,
    input: &ProductInput,
) -> Result<ProductView, ProductError> {
    let mut violations = Violations::default();
    violations.unless(
        (0..=STOCK_LIMIT).contains(&input.stock),
        "/stock",
        "out_of_range",
        format!("must be 0 to {STOCK_LIMIT}"),
    );
    let currency = match &input.currency {
        Some(currency) => currency.clone(),
        None => workspaces::get(work).await?.currency,
    };
    let stored = Stored::check(work, violations, input, &currency).await?;
    let id = ProductId::new();
    store::insert(work, id, input.stock, &stored).await?;
    let after = view(work, id).await?;
    let subject = ("product", id);
    work.audit(&Change::created("catalog.create_product", subject, &after))
        .await?;
    Ok(after)
}

/// Changes a product that [`lock_product`] has locked.
pub async fn update_product(
    work: &mut Work,
    before: &ProductView,
    patch: ProductPatch,
) -> Result<ProductView, ProductError> {
    let currency = patch.currency.unwrap_or_else(|| before.currency.clone());
    let whole = ProductInput {
        sku: patch.sku.unwrap_or_else(|| before.sku.clone()),
        category_id: patch.category_id.unwrap_or(before.category_id),
        price_minor: patch.price_minor.unwrap_or(before.price_minor),
        currency: None,
        image_url: patch.image_url.clone().unwrap_or(None),
        stock: before.stock,
        low_stock_at: patch.low_stock_at.unwrap_or(before.low_stock_at),
        active: patch.active.unwrap_or(before.active),
        texts: patch.texts.unwrap_or_else(|| before.texts.0.clone()),
    };
    let violations = Violations::default();
    let mut stored = Stored::check(work, violations, &whole, &currency).await?;
    if patch.image_url.is_none() {
        // Values that the rules of the input do not allow, but that the program has set itself, stay.
        stored.image_url.clone_from(&before.image_url);
    }
    store::update(work, before.id, &stored).await?;
    // The stock may already be at the new threshold. The job checks it.
    let product = before.id;
    LowStock {
        workspace: work.workspace(),
        product,
    }
    .enqueue(work.conn())
    .await?;
    let after = view(work, before.id).await?;
    let (action, subject) = ("catalog.update_product", ("product", before.id));
    work.audit(&Change::updated(action, subject, before, &after))
        .await?;
    Ok(after)
}

/// Deletes a locked product. Orders keep their copy. Carts show that it cannot be bought.
pub async fn delete_product(work: &mut Work, before: &ProductView) -> Result<(), sqlx::Error> {
    store::delete(work, before.id).await?;
    let (action, subject) = ("catalog.delete_product", ("product", before.id));
    work.audit(&Change::deleted(action, subject, before)).await
}
