//! Endpoints and deliveries as values, and the waits between attempts.

use chrono::TimeDelta;
use kazi_platform::{Timestamp, crypto::CryptoError, id, invalid::Invalid};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::Type;
use crate::violations::named;

id!(
    pub struct EndpointId, "whk_"
);
id!(
    /// What an endpoint is told. The API calls it an event.
    pub struct AnnouncementId, "evt_"
);
id!(
    /// An event on its way to one endpoint.
    pub struct DeliveryId, "dlv_"
);

/// The waits after failed attempts, in seconds, as Standard Webhooks recommends: nine, which take three days.
const WAITS_SECONDS: [i64; 9] = [
    5,
    5 * 60,
    30 * 60,
    2 * 3_600,
    5 * 3_600,
    10 * 3_600,
    14 * 3_600,
    20 * 3_600,
    24 * 3_600,
];

/// The wait after this number of failed attempts, `None` after the last one. The dice make the wait up to a tenth longer,
/// so that what failed together is not repeated together.
pub(super) fn wait(failed: i32, dice: u16) -> Option<TimeDelta> {
    let at = usize::try_from(failed).ok()?.checked_sub(1)?;
    let seconds = WAITS_SECONDS.get(at)?;
    let more = seconds * 100 * i64::from(dice) / i64::from(u16::MAX);
    Some(TimeDelta::seconds(*seconds) + TimeDelta::milliseconds(more))
}

/// How long an endpoint that fails gets no other call: nothing at first, and then longer with each failure, up to five
/// minutes. So a target that hangs needs few slots.
pub(super) fn rest(failures: i32) -> Option<TimeDelta> {
    const PATIENT: i32 = 10;
    const LONGEST_SECONDS: i64 = 300;
    let over = u32::try_from(failures.checked_sub(PATIENT)?).ok()?;
    Some(TimeDelta::seconds((1 << over.min(9)).min(LONGEST_SECONDS)))
}

kazi_platform::texts! {
    /// What became of a delivery.
    pub enum DeliveryState {
        /// An attempt is due, or waits for the events before it.
        Pending = "pending",
        /// The endpoint has answered with 2xx.
        Succeeded = "succeeded",
        /// All attempts have failed.
        Failed = "failed",
        /// The endpoint was switched off or deleted before.
        Cancelled = "cancelled",
    }
}

kazi_platform::texts! {
    /// Why Kazi has switched an endpoint off.
    pub enum Stopped as "EndpointStopped" {
        /// It has answered 410.
        Gone = "gone",
        /// For five days no attempt has succeeded.
        Failing = "failing",
    }
}

#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewEndpoint {
    /// An https address on the internet.
    #[schema(example = "https://n8n.example.com/webhook/kazi", max_length = 2000)]
    pub url: String,
    /// What it is for: up to 200 characters.
    #[serde(default)]
    #[schema(example = "Orders to the accounts", max_length = 200)]
    pub description: String,
    /// Types of events. `null` or left out: all, also those of later versions.
    #[serde(default)]
    #[schema(example = json!(["order.paid"]), value_type = Option<Vec<String>>, min_items = 1, max_items = 100)]
    pub event_types: Option<Vec<Type>>,
}

/// Fields that are left out stay.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct EndpointPatch {
    /// An https address on the internet.
    #[schema(example = "https://n8n.example.com/webhook/kazi", max_length = 2000)]
    pub url: Option<String>,
    /// Up to 200 characters.
    #[schema(example = "Orders to the accounts", max_length = 200)]
    pub description: Option<String>,
    /// Types of events. `null`: all.
    #[serde(deserialize_with = "named")]
    #[schema(example = json!(["order.paid"]), value_type = Option<Vec<String>>, min_items = 1, max_items = 100)]
    pub event_types: Option<Option<Vec<Type>>>,
    /// Switches it on or off. What happens meanwhile is not delivered.
    pub enabled: Option<bool>,
}

