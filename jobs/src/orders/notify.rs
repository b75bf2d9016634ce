//! Tells a customer that an order has moved.

use kazi_clients::whatsapp::Body;
use kazi_platform::{Money, WorkspaceId};
use kazi_queue::{Job, JobError, Options, Pool, Running};
use serde::{Deserialize, Serialize};

use super::{OrderView, Status, store};
use crate::{
    Context, Work, contacts,
    conversations::MessageId,
    locale,
    messages::{self, Cause, Notice, Notified, TemplateUse},
    payments::OrderId,
    pools, workspaces,
};

/// The template for a customer who has not written for 24 hours. `{{1}}`: the order's number. `{{2}}`: the text.
pub const TEMPLATE: &str = "order_update";

/// What the customer is told. The names are stored in jobs: never rename one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Update {
    /// The address of the payment.
    Payment,
    Paid,
    Fulfilled,
    Shipped,
    /// The tracking of a parcel on its way was corrected.
    Tracking,
    Delivered,
    Cancelled,
    /// It was not paid in time.
    Expired,
    Refunded,
}

impl Update {
    /// The update for a status.
    pub(super) const fn of(status: Status) -> Option<Self> {
        match status {
            Status::PendingPayment => None,
            Status::Paid => Some(Self::Paid),
            Status::Fulfilled => Some(Self::Fulfilled),
            Status::Shipped => Some(Self::Shipped),
            Status::Delivered => Some(Self::Delivered),
            Status::Cancelled => Some(Self::Cancelled),
            Status::Expired => Some(Self::Expired),
            Status::Refunded => Some(Self::Refunded),
        }
    }

    /// The number is part of stored ids: never change one.
    const fn step(self) -> u16 {
        match self {
            Self::Payment => 1,
            Self::Paid => 2,
            Self::Fulfilled => 3,
            Self::Shipped => 4,
            Self::Delivered => 5,
            Self::Cancelled => 6,
            Self::Expired => 7,
            Self::Refunded => 8,
            Self::Tracking => 9,
        }
    }

    const fn key(self) -> &'static str {
        match self {
            Self::Payment => "order-payment",
            Self::Paid => "order-paid",
            Self::Fulfilled => "order-fulfilled",
            Self::Shipped => "order-shipped",
            Self::Tracking => "order-tracking",
            Self::Delivered => "order-delivered",
            Self::Cancelled => "order-cancelled",
            Self::Expired => "order-expired",
            Self::Refunded => "order-refunded",
        }
    }

    /// The text in a language. Returns `None` when it no longer fits the order.
    pub(super) fn text(self, language: &str, order: &OrderView) -> Option<String> {
        let url = match (self, &order.payment_url) {
            (Self::Payment, Some(url)) if order.status == Status::PendingPayment => url.as_str(),
            (Self::Payment, _) => return None,
            (Self::Tracking, _) if order.status != Status::Shipped => return None,
            _ => "",
        };
        let tracking = order.shipments.last().map(|shipment| {
            let parts = [
                &shipment.carrier,
                &shipment.tracking_number,
                &shipment.tracking_url,
            ];
            let parts: Vec<&str> = parts.into_iter().flatten().map(String::as_str).collect();
            parts.join(" · ")
        });
        let total = total(order);
        let fill = [
            ("number", order.number.to_string()),
            ("total", total),
            ("url", url.to_owned()),
            ("tracking", tracking.unwrap_or_default()),
        ];
        let fill = fill.each_ref().map(|(name, value)| (*name, value.as_str()));
        Some(locale::text(language, self.key(), &fill).trim().to_owned())
    }
}

/// The order's total, with its currency.
pub(super) fn total(order: &OrderView) -> String {
    money(order.total_minor, &order.currency)
}

/// An amount with its currency. The currency was checked before it was stored.
pub(super) fn money(minor: i64, currency: &str) -> String {
    match currency.parse() {
        Ok(currency) => Money { minor, currency }.to_string(),
        Err(_) => format!("{minor} {currency}"),
    }
}

/// The move enqueues this job.
#[derive(Debug, Serialize, Deserialize)]
pub struct Notify {
    pub workspace: WorkspaceId,
    pub order: OrderId,
    pub update: Update,
    /// The message of an update that can come several times. Others have one message of an order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<MessageId>,
}

impl Job for Notify {
    type Context = Context;
    const NAME: &'static str = "orders.notify";
    const POOL: Pool = pools::INTERACTIVE;

    fn options(&self) -> Options {
        // In the order of the moves, so that "paid" does not come after "shipped".
        Options::default()
            .tenant(self.workspace)
            .sequence(self.order.to_string())
    }

    async fn run(&self, ctx: &Context, _: &Running) -> Result<(), JobError> {
        let workspace = self.workspace;
        let mut work = Work::of(ctx, workspace).await?;
        let Some(order) = store::order(&mut work, self.order).await? else {
            tracing::warn!(order.id = %self.order, "no such order");
            return Ok(());
        };
        let business = workspaces::get(&mut work).await?;
        let language = contacts::get(&mut work, order.contact_id).await?;
        let language = language.language.unwrap_or(business.default_language);
        let Some(text) = self.update.text(&language, &order) else {
            return Ok(());
        };
        let notice = Notice {
            // Known or derived, so a second run finds the message.
            id: self
                .message
                .unwrap_or_else(|| MessageId::derived(order.id.uuid(), self.update.step())),
            contact: order.contact_id,
            channel: store::channel(&mut work, order.id).await?,
            template: TemplateUse {
                name: TEMPLATE,
                parameters: vec![order.number.to_string(), text.clone()],
                buttons: Vec::new(),
            },
            body: Body::Text { text },
            cause: Cause::Order,
            marketing: false,
            at: ctx.clock.now(),
        };
        let why = match messages::notify(&mut work, &notice).await? {
            Notified::Queued | Notified::AlreadyQueued => None,
            Notified::Unreachable(why) => {
                tracing::warn!(order.id = %order.id, reason = why.name(), "a customer cannot be told of their order");
                Some(why.name())
            }
        };
        store::set_unreachable(&mut work, order.id, why).await?;
        work.commit().await?;
        kazi_queue::ring(pools::WHATSAPP);
        Ok(())
    }
}
