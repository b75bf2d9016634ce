//! Pauses an automation, takes messages back that have not left, and follows what becomes of contacts and templates.

use std::time::Duration;

use kazi_clients::whatsapp::Reaction;
use serde_json::json;

use super::{
    Automation, AutomationError, AutomationId, AutomationStatus,
    manage::{self, subject},
    model::{Action, Step},
    store::{self, enrolments, steps},
};
use crate::{
    Role, Work,
    audit::Change,
    campaigns::{Content, NO_TEMPLATE},
    contacts::{self, ContactId, Standing},
    messages::{self, Against, CampaignId, Clearance, Refused, speaks_against},
    notifications::{self, Kind, Notification, To},
    templates::{Template, TemplateStatus},
};

/// Wait of a refused message while its automation is paused.
const PAUSED: Duration = Duration::from_secs(60);

/// Pauses an active automation whose row is held, takes back what has not left, and tells the admins.
pub(super) async fn pause_for(
    work: &mut Work,
    automation: &Automation,
    why: (&str, &str),
) -> Result<(), AutomationError> {
    let paused = AutomationStatus::Paused;
    store::set_status(work, automation.id, paused, Some(why)).await?;
    store::set_looks(work, automation.id, automation.looked_at, None).await?;
    take_back(work, automation.id).await?;
    metrics::counter!("kazi_automations_paused_total", "reason" => why.0.to_owned()).increment(1);
    tracing::warn!(automation.id = %automation.id, reason = why.0, "an automation is paused");
    let after = manage::found(work, automation.id).await?;
    let (action, subject) = ("automations.stop", subject(automation));
    work.audit(&Change::updated(action, subject, automation, &after))
        .await?;
    let title = format!("{} is paused: {}", automation.name, why.1);
    let title: String = title.chars().take(500).collect();
    let notification = Notification {
        kind: Kind::AUTOMATION_PAUSED,
        title: &title,
        data: &json!({"automation": automation.id, "reason": why.0}),
    };
    notifications::notify(work, To::Role(Role::Admin), &notification).await?;
    Ok(())
}

/// Takes back messages that have not left. Their steps are done again when the automation goes on. The caller holds the
/// automation's row.
pub(super) async fn take_back(work: &mut Work, id: AutomationId) -> Result<(), sqlx::Error> {
    for (_, step) in steps::ids(work, id).await? {
        let messages = messages::withdraw(work, step).await?;
        if !messages.is_empty() {
            steps::put_back(work, id, &messages).await?;
        }
    }
    Ok(())
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
    let standing = contacts::standings(work, &[contact]).await?;
    let marketing = steps::is_marketing(work, step, contact).await?;
    let wanted = match standing.get(&contact) {
        Some(Standing::Reachable) => true,
        Some(Standing::OptedOut) => !marketing,
        Some(Standing::Blocked | Standing::Gone) | None => false,
    };
    Ok(Some(match automation.status {
        _ if !wanted => Clearance::Unwanted,
        AutomationStatus::Active => Clearance::Go,
        AutomationStatus::Draft | AutomationStatus::Paused => Clearance::Wait(PAUSED),
    }))
}

/// Pauses an automation when the provider refuses all messages of its number. Returns true when it is paused. The caller
/// holds the automation's row.
///
/// A refused template does not pause it here: the next step that wants the template does.
pub async fn refused(
    work: &mut Work,
    step: CampaignId,
    refusal: &Refused<'_>,
) -> Result<bool, sqlx::Error> {
    let Some(id) = steps::automation_of(work, step).await? else {
        return Ok(false);
    };
    let code = match refusal.reaction {
        Reaction::TemplatePaused | Reaction::TemplateDisabled => return Ok(false),
        reaction if speaks_against(reaction) != Some(Against::Surely) => return Ok(false),
        Reaction::PauseSender => "sender_restricted",
        _ => "channel_stopped",
    };
    let Some(automation) = store::lock(work, id).await? else {
        return Ok(false);
    };
    if automation.status == AutomationStatus::Active {
        let paused = pause_for(work, &automation, (code, refusal.words)).await;
        paused.map_err(into_sql)?;
    }
    Ok(true)
}

/// The error for a caller that knows only those of the database.
fn into_sql(error: AutomationError) -> sqlx::Error {
    match error {
        AutomationError::Database(error) => error,
        other => sqlx::Error::Protocol(other.to_string()),
    }
}

/// A contact opts out of marketing, or of everything. Takes back messages that have not left. One who wants no offers any
/// more goes on, and leaves at the next step that is one.
pub async fn withdraw(
    work: &mut Work,
    contact: ContactId,
    marketing: bool,
) -> Result<(), sqlx::Error> {
    if !marketing {
        enrolments::stop_all(work, contact, "blocked").await?;
    }
    let steps = steps::with_messages(work, contact, marketing).await?;
    if steps.is_empty() {
        return Ok(());
    }
    let messages = messages::withdraw_of(work, contact, &steps).await?;
    let reason = if marketing { "opted_out" } else { "blocked" };
    steps::taken_back(work, &messages, reason).await
}

/// Removes what a contact's enrolments say of the contact.
pub async fn erase(work: &mut Work, contact: ContactId) -> Result<(), sqlx::Error> {
    enrolments::stop_all(work, contact, "gone").await?;
    enrolments::erase(work, contact).await
}

/// Lets automations go on that wait for a template.
pub async fn template_changed(work: &mut Work, template: &Template) -> Result<(), AutomationError> {
    if template.status != TemplateStatus::Approved {
        return Ok(());
    }
    for id in store::paused_for(work, NO_TEMPLATE).await? {
        let Some(automation) = store::lock(work, id).await? else {
            continue;
        };
        let waits = automation.status == AutomationStatus::Paused
            && automation.reason.as_deref() == Some(NO_TEMPLATE);
        if waits
            && automation
                .steps
                .iter()
                .any(|step| uses(step, &template.name))
        {
            tracing::info!(automation.id = %id, "an automation goes on: its template is approved");
            manage::go_on(work, &automation).await?;
        }
    }
    Ok(())
}

fn uses(step: &Step, template: &str) -> bool {
    match &step.action {
        Action::Send { content, .. } => {
            matches!(content, Content::Template { name, .. } if name == template)
        }
        _ => false,
    }
}
