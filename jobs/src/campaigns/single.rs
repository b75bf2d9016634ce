//! One message to one contact, by the rules of a campaign: consent, the template in the contact's language, quiet hours, the
//! workspace's frequency cap.
//! Automations send so.

use chrono_tz::Tz;
use kazi_clients::whatsapp::Body;
use kazi_platform::Timestamp;

use super::{
    CampaignError, Content, broadcast,
    content::OFFER_ENDED,
    frequency, plan, preflight,
    quiet::{Quiet, zone_of},
    recipient::{Rules, Why},
};
use crate::{
    Work,
    channels::{self, ChannelId, Sender},
    contacts::{self, Addressee, Standing},
    conversations::{self, Reach},
    templates::{self, Category},
    workspaces::{self, WorkspaceError},
};

/// Automations refuse tracked links, so a message of one needs no address for them.
const NO_LINKS: &str = "";

/// A content for one contact.
pub(crate) enum Composed {
    Message(Box<Letter>),
    /// Marketing waits for the end of the contact's quiet hours.
    Quiet(Timestamp),
    /// The contact's template is paused or reviewed: it may be approved again.
    Waits,
    /// This contact does not get it now, and may get another: the reason.
    Skips(&'static str),
    /// This contact cannot get it: the reason.
    NotTo(&'static str),
    /// Nobody can get it now: a code, and a sentence for people.
    Nobody(&'static str, String),
}

/// A message and the way to its contact.
pub(crate) struct Letter {
    pub body: Body,
    pub reach: Reach,
    pub marketing: bool,
    pub country: Option<String>,
}

/// Fills a content for one contact, who stays as they are until the caller's transaction ends.
pub(crate) async fn compose(
    work: &mut Work,
    channel: ChannelId,
    content: &Content,
    contact: &Addressee,
) -> Result<Composed, CampaignError> {
    let sender = match channels::sender(work, channel).await? {
        Some(sender) if sender.active => sender,
        Some(_) => {
            let words = "its channel does not send".to_owned();
            return Ok(Composed::Nobody("channel_stopped", words));
        }
        None => {
            let words = "its channel is gone".to_owned();
            return Ok(Composed::Nobody("channel_gone", words));
        }
    };
    // Whoever opts out at this moment waits, and then finds the message.
    let standing = contacts::standings(work, &[contact.id]).await?;
    let standing = standing.get(&contact.id).copied();
    if let Some(why) = Standing::against(standing, false) {
        return Ok(Composed::NotTo(why));
    }
    if content.is_over(work.now()) {
        return Ok(Composed::NotTo(OFFER_ENDED));
    }
    let home = workspaces::get(work).await?;
    let of_one = std::slice::from_ref(contact);
    let (category, languages) =
        plan::languages(work, &home, &sender, (content, None), NO_LINKS, of_one).await?;
    let marketing = category.is_none_or(|category| category == Category::Marketing);
    if let Some(why) = Standing::against(standing, marketing) {
        return Ok(Composed::NotTo(why));
    }
    let rules = Rules {
        content,
        kind: sender.kind,
        category,
        languages: &languages,
    };
    let chats = contacts::chats_of(work, &[contact.id]).await?;
    let chats = chats.get(&contact.id).map_or(&[][..], Vec::as_slice);
    let hidden = conversations::peer(&sender, chats, None);
    let fit = match rules.judge(contact, hidden.as_deref(), None) {
        Ok(fit) => fit,
        Err(Why::NoTemplate) if !any_fits(work, &sender, content).await? => {
            return Ok(Composed::Nobody(NO_TEMPLATE, no_template(content)));
        }
        Err(Why::NoTemplate) if comes_back(work, &sender, content).await? => {
            return Ok(Composed::Waits);
        }
        Err(why) => return Ok(Composed::NotTo(why.name())),
    };
    if marketing && let Some(ends) = quiet_until(work, fit.country.as_deref()).await? {
        return Ok(Composed::Quiet(ends));
    }
    if marketing && frequency::is_full(work, contact.id).await? {
        return Ok(Composed::Skips(frequency::REASON));
    }
    let template = match (content, &fit.language) {
        (Content::Template { name, .. }, Some(language)) => {
            let account = sender.account.as_deref().unwrap_or_default();
            templates::find(work, account, name, language).await?
        }
        _ => None,
    };
    let Some(body) = broadcast::body(content, template.as_ref(), &fit.parameters) else {
        return Ok(Composed::NotTo("does_not_fit"));
    };
    let Some(peer) = conversations::peer(&sender, chats, fit.phone.as_ref()) else {
        return Ok(Composed::NotTo(Why::NoPhone.name()));
    };
    let ways = conversations::reach_all(work, &sender, &[(contact.id, peer)]).await?;
    let Some(reach) = ways.into_iter().next() else {
        let words = "the conversation is closed at this moment".to_owned();
        return Err(CampaignError::Conflict(words));
    };
    if matches!(content, Content::Text { .. }) && !reach.open {
        return Ok(Composed::Skips("window_closed"));
    }
    Ok(Composed::Message(Box::new(Letter {
        body,
        reach,
        marketing,
        country: fit.country,
    })))
}

/// The end of the quiet hours of a contact of this country. Returns `None` when they may be written to now.
pub(crate) async fn quiet_until(
    work: &mut Work,
    country: Option<&str>,
) -> Result<Option<Timestamp>, sqlx::Error> {
    let business = match workspaces::view(work).await {
        Ok(business) => business,
        Err(WorkspaceError::Database(error)) => return Err(error),
        Err(_) => return Ok(None),
    };
    let hours = business.settings.quiet_hours.as_ref();
    let quiet = hours.and_then(|hours| Quiet::new(hours, &business.time_zone));
    Ok(quiet.and_then(|quiet| quiet.ends(country, work.now())))
}

/// The reason of what waits for its template.
pub(crate) const NO_TEMPLATE: &str = "no_template";

fn no_template(content: &Content) -> String {
    match content {
        Content::Template { name, .. } => {
            format!("there is no approved template {name} that wants just what is given")
        }
        Content::Text { .. } => "there is no template".to_owned(),
    }
}

/// Whether an approved template in a language of the workspace fits the content.
async fn any_fits(
    work: &mut Work,
    sender: &Sender,
    content: &Content,
) -> Result<bool, CampaignError> {
    let Content::Template { name, .. } = content else {
        return Ok(true);
    };
    let business = workspaces::get(work).await?;
    let account = sender.account.as_deref().unwrap_or_default();
    for language in std::iter::once(&business.default_language).chain(&business.languages) {
        let found = templates::usable(work, account, name, &[language.as_str()]).await?;
        if found.is_some_and(|template| preflight::fits(&template, content, NO_LINKS)) {
            return Ok(true);
        }
    }
    Ok(false)
}

async fn comes_back(
    work: &mut Work,
    sender: &Sender,
    content: &Content,
) -> Result<bool, sqlx::Error> {
    let Content::Template { name, .. } = content else {
        return Ok(false);
    };
    let account = sender.account.as_deref().unwrap_or_default();
    templates::comes_back(work, account, name).await
}

/// Whether the template of a content is paused or reviewed: it may be approved again.
pub(crate) async fn waits_for_template(
    work: &mut Work,
    channel: ChannelId,
    content: &Content,
) -> Result<bool, sqlx::Error> {
    match channels::sender(work, channel).await? {
        Some(sender) => comes_back(work, &sender, content).await,
        None => Ok(false),
    }
}

/// Checks that a content could be sent now.
///
/// # Errors
/// [`CampaignError::Invalid`]: it does not fit its template. [`CampaignError::Conflict`]: its channel does not send, or no
/// template is approved.
pub(crate) async fn check_ready(
    work: &mut Work,
    channel: ChannelId,
    content: &Content,
) -> Result<(), CampaignError> {
    let said = match channels::sender(work, channel).await? {
        Some(sender) if sender.active => {
            preflight::check(work, channel, content, NO_LINKS).await?;
            match any_fits(work, &sender, content).await? {
                true => return Ok(()),
                false => no_template(content),
            }
        }
        Some(_) => "its channel is paused: put that right first".to_owned(),
        None => "its channel is gone".to_owned(),
    };
    Err(CampaignError::Conflict(said))
}

/// The time zone of a contact: that of their country, or else the workspace's.
pub(crate) fn zone_of_contact(phone: Option<&str>, country: Option<&str>, home: Tz) -> Tz {
    let by_phone = phone
        .and_then(kazi_platform::Phone::from_stored)
        .and_then(|phone| phone.country());
    let country = by_phone.as_deref().or(country);
    country.and_then(zone_of).unwrap_or(home)
}
