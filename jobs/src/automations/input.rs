//! What a member writes as an automation, and its rules.

use std::{collections::BTreeSet, ops::RangeInclusive};

use chrono::{NaiveTime, TimeDelta};
use kazi_platform::invalid::{FieldError, Invalid};
use kazi_queue::cron::Schedule;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    Automation, AutomationError,
    model::{Action, Condition, Definition, Step, Trigger},
    variables,
};
use crate::{
    Work,
    campaigns::{self, CampaignError, SegmentId},
    contacts::{self, Audience, FieldKind},
    violations::Violations,
    workspaces,
};

const NAME: usize = 200;
const MAX_STEPS: usize = 30;
const MAX_KEY: usize = 40;
const MAX_EXPRESSION: usize = 100;
/// A year.
const MAX_WAIT_MINUTES: u32 = 525_600;
const MAX_DAYS: u32 = 3_650;
/// Up to six days: after seven, a cart is gone.
const CART_MINUTES: RangeInclusive<u32> = 30..=8_640;
const MAX_DAILY: u32 = 1_000_000;
const MAX_POINTS: i64 = 1_000_000;
/// The least time between two fires of a cron expression.
const LEAST_GAP: TimeDelta = TimeDelta::hours(1);
/// Fires of a cron expression that are looked at. Those of a day are all among them.
const FIRES: usize = 30;

#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAutomation {
    /// The name that members see.
    #[schema(example = "Win back", min_length = 1, max_length = 200)]
    pub name: String,
    pub trigger: Trigger,
    /// 1 to 30, in their order. A step leads only to later ones.
    #[schema(min_items = 1, max_items = 30)]
    pub steps: Vec<Step>,
    /// A contact who writes after they entered gets no further step.
    #[serde(default)]
    pub stop_when_answered: bool,
    /// Days after which a contact may enter again. `null`: never. 0: by each occurrence of the trigger.
    #[serde(default)]
    #[schema(maximum = 3650)]
    pub reentry_after_days: Option<u32>,
    /// The most contacts that enter within 24 hours. Others are left out. `null`: no limit.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 1_000_000)]
    pub daily_entries: Option<u32>,
    /// Lets more than 10,000 contacts enter at once, when an active automation is changed.
    #[serde(default)]
    pub confirm_reach: bool,
}

impl NewAutomation {
    /// Whether an automation does something else by this.
    pub fn changes(&self, before: &Automation) -> bool {
        self.definition() != before.definition()
    }

    pub(super) fn definition(&self) -> Definition {
        Definition {
            trigger: self.trigger.clone(),
            steps: self.steps.clone(),
            stop_when_answered: self.stop_when_answered,
            reentry_after_days: self.reentry_after_days,
            daily_entries: self.daily_entries,
        }
    }

    pub(super) async fn check(&self, work: &mut Work) -> Result<(), AutomationError> {
        let mut violations = Violations::default();
        violations.text("/name", self.name.trim(), 1, NAME);
        let fits = self.reentry_after_days.is_none_or(|days| days <= MAX_DAYS);
        let rule = "must be 0 to 3650";
        violations.unless(fits, "/reentry_after_days", "out_of_range", rule);
        let fits = self
            .daily_entries
            .is_none_or(|most| (1..=MAX_DAILY).contains(&most));
        let rule = "must be 1 to 1000000";
        violations.unless(fits, "/daily_entries", "out_of_range", rule);
        self.trigger.check(work, &mut violations).await?;
        check_steps(&mut violations, &self.steps);
        violations.end()?;
        for (n, step) in self.steps.iter().enumerate() {
            self.check_action(work, n, &step.action).await?;
        }
        Ok(())
    }

    /// Checks what the database knows of a step.
    async fn check_action(
        &self,
        work: &mut Work,
        n: usize,
        action: &Action,
    ) -> Result<(), AutomationError> {
        let place = format!("/steps/{n}/action");
        let mut violations = Violations::default();
        match action {
            Action::Condition { when, .. } => match when {
                Condition::Segment { segment_id } => {
                    let pointer = format!("{place}/when/segment_id");
                    check_segment(work, &mut violations, &pointer, *segment_id).await?;
                }
                Condition::Audience { audience } => {
                    let checked = contacts::check_audience(work, audience).await;
                    under(checked, &format!("{place}/when/audience"))?;
                }
                _ => {}
            },
            Action::Send {
                channel_id,
                content,
            } => {
                let known = self.trigger.values();
                let unknown = variables::unknown(content, known);
                let rule = match known {
                    [] => "the trigger has no subject".to_owned(),
                    known => format!("must be one of subject.{}", known.join(", subject.")),
                };
                for pointer in unknown {
                    violations.add(
                        format!("{place}/{pointer}"),
                        ("unknown_variable", rule.clone()),
                    );
                }
                violations.end()?;
                let given = variables::blank(content);
                let mut of_content = Violations::default();
                campaigns::check_content(work, &mut of_content, *channel_id, &given).await?;
                let rule =
                    "only campaigns have tracked links: give a text, or a field of the contact";
                of_content.unless(!content.is_tracked(), "/content", "tracked_link", rule);
                return of_content
                    .end()
                    .map_err(|invalid| below(invalid, &place).into());
            }
            _ => {}
        }
        Ok(violations.end()?)
    }
}

