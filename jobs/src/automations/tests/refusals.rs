//! Templates that Meta pauses, approves and calls marketing in the middle.

use kazi_clients::whatsapp::Reaction;

use super::*;
use crate::{messages, staff};

/// Meta's word, while the messages stay queued.
async fn hears_of_template(shop: &Shop, word: &str) {
    shop.meta_says(ACCOUNT, word).await;
    drain_of(shop, &templates::DOMAIN).await;
    drain_of(shop, &DOMAIN).await;
}

async fn reasons(shop: &Shop, id: AutomationId) -> Vec<(String, Option<String>)> {
    let all = all_enrolments(shop, id).await.into_iter();
    let mut all: Vec<_> = all.map(|one| (one.status, one.reason)).collect();
    all.sort();
    all
}

#[tokio::test]
async fn what_has_not_left_of_a_paused_template_waits_and_is_sent_once_when_it_is_approved() {
    let shop = shop(3).await;
    let id = active(&shop, &new(daily(&shop), &[send(&shop, "greet", "offer")])).await;
    look_alone(&shop, id).await;
    assert_eq!(counted(&shop, id).await.finished, 3);
    hears_of_template(&shop, "PAUSED").await;
    let automation = shown(&shop, id).await;
    assert_eq!(automation.reason.as_deref(), Some("no_template"));
    let figures = counted(&shop, id).await;
    assert_eq!((figures.active, figures.steps[0].messages), (3, 0));
    shop.after(HOUR).await;
    assert!(reached(&shop).is_empty());
    meta_says(&shop, "APPROVED").await;
    once_each(&shop, 3);
    assert_eq!(counted(&shop, id).await.finished, 3);
}

#[tokio::test]
async fn a_contact_waits_whose_language_is_paused_and_others_get_theirs() {
    let shop = shop(2).await;
    template_in(
        &shop,
        ("offer", "fr"),
        Category::Marketing,
        "Bonjour {{1}} !",
    )
    .await;
    let french = format!(
        "UPDATE contacts SET language = 'fr' WHERE phone = '+{}'",
        phone(1)
    );
    change(&shop, &french).await;
    let id = active(&shop, &new(daily(&shop), &[send(&shop, "greet", "offer")])).await;
    look_alone(&shop, id).await;
    hears_of_template(&shop, "PAUSED").await;
    shop.drain().await;
    assert_eq!(shown(&shop, id).await.status, AutomationStatus::Active);
    assert_eq!(reached(&shop), [(phone(1), "offer".to_owned())]);
    let waits = ("active".to_owned(), Some("no_template".to_owned()));
    assert_eq!(
        reasons(&shop, id).await,
        [waits, ("finished".to_owned(), None)]
    );
    meta_says(&shop, "APPROVED").await;
    once_each(&shop, 2);
    assert_eq!(counted(&shop, id).await.finished, 2);
}

#[tokio::test]
async fn a_template_that_becomes_marketing_goes_to_nobody_who_wants_no_offers() {
    let shop = shop(2).await;
    template_in(
        &shop,
        ("offer", "en"),
        Category::Utility,
        "Hello {{1}}, tea is cheaper today.",
    )
    .await;
    let id = active(&shop, &new(daily(&shop), &[send(&shop, "greet", "offer")])).await;
    let mut work = shop.work().await;
    let refuses = contacts::audience(&mut work, &contacts::Audience::default(), None, 1).await;
    let refuses = refuses.unwrap()[0].id;
    contacts::set_consent(&mut work, refuses, false, "keyword")
        .await
        .unwrap();
    work.commit().await.unwrap();
    look_alone(&shop, id).await;
    assert_eq!(counted(&shop, id).await.steps[0].messages, 2);
    let payload = json!({"message_template_id": 7, "message_template_name": "offer",
        "message_template_language": "en", "previous_category": "UTILITY", "new_category": "MARKETING"});
    shop.record(ChannelKind::WhatsApp, EventKind::Other, "", payload)
        .await;
    drain_of(&shop, &templates::DOMAIN).await;
    shop.drain().await;
    once_each(&shop, 1);
    let figures = counted(&shop, id).await;
    assert_eq!(figures.failed.reasons.get("opted_out"), Some(&1));
}

#[tokio::test]
async fn a_template_of_another_account_changes_nothing() {
    let shop = shop(1).await;
    let id = active(&shop, &new(daily(&shop), &[send(&shop, "greet", "offer")])).await;
    let of_another = |status| Template {
        id: TemplateId::new(),
        account: "2".into(),
        name: "offer".into(),
        language: "en".into(),
        category: Category::Marketing,
        status,
        body: "Hello".into(),
        components: json!([]),
        paused_until: None,
    };
    look_alone(&shop, id).await;
    let mut work = shop.work().await;
    template_changed(&mut work, &of_another(TemplateStatus::Paused))
        .await
        .unwrap();
    work.commit().await.unwrap();
    assert_eq!(counted(&shop, id).await.steps[0].messages, 1);
    hears_of_template(&shop, "PAUSED").await;
    assert_eq!(shown(&shop, id).await.status, AutomationStatus::Paused);
    let mut work = shop.work().await;
    template_changed(&mut work, &of_another(TemplateStatus::Approved))
        .await
        .unwrap();
    work.commit().await.unwrap();
    assert_eq!(shown(&shop, id).await.status, AutomationStatus::Paused);
}

