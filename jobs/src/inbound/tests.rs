use kazi_platform::database;
use kazi_queue::trace::TraceId;

use super::*;
use crate::{
    channels::ChannelKind,
    testing::{NUMBER, Shop},
};

fn event(shop: &Shop, key: &str) -> NewEvent {
    NewEvent {
        provider: ChannelKind::WhatsApp,
        kind: EventKind::Message,
        key: key.into(),
        external_id: NUMBER.into(),
        route: Some((shop.workspace, shop.whatsapp)),
        sender: "1".into(),
        payload: "{}".into(),
        trace: TraceId::random(),
    }
}

#[tokio::test]
async fn an_event_is_written_once_with_its_job_or_not_at_all() {
    let shop = Shop::open().await;
    let [a, b] = [event(&shop, "a"), event(&shop, "b")];
    let mut tx = database::platform(&shop.ctx.db).await.unwrap();
    record(&mut tx, shop.now(), &[&a]).await.unwrap();
    tx.rollback().await.unwrap();
    assert_eq!(shop.pending().await.len(), 0);

    let mut tx = database::platform(&shop.ctx.db).await.unwrap();
    let recorded = record(&mut tx, shop.now(), &[&a, &b, &a]).await.unwrap();
    assert_eq!((recorded.new, recorded.duplicates), (2, 1));
    let again = record(&mut tx, shop.now(), &[&b]).await.unwrap();
    assert_eq!((again.new, again.duplicates), (0, 1));
    tx.commit().await.unwrap();
    assert_eq!(shop.pending().await.len(), 2);
}

#[tokio::test]
async fn the_same_event_at_the_same_moment_is_written_by_one_only() {
    let shop = Shop::open().await;
    let same = event(&shop, "same");
    let write = async || {
        let mut tx = database::platform(&shop.ctx.db).await.unwrap();
        let recorded = record(&mut tx, shop.now(), &[&same]).await.unwrap();
        tx.commit().await.unwrap();
        recorded.new
    };
    let (a, b, c) = tokio::join!(write(), write(), write());
    assert_eq!(a + b + c, 1);
}

#[tokio::test]
async fn what_belongs_to_no_channel_is_kept_for_the_operator() {
    let shop = Shop::open().await;
    let stray = NewEvent {
        route: None,
        external_id: "999".into(),
        ..event(&shop, "stray")
    };
    let mut conn = shop.conn().await;
    assert_eq!(
        record(&mut conn, shop.now(), &[&stray])
            .await
            .unwrap()
            .unrouted,
        1
    );
    let seen = channels::unrouted(&mut conn, 10).await.unwrap();
    assert_eq!((seen.len(), seen[0].external_id.as_str()), (1, "999"));
    assert_eq!(shop.pending().await.len(), 0);
}
