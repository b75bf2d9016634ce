//! What one thing costs, and what a month came to.

use chrono::{Datelike, Months, NaiveDate};
use kazi_platform::{invalid::Invalid, texts};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::store;
use crate::{
    Work,
    violations::{Violations, invalid},
    workspaces,
};

/// The most that one thing may cost: a hundred US dollars.
const MOST_MICRO: i64 = 100_000_000;

texts! {
    /// `question`: a model answered a customer. `push`: a message of a campaign, a reminder or news, which the provider has
    /// accepted.
    pub enum ChargeKind as "ChargeKind" {
        Question = "question",
        Push = "push",
    }
}

/// What one of each costs, in millionths of a US dollar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = UsagePrices)]
pub struct Prices {
    #[schema(example = 50_000, minimum = 0, maximum = 100_000_000)]
    pub question_micro: i64,
    #[schema(example = 200_000, minimum = 0, maximum = 100_000_000)]
    pub push_micro: i64,
}

impl Prices {
    pub fn check(&self, pointer: &str) -> Result<(), Invalid> {
        let mut violations = Violations::default();
        for (field, price) in [
            ("question_micro", self.question_micro),
            ("push_micro", self.push_micro),
        ] {
            violations.unless(
                (0..=MOST_MICRO).contains(&price),
                format!("{pointer}/{field}"),
                "out_of_range",
                format!("must be 0 to {MOST_MICRO}"),
            );
        }
        violations.end()
    }
}

/// The use of one kind on one day at one price.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = UsageCharge)]
pub struct Charge {
    /// In the workspace's time zone.
    #[schema(value_type = String, format = Date)]
    pub day: NaiveDate,
    pub kind: ChargeKind,
    pub quantity: i64,
    /// Millionths of a US dollar for one.
    #[schema(example = 50_000)]
    pub price_micro: i64,
    /// Millionths of a US dollar.
    pub amount_micro: i64,
}

/// What a month came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = UsageMonth)]
pub struct MonthSum {
    /// The first day of the month, in the workspace's time zone.
    #[schema(value_type = String, format = Date)]
    pub month: NaiveDate,
    pub questions: i64,
    pub pushes: i64,
    /// Millionths of a US dollar.
    pub amount_micro: i64,
}

/// A month day by day.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = UsageOfMonth)]
pub struct MonthCharges {
    #[serde(flatten)]
    pub sum: MonthSum,
    /// The newest day first.
    pub items: Vec<Charge>,
}

#[derive(Debug, thiserror::Error)]
pub enum UsageError {
    #[error(transparent)]
    Invalid(#[from] Invalid),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// A month, like `2026-11`; without one this month. It reads a row for each day, kind and price, and no cause.
pub async fn month(work: &mut Work, text: Option<&str>) -> Result<MonthCharges, UsageError> {
    let first = match text {
        Some(text) => read(text)?,
        None => {
            let today = workspaces::today(work).await?;
            today.with_day(1).unwrap_or(today)
        }
    };
    let next = first.checked_add_months(Months::new(1)).unwrap_or(first);
    let items = store::days(work, first, next).await?;
    let of = |kind| {
        let own = items.iter().filter(move |item| item.kind == kind);
        own.map(|item| item.quantity).sum()
    };
    Ok(MonthCharges {
        sum: MonthSum {
            month: first,
            questions: of(ChargeKind::Question),
            pushes: of(ChargeKind::Push),
            amount_micro: items.iter().map(|item| item.amount_micro).sum(),
        },
        items,
    })
}

fn read(text: &str) -> Result<NaiveDate, Invalid> {
    let date = NaiveDate::parse_from_str(&format!("{text}-01"), "%Y-%m-%d");
    match date {
        Ok(date) if text.len() == 7 && (2000..=9999).contains(&date.year()) => Ok(date),
        _ => {
            let rule = "must be a month like 2026-11";
            Err(invalid("/month", ("invalid", rule.into())))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_is_a_year_and_a_number() {
        assert_eq!(read("2026-11").unwrap().to_string(), "2026-11-01");
        for wrong in [
            "",
            "2026",
            "2026-13",
            "2026-1",
            "2026-11-01",
            "1999-12",
            "+026-11",
            "nov",
        ] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
