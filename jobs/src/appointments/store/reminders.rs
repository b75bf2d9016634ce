//! SQL of the reminders: which are due, and their outcome.

use std::collections::HashSet;

use chrono::TimeDelta;
use kazi_platform::Timestamp;
use sqlx::types::Json;
use uuid::Uuid;

use crate::{
    Work,
    appointments::{BookingId, offering::EARLIEST_REMINDER},
    catalog::Text,
    contacts::ContactId,
};

/// A booking with a due reminder, and the facts for its text.
pub(in crate::appointments) struct DueReminder {
    pub id: BookingId,
    pub contact: ContactId,
    pub starts_at: Timestamp,
    pub reminder_minutes: Vec<i32>,
    /// The texts of the offering.
    pub what: Json<Text>,
    /// The name of the staff.
    pub who: String,
    /// The time zone of the staff.
    pub zone: String,
}

/// Open bookings with a reminder that is due at a moment and not yet handled, by their beginnings, after the given one.
pub(in crate::appointments) async fn due(
    work: &mut Work,
    due: Timestamp,
    after: Option<(Timestamp, BookingId)>,
    limit: i64,
) -> Result<Vec<DueReminder>, sqlx::Error> {
    let (at, id) = after.unzip();
    let latest = due + TimeDelta::minutes(EARLIEST_REMINDER.into());
    sqlx::query_as!(
        DueReminder,
        r#"SELECT b.id AS "id: BookingId", b.contact_id AS "contact: ContactId", b.starts_at, b.reminder_minutes,
                  o.names AS "what: Json<Text>", p.name AS who, p.zone
           FROM bookings b
           JOIN providers p ON p.workspace_id = b.workspace_id AND p.id = b.provider_id
           JOIN offerings o ON o.workspace_id = b.workspace_id AND o.id = b.offering_id
           WHERE b.workspace_id = $1 AND b.starts_at > $2 AND b.starts_at <= $3 AND b.status IN ('booked', 'confirmed')
             AND EXISTS (SELECT FROM unnest(b.reminder_minutes) AS m(before)
                         WHERE b.starts_at - make_interval(mins => m.before) = $2)
             -- That at this moment, or a later one of the same beginning, is queued.
             AND (b.reminded_at IS NULL OR b.reminded_at < $2)
             AND ($4::timestamptz IS NULL OR (b.starts_at, b.id) > ($4, $5::uuid))
           ORDER BY b.starts_at, b.id LIMIT $6"#,
        work.workspace().uuid(),
        due,
        latest,
        at,
        id.map(BookingId::uuid),
        limit
    )
    .fetch_all(work.conn())
    .await
}

/// The outcome of the reminder of a booking with this beginning.
pub(in crate::appointments) struct Noted {
    pub id: BookingId,
    pub starts_at: Timestamp,
    /// Why it reaches nobody. `None`: it was queued.
    pub unreachable: Option<&'static str>,
}

/// Stores the outcomes of reminders, except for bookings that were moved or ended meanwhile. Returns the stored ones.
/// The version of a booking stays, so a member who edits it gets no conflict.
pub(in crate::appointments) async fn note(
    work: &mut Work,
    all: &[Noted],
) -> Result<HashSet<BookingId>, sqlx::Error> {
    // Locks in the order of ids, so that two runs wait for each other and do not deadlock.
    let noted = sqlx::query_scalar!(
        r#"WITH held AS (
               SELECT b.id, n.unreachable
               FROM unnest($2::uuid[], $3::timestamptz[], $4::text[]) AS n(id, starts_at, unreachable)
               JOIN bookings b ON b.workspace_id = $1 AND b.id = n.id AND b.starts_at = n.starts_at
               WHERE b.status IN ('booked', 'confirmed') ORDER BY b.id FOR NO KEY UPDATE OF b
           )
           UPDATE bookings b SET unreachable = held.unreachable,
                                 reminded_at = CASE WHEN held.unreachable IS NULL THEN $5 ELSE b.reminded_at END
           FROM held WHERE b.workspace_id = $1 AND b.id = held.id
           RETURNING b.id AS "id: BookingId""#,
        work.workspace().uuid(),
        &all.iter().map(|one| one.id.uuid()).collect::<Vec<Uuid>>(),
        &all.iter().map(|one| one.starts_at).collect::<Vec<_>>(),
        &all.iter().map(|one| one.unreachable.map(str::to_owned)).collect::<Vec<_>>() as &[Option<String>],
        work.now()
    )
    .fetch_all(work.conn())
    .await?;
    Ok(noted.into_iter().collect())
}
