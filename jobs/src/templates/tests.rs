//! Templates between a member's draft and Meta's word.

use std::time::Duration;

use kazi_platform::actor::Actor;
use kazi_queue::Job;
use kazi_simulators::{CutAt, Fault, Service, TemplateChange};
use serde_json::{Value, json};

use super::*;
use crate::{
    channels::{ChannelKind, EventKind},
    testing::Shop,
};

const ME: &Actor = &Actor::OPERATOR;
const ACCOUNT: &str = "1";

async fn shop() -> Shop {
    let shop = Shop::open().await;
    sqlx::query("UPDATE channels SET account_id = $1 WHERE kind = 'whatsapp'")
        .bind(ACCOUNT)
        .execute(&mut *shop.conn().await)
        .await
        .unwrap();
    shop.ctx.channels().clear();
    shop
}

fn draft(shop: &Shop) -> NewDraft {
    serde_json::from_value(json!({
        "channel_id": shop.whatsapp, "name": "offer", "language": "en", "category": "marketing",
        "body": {"text": "Hello {{1}}, tea is cheaper.", "examples": ["Amina"]},
        "footer": "STOP to stop",
        "buttons": [
            {"type": "quick_reply", "text": "Tell me more"},
            {"type": "url", "text": "Shop", "url": "https://shop.test/{{1}}", "example": "https://shop.test/tea"},
        ],
    }))
    .unwrap()
}

/// A draft that a member has just submitted.
async fn submitted(shop: &Shop) -> TemplateId {
    let mut work = shop.work().await;
    let made = create(&mut work, &draft(shop)).await.unwrap();
    // Twice is once.
    submit(&mut work, &made).await.unwrap();
    let again = get(&mut work, made.id).await.unwrap();
    submit(&mut work, &again).await.unwrap();
    work.commit().await.unwrap();
    made.id
}

async fn look(shop: &Shop, id: TemplateId) -> TemplateView {
    get(&mut shop.work().await, id).await.unwrap()
}

/// What Meta tells, and how it stands there from then on.
async fn event(shop: &Shop, more: Value) {
    if let Some(status) = more["event"].as_str() {
        let change = TemplateChange {
            name: "offer".into(),
            language: "en".into(),
            status: Some(status.into()),
            ..TemplateChange::default()
        };
        assert!(shop.providers.change_template(ACCOUNT, &change));
    }
    let mut payload = json!({
        "message_template_id": 7, "message_template_name": "offer", "message_template_language": "en",
    });
    payload
        .as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    shop.record(ChannelKind::WhatsApp, EventKind::Other, "", payload)
        .await;
    shop.drain().await;
}

async fn sync(shop: &Shop) {
    let mut work = shop.work().await;
    assert_eq!(request_sync(&mut work).await.unwrap(), 1);
    work.commit().await.unwrap();
    shop.drain().await;
}

