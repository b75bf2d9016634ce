//! Members read, draft, submit and delete templates.

use kazi_clients::whatsapp::{self, WhatsApp};
use kazi_platform::{Timestamp, WorkspaceId, actor::Actor};
use kazi_queue::Job;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::types::Json;
use utoipa::{IntoParams, ToSchema};

use super::{
    Category, EditState, NewDraft, ParameterFormat, Submit, SyncTemplates, TemplateError,
    TemplateId, TemplateStatus, edit, store,
};
use crate::{
    Context, Work,
    audit::Change,
    channels::{self, ChannelId, ChannelKind, Sender},
    violations::invalid,
};

/// A template for its members.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Template)]
pub struct TemplateView {
    pub id: TemplateId,
    /// The business account (WABA).
    pub account_id: String,
    /// Small letters, digits, underscores.
    #[schema(example = "spring_offer")]
    pub name: String,
    /// In Meta's form: `en`, `en_US`.
    #[schema(example = "en")]
    pub language: String,
    /// The category that Meta charges.
    pub category: Category,
    pub status: TemplateStatus,
    /// green, yellow, red or unknown: Meta's rating by customers' reactions.
    #[schema(example = "green")]
    pub quality: String,
    /// The text, with variables `{{1}}`, `{{2}}` …
    pub body: String,
    /// All parts in Meta's form.
    #[schema(value_type = Vec<Object>)]
    pub components: Value,
    /// Meta's id of the template.
    pub external_id: Option<String>,
    /// Why it was rejected, paused or disabled: Meta's word.
    #[schema(example = "INVALID_FORMAT")]
    pub reason: Option<String>,
    /// The same as a sentence, with what a member can do.
    pub reason_detail: Option<String>,
    /// The end of the pause, if it is known.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub paused_until: Option<Timestamp>,
    /// How the header and the body write their variables.
    pub parameter_format: ParameterFormat,
    /// What a member last wrote of it. Templates that were made at Meta have none.
    #[schema(value_type = Option<NewDraft>)]
    pub draft: Option<Json<NewDraft>>,
    /// The draft is a change that Meta does not have. `components` and `body` are what Meta has.
    pub edit: Option<EditState>,
    /// The category that Meta has announced for it.
    pub next_category: Option<Category>,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// The last change.
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
    /// Rises with each change. The `ETag` is made of it.
    #[schema(example = 3)]
    pub version: i64,
    /// The changes that Meta took while it was approved.
    #[serde(skip)]
    pub edited_at: Vec<Timestamp>,
}

/// All given conditions must hold.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct TemplateFilter {
    pub name: Option<String>,
    pub status: Option<TemplateStatus>,
}

/// The templates by name and language, after the given one.
pub async fn list(
    work: &mut Work,
    filter: &TemplateFilter,
    after: Option<&(String, String, TemplateId)>,
    limit: i64,
) -> Result<Vec<TemplateView>, TemplateError> {
    Ok(store::manage::list(work, filter, after, limit).await?)
}

/// Locks and reads a template.
pub async fn get(work: &mut Work, id: TemplateId) -> Result<TemplateView, TemplateError> {
    let found = store::manage::get(work, id).await?;
    found.ok_or(TemplateError::NotFound)
}

/// The business account of a WhatsApp channel.
pub(super) async fn account(work: &mut Work, channel: ChannelId) -> Result<String, TemplateError> {
    let fault = |rule: &str| invalid("/channel_id", ("invalid", rule.into()));
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

/// Creates a draft.
pub async fn create(work: &mut Work, new: &NewDraft) -> Result<TemplateView, TemplateError> {
    new.check()?;
    let account = account(work, new.channel_id).await?;
    let id = TemplateId::new();
    if !store::manage::insert(work, id, &account, new).await? {
        return Err(TemplateError::Conflict(
            "there is a template of this name in this language already",
        ));
    }
    let made = get(work, id).await?;
    let (action, subject) = ("templates.create", ("template", id));
    work.audit(&Change::created(action, subject, &made)).await?;
    Ok(made)
}

/// Changes a draft. What Meta has stays until the change is submitted.
pub async fn update(
    work: &mut Work,
    before: &TemplateView,
    new: &NewDraft,
) -> Result<TemplateView, TemplateError> {
    new.check()?;
    edit::check(before, new)?;
    let account = account(work, new.channel_id).await?;
    if before.external_id.is_some() {
        if account != before.account_id {
            let rule = "must be a number of the business account that has the template";
            return Err(invalid("/channel_id", ("fixed", rule.to_owned())).into());
        }
        store::edit::write(work, before.id, new).await?;
    } else {
        store::manage::rewrite(work, before.id, &account, new).await?;
    }
    let after = get(work, before.id).await?;
    let (action, subject) = ("templates.update", ("template", after.id));
    work.audit(&Change::updated(action, subject, before, &after))
        .await?;
    Ok(after)
}

/// Submits a draft, or a change of what Meta has, to Meta's review. A second call changes nothing, because the row says
/// that it is submitted.
pub async fn submit(work: &mut Work, before: &TemplateView) -> Result<TemplateView, TemplateError> {
    match (before.status, before.edit) {
        (_, Some(EditState::Submitted)) | (TemplateStatus::Submitted, None) => {
            return Ok(before.clone());
        }
        (TemplateStatus::Draft, _) => {
            let submitted = TemplateStatus::Submitted;
            store::manage::set_status(work, before.id, submitted, None, None).await?;
        }
        (status, Some(EditState::Written)) => {
            if status == TemplateStatus::Approved {
                edit::check_often(&before.edited_at, work.now())?;
            }
            store::edit::set(work, before.id, EditState::Submitted, None).await?;
        }
        (_, None) => return Err(TemplateError::Conflict("Meta has reviewed this already")),
    }
    let job = Submit {
        workspace: work.workspace(),
        template: before.id,
    };
    job.enqueue(work.conn()).await?;
    let after = get(work, before.id).await?;
    let (action, subject) = ("templates.submit", ("template", after.id));
    work.audit(&Change::updated(action, subject, before, &after))
        .await?;
    Ok(after)
}

/// Enqueues a sync for each WhatsApp channel of the workspace. Returns their number.
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

/// Deletes a template, at Meta first. The caller holds no connection.
pub async fn delete(
    ctx: &Context,
    workspace: WorkspaceId,
    actor: &Actor,
    id: TemplateId,
) -> Result<(), TemplateError> {
    let mut work = Work::by(ctx, workspace, actor.clone()).await?;
    let before = get(&mut work, id).await?;
    if before.status == TemplateStatus::Submitted && before.external_id.is_none() {
        return Err(TemplateError::Conflict("it is just being submitted"));
    }
    let channel = channel_of(&mut work, &before.account_id).await?;
    drop(work);
    if let Some(external_id) = &before.external_id {
        let Some(number) = number(ctx, channel).await? else {
            return Err(TemplateError::Conflict("no channel of its account is left"));
        };
        let gone = number
            .delete_template(&before.account_id, external_id, &before.name)
            .await;
        match gone {
            Ok(()) => {}
            // It is deleted at Meta already: an earlier call died before it could store that.
            Err(whatsapp::Error::Rejected(rejection)) if rejection.code == 100 => {}
            Err(error) => return Err(error.into()),
        }
    }
    let mut work = Work::by(ctx, workspace, actor.clone()).await?;
    store::manage::delete(&mut work, id).await?;
    let (action, subject) = ("templates.delete", ("template", id));
    work.audit(&Change::deleted(action, subject, &before))
        .await?;
    Ok(work.commit().await?)
}

/// A channel of an account.
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
