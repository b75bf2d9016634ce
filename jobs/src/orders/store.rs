//! SQL of the orders.

pub(super) mod carts;
pub(super) mod deeds;
pub(super) mod people;
pub(super) mod views;

use kazi_platform::{Money, Timestamp, WorkspaceId};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{NewShipment, OrderItem, ShipmentId, Status};
use crate::{
    Work, catalog::ProductId, channels::ChannelId, contacts::ContactId, payments::OrderId,
};
use carts::CartId;
pub use views::{count_unpaid, order, orders};

#[derive(Debug)]
pub struct NewOrder<'a> {
    pub id: OrderId,
    pub contact: ContactId,
    pub cart: Option<CartId>,
    pub channel: Option<ChannelId>,
    pub total: Money,
    pub note: &'a str,
    pub items: &'a [OrderItem],
    pub expires_at: Timestamp,
    pub at: Timestamp,
}

/// Takes the next order number of the workspace, and locks the counter until the transaction ends.
async fn next_number(work: &mut Work) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        "INSERT INTO order_numbers (workspace_id, last) VALUES ($1, 1)
         ON CONFLICT (workspace_id) DO UPDATE SET last = order_numbers.last + 1 RETURNING last",
        work.workspace().uuid()
    )
    .fetch_one(work.conn())
    .await
}

/// Stores an order and returns its number.
pub async fn insert(work: &mut Work, new: &NewOrder<'_>) -> Result<i64, sqlx::Error> {
    let number = next_number(work).await?;
    sqlx::query!(
        "INSERT INTO orders (workspace_id, id, number, contact_id, cart_id, channel_id, status, currency, total_minor,
                             note, expires_at, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, 'pending_payment', $7, $8, $9, $10, $11, $11)",
        work.workspace().uuid(),
        new.id.uuid(),
        number,
        new.contact.uuid(),
        new.cart.map(CartId::uuid),
        new.channel.map(ChannelId::uuid),
        new.total.currency.code(),
        new.total.minor,
        new.note,
        new.expires_at,
        new.at
    )
    .execute(work.conn())
    .await?;
    let products: Vec<Uuid> = new.items.iter().map(|i| i.product_id.uuid()).collect();
    let skus: Vec<String> = new.items.iter().map(|i| i.sku.clone()).collect();
    let names: Vec<String> = new.items.iter().map(|i| i.name.clone()).collect();
    let quantities: Vec<i32> = new.items.iter().map(|i| i.quantity).collect();
    let prices: Vec<i64> = new.items.iter().map(|i| i.price_minor).collect();
    sqlx::query!(
        "INSERT INTO order_items (workspace_id, order_id, position, product_id, sku, name, quantity, price_minor)
         SELECT $1, $2, place, product, sku, name, quantity, price
         FROM unnest($3::uuid[], $4::text[], $5::text[], $6::integer[], $7::bigint[])
              WITH ORDINALITY AS i(product, sku, name, quantity, price, place)",
        work.workspace().uuid(),
        new.id.uuid(),
        &products,
        &skus,
        &names,
        &quantities,
        &prices
    )
    .execute(work.conn())
    .await?;
    Ok(number)
}

/// An order that is locked until the transaction ends.
#[derive(Debug)]
pub struct Locked {
    pub status: Status,
    pub number: i64,
    pub total: Money,
    pub expires_at: Timestamp,
}

pub async fn lock(work: &mut Work, id: OrderId) -> Result<Option<Locked>, sqlx::Error> {
    let row = sqlx::query!(
        "SELECT status, number, currency, total_minor, expires_at
         FROM orders WHERE workspace_id = $1 AND id = $2 FOR UPDATE",
        work.workspace().uuid(),
        id.uuid()
    )
    .fetch_optional(work.conn())
    .await?;
    row.map(|row| {
        Ok(Locked {
            status: read(&row.status)?,
            number: row.number,
            total: Money {
                minor: row.total_minor,
                currency: row.currency.parse().map_err(decode)?,
            },
            expires_at: row.expires_at,
        })
    })
    .transpose()
}

