//! Many reminders of one moment.

use super::*;
use crate::{
    channels::ChannelId,
    contacts::{self, Identity},
};
use kazi_platform::Phone;

/// Providers who all do the same, of which is reminded two hours before.
struct Chairs {
    salon: Salon,
    offering: OfferingId,
    staff: Vec<StaffId>,
    starts_at: Timestamp,
}

impl Chairs {
    /// With two hours and more until the beginning.
    async fn open(count: usize, starts_in: TimeDelta) -> Self {
        let salon = Salon::open().await;
        let mut staff = Vec::new();
        let mut work = salon.work().await;
        for place in 0..count {
            let name = format!("Chair {place}");
            staff.push(add_staff(&mut work, &name).await.id);
        }
        let new = json!({"names": text("Shave"), "duration_minutes": 30, "reminder_minutes": [120], "providers": staff});
        let new: NewOffering = serde_json::from_value(new).unwrap();
        let offering = create_offering(&mut work, &new).await.unwrap();
        work.commit().await.unwrap();
        let minute = salon
            .shop
            .now()
            .duration_trunc(TimeDelta::minutes(1))
            .unwrap();
        Self {
            salon,
            offering: offering.id,
            staff,
            starts_at: minute + starts_in,
        }
    }

    fn due(&self) -> Timestamp {
        self.starts_at - TimeDelta::hours(2)
    }

    async fn book(&self, place: usize, contact: ContactId) -> BookingId {
        let new = NewBooking {
            offering: self.offering,
            provider: self.staff[place],
            contact,
            starts_at: self.starts_at,
            note: None,
        };
        self.salon.try_book(&new).await.unwrap().id
    }

    /// Somebody else, whom the channel knows.
    async fn somebody(&self, number: u32) -> ContactId {
        let (shop, mut work) = (&self.salon.shop, self.salon.work().await);
        let channel = "SELECT id FROM channels WHERE kind = 'whatsapp'";
        let channel: ChannelId = sqlx::query_scalar::<_, uuid::Uuid>(channel)
            .fetch_one(&shop.ctx.owner)
            .await
            .unwrap()
            .into();
        let phone = format!("2547200{number:05}");
        let identity = Identity {
            phone: Phone::from_wa_id(&phone),
            chat_id: Some(phone),
            name: None,
            user_id: None,
        };
        let contact = contacts::resolve(&mut work, channel, &identity)
            .await
            .unwrap();
        work.commit().await.unwrap();
        contact.id
    }
}

#[tokio::test]
async fn of_the_reminders_of_a_moment_those_go_that_can() {
    let chairs = Chairs::open(5, TimeDelta::hours(5)).await;
    let salon = &chairs.salon;
    salon.approve().await;
    let mut people = vec![salon.contact];
    for number in 1..5 {
        people.push(chairs.somebody(number).await);
    }
    let mut booked = Vec::new();
    for (place, contact) in people.iter().enumerate() {
        booked.push(chairs.book(place, *contact).await);
    }
    assert_eq!(salon.shop.pending().await.len(), 1, "one job for them all");
    sqlx::query("UPDATE contacts SET blocked_at = now() WHERE id = $1")
        .bind(people[1].uuid())
        .execute(&salon.shop.ctx.owner)
        .await
        .unwrap();
    sqlx::query("UPDATE providers SET zone = 'Nowhere/At_All' WHERE id = $1")
        .bind(chairs.staff[2].uuid())
        .execute(&salon.shop.ctx.owner)
        .await
        .unwrap();
    salon.change(booked[3], Status::Cancelled).await.unwrap();
    salon.at(chairs.due()).await;
    let mut told: Vec<String> = salon
        .reminders()
        .iter()
        .map(|entry| entry.body["to"].as_str().unwrap_or_default().to_owned())
        .collect();
    told.sort();
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told.contains(&"254720000004".to_owned()), "{told:?}");
    let (now, mut seen) = (salon.shop.now(), Vec::new());
    for id in booked {
        let booking = salon.see(id).await;
        assert!(booking.reminded_at.is_none_or(|at| at == now));
        seen.push((booking.reminded_at.is_some(), booking.unreachable));
    }
    let blocked = Some("blocked".to_owned());
    let expected = [
        (true, None),
        (false, blocked),
        (false, None),
        (false, None),
        (true, None),
    ];
    assert_eq!(seen, expected);
}

#[tokio::test]
async fn who_cancels_while_the_reminders_of_the_moment_are_planned_is_not_reminded() {
    let chairs = Chairs::open(3, TimeDelta::hours(5)).await;
    let salon = &chairs.salon;
    let mut booked = Vec::new();
    for place in 0..3 {
        booked.push(chairs.book(place, salon.contact).await);
    }
    let mut work = salon.work().await;
    change(&mut work, (booked[1], None), Status::Cancelled)
        .await
        .unwrap();
    let cancel = async {
        let waits = "SELECT EXISTS (SELECT FROM pg_stat_activity
                     WHERE datname = current_database() AND wait_event_type = 'Lock')";
        let owner = &salon.shop.ctx.owner;
        while !sqlx::query_scalar::<_, bool>(waits)
            .fetch_one(owner)
            .await
            .unwrap()
        {}
        work.commit().await.unwrap();
    };
    tokio::join!(salon.at(chairs.due()), cancel);
    let reminded = salon.reminders();
    let of = |id: BookingId| {
        let id = format!("book:confirm:{id}");
        let button = |entry: &&Entry| {
            entry.body["interactive"]["action"]["buttons"][0]["reply"]["id"] == *id
        };
        reminded.iter().filter(button).count()
    };
    assert_eq!(
        booked.iter().map(|id| of(*id)).collect::<Vec<_>>(),
        [1, 0, 1]
    );
    assert_eq!(salon.see(booked[1]).await.reminded_at, None);
    assert!(salon.shop.pending().await.is_empty());
}

#[tokio::test]
async fn a_booking_relies_on_no_job_that_may_run_before_it_is_there() {
    let chairs = Chairs::open(2, TimeDelta::minutes(121)).await;
    let salon = &chairs.salon;
    for place in 0..2 {
        chairs.book(place, salon.contact).await;
    }
    assert_eq!(salon.shop.pending().await.len(), 2, "a job of its own each");
    salon.at(chairs.due()).await;
    assert_eq!(salon.reminders().len(), 2);
}

#[tokio::test]
async fn the_reminders_of_a_moment_are_read_page_by_page() {
    let chairs = Chairs::open(3, TimeDelta::hours(5)).await;
    let salon = &chairs.salon;
    for place in 0..3 {
        chairs.book(place, salon.contact).await;
    }
    let (mut after, mut pages) = (None, Vec::new());
    let mut work = salon.work().await;
    loop {
        let page = store::reminders::due(&mut work, chairs.due(), after, 2);
        let page = page.await.unwrap();
        let Some(last) = page.last() else { break };
        after = Some((last.starts_at, last.id));
        pages.push(page.len());
    }
    assert_eq!(pages, [2, 1]);
    let other = chairs.due() + TimeDelta::minutes(1);
    let none = store::reminders::due(&mut work, other, None, 2);
    assert!(none.await.unwrap().is_empty());
}
