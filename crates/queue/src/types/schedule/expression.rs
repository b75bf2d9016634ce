//! Reads cron expressions: five fields, or six or seven with seconds and years.
//!
//! The `cron` crate reads them. Three things are changed on the way. Five fields are allowed. Weekdays have the numbers
//! of crontab(5), where 0 and 7 are Sunday; the crate counts from 1. If five fields restrict both the day of the month
//! and the weekday, one of them is enough, as in crontab(5). So a line copied from a crontab means the same here.

use std::{collections::BTreeSet, str::FromStr};

use chrono::{DateTime, NaiveDateTime};

use super::CronError;

/// The allowed forms, for errors and help.
pub(crate) const SHAPES: &str = "five fields (minute hour day month weekday), six with seconds first, seven with a \
    year last, or @hourly, @daily, @midnight, @weekly, @monthly, @yearly, @annually";
const MAX_LEN: usize = 200;
const WEEKDAYS: [&str; 7] = [
    "sunday",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
];

struct Part {
    name: &'static str,
    rule: &'static str,
}

const PARTS: [Part; 7] = [
    Part {
        name: "second",
        rule: "0-59, *, a-b, */n, a-b/n, and lists of these with commas",
    },
    Part {
        name: "minute",
        rule: "0-59, *, a-b, */n, a-b/n, and lists of these with commas",
    },
    Part {
        name: "hour",
        rule: "0-23, *, a-b, */n, a-b/n, and lists of these with commas",
    },
    Part {
        name: "day of the month",
        rule: "1-31, *, ?, a-b, */n, a-b/n, and lists of these with commas",
    },
    Part {
        name: "month",
        rule: "1-12 or JAN-DEC, *, a-b, */n, a-b/n, and lists of these with commas",
    },
    Part {
        name: "weekday",
        rule: "0-7 (0 and 7 are Sunday) or SUN-SAT, *, ?, a-b, */n, a-b/n, and lists of these with commas",
    },
    Part {
        name: "year",
        rule: "1970-2100, *, a-b, */n, a-b/n, and lists of these with commas",
    },
];
const DAY: usize = 3;
const WEEKDAY: usize = 5;

/// A cron expression.
#[derive(Clone, Debug)]
pub(crate) struct Expression {
    /// The expression fires when any of these fires. There are two if crontab(5) says "either day".
    any: Vec<::cron::Schedule>,
}

impl Expression {
    /// The first local time after this one.
    pub fn next_local(&self, after: NaiveDateTime) -> Option<NaiveDateTime> {
        // Read as if it were UTC, which has every hour exactly once. The timetable handles changes of the clock.
        self.any
            .iter()
            .filter_map(|schedule| schedule.after(&after.and_utc()).next())
            .min()
            .map(|next| next.naive_utc())
    }
}

impl FromStr for Expression {
    type Err = CronError;

    fn from_str(text: &str) -> Result<Self, CronError> {
        let shape = |problem: String| CronError::Shape {
            expression: text.chars().take(MAX_LEN).collect(),
            problem,
        };
        if text.len() > MAX_LEN {
            return Err(shape(format!("has more than {MAX_LEN} bytes")));
        }
        let lower = text.trim().to_ascii_lowercase();
        let written = match lower.as_str() {
            "@hourly" => "0 * * * *",
            "@daily" | "@midnight" => "0 0 * * *",
            "@weekly" => "0 0 * * 0",
            "@monthly" => "0 0 1 * *",
            "@yearly" | "@annually" => "0 0 1 1 *",
            word if word.starts_with('@') => return Err(shape("is not a known word".into())),
            fields => fields,
        };
        let mut fields: Vec<String> = written.split_whitespace().map(str::to_owned).collect();
        let five = fields.len() == 5;
        if five {
            fields.insert(0, "0".into());
        }
        if !(6..=7).contains(&fields.len()) {
            return Err(shape(format!("has {} fields", fields.len())));
        }
        let restricted = |field: &String| !field.starts_with(['*', '?']);
        let either = five && restricted(&fields[DAY]) && restricted(&fields[WEEKDAY]);
        for (at, part) in PARTS.iter().enumerate().take(fields.len()) {
            let refused = || CronError::Part {
                part: part.name,
                value: fields[at].clone(),
                rule: part.rule,
            };
            if at == WEEKDAY {
                fields[at] = weekdays(&fields[at]).ok_or_else(refused)?;
            } else {
                // The field is read alone, with stars around it, so that the error can name it.
                let mut alone = ["*"; PARTS.len()];
                alone[at] = &fields[at];
                read(&alone.join(" ")).ok_or_else(refused)?;
            }
        }
        let readings = if either {
            let (mut by_day, mut by_weekday) = (fields.clone(), fields);
            by_day[WEEKDAY] = "*".into();
            by_weekday[DAY] = "*".into();
            vec![by_day.join(" "), by_weekday.join(" ")]
        } else {
            vec![fields.join(" ")]
        };
        let any = readings
            .iter()
            .map(|reading| read(reading))
            .collect::<Option<Vec<_>>>()
            .ok_or_else(|| shape("cannot be read".into()))?;
        let read = Self { any };
        // Refuses the 30th of February. A year that has passed is allowed: the expression was right once.
        if read.next_local(DateTime::UNIX_EPOCH.naive_utc()).is_none() {
            return Err(CronError::Never {
                expression: text.into(),
            });
        }
        Ok(read)
    }
}

fn read(expression: &str) -> Option<::cron::Schedule> {
    ::cron::Schedule::from_str(expression).ok()
}

/// The weekday field with the numbers of the `cron` crate: a list, where 1 is Sunday. `None`: the field is not allowed.
fn weekdays(field: &str) -> Option<String> {
    if field == "*" || field == "?" {
        return Some("*".into());
    }
    let mut days = BTreeSet::new();
    for item in field.split(',') {
        let (range, step) = match item.split_once('/') {
            Some((range, step)) => (range, Some(step.parse::<u8>().ok().filter(|n| *n > 0)?)),
            None => (item, None),
        };
        let (from, to) = match range.split_once('-') {
            _ if range == "*" || range == "?" => (0, 6),
            Some((from, to)) => {
                let (from, to) = (weekday(from)?, weekday(to)?);
                // In FRI-SUN the last day is 7, the second number of Sunday.
                (from, if to == 0 && from > 0 { 7 } else { to })
            }
            // "2/3" starts on Tuesday and goes in steps of three.
            None => (
                weekday(range)?,
                if step.is_some() { 6 } else { weekday(range)? },
            ),
        };
        if from > to {
            return None;
        }
        days.extend(
            (from..=to)
                .step_by(step.unwrap_or(1).into())
                .map(|day| day % 7 + 1),
        );
    }
    Some(days.iter().map(u8::to_string).collect::<Vec<_>>().join(","))
}

fn weekday(text: &str) -> Option<u8> {
    if let Ok(number) = text.parse::<u8>() {
        return Some(number).filter(|number| *number <= 7);
    }
    // A name has three letters or is complete.
    let at = WEEKDAYS
        .iter()
        .position(|day| text.len() >= 3 && day.starts_with(text))?;
    (text.len() == 3 || text == WEEKDAYS[at]).then(|| u8::try_from(at).unwrap_or(0))
}
