//! The books: what happened to money as transactions of double entry. Debit is positive, credit negative; the entries of
//! a transaction sum to zero in each currency, which the database checks at the commit.
//!
//! The account `stripe` is the balance at Stripe, to the cent: every balance transaction there is one here.

use kazi_platform::{Money, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::PaymentId;
pub use super::store::ledger::{balances, entries};

/// The balance at Stripe.
pub(super) const STRIPE: &str = "stripe";
/// What was earned.
pub(super) const SALES: &str = "sales";
/// What of it was given back.
pub(super) const REFUNDS: &str = "refunds";
/// What Stripe keeps.
pub(super) const FEES: &str = "fees";
/// Money that nothing was due for: it goes back, or a person decides.
pub(super) const UNMATCHED: &str = "unmatched";
/// What Stripe has paid out.
pub(super) const BANK: &str = "bank";
/// Disputes and whatever else Stripe does.
pub(super) const ADJUSTMENTS: &str = "adjustments";
/// Where one currency becomes another.
pub(super) const EXCHANGE: &str = "exchange";

/// A transaction to be booked once.
#[derive(Clone, Debug)]
pub(super) struct Posting {
    pub kind: &'static str,
    /// What happened outside: `charge:pi_…`.
    pub reference: String,
    pub payment: Option<PaymentId>,
    pub at: Timestamp,
    pub entries: Vec<(&'static str, Money)>,
}

impl Posting {
    /// From one account to another. Of nothing there is nothing to book.
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

/// An entry as members see it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = LedgerEntry)]
pub struct EntryView {
    /// The transaction that it belongs to.
    pub transaction: Uuid,
    /// `charge`, `fee`, `refund`, `refund_failed`, `payout`, `exchange` or `adjustment`.
    #[schema(example = "charge")]
    pub kind: String,
    /// What happened outside.
    #[schema(example = "charge:pi_3MtwBwLkdIwHu7ix28a3tqPa")]
    pub reference: String,
    /// Which payment.
    pub payment: Option<PaymentId>,
    /// `stripe`, `sales`, `refunds`, `fees`, `unmatched`, `bank`, `adjustments` or `exchange`.
    #[schema(example = "stripe")]
    pub account: String,
    /// ISO 4217.
    #[schema(example = "USD")]
    pub currency: String,
    /// In minor units; debit is positive, credit negative.
    #[schema(example = 1250)]
    pub amount_minor: i64,
    /// When it happened.
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
    /// In minor units; debit is positive, credit negative.
    #[schema(example = 121_200)]
    pub amount_minor: i64,
}
