//! What stops a campaign by itself: refusals that speak against all of it, its template, its channel; and what one of its
//! messages asks before it leaves.

use std::time::Duration;

use kazi_clients::whatsapp::Reaction;
use serde_json::json;

use super::{
    Campaign, CampaignError, CampaignStatus, Content,
    create::record,
    model::Step,
    run::{self, sender_of},
    store,
};
use crate::{
    Role, Work,
    channels::Sender,
    contacts::ContactId,
    messages::{self, Against, CampaignId, Clearance, Refused, speaks_against},
    notifications::{self, Kind, News, To},
    templates::{self, Template, TemplateStatus},
};

/// Refusals that may be one recipient's fault stop a campaign when there are so many.
const FAULTS: i32 = 10;
/// A message that the provider had before and refused, of a campaign that is paused.
const PAUSED: Duration = Duration::from_secs(60);
/// Why a campaign waits for its template, and goes on by itself.
const TEMPLATE_PAUSED: &str = "template_paused";

/// Asks before a message leaves that the provider has refused before: it is not taken back when its campaign is stopped.
///
/// # Errors
/// The database failed.
pub async fn clearance(work: &mut Work, id: CampaignId) -> Result<Clearance, sqlx::Error> {
    let campaign = store::get(work, id).await?;
    Ok(match campaign.map(|campaign| campaign.status) {
        None | Some(CampaignStatus::Cancelled) => Clearance::Over,
        Some(CampaignStatus::Paused) => Clearance::Wait(PAUSED),
        Some(_) => Clearance::Go,
    })
}

/// Somebody wants no offers any more (`marketing`), or nothing is to be said to them at all: what has not left does not
/// leave, and they are left out of what is still to come.
///
/// # Errors
/// The database failed.
pub async fn withdraw(
    work: &mut Work,
    contact: ContactId,
    marketing: bool,
) -> Result<(), sqlx::Error> {
    let campaigns = store::recipients::awaiting(work, contact, marketing).await?;
    if campaigns.is_empty() {
        return Ok(());
    }
    let messages = messages::withdraw_of(work, contact, &campaigns).await?;
    let reason = if marketing { "opted_out" } else { "blocked" };
    store::recipients::leave_out(work, contact, &campaigns, &messages, reason).await
}

/// Takes back what has not left, in the caller's transaction, which holds the campaign's row: their recipients wait again.
///
/// # Errors
/// The database failed.
pub async fn take_back(work: &mut Work, id: CampaignId) -> Result<usize, sqlx::Error> {
    let messages = messages::withdraw(work, id).await?;
    store::recipients::set_planned(work, id, &messages).await?;
    Ok(messages.len())
}

/// Stops a campaign that nobody has stopped, takes back what has not left and tells the admins, in the caller's
/// transaction, which holds its row.
pub(super) async fn stop(
    work: &mut Work,
    campaign: &Campaign,
    status: CampaignStatus,
    why: (&str, &str),
) -> Result<(), sqlx::Error> {
    let id = campaign.id;
    store::set_stopped(work, id, status, Some(why)).await?;
    take_back(work, id).await?;
    metrics::counter!("kazi_campaigns_stopped_total", "reason" => why.0.to_owned()).increment(1);
    tracing::warn!(campaign.id = %id, reason = why.0, "a campaign is {status}");
    if let Some(after) = store::get(work, id).await? {
        let action = "campaigns.stop";
        record(work, action, Some(campaign), &after).await?;
    }
    let title = format!("{} is {status}: {}", campaign.name, why.1);
    let title: String = title.chars().take(500).collect();
    let news = News {
        kind: Kind::CampaignStopped,
        title: &title,
        data: &json!({"campaign": id, "reason": why.0}),
    };
    notifications::notify(work, To::Role(Role::Admin), &news).await
}

/// Whether the channel sends; else why not.
pub(super) async fn can_send(work: &mut Work, campaign: &Campaign) -> Result<(), CampaignError> {
    let said = match sender_of(work, campaign).await? {
        Some(sender) if sender.active => return Ok(()),
        Some(_) => "its channel is paused: put that right first",
        None => "its channel is gone",
    };
    Err(CampaignError::Conflict(said.to_owned()))
}

/// The channel while it sends; else the campaign is stopped.
pub(super) async fn check_sender(
    work: &mut Work,
    campaign: &Campaign,
) -> Result<Option<Sender>, sqlx::Error> {
    let why = match sender_of(work, campaign).await? {
        Some(sender) if sender.active => return Ok(Some(sender)),
        Some(_) => ("channel_stopped", "its channel does not send"),
        None => ("channel_gone", "its channel is gone"),
    };
    let paused = CampaignStatus::Paused;
    stop(work, campaign, paused, why).await?;
    Ok(None)
}

