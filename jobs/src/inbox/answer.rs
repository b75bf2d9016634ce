//! A member answers a customer.

use kazi_clients::whatsapp::{BODY_LIMIT, Body, ButtonParameter, CAPTION_LIMIT};

use super::{
    Answer, ButtonAnswer, InboxError, MediaAnswer, TemplateAnswer,
    chats::{member, open, signal},
};
use crate::{
    Work,
    audit::Change,
    catalog::{self, ProductId},
    contacts::{self, Contact},
    conversations::{self, Chat, KIND, MessageId, Reach, fit, save_chat},
    media::{self, MediaId, MediaKind},
    messages::{self, Cause, ChatMessage, NewOutbound},
    templates::{self, CardValues, Category, HeaderValue, Shape, Values, Wanted, limits},
    violations::{Violations, invalid},
    workspaces,
};

const NAME_LIMIT: usize = 512;
const LANGUAGE_LIMIT: usize = 20;
const MAX_PARAMETERS: usize = 50;
const URL_LIMIT: usize = 2_000;
const FILE_NAME_LIMIT: usize = 240;
const NO_CAPTION: &str = "audio and a sticker have no caption";

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
        check_header(template, &mut violations);
        let counts = [
            ("parameters", template.parameters.len(), MAX_PARAMETERS),
            ("buttons", template.buttons.len(), limits::BUTTONS),
            ("cards", template.cards.len(), limits::CARDS),
        ];
        few(&mut violations, "/template", &counts);
        for (n, card) in template.cards.iter().enumerate() {
            let pointer = format!("/template/cards/{n}");
            let counts = [
                ("parameters", card.parameters.len(), MAX_PARAMETERS),
                ("buttons", card.buttons.len(), limits::CARD_BUTTONS),
            ];
            few(&mut violations, &pointer, &counts);
            violations.file_url(&format!("{pointer}/link"), &card.link);
        }
    }
    Ok(violations.end()?)
}

fn few(violations: &mut Violations, pointer: &str, counts: &[(&str, usize, usize)]) {
    for (field, count, most) in counts {
        let (pointer, rule) = (
            format!("{pointer}/{field}"),
            format!("must be at most {most}"),
        );
        violations.unless(count <= most, pointer, "too_many", rule);
    }
}

fn check_link(violations: &mut Violations, pointer: &str, link: &str) {
    violations.text(pointer, link, 1, URL_LIMIT);
    violations.url(pointer, link);
}

/// The file and the place on top. What the template wants there is checked when it is filled.
fn check_header(template: &TemplateAnswer, violations: &mut Violations) {
    match &template.header {
        Some(HeaderValue::Link(link)) => {
            violations.file_url("/template/header/link", link);
        }
        Some(HeaderValue::Location(place)) => place.check(violations, "/template/header/location"),
        Some(HeaderValue::Text(_)) | None => {}
    }
}

fn check_media(media: &MediaAnswer, violations: &mut Violations) {
    let one = media.id.is_some() != media.link.is_some();
    let rule = "give either id or link";
    violations.unless(one, "/media/link", "one_of", rule);
    if let Some(link) = &media.link {
        check_link(violations, "/media/link", link);
        let rule = "a link needs a kind";
        violations.unless(media.kind.is_some(), "/media/kind", "required", rule);
    } else {
        let rule = "a stored file has its own kind";
        violations.unless(media.kind.is_none(), "/media/kind", "not_here", rule);
    }
    if let Some(caption) = &media.caption {
        violations.text("/media/caption", caption, 1, CAPTION_LIMIT);
        let has_one = media.kind.is_none_or(|kind| kind.at_meta().has_caption());
        violations.unless(has_one, "/media/caption", "not_here", NO_CAPTION);
    }
    if let Some(name) = &media.file_name {
        violations.text("/media/file_name", name, 1, FILE_NAME_LIMIT);
        let has_one = media.kind == Some(MediaKind::Document);
        let rule = "only a document at a link has a name";
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
        return match media.id {
            Some(id) => stored(work, (reach, contact), id, media.caption.clone()).await,
            None => Ok(linked(media)),
        };
    }
    if let Some(product) = answer.product_id {
        return pictured(work, contact, product).await;
    }
    Ok(Body::Text {
        text: answer.text.clone().unwrap_or_default(),
    })
}

fn linked(media: &MediaAnswer) -> Body {
    let caption = media.caption.clone();
    match (media.kind, media.link.clone()) {
        // A picture that Meta cannot fetch becomes its caption.
        (Some(MediaKind::Image), Some(link)) => Body::Image { link, caption },
        (kind, link) => Body::File {
            file: kind.unwrap_or(MediaKind::Document).at_meta(),
            link,
            media: None,
            uploaded: None,
            caption,
            name: media.file_name.clone(),
        },
    }
}

async fn stored(
    work: &mut Work,
    (reach, contact): (&Reach, &Contact),
    id: MediaId,
    caption: Option<String>,
) -> Result<Body, InboxError> {
    let found = media::use_for(work, id, contact.id).await?;
    let checked = found.and_then(|file| file.check(reach.sender.kind).map(|()| file));
    let found = checked.map_err(|violation| invalid("/media/id", violation))?;
    if caption.is_some() && !found.kind.at_meta().has_caption() {
        return Err(invalid("/media/caption", ("not_here", NO_CAPTION.to_owned())).into());
    }
    Ok(found.message(caption))
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

/// The values of the buttons, each as its button takes it. A button that takes none is refused when the template is filled.
fn buttons(shape: &Shape, given: &[ButtonAnswer]) -> Vec<ButtonParameter> {
    let given = given.iter().map(|given| {
        let (index, text) = (given.index, given.value.clone());
        let mut kinds = shape.buttons.iter();
        match kinds.find(|(at, ..)| *at == index).map(|(_, kind, _)| kind) {
            Some(Wanted::Code) => ButtonParameter::Code { index, text },
            _ => ButtonParameter::Url { index, text },
        }
    });
    given.collect()
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
    if wanted.offer_ends_at.is_some_and(|ends| ends <= work.now()) {
        let rule = "must be in the future";
        return Err(invalid("/template/offer_ends_at", ("in_the_past", rule.to_owned())).into());
    }
    let shape = template.shape();
    let cards = wanted.cards.iter().enumerate().map(|(n, card)| CardValues {
        link: card.link.clone(),
        parameters: card.parameters.clone(),
        buttons: match shape.cards.get(n) {
            Some(own) => buttons(&own.shape, &card.buttons),
            None => Vec::new(),
        },
    });
    let cards: Vec<CardValues> = cards.collect();
    template
        .fill(Values {
            parameters: &wanted.parameters,
            header: wanted.header.as_ref(),
            buttons: buttons(&shape, &wanted.buttons),
            cards: &cards,
            offer_ends_at: wanted.offer_ends_at,
        })
        .map_err(|error| {
            let pointer = format!("/template{}", error.pointer());
            invalid(&pointer, ("invalid", error.to_string())).into()
        })
}
