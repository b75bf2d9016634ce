//! Marketing campaigns as values: their statuses and steps, goals and amounts.

use chrono::NaiveDate;
use kazi_platform::{Currency, Timestamp, UserId, id};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

id!(
    /// A marketing campaign.
    pub struct MarketingId, "mkt_"
);
id!(
    /// An expense of a marketing campaign.
    pub struct ExpenseId, "mke_"
);

kazi_platform::texts! {
    /// What a marketing campaign is for.
    pub enum Objective as "MarketingObjective" {
        Awareness = "awareness",
        Traffic = "traffic",
        Engagement = "engagement",
        Leads = "leads",
        Sales = "sales",
        Loyalty = "loyalty",
    }
}

kazi_platform::texts! {
    /// What a goal counts.
    pub enum Measure as "MarketingMeasure" {
        /// Messages that the provider has sent.
        Sent = "sent",
        Read = "read",
        /// Clicks on tracked links.
        Clicks = "clicks",
        /// Messages after which the contact wrote within 24 hours.
        Replies = "replies",
        /// Orders and bookings.
        Conversions = "conversions",
        /// What the orders and bookings are worth.
        Revenue = "revenue",
    }
}

kazi_platform::texts! {
    /// Where a marketing campaign stands.
    pub enum Status as "MarketingStatus" {
        /// Members still prepare it.
        Draft = "draft",
        Active = "active",
        /// It is over. Late results still count.
        Ended = "ended",
        /// It is over and put away: nothing of it can be changed.
        Archived = "archived",
    }
}

kazi_platform::texts! {
    /// What has its figures in a marketing campaign.
    pub enum PartKind as "MarketingPartKind" {
        /// A campaign of messages.
        Broadcast = "broadcast",
        /// A content for social networks, with all its posts.
        Post = "post",
        Automation = "automation",
    }
}

/// A change of the status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Activate,
    End,
    Archive,
    /// Takes it back from the archive.
    Restore,
}

impl Status {
    /// The status after a step. Returns `None` when the status does not allow the step.
    pub const fn after(self, step: Step) -> Option<Self> {
        match (self, step) {
            (Self::Draft | Self::Ended, Step::Activate) => Some(Self::Active),
            (Self::Active, Step::End) | (Self::Archived, Step::Restore) => Some(Self::Ended),
            (Self::Ended, Step::Archive) => Some(Self::Archived),
            _ => None,
        }
    }
}

/// An amount of one currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = MarketingAmount)]
pub struct Amount {
    /// Minor units, at least 1.
    #[schema(example = 250_000, minimum = 1, maximum = 1_000_000_000_000_i64)]
    pub amount_minor: i64,
    /// ISO 4217.
    #[schema(example = "KES")]
    pub currency: String,
}

impl Amount {
    /// In millionths of the currency's unit, in which messages are priced.
    pub(super) fn micros(&self) -> i64 {
        micros(self.amount_minor, &self.currency)
    }
}

/// Minor units in millionths of their currency's unit.
pub(super) fn micros(minor: i64, currency: &str) -> i64 {
    let digits = currency
        .parse::<Currency>()
        .map_or(2, |currency| currency.exponent());
    let factor = 10_i64.pow(u32::try_from(6_usize.saturating_sub(digits)).unwrap_or(0));
    minor.saturating_mul(factor)
}

/// What a marketing campaign is to reach.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = MarketingGoal)]
pub struct Goal {
    #[schema(inline)]
    pub measure: Measure,
    /// So many. Of revenue: minor units.
    #[schema(example = 500, minimum = 1, maximum = 1_000_000_000_000_i64)]
    pub target: i64,
    /// ISO 4217. Revenue needs it: only revenue in this currency counts. Other measures have none.
    #[serde(default)]
    #[schema(example = "KES")]
    pub currency: Option<String>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MarketingCampaign {
    pub id: MarketingId,
    /// No two have the same, in capital or small letters.
    #[schema(example = "Christmas 2026")]
    pub name: String,
    pub objective: Objective,
    pub goal: Option<Goal>,
    /// What members write down about it.
    pub notes: String,
    /// The first day, on the clocks of the workspace: a draft becomes active.
    #[schema(value_type = Option<String>, format = Date)]
    pub starts_on: Option<NaiveDate>,
    /// The last day: after it, an active one ends.
    #[schema(value_type = Option<String>, format = Date)]
    pub ends_on: Option<NaiveDate>,
    pub budget: Option<Amount>,
    /// The user who sees to it.
    pub owner_id: Option<UserId>,
    /// In small letters, in order.
    #[schema(example = json!(["christmas"]))]
    pub tags: Vec<String>,
    pub status: Status,
    /// The last start.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub activated_at: Option<Timestamp>,
    /// The last end.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub ended_at: Option<Timestamp>,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// The last change.
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
    /// Rises with each change. The `ETag` is made of it.
    #[schema(example = 3)]
    pub version: i64,
    /// The share of the budget that members were last told, in percent.
    #[serde(skip)]
    pub warned: i16,
}

impl MarketingCampaign {
    /// The step that its dates bring on a day.
    pub(super) fn due(&self, today: NaiveDate) -> Option<Step> {
        let begun = self.starts_on.is_some_and(|first| first <= today);
        let over = self.is_over(today);
        match self.status {
            Status::Draft if begun && !over => Some(Step::Activate),
            Status::Active if over => Some(Step::End),
            _ => None,
        }
    }

    pub(super) fn is_over(&self, today: NaiveDate) -> bool {
        self.ends_on.is_some_and(|last| last < today)
    }
}

/// A share in whole percent, rounded down.
pub(super) fn percent(part: i64, whole: i64) -> i64 {
    let share = i128::from(part) * 100 / i128::from(whole.max(1));
    i64::try_from(share).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_archived_campaign_comes_back_only_as_an_ended_one() {
        let all = [Step::Activate, Step::End, Step::Archive, Step::Restore];
        let steps = |status: Status| -> Vec<Step> {
            all.into_iter()
                .filter(|step| status.after(*step).is_some())
                .collect()
        };
        assert_eq!(steps(Status::Draft), [Step::Activate]);
        assert_eq!(steps(Status::Active), [Step::End]);
        assert_eq!(steps(Status::Ended), [Step::Activate, Step::Archive]);
        assert_eq!(steps(Status::Archived), [Step::Restore]);
        assert_eq!(Status::Archived.after(Step::Restore), Some(Status::Ended));
    }

    #[test]
    fn minor_units_become_millionths_of_the_unit() {
        assert_eq!(micros(250, "USD"), 2_500_000);
        assert_eq!(micros(250, "UGX"), 250_000_000);
        assert_eq!(micros(250, "KWD"), 250_000);
        assert_eq!(micros(i64::MAX, "USD"), i64::MAX);
    }

    #[test]
    fn a_share_is_rounded_down_and_never_overflows() {
        assert_eq!(percent(79_999, 100_000), 79);
        assert_eq!(percent(i64::MAX, 1), i64::MAX);
        assert_eq!(percent(5, 0), 500);
    }
}
