use std::time::Duration;

use serde_json::{Value, json};

use super::*;
use crate::people::merge;

async fn begun(shop: &Shop, file: &[u8], options: Value) -> ImportId {
    let mut work = shop.work().await;
    let options = serde_json::from_value(options).unwrap();
    let import = start_import(&mut work, "people.csv", file, &options)
        .await
        .unwrap();
    work.commit().await.unwrap();
    assert_eq!(import.status, "queued");
    import.id
}

async fn seen(shop: &Shop, id: ImportId) -> ImportView {
    import_view(&mut shop.work().await, id).await.unwrap()
}

async fn imported(shop: &Shop, file: &str, options: Value) -> ImportView {
    let id = begun(shop, file.as_bytes(), options).await;
    shop.drain().await;
    seen(shop, id).await
}

fn counts(view: &ImportView) -> [i64; 4] {
    [
        view.rows_created,
        view.rows_updated,
        view.rows_skipped,
        view.rows_bad,
    ]
}

fn people(rows: usize) -> String {
    let row = |n: usize| format!("Person {n},+2547{n:08}\n");
    "name,phone\n".to_owned() + &(0..rows).map(row).collect::<String>()
}

#[tokio::test]
async fn good_rows_are_imported_and_each_bad_one_is_reported() {
    let shop = Shop::open().await;
    let file = "Name;Phone;Mail;Tags\nAmina;0712345678;a@x.com;VIP, new\n\nBob;12;;\nCarl;;;\nDina;+33612345678;nonsense;\nEve;0712345679;;\n";
    let view = imported(
        &shop,
        file,
        json!({"tags": ["Fair"], "consent": "the fair in May"}),
    )
    .await;
    assert_eq!(
        (view.status.as_str(), view.rows_total, view.rows_done),
        ("done", Some(5), 5)
    );
    assert_eq!(counts(&view), [2, 0, 0, 3]);
    let mut work = shop.work().await;
    let bad = faults(&mut work, view.id, 0, 10).await.unwrap();
    let bad: Vec<_> = bad
        .iter()
        .map(|fault| (fault.line, fault.column.as_str(), fault.code.as_str()))
        .collect();
    assert_eq!(
        bad,
        [
            (4, "Phone", "invalid_phone"),
            (5, "Phone", "required"),
            (6, "Mail", "invalid_email")
        ]
    );
    let found = search(&mut work, "amina", 10).await.unwrap();
    assert_eq!(found[0].tags, ["fair", "new", "vip"]);
    assert_eq!(
        (found[0].marketing, found[0].email.as_deref()),
        (Some(true), Some("a@x.com"))
    );
    let history = consents(&mut work, found[0].id, None, 10).await.unwrap();
    assert_eq!(
        (history[0].source.as_str(), history[0].note.as_deref()),
        ("import", Some("the fair in May"))
    );
    assert_eq!(
        count(&shop, "SELECT count(*) FROM contact_import_chunks").await,
        0
    );
}

#[tokio::test]
async fn who_is_there_is_changed_or_left_and_an_opt_out_stays() {
    let shop = Shop::open().await;
    let there = made(
        &shop,
        json!({"name": "Old", "phone": "0712345678", "email": "old@x.com"}),
    )
    .await;
    let mut work = shop.work().await;
    set_consent(&mut work, there.id, false, "keyword")
        .await
        .unwrap();
    work.commit().await.unwrap();
    let file =
        "name,phone,email\nNew,0712345678,\nFirst,0712345679,f@x.com\nSecond,+254712345679,\n";
    let view = imported(&shop, file, json!({"existing": "skip", "consent": "x"})).await;
    assert_eq!(counts(&view), [1, 0, 2, 0]);
    let view = imported(&shop, file, json!({"existing": "update", "consent": "x"})).await;
    assert_eq!(counts(&view), [0, 3, 0, 0]);
    let mut work = shop.work().await;
    let after = crate::contacts::view(&mut work, there.id).await.unwrap();
    assert_eq!(
        (after.name.as_deref(), after.email.as_deref()),
        (Some("New"), Some("old@x.com"))
    );
    assert_eq!(after.marketing, Some(false));
    let second = search(&mut work, "712345679", 10).await.unwrap();
    assert_eq!(
        (second[0].name.as_deref(), second[0].email.as_deref()),
        (Some("Second"), Some("f@x.com"))
    );
    assert_eq!(count(&shop, "SELECT count(*) FROM contacts").await, 2);
}

