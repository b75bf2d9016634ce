//! Booking in the chat: what, with whom, which day, which time, and yes. Then one's own bookings: come, move, cancel.
//!
//! What is offered carries in its id all that was chosen so far ([`Step`]), so nothing has to be remembered between two
//! messages, and a tap on an old list is as good as one on a new. Whether what it asks for can still be had is decided
//! anew at each step, and for good by [`book`](super::book).

mod step;

use kazi_clients::whatsapp::Row;
use kazi_platform::{
    Timestamp,
    actor::{Actor, ActorKind},
};
use kazi_queue::JobError;
use serde_json::Value;
use sqlx::PgConnection;

use self::step::{Choice, Step};
use super::{
    AppointmentError, Booking, BookingFilter, BookingId, Move, NewBooking, Offering, OfferingId,
    Provider, Slot, Status, booking,
    mark_no_show::job_error,
    offering::price_words,
    slots,
    store::{self, offerings, providers},
    words,
};
use crate::{
    conversations::{Heard, Say, Talk, TalkReply},
    locale,
};

/// Rows of a list.
const ROWS: usize = 10;
/// Offerings and bookings that are shown.
const SHOWN: i64 = 8;

/// Answers what a customer says in this scene; `None` when it is not for it.
///
/// # Errors
/// The database failed.
pub async fn hear(
    conn: &mut PgConnection,
    talk: &Talk<'_>,
    _at: Option<&Value>,
    heard: Heard<'_>,
) -> Result<Option<TalkReply>, JobError> {
    let step = match heard {
        Heard::Opened => Some(Step::Offerings(None)),
        Heard::Tap(id) => id.parse().ok(),
        Heard::Text(_) => None,
    };
    let Some(step) = step else { return Ok(None) };
    let mut scene = Scene { conn, talk };
    let says = scene.answer(step).await?;
    Ok(Some(TalkReply { says, next: None }))
}

struct Scene<'a, 't> {
    conn: &'a mut PgConnection,
    talk: &'a Talk<'t>,
}

/// An offering and a provider who does it, both of which can be booked.
struct Pair {
    offering: Offering,
    provider: Provider,
}

fn row(step: &Step, title: impl Into<String>, description: Option<String>) -> Row {
    Row {
        id: format!("book:{step}"),
        title: title.into(),
        description,
    }
}

/// As many as a list has room for, from a place on; and the place of the rest.
fn page<T>(all: &[T], from: usize) -> (&[T], Option<usize>) {
    let rest = all.get(from..).unwrap_or_default();
    if rest.len() <= ROWS {
        return (rest, None);
    }
    (&rest[..ROWS - 1], Some(from + ROWS - 1))
}

impl Scene<'_, '_> {
    async fn answer(&mut self, step: Step) -> Result<Vec<Say>, JobError> {
        match step {
            Step::Offerings(after) => self.offerings(after).await,
            Step::Providers(offering, from) => self.providers(offering, from).await,
            Step::Days(choice, from) => self.days(&choice, from, None).await,
            Step::Times(choice, day, from) => self.times(&choice, day, from, None).await,
            Step::Ask(choice, at) => self.ask(&choice, at).await,
            Step::Yes(choice, at) => self.settle(&choice, at).await,
            Step::Mine => self.mine().await,
            Step::One(id) => self.one(id).await,
            Step::Move(id) => self.ask_where_to(id).await,
            Step::Confirm(id) => self.change(id, Status::Confirmed, "book-confirmed").await,
            Step::Cancel(id) => self.change(id, Status::Cancelled, "book-cancelled").await,
        }
    }

    fn text(&self, key: &str, fill: &[(&'static str, &str)]) -> String {
        locale::text(self.talk.language, key, fill)
    }

    /// The customer, as whoever changes something.
    fn actor(&self) -> Actor {
        Actor {
            kind: ActorKind::Customer,
            id: Some(self.talk.contact.id.uuid()),
            address: None,
            request: None,
        }
    }

    fn what<'o>(&self, offering: &'o Offering) -> &'o str {
        offering.name(self.talk.language, &self.talk.workspace.default_language)
    }

