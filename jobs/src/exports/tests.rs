use std::time::Duration;

use serde_json::json;
use sqlx::types::Json;

use super::*;
use crate::{
    contacts::{self, NewContact},
    testing::Shop,
};

const DAY: Duration = Duration::from_secs(86_400);

async fn people(shop: &Shop, count: usize) {
    for n in 0..count {
        let mut work = shop.work().await;
        let new: NewContact =
            serde_json::from_value(json!({"name": format!("Amina {n}"), "phone": null})).unwrap();
        contacts::create(&mut work, &new).await.unwrap();
        work.commit().await.unwrap();
    }
}

async fn begun(shop: &Shop) -> ExportId {
    let new = serde_json::from_value(json!({"rows": {"kind": "contacts"}, "format": "csv"}));
    let mut work = shop.work().await;
    let export = start(&mut work, &new.unwrap()).await.unwrap();
    work.commit().await.unwrap();
    export.id
}

async fn seen(shop: &Shop, id: ExportId) -> ExportView {
    view(&mut shop.work().await, id).await.unwrap()
}

async fn file(shop: &Shop, id: ExportId) -> String {
    let (mut file, mut work) = (Vec::new(), shop.work().await);
    for position in 0.. {
        match chunk(&mut work, id, position).await.unwrap() {
            Some(piece) => file.extend(piece),
            None => break,
        }
    }
    String::from_utf8(file).unwrap()
}

async fn count(shop: &Shop, query: &'static str) -> i64 {
    sqlx::query_scalar(query)
        .fetch_one(&mut *shop.conn().await)
        .await
        .unwrap()
}

#[tokio::test]
async fn a_run_that_dies_leaves_nothing_and_the_next_makes_the_whole_file() {
    let shop = Shop::open().await;
    people(&shop, 3).await;
    let id = begun(&shop).await;
    sqlx::raw_sql(
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'killed'; END $$;
         CREATE TRIGGER refuse AFTER INSERT ON export_chunks FOR EACH ROW EXECUTE FUNCTION refuse()",
    )
    .execute(&shop.ctx.owner)
    .await
    .unwrap();
    assert_eq!(shop.drain().await.retried, 1);
    let view = seen(&shop, id).await;
    assert_eq!((view.status.as_str(), view.rows_done), ("running", 3));
    assert_eq!((view.rows_total, view.bytes), (Some(3), None));
    sqlx::raw_sql("DROP TRIGGER refuse ON export_chunks")
        .execute(&shop.ctx.owner)
        .await
        .unwrap();
    shop.after(DAY).await;
    let view = seen(&shop, id).await;
    assert_eq!((view.status.as_str(), view.rows_done), ("done", 3));
    let text = file(&shop, id).await;
    assert_eq!(text.lines().count(), 4, "{text}");
    assert_eq!(view.bytes, Some(i64::try_from(text.len()).unwrap()));
}

#[tokio::test]
async fn a_run_that_was_taken_for_dead_writes_nothing_any_more() {
    let shop = Shop::open().await;
    let id = begun(&shop).await;
    let mut work = shop.work().await;
    let old = store::begin(&mut work, id).await.unwrap().unwrap().run;
    let new = store::begin(&mut work, id).await.unwrap().unwrap().run;
    assert!(!store::progress(&mut work, id, old, 1).await.unwrap());
    let until = work.now() + chrono::TimeDelta::days(1);
    assert!(!store::finish(&mut work, id, old, 1, until).await.unwrap());
    assert!(store::progress(&mut work, id, new, 1).await.unwrap());
    // Cancelled, it is nobody's.
    cancel(&mut work, id).await.unwrap();
    assert!(!store::progress(&mut work, id, new, 2).await.unwrap());
    assert!(!store::finish(&mut work, id, new, 1, until).await.unwrap());
    work.commit().await.unwrap();
    shop.drain().await;
    assert_eq!(seen(&shop, id).await.status, "cancelled");
    assert_eq!(count(&shop, "SELECT count(*) FROM export_chunks").await, 0);
}

#[tokio::test]
async fn files_go_after_a_week_and_when_there_are_ten_newer_ones() {
    let shop = Shop::open().await;
    let mut ids = Vec::new();
    for _ in 0..11 {
        ids.push(begun(&shop).await);
        shop.after(Duration::from_secs(1)).await;
    }
    assert_eq!(seen(&shop, ids[0]).await.status, "expired");
    assert_eq!(file(&shop, ids[0]).await, "");
    assert_eq!(seen(&shop, ids[1]).await.status, "done");
    assert_ne!(file(&shop, ids[1]).await, "");
    shop.after(DAY * 6).await;
    assert_eq!(count(&shop, "SELECT count(*) FROM export_chunks").await, 10);
    let purge = async || {
        let mut conn = shop.conn().await;
        kazi_queue::Job::enqueue(&Purge {}, &mut conn)
            .await
            .unwrap();
        drop(conn);
        shop.drain().await;
    };
    purge().await;
    assert_eq!(count(&shop, "SELECT count(*) FROM export_chunks").await, 10);
    shop.after(DAY).await;
    purge().await;
    assert_eq!(count(&shop, "SELECT count(*) FROM export_chunks").await, 0);
    assert_eq!(seen(&shop, ids[10]).await.status, "expired");
    shop.after(DAY * 90).await;
    purge().await;
    assert_eq!(count(&shop, "SELECT count(*) FROM exports").await, 0);
}

#[tokio::test]
async fn an_export_by_a_field_that_was_dropped_fails_and_waits_for_nobody() {
    let shop = Shop::open().await;
    let field = json!({"key": "city", "label": "City", "kind": "text"});
    let mut work = shop.work().await;
    contacts::declare(&mut work, &serde_json::from_value(field).unwrap())
        .await
        .unwrap();
    let rows = json!({"kind": "contacts", "attributes": {"city": "Nairobi"}});
    let new = serde_json::from_value(json!({"rows": rows, "format": "csv"}));
    let export = start(&mut work, &new.unwrap()).await.unwrap();
    assert!(contacts::drop_field(&mut work, "city").await.unwrap());
    work.commit().await.unwrap();
    shop.drain().await;
    let view = seen(&shop, export.id).await;
    assert_eq!(view.status, "failed");
    assert!(view.error.is_some());
}

#[tokio::test]
async fn a_workbook_of_too_many_rows_fails_and_says_what_to_do() {
    let shop = Shop::open().await;
    let wanted = Json(&Wanted::Contacts(contacts::ContactFilter::default()));
    let mut work = shop.work().await;
    let id = ExportId::at(work.now());
    store::insert(&mut work, id, &wanted, ExportFormat::Xlsx)
        .await
        .unwrap();
    let job = Write {
        workspace: shop.workspace,
        export: id,
    };
    kazi_queue::Job::enqueue(&job, work.conn()).await.unwrap();
    work.commit().await.unwrap();
    // A table of a million contacts, without making them.
    sqlx::raw_sql(
        "CREATE OR REPLACE VIEW contacts_search AS
         SELECT c.* FROM contacts c CROSS JOIN generate_series(1, 1048576) WHERE c.workspace_id = current_workspace()",
    )
    .execute(&shop.ctx.owner)
    .await
    .unwrap();
    people(&shop, 1).await;
    shop.drain().await;
    let view = seen(&shop, id).await;
    assert_eq!(view.status, "failed");
    let error = view.error.unwrap();
    assert!(
        error.contains("1048576 rows") && error.contains("CSV"),
        "{error}"
    );
}
