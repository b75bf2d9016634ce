//! One line, one contact: however its number is written, and whichever way its person is named.

use super::*;

async fn phones(shop: &Shop) -> Vec<Option<String>> {
    sqlx::query_scalar(
        "SELECT phone FROM contacts WHERE deleted_at IS NULL ORDER BY phone NULLS FIRST",
    )
    .fetch_all(&shop.ctx.owner)
    .await
    .unwrap()
}

async fn import(shop: &Shop, file: &str) -> ImportView {
    let mut work = shop.work().await;
    let options = serde_json::from_value(json!({})).unwrap();
    let id = start_import(&mut work, "people.csv", file.as_bytes(), &options)
        .await
        .unwrap()
        .id;
    work.commit().await.unwrap();
    shop.drain().await;
    import_view(&mut shop.work().await, id).await.unwrap()
}

#[tokio::test]
async fn an_older_number_and_todays_are_one_contact_with_one_opt_out() {
    let shop = Shop::open().await;
    for (todays, older) in [
        ("+55 48 98812-3456", "554888123456"),
        ("+52 55 2345 6789", "5215523456789"),
        ("+54 9 11 2345-6789", "541123456789"),
        ("+225 07 07 65 43 21", "22507654321"),
        ("+229 01 97 65 43 21", "22997654321"),
    ] {
        let imported = made(&shop, json!({"name": "Ana", "phone": todays})).await;
        let writes = met(&shop, None, Some(older)).await;
        assert_eq!(writes.id, imported.id, "{older}");
        let mut work = shop.work().await;
        set_consent(&mut work, writes.id, false, "keyword")
            .await
            .unwrap();
        work.commit().await.unwrap();
        let mut work = shop.work().await;
        let found = search(&mut work, older, 10).await.unwrap();
        assert_eq!(
            (found.len(), found[0].id, found[0].marketing),
            (1, imported.id, Some(false)),
            "{older}"
        );
        let again = serde_json::from_value(json!({"phone": format!("+{older}")})).unwrap();
        let taken = create(&mut work, &again).await.unwrap_err();
        assert!(
            matches!(taken, ContactError::PhoneTaken { holder } if holder == Some(imported.id)),
            "{older}: {taken}"
        );
    }
    // A row for each form is a row for one contact.
    let view = import(
        &shop,
        "phone\n+5548988123456\n554888123456\n+55 48 8812-3456\n",
    )
    .await;
    assert_eq!((view.rows_created, view.rows_updated), (0, 3));
    assert_eq!(phones(&shop).await.len(), 5);
}

#[tokio::test]
async fn both_forms_at_the_same_time_make_one_contact() {
    let shop = Shop::open().await;
    let write = |digits: &'static str| met(&shop, None, Some(digits));
    let (one, other, third, fourth) = tokio::join!(
        write("5548988123456"),
        write("554888123456"),
        write("5548988123456"),
        write("554888123456"),
    );
    for contact in [other, third, fourth] {
        assert_eq!(contact.id, one.id);
    }
    assert_eq!(phones(&shop).await, [Some("+5548988123456".into())]);
}

#[tokio::test]
async fn bad_numbers_of_a_file_become_nobodys() {
    let shop = Shop::open().await;
    let cells = [
        "0712 345 67O",
        "07123O5678",
        "+25471234567l",
        "7.123456E8",
        "2.54712E+11",
        "712345678.0",
        "0712345678 / 0723456789",
        "0712345678 ext 4",
    ];
    let file = format!("phone\n{}\n٠٧١٢٣٤٥٦٧٨\n", cells.join("\n"));
    let mut work = shop.work().await;
    let options = serde_json::from_value(json!({"country": "KE"})).unwrap();
    let id = start_import(&mut work, "people.csv", file.as_bytes(), &options)
        .await
        .unwrap()
        .id;
    work.commit().await.unwrap();
    shop.drain().await;
    let mut work = shop.work().await;
    let bad = faults(&mut work, id, 0, 20).await.unwrap();
    let lines: Vec<(i64, &str)> = bad.iter().map(|f| (f.line, f.code.as_str())).collect();
    let wanted: Vec<(i64, &str)> = (2..10).map(|line| (line, "invalid_phone")).collect();
    assert_eq!(lines, wanted);
    assert!(bad[0].detail.contains("letters"), "{}", bad[0].detail);
    assert!(bad[5].detail.contains("decimal"), "{}", bad[5].detail);
    assert_eq!(phones(&shop).await, [Some("+254712345678".into())]);
}

