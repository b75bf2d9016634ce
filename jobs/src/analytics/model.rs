//! Figures as values.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use kazi_platform::invalid::Invalid;
use serde::Serialize;
use utoipa::ToSchema;

use super::Period;
use crate::{
    catalog::ProductId,
    contacts::{ContactError, ContactId},
    payments::OrderId,
    workspaces::WorkspaceError,
};

/// A figure, and the same figure of the period before.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, ToSchema)]
pub struct Compared {
    #[schema(example = 132)]
    pub value: i64,
    /// Over as many days of the period before.
    #[schema(example = 120)]
    pub before: i64,
    /// The growth in percent, to one decimal. `null` when there was nothing before.
    #[schema(example = 10.0)]
    pub growth_percent: Option<f64>,
}

impl Compared {
    pub(super) fn new(value: i64, before: i64) -> Self {
        // Figures of a business are far below 2^52, up to which a float is exact.
        let growth = (value - before) as f64 / before as f64 * 100.0;
        Self {
            value,
            before,
            growth_percent: (before > 0).then(|| (growth * 10.0).round() / 10.0),
        }
    }
}

/// Money in one currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = FigureMoney)]
pub struct Money {
    /// ISO 4217.
    #[schema(example = "KES")]
    pub currency: String,
    /// In minor units.
    #[schema(example = 250000)]
    pub minor: i64,
}

/// The money that came in one currency, less what was refunded.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Revenue {
    /// ISO 4217. Customers who pay in another currency than the price are counted in theirs.
    #[schema(example = "KES")]
    pub currency: String,
    /// In minor units.
    pub minor: Compared,
}

impl Revenue {
    /// The money of each currency, by the currency's code, compared with the money of the time before.
    pub(super) fn compared(
        now: &BTreeMap<String, i64>,
        before: &BTreeMap<String, i64>,
    ) -> Vec<Self> {
        let currencies: BTreeSet<&String> = now.keys().chain(before.keys()).collect();
        let minor = |of: &BTreeMap<String, i64>, currency| of.get(currency).copied().unwrap_or(0);
        currencies
            .into_iter()
            .map(|currency| Self {
                currency: currency.clone(),
                minor: Compared::new(minor(now, currency), minor(before, currency)),
            })
            .collect()
    }
}

