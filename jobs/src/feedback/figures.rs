//! The figures of the feedback.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use serde::Serialize;
use utoipa::ToSchema;

use super::{FeedbackError, FeedbackPeriod, store};
use crate::{Work, violations::invalid, workspaces};

/// The most days of a span.
const MAX_DAYS: i64 = 366;
/// The days of a span that nobody has named.
const DEFAULT_DAYS: u64 = 30;

/// The days to count. Without an end: today. Without a beginning: 30 days.
#[derive(Clone, Copy, Debug, Default)]
pub struct Span {
    pub from: Option<NaiveDate>,
    pub until: Option<NaiveDate>,
}

/// What customers said, of all that were asked in a time.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct PeriodFigures {
    /// The first day of the period. The first period may have begun before the first day that is counted.
    #[schema(value_type = String, format = Date)]
    pub begins: NaiveDate,
    #[serde(flatten)]
    pub figures: FeedbackCounts,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema)]
pub struct FeedbackCounts {
    /// Customers who were asked.
    pub asked: i64,
    /// Those of them who have given a score.
    pub answered: i64,
    /// The share of these: 0 to 1. `null`: nobody was asked.
    #[schema(example = 0.4)]
    pub answer_rate: Option<f64>,
    /// The mean of the scores, to two decimals. `null`: there is none.
    #[schema(example = 4.25)]
    pub average: Option<f64>,
    /// How often each score was given.
    #[schema(example = json!({"1": 0, "2": 1, "3": 0, "4": 3, "5": 8}))]
    pub scores: BTreeMap<String, i64>,
}

/// The figures of a span, on the clocks of the workspace.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct FeedbackFigures {
    /// The first day.
    #[schema(value_type = String, format = Date)]
    pub from: NaiveDate,
    /// The last day.
    #[schema(value_type = String, format = Date)]
    pub until: NaiveDate,
    #[schema(inline)]
    pub period: FeedbackPeriod,
    pub total: FeedbackCounts,
    /// Those periods in which somebody was asked, in order.
    pub periods: Vec<PeriodFigures>,
    /// Customers who were not asked, by the reason.
    #[schema(example = json!({"asked_recently": 4}))]
    pub skipped: BTreeMap<String, i64>,
}

impl FeedbackCounts {
    /// `scores`: how often each was given, from 1 on.
    fn of(asked: i64, scores: &[i64]) -> Self {
        let answered: i64 = scores.iter().sum();
        let points: i64 = (1..).zip(scores).map(|(score, n)| score * n).sum();
        let names = (1..).map(|score: i64| score.to_string());
        Self {
            asked,
            answered,
            answer_rate: hundredths(answered, asked),
            average: hundredths(points, answered),
            scores: names.zip(scores.iter().copied()).collect(),
        }
    }
}

/// A quotient to two decimals.
#[expect(
    clippy::cast_precision_loss,
    reason = "counts are far below the numbers that a float cannot hold"
)]
fn hundredths(part: i64, whole: i64) -> Option<f64> {
    let exact = part as f64 / whole as f64;
    (whole > 0).then(|| (exact * 100.0).round() / 100.0)
}

/// Counts what customers said, of those who were asked in a span.
///
/// # Errors
/// The days are in the wrong order, or more than 366.
pub async fn figures(
    work: &mut Work,
    period: FeedbackPeriod,
    span: Span,
) -> Result<FeedbackFigures, FeedbackError> {
    let zone = workspaces::time_zone(work).await?;
    let today = work.now().with_timezone(&zone).date_naive();
    let until = span.until.unwrap_or(today);
    let from = span.from;
    let from = from.unwrap_or_else(|| {
        until
            .checked_sub_days(Days::new(DEFAULT_DAYS - 1))
            .unwrap_or(until)
    });
    if !(0..MAX_DAYS).contains(&(until - from).num_days()) {
        let rule = format!(
            "must be a day from 0 to {} days before `until`",
            MAX_DAYS - 1
        );
        return Err(invalid("/from", ("out_of_range", rule)).into());
    }
    let days = (from, until);
    let mut all = [0; 5];
    let (mut asked, mut periods) = (0, Vec::new());
    for row in store::counts(work, period, days, zone.name()).await? {
        asked += row.asked;
        for (sum, n) in all.iter_mut().zip(&row.scores) {
            *sum += n;
        }
        periods.push(PeriodFigures {
            begins: row.begins,
            figures: FeedbackCounts::of(row.asked, &row.scores),
        });
    }
    let left_out = store::left_out(work, days, zone.name()).await?;
    Ok(FeedbackFigures {
        from,
        until,
        period,
        total: FeedbackCounts::of(asked, &all),
        periods,
        skipped: left_out.into_iter().collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_average_has_two_decimals_and_nothing_has_none() {
        let counts = FeedbackCounts::of(8, &[1, 0, 0, 1, 1]);
        assert_eq!(counts.answered, 3);
        assert_eq!(counts.average, Some(3.33));
        assert_eq!(counts.answer_rate, Some(0.38));
        assert_eq!(counts.scores["5"], 1);
        let none = FeedbackCounts::of(0, &[0; 5]);
        assert_eq!((none.average, none.answer_rate), (None, None));
    }
}
