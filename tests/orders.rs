//! Products, carts and orders over real HTTP: by members, and by customers for themselves.

use kazi_jobs::Role;
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    caller::{Caller, invalid, ok, refused},
    support::{App, LONG, business},
};

const PRODUCTS: &str = "/api/v1/products";
const ORDERS: &str = "/api/v1/orders";
const CART: &str = "/api/v1/customer/cart";
const OWN: &str = "/api/v1/customer/orders";

impl Caller<'_> {
    /// The product that every business has: three packs of coffee at 12.50 USD.
    pub async fn coffee(&self) -> String {
        let found = self.show(&format!("{PRODUCTS}?sku=COF")).await;
        text(&found["items"][0]["id"])
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

fn tea() -> Value {
    json!({"sku": "TEA-1", "price_minor": 680, "stock": 20, "image_url": "https://example.com/tea.jpg",
           "texts": {"en": {"name": "Black tea", "description": "From Kericho"}, "fr": {"name": "Thé noir"}}})
}

#[tokio::test]
async fn a_product_is_made_found_changed_and_deleted() {
    let app = App::start().await;
    let me = Caller::new(&app, app.workspace, Role::Admin).await;
    let made = me
        .post(PRODUCTS, &tea())
        .header("idempotency-key", "1")
        .send()
        .await
        .unwrap();
    assert_eq!(made.status(), 201);
    let (path, tag) = (
        made.headers()["location"].to_str().unwrap().to_owned(),
        made.headers()["etag"].clone(),
    );
    let made: Value = made.json().await.unwrap();
    assert_eq!(
        (&made["currency"], &made["low_stock_at"]),
        (&json!("USD"), &json!(10))
    );
    let again = ok(me.post(PRODUCTS, &tea()).header("idempotency-key", "1")).await;
    assert_eq!(again, made);
    let taken = refused(me.post(PRODUCTS, &tea()), 409, "already_exists").await;
    assert_eq!(taken["errors"][0]["pointer"], "/sku");

    for found in [
        me.show(&format!("{PRODUCTS}/search?q=noir&language=fr"))
            .await,
        me.show(&format!("{PRODUCTS}?low_stock=false&active=true&sku=TEA-1"))
            .await,
    ] {
        assert_eq!(found["items"], json!([made]), "{found}");
    }
    let first = me.show(&format!("{PRODUCTS}?limit=1")).await;
    let cursor = text(&first["next_cursor"]);
    let second = me
        .show(&format!("{PRODUCTS}?limit=1&cursor={cursor}"))
        .await;
    assert_eq!(
        (&first["items"][0]["sku"], &second["items"][0]["sku"]),
        (&json!("TEA-1"), &json!("COF"))
    );

    let patch = |body: Value| me.call(Method::PATCH, &path).json(&body);
    // Selling and counting are no edits: who edits is not in the way of who sells.
    let stocked = ok(me.post(
        &format!("{path}/stock"),
        &json!({"change": -15, "reason": "counted"}),
    ))
    .await;
    assert_eq!(stocked["stock"], 5);
    let body = json!({"price_minor": 700, "image_url": null, "texts": {"en": {"name": "Tea"}}});
    let changed = ok(patch(body).header("if-match", &tag)).await;
    assert_eq!(
        (&changed["price_minor"], &changed["image_url"]),
        (&json!(700), &Value::Null)
    );
    assert_eq!(
        changed["texts"],
        json!({"en": {"name": "Tea", "description": ""}})
    );
    refused(
        patch(json!({"active": false})).header("if-match", &tag),
        412,
        "changed_meanwhile",
    )
    .await;
    app.until("SELECT count(*) FROM notifications WHERE kind = 'low_stock'")
        .await;
    let few = me.show(&format!("{PRODUCTS}?low_stock=true")).await;
    assert_eq!(few["items"][0]["sku"], "TEA-1");

    let gone = me.call(Method::DELETE, &path).send().await.unwrap();
    assert_eq!(gone.status(), 204);
    refused(me.call(Method::GET, &path), 404, "not_found").await;
    assert_eq!(
        me.show(&format!("{PRODUCTS}/search?q=tea")).await["items"],
        json!([])
    );
    ok(me.post(PRODUCTS, &tea())).await;
    let said = "SELECT count(DISTINCT action) FROM audit_log WHERE subject_kind = 'product'";
    assert_eq!(app.count(said).await, 4);
}

#[tokio::test]
async fn what_is_wrong_with_a_product_is_told_by_its_field() {
    let app = App::start().await;
    let me = Caller::new(&app, app.workspace, Role::Owner).await;
    let other = business(app.db(), "Other").await;
    let other = Caller::new(&app, other, Role::Owner).await;
    let theirs = other.post(
        "/api/v1/categories",
        &json!({"slug": "x", "titles": {"en": "X"}}),
    );
    let theirs = text(&ok(theirs).await["id"]);
    let long = "x".repeat(4_001);
    for (field, value, pointer) in [
        ("sku", json!("a b"), "/sku"),
        ("sku", json!(""), "/sku"),
        ("price_minor", json!(-1), "/price_minor"),
        ("price_minor", json!(100_000_000), "/price_minor"),
        ("price_minor", json!(1.5), "/price_minor"),
        ("currency", json!("dollars"), "/currency"),
        ("image_url", json!("http://example.com/x.jpg"), "/image_url"),
        ("image_url", json!("javascript:alert(1)"), "/image_url"),
        ("image_url", json!("https://127.0.0.1/x.jpg"), "/image_url"),
        ("image_url", json!("https://a@example.com/x"), "/image_url"),
        ("stock", json!(-1), "/stock"),
        ("low_stock_at", json!(-1), "/low_stock_at"),
        ("texts", json!({}), "/texts"),
        ("texts", json!({"xx": {"name": "X"}}), "/texts/xx"),
        ("texts", json!({"en": {"name": " "}}), "/texts/en/name"),
        (
            "texts",
            json!({"en": {"name": "X", "description": long}}),
            "/texts/en/description",
        ),
        ("category_id", json!(theirs), "/category_id"),
    ] {
        let mut body = tea();
        body[field] = value;
        invalid(me.post(PRODUCTS, &body), pointer).await;
    }
    let coffee = me.coffee().await;
    let stock = format!("{PRODUCTS}/{coffee}/stock");
    for change in [0, -4, 1_000_000_000] {
        invalid(me.post(&stock, &json!({"change": change})), "/change").await;
    }
    for query in ["limit=0", "limit=51", "language=xx"] {
        let path = format!("{PRODUCTS}/search?q=x&{query}");
        refused(me.call(Method::GET, &path), 422, "invalid").await;
    }
    refused(
        other.call(Method::GET, &format!("{PRODUCTS}/{coffee}")),
        404,
        "not_found",
    )
    .await;
    refused(other.post(&stock, &json!({"change": 1})), 404, "not_found").await;
    let agent = Caller::new(&app, app.workspace, Role::Agent).await;
    refused(agent.post(PRODUCTS, &tea()), 403, "forbidden").await;
}

#[tokio::test]
async fn a_customer_fills_a_cart_and_orders_it_once() {
    let app = App::till().await;
    let agent = Caller::new(&app, app.workspace, Role::Agent).await;
    let coffee = agent.coffee().await;
    let amina = agent.contact("+254712345678").await;
    let me = Caller::customer(&app, &amina).await;
    let other = agent.contact("+254712345679").await;
    let other = Caller::customer(&app, &other).await;
    assert_eq!(me.show(CART).await["items"], json!([]));
    let wanted = json!({"product_id": coffee, "quantity": 1});
    ok(me.post(&format!("{CART}/items"), &wanted)).await;
    let item = format!("{CART}/items/{coffee}");
    let cart = ok(me.put(&item, &json!({"quantity": 2}))).await;
    assert_eq!(
        (&cart["total_minor"], &cart["items"][0]["name"]),
        (&json!(2_500), &json!("Kenyan coffee"))
    );
    for quantity in [0, -1, 1_000, 1_000_000_000] {
        invalid(me.put(&item, &json!({"quantity": quantity})), "/quantity").await;
    }
    refused(me.put(&item, &json!({"quantity": 4})), 409, "out_of_stock").await;
    let unknown = format!("{CART}/items/prd_{}", Uuid::now_v7().simple());
    refused(
        me.put(&unknown, &json!({"quantity": 1})),
        409,
        "product_unavailable",
    )
    .await;

    let agreed = |version: i64, total: i64| json!({"cart_id": cart["id"], "version": version, "total_minor": total});
    let version = cart["version"].as_i64().unwrap();
    refused(
        me.post(OWN, &agreed(version - 1, 2_500)),
        409,
        "cart_changed",
    )
    .await;
    refused(me.post(OWN, &agreed(version, 1)), 409, "cart_changed").await;
    refused(other.post(OWN, &agreed(version, 2_500)), 404, "not_found").await;
    let long = "x".repeat(501);
    let mut noted = agreed(version, 2_500);
    noted["note"] = json!(long);
    invalid(me.post(OWN, &noted), "/note").await;

    let clicks = (0..5).map(|_| me.post(OWN, &agreed(version, 2_500)).send());
    let mut statuses = Vec::new();
    let mut ids = Vec::new();
    for answer in futures_util::future::join_all(clicks).await {
        let answer = answer.unwrap();
        statuses.push(answer.status().as_u16());
        ids.push(text(&answer.json::<Value>().await.unwrap()["id"]));
    }
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 200, 200, 200, 201]);
    ids.dedup();
    let [id] = &ids[..] else {
        panic!("several orders: {ids:?}")
    };
    let order = me.show(&format!("{OWN}/{id}")).await;
    assert_eq!(
        (&order["number"], &order["status"]),
        (&json!(1), &json!("pending_payment"))
    );
    assert_eq!(me.show(OWN).await["items"][0]["id"], *id);
    assert_eq!(app.count("SELECT stock::bigint FROM products").await, 1);
    for path in [format!("{OWN}/{id}"), format!("{OWN}/{id}/cancel")] {
        let method = if path.ends_with("cancel") {
            Method::POST
        } else {
            Method::GET
        };
        refused(other.call(method, &path), 404, "not_found").await;
    }
    let carts = agent.show("/api/v1/carts?status=ordered").await;
    assert_eq!(carts["items"][0]["id"], cart["id"]);
    let closed = format!("/api/v1/carts/{}/items/{coffee}", text(&cart["id"]));
    refused(
        agent.put(&closed, &json!({"quantity": 1})),
        409,
        "cart_changed",
    )
    .await;

    let gone = ok(me.call(Method::POST, &format!("{OWN}/{id}/cancel"))).await;
    assert_eq!(gone["status"], "cancelled");
    assert_eq!(app.count("SELECT stock::bigint FROM products").await, 3);
}

