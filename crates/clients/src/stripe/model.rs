//! Stripe's objects, with the fields that this program uses. Amounts are in minor units; times are in Unix seconds.

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::Value;

use super::{PAGE, form::Form};
use crate::json::{list, number, object, or_default, text, word};

/// A Checkout session to make.
#[derive(Clone, Debug)]
pub struct NewSession<'a> {
    /// This program's id. Stripe returns it as `client_reference_id`, and in the metadata of everything that the
    /// session makes.
    pub reference: &'a str,
    /// In minor units.
    pub amount: i64,
    /// An ISO 4217 code.
    pub currency: &'a str,
    /// The text that the customer reads.
    pub description: &'a str,
    /// The customer goes to this URL after paying.
    pub success_url: &'a str,
    /// The customer goes to this URL without paying.
    pub cancel_url: &'a str,
    /// From 30 minutes to 24 hours from now, in Unix seconds.
    pub expires_at: i64,
}

/// The name of this program's id in Stripe's metadata.
const REFERENCE: &str = "kazi_reference";

impl NewSession<'_> {
    pub(super) fn form(&self) -> Form {
        let mut form = Form::default();
        let item = "line_items[0]";
        form.add("mode", "payment")
            .add("client_reference_id", self.reference)
            .add(format!("{item}[quantity]"), "1")
            .add(
                format!("{item}[price_data][currency]"),
                self.currency.to_ascii_lowercase(),
            )
            .add(
                format!("{item}[price_data][unit_amount]"),
                self.amount.to_string(),
            )
            .add(
                format!("{item}[price_data][product_data][name]"),
                self.description,
            )
            .add("success_url", self.success_url)
            .add("cancel_url", self.cancel_url)
            .add("expires_at", self.expires_at.to_string())
            .add(format!("metadata[{REFERENCE}]"), self.reference)
            .add(
                format!("payment_intent_data[metadata][{REFERENCE}]"),
                self.reference,
            );
        form
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SessionStatus {
    /// The customer can pay.
    Open,
    /// The customer has finished. The money may still be on its way.
    Complete,
    /// Nobody can pay any more.
    Expired,
    /// A value of a newer version of Stripe.
    #[default]
    #[serde(other)]
    Unknown,
}

/// Whether the money has arrived.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaymentStatus {
    Paid,
    /// The money has not arrived, or not yet.
    Unpaid,
    /// The session costs nothing.
    NoPaymentRequired,
    /// A value of a newer version of Stripe.
    #[default]
    #[serde(other)]
    Unknown,
}

#[derive(Clone, Debug, Deserialize)]
pub struct Session {
    /// Begins with `cs_`.
    pub id: String,
    #[serde(default, deserialize_with = "or_default")]
    pub status: SessionStatus,
    /// Whether the money has arrived.
    #[serde(default, deserialize_with = "or_default")]
    pub payment_status: PaymentStatus,
    /// The page where the customer pays. It exists while the session is open.
    pub url: Option<String>,
    /// In minor units.
    pub amount_total: Option<i64>,
    /// In lower case.
    pub currency: Option<String>,
    /// Older versions of Stripe write it when the customer has paid in another currency than was asked for.
    #[serde(default, deserialize_with = "object")]
    currency_conversion: Option<Conversion>,
    /// This program's id.
    pub client_reference_id: Option<String>,
    /// Begins with `pi_`. It exists when the customer has paid.
    pub payment_intent: Option<String>,
    /// In Unix seconds.
    #[serde(default, deserialize_with = "or_default")]
    pub created: i64,
    /// In Unix seconds. Nobody can pay later.
    #[serde(default, deserialize_with = "or_default")]
    pub expires_at: i64,
}

/// What was asked for, before Stripe presented it in the customer's currency (Stripe, "Adaptive Pricing").
#[derive(Clone, Debug, Deserialize)]
struct Conversion {
    amount_total: i64,
    source_currency: String,
}