#[tokio::test]
async fn a_draft_becomes_metas_and_follows_what_meta_tells() {
    let shop = shop().await;
    let id = submitted(&shop).await;
    shop.drain().await;
    let there = look(&shop, id).await;
    assert_eq!(there.status, TemplateStatus::Submitted);
    assert!(there.external_id.is_some());
    assert_eq!(shop.sent(Service::WhatsApp).len(), 1);
    for (said, status) in [
        (json!({"event": "APPROVED"}), TemplateStatus::Approved),
        (
            json!({"event": "PAUSED", "reason": "LOW_QUALITY", "other_info": {"title": "FIRST_PAUSE"}}),
            TemplateStatus::Paused,
        ),
        (json!({"event": "FLAGGED"}), TemplateStatus::Approved),
        (json!({"event": "SOMETHING_NEW"}), TemplateStatus::Approved),
        (json!({"event": "DISABLED"}), TemplateStatus::Disabled),
    ] {
        event(&shop, said.clone()).await;
        let now = look(&shop, id).await;
        assert_eq!(now.status, status, "{said}");
        assert_eq!(
            now.paused_until.is_some(),
            status == TemplateStatus::Paused,
            "{said}"
        );
    }
    event(&shop, json!({"new_quality_score": "RED"})).await;
    event(&shop, json!({"new_category": "UTILITY"})).await;
    let now = look(&shop, id).await;
    assert_eq!(
        (now.quality.as_str(), now.category),
        ("red", Category::Utility)
    );
    // The log has each step of the status, and open pages were told of each.
    let steps: Vec<Value> = sqlx::query_scalar(
        "SELECT after -> 'status' FROM audit_log WHERE subject_id = $1 AND after ? 'status' ORDER BY id",
    )
    .bind(id.uuid())
    .fetch_all(&mut *shop.conn().await)
    .await
    .unwrap();
    let wanted = [
        "draft",
        "submitted",
        "approved",
        "paused",
        "approved",
        "disabled",
    ];
    assert_eq!(steps, wanted);
    let mut told: Vec<Value> = sqlx::query_scalar(
        "SELECT data -> 'status' FROM live_events WHERE kind LIKE 'template.%' ORDER BY live_events.id",
    )
    .fetch_all(&shop.ctx.owner)
    .await
    .unwrap();
    // Meta's id, the rating, the category and the parts come without a new status.
    told.dedup();
    let wanted = [
        "draft",
        "submitted",
        "approved",
        "paused",
        "approved",
        "disabled",
    ];
    assert_eq!(told, wanted);
}

#[tokio::test]
async fn a_submission_whose_answer_is_lost_is_found_again() {
    let shop = shop().await;
    shop.providers.fault(Fault {
        matches: Some("message_templates".into()),
        cut: Some(CutAt::After),
        times: Some(1),
        ..Fault::on(Service::WhatsApp)
    });
    let id = submitted(&shop).await;
    shop.drain().await;
    assert_eq!(look(&shop, id).await.external_id, None);
    shop.after(Duration::from_secs(600)).await;
    assert!(look(&shop, id).await.external_id.is_some());
    assert_eq!(shop.sent(Service::WhatsApp).len(), 1, "asked for once");
}

#[tokio::test]
async fn what_meta_refuses_is_rejected_with_its_words() {
    let shop = shop().await;
    shop.providers.fault(Fault {
        matches: Some("message_templates".into()),
        code: Some(100),
        ..Fault::on(Service::WhatsApp)
    });
    let id = submitted(&shop).await;
    shop.drain().await;
    let rejected = look(&shop, id).await;
    assert_eq!(rejected.status, TemplateStatus::Rejected);
    assert!(rejected.reason.is_some());
}

#[tokio::test]
async fn all_pages_are_learnt_and_what_is_gone_is_noticed() {
    let shop = shop().await;
    for n in 0..130 {
        shop.providers.add_template(
            ACCOUNT,
            kazi_simulators::Template {
                name: format!("t{n:03}"),
                language: "en".into(),
                category: "UTILITY".into(),
                body: "Hello.".into(),
                status: "APPROVED".into(),
                ..kazi_simulators::Template::default()
            },
        );
    }
    sync(&shop).await;
    let filter = TemplateFilter::default();
    let all = list(&mut shop.work().await, &filter, None, 500)
        .await
        .unwrap();
    // With Meta's sample.
    assert_eq!(all.len(), 131);
    let change = TemplateChange {
        name: "t005".into(),
        language: "en".into(),
        status: Some("REJECTED".into()),
        quality: Some("RED".into()),
        ..TemplateChange::default()
    };
    assert!(shop.providers.change_template(ACCOUNT, &change));
    delete(&shop.ctx, shop.workspace, ME, all[1].id)
        .await
        .unwrap();
    sqlx::query("UPDATE templates SET provider_id = 'another' WHERE name = 't007'")
        .execute(&mut *shop.conn().await)
        .await
        .unwrap();
    SyncAll {}.enqueue(&mut *shop.conn().await).await.unwrap();
    shop.drain().await;
    let all = list(&mut shop.work().await, &filter, None, 500)
        .await
        .unwrap();
    assert_eq!(all.len(), 130);
    let named = |name: &str| all.iter().find(|template| template.name == name).unwrap();
    assert_eq!(named("t005").status, TemplateStatus::Rejected);
    assert_eq!(named("t005").quality, "red");
    assert_eq!(named("t007").status, TemplateStatus::Approved);
}

