//! What members do with templates: look, write, submit, delete.

use kazi_clients::whatsapp::{self, WhatsApp};
use kazi_platform::{Timestamp, WorkspaceId, actor::Actor, invalid::Invalid};
use kazi_queue::{EnqueueError, Job};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::{Category, NewDraft, Submit, SyncTemplates, TemplateId, TemplateStatus, store};
use crate::{
    Context, Work,
    audit::Change,
    channels::{self, ChannelId, ChannelKind, Sender},
    violations::invalid,
};

/// A template as members see it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Template)]
pub struct TemplateView {
    /// Its id.
    pub id: TemplateId,
    /// The business account (WABA).
    pub account: String,
    /// Small letters, digits, underscores.
    #[schema(example = "spring_offer")]
    pub name: String,
    /// As Meta writes it.
    #[schema(example = "en")]
    pub language: String,
    /// What it is charged as.
    pub category: Category,
    /// Where it stands.
    pub status: TemplateStatus,
    /// green, yellow, red, unknown: what customers think of it.
    #[schema(example = "green")]
    pub quality: String,
    /// With `{{1}}`, `{{2}}` … for what is filled in.
    pub body: String,
    /// All parts as Meta has them.
    #[schema(value_type = Vec<Object>)]
    pub components: Value,
    /// Meta's id of it.
    pub provider_id: Option<String>,
    /// Why it was rejected, paused or disabled.
    pub reason: Option<String>,
    /// Until when it is paused, where that is known.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub paused_until: Option<Timestamp>,
    /// When it was written.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When it was changed last: its version.
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
}

/// Which templates.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct TemplateFilter {
    /// Those of this name.
    pub name: Option<String>,
    /// Those that stand so.
    pub status: Option<TemplateStatus>,
}