impl Session {
    /// Returns the amount and the currency that the session asked for. The customer may have paid in another currency:
    /// newer versions of Stripe write that into `presentment_details`, older ones into `amount_total` and `currency`.
    pub fn asked(&self) -> Option<(i64, &str)> {
        if let Some(asked) = &self.currency_conversion {
            return Some((asked.amount_total, &asked.source_currency));
        }
        self.amount_total.zip(self.currency.as_deref())
    }
}

#[derive(Clone, Debug, Deserialize)]
pub struct Intent {
    /// Begins with `pi_`.
    pub id: String,
    /// In minor units.
    #[serde(default, deserialize_with = "or_default")]
    pub amount: i64,
    /// In lower case. It is the customer's when an older version of Stripe has converted the amount.
    #[serde(default, deserialize_with = "or_default")]
    pub currency: String,
    /// Like `processing`, `succeeded`, `requires_payment_method` or `canceled`.
    #[serde(default, deserialize_with = "or_default")]
    pub status: String,
}

impl Intent {
    /// Tells whether this payment brings no money: the bank refused it, or it was cancelled.
    pub fn has_failed(&self) -> bool {
        matches!(self.status.as_str(), "requires_payment_method" | "canceled")
    }
}

/// A dispute: the customer's bank takes a payment back, or asks about it first.
#[derive(Clone, Debug, Deserialize)]
pub struct Dispute {
    /// Begins with `dp_` or `du_`.
    pub id: String,
    /// Like `warning_needs_response`, `needs_response`, `under_review`, `won` or `lost`.
    #[serde(default, deserialize_with = "word")]
    pub status: String,
    /// Like `fraudulent` or `product_not_received`.
    #[serde(default, deserialize_with = "text")]
    pub reason: Option<String>,
    /// In minor units. It may be another amount than that of the payment.
    #[serde(default, deserialize_with = "number")]
    pub amount: Option<i64>,
    /// In lower case.
    #[serde(default, deserialize_with = "text")]
    pub currency: Option<String>,
    /// Begins with `ch_` or `py_`.
    #[serde(default, deserialize_with = "text")]
    pub charge: Option<String>,
    /// Begins with `pi_`.
    #[serde(default, deserialize_with = "text")]
    pub payment_intent: Option<String>,
    #[serde(default, deserialize_with = "object")]
    evidence_details: Option<Evidence>,
    #[serde(default, deserialize_with = "object")]
    payment_method_details: Option<Method>,
}

#[derive(Clone, Debug, Deserialize)]
struct Evidence {
    due_by: Option<i64>,
}

#[derive(Clone, Debug, Deserialize)]
struct Method {
    #[serde(default, deserialize_with = "object")]
    card: Option<Card>,
}

#[derive(Clone, Debug, Deserialize)]
struct Card {
    /// Like `chargeback`, `inquiry`, `block`, `compliance` or `resolution`.
    #[serde(default, deserialize_with = "word")]
    case_type: String,
}

impl Dispute {
    /// Returns the time until which Stripe takes evidence, in Unix seconds.
    pub fn due_by(&self) -> Option<i64> {
        self.evidence_details.as_ref()?.due_by
    }

    /// Tells whether the network has given the money back before the bank asked for it: a prevented dispute is blocked,
    /// or else resolved by a refund (Stripe, "Dispute prevention").
    pub fn is_resolved_by_refund(&self) -> bool {
        let card = self.payment_method_details.as_ref();
        let card = card.and_then(|method| method.card.as_ref());
        self.status == "prevented" && card.is_some_and(|card| card.case_type == "resolution")
    }
}

/// A refund to make.
#[derive(Clone, Debug)]
pub struct NewRefund<'a> {
    /// Begins with `pi_`.
    pub intent: &'a str,
    /// In minor units. `None` gives back all that is left, whatever the currency of the charge.
    pub amount: Option<i64>,
    /// This program's id. Stripe returns it in the refund's metadata.
    pub reference: &'a str,
}

