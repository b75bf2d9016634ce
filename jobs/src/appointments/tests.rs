//! Bookings and their reminders against the database and a simulated WhatsApp, at the times that the tests say.

mod chat;
mod reminders;
mod tools;

use std::time::Duration;

use chrono::{DurationRound, TimeDelta};
use kazi_platform::{Timestamp, actor::Actor, database};
use kazi_simulators::{CutAt, Entry, Fault, Service, Template as SimulatedTemplate};
use serde_json::{Value, json};

use super::*;
use crate::{
    Work,
    catalog::Text,
    contacts::ContactId,
    templates::{self, Category, Template, TemplateId, TemplateStatus},
    testing::Shop,
    workspaces::{Opening, SpecialDay},
};

const HOUR: Duration = Duration::from_secs(3_600);

/// A shop with somebody who cuts hair round the clock, and a customer who has just written.
pub(super) struct Salon {
    pub shop: Shop,
    pub staff: Staff,
    pub offering: Offering,
    pub contact: ContactId,
}

fn text(name: &str) -> Text {
    Text::from([
        ("en".to_owned(), name.to_owned()),
        ("fr".to_owned(), format!("{name} (fr)")),
    ])
}

impl Salon {
    pub async fn open() -> Self {
        let shop = Shop::open().await;
        shop.hear("hello", "hello").await;
        shop.drain().await;
        let contact = sqlx::query_scalar::<_, uuid::Uuid>("SELECT id FROM contacts")
            .fetch_one(&shop.ctx.owner)
            .await
            .unwrap()
            .into();
        let mut work = shop.work_by(Actor::SYSTEM).await;
        let staff = add_staff(&mut work, "Wanjiru").await;
        let offering =
            json!({"names": text("Haircut"), "duration_minutes": 30, "provider_ids": [staff.id]});
        let offering: NewOffering = serde_json::from_value(offering).unwrap();
        let offering = create_offering(&mut work, &offering).await.unwrap();
        work.commit().await.unwrap();
        Self {
            shop,
            staff,
            offering,
            contact,
        }
    }

    pub async fn work(&self) -> Work {
        self.shop.work_by(Actor::SYSTEM).await
    }

    /// So many hours from the next whole hour.
    pub fn ahead(&self, hours: i64) -> Timestamp {
        self.shop.now().duration_trunc(TimeDelta::hours(1)).unwrap() + TimeDelta::hours(hours + 1)
    }

    fn wish(&self, starts_at: Timestamp) -> NewBooking {
        NewBooking {
            offering_id: self.offering.id,
            provider_id: self.staff.id,
            contact_id: self.contact,
            starts_at,
            note: None,
        }
    }

    async fn try_book(&self, new: &NewBooking) -> Result<Booking, AppointmentError> {
        let mut work = self.work().await;
        let booked = book(&mut work, BookingId::new(), new).await?;
        work.commit().await.unwrap();
        Ok(booked)
    }

    pub async fn book(&self, starts_at: Timestamp) -> Booking {
        self.try_book(&self.wish(starts_at)).await.unwrap()
    }

    pub async fn move_to(
        &self,
        id: BookingId,
        starts_at: Timestamp,
    ) -> Result<Booking, AppointmentError> {
        let mut work = self.work().await;
        let to = Move {
            starts_at,
            provider_id: None,
        };
        let moved = move_to(&mut work, (id, None), &to).await?;
        work.commit().await.unwrap();
        Ok(moved)
    }

    pub async fn change(&self, id: BookingId, to: Status) -> Result<Booking, AppointmentError> {
        let mut work = self.work().await;
        let changed = change(&mut work, (id, None), to).await?;
        work.commit().await.unwrap();
        Ok(changed)
    }

    pub async fn see(&self, id: BookingId) -> Booking {
        booking(&mut self.work().await, id).await.unwrap().unwrap()
    }

    /// The reminders that WhatsApp was asked to send, also those that it refused.
    fn reminders(&self) -> Vec<Entry> {
        let all = self.shop.sent(Service::WhatsApp).into_iter();
        let is_reminder = |entry: &Entry| {
            let body = &entry.body;
            let text = body["interactive"]["body"]["text"]
                .as_str()
                .unwrap_or_default();
            text.contains('⏰') || body["template"]["name"] == REMINDER_TEMPLATE
        };
        all.filter(is_reminder).collect()
    }

