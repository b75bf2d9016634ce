//! Plans and subscriptions as values, and the rules of time: when a period ends, and which period a late payment buys.

use chrono::{Days, LocalResult, Months, NaiveDateTime, TimeDelta, TimeZone};
use chrono_tz::Tz;
use kazi_platform::{Money, Timestamp, id};
use serde::{Deserialize, Serialize};
use sqlx::types::Json;
use utoipa::ToSchema;

use crate::{
    catalog::Text,
    contacts::ContactId,
    payments::{PaymentId, SubscriptionId},
};

id!(
    pub struct PlanId, "pln_"
);

id!(
    /// A paid period.
    pub struct PeriodId, "per_"
);

kazi_platform::texts! {
    /// The unit of a period.
    pub enum Unit as "PeriodUnit" {
        /// Days of the workspace's calendar.
        Day = "day",
        /// Months of the workspace's calendar.
        Month = "month",
    }
}

kazi_platform::texts! {
    /// Where a subscription stands.
    pub enum Status as "SubscriptionStatus" {
        /// It waits for the first payment.
        Pending = "pending",
        Active = "active",
        /// The period has ended, and a payment still continues it.
        Grace = "grace",
        Expired = "expired",
        /// A person has cancelled it, or the first payment never came.
        Cancelled = "cancelled",
    }
}

impl Status {
    /// Returns true for a status of which a contact has at most one subscription to a plan.
    pub const fn is_live(self) -> bool {
        matches!(self, Self::Pending | Self::Active | Self::Grace)
    }
}

/// The time that a payment buys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PlanPeriod)]
pub struct Period {
    pub unit: Unit,
    /// Up to 366 days, or 24 months.
    #[schema(minimum = 1, maximum = 366, example = 1)]
    pub count: u16,
}

impl Period {
    /// The end of a number of periods after `anchor`, at the same local time. Months are counted from the anchor, so a
    /// short month does not shorten the next ones.
    pub fn after(self, anchor: Timestamp, periods: u32, zone: Tz) -> Timestamp {
        let begin = anchor.with_timezone(&zone).naive_local();
        let count = periods.saturating_mul(u32::from(self.count));
        let end = match self.unit {
            Unit::Day => begin.checked_add_days(Days::new(u64::from(count))),
            Unit::Month => begin.checked_add_months(Months::new(count)),
        };
        // An end beyond the calendar is refused before it is stored.
        end.map_or(anchor, |end| moment(end, zone))
    }
}

/// The same local time, some days before or after.
pub fn days_from(at: Timestamp, days: i32, zone: Tz) -> Timestamp {
    let local = at.with_timezone(&zone).naive_local();
    let count = Days::new(u64::from(days.unsigned_abs()));
    let there = if days < 0 {
        local.checked_sub_days(count)
    } else {
        local.checked_add_days(count)
    };
    there.map_or(at, |there| moment(there, zone))
}

