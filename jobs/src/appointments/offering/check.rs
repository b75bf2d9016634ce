//! The rules of an offering's fields.

use std::collections::BTreeSet;

use super::{DAY, Offering};
use crate::{
    Work,
    appointments::{AppointmentError, StaffId, store::offerings as store},
    violations::Violations,
};

const NAME_LIMIT: usize = 60;
const REMINDERS_LIMIT: usize = 5;
const STAFF_LIMIT: usize = 50;
/// Minutes. A reminder comes at most 30 days before the booking.
pub(in crate::appointments) const EARLIEST_REMINDER: i32 = 30 * DAY;
const MOST_AHEAD_DAYS: i32 = 366;
/// Minor units. Higher than any real price, and low enough that sums do not overflow.
const PRICE_LIMIT: i64 = 1_000_000_000_000;

/// Checks all rules, and sorts the reminders and the staff.
pub(super) async fn check(
    work: &mut Work,
    offering: &mut Offering,
) -> Result<(), AppointmentError> {
    let mut violations = Violations::default();
    violations.some_language("/names", &offering.names);
    violations.texts("/names", &offering.names, NAME_LIMIT);
    let mut between = |pointer: &str, value: i32, least: i32, most: i32| {
        let rule = format!("must be {least} to {most}");
        violations.unless(
            (least..=most).contains(&value),
            pointer,
            "out_of_range",
            rule,
        );
    };
    between("/duration_minutes", offering.duration_minutes, 1, DAY);
    between("/buffer_minutes", offering.buffer_minutes, 0, DAY);
    between("/step_minutes", offering.step_minutes, 1, DAY);
    between(
        "/min_ahead_minutes",
        offering.min_ahead_minutes,
        0,
        EARLIEST_REMINDER,
    );
    between(
        "/max_ahead_days",
        offering.max_ahead_days,
        1,
        MOST_AHEAD_DAYS,
    );
    for (at, before) in offering.reminder_minutes.iter().enumerate() {
        between(
            &format!("/reminder_minutes/{at}"),
            *before,
            1,
            EARLIEST_REMINDER,
        );
    }
    violations.unless(
        i64::from(offering.min_ahead_minutes) < i64::from(offering.max_ahead_days) * i64::from(DAY),
        "/min_ahead_minutes",
        "out_of_range",
        "must be less than max_ahead_days",
    );
    violations.unless(
        offering
            .price_minor
            .is_none_or(|price| (0..=PRICE_LIMIT).contains(&price)),
        "/price_minor",
        "out_of_range",
        format!("must be 0 to {PRICE_LIMIT}"),
    );
    violations.unless(
        offering.reminder_minutes.len() <= REMINDERS_LIMIT,
        "/reminder_minutes",
        "too_many",
        format!("must be at most {REMINDERS_LIMIT}"),
    );
    violations.unless(
        offering.provider_ids.len() <= STAFF_LIMIT,
        "/provider_ids",
        "too_many",
        format!("must be at most {STAFF_LIMIT}"),
    );
    if offering.provider_ids.len() <= STAFF_LIMIT {
        let known = store::known_staff(work, &offering.provider_ids).await?;
        for (at, staff) in offering.provider_ids.iter().enumerate() {
            let rule = "there is no such provider";
            violations.unless(
                known.contains(staff),
                format!("/provider_ids/{at}"),
                "unknown",
                rule,
            );
        }
    }
    violations.end()?;
    let reminders: BTreeSet<i32> = offering.reminder_minutes.drain(..).collect();
    offering.reminder_minutes = reminders.into_iter().rev().collect();
    let staff: BTreeSet<StaffId> = offering.provider_ids.drain(..).collect();
    offering.provider_ids = staff.into_iter().collect();
    Ok(())
}
