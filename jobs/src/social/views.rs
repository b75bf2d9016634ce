//! Accounts, schedules and publications for members, and their input.

use kazi_platform::Timestamp;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use sqlx::types::Json;
use utoipa::ToSchema;

use super::{AccountId, ContentId, Media, Network, PublicationId, ScheduleId};

/// An account of a social network, without its token.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = SocialAccount)]
pub struct Account {
    pub id: AccountId,
    pub network: Network,
    /// The network's id of the account or page.
    #[schema(example = "17841400000000000")]
    pub external_id: String,
    /// The name that people see.
    #[schema(example = "zuri.market")]
    pub name: String,
    /// `active`, or `refused`: the network no longer accepts its token.
    #[schema(example = "active")]
    pub status: String,
    /// The network's text, when it refuses the token.
    pub status_reason: Option<String>,
    /// The last four characters of the token.
    pub token_hint: String,
    /// The end of the token, if it has one.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub token_expires_at: Option<Timestamp>,
    /// When the network last accepted the token.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub checked_at: Option<Timestamp>,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
}

#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewSocialAccount)]
pub struct ConnectAccount {
    pub network: Network,
    /// The id of the professional account or the page: digits.
    #[schema(example = "17841400000000000", max_length = 32)]
    pub external_id: String,
    /// The token for publishing. It is never shown again.
    #[schema(value_type = String, write_only, max_length = 1000)]
    pub token: SecretString,
    /// The end of the token, if it has one.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub token_expires_at: Option<Timestamp>,
}

#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewSocialToken)]
pub struct NewToken {
    /// The token for publishing. The network checks it first; the old token stays until it is accepted.
    #[schema(value_type = String, write_only, max_length = 1000)]
    pub token: SecretString,
    /// The end of the token, if it has one.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub token_expires_at: Option<Timestamp>,
}

/// A content for an account at a time.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = SocialSchedule)]
pub struct ScheduledPost {
    pub id: ScheduleId,
    pub content_id: ContentId,
    pub account_id: AccountId,
    pub network: Network,
    #[schema(value_type = String, format = DateTime)]
    pub due_at: Timestamp,
    /// The local time in the zone.
    #[schema(example = "2026-12-24T18:00:00")]
    pub local_time: String,
    #[schema(example = "Africa/Nairobi")]
    pub zone: String,
    /// `scheduled`, `publishing`, `published`, `failed` or `cancelled`.
    #[schema(example = "scheduled")]
    pub status: String,
    /// Why it failed.
    pub error: Option<String>,
    /// The public address.
    pub permalink: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
}

#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewSocialSchedule)]
pub struct NewSchedule {
    pub content_id: ContentId,
    pub account_id: AccountId,
    /// The local time in the zone: in the future, within a year. A time that the clock skips means the end of the gap.
    /// A time that comes twice means the first of the two.
    #[schema(example = "2026-12-24T18:00:00")]
    pub local_time: String,
    /// An IANA time zone.
    #[schema(example = "Africa/Nairobi", max_length = 64)]
    pub zone: String,
}

/// A new time for a post that has not begun, or another try of a failed one.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SocialSchedulePatch)]
pub struct Move {
    /// The local time in the zone, as for a new schedule.
    #[schema(example = "2026-12-24T18:00:00")]
    pub local_time: String,
    /// An IANA time zone. Left out: it stays.
    #[serde(default)]
    #[schema(example = "Africa/Nairobi", max_length = 64)]
    pub zone: Option<String>,
}

/// The publication of a schedule.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = SocialPublication)]
pub struct Publication {
    pub id: PublicationId,
    pub schedule_id: ScheduleId,
    pub account_id: AccountId,
    pub network: Network,
    /// The schedule's status: `publishing`, `published` or `failed`, and `scheduled` again before another try.
    #[schema(example = "published")]
    pub status: String,
    /// As it was at the beginning.
    pub text: String,
    /// As they were at the beginning.
    #[schema(value_type = Vec<Media>)]
    pub media: Json<Vec<Media>>,
    /// The network's id of the post. Empty when the post was found without a certain id.
    pub post_id: Option<String>,
    /// The public address.
    pub permalink: Option<String>,
    /// Why it failed.
    pub error: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    pub started_at: Timestamp,
    /// When it was known to be public.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub published_at: Option<Timestamp>,
    /// The history, oldest first.
    #[schema(value_type = Vec<PublicationStep>)]
    pub steps: Json<Vec<PublicationStep>>,
}

/// An event of a publication.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = SocialStep)]
pub struct PublicationStep {
    /// `started`, `part`, `container`, `asked`, `looked`, `dropped`, `refused`, `published` or `failed`.
    #[schema(example = "container")]
    pub step: String,
    /// The network's id of the new object.
    pub external_id: Option<String>,
    /// A text for people.
    pub detail: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
}
