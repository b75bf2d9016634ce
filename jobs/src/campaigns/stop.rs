//! Stops a campaign automatically: after refusals that concern the whole campaign, or when its template or channel does
//! not work. It also clears a message before it leaves.

use std::time::Duration;

use kazi_clients::whatsapp::Reaction;
use kazi_platform::Timestamp;
use serde_json::json;

use super::{
    Campaign, CampaignError, CampaignStatus, arms,
    content::OFFER_ENDED,
    create::subject,
    model::CampaignStep,
    plan, results,
    run::{self, sender_of},
    store,
};
use crate::{
    Role, Work,
    audit::Change,
    channels::Sender,
    contacts::{self, ContactId, Standing},
    endpoints::{Type, announce},
    messages::{self, Against, CampaignId, Clearance, Refused, speaks_against},
    notifications::{self, Kind, Notification, To},
    templates::{self, Category, Template, TemplateStatus},
};

/// Refusals that stop a campaign, if each alone may be the recipient's fault. Requests that are under way when the last
/// of these is counted still reach Meta: at most one for each message that runs then.
const FAULTS: i32 = 10;
/// Recipients that are looked at together.
const AT_ONCE: usize = 1_000;
/// Wait of a refused message while its campaign is paused.
const PAUSED: Duration = Duration::from_secs(60);
/// The reason of a campaign that waits for its template and then goes on by itself.
const TEMPLATE_PAUSED: &str = "template_paused";

/// Asks before a message leaves that the provider has refused before: it is not taken back when its campaign is stopped.
/// Returns `None` when there is no such campaign.
pub async fn clearance(
    work: &mut Work,
    id: CampaignId,
    contact: ContactId,
) -> Result<Option<Clearance>, sqlx::Error> {
    let Some(campaign) = store::get(work, id).await? else {
        return Ok(None);
    };
    let standings = contacts::standings(work, &[contact]).await?;
    let standing = standings.get(&contact).copied();
    let unwanted = Standing::against(standing, campaign.is_marketing()).is_some();
    Ok(Some(match campaign.status {
        CampaignStatus::Cancelled => Clearance::Over,
        _ if unwanted => Clearance::Unwanted,
        CampaignStatus::Paused => Clearance::Wait(PAUSED),
        _ => Clearance::Go,
    }))
}

/// The offer of a message has ended before the message left: its recipient is left out. Returns false when it is no
/// message of a campaign, or may have left.
pub async fn expired(
    work: &mut Work,
    id: CampaignId,
    contact: ContactId,
) -> Result<bool, sqlx::Error> {
    if store::get(work, id).await?.is_none() {
        return Ok(false);
    }
    let messages = messages::withdraw_of(work, contact, &[id]).await?;
    store::recipients::leave_out(work, contact, &[id], &messages, OFFER_ENDED).await?;
    Ok(!messages.is_empty())
}

/// A contact opts out of marketing, or of everything. Takes back messages that have not left, and leaves the contact
/// out of running campaigns.
pub async fn withdraw(
    work: &mut Work,
    contact: ContactId,
    marketing: bool,
) -> Result<(), sqlx::Error> {
    if marketing {
        results::opted_out(work, contact).await?;
    }
    let campaigns = store::recipients::awaiting(work, contact, marketing).await?;
    if campaigns.is_empty() {
        return Ok(());
    }
    let messages = messages::withdraw_of(work, contact, &campaigns).await?;
    let reason = if marketing { "opted_out" } else { "blocked" };
    store::recipients::leave_out(work, contact, &campaigns, &messages, reason).await
}

/// Takes back messages that have not left; their recipients wait again, or give their credits back when the campaign has
/// ended. The caller holds the campaign's row.
pub async fn take_back(work: &mut Work, id: CampaignId) -> Result<usize, sqlx::Error> {
    let messages = messages::withdraw(work, &[id]).await?;
    store::recipients::set_planned(work, id, &messages).await?;
    store::credits::release_ended(work, id).await?;
    Ok(messages.len())
}

/// Stops a running campaign, takes back the messages that have not left, and notifies the admins. The caller holds the
/// campaign's row.
pub(super) async fn stop(
    work: &mut Work,
    campaign: &Campaign,
    status: CampaignStatus,
    why: (&str, &str),
) -> Result<(), sqlx::Error> {
    let id = campaign.id;
    store::set_stopped(work, id, status, Some(why)).await?;
    take_back(work, id).await?;
    let event = match status {
        CampaignStatus::Paused => Type::CAMPAIGN_PAUSED,
        _ => Type::CAMPAIGN_CANCELLED,
    };
    announce(work, event, id).await?;
    metrics::counter!("kazi_campaigns_stopped_total", "reason" => why.0.to_owned()).increment(1);
    tracing::warn!(campaign.id = %id, reason = why.0, "a campaign is {status}");
    if let Some(after) = store::get(work, id).await? {
        let (action, subject) = ("campaigns.stop", subject(campaign));
        work.audit(&Change::updated(action, subject, campaign, &after))
            .await?;
    }
    let title = format!("{} is {status}: {}", campaign.name, why.1);
    let title: String = title.chars().take(500).collect();
    let notification = Notification {
        kind: Kind::CAMPAIGN_STOPPED,
        title: &title,
        data: &json!({"campaign": id, "reason": why.0}),
    };
    notifications::notify(work, To::Role(Role::Admin), &notification).await
}

/// Checks that the channel can send now.
pub(super) async fn can_send(work: &mut Work, campaign: &Campaign) -> Result<(), CampaignError> {
    let said = match sender_of(work, campaign).await? {
        Some(sender) if sender.active => return Ok(()),
        Some(_) => "its channel is paused: put that right first",
        None => "its channel is gone",
    };
    Err(CampaignError::Conflict(said.to_owned()))
}