/// The first instant at which a clock of the zone shows this time. For a skipped time, the end of the gap.
fn moment(local: NaiveDateTime, zone: Tz) -> Timestamp {
    let mut later = local;
    // No gap is longer than a day: Samoa skipped 30 December 2011.
    for _ in 0..=96 {
        match zone.from_local_datetime(&later) {
            LocalResult::Single(at) | LocalResult::Ambiguous(at, _) => return at.to_utc(),
            LocalResult::None => later += TimeDelta::minutes(15),
        }
    }
    local.and_utc()
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Plan {
    pub id: PlanId,
    /// Texts by language.
    #[schema(value_type = std::collections::BTreeMap<String, String>, example = json!({"en": "IPTV, one month"}))]
    pub names: Json<Text>,
    /// Texts by language.
    #[schema(value_type = std::collections::BTreeMap<String, String>, example = json!({"en": "300 channels"}))]
    pub descriptions: Json<Text>,
    /// The price of a period.
    #[schema(value_type = Object, example = json!({"minor": 500, "currency": "USD"}))]
    pub price: Money,
    /// The time that a payment buys.
    pub period: Period,
    /// Days after the end in which a payment continues the subscription from its end.
    #[schema(example = 3)]
    pub grace_days: i32,
    /// Days before the end at which the customer is reminded.
    #[schema(example = json!([7, 3, 1]))]
    pub remind_days: Vec<i32>,
    /// Whether contacts can subscribe.
    pub active: bool,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
}

impl Plan {
    /// The name in the first of these languages that it has, or else in any.
    pub fn name(&self, languages: &[&str]) -> &str {
        words(&self.names, languages).unwrap_or_default()
    }

    /// The description, chosen like [`Plan::name`].
    pub fn description(&self, languages: &[&str]) -> Option<&str> {
        words(&self.descriptions, languages)
    }

    /// The end of the grace for a subscription with this end.
    pub fn grace_end(&self, end: Timestamp, zone: Tz) -> Timestamp {
        days_from(end, self.grace_days, zone)
    }
}

fn words<'a>(text: &'a Text, languages: &[&str]) -> Option<&'a str> {
    let mut wanted = languages.iter().chain(&["en"]);
    let found = wanted.find_map(|language| text.get(*language));
    found.or_else(|| text.values().next()).map(String::as_str)
}

/// The payment that the customer is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = SubscriptionPayment)]
pub struct Asked {
    pub id: PaymentId,
    /// The end of the payment time.
    #[schema(value_type = String, format = DateTime)]
    pub until: Timestamp,
    /// The payment page. `null` until Stripe has created it.
    #[schema(example = "https://checkout.stripe.com/c/pay/cs_1")]
    pub url: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Subscription {
    pub id: SubscriptionId,
    pub contact_id: ContactId,
    pub plan_id: PlanId,
    pub status: Status,
    /// `null` while it is pending.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub starts_at: Option<Timestamp>,
    /// The end of the paid time.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub ends_at: Option<Timestamp>,
    /// With the status `grace`: the end of the grace.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub grace_until: Option<Timestamp>,
    /// Whether it is cancelled at its end without asking for a payment.
    pub auto_cancel: bool,
    /// The payment that the customer is asked for.
    pub payment: Option<Asked>,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
    /// The beginning of the unbroken run of periods.
    #[serde(skip)]
    pub anchor_at: Option<Timestamp>,
    /// The number of periods in the run.
    #[serde(skip)]
    pub periods: i32,
    /// The last reminder of this period, in days before the end.
    #[serde(skip)]
    pub reminded: Option<i32>,
}

/// What a payment does to a subscription.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Renewal {
    /// The beginning of the new period.
    pub starts_at: Timestamp,
    /// Its end.
    pub ends_at: Timestamp,
    /// The new beginning of the run.
    pub anchor_at: Timestamp,
    /// The new number of periods in the run.
    pub periods: i32,
    /// The subscription begins or begins anew, and does not go on.
    pub begins: bool,
}

impl Subscription {
    /// Returns true when the running period has this end. Jobs for an earlier end do nothing.
    pub fn runs_until(&self, end: Timestamp) -> bool {
        self.status == Status::Active && self.ends_at == Some(end)
    }

    /// Applies a renewal.
    pub fn renew(&mut self, renewal: &Renewal) {
        if renewal.begins {
            self.starts_at = Some(renewal.starts_at);
        }
        self.status = Status::Active;
        self.ends_at = Some(renewal.ends_at);
        self.anchor_at = Some(renewal.anchor_at);
        self.periods = renewal.periods;
        self.grace_until = None;
        // A customer who pays wants the subscription to go on.
        self.auto_cancel = false;
        self.reminded = None;
        self.payment = None;
    }

    /// The payment that the customer can make now or soon.
    pub fn open_payment(&self, now: Timestamp) -> Option<&Asked> {
        self.payment.as_ref().filter(|asked| asked.until > now)
    }

