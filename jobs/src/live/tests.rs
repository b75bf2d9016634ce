use std::time::Duration;

use kazi_queue::Job;

use super::*;
use crate::testing::Shop;

async fn kept(shop: &Shop) -> i64 {
    sqlx::query_scalar("SELECT count(*) FROM live_events")
        .fetch_one(&shop.ctx.owner)
        .await
        .unwrap()
}

#[tokio::test]
async fn events_are_written_with_their_change_and_purged_when_they_are_old() {
    let shop = Shop::open().await;
    shop.hear("a", "hey").await;
    shop.drain().await;
    let written = kept(&shop).await;
    assert!(written > 0);
    let purge = async || {
        let mut conn = shop.conn().await;
        let options = Purge {}.options();
        Purge {}.enqueue_with(&mut conn, options).await.unwrap();
        shop.drain().await;
    };
    purge().await;
    assert_eq!(kept(&shop).await, written);
    shop.after(Duration::from_secs(7_200)).await;
    purge().await;
    assert_eq!(kept(&shop).await, 0);
}

#[test]
fn a_cursor_reads_back() {
    let cursor = Cursor { oldest: 7, at: 9 };
    assert_eq!(cursor.to_string().parse::<Cursor>().unwrap(), cursor);
    for wrong in ["", "7", "7-", "-9", "7-9-1", "x-y"] {
        assert!(wrong.parse::<Cursor>().is_err(), "{wrong}");
    }
}

async fn write(conn: &mut sqlx::PgConnection, shop: &Shop, kind: &str, times: i32) {
    sqlx::query(
        "INSERT INTO live_events (workspace_id, kind, data) SELECT $1, $2, '{}' FROM generate_series(1, $3)",
    )
    .bind(shop.workspace.uuid())
    .bind(kind)
    .bind(times)
    .execute(conn)
    .await
    .unwrap();
}

async fn open(shop: &Shop, after: Option<Cursor>) -> Stream {
    let hub: Hub = shop.ctx.shared();
    let stream = hub.open(&shop.ctx, shop.workspace, "somebody".to_owned(), after);
    stream.await.unwrap()
}

/// The next event, or what else is told.
async fn next(stream: &mut Stream) -> Result<std::sync::Arc<LiveEvent>, Option<Told>> {
    let told = tokio::time::timeout(Duration::from_secs(30), stream.next());
    match told.await.expect("nothing is told") {
        Some(Told::Event(event)) => Ok(event),
        other => Err(other),
    }
}

#[tokio::test]
async fn what_commits_late_is_told_once_to_who_stays_and_to_who_comes_back() {
    let shop = Shop::open().await;
    let (mut leaves, mut stays) = (open(&shop, None).await, open(&shop, None).await);
    for stream in [&mut leaves, &mut stays] {
        assert!(matches!(next(stream).await, Err(Some(Told::Begun(_)))));
    }
    let mut late = shop.ctx.owner.begin().await.unwrap();
    write(&mut late, &shop, "late", 1).await;
    let mut conn = shop.conn().await;
    write(&mut conn, &shop, "early", 1).await;
    let early = next(&mut leaves).await.unwrap();
    assert_eq!(early.kind, "early");
    drop(leaves);
    late.commit().await.unwrap();
    let mut back = open(&shop, Some(early.cursor)).await;
    let mut came = Vec::new();
    while let Ok(event) = next(&mut back).await {
        came.push(event.kind.clone());
    }
    assert_eq!(came, ["late", "early"]);
    write(&mut conn, &shop, "last", 1).await;
    assert_eq!(next(&mut back).await.unwrap().kind, "last");
    for kind in ["early", "late", "last"] {
        assert_eq!(next(&mut stays).await.unwrap().kind, kind);
    }
}

#[tokio::test]
async fn who_cannot_follow_is_cut_and_starts_anew() {
    let shop = Shop::open().await;
    let mut slow = open(&shop, None).await;
    let mut conn = shop.conn().await;
    let Err(Some(Told::Begun(begun))) = next(&mut slow).await else {
        panic!("the stream has not begun");
    };
    write(&mut conn, &shop, "many", 2_000).await;
    assert!(matches!(next(&mut slow).await, Err(None)));
    let mut anew = open(&shop, Some(begun)).await;
    assert!(matches!(next(&mut anew).await, Err(Some(Told::Reset(_)))));
    write(&mut conn, &shop, "few", 1_000).await;
    for _ in 0..1_000 {
        assert_eq!(next(&mut anew).await.unwrap().kind, "few");
    }
}
