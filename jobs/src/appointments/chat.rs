//! The scene in which a customer books: offering, staff, day, time, confirmation. It also shows the customer's
//! bookings, to confirm, move or cancel them.
//!
//! The id of each choice carries all earlier choices ([`BookingStep`]). So the scene remembers nothing, and a tap on an
//! old list works like a tap on a new one. Each step checks again that the choice is still free, and
//! [`book`](super::book) decides.

mod choosing;
mod own;
mod step;
pub(super) mod tools;

use kazi_clients::whatsapp::ListRow;
use kazi_queue::JobError;
use serde_json::Value;

use self::step::BookingStep;
use super::{AppointmentError, Booking, Offering, Staff, Status, mark_no_show::job_error};
use crate::{
    Work,
    conversations::{Heard, Say, Talk, TalkReply, dates},
    locale,
};

/// Rows of a list.
const ROWS: usize = 10;
/// Offerings or bookings in one list.
const SHOWN: i64 = 8;

/// Answers the customer. Returns `None` when the message is not for this scene.
pub async fn hear(
    work: &mut Work,
    talk: &Talk<'_>,
    _at: Option<&Value>,
    heard: Heard<'_>,
) -> Result<Option<TalkReply>, JobError> {
    let step = match heard {
        Heard::Opened => Some(BookingStep::Offerings(None)),
        Heard::Tap(id) => id.parse().ok(),
        Heard::Text(_) | Heard::File { .. } => None,
    };
    let Some(step) = step else { return Ok(None) };
    let mut scene = AppointmentsScene { work, talk };
    let says = scene.answer(step).await?;
    Ok(Some(TalkReply { says, next: None }))
}

struct AppointmentsScene<'a, 't> {
    work: &'a mut Work,
    talk: &'a Talk<'t>,
}

/// An offering and its staff. Both can be booked.
struct Pair {
    offering: Offering,
    staff: Staff,
}

fn row(step: &BookingStep, title: impl Into<String>, description: Option<String>) -> ListRow {
    ListRow {
        id: format!("book:{step}"),
        title: title.into(),
        description,
    }
}

impl AppointmentsScene<'_, '_> {
    async fn answer(&mut self, step: BookingStep) -> Result<Vec<Say>, JobError> {
        match step {
            BookingStep::Offerings(after) => self.offerings(after).await,
            BookingStep::Staff(offering, from) => self.staff(offering, from).await,
            BookingStep::Days(choice, from) => self.days(&choice, from, None).await,
            BookingStep::Times(choice, day, from) => self.times(&choice, day, from, None).await,
            BookingStep::Ask(choice, at) => self.ask(&choice, at).await,
            BookingStep::Yes(choice, at) => self.settle(&choice, at).await,
            BookingStep::Mine => self.mine().await,
            BookingStep::One(id) => self.one(id).await,
            BookingStep::Move(id) => self.ask_where_to(id).await,
            BookingStep::Confirm(id) => self.change(id, Status::Confirmed, "book-confirmed").await,
            BookingStep::Cancel(id) => self.change(id, Status::Cancelled, "book-cancelled").await,
        }
    }

    fn text(&self, key: &str, fill: &[(&'static str, &str)]) -> String {
        locale::text(self.talk.language, key, fill)
    }

    fn what<'o>(&self, offering: &'o Offering) -> &'o str {
        offering.name(self.talk.language, &self.talk.workspace.default_language)
    }

    fn more(&self, step: &BookingStep) -> ListRow {
        row(step, self.text("book-more", &[]), None)
    }

    fn choice(&self, text: String, rows: Vec<ListRow>) -> Vec<Say> {
        vec![Say::Choice { text, rows }]
    }

    fn fill<'p>(&self, pair: &'p Pair) -> [(&'static str, &'p str); 2] {
        [
            ("what", self.what(&pair.offering)),
            ("who", &pair.staff.name),
        ]
    }

    /// Tells the customer of a refused change. All other errors fail the job.
    fn refused(&self, error: AppointmentError) -> Result<Vec<Say>, JobError> {
        match error {
            AppointmentError::State(_) | AppointmentError::NotFound(_) => {
                let rows = vec![
                    row(&BookingStep::Mine, self.text("book-mine", &[]), None),
                    row(
                        &BookingStep::Offerings(None),
                        self.text("book-again", &[]),
                        None,
                    ),
                ];
                Ok(self.choice(self.text("book-over", &[]), rows))
            }
            error => Err(job_error(error)),
        }
    }

    fn about(&self, key: &str, pair: &Pair, booking: &Booking) -> Result<String, JobError> {
        let zone = pair.staff.tz()?;
        let when = dates::when(self.talk.language, zone, booking.starts_at);
        let [what, who] = self.fill(pair);
        Ok(self.text(key, &[what, who, ("when", &when)]))
    }
}