#[tokio::test]
async fn who_was_deleted_or_merged_is_found_by_the_phone() {
    let shop = Shop::open().await;
    let gone = made(&shop, json!({"phone": "0712345678"})).await;
    let double = made(&shop, json!({"phone": "0712345679"})).await;
    let kept = made(&shop, json!({"phone": "0712345680"})).await;
    let mut work = shop.work().await;
    delete(&mut work, gone.id, None).await.unwrap();
    merge(&mut work, double.id, kept.id).await.unwrap();
    work.commit().await.unwrap();
    let view = imported(
        &shop,
        "name,phone\nBack,0712345678\nKept,0712345679\n",
        json!({"existing": "update"}),
    )
    .await;
    assert_eq!(counts(&view), [1, 1, 0, 0]);
    let mut work = shop.work().await;
    for (id, name) in [(gone.id, "Back"), (kept.id, "Kept")] {
        assert_eq!(
            crate::contacts::view(&mut work, id)
                .await
                .unwrap()
                .name
                .as_deref(),
            Some(name)
        );
    }
}

/// The run is dropped in the midst of it, as a killed process drops it: what it had committed stays, and no more.
#[tokio::test]
async fn a_run_that_dies_is_gone_on_with_and_nothing_is_doubled() {
    let shop = Shop::open().await;
    let file = people(3_500) + "bad,12\n";
    let id = begun(
        &shop,
        file.as_bytes(),
        json!({"consent": "x", "tags": ["t"]}),
    )
    .await;
    // The third batch cannot be written: the run fails there.
    sqlx::raw_sql(
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'killed'; END $$;
         CREATE TRIGGER refuse BEFORE UPDATE ON contact_imports FOR EACH ROW WHEN (NEW.rows_done > 2000) EXECUTE FUNCTION refuse()",
    )
    .execute(&shop.ctx.owner)
    .await
    .unwrap();
    assert_eq!(shop.drain().await.retried, 1);
    let half = seen(&shop, id).await;
    assert_eq!(
        (half.status.as_str(), half.rows_done, half.rows_created),
        ("running", 2_000, 2_000)
    );
    assert_eq!(
        half.rows_total,
        Some(3_501),
        "progress can be read while it runs"
    );
    sqlx::raw_sql("DROP TRIGGER refuse ON contact_imports")
        .execute(&shop.ctx.owner)
        .await
        .unwrap();
    shop.after(Duration::from_secs(700)).await;
    let view = seen(&shop, id).await;
    assert_eq!((view.status.as_str(), view.rows_done), ("done", 3_501));
    assert_eq!(counts(&view), [3_500, 0, 0, 1]);
    for sql in [
        "SELECT count(*) FROM contacts",
        "SELECT count(*) FROM consents",
        "SELECT count(*) FROM contact_taggings",
    ] {
        assert_eq!(count(&shop, sql).await, 3_500, "{sql}");
    }
    assert_eq!(
        count(&shop, "SELECT count(*) FROM contact_import_faults").await,
        1
    );
}

#[tokio::test]
async fn of_two_runs_of_one_import_each_batch_is_written_by_one() {
    let shop = Shop::open().await;
    let id = begun(&shop, people(5_000).as_bytes(), json!({})).await;
    // A second job for it, as after a lease that was lost while its process was frozen.
    let mut conn = shop.conn().await;
    kazi_queue::Job::enqueue(
        &Import {
            workspace: shop.workspace,
            import: id,
        },
        &mut conn,
    )
    .await
    .unwrap();
    let (first, second) = tokio::join!(shop.drain(), shop.drain());
    assert_eq!(first.dead + second.dead, 0);
    let view = seen(&shop, id).await;
    assert_eq!(
        (view.status.as_str(), counts(&view)),
        ("done", [5_000, 0, 0, 0])
    );
}

