//! SQL of the offerings.

use kazi_platform::Timestamp;
use sqlx::types::Json;
use uuid::Uuid;

use crate::{
    Work,
    appointments::{Offering, OfferingId, StaffId},
    catalog::Text,
};

/// The offerings by their ids, after the given one. `active` selects those that can or cannot be booked.
pub async fn offerings(
    work: &mut Work,
    active: Option<bool>,
    after: Option<OfferingId>,
    limit: i64,
) -> Result<Vec<Offering>, sqlx::Error> {
    sqlx::query_as!(
        Offering,
        r#"SELECT id AS "id: OfferingId", names AS "names: Json<Text>", duration_minutes, buffer_minutes, step_minutes,
                  price_minor, currency, reminder_minutes, min_ahead_minutes, max_ahead_days, active,
                  ARRAY(SELECT p.provider_id FROM offering_providers p
                        WHERE p.workspace_id = o.workspace_id AND p.offering_id = o.id ORDER BY 1)
                      AS "providers!: Vec<StaffId>",
                  created_at, updated_at
           FROM offerings o
           WHERE workspace_id = $1 AND ($2::boolean IS NULL OR active = $2) AND ($3::uuid IS NULL OR id > $3)
           ORDER BY id LIMIT $4"#,
        work.workspace().uuid(),
        active,
        after.map(OfferingId::uuid),
        limit
    )
    .fetch_all(work.conn())
    .await
}

pub async fn offering(work: &mut Work, id: OfferingId) -> Result<Option<Offering>, sqlx::Error> {
    sqlx::query_as!(
        Offering,
        r#"SELECT id AS "id: OfferingId", names AS "names: Json<Text>", duration_minutes, buffer_minutes, step_minutes,
                  price_minor, currency, reminder_minutes, min_ahead_minutes, max_ahead_days, active,
                  ARRAY(SELECT p.provider_id FROM offering_providers p
                        WHERE p.workspace_id = o.workspace_id AND p.offering_id = o.id ORDER BY 1)
                      AS "providers!: Vec<StaffId>",
                  created_at, updated_at
           FROM offerings o WHERE workspace_id = $1 AND id = $2"#,
        work.workspace().uuid(),
        id.uuid()
    )
    .fetch_optional(work.conn())
    .await
}

/// Locks the offering until the transaction ends.
pub async fn lock_offering(
    work: &mut Work,
    id: OfferingId,
) -> Result<Option<Offering>, sqlx::Error> {
    let there = sqlx::query_scalar!(
        "SELECT 1 FROM offerings WHERE workspace_id = $1 AND id = $2 FOR NO KEY UPDATE",
        work.workspace().uuid(),
        id.uuid()
    )
    .fetch_optional(work.conn())
    .await?;
    match there {
        // Read after the lock, so that the staff list is the newest.
        Some(_) => offering(work, id).await,
        None => Ok(None),
    }
}

pub(in crate::appointments) async fn insert(
    work: &mut Work,
    new: &Offering,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO offerings (workspace_id, id, names, duration_minutes, buffer_minutes, step_minutes, price_minor, currency,
                                reminder_minutes, min_ahead_minutes, max_ahead_days, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12)",
        work.workspace().uuid(),
        new.id.uuid(),
        &new.names as _,
        new.duration_minutes,
        new.buffer_minutes,
        new.step_minutes,
        new.price_minor,
        new.currency,
        &new.reminder_minutes,
        new.min_ahead_minutes,
        new.max_ahead_days,
        new.created_at
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Returns the time of the change.
pub(in crate::appointments) async fn update(
    work: &mut Work,
    offering: &Offering,
) -> Result<Timestamp, sqlx::Error> {
    // The time of the statement, so that two changes never have the same time.
    sqlx::query_scalar!(
        "UPDATE offerings SET names = $3, duration_minutes = $4, buffer_minutes = $5, step_minutes = $6, price_minor = $7,
                currency = $8, reminder_minutes = $9, min_ahead_minutes = $10, max_ahead_days = $11, active = $12,
                updated_at = clock_timestamp()
         WHERE workspace_id = $1 AND id = $2 RETURNING updated_at",
        work.workspace().uuid(),
        offering.id.uuid(),
        &offering.names as _,
        offering.duration_minutes,
        offering.buffer_minutes,
        offering.step_minutes,
        offering.price_minor,
        offering.currency,
        &offering.reminder_minutes,
        offering.min_ahead_minutes,
        offering.max_ahead_days,
        offering.active
    )
    .fetch_one(work.conn())
    .await
}

pub(in crate::appointments) async fn set_staff(
    work: &mut Work,
    offering: &Offering,
) -> Result<(), sqlx::Error> {
    let ids: Vec<Uuid> = offering.providers.iter().map(|id| id.uuid()).collect();
    sqlx::query!(
        "DELETE FROM offering_providers WHERE workspace_id = $1 AND offering_id = $2 AND provider_id <> ALL($3)",
        work.workspace().uuid(),
        offering.id.uuid(),
        &ids
    )
    .execute(work.conn())
    .await?;
    sqlx::query!(
        "INSERT INTO offering_providers (workspace_id, offering_id, provider_id)
         SELECT $1, $2, * FROM unnest($3::uuid[]) ON CONFLICT DO NOTHING",
        work.workspace().uuid(),
        offering.id.uuid(),
        &ids
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Returns those of the ids that exist.
pub(in crate::appointments) async fn known_staff(
    work: &mut Work,
    staff: &[StaffId],
) -> Result<Vec<StaffId>, sqlx::Error> {
    let wanted: Vec<Uuid> = staff.iter().map(|id| id.uuid()).collect();
    sqlx::query_scalar!(
        r#"SELECT id AS "id: StaffId" FROM providers WHERE workspace_id = $1 AND id = ANY($2)"#,
        work.workspace().uuid(),
        &wanted
    )
    .fetch_all(work.conn())
    .await
}
