use kazi_platform::WorkspaceId;
use serde_json::{Value, json};

use super::*;

fn codes(error: ContactError) -> Vec<String> {
    match error {
        ContactError::Invalid(invalid) => invalid
            .0
            .into_iter()
            .map(|fault| format!("{} {}", fault.pointer, fault.code))
            .collect(),
        other => panic!("{other}"),
    }
}

async fn changed(
    shop: &Shop,
    id: ContactId,
    version: Option<i64>,
    patch: Value,
) -> Result<ContactView, ContactError> {
    let mut work = shop.work().await;
    let patch = serde_json::from_value(patch).unwrap();
    let view = update(&mut work, id, version, &patch).await;
    work.commit().await.unwrap();
    view
}

async fn field(shop: &Shop, field: Value) -> Result<Field, ContactError> {
    let mut work = shop.work().await;
    let field = serde_json::from_value(field).unwrap();
    let declared = declare(&mut work, &field).await;
    work.commit().await.unwrap();
    declared
}

async fn listed(
    shop: &Shop,
    filter: Value,
    sort: Sort,
    after: Option<&Key>,
    limit: i64,
) -> Vec<ContactView> {
    let filter = serde_json::from_value(filter).unwrap();
    list(&mut shop.work().await, &filter, sort, after, limit)
        .await
        .unwrap()
}

fn names(rows: &[ContactView]) -> Vec<&str> {
    rows.iter()
        .map(|row| row.name.as_deref().unwrap_or_default())
        .collect()
}

#[tokio::test]
async fn a_contact_is_made_changed_in_part_and_every_change_is_recorded() {
    let shop = Shop::open().await;
    field(
        &shop,
        json!({"key": "city", "label": "City", "kind": "text"}),
    )
    .await
    .unwrap();
    let new = json!({"name": " Amina ", "phone": "0712345678", "email": "A@X.com", "tags": ["VIP"], "attributes": {"city": "Mombasa"}});
    let contact = made(&shop, new).await;
    assert_eq!(contact.phone.as_ref().unwrap().as_str(), "+254712345678");
    assert_eq!(
        (contact.country.as_deref(), contact.tags.as_slice()),
        (Some("KE"), &["vip".to_owned()][..])
    );
    let patch =
        json!({"email": null, "language": "fr", "attributes": {"city": null}, "tags": ["new"]});
    let after = changed(&shop, contact.id, Some(contact.version), patch)
        .await
        .unwrap();
    assert_eq!((after.email, after.language.as_deref()), (None, Some("fr")));
    assert_eq!(
        (after.name.as_deref(), after.tags.as_slice()),
        (Some("Amina"), &["new".to_owned()][..])
    );
    assert!(after.attributes.is_empty() && after.version > contact.version);
    let again = changed(
        &shop,
        contact.id,
        Some(contact.version),
        json!({"name": "X"}),
    )
    .await;
    assert!(matches!(again, Err(ContactError::Stale)));
    let same = changed(
        &shop,
        contact.id,
        Some(after.version),
        json!({"language": "fr"}),
    )
    .await
    .unwrap();
    assert_eq!(same.version, after.version);
    let log: Vec<(String, Option<Value>)> = sqlx::query_as(
        "SELECT action, before FROM audit_log WHERE subject_kind = 'contact' ORDER BY id",
    )
    .fetch_all(&shop.ctx.owner)
    .await
    .unwrap();
    assert_eq!(log.len(), 2);
    assert_eq!(log[1].1.as_ref().unwrap()["tags"], json!(["vip"]));
    assert_eq!(
        log[1].1.as_ref().unwrap().get("name"),
        None,
        "what did not change is not there"
    );
}

#[tokio::test]
async fn all_faults_of_an_input_are_told_at_once() {
    let shop = Shop::open().await;
    let new = json!({"name": "x".repeat(201), "phone": "12", "email": "x", "language": "xx", "tags": ["a,b"], "attributes": {"a/b": 1}});
    let new = serde_json::from_value(new).unwrap();
    let mut work = shop.work().await;
    let error = create(&mut work, &new).await.unwrap_err();
    assert_eq!(
        codes(error),
        [
            "/name too_long",
            "/phone invalid_phone",
            "/email invalid_email",
            "/language unknown_language",
            "/attributes/a~1b unknown_field",
            "/tags/0 invalid_tag"
        ]
    );
    let empty = NewContact::default();
    let error = create(&mut work, &empty).await.unwrap_err();
    assert_eq!(codes(error), [" required"]);
}

