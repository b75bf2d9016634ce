//! Tells members that few of a product are left: once, until there were more again.

use kazi_platform::WorkspaceId;
use kazi_queue::{Job, JobError, Options, Pool, Running, Unique};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{ProductId, store::products as store};
use crate::{
    Context, Role, Work,
    notifications::{self, Kind, News, To},
    pools,
};

/// Enqueued by whatever takes the stock down to the product's threshold, in its transaction.
#[derive(Debug, Serialize, Deserialize)]
pub struct LowStock {
    pub workspace: WorkspaceId,
    /// Of what few are left.
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
        // Noted and told in one transaction: a second run finds it noted.
        let low = store::tell_low(&mut work, self.product).await?;
        let Some((sku, stock)) = low else {
            return Ok(());
        };
        let news = News {
            kind: Kind::LOW_STOCK,
            title: &format!("Of {sku} only {stock} are left."),
            data: &json!({"product_id": self.product, "sku": sku, "stock": stock}),
        };
        let to = To::Role(Role::Admin);
        notifications::notify(&mut work, to, &news).await?;
        work.commit().await?;
        metrics::counter!("kazi_catalog_low_stock_total").increment(1);
        Ok(())
    }
}
