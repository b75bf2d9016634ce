//! What the audit log has of a change: the fields that differ, with the same keys before and after.

use std::collections::BTreeSet;

use kazi_jobs::Role;
use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    caller::{Caller, ok},
    support::App,
};

impl Caller<'_> {
    /// Makes a thing; its path.
    async fn thing(&self, path: &str, body: Value) -> String {
        let made = ok(self.post(path, &body)).await;
        format!("{path}/{}", made["id"].as_str().unwrap())
    }

    /// The newest record of an action.
    async fn record(&self, action: &str) -> Value {
        let page = self.show(&format!("/audit-log?action={action}")).await;
        page["items"][0].clone()
    }
}

fn keys(side: &Value) -> BTreeSet<&str> {
    let fields = side.as_object().into_iter().flatten();
    fields.map(|(key, _)| key.as_str()).collect()
}

#[tokio::test]
async fn one_changed_field_is_all_that_a_record_has() {
    let app = App::start().await;
    let me = Caller::new(&app, app.workspace, Role::Owner)
        .await
        .below("/api/v1");
    let agent = Caller::new(&app, app.workspace, Role::Agent).await;
    let agent_id = format!("usr_{}", agent.id.simple());
    app.change("UPDATE channels SET account_id = '1022' WHERE kind = 'whatsapp'")
        .await;
    let channels = me.show("/channels").await;
    let whatsapp = channels["items"][0]["id"].as_str().unwrap();
    let channel = format!("/channels/{whatsapp}");
    let contact = me
        .thing(
            "/contacts",
            json!({"phone": "+254712345678", "name": "Amina"}),
        )
        .await;
    let contact_id = contact.rsplit('/').next().unwrap();
    let category = json!({"slug": "tea", "titles": {"en": "Tea"}});
    let category = me.thing("/categories", category).await;
    let product = json!({"sku": "TEA", "price_minor": 680, "stock": 20, "texts": {"en": {"name": "Tea", "description": ""}}});
    let product = me.thing("/products", product).await;
    let provider = json!({"kind": "person", "name": "Wanjiru", "zone": "Africa/Nairobi"});
    let provider = me.thing("/providers", provider).await;
    let provider_id = provider.rsplit('/').next().unwrap();
    let offering =
        json!({"names": {"en": "Haircut"}, "duration_minutes": 30, "provider_ids": [provider_id]});
    let offering = me.thing("/offerings", offering).await;
    let article = json!({"external_id": "wire-1", "title": "Headline", "body": "They won.", "url": "https://news.test/1", "topics": ["sports"]});
    let article = me.thing("/news/articles", article).await;
    let reader =
        json!({"contact_id": contact_id, "topics": ["sports"], "briefs": {"morning": "07:30"}});
    let reader = me.thing("/news/subscriptions", reader).await;
    let plan = json!({"names": {"en": "IPTV"}, "price": {"minor": 500, "currency": "USD"},
                      "period": {"unit": "month", "count": 1}});
    let plan = me.thing("/plans", plan).await;
    let segment = json!({"name": "Regulars", "audience": {"tags_any": ["vip"]}});
    let segment = me.thing("/messaging/segments", segment).await;
    let content = json!({"kind": "template", "name": "offer"});
    let campaign = json!({"name": "Spring", "channel_id": whatsapp, "content": content});
    let campaign = me.thing("/messaging/campaigns", campaign).await;
    let post = me
        .thing("/social/contents", json!({"text": "Fresh tea"}))
        .await;
    let ticket =
        json!({"contact_id": contact_id, "subject": "No picture", "message": "Since noon."});
    let ticket = me.thing("/support/tickets", ticket).await;
    let template = |text: &str| json!({"channel_id": whatsapp, "name": "offer", "language": "en", "category": "marketing", "body": {"text": text}});
    let draft = me.thing("/templates", template("Tea is cheap.")).await;

    let (patch, put, post_to) = (Method::PATCH, Method::PUT, Method::POST);
    let opening = json!({"weekday": 1, "from": "09:00", "until": "17:00"});
    let day = (chrono::Utc::now() + chrono::TimeDelta::days(30)).date_naive();
    let special = format!("special.{day}");
    let hours = json!({"hours": [{"from": "09:00", "until": "12:00"}]});
    let prices = |micros: i64| {
        let price = |country: &str, micros: i64| json!({"country": country, "category": "marketing", "micros": micros, "currency": "USD"});
        json!({"items": [price("KE", micros), price("*", 70)]})
    };
    ok(me.put("/messaging/prices", &prices(10))).await;
    let field = |label: &str| json!({"label": label, "kind": "text"});
    ok(me.put("/contact-fields/city", &field("City"))).await;
    let mut wrong = Vec::new();
    for (method, path, body, action, changed) in [
        (
            &patch,
            category.clone(),
            json!({"sort_order": 3}),
            "catalog.update_category",
            &["sort_order"][..],
        ),
        (
            &patch,
            product.clone(),
            json!({"price_minor": 700}),
            "catalog.update_product",
            &["price_minor"],
        ),
        (
            &post_to,
            format!("{product}/stock"),
            json!({"change": 4}),
            "catalog.adjust_stock",
            &["stock"],
        ),
        (
            &post_to,
            format!("{product}/stock"),
            json!({"change": 4, "reason": "Counted"}),
            "catalog.adjust_stock",
            &["reason", "stock"],
        ),
        (
            &patch,
            provider.clone(),
            json!({"name": "Achieng"}),
            "appointments.update_provider",
            &["name"],
        ),
        (
            &put,
            format!("{provider}/hours"),
            json!({"week": [opening]}),
            "appointments.set_hours",
            &["week"],
        ),
        (
            &put,
            format!("{provider}/special-hours/{day}"),
            hours,
            "appointments.set_special_day",
            &[special.as_str()],
        ),
        (
            &patch,
            offering.clone(),
            json!({"buffer_minutes": 10}),
            "appointments.update_offering",
            &["buffer_minutes"],
        ),
        (
            &patch,
            article.clone(),
            json!({"body": "They lost."}),
            "news.update_article",
            &["body"],
        ),
        (
            &patch,
            reader.clone(),
            json!({"daily_limit": 5}),
            "news.change_subscription",
            &["daily_limit"],
        ),
        (
            &patch,
            plan.clone(),
            json!({"grace_days": 9}),
            "subscriptions.update_plan",
            &["grace_days"],
        ),
        (
            &put,
            segment.clone(),
            json!({"name": "Friends", "audience": {"tags_any": ["vip"]}}),
            "campaigns.save_segment",
            &["name"],
        ),
        (
            &patch,
            campaign.clone(),
            json!({"name": "Summer"}),
            "campaigns.update",
            &["name"],
        ),
        (
            &put,
            "/messaging/prices".into(),
            prices(20),
            "campaigns.set_prices",
            &["KE.marketing"],
        ),
        (
            &put,
            draft.clone(),
            template("Tea is dear."),
            "templates.update",
            &["body", "components", "draft"],
        ),
        (
            &patch,
            post.clone(),
            json!({"text": "Fresher tea"}),
            "social.update_content",
            &["text"],
        ),
        (
            &put,
            format!("{ticket}/assignee"),
            json!({"assignee_id": agent_id}),
            "support.assign",
            &["assignee_id"],
        ),
        (
            &post_to,
            format!("{ticket}/close"),
            json!({}),
            "support.close",
            &["status"],
        ),
        (
            &patch,
            contact.clone(),
            json!({"language": "fr"}),
            "contacts.update",
            &["language"],
        ),
        (
            &post_to,
            format!("{contact}/block"),
            json!({}),
            "contacts.block",
            &["blocked"],
        ),
        (
            &post_to,
            format!("{contact}/consents"),
            json!({"marketing": true, "note": "by phone"}),
            "contacts.consent",
            &["marketing", "note"],
        ),
        (
            &post_to,
            "/contacts/retag".into(),
            json!({"contact_ids": [contact_id], "add": ["vip"]}),
            "contacts.retag",
            &["tags"],
        ),
        (
            &put,
            format!("{channel}/rate"),
            json!({"per_second": 20.0, "burst": 5}),
            "channels.set_rate",
            &["burst", "per_second"],
        ),
        (
            &put,
            "/contact-fields/city".into(),
            field("Town"),
            "contacts.field",
            &["city.label"],
        ),
        (
            &patch,
            channel.clone(),
            json!({"name": "Front desk"}),
            "channels.rename",
            &["name"],
        ),
        (
            &post_to,
            format!("{channel}/pause"),
            json!({"reason": "too many"}),
            "channels.pause",
            &["status", "status_reason"],
        ),
        (
            &post_to,
            format!("{channel}/resume"),
            json!({}),
            "channels.resume",
            &["status", "status_reason"],
        ),
        (
            &patch,
            "/workspaces/current".into(),
            json!({"name": "Zuri Market"}),
            "workspaces.update",
            &["name"],
        ),
        (
            &patch,
            format!("/members/{agent_id}"),
            json!({"role": "viewer"}),
            "members.change_role",
            &["role"],
        ),
    ] {
        ok(me
            .call(method.clone(), &path)
            .header("if-match", "*")
            .json(&body))
        .await;
        let record = me.record(action).await;
        let (before, after) = (&record["before"], &record["after"]);
        let changed: BTreeSet<&str> = changed.iter().copied().collect();
        let differ = changed.iter().all(|key| before[*key] != after[*key]);
        if keys(before) != changed || keys(after) != changed || !differ {
            wrong.push(format!("{action}: {record}"));
        }
    }

    // What is deleted stands before, and nothing after.
    for (path, action) in [
        (category, "catalog.delete_category"),
        (product, "catalog.delete_product"),
        (article, "news.delete_article"),
        (reader, "news.unsubscribe"),
        (campaign, "campaigns.delete"),
        (segment, "campaigns.delete_segment"),
        (draft, "templates.delete"),
        (post, "social.delete_content"),
        (contact, "contacts.delete"),
        (channel, "channels.delete"),
        (format!("/members/{agent_id}"), "members.remove"),
    ] {
        ok(me.delete(&path).header("if-match", "*")).await;
        let record = me.record(action).await;
        if !record["before"].is_object() || !record["after"].is_null() {
            wrong.push(format!("{action}: {record}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    let other = "SELECT count(*) FROM audit_log WHERE jsonb_typeof(before) <> 'object' OR jsonb_typeof(after) <> 'object'";
    assert_eq!(app.count(other).await, 0);
}

#[tokio::test]
async fn a_change_of_nothing_has_no_record() {
    let app = App::start().await;
    let me = Caller::new(&app, app.workspace, Role::Owner)
        .await
        .below("/api/v1");
    let category = json!({"slug": "tea", "titles": {"en": "Tea"}});
    let category = me.thing("/categories", category).await;
    let same = me.patch(&category, &json!({"slug": "tea"}));
    ok(same.header("if-match", "*")).await;
    assert!(me.record("catalog.update_category").await.is_null());
}
