use std::time::Duration;

use chrono::TimeDelta;
use kazi_platform::actor::{Actor, ActorKind};
use kazi_queue::Job;
use uuid::Uuid;

use super::*;
use crate::{
    Role, Work,
    channels::ChannelKind,
    conversations::{self, Chat, ChatFilter, MessageId},
    messages, notifications, people,
    testing::Shop,
};

const HOUR: Duration = Duration::from_secs(3_600);

/// A shop with a customer who is known and reads English.
async fn known() -> Shop {
    let shop = Shop::open().await;
    for (id, text) in [("a", "hey"), ("b", "Amina"), ("c", "English")] {
        shop.hear(id, text).await;
        shop.drain().await;
    }
    shop
}

async fn by(shop: &Shop, user: Uuid) -> Work {
    let member = Actor {
        kind: ActorKind::Member,
        id: Some(user),
        ..Actor::SYSTEM
    };
    shop.work_by(member).await
}

/// The only conversation, locked.
async fn lock(work: &mut Work) -> Chat {
    let whose = contacts::Whose::default();
    let filter = ChatFilter::default();
    let all = conversations::chats(work, &filter, &whose, None, 2).await;
    let [chat]: [Chat; 1] = all.unwrap().try_into().unwrap();
    let locked = conversations::lock_chat(work, chat.id).await;
    locked.unwrap().unwrap()
}

async fn says(shop: &Shop, user: Uuid, text: &str) {
    let mut work = by(shop, user).await;
    let chat = lock(&mut work).await;
    let new = Answer {
        text: Some(text.to_owned()),
        ..Answer::default()
    };
    answer(&mut work, chat, &new).await.unwrap();
    work.commit().await.unwrap();
}

async fn told(shop: &Shop, user: Uuid) -> Vec<String> {
    let mut work = shop.work().await;
    let rows = notifications::list(&mut work, user, false, None, 9).await;
    rows.unwrap().into_iter().map(|row| row.kind).collect()
}

fn newest(shop: &Shop) -> String {
    let lines = shop.phone(ChannelKind::WhatsApp).transcript();
    let came = lines.into_iter().rfind(|line| line.direction == "in");
    came.unwrap().text
}

#[tokio::test]
async fn a_snooze_ends_once_and_a_later_one_keeps_it() {
    let shop = known().await;
    let (agent, viewer) = (
        shop.member(Role::Agent).await,
        shop.member(Role::Viewer).await,
    );
    let snoozed = async |hours: u32| {
        let mut work = by(&shop, agent).await;
        let chat = lock(&mut work).await;
        let until = shop.now() + HOUR * hours;
        let view = snooze(&mut work, chat, until).await.unwrap();
        work.commit().await.unwrap();
        view.snoozed_until.unwrap()
    };
    snoozed(1).await;
    let until = snoozed(2).await;
    shop.after(HOUR).await;
    let mut work = shop.work().await;
    assert_eq!(lock(&mut work).await.snoozed_until, Some(until));
    work.rollback().await.unwrap();
    assert!(told(&shop, agent).await.is_empty());
    shop.after(HOUR).await;
    let mut work = shop.work().await;
    let chat = lock(&mut work).await;
    work.rollback().await.unwrap();
    assert_eq!(chat.snoozed_until, None);
    // A second run.
    let wake = Wake {
        workspace: shop.workspace,
        conversation: chat.id,
        until,
    };
    let mut conn = shop.conn().await;
    wake.enqueue_with(&mut conn, wake.options()).await.unwrap();
    shop.drain().await;
    // Nobody sees to it, so all are told who may answer.
    assert_eq!(told(&shop, agent).await, ["conversation_awake"]);
    assert!(told(&shop, viewer).await.is_empty());
}