/// Checks that the channel can send now, and otherwise stops the campaign.
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

/// Stops the campaign because of its template: until it is approved again, or for good.
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

/// Stops or resumes the campaigns of a template whose status has changed.
pub async fn template_changed(work: &mut Work, template: &Template) -> Result<(), CampaignError> {
    for campaign in store::with_template(work, &template.name).await? {
        let sender = sender_of(work, &campaign).await?;
        let account = sender.and_then(|sender| sender.account);
        if account.as_deref() != Some(&template.account) {
            continue;
        }
        if template.category == Category::Marketing && !campaign.is_marketing() {
            becomes_marketing(work, &campaign, &template.language).await?;
        }
        let waits = campaign.reason.as_deref() == Some(TEMPLATE_PAUSED);
        let lost = (template.name.as_str(), Some(template.language.as_str()));
        match (campaign.status, template.status) {
            (CampaignStatus::Paused, TemplateStatus::Approved) if waits => {
                tracing::info!(campaign.id = %campaign.id, "a campaign goes on: its template is approved");
                run::go(work, campaign.id).await?;
            }
            (CampaignStatus::Paused, TemplateStatus::Disabled)
                if waits && arms::needs(&campaign, lost) =>
            {
                let status = Some(template.status);
                by_template(work, &campaign, status).await?;
            }
            (
                CampaignStatus::Sending | CampaignStatus::Paused,
                TemplateStatus::Paused | TemplateStatus::Disabled,
            ) => {
                let status = Some(template.status);
                arms::lose_template(work, &campaign, lost, status).await?;
            }
            _ => {}
        }
    }
    Ok(())
}

/// Meta calls its template an offer now: from here on those who want none are left out, also of what waits to be sent.
/// Those whose turn is still to come are looked at when it comes.
async fn becomes_marketing(
    work: &mut Work,
    campaign: &Campaign,
    language: &str,
) -> Result<(), CampaignError> {
    let id = campaign.id;
    if !store::recipients::any_in(work, id, language).await? {
        return Ok(());
    }
    store::set_marketing(work, id).await?;
    let queued = store::recipients::queued(work, id).await?;
    for some in queued.chunks(AT_ONCE) {
        let standings = contacts::standings(work, some).await?;
        let out = standings
            .into_iter()
            .filter(|(_, standing)| *standing == Standing::OptedOut);
        for (contact, _) in out {
            let messages = messages::withdraw_of(work, contact, &[id]).await?;
            store::recipients::leave_out(work, contact, &[id], &messages, "opted_out").await?;
        }
    }
    if let Some(mut after) = store::get(work, id).await? {
        if after.report.is_some() {
            let report = plan::report(work, &after).await?;
            store::set_report(work, id, &report).await?;
            after.report = Some(report);
        }
        let (action, subject) = ("campaigns.recategorize", subject(campaign));
        work.audit(&Change::updated(action, subject, campaign, &after))
            .await?;
    }
    let title = format!(
        "{}: Meta has made its template a marketing template. Contacts who want no offers do not get it, and its price changes",
        campaign.name
    );
    let title: String = title.chars().take(500).collect();
    let notification = Notification {
        kind: Kind::CAMPAIGN_RECATEGORIZED,
        title: &title,
        data: &json!({"campaign": id}),
    };
    Ok(notifications::notify(work, To::Role(Role::Admin), &notification).await?)
}

/// The circuit breaker: counts a refusal of one of the campaign's messages, and stops the campaign when the refusals
/// concern all of it. Returns true when this call stopped the campaign. The caller holds the campaign's row.
pub async fn refused(
    work: &mut Work,
    id: CampaignId,
    refusal: &Refused<'_>,
) -> Result<bool, sqlx::Error> {
    let reaction = refusal.reaction;
    let Some(against) = speaks_against(reaction) else {
        return Ok(false);
    };
    let template = match reaction {
        Reaction::TemplatePaused | Reaction::TemplateDisabled => {
            let Some(campaign) = store::get(work, id).await? else {
                return Ok(false);
            };
            let template = arms::template_of(work, &campaign, refusal.contact).await?;
            let asked = (refusal.asked_at, reaction);
            if is_outdated(work, &campaign, template.as_deref(), asked).await? {
                return Ok(false);
            }
            template
        }
        _ => None,
    };
    let faults = store::count_fault(work, id).await?;
    let Some(faults) = faults else {
        let campaign = store::get(work, id).await?;
        return Ok(campaign.is_some_and(|c| c.status.after(CampaignStep::Resume).is_some()));
    };
    if against == Against::Perhaps && faults < FAULTS {
        return Ok(false);
    }
    let Some(campaign) = store::lock(work, id).await? else {
        return Ok(false);
    };
    match reaction {
        Reaction::TemplatePaused | Reaction::TemplateDisabled => {
            let status = match reaction {
                Reaction::TemplatePaused => TemplateStatus::Paused,
                _ => TemplateStatus::Disabled,
            };
            let name = template.unwrap_or_default();
            arms::lose_template(work, &campaign, (&name, None), Some(status)).await?;
            let after = store::get(work, id).await?;
            return Ok(after.is_some_and(|after| after.status != CampaignStatus::Sending));
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
    campaign: &Campaign,
    template: Option<&str>,
    (asked_at, reaction): (Timestamp, Reaction),
) -> Result<bool, sqlx::Error> {
    let sender = sender_of(work, campaign).await?;
    match (template, sender.and_then(|sender| sender.account)) {
        (Some(name), Some(account)) if reaction == Reaction::TemplatePaused => {
            templates::approved_since(work, &account, name, asked_at).await
        }
        _ => Ok(false),
    }
}
