//! A member answers a customer.

use kazi_clients::whatsapp::{BODY_LIMIT, Body, FileKind};

use super::{
    Answer, InboxError, MediaAnswer, MediaKind, TemplateAnswer,
    chats::{member, open, signal},
};
use crate::{
    Work,
    audit::Change,
    catalog::{self, ProductId},
    channels::ChannelKind,
    contacts::{self, Contact},
    conversations::{self, Chat, KIND, MessageId, Reach, fit, save_chat},
    messages::{self, Cause, ChatMessage, NewOutbound},
    templates::{self, Category},
    violations::{Violations, invalid},
    workspaces,
};

const NAME_LIMIT: usize = 512;
const LANGUAGE_LIMIT: usize = 20;
const MAX_PARAMETERS: usize = 50;
const URL_LIMIT: usize = 2_000;
const MEDIA_ID_LIMIT: usize = 200;
const CAPTION_LIMIT: usize = 1_024;
const FILE_NAME_LIMIT: usize = 240;

/// Sends the customer of a locked conversation an answer. The member takes the conversation over: the bot is
/// silent from now on. A conversation of nobody becomes the member's.
pub async fn answer(
    work: &mut Work,
    chat: Chat,
    answer: &Answer,
) -> Result<ChatMessage, InboxError> {
    check(answer)?;
    let chat = open(chat)?;
    let contact = contacts::get(work, chat.contact).await?;
    if contact.blocked_at.is_some() {
        return Err(InboxError::Blocked);
    }
    let reach = conversations::reach(work, &contact, Some(chat.channel)).await?;
    let reach = reach.ok_or(InboxError::Unreachable)?;
    if answer.answers_seen.is_some_and(|seen| seen != chat.answers) {
        return Err(InboxError::Answered);
    }
    if answer.template.is_none() && !reach.open {
        return Err(InboxError::WindowClosed);
    }
    let body = body(work, &reach, &contact, answer).await?;
    signal(work, &chat, false).await?;
    let after = Chat {
        handed_over: true,
        assignee_id: chat.assignee_id.or(member(work)),
        waiting_since: None,
        unread: 0,
        snoozed_until: None,
        ..chat
    };
    save_chat(work, &after).await?;
    let new = NewOutbound {
        id: MessageId::at(work.now()),
        conversation: &reach.conversation,
        body: &body,
        cause: Cause::Agent,
        at: work.now(),
    };
    messages::queue_out(work, &new).await?;
    // The text is in the message.
    let written = serde_json::json!({"message_id": new.id});
    work.audit(&Change::created("inbox.answer", (KIND, after.id), &written))
        .await?;
    let message = messages::one(work, new.id).await?;
    message.ok_or(InboxError::NotFound)
}

fn check(answer: &Answer) -> Result<(), InboxError> {
    let mut violations = Violations::default();
    let given = [
        answer.text.is_some(),
        answer.media.is_some(),
        answer.product_id.is_some(),
        answer.template.is_some(),
    ];
    let one = given.into_iter().filter(|given| *given).count() == 1;
    let rule = "give one of text, media, product_id and template";
    violations.unless(one, "/text", "one_of", rule);
    if let Some(text) = &answer.text {
        violations.text("/text", text, 1, BODY_LIMIT);
    }
    if let Some(media) = &answer.media {
        check_media(media, &mut violations);
    }
    if let Some(template) = &answer.template {
        violations.text("/template/name", &template.name, 1, NAME_LIMIT);
        if let Some(language) = &template.language {
            violations.text("/template/language", language, 1, LANGUAGE_LIMIT);
        }
        let rule = format!("must have at most {MAX_PARAMETERS} parameters");
        let fits = template.parameters.len() <= MAX_PARAMETERS;
        violations.unless(fits, "/template/parameters", "too_many", rule);
    }
    Ok(violations.end()?)
}

