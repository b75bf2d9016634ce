//! SQL of the carts.

use kazi_platform::{Timestamp, WorkspaceId};
use sqlx::PgConnection;

pub use crate::orders::CartId;
use crate::{Work, catalog::ProductId, contacts::ContactId, orders::CartFilter};

/// A cart without its lines.
#[derive(Clone, Debug)]
pub struct Cart {
    pub id: CartId,
    pub contact: ContactId,
    pub status: String,
    pub version: i64,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// The contact's open cart, created if there is none, and locked until the transaction ends.
pub async fn open(work: &mut Work, contact: ContactId) -> Result<Cart, sqlx::Error> {
    // The update changes nothing. It locks and returns the row.
    sqlx::query_as!(
        Cart,
        r#"INSERT INTO carts (workspace_id, id, contact_id, created_at, updated_at) VALUES ($1, $2, $3, $4, $4)
           ON CONFLICT (workspace_id, contact_id) WHERE status = 'open' DO UPDATE SET version = carts.version
           RETURNING id AS "id: CartId", contact_id AS "contact: ContactId", status, version, created_at, updated_at"#,
        work.workspace().uuid(),
        CartId::at(work.now()).uuid(),
        contact.uuid(),
        work.now()
    )
    .fetch_one(work.conn())
    .await
}

/// Locks a cart until the transaction ends.
pub async fn lock(work: &mut Work, id: CartId) -> Result<Option<Cart>, sqlx::Error> {
    sqlx::query_as!(
        Cart,
        r#"SELECT id AS "id: CartId", contact_id AS "contact: ContactId", status, version, created_at, updated_at
           FROM carts WHERE workspace_id = $1 AND id = $2 FOR UPDATE"#,
        work.workspace().uuid(),
        id.uuid()
    )
    .fetch_optional(work.conn())
    .await
}

/// The carts of a filter, newest first, before the given one.
pub async fn list(
    work: &mut Work,
    filter: &CartFilter,
    after: Option<CartId>,
    limit: i64,
) -> Result<Vec<Cart>, sqlx::Error> {
    sqlx::query_as!(
        Cart,
        r#"SELECT id AS "id: CartId", contact_id AS "contact: ContactId", status, version, created_at, updated_at
           FROM carts
           WHERE workspace_id = $1 AND ($2::uuid IS NULL OR id < $2)
             AND ($3::text IS NULL OR status = $3) AND ($4::uuid IS NULL OR contact_id = $4)
             AND ($5::uuid IS NULL OR id = $5)
           ORDER BY id DESC LIMIT $6"#,
        work.workspace().uuid(),
        after.map(CartId::uuid),
        filter.status,
        filter.contact.map(ContactId::uuid),
        filter.id.map(CartId::uuid),
        limit
    )
    .fetch_all(work.conn())
    .await
}

/// The lines of a cart, in the order in which they were added.
pub async fn items(work: &mut Work, cart: CartId) -> Result<Vec<(ProductId, i32)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT product_id AS "product: ProductId", quantity FROM cart_items
           WHERE workspace_id = $1 AND cart_id = $2 ORDER BY added_at, product_id"#,
        work.workspace().uuid(),
        cart.uuid()
    )
    .fetch_all(work.conn())
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.product, row.quantity))
        .collect())
}

/// Sets the pieces of a product in a locked cart.
pub async fn put(
    work: &mut Work,
    cart: CartId,
    product: ProductId,
    quantity: i32,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO cart_items (workspace_id, cart_id, product_id, quantity, added_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (workspace_id, cart_id, product_id) DO UPDATE SET quantity = $4",
        work.workspace().uuid(),
        cart.uuid(),
        product.uuid(),
        quantity,
        work.now()
    )
    .execute(work.conn())
    .await?;
    touch(work, cart).await
}

/// Removes a product from a locked cart, or all products.
pub async fn take_out(
    work: &mut Work,
    cart: CartId,
    product: Option<ProductId>,
) -> Result<(), sqlx::Error> {
    let done = sqlx::query!(
        "DELETE FROM cart_items WHERE workspace_id = $1 AND cart_id = $2 AND ($3::uuid IS NULL OR product_id = $3)",
        work.workspace().uuid(),
        cart.uuid(),
        product.map(ProductId::uuid)
    )
    .execute(work.conn())
    .await?;
    match done.rows_affected() {
        0 => Ok(()),
        _ => touch(work, cart).await,
    }
}

async fn touch(work: &mut Work, cart: CartId) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE carts SET updated_at = $3 WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        cart.uuid(),
        work.now()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Marks a locked cart as ordered.
pub async fn set_ordered(work: &mut Work, cart: CartId) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE carts SET status = 'ordered', updated_at = $3 WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        cart.uuid(),
        work.now()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Abandons a cart that nobody has touched since a moment. Returns the number of its lines.
pub async fn abandon(
    work: &mut Work,
    cart: CartId,
    untouched_since: Timestamp,
) -> Result<Option<i64>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"UPDATE carts SET status = 'abandoned'
           WHERE workspace_id = $1 AND id = $2 AND status = 'open' AND updated_at < $3
           RETURNING (SELECT count(*) FROM cart_items WHERE workspace_id = $1 AND cart_id = $2) AS "items!""#,
        work.workspace().uuid(),
        cart.uuid(),
        untouched_since
    )
    .fetch_optional(work.conn())
    .await
}

/// Open carts of all workspaces that nobody has touched since a moment, oldest first.
pub async fn untouched(
    conn: &mut PgConnection,
    since: Timestamp,
    limit: i64,
) -> Result<Vec<(WorkspaceId, CartId)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT workspace_id AS "workspace: WorkspaceId", id AS "id: CartId" FROM carts
           WHERE status = 'open' AND updated_at < $1 ORDER BY updated_at LIMIT $2"#,
        since,
        limit
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.workspace, row.id))
        .collect())
}

/// An open cart with something in it, which its customer has not touched for a while.
#[derive(Clone, Debug)]
pub struct Idle {
    pub id: CartId,
    pub contact: ContactId,
    /// The last change.
    pub updated_at: Timestamp,
    /// Of all products together.
    pub pieces: i64,
}

/// The idle carts whose last change lies between two times, the first excluded, by it, after the given one.
pub async fn idle(
    work: &mut Work,
    (from, until): (Option<Timestamp>, Timestamp),
    after: Option<(Timestamp, CartId)>,
    limit: i64,
) -> Result<Vec<Idle>, sqlx::Error> {
    sqlx::query_as!(
        Idle,
        r#"SELECT c.id AS "id: CartId", c.contact_id AS "contact: ContactId", c.updated_at,
                  (SELECT sum(i.quantity) FROM cart_items i WHERE i.workspace_id = c.workspace_id AND i.cart_id = c.id) AS "pieces!"
           FROM carts c
           WHERE c.workspace_id = $1 AND c.status = 'open' AND c.updated_at <= $3
             AND ($2::timestamptz IS NULL OR c.updated_at > $2)
             AND EXISTS (SELECT FROM cart_items i WHERE i.workspace_id = c.workspace_id AND i.cart_id = c.id)
             AND ($4::timestamptz IS NULL OR (c.updated_at, c.id) > ($4, $5))
           ORDER BY c.updated_at, c.id LIMIT $6"#,
        work.workspace().uuid(),
        from,
        until,
        after.map(|after| after.0),
        after.map(|after| after.1.uuid()),
        limit
    )
    .fetch_all(work.conn())
    .await
}