    fn more(&self, step: &Step) -> Row {
        row(step, self.text("book-more", &[]), None)
    }

    fn choice(&self, text: String, rows: Vec<Row>) -> Vec<Say> {
        vec![Say::Choice { text, rows }]
    }

    async fn offerings(&mut self, after: Option<OfferingId>) -> Result<Vec<Say>, JobError> {
        let workspace = self.talk.workspace.id;
        let mut found =
            offerings::offerings(self.conn, workspace, Some(true), after, SHOWN + 1).await?;
        let has_more = found.len() > usize::try_from(SHOWN).unwrap_or_default();
        found.truncate(usize::try_from(SHOWN).unwrap_or_default());
        found.retain(|offering| !offering.providers.is_empty());
        let price =
            |offering: &Offering| price_words(offering.price_minor, offering.currency.as_deref());
        let mut rows: Vec<Row> = found
            .iter()
            .map(|offering| {
                row(
                    &Step::Providers(offering.id, 0),
                    self.what(offering),
                    price(offering),
                )
            })
            .collect();
        if let Some(last) = found.last().filter(|_| has_more) {
            rows.push(self.more(&Step::Offerings(Some(last.id))));
        }
        let nothing = rows.is_empty();
        let ahead = store::ahead(self.conn, workspace, self.talk.contact.id, self.talk.now).await?;
        if ahead > 0 {
            rows.push(row(&Step::Mine, self.text("book-mine", &[]), None));
        }
        let key = if nothing { "book-nothing" } else { "book-what" };
        let text = self.text(key, &[]);
        Ok(match rows.is_empty() {
            true => vec![Say::Text(text)],
            false => self.choice(text, rows),
        })
    }

    async fn providers(&mut self, id: OfferingId, from: usize) -> Result<Vec<Say>, JobError> {
        let workspace = self.talk.workspace.id;
        let offering = offerings::offering(self.conn, workspace, id).await?;
        let Some(offering) = offering.filter(|offering| offering.active) else {
            return self.offerings(None).await;
        };
        let mut all = Vec::new();
        for provider in &offering.providers {
            let found = providers::provider(self.conn, workspace, *provider).await?;
            all.extend(found.filter(|provider| provider.active));
        }
        let choice = |provider: &Provider| Choice {
            offering: id,
            provider: provider.id,
            moving: None,
        };
        match &*all {
            [] => Ok(vec![Say::Text(self.text("book-no-times", &[]))]),
            [one] => self.days(&choice(one), None, None).await,
            _ => {
                let (shown, rest) = page(&all, from);
                let mut rows: Vec<Row> = shown
                    .iter()
                    .map(|provider| row(&Step::Days(choice(provider), None), &*provider.name, None))
                    .collect();
                rows.extend(rest.map(|rest| self.more(&Step::Providers(id, rest))));
                let text = self.text("book-who", &[("what", self.what(&offering))]);
                Ok(self.choice(text, rows))
            }
        }
    }

    /// What was chosen, as far as it can still be booked.
    async fn pair(&mut self, choice: &Choice) -> Result<Option<Pair>, JobError> {
        let workspace = self.talk.workspace.id;
        let offering = offerings::offering(self.conn, workspace, choice.offering).await?;
        let provider = providers::provider(self.conn, workspace, choice.provider).await?;
        let fits = |pair: &Pair| {
            let Pair { offering, provider } = pair;
            offering.active && provider.active && offering.providers.contains(&provider.id)
        };
        let pair = offering.zip(provider);
        Ok(pair
            .map(|(offering, provider)| Pair { offering, provider })
            .filter(fits))
    }

