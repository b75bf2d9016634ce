//! Products as people manage them: with their words in each language, their price and their place.

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
use crate::{
    Work,
    audit::{self, Change},
    violations::Violations,
    workspaces,
};

/// The most of a product that there can be, by hand.
pub(super) const STOCK_LIMIT: i32 = 1_000_000_000;
const MOST_FOUND: i64 = 50;

/// A product's words in a language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProductText {
    /// What it is called.
    #[schema(example = "Kenyan coffee", min_length = 1, max_length = 200)]
    pub name: String,
    /// What it is.
    #[serde(default)]
    #[schema(example = "Arabica beans, roasted", max_length = 4000)]
    pub description: String,
}

/// A product.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Product)]
pub struct ProductView {
    /// Its id.
    pub id: ProductId,
    /// Where it is sorted.
    pub category_id: Option<CategoryId>,
    /// The business's own number.
    #[schema(example = "COF-250")]
    pub sku: String,
    /// What it costs, in minor units.
    #[schema(example = 1250)]
    pub price_minor: i64,
    /// ISO 4217.
    #[schema(example = "USD")]
    pub currency: String,
    /// A picture.
    #[schema(example = "https://example.com/coffee.jpg")]
    pub image_url: Option<String>,
    /// How many are left; what is ordered and not yet paid is taken off.
    #[schema(example = 24)]
    pub stock: i32,
    /// At this many or fewer members are told; null: nobody is.
    #[schema(example = 10)]
    pub low_stock_at: Option<i32>,
    /// Whether it is sold.
    pub active: bool,
    /// Its words by language.
    #[schema(value_type = BTreeMap<String, ProductText>,
        example = json!({"en": {"name": "Kenyan coffee", "description": "Arabica beans"}}))]
    pub texts: Json<BTreeMap<String, ProductText>>,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When it was last edited: selling it does not count.
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
}

/// Which products; all of it must fit.
#[derive(Clone, Debug, Default)]
pub struct ProductFilter {
    /// Those of a category.
    pub category: Option<CategoryId>,
    /// Those that are sold, or are not.
    pub active: Option<bool>,
    /// Those of which few are left, or enough.
    pub low_stock: Option<bool>,
    /// The one with this number.
    pub sku: Option<String>,
}

/// Why a product cannot be made or changed.
#[derive(Debug, thiserror::Error)]
pub enum ProductError {
    /// Fields break their rules.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// There is none.
    #[error("there is no such product")]
    NotFound,
    /// The database failed, or another product has this number.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    /// The database failed, or a job was refused.
    #[error(transparent)]
    Enqueue(#[from] EnqueueError),
}

/// One product.
///
/// # Errors
/// There is none, or the database failed.
pub async fn view(work: &mut Work, id: ProductId) -> Result<ProductView, ProductError> {
    let mut found = store::views(work, &[id]).await?;
    found.pop().ok_or(ProductError::NotFound)
}

/// One product, which nobody else changes until the transaction ends.
///
/// # Errors
/// There is none, or the database failed.
pub async fn lock_product(work: &mut Work, id: ProductId) -> Result<ProductView, ProductError> {
    store::hold(work, id).await?;
    view(work, id).await
}

/// Searches the products that are sold, the best first: at most 50.
///
/// # Errors
/// The database failed.
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

/// Makes a product.
///
/// # Errors
/// See [`ProductError`].
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
    let action = "catalog.create_product";
    record(work, action, None, Some(&after)).await?;
    Ok(after)
}

/// Changes a product that [`lock_product`] has locked.
///
/// # Errors
/// See [`ProductError`].
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
        // As it is, also where the program itself has set it by other rules.
        stored.image_url.clone_from(&before.image_url);
    }
    store::update(work, before.id, &stored).await?;
    // A higher threshold may be reached already; the job looks.
    let product = before.id;
    LowStock {
        workspace: work.workspace(),
        product,
    }
    .enqueue(work.conn())
    .await?;
    let after = view(work, before.id).await?;
    let action = "catalog.update_product";
    record(work, action, Some(before), Some(&after)).await?;
    Ok(after)
}

/// Deletes a product that is locked. Orders that have it stay as they are; in carts it is shown as not to be had.
///
/// # Errors
/// The database failed.
pub async fn delete_product(work: &mut Work, before: &ProductView) -> Result<(), sqlx::Error> {
    store::delete(work, before.id).await?;
    let action = "catalog.delete_product";
    record(work, action, Some(before), None).await
}

async fn record(
    work: &mut Work,
    action: &'static str,
    before: Option<&ProductView>,
    after: Option<&ProductView>,
) -> Result<(), sqlx::Error> {
    let Some(subject) = after.or(before).map(|product| product.id.uuid()) else {
        return Ok(());
    };
    let fields = |product: &ProductView| serde_json::to_value(product).unwrap_or_default();
    let (was, is) = match (before, after) {
        (Some(before), Some(after)) => match audit::difference(before, after) {
            Some((was, is)) => (Some(was), Some(is)),
            None => return Ok(()),
        },
        (before, after) => (before.map(fields), after.map(fields)),
    };
    let change = Change {
        action,
        subject_kind: "product",
        subject,
        before: was.as_ref(),
        after: is.as_ref(),
    };
    work.audit(&change).await
}