#[tokio::test]
async fn a_member_orders_for_a_contact_and_brings_it_to_them() {
    let app = App::till().await;
    let me = Caller::new(&app, app.workspace, Role::Agent).await;
    let phone = app.phone("254712345678").named("Amina");
    phone.say("Hello").await;
    app.until("SELECT count(*) FROM contacts").await;
    let contacts = me.show("/api/v1/contacts").await;
    let (amina, coffee) = (text(&contacts["items"][0]["id"]), me.coffee().await);
    let line = json!({"product_id": coffee, "quantity": 2});
    let body = json!({"contact_id": amina, "items": [line], "note": "Ring twice"});
    let placed = ok(me.post(ORDERS, &body).header("idempotency-key", "1")).await;
    let again = ok(me.post(ORDERS, &body).header("idempotency-key", "1")).await;
    assert_eq!(placed["id"], again["id"]);
    let short = refused(me.post(ORDERS, &body), 409, "out_of_stock").await;
    assert_eq!(
        short["errors"][0],
        json!({"pointer": "/items/0/quantity", "code": "out_of_stock", "detail": "there are only 1"})
    );
    let path = format!("{ORDERS}/{}", text(&placed["id"]));
    for step in ["fulfil", "deliver"] {
        refused(
            me.call(Method::POST, &format!("{path}/{step}")),
            409,
            "wrong_state",
        )
        .await;
    }
    // As a payment that has come leaves it.
    app.change("UPDATE orders SET status = 'paid', paid_at = now()")
        .await;
    refused(
        me.call(Method::POST, &format!("{path}/cancel")),
        409,
        "wrong_state",
    )
    .await;
    let ship = format!("{path}/ship");
    for url in ["ftp://x", "https://192.168.0.7/1", "https://a:b@g4s.test/1"] {
        invalid(
            me.post(&ship, &json!({"tracking_url": url})),
            "/tracking_url",
        )
        .await;
    }
    let parcel = json!({"carrier": "G4S", "tracking_number": "KE1"});
    let shipped = ok(me.post(&ship, &parcel)).await;
    assert_eq!(shipped["shipments"][0]["carrier"], "G4S");
    let told = |word: &'static str| {
        let phone = &phone;
        async move {
            let lines = phone.wait_for(LONG, |lines| {
                lines.iter().any(|line| line.text.contains(word))
            });
            assert!(lines.await.is_some(), "never told: {word}");
        }
    };
    told("on its way. G4S · KE1").await;
    let track = format!("{path}/shipments/{}", text(&shipped["shipments"][0]["id"]));
    let long = json!({"carrier": "x".repeat(101)});
    invalid(me.put(&track, &long), "/carrier").await;
    let corrected = json!({"carrier": "G4S", "tracking_number": "KE2"});
    for _ in 0..2 {
        let now = ok(me.put(&track, &corrected)).await;
        assert_eq!(now["shipments"][0]["tracking_number"], "KE2");
    }
    told("has new tracking. G4S · KE2").await;
    let unknown = format!("{path}/shipments/shp_{}", Uuid::now_v7().simple());
    refused(me.put(&unknown, &corrected), 404, "not_found").await;
    let there = ok(me.call(Method::POST, &format!("{path}/deliver"))).await;
    assert_eq!(there["status"], "delivered");
    told("has arrived").await;
    let found = me
        .show(&format!(
            "{ORDERS}?status=delivered&contact_id={amina}&number=1"
        ))
        .await;
    assert_eq!(found["items"][0]["id"], placed["id"]);
    assert_eq!(
        me.show(&format!("{ORDERS}?status=paid")).await["items"],
        json!([])
    );
}