/// What sold best, in the currency of the workspace.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Best {
    pub product: Option<BestProduct>,
    pub contact: Option<BestContact>,
    pub order: Option<BestOrder>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct BestProduct {
    pub product_id: ProductId,
    /// In the language of the workspace. `null` when the product is not sold any more.
    #[schema(example = "Coffee beans")]
    pub name: Option<String>,
    pub image_url: Option<String>,
    /// Pieces.
    #[schema(example = 41)]
    pub sold: i64,
    pub revenue: Money,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct BestContact {
    pub contact_id: ContactId,
    #[schema(example = "Amina Otieno")]
    pub name: Option<String>,
    #[schema(example = 3)]
    pub orders: i64,
    pub spent: Money,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct BestOrder {
    pub order_id: OrderId,
    #[schema(example = 12)]
    pub number: i64,
    pub contact_id: ContactId,
    #[schema(example = "Amina Otieno")]
    pub contact_name: Option<String>,
    pub total: Money,
}

/// The figures of a period, up to and including a day.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = DashboardStats)]
pub struct Stats {
    pub period: Period,
    /// The days, on the clocks of the workspace.
    #[schema(value_type = String, format = Date)]
    pub from: NaiveDate,
    #[schema(value_type = String, format = Date)]
    pub until: NaiveDate,
    /// The days with which they are compared.
    #[schema(value_type = String, format = Date)]
    pub before_from: NaiveDate,
    #[schema(value_type = String, format = Date)]
    pub before_until: NaiveDate,
    /// IANA.
    #[schema(example = "Africa/Nairobi")]
    pub time_zone: String,
    /// Contacts who wrote, each once.
    pub active_contacts: Compared,
    pub new_contacts: Compared,
    pub conversations: Compared,
    pub messages_in: Compared,
    pub messages_out: Compared,
    /// Orders that were placed, paid or not.
    pub orders: Compared,
    /// Orders that wait for their payment now.
    #[schema(example = 4)]
    pub pending_orders: i64,
    pub bookings: Compared,
    /// One line for each currency.
    pub revenue: Vec<Revenue>,
    pub ai_calls: Compared,
    /// In millionths of a US dollar.
    pub ai_cost_micro: Compared,
    pub best: Best,
}

/// How often something took a time, and how long in all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = FigureTimes)]
pub struct Times {
    #[schema(example = 12)]
    pub count: i64,
    /// Seconds of the business's hours, of all together.
    #[schema(example = 5400)]
    pub seconds: i64,
    /// `null` when there was none.
    #[schema(example = 450)]
    pub average_seconds: Option<i64>,
}

impl Times {
    pub(super) fn add(&mut self, count: i64, seconds: i64) {
        self.count += count;
        self.seconds += seconds;
        // The opening hours may have changed before a ticket took its resolution back.
        self.average_seconds = (self.count > 0).then(|| self.seconds.max(0) / self.count);
    }
}

/// How long customers waited, by the business's hours: closed hours do not count. Each time stands at the day of its end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct ResponseTimes {
    /// From the customer's first message that nobody had answered to the first answer of a member.
    pub conversation_first_response: Times,
    /// From that message until the conversation was closed or given back to the bot.
    pub conversation_resolution: Times,
    /// From the opening of a ticket to the first answer of a member.
    pub ticket_first_response: Times,
    /// From the opening of a ticket until it was resolved. A ticket that is opened again does not count until then.
    pub ticket_resolution: Times,
}

impl ResponseTimes {
    /// Adds a figure, if it is a time.
    pub(super) fn add(&mut self, figure: &str, label: &str, (count, seconds): (i64, i64)) {
        let times = match (figure, label) {
            ("first_response", "conversation") => &mut self.conversation_first_response,
            ("resolution", "conversation") => &mut self.conversation_resolution,
            ("first_response", "ticket") => &mut self.ticket_first_response,
            ("resolution", "ticket") => &mut self.ticket_resolution,
            _ => return,
        };
        times.add(count, seconds);
    }
}

/// The figures of some days.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = AnalyticsOverview)]
pub struct Overview {
    /// IANA.
    #[schema(example = "Africa/Nairobi")]
    pub time_zone: String,
    /// Of all these days together.
    pub response_times: ResponseTimes,
    /// Each day once, also a day without figures.
    pub days: Vec<DayFigures>,
}

/// The figures of a day.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct DayFigures {
    #[schema(value_type = String, format = Date)]
    pub day: NaiveDate,
    pub active_contacts: i64,
    pub new_contacts: i64,
    pub conversations: i64,
    pub messages_in: i64,
    /// By the bot, a member, a campaign and so on.
    pub messages_out: i64,
    pub orders: i64,
    pub bookings: i64,
    pub revenue: Vec<Money>,
    pub ai_calls: i64,
    /// In millionths of a US dollar.
    pub ai_cost_micro: i64,
    pub response_times: ResponseTimes,
}

impl DayFigures {
    pub(super) fn none(day: NaiveDate) -> Self {
        Self {
            day,
            active_contacts: 0,
            new_contacts: 0,
            conversations: 0,
            messages_in: 0,
            messages_out: 0,
            orders: 0,
            bookings: 0,
            revenue: Vec::new(),
            ai_calls: 0,
            ai_cost_micro: 0,
            response_times: ResponseTimes::default(),
        }
    }
}

#[derive(Debug, thiserror::Error)]
pub enum AnalyticsError {
    #[error(transparent)]
    Invalid(#[from] Invalid),
    #[error(transparent)]
    Workspace(#[from] WorkspaceError),
    #[error(transparent)]
    Contact(#[from] ContactError),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn growth_is_told_to_one_decimal_and_only_where_there_was_something() {
        for (value, before, growth) in [
            (132, 120, Some(10.0)),
            (1, 3, Some(-66.7)),
            (0, 5, Some(-100.0)),
            (5, 0, None),
            (0, 0, None),
            // More was refunded than paid.
            (10, -4, None),
        ] {
            assert_eq!(
                Compared::new(value, before).growth_percent,
                growth,
                "{value} after {before}"
            );
        }
    }
}
