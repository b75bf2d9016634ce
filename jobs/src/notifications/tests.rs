use chrono::TimeDelta;
use kazi_queue::Job;
use serde_json::json;

use super::*;
use crate::testing::Shop;

async fn tell(shop: &Shop, to: To, title: &str) {
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
    let off = Preference {
        kind: Kind::IMPORT_FINISHED,
        in_app: false,
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
