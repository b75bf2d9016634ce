//! Reads the conversations, and what members do with one besides writing.

use chrono::{SubsecRound, TimeDelta};
use kazi_platform::{Timestamp, UserId, actor::ActorKind};
use kazi_queue::Job;
use serde_json::json;

use super::{ConversationView, InboxError, InboxFilter, Signal, Wake};
use crate::{
    Work,
    audit::Change,
    contacts,
    conversations::{self, Chat, ChatKey, Conversation, ConversationId, KIND, save_chat},
    messages,
    notifications::{self, Kind, Notification, To},
    violations::invalid,
    workspaces,
};

/// The longest snooze.
const SNOOZE_DAYS: i64 = 366;
/// The conversations, with the newest activity first.
pub async fn list(
    work: &mut Work,
    filter: &InboxFilter,
    after: Option<ChatKey>,
    limit: i64,
) -> Result<Vec<ConversationView>, InboxError> {
    let (tag, q) = (filter.tag.as_deref(), filter.q.as_deref());
    let whose = contacts::whose(work, tag, q).await?;
    let chats = conversations::chats(work, &filter.chat, &whose, after, limit).await?;
    Ok(views(work, chats).await?)
}

pub async fn view(work: &mut Work, chat: Chat) -> Result<ConversationView, InboxError> {
    let views = views(work, vec![chat]).await?;
    views.into_iter().next().ok_or(InboxError::NotFound)
}

async fn views(work: &mut Work, chats: Vec<Chat>) -> Result<Vec<ConversationView>, sqlx::Error> {
    let ids: Vec<_> = chats.iter().map(|chat| chat.contact).collect();
    let contacts = contacts::get_all(work, &ids).await?;
    let ids: Vec<_> = chats.iter().map(|chat| chat.id).collect();
    let mut last = messages::last_of(work, &ids).await?;
    let now = work.now();
    let views = chats.into_iter().map(|chat| {
        // A contact may have several conversations.
        let contact = contacts.get(&chat.contact);
        ConversationView {
            id: chat.id,
            contact_id: chat.contact,
            contact_name: contact.and_then(|contact| contact.name.clone()),
            contact_phone: contact
                .and_then(|contact| contact.phone.as_ref())
                .map(|phone| phone.as_str().to_owned()),
            channel_id: chat.channel,
            status: chat.status(now),
            handed_over: chat.handed_over,
            assignee_id: chat.assignee_id,
            quiet_until: chat.quiet_until,
            waiting_since: chat.waiting_since,
            unread: chat.unread,
            snoozed_until: chat.snoozed_until,
            last_message: last.remove(&chat.id),
            last_activity_at: chat.last_activity_at,
            last_answer_at: chat.last_answer_at,
            answers: chat.answers,
            created_at: chat.created_at,
            version: chat.version,
        }
    });
    Ok(views.collect())
}

/// Assigns a locked conversation to a member, who is told of it, or to nobody.
pub async fn assign(
    work: &mut Work,
    before: Chat,
    user: Option<UserId>,
) -> Result<ConversationView, InboxError> {
    if let Some(fault) = workspaces::refused_assignee(work, user).await? {
        return Err(fault.into());
    }
    let is_news = before.assignee_id != user;
    let after = Chat {
        assignee_id: user,
        ..before.clone()
    };
    if let Some(user) = user
        && is_news
        && work.actor().id != Some(user.uuid())
    {
        let notification = Notification {
            kind: Kind::CONVERSATION_ASSIGNED,
            title: "A conversation was assigned to you.",
            data: &json!({"conversation_id": before.id}),
        };
        notifications::notify(work, To::User(user.uuid()), &notification).await?;
    }
    change(work, "inbox.assign", before, after).await
}

/// Gives a locked conversation back to the bot. Nobody sees to it then.
pub async fn hand_back(work: &mut Work, before: Chat) -> Result<ConversationView, InboxError> {
    let before = open(before)?;
    let id = before.id;
    conversations::hand_back(work, before).await?;
    there(work, id).await
}

/// Closes a locked conversation. The customer's next message begins a new one.
pub async fn close(work: &mut Work, before: Chat) -> Result<ConversationView, InboxError> {
    let after = Chat {
        closed: true,
        handed_over: false,
        waiting_since: None,
        unread: 0,
        snoozed_until: None,
        ..before.clone()
    };
    change(work, "inbox.close", before, after).await
}

/// Opens a locked conversation again. The bot answers.
///
/// # Errors
/// The contact has another open conversation on the channel.
pub async fn reopen(work: &mut Work, before: Chat) -> Result<ConversationView, InboxError> {
    let after = Chat {
        closed: false,
        ..before.clone()
    };
    change(work, "inbox.reopen", before, after).await
}

