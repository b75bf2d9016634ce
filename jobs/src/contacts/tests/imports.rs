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
    assert_eq!((counts(&view), view.rows_remarked), ([3, 0, 0, 2], 1));
    let mut work = shop.work().await;
    let bad = faults(&mut work, view.id, 0, 10).await.unwrap();
    let bad: Vec<_> = bad
        .iter()
        .map(|fault| {
            let (column, code) = (fault.column.as_str(), fault.code.as_str());
            (fault.line, column, code, fault.imported)
        })
        .collect();
    assert_eq!(
        bad,
        [
            (4, "Phone", "invalid_phone", false),
            (5, "Phone", "required", false),
            (6, "Mail", "invalid_email", true)
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
    assert_eq!(view.rows_renamed, 0);
    let view = imported(&shop, file, json!({"existing": "update", "consent": "x"})).await;
    assert_eq!(counts(&view), [0, 3, 0, 0]);
    assert_eq!(view.rows_renamed, 2, "Old and First are New and Second");
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
        (
            b"Nom,Phone\nJos\x82 Ren\x82,0712345678\n",
            "the parameter encoding",
        ),
        (
            "Name,Phone\nJosÃ© Ruiz,0712345678\n".as_bytes(),
            "garbled in line 2: \"JosÃ© Ruiz\"",
        ),
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
    let options = json!({"columns": {"A": "nonsense"}, "country": "Kenya", "encoding": "latin", "tags": [""]});
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
    assert_eq!(
        pointers,
        ["/file", "/columns/A", "/country", "/encoding", "/tags/0"]
    );
}

#[tokio::test]
async fn a_text_is_read_in_its_encoding_and_asked_about_when_it_is_garbled() {
    let shop = Shop::open().await;
    let (arabic, ..) = encoding_rs::WINDOWS_1256
        .encode("الاسم;رقم الهاتف\nخالد المطيري;0501234567\nنورة;0501234568\n");
    let id = begun(&shop, &arabic, json!({"country": "SA"})).await;
    shop.drain().await;
    let view = seen(&shop, id).await;
    assert_eq!(counts(&view), [2, 0, 0, 0], "{view:?}");
    assert_eq!(
        view.read_as.as_deref(),
        Some("CSV with “;” in windows-1256")
    );
    assert_eq!(
        search(&mut shop.work().await, "خالد", 10)
            .await
            .unwrap()
            .len(),
        1
    );
    // The same letters, decoded by somebody else before: nothing is imported until the caller has answered.
    let (wrong, ..) = encoding_rs::WINDOWS_1252.decode(&arabic);
    let wrong = wrong
        .replace("050123456", "050123457")
        .replacen('\n', "\nOmar;0501234589\n", 1);
    let wrong = "Name;Phone\n".to_owned() + wrong.split_once('\n').unwrap().1;
    let view = imported(&shop, &wrong, json!({"country": "SA"})).await;
    assert_eq!((view.status.as_str(), counts(&view)), ("failed", [0; 4]));
    let error = view.error.unwrap();
    assert!(
        error.contains("the lines 3 and 4") && error.contains("encoding=windows-1256"),
        "{error}"
    );
    let view = imported(&shop, &wrong, json!({"country": "SA", "encoding": "utf-8"})).await;
    assert_eq!(counts(&view), [3, 0, 0, 0]);
    // A word that reads well in several alphabets is read as the caller says.
    let (short, ..) = encoding_rs::WINDOWS_1256.encode("Name;Phone\nعلي;0712345678\n");
    let id = begun(&shop, &short, json!({})).await;
    shop.drain().await;
    assert!(
        seen(&shop, id)
            .await
            .error
            .unwrap()
            .contains("the parameter encoding")
    );
    let id = begun(&shop, &short, json!({"encoding": "cp1256"})).await;
    shop.drain().await;
    assert_eq!(counts(&seen(&shop, id).await), [1, 0, 0, 0]);
    assert_eq!(
        search(&mut shop.work().await, "علي", 10)
            .await
            .unwrap()
            .len(),
        1
    );
}

#[tokio::test]
async fn exports_of_google_and_outlook_are_known_by_their_headers() {
    let shop = Shop::open().await;
    for (file, mail) in [
        (
            "First Name,Middle Name,Last Name,Phonetic First Name,Name Prefix,Organization Name,Birthday,Notes,Labels,\
             E-mail 1 - Label,E-mail 1 - Value,E-mail 2 - Label,E-mail 2 - Value,Phone 1 - Label,Phone 1 - Value,\
             Phone 2 - Label,Phone 2 - Value\n\
             Amina,W.,Otieno,,Dr,Shop,,\"two\nlines\",Salon ::: * myContacts,* Home,amina@x.com ::: b@x.com,,,Home,12,\
             Mobile,+254 712 345678 ::: +254 712 345699\n",
            "amina@x.com",
        ),
        (
            "Name,Given Name,Additional Name,Family Name,Yomi Name,Group Membership,E-mail 1 - Type,E-mail 1 - Value,\
             Phone 1 - Type,Phone 1 - Value\n\
             Amina W. Otieno,Amina,W.,Otieno,,* My Contacts ::: Salon,*,a@x.com,Mobile,0712345678\n",
            "a@x.com",
        ),
        (
            "Title,First Name,Middle Name,Last Name,Suffix,Company,Business Fax,Business Phone,Home Phone,Mobile Phone,\
             Categories,E-mail Address,E-mail Type\n\
             Dr,Amina,W.,Otieno,,Shop,0711111111,0202222222,0722222222,0712345678,Salon;* Other,o@x.com,SMTP\n",
            "o@x.com",
        ),
    ] {
        sqlx::query("UPDATE contacts SET name = NULL, email = NULL")
            .execute(&shop.ctx.owner)
            .await
            .unwrap();
        let view = imported(&shop, file, json!({})).await;
        let mut work = shop.work().await;
        let bad = faults(&mut work, view.id, 0, 10).await.unwrap();
        assert_eq!(
            view.rows_created + view.rows_updated,
            1,
            "{file}: {view:?} {bad:?}"
        );
        let found = search(&mut work, "712345678", 10).await.unwrap();
        assert_eq!(found[0].name.as_deref(), Some("Amina W. Otieno"), "{file}");
        assert_eq!(
            (found[0].email.as_deref(), found[0].tags.as_slice()),
            (Some(mail), &["salon".to_owned()][..])
        );
    }
    assert_eq!(count(&shop, "SELECT count(*) FROM contacts").await, 1);
}

#[tokio::test]
async fn a_header_stands_below_titles_and_may_have_blanks_and_doubles() {
    let shop = Shop::open().await;
    let file = "Customers of 2026,,,\n,,,\n PHONE ,,Full\u{a0}Name,phone,Name,,\n0712345678,x,Amina,0712345679,Other,,\n,,Bob,0712345680,,,\n,,,,,,\n";
    let view = imported(&shop, file, json!({})).await;
    assert_eq!(
        (counts(&view), view.rows_total),
        ([2, 0, 0, 0], Some(2)),
        "{view:?}"
    );
    let mut work = shop.work().await;
    for (phone, name) in [("712345678", "Amina"), ("712345680", "Bob")] {
        let found = search(&mut work, phone, 10).await.unwrap();
        assert_eq!(found[0].name.as_deref(), Some(name));
    }
}

#[tokio::test]
async fn a_row_with_zeros_or_a_rounded_phone_is_reported_and_the_others_are_imported() {
    let shop = Shop::open().await;
    let file = "Name,Phone\nAm\0ina,0712345601\nBrian,2.54712E+11\nCarl,2.54712345603E+11\nDina,254712345604.0\n";
    let view = imported(&shop, file, json!({})).await;
    assert_eq!(counts(&view), [2, 0, 0, 2]);
    let bad = faults(&mut shop.work().await, view.id, 0, 10)
        .await
        .unwrap();
    let bad: Vec<_> = bad
        .iter()
        .map(|fault| (fault.line, fault.code.as_str()))
        .collect();
    assert_eq!(bad, [(2, "control_character"), (3, "invalid_phone")]);
}

async fn wishes(shop: &Shop, phone: &str) -> (Option<bool>, bool) {
    let found = search(&mut shop.work().await, phone, 10).await.unwrap();
    (found[0].marketing, found[0].blocked_at.is_some())
}

#[tokio::test]
async fn a_no_in_the_file_wins_over_the_import_s_consent() {
    let shop = Shop::open().await;
    let there = made(&shop, json!({"phone": "0712345601"})).await;
    let file = "Name,Phone,Accepts SMS Marketing,Unsubscribed,Blocked\n\
                A,0712345601,no,,\nB,0712345602,yes,,\nC,0712345603,yes,TRUE,\nD,0712345604,,,\n\
                E,0712345605,not_subscribed,,\nF,0712345606,perhaps,,\nG,0712345607,yes,no,oui\n";
    let before = imported(&shop, file, json!({})).await;
    assert_eq!(counts(&before), [5, 1, 0, 1], "{before:?}");
    for (phone, wanted) in [
        ("712345601", (Some(false), false)),
        ("712345602", (None, false)),
        ("712345603", (Some(false), false)),
        ("712345604", (None, false)),
        ("712345605", (None, false)),
        ("712345607", (None, true)),
    ] {
        assert_eq!(wishes(&shop, phone).await, wanted, "{phone}");
    }
    let view = imported(
        &shop,
        file,
        json!({"consent": "the shop", "existing": "update"}),
    )
    .await;
    let mut work = shop.work().await;
    let bad = faults(&mut work, view.id, 0, 10).await.unwrap();
    assert_eq!(
        (
            bad.len(),
            bad[0].line,
            bad[0].column.as_str(),
            bad[0].code.as_str()
        ),
        (1, 7, "Accepts SMS Marketing", "invalid_consent")
    );
    for (phone, wanted) in [
        ("712345601", (Some(false), false)),
        ("712345602", (Some(true), false)),
        ("712345603", (Some(false), false)),
        ("712345604", (None, false)),
        ("712345605", (None, false)),
        ("712345607", (Some(true), true)),
    ] {
        assert_eq!(wishes(&shop, phone).await, wanted, "{phone}");
    }
    let history = consents(&mut work, there.id, None, 10).await.unwrap();
    assert_eq!(history.len(), 1);
    assert_eq!(
        (
            history[0].granted,
            history[0].source.as_str(),
            history[0].note.as_deref()
        ),
        (false, "import", Some("Accepts SMS Marketing: no"))
    );
    // Whoever has opted out is not opted in again by a file.
    let again = "Name,Phone,Accepts SMS Marketing\nA,0712345601,yes\n";
    imported(&shop, again, json!({"consent": "the shop"})).await;
    assert_eq!(wishes(&shop, "712345601").await, (Some(false), false));
    // A contact that an import leaves as it is opts out all the same.
    let out = "Phone,Opt-out\n0712345602,yes\n";
    let view = imported(&shop, out, json!({"existing": "skip"})).await;
    assert_eq!(counts(&view), [0, 0, 1, 0]);
    assert_eq!(wishes(&shop, "712345602").await, (Some(false), false));
}

#[tokio::test]
async fn a_second_row_of_one_phone_is_remarked_with_the_line_of_the_first() {
    let shop = Shop::open().await;
    // The first and the last row are in different batches, and the import dies between them.
    let mut file = String::from("name,phone,opt-out\nFirst,0799999999,\n");
    for n in 0..1_500 {
        file += &format!("Person {n},+2547{n:08},\n");
    }
    file += "Second,+254799999999,yes\nTwice,0700000001,\n";
    let id = begun(&shop, file.as_bytes(), json!({"consent": "x"})).await;
    sqlx::raw_sql(
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'killed'; END $$;
         CREATE TRIGGER refuse BEFORE UPDATE ON contact_imports FOR EACH ROW WHEN (NEW.rows_done > 1000) EXECUTE FUNCTION refuse()",
    )
    .execute(&shop.ctx.owner)
    .await
    .unwrap();
    assert_eq!(shop.drain().await.retried, 1);
    sqlx::raw_sql("DROP TRIGGER refuse ON contact_imports")
        .execute(&shop.ctx.owner)
        .await
        .unwrap();
    shop.after(Duration::from_secs(700)).await;
    let view = seen(&shop, id).await;
    assert_eq!(
        (counts(&view), view.rows_remarked),
        ([1_501, 2, 0, 0], 2),
        "{view:?}"
    );
    let remarks = faults(&mut shop.work().await, id, 0, 10).await.unwrap();
    let said: Vec<_> = remarks
        .iter()
        .map(|fault| (fault.line, fault.code.as_str(), fault.imported))
        .collect();
    assert_eq!(
        said,
        [
            (1_503, "duplicate_phone", true),
            (1_504, "duplicate_phone", true)
        ]
    );
    assert!(
        remarks[0].detail.contains("line 2") && remarks[1].detail.contains("line 4"),
        "{remarks:?}"
    );
    let found = search(&mut shop.work().await, "799999999", 10)
        .await
        .unwrap();
    assert_eq!(
        (found[0].name.as_deref(), found[0].marketing),
        (Some("Second"), Some(false))
    );
}

#[tokio::test]
async fn a_date_in_the_column_of_phones_is_refused_as_one() {
    let shop = Shop::open().await;
    let view = imported(
        &shop,
        "Name,Phone\nA,2024-02-29\nB,28/02/2024\nC,0712-345-678\n",
        json!({}),
    )
    .await;
    assert_eq!(counts(&view), [1, 0, 0, 2]);
    let bad = faults(&mut shop.work().await, view.id, 0, 10)
        .await
        .unwrap();
    for fault in bad {
        assert!(
            fault.code == "invalid_phone" && fault.detail.contains("it is a date"),
            "{fault:?}"
        );
    }
}

/// A plan that was made for a table with a few rows reads the table from end to end.
#[tokio::test]
async fn an_import_that_makes_the_table_many_times_larger_has_it_counted() {
    let shop = Shop::open().await;
    imported(&shop, &people(20), json!({"tags": ["t"]})).await;
    sqlx::raw_sql("VACUUM ANALYZE contacts")
        .execute(&shop.ctx.owner)
        .await
        .unwrap();
    let counted = "SELECT reltuples::bigint FROM pg_class WHERE oid = 'contacts'::regclass";
    assert!(count(&shop, counted).await < 1_000);
    imported(&shop, &people(3_500), json!({"tags": ["t"]})).await;
    assert!(count(&shop, counted).await >= 2_000);
}
