//! Carts and orders as values.

use kazi_platform::{Timestamp, id, invalid::Invalid};
use kazi_queue::EnqueueError;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Status;
use crate::{catalog::ProductId, contacts::ContactId, payments::OrderId};

id!(
    pub struct CartId, "crt_"
);

id!(
    /// A parcel on its way.
    pub struct ShipmentId, "shp_"
);

/// The most different products in a cart or an order.
pub const MAX_ITEMS: usize = 50;
/// The most pieces of one product.
pub const MAX_QUANTITY: i32 = 999;
/// Characters of a note.
pub const MAX_NOTE: usize = 500;

/// Pieces of a product.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    pub product_id: ProductId,
    #[schema(example = 2, minimum = 1, maximum = 999)]
    pub quantity: i32,
}

/// A contact's cart.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Cart)]
pub struct CartView {
    pub id: CartId,
    pub contact_id: ContactId,
    /// `open`, `ordered` or `abandoned`.
    #[schema(example = "open")]
    pub status: String,
    /// Grows with each change.
    #[schema(example = 3)]
    pub version: i64,
    /// In the order in which they were added.
    pub items: Vec<CartItem>,
    /// ISO 4217.
    #[schema(example = "USD")]
    pub currency: String,
    /// The present total in minor units, without lines that cannot be ordered.
    #[schema(example = 2500)]
    pub total_minor: i64,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
}

/// A line of a cart.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CartItem {
    pub product_id: ProductId,
    /// Empty when the product is not sold any more.
    #[schema(example = "Kenyan coffee")]
    pub name: String,
    #[schema(example = 2)]
    pub quantity: i32,
    /// The present price of one piece, in minor units.
    #[schema(example = 1250)]
    pub price_minor: i64,
    /// Why the line cannot be ordered.
    pub problem: Option<ItemProblem>,
}

/// Why a line of a cart cannot be ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ItemProblem {
    /// The product is not sold any more.
    Unavailable,
    /// The stock does not suffice.
    OutOfStock,
    /// The currency differs from that of the other lines.
    OtherCurrency,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Order)]
pub struct OrderView {
    pub id: OrderId,
    /// The order's number in the workspace, from 1.
    #[schema(example = 12)]
    pub number: i64,
    pub contact_id: ContactId,
    pub status: Status,
    /// With the names and prices at the time of the order.
    pub items: Vec<OrderItem>,
    /// ISO 4217.
    #[schema(example = "USD")]
    pub currency: String,
    /// In minor units.
    #[schema(example = 2500)]
    pub total_minor: i64,
    /// The customer's remark.
    pub note: String,
    /// The end of the payment time.
    #[schema(value_type = String, format = DateTime)]
    pub expires_at: Timestamp,
    /// The address of the payment, while the order can be paid.
    pub payment_url: Option<String>,
    /// Why the notice of the last change could not reach the customer: `blocked`, `no_channel`, `no_template`,
    /// or of a template that Meta has made marketing: `opted_out`, `no_consent`, `us_marketing`.
    pub unreachable: Option<String>,
    pub shipments: Vec<Shipment>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub paid_at: Option<Timestamp>,
    /// When it was packed.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub fulfilled_at: Option<Timestamp>,
    /// When a carrier took it.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub shipped_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub delivered_at: Option<Timestamp>,
    /// When it was cancelled, expired or refunded.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub ended_at: Option<Timestamp>,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// The last move.
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
}

/// A line of an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OrderItem {
    pub product_id: ProductId,
    /// The business's own number.
    #[schema(example = "COF-250")]
    pub sku: String,
    /// In the customer's language.
    #[schema(example = "Kenyan coffee")]
    pub name: String,
    #[schema(example = 2)]
    pub quantity: i32,
    /// The price of one piece, in minor units.
    #[schema(example = 1250)]
    pub price_minor: i64,
}

/// A parcel.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Shipment {
    pub id: ShipmentId,
    pub carrier: Option<String>,
    pub tracking_number: Option<String>,
    /// The carrier's tracking page.
    pub tracking_url: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    pub shipped_at: Timestamp,
}

/// The state of the cart that the customer has seen and agreed to.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CartToOrder)]
pub struct Agreed {
    pub cart_id: CartId,
    /// As it was shown.
    #[schema(example = 3)]
    pub version: i64,
    /// As it was shown.
    #[schema(example = 2500)]
    pub total_minor: i64,
    /// A remark for the business.
    #[serde(default)]
    #[schema(example = "Please ring twice.", max_length = 500)]
    pub note: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct NewShipment {
    #[schema(example = "G4S", max_length = 100)]
    pub carrier: Option<String>,
    #[schema(example = "KE123456789", max_length = 100)]
    pub tracking_number: Option<String>,
    /// The https address of the carrier's tracking page.
    #[schema(example = "https://example.com/track/KE123456789", max_length = 2000)]
    pub tracking_url: Option<String>,
}

/// All given conditions must hold.
#[derive(Clone, Debug, Default)]
pub struct OrderFilter {
    pub status: Option<Status>,
    pub contact: Option<ContactId>,
    pub number: Option<i64>,
}

/// All given conditions must hold.
#[derive(Clone, Debug, Default)]
pub struct CartFilter {
    pub id: Option<CartId>,
    /// `open`, `ordered` or `abandoned`.
    pub status: Option<String>,
    pub contact: Option<ContactId>,
}

#[derive(Debug, thiserror::Error)]
pub enum OrderError {
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// Stripe takes no such amount.
    #[error(transparent)]
    NotPayable(Invalid),
    /// There is no such cart, product, contact or order.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// There is nothing to order.
    #[error("there is nothing in the cart")]
    Empty,
    /// The cart is not as the customer has seen it: its content or its price has changed.
    #[error("the cart has changed since it was shown")]
    Changed,
    /// The stock does not suffice.
    #[error("of {name} there are only {left}")]
    Short {
        product: ProductId,
        name: String,
        left: i32,
    },
    /// The product is not sold any more.
    #[error("the product {0} is not sold any more")]
    Unavailable(ProductId),
    /// An order has one currency.
    #[error("what costs {wanted} cannot be ordered with what costs {there}")]
    MixedCurrency {
        /// The currency of the cart.
        there: String,
        /// The currency of the product that does not fit.
        wanted: String,
    },
    /// The order's status does not allow it.
    #[error("an order that is {} cannot be changed so", .0.name())]
    Refused(Status),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    /// The database failed, or a job was refused.
    #[error(transparent)]
    Enqueue(#[from] EnqueueError),
}