#[tokio::test]
async fn news_that_come_out_of_order_end_with_how_it_stands() {
    let shop = shop().await;
    let id = submitted(&shop).await;
    shop.drain().await;
    event(&shop, json!({"event": "APPROVED"})).await;
    // Told before, and brought after: the account knows better.
    let late = json!({
        "event": "PAUSED", "message_template_id": 7, "message_template_name": "offer",
        "message_template_language": "en",
    });
    shop.record(ChannelKind::WhatsApp, EventKind::Other, "", late)
        .await;
    shop.drain().await;
    assert_eq!(look(&shop, id).await.status, TemplateStatus::Approved);
}

/// What a member writes in place of the draft.
fn rewritten(shop: &Shop, text: &str) -> NewDraft {
    let mut new = draft(shop);
    new.body = DraftText {
        text: text.into(),
        examples: vec!["Amina".into()],
    };
    new
}

async fn write(shop: &Shop, id: TemplateId, new: &NewDraft) -> Result<TemplateView, TemplateError> {
    let mut work = shop.work().await;
    let before = get(&mut work, id).await?;
    let after = update(&mut work, &before, new).await?;
    work.commit().await.unwrap();
    Ok(after)
}

async fn send_in(shop: &Shop, id: TemplateId) -> Result<TemplateView, TemplateError> {
    let mut work = shop.work().await;
    let before = get(&mut work, id).await?;
    let after = submit(&mut work, &before).await?;
    work.commit().await.unwrap();
    Ok(after)
}

/// A template that Meta has decided about.
async fn decided(shop: &Shop, word: &str) -> TemplateId {
    let id = submitted(shop).await;
    shop.drain().await;
    event(shop, json!({"event": word, "reason": "INVALID_FORMAT"})).await;
    id
}

#[tokio::test]
async fn a_rejected_template_is_changed_and_submitted_again() {
    let shop = shop().await;
    let id = decided(&shop, "REJECTED").await;
    let rejected = look(&shop, id).await;
    let advice = rejected.reason_detail.unwrap();
    assert!(advice.contains("WhatsApp Manager"), "{advice}");
    assert!(matches!(
        send_in(&shop, id).await,
        Err(TemplateError::Conflict(_))
    ));
    let new = rewritten(&shop, "Dear {{1}}, tea is cheaper.");
    let written = write(&shop, id, &new).await.unwrap();
    assert_eq!(written.edit, Some(EditState::Written));
    assert_eq!(written.body, draft(&shop).body.text, "Meta's copy stays");
    // Twice is once.
    send_in(&shop, id).await.unwrap();
    send_in(&shop, id).await.unwrap();
    shop.drain().await;
    let there = look(&shop, id).await;
    assert_eq!(
        (there.status, there.edit),
        (TemplateStatus::Submitted, None)
    );
    assert_eq!(there.body, new.body.text);
    let sent = shop.sent(Service::WhatsApp);
    assert_eq!(sent.len(), 2, "one for the template, one for the change");
    event(&shop, json!({"event": "APPROVED"})).await;
    let there = look(&shop, id).await;
    assert_eq!(there.status, TemplateStatus::Approved);
    assert_eq!(there.draft.map(|draft| draft.0), Some(new));
}

