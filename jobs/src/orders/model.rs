//! Carts and orders as values.

use kazi_platform::{Timestamp, id, invalid::Invalid};
use kazi_queue::EnqueueError;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Status;
use crate::{catalog::ProductId, contacts::ContactId, payments::OrderId};

id!(
    /// A cart.
    pub struct CartId, "crt_"
);

id!(
    /// A parcel on its way.
    pub struct ShipmentId, "shp_"
);

/// The most different products of a cart or an order.
pub const MAX_ITEMS: usize = 50;
/// The most of one product.
pub const MAX_QUANTITY: i32 = 999;
/// The highest total, in minor units (Stripe, "Minimum and maximum charge amounts").
pub const MAX_TOTAL: i64 = 99_999_999;
/// The most characters of a note.
pub const MAX_NOTE: usize = 500;

/// So many of a product.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    /// Of what.
    #[schema(value_type = String, example = "prd_0190a5b2c3d4e5f60718293a4b5c6d7e")]
    pub product_id: ProductId,
    /// How many.
    #[schema(example = 2, minimum = 1, maximum = 999)]
    pub quantity: i32,
}

/// What a customer has in their cart.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Cart)]
pub struct CartView {
    /// Its id.
    #[schema(value_type = String, example = "crt_0190a5b2c3d4e5f60718293a4b5c6d7e")]
    pub id: CartId,
    /// Whose.
    #[schema(value_type = String, example = "ctc_0190a5b2c3d4e5f60718293a4b5c6d7e")]
    pub contact_id: ContactId,
    /// `open`, `ordered` or `abandoned`.
    #[schema(example = "open")]
    pub status: String,
    /// Counts its changes.
    #[schema(example = 3)]
    pub version: i64,
    /// In the order in which they were put in.
    pub items: Vec<CartItem>,
    /// ISO 4217.
    #[schema(example = "USD")]
    pub currency: String,
    /// What it costs as of now, in minor units, without what cannot be had.
    #[schema(example = 2500)]
    pub total_minor: i64,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When it was last changed.
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
}

/// A line of a cart.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CartItem {
    /// Of what.
    #[schema(value_type = String, example = "prd_0190a5b2c3d4e5f60718293a4b5c6d7e")]
    pub product_id: ProductId,
    /// What it is called; empty where it is not sold any more.
    #[schema(example = "Kenyan coffee")]
    pub name: String,
    /// How many.
    #[schema(example = 2)]
    pub quantity: i32,
    /// What one costs as of now, in minor units.
    #[schema(example = 1250)]
    pub price_minor: i64,
    /// Why it cannot be ordered so, if it cannot.
    pub problem: Option<ItemProblem>,
}

/// Why a line of a cart cannot be ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ItemProblem {
    /// It is not sold any more.
    Unavailable,
    /// There are fewer left.
    OutOfStock,
    /// It costs another currency than the rest.
    OtherCurrency,
}

/// An order.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Order)]
pub struct OrderView {
    /// Its id.
    #[schema(value_type = String, example = "ord_0190a5b2c3d4e5f60718293a4b5c6d7e")]
    pub id: OrderId,
    /// Its number in the workspace, from 1.
    #[schema(example = 12)]
    pub number: i64,
    /// Whose.
    #[schema(value_type = String, example = "ctc_0190a5b2c3d4e5f60718293a4b5c6d7e")]
    pub contact_id: ContactId,
    /// Where it stands.
    pub status: Status,
    /// As they were called and cost when they were ordered.
    pub items: Vec<OrderItem>,
    /// ISO 4217.
    #[schema(example = "USD")]
    pub currency: String,
    /// In minor units.
    #[schema(example = 2500)]
    pub total_minor: i64,
    /// What the customer wants to be known.
    pub note: String,
    /// Until when it can be paid.
    #[schema(value_type = String, format = DateTime)]
    pub expires_at: Timestamp,
    /// Where it is paid, while it can be.
    pub payment_url: Option<String>,
    /// Why the customer could not be told of the last change, if they could not: `blocked`, `no_channel`, `no_template`.
    pub unreachable: Option<String>,
    /// Parcels on their way.
    pub shipments: Vec<Shipment>,
    /// When it was paid.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub paid_at: Option<Timestamp>,
    /// When it was packed.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub fulfilled_at: Option<Timestamp>,
    /// When it was handed to a carrier.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub shipped_at: Option<Timestamp>,
    /// When it arrived.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub delivered_at: Option<Timestamp>,
    /// When it was cancelled, expired or refunded.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub ended_at: Option<Timestamp>,
    /// When it was placed.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When it last moved.
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
}

