//! Makes, moves, confirms and cancels bookings. Each change commits together with the reminder jobs that follow from
//! it.

use chrono::TimeDelta;
use kazi_platform::{Timestamp, actor::ActorKind};
use kazi_queue::enqueue_all_with;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    AppointmentError, Booking, BookingId, Offering, OfferingId, StaffId, Status, model,
    remind::Remind,
    slots,
    store::{self, offerings, staff},
};
use crate::{
    Work,
    audit::Change,
    contacts::{self, ContactError, ContactId},
    endpoints::{Type, announce},
    violations::{Violations, invalid},
    workspaces::Stretch,
};

const NOTE_LIMIT: usize = 500;
/// Future bookings that one customer may have. Without a limit, one customer could take all slots.
const AHEAD_LIMIT: i64 = 10;

#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewBooking {
    pub offering_id: OfferingId,
    pub provider_id: StaffId,
    pub contact_id: ContactId,
    /// A whole minute.
    #[schema(value_type = String, format = DateTime)]
    pub starts_at: Timestamp,
    /// A remark for the members.
    #[schema(max_length = 500)]
    pub note: Option<String>,
}

#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Move {
    /// The new beginning: a whole minute.
    #[schema(value_type = String, format = DateTime)]
    pub starts_at: Timestamp,
    /// Without it, the staff stays the same.
    pub provider_id: Option<StaffId>,
}

/// Makes a booking. A customer must keep the offering's notice times. A member may book until the last minute.
pub async fn book(
    work: &mut Work,
    id: BookingId,
    new: &NewBooking,
) -> Result<Booking, AppointmentError> {
    let mut violations = Violations::default();
    if let Some(note) = &new.note {
        violations.text("/note", note, 0, NOTE_LIMIT);
    }
    violations.end()?;
    let offering = offerings::offering(work, new.offering_id).await?;
    let offering = offering.filter(|offering| offering.active).ok_or_else(|| {
        let rule = "there is no such offering that can be booked";
        invalid("/offering_id", ("unknown", rule.into()))
    })?;
    match contacts::view(work, new.contact_id).await {
        Ok(_) => {}
        Err(ContactError::Database(error)) => return Err(error.into()),
        Err(_) => {
            return Err(invalid(
                "/contact_id",
                ("unknown", "there is no such contact".into()),
            )
            .into());
        }
    }
    let place = Place {
        offering: &offering,
        staff: new.provider_id,
        starts_at: new.starts_at,
        but: None,
    };
    let stay = place.take(work).await?;
    if work.actor().kind == ActorKind::Customer
        && store::ahead(work, new.contact_id).await? >= AHEAD_LIMIT
    {
        return Err(AppointmentError::TooMany(AHEAD_LIMIT));
    }
    let booking = Booking {
        id,
        provider_id: new.provider_id,
        offering_id: offering.id,
        contact_id: new.contact_id,
        starts_at: new.starts_at,
        ends_at: new.starts_at + offering.length().duration,
        status: Status::Booked,
        version: 1,
        price_minor: offering.price_minor,
        currency: offering.currency.clone(),
        reminder_minutes: offering.reminder_minutes.clone(),
        note: new.note.clone().filter(|note| !note.trim().is_empty()),
        reminded_at: None,
        unreachable: None,
        created_at: work.now(),
        updated_at: work.now(),
    };
    store::insert(work, &booking, stay.until).await?;
    enqueue_reminders(work, &booking).await?;
    record(work, "booked", None, &booking).await?;
    Ok(booking)
}

/// Moves a booking to another time, and perhaps to other staff of the same offering. The customer must confirm the new
/// time again. The jobs of the old reminders find that the time has changed and do nothing; this call enqueues the new
/// ones.
pub async fn move_to(
    work: &mut Work,
    (id, version): (BookingId, Option<i64>),
    to: &Move,
) -> Result<Booking, AppointmentError> {
    let before = locked(work, id, version).await?;
    let staff = to.provider_id.unwrap_or(before.provider_id);
    if (staff, to.starts_at) == (before.provider_id, before.starts_at) && before.status.is_open() {
        return Ok(before);
    }
    if !before.status.is_open() {
        let state = format!("a booking that is {} cannot be moved", before.status);
        return Err(AppointmentError::State(state));
    }
    if before.starts_at <= work.now() {
        return Err(begun());
    }
    let offering = offerings::offering(work, before.offering_id).await?;
    let offering = offering.ok_or(AppointmentError::NotFound("offering"))?;
    let place = Place {
        offering: &offering,
        staff,
        starts_at: to.starts_at,
        but: Some(id),
    };
    let stay = place.take(work).await?;
    let mut after = before.clone();
    after.provider_id = staff;
    after.starts_at = to.starts_at;
    after.ends_at = to.starts_at + offering.length().duration;
    after.reminder_minutes = offering.reminder_minutes.clone();
    let after = store::set_time(work, &after, stay.until).await?;
    enqueue_reminders(work, &after).await?;
    record(work, "moved", Some(&before), &after).await?;
    Ok(after)
}

