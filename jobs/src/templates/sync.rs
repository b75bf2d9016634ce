//! Reads Meta's templates and their statuses.

use std::{collections::BTreeMap, time::Duration};

use kazi_clients::whatsapp::{self, RemoteTemplate};
use kazi_platform::{WorkspaceId, database};
use kazi_queue::{Job, JobError, Options, Pool, Running, Unique, enqueue_all};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    Category, EditState, Template, TemplateId, TemplateStatus, TemplateView, event, hooks, manage,
    model, parts, store,
};
use crate::{
    Context, Work,
    channels::{self, ChannelId, ChannelKind},
    pools,
};

/// The most pages of one account. A page has 100 templates, and an account 250 (Meta).
const PAGES: usize = 100;
/// Channels in one transaction.
const AT_ONCE: i64 = 500;

#[derive(Debug, Serialize, Deserialize)]
pub struct SyncTemplates {
    pub workspace: WorkspaceId,
    pub channel: ChannelId,
}

impl Job for SyncTemplates {
    type Context = Context;
    const NAME: &'static str = "templates.sync";
    const POOL: Pool = pools::WHATSAPP;
    const TIMEOUT: Duration = Duration::from_secs(300);

    fn options(&self) -> Options {
        // One at a time: of two runs, the first could write its older answer last.
        Options::default()
            .tenant(self.workspace)
            .sequence(format!("templates.sync:{}", self.channel))
            .unique(self.channel.to_string(), Unique::WhilePending)
    }

    async fn run(&self, ctx: &Context, _: &Running) -> Result<(), JobError> {
        sync(ctx, self.workspace, self.channel).await
    }
}

/// Reads the templates of a channel's account now. It reads all pages and then stores them at once, so a process that
/// dies before has changed nothing.
///
/// # Errors
/// Meta refuses or does not answer, or the database fails.
pub async fn sync(
    ctx: &Context,
    workspace: WorkspaceId,
    channel: ChannelId,
) -> Result<(), JobError> {
    let mut work = Work::of(ctx, workspace).await?;
    let sender = channels::sender(&mut work, channel).await?;
    drop(work);
    let account = sender
        .filter(|sender| sender.kind == ChannelKind::WhatsApp && sender.active)
        .and_then(|sender| sender.account);
    let Some(account) = account else {
        return Ok(());
    };
    let number = manage::number(ctx, Some(channel)).await;
    let Some(number) = number.map_err(|error| JobError::retry("channel", error))? else {
        return Ok(());
    };
    // Taken before the question, so that an older answer does not undo a later change.
    let asked_at = ctx.clock.now();
    let (mut all, mut after) = (Vec::new(), None);
    for _ in 0..PAGES {
        let page = number.templates(&account, after.as_deref()).await;
        let page = page.map_err(|error| match error {
            whatsapp::Error::Rejected(rejection) => JobError::retry("refused", rejection),
            whatsapp::Error::Failed(failure) => JobError::retry("no_answer", failure),
        })?;
        all.extend(page.templates);
        after = page.after;
        if after.is_none() {
            break;
        }
    }
    let mut work = Work::of(ctx, workspace).await?;
    let known = store::manage::of_account(&mut work, &account).await?;
    let known = |template: &Template| {
        let mut all = known.iter();
        all.find(|was| was.name == template.name && was.language == template.language)
    };
    // By name and language: an account that changes meanwhile may list one twice.
    let mut there = BTreeMap::new();
    for remote in &all {
        match AtMeta::read(&account, remote) {
            Some(one) => {
                let key = (one.template.name.clone(), one.template.language.clone());
                there.insert(key, one);
            }
            None => tracing::warn!(template.name = remote.name, "a template cannot be read"),
        }
    }
    let there: Vec<AtMeta> = there
        .into_values()
        .map(|one| match known(&one.template) {
            Some(was) => one.beside(was),
            None => one,
        })
        .collect();
    let changed = there.iter().filter(|one| {
        let was = known(&one.template);
        was.is_none_or(|was| one.differs(was))
    });
    store::sync::save(&mut work, &changed.collect::<Vec<_>>()).await?;
    for one in &there {
        let (template, was) = (&one.template, known(&one.template));
        if let Some(was) = was {
            compare_draft(&mut work, was, template).await?;
        }
        if let Some(was) = was.filter(|was| was.status != template.status) {
            let reason = one.reason.as_deref();
            event::tell(&mut work, template, Some(was.status), reason).await?;
        } else if template.status == TemplateStatus::Approved {
            // A campaign may wait for an approved template when a refusal came after the approval, or when webhooks
            // came out of order.
            hooks::changed(&mut work, template).await?;
        }
    }
    let seen: Vec<String> = there
        .into_iter()
        .filter_map(|one| one.provider_id)
        .collect();
    for gone in store::manage::gone(&mut work, &account, &seen, asked_at).await? {
        event::tell(&mut work, &gone, None, Some("deleted at Meta")).await?;
    }
    Ok(work.commit().await?)
}