    /// All that can be booked with a pair.
    async fn free(&mut self, pair: &Pair) -> Result<Vec<Slot>, JobError> {
        let Pair { offering, provider } = pair;
        let (workspace, now) = (self.talk.workspace.id, self.talk.now);
        let until = now + chrono::TimeDelta::days(offering.max_ahead_days.into());
        let slots = slots::of_provider(self.conn, workspace, now, offering, provider, now, until);
        Ok(slots.await?)
    }

    /// The days that have a free time, from one on; `lead` is said before.
    async fn days(
        &mut self,
        choice: &Choice,
        from: Option<chrono::NaiveDate>,
        lead: Option<String>,
    ) -> Result<Vec<Say>, JobError> {
        let Some(pair) = self.pair(choice).await? else {
            return self.offerings(None).await;
        };
        let mut days: Vec<(chrono::NaiveDate, usize)> = Vec::new();
        for slot in self.free(&pair).await? {
            match days.last_mut() {
                Some((day, count)) if *day == slot.day => *count += 1,
                _ => days.push((slot.day, 1)),
            }
        }
        days.retain(|(day, _)| from.is_none_or(|from| *day >= from));
        let mut says: Vec<Say> = lead.map(Say::Text).into_iter().collect();
        if days.is_empty() {
            says.push(Say::Text(self.text("book-no-times", &[])));
            return Ok(says);
        }
        let language = self.talk.language;
        let (shown, rest) = page(&days, 0);
        let mut rows: Vec<Row> = Vec::new();
        for (day, count) in shown {
            let title = format!(
                "{} {}",
                words::weekday(language, *day),
                chrono::Datelike::day(day)
            );
            let free = self.text("book-free", &[("count", &count.to_string())]);
            let about = format!("{} · {free}", words::date(language, *day));
            rows.push(row(&Step::Times(*choice, *day, 0), title, Some(about)));
        }
        let next = rest.and_then(|rest| days.get(rest));
        rows.extend(next.map(|(day, _)| self.more(&Step::Days(*choice, Some(*day)))));
        let text = self.text("book-day", &self.fill(&pair));
        says.extend(self.choice(text, rows));
        Ok(says)
    }

