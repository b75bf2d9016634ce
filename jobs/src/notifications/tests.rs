use chrono::TimeDelta;
use kazi_queue::Job;
use serde_json::json;

use super::*;
use crate::testing::Shop;

/// Each is told a millisecond after the one before: ids of one millisecond have no order.
async fn tell(shop: &Shop, to: To, title: &str) {
    shop.ctx.clock.advance(TimeDelta::milliseconds(1));
    let mut work = shop.work().await;
    let notification = Notification {
        kind: Kind::IMPORT_FINISHED,
        title,
        data: &json!({"rows": 3}),
    };
    notify(&mut work, to, &notification).await.unwrap();
    work.commit().await.unwrap();
}

async fn titles(shop: &Shop, user: Uuid, unread_only: bool) -> Vec<String> {
    let mut work = shop.work().await;
    let all = list(&mut work, user, unread_only, None, 50).await.unwrap();
    all.into_iter()
        .map(|notification| notification.title)
        .collect()
}

#[tokio::test]
async fn members_of_a_role_are_told_and_read_each_for_themselves() {
    let shop = Shop::open().await;
    let (owner, agent) = (
        shop.member(Role::Owner).await,
        shop.member(Role::Agent).await,
    );
    tell(&shop, To::Role(Role::Agent), "for all").await;
    shop.ctx.clock.advance(TimeDelta::seconds(1));
    tell(&shop, To::Role(Role::Admin), "for admins").await;
    assert_eq!(titles(&shop, owner, false).await, ["for admins", "for all"]);
    assert_eq!(titles(&shop, agent, false).await, ["for all"]);

    let mut work = shop.work().await;
    let own = list(&mut work, owner, false, None, 1).await.unwrap();
    let newest = own[0].id;
    assert_eq!(unread(&mut work, owner).await.unwrap(), 2);
    // Nobody marks another's.
    assert!(!mark_read(&mut work, agent, newest).await.unwrap());
    assert!(mark_read(&mut work, owner, newest).await.unwrap());
    assert!(mark_read(&mut work, owner, newest).await.unwrap());
    assert_eq!(unread(&mut work, owner).await.unwrap(), 1);
    let page = list(&mut work, owner, false, Some(newest), 50)
        .await
        .unwrap();
    assert_eq!(page.len(), 1);
    assert_eq!(mark_all_read(&mut work, owner, newest).await.unwrap(), 1);
    assert_eq!(unread(&mut work, agent).await.unwrap(), 1);
    work.commit().await.unwrap();
    assert!(titles(&shop, owner, true).await.is_empty());
}

#[tokio::test]
async fn who_does_not_want_to_be_told_is_not() {
    let shop = Shop::open().await;
    let (owner, admin) = (
        shop.member(Role::Owner).await,
        shop.member(Role::Admin).await,
    );
    let mut work = shop.work().await;
    let off = NewPreference {
        kind: Kind::IMPORT_FINISHED,
        in_app: false,
        email: None,
    };
    set_preference(&mut work, owner, off).await.unwrap();
    let all = preferences(&mut work, owner).await.unwrap();
    assert_eq!(all.len(), Kind::all().count());
    assert!(
        all.iter()
            .all(|one| one.in_app == (one.kind != Kind::IMPORT_FINISHED))
    );
    work.commit().await.unwrap();
    tell(&shop, To::Role(Role::Viewer), "done").await;
    tell(&shop, To::User(owner), "for you").await;
    assert!(titles(&shop, owner, false).await.is_empty());
    assert_eq!(titles(&shop, admin, false).await, ["done"]);
}

#[tokio::test]
async fn old_ones_are_taken_away() {
    let shop = Shop::open().await;
    let owner = shop.member(Role::Owner).await;
    tell(&shop, To::User(owner), "old").await;
    shop.ctx.clock.advance(TimeDelta::days(89));
    tell(&shop, To::User(owner), "new").await;
    shop.ctx.clock.advance(TimeDelta::days(2));
    Purge {}.enqueue(&mut *shop.conn().await).await.unwrap();
    assert_eq!(shop.drain().await.done, 1);
    assert_eq!(titles(&shop, owner, false).await, ["new"]);
}

/// A member with a proven address, who wants letters.
async fn reader(shop: &Shop, role: Role, in_app: bool, email: Email) -> Uuid {
    let user = shop.member(role).await;
    sqlx::query("UPDATE users SET email_verified_at = now(), locale = 'fr' WHERE id = $1")
        .bind(user)
        .execute(&shop.ctx.owner)
        .await
        .unwrap();
    choose(shop, user, in_app, Some(email)).await;
    user
}

async fn choose(shop: &Shop, user: Uuid, in_app: bool, email: Option<Email>) {
    let mut work = shop.work().await;
    let wish = NewPreference {
        kind: Kind::IMPORT_FINISHED,
        in_app,
        email,
    };
    set_preference(&mut work, user, wish).await.unwrap();
    work.commit().await.unwrap();
}

