//! Sums of figures, of which some are not known, and what is made of costs. Pure.
//!
//! Amounts of different currencies are never added. What a figure would need and does not have makes it unknown, and never 0.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::{PartKind, model};
use crate::campaigns::{Cost, CourseDay, add_all};

/// Amounts by currency (ISO 4217).
pub(super) type Amounts = BTreeMap<String, i64>;

/// The figures of a part, or of all parts together. `null`: they are not known of what it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = MarketingFigures)]
pub struct Sum {
    /// Messages that the provider has sent.
    pub sent: Option<i64>,
    pub delivered: Option<i64>,
    pub read: Option<i64>,
    /// Messages after which the contact wrote within 24 hours.
    pub replies: Option<i64>,
    /// Clicks on tracked links. Automations have none.
    pub clicks: Option<i64>,
    /// Contacts who then wanted no more marketing. It is not known of automations.
    pub opted_out: Option<i64>,
    /// Orders and bookings. They count for broadcasts only.
    pub conversions: Option<i64>,
    /// Posts that have appeared, counted once for each account.
    pub published: Option<i64>,
    /// What the orders and bookings are worth: minor units by currency.
    #[schema(value_type = BTreeMap<String, i64>, example = json!({"KES": 125_000}))]
    pub revenue: Amounts,
    /// What the delivered templates cost: millionths of the unit by currency.
    #[schema(value_type = BTreeMap<String, i64>, example = json!({"USD": 2_250_000}))]
    pub costs: Amounts,
    /// Delivered templates without a known price.
    pub unpriced: i64,
}

impl Sum {
    /// No figure yet, of a part: what can be known of its kind is 0.
    pub(super) fn of(kind: PartKind) -> Self {
        let messages = (kind != PartKind::Post).then_some(0);
        let results = (kind == PartKind::Broadcast).then_some(0);
        Self {
            sent: messages,
            delivered: messages,
            read: messages,
            replies: messages,
            clicks: results,
            opted_out: results,
            conversions: results,
            published: (kind == PartKind::Post).then_some(0),
            ..Self::default()
        }
    }

    pub(super) fn add_day(&mut self, day: &CourseDay) {
        // An automation has no such figure, so the day's 0 means nothing.
        let known = |figure: Option<i64>, count| figure.map(|_| count);
        self.plus(&Self {
            sent: Some(day.sent),
            delivered: Some(day.delivered),
            read: Some(day.read),
            replies: Some(day.replies),
            clicks: known(self.clicks, day.clicks),
            opted_out: known(self.opted_out, day.opted_out),
            conversions: known(self.conversions, day.conversions),
            published: None,
            revenue: day.revenue.clone(),
            costs: day.costs.clone(),
            unpriced: day.unpriced,
        });
    }

    /// Adds a part. A figure is known when it is known of one part at least.
    pub(super) fn plus(&mut self, part: &Self) {
        add(&mut self.sent, part.sent);
        add(&mut self.delivered, part.delivered);
        add(&mut self.read, part.read);
        add(&mut self.replies, part.replies);
        add(&mut self.clicks, part.clicks);
        add(&mut self.opted_out, part.opted_out);
        add(&mut self.conversions, part.conversions);
        add(&mut self.published, part.published);
        add_all(&mut self.revenue, &part.revenue);
        add_all(&mut self.costs, &part.costs);
        self.unpriced += part.unpriced;
    }
}

pub(super) fn add(figure: &mut Option<i64>, count: Option<i64>) {
    if let Some(count) = count {
        *figure = Some(figure.unwrap_or(0).saturating_add(count));
    }
}

kazi_platform::texts! {
    /// Why it is not known what a click, an order or the money brought.
    pub enum Unknown as "MarketingUnknown" {
        /// There are no costs.
        NoCosts = "no_costs",
        /// Some messages have no known price.
        Unpriced = "unpriced",
        /// There are costs in several currencies.
        SeveralCurrencies = "several_currencies",
        /// There is revenue in another currency than that of the costs.
        OtherRevenue = "other_revenue",
    }
}