/// Puts a locked conversation aside until a time, or until the customer writes.
pub async fn snooze(
    work: &mut Work,
    before: Chat,
    until: Timestamp,
) -> Result<ConversationView, InboxError> {
    let now = work.now();
    if until <= now || until - now > TimeDelta::days(SNOOZE_DAYS) {
        let rule = format!("must be in the future, at most {SNOOZE_DAYS} days ahead");
        return Err(invalid("/until", ("out_of_range", rule)).into());
    }
    let before = open(before)?;
    let until = until.trunc_subsecs(6);
    let wake = Wake {
        workspace: work.workspace(),
        conversation: before.id,
        until,
    };
    let options = wake.options().due(until);
    wake.enqueue_with(work.conn(), options).await?;
    let after = Chat {
        snoozed_until: Some(until),
        ..before.clone()
    };
    change(work, "inbox.snooze", before, after).await
}

/// Stores that members have read what the customer of a locked conversation wrote, and lets the customer know.
pub async fn mark_read(work: &mut Work, before: Chat) -> Result<ConversationView, InboxError> {
    signal(work, &before, false).await?;
    let after = Chat {
        unread: 0,
        ..before.clone()
    };
    change(work, "inbox.read", before, after).await
}

/// Shows the customer that a member writes an answer.
pub async fn show_typing(work: &mut Work, chat: Chat) -> Result<(), InboxError> {
    let chat = open(chat)?;
    signal(work, &chat, true).await
}

/// Has the provider told that the customer's messages are read, if any was not, or that a member types.
pub(super) async fn signal(work: &mut Work, chat: &Chat, typing: bool) -> Result<(), InboxError> {
    if chat.unread == 0 && !typing {
        return Ok(());
    }
    let signal = Signal {
        workspace: work.workspace(),
        conversation: chat.id,
        channel: chat.channel,
        typing,
        at: work.now(),
    };
    let options = signal.options().lane(chat.channel.to_string());
    signal.enqueue_with(work.conn(), options).await?;
    Ok(())
}

pub(super) fn open(chat: Chat) -> Result<Chat, InboxError> {
    match chat.closed {
        true => Err(InboxError::Closed),
        false => Ok(chat),
    }
}

/// Stores a change of a locked conversation. Returns the conversation unchanged when nothing is to be done.
async fn change(
    work: &mut Work,
    action: &'static str,
    before: Chat,
    after: Chat,
) -> Result<ConversationView, InboxError> {
    let id = before.id;
    if after != before {
        save_chat(work, &after).await?;
        work.audit(&Change::updated(action, (KIND, id), &before, &after))
            .await?;
    }
    there(work, id).await
}

async fn there(work: &mut Work, id: ConversationId) -> Result<ConversationView, InboxError> {
    let chat = conversations::chat(work, id).await?;
    view(work, chat.ok_or(InboxError::NotFound)?).await
}

/// The member who acts, if it is one.
pub(super) fn member(work: &Work) -> Option<UserId> {
    let actor = work.actor();
    let user = actor.id.filter(|_| actor.kind == ActorKind::Member);
    user.map(UserId::from)
}

/// Tells the assignee that the customer has written, once for each wait. Returns `false` when no member sees to the
/// conversation.
pub async fn tell_assignee(
    work: &mut Work,
    conversation: &Conversation,
    written_at: Timestamp,
) -> Result<bool, sqlx::Error> {
    let Some(to) = workspaces::assignee(work, conversation.assignee).await? else {
        return Ok(false);
    };
    let waits_since = conversation.waiting_since.map(|at| at.trunc_subsecs(6));
    if waits_since == Some(written_at.trunc_subsecs(6)) {
        let notification = Notification {
            kind: Kind::CONVERSATION_WAITING,
            title: "A customer of yours waits for an answer.",
            data: &json!({"conversation_id": conversation.id}),
        };
        notifications::notify(work, to, &notification).await?;
    }
    Ok(true)
}

/// Tells the assignee that a snooze is over; with nobody who sees to the conversation, all who may answer.
pub(super) async fn tell_awake(work: &mut Work, chat: &Chat) -> Result<(), sqlx::Error> {
    let to = workspaces::assignee_or_all(work, chat.assignee_id).await?;
    let notification = Notification {
        kind: Kind::CONVERSATION_AWAKE,
        title: "The snooze of a conversation is over.",
        data: &json!({"conversation_id": chat.id}),
    };
    notifications::notify(work, to, &notification).await
}
