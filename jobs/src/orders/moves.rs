//! Moves orders. Each move locks the order's row, and the status decides on the outcome. So repeated and reordered
//! reports do no harm.

use kazi_queue::{EnqueueError, Job};
use serde_json::json;

use super::{
    NewShipment, Notify, OrderError, OrderView, ShipmentId, Status, Update,
    place::payment_of,
    status::{Event, Move},
    store::{self, Locked},
};
use crate::{
    Role, Work,
    audit::Change,
    catalog::{self, ProductId},
    conversations::MessageId,
    endpoints::announce,
    notifications::{self, Kind, Notification, To},
    payments::{self, Ended, How, Opened, OrderId, Paid},
    violations::Violations,
};

const CARRIER_LIMIT: usize = 100;

/// The customer can pay now and gets the address. A repeated call does nothing.
pub async fn payment_opened(
    work: &mut Work,
    id: OrderId,
    opened: &Opened,
) -> Result<(), EnqueueError> {
    let (url, until) = (&opened.url, opened.expires_at);
    // An order that has ended has withdrawn its payment already.
    if store::set_payment_url(work, id, url, until).await? {
        notify(work, id, Update::Payment).await?;
    }
    Ok(())
}

/// Marks an order as paid. A repeated call does nothing. Money for an order that has ended is refunded.
pub async fn paid(work: &mut Work, id: OrderId, paid: &Paid) -> Result<(), EnqueueError> {
    let Some(order) = store::lock(work, id).await? else {
        tracing::warn!(order.id = %id, "money has come for an order that there is not");
        return Ok(());
    };
    let unexpected = paid.amount != order.total && order.status == Status::PendingPayment;
    if unexpected {
        // The amount is wrong. The order is not paid, and the money is refunded. The order stays as it is until its
        // payment time ends.
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

/// The order will not be paid, or was refunded. A repeated call does nothing.
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

/// Cancels an unpaid order: its stock can be sold again, and its payment is withdrawn. A paid order is refunded through
/// payments instead.
pub async fn cancel(work: &mut Work, id: OrderId) -> Result<OrderView, OrderError> {
    let done = by_hand(work, id, Event::Cancel).await?;
    if done {
        // Payments refunds money that comes nevertheless.
        payments::withdraw(work, payment_of(id)).await?;
    }
    view(work, id).await
}

/// Marks an order as packed, or ready to be fetched.
pub async fn fulfil(work: &mut Work, id: OrderId) -> Result<OrderView, OrderError> {
    by_hand(work, id, Event::Fulfil).await?;
    view(work, id).await
}

/// Marks an order as given to a carrier.
pub async fn ship(
    work: &mut Work,
    id: OrderId,
    shipment: &NewShipment,
) -> Result<OrderView, OrderError> {
    check(shipment)?;
    let order = store::lock(work, id).await?;
    let order = order.ok_or(OrderError::NotFound("order"))?;
    if matches!(order.status.after(Event::Ship), Move::To { .. }) {
        // First, so that the customer and the endpoints are told the tracking number.
        store::insert_shipment(work, id, shipment).await?;
    }
    by_hand(work, id, Event::Ship).await?;
    view(work, id).await
}

/// Corrects the carrier and the tracking of a parcel. A customer whose order is on its way is told.
///
/// # Errors
/// `NotFound`: the order has no such parcel.
pub async fn correct_shipment(
    work: &mut Work,
    id: OrderId,
    parcel: ShipmentId,
    shipment: &NewShipment,
) -> Result<OrderView, OrderError> {
    check(shipment)?;
    let order = store::lock(work, id).await?;
    let order = order.ok_or(OrderError::NotFound("order"))?;
    let known = view(work, id).await?.shipments;
    let before = known.into_iter().find(|known| known.id == parcel);
    let before = before.ok_or(OrderError::NotFound("shipment"))?;
    let before = NewShipment {
        carrier: before.carrier,
        tracking_number: before.tracking_number,
        tracking_url: before.tracking_url,
    };
    if before != *shipment {
        store::update_shipment(work, parcel, shipment).await?;
        let (was, is) = (json!(before), json!(shipment));
        let change = Change::updated("orders.correct_shipment", ("order", id), &was, &is);
        work.audit(&change).await?;
        if order.status == Status::Shipped {
            let job = Notify {
                workspace: work.workspace(),
                order: id,
                update: Update::Tracking,
                message: Some(MessageId::at(work.now())),
            };
            job.enqueue(work.conn()).await?;
        }
    }
    view(work, id).await
}

fn check(shipment: &NewShipment) -> Result<(), OrderError> {
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
    Ok(())
}

/// Marks an order as delivered.
pub async fn deliver(work: &mut Work, id: OrderId) -> Result<OrderView, OrderError> {
    by_hand(work, id, Event::Deliver).await?;
    view(work, id).await
}

async fn view(work: &mut Work, id: OrderId) -> Result<OrderView, OrderError> {
    let order = store::order(work, id).await?;
    order.ok_or(OrderError::NotFound("order"))
}

/// Moves an order for a member. Returns false when it was there already.
async fn by_hand(work: &mut Work, id: OrderId, event: Event) -> Result<bool, OrderError> {
    let order = store::lock(work, id).await?;
    let order = order.ok_or(OrderError::NotFound("order"))?;
    let status = match apply(work, id, &order, event).await? {
        Move::To { status, .. } => status,
        Move::Already => return Ok(false),
        Move::Refused | Move::TooLate => return Err(OrderError::Refused(order.status)),
    };
    let action = match event {
        Event::Cancel => "orders.cancel",
        Event::Fulfil => "orders.fulfil",
        Event::Ship => "orders.ship",
        _ => "orders.deliver",
    };
    let (before, after) = (json!({"status": order.status}), json!({"status": status}));
    work.audit(&Change::updated(action, ("order", id), &before, &after))
        .await?;
    Ok(true)
}

/// Applies an event to a locked order, with all its consequences.
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
        let notification = Notification {
            kind: Kind::ORDER_PAID,
            title: &format!("Order {} is paid: {}.", order.number, order.total),
            data: &json!({"order_id": id, "number": order.number}),
        };
        let to = To::Role(Role::Agent);
        notifications::notify(work, to, &notification).await?;
    }
    if let Some(update) = Update::of(status) {
        notify(work, id, update).await?;
    }
    announce(work, status.announced(), id).await?;
    metrics::counter!("kazi_orders_total", "event" => status.name()).increment(1);
    Ok(moved)
}

async fn notify(work: &mut Work, order: OrderId, update: Update) -> Result<(), EnqueueError> {
    let job = Notify {
        workspace: work.workspace(),
        order,
        update,
        message: None,
    };
    job.enqueue(work.conn()).await?;
    Ok(())
}
