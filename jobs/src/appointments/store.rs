//! SQL of the bookings.

pub(super) mod deeds;
pub(super) mod offerings;
pub(super) mod people;
pub(super) mod reminders;
pub(super) mod staff;

use kazi_platform::{Timestamp, WorkspaceId};
use serde::Serialize;
use sqlx::PgConnection;
use utoipa::ToSchema;

use super::{BookingId, OfferingId, StaffId, Status};
use crate::{Work, contacts::ContactId, workspaces::Stretch};

pub use people::{change_contact, erase, of_contact};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Booking {
    pub id: BookingId,
    pub provider_id: StaffId,
    pub offering_id: OfferingId,
    pub contact_id: ContactId,
    #[schema(value_type = String, format = DateTime)]
    pub starts_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    pub ends_at: Timestamp,
    pub status: Status,
    /// Grows with each change.
    pub version: i64,
    /// Minor units: the price when it was booked.
    pub price_minor: Option<i64>,
    /// ISO 4217.
    #[schema(example = "KES")]
    pub currency: Option<String>,
    /// Minutes before the beginning at which the customer is reminded.
    pub reminder_minutes: Vec<i32>,
    /// A remark for the members.
    pub note: Option<String>,
    /// When the newest reminder was queued.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub reminded_at: Option<Timestamp>,
    /// Why the newest reminder reached nobody: blocked, no_channel, no_template, or of a template that Meta has made
    /// marketing: opted_out, no_consent, us_marketing.
    #[schema(example = "no_template")]
    pub unreachable: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
}

/// All given conditions must hold.
#[derive(Clone, Copy, Debug, Default)]
pub struct BookingFilter {
    pub staff: Option<StaffId>,
    pub offering: Option<OfferingId>,
    pub contact: Option<ContactId>,
    pub status: Option<Status>,
    /// The booking begins at this time or later.
    pub from: Option<Timestamp>,
    /// The booking begins before this time.
    pub until: Option<Timestamp>,
    /// Whether the newest reminder reached nobody.
    pub unreachable: Option<bool>,
}

/// The bookings by their beginnings, after the given one.
pub async fn bookings(
    work: &mut Work,
    filter: &BookingFilter,
    after: Option<(Timestamp, BookingId)>,
    limit: i64,
) -> Result<Vec<Booking>, sqlx::Error> {
    let (at, id) = after.unzip();
    sqlx::query_as!(
        Booking,
        r#"SELECT id AS "id: BookingId", provider_id AS "provider_id: StaffId", offering_id AS "offering_id: OfferingId",
                  contact_id AS "contact_id: ContactId", starts_at, ends_at, status AS "status: Status", version, price_minor,
                  currency, reminder_minutes, note, reminded_at, unreachable, created_at, updated_at
           FROM bookings
           WHERE workspace_id = $1
             AND ($2::timestamptz IS NULL OR (starts_at, id) > ($2, $3::uuid))
             AND ($4::uuid IS NULL OR provider_id = $4) AND ($5::uuid IS NULL OR offering_id = $5)
             AND ($6::uuid IS NULL OR contact_id = $6) AND ($7::text IS NULL OR status = $7)
             AND ($8::timestamptz IS NULL OR starts_at >= $8) AND ($9::timestamptz IS NULL OR starts_at < $9)
             AND ($10::boolean IS NULL OR (unreachable IS NOT NULL) = $10)
           ORDER BY starts_at, id LIMIT $11"#,
        work.workspace().uuid(),
        at,
        id.map(BookingId::uuid),
        filter.staff.map(StaffId::uuid),
        filter.offering.map(OfferingId::uuid),
        filter.contact.map(ContactId::uuid),
        filter.status.map(Status::name),
        filter.from,
        filter.until,
        filter.unreachable,
        limit
    )
    .fetch_all(work.conn())
    .await
}

