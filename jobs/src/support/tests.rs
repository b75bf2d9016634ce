use std::time::Duration;

use kazi_platform::Phone;
use kazi_queue::Job;
use kazi_simulators::{Line, SentFile};
use serde_json::json;

use super::*;
use crate::{
    Role,
    channels::{ChannelKind, EventKind},
    contacts::{self, ContactId},
    conversations,
    media::{MediaId, MediaReason, MediaState},
    notifications,
    testing::{CUSTOMER, PNG, Shop},
    workspaces,
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

fn reply(message: &str) -> Reply {
    Reply {
        message: message.to_owned(),
        ..Reply::default()
    }
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
    answer(&mut work, ticket.id, &reply("Plug it in."))
        .await
        .unwrap();
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
    let new = NewTicket::plain(contact, "No picture".into(), "Black.".into());
    let mut work = shop.work().await;
    let made = open(&mut work, &new).await;
    let made = made.unwrap();
    let other = open(&mut work, &new).await;
    let other = other.unwrap();
    work.commit().await.unwrap();
    shop.after(HOUR).await;
    let mut work = shop.work().await;
    move_to(&mut work, other.id, Status::Closed).await.unwrap();
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
    let new = NewTicket::plain(contact, "No picture".into(), "Black.".into());
    let mut work = shop.work().await;
    let made = open(&mut work, &new).await.unwrap();
    move_to(&mut work, made.id, Status::Closed).await.unwrap();
    let closed = answer(&mut work, made.id, &reply("x")).await;
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

async fn set(shop: &Shop, id: TicketId, status: Status) -> Result<Ticket, TicketError> {
    let mut work = shop.work().await;
    let moved = move_to(&mut work, id, status).await?;
    work.commit().await.unwrap();
    shop.drain().await;
    Ok(moved)
}

async fn the(shop: &Shop, id: TicketId) -> Ticket {
    let found = ticket(&mut shop.work().await, id).await;
    found.unwrap().unwrap()
}

async fn chat(shop: &Shop, contact: ContactId) -> conversations::Chat {
    let mut work = shop.work().await;
    let ids = conversations::of_contact(&mut work, contact).await.unwrap();
    let chat = conversations::chat(&mut work, ids[0]).await;
    chat.unwrap().unwrap()
}

#[tokio::test]
async fn an_answer_to_a_resolved_ticket_opens_it_again_and_thanks_do_not() {
    let (shop, contact) = shop().await;
    let agent = shop.member(Role::Agent).await;
    for (id, text) in [("3", "agent"), ("4", "My parcel is broken.")] {
        says(&shop, id, text).await;
    }
    let id = all(&shop).await[0].id;
    assert_eq!(the(&shop, id).await.number, 1);
    assert!(chat(&shop, contact).await.handed_over);
    let mut work = shop.work().await;
    answer(&mut work, id, &reply("A new one is on its way."))
        .await
        .unwrap();
    work.commit().await.unwrap();
    set(&shop, id, Status::Resolved).await.unwrap();
    let told = last(&shop).text;
    assert!(
        told.contains("Ticket 1") || told.contains("ticket 1"),
        "{told}"
    );
    assert!(
        !chat(&shop, contact).await.handed_over,
        "the bot has it again"
    );
    let resolved = the(&shop, id).await;
    assert!(resolved.first_response_at.is_some() && resolved.resolved_at.is_some());

    let glad = says(&shop, "5", "Thank you!").await.text;
    assert!(glad.contains("welcome"), "{glad}");
    assert_eq!(the(&shop, id).await.status, Status::Resolved);
    // The bot has the words now, and the keyword of the scene leads to the ticket.
    let shown = says(&shop, "6", "ticket").await.text;
    assert!(shown.contains("“agent”: resolved"), "{shown}");
    let again = says(&shop, "7", "It is broken too.").await.text;
    assert!(again.contains("open again"), "{again}");
    let reopened = the(&shop, id).await;
    assert_eq!(
        (reopened.status, reopened.resolved_at),
        (Status::Open, None)
    );
    assert!(reopened.waiting_since.is_some());
    let mut work = shop.work().await;
    let rows = notifications::list(&mut work, agent, false, None, 9).await;
    let kinds: Vec<String> = rows.unwrap().into_iter().map(|row| row.kind).collect();
    assert_eq!(kinds, ["ticket_answered", "ticket_opened"]);
    drop(work);

    // The next text after a member's answer is for the ticket, though the bot listens.
    set(&shop, id, Status::Pending).await.unwrap();
    let mut work = shop.work().await;
    answer(&mut work, id, &reply("Which colour?"))
        .await
        .unwrap();
    work.commit().await.unwrap();
    shop.drain().await;
    says(&shop, "8", "Blue, please.").await;
    assert_eq!(the(&shop, id).await.status, Status::Open);
    set(&shop, id, Status::Resolved).await.unwrap();
    shop.after(HOUR * 24 * 7).await;
    let closed = the(&shop, id).await;
    assert_eq!(closed.status, Status::Closed);
    assert!(closed.closed_at.is_some());
    assert!(matches!(
        set(&shop, id, Status::Pending).await,
        Err(TicketError::Move(Status::Closed, Status::Pending))
    ));
    says(&shop, "9", "ticket").await;
    says(&shop, "10", "Another thing.").await;
    assert_eq!(all(&shop).await[0].number, 2);
}

#[tokio::test]
async fn a_customer_asks_for_the_state_of_their_tickets_even_while_a_person_is_to_answer() {
    let (shop, _) = shop().await;
    let none = says(&shop, "3", "my tickets").await.text;
    assert!(none.contains("no tickets"), "{none}");
    for (id, text) in [("4", "agent"), ("5", "My parcel is broken.")] {
        says(&shop, id, text).await;
    }
    let shown = says(&shop, "6", "Ticket status").await.text;
    assert_eq!(shown, "Ticket 1 “agent”: our team is on it.");
    let written = messages(&mut shop.work().await, all(&shop).await[0].id, None, 9).await;
    assert_eq!(
        written.unwrap().len(),
        2,
        "the question is not for the team"
    );
    let id = all(&shop).await[0].id;
    set(&shop, id, Status::Pending).await.unwrap();
    let shown = says(&shop, "7", "mes tickets").await.text;
    assert!(shown.contains("we wait for your answer"), "{shown}");
}

#[tokio::test]
async fn outside_the_business_hours_a_customer_is_told_once_when_it_opens() {
    let (shop, _) = shop().await;
    // A night of twelve hours has just begun, on the clocks of the business.
    let now = shop.now();
    let minute = |hours: i64| {
        (now + chrono::TimeDelta::hours(hours))
            .format("%H:%M")
            .to_string()
    };
    let (closes, opens) = (now - chrono::TimeDelta::minutes(1), minute(12));
    let closes = closes.format("%H:%M").to_string();
    let week: Vec<_> = (1..=7)
        .flat_map(|weekday| {
            let one =
                |from: &str, until: &str| json!({"weekday": weekday, "from": from, "until": until});
            match opens < closes {
                true => vec![one(&opens, &closes)],
                false => vec![one("00:00", &closes), one(&opens, "24:00")],
            }
        })
        .filter(|one| one["from"] != one["until"])
        .collect();
    let changes = json!({"time_zone": "UTC", "settings": {
        "business_hours": {"week": week}, "closed_texts": {"en": "The team sleeps."},
    }});
    let mut work = shop.work().await;
    let before = workspaces::lock(&mut work).await.unwrap();
    let changes = serde_json::from_value(changes).unwrap();
    workspaces::update(&mut work, before, changes)
        .await
        .unwrap();
    work.commit().await.unwrap();

    let notices = || {
        let lines = shop.phone(ChannelKind::WhatsApp).transcript().into_iter();
        lines
            .filter(|line| line.text.contains("The team sleeps."))
            .collect::<Vec<_>>()
    };
    let bot = says(&shop, "3", "menu").await;
    assert!(notices().is_empty(), "the bot never sleeps: {}", bot.text);
    for (id, text) in [
        ("4", "agent"),
        ("5", "My parcel is broken."),
        ("6", "Hello?"),
    ] {
        says(&shop, id, text).await;
    }
    let told = notices();
    assert_eq!(told.len(), 1);
    assert!(
        told[0].text.ends_with(&format!("at {opens}.")),
        "{}",
        told[0].text
    );
    // Open, and closed again.
    shop.after(HOUR * 13).await;
    says(&shop, "7", "Are you there?").await;
    assert_eq!(notices().len(), 1);
    shop.after(HOUR * 12).await;
    says(&shop, "8", "And now?").await;
    assert_eq!(notices().len(), 2);
}

#[tokio::test]
async fn tickets_are_sorted_searched_and_noted_on() {
    let (shop, contact) = shop().await;
    let mut work = shop.work().await;
    let new = NewTicket {
        priority: Some(Priority::Urgent),
        category: Some("repair".into()),
        tags: vec!["TV".into(), "tv".into()],
        ..NewTicket::plain(contact, "No picture".into(), "The screen is black.".into())
    };
    let one = open(&mut work, &new).await.unwrap();
    assert_eq!(one.tags, ["tv"]);
    work.commit().await.unwrap();
    // Ids sort by the millisecond.
    shop.ctx.clock.advance(chrono::TimeDelta::milliseconds(1));
    let mut work = shop.work().await;
    let other = NewTicket::plain(contact, "Late parcel".into(), "Where is it?".into());
    open(&mut work, &other).await.unwrap();
    work.commit().await.unwrap();
    let plain = TicketFilter::default();
    for (filter, found) in [
        (
            TicketFilter {
                priority: Some(Priority::Urgent),
                ..plain.clone()
            },
            vec![1],
        ),
        (
            TicketFilter {
                category: Some("repair".into()),
                ..plain.clone()
            },
            vec![1],
        ),
        (
            TicketFilter {
                tag: Some("TV".into()),
                ..plain.clone()
            },
            vec![1],
        ),
        (
            TicketFilter {
                number: Some(2),
                ..plain.clone()
            },
            vec![2],
        ),
        (
            TicketFilter {
                q: Some("blac".into()),
                ..plain.clone()
            },
            vec![1],
        ),
        (
            TicketFilter {
                q: Some("parcel".into()),
                ..plain.clone()
            },
            vec![2],
        ),
        (
            TicketFilter {
                q: Some("fish".into()),
                ..plain.clone()
            },
            vec![],
        ),
        (
            TicketFilter {
                assigned: Some(conversations::Assigned::Nobody),
                ..plain.clone()
            },
            vec![2, 1],
        ),
        (
            TicketFilter {
                status: Some(Status::Pending),
                ..plain
            },
            vec![],
        ),
    ] {
        let rows = tickets(&mut shop.work().await, &filter, None, 9)
            .await
            .unwrap();
        let numbers: Vec<i64> = rows.iter().map(|row| row.number).collect();
        assert_eq!(numbers, found, "{filter:?}");
    }
    let mut work = shop.work().await;
    let note = Reply {
        internal: true,
        status: Some(Status::Pending),
        ..reply("Looks like the cable.")
    };
    assert!(answer(&mut work, one.id, &note).await.unwrap().internal);
    let noted = ticket(&mut work, one.id).await.unwrap().unwrap();
    assert_eq!(
        (noted.status, noted.first_response_at),
        (Status::Pending, None)
    );
    let patch = TicketPatch {
        tags: Some((0..21).map(|n| n.to_string()).collect()),
        ..TicketPatch::default()
    };
    let refused = update(&mut work, noted, patch).await;
    assert!(matches!(refused, Err(TicketError::Invalid(_))));
}

/// The customer sends a picture. Returns the texts of the answers to it.
async fn shows(shop: &Shop, caption: Option<&str>) -> Vec<String> {
    let before = got(shop).len();
    let mut picture = SentFile::new("image", "image/png", PNG);
    picture.caption = caption.map(str::to_owned);
    shop.sends(ChannelKind::WhatsApp, picture).await;
    shop.drain().await;
    let lines = got(shop).into_iter().skip(before);
    lines.map(|line| line.text).collect()
}

/// What the customer's phone has got.
fn got(shop: &Shop) -> Vec<Line> {
    let lines = shop.phone(ChannelKind::WhatsApp).transcript().into_iter();
    lines.filter(|line| line.direction == "in").collect()
}

/// The lines of a ticket: the text, and the number of files that are here.
async fn lines(shop: &Shop, id: TicketId) -> Vec<(String, usize)> {
    let written = messages(&mut shop.work().await, id, None, 50).await;
    let here = |message: &TicketMessage| {
        let files = message.media.iter();
        files
            .filter(|file| file.state == MediaState::Stored)
            .count()
    };
    let written = written.unwrap().into_iter();
    written
        .map(|message| (message.body.clone(), here(&message)))
        .collect()
}

#[tokio::test]
async fn pictures_of_the_customer_come_onto_the_ticket() {
    let (shop, _) = shop().await;
    says(&shop, "3", "ticket").await;
    let answers = shows(&shop, None).await;
    assert!(answers[0].contains("is open"), "{answers:?}");
    // The next one of the album, and words about it.
    assert!(shows(&shop, None).await.is_empty());
    assert!(
        says(&shop, "4", "It is broken.")
            .await
            .text
            .contains("added")
    );
    let ticket = all(&shop).await.remove(0);
    let (picture, words) = (("[image]".to_owned(), 1), ("It is broken.".to_owned(), 0));
    assert_eq!(
        lines(&shop, ticket.id).await,
        [picture.clone(), picture.clone(), words]
    );
    assert_eq!(ticket.subject, "[image]");
    // While a person answers, and with a caption.
    says(&shop, "5", "agent").await;
    shows(&shop, Some("The back")).await;
    shows(&shop, None).await;
    let written = lines(&shop, ticket.id).await;
    assert_eq!(
        written[written.len() - 2..],
        [("The back".to_owned(), 1), picture]
    );
    assert_eq!(all(&shop).await.len(), 1);
}

#[tokio::test]
async fn a_caption_opens_a_ticket_and_the_rest_of_the_album_follows() {
    let (shop, _) = shop().await;
    says(&shop, "3", "ticket").await;
    let answers = shows(&shop, Some("Both are broken")).await;
    assert!(answers[0].contains("is open"), "{answers:?}");
    assert!(shows(&shop, None).await.is_empty());
    let ticket = all(&shop).await.remove(0);
    assert_eq!(ticket.subject, "Both are broken");
    let written = lines(&shop, ticket.id).await;
    assert_eq!(
        written,
        [("Both are broken".to_owned(), 1), ("[image]".to_owned(), 1)]
    );
    // The customer talks of something else: the next picture is none of the ticket's.
    says(&shop, "4", "menu").await;
    shows(&shop, None).await;
    assert_eq!(lines(&shop, ticket.id).await.len(), 2);
}

#[tokio::test]
async fn members_attach_files_to_answers_and_notes() {
    let (shop, contact) = shop().await;
    let new = NewTicket::plain(contact, "No picture".into(), "Black.".into());
    let mut work = shop.work().await;
    let id = open(&mut work, &new).await.unwrap().id;
    work.commit().await.unwrap();
    let (one, two) = (
        shop.upload("image/png", PNG).await,
        shop.upload("image/png", PNG).await,
    );
    let secret = shop.upload("image/png", PNG).await;
    let archive = shop.upload("application/zip", b"PK\x03\x04\x14\0").await;
    let write = async |reply: Reply| {
        let mut work = shop.work().await;
        let written = answer(&mut work, id, &reply).await?;
        work.commit().await.unwrap();
        shop.drain().await;
        Ok::<_, TicketError>(written)
    };
    let with = |message: &str, media_ids: &[MediaId], internal: bool| Reply {
        message: message.into(),
        media_ids: media_ids.to_vec(),
        internal,
        status: None,
    };
    let before = got(&shop).len();
    let written = write(with("Like this:", &[one, two], false)).await.unwrap();
    let files: Vec<MediaId> = written.media.iter().map(|file| file.id).collect();
    assert_eq!(files, [one, two]);
    let lines_got: Vec<(String, bool)> = got(&shop)
        .into_iter()
        .skip(before)
        .map(|line| (line.text, line.file.is_some()))
        .collect();
    let picture = (String::new(), true);
    assert_eq!(
        lines_got,
        [("Like this:".to_owned(), false), picture.clone(), picture]
    );
    write(with("", &[one], false)).await.unwrap();
    assert_eq!(got(&shop).len(), before + 4, "a file alone");
    // A note stays among the members, who may store what WhatsApp does not carry.
    write(with("", &[secret, archive], true)).await.unwrap();
    assert_eq!(got(&shop).len(), before + 4);
    let refused = write(with("", &[one, archive], false)).await;
    let Err(TicketError::Invalid(refused)) = refused else {
        panic!()
    };
    assert_eq!(refused.0[0].pointer, "/media_ids/1");
    // After the 24 hours no file reaches the customer, and nothing of the answer is kept.
    let all_lines = lines(&shop, id).await.len();
    shop.after(HOUR * 25).await;
    let late = write(with("Look:", &[two], false)).await;
    assert!(matches!(late, Err(TicketError::WindowClosed)));
    assert_eq!(lines(&shop, id).await.len(), all_lines);
    // An erasure removes the files that were for this contact alone, those of notes too.
    let mut work = shop.work().await;
    crate::people::erase(&mut work, contact).await.unwrap();
    work.commit().await.unwrap();
    shop.drain().await;
    let written = messages(&mut shop.work().await, id, None, 50)
        .await
        .unwrap();
    let reasons = written.iter().flat_map(|message| &message.media);
    assert!(reasons.clone().count() > 0);
    assert!(
        reasons
            .into_iter()
            .all(|file| file.reason == Some(MediaReason::Erased))
    );
    assert_eq!(shop.files(), 0);
}
