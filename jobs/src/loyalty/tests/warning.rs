//! The word to a customer whose points expire soon, by a template.

use kazi_simulators::Service;

use super::*;
use crate::templates::{self, Category, Template, TemplateId, TemplateStatus};

#[tokio::test]
async fn a_silent_customer_is_warned_by_the_template_with_the_points_and_the_day() {
    let shop = shop().await;
    set(
        &shop,
        json!({"enabled": true, "order": {"points": 1, "per_minor": 100},
               "expiry": {"months": 1, "warn_days": 7}}),
    )
    .await;
    let amina = known(&shop).await;
    sqlx::query("UPDATE channels SET account_id = '1' WHERE kind = 'whatsapp'")
        .execute(&mut *shop.conn().await)
        .await
        .unwrap();
    shop.ctx.channels().clear();
    let template = Template {
        id: TemplateId::new(),
        account: "1".into(),
        name: EXPIRE.into(),
        language: "en".into(),
        category: Category::Utility,
        status: TemplateStatus::Approved,
        body: "{{1}} points expire on {{2}}.".into(),
        components: Value::Null,
        paused_until: None,
    };
    let mut work = shop.work().await;
    templates::save(&mut work, &template).await.unwrap();
    work.commit().await.unwrap();
    delivered(&shop, amina, 3_000).await;
    let at = has(&shop, amina).await.expiring.unwrap().at;
    shop.ctx.clock.advance(at - TimeDelta::days(7) - shop.now());
    for _ in 0..2 {
        FindExpiring {}
            .enqueue(&mut *shop.conn().await)
            .await
            .unwrap();
        shop.drain().await;
    }
    let sent = shop.sent(Service::WhatsApp).into_iter();
    let sent: Vec<Value> = sent
        .map(|entry| entry.body["template"].clone())
        .filter(|template| template["name"] == EXPIRE)
        .collect();
    assert_eq!(sent.len(), 1, "{sent:?}");
    assert_eq!(sent[0]["language"]["code"], "en");
    let mut work = shop.work().await;
    let zone = crate::workspaces::time_zone(&mut work).await.unwrap();
    let day = crate::conversations::dates::date("en", at.with_timezone(&zone).date_naive());
    let parts = &sent[0]["components"][0];
    assert_eq!(parts["type"], "body");
    assert_eq!(parts["parameters"][0]["text"], "30");
    assert_eq!(parts["parameters"][1]["text"], day);
}
