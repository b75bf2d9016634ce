//! What a tap asks for. It is encoded in the ids of rows and buttons, in at most 200 characters, which is Meta's limit.

use std::{fmt, str::FromStr};

use chrono::{DateTime, NaiveDate};
use kazi_platform::Timestamp;

use crate::appointments::{BookingId, OfferingId, StaffId};

/// The choices so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Choice {
    pub offering: OfferingId,
    pub staff: StaffId,
    /// The booking to move. Without it, a new booking is made.
    pub moving: Option<BookingId>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BookingStep {
    /// Lists the offerings, after the given one.
    Offerings(Option<OfferingId>),
    /// Lists the staff of an offering, from a place on.
    Staff(OfferingId, usize),
    /// Lists the days with free times, from a day on.
    Days(Choice, Option<NaiveDate>),
    /// Lists the free times of a day, from a place on.
    Times(Choice, NaiveDate, usize),
    /// Asks the customer to confirm.
    Ask(Choice, Timestamp),
    Yes(Choice, Timestamp),
    /// Lists the customer's bookings.
    Mine,
    /// Shows one booking.
    One(BookingId),
    /// Asks for a new time.
    Move(BookingId),
    /// The customer will come. This id and that of `Cancel` also stand in reminders.
    Confirm(BookingId),
    Cancel(BookingId),
}

impl fmt::Display for Choice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:", self.offering, self.staff)?;
        match self.moving {
            Some(id) => id.fmt(f),
            None => f.write_str("-"),
        }
    }
}

impl fmt::Display for BookingStep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Offerings(None) => write!(f, "offerings"),
            Self::Offerings(Some(after)) => write!(f, "offerings:{after}"),
            Self::Staff(offering, from) => write!(f, "with:{offering}:{from}"),
            Self::Days(choice, None) => write!(f, "days:{choice}"),
            Self::Days(choice, Some(from)) => write!(f, "days:{choice}:{from}"),
            Self::Times(choice, day, from) => write!(f, "times:{choice}:{day}:{from}"),
            Self::Ask(choice, at) => write!(f, "ask:{choice}:{}", at.timestamp()),
            Self::Yes(choice, at) => write!(f, "yes:{choice}:{}", at.timestamp()),
            Self::Mine => write!(f, "mine"),
            Self::One(id) => write!(f, "one:{id}"),
            Self::Move(id) => write!(f, "move:{id}"),
            Self::Confirm(id) => write!(f, "confirm:{id}"),
            Self::Cancel(id) => write!(f, "cancel:{id}"),
        }
    }
}

/// The id is not one of this scene.
#[derive(Debug)]
pub(super) struct NoStep;

fn read<T: FromStr>(text: &str) -> Result<T, NoStep> {
    text.parse().map_err(|_| NoStep)
}

fn choice(offering: &str, staff: &str, moving: &str) -> Result<Choice, NoStep> {
    Ok(Choice {
        offering: read(offering)?,
        staff: read(staff)?,
        moving: match moving {
            "-" => None,
            id => Some(read(id)?),
        },
    })
}

fn instant(seconds: &str) -> Result<Timestamp, NoStep> {
    DateTime::from_timestamp(read(seconds)?, 0).ok_or(NoStep)
}

impl FromStr for BookingStep {
    type Err = NoStep;

    fn from_str(id: &str) -> Result<Self, NoStep> {
        let parts: Vec<&str> = id.split(':').collect();
        Ok(match *parts {
            ["offerings"] => Self::Offerings(None),
            ["offerings", after] => Self::Offerings(Some(read(after)?)),
            ["with", offering, from] => Self::Staff(read(offering)?, read(from)?),
            ["days", o, p, b] => Self::Days(choice(o, p, b)?, None),
            ["days", o, p, b, from] => Self::Days(choice(o, p, b)?, Some(read(from)?)),
            ["times", o, p, b, day, from] => Self::Times(choice(o, p, b)?, read(day)?, read(from)?),
            ["ask", o, p, b, at] => Self::Ask(choice(o, p, b)?, instant(at)?),
            ["yes", o, p, b, at] => Self::Yes(choice(o, p, b)?, instant(at)?),
            ["mine"] => Self::Mine,
            ["one", id] => Self::One(read(id)?),
            ["move", id] => Self::Move(read(id)?),
            ["confirm", id] => Self::Confirm(read(id)?),
            ["cancel", id] => Self::Cancel(read(id)?),
            _ => return Err(NoStep),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_reads_back_and_fits_into_an_id() {
        let (day, at) = (
            "2026-03-10".parse().unwrap(),
            "2026-03-10T10:00:00Z".parse().unwrap(),
        );
        let (offering, booking) = (OfferingId::new(), BookingId::new());
        let new = Choice {
            offering,
            staff: StaffId::new(),
            moving: None,
        };
        let moved = Choice {
            moving: Some(booking),
            ..new
        };
        for step in [
            BookingStep::Offerings(None),
            BookingStep::Offerings(Some(offering)),
            BookingStep::Staff(offering, 9),
            BookingStep::Days(new, None),
            BookingStep::Days(moved, Some(day)),
            BookingStep::Times(moved, day, 279),
            BookingStep::Ask(moved, at),
            BookingStep::Yes(new, at),
            BookingStep::Mine,
            BookingStep::One(booking),
            BookingStep::Move(booking),
            BookingStep::Confirm(booking),
            BookingStep::Cancel(booking),
        ] {
            let id = step.to_string();
            assert!("book:".len() + id.len() <= 200, "{id}");
            assert_eq!(id.parse::<BookingStep>().unwrap(), step);
        }
        for wrong in [
            "",
            "book",
            "days",
            "days:ofr_1:prv_2:-",
            "yes",
            "cancel:bkg_1",
            "mine:1",
            "ask:-:-:-:99999999999999999",
        ] {
            assert!(wrong.parse::<BookingStep>().is_err(), "{wrong}");
        }
    }
}
