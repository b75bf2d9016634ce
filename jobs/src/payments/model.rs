//! Payments as values: their states, and amounts in Stripe's form.

use kazi_platform::{Currency, Money, Timestamp, id};
use uuid::Uuid;

use crate::contacts::ContactId;

id!(
    pub struct OrderId, "ord_"
);
id!(
    pub struct SubscriptionId, "sub_"
);

id!(
    /// A pack of credits that a business buys from the platform.
    pub struct TopUpId, "top_"
);

id!(
    pub struct PaymentId, "pay_"
);
id!(
    /// A workspace's account at Stripe.
    pub struct PaymentAccountId, "pac_"
);
id!(
    pub struct RefundId, "rfd_"
);
id!(
    /// A comparison with Stripe.
    pub struct ReconciliationId, "rec_"
);
id!(
    /// A difference between Kazi and Stripe.
    pub struct DifferenceId, "dif_"
);

/// What is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    Order(OrderId),
    /// A period of a subscription.
    Subscription(SubscriptionId),
    /// Credits of another workspace.
    Credits(TopUpId),
}

impl Subject {
    pub(super) const fn stored(self) -> (&'static str, Uuid) {
        match self {
            Self::Order(id) => ("order", id.uuid()),
            Self::Subscription(id) => ("subscription", id.uuid()),
            Self::Credits(id) => ("credits", id.uuid()),
        }
    }

    pub(super) fn read(kind: &str, id: Uuid) -> Option<Self> {
        match kind {
            "order" => Some(Self::Order(id.into())),
            "subscription" => Some(Self::Subscription(id.into())),
            "credits" => Some(Self::Credits(id.into())),
            _ => None,
        }
    }
}

#[derive(Clone, Debug)]
pub struct NewPayment<'a> {
    /// Derived from its subject, so that it is requested once.
    pub id: PaymentId,
    pub subject: Subject,
    pub contact: ContactId,
    /// More than zero.
    pub amount: Money,
    /// The text at the payment page: 1 to 250 characters.
    pub description: &'a str,
    /// The end of the payment time: 30 minutes to 24 hours from now (Stripe, "Checkout Sessions").
    pub expires_at: Timestamp,
}

/// The customer can pay now.
#[derive(Clone, Debug)]
pub struct Opened {
    pub payment: PaymentId,
    pub url: String,
    pub expires_at: Timestamp,
}

/// The money has come.
#[derive(Clone, Debug)]
pub struct Paid {
    pub payment: PaymentId,
    pub amount: Money,
    pub at: Timestamp,
}

/// How a payment ends without money.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// Nobody paid in time.
    Expired,
    /// The bank refused.
    Failed,
    /// The money went back.
    Refunded,
}

#[derive(Clone, Debug)]
pub struct Ended {
    pub payment: PaymentId,
    pub how: How,
    /// What the payment has failed for, in words.
    pub error: Option<String>,
}

kazi_platform::texts! {
    /// The status only moves forward in this order. The last three are its other ends.
    pub enum Status as "PaymentStatus" {
        /// The session is not created yet.
        Requested = "requested",
        /// The customer can pay.
        Open = "open",
        /// The customer has paid by a method that takes days.
        Processing = "processing",
        /// The money has come.
        Paid = "paid",
        /// All the money went back.
        Refunded = "refunded",
        /// The money is not what was requested. A person must look.
        Mismatched = "mismatched",
        /// Nobody paid in time.
        Expired = "expired",
        /// The bank or Stripe refused.
        Failed = "failed",
        /// It was withdrawn by its subject.
        Withdrawn = "withdrawn",
    }
}

impl Status {
    /// Returns true while money may still come.
    pub const fn waits(self) -> bool {
        matches!(self, Self::Requested | Self::Open | Self::Processing)
    }
}

kazi_platform::texts! {
    /// Why Kazi and Stripe differ. Stored in rows: never rename one.
    pub enum Cause {
        /// Stripe has an event that never came.
        WebhookLost = "webhook_lost",
        /// A payment had moved at Stripe and not here.
        Behind = "behind",
        /// The amount differs from the requested one.
        AmountDiffers = "amount_differs",
        /// The currency differs from the requested one.
        CurrencyDiffers = "currency_differs",
        /// Stripe has a session that Kazi has not requested.
        UnknownSession = "unknown_session",
        /// Money came for a payment that had ended. It goes back.
        PaidAfterEnd = "paid_after_end",
        /// Two sessions of one payment were paid. The second money goes back.
        PaidTwice = "paid_twice",
        /// Stripe does not know a session of ours.
        MissingAtStripe = "missing_at_stripe",
        /// The balance has a charge without a payment.
        ChargeWithoutPayment = "charge_without_payment",
        /// The balance differs from the books.
        LedgerDiffers = "ledger_differs",
        /// Money was refunded outside Kazi.
        RefundElsewhere = "refund_elsewhere",
        /// Stripe or the bank has refused a refund.
        RefundFailed = "refund_failed",
        /// A customer disputes a charge.
        Disputed = "disputed",
    }
}

