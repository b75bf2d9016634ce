//! Who waits for whom.

use super::*;
use crate::Work;

/// Another transaction that does not wait for a lock.
async fn impatient(shop: &Shop) -> Work {
    let mut work = shop.work().await;
    sqlx::query("SET LOCAL lock_timeout = '200ms'")
        .execute(work.conn())
        .await
        .unwrap();
    work
}

#[tokio::test]
async fn two_contacts_do_one_step_at_once() {
    let shop = shop(0).await;
    let id = active(&shop, &new(daily(&shop), &[tag("mark", "tea")])).await;
    let mut first = shop.work().await;
    let step = store::steps::id_of(&mut first, id, "mark").await.unwrap();
    first.commit().await.unwrap();
    let mut first = shop.work().await;
    assert_eq!(
        store::steps::id_of(&mut first, id, "mark").await.unwrap(),
        step
    );
    let mut second = impatient(&shop).await;
    assert_eq!(
        store::steps::id_of(&mut second, id, "mark").await.unwrap(),
        step
    );
}

#[tokio::test]
async fn two_steps_that_tag_a_contact_wait_for_each_other_from_the_beginning() {
    let shop = shop(1).await;
    let mut work = shop.work().await;
    let everybody = contacts::Audience::default();
    let one = contacts::audience(&mut work, &everybody, None, 1)
        .await
        .unwrap()[0]
        .id;
    let tag: Step = serde_json::from_value(tag("mark", "tea")).unwrap();
    let wait: Step = serde_json::from_value(wait("wait", 5)).unwrap();
    step::hold_contact(&mut work, one, Some(&tag))
        .await
        .unwrap();
    let mut second = impatient(&shop).await;
    step::hold_contact(&mut second, one, Some(&tag))
        .await
        .unwrap_err();
    drop((work, second));
    // Others hold the contact together.
    let mut first = shop.work().await;
    step::hold_contact(&mut first, one, Some(&wait))
        .await
        .unwrap();
    let mut second = impatient(&shop).await;
    step::hold_contact(&mut second, one, Some(&wait))
        .await
        .unwrap();
}

#[tokio::test]
async fn an_entry_and_a_merge_of_its_contact_do_not_block_each_other() {
    let shop = shop(0).await;
    let (from, into) = (contact(&shop, 1).await, contact(&shop, 2).await);
    let id = active(&shop, &new(daily(&shop), &[tag("mark", "tea")])).await;
    let automation = shown(&shop, id).await;
    let found = |contact| store::enrolments::Candidate {
        contact,
        occurrence: "1".into(),
        values: model::Values::new(),
    };
    let mut work = shop.work().await;
    enter::enter(&mut work, &automation, &[found(from)])
        .await
        .unwrap();
    work.commit().await.unwrap();
    let mut merges = shop.work().await;
    contacts::lock_contacts(&mut merges, &[from, into])
        .await
        .unwrap();
    let enters = async {
        let mut work = shop.work().await;
        let entered = enter::enter(&mut work, &automation, &[found(into)]).await;
        work.commit().await.unwrap();
        entered.unwrap()
    };
    let merged = async {
        let mut conn = shop.conn().await;
        let waits = "SELECT count(*) FROM pg_stat_activity
                     WHERE datname = current_database() AND wait_event_type = 'Lock'";
        while sqlx::query_scalar::<_, i64>(waits)
            .fetch_one(&mut *conn)
            .await
            .unwrap()
            == 0
        {
            tokio::task::yield_now().await;
        }
        merge(&mut merges, from, into).await.unwrap();
        merges.commit().await.unwrap();
    };
    let (entered, ()) = tokio::join!(enters, merged);
    // By the merge, the contact has entered already.
    assert_eq!(entered, 0);
    assert_eq!(all_enrolments(&shop, id).await.len(), 1);
}