#[tokio::test]
async fn the_bot_answers_who_opens_the_menu_and_a_member_who_has_left_is_not_told() {
    let shop = known().await;
    let agent = shop.member(Role::Agent).await;
    says(&shop, agent, "Hello!").await;
    shop.hear("1", "hello").await;
    shop.drain().await;
    assert_eq!(newest(&shop), "Hello!");
    assert_eq!(told(&shop, agent).await, ["conversation_waiting"]);
    let mut work = shop.work().await;
    let chat = lock(&mut work).await;
    work.rollback().await.unwrap();
    assert!(chat.handed_over && chat.waiting_since.is_some());

    sqlx::query("DELETE FROM members WHERE user_id = $1")
        .bind(agent)
        .execute(&shop.ctx.owner)
        .await
        .unwrap();
    shop.hear("2", "Where is my parcel?").await;
    shop.drain().await;
    let tickets: i64 = sqlx::query_scalar("SELECT count(*) FROM tickets")
        .fetch_one(&shop.ctx.owner)
        .await
        .unwrap();
    assert_eq!(tickets, 1, "all members are told instead");

    shop.hear("3", "menu").await;
    shop.drain().await;
    assert_ne!(newest(&shop), "Hello!");
    let mut work = shop.work().await;
    let chat = lock(&mut work).await;
    assert!(!chat.handed_over && chat.waiting_since.is_none());
}

#[tokio::test]
async fn the_notes_are_in_the_copy_of_personal_data_and_go_with_the_person() {
    let shop = known().await;
    let mut work = shop.work().await;
    let chat = lock(&mut work).await;
    write_note(&mut work, chat.id, "She wants an invoice.")
        .await
        .unwrap();
    work.commit().await.unwrap();
    let mut work = shop.work().await;
    let copy = people::personal_data(&mut work, chat.contact)
        .await
        .unwrap();
    assert_eq!(copy.notes[0].body, "She wants an invoice.");
    people::erase(&mut work, chat.contact).await.unwrap();
    work.commit().await.unwrap();
    let left = notes(&mut shop.work().await, chat.id, None, 9).await;
    assert!(left.unwrap().is_empty());
}

#[tokio::test]
async fn the_search_finds_messages_of_any_age_once_and_the_newest_first() {
    let shop = known().await;
    let mut conn = shop.conn().await;
    let mut wanted = Vec::new();
    for days in [400, 64, 34, 33, 32, 31, 10, 4, 3, 2, 1, 0, 0, 0] {
        let at = shop.now() - TimeDelta::days(days);
        messages::make_partitions(&mut conn, at).await.unwrap();
        let id = MessageId::at(at + TimeDelta::milliseconds(wanted.len().try_into().unwrap()));
        sqlx::query(
            "INSERT INTO messages (workspace_id, id, conversation_id, contact_id, channel_id, peer, direction, kind, body,
                                   content, cause, status, created_at)
             SELECT workspace_id, $1, conversation_id, contact_id, channel_id, peer, 'in', 'text', 'The old Pärcel', content,
                    cause, status, $2
             FROM messages WHERE body = 'hey'",
        )
        .bind(id)
        .bind(at)
        .execute(&mut *conn)
        .await
        .unwrap();
        wanted.insert(0, id);
    }
    // More than a search reads one by one, so that the older ones are looked up in the index.
    let others = (0..1_100).map(|n| MessageId::at(shop.now() - TimeDelta::seconds(432_000 + n)));
    sqlx::query(
        "INSERT INTO messages (workspace_id, id, conversation_id, contact_id, channel_id, peer, direction, kind, body,
                               content, cause, status, created_at)
         SELECT workspace_id, n.id, conversation_id, contact_id, channel_id, peer, 'in', 'text', 'Something else', content,
                cause, status, $2
         FROM messages, unnest($1::uuid[]) AS n(id) WHERE body = 'hey'",
    )
    .bind(others.map(MessageId::uuid).collect::<Vec<_>>())
    .bind(shop.now())
    .execute(&mut *conn)
    .await
    .unwrap();
    let mut work = shop.work().await;
    let conversation = lock(&mut work).await.id;
    for (within, limit) in [(None, 2), (None, 50), (Some(conversation), 3)] {
        let (mut found, mut before) = (Vec::new(), None);
        loop {
            let page = messages::search(&mut work, "parc OLD", within, before, limit).await;
            let page: Vec<MessageId> = page.unwrap().iter().map(|one| one.id).collect();
            let Some(last) = page.last() else { break };
            before = Some(*last);
            found.extend(page);
        }
        assert_eq!(found, wanted, "{within:?} {limit}");
    }
    for nothing in ["parcel new", "arcel"] {
        let found = messages::search(&mut work, nothing, None, None, 9).await;
        assert!(found.unwrap().is_empty(), "{nothing}");
    }
}
