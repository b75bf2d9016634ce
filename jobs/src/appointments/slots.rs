//! Free slots: the times that can be booked now.

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

/// The longest range of one query.
const DAYS_LIMIT: i64 = 62;
/// The most slots of one answer.
const SLOTS_LIMIT: usize = 1_000;
/// Special days of one query and the days around it.
const SPECIAL_LIMIT: i64 = DAYS_LIMIT + 4;

#[derive(Clone, Copy, Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SlotQuery {
    pub offering: OfferingId,
    /// Default: all staff of the offering.
    pub provider: Option<StaffId>,
    /// The earliest beginning. Default: now.
    #[param(value_type = Option<String>, format = DateTime)]
    pub from: Option<Timestamp>,
    /// Slots begin before this time, at most 62 days after `from`. Default: seven days after `from`.
    #[param(value_type = Option<String>, format = DateTime)]
    pub until: Option<Timestamp>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Slot {
    pub provider: StaffId,
    #[schema(value_type = String, format = DateTime)]
    pub starts_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    pub ends_at: Timestamp,
    /// The date of the beginning in the time zone of the staff.
    #[schema(value_type = String, format = Date)]
    pub day: NaiveDate,
}

/// Returns the free slots by time, at most 1,000.
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

/// Returns the slots of one staff that customers can book. An inactive offering or staff has none.
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

/// Reads the calendar of one staff between two instants. The booking `but` counts as free: it is the one that is moved.
pub(super) async fn calendar(
    work: &mut Work,
    staff: &Staff,
    from: Timestamp,
    until: Timestamp,
    but: Option<BookingId>,
) -> Result<Calendar, sqlx::Error> {
    let zone = staff.tz()?;
    let first = from.with_timezone(&zone).date_naive() - Days::new(1);
    // A booking that begins in time may end, with its buffer, up to two days later.
    let end = until + TimeDelta::days(2);
    Ok(Calendar {
        zone,
        week: staff::week(work, staff.id).await?,
        special: staff::special(work, staff.id, first, SPECIAL_LIMIT).await?,
        taken: store::taken(work, staff.id, from, end, but).await?,
    })
}
