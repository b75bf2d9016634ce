//! Members read, rename, limit, stop and delete channels.

use kazi_platform::Timestamp;
use kazi_queue::lanes::{self, Limits, Scope};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::{ChannelError, ChannelId, ChannelKind, store::manage as store};
use crate::{
    Work,
    audit::Change,
    pools,
    violations::{Violations, invalid},
};

/// What the audit log calls a channel.
pub(super) const KIND: &str = "channel";
/// Longest name, in characters.
pub(super) const MAX_NAME: usize = 100;

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ChannelRate)]
pub struct Rate {
    /// Messages per second: at most 1000 for WhatsApp, 50 for Green API.
    #[schema(example = 20.0, minimum = 0.001, maximum = 1000.0)]
    pub per_second: f64,
    /// Messages that may leave at once.
    #[schema(example = 5, minimum = 1)]
    pub burst: u32,
}

/// A channel for its members, without its secrets.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Channel)]
pub struct ChannelDetails {
    pub id: ChannelId,
    /// `whatsapp` or `greenapi`.
    #[schema(example = "whatsapp")]
    pub kind: String,
    #[schema(example = "Front desk")]
    pub name: String,
    /// The phone number id or the instance id.
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
    /// The provider has refused it. It needs a new token, or help from the provider.
    pub refused: bool,
    /// The last four characters of the token.
    pub token_hint: String,
    /// When the secrets were last replaced.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub rotated_at: Option<Timestamp>,
    /// When the provider was last asked.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub checked_at: Option<Timestamp>,
    /// `ok`, `refused`, `unreachable`, or Green API's state, such as `notAuthorized`.
    pub check_state: Option<String>,
    /// The provider's text, when the state is not `ok`.
    pub check_detail: Option<String>,
    /// WhatsApp: GREEN, YELLOW, RED or UNKNOWN.
    pub quality_rating: Option<String>,
    /// WhatsApp: the name that customers see.
    pub verified_name: Option<String>,
    /// WhatsApp: contacts to whom templates may go in 24 hours, in Meta's words.
    #[schema(example = "TIER_2K")]
    pub messaging_limit: Option<String>,
    /// WhatsApp: when Meta last verified the webhook's address with the channel's own token.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub webhook_verified_at: Option<Timestamp>,
    /// When the first webhook of the channel came. Without one the connection is not finished.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub first_event_at: Option<Timestamp>,
    /// Messages per second. `None`: the limit of all channels.
    pub rate: Option<f64>,
    /// Messages that may leave at once. `None`: the limit of all channels.
    pub burst: Option<i32>,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// The last change.
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
    /// Rises with each change. The `ETag` is made of it.
    #[schema(example = 3)]
    pub version: i64,
}

/// The connected channels, oldest first, after the given one.
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

/// Like [`channel`], and locks the channel until the transaction ends.
pub async fn lock(work: &mut Work, id: ChannelId) -> Result<ChannelDetails, ChannelError> {
    if !store::hold(work, id).await? {
        return Err(ChannelError::NotFound);
    }
    channel(work, id).await
}

pub async fn rename(work: &mut Work, id: ChannelId, name: &str) -> Result<(), ChannelError> {
    let was = channel(work, id).await?;
    let mut violations = Violations::default();
    violations.text("/name", name, 1, MAX_NAME);
    violations.end()?;
    store::rename(work, id, name).await?;
    let (before, after) = (json!({"name": was.name}), json!({"name": name}));
    work.audit(&Change::updated(
        "channels.rename",
        (KIND, id),
        &before,
        &after,
    ))
    .await?;
    Ok(())
}

/// Sets the limits of a channel. They hold for all processes at once.
pub async fn set_rate(work: &mut Work, id: ChannelId, rate: Rate) -> Result<(), ChannelError> {
    let was = channel(work, id).await?;
    // Meta: throughput of an upgraded number. Green API: requests per second.
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
        // A part is reserved for answers to customers who wait.
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
    let before = json!({"per_second": was.rate, "burst": was.burst});
    work.audit(&Change::updated(
        "channels.set_rate",
        (KIND, id),
        &before,
        &rate,
    ))
    .await?;
    Ok(())
}

/// Stops a channel from sending. Its messages wait. Inbound messages still arrive.
pub async fn stop(work: &mut Work, id: ChannelId, reason: &str) -> Result<(), ChannelError> {
    let mut violations = Violations::default();
    violations.text("/reason", reason, 0, MAX_NAME);
    violations.end()?;
    let was = channel(work, id).await?;
    store::set_active(work, id, false, Some(reason)).await?;
    // Both are needed: the paused lane saves its jobs a look at the channel, and members see the channel's status.
    lanes::pause(work.conn(), Scope::Lane(pools::WHATSAPP, &id.to_string())).await?;
    let after = channel(work, id).await?;
    work.audit(&Change::updated("channels.pause", (KIND, id), &was, &after))
        .await?;
    Ok(())
}

/// Lets a stopped channel send again.
pub async fn resume(work: &mut Work, id: ChannelId) -> Result<(), ChannelError> {
    let was = channel(work, id).await?;
    store::set_active(work, id, true, None).await?;
    lanes::resume(work.conn(), Scope::Lane(pools::WHATSAPP, &id.to_string())).await?;
    let after = channel(work, id).await?;
    work.audit(&Change::updated(
        "channels.resume",
        (KIND, id),
        &was,
        &after,
    ))
    .await?;
    Ok(())
}

/// Disconnects a channel and deletes its secrets. Its conversations stay. Another workspace may connect the number.
pub async fn delete(work: &mut Work, id: ChannelId) -> Result<(), ChannelError> {
    let was = channel(work, id).await?;
    store::disable(work, id).await?;
    work.audit(&Change::deleted("channels.delete", (KIND, id), &was))
        .await?;
    Ok(())
}
