//! A campaign as a value: its states and what leads from one to another, what it says, and what its planning found.

use std::{fmt, str::FromStr};

use kazi_clients::whatsapp::ButtonParameter;
use kazi_platform::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::SegmentId;
use crate::{
    channels::ChannelId,
    contacts::Audience,
    messages::CampaignId,
    templates::{Category, Wanted},
};

/// Where a campaign stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum CampaignStatus {
    /// It is being written.
    Draft,
    /// Its recipients are being looked up.
    Planning,
    /// They are frozen: it can be sent.
    Planned,
    /// It will be sent at its time.
    Scheduled,
    /// It is being sent.
    Sending,
    /// It waits for a person, or for its template.
    Paused,
    /// All has left.
    Completed,
    /// It was stopped for good.
    Cancelled,
    /// It could not be planned.
    Failed,
}

/// What is done to a campaign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Changes what it says or to whom.
    Edit,
    /// Looks its recipients up.
    Plan,
    /// They are all frozen.
    Planned,
    /// There is nobody, or no template.
    Fail,
    /// Gives it a time.
    Schedule,
    Send,
    /// Stops it for a while.
    Pause,
    /// Lets it go on.
    Resume,
    /// Stops it for good.
    Cancel,
    /// All has left.
    Complete,
}

impl CampaignStatus {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Planning => "planning",
            Self::Planned => "planned",
            Self::Scheduled => "scheduled",
            Self::Sending => "sending",
            Self::Paused => "paused",
            Self::Completed => "completed",
            Self::Cancelled => "cancelled",
            Self::Failed => "failed",
        }
    }

    /// Where a step leads; `None` where it cannot be taken. A paused campaign keeps its time: whoever resumes it before
    /// then gets it scheduled again.
    pub const fn after(self, step: Step) -> Option<Self> {
        use CampaignStatus::{
            Cancelled, Completed, Draft, Failed, Paused, Planned, Planning, Scheduled, Sending,
        };
        Some(match (self, step) {
            (Draft | Planned | Failed, Step::Edit) => Draft,
            (Draft | Planned | Failed, Step::Plan) => Planning,
            (Planning, Step::Planned) => Planned,
            (Planning, Step::Fail) => Failed,
            (Planned | Scheduled, Step::Schedule) => Scheduled,
            (Planned | Scheduled, Step::Send) => Sending,
            (Scheduled | Sending, Step::Pause) => Paused,
            (Paused, Step::Resume) => Sending,
            (Planning | Planned | Scheduled | Sending | Paused, Step::Cancel) => Cancelled,
            (Sending, Step::Complete) => Completed,
            _ => return None,
        })
    }
}

impl FromStr for CampaignStatus {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Ok(match text {
            "draft" => Self::Draft,
            "planning" => Self::Planning,
            "planned" => Self::Planned,
            "scheduled" => Self::Scheduled,
            "sending" => Self::Sending,
            "paused" => Self::Paused,
            "completed" => Self::Completed,
            "cancelled" => Self::Cancelled,
            "failed" => Self::Failed,
            other => return Err(format!("there is no campaign status {other:?}")),
        })
    }
}

impl fmt::Display for CampaignStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What is filled in for a variable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Parameter {
    /// The same for everybody.
    Text(String),
    /// Of the contact: `name`, `first_name`, `phone`, `email`, `language`, `country`, or a custom field's key behind
    /// `attributes.`; and what is said where they have none. Without that they are left out.
    Field {
        /// Which.
        #[schema(example = "first_name")]
        name: String,
        /// Where they have none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        fallback: Option<String>,
    },
}

/// What a button of the template is given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum ButtonSource {
    /// The end of its address.
    Url {
        /// Which button, from 0.
        index: u8,
        /// What.
        value: Parameter,
    },
    /// What comes back when it is tapped.
    Payload {
        /// Which button, from 0.
        index: u8,
        /// What.
        value: Parameter,
    },
    /// The coupon that it copies: at most 15 characters.
    Code {
        /// Which button, from 0.
        index: u8,
        /// What.
        value: Parameter,
    },
}

impl ButtonSource {
    /// What it is given.
    pub const fn value(&self) -> &Parameter {
        match self {
            Self::Url { value, .. } | Self::Payload { value, .. } | Self::Code { value, .. } => {
                value
            }
        }
    }

    /// Which button, from 0.
    pub(super) const fn index(&self) -> u8 {
        match self {
            Self::Url { index, .. } | Self::Payload { index, .. } | Self::Code { index, .. } => {
                *index
            }
        }
    }

    /// What kind of button takes it; `None`: a quick reply.
    pub(super) const fn wanted(&self) -> Option<Wanted> {
        match self {
            Self::Url { .. } => Some(Wanted::Url),
            Self::Code { .. } => Some(Wanted::Code),
            Self::Payload { .. } => None,
        }
    }

