//! Documents of sales as values.

use chrono::NaiveDate;
use kazi_platform::{Timestamp, id, invalid::Invalid, texts};
use kazi_queue::EnqueueError;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    contacts::ContactId,
    media::MediaId,
    payments::{OrderId, PaymentId},
    violations::Violations,
};

id!(
    /// An invoice, a receipt or a credit note.
    pub struct InvoiceId, "ivc_"
);

texts! {
    pub enum InvoiceKind as "InvoiceKind" {
        /// What was sold, and that it is paid.
        Invoice = "invoice",
        /// That money has come.
        Receipt = "receipt",
        /// Money of an invoice went back.
        CreditNote = "credit_note",
    }
}

/// What a document is issued for, once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    Order(OrderId),
    /// Of something that is no order: a period of a subscription, or credits.
    Payment(PaymentId),
}

impl Cause {
    pub const fn uuid(self) -> Uuid {
        match self {
            Self::Order(id) => id.uuid(),
            Self::Payment(id) => id.uuid(),
        }
    }
}

/// Who sells, as the workspace's settings say.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seller {
    pub name: String,
    pub address: String,
    pub tax_number: String,
    pub footer: String,
}

/// Who buys, as the contact was then. An erasure of the contact empties it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Buyer {
    pub name: String,
    pub phone: Option<String>,
    pub email: Option<String>,
}

/// A line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = InvoiceLine)]
pub struct Line {
    #[schema(example = "Kenyan coffee")]
    pub name: String,
    /// The business's own number of the product.
    #[schema(example = "COF-250")]
    pub detail: String,
    #[schema(example = 2)]
    pub quantity: i32,
    /// The price of one piece, in minor units.
    #[schema(example = 1250)]
    pub price_minor: i64,
    /// In minor units.
    #[schema(example = 2500)]
    pub amount_minor: i64,
}

texts! {
    /// What stands between the lines and the total.
    pub enum SumKind as "InvoiceSumKind" {
        Subtotal = "subtotal",
        /// Less than zero.
        Discount = "discount",
        Shipping = "shipping",
        /// Part of the total.
        Tax = "tax",
        /// The lines have it already.
        TaxIncluded = "tax_included",
    }
}

/// An amount between the lines and the total.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = InvoiceSum)]
pub struct Sum {
    pub kind: SumKind,
    /// More words, such as the name and the rate of a tax.
    #[schema(example = "VAT 16%")]
    pub label: String,
    /// In minor units.
    #[schema(example = 400)]
    pub minor: i64,
}

/// The document that a credit note corrects.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reference {
    pub number: String,
    pub issued_on: NaiveDate,
}

/// What a document says, as it was when it was issued.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paper {
    pub seller: Seller,
    pub lines: Vec<Line>,
    pub sums: Vec<Sum>,
    /// The number of the order.
    pub order: Option<i64>,
    pub paid_on: Option<NaiveDate>,
    pub corrects: Option<Reference>,
    /// The customer's remark.
    pub note: String,
}

/// An invoice, a receipt or a credit note.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Invoice)]
pub struct InvoiceView {
    pub id: InvoiceId,
    pub kind: InvoiceKind,
    #[schema(example = "INV-2026-000012")]
    pub number: String,
    pub contact_id: ContactId,
    /// As it was then. Empty: the contact had none, or is erased.
    #[schema(example = "Amina Otieno")]
    pub buyer_name: String,
    /// `order`, `subscription` or `credits`.
    #[schema(example = "order")]
    pub subject_kind: String,
    #[schema(example = "ord_0190a5b2c3d4e5f60718293a4b5c6d7e")]
    pub subject_id: String,
    pub payment_id: Option<PaymentId>,
    /// The invoice that a credit note corrects.
    pub invoice_id: Option<InvoiceId>,
    /// ISO 4217.
    #[schema(example = "USD")]
    pub currency: String,
    /// In minor units. Of a credit note: what went back.
    #[schema(example = 2500)]
    pub total_minor: i64,
    #[schema(example = "en")]
    pub language: String,
    /// On the clocks of the business.
    #[schema(value_type = String, format = Date)]
    pub issued_on: NaiveDate,
    /// When the file was given to the chat.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub sent_at: Option<Timestamp>,
    /// Why the customer could not get it in the chat, as for orders.
    pub unreachable: Option<String>,
    /// When it went out by e-mail.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub mailed_at: Option<Timestamp>,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
}

/// A document with all that it says.
#[derive(Clone, Debug)]
pub struct Document {
    pub view: InvoiceView,
    pub paper: Paper,
    pub buyer: Buyer,
    pub media: Option<MediaId>,
}

/// All given conditions must hold.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct InvoiceFilter {
    #[param(inline)]
    pub kind: Option<InvoiceKind>,
    pub contact_id: Option<ContactId>,
    pub order_id: Option<OrderId>,
    pub payment_id: Option<PaymentId>,
    /// The beginning of the number, or a part of the buyer's name.
    #[param(example = "INV-2026", max_length = 100)]
    pub q: Option<String>,
    /// Issued on this day or later.
    #[param(value_type = Option<String>, format = Date)]
    pub from: Option<NaiveDate>,
    /// Issued before this day.
    #[param(value_type = Option<String>, format = Date)]
    pub until: Option<NaiveDate>,
}

/// Characters of a search.
const SEARCH_LIMIT: usize = 100;

impl InvoiceFilter {
    /// `pointer` is where the filter stands in a request.
    pub fn check(&self, pointer: &str) -> Result<(), Invalid> {
        let mut violations = Violations::default();
        if let Some(q) = &self.q {
            violations.text(&format!("{pointer}/q"), q, 1, SEARCH_LIMIT);
        }
        violations.end()
    }
}

#[derive(Debug, thiserror::Error)]
pub enum InvoiceError {
    #[error(transparent)]
    Invalid(#[from] Invalid),
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// The settings want neither invoices nor receipts.
    #[error("invoices are off: turn them on in the settings")]
    Off,
    #[error("the order is not paid")]
    Unpaid,
    #[error("the PDF cannot be made: {0}")]
    Pdf(String),
    #[error(transparent)]
    Enqueue(#[from] EnqueueError),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// The part of a tax that goes back with a part of the money, to the nearest minor unit; halves are rounded up.
pub(super) fn share(minor: i64, part: i64, whole: i64) -> i64 {
    if whole <= 0 {
        return 0;
    }
    let (minor, part, whole) = (i128::from(minor), i128::from(part), i128::from(whole));
    let rounded = (minor * part * 2 + whole).div_euclid(whole * 2);
    i64::try_from(rounded).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shares_of_a_tax_are_rounded_and_the_whole_is_exact() {
        assert_eq!(share(400, 2_900, 2_900), 400);
        assert_eq!(share(400, 1_000, 2_900), 138);
        assert_eq!(share(1, 1, 2), 1);
        assert_eq!(share(400, 1, 0), 0);
    }
}
