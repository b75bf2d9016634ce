//! Asks Meta to review a template, or a change of one.

use kazi_clients::whatsapp::{self, ChangedTemplate, NewTemplate, Reaction, WhatsApp};
use kazi_platform::WorkspaceId;
use kazi_queue::{Job, JobError, Options, Pool, Running, Unique};
use serde::{Deserialize, Serialize};

use super::{
    EditState, NewDraft, SyncTemplates, TemplateError, TemplateId, TemplateStatus, TemplateView,
    event, get, manage, model, store, sync,
};
use crate::{Context, Work, channels::ChannelId, pools};

#[derive(Debug, Serialize, Deserialize)]
pub struct Submit {
    pub workspace: WorkspaceId,
    pub template: TemplateId,
}

impl Job for Submit {
    type Context = Context;
    const NAME: &'static str = "templates.submit";
    const POOL: Pool = pools::WHATSAPP;

    fn options(&self) -> Options {
        // In the workspace's lane, because Meta counts these requests apart from a number's messages.
        Options::default()
            .tenant(self.workspace)
            .unique(self.template.to_string(), Unique::WhileUnfinished)
    }

    async fn run(&self, ctx: &Context, job: &Running) -> Result<(), JobError> {
        let Some(template) = self.waiting(ctx).await? else {
            return Ok(());
        };
        let mut work = Work::of(ctx, self.workspace).await?;
        let channel = manage::channel_of(&mut work, &template.account_id).await?;
        drop(work);
        let Some(channel) = channel else {
            return Err(JobError::retry("channel", "no channel of its account"));
        };
        // An earlier run may have asked and died before it stored the answer. Then Meta has the template by this name
        // and language, or the change of it.
        if job.attempt > 1 {
            sync(ctx, self.workspace, channel).await?;
            if self.waiting(ctx).await?.is_none() {
                return Ok(());
            }
        }
        let number = manage::number(ctx, Some(channel)).await;
        let number = number.map_err(|error| JobError::retry("channel", error))?;
        let Some(number) = number else {
            return Err(JobError::retry("channel", "the channel is gone"));
        };
        match (&template.external_id, &template.draft) {
            (Some(id), Some(draft)) => {
                let asked = (id.as_str(), &template, &draft.0);
                self.change(ctx, channel, &number, asked).await
            }
            _ => self.create(ctx, &number, &template).await,
        }
    }
}

impl Submit {
    /// Returns the template while Meta does not have it, or its change.
    async fn waiting(&self, ctx: &Context) -> Result<Option<TemplateView>, JobError> {
        let mut work = Work::of(ctx, self.workspace).await?;
        match get(&mut work, self.template).await {
            Ok(template) => Ok(Some(template).filter(|template| {
                let new =
                    template.status == TemplateStatus::Submitted && template.external_id.is_none();
                new || template.edit == Some(EditState::Submitted)
            })),
            Err(TemplateError::NotFound) => {
                tracing::warn!(template.id = %self.template, "no such template to submit");
                Ok(None)
            }
            Err(error) => Err(JobError::retry("database", error)),
        }
    }

    async fn create(
        &self,
        ctx: &Context,
        number: &WhatsApp,
        template: &TemplateView,
    ) -> Result<(), JobError> {
        let category = template.category.name().to_uppercase();
        let draft = template.draft.as_ref();
        let new = NewTemplate {
            name: &template.name,
            language: &template.language,
            category: &category,
            allow_category_change: draft.is_some_and(|draft| draft.allow_category_change),
            parameter_format: &template.parameter_format.name().to_uppercase(),
            message_send_ttl_seconds: draft.and_then(|draft| draft.message_send_ttl_seconds),
            components: &template.components,
        };
        let created = number.create_template(&template.account_id, &new).await;
        let mut work = Work::of(ctx, self.workspace).await?;
        match created {
            Ok(created) => {
                let status = model::from_meta(&created.status).unwrap_or(TemplateStatus::Submitted);
                store::manage::set_submitted(
                    &mut work,
                    self.template,
                    created.id.as_deref(),
                    status,
                )
                .await?;
                // Meta may have chosen another one.
                if let Ok(category) = created.category.to_lowercase().parse() {
                    store::manage::set_category(&mut work, self.template, category).await?;
                }
            }
            Err(error) => {
                let words = refusal(error)?;
                let (id, rejected) = (self.template, TemplateStatus::Rejected);
                store::manage::set_status(&mut work, id, rejected, Some(&words), None).await?;
                event::record(&mut work, id, Some(template.status), rejected, Some(&words)).await?;
            }
        }
        Ok(work.commit().await?)
    }

    /// Asks Meta to take new content. `id` is Meta's id.
    async fn change(
        &self,
        ctx: &Context,
        channel: ChannelId,
        number: &WhatsApp,
        (id, template, draft): (&str, &TemplateView, &NewDraft),
    ) -> Result<(), JobError> {
        let category = draft.category.name().to_uppercase();
        let recategorizes = draft.category != template.category;
        let changed = ChangedTemplate {
            category: recategorizes.then_some(category.as_str()),
            message_send_ttl_seconds: draft.message_send_ttl_seconds,
            components: &draft.components(),
        };
        let answer = number.change_template(id, &changed).await;
        let mut work = Work::of(ctx, self.workspace).await?;
        match answer {
            Ok(()) => {
                if template.status == TemplateStatus::Approved {
                    store::edit::count(&mut work, self.template).await?;
                }
                store::edit::taken(&mut work, self.template, draft).await?;
                let (account, name) = (&template.account_id, &template.name);
                let language = &template.language;
                if let Some(now) = store::find(&mut work, account, name, language).await? {
                    event::tell(&mut work, &now, Some(template.status), None).await?;
                }
                // Meta may have decided, and told so, before this row says that it reviews.
                let workspace = self.workspace;
                let news = SyncTemplates { workspace, channel };
                news.enqueue(work.conn()).await?;
            }
            // What Meta has approved stays, and the member corrects the change.
            Err(error) => {
                let words = refusal(error)?;
                let written = EditState::Written;
                store::edit::set(&mut work, self.template, written, Some(&words)).await?;
            }
        }
        Ok(work.commit().await?)
    }
}

/// Meta's words for a mistake of the template.
///
/// # Errors
/// Something else failed: Meta is asked again later.
fn refusal(error: whatsapp::Error) -> Result<String, JobError> {
    match error {
        whatsapp::Error::Rejected(rejection) => match rejection.reaction() {
            Reaction::OurFault | Reaction::Unknown | Reaction::TemplateFault => {
                let words = rejection.details.clone();
                Ok(words.unwrap_or_else(|| rejection.title.clone()))
            }
            _ => Err(JobError::retry("refused", rejection)),
        },
        whatsapp::Error::Failed(failure) => Err(JobError::retry("no_answer", failure)),
    }
}