#[tokio::test]
async fn a_member_orders_the_cart_of_a_contact_once_and_as_it_was_seen() {
    let app = App::till().await;
    let me = Caller::new(&app, app.workspace, Role::Agent).await;
    let amina = me.contact("+254712345678").await;
    let cart = ok(me.post("/api/v1/carts", &json!({"contact_id": amina}))).await;
    let path = format!("/api/v1/carts/{}", text(&cart["id"]));
    let order = format!("{path}/order");
    let empty = json!({"version": cart["version"], "total_minor": 0});
    refused(me.post(&order, &empty), 409, "cart_empty").await;
    let item = format!("{path}/items/{}", me.coffee().await);
    let filled = ok(me.put(&item, &json!({"quantity": 2}))).await;
    refused(me.post(&order, &empty), 409, "cart_changed").await;
    let mut seen =
        json!({"version": filled["version"], "total_minor": 2_500, "note": "x".repeat(501)});
    invalid(me.post(&order, &seen), "/note").await;
    seen["note"] = json!("Ring twice");
    let viewer = Caller::new(&app, app.workspace, Role::Viewer).await;
    refused(viewer.post(&order, &seen), 403, "forbidden").await;
    let placed = ok(me.post(&order, &seen)).await;
    assert_eq!(
        (
            &placed["contact_id"],
            &placed["note"],
            &placed["total_minor"]
        ),
        (&json!(amina), &json!("Ring twice"), &json!(2_500))
    );
    assert_eq!(ok(me.post(&order, &seen)).await["id"], placed["id"]);
    assert_eq!(me.show(&path).await["status"], "ordered");
}

