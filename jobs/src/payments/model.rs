//! Payments as values: states, amounts as Stripe writes them, what others see.

use kazi_platform::{Currency, Money, Timestamp, id};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
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

/// Where a payment is. It moves only forward in this order but for the last three, which are its other ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = PaymentStatus)]
pub enum Status {
    /// A session is being made.
    Requested,
    /// The customer can pay.
    Open,
    /// The customer has paid by a method that takes days.
    Processing,
    /// The money is there and what was paid for is due.
    Paid,
    /// All the money went back.
    Refunded,
    /// Money came, but not what was asked for: nothing is due, a person must look.
    Mismatched,
    /// Nobody paid in time.
    Expired,
    /// The bank or Stripe refused.
    Failed,
    /// It was not wanted any more.
    Withdrawn,
}

impl Status {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Open => "open",
            Self::Processing => "processing",
            Self::Paid => "paid",
            Self::Refunded => "refunded",
            Self::Mismatched => "mismatched",
            Self::Expired => "expired",
            Self::Failed => "failed",
            Self::Withdrawn => "withdrawn",
        }
    }

    pub(super) fn read(name: &str) -> Option<Self> {
        [
            Self::Requested,
            Self::Open,
            Self::Processing,
            Self::Paid,
            Self::Refunded,
            Self::Mismatched,
            Self::Expired,
            Self::Failed,
            Self::Withdrawn,
        ]
        .into_iter()
        .find(|status| status.name() == name)
    }

    /// Money may still come for it.
    pub const fn waits(self) -> bool {
        matches!(self, Self::Requested | Self::Open | Self::Processing)
    }
}

/// Why ours and Stripe's differ. Stored in rows: never rename one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// Stripe has an event that never came.
    WebhookLost,
    /// A payment had moved on at Stripe and not here.
    Behind,
    /// Another amount was paid than was asked for.
    AmountDiffers,
    /// Another currency was paid than was asked for.
    CurrencyDiffers,
    /// Stripe has a session that nobody here has asked for.
    UnknownSession,
    /// Money came for what had been cancelled or had ended: it goes back.
    PaidAfterEnd,
    /// Two sessions of one payment were paid: the second money goes back.
    PaidTwice,
    /// Stripe does not know a session of ours.
    MissingAtStripe,
    /// The balance has a charge that belongs to no payment.
    ChargeWithoutPayment,
    /// The balance has another amount than the books.
    LedgerDiffers,
    /// Money went back that nobody here has sent.
    RefundElsewhere,
    /// Money that should go back does not: Stripe or the bank has refused it.
    RefundFailed,
    /// A customer disputes a charge.
    Disputed,
}

impl Cause {
    /// As stored and counted.
    pub const fn name(self) -> &'static str {
        match self {
            Self::WebhookLost => "webhook_lost",
            Self::Behind => "behind",
            Self::AmountDiffers => "amount_differs",
            Self::CurrencyDiffers => "currency_differs",
            Self::UnknownSession => "unknown_session",
            Self::PaidAfterEnd => "paid_after_end",
            Self::PaidTwice => "paid_twice",
            Self::MissingAtStripe => "missing_at_stripe",
            Self::ChargeWithoutPayment => "charge_without_payment",
            Self::LedgerDiffers => "ledger_differs",
            Self::RefundElsewhere => "refund_elsewhere",
            Self::RefundFailed => "refund_failed",
            Self::Disputed => "disputed",
        }
    }

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

/// The least that Stripe takes of a currency, in our minor units (Stripe, "Minimum and maximum charge amounts"). Of the
/// others Stripe asks for what it can turn into half a dollar, which only Stripe knows.
fn least(currency: Currency) -> i64 {
    match currency.code() {
        "USD" | "AUD" | "BRL" | "CAD" | "CHF" | "EUR" | "INR" | "JPY" | "NZD" | "SGD" => 50,
        "GBP" => 30,
        "BGN" => 100,
        "AED" | "MYR" | "PLN" | "RON" => 200,
        "DKK" => 250,
        "NOK" | "SEK" => 300,
        "HKD" => 400,
        "MXN" | "THB" => 1_000,
        "CZK" => 1_500,
        "HUF" => 17_500,
        _ => 1,
    }
}

/// The most that Stripe takes, in its own units: eight digits.
const MOST: i64 = 99_999_999;

/// Returns the rule that an amount breaks, if Stripe does not take it. Whoever asks a customer for money checks this
/// first: a refusal of Stripe's comes when the customer waits for the link.
pub fn refusal(money: Money) -> Option<String> {
    let currency = money.currency;
    let least = least(currency);
    if money.minor < least {
        let least = Money {
            minor: least,
            currency,
        };
        return Some(format!("must be at least {least}: Stripe takes no less"));
    }
    match to_stripe(money) {
        None if currency.exponent() == 3 => {
            Some("must end in 0: Stripe takes this currency in tens".to_owned())
        }
        None => Some("must be whole units: Stripe takes no decimals of this currency".to_owned()),
        Some(amount) if amount > MOST => Some("is more than Stripe takes at once".to_owned()),
        Some(_) => None,
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
            // Two decimals at Stripe but for payouts.
            (17_550, "HUF", Some(17_550)),
            (1_005, "TWD", Some(1_005)),
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

    #[test]
    fn what_stripe_does_not_take_is_told_before_it_is_asked() {
        for (minor, code, rule) in [
            (50, "USD", None),
            (
                49,
                "USD",
                Some("must be at least 0.50 USD: Stripe takes no less"),
            ),
            (50, "JPY", None),
            (
                49,
                "JPY",
                Some("must be at least 50 JPY: Stripe takes no less"),
            ),
            (
                17_499,
                "HUF",
                Some("must be at least 175.00 HUF: Stripe takes no less"),
            ),
            (1, "UGX", None),
            (1_230, "BHD", None),
            (
                1_235,
                "BHD",
                Some("must end in 0: Stripe takes this currency in tens"),
            ),
            (
                12_350,
                "MGA",
                Some("must be whole units: Stripe takes no decimals of this currency"),
            ),
            (
                0,
                "UGX",
                Some("must be at least 1 UGX: Stripe takes no less"),
            ),
            (99_999_999, "EUR", None),
            (
                100_000_000,
                "EUR",
                Some("is more than Stripe takes at once"),
            ),
            (1_000_000, "ISK", Some("is more than Stripe takes at once")),
        ] {
            let money = Money {
                minor,
                currency: code.parse().unwrap(),
            };
            assert_eq!(refusal(money).as_deref(), rule, "{money}");
        }
    }
}