#[tokio::test]
async fn an_approved_template_is_sent_while_its_change_waits_and_changes_once_a_day() {
    let shop = shop().await;
    let id = decided(&shop, "APPROVED").await;
    let usable = async || {
        let found = usable(&mut shop.work().await, ACCOUNT, "offer", &["en"]).await;
        found.unwrap().map(|template| template.body)
    };
    let new = rewritten(&shop, "Dear {{1}}, tea is cheaper.");
    write(&shop, id, &new).await.unwrap();
    assert_eq!(usable().await, Some(draft(&shop).body.text));
    // A sync does not take the member's words away.
    sync(&shop).await;
    assert_eq!(look(&shop, id).await.edit, Some(EditState::Written));
    let mut other = new.clone();
    other.name = "another".into();
    other.category = Category::Utility;
    let Err(TemplateError::Invalid(refused)) = write(&shop, id, &other).await else {
        panic!("its name and category are fixed")
    };
    let pointers: Vec<&str> = refused.0.iter().map(|one| one.pointer.as_str()).collect();
    assert_eq!(pointers, ["/name", "/category"]);
    send_in(&shop, id).await.unwrap();
    shop.drain().await;
    assert_eq!(usable().await, None, "Meta reviews it");
    event(&shop, json!({"event": "APPROVED"})).await;
    assert_eq!(usable().await, Some(new.body.text));
    let newer = rewritten(&shop, "Dear {{1}}, tea is dearer.");
    write(&shop, id, &newer).await.unwrap();
    let refused = send_in(&shop, id).await.unwrap_err();
    assert!(refused.to_string().contains("24 hours"), "{refused}");
}

#[tokio::test]
async fn a_change_that_meta_refuses_stays_with_its_words() {
    let shop = shop().await;
    let id = decided(&shop, "APPROVED").await;
    write(&shop, id, &rewritten(&shop, "Dear {{1}}, tea is cheaper."))
        .await
        .unwrap();
    shop.providers.fault(Fault {
        method: Some("POST".into()),
        code: Some(100),
        ..Fault::on(Service::WhatsApp)
    });
    send_in(&shop, id).await.unwrap();
    shop.drain().await;
    sync(&shop).await;
    let there = look(&shop, id).await;
    assert_eq!(there.status, TemplateStatus::Approved);
    assert_eq!(there.edit, Some(EditState::Written));
    assert!(there.reason.is_some());
}

#[tokio::test]
async fn a_change_whose_answer_is_lost_is_found_again() {
    let shop = shop().await;
    let id = decided(&shop, "APPROVED").await;
    let new = rewritten(&shop, "Dear {{1}}, tea is cheaper.");
    write(&shop, id, &new).await.unwrap();
    shop.providers.fault(Fault {
        method: Some("POST".into()),
        cut: Some(CutAt::After),
        times: Some(1),
        ..Fault::on(Service::WhatsApp)
    });
    send_in(&shop, id).await.unwrap();
    shop.drain().await;
    assert_eq!(look(&shop, id).await.edit, Some(EditState::Submitted));
    shop.after(Duration::from_secs(600)).await;
    let there = look(&shop, id).await;
    assert_eq!((there.edit, there.body), (None, new.body.text));
    assert_eq!(there.reason, None, "it was asked for once");
}

#[tokio::test]
async fn a_sync_touches_only_what_has_changed_at_meta() {
    let shop = shop().await;
    let id = decided(&shop, "APPROVED").await;
    let other = kazi_simulators::Template {
        name: "other".into(),
        language: "en".into(),
        category: "UTILITY".into(),
        body: "Tea.".into(),
        status: "APPROVED".into(),
        ..kazi_simulators::Template::default()
    };
    shop.providers.add_template(ACCOUNT, other);
    sync(&shop).await;
    let versions = async || -> Vec<(String, i64)> {
        sqlx::query_as(
            "SELECT name, version FROM templates WHERE name IN ('offer', 'other') ORDER BY name",
        )
        .fetch_all(&mut *shop.conn().await)
        .await
        .unwrap()
    };
    let before = versions().await;
    assert_eq!(before.len(), 2);
    shop.after(Duration::from_secs(600)).await;
    sync(&shop).await;
    assert_eq!(versions().await, before);
    let change = TemplateChange {
        name: "offer".into(),
        language: "en".into(),
        quality: Some("YELLOW".into()),
        ..TemplateChange::default()
    };
    assert!(shop.providers.change_template(ACCOUNT, &change));
    sync(&shop).await;
    let after = versions().await;
    assert_eq!(after[0], ("offer".into(), before[0].1 + 1));
    assert_eq!(after[1], before[1]);
    assert_eq!(look(&shop, id).await.quality, "yellow");
}

