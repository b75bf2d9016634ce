//! The figures of a campaign in a period: of each part, of all together, and day by day.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

pub use super::costs::Unknown;
use super::{
    MarketingCampaign, MarketingError, Part, Progress,
    costs::{Amounts, Ratios, Sum},
    figures::{self, Span},
    parts, progress,
};
use crate::{
    Work,
    campaigns::{Cost, add_all},
    violations::invalid,
};

/// A part with its figures.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = MarketingPartFigures)]
pub struct PartView {
    #[serde(flatten)]
    pub part: Part,
    pub figures: Sum,
}

/// A day of a campaign, on the clocks of the workspace.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = MarketingDay)]
pub struct DayView {
    #[schema(value_type = String, format = Date)]
    pub day: NaiveDate,
    pub sent: i64,
    pub delivered: i64,
    pub read: i64,
    pub replies: i64,
    pub clicks: i64,
    pub opted_out: i64,
    pub conversions: i64,
    pub published: i64,
    /// Minor units by currency.
    #[schema(value_type = std::collections::BTreeMap<String, i64>, example = json!({"KES": 125_000}))]
    pub revenue: Amounts,
    /// Messages and expenses: millionths of the unit by currency.
    #[schema(value_type = std::collections::BTreeMap<String, i64>, example = json!({"USD": 2_250_000}))]
    pub spent: Amounts,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = MarketingAnalytics)]
pub struct Analytics {
    /// The first day. `null`: from the beginning.
    #[schema(value_type = Option<String>, format = Date)]
    pub from: Option<NaiveDate>,
    /// The last day. `null`: until now.
    #[schema(value_type = Option<String>, format = Date)]
    pub until: Option<NaiveDate>,
    /// All parts together. A figure is known when it is known of one part at least.
    pub total: Sum,
    /// What was written down as spent: millionths of the unit by currency.
    #[schema(value_type = std::collections::BTreeMap<String, i64>, example = json!({"USD": 40_000_000}))]
    pub expenses: Amounts,
    /// Messages and expenses together: millionths of the unit by currency.
    #[schema(value_type = std::collections::BTreeMap<String, i64>, example = json!({"USD": 42_250_000}))]
    pub spent: Amounts,
    /// All costs, for each click.
    pub cost_per_click: Option<Cost>,
    /// All costs, for each order or booking.
    pub cost_per_conversion: Option<Cost>,
    /// The revenue in percent of the costs, both in one currency.
    #[schema(example = 300)]
    pub return_percent: Option<i64>,
    /// Why the three above are not known. Without a reason, a `null` means that nobody clicked or ordered.
    pub unknown: Option<Unknown>,
    /// In the order in which they were attached.
    pub parts: Vec<PartView>,
    /// The days on which something happened, the first first.
    pub days: Vec<DayView>,
    /// How far it is by now, whatever the period.
    pub progress: Progress,
}

/// The figures of a campaign in a period, both ends included. Without an end, the period is open there.
pub async fn analytics(
    work: &mut Work,
    campaign: &MarketingCampaign,
    from: Option<NaiveDate>,
    until: Option<NaiveDate>,
) -> Result<Analytics, MarketingError> {
    if from.zip(until).is_some_and(|(from, until)| until < from) {
        let fault = ("order", "must not be before from".to_owned());
        return Err(invalid("/until", fault).into());
    }
    let (id, span) = (campaign.id, Span { from, until });
    let gathered = figures::gather(work, &[id]).await?;
    let total = gathered.total(id, &span);
    let expenses = gathered.expenses(id, &span);
    let mut spent = expenses.clone();
    add_all(&mut spent, &total.costs);
    let ratios = Ratios::of(&spent, &total);
    let named = parts::named(work, &gathered.parts).await?;
    let parts = named.into_iter().zip(&gathered.parts);
    let parts = parts.map(|(part, stored)| PartView {
        part,
        figures: gathered.sum_of(stored, &span),
    });
    let days = gathered.by_day(id, &span).into_iter();
    let days = days.map(|(day, one)| DayView {
        day,
        sent: one.messages.sent,
        delivered: one.messages.delivered,
        read: one.messages.read,
        replies: one.messages.replies,
        clicks: one.messages.clicks,
        opted_out: one.messages.opted_out,
        conversions: one.messages.conversions,
        published: one.published,
        revenue: one.messages.revenue,
        spent: one.spent,
    });
    Ok(Analytics {
        from,
        until,
        parts: parts.collect(),
        days: days.collect(),
        progress: progress::of(campaign, &gathered),
        total,
        expenses,
        spent,
        cost_per_click: ratios.cost_per_click,
        cost_per_conversion: ratios.cost_per_conversion,
        return_percent: ratios.return_percent,
        unknown: ratios.unknown,
    })
}
