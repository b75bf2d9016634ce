//! A campaign as a value: its statuses and steps, and the report of its planning.

use kazi_platform::{Timestamp, id};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Content, Delivery, Experiment, ExperimentReport, ExperimentState, Group, SendIn};
use crate::{
    channels::ChannelId, contacts::Audience, credits::Quote, messages::CampaignId,
    templates::Category,
};

id!(
    pub struct SegmentId, "seg_"
);

kazi_platform::texts! {
    /// Where a campaign stands.
    pub enum CampaignStatus {
        /// Members still write it.
        Draft = "draft",
        /// Its recipients are being planned.
        Planning = "planning",
        /// The recipients are frozen. It can be sent.
        Planned = "planned",
        /// It starts at its time.
        Scheduled = "scheduled",
        /// It is being sent.
        Sending = "sending",
        /// It waits for a member, or for its template.
        Paused = "paused",
        /// All messages have left.
        Completed = "completed",
        /// It was stopped for good.
        Cancelled = "cancelled",
        /// It could not be planned.
        Failed = "failed",
    }
}

/// A change of a campaign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CampaignStep {
    /// Changes the content or the audience.
    Edit,
    /// Plans the recipients.
    Plan,
    /// All recipients are frozen.
    Planned,
    /// There is no recipient, or no template.
    Fail,
    /// Sets a start time.
    Schedule,
    Send,
    /// Stops it for a while.
    Pause,
    Resume,
    /// Stops it for good.
    Cancel,
    /// All messages have left.
    Complete,
}

impl CampaignStatus {
    /// The status after a step. Returns `None` when the status does not allow the step. A paused campaign keeps its
    /// start time: when it is resumed before that time, it is scheduled again.
    pub const fn after(self, step: CampaignStep) -> Option<Self> {
        use CampaignStatus::{
            Cancelled, Completed, Draft, Failed, Paused, Planned, Planning, Scheduled, Sending,
        };
        Some(match (self, step) {
            (Draft | Planned | Failed, CampaignStep::Edit) => Draft,
            (Draft | Planned | Failed, CampaignStep::Plan) => Planning,
            (Planning, CampaignStep::Planned) => Planned,
            (Planning, CampaignStep::Fail) => Failed,
            (Planned | Scheduled, CampaignStep::Schedule) => Scheduled,
            (Planned | Scheduled, CampaignStep::Send) => Sending,
            (Scheduled | Sending, CampaignStep::Pause) => Paused,
            (Paused, CampaignStep::Resume) => Sending,
            (Planning | Planned | Scheduled | Sending | Paused, CampaignStep::Cancel) => Cancelled,
            (Sending, CampaignStep::Complete) => Completed,
            _ => return None,
        })
    }
}

/// The result of the planning.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = CampaignReport)]
pub struct Report {
    /// Contacts of the segment.
    pub contacts: i64,
    /// Contacts who are not left out.
    pub recipients: i64,
    /// The number of contacts left out, by reason.
    pub left_out: std::collections::BTreeMap<String, i64>,
    /// Recipients and their price by country, the most recipients first.
    pub countries: Vec<CountryReport>,
    /// Recipients by time zone and hour, when the campaign goes out by their clocks.
    #[serde(default)]
    pub zones: Vec<Group>,
    /// The price of all recipients with a known price.
    pub cost: Option<Cost>,
    /// Recipients without a known price.
    pub unpriced: i64,
    /// Messages per second that the channel sends.
    pub rate: f64,
    /// The duration in seconds at that rate, without quiet hours.
    pub seconds: i64,
    /// People to whom Meta still lets the business send a template within these 24 hours, at the time of the planning. People
    /// who have written within a day do not count. `null`: no limit, or Meta has not told it. With more recipients, Meta
    /// refuses the rest, and the campaign pauses.
    pub remaining_today: Option<i64>,
    /// The parts of its test.
    #[serde(default)]
    pub experiment: Option<ExperimentReport>,
    /// What it costs in credits, and the balance then. `null`: the workspace does not pay with credits.
    #[serde(default)]
    pub credits: Option<Quote>,
}

/// The recipients in one country.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = CampaignCountry)]
pub struct CountryReport {
    /// ISO 3166. Empty: not known.
    pub country: String,
    pub recipients: i64,
    /// The price, if there is one.
    pub cost: Option<Cost>,
}