    /// Goes on to a time and runs what is due.
    async fn at(&self, time: Timestamp) {
        let by = (time - self.shop.now()).to_std().unwrap();
        self.shop.after(by).await;
    }

    /// Approves the reminder's template.
    async fn approve(&self) {
        let body = "{{1}}: {{2}}, {{3}}";
        let template = Template {
            id: TemplateId::new(),
            account: String::new(),
            name: REMINDER_TEMPLATE.into(),
            language: "en".into(),
            category: Category::Utility,
            status: TemplateStatus::Approved,
            body: body.into(),
            components: Value::Null,
            paused_until: None,
        };
        let mut work = self.work().await;
        templates::save(&mut work, &template).await.unwrap();
        work.commit().await.unwrap();
        let simulated = SimulatedTemplate {
            name: REMINDER_TEMPLATE.into(),
            language: "en".into(),
            category: "UTILITY".into(),
            body: body.into(),
            status: "APPROVED".into(),
            ..SimulatedTemplate::default()
        };
        self.shop.providers.add_template("1", simulated);
    }
}

pub(super) async fn add_staff(work: &mut Work, name: &str) -> Staff {
    let new = json!({"kind": "person", "name": name, "zone": "Africa/Nairobi"});
    let new: NewStaff = serde_json::from_value(new).unwrap();
    let staff = create_staff(work, &new).await.unwrap();
    let week: Vec<Opening> = (1..=7)
        .map(|weekday| Opening {
            weekday,
            from: "00:00".parse().unwrap(),
            until: "24:00".parse().unwrap(),
        })
        .collect();
    set_hours(work, &staff, &week).await.unwrap();
    staff
}

fn code(error: AppointmentError) -> &'static str {
    match error {
        AppointmentError::Invalid(invalid) => invalid.0[0].code,
        other => panic!("{other}"),
    }
}

/// A customer had a booking of half an hour, and came. Tests of other domains hear of it.
pub(crate) async fn visited(shop: &Shop, contact: ContactId, starts: Timestamp) -> BookingId {
    let mut work = shop.work().await;
    let staff = json!({"kind": "person", "name": "Wanjiru", "zone": "Africa/Nairobi"});
    let staff = serde_json::from_value(staff).unwrap();
    let staff = create_staff(&mut work, &staff).await.unwrap();
    let offering =
        json!({"names": {"en": "Haircut"}, "duration_minutes": 30, "provider_ids": [staff.id]});
    let offering = serde_json::from_value(offering).unwrap();
    let offering = create_offering(&mut work, &offering).await.unwrap();
    work.commit().await.unwrap();
    let booking = BookingId::new();
    // Nobody may book what has begun.
    sqlx::query(
        "INSERT INTO bookings (workspace_id, id, provider_id, offering_id, contact_id, starts_at, ends_at, free_at,
                               status, reminder_minutes, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $7, 'booked', '{}', $6, $6)",
    )
    .bind(shop.workspace.uuid())
    .bind(booking.uuid())
    .bind(staff.id.uuid())
    .bind(offering.id.uuid())
    .bind(contact.uuid())
    .bind(starts)
    .bind(starts + TimeDelta::minutes(30))
    .execute(&mut *shop.conn().await)
    .await
    .unwrap();
    let mut work = shop.work().await;
    change(&mut work, (booking, None), Status::Completed)
        .await
        .unwrap();
    work.commit().await.unwrap();
    booking
}

