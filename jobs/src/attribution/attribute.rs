//! Counts an order or a booking for a campaign, or takes it back.

use std::time::Duration;

use kazi_platform::WorkspaceId;
use kazi_queue::{Job, JobError, Options, Pool, Retry, Running};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    Context, Work,
    appointments::{self, BookingId, Status as BookingStatus},
    campaigns::{self, Conversion},
    endpoints::Type,
    orders::{self, Status as OrderStatus},
    payments::OrderId,
    pools,
};

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub enum Subject {
    Order(OrderId),
    Booking(BookingId),
}

/// Hears an event, in the transaction of the change.
pub(super) async fn hear(work: &mut Work, kind: Type, id: Uuid) -> Result<(), sqlx::Error> {
    let subject = match kind {
        Type::ORDER_PAID | Type::ORDER_REFUNDED => Subject::Order(id.into()),
        // Who was missed by mistake has come all the same.
        Type::BOOKING_CREATED
        | Type::BOOKING_CANCELLED
        | Type::BOOKING_NO_SHOW
        | Type::BOOKING_COMPLETED => Subject::Booking(id.into()),
        _ => return Ok(()),
    };
    if campaigns::any_sent(work).await? {
        let workspace = work.workspace();
        Attribute { workspace, subject }
            .enqueue(work.conn())
            .await?;
    }
    Ok(())
}

#[derive(Debug, Serialize, Deserialize)]
pub struct Attribute {
    pub workspace: WorkspaceId,
    pub subject: Subject,
}

impl Job for Attribute {
    type Context = Context;
    const NAME: &'static str = "attribution.attribute";
    const POOL: Pool = pools::DEFAULT;
    const RETRY: Retry =
        Retry::exponential(Duration::from_secs(1), Duration::from_secs(60)).attempts(50);

    fn options(&self) -> Options {
        // The run that sees the newest state comes last.
        let key = format!("attribution:{}", self.subject);
        Options::default().tenant(self.workspace).sequence(key)
    }

    async fn run(&self, ctx: &Context, _: &Running) -> Result<(), JobError> {
        let mut work = Work::of(ctx, self.workspace).await?;
        let found = match self.subject {
            Subject::Order(id) => of_order(&mut work, id).await?,
            Subject::Booking(id) => of_booking(&mut work, id).await?,
        };
        match found {
            Some(conversion) => campaigns::convert(&mut work, &conversion).await?,
            None => campaigns::revert(&mut work, &self.subject.to_string()).await?,
        }
        Ok(work.commit().await?)
    }
}

impl std::fmt::Display for Subject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Order(id) => id.fmt(f),
            Self::Booking(id) => id.fmt(f),
        }
    }
}

/// `None`: it does not count.
async fn of_order(work: &mut Work, id: OrderId) -> Result<Option<Conversion>, sqlx::Error> {
    let order = orders::order(work, id).await?;
    let order = order.filter(|order| match order.status {
        OrderStatus::Paid
        | OrderStatus::Fulfilled
        | OrderStatus::Shipped
        | OrderStatus::Delivered => true,
        OrderStatus::PendingPayment
        | OrderStatus::Cancelled
        | OrderStatus::Expired
        | OrderStatus::Refunded => false,
    });
    Ok(order.map(|order| Conversion {
        subject: id.to_string(),
        contact: order.contact_id,
        at: order.created_at,
        worth: Some((order.total_minor, order.currency)),
    }))
}

/// `None`: it does not count.
async fn of_booking(work: &mut Work, id: BookingId) -> Result<Option<Conversion>, sqlx::Error> {
    let booking = appointments::booking(work, id).await?;
    let booking = booking.filter(|booking| {
        !matches!(
            booking.status,
            BookingStatus::Cancelled | BookingStatus::NoShow
        )
    });
    Ok(booking.map(|booking| Conversion {
        subject: id.to_string(),
        contact: booking.contact_id,
        at: booking.created_at,
        worth: booking.price_minor.zip(booking.currency),
    }))
}
