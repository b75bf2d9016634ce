//! Tells a contact something that they have not just asked for: within the 24 hours after their last message as it is,
//! outside of them by a template.

use std::{
    borrow::Cow,
    collections::{HashMap, hash_map::Entry},
};

use kazi_clients::whatsapp::{Body, ButtonParameter};
use kazi_platform::Timestamp;
use kazi_queue::EnqueueError;
use serde::Serialize;

use super::{Cause, NewOutbound, queue_out_all};
use crate::{
    Work,
    channels::ChannelId,
    contacts::{self, ContactId},
    conversations::{self, MessageId, Reach},
    templates::{self, Template},
    workspaces,
};

/// Something to be told.
#[derive(Debug)]
pub struct Notice<'a> {
    /// Derived from what it is about: the same is told once.
    pub id: MessageId,
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
pub async fn notify(work: &mut Work, notice: &Notice<'_>) -> Result<Notified, EnqueueError> {
    let all = notify_all(work, std::slice::from_ref(notice)).await?;
    let first = all.into_iter().next();
    first.ok_or(EnqueueError::Database(sqlx::Error::RowNotFound))
}

/// As [`notify`] for several of one moment, in their order: a few statements for all. A few hundred at a time, since their
/// conversations are held until the transaction ends.
///
/// # Errors
/// The database failed.
pub async fn notify_all(
    work: &mut Work,
    notices: &[Notice<'_>],
) -> Result<Vec<Notified>, EnqueueError> {
    let ways = ways(work, notices).await?;
    let mut all = Vec::with_capacity(notices.len());
    for (notice, way) in notices.iter().zip(&ways) {
        if let Ok((reach, body)) = way {
            all.push(NewOutbound {
                id: notice.id,
                conversation: &reach.conversation,
                body,
                cause: notice.cause,
                at: notice.at,
            });
        }
    }
    let new = queue_out_all(work, &all).await?;
    let notified = notices.iter().zip(&ways).map(|(notice, way)| match way {
        Ok(_) if new.contains(&notice.id) => Notified::Queued,
        Ok(_) => Notified::AlreadyQueued,
        Err(why) => {
            metrics::counter!("kazi_messages_notices_undelivered_total", "reason" => why.name(), "cause" => notice.cause.name())
                .increment(1);
            Notified::Unreachable(*why)
        }
    });
    Ok(notified.collect())
}

/// Where each is told, and what is said there.
async fn ways<'a>(
    work: &mut Work,
    notices: &'a [Notice<'_>],
) -> Result<Vec<Result<(Reach, Cow<'a, Body>), Unreachable>>, sqlx::Error> {
    use Unreachable::{Blocked, NoChannel, NoTemplate, OptedOut};
    let Some(_now) = notices.first().map(|notice| notice.at) else {
        return Ok(Vec::new());
    };
    let ids: Vec<ContactId> = notices.iter().map(|notice| notice.contact).collect();
    let contacts = contacts::get_all(work, &ids).await?;
    let mut wanted = Vec::with_capacity(notices.len());
    let mut whom = Vec::with_capacity(notices.len());
    for notice in notices {
        let contact = contacts.get(&notice.contact);
        whom.push(match contact.filter(|one| one.blocked_at.is_none()) {
            None => Err(Blocked),
            Some(contact) if notice.marketing && contacts::opted_out(work, contact.id).await? => {
                Err(OptedOut)
            }
            Some(contact) => {
                wanted.push((contact, notice.channel));
                Ok(contact)
            }
        });
    }
    let reached = conversations::reach_each(work, &wanted).await?;
    let mut reached = reached.into_iter();
    let mut forms = Forms::default();
    let mut ways = Vec::with_capacity(notices.len());
    for (notice, contact) in notices.iter().zip(whom) {
        let contact = match contact {
            Ok(contact) => contact,
            Err(why) => {
                ways.push(Err(why));
                continue;
            }
        };
        let Some(reach) = reached.next().flatten() else {
            ways.push(Err(NoChannel));
            continue;
        };
        let body = if reach.open {
            Some(Cow::Borrowed(&notice.body))
        } else {
            let account = reach.sender.account.as_deref().unwrap_or_default();
            let language = contact.language.as_deref();
            let form = (account, notice.template.name, language);
            let template = forms.form(work, form).await?;
            template.and_then(|template| filled(template, &notice.template).map(Cow::Owned))
        };
        ways.push(body.map(|body| (reach, body)).ok_or(NoTemplate));
    }
    Ok(ways)
}

fn filled(template: &Template, with: &TemplateUse<'_>) -> Option<Body> {
    let TemplateUse {
        name,
        parameters,
        buttons,
    } = with;
    // What the template has no button for is left out: the words are what matters.
    match template.fill(parameters, None, template.taken(buttons)) {
        Ok(body) => Some(body),
        Err(error) => {
            tracing::error!(template.name = name, error = %error, "a template does not fit what it is used for");
            None
        }
    }
}

/// The templates that were looked up: few, however many are told something.
#[derive(Default)]
struct Forms {
    /// What the workspace speaks.
    fallback: Option<String>,
    /// By account, name and language.
    known: HashMap<(String, String, String), Option<Template>>,
}

impl Forms {
    /// The template in a language, or else in the workspace's.
    async fn form(
        &mut self,
        work: &mut Work,
        (account, name, language): (&str, &str, Option<&str>),
    ) -> Result<Option<&Template>, sqlx::Error> {
        let fallback = match &mut self.fallback {
            Some(fallback) => fallback,
            none => {
                let business = workspaces::get(work).await?;
                none.insert(business.default_language)
            }
        };
        let language = language.unwrap_or(fallback);
        let key = (account.to_owned(), name.to_owned(), language.to_owned());
        let found = match self.known.entry(key) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(unknown) => {
                let languages = [language, fallback];
                let found = templates::usable(work, account, name, &languages).await?;
                unknown.insert(found)
            }
        };
        Ok(found.as_ref())
    }
}
