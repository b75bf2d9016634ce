//! An automation as a value: its trigger, its steps, and a contact's way through them.

use std::collections::BTreeMap;

use kazi_platform::{Timestamp, id};
use serde::{Deserialize, Serialize};
use sqlx::types::Json;
use utoipa::ToSchema;

use crate::{
    campaigns::{Content, SegmentId},
    channels::ChannelId,
    contacts::{Audience, ContactId},
    conversations::MessageId,
};

id!(
    pub struct AutomationId, "aut_"
);
id!(
    pub struct EnrolmentId, "enr_"
);

kazi_platform::texts! {
    /// Where an automation stands.
    pub enum AutomationStatus {
        /// Members still write it.
        Draft = "draft",
        /// Contacts enter, and their steps are done.
        Active = "active",
        /// Nobody enters, and the steps of those who have entered wait.
        Paused = "paused",
    }
}

kazi_platform::texts! {
    /// Where a contact stands in an automation.
    pub enum EnrolmentStatus {
        /// A step is still to come.
        Active = "active",
        /// All steps are done.
        Finished = "finished",
        /// The contact answered, a member stopped it, or nothing may be said to the contact any more.
        Stopped = "stopped",
        /// A step could not be done for the contact.
        Failed = "failed",
    }
}

/// Who enters an automation, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[schema(as = AutomationTrigger)]
pub enum Trigger {
    /// By the clock of the workspace's time zone: a segment, an audience, or all contacts.
    Cron {
        /// Five fields as in crontab(5): minute, hour, day of the month, month, weekday. At most once an hour.
        #[schema(example = "0 9 * * MON", max_length = 100)]
        expression: String,
        /// Whom: a segment …
        #[serde(default, skip_serializing_if = "Option::is_none")]
        segment_id: Option<SegmentId>,
        /// … or a rule. Without both, all contacts.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        audience: Option<Box<Audience>>,
    },
    /// Every year on the day of a date, such as a birthday. The contact's country gives the time zone, or else the
    /// workspace.
    Anniversary {
        /// The key of a custom field of the kind `date`.
        #[schema(example = "birthday")]
        field: String,
        /// The local time.
        #[schema(example = "09:00")]
        time: String,
    },
    /// The contact has not written for so many days. The first look finds all who are silent for longer, too.
    Inactive {
        #[schema(minimum = 1, maximum = 3650)]
        days: u32,
    },
    /// The contact has put something into the cart, and has not touched it for so many minutes.
    CartAbandoned {
        #[schema(minimum = 30, maximum = 8640)]
        minutes: u32,
    },
    /// An order of the contact was delivered.
    OrderDelivered {},
    /// The contact came to a booking.
    BookingCompleted {},
    /// A subscription of the contact has expired, or was cancelled.
    SubscriptionEnded {},
    /// The contact has got points, and now has as many as this, or more. Before they were fewer.
    PointsReached {
        #[schema(example = 100, minimum = 1, maximum = 1_000_000)]
        points: i64,
    },
}

impl Trigger {
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Cron { .. } => "cron",
            Self::Anniversary { .. } => "anniversary",
            Self::Inactive { .. } => "inactive",
            Self::CartAbandoned { .. } => "cart_abandoned",
            Self::OrderDelivered {} => "order_delivered",
            Self::BookingCompleted {} => "booking_completed",
            Self::SubscriptionEnded {} => "subscription_ended",
            Self::PointsReached { .. } => "points_reached",
        }
    }

    /// Whether its looks are occurrences themselves, as those of a cron expression. Otherwise each contact has their own.
    pub const fn is_timed(&self) -> bool {
        matches!(self, Self::Cron { .. })
    }

    /// The names of the subject's values, for variables like `subject.years`.
    pub const fn values(&self) -> &'static [&'static str] {
        match self {
            Self::Cron { .. } => &[],
            Self::Anniversary { .. } => &["date", "years"],
            Self::Inactive { .. } => &["days"],
            Self::CartAbandoned { .. } => &["pieces"],
            Self::OrderDelivered {} => &["number", "total"],
            Self::BookingCompleted {} => &["date", "time"],
            Self::SubscriptionEnded {} => &["date", "plan"],
            Self::PointsReached { .. } => &["points"],
        }
    }
}