    /// For the client, filled in.
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

/// What the header of the template is given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[schema(as = CampaignHeader)]
pub enum HeaderSource {
    /// For its variable.
    Text(Parameter),
    /// The https address of its image, video or document: the same for everybody.
    Link(String),
}

/// What a campaign says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "lowercase", deny_unknown_fields)]
#[schema(as = CampaignContent)]
pub enum Content {
    /// A template, in the contact's language where it has that.
    Template {
        /// Its name.
        #[schema(example = "spring_offer")]
        name: String,
        /// Of its body, in order: of `{{1}}`, `{{2}}` … or, where its variables have names, as they come in the body.
        #[serde(default)]
        parameters: Vec<Parameter>,
        /// Of its header.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        header: Option<HeaderSource>,
        /// Of its buttons.
        #[serde(default)]
        buttons: Vec<ButtonSource>,
    },
    /// A text, with `{{1}}`, `{{2}}` … for what is filled in: on Green API, which has no templates.
    Text {
        /// At most 4,096 characters.
        #[schema(example = "Hello {{1}}, we are open on Sunday.")]
        text: String,
        /// In order.
        #[serde(default)]
        parameters: Vec<Parameter>,
    },
}

impl Content {
    /// How many of them the text itself has.
    pub const fn body_parameters(&self) -> usize {
        match self {
            Self::Template { parameters, .. } | Self::Text { parameters, .. } => parameters.len(),
        }
    }

    /// All that is filled in: of the text, then of the buttons, then of the header.
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

/// What the planning has found.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = CampaignReport)]
pub struct Report {
    /// Contacts of the segment.
    pub contacts: i64,
    /// Recipients: contacts that are not left out.
    pub recipients: i64,
    /// Why how many are left out.
    pub left_out: std::collections::BTreeMap<String, i64>,
    /// Recipients and their price by country, most first.
    pub countries: Vec<CountryReport>,
    /// Of those whose price is known; `None` where none is.
    pub cost: Option<Cost>,
    /// How many recipients have no price.
    pub unpriced: i64,
    /// Messages a second that the channel sends.
    pub rate: f64,
    /// Seconds, at that rate and without quiet hours.
    pub seconds: i64,
    /// Recipients that Meta still takes within these 24 hours, where that is known.
    pub remaining_today: Option<i64>,
}

/// Recipients of a country.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = CampaignCountry)]
pub struct CountryReport {
    /// ISO 3166; empty where it is not known.
    pub country: String,
    /// So many.
    pub recipients: i64,
    /// What they cost, where there is a price.
    pub cost: Option<Cost>,
}

/// What it costs by the workspace's price table.
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

/// A campaign.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Campaign {
    /// Its id.
    #[schema(value_type = String, example = "cmp_0190a5b2c3d4e5f60718293a4b5c6d7e")]
    pub id: CampaignId,
    /// What colleagues call it.
    #[schema(example = "Spring offer")]
    pub name: String,
    /// What sends it.
    #[schema(value_type = String, example = "chn_0190a5b2c3d4e5f60718293a4b5c6d7e")]
    pub channel: ChannelId,
    /// What it says.
    pub content: Content,
    /// To whom: a segment …
    #[schema(value_type = Option<String>, example = "seg_0190a5b2c3d4e5f60718293a4b5c6d7e")]
    pub segment: Option<SegmentId>,
    /// … or a rule of its own; without both, everybody.
    pub audience: Option<Audience>,
    /// What its template is charged as, once it is planned.
    pub category: Option<Category>,
    /// Where it stands.
    pub status: CampaignStatus,
    /// Why it is paused, cancelled or failed, for programs.
    #[schema(example = "channel_stopped")]
    pub reason: Option<String>,
    /// The same for people.
    pub reason_detail: Option<String>,
    /// What the planning has found.
    pub report: Option<Report>,
    /// When it is to be sent.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub scheduled_at: Option<Timestamp>,
    /// When its recipients were frozen.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub planned_at: Option<Timestamp>,
    /// When it was sent first.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub started_at: Option<Timestamp>,
    /// When all had left, or it was cancelled.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub finished_at: Option<Timestamp>,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When it was changed last: its version.
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
    /// Which planning or start this is.
    #[serde(skip)]
    pub run: i32,
    /// What follows once it is planned.
    #[serde(skip)]
    pub then: Option<CampaignStatus>,
    /// The last contact that the planning has looked at.
    #[serde(skip)]
    pub planned_until: Option<crate::contacts::ContactId>,
}

impl Campaign {
    /// Only for those who have not opted out, and not in quiet hours. What is no template counts as an offer: nothing
    /// says that it is none.
    pub fn is_marketing(&self) -> bool {
        self.category
            .is_none_or(|category| category == Category::Marketing)
    }
}

#[cfg(test)]
mod tests {
    use super::{CampaignStatus as S, Step};

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
                Step::Edit,
                Step::Plan,
                Step::Planned,
                Step::Fail,
                Step::Schedule,
                Step::Send,
                Step::Pause,
                Step::Resume,
                Step::Cancel,
                Step::Complete,
            ] {
                assert_eq!(over.after(step), None, "{over} {step:?}");
            }
        }
    }

    #[test]
    fn only_frozen_recipients_are_sent_to() {
        for status in ALL {
            let sends = matches!(status, S::Planned | S::Scheduled);
            assert_eq!(status.after(Step::Send).is_some(), sends, "{status}");
            let resumes = status == S::Paused;
            assert_eq!(status.after(Step::Resume).is_some(), resumes, "{status}");
            assert_eq!(status.name().parse(), Ok(status));
        }
    }
}
