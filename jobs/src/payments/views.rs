//! Payments for members.

use kazi_platform::Timestamp;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::{DifferenceId, PaymentId, ReconciliationId, RefundId};
use crate::contacts::ContactId;

/// A payment for members.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Payment)]
pub struct PaymentView {
    pub id: PaymentId,
    /// `order`, `subscription`, or `credits` that another workspace buys.
    #[schema(example = "order")]
    pub subject_kind: String,
    #[schema(example = "ord_0190a5b2c3d4e5f60718293a4b5c6d7e")]
    pub subject_id: String,
    pub contact_id: ContactId,
    /// Minor units, such as cents.
    #[schema(example = 1250)]
    pub amount_minor: i64,
    /// ISO 4217.
    #[schema(example = "USD")]
    pub currency: String,
    /// The text at the payment page.
    pub description: String,
    /// `requested`, `open`, `processing`, `paid`, `refunded`, `mismatched`, `expired`, `failed` or `withdrawn`.
    #[schema(example = "paid")]
    pub status: String,
    /// The payment page, while the payment is open.
    pub url: Option<String>,
    /// Stripe's id of the Checkout session.
    pub session_id: Option<String>,
    /// Stripe's id of the PaymentIntent.
    pub intent_id: Option<String>,
    /// The money that came.
    pub received_minor: i64,
    pub received_currency: Option<String>,
    /// The part of it that went back or is on its way.
    pub refunded_minor: i64,
    /// Why it failed.
    pub error: Option<String>,
    /// The end of the payment time.
    #[schema(value_type = String, format = DateTime)]
    pub expires_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub paid_at: Option<Timestamp>,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
}

/// A refund for members.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Refund)]
pub struct RefundView {
    pub id: RefundId,
    /// Minor units, such as cents.
    #[schema(example = 1250)]
    pub amount_minor: i64,
    /// ISO 4217.
    #[schema(example = "USD")]
    pub currency: String,
    pub reason: String,
    /// `requested`, `pending`, `succeeded` or `failed`.
    #[schema(example = "succeeded")]
    pub status: String,
    /// Stripe's id of the refund.
    pub refund_id: Option<String>,
    /// Why it failed.
    pub error: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
}

/// A comparison with Stripe, for members.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Reconciliation)]
pub struct ReconciliationView {
    pub id: ReconciliationId,
    /// `running`, `done` or `failed`.
    #[schema(example = "done")]
    pub status: String,
    /// The beginning of the compared time.
    #[schema(value_type = String, format = DateTime)]
    pub from_at: Timestamp,
    /// The end of the compared time.
    #[schema(value_type = String, format = DateTime)]
    pub until_at: Timestamp,
    /// The number of Stripe's events that were read.
    pub events: i32,
    /// The number of Stripe's sessions that were read.
    pub sessions: i32,
    /// The number of Stripe's balance transactions that were read.
    pub transactions: i32,
    /// The number of differences that were repaired.
    pub repaired: i32,
    /// The number of all differences.
    pub differences: i32,
    /// Why it failed.
    pub error: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    pub started_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub finished_at: Option<Timestamp>,
}

/// A difference between Kazi and Stripe, for members.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = PaymentDifference)]
pub struct DifferenceView {
    pub id: DifferenceId,
    /// `webhook_lost`, `behind`, `amount_differs`, `currency_differs`, `unknown_session`, `paid_after_end`, `paid_twice`,
    /// `missing_at_stripe`, `charge_without_payment`, `ledger_differs`, `refund_elsewhere`, `refund_failed` or `disputed`.
    #[schema(example = "amount_differs")]
    pub cause: String,
    /// Stripe's id of the object, or Kazi's when Stripe has none.
    pub reference: String,
    pub payment_id: Option<PaymentId>,
    /// The expected and the found values.
    #[schema(value_type = Object)]
    pub detail: Value,
    /// Whether no person must act.
    pub repaired: bool,
    /// When it was found first.
    #[schema(value_type = String, format = DateTime)]
    pub found_at: Timestamp,
    /// When it was found last.
    #[schema(value_type = String, format = DateTime)]
    pub seen_at: Timestamp,
}
