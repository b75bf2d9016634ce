//! Payments as members see them.

use kazi_platform::Timestamp;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::{DifferenceId, PaymentId, ReconciliationId, RefundId};
use crate::contacts::ContactId;

/// A payment as members see it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Payment)]
pub struct PaymentView {
    /// Its id.
    pub id: PaymentId,
    /// `order` or `subscription`.
    #[schema(example = "order")]
    pub subject_kind: String,
    /// Its id.
    #[schema(example = "ord_0190a5b2c3d4e5f60718293a4b5c6d7e")]
    pub subject: String,
    /// Who pays.
    pub contact: ContactId,
    /// In minor units: cents.
    #[schema(example = 1250)]
    pub amount_minor: i64,
    /// ISO 4217.
    #[schema(example = "USD")]
    pub currency: String,
    /// What the customer reads.
    pub description: String,
    /// `requested`, `open`, `processing`, `paid`, `refunded`, `mismatched`, `expired`, `failed` or `withdrawn`.
    #[schema(example = "paid")]
    pub status: String,
    /// Where it can be paid, while it is open.
    pub url: Option<String>,
    /// Stripe's id of the Checkout session.
    pub session: Option<String>,
    /// Stripe's id of the PaymentIntent.
    pub intent: Option<String>,
    /// Money that came.
    pub received_minor: i64,
    /// Its currency.
    pub received_currency: Option<String>,
    /// How much of it went back, or is on its way.
    pub refunded_minor: i64,
    /// Why it failed.
    pub error: Option<String>,
    /// Until when it can be paid.
    #[schema(value_type = String, format = DateTime)]
    pub expires_at: Timestamp,
    /// When the money came.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub paid_at: Option<Timestamp>,
    /// When it was asked for.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When it was last changed.
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
}

/// A refund as members see it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Refund)]
pub struct RefundView {
    /// Its id.
    pub id: RefundId,
    /// In minor units: cents.
    #[schema(example = 1250)]
    pub amount_minor: i64,
    /// ISO 4217.
    #[schema(example = "USD")]
    pub currency: String,
    /// Why.
    pub reason: String,
    /// `requested`, `pending`, `succeeded` or `failed`.
    #[schema(example = "succeeded")]
    pub status: String,
    /// Stripe's id of it.
    pub refund_id: Option<String>,
    /// Why it failed.
    pub error: Option<String>,
    /// When it was asked for.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
}

/// A comparison with Stripe as members see it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Reconciliation)]
pub struct ReconciliationView {
    /// Its id.
    pub id: ReconciliationId,
    /// `running`, `done` or `failed`.
    #[schema(example = "done")]
    pub status: String,
    /// The time that was compared: from.
    #[schema(value_type = String, format = DateTime)]
    pub from_at: Timestamp,
    /// To.
    #[schema(value_type = String, format = DateTime)]
    pub until_at: Timestamp,
    /// Stripe's events that were looked at.
    pub events: i32,
    /// Stripe's sessions that were looked at.
    pub sessions: i32,
    /// Stripe's balance transactions that were looked at.
    pub transactions: i32,
    /// What was brought up to what Stripe knows.
    pub repaired: i32,
    /// What was found to differ, repaired or not.
    pub differences: i32,
    /// Why it failed.
    pub error: Option<String>,
    /// When it began.
    #[schema(value_type = String, format = DateTime)]
    pub started_at: Timestamp,
    /// When it ended.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub finished_at: Option<Timestamp>,
}

/// What differs, as members see it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = PaymentDifference)]
pub struct DifferenceView {
    /// Its id.
    pub id: DifferenceId,
    /// `webhook_lost`, `behind`, `amount_differs`, `currency_differs`, `unknown_session`, `paid_after_end`, `paid_twice`,
    /// `missing_at_stripe`, `charge_without_payment`, `ledger_differs`, `refund_elsewhere`, `refund_failed` or `disputed`.
    #[schema(example = "amount_differs")]
    pub cause: String,
    /// Stripe's id of it, or ours where Stripe has none.
    pub reference: String,
    /// Which payment.
    pub payment: Option<PaymentId>,
    /// What was expected and what was found.
    #[schema(value_type = Object)]
    pub detail: Value,
    /// Nobody has to do anything about it.
    pub repaired: bool,
    /// When it was found.
    #[schema(value_type = String, format = DateTime)]
    pub found_at: Timestamp,
    /// When it was last found.
    #[schema(value_type = String, format = DateTime)]
    pub seen_at: Timestamp,
}
