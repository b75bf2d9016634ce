//! Sends a contact a message that they have not just asked for: as a free text within 24 hours of their last message,
//! and as a template later.

use std::{
    borrow::Cow,
    collections::{HashMap, hash_map::Entry},
};

use kazi_clients::whatsapp::{Body, ButtonParameter};
use kazi_platform::Timestamp;
use kazi_queue::EnqueueError;

use super::{Cause, NewOutbound, queue_out_all};
use crate::{
    Work,
    channels::ChannelId,
    contacts::{self, ContactId},
    conversations::{self, MessageId, Reach},
    templates::{self, Category, Template, Values},
    workspaces,
};

/// A message that a domain sends to a contact by itself.
#[derive(Debug)]
pub struct Notice<'a> {
    /// Derived from the subject, so that a second run sends nothing.
    pub id: MessageId,
    pub contact: ContactId,
    /// Default: the channel of the contact's last message.
    pub channel: Option<ChannelId>,
    /// The text within the 24 hours.
    pub body: Body,
    /// The template after the 24 hours.
    pub template: TemplateUse<'a>,
    pub cause: Cause,
    /// Contacts who have opted out do not get it.
    pub marketing: bool,
    pub at: Timestamp,
}

/// A template and its values.
#[derive(Debug)]
pub struct TemplateUse<'a> {
    /// The template is looked up in the contact's language, then in the workspace's.
    pub name: &'a str,
    /// The variables of the body, in order.
    pub parameters: Vec<String>,
    pub buttons: Vec<ButtonParameter>,
}

/// The outcome of a notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notified {
    Queued,
    AlreadyQueued,
    /// It cannot be sent.
    Unreachable(Unreachable),
}

kazi_platform::texts! {
    /// Why a contact cannot get a notice.
    pub enum Unreachable {
        /// The contact is blocked or deleted.
        Blocked = "blocked",
        /// The contact wants no marketing.
        OptedOut = "opted_out",
        /// Meta has made the template a marketing template, and the contact has never agreed to marketing.
        NoConsent = "no_consent",
        /// The same, and the contact is in the United States.
        UsMarketing = "us_marketing",
        /// No channel knows the contact.
        NoChannel = "no_channel",
        /// The 24 hours are over, and no approved template fits.
        NoTemplate = "no_template",
    }
}

/// Stores a notice and enqueues its sending, in the caller's transaction. It counts and returns contacts who cannot be
/// reached; the caller reports them.
pub async fn notify(work: &mut Work, notice: &Notice<'_>) -> Result<Notified, EnqueueError> {
    let all = notify_all(work, std::slice::from_ref(notice)).await?;
    let first = all.into_iter().next();
    first.ok_or(EnqueueError::Database(sqlx::Error::RowNotFound))
}

/// Like [`notify`] for several notices, in their order, with a few statements for all. At most a few hundred, because
/// their conversations are locked until the transaction ends.
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

/// Finds the way and the text for each notice.
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
            Ok(Cow::Borrowed(&notice.body))
        } else {
            let account = reach.sender.account.as_deref().unwrap_or_default();
            let language = contact.language.as_deref();
            let form = (account, notice.template.name, language);
            match forms.form(work, form).await? {
                Some(template) => match unwanted(work, notice, template, &reach).await? {
                    Some(why) => Err(why),
                    None => filled(template, &notice.template)
                        .map(Cow::Owned)
                        .ok_or(NoTemplate),
                },
                None => Err(NoTemplate),
            }
        };
        ways.push(body.map(|body| (reach, body)));
    }
    Ok(ways)
}

/// Why a contact may not get a template that is a marketing template, perhaps since Meta has changed its category. What a
/// domain means as marketing has its own consent: the contact has subscribed to it.
async fn unwanted(
    work: &mut Work,
    notice: &Notice<'_>,
    template: &Template,
    reach: &Reach,
) -> Result<Option<Unreachable>, sqlx::Error> {
    if template.category != Category::Marketing {
        return Ok(None);
    }
    if reach.takes_no_marketing() {
        return Ok(Some(Unreachable::UsMarketing));
    }
    if notice.marketing {
        return Ok(None);
    }
    Ok(match contacts::marketing(work, notice.contact).await? {
        Some(true) => None,
        Some(false) => Some(Unreachable::OptedOut),
        None => Some(Unreachable::NoConsent),
    })
}

fn filled(template: &Template, with: &TemplateUse<'_>) -> Option<Body> {
    let TemplateUse {
        name,
        parameters,
        buttons,
    } = with;
    // A parameter without a button is left out, because the text matters more.
    let values = Values {
        parameters,
        buttons: template.taken(buttons),
        ..Values::default()
    };
    match template.fill(values) {
        Ok(body) => Some(body),
        Err(error) => {
            tracing::error!(template.name = name, error = %error, "a template does not fit what it is used for");
            None
        }
    }
}

/// The templates that were looked up. They are few, even for many notices.
#[derive(Default)]
struct Forms {
    /// The workspace's language.
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
