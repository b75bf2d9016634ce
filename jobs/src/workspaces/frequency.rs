//! How often a contact may get marketing.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::violations::Violations;

const MESSAGES: i64 = 1_000;
const DAYS: i64 = 90;

/// At most so many marketing messages of campaigns and automations to a contact in so many days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FrequencyCap {
    #[schema(minimum = 1, maximum = 1000, example = 2)]
    pub messages: i64,
    #[schema(minimum = 1, maximum = 90, example = 7)]
    pub days: i64,
}

impl FrequencyCap {
    pub(crate) fn check(&self, violations: &mut Violations, pointer: &str) {
        for (field, value, most) in [
            ("messages", self.messages, MESSAGES),
            ("days", self.days, DAYS),
        ] {
            let fits = (1..=most).contains(&value);
            let rule = format!("must be 1 to {most}");
            violations.unless(fits, format!("{pointer}/{field}"), "out_of_range", rule);
        }
    }
}