/// Stops it for how its template stands: until it is approved again, or for good.
pub(super) async fn by_template(
    work: &mut Work,
    campaign: &Campaign,
    status: Option<TemplateStatus>,
) -> Result<(), sqlx::Error> {
    let (status, why) = match status {
        Some(TemplateStatus::Paused) => (
            CampaignStatus::Paused,
            (
                TEMPLATE_PAUSED,
                "Meta has paused its template: it goes on once that is approved again",
            ),
        ),
        Some(TemplateStatus::Submitted | TemplateStatus::Draft) => (
            CampaignStatus::Paused,
            (
                TEMPLATE_PAUSED,
                "Meta reviews its template: it goes on once that is approved",
            ),
        ),
        Some(TemplateStatus::Approved) => return Ok(()),
        Some(TemplateStatus::Disabled | TemplateStatus::Rejected) | None => (
            CampaignStatus::Cancelled,
            ("template_disabled", "its template cannot be sent any more"),
        ),
    };
    stop(work, campaign, status, why).await
}

/// A template stands differently: campaigns that send it are stopped, or go on.
///
/// # Errors
/// The database failed.
pub async fn template_changed(work: &mut Work, template: &Template) -> Result<(), CampaignError> {
    for campaign in store::with_template(work, &template.name).await? {
        let sender = sender_of(work, &campaign).await?;
        let account = sender.and_then(|sender| sender.account);
        let content = matches!(campaign.content, Content::Template { .. });
        if !content || account.as_deref() != Some(&template.account) {
            continue;
        }
        let waits = campaign.reason.as_deref() == Some(TEMPLATE_PAUSED);
        match (campaign.status, template.status) {
            (CampaignStatus::Paused, TemplateStatus::Approved) if waits => {
                tracing::info!(campaign.id = %campaign.id, "a campaign goes on: its template is approved");
                run::go(work, campaign.id).await?;
            }
            (CampaignStatus::Paused, TemplateStatus::Disabled) if waits => {
                let status = Some(template.status);
                by_template(work, &campaign, status).await?;
            }
            // Of a language that nobody of this campaign gets, the broadcast takes no notice either.
            (CampaignStatus::Sending, TemplateStatus::Paused | TemplateStatus::Disabled) => {
                let status = Some(template.status);
                by_template(work, &campaign, status).await?;
            }
            _ => {}
        }
    }
    Ok(())
}

/// The circuit breaker, in a transaction that holds the campaign's row: notes a refusal of one of the campaign's messages,
/// and stops the campaign when that speaks against all of it. Whether it is stopped now.
///
/// # Errors
/// The database failed.
pub async fn refused(
    work: &mut Work,
    id: CampaignId,
    refusal: &Refused<'_>,
) -> Result<bool, sqlx::Error> {
    let reaction = refusal.reaction;
    let Some(against) = speaks_against(reaction) else {
        return Ok(false);
    };
    if reaction == Reaction::TemplatePaused && is_outdated(work, id, refusal).await? {
        return Ok(false);
    }
    let faults = store::count_fault(work, id).await?;
    let Some(faults) = faults else {
        let campaign = store::get(work, id).await?;
        return Ok(campaign.is_some_and(|c| c.status.after(Step::Resume).is_some()));
    };
    if against == Against::Perhaps && faults < FAULTS {
        return Ok(false);
    }
    let Some(campaign) = store::lock(work, id).await? else {
        return Ok(false);
    };
    match reaction {
        Reaction::TemplatePaused => {
            let status = Some(TemplateStatus::Paused);
            by_template(work, &campaign, status).await?;
        }
        Reaction::TemplateDisabled => {
            let status = Some(TemplateStatus::Disabled);
            by_template(work, &campaign, status).await?;
        }
        _ => {
            let code = match reaction {
                Reaction::TemplateFault | Reaction::OurFault | Reaction::Unknown => "refused",
                Reaction::PauseSender => "sender_restricted",
                _ => "channel_stopped",
            };
            let paused = CampaignStatus::Paused;
            stop(work, &campaign, paused, (code, refusal.words)).await?;
        }
    }
    Ok(true)
}

/// Whether the template was approved after the refused request left. Such a refusal comes late: a pause for it would wait
/// for an approval that has been told already.
async fn is_outdated(
    work: &mut Work,
    id: CampaignId,
    refusal: &Refused<'_>,
) -> Result<bool, sqlx::Error> {
    let Some(campaign) = store::get(work, id).await? else {
        return Ok(false);
    };
    let sender = sender_of(work, &campaign).await?;
    match (&campaign.content, sender.and_then(|sender| sender.account)) {
        (Content::Template { name, .. }, Some(account)) => {
            templates::approved_since(work, &account, name, refusal.asked_at).await
        }
        _ => Ok(false),
    }
}