#[tokio::test]
async fn a_pause_by_pacing_is_ended_and_one_for_quality_is_not() {
    let shop = shop().await;
    let id = decided(&shop, "APPROVED").await;
    let pause = |title: Option<&str>| TemplateChange {
        name: "offer".into(),
        language: "en".into(),
        status: Some("PAUSED".into()),
        title: title.map(str::to_owned),
        ..TemplateChange::default()
    };
    let end = async || unpause(&shop.ctx, shop.workspace, ME, id).await;
    assert!(matches!(end().await, Err(TemplateError::Conflict(_))));
    assert!(
        shop.providers
            .change_template(ACCOUNT, &pause(Some("FIRST_PAUSE")))
    );
    sync(&shop).await;
    assert!(matches!(end().await, Err(TemplateError::Refused(why)) if why.contains("quality")));
    assert!(shop.providers.change_template(ACCOUNT, &pause(None)));
    end().await.unwrap();
    shop.drain().await;
    assert_eq!(look(&shop, id).await.status, TemplateStatus::Approved);
}

#[tokio::test]
async fn what_changes_at_meta_and_what_meta_announces_is_learnt() {
    let shop = shop().await;
    let id = decided(&shop, "APPROVED").await;
    let told = json!({"previous_category": "MARKETING", "new_category": "MARKETING", "correct_category": "UTILITY"});
    event(&shop, told).await;
    let there = look(&shop, id).await;
    assert_eq!(there.category, Category::Marketing);
    assert_eq!(there.next_category, Some(Category::Utility));
    // Somebody writes another text in WhatsApp Manager.
    shop.providers.add_template(
        ACCOUNT,
        kazi_simulators::Template {
            name: "offer".into(),
            language: "en".into(),
            category: "MARKETING".into(),
            body: "Coffee.".into(),
            status: "APPROVED".into(),
            ..kazi_simulators::Template::default()
        },
    );
    event(&shop, json!({"message_template_element": "Coffee."})).await;
    let there = look(&shop, id).await;
    assert_eq!(there.body, "Coffee.");
    assert!(there.draft.is_none(), "the draft is of another text");
}

#[tokio::test]
async fn an_authentication_template_gets_metas_texts() {
    let shop = shop().await;
    let new: NewDraft = serde_json::from_value(json!({
        "channel_id": shop.whatsapp, "name": "code", "language": "en", "category": "authentication",
        "add_security_recommendation": true, "code_expiration_minutes": 5, "message_send_ttl_seconds": 300,
        "buttons": [{"type": "one_time_password", "otp_type": "copy_code", "text": "Copy"}],
    }))
    .unwrap();
    let mut work = shop.work().await;
    let made = create(&mut work, &new).await.unwrap();
    submit(&mut work, &made).await.unwrap();
    work.commit().await.unwrap();
    shop.drain().await;
    sync(&shop).await;
    let there = look(&shop, made.id).await;
    assert!(there.body.starts_with("*{{1}}* is your"), "{}", there.body);
    assert_eq!(
        there.components[1]["text"],
        "This code expires in 5 minutes."
    );
    let asked = &shop.sent(Service::WhatsApp)[0].body;
    assert_eq!(asked["message_send_ttl_seconds"], 300);
}