pub async fn count(work: &mut Work, filter: &BookingFilter) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT count(*) AS "n!" FROM bookings
           WHERE workspace_id = $1
             AND ($2::uuid IS NULL OR provider_id = $2) AND ($3::uuid IS NULL OR offering_id = $3)
             AND ($4::uuid IS NULL OR contact_id = $4) AND ($5::text IS NULL OR status = $5)
             AND ($6::timestamptz IS NULL OR starts_at >= $6) AND ($7::timestamptz IS NULL OR starts_at < $7)
             AND ($8::boolean IS NULL OR (unreachable IS NOT NULL) = $8)"#,
        work.workspace().uuid(),
        filter.staff.map(StaffId::uuid),
        filter.offering.map(OfferingId::uuid),
        filter.contact.map(ContactId::uuid),
        filter.status.map(Status::name),
        filter.from,
        filter.until,
        filter.unreachable
    )
    .fetch_one(work.conn())
    .await
}

pub async fn booking(work: &mut Work, id: BookingId) -> Result<Option<Booking>, sqlx::Error> {
    sqlx::query_as!(
        Booking,
        r#"SELECT id AS "id: BookingId", provider_id AS "provider_id: StaffId", offering_id AS "offering_id: OfferingId",
                  contact_id AS "contact_id: ContactId", starts_at, ends_at, status AS "status: Status", version, price_minor,
                  currency, reminder_minutes, note, reminded_at, unreachable, created_at, updated_at
           FROM bookings WHERE workspace_id = $1 AND id = $2"#,
        work.workspace().uuid(),
        id.uuid()
    )
    .fetch_optional(work.conn())
    .await
}

/// Locks the booking until the transaction ends.
pub(super) async fn lock(work: &mut Work, id: BookingId) -> Result<Option<Booking>, sqlx::Error> {
    sqlx::query_as!(
        Booking,
        r#"SELECT id AS "id: BookingId", provider_id AS "provider_id: StaffId", offering_id AS "offering_id: OfferingId",
                  contact_id AS "contact_id: ContactId", starts_at, ends_at, status AS "status: Status", version, price_minor,
                  currency, reminder_minutes, note, reminded_at, unreachable, created_at, updated_at
           FROM bookings WHERE workspace_id = $1 AND id = $2 FOR UPDATE"#,
        work.workspace().uuid(),
        id.uuid()
    )
    .fetch_optional(work.conn())
    .await
}

/// The booked times of one staff between two instants, without the booking `but`.
pub(super) async fn taken(
    work: &mut Work,
    staff: StaffId,
    from: Timestamp,
    until: Timestamp,
    but: Option<BookingId>,
) -> Result<Vec<Stretch>, sqlx::Error> {
    // The same expression as in the constraint, so that its index is used.
    sqlx::query_as!(
        Stretch,
        r#"SELECT starts_at AS "from", free_at AS until FROM bookings
           WHERE workspace_id = $1 AND provider_id = $2 AND tstzrange(starts_at, free_at) && tstzrange($3, $4)
             AND status <> 'cancelled' AND ($5::uuid IS NULL OR id <> $5)
           ORDER BY starts_at"#,
        work.workspace().uuid(),
        staff.uuid(),
        from,
        until,
        but.map(BookingId::uuid)
    )
    .fetch_all(work.conn())
    .await
}

/// Counts a contact's future bookings.
pub(super) async fn ahead(work: &mut Work, contact: ContactId) -> Result<i64, sqlx::Error> {
    let count = sqlx::query_scalar!(
        "SELECT count(*) FROM bookings
         WHERE workspace_id = $1 AND contact_id = $2 AND starts_at > $3 AND status IN ('booked', 'confirmed')",
        work.workspace().uuid(),
        contact.uuid(),
        work.now()
    )
    .fetch_one(work.conn())
    .await?;
    Ok(count.unwrap_or_default())
}

