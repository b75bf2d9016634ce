//! What became of many campaigns, day by day, for those who sum several of them up. The number of statements does not depend on
//! the number of campaigns.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Price, prices, store::course as store};
use crate::{Work, messages::CampaignId, templates::Category};

/// A day of a campaign or an automation, on the clocks of the workspace.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CourseDay {
    pub of: Uuid,
    pub day: NaiveDate,
    /// Messages that the provider has sent.
    pub sent: i64,
    pub delivered: i64,
    pub read: i64,
    /// Messages after which the contact wrote within 24 hours.
    pub replies: i64,
    pub opted_out: i64,
    /// All clicks on tracked links.
    pub clicks: i64,
    /// Orders and bookings.
    pub conversions: i64,
    /// What the orders and bookings are worth: minor units by currency.
    pub revenue: BTreeMap<String, i64>,
    /// What the delivered templates cost: millionths by currency.
    pub costs: BTreeMap<String, i64>,
    /// Delivered templates without a known price.
    pub unpriced: i64,
}

impl CourseDay {
    /// Adds the figures of another day, or of another campaign.
    pub(crate) fn add(&mut self, other: &Self) {
        for (figure, count) in [
            (&mut self.sent, other.sent),
            (&mut self.delivered, other.delivered),
            (&mut self.read, other.read),
            (&mut self.replies, other.replies),
            (&mut self.opted_out, other.opted_out),
            (&mut self.clicks, other.clicks),
            (&mut self.conversions, other.conversions),
            (&mut self.unpriced, other.unpriced),
        ] {
            *figure += count;
        }
        add_all(&mut self.revenue, &other.revenue);
        add_all(&mut self.costs, &other.costs);
    }
}

/// Adds amounts, each to that of its currency.
pub(crate) fn add_all(amounts: &mut BTreeMap<String, i64>, others: &BTreeMap<String, i64>) {
    for (currency, amount) in others {
        let sum = amounts.entry(currency.clone()).or_default();
        *sum = sum.saturating_add(*amount);
    }
}

/// What became of messages on a day, of one category and in one country.
#[derive(Debug, sqlx::FromRow)]
pub(crate) struct CourseRow {
    pub of: Uuid,
    pub category: Option<String>,
    pub country: Option<String>,
    pub day: NaiveDate,
    pub sent: i64,
    pub delivered: i64,
    pub read: i64,
    pub replies: i64,
    pub opted_out: i64,
    /// Delivered templates: the provider charges these.
    pub charged: i64,
}

/// The days of some campaigns or automations, in the making.
#[derive(Debug, Default)]
pub(crate) struct Course(BTreeMap<(Uuid, NaiveDate), CourseDay>);

impl Course {
    fn day(&mut self, of: Uuid, day: NaiveDate) -> &mut CourseDay {
        let new = || CourseDay {
            of,
            day,
            ..CourseDay::default()
        };
        self.0.entry((of, day)).or_insert_with(new)
    }

    /// Adds messages, and their price: millionths and a currency. `None`: it is not known.
    pub(crate) fn add(&mut self, row: &CourseRow, price: Option<(i64, String)>) {
        let mut new = CourseDay {
            sent: row.sent,
            delivered: row.delivered,
            read: row.read,
            replies: row.replies,
            opted_out: row.opted_out,
            ..CourseDay::default()
        };
        match price {
            _ if row.charged == 0 => {}
            Some((micros, currency)) => {
                let costs = micros.saturating_mul(row.charged);
                new.costs.insert(currency, costs);
            }
            None => new.unpriced = row.charged,
        }
        self.day(row.of, row.day).add(&new);
    }

    pub(crate) fn into_days(self) -> Vec<CourseDay> {
        self.0.into_values().collect()
    }
}

/// The price of a message now, as the workspace has it.
pub(crate) fn price_now(prices: &[Price], row: &CourseRow) -> Option<(i64, String)> {
    let category: Category = row.category.as_deref()?.parse().ok()?;
    let country = row.country.as_deref().unwrap_or_default();
    let cost = prices::cost(prices, country, category, 1)?;
    Some((cost.micros, cost.currency))
}

/// The days of some campaigns on which something happened.
///
/// A message costs what the planning has reported for its country. Where the planning knew no price, the price of now counts.
pub async fn course(
    work: &mut Work,
    campaigns: &[CampaignId],
    zone: Tz,
) -> Result<Vec<CourseDay>, sqlx::Error> {
    if campaigns.is_empty() {
        return Ok(Vec::new());
    }
    let planned = store::planned_prices(work, campaigns).await?;
    let now = prices(work).await?;
    let mut course = Course::default();
    for row in store::messages(work, campaigns, zone).await? {
        let country = row.country.clone().unwrap_or_default();
        let planned = planned.get(&(row.of, country)).cloned();
        course.add(&row, planned.or_else(|| price_now(&now, &row)));
    }
    for came in store::came(work, campaigns, zone).await? {
        let revenue = came.currency.map(|currency| (currency, came.minor));
        let new = CourseDay {
            clicks: came.clicks,
            conversions: came.conversions,
            revenue: revenue.into_iter().collect(),
            ..CourseDay::default()
        };
        course.day(came.of, came.day).add(&new);
    }
    Ok(course.into_days())
}
