//! Deeds: what a contact did, as a part of an audience. Orders, bookings and the like belong to higher domains, which offer
//! the SQL that finds them.

use kazi_platform::{Currency, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{audience::MAX_DAYS, store};
use crate::violations::Violations;

const MAX_TIMES: u32 = 10_000;

/// What contacts did. All parts that are given must hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Deed {
    /// They ordered and paid. Refunded orders do not count.
    Ordered {
        #[serde(default)]
        times: Times,
        /// What the counted orders cost together, in one currency.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        spent: Option<Spent>,
        /// Only orders with this product count.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(example = "prd_0198c7a0000070008000000000000001")]
        product_id: Option<String>,
    },
    /// They have bookings.
    Booked {
        state: BookedState,
        #[serde(default)]
        times: Times,
        /// Only bookings of this offering count.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(example = "off_0198c7a0000070008000000000000001")]
        offering_id: Option<String>,
    },
    /// They have, or had, a subscription.
    Subscribed {
        state: SubscribedState,
        /// Only subscriptions of this plan count.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(example = "pln_0198c7a0000070008000000000000001")]
        plan_id: Option<String>,
    },
    /// What they did with the messages of campaigns.
    Campaign {
        did: CampaignDeed,
        /// Only this campaign counts.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(example = "cmp_0198c7a0000070008000000000000001")]
        campaign_id: Option<String>,
        /// Only what was sent within so many days counts.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(minimum = 1, maximum = 3650)]
        within_days: Option<u32>,
    },
}

/// How often, and since when.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = DeedTimes)]
pub struct Times {
    /// 1 when it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 10000)]
    pub at_least: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 10000)]
    pub at_most: Option<u32>,
    /// Only what was within so many days counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 3650)]
    pub within_days: Option<u32>,
}

/// An amount that was spent at least.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Spent {
    /// In minor units.
    #[schema(minimum = 1, example = 50000)]
    pub at_least_minor: i64,
    /// ISO 4217. Orders in other currencies do not count.
    #[schema(value_type = String, example = "KES")]
    pub currency: Currency,
}

/// How bookings stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum BookedState {
    /// They are still to come.
    Coming,
    /// The contact came.
    Came,
    /// The contact did not come.
    NoShow,
    Cancelled,
}

/// How subscriptions stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SubscribedState {
    /// It runs, or its days of grace do.
    Running,
    /// It has ended, and none of the same plan runs.
    Ended,
}

/// What a contact did with a message of a campaign.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CampaignDeed {
    /// It came to the phone.
    Received,
    Read,
    /// They clicked a tracked link.
    Clicked,
}

impl Deed {
    pub(super) fn check(&self, violations: &mut Violations, at: &str, now: Timestamp) {
        match self {
            Self::Ordered { times, .. } | Self::Booked { times, .. } => {
                times.check(violations, &format!("{at}/times"));
            }
            Self::Campaign { within_days, .. } => {
                check_days(violations, &format!("{at}/within_days"), *within_days);
            }
            Self::Subscribed { .. } => {}
        }
        if let Self::Ordered {
            spent: Some(spent), ..
        } = self
        {
            let pointer = format!("{at}/spent/at_least_minor");
            let rule = "must be at least 1";
            violations.unless(spent.at_least_minor >= 1, pointer, "out_of_range", rule);
        }
        if let Err(field) = store::deeds::check(self, now) {
            let rule = "must be the id of such a thing";
            violations.unless(false, format!("{at}/{field}"), "invalid", rule);
        }
    }
}

pub(super) fn check_days(violations: &mut Violations, at: &str, days: Option<u32>) {
    let fits = days.is_none_or(|days| (1..=MAX_DAYS).contains(&days));
    violations.unless(fits, at, "out_of_range", "must be 1 to 3650");
}

impl Times {
    fn check(&self, violations: &mut Violations, at: &str) {
        for (name, count) in [("at_least", self.at_least), ("at_most", self.at_most)] {
            let fits = count.is_none_or(|count| (1..=MAX_TIMES).contains(&count));
            let rule = "must be 1 to 10000; who never did it is found by `none_of`";
            violations.unless(fits, format!("{at}/{name}"), "out_of_range", rule);
        }
        let ordered = self.at_most.is_none_or(|most| self.least() <= most);
        let rule = "must not be below at_least";
        violations.unless(ordered, format!("{at}/at_most"), "out_of_range", rule);
        check_days(violations, &format!("{at}/within_days"), self.within_days);
    }

    pub(super) fn least(&self) -> u32 {
        self.at_least.unwrap_or(1)
    }

    /// Since when it counts.
    pub(crate) fn since(&self, now: Timestamp) -> Option<Timestamp> {
        self.within_days.map(|days| ago(now, days))
    }
}

/// The time so many days ago, ten years at most. The check of a rule makes its SQL too, whatever the rule says.
pub(crate) fn ago(now: Timestamp, days: u32) -> Timestamp {
    now - chrono::TimeDelta::days(days.min(MAX_DAYS).into())
}

/// Reads the id of a deed. The error is the name of the field.
pub(crate) fn id_of<T: std::str::FromStr>(
    text: Option<&str>,
    field: &'static str,
) -> Result<Option<T>, &'static str> {
    text.map(str::parse).transpose().map_err(|_| field)
}
