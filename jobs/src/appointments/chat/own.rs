//! The customer's own bookings: confirm, move, cancel.

use kazi_queue::JobError;

use super::{
    AppointmentsScene, Pair, ROWS, SHOWN, row,
    step::{BookingStep, Choice},
};
use crate::{
    appointments::{
        AppointmentError, Booking, BookingFilter, BookingId, Status, booking,
        store::{self, offerings, staff},
    },
    conversations::{Say, dates},
};

impl AppointmentsScene<'_, '_> {
    /// Returns the offering and staff of a booking, even when they can no longer be booked.
    async fn pair_of(&mut self, booking: &Booking) -> Result<Option<Pair>, JobError> {
        let offering = offerings::offering(self.work, booking.offering_id).await?;
        let staff = staff::staff(self.work, booking.provider_id).await?;
        Ok(offering
            .zip(staff)
            .map(|(offering, staff)| Pair { offering, staff }))
    }

    pub(super) async fn mine(&mut self) -> Result<Vec<Say>, JobError> {
        let filter = BookingFilter {
            contact: Some(self.talk.contact.id),
            from: Some(self.talk.now),
            ..BookingFilter::default()
        };
        // More than are shown, because cancelled bookings are left out.
        let mut found = store::bookings(self.work, &filter, None, 10 * SHOWN).await?;
        found.retain(|booking| booking.status.is_open());
        let mut rows = Vec::new();
        for booking in found.iter().take(ROWS - 1) {
            if let Some(pair) = self.pair_of(booking).await? {
                let zone = pair.staff.tz()?;
                let when = dates::when(self.talk.language, zone, booking.starts_at);
                rows.push(row(
                    &BookingStep::One(booking.id),
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
            &BookingStep::Offerings(None),
            self.text("book-again", &[]),
            None,
        ));
        Ok(self.choice(self.text(key, &[]), rows))
    }

    /// Finds a future booking of this customer.
    async fn own(&mut self, id: BookingId) -> Result<Option<(Booking, Pair)>, JobError> {
        let (contact, now) = (self.talk.contact.id, self.talk.now);
        let found = booking(self.work, id).await?;
        let found = found.filter(|booking| {
            booking.contact_id == contact && booking.status.is_open() && booking.starts_at > now
        });
        let Some(booking) = found else {
            return Ok(None);
        };
        let pair = self.pair_of(&booking).await?;
        Ok(pair.map(|pair| (booking, pair)))
    }

    pub(super) async fn one(&mut self, id: BookingId) -> Result<Vec<Say>, JobError> {
        let Some((booking, pair)) = self.own(id).await? else {
            return self.refused(AppointmentError::NotFound("booking"));
        };
        let mut rows = Vec::new();
        if booking.status == Status::Booked {
            rows.push(row(
                &BookingStep::Confirm(id),
                self.text("book-confirm", &[]),
                None,
            ));
        }
        rows.push(row(
            &BookingStep::Move(id),
            self.text("book-move", &[]),
            None,
        ));
        rows.push(row(
            &BookingStep::Cancel(id),
            self.text("book-cancel", &[]),
            None,
        ));
        Ok(self.choice(self.about("book-detail", &pair, &booking)?, rows))
    }

    pub(super) async fn ask_where_to(&mut self, id: BookingId) -> Result<Vec<Say>, JobError> {
        let Some((booking, _)) = self.own(id).await? else {
            return self.refused(AppointmentError::NotFound("booking"));
        };
        let choice = Choice {
            offering: booking.offering_id,
            staff: booking.provider_id,
            moving: Some(id),
        };
        self.days(&choice, None, None).await
    }

    pub(super) async fn change(
        &mut self,
        id: BookingId,
        to: Status,
        key: &str,
    ) -> Result<Vec<Say>, JobError> {
        let changed = booking::change(self.work, (id, None), to).await;
        let booking = match changed {
            Ok(booking) => booking,
            Err(error) => return self.refused(error),
        };
        let Some(pair) = self.pair_of(&booking).await? else {
            return Ok(Vec::new());
        };
        let rows = match to {
            Status::Cancelled => vec![row(
                &BookingStep::Offerings(None),
                self.text("book-again", &[]),
                None,
            )],
            _ => vec![row(&BookingStep::Mine, self.text("book-mine", &[]), None)],
        };
        Ok(self.choice(self.about(key, &pair, &booking)?, rows))
    }
}