/// Changes the status: confirmed or cancelled before the beginning, completed or no-show after it. A second call with
/// the same status changes nothing. Reminder jobs of a cancelled booking do nothing.
pub async fn change(
    work: &mut Work,
    (id, version): (BookingId, Option<i64>),
    to: Status,
) -> Result<Booking, AppointmentError> {
    let before = locked(work, id, version).await?;
    if before.status == to {
        return Ok(before);
    }
    if !before.status.may_become(to) {
        let state = format!("a booking that is {} cannot become {to}", before.status);
        return Err(AppointmentError::State(state));
    }
    let has_begun = before.starts_at <= work.now();
    match to {
        Status::Confirmed | Status::Cancelled if has_begun => return Err(begun()),
        Status::Completed | Status::NoShow if !has_begun => {
            return Err(AppointmentError::State("it has not begun".into()));
        }
        _ => {}
    }
    let after = store::set_status(work, id, to).await?;
    record(work, to.name(), Some(&before), &after).await?;
    Ok(after)
}

fn begun() -> AppointmentError {
    AppointmentError::State("it has begun".into())
}

/// Locks the booking until the transaction ends. A customer does not find the bookings of others.
async fn locked(
    work: &mut Work,
    id: BookingId,
    version: Option<i64>,
) -> Result<Booking, AppointmentError> {
    let booking = store::lock(work, id).await?;
    let booking = booking
        .filter(|booking| {
            work.actor().kind != ActorKind::Customer
                || work.actor().id == Some(booking.contact_id.uuid())
        })
        .ok_or(AppointmentError::NotFound("booking"))?;
    match version {
        Some(version) if version != booking.version => Err(AppointmentError::Stale),
        _ => Ok(booking),
    }
}

/// The time that a caller wants to book.
struct Place<'a> {
    offering: &'a Offering,
    staff: StaffId,
    starts_at: Timestamp,
    /// The booking that is moved. Its own time counts as free.
    but: Option<BookingId>,
}

impl Place<'_> {
    /// Locks the staff until the transaction ends, and checks that the time is free. Returns the time with the buffer.
    async fn take(&self, work: &mut Work) -> Result<Stretch, AppointmentError> {
        let offering = self.offering;
        let days = offering.max_ahead_days;
        let notice = match work.actor().kind {
            ActorKind::Customer => offering.min_ahead_minutes,
            _ => 0,
        };
        let mut violations = Violations::default();
        let mut must =
            |holds, code, rule: String| violations.unless(holds, "/starts_at", code, rule);
        let starts_at = self.starts_at;
        must(
            starts_at.timestamp() % 60 == 0 && starts_at.timestamp_subsec_nanos() == 0,
            "not_a_minute",
            "must be a whole minute".into(),
        );
        must(starts_at > work.now(), "past", "must not be past".into());
        must(
            starts_at >= work.now() + TimeDelta::minutes(notice.into()),
            "too_soon",
            format!("must be {notice} minutes ahead at least"),
        );
        must(
            starts_at <= work.now() + TimeDelta::days(days.into()),
            "too_far",
            format!("must be {days} days ahead at most"),
        );
        violations.end()?;
        // A second booking of this staff waits for the lock and then sees ours. The database constraint guards against
        // double bookings even without the lock.
        let staff = staff::lock_staff(work, self.staff).await?;
        let staff = staff
            .filter(|staff| staff.active && offering.provider_ids.contains(&staff.id))
            .ok_or_else(|| {
                let rule = "there is no such provider who can be booked for it";
                invalid("/provider_id", ("unknown", rule.into()))
            })?;
        let length = offering.length();
        let stay = Stretch {
            from: starts_at,
            until: starts_at + length.duration,
        };
        let with_buffer = Stretch {
            until: stay.until + length.buffer,
            ..stay
        };
        let (from, until) = (with_buffer.from, with_buffer.until);
        let calendar = slots::calendar(work, &staff, from, until, self.but).await?;
        if !calendar.is_open(&stay) {
            let rule = "the provider is not open all that time: /api/v1/slots tells when they are";
            return Err(invalid("/starts_at", ("outside_hours", rule.into())).into());
        }
        if !calendar.is_free(&with_buffer) {
            return Err(AppointmentError::Taken);
        }
        Ok(with_buffer)
    }
}

/// Enqueues one job for each reminder time in the future. One job serves all bookings of the workspace with this time.
async fn enqueue_reminders(work: &mut Work, booking: &Booking) -> Result<(), AppointmentError> {
    let all = model::reminders(work.now(), booking.starts_at, &booking.reminder_minutes);
    let (workspace, now) = (work.workspace(), work.now());
    let jobs = all.map(|due| {
        let job = Remind { workspace, due };
        let options = job.options_at(now);
        (job, options)
    });
    enqueue_all_with(work.conn(), jobs.collect()).await?;
    Ok(())
}

async fn record(
    work: &mut Work,
    what: &'static str,
    before: Option<&Booking>,
    after: &Booking,
) -> Result<(), sqlx::Error> {
    metrics::counter!("kazi_appointments_changes_total", "change" => what, "by" => work.actor().kind.name())
        .increment(1);
    let (action, event) = match what {
        "booked" => ("appointments.book", Type::BOOKING_CREATED),
        "moved" => ("appointments.move", Type::BOOKING_MOVED),
        "confirmed" => ("appointments.confirm", Type::BOOKING_CONFIRMED),
        "cancelled" => ("appointments.cancel", Type::BOOKING_CANCELLED),
        "completed" => ("appointments.complete", Type::BOOKING_COMPLETED),
        _ => ("appointments.no_show", Type::BOOKING_NO_SHOW),
    };
    announce(work, event, after.id).await?;
    let subject = ("booking", after.id);
    work.audit(&match before {
        Some(before) => Change::updated(action, subject, before, after),
        // The note is the customer's text, and an erasure does not look for it in the log.
        None => Change::created(
            action,
            subject,
            &Booking {
                note: None,
                ..after.clone()
            },
        ),
    })
    .await
}
