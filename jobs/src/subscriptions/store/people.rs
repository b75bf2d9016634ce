//! SQL for merging and erasing a contact.

use crate::{Work, contacts::ContactId};

/// Gives a contact's subscriptions to another contact. Of two live ones to one plan, the one that ends sooner is
/// cancelled. The caller has locked both contacts.
pub async fn change_contact(
    work: &mut Work,
    from: ContactId,
    to: ContactId,
) -> Result<(), sqlx::Error> {
    // First, because a contact may have only one live subscription to a plan.
    sqlx::query!(
        "WITH doubled AS (
             SELECT CASE WHEN coalesce(a.ends_at, '-infinity') < coalesce(b.ends_at, '-infinity')
                         THEN a.id ELSE b.id END AS id
             FROM subscriptions a JOIN subscriptions b ON b.workspace_id = $1 AND b.contact_id = $3
                  AND b.plan_id = a.plan_id AND b.status IN ('pending', 'active', 'grace')
             WHERE a.workspace_id = $1 AND a.contact_id = $2 AND a.status IN ('pending', 'active', 'grace'))
         UPDATE subscriptions s SET status = 'cancelled', updated_at = clock_timestamp()
         FROM doubled WHERE s.workspace_id = $1 AND s.id = doubled.id",
        work.workspace().uuid(),
        from.uuid(),
        to.uuid()
    )
    .execute(work.conn())
    .await?;
    sqlx::query!(
        "UPDATE subscriptions SET contact_id = $3, updated_at = clock_timestamp() WHERE workspace_id = $1 AND contact_id = $2",
        work.workspace().uuid(),
        from.uuid(),
        to.uuid()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Ends a contact's subscriptions and removes personal data.
pub async fn erase(work: &mut Work, contact: ContactId) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE subscriptions SET details = NULL, payment_id = NULL, payment_until = NULL, payment_url = NULL,
                status = CASE WHEN status IN ('pending', 'active', 'grace') THEN 'cancelled' ELSE status END,
                updated_at = clock_timestamp()
         WHERE workspace_id = $1 AND contact_id = $2",
        work.workspace().uuid(),
        contact.uuid()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}
