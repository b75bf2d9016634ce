//! Pauses an automation, takes messages back that have not left, and follows what becomes of contacts and templates.
//!
//! Everybody locks in one order: the automation, the contacts, the messages, the enrolments.

use std::{collections::BTreeSet, time::Duration};

use kazi_clients::whatsapp::Reaction;
use kazi_queue::{Job, enqueue_all};
use serde_json::json;

use super::{
    Automation, AutomationError, AutomationId, AutomationStatus, DoStep, Wake,
    manage::{self, subject},
    model::{Action, Step},
    store::{self, enrolments, steps},
};
use crate::{
    Role, Work,
    audit::Change,
    campaigns::{Content, NO_TEMPLATE},
    channels,
    contacts::{self, ContactId, Standing},
    conversations::MessageId,
    messages::{self, Against, CampaignId, Clearance, Refused, Withdrawn, speaks_against},
    notifications::{self, Kind, Notification, To},
    templates::{self, Category, Template, TemplateStatus},
};

/// Wait of a refused message while its automation is paused.
const PAUSED: Duration = Duration::from_secs(60);

/// Pauses an active automation whose row is held, takes back what has not left, and tells the admins.
pub(super) async fn pause_for(
    work: &mut Work,
    automation: &Automation,
    why: (&str, &str),
) -> Result<(), sqlx::Error> {
    pause_steps(work, automation, why).await?;
    take_back(work, automation.id).await
}

/// As [`pause_for`], and what is queued is sent.
pub(super) async fn pause_steps(
    work: &mut Work,
    automation: &Automation,
    why: (&str, &str),
) -> Result<(), sqlx::Error> {
    let paused = AutomationStatus::Paused;
    store::set_status(work, automation.id, paused, Some(why)).await?;
    store::set_looks(work, automation.id, automation.looked_at, None).await?;
    metrics::counter!("kazi_automations_paused_total", "reason" => why.0.to_owned()).increment(1);
    tracing::warn!(automation.id = %automation.id, reason = why.0, "an automation is paused");
    if let Some(after) = store::get(work, automation.id).await? {
        let (action, subject) = ("automations.stop", subject(automation));
        work.audit(&Change::updated(action, subject, automation, &after))
            .await?;
    }
    let title = format!("{} is paused: {}", automation.name, why.1);
    let title: String = title.chars().take(500).collect();
    let notification = Notification {
        kind: Kind::AUTOMATION_PAUSED,
        title: &title,
        data: &json!({"automation": automation.id, "reason": why.0}),
    };
    notifications::notify(work, To::Role(Role::Admin), &notification).await
}

/// Takes back messages that have not left. Their steps are done again when the automation goes on. The caller holds the
/// automation's row.
pub(super) async fn take_back(work: &mut Work, id: AutomationId) -> Result<(), sqlx::Error> {
    let all = steps::ids(work, id).await?;
    let all: Vec<CampaignId> = all.into_iter().map(|(_, step)| step).collect();
    take_back_steps(work, &all).await
}

async fn take_back_steps(work: &mut Work, steps: &[CampaignId]) -> Result<(), sqlx::Error> {
    let taken = messages::withdraw(work, steps).await?;
    messages::release(work, &taken).await?;
    steps::put_back(work, &ids_of(&taken)).await
}

fn ids_of(taken: &[Withdrawn]) -> Vec<MessageId> {
    taken.iter().map(|one| one.message).collect()
}

/// Locks the automation of a step.
pub async fn lock_of(work: &mut Work, step: CampaignId) -> Result<(), sqlx::Error> {
    if let Some(automation) = steps::automation_of(work, step).await? {
        store::lock(work, automation).await?;
    }
    Ok(())
}

/// Takes back what has not left of the automation of a step. The caller holds the automation's row.
pub async fn take_back_of(work: &mut Work, step: CampaignId) -> Result<(), sqlx::Error> {
    match steps::automation_of(work, step).await? {
        Some(automation) => take_back(work, automation).await,
        None => Ok(()),
    }
}