/// One step. The contact goes on with `next`, or else with the next of the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AutomationStep)]
pub struct Step {
    /// Small letters, digits, `-` and `_`. Figures of a step are kept by its key.
    #[schema(example = "greet", min_length = 1, max_length = 40)]
    pub key: String,
    pub action: Action,
    /// The key of a later step.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// What a step does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[schema(as = AutomationAction)]
pub enum Action {
    /// Waits for so long.
    Wait {
        #[schema(minimum = 1, maximum = 525_600)]
        minutes: u32,
    },
    /// Waits until the next time that the contact's clock shows this.
    WaitUntil {
        #[schema(example = "09:00")]
        time: String,
    },
    /// Goes on if something holds, and otherwise elsewhere.
    Condition {
        when: Condition,
        /// The key of a later step. Without one the automation ends here for the contact.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        otherwise: Option<String>,
    },
    /// Sends a template, or a text. A text goes out only where the contact has written within 24 hours; otherwise the step
    /// is skipped.
    ///
    /// A variable may also be a value of the trigger's subject: the field `subject.` and its name.
    Send {
        channel_id: ChannelId,
        content: Content,
    },
    AddTag {
        #[schema(example = "greeted", max_length = 50)]
        tag: String,
    },
    RemoveTag {
        #[schema(example = "new", max_length = 50)]
        tag: String,
    },
    /// Ends here.
    Stop {},
}

impl Action {
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Wait { .. } => "wait",
            Self::WaitUntil { .. } => "wait_until",
            Self::Condition { .. } => "condition",
            Self::Send { .. } => "send",
            Self::AddTag { .. } => "add_tag",
            Self::RemoveTag { .. } => "remove_tag",
            Self::Stop {} => "stop",
        }
    }
}

/// What a condition asks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[schema(as = AutomationCondition)]
pub enum Condition {
    /// The contact is one of a segment.
    Segment { segment_id: SegmentId },
    /// A rule finds the contact.
    Audience { audience: Box<Audience> },
    /// The contact has a tag.
    Tag {
        #[schema(example = "vip", max_length = 50)]
        tag: String,
    },
    /// The contact has written since they entered.
    Answered {},
    /// The contact has ordered since they entered.
    Ordered {},
}

/// What an automation does, as one revision of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Definition {
    pub trigger: Trigger,
    pub steps: Vec<Step>,
    pub stop_when_answered: bool,
    pub reentry_after_days: Option<u32>,
    pub daily_entries: Option<u32>,
}

impl Definition {
    /// The index of the step that follows one. `None`: the end.
    pub fn after(&self, position: usize) -> Option<usize> {
        match self.steps.get(position).and_then(|step| step.next.as_ref()) {
            Some(key) => self.index(key),
            None => Some(position + 1).filter(|next| *next < self.steps.len()),
        }
    }

