//! Accounts, schedules and publications as members see them, and what they say of them.

use kazi_platform::Timestamp;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use sqlx::types::Json;
use utoipa::ToSchema;

use super::{AccountId, ContentId, Media, Network, PublicationId, ScheduleId};

/// An account of a social network. Without its token.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = SocialAccount)]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// Where.
    pub network: Network,
    /// The account or page, as the network names it.
    #[schema(example = "17841400000000000")]
    pub external_id: String,
    /// As people see it.
    #[schema(example = "zuri.market")]
    pub name: String,
    /// `active`, or `refused`: the network no longer takes its token.
    #[schema(example = "active")]
    pub status: String,
    /// The network's words, where it refuses the token.
    pub status_reason: Option<String>,
    /// The last four characters of the token.
    pub token_hint: String,
    /// When the token ends, where it does.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub token_expires_at: Option<Timestamp>,
    /// When the network last took the token.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub checked_at: Option<Timestamp>,
    /// When it was connected.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When it was changed last.
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
}

/// An account to be connected.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewSocialAccount)]
pub struct ConnectAccount {
    /// Where.
    pub network: Network,
    /// The id of the professional account, or of the page: digits.
    #[schema(example = "17841400000000000", max_length = 32)]
    pub external_id: String,
    /// For publishing. It is never shown again.
    #[schema(value_type = String, write_only, max_length = 1000)]
    pub token: SecretString,
    /// When the token ends, where it does.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub token_expires_at: Option<Timestamp>,
}

/// A token in the place of another.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewSocialToken)]
pub struct NewToken {
    /// For publishing. The network is asked first; the old one stays until it has accepted this one.
    #[schema(value_type = String, write_only, max_length = 1000)]
    pub token: SecretString,
    /// When it ends, where it does.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub token_expires_at: Option<Timestamp>,
}

/// A content, for an account, at a time.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = SocialSchedule)]
pub struct ScheduledPost {
    /// Its id.
    pub id: ScheduleId,
    /// What.
    pub content_id: ContentId,
    /// Where.
    pub account_id: AccountId,
    /// Where, by network.
    pub network: Network,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub due_at: Timestamp,
    /// When, on the wall clock of the zone.
    #[schema(example = "2026-12-24T18:00:00")]
    pub local_time: String,
    /// The zone.
    #[schema(example = "Africa/Nairobi")]
    pub zone: String,
    /// `scheduled`, `publishing`, `published`, `failed` or `cancelled`.
    #[schema(example = "scheduled")]
    pub status: String,
    /// Why it failed.
    pub error: Option<String>,
    /// Where people see it.
    pub permalink: Option<String>,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When it was changed last.
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
}

/// A time to be posted at.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewSocialSchedule)]
pub struct NewSchedule {
    /// What.
    pub content_id: ContentId,
    /// Where.
    pub account_id: AccountId,
    /// When, on the wall clock of the zone: in the future, within a year. A time that the clock leaves out in spring is the
    /// first moment after the gap; one that it shows twice in autumn is the first of the two.
    #[schema(example = "2026-12-24T18:00:00")]
    pub local_time: String,
    /// The zone, by its IANA name.
    #[schema(example = "Africa/Nairobi", max_length = 64)]
    pub zone: String,
}

/// Another time for a post that has not begun, or once more for one that failed.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SocialSchedulePatch)]
pub struct Move {
    /// When, on the wall clock of the zone: see the new schedule.
    #[schema(example = "2026-12-24T18:00:00")]
    pub local_time: String,
    /// The zone, by its IANA name; left out: as it is.
    #[serde(default)]
    #[schema(example = "Africa/Nairobi", max_length = 64)]
    pub zone: Option<String>,
}

/// What became of a schedule.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = SocialPublication)]
pub struct Publication {
    /// Its id.
    pub id: PublicationId,
    /// Of which schedule.
    pub schedule_id: ScheduleId,
    /// Where.
    pub account_id: AccountId,
    /// Where, by network.
    pub network: Network,
    /// The schedule's: `publishing`, `published` or `failed`; `scheduled` again when it failed and is to be tried anew.
    #[schema(example = "published")]
    pub status: String,
    /// Its text, as it was when it began.
    pub text: String,
    /// Its images, as they were when it began.
    #[schema(value_type = Vec<Media>)]
    pub media: Json<Vec<Media>>,
    /// The network's id of the post. A post that was found to be there without its id being certain has none.
    pub post_id: Option<String>,
    /// Where people see it.
    pub permalink: Option<String>,
    /// Why it failed.
    pub error: Option<String>,
    /// When it began.
    #[schema(value_type = String, format = DateTime)]
    pub started_at: Timestamp,
    /// When it was known to be public.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub published_at: Option<Timestamp>,
    /// What happened, the first thing first.
    #[schema(value_type = Vec<Step>)]
    pub steps: Json<Vec<Step>>,
}

/// Something that happened to a publication.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = SocialStep)]
pub struct Step {
    /// `started`, `part`, `container`, `asked`, `looked`, `dropped`, `refused`, `published` or `failed`.
    #[schema(example = "container")]
    pub step: String,
    /// The network's id of what was made.
    pub external_id: Option<String>,
    /// In words.
    pub detail: Option<String>,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
}
