//! Makes, changes, activates and pauses automations.

use kazi_queue::Job;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Automation, AutomationError, AutomationId, AutomationStatus, Enrolment, EnrolmentId,
    EnrolmentStatus, Hooks, NewAutomation, Wake, enter,
    model::{Action, Trigger},
    step, stop,
    store::{self, enrolments},
    variables,
};
use crate::{Work, audit::Change, campaigns, domain::offers, workspaces};

/// The most automations of a workspace.
const MAX_AUTOMATIONS: i64 = 200;
/// Contacts that may enter at once without a confirmation.
const REACH: i64 = 10_000;

/// How to activate an automation.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = AutomationActivation)]
pub struct Activation {
    /// Lets more than 10,000 contacts enter at once.
    pub confirm_reach: bool,
}

/// Creates a draft.
pub async fn create(work: &mut Work, new: &NewAutomation) -> Result<Automation, AutomationError> {
    new.check(work).await?;
    if store::count(work).await? >= MAX_AUTOMATIONS {
        let words = format!("a workspace has at most {MAX_AUTOMATIONS} automations");
        return Err(AutomationError::Conflict(words));
    }
    let id = AutomationId::at(work.now());
    store::insert(work, id, new.name.trim(), &new.trigger).await?;
    store::write_revision(work, id, 1, &new.definition()).await?;
    let made = found(work, id).await?;
    work.audit(&Change::created(
        "automations.create",
        subject(&made),
        &made,
    ))
    .await?;
    Ok(made)
}

/// Replaces a locked automation. Contacts who have entered go on with the revision of then.
pub async fn update(
    work: &mut Work,
    before: &Automation,
    new: &NewAutomation,
) -> Result<Automation, AutomationError> {
    new.check(work).await?;
    let (id, changed) = (before.id, new.changes(before));
    let revision = before.revision + i32::from(changed);
    if changed {
        store::write_revision(work, id, revision, &new.definition()).await?;
    }
    store::save(work, id, new.name.trim(), revision, &new.trigger).await?;
    let other_trigger = new.trigger != before.trigger;
    if other_trigger {
        store::set_looks(work, id, None, None).await?;
    }
    match before.status {
        AutomationStatus::Active if changed => {
            let now = found(work, id).await?;
            ready(work, &now).await?;
            confirmed(work, &now, new.confirm_reach).await?;
            // Otherwise it would miss whom it has not looked for yet.
            if other_trigger {
                look_from_now(work, &now).await?;
            }
        }
        // What paused it was in the revision before. It does not go on by itself as another one.
        AutomationStatus::Paused if changed => {
            store::set_status(work, id, AutomationStatus::Paused, None).await?;
        }
        AutomationStatus::Draft | AutomationStatus::Active | AutomationStatus::Paused => {}
    }
    end(work, "automations.update", before).await
}

/// Deletes a locked automation that is not active, with all that it knows of contacts.
pub async fn delete(work: &mut Work, before: &Automation) -> Result<(), AutomationError> {
    if before.status == AutomationStatus::Active {
        let words = "this automation is active: pause it first".to_owned();
        return Err(AutomationError::Conflict(words));
    }
    stop::take_back(work, before.id).await?;
    for hooks in offers::<Hooks>() {
        (hooks.deleting)(work, before.id).await?;
    }
    store::delete(work, before.id).await?;
    work.audit(&Change::deleted(
        "automations.delete",
        subject(before),
        before,
    ))
    .await?;
    Ok(())
}

/// Activates a locked automation. Steps that fell due while it was paused are done now.
///
/// # Errors
/// [`AutomationError::Reach`]: many contacts would enter at once, and that is not confirmed.
pub async fn activate(
    work: &mut Work,
    before: &Automation,
    how: Activation,
) -> Result<Automation, AutomationError> {
    if before.status == AutomationStatus::Active {
        return Ok(before.clone());
    }
    ready(work, before).await?;
    confirmed(work, before, how.confirm_reach).await?;
    go_on(work, before).await
}

/// Activates a locked automation, without a look at what it would do.
pub(super) async fn go_on(
    work: &mut Work,
    before: &Automation,
) -> Result<Automation, AutomationError> {
    store::set_status(work, before.id, AutomationStatus::Active, None).await?;
    look_from_now(work, before).await?;
    Wake::of(work, before.id).enqueue(work.conn()).await?;
    end(work, "automations.activate", before).await
}

