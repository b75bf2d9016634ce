//! Notifies members once when little of a product is left. The next notification comes only after the stock was
//! refilled.

use kazi_platform::WorkspaceId;
use kazi_queue::{Job, JobError, Options, Pool, Running, Unique};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{ProductId, store::products as store};
use crate::{
    Context, Role, Work,
    notifications::{self, Kind, Notification, To},
    pools,
};

/// A change that takes the stock to the threshold enqueues this job in its transaction.
#[derive(Debug, Serialize, Deserialize)]
pub struct LowStock {
    pub workspace: WorkspaceId,
    pub product: ProductId,
}

impl Job for LowStock {
    type Context = Context;
    const NAME: &'static str = "catalog.low_stock";
    const POOL: Pool = pools::DEFAULT;

    fn options(&self) -> Options {
        Options::default()
            .tenant(self.workspace)
            .unique(self.product.to_string(), Unique::WhilePending)
    }

    async fn run(&self, ctx: &Context, _: &Running) -> Result<(), JobError> {
        let mut work = Work::of(ctx, self.workspace).await?;
        // One transaction marks the product and writes the notification, so a second run finds the mark.
        let low = store::tell_low(&mut work, self.product).await?;
        let Some((sku, stock)) = low else {
            return Ok(());
        };
        let notification = Notification {
            kind: Kind::LOW_STOCK,
            title: &format!("Of {sku} only {stock} are left."),
            data: &json!({"product_id": self.product, "sku": sku, "stock": stock}),
        };
        let to = To::Role(Role::Admin);
        notifications::notify(&mut work, to, &notification).await?;
        work.commit().await?;
        metrics::counter!("kazi_catalog_low_stock_total").increment(1);
        Ok(())
    }
}
