//! Orders: what customers put into carts, and what happens after they order it.
//!
//! A contact has one open [cart](CartView). It has no prices and reserves no stock; both are read when it is ordered.
//! The customer says which cart and total they have seen ([`Agreed`]), so nobody pays what was not shown.
//! [`order_cart`] takes the stock, freezes names and prices, and requests the payment, in one transaction.
//!
//! After that the order [moves](Status::after): by reports of payments ([`paid`], [`payment_ended`]), by members
//! ([`fulfil`], [`ship`], [`deliver`], [`cancel`]), and by time ([`Expire`]). Each move locks the order's row, and its
//! status decides, so a repeated report changes nothing. A move that the customer should know of enqueues [`Notify`].

mod carts;
pub mod chat;
mod expire;
mod expire_cart;
mod model;
mod moves;
mod notify;
mod place;
mod status;
mod store;
mod sweep;

use kazi_queue::{Registry, cron::Schedule};

use crate::{
    Context, Permission, contacts,
    conversations::Scene,
    domain::{Domain, Figures},
    endpoints::{Subject, shown, types},
    live,
    locale::{Words, files},
    notifications::kinds,
    payments::{self, OrderId},
    permission::permissions,
};
pub use carts::{add, cart, carts, clear, open_cart, remove, set_quantity};
pub use expire::Expire;
pub use expire_cart::ExpireCart;
pub use model::{
    Agreed, CartFilter, CartId, CartItem, CartView, ItemProblem, MAX_ITEMS, MAX_QUANTITY,
    NewShipment, OrderError, OrderFilter, OrderItem, OrderView, Shipment, ShipmentId, Wanted,
};
pub use moves::{
    cancel, correct_shipment, deliver, fulfil, paid, payment_ended, payment_opened, ship,
};
pub use notify::{Notify, TEMPLATE, Update};
pub use place::{NewOrder, Placed, order_cart, order_for, payment_of};
pub use status::Status;
pub use store::{
    carts::{Idle, idle as idle_carts},
    count_unpaid, order, orders,
    people::{change_contact, erase},
    views::count,
};
pub use sweep::{Sweep, count_overdue};

pub(crate) const DOMAIN: Domain = Domain {
    name: "orders",
    floor: 7,
    jobs,
    tables: &[
        "shipments",
        "order_items",
        "orders",
        "order_numbers",
        "cart_items",
        "carts",
    ],
    offers: &[
        &PERMISSIONS,
        &live::About {
            what: "order",
            permission: Permission::ORDERS_READ,
        },
        &NOTIFICATIONS,
        &Figures(include_str!("figures.txt")),
        &Words {
            files: files!("orders"),
            keywords: &[("svc:cart", "keywords-cart")],
        },
        &Scene {
            name: "cart",
            hear: |work, talk, at, heard| Box::pin(chat::hear(work, talk, at, heard)),
        },
        &Subject::of::<OrderView>(EVENTS, |work, id| {
            Box::pin(async move { shown(order(work, id.into()).await?) })
        }),
        &chat::tools::ADD_TO_CART,
        &chat::tools::SHOW_CART,
        &chat::tools::ORDER_STATUS,
        &contacts::Deeds {
            push: store::deeds::push,
        },
        &contacts::Hooks {
            merge: |work, from, into| Box::pin(change_contact(work, from, into)),
            erase: |work, id| Box::pin(erase(work, id)),
            ..contacts::Hooks::NONE
        },
        &payments::Hooks::<OrderId> {
            opened: |work, id, opened| Box::pin(payment_opened(work, id, opened)),
            paid: |work, id, money| Box::pin(paid(work, id, money)),
            ended: |work, id, ended| Box::pin(payment_ended(work, id, ended)),
        },
    ],
};

permissions! {
    /// Orders.
    ORDERS_READ = "orders.read", Viewer;
    /// Moves them along, ships, cancels.
    ORDERS_WRITE = "orders.write", Agent;
}

kinds! {
    /// An order is paid: it can be fulfilled.
    ORDER_PAID = "order_paid";
}

types! {
    EVENTS;
    /// An order was placed, and waits for its payment.
    ORDER_CREATED = "order.created";
    /// An order is paid.
    ORDER_PAID = "order.paid";
    /// An order is packed, or ready to be fetched.
    ORDER_FULFILLED = "order.fulfilled";
    /// A carrier has an order.
    ORDER_SHIPPED = "order.shipped";
    /// The customer has an order.
    ORDER_DELIVERED = "order.delivered";
    /// An unpaid order was cancelled.
    ORDER_CANCELLED = "order.cancelled";
    /// An order was not paid in time.
    ORDER_EXPIRED = "order.expired";
    /// The money of an order went back.
    ORDER_REFUNDED = "order.refunded";
}

fn jobs(registry: Registry<Context>) -> Registry<Context> {
    let often = Schedule::new("orders.sweep", "*/10 * * * *");
    registry
        .register::<Expire>()
        .register::<ExpireCart>()
        .register::<Notify>()
        .register::<Sweep>()
        .schedule(often, &Sweep {})
}

#[cfg(test)]
mod tests;
