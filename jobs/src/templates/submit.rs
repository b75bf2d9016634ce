//! Asks Meta to review a template.

use kazi_clients::whatsapp::{self, NewTemplate, Reaction};
use kazi_platform::WorkspaceId;
use kazi_queue::{Job, JobError, Options, Pool, Running, Unique};
use serde::{Deserialize, Serialize};

use super::{
    TemplateError, TemplateId, TemplateStatus, TemplateView, get, manage, model, store, sync,
};
use crate::{Context, Work, pools};

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
        let channel = manage::channel_of(&mut work, &template.account).await?;
        drop(work);
        let Some(channel) = channel else {
            return Err(JobError::retry("channel", "no channel of its account"));
        };
        // An earlier run may have asked and died before it stored the answer. Then Meta has the template by this name
        // and language.
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
        let category = template.category.name().to_uppercase();
        let new = NewTemplate {
            name: &template.name,
            language: &template.language,
            category: &category,
            components: &template.components,
        };
        let created = number.create_template(&template.account, &new).await;
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
            Err(whatsapp::Error::Rejected(rejection)) => match rejection.reaction() {
                Reaction::OurFault | Reaction::Unknown | Reaction::TemplateFault => {
                    let words = rejection.details.clone();
                    let words = words.unwrap_or_else(|| rejection.title.clone());
                    let rejected = TemplateStatus::Rejected;
                    let id = self.template;
                    let why = Some(words.as_str());
                    store::manage::set_status(&mut work, id, rejected, why, None).await?;
                }
                _ => return Err(JobError::retry("refused", rejection)),
            },
            Err(whatsapp::Error::Failed(failure)) => {
                return Err(JobError::retry("no_answer", failure));
            }
        }
        Ok(work.commit().await?)
    }
}

impl Submit {
    /// Returns the template while Meta does not have it.
    async fn waiting(&self, ctx: &Context) -> Result<Option<TemplateView>, JobError> {
        let mut work = Work::of(ctx, self.workspace).await?;
        match get(&mut work, self.template).await {
            Ok(template) => Ok(Some(template).filter(|template| {
                template.status == TemplateStatus::Submitted && template.provider_id.is_none()
            })),
            Err(TemplateError::NotFound) => {
                tracing::warn!(template.id = %self.template, "no such template to submit");
                Ok(None)
            }
            Err(error) => Err(JobError::retry("database", error)),
        }
    }
}