/// Why nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum TemplateError {
    /// A field breaks a rule.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// There is no such template.
    #[error("there is no such template")]
    NotFound,
    /// It stands where this cannot be done.
    #[error("{0}")]
    Conflict(&'static str),
    /// Meta has refused it.
    #[error("Meta has refused it: {0}")]
    Refused(String),
    /// Meta does not answer.
    #[error("Meta cannot be asked now: {0}")]
    Unreachable(String),
    /// The database failed.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    /// The job was not taken.
    #[error(transparent)]
    Enqueue(#[from] EnqueueError),
}

/// The templates, by name and language, from behind one on.
///
/// # Errors
/// The database failed.
pub async fn list(
    work: &mut Work,
    filter: &TemplateFilter,
    after: Option<&(String, String, TemplateId)>,
    limit: i64,
) -> Result<Vec<TemplateView>, TemplateError> {
    Ok(store::manage::list(work, filter, after, limit).await?)
}

/// One template, locked where it is to be changed.
///
/// # Errors
/// There is none, or the database failed.
pub async fn get(work: &mut Work, id: TemplateId) -> Result<TemplateView, TemplateError> {
    let found = store::manage::get(work, id).await?;
    found.ok_or(TemplateError::NotFound)
}

/// The account of a channel that can have templates.
async fn account(work: &mut Work, channel: ChannelId) -> Result<String, TemplateError> {
    let fault = |rule: &str| invalid("/channel", ("invalid", rule.into()));
    let sender = channels::sender(work, channel).await?;
    match sender {
        Some(Sender {
            kind: ChannelKind::WhatsApp,
            account: Some(account),
            ..
        }) => Ok(account),
        Some(_) => Err(fault("must be a WhatsApp number whose business account is known").into()),
        None => Err(fault("there is no such channel").into()),
    }
}

/// Writes a draft.
///
/// # Errors
/// See [`TemplateError`].
pub async fn create(work: &mut Work, new: &NewDraft) -> Result<TemplateView, TemplateError> {
    new.check()?;
    let account = account(work, new.channel).await?;
    let id = TemplateId::new();
    if !store::manage::insert(work, id, &account, new).await? {
        return Err(TemplateError::Conflict(
            "there is a template of this name in this language already",
        ));
    }
    let made = get(work, id).await?;
    record(work, "templates.create", None, &made).await?;
    Ok(made)
}

/// Writes a draft, or what Meta has rejected, anew.
///
/// # Errors
/// See [`TemplateError`].
pub async fn update(
    work: &mut Work,
    before: &TemplateView,
    new: &NewDraft,
) -> Result<TemplateView, TemplateError> {
    new.check()?;
    if before.status != TemplateStatus::Draft {
        return Err(TemplateError::Conflict(
            "Meta has this template already: delete it, or write one of another name",
        ));
    }
    let account = account(work, new.channel).await?;
    store::manage::rewrite(work, before.id, &account, new).await?;
    let after = get(work, before.id).await?;
    let before = Some(before);
    record(work, "templates.update", before, &after).await?;
    Ok(after)
}

/// Has a draft reviewed by Meta. Twice is once: the row says that it is under way.
///
/// # Errors
/// See [`TemplateError`].
pub async fn submit(work: &mut Work, before: &TemplateView) -> Result<TemplateView, TemplateError> {
    match before.status {
        TemplateStatus::Draft => {}
        TemplateStatus::Submitted => return Ok(before.clone()),
        _ => return Err(TemplateError::Conflict("Meta has reviewed this already")),
    }
    let submitted = TemplateStatus::Submitted;
    store::manage::set_status(work, before.id, submitted, None, None).await?;
    let job = Submit {
        workspace: work.workspace(),
        template: before.id,
    };
    job.enqueue(work.conn()).await?;
    let after = get(work, before.id).await?;
    let before = Some(before);
    record(work, "templates.submit", before, &after).await?;
    Ok(after)
}

/// Learns anew what Meta has, of all WhatsApp channels of a workspace; how many are asked.
///
/// # Errors
/// See [`TemplateError`].
pub async fn request_sync(work: &mut Work) -> Result<usize, TemplateError> {
    let mut asked = 0;
    for channel in channels::active(work).await? {
        let sender = channels::sender(work, channel).await?;
        if sender.is_some_and(|s| s.kind == ChannelKind::WhatsApp && s.account.is_some()) {
            SyncTemplates {
                workspace: work.workspace(),
                channel,
            }
            .enqueue(work.conn())
            .await?;
            asked += 1;
        }
    }
    Ok(asked)
}

/// Deletes a template, first at Meta, where it has it. The caller holds no connection.
///
/// # Errors
/// See [`TemplateError`].
pub async fn delete(
    ctx: &Context,
    workspace: WorkspaceId,
    actor: &Actor,
    id: TemplateId,
) -> Result<(), TemplateError> {
    let mut work = Work::by(ctx, workspace, actor.clone()).await?;
    let before = get(&mut work, id).await?;
    if before.status == TemplateStatus::Submitted && before.provider_id.is_none() {
        return Err(TemplateError::Conflict("it is just being submitted"));
    }
    let channel = channel_of(&mut work, &before.account).await?;
    drop(work);
    if let Some(provider_id) = &before.provider_id {
        let Some(number) = number(ctx, channel).await? else {
            return Err(TemplateError::Conflict("no channel of its account is left"));
        };
        let gone = number
            .delete_template(&before.account, provider_id, &before.name)
            .await;
        match gone {
            Ok(()) => {}
            // Gone already: an earlier call died before it could note so.
            Err(whatsapp::Error::Rejected(rejection)) if rejection.code == 100 => {}
            Err(whatsapp::Error::Rejected(rejection)) => {
                return Err(TemplateError::Refused(rejection.to_string()));
            }
            Err(whatsapp::Error::Failed(failure)) => {
                return Err(TemplateError::Unreachable(failure.to_string()));
            }
        }
    }
    let mut work = Work::by(ctx, workspace, actor.clone()).await?;
    store::manage::delete(&mut work, id).await?;
    record(&mut work, "templates.delete", None, &before).await?;
    Ok(work.commit().await?)
}

/// A channel that speaks for an account.
pub(super) async fn channel_of(
    work: &mut Work,
    account: &str,
) -> Result<Option<ChannelId>, sqlx::Error> {
    for channel in channels::active(work).await? {
        let sender = channels::sender(work, channel).await?;
        if sender.is_some_and(|sender| sender.account.as_deref() == Some(account)) {
            return Ok(Some(channel));
        }
    }
    Ok(None)
}

/// The client of a channel.
pub(super) async fn number(
    ctx: &Context,
    channel: Option<ChannelId>,
) -> Result<Option<WhatsApp>, TemplateError> {
    let Some(channel) = channel else {
        return Ok(None);
    };
    let unreachable = |e: channels::DirectoryError| TemplateError::Unreachable(e.to_string());
    let found = ctx.channels().by_id(channel).await.map_err(unreachable)?;
    Ok(found.map(|channel| {
        let base = channel.base_url.as_deref();
        WhatsApp::new(
            ctx.http.clone(),
            base.unwrap_or(&ctx.providers.whatsapp_base_url),
            &ctx.providers.whatsapp_version,
            &channel.external_id,
            channel.credentials.token.clone(),
            ctx.providers.send_time_out,
        )
    }))
}

async fn record(
    work: &mut Work,
    action: &'static str,
    before: Option<&TemplateView>,
    after: &TemplateView,
) -> Result<(), sqlx::Error> {
    let fields = |view: &TemplateView| serde_json::to_value(view).unwrap_or_default();
    let (before, after) = (before.map(fields), (after.id, fields(after)));
    let change = Change {
        action,
        subject_kind: "template",
        subject: after.0.uuid(),
        before: before.as_ref(),
        after: Some(&after.1),
    };
    work.audit(&change).await
}
