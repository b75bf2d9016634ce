//! What edits, pauses and merges leave as it is.

use super::*;
use crate::Work;

#[tokio::test]
async fn an_edit_of_the_steps_drops_nobody_who_is_to_enter() {
    let shop = shop(1).await;
    let silent = json!({"kind": "cart_abandoned", "minutes": 60});
    let customer = contact(&shop, 8).await;
    let id = active(&shop, &new(silent.clone(), &[tag("mark", "tea")])).await;
    change(
        &shop,
        &format!(
            "WITH c AS (INSERT INTO carts (workspace_id, id, contact_id, created_at, updated_at)
                 VALUES ('{0}', gen_random_uuid(), '{1}', '{2}', '{2}') RETURNING workspace_id, id)
             INSERT INTO cart_items (workspace_id, cart_id, product_id, quantity, added_at)
             SELECT c.workspace_id, c.id, p.id, 2, '{2}' FROM c, products p WHERE p.sku = 'COF'",
            shop.workspace.uuid(),
            customer.uuid(),
            shop.now().to_rfc3339()
        ),
    )
    .await;
    // It is abandoned by now, and nobody has looked.
    shop.ctx.clock.advance(TimeDelta::minutes(65));
    let due = shown(&shop, id).await.next_at;
    act!(shop, id, update, &new(silent, &[tag("mark", "coffee")])).unwrap();
    assert_eq!(shown(&shop, id).await.next_at, due);
    look(&shop, id).await;
    assert_eq!(counted(&shop, id).await.entered, 1);
    // Another trigger begins now.
    act!(
        shop,
        id,
        update,
        &new(daily(&shop), &[tag("mark", "coffee")])
    )
    .unwrap();
    assert!(shown(&shop, id).await.next_at > Some(shop.now()));
}

#[tokio::test]
async fn a_change_clears_why_it_was_paused_and_it_does_not_go_on_by_itself() {
    let shop = shop(1).await;
    let id = active(&shop, &new(daily(&shop), &[send(&shop, "greet", "offer")])).await;
    meta_says(&shop, "PAUSED").await;
    look(&shop, id).await;
    assert_eq!(
        shown(&shop, id).await.reason.as_deref(),
        Some("no_template")
    );
    let steps = [send(&shop, "greet", "offer"), tag("mark", "tea")];
    let after = act!(shop, id, update, &new(daily(&shop), &steps)).unwrap();
    assert_eq!(
        (after.status, after.reason),
        (AutomationStatus::Paused, None)
    );
    meta_says(&shop, "APPROVED").await;
    assert_eq!(shown(&shop, id).await.status, AutomationStatus::Paused);
}

#[tokio::test]
async fn a_pause_puts_back_nobody_who_has_ended_or_has_got_a_later_message() {
    let shop = shop(3).await;
    template(&shop, "other", "Dear {{1}}, hello.").await;
    let steps = [send(&shop, "greet", "offer"), send(&shop, "again", "other")];
    let id = active(&shop, &new(daily(&shop), &steps)).await;
    look_alone(&shop, id).await;
    let all = all_enrolments(&shop, id).await;
    let (later, stopped, back) = (all[0].id, all[1].id, all[2].id);
    change(
        &shop,
        &format!(
            "UPDATE messages SET status = 'accepted', accepted_at = now() WHERE id = (
                 SELECT message_id FROM enrolment_steps WHERE enrolment_id = '{}' AND position = 1);
             UPDATE enrolments SET status = 'stopped', reason = 'by_a_member' WHERE id = '{}'",
            later.uuid(),
            stopped.uuid()
        ),
    )
    .await;
    act!(shop, id, pause).unwrap();
    let mut work = shop.work().await;
    let results = async |work: &mut Work, id| {
        let done = steps_of(work, id).await.unwrap().into_iter();
        done.map(|one| one.result).collect::<Vec<_>>()
    };
    assert_eq!(results(&mut work, later).await, ["skipped", "sent"]);
    assert_eq!(results(&mut work, stopped).await, ["skipped", "skipped"]);
    assert!(results(&mut work, back).await.is_empty());
    drop(work);
    act!(shop, id, activate, Activation::default()).unwrap();
    shop.drain().await;
    assert_eq!(reached(&shop).len(), 2);
    let figures = counted(&shop, id).await;
    assert_eq!((figures.finished, figures.stopped.total), (2, 1));
}

#[tokio::test]
async fn a_merged_contact_goes_on_as_the_other_and_gets_each_message_once() {
    let shop = shop(1).await;
    let steps = [
        send(&shop, "greet", "offer"),
        wait("wait", 60),
        send(&shop, "again", "offer"),
    ];
    let id = active(&shop, &new(daily(&shop), &steps)).await;
    look_alone(&shop, id).await;
    let from = all_enrolments(&shop, id).await[0].contact_id;
    let into = contact(&shop, 9).await;
    let mut work = shop.work().await;
    crate::people::merge(&mut work, from, into).await.unwrap();
    work.commit().await.unwrap();
    let left = all_enrolments(&shop, id).await;
    assert_eq!(
        (left.len(), left[0].contact_id, left[0].status.as_str()),
        (1, into, "active")
    );
    shop.drain().await;
    shop.after(HOUR).await;
    // By the conversation that has moved with them.
    let theirs = (phone(0), "offer".to_owned());
    assert_eq!(reached(&shop), [theirs.clone(), theirs]);
    assert_eq!(counted(&shop, id).await.finished, 1);
}
