//! Does one step of an enrolment, and enqueues the next.
//!
//! The step, its message and the job of the next step are one transaction, under the lock of the enrolment's row. So a
//! process may die at any line, and a second run finds the row at another step and does nothing.

use std::{slice::from_ref, time::Duration};

use chrono::TimeDelta;
use kazi_platform::{Timestamp, WorkspaceId};
use kazi_queue::{Job, JobError, Options, Pool, Priority, Retry, Running};
use serde::{Deserialize, Serialize};

use super::{
    AutomationError, AutomationId, AutomationStatus, EnrolmentId, clock, condition,
    credits::Unpaid,
    input::time_of,
    model::{Action, Definition, Enrolment, EnrolmentStatus, Step},
    send::{self, Sent},
    store::{
        self, enrolments,
        steps::{self, NewDone},
    },
};
use crate::{
    Context, Work,
    campaigns::{NO_TEMPLATE, zone_of_contact},
    contacts::{self, Addressee, Audience, ContactError, ContactId, MAX_TAGS},
    conversations, pools, workspaces,
};

#[derive(Debug, Serialize, Deserialize)]
pub struct DoStep {
    pub workspace: WorkspaceId,
    pub automation: AutomationId,
    pub enrolment: EnrolmentId,
    /// The index of the step.
    pub position: i32,
}

impl Job for DoStep {
    type Context = Context;
    const NAME: &'static str = "automations.step";
    const POOL: Pool = pools::DEFAULT;
    const RETRY: Retry =
        Retry::exponential(Duration::from_secs(1), Duration::from_secs(300)).attempts(50);

    fn options(&self) -> Options {
        // Nobody waits for it. Not unique: a job that ends while an automation goes on must not swallow the new one.
        Options::default()
            .tenant(self.workspace)
            .priority(Priority::Low)
    }

    async fn run(&self, ctx: &Context, _: &Running) -> Result<(), JobError> {
        let mut work = Work::of(ctx, self.workspace).await?;
        // A pause waits for the steps that run, and takes their messages back.
        let status = store::hold(&mut work, self.automation).await?;
        if status != Some(AutomationStatus::Active) {
            // It is gone, or the step comes back when the automation goes on.
            return Ok(());
        }
        let Some(before) = enrolments::get(&mut work, self.enrolment).await? else {
            return Ok(());
        };
        let revision = before.revision;
        let definition = store::definition(&mut work, self.automation, revision).await?;
        let Some(definition) = definition else {
            return Ok(());
        };
        // Whoever opts out holds the contact first and the enrolments then.
        hold_contact(&mut work, before.contact_id, self.step_of(&definition)).await?;
        let Some(mut enrolment) = enrolments::lock(&mut work, self.enrolment).await? else {
            return Ok(());
        };
        if enrolment.contact_id != before.contact_id {
            let soon = Duration::from_secs(1);
            return Err(JobError::snooze(soon, "two contacts became one meanwhile"));
        }
        if !self.is_next(&enrolment) {
            return Ok(());
        }
        if work.now() < enrolment.due_at {
            return Err(JobError::snooze_until(
                enrolment.due_at,
                "it is not time yet",
            ));
        }
        let outcome = perform(&mut work, &definition, &enrolment).await?;
        match outcome {
            // Nothing was written. The automation's row is locked before those of enrolments.
            Outcome::Nobody(code, words) => {
                work.rollback().await?;
                return self.stuck(ctx, &definition, (code, &words)).await;
            }
            Outcome::NoCredits(unpaid) => {
                work.rollback().await?;
                return self.out_of_credits(ctx, &unpaid).await;
            }
            _ => {}
        }
        conclude(&mut work, &definition, &mut enrolment, outcome).await?;
        Ok(work.commit().await?)
    }
}

impl DoStep {
    pub(super) fn step_of<'a>(&self, definition: &'a Definition) -> Option<&'a Step> {
        let position = usize::try_from(self.position).ok()?;
        definition.steps.get(position)
    }

    pub(super) fn is_next(&self, enrolment: &Enrolment) -> bool {
        enrolment.status == EnrolmentStatus::Active.name() && enrolment.position == self.position
    }
}

