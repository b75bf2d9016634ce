//! The figures of an automation, counted from the rows. No counter is stored, so no counter can be wrong.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::{
    Automation, EnrolmentStatus,
    store::{self, steps},
};
use crate::{Work, messages};

/// How far the contacts got. `entered` = `active` + `finished` + `stopped` + `failed`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = AutomationFigures)]
pub struct Progress {
    /// Enrolments. A contact who entered twice counts twice.
    pub entered: i64,
    /// A step is still to come.
    pub active: i64,
    /// All steps are done.
    pub finished: i64,
    /// The contact answered, a member stopped it, or nothing may be said to the contact any more.
    pub stopped: Reasons,
    /// A step could not be done for the contact.
    pub failed: Reasons,
    /// The steps in their order, then those that earlier revisions had.
    pub steps: Vec<StepProgress>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = AutomationReasons)]
pub struct Reasons {
    pub total: i64,
    /// By reason.
    pub reasons: BTreeMap<String, i64>,
}

impl Reasons {
    fn add(&mut self, reason: Option<String>, count: i64) {
        self.total += count;
        let reason = reason.unwrap_or_else(|| "none".into());
        *self.reasons.entry(reason).or_default() += count;
    }
}

/// A step over all revisions. Of messages, each figure includes those that got further.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = AutomationStepFigures)]
pub struct StepProgress {
    #[schema(example = "greet")]
    pub key: String,
    /// Contacts who came to this step.
    pub entered: i64,
    /// Contacts for whom it is still to come, or who wait in it.
    pub waiting: i64,
    /// Contacts who have done it.
    pub done: i64,
    /// Those of them for whom the condition did not hold.
    pub not_held: i64,
    /// Those of them who got no message by it, by reason.
    pub skipped: Reasons,
    /// Contacts whose automation ended here without it, by reason.
    pub stopped: Reasons,
    /// Contacts for whom it could not be done, by reason.
    pub failed: Reasons,
    /// Its messages.
    pub messages: i64,
    /// The provider has accepted them.
    pub accepted: i64,
    /// The provider has sent them.
    pub sent: i64,
    /// They are on the phone.
    pub delivered: i64,
    /// The contact has read them.
    pub read: i64,
    /// The contact wrote within 24 hours.
    pub answered: i64,
    /// Messages that will not arrive, by the provider's code.
    pub undelivered: Reasons,
}

pub async fn figures(work: &mut Work, automation: &Automation) -> Result<Progress, sqlx::Error> {
    let mut all = Progress::default();
    let mut steps: BTreeMap<String, StepProgress> = BTreeMap::new();
    for standing in store::figures::standings(work, automation.id).await? {
        let count = standing.contacts;
        let step = steps.entry(standing.step).or_default();
        all.entered += count;
        match standing.status.parse() {
            Ok(EnrolmentStatus::Active) => {
                all.active += count;
                step.waiting += count;
                step.entered += count;
            }
            Ok(EnrolmentStatus::Finished) => all.finished += count,
            Ok(EnrolmentStatus::Stopped) => {
                all.stopped.add(standing.reason.clone(), count);
                step.stopped.add(standing.reason, count);
                step.entered += count;
            }
            Ok(EnrolmentStatus::Failed) => {
                all.failed.add(standing.reason.clone(), count);
                step.failed.add(standing.reason, count);
                step.entered += count;
            }
            Err(error) => return Err(sqlx::Error::decode(error)),
        }
    }
    for done in store::figures::done(work, automation.id).await? {
        let count = done.contacts;
        let step = steps.entry(done.step).or_default();
        match done.result.as_str() {
            // Counted above.
            "failed" => continue,
            "not_held" => step.not_held += count,
            "skipped" => step.skipped.add(done.reason, count),
            _ => {}
        }
        step.done += count;
        step.entered += count;
    }
    for (key, id) in steps::ids(work, automation.id).await? {
        let step = steps.entry(key).or_default();
        for tally in messages::tally(work, id).await? {
            let count = tally.messages;
            step.messages += count;
            step.answered += tally.replied;
            match tally.status.as_str() {
                "queued" | "sending" => {}
                "failed" => {
                    let code = tally.error_code.map(|code| code.to_string());
                    step.undelivered.add(code, count);
                }
                further => {
                    step.accepted += count;
                    let stages = ["sent", "delivered", "read"];
                    let far = stages.iter().position(|stage| *stage == further);
                    let counts = [&mut step.sent, &mut step.delivered, &mut step.read];
                    for counted in counts.into_iter().take(far.map_or(0, |far| far + 1)) {
                        *counted += count;
                    }
                }
            }
        }
    }
    let of_now = automation.steps.iter().map(|step| step.key.clone());
    for key in of_now {
        let step = steps.remove(&key).unwrap_or_default();
        all.steps.push(StepProgress { key, ..step });
    }
    let earlier = steps.into_iter();
    all.steps
        .extend(earlier.map(|(key, step)| StepProgress { key, ..step }));
    Ok(all)
}
