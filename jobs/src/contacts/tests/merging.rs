use std::time::Duration;

use super::*;
use crate::people::{PurgeDeleted, erase, merge, personal_data};

async fn merged(
    shop: &Shop,
    from: ContactId,
    into: ContactId,
) -> Result<ContactView, ContactError> {
    let mut work = shop.work().await;
    let merged = merge(&mut work, from, into).await?;
    work.commit().await.unwrap();
    Ok(merged)
}

/// Somebody who writes on a channel, with a conversation.
async fn writes(shop: &Shop, kind: ChannelKind, chat: &str, id: &str) {
    shop.ctx.clock.advance(chrono::TimeDelta::seconds(1));
    let message = match kind {
        ChannelKind::WhatsApp => {
            json!({"message": {"id": id, "from": chat, "type": "text", "text": {"body": "hello"}}, "contact": {"wa_id": chat}})
        }
        _ => {
            json!({"typeWebhook": "incomingMessageReceived", "idMessage": id, "senderData": {"chatId": chat, "sender": chat},
                    "messageData": {"typeMessage": "textMessage", "textMessageData": {"textMessage": "hello"}}})
        }
    };
    shop.record(kind, EventKind::Message, chat, message).await;
    shop.drain().await;
}

#[tokio::test]
async fn a_merge_takes_everything_along_and_the_old_number_leads_to_who_is_left() {
    let shop = Shop::open().await;
    writes(&shop, ChannelKind::WhatsApp, CUSTOMER, "1").await;
    writes(&shop, ChannelKind::WhatsApp, "254799999999", "2").await;
    let gone = met(&shop, None, Some(CUSTOMER)).await;
    let kept = met(&shop, None, Some("254799999999")).await;
    let mut work = shop.work().await;
    retag(&mut work, &[gone.id], &["vip".into()], &[])
        .await
        .unwrap();
    set_consent(&mut work, gone.id, false, "keyword")
        .await
        .unwrap();
    work.commit().await.unwrap();
    let after = merged(&shop, gone.id, kept.id).await.unwrap();
    assert_eq!(
        (after.tags.as_slice(), after.marketing),
        (&["vip".to_owned()][..], Some(false))
    );
    assert_eq!(
        count(
            &shop,
            "SELECT count(*) FROM conversations WHERE status <> 'closed'"
        )
        .await,
        1
    );
    assert_eq!(
        count(&shop, "SELECT count(DISTINCT contact_id) FROM messages").await,
        1
    );
    assert_eq!(
        count(
            &shop,
            "SELECT count(DISTINCT contact_id) FROM contact_identities"
        )
        .await,
        1
    );
    assert_eq!(
        count(
            &shop,
            "SELECT count(*) FROM audit_log WHERE action = 'contacts.merge'"
        )
        .await,
        2
    );
    assert!(matches!(
        view(&mut shop.work().await, gone.id).await,
        Err(ContactError::NotFound)
    ));
    // Also where no channel knows them yet.
    let identity = Identity {
        phone: Phone::from_wa_id(CUSTOMER),
        ..Identity::default()
    };
    let mut work = shop.work().await;
    let again = resolve(&mut work, shop.greenapi, &identity).await.unwrap();
    work.commit().await.unwrap();
    assert_eq!(again.id, kept.id);
    assert_eq!(met(&shop, None, Some(CUSTOMER)).await.id, kept.id);
}

#[tokio::test]
async fn the_conversation_that_is_left_is_with_a_person_and_silent_as_the_other_was() {
    let shop = Shop::open().await;
    writes(&shop, ChannelKind::WhatsApp, CUSTOMER, "1").await;
    writes(&shop, ChannelKind::WhatsApp, "254799999999", "2").await;
    let gone = met(&shop, None, Some(CUSTOMER)).await;
    let kept = met(&shop, None, Some("254799999999")).await;
    let until = shop.now() + chrono::TimeDelta::minutes(20);
    sqlx::query(
        "UPDATE conversations SET status = 'handed_over', quiet_until = $1 WHERE contact_id = $2",
    )
    .bind(until)
    .bind(gone.id.uuid())
    .execute(&shop.ctx.owner)
    .await
    .unwrap();
    merged(&shop, gone.id, kept.id).await.unwrap();
    let open: Vec<(String, String, Timestamp)> = sqlx::query_as(
        "SELECT recipient, status, quiet_until FROM conversations WHERE status <> 'closed'",
    )
    .fetch_all(&shop.ctx.owner)
    .await
    .unwrap();
    let [(recipient, status, quiet)] = open.as_slice() else {
        panic!("{open:?}")
    };
    assert_eq!(
        (recipient.as_str(), status.as_str()),
        ("254799999999", "handed_over")
    );
    assert_eq!(quiet.timestamp_micros(), until.timestamp_micros());
}

#[tokio::test]
async fn merges_in_a_row_lead_to_the_last_one() {
    let shop = Shop::open().await;
    let a = made(&shop, json!({"phone": "0712345671"})).await;
    let b = made(&shop, json!({"phone": "0712345672"})).await;
    let c = made(&shop, json!({"name": "C"})).await;
    merged(&shop, a.id, b.id).await.unwrap();
    let last = merged(&shop, b.id, c.id).await.unwrap();
    assert_eq!(last.phone, b.phone, "what it lacked it has from the other");
    assert_eq!(met(&shop, None, Some("254712345671")).await.id, c.id);
    assert!(matches!(
        merged(&shop, a.id, c.id).await,
        Err(ContactError::NotFound)
    ));
    assert!(matches!(
        merged(&shop, c.id, c.id).await,
        Err(ContactError::Invalid(_))
    ));
}