impl Cause {
    /// Returns true when no person must act.
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

/// An amount in Stripe's form (Stripe, "Currencies"). Stripe has no decimals for the ariary, two for the shilling of
/// Uganda and the krona of Iceland where ISO has none, and takes three-decimal amounts only in tens. Returns `None`
/// when the amount cannot be paid.
pub(super) fn to_stripe(money: Money) -> Option<i64> {
    match money.currency.code() {
        "UGX" | "ISK" => money.minor.checked_mul(100),
        "MGA" => (money.minor % 100 == 0).then_some(money.minor / 100),
        _ if money.currency.exponent() == 3 => (money.minor % 10 == 0).then_some(money.minor),
        _ => Some(money.minor),
    }
}

/// The least that Stripe takes of a currency, in our minor units (Stripe, "Minimum and maximum charge amounts"). Of the
/// other currencies Stripe takes what is worth half a dollar by its rate of the day.
fn least(currency: Currency) -> Option<i64> {
    Some(match currency.code() {
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
        _ => return None,
    })
}

/// What is worth about a quarter of a dollar, in our minor units. It is so far below the half that no rate makes Kazi
/// refuse what Stripe takes.
fn certainly_too_little(currency: Currency) -> i64 {
    match currency.code() {
        "ISK" | "XPF" => 30,
        "DJF" => 40,
        "KWD" => 70,
        "ILS" | "PEN" | "QAR" | "SAR" => 80,
        "BHD" | "OMR" => 90,
        "KMF" => 110,
        "XAF" | "XOF" => 140,
        "CNY" | "GTQ" | "JOD" => 170,
        "CLP" => 220,
        "MAD" => 230,
        "KRW" | "RWF" => 330,
        "ZAR" => 400,
        "ZMW" => 500,
        "BIF" | "TND" | "TWD" => 700,
        "TRY" | "UAH" | "UGX" | "UYU" => 900,
        "MUR" => 1_000,
        "EGP" => 1_100,
        "DOP" | "MZN" | "PHP" => 1_300,
        "PYG" => 1_800,
        "GNF" => 2_000,
        "BDT" => 2_700,
        "ETB" | "KES" => 3_000,
        "VND" => 6_000,
        "PKR" => 6_500,
        "LKR" => 7_000,
        "KZT" => 11_000,
        "NGN" => 30_000,
        "TZS" => 60_000,
        "COP" => 90_000,
        "MGA" => 100_000,
        "IDR" => 380_000,
        _ => 1,
    }
}

/// Returns the rule that an amount breaks, if Stripe does not take it. Whoever asks a customer for money checks this
/// first: a refusal of Stripe's comes when the customer waits for the link.
pub fn refusal(money: Money) -> Option<String> {
    let currency = money.currency;
    if let Some(least) = least(currency).filter(|least| money.minor < *least) {
        let minor = least;
        let least = Money { minor, currency };
        return Some(format!("must be at least {least}: Stripe takes no less"));
    }
    if money.minor < certainly_too_little(currency) {
        return Some("must be worth half a US dollar: Stripe takes no less".to_owned());
    }
    match to_stripe(money) {
        None if currency.exponent() == 3 => {
            Some("must end in 0: Stripe takes this currency in tens".to_owned())
        }
        None => Some("must be whole units: Stripe takes no decimals of this currency".to_owned()),
        Some(amount) if amount > currency.most() => {
            Some("is more than Stripe takes at once".to_owned())
        }
        Some(_) => None,
    }
}

/// An amount from Stripe. Returns `None` for an unknown currency.
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
            (900, "UGX", None),
            (
                2_999,
                "KES",
                Some("must be worth half a US dollar: Stripe takes no less"),
            ),
            (6_500, "KES", None),
            (1, "LBP", None),
            (
                199,
                "MYR",
                Some("must be at least 2.00 MYR: Stripe takes no less"),
            ),
            (
                1_499,
                "CZK",
                Some("must be at least 15.00 CZK: Stripe takes no less"),
            ),
            (1_230, "BHD", None),
            (
                1_235,
                "BHD",
                Some("must end in 0: Stripe takes this currency in tens"),
            ),
            (
                1_012_350,
                "MGA",
                Some("must be whole units: Stripe takes no decimals of this currency"),
            ),
            (
                899,
                "UGX",
                Some("must be worth half a US dollar: Stripe takes no less"),
            ),
            (99_999_999, "EUR", None),
            (
                100_000_000,
                "EUR",
                Some("is more than Stripe takes at once"),
            ),
            (1_000_000, "ISK", Some("is more than Stripe takes at once")),
            (999_999_999_999, "IDR", None),
            (
                1_000_000_000_000,
                "IDR",
                Some("is more than Stripe takes at once"),
            ),
        ] {
            let money = Money {
                minor,
                currency: code.parse().unwrap(),
            };
            assert_eq!(refusal(money).as_deref(), rule, "{money}");
        }
    }
}