#[tokio::test]
async fn a_phone_belongs_to_one_contact() {
    let shop = Shop::open().await;
    let first = made(&shop, json!({"phone": "+254712345678"})).await;
    let other = made(&shop, json!({"name": "Other"})).await;
    match changed(&shop, other.id, None, json!({"phone": "0712345678"})).await {
        Err(ContactError::PhoneTaken { holder }) => assert_eq!(holder, Some(first.id)),
        other => panic!("{other:?}"),
    }
    let mut work = shop.work().await;
    let again = NewContact {
        phone: Some("0712345678".into()),
        ..NewContact::default()
    };
    let error = create(&mut work, &again).await.unwrap_err();
    assert!(matches!(error, ContactError::PhoneTaken { .. }));
}

#[tokio::test]
async fn who_is_deleted_is_not_seen_and_comes_back_by_writing_or_being_made_again() {
    let shop = Shop::open().await;
    let person = met(&shop, Some("KE.1"), Some(CUSTOMER)).await;
    let gone = async |id| {
        let mut work = shop.work().await;
        set_consent(&mut work, id, false, "keyword").await.unwrap();
        delete(&mut work, id, None).await.unwrap();
        work.commit().await.unwrap();
        assert!(matches!(
            view(&mut shop.work().await, id).await,
            Err(ContactError::NotFound)
        ));
        assert!(
            listed(&shop, json!({}), Sort::Created, None, 10)
                .await
                .is_empty()
        );
    };
    gone(person.id).await;
    assert_eq!(met(&shop, Some("KE.1"), Some(CUSTOMER)).await.id, person.id);
    assert_eq!(
        listed(&shop, json!({}), Sort::Created, None, 10)
            .await
            .len(),
        1
    );
    gone(person.id).await;
    let again = made(
        &shop,
        json!({"name": "New", "phone": format!("+{CUSTOMER}")}),
    )
    .await;
    assert_eq!(
        (again.id, again.marketing),
        (person.id, Some(false)),
        "what they have withdrawn stays withdrawn"
    );
}

#[tokio::test]
async fn every_sort_goes_through_all_page_by_page() {
    let shop = Shop::open().await;
    for (place, name) in ["Zoë", "amina", "Émile", "Zoe", "Bob"].iter().enumerate() {
        shop.ctx.clock.advance(chrono::TimeDelta::seconds(1));
        let contact = made(&shop, json!({"name": name})).await;
        sqlx::query("UPDATE contacts SET last_activity_at = last_activity_at + $2 * interval '1 hour' WHERE id = $1")
            .bind(contact.id.uuid())
            .bind(f64::from(u8::try_from(place * 3 % 5).unwrap()))
            .execute(&shop.ctx.owner)
            .await
            .unwrap();
    }
    for (sort, wanted) in [
        (Sort::Created, ["Zoë", "amina", "Émile", "Zoe", "Bob"]),
        (Sort::CreatedDown, ["Bob", "Zoe", "Émile", "amina", "Zoë"]),
        (Sort::Name, ["amina", "Bob", "Émile", "Zoë", "Zoe"]),
        (Sort::NameDown, ["Zoe", "Zoë", "Émile", "Bob", "amina"]),
        (Sort::Activity, ["Zoë", "Émile", "Bob", "amina", "Zoe"]),
        (Sort::ActivityDown, ["Zoe", "amina", "Bob", "Émile", "Zoë"]),
    ] {
        let (mut seen, mut after) = (Vec::new(), None);
        loop {
            let page = listed(&shop, json!({}), sort, after.as_ref(), 2).await;
            let Some(last) = page.last() else { break };
            after = Some(sort.key(last));
            seen.extend(page);
        }
        assert_eq!(names(&seen), wanted, "{sort:?}");
    }
    let key = Key::Created(ContactId::new());
    let error = list(
        &mut shop.work().await,
        &ContactFilter::default(),
        Sort::Name,
        Some(&key),
        2,
    )
    .await;
    assert_eq!(codes(error.unwrap_err()), ["/cursor invalid_cursor"]);
}