impl Trigger {
    async fn check(
        &self,
        work: &mut Work,
        violations: &mut Violations,
    ) -> Result<(), AutomationError> {
        match self {
            Self::Cron {
                expression,
                segment_id,
                audience,
            } => {
                let zone = workspaces::time_zone(work).await?;
                let short = expression.len() <= MAX_EXPRESSION;
                let schedule = Schedule::new("automation", expression).zone(zone.name());
                match schedule.next_fires(work.now(), FIRES) {
                    _ if !short => {
                        let rule = format!("must have at most {MAX_EXPRESSION} characters");
                        violations.add("/trigger/expression", ("length", rule));
                    }
                    Err(error) => {
                        violations.add("/trigger/expression", ("cron", error.to_string()));
                    }
                    Ok(fires) => {
                        let rule = "must come at some time".to_owned();
                        violations.unless(!fires.is_empty(), "/trigger/expression", "never", rule);
                        let often = fires.windows(2).any(|two| two[1] - two[0] < LEAST_GAP);
                        let rule = "must come at most once an hour";
                        violations.unless(!often, "/trigger/expression", "too_often", rule);
                    }
                }
                if let Some(segment) = segment_id {
                    let rule = "give a segment or an audience, not both";
                    violations.unless(audience.is_none(), "/trigger/audience", "both", rule);
                    check_segment(work, violations, "/trigger/segment_id", *segment).await?;
                }
                if let Some(audience) = audience {
                    let checked = contacts::check_audience(work, audience).await;
                    under(checked, "/trigger/audience")?;
                }
            }
            Self::Anniversary { field, time } => {
                let fields = contacts::fields(work).await?;
                let there = fields
                    .iter()
                    .any(|known| known.key == *field && known.kind == FieldKind::Date);
                let rule = "must be the key of a custom field of the kind date";
                violations.unless(there, "/trigger/field", "unknown_field", rule);
                check_time(violations, "/trigger/time", time);
            }
            Self::Inactive { days } => {
                let fits = (1..=MAX_DAYS).contains(days);
                let rule = "must be 1 to 3650";
                violations.unless(fits, "/trigger/days", "out_of_range", rule);
            }
            Self::CartAbandoned { minutes } => {
                let fits = CART_MINUTES.contains(minutes);
                let rule = "must be 30 to 8640";
                violations.unless(fits, "/trigger/minutes", "out_of_range", rule);
            }
            Self::PointsReached { points } => {
                let fits = (1..=MAX_POINTS).contains(points);
                let rule = "must be 1 to 1000000";
                violations.unless(fits, "/trigger/points", "out_of_range", rule);
            }
            Self::OrderDelivered {} | Self::BookingCompleted {} | Self::SubscriptionEnded {} => {}
        }
        Ok(())
    }
}

/// The rules of steps that need no database.
fn check_steps(violations: &mut Violations, steps: &[Step]) {
    let fits = (1..=MAX_STEPS).contains(&steps.len());
    let rule = format!("must be 1 to {MAX_STEPS} steps");
    violations.unless(fits, "/steps", "too_many", rule);
    let mut before = BTreeSet::new();
    for (n, step) in steps.iter().take(MAX_STEPS).enumerate() {
        let place = format!("/steps/{n}");
        let letters = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_".contains(c);
        let fits = (1..=MAX_KEY).contains(&step.key.len()) && step.key.chars().all(letters);
        let rule = format!("must be 1 to {MAX_KEY} small letters, digits, - and _");
        violations.unless(fits, format!("{place}/key"), "invalid_key", rule);
        let new = before.insert(step.key.as_str());
        let rule = "another step has this key";
        violations.unless(new, format!("{place}/key"), "duplicate", rule);
        let mut leads = |pointer: String, to: &Option<String>| {
            let Some(to) = to else { return };
            let rule = "must be the key of a later step: steps make no circle";
            violations.unless(!before.contains(to.as_str()), &pointer, "cycle", rule);
            let there = steps.iter().any(|step| step.key == *to);
            violations.unless(there, pointer, "unknown_step", "there is no such step");
        };
        leads(format!("{place}/next"), &step.next);
        match &step.action {
            Action::Wait { minutes } => {
                let fits = (1..=MAX_WAIT_MINUTES).contains(minutes);
                let rule = format!("must be 1 to {MAX_WAIT_MINUTES}");
                violations.unless(
                    fits,
                    format!("{place}/action/minutes"),
                    "out_of_range",
                    rule,
                );
            }
            Action::WaitUntil { time } => {
                check_time(violations, &format!("{place}/action/time"), time);
            }
            Action::Condition { when, otherwise } => {
                leads(format!("{place}/action/otherwise"), otherwise);
                if let Condition::Tag { tag } = when {
                    let pointer = format!("{place}/action/when/tag");
                    violations.take(&pointer, contacts::tag_name(tag));
                }
            }
            Action::AddTag { tag } | Action::RemoveTag { tag } => {
                violations.take(&format!("{place}/action/tag"), contacts::tag_name(tag));
            }
            Action::Send { .. } | Action::Stop {} => {}
        }
    }
}