/// A template as Meta has it.
pub(super) struct AtMeta {
    pub template: Template,
    pub provider_id: Option<String>,
    pub quality: &'static str,
    pub reason: Option<String>,
}

impl AtMeta {
    fn read(account: &str, remote: &RemoteTemplate) -> Option<Self> {
        let quality = remote.quality().unwrap_or_default().to_lowercase();
        let mut known = ["green", "yellow", "red"].into_iter();
        let reason = remote.rejected_reason.clone();
        Some(Self {
            template: read(account, remote)?,
            provider_id: remote.id.clone(),
            quality: known.find(|known| *known == quality).unwrap_or("unknown"),
            reason: reason.filter(|reason| reason != "NONE"),
        })
    }

    /// Keeps of a known template what Meta's answer does not tell: its id, the end of its pause, and the words of a reason.
    fn beside(mut self, was: &TemplateView) -> Self {
        self.template.id = was.id;
        if was.status == self.template.status {
            self.template.paused_until = was.paused_until;
        }
        let more = match &self.reason {
            Some(reason) => was.reason.as_deref().is_some_and(|more| {
                more.strip_prefix(reason.as_str())
                    .is_some_and(|rest| rest.starts_with(':'))
            }),
            None => was.edit == Some(EditState::Written),
        };
        if more {
            self.reason.clone_from(&was.reason);
        }
        self
    }

    /// Returns true when the row says something else. A row that is only touched would refuse a member's open change.
    fn differs(&self, was: &TemplateView) -> bool {
        let template = &self.template;
        (template.category, template.status, template.paused_until)
            != (was.category, was.status, was.paused_until)
            || (&template.body, &template.components) != (&was.body, &was.components)
            || (&self.provider_id, &self.reason) != (&was.external_id, &was.reason)
            || self.quality != was.quality
            || was.next_category == Some(template.category)
    }
}

/// Compares Meta's content with the member's draft. A submitted change that Meta has is done. Without a change, the draft
/// is old when somebody has written something else at Meta.
async fn compare_draft(
    work: &mut Work,
    was: &TemplateView,
    template: &Template,
) -> Result<(), JobError> {
    // Meta writes an authentication template itself.
    let Some(draft) = &was.draft else {
        return Ok(());
    };
    if template.category == Category::Authentication {
        return Ok(());
    }
    let wanted = draft.components();
    let same = parts::reads_the_same(&template.components, &wanted);
    // A change that the comparison cannot see, such as another phone number, was the same before Meta was asked.
    let was_another = !parts::reads_the_same(&was.components, &wanted);
    match was.edit {
        Some(EditState::Submitted) if same && was_another => {
            if was.status == TemplateStatus::Approved {
                store::edit::count(work, was.id).await?;
            }
            store::edit::done(work, was.id).await?;
        }
        None if !same => store::edit::forget(work, was.id).await?,
        _ => {}
    }
    Ok(())
}

fn read(account: &str, remote: &RemoteTemplate) -> Option<Template> {
    let parts = remote.components.as_array()?;
    let body = parts.iter().find(|part| part["type"] == "BODY")?;
    let body = body["text"].as_str().filter(|body| !body.is_empty())?;
    let category: Category = remote.category.to_lowercase().parse().ok()?;
    Some(Template {
        id: TemplateId::new(),
        account: account.to_owned(),
        name: remote.name.clone(),
        language: remote.language.clone(),
        category,
        status: model::from_meta(&remote.status).unwrap_or(TemplateStatus::Disabled),
        body: body.to_owned(),
        components: remote.components.clone(),
        paused_until: None,
    })
}

/// Enqueues a sync for each account. Runs once an hour.
#[derive(Debug, Serialize, Deserialize)]
pub struct SyncAll {}

impl Job for SyncAll {
    type Context = Context;
    const NAME: &'static str = "templates.sync_all";
    const POOL: Pool = pools::DEFAULT;

    async fn run(&self, ctx: &Context, _: &Running) -> Result<(), JobError> {
        let mut after = Uuid::nil();
        loop {
            // The transaction sees the channels of all workspaces. After a crash the next run starts again; a sync that
            // waits is not enqueued twice.
            let mut tx = database::platform(&ctx.db).await?;
            let page = channels::in_use(&mut tx, after, AT_ONCE).await?;
            let Some((_, last)) = page.last() else {
                return Ok(());
            };
            after = last.uuid();
            let all: Vec<SyncTemplates> = page
                .into_iter()
                .map(|(workspace, channel)| SyncTemplates { workspace, channel })
                .collect();
            enqueue_all(&mut tx, &all).await?;
            tx.commit().await?;
        }
    }
}