#[tokio::test]
async fn filters_let_through_what_they_say() {
    let shop = Shop::open().await;
    field(
        &shop,
        json!({"key": "level", "label": "Level", "kind": "choice", "choices": ["Gold", "Silver"]}),
    )
    .await
    .unwrap();
    field(
        &shop,
        json!({"key": "age", "label": "Age", "kind": "number"}),
    )
    .await
    .unwrap();
    let began = shop.now();
    let a = made(&shop, json!({"name": "A", "language": "fr", "tags": ["vip"], "attributes": {"level": "gold", "age": 30}})).await;
    shop.ctx.clock.advance(chrono::TimeDelta::hours(1));
    let b = made(&shop, json!({"name": "B", "attributes": {"age": 31}})).await;
    let mut work = shop.work().await;
    block(&mut work, b.id, true).await.unwrap();
    consent(&mut work, a.id, false, "on the phone")
        .await
        .unwrap();
    work.commit().await.unwrap();
    let later = began + chrono::TimeDelta::minutes(30);
    for (filter, wanted) in [
        (json!({"tag": "VIP"}), "A"),
        (json!({"language": "fr"}), "A"),
        (json!({"blocked": true}), "B"),
        (json!({"blocked": false}), "A"),
        (json!({"opted_out": true}), "A"),
        (json!({"opted_out": false}), "B"),
        (json!({"created_from": later}), "B"),
        (json!({"created_before": later}), "A"),
        (json!({"attributes": {"level": "GOLD"}}), "A"),
        (json!({"attributes": {"age": "31"}}), "B"),
        (json!({"attributes": {"age": "31", "level": "Gold"}}), ""),
    ] {
        assert_eq!(
            names(&listed(&shop, filter.clone(), Sort::Name, None, 10).await).concat(),
            wanted,
            "{filter}"
        );
    }
    let filter = serde_json::from_value(json!({"attributes": {"age": "old", "x": "1"}})).unwrap();
    let error = list(&mut shop.work().await, &filter, Sort::Name, None, 2)
        .await
        .unwrap_err();
    assert_eq!(
        codes(error),
        [
            "/attributes/age invalid_number",
            "/attributes/x unknown_field"
        ]
    );
}

#[tokio::test]
async fn search_finds_by_name_phone_address_and_tag_and_nobody_of_another_workspace() {
    let shop = Shop::open().await;
    made(&shop, json!({"name": "José García", "phone": "+254712345678", "email": "jg@example.com", "tags": ["wholesale"]})).await;
    made(&shop, json!({"name": "Amina 100%"})).await;
    for (text, wanted) in [
        ("jose", "José García"),
        ("GARCÍA jo", "José García"),
        ("0712 345", "José García"),
        ("jg@ex", "José García"),
        ("whole", "José García"),
        ("100%", "Amina 100%"),
        ("am", "Amina 100%"),
        ("mina", "Amina 100%"),
        ("%", ""),
        ("jose amina", ""),
    ] {
        let found = search(&mut shop.work().await, text, 10).await.unwrap();
        assert_eq!(names(&found).concat(), wanted, "{text}");
    }
    // It names the shop's workspace, and its transaction is another's.
    let mut work = shop.work().await;
    sqlx::query("SELECT set_config('kazi.workspace', $1, true)")
        .bind(WorkspaceId::new().uuid().to_string())
        .execute(work.conn())
        .await
        .unwrap();
    assert!(search(&mut work, "jose", 10).await.unwrap().is_empty());
    let all = list(&mut work, &ContactFilter::default(), Sort::Name, None, 10)
        .await
        .unwrap();
    assert!(all.is_empty(), "the transaction decides, not the argument");
    assert_eq!(
        codes(search(&mut work, "  ", 10).await.unwrap_err()),
        ["/q empty"]
    );
}

#[tokio::test]
async fn tags_are_renamed_merged_deleted_and_limited() {
    let shop = Shop::open().await;
    let a = made(&shop, json!({"name": "A", "tags": ["one", "two"]})).await;
    let b = made(&shop, json!({"name": "B", "tags": ["two"]})).await;
    let mut work = shop.work().await;
    let all = tags(&mut work).await.unwrap();
    assert_eq!(
        all.iter()
            .map(|tag| (tag.name.as_str(), tag.contacts))
            .collect::<Vec<_>>(),
        [("one", 1), ("two", 2)]
    );
    let (one, two) = (all[0].id, all[1].id);
    rename_tag(&mut work, one, "First ").await.unwrap();
    merge_tags(&mut work, two, one).await.unwrap();
    assert_eq!(view(&mut work, a.id).await.unwrap().tags, ["first"]);
    assert_eq!(view(&mut work, b.id).await.unwrap().tags, ["first"]);
    let many: Vec<String> = (0..50).map(|n| format!("t{n}")).collect();
    let error = retag(&mut work, &[a.id], &many, &[]).await.unwrap_err();
    assert_eq!(codes(error), ["/tags too_many"]);
    work.rollback().await.unwrap();
    let mut work = shop.work().await;
    let swapped = retag(
        &mut work,
        &[a.id, b.id, ContactId::new()],
        &many,
        &["one".into(), "two".into()],
    )
    .await;
    assert_eq!(swapped.unwrap(), 2);
    let error = rename_tag(&mut work, one, "two").await.unwrap_err();
    assert!(matches!(error, ContactError::NameTaken));
    work.rollback().await.unwrap();
    let mut work = shop.work().await;
    delete_tag(&mut work, two).await.unwrap();
    assert_eq!(view(&mut work, a.id).await.unwrap().tags, ["one"]);
    assert!(matches!(
        delete_tag(&mut work, two).await,
        Err(ContactError::NotFound)
    ));
}