    fn fill<'p>(&self, pair: &'p Pair) -> [(&'static str, &'p str); 2] {
        [
            ("what", self.what(&pair.offering)),
            ("who", &pair.provider.name),
        ]
    }

    /// The free times of a day; `lead` is said before.
    async fn times(
        &mut self,
        choice: &Choice,
        day: chrono::NaiveDate,
        from: usize,
        lead: Option<String>,
    ) -> Result<Vec<Say>, JobError> {
        let Some(pair) = self.pair(choice).await? else {
            return self.offerings(None).await;
        };
        let mut slots = self.free(&pair).await?;
        slots.retain(|slot| slot.day == day);
        if slots.is_empty() {
            let lead = lead.or_else(|| Some(self.text("book-taken", &[])));
            return self.days(choice, None, lead).await;
        }
        let zone = pair.provider.tz()?;
        let (shown, rest) = page(&slots, from);
        let mut rows: Vec<Row> = shown
            .iter()
            .map(|slot| {
                let step = Step::Ask(*choice, slot.starts_at);
                row(&step, words::time(zone, slot.starts_at), None)
            })
            .collect();
        rows.extend(rest.map(|rest| self.more(&Step::Times(*choice, day, rest))));
        let date = words::date(self.talk.language, day);
        let [what, who] = self.fill(&pair);
        let text = self.text("book-time", &[what, who, ("date", &date)]);
        let mut says: Vec<Say> = lead.map(Say::Text).into_iter().collect();
        says.extend(self.choice(text, rows));
        Ok(says)
    }

    /// Asks once more before it is done.
    async fn ask(&mut self, choice: &Choice, at: Timestamp) -> Result<Vec<Say>, JobError> {
        let Some(pair) = self.pair(choice).await? else {
            return self.offerings(None).await;
        };
        let zone = pair.provider.tz()?;
        let day = at.with_timezone(&zone).date_naive();
        if !self
            .free(&pair)
            .await?
            .iter()
            .any(|slot| slot.starts_at == at)
        {
            let taken = self.text("book-taken", &[]);
            return self.times(choice, day, 0, Some(taken)).await;
        }
        let when = words::when(self.talk.language, zone, at);
        let [what, who] = self.fill(&pair);
        let mut fill = vec![what, who, ("when", &*when)];
        let price = price_words(pair.offering.price_minor, pair.offering.currency.as_deref());
        let key = match (&price, choice.moving) {
            (_, Some(_)) => "book-ask-move",
            (Some(price), None) => {
                fill.push(("price", price));
                "book-ask-price"
            }
            (None, None) => "book-ask",
        };
        let rows = vec![
            row(&Step::Yes(*choice, at), self.text("book-yes", &[]), None),
            row(
                &Step::Times(*choice, day, 0),
                self.text("book-other-time", &[]),
                None,
            ),
            row(
                &Step::Days(*choice, None),
                self.text("book-other-day", &[]),
                None,
            ),
        ];
        Ok(self.choice(self.text(key, &fill), rows))
    }

    /// Books, or moves.
    async fn settle(&mut self, choice: &Choice, at: Timestamp) -> Result<Vec<Say>, JobError> {
        let Some(pair) = self.pair(choice).await? else {
            return self.offerings(None).await;
        };
        let (workspace, now, actor) = (self.talk.workspace.id, self.talk.now, self.actor());
        let done = match choice.moving {
            Some(id) => {
                let to = Move {
                    starts_at: at,
                    provider: Some(choice.provider),
                };
                booking::move_to(self.conn, workspace, &actor, now, (id, None), &to).await
            }
            None => {
                let new = NewBooking {
                    offering: choice.offering,
                    provider: choice.provider,
                    contact: self.talk.contact.id,
                    starts_at: at,
                    note: None,
                };
                // Made from the message: it is heard once, and books once.
                let id = BookingId::derived(self.talk.message.uuid(), 0);
                booking::book(self.conn, workspace, &actor, now, id, &new).await
            }
        };
        match done {
            Ok(booking) => {
                let key = match choice.moving {
                    Some(_) => "book-moved",
                    None => "book-done",
                };
                let text = self.about(key, &pair, &booking)?;
                let rows = vec![row(&Step::Mine, self.text("book-mine", &[]), None)];
                Ok(self.choice(text, rows))
            }
            // Somebody was faster, or it is too late by now.
            Err(AppointmentError::Taken | AppointmentError::Invalid(_)) => {
                let day = at.with_timezone(&pair.provider.tz()?).date_naive();
                let taken = self.text("book-taken", &[]);
                self.times(choice, day, 0, Some(taken)).await
            }
            Err(AppointmentError::TooMany(most)) => {
                let text = self.text("book-too-many", &[("count", &most.to_string())]);
                let rows = vec![row(&Step::Mine, self.text("book-mine", &[]), None)];
                Ok(self.choice(text, rows))
            }
            Err(error) => self.refused(error),
        }
    }

    /// What cannot be changed any more; all else is the job's to fail of.
    fn refused(&self, error: AppointmentError) -> Result<Vec<Say>, JobError> {
        match error {
            AppointmentError::State(_) | AppointmentError::NotFound(_) => {
                let rows = vec![
                    row(&Step::Mine, self.text("book-mine", &[]), None),
                    row(&Step::Offerings(None), self.text("book-again", &[]), None),
                ];
                Ok(self.choice(self.text("book-over", &[]), rows))
            }
            error => Err(job_error(error)),
        }
    }

    fn about(&self, key: &str, pair: &Pair, booking: &Booking) -> Result<String, JobError> {
        let zone = pair.provider.tz()?;
        let when = words::when(self.talk.language, zone, booking.starts_at);
        let [what, who] = self.fill(pair);
        Ok(self.text(key, &[what, who, ("when", &when)]))
    }

    /// With whom and what a booking is, also where neither can be booked any more.
    async fn pair_of(&mut self, booking: &Booking) -> Result<Option<Pair>, JobError> {
        let workspace = self.talk.workspace.id;
        let offering = offerings::offering(self.conn, workspace, booking.offering).await?;
        let provider = providers::provider(self.conn, workspace, booking.provider).await?;
        Ok(offering
            .zip(provider)
            .map(|(offering, provider)| Pair { offering, provider }))
    }

    async fn mine(&mut self) -> Result<Vec<Say>, JobError> {
        let filter = BookingFilter {
            contact: Some(self.talk.contact.id),
            from: Some(self.talk.now),
            ..BookingFilter::default()
        };
        let workspace = self.talk.workspace.id;
        // Some of these may be cancelled.
        let mut found = store::bookings(self.conn, workspace, &filter, None, 10 * SHOWN).await?;
        found.retain(|booking| booking.status.is_open());
        let mut rows = Vec::new();
        for booking in found.iter().take(ROWS - 1) {
            if let Some(pair) = self.pair_of(booking).await? {
                let zone = pair.provider.tz()?;
                let when = words::when(self.talk.language, zone, booking.starts_at);
                rows.push(row(
                    &Step::One(booking.id),
                    self.what(&pair.offering),
                    Some(when),
                ));
            }
        }
        let key = if rows.is_empty() {
            "book-none"
        } else {
            "book-list"
        };
        rows.push(row(
            &Step::Offerings(None),
            self.text("book-again", &[]),
            None,
        ));
        Ok(self.choice(self.text(key, &[]), rows))
    }

    /// A booking of the customer's that is still ahead.
    async fn own(&mut self, id: BookingId) -> Result<Option<(Booking, Pair)>, JobError> {
        let (contact, now) = (self.talk.contact.id, self.talk.now);
        let found = booking(self.conn, self.talk.workspace.id, id).await?;
        let found = found.filter(|booking| {
            booking.contact == contact && booking.status.is_open() && booking.starts_at > now
        });
        let Some(booking) = found else {
            return Ok(None);
        };
        let pair = self.pair_of(&booking).await?;
        Ok(pair.map(|pair| (booking, pair)))
    }

    async fn one(&mut self, id: BookingId) -> Result<Vec<Say>, JobError> {
        let Some((booking, pair)) = self.own(id).await? else {
            return self.refused(AppointmentError::NotFound("booking"));
        };
        let mut rows = Vec::new();
        if booking.status == Status::Booked {
            rows.push(row(
                &Step::Confirm(id),
                self.text("book-confirm", &[]),
                None,
            ));
        }
        rows.push(row(&Step::Move(id), self.text("book-move", &[]), None));
        rows.push(row(&Step::Cancel(id), self.text("book-cancel", &[]), None));
        Ok(self.choice(self.about("book-detail", &pair, &booking)?, rows))
    }

    async fn ask_where_to(&mut self, id: BookingId) -> Result<Vec<Say>, JobError> {
        let Some((booking, _)) = self.own(id).await? else {
            return self.refused(AppointmentError::NotFound("booking"));
        };
        let choice = Choice {
            offering: booking.offering,
            provider: booking.provider,
            moving: Some(id),
        };
        self.days(&choice, None, None).await
    }

    async fn change(&mut self, id: BookingId, to: Status, key: &str) -> Result<Vec<Say>, JobError> {
        let (workspace, now, actor) = (self.talk.workspace.id, self.talk.now, self.actor());
        let changed = booking::change(self.conn, workspace, &actor, now, (id, None), to).await;
        let booking = match changed {
            Ok(booking) => booking,
            Err(error) => return self.refused(error),
        };
        let Some(pair) = self.pair_of(&booking).await? else {
            return Ok(Vec::new());
        };
        let rows = match to {
            Status::Cancelled => vec![row(
                &Step::Offerings(None),
                self.text("book-again", &[]),
                None,
            )],
            _ => vec![row(&Step::Mine, self.text("book-mine", &[]), None)],
        };
        Ok(self.choice(self.about(key, &pair, &booking)?, rows))
    }
}
