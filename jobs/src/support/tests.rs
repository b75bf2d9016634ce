use std::time::Duration;

use kazi_platform::Phone;
use kazi_queue::Job;
use kazi_simulators::Line;
use serde_json::json;

use super::*;
use crate::{
    Role,
    channels::{ChannelKind, EventKind},
    contacts::{self, ContactId},
    notifications,
    testing::{CUSTOMER, Shop},
};

const HOUR: Duration = Duration::from_secs(3_600);

async fn tap(shop: &Shop, id: &str) {
    let message = json!({
        "id": format!("wamid.{id}"), "from": CUSTOMER, "type": "interactive",
        "interactive": {"type": "list_reply", "list_reply": {"id": id, "title": "Tapped"}},
    });
    let payload = json!({"message": message, "contact": {"wa_id": CUSTOMER}});
    let (kind, what) = (ChannelKind::WhatsApp, EventKind::Message);
    shop.record(kind, what, CUSTOMER, payload).await;
    shop.drain().await;
}

/// A shop with a customer who is known.
async fn shop() -> (Shop, ContactId) {
    let shop = Shop::open().await;
    for (id, text) in [("1", "hey"), ("2", "Amina")] {
        shop.hear(id, text).await;
        shop.drain().await;
    }
    tap(&shop, "lang:en").await;
    let phone = Phone::from_wa_id(CUSTOMER).unwrap();
    let found = contacts::by_phone(&mut shop.work().await, &phone).await;
    let contact = found.unwrap().unwrap().id;
    (shop, contact)
}

async fn says(shop: &Shop, id: &str, text: &str) -> Line {
    shop.hear(id, text).await;
    shop.drain().await;
    last(shop)
}

fn last(shop: &Shop) -> Line {
    let lines = shop.phone(ChannelKind::WhatsApp).transcript();
    lines
        .into_iter()
        .rfind(|line| line.direction == "in")
        .unwrap()
}

async fn all(shop: &Shop) -> Vec<Ticket> {
    tickets(&mut shop.work().await, &TicketFilter::default(), None, 9)
        .await
        .unwrap()
}

async fn told(shop: &Shop, user: uuid::Uuid) -> usize {
    let mut work = shop.work().await;
    let rows = notifications::list(&mut work, user, false, None, 9).await;
    let of_tickets = |row: &&notifications::NotificationView| row.kind == "ticket_unanswered";
    rows.unwrap().iter().filter(of_tickets).count()
}

#[tokio::test]
async fn in_the_chat_a_ticket_is_opened_added_to_and_answered() {
    let (shop, contact) = shop().await;
    assert!(
        says(&shop, "3", "ticket")
            .await
            .text
            .contains("What is it about")
    );
    let opened = says(&shop, "4", "No picture\nThe screen is black.").await;
    assert!(opened.text.contains("is open"), "{}", opened.text);
    let ticket = all(&shop).await.remove(0);
    assert_eq!(
        (ticket.subject.as_str(), ticket.contact_id),
        ("No picture", contact)
    );

    assert!(says(&shop, "5", "ticket").await.text.contains("No picture"));
    assert!(
        says(&shop, "6", "No sound either.")
            .await
            .text
            .contains("added")
    );
    // Ids sort by the millisecond.
    shop.after(Duration::from_millis(1)).await;
    let mut work = shop.work().await;
    answer(&mut work, ticket.id, "Plug it in.").await.unwrap();
    work.commit().await.unwrap();
    shop.drain().await;
    assert_eq!(last(&shop).text, "Plug it in.");
    let mut work = shop.work().await;
    let written = messages(&mut work, ticket.id, None, 9).await.unwrap();
    let by: Vec<Author> = written.iter().map(|message| message.author).collect();
    assert_eq!(by, [Author::Customer, Author::Customer, Author::Team]);
    assert_eq!(all(&shop).await[0].waiting_since, None);
}

#[tokio::test]
async fn whoever_asks_for_a_person_has_a_ticket_that_the_members_are_told_of() {
    let (shop, contact) = shop().await;
    let agent = shop.member(Role::Agent).await;
    for (id, text) in [("3", "agent"), ("4", "My parcel is broken."), ("5", "menu")] {
        says(&shop, id, text).await;
    }
    // The bot listens again.
    says(&shop, "6", "ticket").await;
    let tickets = all(&shop).await;
    assert_eq!(tickets.len(), 1);
    assert_eq!(tickets[0].contact_id, contact);
    assert!(tickets[0].waiting_since.is_some());
    let mut work = shop.work().await;
    let written = messages(&mut work, tickets[0].id, None, 9).await.unwrap();
    let words: Vec<&str> = written.iter().map(|one| one.body.as_str()).collect();
    assert_eq!(words, ["agent", "My parcel is broken."]);
    let rows = notifications::list(&mut work, agent, false, None, 9).await;
    let kinds: Vec<String> = rows.unwrap().into_iter().map(|row| row.kind).collect();
    assert_eq!(kinds, ["ticket_opened"]);
}

#[tokio::test]
async fn a_ticket_that_waits_for_four_hours_is_brought_to_notice_once() {
    let (shop, contact) = shop().await;
    let agent = shop.member(Role::Agent).await;
    let new = NewTicket {
        contact_id: contact,
        subject: "No picture".into(),
        message: "Black.".into(),
    };
    let mut work = shop.work().await;
    let made = open(&mut work, &new).await;
    let made = made.unwrap();
    let other = open(&mut work, &new).await;
    let other = other.unwrap();
    work.commit().await.unwrap();
    shop.after(HOUR).await;
    let mut work = shop.work().await;
    set_open(&mut work, other.id, false).await.unwrap();
    work.commit().await.unwrap();
    assert_eq!(told(&shop, agent).await, 0);
    shop.after(HOUR * 3).await;
    assert_eq!(told(&shop, agent).await, 1, "of the open one");

    let again = RemindUnanswered {
        workspace: shop.workspace,
        ticket: made.id,
        since: made.waiting_since.unwrap(),
    };
    let mut conn = shop.conn().await;
    again.enqueue(&mut conn).await.unwrap();
    shop.drain().await;
    assert_eq!(told(&shop, agent).await, 1);
}

#[tokio::test]
async fn nothing_is_written_into_a_closed_ticket_and_an_erasure_empties_it() {
    let (shop, contact) = shop().await;
    let new = NewTicket {
        contact_id: contact,
        subject: "No picture".into(),
        message: "Black.".into(),
    };
    let mut work = shop.work().await;
    let made = open(&mut work, &new).await.unwrap();
    set_open(&mut work, made.id, false).await.unwrap();
    let closed = answer(&mut work, made.id, "x").await;
    assert!(matches!(closed, Err(TicketError::Closed)));
    crate::people::erase(&mut work, contact).await.unwrap();
    let emptied = ticket(&mut work, made.id).await.unwrap().unwrap();
    assert_eq!(
        (emptied.subject.as_str(), emptied.status),
        ("", Status::Closed)
    );
    let written = messages(&mut work, made.id, None, 9).await.unwrap();
    assert_eq!(written[0].body, "");
}
