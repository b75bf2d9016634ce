//! How fast and how carefully a campaign goes out: throttle, canary, circuit breaker and frequency cap.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    messages::FailureClass,
    violations::{Violations, member},
    workspaces::FrequencyCap,
};

/// The slowest throttle: a message in 100 seconds.
const SLOWEST: f64 = 0.01;
const CANARY_RECIPIENTS: i64 = 100_000;
const CANARY_PERCENT: i64 = 50;
const CANARY_MINUTES: i64 = 1_440;
const WINDOW_MINUTES: i64 = 60;
/// The fewest messages that tell a share, and the most that can be asked for.
const LEAST_MESSAGES: i64 = 10;
const MOST_MESSAGES: i64 = 10_000;

/// How fast and how carefully a campaign goes out.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CampaignDelivery)]
pub struct Delivery {
    /// Messages per second: 0.01 to the channel's rate. Without it, the channel's rate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0.01, example = 5.0)]
    pub throttle: Option<f64>,
    /// The first recipients, whose failures are looked at before the others get it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub canary: Option<Canary>,
    #[serde(default)]
    pub breaker: Breaker,
    /// Instead of the workspace's cap, for this campaign.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub frequency_cap: Option<FrequencyCap>,
}

/// The first recipients of a campaign. When their messages have left, the campaign waits. It goes on by itself when few
/// enough have failed, and is paused otherwise (`canary_failed`). Give `recipients` or `percent`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CampaignCanary)]
pub struct Canary {
    /// So many recipients …
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 100_000, example = 200)]
    pub recipients: Option<i64>,
    /// … or so many of a hundred.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 50)]
    pub percent: Option<i64>,
    /// The wait after their messages have left.
    #[schema(minimum = 1, maximum = 1_440, example = 15)]
    pub wait_minutes: i64,
    /// The campaign goes on when no more than so many of a hundred have failed.
    #[schema(minimum = 0, maximum = 100, example = 5)]
    pub max_failure_percent: i64,
}

/// The circuit breaker. It looks at the messages that were queued within the last minutes and have an answer, and
/// pauses the campaign (`failures`) when too many have failed for the same cause.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = CampaignBreaker)]
pub struct Breaker {
    /// Without it, true.
    pub enabled: bool,
    /// The minutes that it looks back. Without them, 10.
    #[schema(minimum = 1, maximum = 60)]
    pub window_minutes: i64,
    /// With fewer messages it says nothing. Without it, 100.
    #[schema(minimum = 10, maximum = 10_000)]
    pub minimum: i64,
    /// More than so many of a hundred with failures of one class. Without it, 25.
    #[schema(minimum = 1, maximum = 100)]
    pub max_failure_percent: i64,
    /// The same for single classes: `undeliverable`, `marketing_cap`, `opted_out`, `media`, `template`, `window_closed`,
    /// `our_fault`, `refused`.
    pub classes: BTreeMap<String, i64>,
}

impl Default for Breaker {
    fn default() -> Self {
        Self {
            enabled: true,
            window_minutes: 10,
            minimum: 100,
            max_failure_percent: 25,
            classes: BTreeMap::new(),
        }
    }
}

impl Canary {
    /// The recipients of the canary, of so many.
    pub(super) fn size(&self, of: i64) -> i64 {
        match (self.recipients, self.percent) {
            (Some(recipients), _) => recipients,
            (None, Some(percent)) => (of.saturating_mul(percent) + 99) / 100,
            (None, None) => 0,
        }
    }

    fn check(&self, violations: &mut Violations) {
        let one = self.recipients.is_some() != self.percent.is_some();
        let rule = "give recipients or percent, and not both";
        violations.unless(one, "/delivery/canary", "one_of", rule);
        for (field, value, least, most) in [
            ("recipients", self.recipients, 1, CANARY_RECIPIENTS),
            ("percent", self.percent, 1, CANARY_PERCENT),
            ("wait_minutes", Some(self.wait_minutes), 1, CANARY_MINUTES),
            (
                "max_failure_percent",
                Some(self.max_failure_percent),
                0,
                100,
            ),
        ] {
            let pointer = format!("/delivery/canary/{field}");
            within(violations, pointer, value, least, most);
        }
    }
}

impl Breaker {
    /// The share of a hundred that failures of a class may have.
    pub(super) fn limit(&self, class: FailureClass) -> i64 {
        let own = self.classes.get(class.name());
        own.copied().unwrap_or(self.max_failure_percent)
    }