/// What costs brought.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Ratios {
    pub cost_per_click: Option<Cost>,
    pub cost_per_conversion: Option<Cost>,
    pub return_percent: Option<i64>,
    pub unknown: Option<Unknown>,
}

impl Ratios {
    pub fn of(spent: &Amounts, total: &Sum) -> Self {
        let unknown = |why| Self {
            unknown: Some(why),
            ..Self::default()
        };
        if total.unpriced > 0 {
            return unknown(Unknown::Unpriced);
        }
        let mut all = spent.iter().filter(|(_, micros)| **micros > 0);
        let Some((currency, micros)) = all.next() else {
            return unknown(Unknown::NoCosts);
        };
        if all.next().is_some() {
            return unknown(Unknown::SeveralCurrencies);
        }
        let each = |count: Option<i64>| {
            let count = count.filter(|count| *count > 0)?;
            Some(Cost {
                micros: micros / count,
                currency: currency.clone(),
            })
        };
        let elsewhere = total.revenue.keys().any(|other| other != currency);
        let earned = total.revenue.get(currency).copied().unwrap_or(0);
        let earned = model::micros(earned, currency);
        // Nothing can be earned where no part counts orders.
        let known = !elsewhere && total.conversions.is_some();
        Self {
            cost_per_click: each(total.clicks),
            cost_per_conversion: each(total.conversions),
            return_percent: known.then(|| model::percent(earned, *micros)),
            unknown: elsewhere.then_some(Unknown::OtherRevenue),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn amounts(all: &[(&str, i64)]) -> Amounts {
        all.iter()
            .map(|(currency, amount)| ((*currency).to_owned(), *amount))
            .collect()
    }

    fn broadcast() -> Sum {
        Sum {
            clicks: Some(4),
            conversions: Some(2),
            revenue: amounts(&[("USD", 3_000)]),
            ..Sum::of(PartKind::Broadcast)
        }
    }

    #[test]
    fn what_costs_brought_is_known_in_one_currency() {
        let found = Ratios::of(&amounts(&[("USD", 10_000_000)]), &broadcast());
        assert_eq!(found.cost_per_click.unwrap().micros, 2_500_000);
        assert_eq!(found.cost_per_conversion.unwrap().micros, 5_000_000);
        // 30 dollars of 10.
        assert_eq!((found.return_percent, found.unknown), (Some(300), None));
    }

    #[test]
    fn what_costs_brought_is_unknown_with_a_reason() {
        let dollars = amounts(&[("USD", 10_000_000)]);
        let several = amounts(&[("KES", 1), ("USD", 10_000_000)]);
        let unpriced = Sum {
            unpriced: 1,
            ..broadcast()
        };
        let elsewhere = Sum {
            revenue: amounts(&[("KES", 1), ("USD", 3_000)]),
            ..broadcast()
        };
        for (spent, total, why) in [
            (&Amounts::new(), &broadcast(), Unknown::NoCosts),
            (&dollars, &unpriced, Unknown::Unpriced),
            (&several, &broadcast(), Unknown::SeveralCurrencies),
            (&dollars, &elsewhere, Unknown::OtherRevenue),
        ] {
            let found = Ratios::of(spent, total);
            assert_eq!((found.return_percent, found.unknown), (None, Some(why)));
        }
        // Nobody clicked, and a post has no orders.
        let found = Ratios::of(&dollars, &Sum::of(PartKind::Post));
        assert_eq!((found.cost_per_click, found.return_percent), (None, None));
    }

    #[test]
    fn a_figure_is_known_when_one_part_knows_it() {
        let mut total = Sum::default();
        total.plus(&Sum::of(PartKind::Post));
        assert_eq!((total.sent, total.published), (None, Some(0)));
        let day = CourseDay {
            sent: 3,
            clicks: 2,
            ..CourseDay::default()
        };
        let mut automation = Sum::of(PartKind::Automation);
        automation.add_day(&day);
        total.plus(&automation);
        assert_eq!((total.sent, total.clicks), (Some(3), None));
        let mut broadcast = Sum::of(PartKind::Broadcast);
        broadcast.add_day(&day);
        total.plus(&broadcast);
        assert_eq!((total.sent, total.clicks), (Some(6), Some(2)));
    }
}