/// Reads a time of the day.
pub(super) fn time_of(text: &str) -> Option<NaiveTime> {
    let time = NaiveTime::parse_from_str(text, "%H:%M").ok();
    time.filter(|_| text.len() == 5)
}

fn check_time(violations: &mut Violations, pointer: &str, text: &str) {
    let rule = "must be a time of the day like 09:00";
    violations.unless(time_of(text).is_some(), pointer, "time", rule);
}

async fn check_segment(
    work: &mut Work,
    violations: &mut Violations,
    pointer: &str,
    segment: SegmentId,
) -> Result<(), AutomationError> {
    match campaigns::segment(work, segment).await {
        Ok(_) => {}
        Err(CampaignError::NotFound(_)) => {
            let rule = "there is no such segment".to_owned();
            violations.add(pointer, ("unknown_segment", rule));
        }
        Err(error) => return Err(error.into()),
    }
    Ok(())
}

/// Puts the fields of violations below another field.
fn below(Invalid(faults): Invalid, place: &str) -> Invalid {
    let moved = faults.into_iter().map(|fault| FieldError {
        pointer: format!("{place}{}", fault.pointer),
        ..fault
    });
    Invalid(moved.collect())
}

fn under(checked: Result<(), contacts::ContactError>, place: &str) -> Result<(), AutomationError> {
    match checked {
        Err(contacts::ContactError::Invalid(invalid)) => Err(below(invalid, place).into()),
        other => Ok(other?),
    }
}

/// Whom a cron trigger finds, as a rule. `None`: the segment is gone.
pub(super) async fn audience_of(
    work: &mut Work,
    segment: Option<SegmentId>,
    audience: Option<&Audience>,
) -> Result<Option<Audience>, AutomationError> {
    match segment {
        Some(segment) => match campaigns::segment(work, segment).await {
            Ok(segment) => Ok(Some(segment.audience.0)),
            Err(CampaignError::NotFound(_)) => Ok(None),
            Err(error) => Err(error.into()),
        },
        None => Ok(Some(audience.cloned().unwrap_or_default())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(key: &str, action: Action, next: Option<&str>) -> Step {
        Step {
            key: key.into(),
            action,
            next: next.map(str::to_owned),
        }
    }

    fn faults(steps: &[Step]) -> Vec<(String, &'static str)> {
        let mut violations = Violations::default();
        check_steps(&mut violations, steps);
        let faults = violations.end().err().map(|invalid| invalid.0);
        let faults = faults.into_iter().flatten();
        faults.map(|fault| (fault.pointer, fault.code)).collect()
    }

    #[test]
    fn steps_lead_forward_and_are_few() {
        let stop = |key: &str, next| step(key, Action::Stop {}, next);
        let at = |pointer: &str, code| vec![(pointer.to_owned(), code)];
        assert_eq!(faults(&[]), at("/steps", "too_many"));
        assert_eq!(faults(&[stop("a", Some("b")), stop("b", None)]), []);
        assert_eq!(
            faults(&[stop("a", Some("a"))]),
            at("/steps/0/next", "cycle")
        );
        assert_eq!(
            faults(&[stop("a", None), stop("b", Some("a"))]),
            at("/steps/1/next", "cycle")
        );
        assert_eq!(
            faults(&[stop("a", Some("z"))]),
            at("/steps/0/next", "unknown_step")
        );
        assert_eq!(
            faults(&[stop("a", None), stop("a", None)]),
            at("/steps/1/key", "duplicate")
        );
        assert_eq!(
            faults(&[stop("A", None)]),
            at("/steps/0/key", "invalid_key")
        );
        let ask = Action::Condition {
            when: Condition::Answered {},
            otherwise: Some("a".into()),
        };
        assert_eq!(
            faults(&[step("a", ask, None)]),
            at("/steps/0/action/otherwise", "cycle")
        );
        let many: Vec<Step> = (0..31).map(|n| stop(&format!("s{n}"), None)).collect();
        assert_eq!(faults(&many), at("/steps", "too_many"));
        for (action, pointer, code) in [
            (Action::Wait { minutes: 0 }, "minutes", "out_of_range"),
            (
                Action::WaitUntil {
                    time: "25:00".into(),
                },
                "time",
                "time",
            ),
            (Action::AddTag { tag: "a,b".into() }, "tag", "invalid_tag"),
        ] {
            let pointer = format!("/steps/0/action/{pointer}");
            assert_eq!(faults(&[step("a", action, None)]), at(&pointer, code));
        }
    }
}