pub(super) async fn insert(
    work: &mut Work,
    new: &Booking,
    free_at: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO bookings (workspace_id, id, provider_id, offering_id, contact_id, starts_at, ends_at, free_at, status,
                               price_minor, currency, reminder_minutes, note, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $14)",
        work.workspace().uuid(),
        new.id.uuid(),
        new.provider_id.uuid(),
        new.offering_id.uuid(),
        new.contact_id.uuid(),
        new.starts_at,
        new.ends_at,
        free_at,
        new.status.name(),
        new.price_minor,
        new.currency,
        &new.reminder_minutes,
        new.note,
        new.created_at
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

pub(super) async fn set_time(
    work: &mut Work,
    booking: &Booking,
    free_at: Timestamp,
) -> Result<Booking, sqlx::Error> {
    sqlx::query_as!(
        Booking,
        r#"UPDATE bookings SET provider_id = $3, starts_at = $4, ends_at = $5, free_at = $6, reminder_minutes = $7,
                  status = 'booked', reminded_at = NULL, unreachable = NULL, updated_at = $8
           WHERE workspace_id = $1 AND id = $2
           RETURNING id AS "id: BookingId", provider_id AS "provider_id: StaffId", offering_id AS "offering_id: OfferingId",
                  contact_id AS "contact_id: ContactId", starts_at, ends_at, status AS "status: Status", version, price_minor,
                  currency, reminder_minutes, note, reminded_at, unreachable, created_at, updated_at"#,
        work.workspace().uuid(),
        booking.id.uuid(),
        booking.provider_id.uuid(),
        booking.starts_at,
        booking.ends_at,
        free_at,
        &booking.reminder_minutes,
        work.now()
    )
    .fetch_one(work.conn())
    .await
}

pub(super) async fn set_status(
    work: &mut Work,
    id: BookingId,
    status: Status,
) -> Result<Booking, sqlx::Error> {
    sqlx::query_as!(
        Booking,
        r#"UPDATE bookings SET status = $3, updated_at = $4 WHERE workspace_id = $1 AND id = $2
           RETURNING id AS "id: BookingId", provider_id AS "provider_id: StaffId", offering_id AS "offering_id: OfferingId",
                  contact_id AS "contact_id: ContactId", starts_at, ends_at, status AS "status: Status", version, price_minor,
                  currency, reminder_minutes, note, reminded_at, unreachable, created_at, updated_at"#,
        work.workspace().uuid(),
        id.uuid(),
        status.name(),
        work.now()
    )
    .fetch_one(work.conn())
    .await
}

/// Open bookings of all workspaces that ended before a time, after the given one. Needs a transaction of the platform.
pub(super) async fn ended(
    conn: &mut PgConnection,
    before: Timestamp,
    after: Option<(Timestamp, WorkspaceId, BookingId)>,
    limit: i64,
) -> Result<Vec<(Timestamp, WorkspaceId, BookingId)>, sqlx::Error> {
    let (at, rest) = after
        .map(|(at, workspace, id)| (at, (workspace, id)))
        .unzip();
    let (workspace, id) = rest.unzip();
    let rows = sqlx::query!(
        r#"SELECT ends_at, workspace_id AS "workspace: WorkspaceId", id AS "id: BookingId" FROM bookings
           WHERE status IN ('booked', 'confirmed') AND ends_at < $1
             AND ($2::timestamptz IS NULL OR (ends_at, workspace_id, id) > ($2, $3::uuid, $4::uuid))
           ORDER BY ends_at, workspace_id, id LIMIT $5"#,
        before,
        at,
        workspace.map(WorkspaceId::uuid),
        id.map(BookingId::uuid),
        limit
    )
    .fetch_all(conn)
    .await?;
    let rows = rows.into_iter();
    Ok(rows
        .map(|row| (row.ends_at, row.workspace, row.id))
        .collect())
}

/// Counts future bookings of all workspaces whose newest reminder reached nobody. Needs a transaction of the platform.
pub async fn count_unreachable(conn: &mut PgConnection) -> Result<i64, sqlx::Error> {
    let count = sqlx::query_scalar!(
        "SELECT count(*) FROM bookings
         WHERE unreachable IS NOT NULL AND status IN ('booked', 'confirmed') AND ends_at > now()"
    )
    .fetch_one(conn)
    .await?;
    Ok(count.unwrap_or_default())
}
