//! Triggers by events of other domains, and who is found by the clock.

use super::*;
use crate::{appointments::tests::visited, payments::SubscriptionId, subscriptions};

/// A step that sends a template with a value of the trigger's subject.
fn tell(shop: &Shop, value: &str) -> Value {
    let mut step = send(shop, "thank", "offer");
    step["action"]["content"]["parameters"] =
        json!([{"field": {"name": format!("subject.{value}")}}]);
    step
}

/// What templates said.
fn said(shop: &Shop) -> Vec<String> {
    let sent = shop.sent(Service::WhatsApp).into_iter();
    sent.filter(|entry| entry.message_id.is_some() && entry.body["template"]["name"] == "offer")
        .map(|entry| {
            let text = &entry.body["template"]["components"][0]["parameters"][0]["text"];
            text.as_str().unwrap().to_owned()
        })
        .collect()
}

#[tokio::test]
async fn who_came_to_a_booking_enters_once_with_its_local_time() {
    let shop = shop(0).await;
    change(&shop, "UPDATE workspaces SET time_zone = 'Africa/Nairobi'").await;
    let customer = contact(&shop, 7).await;
    let id = active(
        &shop,
        &new(json!({"kind": "booking_completed"}), &[tell(&shop, "time")]),
    )
    .await;
    let starts = shop.now() - TimeDelta::hours(2);
    let booking = visited(&shop, customer, starts).await;
    shop.drain().await;
    let again = Enter {
        workspace: shop.workspace,
        automation: id,
        subject: booking.uuid(),
    };
    again.enqueue(&mut *shop.conn().await).await.unwrap();
    shop.drain().await;
    let local = starts.with_timezone(&chrono_tz::Africa::Nairobi);
    assert_eq!(said(&shop), [local.format("%H:%M").to_string()]);
}

#[tokio::test]
async fn who_has_lost_a_subscription_enters_once_with_the_day_on_their_own_calendar() {
    let shop = shop(0).await;
    let customer = contact(&shop, 7).await;
    let id = active(
        &shop,
        &new(
            json!({"kind": "subscription_ended"}),
            &[tell(&shop, "date")],
        ),
    )
    .await;
    // In Nairobi it is the next day.
    let evening = (shop.now() - TimeDelta::days(2))
        .date_naive()
        .and_hms_opt(22, 30, 0)
        .unwrap();
    let add = async |begun: bool| {
        let subscription = SubscriptionId::new();
        let starts = if begun {
            "now() - interval '40 days'"
        } else {
            "NULL"
        };
        change(
            &shop,
            &format!(
                "WITH p AS (INSERT INTO plans (workspace_id, id, names, price_minor, currency, period_unit, period_count,
                                               grace_days, remind_days)
                     VALUES ('{0}', gen_random_uuid(), '{{\"en\": \"Tea box\"}}', 900, 'USD', 'month', 1, 7, '{{}}')
                     RETURNING id)
                 INSERT INTO subscriptions (workspace_id, id, contact_id, plan_id, status, starts_at, ends_at, created_at)
                 SELECT '{0}', '{1}', '{2}', p.id, 'grace', {starts}, '{3}Z', now() FROM p",
                shop.workspace.uuid(),
                subscription.uuid(),
                customer.uuid(),
                evening
            ),
        )
        .await;
        let mut work = shop.work().await;
        subscriptions::cancel(&mut work, subscription, false)
            .await
            .unwrap();
        work.commit().await.unwrap();
        shop.drain().await;
        subscription
    };
    // What was never paid has not ended.
    add(false).await;
    assert!(said(&shop).is_empty());
    let ended = add(true).await;
    let again = Enter {
        workspace: shop.workspace,
        automation: id,
        subject: ended.uuid(),
    };
    again.enqueue(&mut *shop.conn().await).await.unwrap();
    shop.drain().await;
    let day = evening.date().succ_opt().unwrap();
    assert_eq!(said(&shop), [day.to_string()]);
}

#[tokio::test]
async fn an_order_that_is_not_delivered_any_more_enters_nobody() {
    let shop = shop(0).await;
    let customer = contact(&shop, 7).await;
    let id = active(
        &shop,
        &new(json!({"kind": "order_delivered"}), &[tell(&shop, "number")]),
    )
    .await;
    let order = shipped(&shop, customer, 41).await;
    let early = Enter {
        workspace: shop.workspace,
        automation: id,
        subject: order.uuid(),
    };
    early.enqueue(&mut *shop.conn().await).await.unwrap();
    shop.drain().await;
    assert_eq!(counted(&shop, id).await.entered, 0);
}

#[tokio::test]
async fn a_blocked_contact_does_not_enter() {
    let shop = shop(2).await;
    change(
        &shop,
        "UPDATE contacts SET last_activity_at = now() - interval '90 days'",
    )
    .await;
    let blocked = format!(
        "UPDATE contacts SET blocked_at = now() WHERE phone = '+{}'",
        phone(0)
    );
    change(&shop, &blocked).await;
    let trigger = json!({"kind": "inactive", "days": 30});
    let id = active(&shop, &new(trigger, &[send(&shop, "back", "offer")])).await;
    let simulation = simulate(&mut shop.work().await, &shown(&shop, id).await).await;
    assert_eq!(simulation.unwrap().contacts, 1);
    look(&shop, id).await;
    assert_eq!(reached(&shop), [(phone(1), "offer".to_owned())]);
    // Blocked between the look's reading and the entry.
    let automation = shown(&shop, id).await;
    let mut work = shop.work().await;
    let everybody = contacts::Audience::default();
    let all = contacts::audience(&mut work, &everybody, None, 10)
        .await
        .unwrap();
    let all = all.into_iter().map(|one| store::enrolments::Candidate {
        contact: one.id,
        occurrence: "again".into(),
        values: model::Values::new(),
    });
    let entered = enter::enter(&mut work, &automation, &all.collect::<Vec<_>>()).await;
    assert_eq!(entered.unwrap(), 1);
}

#[tokio::test]
async fn a_clock_that_goes_back_looks_for_nothing_again() {
    let shop = shop(1).await;
    let trigger = json!({"kind": "cart_abandoned", "minutes": 60});
    let id = active(&shop, &new(trigger, &[tag("mark", "tea")])).await;
    shop.ctx.clock.advance(TimeDelta::hours(5));
    look(&shop, id).await;
    let looked = shown(&shop, id).await;
    change(
        &shop,
        &format!(
            "UPDATE automations SET next_at = '{}'",
            (shop.now() - TimeDelta::hours(3)).to_rfc3339()
        ),
    )
    .await;
    shop.ctx.clock.advance(TimeDelta::hours(-2));
    find(&shop).await;
    shop.drain().await;
    let after = shown(&shop, id).await;
    assert_eq!(after.looked_at, looked.looked_at);
    assert!(after.next_at > Some(shop.now()));
}