#[tokio::test]
async fn nobody_orders_with_what_is_another_business_or_not_an_order() {
    let app = App::till().await;
    let me = Caller::new(&app, app.workspace, Role::Owner).await;
    let other = business(app.db(), "Other").await;
    let other = Caller::new(&app, other, Role::Owner).await;
    let (mine, theirs) = (me.coffee().await, other.coffee().await);
    let amina = me.contact("+254712345678").await;
    let stranger = other.contact("+254712345678").await;
    let body = |contact: &str, items: Value| json!({"contact_id": contact, "items": items});
    let line = |product: &str, quantity: i64| json!({"product_id": product, "quantity": quantity});
    let place = |contact: &str, items: Value| me.post(ORDERS, &body(contact, items));
    refused(
        place(&amina, json!([line(&theirs, 1)])),
        409,
        "product_unavailable",
    )
    .await;
    invalid(place(&stranger, json!([line(&mine, 1)])), "/contact_id").await;
    invalid(place(&amina, json!([])), "/items").await;
    invalid(place(&amina, json!([line(&mine, 0)])), "/items/0/quantity").await;
    invalid(
        place(&amina, json!([line(&mine, 10_000_000_000)])),
        "/items/0/quantity",
    )
    .await;
    invalid(
        place(&amina, json!([line(&mine, 1), line(&mine, 1)])),
        "/items/1/product_id",
    )
    .await;
    let many: Vec<Value> = (0..51).map(|_| line(&mine, 1)).collect();
    invalid(place(&amina, json!(many)), "/items").await;

    let order = ok(place(&amina, json!([line(&mine, 1)]))).await;
    let path = format!("{ORDERS}/{}", text(&order["id"]));
    refused(other.call(Method::GET, &path), 404, "not_found").await;
    for step in ["cancel", "fulfil", "deliver"] {
        refused(
            other.call(Method::POST, &format!("{path}/{step}")),
            404,
            "not_found",
        )
        .await;
    }
    refused(
        other.post(&format!("{path}/ship"), &json!({})),
        404,
        "not_found",
    )
    .await;
    let cart = ok(me.post("/api/v1/carts", &json!({"contact_id": amina}))).await;
    let cart = format!("/api/v1/carts/{}", text(&cart["id"]));
    refused(other.call(Method::GET, &cart), 404, "not_found").await;
    let item = format!("{cart}/items/{mine}");
    refused(other.put(&item, &json!({"quantity": 1})), 404, "not_found").await;
    let filled = ok(me.put(&item, &json!({"quantity": 1}))).await;
    assert_eq!(filled["total_minor"], 1_250);
    let short = refused(me.put(&item, &json!({"quantity": 3})), 409, "out_of_stock").await;
    assert_eq!(short["errors"][0]["pointer"], "/quantity");
    assert_eq!(ok(me.call(Method::DELETE, &item)).await["items"], json!([]));
    invalid(
        other.post("/api/v1/carts", &json!({"contact_id": amina})),
        "/contact_id",
    )
    .await;
    let viewer = Caller::new(&app, app.workspace, Role::Viewer).await;
    refused(
        viewer.post(ORDERS, &body(&amina, json!([line(&mine, 1)]))),
        403,
        "forbidden",
    )
    .await;
    for query in ["status=x", "number=x", "contact_id=1", "x=1"] {
        refused(
            me.call(Method::GET, &format!("{ORDERS}?{query}")),
            422,
            "invalid",
        )
        .await;
    }
}
