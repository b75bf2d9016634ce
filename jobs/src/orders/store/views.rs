//! SQL of the orders for readers.

use uuid::Uuid;

use super::read;
use crate::{
    Work,
    catalog::ProductId,
    contacts::ContactId,
    orders::{OrderFilter, OrderItem, OrderView, Shipment, ShipmentId, Status},
    payments::OrderId,
};

/// The orders of a filter, newest first, before a number.
pub async fn orders(
    work: &mut Work,
    filter: &OrderFilter,
    after: Option<i64>,
    limit: i64,
) -> Result<Vec<OrderView>, sqlx::Error> {
    let ids = sqlx::query_scalar!(
        "SELECT id FROM orders
         WHERE workspace_id = $1 AND ($2::bigint IS NULL OR number < $2)
           AND ($3::text IS NULL OR status = $3)
           AND ($4::uuid IS NULL OR contact_id = $4)
           AND ($5::bigint IS NULL OR number = $5)
         ORDER BY number DESC LIMIT $6",
        work.workspace().uuid(),
        after,
        filter.status.map(Status::name),
        filter.contact.map(ContactId::uuid),
        filter.number,
        limit
    )
    .fetch_all(work.conn())
    .await?;
    views(work, &ids).await
}

pub async fn count(work: &mut Work, filter: &OrderFilter) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT count(*) AS "n!" FROM orders
           WHERE workspace_id = $1 AND ($2::text IS NULL OR status = $2) AND ($3::uuid IS NULL OR contact_id = $3)
             AND ($4::bigint IS NULL OR number = $4)"#,
        work.workspace().uuid(),
        filter.status.map(Status::name),
        filter.contact.map(ContactId::uuid),
        filter.number
    )
    .fetch_one(work.conn())
    .await
}

pub async fn order(work: &mut Work, id: OrderId) -> Result<Option<OrderView>, sqlx::Error> {
    Ok(views(work, &[id.uuid()]).await?.pop())
}

/// These orders with their lines and parcels, newest first.
async fn views(work: &mut Work, ids: &[Uuid]) -> Result<Vec<OrderView>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT id AS "id: OrderId", number, contact_id AS "contact_id: ContactId", status, currency, total_minor, note,
                  expires_at, payment_url, unreachable, paid_at, fulfilled_at, shipped_at, delivered_at, ended_at,
                  created_at, updated_at
           FROM orders WHERE workspace_id = $1 AND id = ANY($2) ORDER BY number DESC"#,
        work.workspace().uuid(),
        ids
    )
    .fetch_all(work.conn())
    .await?;
    let lines = sqlx::query!(
        r#"SELECT order_id AS "order: OrderId", product_id AS "product: ProductId", sku, name, quantity, price_minor
           FROM order_items WHERE workspace_id = $1 AND order_id = ANY($2) ORDER BY order_id, position"#,
        work.workspace().uuid(),
        ids
    )
    .fetch_all(work.conn())
    .await?;
    let parcels = sqlx::query!(
        r#"SELECT id AS "id: ShipmentId", order_id AS "order: OrderId", carrier, tracking_number, tracking_url, shipped_at
           FROM shipments WHERE workspace_id = $1 AND order_id = ANY($2) ORDER BY id"#,
        work.workspace().uuid(),
        ids
    )
    .fetch_all(work.conn())
    .await?;
    let items = |order| {
        lines
            .iter()
            .filter(move |line| line.order == order)
            .map(|line| OrderItem {
                product_id: line.product,
                sku: line.sku.clone(),
                name: line.name.clone(),
                quantity: line.quantity,
                price_minor: line.price_minor,
            })
    };
    let shipments = |order| {
        parcels
            .iter()
            .filter(move |parcel| parcel.order == order)
            .map(|parcel| Shipment {
                id: parcel.id,
                carrier: parcel.carrier.clone(),
                tracking_number: parcel.tracking_number.clone(),
                tracking_url: parcel.tracking_url.clone(),
                shipped_at: parcel.shipped_at,
            })
    };
    rows.into_iter()
        .map(|row| {
            Ok(OrderView {
                status: read(&row.status)?,
                items: items(row.id).collect(),
                shipments: shipments(row.id).collect(),
                id: row.id,
                number: row.number,
                contact_id: row.contact_id,
                currency: row.currency,
                total_minor: row.total_minor,
                note: row.note,
                expires_at: row.expires_at,
                payment_url: row.payment_url,
                unreachable: row.unreachable,
                paid_at: row.paid_at,
                fulfilled_at: row.fulfilled_at,
                shipped_at: row.shipped_at,
                delivered_at: row.delivered_at,
                ended_at: row.ended_at,
                created_at: row.created_at,
                updated_at: row.updated_at,
            })
        })
        .collect()
}

/// The number of orders that wait for their payment.
pub async fn count_unpaid(work: &mut Work) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!" FROM orders WHERE workspace_id = $1 AND status = 'pending_payment'"#,
        work.workspace().uuid()
    )
    .fetch_one(work.conn())
    .await
}
