//! What members do with their channels: look, rename, pace, stop, take out of use.

use kazi_platform::{Timestamp, crypto::CryptoError, invalid::Invalid};
use kazi_queue::lanes::{self, Limits, Scope};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::{ChannelId, ChannelKind, store::manage as store};
use crate::{
    Work,
    audit::Change,
    pools,
    violations::{Violations, invalid},
};

/// Longest name, in characters.
pub(super) const MAX_NAME: usize = 100;

/// How fast a channel may send.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ChannelRate)]
pub struct Rate {
    /// Messages a second: at most 1000 for WhatsApp, 50 for Green API.
    #[schema(example = 20.0, minimum = 0.001, maximum = 1000.0)]
    pub per_second: f64,
    /// How many may go at once.
    #[schema(example = 5, minimum = 1)]
    pub burst: u32,
}

/// A channel as its members see it. Without its secrets.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Channel)]
pub struct ChannelDetails {
    /// Its id.
    pub id: ChannelId,
    /// `whatsapp` or `greenapi`.
    #[schema(example = "whatsapp")]
    pub kind: String,
    /// What it is called.
    #[schema(example = "Front desk")]
    pub name: String,
    /// The phone number id, or the instance id.
    #[schema(example = "106540352242922")]
    pub external_id: String,
    /// The business account (WABA).
    pub account_id: Option<String>,
    /// The number as customers see it.
    pub display_phone: Option<String>,
    /// `active` or `paused`.
    #[schema(example = "active")]
    pub status: String,
    /// Why it is paused.
    pub status_reason: Option<String>,
    /// Paused since the provider refuses it: it wants a new token, or help from the provider.
    pub refused: bool,
    /// The last four characters of the token.
    pub token_hint: String,
    /// When its secrets were last replaced.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub rotated_at: Option<Timestamp>,
    /// When the provider was last asked.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub checked_at: Option<Timestamp>,
    /// `ok`, `refused`, `unreachable`, or Green API's word: `notAuthorized` …
    pub check_state: Option<String>,
    /// The provider's words, where it is not ok.
    pub check_detail: Option<String>,
    /// WhatsApp: GREEN, YELLOW, RED or UNKNOWN.
    pub quality_rating: Option<String>,
    /// WhatsApp: the name that customers see.
    pub verified_name: Option<String>,
    /// Messages a second; `None`: as all.
    pub rate: Option<f64>,
    /// How many may go at once; `None`: as all.
    pub burst: Option<i32>,
    /// When it was connected.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When it was last changed: its version.
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
}

/// Why nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum ChannelError {
    /// A field breaks a rule.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// There is no such channel.
    #[error("there is no such channel")]
    NotFound,
    /// The number or instance is connected, here or in another workspace.
    #[error("this number or instance is connected already")]
    Taken,
    /// The provider does not answer: nothing is known of the credentials.
    #[error("the provider cannot be asked now, try again: {0}")]
    Unreachable(String),
    /// The database failed.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    /// What is stored does not open with this program's master key.
    #[error(transparent)]
    Sealed(CryptoError),
}

impl From<CryptoError> for ChannelError {
    fn from(error: CryptoError) -> Self {
        match error {
            CryptoError::Database(error) => Self::Database(error),
            sealed => Self::Sealed(sealed),
        }
    }
}

/// The channels in use, the oldest first, from the one after `after`.
///
/// # Errors
/// The database failed.
pub async fn channels(
    work: &mut Work,
    after: Option<ChannelId>,
    limit: i64,
) -> Result<Vec<ChannelDetails>, sqlx::Error> {
    let mut all = store::details(work, None, after, limit).await?;
    let lanes: Vec<String> = all.iter().map(|channel| channel.id.to_string()).collect();
    for lane in lanes::some(work.conn(), pools::WHATSAPP, &lanes).await? {
        let channel = all
            .iter_mut()
            .find(|channel| channel.id.to_string() == lane.lane);
        if let Some(channel) = channel {
            (channel.rate, channel.burst) = (lane.rate, lane.burst);
        }
    }
    Ok(all)
}

/// One channel in use.
///
/// # Errors
/// See [`ChannelError`].
pub async fn channel(work: &mut Work, id: ChannelId) -> Result<ChannelDetails, ChannelError> {
    let mut found = store::details(work, Some(id), None, 1)
        .await?
        .pop()
        .ok_or(ChannelError::NotFound)?;
    if let Some(lane) = lanes::some(work.conn(), pools::WHATSAPP, &[id.to_string()])
        .await?
        .pop()
    {
        (found.rate, found.burst) = (lane.rate, lane.burst);
    }
    Ok(found)
}

