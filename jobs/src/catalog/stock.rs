//! The stock of products. A sale takes from the stock in its own transaction with the products locked, so the last
//! piece is sold once.

use kazi_platform::invalid::Invalid;
use kazi_queue::{EnqueueError, Job};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use super::{
    LowStock, Product, ProductError, ProductId, ProductView,
    product::{STOCK_LIMIT, view},
    store::products as store,
};
use crate::{Work, audit::Change, violations::Violations};

/// A correction of the stock, after a delivery or a count.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StockChange {
    /// The difference, not 0. The stock stays between 0 and 1,000,000,000.
    #[schema(
        example = 24,
        minimum = -1_000_000_000,
        maximum = 1_000_000_000
    )]
    pub change: i32,
    /// The reason, for the audit log.
    #[serde(default)]
    #[schema(example = "Delivery of 3 March", max_length = 200)]
    pub reason: String,
}

pub async fn adjust_stock(
    work: &mut Work,
    id: ProductId,
    by: &StockChange,
) -> Result<ProductView, ProductError> {
    let mut violations = Violations::default();
    violations.unless(by.change != 0, "/change", "zero", "must not be 0");
    violations.text("/reason", &by.reason, 0, 200);
    violations.end()?;
    if !store::hold(work, id).await? {
        return Err(ProductError::NotFound);
    }
    let before = view(work, id).await?.stock;
    let after = i64::from(before) + i64::from(by.change);
    if !(0..=i64::from(STOCK_LIMIT)).contains(&after) {
        let rule = format!("there are {before}: what is left must be 0 to {STOCK_LIMIT}");
        let fault: Invalid = crate::violations::invalid("/change", ("out_of_range", rule));
        return Err(fault.into());
    }
    change_stock(work, &[(id, by.change)]).await?;
    let after = view(work, id).await?;
    let reason = Some(&by.reason).filter(|reason| !reason.is_empty());
    work.audit(&Change::updated(
        "catalog.adjust_stock",
        ("product", id),
        &json!({"stock": before, "reason": null}),
        &json!({"stock": after.stock, "reason": reason}),
    ))
    .await?;
    Ok(after)
}

/// Locks these products until the transaction ends, and reads their prices and stock.
pub async fn hold_offered(
    work: &mut Work,
    ids: &[ProductId],
    language: &str,
    fallback: &str,
) -> Result<Vec<Product>, sqlx::Error> {
    store::hold_all(work, ids).await?;
    // A second statement, so that it sees what the previous holders of the lock changed.
    store::offered(work, ids, language, fallback).await
}

/// Changes the stock: a negative number takes, a positive one gives back. The caller has locked the products with
/// [`hold_offered`] and checked that the stock suffices, or it holds no lock that others take after products.
///
/// # Errors
/// The stock does not suffice.
pub async fn change_stock(
    work: &mut Work,
    changes: &[(ProductId, i32)],
) -> Result<(), EnqueueError> {
    let ids: Vec<ProductId> = changes.iter().map(|(id, _)| *id).collect();
    store::hold_all(work, &ids).await?;
    for product in store::change_stock(work, changes).await? {
        LowStock {
            workspace: work.workspace(),
            product,
        }
        .enqueue(work.conn())
        .await?;
    }
    Ok(())
}