#[tokio::test]
async fn a_step_that_finds_its_template_approved_meanwhile_pauses_nothing() {
    let shop = shop(1).await;
    let id = active(&shop, &new(daily(&shop), &[send(&shop, "greet", "offer")])).await;
    look_alone(&shop, id).await;
    let enrolment = all_enrolments(&shop, id).await.remove(0);
    let step = DoStep {
        workspace: shop.workspace,
        automation: id,
        enrolment: enrolment.id,
        position: 0,
    };
    let definition = shown(&shop, id).await.definition();
    let said = step
        .stuck(&shop.ctx, &definition, ("no_template", "no template"))
        .await;
    assert!(matches!(said, Err(kazi_queue::JobError::Snooze { .. })));
    assert_eq!(shown(&shop, id).await.status, AutomationStatus::Active);
}

#[tokio::test]
async fn a_refusal_of_the_template_pauses_unless_it_is_old_or_of_an_earlier_revision() {
    let shop = shop(1).await;
    let id = active(&shop, &new(daily(&shop), &[send(&shop, "greet", "offer")])).await;
    look_alone(&shop, id).await;
    let mut work = shop.work().await;
    let enrolment = all_enrolments(&shop, id).await.remove(0);
    let message = steps_of(&mut work, enrolment.id)
        .await
        .unwrap()
        .remove(0)
        .message_id
        .unwrap();
    let step = store::steps::ids(&mut work, id).await.unwrap().remove(0).1;
    let refusal = |asked_at| messages::Refused {
        contact: ContactId::new(),
        message,
        reaction: Reaction::TemplatePaused,
        words: "Meta has paused it",
        asked_at,
    };
    let approved_at = shop.now() - TimeDelta::hours(2);
    change(
        &shop,
        &format!(
            "UPDATE templates SET updated_at = '{}'",
            approved_at.to_rfc3339()
        ),
    )
    .await;
    let before = approved_at - TimeDelta::seconds(1);
    assert!(!refused(&mut work, step, &refusal(before)).await.unwrap());
    assert!(
        refused(&mut work, step, &refusal(shop.now()))
            .await
            .unwrap()
    );
    work.rollback().await.unwrap();
    let other = new(daily(&shop), &[tag("mark", "tea")]);
    act!(shop, id, update, &other).unwrap();
    let mut work = shop.work().await;
    assert!(
        !refused(&mut work, step, &refusal(shop.now()))
            .await
            .unwrap()
    );
}

#[tokio::test]
async fn an_earlier_revision_waits_for_its_template_or_ends_and_pauses_nothing() {
    let shop = shop(1).await;
    template(&shop, "other", "Dear {{1}}, hello.").await;
    let steps = |last: &str| [wait("wait", 60), send(&shop, "greet", last)];
    let id = active(&shop, &new(daily(&shop), &steps("offer"))).await;
    look(&shop, id).await;
    act!(shop, id, update, &new(daily(&shop), &steps("other"))).unwrap();
    meta_says(&shop, "PAUSED").await;
    shop.after(HOUR).await;
    assert_eq!(shown(&shop, id).await.status, AutomationStatus::Active);
    let waits = ("active".to_owned(), Some("no_template".to_owned()));
    assert_eq!(reasons(&shop, id).await, [waits]);
    meta_says(&shop, "APPROVED").await;
    assert_eq!(reached(&shop), [(phone(0), "offer".to_owned())]);

    // And one that is gone for good.
    let id = active(&shop, &new(daily(&shop), &steps("offer"))).await;
    look(&shop, id).await;
    act!(shop, id, update, &new(daily(&shop), &steps("other"))).unwrap();
    meta_says(&shop, "DISABLED").await;
    shop.after(HOUR).await;
    assert_eq!(shown(&shop, id).await.status, AutomationStatus::Active);
    let figures = counted(&shop, id).await;
    assert_eq!(figures.failed.reasons.get("no_template"), Some(&1));
}

#[tokio::test]
async fn a_suspended_workspace_sends_nothing_and_goes_on_afterwards() {
    let shop = shop(1).await;
    let steps = [wait("wait", 60), send(&shop, "greet", "offer")];
    let id = active(&shop, &new(daily(&shop), &steps)).await;
    look(&shop, id).await;
    let mut work = shop.work().await;
    staff::suspend(&mut work, "unpaid").await.unwrap();
    work.commit().await.unwrap();
    shop.after(HOUR).await;
    // The next look comes into the suspension too.
    shop.after(DAY).await;
    find(&shop).await;
    shop.drain().await;
    assert_eq!(shown(&shop, id).await.status, AutomationStatus::Active);
    assert_eq!(
        (reached(&shop).len(), counted(&shop, id).await.entered),
        (0, 1)
    );
    let mut work = shop.work().await;
    staff::reactivate(&mut work).await.unwrap();
    work.commit().await.unwrap();
    shop.ctx.channels().clear();
    shop.after(HOUR).await;
    assert_eq!(reached(&shop), [(phone(0), "offer".to_owned())]);
    assert_eq!(counted(&shop, id).await.entered, 2);
}
