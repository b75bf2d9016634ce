//! Payments as values.

use kazi_platform::{Money, Timestamp, id};

use crate::{contacts::ContactId, orders::OrderId, subscriptions::SubscriptionId};

id!(
    /// A payment.
    pub struct PaymentId, "pay_"
);

/// What is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// An order.
    Order(OrderId),
    /// A period of a subscription.
    Subscription(SubscriptionId),
}

/// A payment to be asked for.
#[derive(Clone, Debug)]
pub struct NewPayment<'a> {
    /// Derived from its subject: asked for once.
    pub id: PaymentId,
    /// What is paid.
    pub subject: Subject,
    /// Who pays.
    pub contact: ContactId,
    /// How much.
    pub amount: Money,
    /// What the customer reads where they pay: 1 to 250 characters.
    pub description: &'a str,
    /// Until when it can be paid: 30 minutes to 24 hours from now (Stripe, "Checkout Sessions").
    pub expires_at: Timestamp,
}

/// The customer can pay now.
#[derive(Clone, Debug)]
pub struct Opened {
    /// Which payment.
    pub payment: PaymentId,
    /// Where.
    pub url: String,
    /// Until when.
    pub expires_at: Timestamp,
}

/// Money has come.
#[derive(Clone, Debug)]
pub struct Paid {
    /// Which payment.
    pub payment: PaymentId,
    /// How much.
    pub amount: Money,
    /// When.
    pub at: Timestamp,
}

/// How a payment ends that is not paid, or not any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// Nobody paid in time.
    Expired,
    /// The bank refused.
    Failed,
    /// The money went back.
    Refunded,
}

/// A payment has ended.
#[derive(Clone, Debug)]
pub struct Ended {
    /// Which payment.
    pub payment: PaymentId,
    /// How.
    pub how: How,
}
