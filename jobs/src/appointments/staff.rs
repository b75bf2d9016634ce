//! Providers: who or what can be booked, and when they are open.

use chrono::NaiveDate;
use chrono_tz::Tz;
use kazi_platform::{Timestamp, invalid::Invalid};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use super::store::staff::{all_staff, lock_staff, staff};
use super::{
    AppointmentError, Hours, Opening, SpecialDay, StaffId, StaffKind, store::staff as store,
};
use crate::{Work, audit::Change, violations::Violations};

const NAME_LIMIT: usize = 60;
/// Openings of a day.
const OPENINGS_LIMIT: usize = 10;
/// Days that are not like their weekday, from today on.
const SPECIAL_LIMIT: i64 = 400;

/// Who or what can be booked.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Provider)]
pub struct Staff {
    /// Its id.
    pub id: StaffId,
    /// What it is.
    pub kind: StaffKind,
    /// What customers read.
    #[schema(example = "Wanjiru")]
    pub name: String,
    /// On whose clocks its hours are read: an IANA time zone.
    #[schema(example = "Africa/Nairobi")]
    pub zone: String,
    /// Whether it can be booked.
    pub active: bool,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When it was changed last.
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
}

impl Staff {
    pub(super) fn tz(&self) -> Result<Tz, sqlx::Error> {
        self.zone
            .parse()
            .map_err(|error| sqlx::Error::Decode(Box::new(error)))
    }
}

/// Staff to be made.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewProvider)]
pub struct NewStaff {
    /// What it is.
    pub kind: StaffKind,
    /// What customers read.
    #[schema(example = "Wanjiru", min_length = 1, max_length = 60)]
    pub name: String,
    /// An IANA time zone.
    #[schema(example = "Africa/Nairobi")]
    pub zone: String,
}

/// What of staff is to be changed; what is left out stays.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ProviderPatch)]
pub struct StaffPatch {
    /// What it is.
    pub kind: Option<StaffKind>,
    /// What customers read.
    #[schema(example = "Wanjiru", min_length = 1, max_length = 60)]
    pub name: Option<String>,
    /// An IANA time zone. What is booked stays at its instant.
    #[schema(example = "Africa/Nairobi")]
    pub zone: Option<String>,
    /// Whether it can be booked. What is booked stays.
    pub active: Option<bool>,
}

/// When staff is open.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Timetable {
    /// Every week.
    pub week: Vec<Opening>,
    /// Days that are not like their weekday, from today on.
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
///
/// # Errors
/// See [`AppointmentError`].
pub async fn create_staff(work: &mut Work, new: &NewStaff) -> Result<Staff, AppointmentError> {
    check(&new.name, &new.zone)?;
    let made = store::insert(work, StaffId::new(), new).await?;
    let action = "appointments.create_provider";
    record(work, action, made.id, None, Some(&made)).await?;
    Ok(made)
}

/// Changes the staff that [`lock_staff`] has locked.
///
/// # Errors
/// See [`AppointmentError`].
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
    let (action, id) = ("appointments.update_provider", after.id);
    record(work, action, id, Some(before), Some(&after)).await?;
    Ok(after)
}

/// When staff is open: every week, and from a day on.
///
/// # Errors
/// The database failed.
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

/// Notes the violations of a day's hours; `field` gives the pointer of one.
fn check_hours(violations: &mut Violations, hours: &[Hours], field: impl Fn(usize) -> String) {
    for (at, one) in hours.iter().enumerate() {
        violations.unless(
            one.from < one.until,
            format!("{}/until", field(at)),
            "not_after",
            "must be after `from`: hours that go past midnight are two, until 24:00 and from 00:00",
        );
        let earlier = &hours[..at];
        let overlaps = |other: &Hours| other.from < one.until && one.from < other.until;
        violations.unless(
            !earlier.iter().any(overlaps),
            field(at),
            "overlaps",
            "must not overlap with other hours of the day",
        );
    }
}

