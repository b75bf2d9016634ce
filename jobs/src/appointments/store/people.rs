//! SQL for merging, exporting and erasing a contact.

use crate::{
    Work,
    appointments::{Booking, BookingId, OfferingId, StaffId, Status},
    contacts::ContactId,
};

/// Gives a contact's bookings to another contact.
pub async fn change_contact(
    work: &mut Work,
    from: ContactId,
    to: ContactId,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE bookings SET contact_id = $3, version = version + 1 WHERE workspace_id = $1 AND contact_id = $2",
        work.workspace().uuid(),
        from.uuid(),
        to.uuid()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// The newest `limit` bookings of a contact, by their beginnings.
pub async fn of_contact(
    work: &mut Work,
    contact: ContactId,
    limit: i64,
) -> Result<Vec<Booking>, sqlx::Error> {
    let mut newest = sqlx::query_as!(
        Booking,
        r#"SELECT id AS "id: BookingId", provider_id AS "provider: StaffId", offering_id AS "offering: OfferingId",
                  contact_id AS "contact: ContactId", starts_at, ends_at, status AS "status: Status", version, price_minor,
                  currency, reminder_minutes, note, reminded_at, unreachable, created_at, updated_at
           FROM bookings WHERE workspace_id = $1 AND contact_id = $2 ORDER BY starts_at DESC, id DESC LIMIT $3"#,
        work.workspace().uuid(),
        contact.uuid(),
        limit
    )
    .fetch_all(work.conn())
    .await?;
    newest.reverse();
    Ok(newest)
}

/// Removes the notes of a contact's bookings and cancels the future ones.
pub async fn erase(work: &mut Work, contact: ContactId) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE bookings SET note = NULL, version = version + 1, updated_at = $3,
                status = CASE WHEN starts_at > $3 AND status IN ('booked', 'confirmed') THEN 'cancelled' ELSE status END
         WHERE workspace_id = $1 AND contact_id = $2",
        work.workspace().uuid(),
        contact.uuid(),
        work.now()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}