#[tokio::test]
async fn consents_keep_their_history_and_their_source() {
    let shop = Shop::open().await;
    let a = made(&shop, json!({"name": "A"})).await;
    let mut work = shop.work().await;
    assert_eq!(view(&mut work, a.id).await.unwrap().marketing, None);
    consent(&mut work, a.id, true, "form of the fair")
        .await
        .unwrap();
    set_consent(&mut work, a.id, true, "keyword").await.unwrap();
    set_consent(&mut work, a.id, false, "keyword")
        .await
        .unwrap();
    assert!(opted_out(&mut work, a.id).await.unwrap());
    let history = consents(&mut work, a.id, None, 10).await.unwrap();
    let said: Vec<_> = history
        .iter()
        .map(|c| (c.granted, c.source.as_str(), c.note.as_deref()))
        .collect();
    assert_eq!(
        said,
        [
            (false, "keyword", None),
            (true, "operator", Some("form of the fair"))
        ]
    );
    assert_eq!(
        consents(&mut work, a.id, Some(history[0].id), 10)
            .await
            .unwrap()
            .len(),
        1
    );
    assert_eq!(
        codes(consent(&mut work, a.id, true, " ").await.unwrap_err()),
        ["/note required"]
    );
}

#[tokio::test]
async fn a_custom_field_keeps_its_kind_and_goes_with_its_values() {
    let shop = Shop::open().await;
    field(
        &shop,
        json!({"key": "age", "label": "Age", "kind": "number"}),
    )
    .await
    .unwrap();
    let other = field(&shop, json!({"key": "age", "label": "Age", "kind": "text"})).await;
    assert_eq!(codes(other.unwrap_err()), ["/kind kind_differs"]);
    let bad = field(&shop, json!({"key": "Age!", "label": "", "kind": "choice"})).await;
    assert_eq!(
        codes(bad.unwrap_err()),
        [
            "/key invalid_key",
            "/label required",
            "/choices invalid_choices"
        ]
    );
    let a = made(&shop, json!({"name": "A", "attributes": {"age": 3}})).await;
    let mut work = shop.work().await;
    while !drop_field(&mut work, "age").await.unwrap() {}
    assert!(view(&mut work, a.id).await.unwrap().attributes.is_empty());
    assert!(fields(&mut work).await.unwrap().is_empty());
}

#[tokio::test]
async fn search_and_sorts_are_served_by_indexes_beneath_the_policies() {
    let shop = Shop::open().await;
    sqlx::query(
        "INSERT INTO contacts (workspace_id, id, name, attributes)
         SELECT $1, gen_random_uuid(), md5(n::text), '{\"a\": 2}' FROM generate_series(1, 5000) AS n",
    )
    .bind(shop.workspace.uuid())
    .execute(&shop.ctx.owner)
    .await
    .unwrap();
    sqlx::query("VACUUM (ANALYZE) contacts")
        .execute(&shop.ctx.owner)
        .await
        .unwrap();
    let mut work = shop.work().await;
    sqlx::query("SET LOCAL enable_seqscan = off")
        .execute(work.conn())
        .await
        .unwrap();
    for (rest, index) in [
        ("WHERE search LIKE '%maria%'", "contacts_words"),
        ("WHERE attributes @> '{\"a\": 1}'", "contacts_words"),
        (
            "WHERE days_of(attributes) && ARRAY['birthday:05-31']",
            "contacts_days",
        ),
        ("ORDER BY sort_name, id LIMIT 50", "contacts_name"),
        (
            "ORDER BY last_activity_at DESC, id DESC LIMIT 50",
            "contacts_activity",
        ),
    ] {
        let sql = format!("EXPLAIN SELECT id FROM contacts_search {rest}");
        let plan: Vec<String> = sqlx::query_scalar(sqlx::AssertSqlSafe(sql))
            .fetch_all(work.conn())
            .await
            .unwrap();
        assert!(plan.concat().contains(index), "{rest}: {plan:#?}");
    }
}