#[tokio::test]
async fn a_number_that_only_whatsapp_knows_is_imported_again_for_its_contact_alone() {
    let shop = Shop::open().await;
    met(&shop, None, Some("999123456")).await;
    let view = import(&shop, "name,phone\nOdd,+999123456\nNobody,+999123457\n").await;
    assert_eq!(
        (view.rows_created, view.rows_updated, view.rows_bad),
        (0, 1, 1)
    );
    assert_eq!(phones(&shop).await, [Some("+999123456".into())]);
}

#[tokio::test]
async fn who_shows_the_number_later_is_the_contact_that_was_imported_with_it() {
    let shop = Shop::open().await;
    let imported = made(
        &shop,
        json!({"name": "Ana", "phone": "+5548988123456", "tags": ["vip"]}),
    )
    .await;
    let hidden = met(&shop, Some("BR.7"), None).await;
    assert_ne!(hidden.id, imported.id);
    let mut work = shop.work().await;
    set_consent(&mut work, hidden.id, false, "keyword")
        .await
        .unwrap();
    work.commit().await.unwrap();

    let shown = met(&shop, Some("BR.7"), Some("554888123456")).await;
    assert_eq!(shown.id, imported.id);
    let mut work = shop.work().await;
    let whole = view(&mut work, imported.id).await.unwrap();
    assert_eq!(
        (whole.marketing, whole.tags),
        (Some(false), vec!["vip".to_owned()])
    );
    drop(work);
    assert_eq!(met(&shop, Some("BR.7"), None).await.id, imported.id);
    assert_eq!(
        met(&shop, None, Some("5548988123456")).await.id,
        imported.id
    );
    assert_eq!(phones(&shop).await.len(), 1);
}

#[tokio::test]
async fn two_contacts_of_one_line_from_before_become_one_when_they_write() {
    let shop = Shop::open().await;
    let known = met(&shop, None, Some("554888123456")).await;
    sqlx::query("UPDATE contacts SET phone = '+554888123456'")
        .execute(&shop.ctx.owner)
        .await
        .unwrap();
    let imported = made(&shop, json!({"phone": "+5548988123456"})).await;
    assert_ne!(imported.id, known.id);
    assert_eq!(met(&shop, None, Some("554888123456")).await.id, imported.id);
    assert_eq!(phones(&shop).await, [Some("+5548988123456".into())]);
}

#[tokio::test]
async fn a_changed_number_that_the_business_has_noted_already_is_one_contact() {
    let shop = Shop::open().await;
    let person = met(&shop, None, Some("554888123456")).await;
    let noted = made(&shop, json!({"name": "Ana", "phone": "+5548988000001"})).await;
    let mut work = shop.work().await;
    set_consent(&mut work, noted.id, false, "operator")
        .await
        .unwrap();
    work.commit().await.unwrap();
    let moved = json!({"id": "1", "from": "554888123456", "type": "system",
                       "system": {"type": "user_changed_number", "new_wa_id": 554_888_000_001_u64}});
    shop.record(
        ChannelKind::WhatsApp,
        EventKind::Message,
        "554888123456",
        json!({"message": moved, "contact": null}),
    )
    .await;
    shop.drain().await;
    let writes = met(&shop, None, Some("554888000001")).await;
    assert_eq!(
        (writes.id, writes.phone),
        (person.id, Phone::from_wa_id("5548988000001"))
    );
    assert!(opted_out(&mut shop.work().await, person.id).await.unwrap());
    // Nobody is behind the old number, in either form.
    assert_ne!(met(&shop, None, Some("5548988123456")).await.id, person.id);
}

#[tokio::test]
async fn the_name_in_metas_answer_finds_the_contact_and_no_other() {
    let shop = Shop::open().await;
    let person = made(&shop, json!({"phone": "+254712000001"})).await;
    let other = met(&shop, None, Some("254712000002")).await;
    let mut work = shop.work().await;
    for named in ["2540712000001", "254712000002", "254799999999"] {
        learn_chat(&mut work, shop.whatsapp, person.id, "254712000001", named)
            .await
            .unwrap();
    }
    work.commit().await.unwrap();
    assert_eq!(met(&shop, None, Some("2540712000001")).await.id, person.id);
    assert_eq!(met(&shop, None, Some("254712000002")).await.id, other.id);
    assert_ne!(met(&shop, None, Some("254799999999")).await.id, person.id);
}