fn check_media(media: &MediaAnswer, violations: &mut Violations) {
    match (&media.link, &media.meta_media_id) {
        (Some(link), None) => {
            violations.text("/media/link", link, 1, URL_LIMIT);
            violations.url("/media/link", link);
        }
        (None, Some(id)) => violations.text("/media/meta_media_id", id, 1, MEDIA_ID_LIMIT),
        _ => {
            let rule = "give either link or meta_media_id";
            violations.add("/media/link", ("one_of", rule.to_owned()));
        }
    }
    if let Some(caption) = &media.caption {
        violations.text("/media/caption", caption, 1, CAPTION_LIMIT);
        let has_one = media.kind != MediaKind::Audio;
        violations.unless(
            has_one,
            "/media/caption",
            "not_here",
            "audio has no caption",
        );
    }
    if let Some(name) = &media.file_name {
        violations.text("/media/file_name", name, 1, FILE_NAME_LIMIT);
        let has_one = media.kind == MediaKind::Document;
        let rule = "only a document has a name";
        violations.unless(has_one, "/media/file_name", "not_here", rule);
    }
}

/// The message to send.
async fn body(
    work: &mut Work,
    reach: &Reach,
    contact: &Contact,
    answer: &Answer,
) -> Result<Body, InboxError> {
    if let Some(wanted) = &answer.template {
        return filled(work, reach, contact, wanted).await;
    }
    if let Some(media) = &answer.media {
        return file(reach, media);
    }
    if let Some(product) = answer.product_id {
        return pictured(work, contact, product).await;
    }
    Ok(Body::Text {
        text: answer.text.clone().unwrap_or_default(),
    })
}

fn file(reach: &Reach, media: &MediaAnswer) -> Result<Body, InboxError> {
    if media.meta_media_id.is_some() && reach.sender.kind != ChannelKind::WhatsApp {
        let rule = "only WhatsApp takes a file by its id: give a link";
        return Err(invalid("/media/meta_media_id", ("not_here", rule.to_owned())).into());
    }
    let caption = media.caption.clone();
    Ok(match (media.kind, media.link.clone()) {
        // A picture that Meta cannot fetch becomes its caption.
        (MediaKind::Image, Some(link)) => Body::Image { link, caption },
        (kind, link) => Body::File {
            file: match kind {
                MediaKind::Image => FileKind::Image,
                MediaKind::Video => FileKind::Video,
                MediaKind::Audio => FileKind::Audio,
                MediaKind::Document => FileKind::Document,
            },
            link,
            id: media.meta_media_id.clone(),
            caption,
            name: media.file_name.clone(),
        },
    })
}

/// A product as the bot shows it, in the contact's language.
async fn pictured(
    work: &mut Work,
    contact: &Contact,
    product: ProductId,
) -> Result<Body, InboxError> {
    let business = workspaces::get(work).await?;
    let fallback = &business.default_language;
    let language = contact.language.as_deref().unwrap_or(fallback);
    let found = catalog::product(work, product, language, fallback).await?;
    let found = found.ok_or_else(|| {
        let rule = "there is no such product on offer";
        invalid("/product_id", ("unknown", rule.to_owned()))
    })?;
    let caption = found.caption(language);
    Ok(match found.image_url {
        Some(link) => Body::Image {
            link,
            caption: Some(fit(&caption, CAPTION_LIMIT)),
        },
        None => Body::Text {
            text: fit(&caption, BODY_LIMIT),
        },
    })
}

/// The approved template with its values.
async fn filled(
    work: &mut Work,
    reach: &Reach,
    contact: &Contact,
    wanted: &TemplateAnswer,
) -> Result<Body, InboxError> {
    let account = reach.sender.account.as_deref().unwrap_or_default();
    let business = workspaces::get(work).await?;
    let languages: Vec<&str> = match &wanted.language {
        Some(language) => vec![language],
        None => contact
            .language
            .as_deref()
            .into_iter()
            .chain([business.default_language.as_str()])
            .collect(),
    };
    let template = templates::usable(work, account, &wanted.name, &languages).await?;
    let template = template.ok_or_else(|| {
        let rule = "there is no approved template of this name in this language";
        invalid("/template/name", ("unknown", rule.to_owned()))
    })?;
    if template.category == Category::Marketing {
        if contacts::opted_out(work, contact.id).await? {
            return Err(InboxError::OptedOut);
        }
        if reach.takes_no_marketing() {
            return Err(InboxError::UsMarketing);
        }
    }
    template
        .fill(&wanted.parameters, None, Vec::new())
        .map_err(|error| {
            let fault = ("invalid", error.to_string());
            invalid("/template/parameters", fault).into()
        })
}
