//! Invoices over HTTP: from the money to the file on the phone, back to the credit note, and everything that a member may write
//! wrongly.

use kazi_jobs::Role;
use kazi_simulators::Line;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::{
    caller::{Caller, invalid_by, ok, refused},
    conversation::{ask, tap},
    payments::Till,
    support::{App, LONG, business},
};

const INVOICES: &str = "/api/v1/invoices";
const SETTINGS: &str = "/api/v1/invoices/settings";

fn on() -> Value {
    json!({"invoices": true, "seller_name": "Zuri Coffee Ltd", "seller_address": "Moi Avenue 12\nNairobi",
           "tax_number": "PIN P051234567X", "footer": "Thank you."})
}

/// The names of the documents among the lines.
fn files(lines: &[Line]) -> Vec<String> {
    let files = lines.iter().filter_map(|line| line.file.as_ref());
    files.filter_map(|file| file.name.clone()).collect()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_sale_is_paid_invoiced_on_the_phone_and_its_refunds_are_credited() {
    let till = Till::open().await;
    let app = &till.app;
    let me = Caller::new(app, app.workspace, Role::Owner).await;
    ok(me.put(SETTINGS, &on())).await;
    let phone = app.phone("254712345678").named("Amina");
    ask(&phone, "Hello").await;
    tap(&phone, "name").await;
    tap(&phone, "lang:en").await;
    let contact = text(&me.show("/api/v1/contacts").await["items"][0]["id"]);
    let new =
        json!({"contact_id": contact, "items": [{"product_id": me.coffee().await, "quantity": 2}]});
    let order = ok(me.post("/api/v1/orders", &new)).await;
    let asked = phone
        .wait_for(LONG, |lines| {
            lines.iter().any(|line| line.text.contains("http"))
        })
        .await
        .expect("no link came");
    let link = asked
        .iter()
        .rfind(|line| line.text.contains("http"))
        .unwrap();
    let link = &link.text[link.text.find("http").unwrap()..];
    let paid = app.http.post(format!("{link}/pay")).send().await.unwrap();
    assert_eq!(paid.status(), StatusCode::SEE_OTHER);
    let lines = phone
        .wait_for(LONG, |lines| files(lines).len() == 1)
        .await
        .expect("no invoice came");
    let found = me
        .show(&format!("{INVOICES}?order_id={}", text(&order["id"])))
        .await;
    let invoice = &found["items"][0];
    assert_eq!(
        (&invoice["total_minor"], &invoice["buyer_name"]),
        (&json!(2_500), &json!("Amina"))
    );
    let number = text(&invoice["number"]);
    assert_eq!(files(&lines), [format!("{number}.pdf")]);
    let of_invoice = format!("{INVOICES}/{}", text(&invoice["id"]));
    assert_eq!(me.show(&of_invoice).await["number"], invoice["number"]);
    let file = me.get(&format!("{of_invoice}/file")).send().await.unwrap();
    assert_eq!(file.headers()["content-type"], "application/pdf");
    let named = file.headers()["content-disposition"].to_str().unwrap();
    assert_eq!(named, format!("attachment; filename=\"{number}.pdf\""));
    assert!(file.bytes().await.unwrap().starts_with(b"%PDF-"));

    // A part goes back, then the rest.
    let payment = text(&invoice["payment_id"]);
    let back = format!("/payments/{payment}/refunds");
    for (new, credited) in [
        (
            json!({"reason": "A jar was broken", "amount_minor": 500}),
            "SELECT count(*) FROM invoices WHERE total_minor = 500 AND sent_at IS NOT NULL",
        ),
        (
            json!({"reason": "The other one too"}),
            "SELECT count(*) FROM invoices WHERE total_minor = 2000 AND sent_at IS NOT NULL",
        ),
    ] {
        let (status, _) = till.call(Method::POST, &back, Some(&new)).await;
        assert_eq!(status, StatusCode::ACCEPTED);
        app.until(credited).await;
    }
    phone
        .wait_for(LONG, |lines| files(lines).len() == 3)
        .await
        .expect("no credit notes came");
    let notes = me.show(&format!("{INVOICES}?kind=credit_note")).await;
    let notes = notes["items"].as_array().unwrap();
    assert_eq!(notes.len(), 2);
    assert!(notes.iter().all(|note| note["invoice_id"] == invoice["id"]));

    // The customer has them too, and nobody else's.
    let customer = Caller::customer(app, &contact).await;
    let own = customer.show("/api/v1/customer/invoices").await;
    assert_eq!(own["items"].as_array().unwrap().len(), 3);
    let path = format!("/api/v1/customer/invoices/{}/file", text(&invoice["id"]));
    let file = customer.get(&path).send().await.unwrap();
    assert_eq!(file.status(), StatusCode::OK);
    app.change("UPDATE invoices SET contact_id = gen_random_uuid()")
        .await;
    refused(customer.get(&path), 404, "not_found").await;

    // It is sent once more.
    app.change("UPDATE invoices SET contact_id = (SELECT id FROM contacts LIMIT 1)")
        .await;
    ok(me.post(&format!("{of_invoice}/send"), &json!({}))).await;
    phone
        .wait_for(LONG, |lines| files(lines).len() == 4)
        .await
        .expect("it did not come again");
    let said = "SELECT count(*) FROM audit_log WHERE action IN ('invoices.issue', 'invoices.send', 'invoices.set_settings')";
    assert_eq!(app.count(said).await, 5);
}

#[tokio::test]
async fn what_is_wrong_with_the_settings_is_told_by_its_field() {
    let app = App::start().await;
    let me = Caller::new(&app, app.workspace, Role::Admin).await;
    for (field, value, code) in [
        ("seller_address", json!(" "), "missing"),
        ("seller_address", json!("x\n".repeat(7)), "too_many_lines"),
        ("seller_address", json!("a\u{7}b"), "characters"),
        ("seller_name", json!("x".repeat(201)), "length"),
        ("tax_number", json!("x".repeat(61)), "length"),
        ("footer", json!("x".repeat(501)), "length"),
        ("invoice_series", json!(""), "format"),
        ("invoice_series", json!("INV 1"), "format"),
        ("receipt_series", json!("A1"), "format"),
        ("receipt_series", json!("INV-{year}-"), "taken"),
    ] {
        let mut new = on();
        new[field] = value;
        invalid_by(me.put(SETTINGS, &new), &format!("/{field}"), code).await;
    }
    refused(
        me.post(
            INVOICES,
            &json!({"order_id": "ord_0190a5b2c3d4e5f60718293a4b5c6d7e"}),
        ),
        409,
        "invoices_off",
    )
    .await;
    let first = ok(me.put(SETTINGS, &on())).await;
    assert_eq!(first["invoice_series"], "INV-{year}-");
    refused(
        me.post(
            INVOICES,
            &json!({"order_id": "ord_0190a5b2c3d4e5f60718293a4b5c6d7e"}),
        ),
        404,
        "not_found",
    )
    .await;
    // The settings of an older page.
    let stale = me.put(SETTINGS, &on()).header("if-match", "\"1\"");
    refused(stale, 412, "changed_meanwhile").await;
}

#[tokio::test]
async fn roles_and_workspaces_see_what_is_theirs() {
    let app = App::start().await;
    let viewer = Caller::new(&app, app.workspace, Role::Viewer).await;
    let agent = Caller::new(&app, app.workspace, Role::Agent).await;
    viewer.show(INVOICES).await;
    viewer.show(SETTINGS).await;
    refused(agent.put(SETTINGS, &on()), 403, "forbidden").await;
    let order = json!({"order_id": "ord_0190a5b2c3d4e5f60718293a4b5c6d7e"});
    refused(viewer.post(INVOICES, &order), 403, "forbidden").await;
    let id = "ivc_0190a5b2c3d4e5f60718293a4b5c6d7e";
    for path in [format!("{INVOICES}/{id}"), format!("{INVOICES}/{id}/file")] {
        refused(viewer.get(&path), 404, "not_found").await;
    }
    app.change(
        "INSERT INTO invoices (workspace_id, id, kind, number, series, serial, subject_kind, subject_id, cause_id, contact_id,
                               language, currency, total_minor, issued_on, created_at, paper, buyer, buyer_name)
         SELECT id, '0190a5b2-c3d4-e5f6-0718-293a4b5c6d7e', 'invoice', 'INV-1', 'INV-', 1, 'order', gen_random_uuid(),
                gen_random_uuid(), gen_random_uuid(), 'en', 'USD', 1, current_date, now(), '{}', '{}', 'Amina'
         FROM workspaces",
    )
    .await;
    for (query, there) in [
        ("q=inv-", 1),
        ("q=min", 1),
        ("q=other", 0),
        ("kind=receipt", 0),
        ("from=2020-01-01", 1),
        ("until=2020-01-01", 0),
    ] {
        let found = viewer.show(&format!("{INVOICES}?{query}")).await;
        assert_eq!(found["items"].as_array().unwrap().len(), there, "{query}");
    }
    let long = format!("{INVOICES}?q={}", "x".repeat(101));
    refused(viewer.get(&long), 422, "invalid").await;
    let other = business(app.db(), "Other").await;
    let other = Caller::new(&app, other, Role::Owner).await;
    assert_eq!(other.show(INVOICES).await["items"], json!([]));
    refused(
        other.get(&format!("{INVOICES}/{id}/file")),
        404,
        "not_found",
    )
    .await;
}