impl NewRefund<'_> {
    pub(super) fn form(&self) -> Form {
        let mut form = Form::default();
        form.add("payment_intent", self.intent);
        if let Some(amount) = self.amount {
            form.add("amount", amount.to_string());
        }
        form.add("reason", "requested_by_customer")
            .add(format!("metadata[{REFERENCE}]"), self.reference);
        form
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefundStatus {
    /// The money is on its way.
    Pending,
    /// The customer must act.
    RequiresAction,
    Succeeded,
    /// The bank did not accept the money. It is back at Stripe.
    Failed,
    Canceled,
    /// A value of a newer version of Stripe.
    #[default]
    #[serde(other)]
    Unknown,
}

#[derive(Clone, Debug, Deserialize)]
pub struct Refund {
    /// Begins with `re_`.
    pub id: String,
    /// In minor units.
    pub amount: i64,
    /// In lower case.
    pub currency: String,
    #[serde(default, deserialize_with = "or_default")]
    pub status: RefundStatus,
    /// Begins with `pi_`.
    pub payment_intent: Option<String>,
    /// In Unix seconds.
    #[serde(default, deserialize_with = "or_default")]
    pub created: i64,
    pub failure_reason: Option<String>,
    #[serde(default, deserialize_with = "or_default")]
    metadata: HashMap<String, Value>,
}

impl Refund {
    /// Returns this program's id.
    pub fn reference(&self) -> Option<&str> {
        self.metadata.get(REFERENCE)?.as_str()
    }
}

/// A movement of the account's balance.
#[derive(Clone, Debug, Deserialize)]
pub struct BalanceTransaction {
    /// Begins with `txn_`.
    pub id: String,
    /// The gross amount in minor units. It is negative when money leaves the account.
    pub amount: i64,
    /// Stripe's fee, in minor units.
    #[serde(default, deserialize_with = "or_default")]
    pub fee: i64,
    /// The currency of the balance, in lower case. It may differ from the customer's currency.
    pub currency: String,
    /// Like `charge`, `payment`, `refund`, `payment_refund`, `payout`, `adjustment` or `stripe_fee`.
    #[serde(rename = "type")]
    pub kind: String,
    /// In Unix seconds.
    #[serde(default, deserialize_with = "or_default")]
    pub created: i64,
    pub source: Option<Source>,
}

/// The object that moved the balance.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum Source {
    /// The charge, refund or dispute with its PaymentIntent.
    Whole(Charge),
    /// Only the id of the object.
    Id(String),
}

/// The used fields of a charge, refund or dispute.
#[derive(Clone, Debug, Deserialize)]
pub struct Charge {
    /// Begins with `ch_`, `py_`, `re_` or `dp_`.
    pub id: String,
    /// Begins with `pi_`.
    pub payment_intent: Option<String>,
    /// The amount that the customer paid, in minor units of the customer's currency.
    pub amount: Option<i64>,
    /// The customer's currency, in lower case.
    pub currency: Option<String>,
}

/// The account that a key belongs to.
#[derive(Clone, Debug, Deserialize)]
pub struct Account {
    /// Begins with `acct_`.
    pub id: String,
}

/// One page of a list, without the items that cannot be read.
#[derive(Clone, Debug, Deserialize)]
#[serde(bound = "T: serde::de::DeserializeOwned")]
pub struct List<T> {
    #[serde(deserialize_with = "list")]
    pub data: Vec<T>,
    /// Another page follows.
    #[serde(default, deserialize_with = "or_default")]
    pub has_more: bool,
}

/// Selects a page: at most [`PAGE`] items of a period.
#[derive(Clone, Copy, Debug, Default)]
pub struct Page<'a> {
    /// The start of the period, in Unix seconds, inclusive.
    pub from: i64,
    /// The end of the period, in Unix seconds, exclusive.
    pub until: i64,
    /// The id of the last item on the page before.
    pub after: Option<&'a str>,
}

impl Page<'_> {
    pub(super) fn form(&self) -> Form {
        let mut form = Form::default();
        form.add("created[gte]", self.from.to_string())
            .add("created[lt]", self.until.to_string())
            .add("limit", PAGE.to_string());
        if let Some(after) = self.after {
            form.add("starting_after", after);
        }
        form
    }
}
