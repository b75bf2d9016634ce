//! Moves orders. The order's row is locked first and its status decides what a move comes to, so it makes no difference
//! how often it is told, nor in which order.

use kazi_queue::{EnqueueError, Job};
use serde_json::json;

use super::{
    NewShipment, Notify, OrderError, OrderView, Status, Update,
    place::payment_of,
    status::{Event, Move},
    store::{self, Locked},
};
use crate::{
    Role, Work,
    audit::Change,
    catalog::{self, ProductId},
    notifications::{self, Kind, News, To},
    payments::{self, Ended, How, Opened, OrderId, Paid},
    violations::Violations,
};

const CARRIER_LIMIT: usize = 100;

/// The customer can pay now: they are told where. This may be told more than once.
///
/// # Errors
/// The database failed.
pub async fn payment_opened(
    work: &mut Work,
    id: OrderId,
    opened: &Opened,
) -> Result<(), EnqueueError> {
    let (url, until) = (&opened.url, opened.expires_at);
    // An order that is over has taken its payment back already.
    if store::set_payment_url(work, id, url, until).await? {
        notify(work, id, Update::Payment).await?;
    }
    Ok(())
}

/// It is paid. This may be told more than once; money for an order that is over goes back.
///
/// # Errors
/// The database failed.
pub async fn paid(work: &mut Work, id: OrderId, paid: &Paid) -> Result<(), EnqueueError> {
    let Some(order) = store::lock(work, id).await? else {
        tracing::warn!(order.id = %id, "money has come for an order that there is not");
        return Ok(());
    };
    let unexpected = paid.amount != order.total && order.status == Status::PendingPayment;
    if unexpected {
        // Neither is it paid, nor may we keep what came: it goes back, and the order stays as it is until its time is over.
        tracing::error!(order.id = %id, order.total = %order.total, payment.amount = %paid.amount,
                        "not what was asked for has been paid");
    }
    if unexpected || order.status.after(Event::Pay) == Move::TooLate {
        metrics::counter!("kazi_orders_total", "event" => "paid_in_vain").increment(1);
        return payments::refuse(work, paid.payment).await;
    }
    apply(work, id, &order, Event::Pay).await?;
    Ok(())
}

/// It will not be paid, or the money went back. This may be told more than once.
///
/// # Errors
/// The database failed.
pub async fn payment_ended(
    work: &mut Work,
    id: OrderId,
    ended: &Ended,
) -> Result<(), EnqueueError> {
    let Some(order) = store::lock(work, id).await? else {
        tracing::warn!(order.id = %id, "the payment of an order that there is not has ended");
        return Ok(());
    };
    let event = match ended.how {
        How::Expired => Event::Expire,
        How::Failed => Event::Cancel,
        How::Refunded => Event::Refund,
    };
    let moved = apply(work, id, &order, event).await?;
    if moved == Move::Refused {
        tracing::warn!(order.id = %id, order.status = order.status.name(), payment.how = ?ended.how,
                       "a payment ended that its order does not expect to");
    }
    Ok(())
}

/// Calls an order off that is not paid: the stock can be sold again, and the payment is taken back. One that is paid is
/// refunded where payments are.
///
/// # Errors
/// See [`OrderError`].
pub async fn cancel(work: &mut Work, id: OrderId) -> Result<OrderView, OrderError> {
    let done = by_hand(work, id, Event::Cancel).await?;
    if done {
        // Money that is on its way nevertheless is given back by payments.
        payments::withdraw(work, payment_of(id)).await?;
    }
    view(work, id).await
}

/// Notes that an order is packed, or ready to be fetched.
///
/// # Errors
/// See [`OrderError`].
pub async fn fulfil(work: &mut Work, id: OrderId) -> Result<OrderView, OrderError> {
    by_hand(work, id, Event::Fulfil).await?;
    view(work, id).await
}

/// Notes that an order is handed to a carrier.
///
/// # Errors
/// See [`OrderError`].
pub async fn ship(
    work: &mut Work,
    id: OrderId,
    shipment: &NewShipment,
) -> Result<OrderView, OrderError> {
    let mut violations = Violations::default();
    for (pointer, text) in [
        ("/carrier", &shipment.carrier),
        ("/tracking_number", &shipment.tracking_number),
    ] {
        if let Some(text) = text {
            violations.text(pointer, text, 1, CARRIER_LIMIT);
        }
    }
    if let Some(url) = &shipment.tracking_url {
        violations.url("/tracking_url", url);
    }
    violations.end()?;
    // Before the customer is told, so that what they are told has it.
    if by_hand(work, id, Event::Ship).await? {
        store::insert_shipment(work, id, shipment).await?;
    }
    view(work, id).await
}

/// Notes that the customer has their order.
///
/// # Errors
/// See [`OrderError`].
pub async fn deliver(work: &mut Work, id: OrderId) -> Result<OrderView, OrderError> {
    by_hand(work, id, Event::Deliver).await?;
    view(work, id).await
}

async fn view(work: &mut Work, id: OrderId) -> Result<OrderView, OrderError> {
    let order = store::order(work, id).await?;
    order.ok_or(OrderError::NotFound("order"))
}

/// Moves an order for somebody; whether it was not there yet.
async fn by_hand(work: &mut Work, id: OrderId, event: Event) -> Result<bool, OrderError> {
    let order = store::lock(work, id).await?;
    let order = order.ok_or(OrderError::NotFound("order"))?;
    let status = match apply(work, id, &order, event).await? {
        Move::To { status, .. } => status,
        Move::Already => return Ok(false),
        Move::Refused | Move::TooLate => return Err(OrderError::Refused(order.status)),
    };
    let change = Change {
        action: match event {
            Event::Cancel => "orders.cancel",
            Event::Fulfil => "orders.fulfil",
            Event::Ship => "orders.ship",
            _ => "orders.deliver",
        },
        subject_kind: "order",
        subject: id.uuid(),
        before: Some(&json!({"status": order.status})),
        after: Some(&json!({"status": status})),
    };
    work.audit(&change).await?;
    Ok(true)
}

/// Lets something happen to a locked order, with all that follows from it.
pub(super) async fn apply(
    work: &mut Work,
    id: OrderId,
    order: &Locked,
    event: Event,
) -> Result<Move, EnqueueError> {
    let moved = order.status.after(event);
    let Move::To { status, gives_back } = moved else {
        return Ok(moved);
    };
    store::set_status(work, id, status).await?;
    if gives_back {
        let items: Vec<(ProductId, i32)> = store::items(work, id).await?;
        catalog::change_stock(work, &items).await?;
    }
    if status == Status::Paid {
        let news = News {
            kind: Kind::ORDER_PAID,
            title: &format!("Order {} is paid: {}.", order.number, order.total),
            data: &json!({"order_id": id, "number": order.number}),
        };
        let to = To::Role(Role::Agent);
        notifications::notify(work, to, &news).await?;
    }
    if let Some(update) = Update::of(status) {
        notify(work, id, update).await?;
    }
    metrics::counter!("kazi_orders_total", "event" => status.name()).increment(1);
    Ok(moved)
}

async fn notify(work: &mut Work, order: OrderId, update: Update) -> Result<(), EnqueueError> {
    let job = Notify {
        workspace: work.workspace(),
        order,
        update,
    };
    job.enqueue(work.conn()).await?;
    Ok(())
}