#[tokio::test]
async fn two_merges_against_each_other_leave_one_contact() {
    let shop = Shop::open().await;
    let a = made(&shop, json!({"name": "A"})).await;
    let b = made(&shop, json!({"name": "B"})).await;
    let (one, two) = tokio::join!(merged(&shop, a.id, b.id), merged(&shop, b.id, a.id));
    assert_eq!(usize::from(one.is_ok()) + usize::from(two.is_ok()), 1);
    assert_eq!(
        count(
            &shop,
            "SELECT count(*) FROM contacts WHERE deleted_at IS NULL"
        )
        .await,
        1
    );
}

#[tokio::test]
async fn a_message_that_comes_during_a_merge_goes_to_who_is_left() {
    let shop = Shop::open().await;
    let gone = met(&shop, Some("KE.1"), Some(CUSTOMER)).await;
    let kept = made(&shop, json!({"name": "Kept"})).await;
    let mut merging = shop.work().await;
    merge(&mut merging, gone.id, kept.id).await.unwrap();
    // It has looked before the merge commits, and waits for the row then.
    let identity = Identity {
        user_id: Some("KE.1".into()),
        ..Identity::default()
    };
    let mut receiving = shop.work().await;
    let receive = async {
        let found = resolve(&mut receiving, shop.whatsapp, &identity)
            .await
            .unwrap();
        receiving.commit().await.unwrap();
        found
    };
    let commit = async {
        let waits = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
        while count(&shop, waits).await == 0 {
            tokio::task::yield_now().await;
        }
        merging.commit().await.unwrap();
    };
    let (found, ()) = tokio::join!(receive, commit);
    assert_eq!(found.id, kept.id);
}

#[tokio::test]
async fn those_who_look_alike_are_found() {
    let shop = Shop::open().await;
    let a = made(
        &shop,
        json!({"name": "José García", "phone": "+254712345678", "email": "j@x.com"}),
    )
    .await;
    let name = made(&shop, json!({"name": "jose garcia"})).await;
    let email = made(&shop, json!({"name": "J", "email": "J@x.com"})).await;
    let phone = made(&shop, json!({"phone": "+255712345678"})).await;
    made(&shop, json!({"name": "Other", "phone": "+254712345679"})).await;
    let mut found: Vec<_> = duplicates(&mut shop.work().await, a.id).await.unwrap();
    found.sort_by_key(|contact| contact.id);
    let mut wanted = [name.id, email.id, phone.id];
    wanted.sort();
    assert_eq!(
        found.iter().map(|contact| contact.id).collect::<Vec<_>>(),
        wanted
    );
}

#[tokio::test]
async fn a_copy_has_all_and_after_the_erasure_nothing_is_left() {
    let shop = Shop::open().await;
    shop.hear("1", "My secret is purple").await;
    shop.drain().await;
    let person = met(&shop, None, Some(CUSTOMER)).await;
    let patch =
        serde_json::from_value(json!({"email": "purple@x.com", "tags": ["purple"]})).unwrap();
    let mut work = shop.work().await;
    update(&mut work, person.id, None, &patch).await.unwrap();
    let copy = personal_data(&mut work, person.id).await.unwrap();
    assert_eq!(copy.contact.email.as_deref(), Some("purple@x.com"));
    assert_eq!(
        (copy.identities.len(), copy.messages[0].text.as_str()),
        (1, "My secret is purple")
    );
    erase(&mut work, person.id).await.unwrap();
    work.commit().await.unwrap();
    for table in [
        "contacts",
        "contact_identities",
        "conversations",
        "messages",
        "consents",
        "audit_log",
        "contact_taggings",
        "bot_states",
    ] {
        let sql =
            format!("SELECT count(*) FROM {table} AS t WHERE t::text ~* 'purple|{CUSTOMER}|amina'");
        let left: i64 = sqlx::query_scalar(sqlx::AssertSqlSafe(sql))
            .fetch_one(&shop.ctx.owner)
            .await
            .unwrap();
        assert_eq!(left, 0, "{table}");
    }
    assert_ne!(
        met(&shop, None, Some(CUSTOMER)).await.id,
        person.id,
        "somebody new"
    );
    let mut work = shop.work().await;
    let again = erase(&mut work, person.id).await;
    assert!(matches!(again, Err(ContactError::NotFound)));
    work.rollback().await.unwrap();
    shop.drain().await;
}

#[tokio::test]
async fn who_is_deleted_is_erased_after_thirty_days_with_their_duplicates() {
    let shop = Shop::open().await;
    let double = made(&shop, json!({"name": "Double", "phone": "0712345671"})).await;
    let gone = made(&shop, json!({"name": "Gone", "phone": "0712345672"})).await;
    merged(&shop, double.id, gone.id).await.unwrap();
    let mut work = shop.work().await;
    delete(&mut work, gone.id, None).await.unwrap();
    work.commit().await.unwrap();
    let purge = async || {
        kazi_queue::Job::enqueue(&PurgeDeleted {}, &mut *shop.conn().await)
            .await
            .unwrap();
        shop.drain().await;
        count(&shop, "SELECT count(*) FROM contacts WHERE erased_at IS NOT NULL AND name IS NULL AND phone IS NULL").await
    };
    shop.after(Duration::from_secs(29 * 86_400)).await;
    assert_eq!(purge().await, 0);
    shop.after(Duration::from_secs(2 * 86_400)).await;
    assert_eq!(purge().await, 2);
}