/// Holds a contact as they are until the step is done. A step that tags writes the contact's row: two that held the row
/// together would each wait for the other.
pub(super) async fn hold_contact(
    work: &mut Work,
    contact: ContactId,
    step: Option<&Step>,
) -> Result<(), sqlx::Error> {
    match step.map(|step| &step.action) {
        Some(Action::AddTag { .. } | Action::RemoveTag { .. }) => {
            contacts::hold_contacts(work, &[contact]).await?;
        }
        _ => {
            contacts::standings(work, &[contact]).await?;
        }
    }
    Ok(())
}

/// What becomes of a step.
pub(super) enum Outcome {
    /// It is done: the result, its reason, and the index of the step that follows.
    Done(Deed, Option<usize>),
    /// It is done at this time.
    Later(Timestamp),
    /// A wait begins.
    Wait(Timestamp),
    /// The enrolment ends without the step.
    End(EnrolmentStatus, String),
    /// It waits until a template is approved.
    Hold,
    /// The step cannot be done for anybody now.
    Nobody(&'static str, String),
    /// The workspace has too few credits.
    NoCredits(Unpaid),
}

/// What a step did.
pub(super) struct Deed {
    name: &'static str,
    reason: Option<String>,
    sent: Option<Sent>,
}

const fn result(name: &'static str) -> Deed {
    Deed {
        name,
        reason: None,
        sent: None,
    }
}

async fn perform(
    work: &mut Work,
    definition: &Definition,
    enrolment: &Enrolment,
) -> Result<Outcome, AutomationError> {
    let (contact, entered) = (enrolment.contact_id, enrolment.entered_at);
    let position = usize::try_from(enrolment.position).unwrap_or(usize::MAX);
    let Some(step) = definition.steps.get(position) else {
        return Ok(Outcome::End(EnrolmentStatus::Finished, String::new()));
    };
    let everybody = Audience::default();
    let Some(person) = contacts::addressee(work, &everybody, contact).await? else {
        return Ok(Outcome::End(EnrolmentStatus::Stopped, "gone".into()));
    };
    if definition.stop_when_answered && conversations::wrote_since(work, contact, entered).await? {
        return Ok(Outcome::End(EnrolmentStatus::Stopped, "answered".into()));
    }
    let next = definition.after(position);
    Ok(match &step.action {
        Action::Wait { .. } | Action::WaitUntil { .. } if enrolment.waits => {
            Outcome::Done(result("waited"), next)
        }
        Action::Wait { minutes } => {
            Outcome::Wait(work.now() + TimeDelta::minutes(i64::from(*minutes)))
        }
        Action::WaitUntil { time } => Outcome::Wait(local(work, &person, time).await?),
        Action::Condition { when, otherwise } => {
            match condition::holds(work, when, enrolment).await? {
                Some(true) => Outcome::Done(result("held"), next),
                Some(false) => {
                    let next = otherwise.as_ref().and_then(|key| definition.index(key));
                    Outcome::Done(result("not_held"), next)
                }
                None => {
                    let words = format!("the segment of its step {} is gone", step.key);
                    Outcome::Nobody("segment_gone", words)
                }
            }
        }
        Action::Send {
            channel_id,
            content,
        } => match send::send(work, enrolment, &step.key, (*channel_id, content), &person).await? {
            send::Outcome::Sent(sent) => Outcome::Done(
                Deed {
                    sent: Some(sent),
                    ..result("sent")
                },
                next,
            ),
            send::Outcome::Skipped(why) => Outcome::Done(
                Deed {
                    reason: Some(why.to_owned()),
                    ..result("skipped")
                },
                next,
            ),
            send::Outcome::Later(at) => Outcome::Later(at),
            send::Outcome::Waits => Outcome::Hold,
            send::Outcome::NotTo(why) => Outcome::End(EnrolmentStatus::Failed, why.to_owned()),
            send::Outcome::Nobody(code, words) => Outcome::Nobody(code, words),
            send::Outcome::NoCredits(unpaid) => Outcome::NoCredits(unpaid),
        },
        Action::AddTag { tag } => tagged(work, &person, (from_ref(tag), &[]), next).await?,
        Action::RemoveTag { tag } => tagged(work, &person, (&[], from_ref(tag)), next).await?,
        Action::Stop {} => Outcome::Done(result("stopped"), None),
    })
}

/// The next time that the contact's clock shows this.
async fn local(
    work: &mut Work,
    person: &Addressee,
    time: &str,
) -> Result<Timestamp, AutomationError> {
    let now = work.now();
    let home = workspaces::time_zone(work).await?;
    let zone = zone_of_contact(person.phone.as_deref(), person.country.as_deref(), home);
    Ok(time_of(time).map_or(now, |time| clock::next_local(zone, time, now)))
}

async fn tagged(
    work: &mut Work,
    person: &Addressee,
    (add, remove): (&[String], &[String]),
    next: Option<usize>,
) -> Result<Outcome, AutomationError> {
    let has = contacts::view(work, person.id).await?.tags;
    let new = add
        .iter()
        .filter_map(|tag| contacts::tag_name(tag).ok())
        .any(|tag| !has.contains(&tag));
    if new && has.len() >= MAX_TAGS {
        let why = "too_many_tags".to_owned();
        return Ok(Outcome::End(EnrolmentStatus::Failed, why));
    }
    let name = if add.is_empty() { "untagged" } else { "tagged" };
    match contacts::retag(work, &[person.id], add, remove).await {
        Ok(_) => Ok(Outcome::Done(result(name), next)),
        Err(ContactError::Database(error)) => Err(error.into()),
        // The workspace has too many tags.
        Err(error) => Ok(Outcome::Nobody("tag_refused", error.to_string())),
    }
}

/// Writes the outcome, and the job that goes on.
pub(super) async fn conclude(
    work: &mut Work,
    definition: &Definition,
    enrolment: &mut Enrolment,
    outcome: Outcome,
) -> Result<(), AutomationError> {
    let (now, position) = (work.now(), enrolment.position);
    let step = enrolment.step.clone();
    let mut goes_on = true;
    // Whatever it has waited for.
    enrolment.reason = None;
    match outcome {
        Outcome::Later(at) => enrolment.due_at = at,
        Outcome::Wait(at) => {
            enrolment.due_at = at;
            enrolment.waits = true;
        }
        Outcome::Done(done, next) => {
            note(work, enrolment, done).await?;
            enrolment.waits = false;
            enrolment.due_at = now;
            match next.and_then(|next| Some((next, definition.steps.get(next)?))) {
                Some((next, step)) => {
                    enrolment.position = i32::try_from(next).unwrap_or(i32::MAX);
                    enrolment.step = step.key.clone();
                }
                None => {
                    end(enrolment, EnrolmentStatus::Finished, None, now);
                    goes_on = false;
                }
            }
        }
        Outcome::End(status, why) => {
            if status == EnrolmentStatus::Failed {
                let failed = Deed {
                    reason: Some(why.clone()),
                    ..result("failed")
                };
                note(work, enrolment, failed).await?;
            }
            end(
                enrolment,
                status,
                Some(why).filter(|why| !why.is_empty()),
                now,
            );
            goes_on = false;
        }
        Outcome::Hold => {
            // An approval wakes it.
            enrolment.reason = Some(NO_TEMPLATE.to_owned());
            goes_on = false;
        }
        Outcome::Nobody(..) | Outcome::NoCredits(_) => return Ok(()),
    }
    enrolments::save(work, enrolment).await?;
    if goes_on {
        let job = DoStep {
            workspace: work.workspace(),
            automation: enrolment.automation_id,
            enrolment: enrolment.id,
            position: enrolment.position,
        };
        let options = job.options().due(enrolment.due_at);
        job.enqueue_with(work.conn(), options).await?;
    }
    tracing::debug!(enrolment.id = %enrolment.id, step, position, "a step is done");
    Ok(())
}

async fn note(work: &mut Work, enrolment: &Enrolment, done: Deed) -> Result<(), AutomationError> {
    let step = steps::id_of(work, enrolment.automation_id, &enrolment.step).await?;
    let new = NewDone {
        enrolment: enrolment.id,
        position: enrolment.position,
        step,
        result: done.name,
        reason: done.reason,
        message: done.sent.as_ref().map(|sent| sent.message),
        marketing: done.sent.is_some_and(|sent| sent.marketing),
    };
    steps::insert(work, &new).await?;
    metrics::counter!("kazi_automations_steps_total", "result" => done.name).increment(1);
    Ok(())
}

pub(super) fn end(
    enrolment: &mut Enrolment,
    status: EnrolmentStatus,
    reason: Option<String>,
    now: Timestamp,
) {
    status.name().clone_into(&mut enrolment.status);
    enrolment.reason = reason;
    enrolment.ended_at = Some(now);
    enrolment.waits = false;
}