/// Asks before a message leaves that the provider has refused before. Returns `None` when no automation has such a step.
pub async fn clearance(
    work: &mut Work,
    step: CampaignId,
    contact: ContactId,
) -> Result<Option<Clearance>, sqlx::Error> {
    let Some(id) = steps::automation_of(work, step).await? else {
        return Ok(None);
    };
    let Some(automation) = store::get(work, id).await? else {
        return Ok(None);
    };
    let standings = contacts::standings(work, &[contact]).await?;
    let standing = standings.get(&contact).copied();
    let marketing = steps::is_marketing(work, step, contact).await?;
    let unwanted = Standing::against(standing, marketing).is_some();
    Ok(Some(match automation.status {
        _ if unwanted => Clearance::Unwanted,
        AutomationStatus::Active => Clearance::Go,
        AutomationStatus::Draft | AutomationStatus::Paused => Clearance::Wait(PAUSED),
    }))
}

/// Pauses an automation when the provider refuses all messages of its number or its template. Returns true when it is
/// paused. The caller holds the automation's row.
///
/// A message of an earlier revision says nothing about this one.
pub async fn refused(
    work: &mut Work,
    step: CampaignId,
    refusal: &Refused<'_>,
) -> Result<bool, sqlx::Error> {
    let Some(id) = steps::automation_of(work, step).await? else {
        return Ok(false);
    };
    if speaks_against(refusal.reaction) != Some(Against::Surely) {
        return Ok(false);
    }
    let Some(automation) = store::lock(work, id).await? else {
        return Ok(false);
    };
    let revision = steps::revision_of(work, refusal.message).await?;
    if revision.is_some_and(|revision| revision != automation.revision) {
        return Ok(false);
    }
    let code = match refusal.reaction {
        Reaction::TemplatePaused | Reaction::TemplateDisabled => NO_TEMPLATE,
        Reaction::PauseSender => "sender_restricted",
        _ => "channel_stopped",
    };
    if code == NO_TEMPLATE && is_outdated(work, &automation, step, refusal).await? {
        return Ok(false);
    }
    if automation.status == AutomationStatus::Active {
        pause_for(work, &automation, (code, refusal.words)).await?;
    }
    Ok(true)
}

/// Whether the template was approved after the refused request left. A pause for it would wait for an approval that has
/// been told already.
async fn is_outdated(
    work: &mut Work,
    automation: &Automation,
    step: CampaignId,
    refusal: &Refused<'_>,
) -> Result<bool, sqlx::Error> {
    let keys = steps::ids(work, automation.id).await?;
    let key = keys.into_iter().find(|(_, id)| *id == step);
    let step = key.and_then(|(key, _)| automation.steps.iter().find(|step| step.key == key));
    let Some(Action::Send {
        channel_id,
        content: Content::Template { name, .. },
    }) = step.map(|step| &step.action)
    else {
        return Ok(false);
    };
    let sender = channels::sender(work, *channel_id).await?;
    let account = sender.and_then(|sender| sender.account).unwrap_or_default();
    templates::approved_since(work, &account, name, refusal.asked_at).await
}

/// A contact opts out of marketing, or of everything. Takes back messages that have not left. One who wants no offers any
/// more goes on, and leaves at the next step that is one.
///
/// A contact who is about to become another one is told of here too: what was taken back is sent to the other.
pub async fn withdraw(
    work: &mut Work,
    contact: ContactId,
    marketing: bool,
) -> Result<(), sqlx::Error> {
    let steps = steps::with_messages(work, contact, marketing).await?;
    let messages = match steps.is_empty() {
        true => Vec::new(),
        false => messages::withdraw_of(work, contact, &steps).await?,
    };
    messages::release(work, &messages).await?;
    let messages = ids_of(&messages);
    if marketing {
        return steps::taken_back(work, &messages, "opted_out").await;
    }
    let standings = contacts::standings(work, &[contact]).await?;
    match Standing::against(standings.get(&contact).copied(), false) {
        Some(why) => {
            steps::taken_back(work, &messages, why).await?;
            enrolments::stop_all(work, contact, why).await
        }
        None => steps::put_back(work, &messages).await,
    }
}

