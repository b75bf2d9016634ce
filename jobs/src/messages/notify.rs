//! Tells a contact something that they have not just asked for: within the 24 hours after their last message as it is,
//! outside of them by a template.

use kazi_clients::whatsapp::{Body, ButtonParameter};
use kazi_platform::{Timestamp, WorkspaceId};
use kazi_queue::EnqueueError;
use serde::Serialize;
use sqlx::PgConnection;

use super::{Cause, MessageId, NewOutbound, queue_out};
use crate::{
    channels::ChannelId,
    contacts::{self, ContactId},
    conversations, templates, workspaces,
};

/// Something to be told.
#[derive(Debug)]
pub struct Notice<'a> {
    /// Derived from what it is about: the same is told once.
    pub id: MessageId,
    /// Whom.
    pub contact: ContactId,
    /// Over which channel; else over the one where they wrote last.
    pub channel: Option<ChannelId>,
    /// What is said while anything may be said.
    pub body: Body,
    /// What is said else.
    pub template: TemplateUse<'a>,
    /// What it came from.
    pub cause: Cause,
    /// An offer: not to those who have opted out.
    pub marketing: bool,
    /// Now.
    pub at: Timestamp,
}

/// A template and what is filled in.
#[derive(Debug)]
pub struct TemplateUse<'a> {
    /// Its name; the language is the contact's, or else the workspace's.
    pub name: &'a str,
    /// Of its body, in order.
    pub parameters: Vec<String>,
    /// Of its buttons.
    pub buttons: Vec<ButtonParameter>,
}

/// What has become of a notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notified {
    /// It will be sent.
    Queued,
    /// It was told before.
    AlreadyQueued,
    /// It cannot be.
    Unreachable(Unreachable),
}

/// Why somebody cannot be told something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Unreachable {
    /// Nothing is said to them, or they are gone.
    Blocked,
    /// They want no offers.
    OptedOut,
    /// No channel knows them.
    NoChannel,
    /// It is too long since they wrote, and there is no approved template that fits.
    NoTemplate,
}

impl Unreachable {
    /// As stored and shown.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Blocked => "blocked",
            Self::OptedOut => "opted_out",
            Self::NoChannel => "no_channel",
            Self::NoTemplate => "no_template",
        }
    }
}

/// Writes a notice down and enqueues its sending, in the caller's transaction. Who cannot be reached is counted and
/// answered, for the caller to report.
///
/// # Errors
/// The database failed.
pub async fn notify(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    notice: &Notice<'_>,
) -> Result<Notified, EnqueueError> {
    let notified = attempt(conn, workspace, notice).await?;
    if let Notified::Unreachable(why) = notified {
        metrics::counter!("kazi_messages_notices_undelivered_total", "reason" => why.name(), "cause" => notice.cause.name())
            .increment(1);
    }
    Ok(notified)
}

async fn attempt(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    notice: &Notice<'_>,
) -> Result<Notified, EnqueueError> {
    use Unreachable::{Blocked, NoChannel, NoTemplate, OptedOut};
    let contact = match contacts::get(&mut *conn, workspace, notice.contact).await {
        Ok(contact) if contact.blocked_at.is_none() => contact,
        Ok(_) | Err(sqlx::Error::RowNotFound) => return Ok(Notified::Unreachable(Blocked)),
        Err(error) => return Err(error.into()),
    };
    if notice.marketing && contacts::opted_out(&mut *conn, workspace, contact.id).await? {
        return Ok(Notified::Unreachable(OptedOut));
    }
    let reach =
        conversations::reach(&mut *conn, workspace, &contact, notice.channel, notice.at).await?;
    let Some(reach) = reach else {
        return Ok(Notified::Unreachable(NoChannel));
    };
    let body = if reach.open {
        notice.body.clone()
    } else {
        let business = workspaces::get(&mut *conn, workspace).await?;
        let language = contact.language.as_deref();
        let languages = [
            language.unwrap_or(&business.default_language),
            &business.default_language,
        ];
        let account = reach.sender.account.as_deref().unwrap_or_default();
        let TemplateUse {
            name,
            parameters,
            buttons,
        } = &notice.template;
        let found = templates::usable(&mut *conn, workspace, account, name, &languages).await?;
        let filled = found.map(|template| template.fill(parameters, buttons.clone()));
        match filled {
            Some(Ok(body)) => body,
            Some(Err(error)) => {
                tracing::error!(template.name = name, error = %error, "a template does not fit what it is used for");
                return Ok(Notified::Unreachable(NoTemplate));
            }
            None => return Ok(Notified::Unreachable(NoTemplate)),
        }
    };
    let new = NewOutbound {
        id: notice.id,
        conversation: &reach.conversation,
        body: &body,
        cause: notice.cause,
        at: notice.at,
    };
    match queue_out(conn, workspace, &new).await? {
        true => Ok(Notified::Queued),
        false => Ok(Notified::AlreadyQueued),
    }
}
