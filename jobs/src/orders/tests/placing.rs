//! Putting into carts, and ordering: also by many at once, and with what cannot be.

use super::*;

fn rules(error: &OrderError) -> (String, &'static str) {
    match error {
        OrderError::Invalid(invalid) | OrderError::NotPayable(invalid) => {
            (invalid.0[0].pointer.clone(), invalid.0[0].code)
        }
        other => panic!("{other}"),
    }
}

async fn put(
    shop: &Shop,
    contact: ContactId,
    sku: &str,
    quantity: i32,
) -> Result<CartView, OrderError> {
    let wanted = Wanted {
        product_id: product(shop, sku).await,
        quantity,
    };
    within!(
        shop,
        work,
        set_quantity(&mut work, contact, wanted, None).await
    )
}

async fn order_it(shop: &Shop, cart: &CartView) -> Result<Placed, OrderError> {
    let agreed = Agreed {
        cart_id: cart.id,
        version: cart.version,
        total_minor: cart.total_minor,
        note: "Ring twice".into(),
    };
    let mut work = Work::of(&shop.ctx, shop.workspace).await.unwrap();
    let contact = cart.contact_id;
    let placed = order_cart(&mut work, contact, None, &agreed).await?;
    work.commit().await.unwrap();
    Ok(placed)
}