    /// The index of a step.
    pub fn index(&self, key: &str) -> Option<usize> {
        self.steps.iter().position(|step| step.key == key)
    }
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Automation {
    pub id: AutomationId,
    /// The name that members see.
    #[schema(example = "Win back")]
    pub name: String,
    pub status: AutomationStatus,
    /// Why Kazi paused it: a code for programs.
    #[schema(example = "no_template")]
    pub reason: Option<String>,
    /// The same as a sentence for people.
    pub reason_detail: Option<String>,
    pub trigger: Trigger,
    pub steps: Vec<Step>,
    /// A contact who writes after they entered gets no further step.
    pub stop_when_answered: bool,
    /// Days after which a contact may enter again. `null`: never. 0: by each occurrence of the trigger.
    pub reentry_after_days: Option<u32>,
    /// The most contacts that enter within 24 hours. Others are left out. `null`: no limit.
    pub daily_entries: Option<u32>,
    /// Rises when the trigger, the steps or the limits change. Contacts go on with the revision that they entered with.
    #[schema(example = 2)]
    pub revision: i32,
    /// When the trigger looks for contacts next. `null`: it is not active, or waits for events.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub next_at: Option<Timestamp>,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// The last change.
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
    /// Rises with each change. The `ETag` is made of it.
    #[schema(example = 3)]
    pub version: i64,
    /// The last look of the trigger.
    #[serde(skip)]
    pub looked_at: Option<Timestamp>,
}

impl Automation {
    pub fn definition(&self) -> Definition {
        Definition {
            trigger: self.trigger.clone(),
            steps: self.steps.clone(),
            stop_when_answered: self.stop_when_answered,
            reentry_after_days: self.reentry_after_days,
            daily_entries: self.daily_entries,
        }
    }
}

/// Values of the trigger's subject by name.
pub type Values = BTreeMap<String, String>;

/// A contact in an automation.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Enrolment {
    pub id: EnrolmentId,
    pub automation_id: AutomationId,
    pub contact_id: ContactId,
    /// The revision that the contact entered with.
    pub revision: i32,
    /// What the trigger found: a time, a year, an order.
    #[schema(example = "2030")]
    pub occurrence: String,
    /// Values of the trigger's subject.
    #[schema(value_type = BTreeMap<String, String>)]
    pub subject: Json<Values>,
    /// active, finished, stopped, failed.
    #[schema(example = "active")]
    pub status: String,
    /// Why it was stopped or has failed. Of an active one: `no_template`, it waits until a template is approved.
    #[schema(example = "answered")]
    pub reason: Option<String>,
    /// The key of the next step, or of the last one.
    #[schema(example = "greet")]
    pub step: String,
    /// When the next step is due.
    #[schema(value_type = String, format = DateTime)]
    pub due_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    pub entered_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub ended_at: Option<Timestamp>,
    /// The index of the next step.
    #[serde(skip)]
    pub position: i32,
    /// The next step is a wait that has begun.
    #[serde(skip)]
    pub waits: bool,
}

/// A step that a contact has done.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = EnrolmentStep)]
pub struct Done {
    /// The key of the step.
    pub step: String,
    /// waited, held, not_held, sent, skipped, tagged, untagged, stopped, failed.
    #[schema(example = "sent")]
    pub result: String,
    /// Why it was skipped or has failed.
    pub reason: Option<String>,
    pub message_id: Option<MessageId>,
    #[schema(value_type = String, format = DateTime)]
    pub done_at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_leads_to_the_next_or_to_the_named_one() {
        let step = |key: &str, next: Option<&str>| Step {
            key: key.into(),
            action: Action::Stop {},
            next: next.map(str::to_owned),
        };
        let definition = Definition {
            trigger: Trigger::Inactive { days: 30 },
            steps: vec![step("a", Some("c")), step("b", None), step("c", None)],
            stop_when_answered: false,
            reentry_after_days: None,
            daily_entries: None,
        };
        let after = |position| definition.after(position);
        assert_eq!((after(0), after(1), after(2)), (Some(2), Some(2), None));
    }

    #[test]
    fn a_definition_reads_back() {
        let json = serde_json::json!({
            "trigger": {"kind": "cron", "expression": "0 9 * * *"},
            "steps": [{"key": "ask", "action": {"kind": "condition", "when": {"kind": "answered"}}}],
            "stop_when_answered": true, "reentry_after_days": null, "daily_entries": 5,
        });
        let read: Definition = serde_json::from_value(json.clone()).unwrap();
        assert_eq!(serde_json::to_value(&read).unwrap(), json);
    }
}
