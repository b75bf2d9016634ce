//! Stripe's objects, as far as they are used. Amounts are in minor units; times are Unix seconds.

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::Value;

use super::{PAGE, form::Form};
use crate::json::list;

/// A Checkout session to be made.
#[derive(Clone, Debug)]
pub struct NewSession<'a> {
    /// Ours: comes back as `client_reference_id`, and in the metadata of all that comes out of the session.
    pub reference: &'a str,
    /// Minor units.
    pub amount: i64,
    /// ISO 4217.
    pub currency: &'a str,
    /// What the customer reads.
    pub description: &'a str,
    /// Where the customer goes after paying.
    pub success_url: &'a str,
    /// Where the customer goes otherwise.
    pub cancel_url: &'a str,
    /// 30 minutes to 24 hours from now.
    pub expires_at: i64,
}

/// The key of our reference in Stripe's metadata.
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

/// Where a session is in its life.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SessionStatus {
    /// It can be paid.
    Open,
    /// The customer is through; the money may still be on its way.
    Complete,
    /// Nobody can pay it any more.
    Expired,
    /// A word of a newer Stripe.
    #[default]
    #[serde(other)]
    Unknown,
}

/// Whether there is money.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaymentStatus {
    /// There is.
    Paid,
    /// Not, or not yet.
    Unpaid,
    /// The session is for nothing.
    NoPaymentRequired,
    /// A word of a newer Stripe.
    #[default]
    #[serde(other)]
    Unknown,
}

/// A Checkout session.
#[derive(Clone, Debug, Deserialize)]
pub struct Session {
    /// `cs_…`
    pub id: String,
    /// Where it is in its life.
    #[serde(default)]
    pub status: SessionStatus,
    /// Whether there is money.
    #[serde(default)]
    pub payment_status: PaymentStatus,
    /// Where the customer pays, while it is open.
    pub url: Option<String>,
    /// Minor units.
    pub amount_total: Option<i64>,
    /// Small letters.
    pub currency: Option<String>,
    /// Ours.
    pub client_reference_id: Option<String>,
    /// `pi_…`, from the time when the customer pays.
    pub payment_intent: Option<String>,
    /// When it was made.
    #[serde(default)]
    pub created: i64,
    /// Until when it can be paid.
    #[serde(default)]
    pub expires_at: i64,
}

/// A PaymentIntent.
#[derive(Clone, Debug, Deserialize)]
pub struct Intent {
    /// `pi_…`
    pub id: String,
    /// `processing`, `succeeded`, `requires_payment_method`, `canceled` …
    #[serde(default)]
    pub status: String,
}

impl Intent {
    /// The bank has refused, or it was given up: no money comes by it.
    pub fn has_failed(&self) -> bool {
        matches!(self.status.as_str(), "requires_payment_method" | "canceled")
    }
}

/// An event.
#[derive(Clone, Debug, Deserialize)]
pub struct Event {
    /// `evt_…`
    pub id: String,
    /// `checkout.session.completed` …
    #[serde(rename = "type")]
    pub kind: String,
    /// When it happened.
    #[serde(default)]
    pub created: i64,
    /// About what.
    #[serde(default)]
    pub data: EventData,
}

/// What an event is about.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct EventData {
    /// The object as it was then. It may have changed since: fetch it anew.
    #[serde(default)]
    pub object: Value,
}

impl Event {
    /// The object's id: `cs_…`, `pi_…`, `ch_…`.
    pub fn object_id(&self) -> &str {
        self.data.object["id"].as_str().unwrap_or_default()
    }

    /// The PaymentIntent that the object is, or belongs to.
    pub fn intent(&self) -> Option<&str> {
        let own = Some(self.object_id()).filter(|id| id.starts_with("pi_"));
        own.or_else(|| self.data.object["payment_intent"].as_str())
    }
}

/// Money to be given back.
#[derive(Clone, Debug)]
pub struct NewRefund<'a> {
    /// `pi_…`
    pub intent: &'a str,
    /// Minor units.
    pub amount: i64,
    /// Ours: comes back in the refund's metadata.
    pub reference: &'a str,
}

impl NewRefund<'_> {
    pub(super) fn form(&self) -> Form {
        let mut form = Form::default();
        form.add("payment_intent", self.intent)
            .add("amount", self.amount.to_string())
            .add("reason", "requested_by_customer")
            .add(format!("metadata[{REFERENCE}]"), self.reference);
        form
    }
}

/// Where a refund is in its life.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefundStatus {
    /// On its way.
    Pending,
    /// The customer has to do something.
    RequiresAction,
    /// Done.
    Succeeded,
    /// The bank did not take it: the money is back at Stripe.
    Failed,
    /// Taken back.
    Canceled,
    /// A word of a newer Stripe.
    #[default]
    #[serde(other)]
    Unknown,
}

/// A refund.
#[derive(Clone, Debug, Deserialize)]
pub struct Refund {
    /// `re_…`
    pub id: String,
    /// Minor units.
    pub amount: i64,
    /// Small letters.
    pub currency: String,
    /// Where it is in its life.
    #[serde(default)]
    pub status: RefundStatus,
    /// `pi_…`
    pub payment_intent: Option<String>,
    /// When it was made.
    #[serde(default)]
    pub created: i64,
    /// Why it failed.
    pub failure_reason: Option<String>,
    #[serde(default)]
    metadata: HashMap<String, Value>,
}

impl Refund {
    /// Ours.
    pub fn reference(&self) -> Option<&str> {
        self.metadata.get(REFERENCE)?.as_str()
    }
}

/// A movement of the account's balance.
#[derive(Clone, Debug, Deserialize)]
pub struct BalanceTransaction {
    /// `txn_…`
    pub id: String,
    /// Gross, negative when it leaves.
    pub amount: i64,
    /// What Stripe keeps of it.
    #[serde(default)]
    pub fee: i64,
    /// Small letters: the balance's, not always the customer's.
    pub currency: String,
    /// `charge`, `payment`, `refund`, `payment_refund`, `payout`, `adjustment`, `stripe_fee` …
    #[serde(rename = "type")]
    pub kind: String,
    /// When it was made.
    #[serde(default)]
    pub created: i64,
    /// What it is about.
    pub source: Option<Source>,
}

/// What a balance transaction is about.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum Source {
    /// A charge, refund, dispute … with its PaymentIntent.
    Whole(Charge),
    /// Only its id.
    Id(String),
}

/// What there is to know of a charge, refund or dispute.
#[derive(Clone, Debug, Deserialize)]
pub struct Charge {
    /// `ch_…`, `py_…`, `re_…`, `dp_…`.
    pub id: String,
    /// `pi_…`
    pub payment_intent: Option<String>,
    /// What the customer paid, in the customer's currency.
    pub amount: Option<i64>,
    /// The customer's currency, small letters.
    pub currency: Option<String>,
}

/// The account of a key.
#[derive(Clone, Debug, Deserialize)]
pub struct Account {
    /// `acct_…`
    pub id: String,
}

/// A page; what cannot be read is left out.
#[derive(Clone, Debug, Deserialize)]
#[serde(bound = "T: serde::de::DeserializeOwned")]
pub struct List<T> {
    /// Its items.
    #[serde(deserialize_with = "list")]
    pub data: Vec<T>,
    /// There are more behind the last one.
    #[serde(default)]
    pub has_more: bool,
}

/// Which page: of the time between, at most [`PAGE`] items.
#[derive(Clone, Copy, Debug, Default)]
pub struct Page<'a> {
    /// Made at this time or later.
    pub from: i64,
    /// Made before this time.
    pub until: i64,
    /// The last item of the page before.
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
