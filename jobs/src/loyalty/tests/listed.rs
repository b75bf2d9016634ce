//! The list of accounts, and what it leaves out.

use super::*;

async fn names(shop: &Shop, filter: &AccountFilter, sort: AccountSort) -> Vec<ContactId> {
    let mut work = shop.work().await;
    let rows = accounts(&mut work, filter, sort, None, 9).await.unwrap();
    rows.into_iter().map(|row| row.contact_id).collect()
}

#[tokio::test]
async fn the_list_has_who_has_had_points_and_nobody_who_is_gone() {
    let shop = shop().await;
    let all = AccountFilter::default();
    let (amina, brian, carol) = (
        contact(&shop, "Amina").await,
        contact(&shop, "Brian").await,
        contact(&shop, "Carol").await,
    );
    contact(&shop, "Nobody").await;
    delivered(&shop, amina, 30_000).await;
    give(&shop, brian, 500).await.unwrap();
    delivered(&shop, carol, 10_000).await;
    let by = async |sort| names(&shop, &all, sort).await;
    assert_eq!(by(AccountSort::BalanceDown).await, [brian, amina, carol]);
    assert_eq!(by(AccountSort::LifetimeDown).await, [amina, carol, brian]);
    assert_eq!(by(AccountSort::ChangedDown).await, [carol, brian, amina]);
    assert_eq!(by(AccountSort::Changed).await, [amina, brian, carol]);

    // What one has earned comes to the other with the points.
    let mut work = shop.work().await;
    crate::people::merge(&mut work, carol, amina).await.unwrap();
    work.commit().await.unwrap();
    assert_eq!(by(AccountSort::LifetimeDown).await, [amina, brian]);
    assert_eq!(has(&shop, amina).await.lifetime, 400);
    let mut work = shop.work().await;
    crate::people::erase(&mut work, brian).await.unwrap();
    work.commit().await.unwrap();
    assert_eq!(by(AccountSort::BalanceDown).await, [amina]);
    sound(&shop).await;
}

#[tokio::test]
async fn lifetime_keeps_what_was_spent_and_expired_and_loses_what_went_back() {
    let shop = shop().await;
    set(
        &shop,
        json!({"enabled": true, "order": {"points": 1, "per_minor": 100}, "expiry": {"months": 1}}),
    )
    .await;
    let amina = contact(&shop, "Amina").await;
    delivered(&shop, amina, 5_000).await;
    give(&shop, amina, 7).await.unwrap();
    let coffee = reward(&shop, 20, None).await;
    take(&shop, amina, coffee).await.unwrap();
    assert_eq!(has(&shop, amina).await.lifetime, 50);
    shop.after(DAY * 40).await;
    FindExpiring {}
        .enqueue(&mut *shop.conn().await)
        .await
        .unwrap();
    shop.drain().await;
    let order = delivered(&shop, amina, 1_000).await;
    let account = has(&shop, amina).await;
    assert_eq!((account.balance, account.lifetime), (10, 60));
    refunded(&shop, order).await;
    let account = has(&shop, amina).await;
    assert_eq!((account.balance, account.lifetime), (0, 50));
}