#[tokio::test]
async fn a_booking_is_reminded_of_a_day_and_two_hours_before_in_the_zone_of_its_provider() {
    let salon = Salon::open().await;
    salon.approve().await;
    let starts_at = salon.ahead(30);
    let booking = salon.book(starts_at).await;
    assert_eq!(salon.shop.pending().await.len(), 2);
    salon
        .at(starts_at - TimeDelta::hours(24) - TimeDelta::seconds(1))
        .await;
    assert!(salon.reminders().is_empty());
    salon.at(starts_at - TimeDelta::hours(24)).await;
    let [first] = &*salon.reminders() else {
        panic!("one")
    };
    // Within 24 hours of the customer's message: with buttons.
    let (body, buttons) = (
        &first.body["interactive"]["body"]["text"],
        &first.body["interactive"]["action"]["buttons"],
    );
    let there = starts_at
        .with_timezone(&chrono_tz::Africa::Nairobi)
        .format("%H:%M")
        .to_string();
    assert!(body.as_str().unwrap().contains(&there), "{body}");
    assert_eq!(
        buttons[0]["reply"]["id"],
        format!("book:confirm:{}", booking.id)
    );
    assert_eq!(
        buttons[1]["reply"]["id"],
        format!("book:cancel:{}", booking.id)
    );
    assert_eq!(
        salon.see(booking.id).await.reminded_at,
        Some(salon.shop.now())
    );
    // Outside of them: by the template.
    salon.at(starts_at - TimeDelta::hours(2)).await;
    let [_, second] = &*salon.reminders() else {
        panic!("two")
    };
    assert_eq!(second.body["template"]["name"], REMINDER_TEMPLATE);
    assert!(salon.shop.pending().await.is_empty());
}

#[tokio::test]
async fn a_reminder_whose_time_is_past_at_the_booking_is_not_made() {
    let salon = Salon::open().await;
    let starts_at = salon.ahead(5);
    salon.book(starts_at).await;
    assert_eq!(salon.shop.pending().await.len(), 1);
    salon.at(starts_at - TimeDelta::hours(2)).await;
    assert_eq!(salon.reminders().len(), 1, "that of two hours before");
}

#[tokio::test]
async fn the_reminders_of_a_moved_booking_move_and_those_of_a_cancelled_one_do_not_go() {
    let salon = Salon::open().await;
    let (first, later) = (salon.ahead(5), salon.ahead(10));
    let booking = salon.book(first).await;
    salon.move_to(booking.id, later).await.unwrap();
    // To and fro: the reminder of a time is one, however often the booking comes back to it.
    salon.move_to(booking.id, first).await.unwrap();
    salon.move_to(booking.id, later).await.unwrap();
    assert_eq!(salon.shop.pending().await.len(), 2, "one for each time");
    salon.at(first).await;
    assert!(salon.reminders().is_empty());
    salon.at(later - TimeDelta::hours(2)).await;
    assert_eq!(salon.reminders().len(), 1);
    let other = salon.book(salon.ahead(20)).await;
    salon.change(other.id, Status::Cancelled).await.unwrap();
    salon.at(other.starts_at).await;
    assert_eq!(salon.reminders().len(), 1);
    assert!(salon.shop.pending().await.is_empty());
}

#[tokio::test]
async fn a_process_that_was_down_sends_a_reminder_only_while_it_makes_sense() {
    let salon = Salon::open().await;
    salon.approve().await;
    // Down from before the first until after the second: one goes, not two.
    let starts_at = salon.ahead(30);
    salon.book(starts_at).await;
    salon.at(starts_at - TimeDelta::minutes(100)).await;
    assert_eq!(salon.reminders().len(), 1);
    // Down until it has begun: none.
    let starts_at = salon.ahead(30);
    salon.book(starts_at).await;
    salon.at(starts_at).await;
    assert_eq!(salon.reminders().len(), 1);
}

#[tokio::test]
async fn a_reminder_job_that_runs_twice_sends_once() {
    let salon = Salon::open().await;
    let starts_at = salon.ahead(5);
    salon.book(starts_at).await;
    let due = starts_at - TimeDelta::hours(2);
    salon.at(due).await;
    let again = Remind {
        workspace: salon.shop.workspace,
        due,
    };
    for _ in 0..2 {
        kazi_queue::Job::enqueue(&again, &mut *salon.shop.conn().await)
            .await
            .unwrap();
    }
    salon.shop.drain().await;
    assert_eq!(salon.reminders().len(), 1);
}

