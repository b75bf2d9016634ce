//! Applies Meta's webhooks about templates: approved, rejected, paused, disabled, changed, of another category, or with a
//! new quality rating.

use chrono::TimeDelta;
use kazi_clients::json::lenient;
use kazi_platform::WorkspaceId;
use kazi_queue::{Job, JobError, Pool, Running};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Category, SyncTemplates, Template, TemplateId, TemplateStatus, hooks, model, store};
use crate::{
    Context, Work,
    audit::Change,
    channels::{self, WebhookEventId},
    pools,
};

#[derive(Debug, Serialize, Deserialize)]
pub struct ApplyTemplateEvent {
    pub workspace: WorkspaceId,
    pub event: WebhookEventId,
}

/// The event. Which fields are set depends on its kind.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Said {
    event: Value,
    reason: Value,
    rejection_info: Value,
    other_info: Value,
    message_template_name: Value,
    message_template_language: Value,
    /// The text of the body, after a change of the parts.
    message_template_element: Value,
    new_quality_score: Value,
    new_category: Value,
    correct_category: Value,
}

impl Job for ApplyTemplateEvent {
    type Context = Context;
    const NAME: &'static str = "templates.event";
    const POOL: Pool = pools::DEFAULT;

    async fn run(&self, ctx: &Context, _: &Running) -> Result<(), JobError> {
        let workspace = self.workspace;
        let mut work = Work::of(ctx, workspace).await?;
        let Some(event) = channels::event(&mut work, self.event).await? else {
            tracing::warn!(event.id = %self.event, "no such event");
            return Ok(());
        };
        let said: Said = serde_json::from_str(&lenient(&event.payload)).unwrap_or_default();
        let sender = channels::sender(&mut work, event.channel).await?;
        let account = sender.and_then(|sender| sender.account);
        let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let (name, language) = (
            word(&said.message_template_name),
            word(&said.message_template_language),
        );
        let known = match &account {
            Some(account) => store::find(&mut work, account, &name, &language).await?,
            None => None,
        };
        let Some(mut template) = known else {
            // Created in Meta's dashboard: the next sync brings it.
            tracing::info!(template.name = name, "news of a template that is not known");
            return Ok(());
        };
        let quality = word(&said.new_quality_score).to_lowercase();
        if ["green", "yellow", "red", "unknown"].contains(&quality.as_str()) {
            store::manage::set_quality(&mut work, template.id, &quality).await?;
        }
        // With a correct category it is a warning of a change that is to come.
        if let Ok(next) = word(&said.correct_category)
            .to_lowercase()
            .parse::<Category>()
            && next != template.category
        {
            store::edit::announce(&mut work, template.id, next).await?;
        }
        let mut recategorized = false;
        if let Ok(category) = word(&said.new_category).to_lowercase().parse::<Category>()
            && said.correct_category.is_null()
            && category != template.category
        {
            store::manage::set_category(&mut work, template.id, category).await?;
            template.category = category;
            recategorized = true;
        }
        let status = model::from_meta(&word(&said.event));
        if let Some(status) = status {
            let reason = Some(word(&said.reason)).filter(|r| !r.is_empty() && r != "NONE");
            let details = word(&said.rejection_info["reason"]);
            let reason = reason.map(|reason| match details.as_str() {
                "" => reason,
                details => format!("{reason}: {details}"),
            });
            let until = (status == TemplateStatus::Paused)
                .then(|| pause(&said.other_info))
                .flatten()
                .map(|pause| event.received_at + pause);
            let (id, was) = (template.id, template.status);
            store::manage::set_status(&mut work, id, status, reason.as_deref(), until).await?;
            template.status = status;
            tell(&mut work, &template, Some(was), reason.as_deref()).await?;
        } else if recategorized {
            hooks::changed(&mut work, &template).await?;
        }
        // The template stands again as it stood before.
        let is_back = matches!(said.event.as_str(), Some("UNARCHIVED" | "UNLOCKED"));
        if status.is_some() || is_back || !said.message_template_element.is_null() {
            // Meta's events come in any order, and again for days, and those of changed parts lack some. So the account is
            // asked for the present template.
            let channel = event.channel;
            SyncTemplates { workspace, channel }
                .enqueue(work.conn())
                .await?;
        }
        Ok(work.commit().await?)
    }
}

/// The length of a pause (Meta, "Template pausing"): three hours the first time, six the second.
fn pause(info: &Value) -> Option<TimeDelta> {
    match info["title"].as_str()? {
        "FIRST_PAUSE" => Some(TimeDelta::hours(3)),
        "SECOND_PAUSE" => Some(TimeDelta::hours(6)),
        _ => None,
    }
}

/// Records Meta's decision about a template, and tells the campaigns that its status has changed.
pub(super) async fn tell(
    work: &mut Work,
    template: &Template,
    was: Option<TemplateStatus>,
    reason: Option<&str>,
) -> Result<(), JobError> {
    tracing::info!(
        template.name = template.name,
        template.language = template.language,
        template.status = template.status.name(),
        "a template stands differently"
    );
    let status = template.status;
    if matches!(
        status,
        TemplateStatus::Rejected | TemplateStatus::Paused | TemplateStatus::Disabled
    ) {
        metrics::counter!("kazi_templates_refused_total", "status" => status.name()).increment(1);
    }
    record(work, template.id, was, status, reason).await?;
    hooks::changed(work, template).await?;
    Ok(())
}

/// Writes a decision into the audit log, where members read how a template came to its status.
pub(super) async fn record(
    work: &mut Work,
    id: TemplateId,
    was: Option<TemplateStatus>,
    status: TemplateStatus,
    reason: Option<&str>,
) -> Result<(), sqlx::Error> {
    let (action, subject) = ("templates.review", ("template", id));
    let before = json!({"status": was, "reason": null});
    let after = json!({"status": status, "reason": reason});
    work.audit(&Change::updated(action, subject, &before, &after))
        .await
}
