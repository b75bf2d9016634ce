//! The parts of an inbound message that are neither a text nor a tap. Every field may be missing.

use serde::Deserialize;
use serde_json::Value;

use super::webhook::Message;
use crate::json;

/// A picture, a video, a document, a recording or a sticker.
#[derive(Clone, Debug, Deserialize)]
pub struct Attachment {
    /// The id for the download.
    #[serde(default, deserialize_with = "json::text")]
    pub id: Option<String>,
    /// The text below the file.
    #[serde(default, deserialize_with = "json::text")]
    pub caption: Option<String>,
    #[serde(default, deserialize_with = "json::text")]
    pub mime_type: Option<String>,
    /// The hash of the file, in base64.
    #[serde(default, deserialize_with = "json::text")]
    pub sha256: Option<String>,
    #[serde(default, deserialize_with = "json::text")]
    pub filename: Option<String>,
    /// The customer recorded it in the chat.
    #[serde(default, deserialize_with = "json::object")]
    pub voice: Option<bool>,
}

#[derive(Clone, Debug, Default, Deserialize)]
pub struct Location {
    #[serde(default, deserialize_with = "json::text")]
    pub latitude: Option<String>,
    #[serde(default, deserialize_with = "json::text")]
    pub longitude: Option<String>,
    /// The name of the place.
    #[serde(default, deserialize_with = "json::text", alias = "nameLocation")]
    pub name: Option<String>,
    #[serde(default, deserialize_with = "json::text")]
    pub address: Option<String>,
}

/// A contact card that a customer shares.
#[derive(Clone, Debug, Deserialize)]
pub struct Card {
    #[serde(default, deserialize_with = "json::object")]
    pub name: Option<CardName>,
    #[serde(default, deserialize_with = "json::list")]
    pub phones: Vec<CardPhone>,
    #[serde(default, deserialize_with = "json::list")]
    pub emails: Vec<CardEmail>,
    #[serde(default, deserialize_with = "json::object")]
    pub org: Option<CardOrg>,
}

#[derive(Clone, Debug, Deserialize)]
pub struct CardName {
    #[serde(default, deserialize_with = "json::text")]
    pub formatted_name: Option<String>,
    #[serde(default, deserialize_with = "json::text")]
    pub prefix: Option<String>,
    #[serde(default, deserialize_with = "json::text")]
    pub first_name: Option<String>,
    #[serde(default, deserialize_with = "json::text")]
    pub middle_name: Option<String>,
    #[serde(default, deserialize_with = "json::text")]
    pub last_name: Option<String>,
    #[serde(default, deserialize_with = "json::text")]
    pub suffix: Option<String>,
}

impl CardName {
    /// Returns the name as the card shows it, or else its parts.
    pub fn whole(&self) -> Option<String> {
        let said = |text: &Option<String>| {
            let text = text.as_deref().unwrap_or_default().trim();
            (!text.is_empty()).then(|| text.to_owned())
        };
        said(&self.formatted_name).or_else(|| {
            let parts = [
                &self.prefix,
                &self.first_name,
                &self.middle_name,
                &self.last_name,
                &self.suffix,
            ];
            let parts: Vec<String> = parts.into_iter().filter_map(said).collect();
            (!parts.is_empty()).then(|| parts.join(" "))
        })
    }
}

#[derive(Clone, Debug, Deserialize)]
pub struct CardOrg {
    #[serde(default, deserialize_with = "json::text")]
    pub company: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
pub struct CardPhone {
    /// In the form that the customer has stored.
    #[serde(default, deserialize_with = "json::text")]
    pub phone: Option<String>,
    /// Only digits.
    #[serde(default, deserialize_with = "json::text")]
    pub wa_id: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
pub struct CardEmail {
    #[serde(default, deserialize_with = "json::text")]
    pub email: Option<String>,
}

/// A cart of the catalogue that the business has at Meta.
#[derive(Clone, Debug, Deserialize)]
pub struct Order {
    #[serde(default, deserialize_with = "json::text")]
    pub catalog_id: Option<String>,
    /// The customer's text.
    #[serde(default, deserialize_with = "json::text")]
    pub text: Option<String>,
    #[serde(default, deserialize_with = "json::list")]
    pub product_items: Vec<OrderItem>,
}

#[derive(Clone, Debug, Deserialize)]
pub struct OrderItem {
    /// The business's own id of the product.
    #[serde(default, deserialize_with = "json::word")]
    pub product_retailer_id: String,
    #[serde(default, deserialize_with = "json::text")]
    pub quantity: Option<String>,
    /// The price of one, in the currency's major unit.
    #[serde(default, deserialize_with = "json::text")]
    pub item_price: Option<String>,
    #[serde(default, deserialize_with = "json::text")]
    pub currency: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
pub struct Reaction {
    /// The message that has the reaction.
    #[serde(default, deserialize_with = "json::text")]
    pub message_id: Option<String>,
    /// Empty or missing: the customer has removed the reaction.
    #[serde(default, deserialize_with = "json::text")]
    pub emoji: Option<String>,
}

/// A message in place of an earlier one.
#[derive(Clone, Debug, Deserialize)]
pub struct Edit {
    #[serde(default, deserialize_with = "json::text")]
    pub original_message_id: Option<String>,
    #[serde(default, deserialize_with = "json::object")]
    pub message: Option<Box<Message>>,
}

/// The deletion of an earlier message for everybody.
#[derive(Clone, Debug, Deserialize)]
pub struct Revoke {
    #[serde(default, deserialize_with = "json::text")]
    pub original_message_id: Option<String>,
}

/// The answers of a form (a flow).
#[derive(Clone, Debug, Deserialize)]
pub struct FormReply {
    /// `flow`, or `address_message`.
    #[serde(default, deserialize_with = "json::text")]
    pub name: Option<String>,
    /// The text that the customer's phone shows.
    #[serde(default, deserialize_with = "json::text")]
    pub body: Option<String>,
    /// A JSON object as text. Some versions send the object itself.
    #[serde(default)]
    pub response_json: Value,
}

/// The message that this one answers, or the product that it is about.
#[derive(Clone, Debug, Deserialize)]
pub struct Quoted {
    #[serde(default, deserialize_with = "json::text")]
    pub id: Option<String>,
    #[serde(default, deserialize_with = "json::object")]
    pub referred_product: Option<ReferredProduct>,
}

#[derive(Clone, Debug, Deserialize)]
pub struct ReferredProduct {
    #[serde(default, deserialize_with = "json::text")]
    pub product_retailer_id: Option<String>,
}

/// A kind of message that the API does not carry.
#[derive(Clone, Debug, Deserialize)]
pub struct Unsupported {
    /// Like `view_once`.
    #[serde(rename = "type", default, deserialize_with = "json::text")]
    pub kind: Option<String>,
}