#[tokio::test]
async fn a_cart_becomes_an_order_that_later_changes_do_not_touch() {
    let shop = Shop::open().await;
    let amina = contact(&shop, "Amina").await;
    put(&shop, amina, "TEA", 1).await.unwrap();
    let cart = put(&shop, amina, "COF", 2).await.unwrap();
    assert_eq!((cart.total_minor, cart.version), (3_180, 3));
    let placed = order_it(&shop, &cart).await.unwrap();
    assert!(placed.new);
    let order = placed.order;
    assert_eq!((order.number, order.status), (1, Status::PendingPayment));
    assert_eq!(
        (order.total_minor, order.note.as_str()),
        (3_180, "Ring twice")
    );
    sqlx::query("UPDATE products SET price_minor = 9")
        .execute(&shop.ctx.owner)
        .await
        .unwrap();
    let again = order_it(&shop, &cart).await.unwrap();
    assert!(!again.new);
    assert_eq!(again.order.id, order.id);
    assert_eq!(again.order.items, order.items);
    assert_eq!(
        (stock(&shop, "COF").await, stock(&shop, "TEA").await),
        (1, 2)
    );
    let next = put(&shop, amina, "COF", 1).await.unwrap();
    assert_ne!(next.id, cart.id);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_who_want_the_last_ones_only_so_many_get_them() {
    let shop = Shop::open().await;
    let mut contacts = Vec::new();
    for number in 0..8 {
        contacts.push(contact(&shop, &format!("Customer {number}")).await);
    }
    let all = contacts
        .iter()
        .map(|contact| place(&shop, *contact, "COF", 1));
    let placed = futures_util::future::join_all(all).await;
    let mut numbers: Vec<i64> = placed.iter().flatten().map(|order| order.number).collect();
    numbers.sort_unstable();
    assert_eq!(
        numbers,
        [1, 2, 3],
        "three there were, and no number is left out"
    );
    for refused in placed.iter().filter_map(|order| order.as_ref().err()) {
        assert!(
            matches!(refused, OrderError::Short { left: 0, .. }),
            "{refused}"
        );
    }
    assert_eq!(stock(&shop, "COF").await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn carts_with_the_same_products_in_another_order_do_not_fail_each_other() {
    let shop = Shop::open().await;
    sqlx::query("UPDATE products SET stock = 100")
        .execute(&shop.ctx.owner)
        .await
        .unwrap();
    let mut carts = Vec::new();
    for number in 0..8 {
        let contact = contact(&shop, &format!("Customer {number}")).await;
        let (first, second) = if number % 2 == 0 {
            ("COF", "TEA")
        } else {
            ("TEA", "COF")
        };
        put(&shop, contact, first, 1).await.unwrap();
        carts.push(put(&shop, contact, second, 1).await.unwrap());
    }
    let placed = futures_util::future::join_all(carts.iter().map(|cart| order_it(&shop, cart)));
    for placed in placed.await {
        assert!(placed.unwrap().new);
    }
    assert_eq!(
        (stock(&shop, "COF").await, stock(&shop, "TEA").await),
        (92, 92)
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_cart_is_ordered_once_by_however_many_clicks() {
    let shop = Shop::open().await;
    let amina = contact(&shop, "Amina").await;
    let cart = put(&shop, amina, "COF", 1).await.unwrap();
    let clicks = (0..6).map(|_| order_it(&shop, &cart));
    let placed = futures_util::future::join_all(clicks).await;
    let placed: Vec<Placed> = placed.into_iter().map(Result::unwrap).collect();
    assert_eq!(placed.iter().filter(|placed| placed.new).count(), 1);
    assert!(placed.iter().all(|one| one.order.id == placed[0].order.id));
    assert_eq!(stock(&shop, "COF").await, 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_order_is_either_paid_or_cancelled_however_close_they_come() {
    let shop = Shop::open().await;
    for _ in 0..3 {
        let amina = contact(&shop, "Amina").await;
        let order = place(&shop, amina, "TEA", 1).await.unwrap();
        let before = stock(&shop, "TEA").await;
        let (_, cancelled) = tokio::join!(
            pay(&shop, order.id, order_total(&order)),
            call_off(&shop, order.id)
        );
        let is = status(&shop, order.id).await;
        assert_eq!(is == Status::Cancelled, cancelled.is_ok(), "{is:?}");
        let given_back = i32::from(is == Status::Cancelled);
        assert_eq!(stock(&shop, "TEA").await, before + given_back);
    }
}

#[tokio::test]
async fn nobody_pays_for_what_they_were_not_shown() {
    let shop = Shop::open().await;
    let amina = contact(&shop, "Amina").await;
    let seen = put(&shop, amina, "COF", 1).await.unwrap();
    let now = put(&shop, amina, "COF", 2).await.unwrap();
    assert!(matches!(
        order_it(&shop, &seen).await,
        Err(OrderError::Changed)
    ));
    sqlx::query("UPDATE products SET price_minor = price_minor + 1")
        .execute(&shop.ctx.owner)
        .await
        .unwrap();
    assert!(matches!(
        order_it(&shop, &now).await,
        Err(OrderError::Changed)
    ));
    let empty = within!(shop, work, clear(&mut work, amina, None).await);
    let empty = empty.unwrap();
    assert!(matches!(
        order_it(&shop, &empty).await,
        Err(OrderError::Empty)
    ));
    // A cart is ordered by its own contact.
    let other = CartView {
        contact_id: contact(&shop, "Other").await,
        ..now
    };
    assert!(matches!(
        order_it(&shop, &other).await,
        Err(OrderError::NotFound("cart"))
    ));
}

#[tokio::test]
async fn what_cannot_be_ordered_is_refused_with_its_reason() {
    let shop = Shop::open().await;
    let amina = contact(&shop, "Amina").await;
    for quantity in [0, -1, 1_000, 1_000_000_000, i32::MAX] {
        let error = put(&shop, amina, "COF", quantity).await.unwrap_err();
        assert_eq!(rules(&error), ("/quantity".into(), "out_of_range"));
        let error = place(&shop, amina, "COF", quantity).await.unwrap_err();
        assert_eq!(rules(&error), ("/items/0/quantity".into(), "out_of_range"));
    }
    assert!(matches!(
        put(&shop, amina, "COF", 4).await,
        Err(OrderError::Short { left: 3, .. })
    ));
    let stranger = ContactId::new();
    let error = place(&shop, stranger, "COF", 1).await.unwrap_err();
    assert_eq!(rules(&error), ("/contact_id".into(), "unknown"));

    let cart = put(&shop, amina, "COF", 1).await.unwrap();
    sqlx::query("UPDATE products SET currency = 'KES' WHERE sku = 'TEA'")
        .execute(&shop.ctx.owner)
        .await
        .unwrap();
    assert!(matches!(
        put(&shop, amina, "TEA", 1).await,
        Err(OrderError::MixedCurrency { .. })
    ));
    sqlx::query("UPDATE products SET active = false WHERE sku = 'COF'")
        .execute(&shop.ctx.owner)
        .await
        .unwrap();
    assert!(matches!(
        order_it(&shop, &cart).await,
        Err(OrderError::Unavailable(_))
    ));
    let shown = within!(shop, work, super::cart(&mut work, amina, None).await);
    let item = &shown.unwrap().unwrap().items[0];
    assert_eq!(item.problem, Some(ItemProblem::Unavailable));
    // For nothing no payment can be asked for.
    sqlx::query("UPDATE products SET price_minor = 0 WHERE sku = 'TEA'")
        .execute(&shop.ctx.owner)
        .await
        .unwrap();
    let error = place(&shop, amina, "TEA", 1).await.unwrap_err();
    assert_eq!(rules(&error), ("/items".into(), "total_not_payable"));
    assert_eq!(count(&shop, "SELECT count(*) FROM orders").await, 0);
}

#[tokio::test]
async fn carts_and_orders_follow_a_contact_who_is_merged() {
    let shop = Shop::open().await;
    let [from, into] = [contact(&shop, "A").await, contact(&shop, "B").await];
    put(&shop, from, "COF", 1).await.unwrap();
    let kept = put(&shop, into, "TEA", 1).await.unwrap();
    let order = place(&shop, from, "COF", 1).await.unwrap();
    within!(
        shop,
        work,
        crate::people::merge(&mut work, from, into).await
    )
    .unwrap();
    let open = within!(shop, work, cart(&mut work, into, None).await);
    assert_eq!(open.unwrap().unwrap().id, kept.id);
    let order = within!(shop, work, super::order(&mut work, order.id).await);
    assert_eq!(order.unwrap().unwrap().contact_id, into);
}
