//! The books, by double entry. Debit is positive and credit negative. The entries of a transaction sum to zero in each
//! currency; the database checks this at the commit.
//!
//! The account `stripe` is the balance at Stripe, to the cent: each balance transaction there is a transaction here.

use kazi_platform::{Money, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::PaymentId;
pub use super::store::ledger::{balances, entries};

/// The balance at Stripe.
pub(super) const STRIPE: &str = "stripe";
/// Income.
pub(super) const SALES: &str = "sales";
/// Refunded income.
pub(super) const REFUNDS: &str = "refunds";
/// Stripe's fees.
pub(super) const FEES: &str = "fees";
/// Money without a payment that is due. It goes back, or a person decides.
pub(super) const UNMATCHED: &str = "unmatched";
/// Money that Stripe has paid out.
pub(super) const BANK: &str = "bank";
/// Disputes and other movements at Stripe.
pub(super) const ADJUSTMENTS: &str = "adjustments";
/// Exchanges between currencies.
pub(super) const EXCHANGE: &str = "exchange";

/// A transaction that is booked once.
#[derive(Clone, Debug)]
pub(super) struct Posting {
    pub kind: &'static str,
    /// The event outside: `charge:pi_…`.
    pub reference: String,
    pub payment: Option<PaymentId>,
    pub at: Timestamp,
    pub entries: Vec<(&'static str, Money)>,
}

impl Posting {
    /// From one account to another. Returns `None` for an amount of zero.
    pub fn new(
        kind: &'static str,
        reference: String,
        payment: Option<PaymentId>,
        at: Timestamp,
        (to, from): (&'static str, &'static str),
        money: Money,
    ) -> Option<Self> {
        let credit = Money {
            minor: money.minor.checked_neg()?,
            ..money
        };
        (money.minor != 0).then(|| Self {
            kind,
            reference,
            payment,
            at,
            entries: vec![(to, money), (from, credit)],
        })
    }
}

/// An entry for members.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = LedgerEntry)]
pub struct EntryView {
    /// The transaction of the entry.
    pub transaction: Uuid,
    /// `charge`, `fee`, `refund`, `refund_failed`, `payout`, `exchange` or `adjustment`.
    #[schema(example = "charge")]
    pub kind: String,
    /// The event outside.
    #[schema(example = "charge:pi_3MtwBwLkdIwHu7ix28a3tqPa")]
    pub reference: String,
    pub payment: Option<PaymentId>,
    /// `stripe`, `sales`, `refunds`, `fees`, `unmatched`, `bank`, `adjustments` or `exchange`.
    #[schema(example = "stripe")]
    pub account: String,
    /// ISO 4217.
    #[schema(example = "USD")]
    pub currency: String,
    /// Minor units. Debit is positive, credit negative.
    #[schema(example = 1250)]
    pub amount_minor: i64,
    #[schema(value_type = String, format = DateTime)]
    pub happened_at: Timestamp,
}

/// The sum of an account in a currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = LedgerBalance)]
pub struct BalanceView {
    /// As in the entries.
    #[schema(example = "stripe")]
    pub account: String,
    /// ISO 4217.
    #[schema(example = "USD")]
    pub currency: String,
    /// Minor units. Debit is positive, credit negative.
    #[schema(example = 121_200)]
    pub amount_minor: i64,
}
