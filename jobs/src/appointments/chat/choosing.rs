//! The steps of a booking: offering, staff, day, time, confirmation. Moving a booking begins at the day.

use kazi_clients::whatsapp::ListRow;
use kazi_platform::Timestamp;
use kazi_queue::JobError;

use super::{
    AppointmentsScene, Pair, ROWS, SHOWN, row,
    step::{BookingStep, Choice},
};
use crate::{
    appointments::{
        AppointmentError, BookingId, Move, NewBooking, Offering, OfferingId, Slot, Staff, booking,
        offering::price_words,
        slots,
        store::{self, offerings, staff},
    },
    conversations::{Say, dates},
};

/// Returns one page of a list, and the place of the next page.
fn page<T>(all: &[T], from: usize) -> (&[T], Option<usize>) {
    let rest = all.get(from..).unwrap_or_default();
    if rest.len() <= ROWS {
        return (rest, None);
    }
    (&rest[..ROWS - 1], Some(from + ROWS - 1))
}

impl AppointmentsScene<'_, '_> {
    pub(super) async fn offerings(
        &mut self,
        after: Option<OfferingId>,
    ) -> Result<Vec<Say>, JobError> {
        let mut found = offerings::offerings(self.work, Some(true), after, SHOWN + 1).await?;
        let has_more = found.len() > usize::try_from(SHOWN).unwrap_or_default();
        found.truncate(usize::try_from(SHOWN).unwrap_or_default());
        found.retain(|offering| !offering.provider_ids.is_empty());
        let price =
            |offering: &Offering| price_words(offering.price_minor, offering.currency.as_deref());
        let mut rows: Vec<ListRow> = found
            .iter()
            .map(|offering| {
                row(
                    &BookingStep::Staff(offering.id, 0),
                    self.what(offering),
                    price(offering),
                )
            })
            .collect();
        if let Some(last) = found.last().filter(|_| has_more) {
            rows.push(self.more(&BookingStep::Offerings(Some(last.id))));
        }
        let nothing = rows.is_empty();
        let ahead = store::ahead(self.work, self.talk.contact.id).await?;
        if ahead > 0 {
            rows.push(row(&BookingStep::Mine, self.text("book-mine", &[]), None));
        }
        let key = if nothing { "book-nothing" } else { "book-what" };
        let text = self.text(key, &[]);
        Ok(match rows.is_empty() {
            true => vec![Say::Text(text)],
            false => self.choice(text, rows),
        })
    }

    pub(super) async fn staff(
        &mut self,
        id: OfferingId,
        from: usize,
    ) -> Result<Vec<Say>, JobError> {
        let offering = offerings::offering(self.work, id).await?;
        let Some(offering) = offering.filter(|offering| offering.active) else {
            return self.offerings(None).await;
        };
        let mut all = Vec::new();
        for staff in &offering.provider_ids {
            let found = staff::staff(self.work, *staff).await?;
            all.extend(found.filter(|staff| staff.active));
        }
        let choice = |staff: &Staff| Choice {
            offering: id,
            staff: staff.id,
            moving: None,
        };
        match &*all {
            [] => Ok(vec![Say::Text(self.text("book-no-times", &[]))]),
            [one] => self.days(&choice(one), None, None).await,
            _ => {
                let (shown, rest) = page(&all, from);
                let mut rows: Vec<ListRow> = shown
                    .iter()
                    .map(|staff| row(&BookingStep::Days(choice(staff), None), &*staff.name, None))
                    .collect();
                rows.extend(rest.map(|rest| self.more(&BookingStep::Staff(id, rest))));
                let text = self.text("book-who", &[("what", self.what(&offering))]);
                Ok(self.choice(text, rows))
            }
        }
    }

    /// Returns the chosen offering and staff if both can still be booked.
    pub(super) async fn pair(&mut self, choice: &Choice) -> Result<Option<Pair>, JobError> {
        let offering = offerings::offering(self.work, choice.offering).await?;
        let staff = staff::staff(self.work, choice.staff).await?;
        let fits = |pair: &Pair| {
            let Pair { offering, staff } = pair;
            offering.active && staff.active && offering.provider_ids.contains(&staff.id)
        };
        let pair = offering.zip(staff);
        Ok(pair
            .map(|(offering, staff)| Pair { offering, staff })
            .filter(fits))
    }

    /// Returns the free slots of a pair.
    pub(super) async fn free(&mut self, pair: &Pair) -> Result<Vec<Slot>, JobError> {
        let Pair { offering, staff } = pair;
        let now = self.talk.now;
        let until = now + chrono::TimeDelta::days(offering.max_ahead_days.into());
        let slots = slots::of_staff(self.work, offering, staff, now, until);
        Ok(slots.await?)
    }

