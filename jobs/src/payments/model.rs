//! Payments as values: states, amounts as Stripe writes them, what others see.

use kazi_platform::{Currency, Money, Timestamp, id};
use uuid::Uuid;

use crate::contacts::ContactId;

id!(
    /// An order.
    pub struct OrderId, "ord_"
);
id!(
    /// A subscription.
    pub struct SubscriptionId, "sub_"
);

id!(
    /// A payment.
    pub struct PaymentId, "pay_"
);
id!(
    /// A workspace's account at Stripe.
    pub struct PaymentAccountId, "pac_"
);
id!(
    /// A refund.
    pub struct RefundId, "rfd_"
);
id!(
    /// A comparison with Stripe.
    pub struct ReconciliationId, "rec_"
);
id!(
    /// Something that differs.
    pub struct DifferenceId, "dif_"
);

/// What is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    Order(OrderId),
    /// A period of a subscription.
    Subscription(SubscriptionId),
}

impl Subject {
    pub(super) const fn stored(self) -> (&'static str, Uuid) {
        match self {
            Self::Order(id) => ("order", id.uuid()),
            Self::Subscription(id) => ("subscription", id.uuid()),
        }
    }

    pub(super) fn read(kind: &str, id: Uuid) -> Option<Self> {
        match kind {
            "order" => Some(Self::Order(id.into())),
            "subscription" => Some(Self::Subscription(id.into())),
            _ => None,
        }
    }
}

/// A payment to be asked for.
#[derive(Clone, Debug)]
pub struct NewPayment<'a> {
    /// Derived from its subject: asked for once.
    pub id: PaymentId,
    /// What is paid.
    pub subject: Subject,
    pub contact: ContactId,
    /// How much: more than nothing.
    pub amount: Money,
    /// What the customer reads where they pay: 1 to 250 characters.
    pub description: &'a str,
    /// Until when it can be paid: 30 minutes to 24 hours from now (Stripe, "Checkout Sessions").
    pub expires_at: Timestamp,
}

/// The customer can pay now.
#[derive(Clone, Debug)]
pub struct Opened {
    pub payment: PaymentId,
    pub url: String,
    pub expires_at: Timestamp,
}

/// Money has come.
#[derive(Clone, Debug)]
pub struct Paid {
    pub payment: PaymentId,
    pub amount: Money,
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
    pub payment: PaymentId,
    pub how: How,
}

kazi_platform::texts! {
    /// Where a payment is. It moves only forward in this order but for the last three, which are its other ends.
    pub enum Status as "PaymentStatus" {
        /// A session is being made.
        Requested = "requested",
        /// The customer can pay.
        Open = "open",
        /// The customer has paid by a method that takes days.
        Processing = "processing",
        /// The money is there and what was paid for is due.
        Paid = "paid",
        /// All the money went back.
        Refunded = "refunded",
        /// Money came, but not what was asked for: nothing is due, a person must look.
        Mismatched = "mismatched",
        /// Nobody paid in time.
        Expired = "expired",
        /// The bank or Stripe refused.
        Failed = "failed",
        /// It was not wanted any more.
        Withdrawn = "withdrawn",
    }
}

impl Status {
    /// Money may still come for it.
    pub const fn waits(self) -> bool {
        matches!(self, Self::Requested | Self::Open | Self::Processing)
    }
}

kazi_platform::texts! {
    /// Why ours and Stripe's differ. Stored in rows: never rename one.
    pub enum Cause {
        /// Stripe has an event that never came.
        WebhookLost = "webhook_lost",
        /// A payment had moved on at Stripe and not here.
        Behind = "behind",
        /// Another amount was paid than was asked for.
        AmountDiffers = "amount_differs",
        /// Another currency was paid than was asked for.
        CurrencyDiffers = "currency_differs",
        /// Stripe has a session that nobody here has asked for.
        UnknownSession = "unknown_session",
        /// Money came for what had been cancelled or had ended: it goes back.
        PaidAfterEnd = "paid_after_end",
        /// Two sessions of one payment were paid: the second money goes back.
        PaidTwice = "paid_twice",
        /// Stripe does not know a session of ours.
        MissingAtStripe = "missing_at_stripe",
        /// The balance has a charge that belongs to no payment.
        ChargeWithoutPayment = "charge_without_payment",
        /// The balance has another amount than the books.
        LedgerDiffers = "ledger_differs",
        /// Money went back that nobody here has sent.
        RefundElsewhere = "refund_elsewhere",
        /// Money that should go back does not: Stripe or the bank has refused it.
        RefundFailed = "refund_failed",
        /// A customer disputes a charge.
        Disputed = "disputed",
    }
}

impl Cause {
    /// Nobody has to do anything about it.
    pub const fn repaired(self) -> bool {
        matches!(
            self,
            Self::WebhookLost
                | Self::Behind
                | Self::PaidAfterEnd
                | Self::PaidTwice
                | Self::RefundElsewhere
        )
    }
}

/// An amount as Stripe wants it (Stripe, "Currencies"): it has no decimals for the ariary, two where ISO has none for the
/// shilling of Uganda and the krona of Iceland, and takes three-decimal amounts only in tens. `None`: it cannot be paid.
pub(super) fn to_stripe(money: Money) -> Option<i64> {
    match money.currency.code() {
        "UGX" | "ISK" => money.minor.checked_mul(100),
        "MGA" => (money.minor % 100 == 0).then_some(money.minor / 100),
        _ if money.currency.exponent() == 3 => (money.minor % 10 == 0).then_some(money.minor),
        _ => Some(money.minor),
    }
}

/// An amount as Stripe tells it. `None`: it is no currency.
pub(super) fn from_stripe(amount: i64, currency: &str) -> Option<Money> {
    let currency: Currency = currency.parse().ok()?;
    let minor = match currency.code() {
        "UGX" | "ISK" => amount / 100,
        "MGA" => amount.checked_mul(100)?,
        _ => amount,
    };
    Some(Money { minor, currency })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_written_as_stripe_writes_them_and_read_back() {
        for (minor, code, there) in [
            (1250, "USD", Some(1250)),
            (980, "JPY", Some(980)),
            (5_000, "UGX", Some(500_000)),
            (700, "ISK", Some(70_000)),
            (12_300, "MGA", Some(123)),
            (12_301, "MGA", None),
            (1_230, "KWD", Some(1_230)),
            (1_234, "KWD", None),
        ] {
            let money = Money {
                minor,
                currency: code.parse().unwrap(),
            };
            assert_eq!(to_stripe(money), there, "{money}");
            if let Some(there) = there {
                assert_eq!(from_stripe(there, &code.to_lowercase()), Some(money));
            }
        }
    }
}