#[tokio::test]
async fn a_cancelled_import_stops_and_a_file_that_cannot_be_read_says_why() {
    let shop = Shop::open().await;
    let id = begun(&shop, people(10).as_bytes(), json!({})).await;
    let mut work = shop.work().await;
    let view = cancel_import(&mut work, id).await.unwrap();
    work.commit().await.unwrap();
    assert_eq!(view.status, "cancelled");
    shop.drain().await;
    assert_eq!(count(&shop, "SELECT count(*) FROM contacts").await, 0);
    for (file, said) in [
        (&b"a,b\n1,2\n"[..], "no column is known to be the phone"),
        (b"\n\n", "empty"),
        (b"PK\x03\x04 nonsense", "workbook cannot be read"),
        (b"\xd0\xcf\x11\xe0", ".xls"),
    ] {
        let id = begun(&shop, file, json!({})).await;
        assert_eq!(shop.drain().await.done, 1);
        let view = seen(&shop, id).await;
        assert_eq!(view.status, "failed");
        assert!(view.error.as_ref().unwrap().contains(said), "{view:?}");
    }
}

#[tokio::test]
async fn what_is_wrong_with_an_import_is_told_before_it_begins() {
    let shop = Shop::open().await;
    let options = json!({"columns": {"A": "nonsense"}, "country": "Kenya", "tags": [""]});
    let options = serde_json::from_value(options).unwrap();
    let mut work = shop.work().await;
    let started = start_import(&mut work, "x", b"", &options).await;
    let Err(ContactError::Invalid(invalid)) = started else {
        panic!("{started:?}")
    };
    let pointers: Vec<&str> = invalid
        .0
        .iter()
        .map(|fault| fault.pointer.as_str())
        .collect();
    assert_eq!(pointers, ["/file", "/columns/A", "/country", "/tags/0"]);
}

#[tokio::test]
async fn an_export_is_harmless_to_a_spreadsheet_and_can_be_imported_again() {
    let shop = Shop::open().await;
    let mut work = shop.work().await;
    let city =
        serde_json::from_value(json!({"key": "city", "label": "City", "kind": "text"})).unwrap();
    declare(&mut work, &city).await.unwrap();
    work.commit().await.unwrap();
    made(&shop, json!({"name": "=cmd|' /C calc'!A0", "phone": "0712345678", "attributes": {"city": "@here"}, "tags": ["-a", "b"]})).await;
    let filter = ContactFilter::default();
    let mut export = Export::begin(&shop.ctx, shop.work().await, filter)
        .await
        .unwrap();
    let mut file = Vec::new();
    while let Some(piece) = export.next().await.unwrap() {
        file.extend(piece);
    }
    let text = String::from_utf8(file).unwrap();
    let row = text.lines().nth(1).unwrap();
    assert!(row.contains(",'=cmd|' /C calc'!A0,+254712345678,"), "{row}");
    assert!(row.contains("'-a; b") && row.ends_with("'@here"), "{row}");
    sqlx::query("UPDATE contacts SET name = 'x', attributes = '{}'")
        .execute(&shop.ctx.owner)
        .await
        .unwrap();
    let view = imported(&shop, &text, json!({})).await;
    assert_eq!(counts(&view), [0, 1, 0, 0]);
    let found = search(&mut shop.work().await, "cmd", 10).await.unwrap();
    assert_eq!(found[0].name.as_deref(), Some("=cmd|' /C calc'!A0"));
    assert_eq!(
        (
            found[0].attributes["city"].as_str(),
            found[0].tags.as_slice()
        ),
        (Some("@here"), &["-a".to_owned(), "b".into()][..])
    );
}
