//! SQL for merging and erasing a contact.

use crate::{Work, contacts::ContactId};

/// Gives a contact's carts and orders to another contact. Of two open carts, the first contact's is abandoned. The
/// caller has locked both contacts.
pub async fn change_contact(
    work: &mut Work,
    from: ContactId,
    to: ContactId,
) -> Result<(), sqlx::Error> {
    // First, because a contact may have only one open cart.
    sqlx::query!(
        "UPDATE carts SET status = 'abandoned' WHERE workspace_id = $1 AND contact_id = $2 AND status = 'open'
         AND EXISTS (SELECT FROM carts WHERE workspace_id = $1 AND contact_id = $3 AND status = 'open')",
        work.workspace().uuid(),
        from.uuid(),
        to.uuid()
    )
    .execute(work.conn())
    .await?;
    sqlx::query!(
        "UPDATE carts SET contact_id = $3 WHERE workspace_id = $1 AND contact_id = $2",
        work.workspace().uuid(),
        from.uuid(),
        to.uuid()
    )
    .execute(work.conn())
    .await?;
    sqlx::query!(
        "UPDATE orders SET contact_id = $3 WHERE workspace_id = $1 AND contact_id = $2",
        work.workspace().uuid(),
        from.uuid(),
        to.uuid()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Removes personal data from a contact's carts and orders. The sold products and prices stay.
pub async fn erase(work: &mut Work, contact: ContactId) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE carts SET status = 'abandoned' WHERE workspace_id = $1 AND contact_id = $2 AND status = 'open'",
        work.workspace().uuid(),
        contact.uuid()
    )
    .execute(work.conn())
    .await?;
    sqlx::query!(
        "UPDATE shipments s SET carrier = NULL, tracking_number = NULL, tracking_url = NULL
         FROM orders o WHERE o.workspace_id = $1 AND o.contact_id = $2 AND s.workspace_id = $1 AND s.order_id = o.id",
        work.workspace().uuid(),
        contact.uuid()
    )
    .execute(work.conn())
    .await?;
    sqlx::query!(
        "UPDATE orders SET note = '', payment_url = NULL WHERE workspace_id = $1 AND contact_id = $2",
        work.workspace().uuid(),
        contact.uuid()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}