#[tokio::test]
async fn a_provider_that_fails_or_does_not_answer_gets_the_reminder_once_it_can() {
    let salon = Salon::open().await;
    let fault = |fault: Fault| {
        salon.shop.providers.fault(Fault {
            times: Some(1),
            ..fault
        })
    };
    fault(Fault {
        status: Some(503),
        ..Fault::on(Service::WhatsApp)
    });
    fault(Fault {
        cut: Some(CutAt::Before),
        ..Fault::on(Service::WhatsApp)
    });
    let starts_at = salon.ahead(5);
    let booking = salon.book(starts_at).await;
    salon.at(starts_at - TimeDelta::hours(2)).await;
    // Waits for news of what may have arrived, then tries again.
    for _ in 0..4 {
        salon.shop.after(Duration::from_secs(600)).await;
    }
    let arrived = salon
        .reminders()
        .into_iter()
        .filter(|entry| entry.status == 200);
    assert_eq!(arrived.count(), 1);
    assert_eq!(salon.see(booking.id).await.unreachable, None);
    assert!(salon.shop.pending().await.is_empty());
}

#[tokio::test]
async fn who_cannot_be_reached_is_reported_on_the_booking() {
    let salon = Salon::open().await;
    // No template, and more than a day after their last message.
    let starts_at = salon.ahead(30);
    let booking = salon.book(starts_at).await;
    salon.at(starts_at - TimeDelta::hours(2)).await;
    assert_eq!(
        salon.see(booking.id).await.unreachable.as_deref(),
        Some("no_template")
    );
    let filter = BookingFilter {
        unreachable: Some(true),
        ..BookingFilter::default()
    };
    let found = bookings(&mut salon.work().await, &filter, None, 10)
        .await
        .unwrap();
    assert_eq!(found.len(), 1);
    let mut tx = database::platform(&salon.shop.ctx.db).await.unwrap();
    assert_eq!(count_unreachable(&mut tx).await.unwrap(), 1);
}

#[tokio::test]
async fn of_two_bookings_of_one_time_made_at_once_one_wins() {
    let salon = Salon::open().await;
    let starts_at = salon.ahead(5);
    let wish = salon.wish(starts_at);
    let all = (0..6).map(|_| salon.try_book(&wish));
    let all = futures(all).await;
    let won = all.iter().filter(|booked| booked.is_ok()).count();
    assert_eq!(won, 1);
    let lost = all.into_iter().filter_map(Result::err);
    assert!(
        lost.into_iter()
            .all(|error| matches!(error, AppointmentError::Taken))
    );
    assert_eq!(
        salon.shop.pending().await.len(),
        1,
        "one reminder of one booking"
    );
    // The constraint says the same, whatever the program believes.
    let doubled = sqlx::query(
        "INSERT INTO bookings (workspace_id, id, provider_id, offering_id, contact_id, starts_at, ends_at, free_at, status,
                               reminder_minutes, created_at, updated_at)
         SELECT workspace_id, gen_random_uuid(), provider_id, offering_id, contact_id, starts_at, ends_at, free_at, status,
                reminder_minutes, created_at, updated_at FROM bookings",
    );
    let error = doubled.execute(&salon.shop.ctx.owner).await.unwrap_err();
    assert!(matches!(error.into(), AppointmentError::Taken));
}

/// All of them, each on a connection of its own.
async fn futures<T>(all: impl Iterator<Item = impl Future<Output = T>>) -> Vec<T> {
    let mut pending: Vec<_> = all.map(Box::pin).collect();
    let mut done = Vec::new();
    std::future::poll_fn(|task| {
        pending.retain_mut(|one| match one.as_mut().poll(task) {
            std::task::Poll::Ready(value) => {
                done.push(value);
                false
            }
            std::task::Poll::Pending => true,
        });
        match pending.is_empty() {
            true => std::task::Poll::Ready(()),
            false => std::task::Poll::Pending,
        }
    })
    .await;
    done
}

