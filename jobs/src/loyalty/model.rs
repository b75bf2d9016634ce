//! Points, tiers and rewards as values, and the rules that need no database.

use chrono::Months;
use kazi_platform::{Timestamp, id, invalid::Invalid};
use kazi_queue::EnqueueError;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::Settings;
use crate::{appointments::BookingId, contacts::ContactId, payments::OrderId};

id!(
    /// A booking in the books of points.
    pub struct PointsId, "pts_"
);
id!(
    pub struct TierId, "tir_"
);
id!(
    pub struct RewardId, "rwd_"
);
id!(
    /// A reward that a contact has taken, with its code.
    pub struct RedemptionId, "rdm_"
);

/// Months whose earned points make the tier.
const TIER_MONTHS: u32 = 12;

kazi_platform::texts! {
    /// Why points came or went.
    pub enum PointsKind {
        /// An order was delivered.
        Order = "order",
        /// The contact came to a booking.
        Visit = "visit",
        Birthday = "birthday",
        /// The money of an order went back, or a visit was none, and the points with it.
        Refund = "refund",
        /// A member has given or taken points.
        Adjustment = "adjustment",
        /// A reward was taken.
        Redemption = "redemption",
        /// Nobody used them in time.
        Expiry = "expiry",
        /// Two contacts became one.
        Merge = "merge",
    }
}

kazi_platform::texts! {
    /// An account of the books. In each booking the points of all accounts sum to zero.
    pub enum Account {
        /// The business, which gives points.
        Issued = "issued",
        /// A contact.
        Customer = "customer",
        /// Rewards.
        Redeemed = "redeemed",
        Expired = "expired",
    }
}

/// A change of a contact's points.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = PointsEntry)]
pub struct Entry {
    pub id: PointsId,
    pub contact_id: ContactId,
    #[schema(inline)]
    pub kind: PointsKind,
    /// Negative: they went.
    #[schema(example = 25)]
    pub points: i64,
    /// The contact's points afterwards. Negative: a refund took back points that were spent; what comes next fills it up.
    #[schema(example = 125)]
    pub balance: i64,
    pub order_id: Option<OrderId>,
    pub booking_id: Option<BookingId>,
    pub redemption_id: Option<RedemptionId>,
    /// A member's words for an adjustment.
    pub reason: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// The order of a contact's entries.
    #[serde(skip)]
    pub number: i64,
}

/// A contact's points.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = PointsAccount)]
pub struct AccountView {
    pub contact_id: ContactId,
    /// Negative: a refund took back points that were spent; what comes next fills it up.
    #[schema(example = 125)]
    pub balance: i64,
    /// Points earned in the last 12 months, without those that a refund took back or a member gave.
    #[schema(example = 480)]
    pub earned: i64,
    /// Points earned at any time, without those that a refund took back or a member gave.
    #[schema(example = 2040)]
    pub lifetime: i64,
    /// The tier by the points of the last 12 months. `null`: none.
    pub tier: Option<Tier>,
    /// Those that expire next.
    pub expiring: Option<Expiring>,
    /// When points came or went last. `null`: never.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub changed_at: Option<Timestamp>,
}

/// Points that expire.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ExpiringPoints)]
pub struct Expiring {
    pub points: i64,
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
}

/// The points of all accounts of the books. They sum to zero.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct PointsTotals {
    /// What the business gave, as a negative number.
    #[schema(example = -1000)]
    pub issued: i64,
    /// What customers have.
    #[schema(example = 700)]
    pub customer: i64,
    /// What customers spent.
    #[schema(example = 250)]
    pub redeemed: i64,
    #[schema(example = 50)]
    pub expired: i64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = LoyaltyTier)]
pub struct Tier {
    pub id: TierId,
    #[schema(example = "Gold")]
    pub name: String,
    /// Points earned in 12 months from which a contact is in it.
    #[schema(example = 1000)]
    pub threshold: i64,
    /// What its contacts earn, in percent of the rules.
    #[schema(example = 150)]
    pub multiplier_percent: i32,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
    /// For the ETag.
    #[serde(skip)]
    pub version: i64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = LoyaltyReward)]
pub struct Reward {
    pub id: RewardId,
    #[schema(example = "Free coffee")]
    pub name: String,
    /// Points.
    #[schema(example = 100)]
    pub cost: i64,
    /// How many are left. `null`: there is no end of it.
    pub stock: Option<i32>,
    /// Until then it can be taken. `null`: always.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub valid_until: Option<Timestamp>,
    /// The days for which its codes are good.
    #[schema(example = 30)]
    pub code_days: i32,
    /// Customers can take it.
    pub active: bool,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
    /// For the ETag.
    #[serde(skip)]
    pub version: i64,
}

/// A reward that a contact has taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Redemption {
    pub id: RedemptionId,
    pub contact_id: ContactId,
    pub reward_id: RewardId,
    #[schema(example = "Free coffee")]
    pub reward_name: String,
    /// The points that it cost.
    #[schema(example = 100)]
    pub cost: i64,
    /// The last four characters of the code.
    #[schema(example = "7KQ2")]
    pub code_hint: String,
    #[schema(value_type = String, format = DateTime)]
    pub expires_at: Timestamp,
    /// When the staff took the code.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub used_at: Option<Timestamp>,
    /// The member's user or the API key that took it.
    #[serde(rename = "used_by_id")]
    pub used_by: Option<Uuid>,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
}