    /// Returns the period that a payment buys. **Every payment buys one.** A payment from before the end of the grace
    /// continues the last period, even when Kazi learns of it later. Any other payment begins a new run at the time of
    /// the payment, because the customer was not served in between. So does a payment whose period would be over
    /// already.
    pub fn renewal(&self, plan: &Plan, paid_at: Timestamp, zone: Tz) -> Renewal {
        let goes_on = matches!(
            self.status,
            Status::Active | Status::Grace | Status::Expired
        );
        if let (true, Some(anchor), Some(end)) = (goes_on, self.anchor_at, self.ends_at)
            && paid_at <= plan.grace_end(end, zone)
        {
            let periods = self.periods.saturating_add(1);
            let next = plan.period.after(anchor, periods.unsigned_abs(), zone);
            if next > paid_at {
                return Renewal {
                    starts_at: end,
                    ends_at: next,
                    anchor_at: anchor,
                    periods,
                    begins: false,
                };
            }
        }
        Renewal {
            starts_at: paid_at,
            ends_at: plan.period.after(paid_at, 1, zone),
            anchor_at: paid_at,
            periods: 1,
            begins: true,
        }
    }
}

/// A paid period.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = SubscriptionPeriod)]
pub struct PaidPeriod {
    pub id: PeriodId,
    #[schema(value_type = String, format = DateTime)]
    pub starts_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    pub ends_at: Timestamp,
    pub payment_id: PaymentId,
    #[schema(value_type = Object, example = json!({"minor": 500, "currency": "USD"}))]
    pub amount: Money,
    #[schema(value_type = String, format = DateTime)]
    pub paid_at: Timestamp,
    /// When the money went back.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub refunded_at: Option<Timestamp>,
}

#[cfg(test)]
mod tests {
    use chrono_tz::{
        America::New_York,
        Pacific::Apia,
        Tz::{self, Africa__Nairobi, UTC},
    };

    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn months(from: &str, periods: u32, zone: Tz) -> Timestamp {
        let month = Period {
            unit: Unit::Month,
            count: 1,
        };
        month.after(at(from), periods, zone)
    }

    fn plan() -> Plan {
        Plan {
            id: PlanId::new(),
            names: Json([("fr".to_owned(), "Un mois".to_owned())].into()),
            descriptions: Json(Text::new()),
            price: Money {
                minor: 500,
                currency: "USD".parse().unwrap(),
            },
            period: Period {
                unit: Unit::Month,
                count: 1,
            },
            grace_days: 3,
            remind_days: vec![7, 3, 1],
            active: true,
            created_at: at("2026-01-01T00:00:00Z"),
            updated_at: at("2026-01-01T00:00:00Z"),
        }
    }

    fn subscription(status: Status, ends_at: &str) -> Subscription {
        let now = at("2026-01-01T00:00:00Z");
        Subscription {
            id: SubscriptionId::new(),
            contact_id: ContactId::new(),
            plan_id: PlanId::new(),
            status,
            starts_at: Some(at("2026-01-31T09:00:00Z")),
            ends_at: Some(at(ends_at)),
            grace_until: None,
            auto_cancel: false,
            payment: None,
            created_at: now,
            updated_at: now,
            anchor_at: Some(at("2026-01-31T09:00:00Z")),
            periods: 1,
            reminded: None,
        }
    }

    #[test]
    fn a_short_month_does_not_shorten_the_next_ones() {
        let from = "2026-01-31T09:00:00Z";
        assert_eq!(months(from, 1, UTC), at("2026-02-28T09:00:00Z"));
        assert_eq!(months(from, 2, UTC), at("2026-03-31T09:00:00Z"));
        assert_eq!(months(from, 3, UTC), at("2026-04-30T09:00:00Z"));
        assert_eq!(months(from, 25, UTC), at("2028-02-29T09:00:00Z"));
    }

    #[test]
    fn a_month_is_one_of_the_workspace_s_calendar() {
        // In Nairobi it is 1 February already.
        let from = "2026-01-31T22:00:00Z";
        assert_eq!(months(from, 1, Africa__Nairobi), at("2026-02-28T22:00:00Z"));
        assert_eq!(months(from, 2, Africa__Nairobi), at("2026-03-31T22:00:00Z"));
        assert_eq!(months(from, 1, UTC), at("2026-02-28T22:00:00Z"));
        assert_eq!(months(from, 3, UTC), at("2026-04-30T22:00:00Z"));
    }

