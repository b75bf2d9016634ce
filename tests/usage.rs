//! Billable use over real HTTP.

use kazi_jobs::Role;
use serde_json::json;

use crate::{
    caller::{Caller, invalid, refused},
    conversation::{ask, tap},
    support::{App, business},
};

const USAGE: &str = "/api/v1/usage";

#[tokio::test]
async fn an_answered_question_costs_five_cents_and_only_admins_see_it() {
    let app = App::start().await;
    let me = Caller::new(&app, app.workspace, Role::Admin).await;
    let phone = app.phone("254712345678").named("Amina");
    ask(&phone, "Hello").await;
    tap(&phone, "name").await;
    tap(&phone, "lang:en").await;
    for _ in 0..2 {
        assert!(ask(&phone, "When do you open?").await.text.contains("8:00"));
    }
    assert!(
        app.cli(&["enqueue", "usage.fold", "{}"])
            .await
            .status
            .success()
    );
    app.until("SELECT count(*) FROM usage_days WHERE quantity = 2")
        .await;
    let month = me.show(USAGE).await;
    assert_eq!(
        (
            &month["questions"],
            &month["pushes"],
            &month["amount_micro"]
        ),
        (&json!(2), &json!(0), &json!(100_000)),
        "{month}"
    );
    let item = &month["items"][0];
    assert_eq!(
        (
            &item["kind"],
            &item["quantity"],
            &item["price_micro"],
            &item["amount_micro"]
        ),
        (
            &json!("question"),
            &json!(2),
            &json!(50_000),
            &json!(100_000)
        )
    );
    let months = me.show(&format!("{USAGE}/months")).await;
    assert_eq!(months["items"][0]["month"], month["month"]);
    assert_eq!(months["items"][0]["amount_micro"], 100_000);
    let empty = me.show(&format!("{USAGE}?month=2020-01")).await;
    assert_eq!(
        (&empty["amount_micro"], &empty["items"]),
        (&json!(0), &json!([]))
    );
    for wrong in ["2026-13", "2026", "soon"] {
        invalid(me.get(&format!("{USAGE}?month={wrong}")), "/month").await;
    }
    let agent = Caller::new(&app, app.workspace, Role::Agent).await;
    for path in [USAGE.to_owned(), format!("{USAGE}/months")] {
        refused(agent.get(&path), 403, "forbidden").await;
    }
    let theirs = business(app.db(), "Other").await;
    let stranger = Caller::new(&app, theirs, Role::Owner).await;
    assert_eq!(stranger.show(USAGE).await["items"], json!([]));
}
