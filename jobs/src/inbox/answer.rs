//! A member answers a customer.

use kazi_clients::whatsapp::{BODY_LIMIT, Body};

use super::{
    Answer, InboxError, TemplateAnswer,
    chats::{KIND, member, open},
};
use crate::{
    Work,
    audit::Change,
    contacts::{self, Contact},
    conversations::{self, Chat, MessageId, Reach, save_chat},
    messages::{self, Cause, ChatMessage, NewOutbound},
    templates::{self, Category},
    violations::{Violations, invalid},
    workspaces,
};

const NAME_LIMIT: usize = 512;
const LANGUAGE_LIMIT: usize = 20;
const MAX_PARAMETERS: usize = 50;

/// Sends the customer of a locked conversation a text or a template. The member takes the conversation over: the bot is
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
    let body = match (&answer.text, &answer.template) {
        (_, Some(wanted)) => filled(work, &reach, &contact, wanted).await?,
        (Some(_), None) if !reach.open => return Err(InboxError::WindowClosed),
        (text, None) => Body::Text {
            text: text.clone().unwrap_or_default(),
        },
    };
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
    match (&answer.text, &answer.template) {
        (Some(text), None) => violations.text("/text", text, 1, BODY_LIMIT),
        (None, Some(template)) => {
            violations.text("/template/name", &template.name, 1, NAME_LIMIT);
            if let Some(language) = &template.language {
                violations.text("/template/language", language, 1, LANGUAGE_LIMIT);
            }
            let rule = format!("must have at most {MAX_PARAMETERS} parameters");
            let fits = template.parameters.len() <= MAX_PARAMETERS;
            violations.unless(fits, "/template/parameters", "too_many", rule);
        }
        _ => violations.add(
            "/text",
            ("one_of", "give either a text or a template".to_owned()),
        ),
    }
    Ok(violations.end()?)
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
    if template.category == Category::Marketing && contacts::opted_out(work, contact.id).await? {
        return Err(InboxError::OptedOut);
    }
    template
        .fill(&wanted.parameters, None, Vec::new())
        .map_err(|error| {
            let fault = ("invalid", error.to_string());
            invalid("/template/parameters", fault).into()
        })
}