/// A reward that was just taken. Only now is its code known.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Redeemed {
    #[serde(flatten)]
    pub redemption: Redemption,
    /// For the staff. It is used once.
    #[schema(example = "4D7H-Q2ZK-7KQ2")]
    pub code: String,
}

#[derive(Debug, thiserror::Error)]
pub enum LoyaltyError {
    #[error(transparent)]
    Invalid(#[from] Invalid),
    #[error("there is no such {0}")]
    NotFound(&'static str),
    #[error("the loyalty programme is switched off")]
    Off,
    #[error("the reward cannot be taken now")]
    Unavailable,
    #[error("the reward is out of stock")]
    OutOfStock,
    #[error("the contact has {have} points, and {wanted} are wanted")]
    TooFew { have: i64, wanted: i64 },
    #[error("the code was used already")]
    Used,
    #[error("the code has expired")]
    Expired,
    #[error("there are {0} already")]
    Full(i64),
    #[error(transparent)]
    Enqueue(#[from] EnqueueError),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// The points of an order, rounded down once, at the end. `percent`: the multiplier of the tier.
pub(super) fn points_of_order(settings: &Settings, total_minor: i64, percent: i32) -> i64 {
    let Some(rule) = settings.order.as_ref() else {
        return 0;
    };
    let exact = i128::from(total_minor.max(0)) * i128::from(rule.points) * i128::from(percent);
    let points = exact / (i128::from(rule.per_minor.max(1)) * 100);
    i64::try_from(points).unwrap_or(i64::MAX)
}

/// Points by the multiplier of a tier, rounded down.
pub(super) fn multiplied(points: i32, percent: i32) -> i64 {
    i64::from(points) * i64::from(percent) / 100
}

/// The points of an order that stay when so much of its money has gone back, rounded down like those that are earned.
pub(super) fn kept(earned: i64, gone_minor: i64, total_minor: i64) -> i64 {
    let left = i128::from((total_minor - gone_minor).max(0));
    let kept = i128::from(earned) * left / i128::from(total_minor.max(1));
    i64::try_from(kept).unwrap_or(i64::MAX)
}

/// The first time whose points count for the tier.
pub(super) fn tier_since(now: Timestamp) -> Timestamp {
    now.checked_sub_months(Months::new(TIER_MONTHS))
        .unwrap_or(now)
}

/// The highest tier that so many points reach.
pub(super) fn tier_of(tiers: &[Tier], earned: i64) -> Option<&Tier> {
    let reached = tiers.iter().filter(|tier| tier.threshold <= earned);
    reached.max_by_key(|tier| tier.threshold)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::loyalty::settings::OrderRule;

    #[test]
    fn points_are_rounded_down_once() {
        let settings = |points, per_minor| Settings {
            order: Some(OrderRule { points, per_minor }),
            ..Settings::OFF
        };
        for (points, per_minor, total, percent, earned) in [
            (1, 100, 2_500, 100, 25),
            (1, 100, 99, 100, 0),
            (1, 100, 199, 100, 1),
            // 1.99 × 1.5 is 2.985: rounding twice would make 1.
            (1, 100, 199, 150, 2),
            (3, 1_000, 999, 100, 2),
            (1, 100, -5, 100, 0),
            (1_000_000, 1, i64::MAX, 1_000, i64::MAX),
        ] {
            let got = points_of_order(&settings(points, per_minor), total, percent);
            assert_eq!(
                got, earned,
                "{points} per {per_minor} of {total} at {percent} %"
            );
        }
        assert_eq!(points_of_order(&Settings::OFF, 1_000, 100), 0);
        assert_eq!(multiplied(5, 150), 7);
    }

    #[test]
    fn of_a_part_that_went_back_the_rest_is_rounded_down() {
        for (earned, gone, total, stay) in [
            (10, 250, 1_000, 7),
            (10, 0, 1_000, 10),
            (10, 1_000, 1_000, 0),
            (10, 2_000, 1_000, 0),
            (1, 1, 100, 0),
            (i64::MAX, 1, 2, i64::MAX / 2),
            (5, 1, 0, 0),
        ] {
            assert_eq!(kept(earned, gone, total), stay, "{gone} of {total}");
        }
    }

    #[test]
    fn a_tier_is_reached_by_its_threshold() {
        let now: Timestamp = "2030-01-01T00:00:00Z".parse().unwrap();
        let tier = |name: &str, threshold| Tier {
            id: TierId::at(now),
            name: name.into(),
            threshold,
            multiplier_percent: 100,
            created_at: now,
            updated_at: now,
            version: 1,
        };
        let tiers = [tier("Gold", 500), tier("Silver", 100)];
        let of = |earned| tier_of(&tiers, earned).map(|tier| tier.name.as_str());
        assert_eq!(
            (of(99), of(100), of(499), of(500)),
            (None, Some("Silver"), Some("Silver"), Some("Gold"))
        );
    }
}