/// The cost by the workspace's price table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = CampaignCost)]
pub struct Cost {
    /// Millionths of the currency's unit.
    #[schema(example = 22_500_000)]
    pub micros: i64,
    /// ISO 4217.
    #[schema(example = "USD")]
    pub currency: String,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Campaign {
    pub id: CampaignId,
    /// The name that members see.
    #[schema(example = "Spring offer")]
    pub name: String,
    /// The channel that sends it.
    pub channel_id: ChannelId,
    pub content: Content,
    /// The audience: a segment …
    pub segment_id: Option<SegmentId>,
    /// … or a rule. Without both, all contacts.
    pub audience: Option<Audience>,
    /// So many days after it has reached somebody, an order or a booking of theirs counts for it.
    pub conversion_days: i32,
    pub delivery: Delivery,
    pub send_in: SendIn,
    /// The test of several arms. `null`: all get the content.
    pub experiment: Option<Experiment>,
    /// How far the test is.
    pub experiment_state: ExperimentState,
    /// The category that Meta charges. It is known after the planning.
    pub category: Option<Category>,
    pub status: CampaignStatus,
    /// Why it is paused, cancelled or failed: a code for programs.
    #[schema(example = "channel_stopped")]
    pub reason: Option<String>,
    /// The same as a sentence for people.
    pub reason_detail: Option<String>,
    pub report: Option<Report>,
    /// The start time.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub scheduled_at: Option<Timestamp>,
    /// When the recipients were frozen.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub planned_at: Option<Timestamp>,
    /// The first start.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub started_at: Option<Timestamp>,
    /// When the last message had left, or when it was cancelled.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub finished_at: Option<Timestamp>,
    /// When the last message of the canary had left.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub canary_sent_at: Option<Timestamp>,
    /// When few enough of the canary's messages had failed, or a member let the campaign go on.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub canary_passed_at: Option<Timestamp>,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// The last change.
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
    /// Rises with each change. The `ETag` is made of it.
    #[schema(example = 3)]
    pub version: i64,
    /// Its messages cost credits.
    pub metered: bool,
    /// The number of the planning or start.
    #[serde(skip)]
    pub run: i32,
    /// The status to take after the planning.
    #[serde(skip)]
    pub then: Option<CampaignStatus>,
    /// The last contact that the planning has read.
    #[serde(skip)]
    pub planned_until: Option<crate::contacts::ContactId>,
    /// The throttle has given away all places before this time.
    #[serde(skip)]
    pub paced_until: Option<Timestamp>,
    /// The last start.
    #[serde(skip)]
    pub resumed_at: Option<Timestamp>,
    /// When the start time was set.
    #[serde(skip)]
    pub zoned_from: Option<Timestamp>,
    /// When the breaker last looked.
    #[serde(skip)]
    pub watched_at: Option<Timestamp>,
}

impl Campaign {
    /// Returns true for content that needs consent and respects quiet hours. A text counts as marketing, because
    /// nothing says that it is not.
    pub fn is_marketing(&self) -> bool {
        self.category
            .is_none_or(|category| category == Category::Marketing)
    }
}

#[cfg(test)]
mod tests {
    use super::{CampaignStatus as S, CampaignStep};

    const ALL: [S; 9] = [
        S::Draft,
        S::Planning,
        S::Planned,
        S::Scheduled,
        S::Sending,
        S::Paused,
        S::Completed,
        S::Cancelled,
        S::Failed,
    ];

    #[test]
    fn what_is_over_stays_so() {
        for over in [S::Completed, S::Cancelled] {
            for step in [
                CampaignStep::Edit,
                CampaignStep::Plan,
                CampaignStep::Planned,
                CampaignStep::Fail,
                CampaignStep::Schedule,
                CampaignStep::Send,
                CampaignStep::Pause,
                CampaignStep::Resume,
                CampaignStep::Cancel,
                CampaignStep::Complete,
            ] {
                assert_eq!(over.after(step), None, "{over} {step:?}");
            }
        }
    }

    #[test]
    fn only_frozen_recipients_are_sent_to() {
        for status in ALL {
            let sends = matches!(status, S::Planned | S::Scheduled);
            assert_eq!(
                status.after(CampaignStep::Send).is_some(),
                sends,
                "{status}"
            );
            let resumes = status == S::Paused;
            assert_eq!(
                status.after(CampaignStep::Resume).is_some(),
                resumes,
                "{status}"
            );
            assert_eq!(status.name().parse(), Ok(status));
        }
    }
}
