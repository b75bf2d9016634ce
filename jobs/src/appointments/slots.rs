//! Free slots: what can be booked, as it stands now.

use chrono::{Days, NaiveDate, TimeDelta};
use kazi_platform::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    AppointmentError, BookingId, Offering, OfferingId, Staff, StaffId,
    calendar::Calendar,
    store::{self, offerings, staff},
};
use crate::{
    Work,
    violations::{Violations, invalid},
};

/// The most days of one question.
const DAYS_LIMIT: i64 = 62;
/// The most slots of one answer.
const SLOTS_LIMIT: usize = 1_000;
/// Days that are not like their weekday, of one question and the days around it.
const SPECIAL_LIMIT: i64 = DAYS_LIMIT + 4;

/// What is asked for.
#[derive(Clone, Copy, Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SlotQuery {
    /// What is to be booked.
    pub offering: OfferingId,
    /// With whom; else with anybody who does it.
    pub provider: Option<StaffId>,
    /// Not before; now, if nothing is said.
    #[param(value_type = Option<String>, format = DateTime)]
    pub from: Option<Timestamp>,
    /// Before this time, at most 62 days after `from`; seven days after it, if nothing is said.
    #[param(value_type = Option<String>, format = DateTime)]
    pub until: Option<Timestamp>,
}

/// A time that can be booked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Slot {
    /// With whom.
    pub provider: StaffId,
    /// The beginning.
    #[schema(value_type = String, format = DateTime)]
    pub starts_at: Timestamp,
    /// The end.
    #[schema(value_type = String, format = DateTime)]
    pub ends_at: Timestamp,
    /// The day of the beginning on the staff's calendar.
    #[schema(value_type = String, format = Date)]
    pub day: NaiveDate,
}

/// What can be booked, by time; at most 1,000.
///
/// # Errors
/// See [`AppointmentError`].
pub async fn slots(work: &mut Work, query: &SlotQuery) -> Result<Vec<Slot>, AppointmentError> {
    let from = query.from.unwrap_or(work.now());
    let until = query
        .until
        .or_else(|| from.checked_add_signed(TimeDelta::days(7)))
        .unwrap_or(from);
    let mut violations = Violations::default();
    violations.unless(from < until, "/until", "not_after", "must be after `from`");
    violations.unless(
        until.signed_duration_since(from) <= TimeDelta::days(DAYS_LIMIT),
        "/until",
        "too_long",
        format!("must be at most {DAYS_LIMIT} days after `from`"),
    );
    violations.end()?;
    let offering = offerings::offering(work, query.offering).await?;
    let unknown = |field, what| invalid(field, ("unknown", format!("there is no such {what}")));
    let offering = offering.ok_or_else(|| unknown("/offering", "offering"))?;
    if let Some(staff) = query.provider
        && !offering.providers.contains(&staff)
    {
        let rule = "does not do what is asked for".to_owned();
        return Err(invalid("/provider", ("unknown", rule)).into());
    }
    let mut all = Vec::new();
    for id in &offering.providers {
        if query.provider.is_none_or(|wanted| wanted == *id)
            && let Some(staff) = staff::staff(work, *id).await?
        {
            all.extend(of_staff(work, &offering, &staff, from, until).await?);
        }
    }
    all.sort_by_key(|slot| (slot.starts_at, slot.provider));
    all.truncate(SLOTS_LIMIT);
    Ok(all)
}

/// What customers can book with one staff; nothing where either is not active.
pub(super) async fn of_staff(
    work: &mut Work,
    offering: &Offering,
    staff: &Staff,
    from: Timestamp,
    until: Timestamp,
) -> Result<Vec<Slot>, sqlx::Error> {
    let from = from.max(work.now() + TimeDelta::minutes(offering.min_ahead_minutes.into()));
    let until = until.min(work.now() + TimeDelta::days(offering.max_ahead_days.into()));
    if !offering.active || !staff.active || from >= until {
        return Ok(Vec::new());
    }
    let calendar = calendar(work, staff, from, until, None).await?;
    let length = offering.length();
    let slots = calendar.slots(&length, from, until).into_iter();
    Ok(slots
        .map(|starts_at| Slot {
            provider: staff.id,
            starts_at,
            ends_at: starts_at + length.duration,
            day: calendar.day(starts_at),
        })
        .collect())
}

/// Staff's time between two instants, but for one booking: that which is to be moved.
pub(super) async fn calendar(
    work: &mut Work,
    staff: &Staff,
    from: Timestamp,
    until: Timestamp,
    but: Option<BookingId>,
) -> Result<Calendar, sqlx::Error> {
    let zone = staff.tz()?;
    let first = from.with_timezone(&zone).date_naive() - Days::new(1);
    // What begins in time may end, with its buffer, two days later.
    let end = until + TimeDelta::days(2);
    Ok(Calendar {
        zone,
        week: staff::week(work, staff.id).await?,
        special: staff::special(work, staff.id, first, SPECIAL_LIMIT).await?,
        taken: store::taken(work, staff.id, from, end, but).await?,
    })
}