#[tokio::test]
async fn a_time_that_cannot_be_is_refused_with_its_rule() {
    let salon = Salon::open().await;
    let refused = async |starts_at| code(salon.try_book(&salon.wish(starts_at)).await.unwrap_err());
    let good = salon.ahead(5);
    assert_eq!(refused(good + TimeDelta::seconds(1)).await, "not_a_minute");
    assert_eq!(refused(salon.ahead(-3)).await, "past");
    assert_eq!(refused(salon.ahead(24 * 31)).await, "too_far");
    assert_eq!(refused(Timestamp::MAX_UTC).await, "not_a_minute");
    let other = NewBooking {
        provider_id: StaffId::new(),
        ..salon.wish(good)
    };
    assert_eq!(code(salon.try_book(&other).await.unwrap_err()), "unknown");
    let other = NewBooking {
        contact_id: ContactId::new(),
        ..salon.wish(good)
    };
    assert_eq!(code(salon.try_book(&other).await.unwrap_err()), "unknown");
    // A day off.
    let mut work = salon.work().await;
    let day = salon
        .ahead(48)
        .with_timezone(&chrono_tz::Africa::Nairobi)
        .date_naive();
    let off = SpecialDay {
        day,
        hours: Vec::new(),
    };
    set_special_day(&mut work, &salon.staff, &off)
        .await
        .unwrap();
    work.commit().await.unwrap();
    assert_eq!(refused(salon.ahead(48)).await, "outside_hours");
}

#[tokio::test]
async fn a_customer_has_ten_bookings_ahead_at_most_and_touches_no_one_else_s() {
    let salon = Salon::open().await;
    let customer = |contact: ContactId| Actor {
        kind: kazi_platform::actor::ActorKind::Customer,
        id: Some(contact.uuid()),
        address: None,
        request: None,
    };
    let me = customer(salon.contact);
    for hours in 2..12 {
        let mut work = salon.shop.work_by(me.clone()).await;
        let wish = salon.wish(salon.ahead(hours));
        book(&mut work, BookingId::new(), &wish).await.unwrap();
        work.commit().await.unwrap();
    }
    let wish = salon.wish(salon.ahead(20));
    let mut work = salon.shop.work_by(me.clone()).await;
    let eleventh = book(&mut work, BookingId::new(), &wish).await;
    assert!(matches!(eleventh, Err(AppointmentError::TooMany(10))));
    drop(work);
    let booking = salon.book(salon.ahead(20)).await;
    let somebody = customer(ContactId::new());
    let mut work = salon.shop.work_by(somebody).await;
    let theirs = change(&mut work, (booking.id, None), Status::Cancelled).await;
    assert!(matches!(theirs, Err(AppointmentError::NotFound(_))));
    work.on_behalf_of(me);
    let stale = change(&mut work, (booking.id, Some(9)), Status::Cancelled).await;
    assert!(matches!(stale, Err(AppointmentError::Stale)));
}

#[tokio::test]
async fn what_has_ended_is_a_no_show_unless_it_was_confirmed_or_somebody_has_said() {
    let salon = Salon::open().await;
    let [missed, came, said] = [5, 6, 7].map(|hours| salon.ahead(hours));
    let [missed, came, said] = [
        salon.book(missed).await,
        salon.book(came).await,
        salon.book(said).await,
    ];
    salon.change(came.id, Status::Confirmed).await.unwrap();
    assert!(matches!(
        salon.change(said.id, Status::Completed).await,
        Err(AppointmentError::State(_))
    ));
    salon.shop.after(8 * HOUR).await;
    salon.change(said.id, Status::Completed).await.unwrap();
    assert!(matches!(
        salon.change(said.id, Status::Cancelled).await,
        Err(AppointmentError::State(_))
    ));
    salon.shop.after(3 * HOUR).await;
    kazi_queue::Job::enqueue(&FindEnded {}, &mut *salon.shop.conn().await)
        .await
        .unwrap();
    salon.shop.drain().await;
    for (booking, status) in [
        (&missed, Status::NoShow),
        (&came, Status::Completed),
        (&said, Status::Completed),
    ] {
        assert_eq!(salon.see(booking.id).await.status, status);
    }
    // A person puts it right.
    salon.change(missed.id, Status::Completed).await.unwrap();
}

