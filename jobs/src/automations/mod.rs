//! Automations: messages that go out by themselves, step by step.
//!
//! A trigger finds contacts: [`Look`] by the clock, [`Enter`] by an event of another domain. Each contact whom it finds enters once for an occurrence of the
//! trigger, with a row (the enrolment) and the job of the first step. [`DoStep`] does one step and enqueues the next, in
//! one transaction under the row's lock. So a process may die at any line, and nothing is sent twice.
//!
//! Messages follow the rules of campaigns: consent, templates in the contact's language, quiet hours, the frequency cap.
//! A step's id stands in its messages as that of a campaign, so an opt-out and a pause take back what has not left.
//!
//! What changes an automation, and every entry, holds its row. A change makes a new revision, and contacts go on with the
//! one that they entered with.

mod clock;
mod condition;
mod course;
mod credits;
mod enter;
mod error;
mod events;
mod figures;
mod hooks;
mod input;
mod look;
mod manage;
mod model;
mod send;
mod simulate;
mod step;
mod stop;
mod store;
mod stuck;
mod variables;
mod wake;

use kazi_queue::{Registry, cron::Schedule};

use crate::{
    Context, campaigns, contacts,
    domain::{Domain, Figures},
    endpoints::Listener,
    messages,
    notifications::kinds,
    permission::permissions,
    templates,
};
pub use course::course;
pub use error::AutomationError;
pub use events::Enter;
pub use figures::{Progress, Reasons, StepProgress, figures};
pub(crate) use hooks::Hooks;
pub use input::NewAutomation;
pub use look::{FindDue, Look};
pub use manage::{Activation, activate, create, delete, pause, stop_enrolment, update};
pub use model::{
    Action, Automation, AutomationId, AutomationStatus, Condition, Done, Enrolment, EnrolmentId,
    EnrolmentStatus, Step, Trigger,
};
pub use simulate::{Simulated, Simulation, simulate};
pub use step::DoStep;
use stop::{clearance, erase, lock_of, merge, refused, take_back_of, template_changed, withdraw};
pub use store::{
    course::briefs,
    enrolments::{get as enrolment, list as enrolments},
    get, list, lock,
    steps::of_enrolment as steps_of,
};
pub use wake::Wake;

pub(crate) const DOMAIN: Domain = Domain {
    name: "automations",
    floor: 9,
    jobs,
    tables: &[
        "enrolment_steps",
        "enrolments",
        "automation_steps",
        "automation_revisions",
        "automations",
    ],
    offers: &[
        &PERMISSIONS,
        &NOTIFICATIONS,
        &Figures(include_str!("figures.txt")),
        &Listener {
            hear: |work, kind, id| Box::pin(events::hear(work, kind, id)),
        },
        &contacts::Hooks {
            merge: |work, from, into| Box::pin(merge(work, from, into)),
            erase: |work, id| Box::pin(erase(work, id)),
            withdraw: |work, id, marketing| Box::pin(withdraw(work, id, marketing)),
        },
        &messages::CampaignHooks {
            lock: |work, step| Box::pin(lock_of(work, step)),
            clearance: |work, step, contact| Box::pin(clearance(work, step, contact)),
            refused: |work, step, refusal| Box::pin(refused(work, step, refusal)),
            take_back: |work, step| Box::pin(take_back_of(work, step)),
            // Its message fails, and says why.
            expired: |_, _, _| Box::pin(async { Ok(false) }),
        },
        &campaigns::Marketing {
            sent_since: |work, contacts, since| {
                Box::pin(store::steps::sent_since(work, contacts, since))
            },
        },
        &crate::credits::Hooks {
            go_on: |ctx, workspace| Box::pin(credits::go_on(ctx, workspace)),
        },
        &templates::Hooks {
            changed: |work, template| {
                Box::pin(async move { Ok(template_changed(work, template).await?) })
            },
        },
    ],
};

permissions! {
    /// Automations, who is in them, and their figures.
    AUTOMATIONS_READ = "automations.read", Viewer;
    /// Drafts, changes, pauses and deletes them, and stops them for a contact.
    AUTOMATIONS_WRITE = "automations.write", Admin;
    /// Activates them: from then on they send by themselves.
    AUTOMATIONS_ACTIVATE = "automations.activate", Admin, step_up;
}

kinds! {
    /// Kazi has paused an automation: by a refusal, its template, its channel or its segment.
    AUTOMATION_PAUSED = "automation_paused";
}

fn jobs(registry: Registry<Context>) -> Registry<Context> {
    let often = Schedule::new("automations.find_due", "* * * * *");
    registry
        .register::<DoStep>()
        .register::<Look>()
        .register::<Enter>()
        .register::<Wake>()
        .register::<FindDue>()
        .schedule(often, &FindDue {})
}

#[cfg(test)]
mod tests;
