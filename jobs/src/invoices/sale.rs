//! What was sold, read from the domain that sold it. All that a document says of a sale comes through [`of`].

use kazi_platform::Timestamp;
use uuid::Uuid;

use super::model::{Cause, Line, Sum};
use crate::{
    Work,
    contacts::ContactId,
    orders::{self, OrderView, Status as OrderStatus},
    payments::{self, OrderId, PaymentFilter, PaymentId, SubscriptionId, TopUpId},
};

/// Something that is paid.
#[derive(Clone, Debug)]
pub(super) struct Sale {
    pub cause: Cause,
    pub subject: (String, Uuid),
    pub payment: Option<PaymentId>,
    pub contact: ContactId,
    pub currency: String,
    pub lines: Vec<Line>,
    pub sums: Vec<Sum>,
    pub total_minor: i64,
    /// The number of the order.
    pub order: Option<i64>,
    pub note: String,
    pub paid_at: Timestamp,
    /// The part of the total that is with the customer again.
    pub returned_minor: i64,
}

/// Reads a sale. `None`: there is none, or it is not paid.
pub(super) async fn of(work: &mut Work, cause: Cause) -> Result<Option<Sale>, sqlx::Error> {
    match cause {
        Cause::Order(id) => of_order(work, id).await,
        Cause::Payment(id) => of_payment(work, id).await,
    }
}

async fn of_order(work: &mut Work, id: OrderId) -> Result<Option<Sale>, sqlx::Error> {
    let Some(order) = orders::order(work, id).await? else {
        return Ok(None);
    };
    let Some(paid_at) = order.paid_at else {
        return Ok(None);
    };
    let payment = orders::payment_of(id);
    let gone = payments::gone(work, payment).await?;
    let returned_minor = match order.status {
        OrderStatus::Refunded => order.total_minor,
        _ => gone.map_or(0, |gone| gone.minor.min(order.total_minor)),
    };
    let lines = order.items.iter().map(|item| Line {
        name: item.name.clone(),
        detail: item.sku.clone(),
        quantity: item.quantity,
        price_minor: item.price_minor,
        amount_minor: item.price_minor.saturating_mul(item.quantity.into()),
    });
    Ok(Some(Sale {
        cause: Cause::Order(id),
        subject: ("order".to_owned(), id.uuid()),
        payment: gone.map(|_| payment),
        contact: order.contact_id,
        lines: lines.collect(),
        sums: sums_of(&order),
        currency: order.currency,
        total_minor: order.total_minor,
        order: Some(order.number),
        note: order.note,
        paid_at,
        returned_minor,
    }))
}

/// What stands between the lines of an order and its total.
fn sums_of(_: &OrderView) -> Vec<Sum> {
    Vec::new()
}

/// A payment for something without lines of its own: its text at the payment page is the one line.
async fn of_payment(work: &mut Work, id: PaymentId) -> Result<Option<Sale>, sqlx::Error> {
    let filter = PaymentFilter::default();
    let found = payments::payments(work, &filter, Some(id), None, 1).await?;
    let Some(payment) = found.into_iter().next() else {
        return Ok(None);
    };
    let (Some(paid_at), Some(subject)) = (payment.paid_at, subject_of(&payment.subject_id)) else {
        return Ok(None);
    };
    let gone = payments::gone(work, id).await?;
    Ok(Some(Sale {
        cause: Cause::Payment(id),
        subject: (payment.subject_kind, subject),
        payment: Some(id),
        contact: payment.contact_id,
        currency: payment.currency,
        lines: vec![Line {
            name: payment.description,
            detail: String::new(),
            quantity: 1,
            price_minor: payment.amount_minor,
            amount_minor: payment.amount_minor,
        }],
        sums: Vec::new(),
        total_minor: payment.amount_minor,
        order: None,
        note: String::new(),
        paid_at,
        returned_minor: gone.map_or(0, |gone| gone.minor.min(payment.amount_minor)),
    }))
}

fn subject_of(shown: &str) -> Option<Uuid> {
    let order = shown.parse().map(OrderId::uuid);
    let subscription = shown.parse().map(SubscriptionId::uuid);
    let top_up = shown.parse().map(TopUpId::uuid);
    order.or(subscription).or(top_up).ok()
}

/// The id of a subject, as its own domain shows it.
pub(super) fn shown(kind: &str, id: Uuid) -> String {
    match kind {
        "order" => OrderId::from(id).to_string(),
        "subscription" => SubscriptionId::from(id).to_string(),
        "credits" => TopUpId::from(id).to_string(),
        _ => id.to_string(),
    }
}