/// Where a business is told what happens.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Endpoint {
    pub id: EndpointId,
    #[schema(example = "https://n8n.example.com/webhook/kazi")]
    pub url: String,
    #[schema(example = "Orders to the accounts")]
    pub description: String,
    /// `null`: all.
    #[schema(example = json!(["order.paid"]))]
    pub event_types: Option<Vec<String>>,
    pub enabled: bool,
    /// Why Kazi has switched it off.
    pub stopped: Option<Stopped>,
    /// The first failure since the last success.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub failing_since: Option<Timestamp>,
    /// Until then the secret before the last rotation signs too.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub old_secret_until: Option<Timestamp>,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
    #[serde(skip)]
    pub version: i64,
}

/// A new secret. It is shown once.
#[derive(Clone, Debug)]
pub struct Secret(pub SecretString);

/// An event on its way to one endpoint.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = EndpointDelivery)]
pub struct Delivery {
    pub id: DeliveryId,
    pub endpoint_id: EndpointId,
    /// The `webhook-id` of its calls.
    pub event_id: AnnouncementId,
    #[schema(example = "order.paid")]
    pub event_type: String,
    pub state: DeliveryState,
    /// Calls so far.
    #[schema(example = 1)]
    pub attempts: i32,
    /// When the next call is due, while it is pending.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub next_attempt_at: Option<Timestamp>,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub ended_at: Option<Timestamp>,
}

/// A delivery with what was sent and what was answered.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = EndpointDeliveryDetails)]
pub struct DeliveryDetails {
    #[serde(flatten)]
    pub delivery: Delivery,
    /// The body of its calls.
    #[schema(value_type = Object)]
    pub payload: Value,
    /// Its calls, oldest first.
    pub log: Vec<Attempt>,
}

/// One call of an endpoint.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = EndpointAttempt)]
pub struct Attempt {
    #[schema(example = 1)]
    pub number: i32,
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    #[schema(example = 87)]
    pub duration_ms: i32,
    /// `null`: there was no answer.
    #[schema(example = 200)]
    pub status_code: Option<i32>,
    /// The first 1,024 bytes of the answer.
    pub answer: String,
    /// Why it failed.
    #[schema(example = "the endpoint did not answer within 10 seconds")]
    pub error: Option<String>,
}

/// All given conditions must hold.
#[derive(Clone, Copy, Debug, Default)]
pub struct DeliveryFilter {
    pub endpoint: Option<EndpointId>,
    pub event: Option<AnnouncementId>,
    pub state: Option<DeliveryState>,
}

#[derive(Debug, thiserror::Error)]
pub enum EndpointError {
    #[error(transparent)]
    Invalid(#[from] Invalid),
    #[error("there is no such {0}")]
    NotFound(&'static str),
    #[error("a workspace has at most {0} endpoints")]
    TooMany(i64),
    #[error("the delivery is still pending")]
    Pending,
    #[error("the endpoint is switched off")]
    Disabled,
    #[error(transparent)]
    Sealing(#[from] CryptoError),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_attempts_take_three_days() {
        let waits: Vec<TimeDelta> = (1..).map_while(|failed| wait(failed, 0)).collect();
        assert_eq!(waits.len(), 9);
        let all: TimeDelta = waits.iter().sum();
        assert_eq!((all.num_hours(), all.num_minutes() % 60), (75, 35));
        assert_eq!(wait(1, u16::MAX), Some(TimeDelta::milliseconds(5_500)));
        assert_eq!((wait(0, 0), wait(10, 0)), (None, None));
    }

    #[test]
    fn an_endpoint_that_only_fails_rests_ever_longer() {
        assert_eq!(rest(9), None);
        assert_eq!(rest(10), Some(TimeDelta::seconds(1)));
        assert_eq!(rest(15), Some(TimeDelta::seconds(32)));
        assert_eq!(rest(1_000_000), Some(TimeDelta::minutes(5)));
    }
}