/// Sets the hours of every week. What is booked stays.
///
/// # Errors
/// See [`AppointmentError`].
pub async fn set_hours(
    work: &mut Work,
    staff: &Staff,
    week: &[Opening],
) -> Result<(), AppointmentError> {
    let mut violations = Violations::default();
    for (at, opening) in week.iter().enumerate() {
        violations.unless(
            (1..=7).contains(&opening.weekday),
            format!("/week/{at}/weekday"),
            "out_of_range",
            "must be 1 (Monday) to 7 (Sunday)",
        );
    }
    for weekday in 1..=7 {
        let of_day = || {
            let all = week.iter().enumerate();
            all.filter(|(_, opening)| opening.weekday == weekday)
        };
        let places: Vec<usize> = of_day().map(|(at, _)| at).collect();
        let hours: Vec<Hours> = of_day()
            .map(|(_, &Opening { from, until, .. })| Hours { from, until })
            .collect();
        violations.unless(
            hours.len() <= OPENINGS_LIMIT,
            "/week",
            "too_many",
            too_many(),
        );
        if hours.len() <= OPENINGS_LIMIT {
            let field =
                |at: usize| format!("/week/{}", places.get(at).copied().unwrap_or_default());
            check_hours(&mut violations, &hours, field);
        }
    }
    violations.end()?;
    let before = store::week(work, staff.id).await?;
    store::set_week(work, staff.id, week).await?;
    let after = week.to_vec();
    let (before, after) = (Some(&before), Some(&after));
    let action = "appointments.set_hours";
    Ok(record(work, action, staff.id, before, after).await?)
}

fn too_many() -> String {
    format!("must be at most {OPENINGS_LIMIT} a day")
}

/// Sets the hours of one day, whatever its weekday is; none: closed. What is booked stays.
///
/// # Errors
/// See [`AppointmentError`].
pub async fn set_special_day(
    work: &mut Work,
    staff: &Staff,
    day: &SpecialDay,
) -> Result<(), AppointmentError> {
    let mut violations = Violations::default();
    violations.unless(
        day.hours.len() <= OPENINGS_LIMIT,
        "/hours",
        "too_many",
        too_many(),
    );
    if day.hours.len() <= OPENINGS_LIMIT {
        check_hours(&mut violations, &day.hours, |at| format!("/hours/{at}"));
    }
    let today = work.now().with_timezone(&staff.tz()?).date_naive();
    let ahead = (day.day - today).num_days();
    violations.unless(
        (0..=3 * 366).contains(&ahead),
        "",
        "out_of_range",
        "the day must be today or one of the next three years",
    );
    violations.end()?;
    store::set_special(work, staff.id, day).await?;
    let action = "appointments.set_special_day";
    Ok(record(work, action, staff.id, None, Some(day)).await?)
}

/// Makes a day like its weekday again; whether it was not.
///
/// # Errors
/// The database failed.
pub async fn drop_special_day(
    work: &mut Work,
    staff: StaffId,
    day: NaiveDate,
) -> Result<bool, sqlx::Error> {
    let Some(before) = store::drop_special(work, staff, day).await? else {
        return Ok(false);
    };
    let action = "appointments.drop_special_day";
    let after = None::<&SpecialDay>;
    record(work, action, staff, Some(&before), after).await?;
    Ok(true)
}

async fn record<T: Serialize>(
    work: &mut Work,
    action: &'static str,
    subject: StaffId,
    before: Option<&T>,
    after: Option<&T>,
) -> Result<(), sqlx::Error> {
    let fields = |value: &T| serde_json::to_value(value).unwrap_or_default();
    let (before, after) = (before.map(fields), after.map(fields));
    let change = Change {
        action,
        subject_kind: "provider",
        subject: subject.uuid(),
        before: before.as_ref(),
        after: after.as_ref(),
    };
    work.audit(&change).await
}
