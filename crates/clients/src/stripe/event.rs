//! Stripe's events.

use chrono::DateTime;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::json::{object, word};

/// An event, in whichever form Stripe sends it: a snapshot with its object, or a thin one (`v2.core.event`) that only
/// names the object.
#[derive(Clone, Debug, Deserialize)]
pub struct Event {
    /// Begins with `evt_`.
    #[serde(default, deserialize_with = "word")]
    pub id: String,
    /// A name like `checkout.session.completed`. Thin events write `v1.` before it.
    #[serde(rename = "type", default, deserialize_with = "kind")]
    pub kind: String,
    /// In Unix seconds. Thin events write the time as text.
    #[serde(default, deserialize_with = "seconds")]
    pub created: Option<i64>,
    #[serde(default, deserialize_with = "data")]
    pub data: EventData,
    /// What a thin event is about.
    #[serde(default, deserialize_with = "object")]
    related_object: Option<Related>,
}

#[derive(Clone, Debug, Default, Deserialize)]
pub struct EventData {
    /// The object at the time of the event. It may have changed since: fetch it again.
    #[serde(default)]
    pub object: Value,
}

#[derive(Clone, Debug, Deserialize)]
struct Related {
    id: String,
}

fn kind<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    let name = word(from)?;
    Ok(match name.strip_prefix("v1.") {
        Some(name) => name.to_owned(),
        None => name,
    })
}

fn seconds<'de, D: Deserializer<'de>>(from: D) -> Result<Option<i64>, D::Error> {
    Ok(match Value::deserialize(from)? {
        Value::Number(number) => number.as_i64(),
        Value::String(text) => DateTime::parse_from_rfc3339(&text)
            .ok()
            .map(|at| at.timestamp()),
        _ => None,
    })
}

fn data<'de, D: Deserializer<'de>>(from: D) -> Result<EventData, D::Error> {
    Ok(object(from)?.unwrap_or_default())
}

impl Event {
    /// Returns the object's id: `cs_…`, `pi_…`, `ch_…` or another.
    pub fn object_id(&self) -> &str {
        let related = self.related_object.as_ref().map(|object| &*object.id);
        let own = self.data.object["id"].as_str();
        own.or(related).unwrap_or_default()
    }

    /// Returns the PaymentIntent that the object is, or belongs to, if the event says so.
    pub fn intent(&self) -> Option<&str> {
        let own = Some(self.object_id()).filter(|id| id.starts_with("pi_"));
        let intent = &self.data.object["payment_intent"];
        own.or_else(|| intent.as_str().or_else(|| intent["id"].as_str()))
    }
}