    /// Shows days with free times. `lead` is the text before the question.
    pub(super) async fn days(
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
        let mut rows: Vec<ListRow> = Vec::new();
        for (day, count) in shown {
            let title = format!(
                "{} {}",
                dates::weekday(language, *day),
                chrono::Datelike::day(day)
            );
            let free = self.text("book-free", &[("count", &count.to_string())]);
            let about = format!("{} · {free}", dates::date(language, *day));
            rows.push(row(
                &BookingStep::Times(*choice, *day, 0),
                title,
                Some(about),
            ));
        }
        let next = rest.and_then(|rest| days.get(rest));
        rows.extend(next.map(|(day, _)| self.more(&BookingStep::Days(*choice, Some(*day)))));
        let text = self.text("book-day", &self.fill(&pair));
        says.extend(self.choice(text, rows));
        Ok(says)
    }

    /// Shows the free times of a day. `lead` is the text before the question.
    pub(super) async fn times(
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
        let zone = pair.staff.tz()?;
        let (shown, rest) = page(&slots, from);
        let mut rows: Vec<ListRow> = shown
            .iter()
            .map(|slot| {
                let step = BookingStep::Ask(*choice, slot.starts_at);
                row(&step, dates::time(zone, slot.starts_at), None)
            })
            .collect();
        rows.extend(rest.map(|rest| self.more(&BookingStep::Times(*choice, day, rest))));
        let date = dates::date(self.talk.language, day);
        let [what, who] = self.fill(&pair);
        let text = self.text("book-time", &[what, who, ("date", &date)]);
        let mut says: Vec<Say> = lead.map(Say::Text).into_iter().collect();
        says.extend(self.choice(text, rows));
        Ok(says)
    }

    /// Asks the customer to confirm the choice.
    pub(super) async fn ask(
        &mut self,
        choice: &Choice,
        at: Timestamp,
    ) -> Result<Vec<Say>, JobError> {
        let Some(pair) = self.pair(choice).await? else {
            return self.offerings(None).await;
        };
        let zone = pair.staff.tz()?;
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
        let when = dates::when(self.talk.language, zone, at);
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
            row(
                &BookingStep::Yes(*choice, at),
                self.text("book-yes", &[]),
                None,
            ),
            row(
                &BookingStep::Times(*choice, day, 0),
                self.text("book-other-time", &[]),
                None,
            ),
            row(
                &BookingStep::Days(*choice, None),
                self.text("book-other-day", &[]),
                None,
            ),
        ];
        Ok(self.choice(self.text(key, &fill), rows))
    }

    pub(super) async fn settle(
        &mut self,
        choice: &Choice,
        at: Timestamp,
    ) -> Result<Vec<Say>, JobError> {
        let Some(pair) = self.pair(choice).await? else {
            return self.offerings(None).await;
        };
        let done = match choice.moving {
            Some(id) => {
                let to = Move {
                    starts_at: at,
                    provider_id: Some(choice.staff),
                };
                booking::move_to(self.work, (id, None), &to).await
            }
            None => {
                let new = NewBooking {
                    offering_id: choice.offering,
                    provider_id: choice.staff,
                    contact_id: self.talk.contact.id,
                    starts_at: at,
                    note: None,
                };
                // The id comes from the message, so a second run of the job makes no second booking.
                let id = BookingId::derived(self.talk.message.uuid(), 0);
                booking::book(self.work, id, &new).await
            }
        };
        match done {
            Ok(booking) => {
                let key = match choice.moving {
                    Some(_) => "book-moved",
                    None => "book-done",
                };
                let text = self.about(key, &pair, &booking)?;
                let rows = vec![row(&BookingStep::Mine, self.text("book-mine", &[]), None)];
                Ok(self.choice(text, rows))
            }
            // Another customer was faster, or the time has passed.
            Err(AppointmentError::Taken | AppointmentError::Invalid(_)) => {
                let day = at.with_timezone(&pair.staff.tz()?).date_naive();
                let taken = self.text("book-taken", &[]);
                self.times(choice, day, 0, Some(taken)).await
            }
            Err(AppointmentError::TooMany(most)) => {
                let text = self.text("book-too-many", &[("count", &most.to_string())]);
                let rows = vec![row(&BookingStep::Mine, self.text("book-mine", &[]), None)];
                Ok(self.choice(text, rows))
            }
            Err(error) => self.refused(error),
        }
    }
}
