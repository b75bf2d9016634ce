//! The bot's menu, as members edit it and as a customer sees it.

use kazi_jobs::Role;
use serde_json::{Value, json};

use crate::{
    caller::{Caller, ok, refused},
    conversation::{ask, tap},
    support::{App, business},
};

const ITEMS: &str = "/api/v1/menu-items";

fn plans() -> Value {
    json!({"key": "plans", "titles": {"en": "Our plans", "fr": "Nos formules"},
           "descriptions": {"en": "What can be subscribed to"}, "sort_order": 4})
}

#[tokio::test]
async fn an_item_is_made_shown_to_customers_changed_and_deleted() {
    let app = App::start().await;
    let me = Caller::new(&app, app.workspace, Role::Admin).await;
    let made = me.post(ITEMS, &plans()).send().await.unwrap();
    assert_eq!(made.status(), 201);
    let path = made.headers()["location"].to_str().unwrap().to_owned();
    let tag = made.headers()["etag"].clone();
    let made: Value = made.json().await.unwrap();
    assert_eq!(
        (&made["key"], &made["active"]),
        (&json!("plans"), &json!(true))
    );
    assert_eq!(me.show(&path).await, made);
    let taken = refused(me.post(ITEMS, &plans()), 409, "already_exists").await;
    assert_eq!(taken["errors"][0]["pointer"], "/key");

    // The list has the menu's order, page by page.
    let first = me.show(&format!("{ITEMS}?limit=3&active=true")).await;
    assert_eq!(first["items"][0]["key"], "shop");
    let cursor = first["next_cursor"].as_str().unwrap();
    let rest = format!("{ITEMS}?limit=3&active=true&cursor={cursor}");
    assert_eq!(me.show(&rest).await["items"], json!([made]));

    let phone = app.phone("254712345678").named("Amina");
    ask(&phone, "Hello").await;
    tap(&phone, "name").await;
    let menu = tap(&phone, "lang:fr").await;
    let titles: Vec<&str> = menu.rows.iter().map(|row| row.title.as_str()).collect();
    assert_eq!(titles, ["shop", "hours", "agent", "Nos formules"]);

    let hide = json!({"active": false});
    let hidden = ok(me.patch(&path, &hide).header("if-match", &tag)).await;
    assert_eq!(hidden["active"], false);
    let late = me.patch(&path, &hide).header("if-match", &tag);
    refused(late, 412, "changed_meanwhile").await;
    assert_eq!(ask(&phone, "menu").await.buttons.len(), 3);

    assert_eq!(me.delete(&path).send().await.unwrap().status(), 204);
    refused(me.get(&path), 404, "not_found").await;
    let said = "SELECT count(DISTINCT action) FROM audit_log WHERE subject_kind = 'menu_item'";
    assert_eq!(app.count(said).await, 3);
}

#[tokio::test]
async fn what_is_wrong_with_an_item_is_told_by_its_field_and_only_admins_edit() {
    let app = App::start().await;
    let me = Caller::new(&app, app.workspace, Role::Admin).await;
    let long = json!({"key": "Plans", "titles": {"en": "x".repeat(25)}, "descriptions": {"en": "x".repeat(73)}});
    let told = refused(me.post(ITEMS, &long), 422, "invalid").await;
    let pointers: Vec<&Value> = told["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| &error["pointer"])
        .collect();
    assert_eq!(pointers, ["/key", "/titles/en", "/descriptions/en"]);

    // Three are there. Of eight more at the same moment one is too many.
    let new = |number: usize| json!({"key": format!("q{number}"), "titles": {"en": format!("Question {number}")}});
    let calls = (0..8).map(|number| {
        let request = me.post(ITEMS, &new(number));
        tokio::spawn(async move { request.send().await.unwrap().status().as_u16() })
    });
    let mut statuses = Vec::new();
    for call in calls.collect::<Vec<_>>() {
        statuses.push(call.await.unwrap());
    }
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 201, 201, 201, 201, 201, 201, 422]);
    let full = refused(me.post(ITEMS, &new(9)), 422, "invalid").await;
    assert_eq!(full["errors"][0]["pointer"], "/active");
    let mut hidden = new(9);
    hidden["active"] = json!(false);
    let made = ok(me.post(ITEMS, &hidden)).await;
    let path = format!("{ITEMS}/{}", made["id"].as_str().unwrap());
    let shown = refused(me.patch(&path, &json!({"active": true})), 422, "invalid").await;
    assert_eq!(shown["errors"][0]["pointer"], "/active");

    let actions = me.show(&format!("{ITEMS}/actions")).await;
    for key in ["shop", "agent", "language", "plans", "cart"] {
        let known = actions["items"].as_array().unwrap();
        assert!(known.contains(&json!({"key": key})), "{key}: {actions}");
    }
    let agent = Caller::new(&app, app.workspace, Role::Agent).await;
    assert_eq!(agent.show(&path).await, made);
    refused(
        agent.patch(&path, &json!({"sort_order": 1})),
        403,
        "forbidden",
    )
    .await;
    let theirs = business(app.db(), "Other").await;
    let stranger = Caller::new(&app, theirs, Role::Owner).await;
    refused(stranger.get(&path), 404, "not_found").await;
    refused(stranger.delete(&path), 404, "not_found").await;
}
