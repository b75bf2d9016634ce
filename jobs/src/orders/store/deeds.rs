//! SQL of the audiences: who ordered.

use kazi_platform::Timestamp;
use sqlx::{Postgres, QueryBuilder};

use crate::{
    catalog::ProductId,
    contacts::{Deed, id_of},
};

pub fn push(
    sql: &mut QueryBuilder<Postgres>,
    deed: &Deed,
    now: Timestamp,
    of_contact: &str,
) -> Result<bool, &'static str> {
    let Deed::Ordered {
        times,
        spent,
        product_id,
    } = deed
    else {
        return Ok(false);
    };
    let product: Option<ProductId> = id_of(product_id.as_deref(), "product_id")?;
    sql.push(
        "SELECT d.contact_id FROM orders d WHERE d.workspace_id = current_workspace()
         AND d.status IN ('paid', 'fulfilled', 'shipped', 'delivered')",
    );
    if let Some(since) = times.since(now) {
        sql.push(" AND d.paid_at >= ").push_bind(since);
    }
    if let Some(spent) = spent {
        sql.push(" AND d.currency = ")
            .push_bind(spent.currency.code().to_owned());
    }
    if let Some(product) = product {
        sql.push(
            " AND EXISTS (SELECT FROM order_items i WHERE i.workspace_id = d.workspace_id AND i.order_id = d.id
               AND i.product_id = ",
        )
        .push_bind(product.uuid())
        .push(")");
    }
    sql.push(of_contact);
    times.push_count(sql, spent.is_some());
    if let Some(spent) = spent {
        sql.push(" AND sum(d.total_minor) >= ")
            .push_bind(spent.at_least_minor);
    }
    Ok(true)
}