    #[test]
    fn it_ends_at_the_same_time_of_the_day_when_the_clocks_change() {
        // Summer time began on 8 March 2026: nine o'clock is an hour earlier then.
        assert_eq!(
            months("2026-02-15T14:00:00Z", 1, New_York),
            at("2026-03-15T13:00:00Z")
        );
        let day = Period {
            unit: Unit::Day,
            count: 30,
        };
        assert_eq!(
            day.after(at("2026-02-15T14:00:00Z"), 1, New_York),
            at("2026-03-17T13:00:00Z")
        );
        // 2:30 in the night was left out.
        assert_eq!(
            days_from(at("2026-03-07T07:30:00Z"), 1, New_York),
            at("2026-03-08T07:00:00Z")
        );
        // So was a whole day.
        assert_eq!(
            days_from(at("2011-12-29T22:00:00Z"), 1, Apia),
            at("2011-12-30T10:00:00Z")
        );
        assert_eq!(
            days_from(at("2026-03-09T13:00:00Z"), -7, New_York),
            at("2026-03-02T14:00:00Z")
        );
    }

    #[test]
    fn a_payment_by_the_end_of_the_grace_goes_on_where_the_period_ended() {
        for status in [Status::Active, Status::Grace, Status::Expired] {
            for paid in [
                "2026-02-20T00:00:00Z",
                "2026-02-28T09:00:00Z",
                "2026-03-03T09:00:00Z",
            ] {
                let there = subscription(status, "2026-02-28T09:00:00Z");
                let renewal = there.renewal(&plan(), at(paid), UTC);
                assert_eq!(renewal.starts_at, at("2026-02-28T09:00:00Z"), "{paid}");
                assert_eq!(renewal.ends_at, at("2026-03-31T09:00:00Z"), "{paid}");
                assert_eq!((renewal.periods, renewal.begins), (2, false));
            }
        }
    }

    #[test]
    fn any_other_payment_begins_when_it_is_made() {
        let late = "2026-03-03T09:00:01Z";
        let early = "2026-02-20T00:00:00Z";
        for (status, paid) in [
            (Status::Expired, late),
            // Its job is late: the rule goes by the payment's time.
            (Status::Active, late),
            (Status::Cancelled, early),
        ] {
            let there = subscription(status, "2026-02-28T09:00:00Z");
            let renewal = there.renewal(&plan(), at(paid), UTC);
            assert_eq!(renewal.starts_at, at(paid), "{status:?}");
            assert_eq!(renewal.ends_at, months(paid, 1, UTC), "{status:?}");
            assert_eq!((renewal.periods, renewal.begins), (1, true));
        }
    }

    #[test]
    fn nobody_pays_for_time_that_is_over() {
        let mut daily = plan();
        daily.period = Period {
            unit: Unit::Day,
            count: 1,
        };
        let mut there = subscription(Status::Grace, "2026-02-28T09:00:00Z");
        there.anchor_at = Some(at("2026-02-27T09:00:00Z"));
        let paid = at("2026-03-02T09:00:00Z");
        let renewal = there.renewal(&daily, paid, UTC);
        assert_eq!(
            (renewal.starts_at, renewal.ends_at),
            (paid, at("2026-03-03T09:00:00Z"))
        );
    }

    #[test]
    fn a_plan_has_a_name_in_every_language() {
        assert_eq!(plan().name(&["en"]), "Un mois");
        assert_eq!(plan().description(&["en"]), None);
    }

    #[test]
    fn names_read_back() {
        for status in [
            Status::Pending,
            Status::Active,
            Status::Grace,
            Status::Expired,
            Status::Cancelled,
        ] {
            assert_eq!(status.name().parse(), Ok(status));
        }
        assert!("gone".parse::<Status>().is_err());
    }
}