#[tokio::test]
async fn bookings_go_with_a_merged_contact_and_are_freed_of_an_erased_one() {
    let salon = Salon::open().await;
    let booking = salon.book(salon.ahead(5)).await;
    let mut work = salon.work().await;
    let new = serde_json::from_value(json!({"name": "Amina", "phone": "+254700000001"})).unwrap();
    let other = contacts::create(&mut work, &new).await.unwrap();
    crate::people::merge(&mut work, salon.contact, other.id)
        .await
        .unwrap();
    let data = crate::people::personal_data(&mut work, other.id)
        .await
        .unwrap();
    assert_eq!(data.bookings.len(), 1);
    crate::people::erase(&mut work, other.id).await.unwrap();
    work.commit().await.unwrap();
    assert_eq!(salon.see(booking.id).await.status, Status::Cancelled);
}

#[tokio::test]
async fn hours_and_offerings_that_make_no_sense_are_refused_by_field() {
    let salon = Salon::open().await;
    let mut work = salon.work().await;
    let pointer = |error: AppointmentError| match error {
        AppointmentError::Invalid(invalid) => (invalid.0[0].pointer.clone(), invalid.0[0].code),
        other => panic!("{other}"),
    };
    let opening = |weekday: i16, from: &str, until: &str| Opening {
        weekday,
        from: from.parse().unwrap(),
        until: until.parse().unwrap(),
    };
    for (week, at, code) in [
        (
            vec![
                opening(1, "09:00", "12:00"),
                opening(2, "09:00", "12:00"),
                opening(1, "11:00", "13:00"),
            ],
            "/week/2",
            "overlaps",
        ),
        (
            vec![opening(1, "09:00", "09:00")],
            "/week/0/until",
            "not_after",
        ),
        (
            vec![opening(8, "09:00", "10:00")],
            "/week/0/weekday",
            "out_of_range",
        ),
        (vec![opening(1, "09:00", "10:00"); 11], "/week", "too_many"),
    ] {
        let refused = set_hours(&mut work, &salon.staff, &week).await.unwrap_err();
        assert_eq!(pointer(refused), (at.to_owned(), code));
    }
    for (new, at, code) in [
        (
            json!({"kind": "person", "name": "A", "zone": "Mars/Olympus"}),
            "/zone",
            "unknown_zone",
        ),
        (
            json!({"kind": "person", "name": " ", "zone": "UTC"}),
            "/name",
            "length",
        ),
    ] {
        let new = serde_json::from_value(new).unwrap();
        let refused = create_staff(&mut work, &new).await.unwrap_err();
        assert_eq!(pointer(refused), (at.to_owned(), code));
    }
    for (field, value, at, code) in [
        (
            "duration_minutes",
            json!(0),
            "/duration_minutes",
            "out_of_range",
        ),
        (
            "duration_minutes",
            json!(1441),
            "/duration_minutes",
            "out_of_range",
        ),
        ("step_minutes", json!(0), "/step_minutes", "out_of_range"),
        (
            "buffer_minutes",
            json!(-1),
            "/buffer_minutes",
            "out_of_range",
        ),
        ("price_minor", json!(-1), "/price_minor", "out_of_range"),
        (
            "reminder_minutes",
            json!([0]),
            "/reminder_minutes/0",
            "out_of_range",
        ),
        (
            "reminder_minutes",
            json!([1, 2, 3, 4, 5, 6]),
            "/reminder_minutes",
            "too_many",
        ),
        ("names", json!({}), "/names", "missing"),
        ("names", json!({"xx": "A"}), "/names/xx", "unknown_language"),
        (
            "provider_ids",
            json!([StaffId::new()]),
            "/provider_ids/0",
            "unknown",
        ),
        (
            "max_ahead_days",
            json!(367),
            "/max_ahead_days",
            "out_of_range",
        ),
    ] {
        let mut new = json!({"names": {"en": "A"}, "duration_minutes": 30, "provider_ids": []});
        new[field] = value;
        let new = serde_json::from_value(new).unwrap();
        let refused = create_offering(&mut work, &new).await.unwrap_err();
        assert_eq!(pointer(refused), (at.to_owned(), code));
    }
}