/// Sets the status of a locked order.
pub async fn set_status(work: &mut Work, id: OrderId, status: Status) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE orders SET status = $3, updated_at = $4,
                paid_at = CASE WHEN $3 = 'paid' THEN $4 ELSE paid_at END,
                fulfilled_at = CASE WHEN $3 = 'fulfilled' THEN $4 ELSE fulfilled_at END,
                shipped_at = CASE WHEN $3 = 'shipped' THEN $4 ELSE shipped_at END,
                delivered_at = CASE WHEN $3 = 'delivered' THEN $4 ELSE delivered_at END,
                ended_at = CASE WHEN $3 IN ('cancelled', 'expired', 'refunded') THEN $4 ELSE ended_at END,
                payment_url = NULL
         WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        id.uuid(),
        status.name(),
        work.now()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Stores the address of the payment. Returns true when it is new and the order still waits for its payment.
pub async fn set_payment_url(
    work: &mut Work,
    id: OrderId,
    url: &str,
    expires_at: Timestamp,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "UPDATE orders SET payment_url = $3, expires_at = greatest(expires_at, $4)
         WHERE workspace_id = $1 AND id = $2 AND status = 'pending_payment' AND payment_url IS DISTINCT FROM $3",
        work.workspace().uuid(),
        id.uuid(),
        url,
        expires_at
    )
    .execute(work.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Stores why the customer could not be reached, or that they were.
pub async fn set_unreachable(
    work: &mut Work,
    id: OrderId,
    why: Option<&str>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE orders SET unreachable = $3 WHERE workspace_id = $1 AND id = $2 AND unreachable IS DISTINCT FROM $3",
        work.workspace().uuid(),
        id.uuid(),
        why
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

pub async fn insert_shipment(
    work: &mut Work,
    order: OrderId,
    new: &NewShipment,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO shipments (workspace_id, id, order_id, carrier, tracking_number, tracking_url, shipped_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        work.workspace().uuid(),
        ShipmentId::at(work.now()).uuid(),
        order.uuid(),
        new.carrier,
        new.tracking_number,
        new.tracking_url,
        work.now()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

pub async fn update_shipment(
    work: &mut Work,
    id: ShipmentId,
    new: &NewShipment,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE shipments SET carrier = $3, tracking_number = $4, tracking_url = $5
         WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        id.uuid(),
        new.carrier,
        new.tracking_number,
        new.tracking_url
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

pub async fn items(work: &mut Work, order: OrderId) -> Result<Vec<(ProductId, i32)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT product_id AS "product: ProductId", quantity FROM order_items
           WHERE workspace_id = $1 AND order_id = $2 ORDER BY position"#,
        work.workspace().uuid(),
        order.uuid()
    )
    .fetch_all(work.conn())
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.product, row.quantity))
        .collect())
}

pub async fn of_cart(work: &mut Work, cart: CartId) -> Result<Option<OrderId>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT id AS "id: OrderId" FROM orders WHERE workspace_id = $1 AND cart_id = $2"#,
        work.workspace().uuid(),
        cart.uuid()
    )
    .fetch_optional(work.conn())
    .await
}

/// The channel of an order from a chat.
pub async fn channel(work: &mut Work, id: OrderId) -> Result<Option<ChannelId>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT channel_id AS "channel: ChannelId" FROM orders WHERE workspace_id = $1 AND id = $2"#,
        work.workspace().uuid(),
        id.uuid()
    )
    .fetch_one(work.conn())
    .await
}

/// Orders of all workspaces whose payment time ended before a moment, the longest overdue first.
pub async fn overdue(
    conn: &mut PgConnection,
    before: Timestamp,
    limit: i64,
) -> Result<Vec<(WorkspaceId, OrderId)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT workspace_id AS "workspace: WorkspaceId", id AS "id: OrderId" FROM orders
           WHERE status = 'pending_payment' AND expires_at < $1 ORDER BY expires_at LIMIT $2"#,
        before,
        limit
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.workspace, row.id))
        .collect())
}

fn read(stored: &str) -> Result<Status, sqlx::Error> {
    stored.parse().map_err(sqlx::Error::decode)
}

fn decode(error: impl std::error::Error + Send + Sync + 'static) -> sqlx::Error {
    sqlx::Error::Decode(Box::new(error))
}