/// Sets the next look of the trigger. Anniversaries and carts that nobody looked for meanwhile are over.
async fn look_from_now(work: &mut Work, automation: &Automation) -> Result<(), AutomationError> {
    let zone = workspaces::time_zone(work).await?;
    let now = work.now();
    let next = automation.trigger.next(zone, now);
    let looked_at = match automation.trigger {
        // Its first look finds all who are silent.
        Trigger::Inactive { .. } => automation.looked_at,
        _ => Some(now),
    };
    Ok(store::set_looks(work, automation.id, looked_at, next).await?)
}

/// Checks that every step could send now.
async fn ready(work: &mut Work, automation: &Automation) -> Result<(), AutomationError> {
    for step in &automation.steps {
        if let Action::Send {
            channel_id,
            content,
        } = &step.action
        {
            let given = variables::blank(content);
            let ready = campaigns::check_ready(work, *channel_id, &given).await;
            ready.map_err(|error| match AutomationError::from(error) {
                AutomationError::Conflict(words) => {
                    AutomationError::Conflict(format!("step {}: {words}", step.key))
                }
                AutomationError::Invalid(invalid) => {
                    AutomationError::Conflict(format!("step {}: {invalid}", step.key))
                }
                other => other,
            })?;
        }
    }
    Ok(())
}

/// Checks that not too many contacts would enter at once, unless a member has confirmed that.
async fn confirmed(
    work: &mut Work,
    automation: &Automation,
    confirmed: bool,
) -> Result<(), AutomationError> {
    let most = automation.daily_entries.map_or(i64::MAX, i64::from);
    if confirmed || most <= REACH {
        return Ok(());
    }
    match enter::reach(work, automation, REACH).await?.min(most) {
        count if count > REACH => Err(AutomationError::Reach(count)),
        _ => Ok(()),
    }
}

/// Pauses a locked automation, and takes back messages that have not left.
pub async fn pause(work: &mut Work, before: &Automation) -> Result<Automation, AutomationError> {
    match before.status {
        AutomationStatus::Draft => {
            let words = "this automation is a draft: there is nothing to pause".to_owned();
            return Err(AutomationError::Conflict(words));
        }
        AutomationStatus::Paused if before.reason.is_none() => return Ok(before.clone()),
        AutomationStatus::Active | AutomationStatus::Paused => {}
    }
    // Without a reason it does not go on by itself when its template is approved.
    store::set_status(work, before.id, AutomationStatus::Paused, None).await?;
    store::set_looks(work, before.id, before.looked_at, None).await?;
    stop::take_back(work, before.id).await?;
    end(work, "automations.pause", before).await
}

/// Stops one enrolment: no further step is done. One that has ended stays as it is.
pub async fn stop_enrolment(
    work: &mut Work,
    automation: AutomationId,
    id: EnrolmentId,
) -> Result<Enrolment, AutomationError> {
    let there = enrolments::lock(work, id).await?;
    let there = there.filter(|enrolment| enrolment.automation_id == automation);
    let mut enrolment = there.ok_or(AutomationError::NotFound("enrolment"))?;
    if enrolment.status == EnrolmentStatus::Active.name() {
        let (now, why) = (work.now(), Some("by_a_member".to_owned()));
        let before = State::of(&enrolment);
        step::end(&mut enrolment, EnrolmentStatus::Stopped, why, now);
        enrolments::save(work, &enrolment).await?;
        let (action, subject) = ("automations.stop_enrolment", ("enrolment", id));
        work.audit(&Change::updated(
            action,
            subject,
            &before,
            &State::of(&enrolment),
        ))
        .await?;
    }
    Ok(enrolment)
}

/// What the audit log keeps of an enrolment.
#[derive(Serialize)]
struct State {
    status: String,
    reason: Option<String>,
}

impl State {
    fn of(enrolment: &Enrolment) -> Self {
        Self {
            status: enrolment.status.clone(),
            reason: enrolment.reason.clone(),
        }
    }
}

async fn end(
    work: &mut Work,
    action: &'static str,
    before: &Automation,
) -> Result<Automation, AutomationError> {
    let after = found(work, before.id).await?;
    work.audit(&Change::updated(action, subject(before), before, &after))
        .await?;
    Ok(after)
}

/// Reads an automation that must exist.
pub(super) async fn found(
    work: &mut Work,
    id: AutomationId,
) -> Result<Automation, AutomationError> {
    let found = store::get(work, id).await?;
    found.ok_or(AutomationError::NotFound("automation"))
}

/// An automation, as the audit log names it.
pub(super) fn subject(automation: &Automation) -> (&'static str, AutomationId) {
    ("automation", automation.id)
}