/// As [`channel`], held until the transaction ends.
///
/// # Errors
/// See [`ChannelError`].
pub async fn lock(work: &mut Work, id: ChannelId) -> Result<ChannelDetails, ChannelError> {
    if !store::hold(work, id).await? {
        return Err(ChannelError::NotFound);
    }
    channel(work, id).await
}

/// Calls a channel otherwise.
///
/// # Errors
/// See [`ChannelError`].
pub async fn rename(work: &mut Work, id: ChannelId, name: &str) -> Result<(), ChannelError> {
    let was = channel(work, id).await?;
    let mut violations = Violations::default();
    violations.text("/name", name, 1, MAX_NAME);
    violations.end()?;
    store::rename(work, id, name).await?;
    let (before, after) = (json!({"name": was.name}), json!({"name": name}));
    record(work, "channels.rename", id, (Some(&before), Some(&after))).await
}

/// Sets how fast a channel sends, at once for all processes.
///
/// # Errors
/// See [`ChannelError`].
pub async fn set_rate(work: &mut Work, id: ChannelId, rate: Rate) -> Result<(), ChannelError> {
    let was = channel(work, id).await?;
    // Meta: throughput of an upgraded number. Green API: requests a second.
    let most = if was.kind == ChannelKind::GreenApi.name() {
        50.0
    } else {
        1_000.0
    };
    if rate.per_second > most {
        return Err(invalid("/per_second", ("range", format!("must be at most {most}"))).into());
    }
    let limits = Limits {
        rate: Some((rate.per_second, rate.burst)),
        // A little is kept for whoever waits for an answer.
        reserved: rate.burst / 4,
        max_running: None,
    };
    lanes::set(work.conn(), pools::WHATSAPP, &id.to_string(), &limits)
        .await
        .map_err(|error| match error {
            lanes::LimitError::Invalid {
                field: "burst" | "reserved",
                rule,
            } => invalid("/burst", ("range", rule.into())).into(),
            lanes::LimitError::Invalid { rule, .. } => {
                invalid("/per_second", ("range", rule.into())).into()
            }
            lanes::LimitError::Database(error) => ChannelError::from(error),
        })?;
    let (before, after) = (
        json!({"per_second": was.rate, "burst": was.burst}),
        json!(rate),
    );
    record(work, "channels.set_rate", id, (Some(&before), Some(&after))).await
}

/// Stops a channel from sending. Its messages wait; what customers write still comes in.
///
/// # Errors
/// See [`ChannelError`].
pub async fn stop(work: &mut Work, id: ChannelId, reason: &str) -> Result<(), ChannelError> {
    let mut violations = Violations::default();
    violations.text("/reason", reason, 0, MAX_NAME);
    violations.end()?;
    let was = channel(work, id).await?;
    store::set_active(work, id, false, Some(reason)).await?;
    // Both: the lane spares its jobs the look at the channel, and the channel's state is what a person sees.
    lanes::pause(work.conn(), Scope::Lane(pools::WHATSAPP, &id.to_string())).await?;
    let (before, after) = (
        json!({"status": was.status}),
        json!({"status": "paused", "reason": reason}),
    );
    record(work, "channels.pause", id, (Some(&before), Some(&after))).await
}

/// Lets a channel send again, whoever has stopped it.
///
/// # Errors
/// See [`ChannelError`].
pub async fn resume(work: &mut Work, id: ChannelId) -> Result<(), ChannelError> {
    let was = channel(work, id).await?;
    store::set_active(work, id, true, None).await?;
    lanes::resume(work.conn(), Scope::Lane(pools::WHATSAPP, &id.to_string())).await?;
    let before = json!({"status": was.status, "reason": was.status_reason});
    let after = json!({"status": "active"});
    record(work, "channels.resume", id, (Some(&before), Some(&after))).await
}

/// Takes a channel out of use and its secrets away. Its conversations stay; another workspace may connect the number.
///
/// # Errors
/// See [`ChannelError`].
pub async fn delete(work: &mut Work, id: ChannelId) -> Result<(), ChannelError> {
    let was = channel(work, id).await?;
    store::disable(work, id).await?;
    let before = json!({"kind": was.kind, "name": was.name, "external_id": was.external_id});
    record(work, "channels.delete", id, (Some(&before), None)).await
}

pub(super) async fn record(
    work: &mut Work,
    action: &'static str,
    id: ChannelId,
    (before, after): (Option<&Value>, Option<&Value>),
) -> Result<(), ChannelError> {
    let change = Change {
        action,
        subject_kind: "channel",
        subject: id.uuid(),
        before,
        after,
    };
    Ok(work.audit(&change).await?)
}