/// Gives a contact's enrolments to another. Those whose step is due go on.
pub async fn merge(work: &mut Work, from: ContactId, into: ContactId) -> Result<(), sqlx::Error> {
    let workspace = work.workspace();
    let due = enrolments::change_contact(work, from, into).await?;
    let jobs = due
        .into_iter()
        .map(|(automation, enrolment, position)| DoStep {
            workspace,
            automation,
            enrolment,
            position,
        });
    enqueue_all(work.conn(), &jobs.collect::<Vec<_>>()).await?;
    Ok(())
}

/// Removes what a contact's enrolments say of the contact.
pub async fn erase(work: &mut Work, contact: ContactId) -> Result<(), sqlx::Error> {
    enrolments::stop_all(work, contact, "gone").await?;
    enrolments::erase(work, contact).await
}

/// Follows Meta's word about a template. What has not left is taken back when the template may not be sent any more, or is
/// one of marketing now: each step decides again, and a contact without a template waits. They go on when it is approved.
pub async fn template_changed(work: &mut Work, template: &Template) -> Result<(), AutomationError> {
    let mut users: Vec<(AutomationId, BTreeSet<String>, i32)> = Vec::new();
    for (id, revision, definition) in store::with_template(work, &template.name).await? {
        let keys = senders(work, &definition.steps, template).await?;
        match users.last_mut().filter(|user| user.0 == id) {
            _ if keys.is_empty() => {}
            Some((_, known, newest)) => {
                known.extend(keys);
                *newest = revision;
            }
            None => users.push((id, keys, revision)),
        }
    }
    for (id, keys, newest) in users {
        // Locked whatever its status is: a step that finds no template at this moment has paused it, or finds this change.
        let Some(automation) = store::lock(work, id).await? else {
            continue;
        };
        let all = steps::ids(work, id).await?;
        let of_template = all.into_iter().filter(|(key, _)| keys.contains(key));
        let of_template: Vec<CampaignId> = of_template.map(|(_, step)| step).collect();
        let approved = template.status == TemplateStatus::Approved;
        let becomes_marketing = template.category == Category::Marketing
            && steps::any_without_consent(work, &of_template).await?;
        match automation.status {
            AutomationStatus::Paused
                if approved
                    && newest == automation.revision
                    && automation.reason.as_deref() == Some(NO_TEMPLATE) =>
            {
                tracing::info!(automation.id = %id, "an automation goes on: its template is approved");
                manage::go_on(work, &automation).await?;
            }
            AutomationStatus::Active if !approved || becomes_marketing => {
                take_back_steps(work, &of_template).await?;
                Wake::of(work, id).enqueue(work.conn()).await?;
            }
            AutomationStatus::Active if enrolments::any_waits(work, id).await? => {
                Wake::of(work, id).enqueue(work.conn()).await?;
            }
            AutomationStatus::Draft | AutomationStatus::Active | AutomationStatus::Paused => {}
        }
        if becomes_marketing {
            steps::set_marketing(work, &of_template).await?;
        }
    }
    Ok(())
}

/// The keys of the steps that send a template by a number of its account.
async fn senders(
    work: &mut Work,
    steps: &[Step],
    template: &Template,
) -> Result<BTreeSet<String>, sqlx::Error> {
    let mut keys = BTreeSet::new();
    for step in steps {
        if let Action::Send {
            channel_id,
            content: Content::Template { name, .. },
        } = &step.action
            && *name == template.name
            && let Some(sender) = channels::sender(work, *channel_id).await?
            && sender.account.as_deref() == Some(&template.account)
        {
            keys.insert(step.key.clone());
        }
    }
    Ok(keys)
}