/// The lines with a time of the letters to a user, in the order in which they came.
async fn letters(shop: &Shop, user: Uuid) -> Vec<Vec<String>> {
    let address: String = sqlx::query_scalar("SELECT email FROM users WHERE id = $1")
        .bind(user)
        .fetch_one(&shop.ctx.owner)
        .await
        .unwrap();
    let mails = shop.providers.inbox().into_iter();
    let own = mails.filter(|mail| mail.to == [address.as_str()]);
    own.map(|mail| {
        let lines = mail.text.lines().filter(|line| line.starts_with("20"));
        lines.map(|line| line[18..].to_owned()).collect()
    })
    .collect()
}

#[tokio::test]
async fn a_letter_at_once_takes_along_what_comes_in_five_minutes() {
    let shop = Shop::open().await;
    let owner = reader(&shop, Role::Owner, false, Email::AtOnce).await;
    let quiet = reader(&shop, Role::Owner, true, Email::Never).await;
    tell(&shop, To::Role(Role::Owner), "one").await;
    shop.drain().await;
    assert_eq!(letters(&shop, owner).await, [["one"]]);
    // For a letter alone: not in the list.
    assert!(titles(&shop, owner, false).await.is_empty());
    assert_eq!(titles(&shop, quiet, false).await, ["one"]);
    for title in ["two", "three"] {
        tell(&shop, To::Role(Role::Owner), title).await;
        shop.drain().await;
    }
    assert_eq!(letters(&shop, owner).await.len(), 1);
    shop.after(std::time::Duration::from_secs(300)).await;
    assert_eq!(letters(&shop, owner).await[1..], [["two", "three"]]);
    assert!(letters(&shop, quiet).await.is_empty());
    // Long after the last letter, the next one goes at once.
    shop.after(std::time::Duration::from_secs(3_600)).await;
    tell(&shop, To::User(owner), "four").await;
    shop.drain().await;
    assert_eq!(letters(&shop, owner).await[2..], [["four"]]);
}

#[tokio::test]
async fn a_digest_has_what_is_not_read_and_still_wanted_by_the_morning() {
    let shop = Shop::open().await;
    let day = std::time::Duration::from_secs(86_400);
    let owner = reader(&shop, Role::Owner, true, Email::Digest).await;
    tell(&shop, To::User(owner), "read").await;
    let mut work = shop.work().await;
    let own = list(&mut work, owner, true, None, 1).await.unwrap();
    assert!(mark_read(&mut work, owner, own[0].id).await.unwrap());
    work.commit().await.unwrap();
    for n in 0..52 {
        tell(&shop, To::User(owner), &format!("n{n}")).await;
    }
    shop.drain().await;
    assert!(letters(&shop, owner).await.is_empty());
    shop.after(day).await;
    let sent = letters(&shop, owner).await;
    assert_eq!(sent.len(), 1, "one for all");
    assert_eq!((sent[0].len(), sent[0][0].as_str()), (50, "n0"));
    let mail = shop.providers.inbox().pop().unwrap();
    assert!(
        mail.subject.starts_with("Nouvelles de "),
        "{}",
        mail.subject
    );
    assert!(mail.text.contains("et 2 de plus"), "{}", mail.text);

    // Who wants no letters any more, and who is no member any more, gets none.
    tell(&shop, To::User(owner), "unwanted").await;
    choose(&shop, owner, true, Some(Email::Never)).await;
    let gone = reader(&shop, Role::Viewer, true, Email::Digest).await;
    tell(&shop, To::User(gone), "unseen").await;
    sqlx::query("DELETE FROM members WHERE user_id = $1")
        .bind(gone)
        .execute(&shop.ctx.owner)
        .await
        .unwrap();
    shop.after(day).await;
    assert_eq!(letters(&shop, owner).await.len(), 1);
    assert!(letters(&shop, gone).await.is_empty());
}

#[tokio::test]
async fn a_letter_that_the_server_did_not_take_is_sent_again_as_it_was() {
    let shop = Shop::open().await;
    let owner = reader(&shop, Role::Owner, true, Email::AtOnce).await;
    shop.providers.mail_fault(kazi_simulators::MailFault {
        code: Some(451),
        times: Some(1),
        ..kazi_simulators::MailFault::default()
    });
    tell(&shop, To::User(owner), "one").await;
    assert_eq!(shop.drain().await.retried, 1);
    // What comes meanwhile is in a letter of its own.
    tell(&shop, To::User(owner), "two").await;
    shop.after(std::time::Duration::from_secs(3_600)).await;
    let mut sent = letters(&shop, owner).await;
    sent.sort();
    assert_eq!(sent, [["one"], ["two"]]);
}
