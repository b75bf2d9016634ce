//! Staff: who or what can be booked, and the opening hours.

use chrono::NaiveDate;
use chrono_tz::Tz;
use kazi_platform::{Timestamp, invalid::Invalid};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

pub use super::store::staff::{all_staff, lock_staff, staff};
use super::{AppointmentError, StaffId, StaffKind, store::staff as store};
use crate::{
    Work,
    audit::Change,
    violations::Violations,
    workspaces::{Opening, SpecialDay, check_day, check_week},
};

const KIND: &str = "provider";
const NAME_LIMIT: usize = 60;
/// The most special days of one answer.
const SPECIAL_LIMIT: i64 = 400;

/// A person, a room or a desk that can be booked.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Provider)]
pub struct Staff {
    pub id: StaffId,
    pub kind: StaffKind,
    /// The name that customers read.
    #[schema(example = "Wanjiru")]
    pub name: String,
    /// The IANA time zone of the opening hours.
    #[schema(example = "Africa/Nairobi")]
    pub zone: String,
    pub active: bool,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
    /// Rises with each change. The `ETag` is made of it.
    #[schema(example = 3)]
    pub version: i64,
}

impl Staff {
    pub(super) fn tz(&self) -> Result<Tz, sqlx::Error> {
        self.zone
            .parse()
            .map_err(|error| sqlx::Error::Decode(Box::new(error)))
    }
}

#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewProvider)]
pub struct NewStaff {
    pub kind: StaffKind,
    /// The name that customers read.
    #[schema(example = "Wanjiru", min_length = 1, max_length = 60)]
    pub name: String,
    /// An IANA time zone.
    #[schema(example = "Africa/Nairobi")]
    pub zone: String,
}

/// Fields that are left out stay.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ProviderPatch)]
pub struct StaffPatch {
    pub kind: Option<StaffKind>,
    /// The name that customers read.
    #[schema(example = "Wanjiru", min_length = 1, max_length = 60)]
    pub name: Option<String>,
    /// An IANA time zone. Existing bookings keep their instant.
    #[schema(example = "Africa/Nairobi")]
    pub zone: Option<String>,
    /// Whether it can be booked. Existing bookings stay.
    pub active: Option<bool>,
}

/// The opening hours of one staff.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Timetable {
    pub week: Vec<Opening>,
    /// Days with hours of their own, from today on.
    pub special: Vec<SpecialDay>,
}

fn check(name: &str, zone: &str) -> Result<(), Invalid> {
    let mut violations = Violations::default();
    violations.text("/name", name, 1, NAME_LIMIT);
    violations.unless(
        zone.parse::<Tz>().is_ok(),
        "/zone",
        "unknown_zone",
        "must be an IANA time zone like Africa/Nairobi",
    );
    violations.end()
}

/// Adds to the staff. The new one has no opening hours yet.
pub async fn create_staff(work: &mut Work, new: &NewStaff) -> Result<Staff, AppointmentError> {
    check(&new.name, &new.zone)?;
    let made = store::insert(work, StaffId::new(), new).await?;
    let (action, subject) = ("appointments.create_provider", (KIND, made.id));
    work.audit(&Change::created(action, subject, &made)).await?;
    Ok(made)
}

/// Changes the staff that [`lock_staff`] has locked.
pub async fn update_staff(
    work: &mut Work,
    before: &Staff,
    patch: StaffPatch,
) -> Result<Staff, AppointmentError> {
    let mut after = before.clone();
    after.kind = patch.kind.unwrap_or(after.kind);
    after.name = patch.name.unwrap_or(after.name);
    after.zone = patch.zone.unwrap_or(after.zone);
    after.active = patch.active.unwrap_or(after.active);
    check(&after.name, &after.zone)?;
    let after = store::update(work, &after).await?;
    let (action, subject) = ("appointments.update_provider", (KIND, after.id));
    work.audit(&Change::updated(action, subject, before, &after))
        .await?;
    Ok(after)
}

/// Reads the weekly hours, and the special days from a day on.
pub async fn timetable(
    work: &mut Work,
    staff: StaffId,
    from: NaiveDate,
) -> Result<Timetable, sqlx::Error> {
    Ok(Timetable {
        week: store::week(work, staff).await?,
        special: store::special(work, staff, from, SPECIAL_LIMIT).await?,
    })
}

/// Replaces the weekly hours of the staff that [`lock_staff`] has locked. Existing bookings stay. Returns the new version of
/// the staff.
pub async fn set_hours(
    work: &mut Work,
    staff: &Staff,
    week: &[Opening],
) -> Result<i64, AppointmentError> {
    let mut violations = Violations::default();
    check_week(&mut violations, "/week", week);
    violations.end()?;
    let before = json!({"week": store::week(work, staff.id).await?});
    store::set_week(work, staff.id, week).await?;
    let (action, after) = ("appointments.set_hours", json!({"week": week}));
    let subject = (KIND, staff.id);
    work.audit(&Change::updated(action, subject, &before, &after))
        .await?;
    Ok(store::touch(work, staff.id).await?)
}

/// Sets the hours of one day, in place of the hours of its weekday. Empty hours mean closed. Existing bookings stay. Returns
/// the new version of the staff, which [`lock_staff`] has locked.
pub async fn set_special_day(
    work: &mut Work,
    staff: &Staff,
    day: &SpecialDay,
) -> Result<i64, AppointmentError> {
    let mut violations = Violations::default();
    check_day(&mut violations, "/hours", &day.hours, |at| {
        format!("/hours/{at}")
    });
    let today = work.now().with_timezone(&staff.tz()?).date_naive();
    let ahead = (day.day - today).num_days();
    violations.unless(
        (0..=3 * 366).contains(&ahead),
        "",
        "out_of_range",
        "the day must be today or one of the next three years",
    );
    violations.end()?;
    let next = store::special(work, staff.id, day.day, 1).await?;
    let before = next.into_iter().find(|special| special.day == day.day);
    store::set_special(work, staff.id, day).await?;
    let action = "appointments.set_special_day";
    note_day(work, action, staff.id, (before.as_ref(), Some(day))).await?;
    Ok(store::touch(work, staff.id).await?)
}

/// Removes the special hours of a day. Returns the new version of the staff, which [`lock_staff`] has locked. `None`: there
/// were no such hours.
pub async fn drop_special_day(
    work: &mut Work,
    staff: &Staff,
    day: NaiveDate,
) -> Result<Option<i64>, sqlx::Error> {
    let Some(before) = store::drop_special(work, staff.id, day).await? else {
        return Ok(None);
    };
    let action = "appointments.drop_special_day";
    note_day(work, action, staff.id, (Some(&before), None)).await?;
    store::touch(work, staff.id).await.map(Some)
}

/// Each special day is a field of the staff for the log: `special.2026-03-03`.
async fn note_day(
    work: &mut Work,
    action: &'static str,
    staff: StaffId,
    (before, after): (Option<&SpecialDay>, Option<&SpecialDay>),
) -> Result<(), sqlx::Error> {
    let field = |day: Option<&SpecialDay>| -> Map<String, Value> {
        let pair = day.map(|day| (format!("special.{}", day.day), json!(day.hours)));
        pair.into_iter().collect()
    };
    let (before, after) = (field(before), field(after));
    work.audit(&Change::updated(action, (KIND, staff), &before, &after))
        .await
}