/// A line of an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OrderItem {
    /// Of what.
    #[schema(value_type = String, example = "prd_0190a5b2c3d4e5f60718293a4b5c6d7e")]
    pub product_id: ProductId,
    /// The business's own number.
    #[schema(example = "COF-250")]
    pub sku: String,
    /// In the customer's language.
    #[schema(example = "Kenyan coffee")]
    pub name: String,
    /// How many.
    #[schema(example = 2)]
    pub quantity: i32,
    /// What one costs, in minor units.
    #[schema(example = 1250)]
    pub price_minor: i64,
}

/// A parcel.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Shipment {
    /// Its id.
    #[schema(value_type = String, example = "shp_0190a5b2c3d4e5f60718293a4b5c6d7e")]
    pub id: ShipmentId,
    /// Who brings it.
    pub carrier: Option<String>,
    /// What they call it.
    pub tracking_number: Option<String>,
    /// Where its way is shown.
    pub tracking_url: Option<String>,
    /// When it left.
    #[schema(value_type = String, format = DateTime)]
    pub shipped_at: Timestamp,
}

/// What of a cart its customer has seen and agrees to.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CartToOrder)]
pub struct Agreed {
    /// The cart.
    #[schema(value_type = String, example = "crt_0190a5b2c3d4e5f60718293a4b5c6d7e")]
    pub cart_id: CartId,
    /// As it was shown.
    #[schema(example = 3)]
    pub version: i64,
    /// As it was shown.
    #[schema(example = 2500)]
    pub total_minor: i64,
    /// What the business is to know.
    #[serde(default)]
    #[schema(example = "Please ring twice.", max_length = 500)]
    pub note: String,
}

/// How an order leaves the house.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct NewShipment {
    /// Who brings it.
    #[schema(example = "G4S", max_length = 100)]
    pub carrier: Option<String>,
    /// What they call it.
    #[schema(example = "KE123456789", max_length = 100)]
    pub tracking_number: Option<String>,
    /// Where its way is shown, by https.
    #[schema(example = "https://example.com/track/KE123456789", max_length = 2000)]
    pub tracking_url: Option<String>,
}

/// Which orders; all of it must fit.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Those that stand there.
    pub status: Option<Status>,
    /// Those of a contact.
    pub contact: Option<ContactId>,
    /// The one with this number.
    pub number: Option<i64>,
}

/// Which carts; all of it must fit.
#[derive(Clone, Debug, Default)]
pub struct CartFilter {
    pub id: Option<CartId>,
    /// `open`, `ordered` or `abandoned`.
    pub status: Option<String>,
    /// Those of a contact.
    pub contact: Option<ContactId>,
}

/// Why a cart or an order cannot be changed so.
#[derive(Debug, thiserror::Error)]
pub enum OrderError {
    /// Fields break their rules.
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
    /// It is not what the customer has seen: something was changed, or costs something else.
    #[error("the cart has changed since it was shown")]
    Changed,
    /// There are fewer than wanted.
    #[error("of {name} there are only {left}")]
    Short {
        product: ProductId,
        /// What it is called.
        name: String,
        /// How many there are.
        left: i32,
    },
    /// It is not sold any more.
    #[error("the product {0} is not sold any more")]
    Unavailable(ProductId),
    /// One order has one currency.
    #[error("what costs {wanted} cannot be ordered with what costs {there}")]
    MixedCurrency {
        /// Of the cart.
        there: String,
        /// Of what does not fit.
        wanted: String,
    },
    /// The order does not stand where this could be done.
    #[error("an order that is {} cannot be changed so", .0.name())]
    Refused(Status),
    /// The database failed.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    /// The database failed, or a job was refused.
    #[error(transparent)]
    Enqueue(#[from] EnqueueError),
}
