//! A campaign as a value: its statuses and steps, its content, and the report of its planning.

use kazi_clients::whatsapp::ButtonParameter;
use kazi_platform::{Timestamp, id};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Delivery, Group, SendIn};
use crate::{
    channels::ChannelId,
    contacts::Audience,
    messages::CampaignId,
    templates::{Category, Place, Wanted},
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

/// The value of a variable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Parameter {
    /// The same for all recipients.
    Text(String),
    /// A field of the contact: `name`, `first_name`, `phone`, `email`, `language`, `country`, or `attributes.` and the
    /// key of a custom field. A contact without the field gets the fallback. Without a fallback, the contact is left
    /// out.
    Field {
        #[schema(example = "first_name")]
        name: String,
        /// The value for contacts without the field.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        fallback: Option<String>,
    },
    /// A tracked link to an address of the business. Each recipient gets a link of their own on Kazi's address, so that
    /// clicks are counted. It stands in the body, or at the end of a button's address. The template's button then leads to
    /// Kazi's address and `/l/{{1}}`.
    Link {
        /// https, on a public host, at most 2,000 characters.
        #[schema(example = "https://shop.example/spring")]
        url: String,
    },
}

/// The value of a template's button.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum ButtonSource {
    /// The end of the button's address.
    Url {
        /// The index of the button, from 0.
        index: u8,
        value: Parameter,
    },
    /// The text that comes back with a tap.
    Payload {
        /// The index of the button, from 0.
        index: u8,
        value: Parameter,
    },
    /// The coupon that a tap copies: at most 15 characters.
    Code {
        /// The index of the button, from 0.
        index: u8,
        value: Parameter,
    },
}

impl ButtonSource {
    pub const fn value(&self) -> &Parameter {
        match self {
            Self::Url { value, .. } | Self::Payload { value, .. } | Self::Code { value, .. } => {
                value
            }
        }
    }

    /// The index of the button, from 0.
    pub(super) const fn index(&self) -> u8 {
        match self {
            Self::Url { index, .. } | Self::Payload { index, .. } | Self::Code { index, .. } => {
                *index
            }
        }
    }

    /// The kind of button that takes the value. `None`: a quick reply.
    pub(super) const fn wanted(&self) -> Option<Wanted> {
        match self {
            Self::Url { .. } => Some(Wanted::Url),
            Self::Code { .. } => Some(Wanted::Code),
            Self::Payload { .. } => None,
        }
    }

    /// The filled parameter for the client.
    pub(super) fn given(&self, text: String) -> ButtonParameter {
        match *self {
            Self::Url { index, .. } => ButtonParameter::Url { index, text },
            Self::Code { index, .. } => ButtonParameter::Code { index, text },
            Self::Payload { index, .. } => ButtonParameter::Payload {
                index,
                payload: text,
            },
        }
    }
}

/// The value of a template's header.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[schema(as = CampaignHeader)]
pub enum HeaderSource {
    /// The value of its variable.
    Text(Parameter),
    /// The https address of its image, video or document. It is the same for all recipients.
    Link(String),
    /// The place on its map. It is the same for all recipients.
    Location(Place),
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "lowercase", deny_unknown_fields)]
#[schema(as = CampaignContent)]
pub enum Content {
    /// A template. A contact gets it in their own language if the template has it.
    Template {
        #[schema(example = "spring_offer")]
        name: String,
        /// The variables of the body, in order: `{{1}}`, `{{2}}` … or, for variables with names, as they stand in the
        /// body.
        #[serde(default)]
        parameters: Vec<Parameter>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        header: Option<HeaderSource>,
        #[serde(default)]
        buttons: Vec<ButtonSource>,
    },
    /// A text with the variables `{{1}}`, `{{2}}` …, for Green API, which has no templates.
    Text {
        /// At most 4,096 characters.
        #[schema(example = "Hello {{1}}, we are open on Sunday.")]
        text: String,
        /// The variables, in order.
        #[serde(default)]
        parameters: Vec<Parameter>,
    },
}

impl Content {
    /// The number of variables in the text itself.
    pub const fn body_parameters(&self) -> usize {
        match self {
            Self::Template { parameters, .. } | Self::Text { parameters, .. } => parameters.len(),
        }
    }

    /// Returns true when a variable is a tracked link.
    pub fn is_tracked(&self) -> bool {
        let mut sources = self.sources().into_iter();
        sources.any(|source| matches!(source, Parameter::Link { .. }))
    }

    /// All variables: first those of the text, then those of the buttons, then that of the header.
    pub fn sources(&self) -> Vec<&Parameter> {
        match self {
            Self::Template {
                parameters,
                header,
                buttons,
                ..
            } => {
                let top = match header {
                    Some(HeaderSource::Text(value)) => Some(value),
                    _ => None,
                };
                let all = parameters
                    .iter()
                    .chain(buttons.iter().map(ButtonSource::value));
                all.chain(top).collect()
            }
            Self::Text { parameters, .. } => parameters.iter().collect(),
        }
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
    /// Recipients that Meta still accepts within these 24 hours, if that is known.
    pub remaining_today: Option<i64>,
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
