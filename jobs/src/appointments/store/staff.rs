//! SQL of the staff and their hours.

use chrono::NaiveDate;
use sqlx::types::Json;

use crate::{
    Work,
    appointments::{NewStaff, Staff, StaffId, StaffKind},
    workspaces::{DayTime, Hours, Opening, SpecialDay},
};

/// The staff by their ids, after the given one. `active` selects those that can or cannot be booked.
pub async fn all_staff(
    work: &mut Work,
    active: Option<bool>,
    after: Option<StaffId>,
    limit: i64,
) -> Result<Vec<Staff>, sqlx::Error> {
    sqlx::query_as!(
        Staff,
        r#"SELECT id AS "id: StaffId", kind AS "kind: StaffKind", name, zone, active, created_at, updated_at, version
           FROM providers
           WHERE workspace_id = $1 AND ($2::boolean IS NULL OR active = $2) AND ($3::uuid IS NULL OR id > $3)
           ORDER BY id LIMIT $4"#,
        work.workspace().uuid(),
        active,
        after.map(StaffId::uuid),
        limit
    )
    .fetch_all(work.conn())
    .await
}

pub async fn staff(work: &mut Work, id: StaffId) -> Result<Option<Staff>, sqlx::Error> {
    sqlx::query_as!(
        Staff,
        r#"SELECT id AS "id: StaffId", kind AS "kind: StaffKind", name, zone, active, created_at, updated_at, version
           FROM providers WHERE workspace_id = $1 AND id = $2"#,
        work.workspace().uuid(),
        id.uuid()
    )
    .fetch_optional(work.conn())
    .await
}

/// Locks the staff until the transaction ends. Changes and bookings of this staff wait.
pub async fn lock_staff(work: &mut Work, id: StaffId) -> Result<Option<Staff>, sqlx::Error> {
    sqlx::query_as!(
        Staff,
        r#"SELECT id AS "id: StaffId", kind AS "kind: StaffKind", name, zone, active, created_at, updated_at, version
           FROM providers WHERE workspace_id = $1 AND id = $2 FOR NO KEY UPDATE"#,
        work.workspace().uuid(),
        id.uuid()
    )
    .fetch_optional(work.conn())
    .await
}

pub(in crate::appointments) async fn insert(
    work: &mut Work,
    id: StaffId,
    new: &NewStaff,
) -> Result<Staff, sqlx::Error> {
    sqlx::query_as!(
        Staff,
        r#"INSERT INTO providers (workspace_id, id, kind, name, zone) VALUES ($1, $2, $3, $4, $5)
           RETURNING id AS "id: StaffId", kind AS "kind: StaffKind", name, zone, active, created_at, updated_at, version"#,
        work.workspace().uuid(),
        id.uuid(),
        new.kind.name(),
        new.name,
        new.zone
    )
    .fetch_one(work.conn())
    .await
}

pub(in crate::appointments) async fn update(
    work: &mut Work,
    staff: &Staff,
) -> Result<Staff, sqlx::Error> {
    sqlx::query_as!(
        Staff,
        r#"UPDATE providers SET kind = $3, name = $4, zone = $5, active = $6, updated_at = clock_timestamp()
           WHERE workspace_id = $1 AND id = $2
           RETURNING id AS "id: StaffId", kind AS "kind: StaffKind", name, zone, active, created_at, updated_at, version"#,
        work.workspace().uuid(),
        staff.id.uuid(),
        staff.kind.name(),
        staff.name,
        staff.zone,
        staff.active
    )
    .fetch_one(work.conn())
    .await
}

pub(in crate::appointments) async fn week(
    work: &mut Work,
    staff: StaffId,
) -> Result<Vec<Opening>, sqlx::Error> {
    let rows = sqlx::query!(
        "SELECT weekday, from_minute, until_minute FROM opening_hours
         WHERE workspace_id = $1 AND provider_id = $2 ORDER BY weekday, from_minute",
        work.workspace().uuid(),
        staff.uuid()
    )
    .fetch_all(work.conn())
    .await?;
    let opening = |weekday, from, until| {
        Some(Opening {
            weekday,
            from: DayTime::of_minute(from)?,
            until: DayTime::of_minute(until)?,
        })
    };
    let all = rows.into_iter();
    Ok(all
        .filter_map(|row| opening(row.weekday, row.from_minute, row.until_minute))
        .collect())
}

pub(in crate::appointments) async fn set_week(
    work: &mut Work,
    staff: StaffId,
    week: &[Opening],
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "DELETE FROM opening_hours WHERE workspace_id = $1 AND provider_id = $2",
        work.workspace().uuid(),
        staff.uuid()
    )
    .execute(work.conn())
    .await?;
    let weekdays: Vec<i16> = week.iter().map(|opening| opening.weekday).collect();
    let from: Vec<i16> = week.iter().map(|opening| opening.from.minute()).collect();
    let until: Vec<i16> = week.iter().map(|opening| opening.until.minute()).collect();
    sqlx::query!(
        "INSERT INTO opening_hours (workspace_id, provider_id, weekday, from_minute, until_minute)
         SELECT $1, $2, * FROM unnest($3::smallint[], $4::smallint[], $5::smallint[])",
        work.workspace().uuid(),
        staff.uuid(),
        &weekdays,
        &from,
        &until
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Counts a change of the hours as one of the staff, whose version stands for both. Returns the new version.
pub(in crate::appointments) async fn touch(
    work: &mut Work,
    staff: StaffId,
) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        "UPDATE providers SET updated_at = clock_timestamp() WHERE workspace_id = $1 AND id = $2 RETURNING version",
        work.workspace().uuid(),
        staff.uuid()
    )
    .fetch_one(work.conn())
    .await
}

pub(in crate::appointments) async fn special(
    work: &mut Work,
    staff: StaffId,
    from: NaiveDate,
    limit: i64,
) -> Result<Vec<SpecialDay>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT day, hours AS "hours: Json<Vec<Hours>>" FROM special_hours
           WHERE workspace_id = $1 AND provider_id = $2 AND day >= $3 ORDER BY day LIMIT $4"#,
        work.workspace().uuid(),
        staff.uuid(),
        from,
        limit
    )
    .fetch_all(work.conn())
    .await?;
    let all = rows.into_iter();
    Ok(all
        .map(|row| SpecialDay {
            day: row.day,
            hours: row.hours.0,
        })
        .collect())
}

pub(in crate::appointments) async fn set_special(
    work: &mut Work,
    staff: StaffId,
    day: &SpecialDay,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO special_hours (workspace_id, provider_id, day, hours) VALUES ($1, $2, $3, $4)
         ON CONFLICT (workspace_id, provider_id, day) DO UPDATE SET hours = $4",
        work.workspace().uuid(),
        staff.uuid(),
        day.day,
        Json(&day.hours) as _
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

pub(in crate::appointments) async fn drop_special(
    work: &mut Work,
    staff: StaffId,
    day: NaiveDate,
) -> Result<Option<SpecialDay>, sqlx::Error> {
    let row = sqlx::query!(
        r#"DELETE FROM special_hours WHERE workspace_id = $1 AND provider_id = $2 AND day = $3
           RETURNING day, hours AS "hours: Json<Vec<Hours>>""#,
        work.workspace().uuid(),
        staff.uuid(),
        day
    )
    .fetch_optional(work.conn())
    .await?;
    Ok(row.map(|row| SpecialDay {
        day: row.day,
        hours: row.hours.0,
    }))
}