    fn check(&self, violations: &mut Violations) {
        for (field, value, least, most) in [
            ("window_minutes", self.window_minutes, 1, WINDOW_MINUTES),
            ("minimum", self.minimum, LEAST_MESSAGES, MOST_MESSAGES),
            ("max_failure_percent", self.max_failure_percent, 1, 100),
        ] {
            let pointer = format!("/delivery/breaker/{field}");
            within(violations, pointer, Some(value), least, most);
        }
        for (class, percent) in &self.classes {
            let pointer = member("/delivery/breaker/classes", class);
            if class.parse::<FailureClass>().is_err() {
                let all = FailureClass::ALL.map(FailureClass::name).join(", ");
                let rule = format!("there is no such class; there are {all}");
                violations.add(&pointer, ("unknown_class", rule));
            }
            within(violations, pointer, Some(*percent), 1, 100);
        }
    }
}

fn within(violations: &mut Violations, pointer: String, value: Option<i64>, least: i64, most: i64) {
    let fits = value.is_none_or(|value| (least..=most).contains(&value));
    let rule = format!("must be {least} to {most}");
    violations.unless(fits, pointer, "out_of_range", rule);
}

impl Delivery {
    /// `rate`: the messages per second of the campaign's channel, if there is one.
    pub(super) fn check(&self, violations: &mut Violations, rate: Option<f64>) {
        if let Some(throttle) = self.throttle {
            let pointer = "/delivery/throttle";
            let rule = format!("must be at least {SLOWEST}: a message in 100 seconds");
            violations.unless(throttle >= SLOWEST, pointer, "out_of_range", rule);
            let rate = rate.unwrap_or(f64::MAX);
            let rule = format!("must be at most {rate}: the channel sends no faster");
            violations.unless(throttle <= rate, pointer, "above_channel_rate", rule);
        }
        if let Some(canary) = &self.canary {
            canary.check(violations);
        }
        self.breaker.check(violations);
        if let Some(cap) = &self.frequency_cap {
            cap.check(violations, "/delivery/frequency_cap");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(delivery: serde_json::Value) -> Vec<(String, String)> {
        let delivery: Delivery = serde_json::from_value(delivery).unwrap();
        let mut violations = Violations::default();
        delivery.check(&mut violations, Some(80.0));
        let found = violations.end().err().map(|invalid| invalid.0);
        let found = found.into_iter().flatten();
        found
            .map(|one| (one.pointer, one.code.to_owned()))
            .collect()
    }

    #[test]
    fn each_field_is_refused_by_its_name_and_rule() {
        use serde_json::json;
        assert!(faults(json!({})).is_empty());
        let whole = json!({
            "throttle": 80, "canary": {"percent": 5, "wait_minutes": 10, "max_failure_percent": 0},
            "breaker": {"minimum": 50, "classes": {"undeliverable": 40}}, "frequency_cap": {"messages": 2, "days": 7}});
        assert!(faults(whole).is_empty());
        for (delivery, pointer, code) in [
            (
                json!({"throttle": 80.5}),
                "/delivery/throttle",
                "above_channel_rate",
            ),
            (json!({"throttle": 0}), "/delivery/throttle", "out_of_range"),
            (
                json!({"canary": {"wait_minutes": 10, "max_failure_percent": 5}}),
                "/delivery/canary",
                "one_of",
            ),
            (
                json!({"canary": {"percent": 51, "wait_minutes": 10, "max_failure_percent": 5}}),
                "/delivery/canary/percent",
                "out_of_range",
            ),
            (
                json!({"canary": {"recipients": 5, "wait_minutes": 0, "max_failure_percent": 5}}),
                "/delivery/canary/wait_minutes",
                "out_of_range",
            ),
            (
                json!({"breaker": {"minimum": 9}}),
                "/delivery/breaker/minimum",
                "out_of_range",
            ),
            (
                json!({"breaker": {"classes": {"bad luck": 5}}}),
                "/delivery/breaker/classes/bad luck",
                "unknown_class",
            ),
            (
                json!({"frequency_cap": {"messages": 0, "days": 7}}),
                "/delivery/frequency_cap/messages",
                "out_of_range",
            ),
        ] {
            assert_eq!(faults(delivery), [(pointer.to_owned(), code.to_owned())]);
        }
    }

    #[test]
    fn a_percentage_of_few_recipients_is_at_least_one() {
        let canary = |percent| Canary {
            recipients: None,
            percent: Some(percent),
            wait_minutes: 1,
            max_failure_percent: 0,
        };
        assert_eq!(canary(5).size(3), 1);
        assert_eq!(canary(50).size(3), 2);
        assert_eq!(canary(10).size(1_000), 100);
    }
}
