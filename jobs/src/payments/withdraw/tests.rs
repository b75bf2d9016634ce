use kazi_queue::testing::Drained;
use kazi_simulators::StripeAction;

use crate::{
    catalog::ProductId,
    contacts::{self, ContactId, NewContact},
    orders::{self, NewOrder, OrderError, OrderView, Wanted},
    payments::{OrderId, PaymentId, store, tests::Till},
};

/// A till, what is sold, and who buys.
struct Counter {
    till: Till,
    product: ProductId,
    contact: ContactId,
}

impl Counter {
    async fn open() -> Self {
        let till = Till::open().await;
        let shop = &till.shop;
        let product = sqlx::query_scalar(
            "UPDATE products SET stock = 100 WHERE id = (SELECT min(id::text)::uuid FROM products) RETURNING id",
        )
        .fetch_one(&shop.ctx.owner)
        .await
        .unwrap();
        let new = NewContact {
            name: Some("Amina".into()),
            ..NewContact::default()
        };
        let mut work = till.work().await;
        let made = contacts::create(&mut work, &new).await;
        work.commit().await.unwrap();
        Self {
            contact: made.unwrap().id,
            product,
            till,
        }
    }

    /// An order whose payment is open, that payment and its session.
    async fn order(&self) -> (OrderId, PaymentId, String) {
        let new = NewOrder {
            contact_id: self.contact,
            items: vec![Wanted {
                product_id: self.product,
                quantity: 1,
            }],
            note: String::new(),
        };
        let mut work = self.till.work().await;
        let placed = orders::order_for(&mut work, &new).await;
        work.commit().await.unwrap();
        self.till.shop.drain().await;
        let id = placed.unwrap().id;
        let payment = orders::payment_of(id);
        let session = self.till.payment(payment).await.session_id.unwrap();
        (id, payment, session)
    }

    async fn cancel(&self, id: OrderId) -> Result<OrderView, OrderError> {
        let mut work = self.till.work().await;
        let cancelled = orders::cancel(&mut work, id).await?;
        work.commit().await?;
        Ok(cancelled)
    }

    async fn status(&self, id: OrderId) -> &'static str {
        let mut work = self.till.work().await;
        let order = orders::order(&mut work, id).await.unwrap();
        order.unwrap().status.name()
    }

    async fn stock(&self) -> i32 {
        sqlx::query_scalar("SELECT stock FROM products WHERE id = $1")
            .bind(self.product.uuid())
            .fetch_one(&self.till.shop.ctx.owner)
            .await
            .unwrap()
    }

    /// Stripe keeps its fees, also of what goes back; the comparison books them.
    async fn the_books_agree(&self) {
        // The simulated Stripe's clock goes on by itself.
        self.till.after(300).await;
        self.till.reconcile().await;
        assert!(self.till.at_stripe() != 0, "there are fees");
        assert_eq!(self.till.balance("stripe").await, self.till.at_stripe());
    }

    async fn told(&self) -> Drained {
        self.till.deliver(&self.till.events().await).await;
        self.till.shop.drain().await
    }
}

#[tokio::test]
async fn an_order_is_cancelled_while_its_payment_is_being_settled_and_nobody_waits() {
    let counter = Counter::open().await;
    let (order, payment, session) = counter.order().await;
    let mut settling = counter.till.work().await;
    let held = store::hold(&mut settling, store::By::Id(payment)).await;
    assert!(held.unwrap().is_some());
    // The other way round it would wait here, and the one who settles for it.
    counter.cancel(order).await.unwrap();
    settling.commit().await.unwrap();
    counter.till.shop.providers.stripe_pay(&session).unwrap();
    let drained = counter.told().await;
    assert_eq!((drained.retried, drained.dead), (0, 0));
    assert_eq!(counter.status(order).await, "cancelled");
    let paid = counter.till.payment(payment).await;
    assert_eq!((paid.received_minor, paid.refunded_minor), {
        let all = paid.amount_minor;
        (all, all)
    });
    assert_eq!(counter.till.causes().await, ["paid_after_end"]);
    counter.the_books_agree().await;
    assert_eq!(counter.stock().await, 100);
}

#[tokio::test]
async fn money_that_comes_before_the_withdrawal_of_a_cancelled_order_goes_back_and_is_reported() {
    let counter = Counter::open().await;
    let (order, payment, session) = counter.order().await;
    counter.till.shop.providers.stripe_pay(&session).unwrap();
    counter.till.deliver(&counter.till.events().await).await;
    // Its event is older than its withdrawal.
    counter.cancel(order).await.unwrap();
    let drained = counter.till.shop.drain().await;
    assert_eq!((drained.retried, drained.dead), (0, 0));
    assert_eq!(counter.status(order).await, "cancelled");
    assert_eq!(counter.till.status(payment).await, "refunded");
    assert_eq!(counter.till.causes().await, ["paid_after_end"]);
    counter.the_books_agree().await;
    assert_eq!(counter.stock().await, 100);
}

#[tokio::test]
async fn an_order_is_kept_while_a_slow_payment_is_on_its_way() {
    let counter = Counter::open().await;
    let (order, payment, session) = counter.order().await;
    let till = &counter.till;
    let act = |action| {
        till.shop.providers.stripe_act(&session, &action).unwrap();
    };
    act(StripeAction::PayLater);
    counter.told().await;
    assert_eq!(till.status(payment).await, "processing");
    till.after(5 * 3_600).await;
    assert_eq!(counter.status(order).await, "pending_payment");
    assert_eq!(counter.stock().await, 99);
    act(StripeAction::PaidLater { succeeded: true });
    counter.told().await;
    assert_eq!(counter.status(order).await, "paid");
}

#[tokio::test]
async fn paid_and_cancelled_at_the_same_moment_an_order_is_one_of_both() {
    let counter = Counter::open().await;
    let (mut sold, mut cancelled) = (0, 0);
    for _ in 0..30 {
        let (order, payment, session) = counter.order().await;
        counter.till.shop.providers.stripe_pay(&session).unwrap();
        counter.till.deliver(&counter.till.events().await).await;
        let (drained, answer) = tokio::join!(counter.till.shop.drain(), counter.cancel(order));
        assert_eq!((drained.retried, drained.dead), (0, 0));
        counter.till.shop.drain().await;
        let paid = counter.till.payment(payment).await;
        match answer {
            Ok(_) => {
                cancelled += 1;
                assert_eq!(counter.status(order).await, "cancelled");
                assert_eq!(paid.refunded_minor, paid.amount_minor);
            }
            Err(OrderError::Refused(_)) => {
                sold += 1;
                assert_eq!(counter.status(order).await, "paid");
                assert_eq!((paid.status.as_str(), paid.refunded_minor), ("paid", 0));
            }
            Err(error) => panic!("{error}"),
        }
    }
    assert_eq!(sold + cancelled, 30);
    assert_eq!(counter.stock().await, 100 - sold);
    counter.the_books_agree().await;
    let till = &counter.till;
    let kept = -till.balance("sales").await - till.balance("refunds").await;
    assert_eq!(kept, i64::from(sold) * 1250);
}
