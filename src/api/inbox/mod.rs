//! The inbox: conversations, and what members do with them.

mod canned_replies;
mod messages;
mod notes;

use axum::http::StatusCode;
use kazi_jobs::{
    Permission, Work,
    channels::ChannelId,
    contacts::ContactId,
    conversations::{self, Chat, ChatFilter, ChatKey, ChatStatus, ConversationId},
    inbox::{self, ConversationView, InboxError, InboxFilter},
};
use kazi_platform::{Timestamp, UserId};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::api::{
    Answer,
    caller::{Caller, assigned},
    errors::{TAKEN, conflict, of_database},
    etag::{IfMatch, Tagged},
    extract::{Json, Path},
    page::{List, Page, Paging},
    routes::Routes,
};
use crate::problem::{NOT_FOUND, Problem};

pub fn routes() -> Vec<Routes> {
    let conversations = Routes::new(
        "conversations",
        "The inbox: what customers write, and what members answer.",
    )
    .add(Permission::CONVERSATIONS_READ, routes!(list))
    .add(Permission::CONVERSATIONS_READ, routes!(get))
    .add(Permission::CONVERSATIONS_WRITE, routes!(assign))
    .add(Permission::CONVERSATIONS_WRITE, routes!(hand_back))
    .add(Permission::CONVERSATIONS_WRITE, routes!(close))
    .add(Permission::CONVERSATIONS_WRITE, routes!(reopen))
    .add(Permission::CONVERSATIONS_WRITE, routes!(snooze))
    .add(Permission::CONVERSATIONS_WRITE, routes!(read))
    .add(Permission::CONVERSATIONS_WRITE, routes!(typing));
    vec![
        conversations,
        messages::routes(),
        notes::routes(),
        canned_replies::routes(),
    ]
}

#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Filter {
    #[param(inline)]
    status: Option<ChatStatus>,
    /// A member's user, `me` or `nobody`.
    #[param(example = "me")]
    assignee_id: Option<String>,
    /// Whether the customer waits for an answer.
    waiting: Option<bool>,
    channel_id: Option<ChannelId>,
    contact_id: Option<ContactId>,
    /// The contact has this tag.
    #[param(max_length = 50)]
    tag: Option<String>,
    /// Whether a person answers instead of the bot.
    handed_over: Option<bool>,
    /// Words of the contact's name, phone or e-mail address.
    #[param(min_length = 1, max_length = 200)]
    q: Option<String>,
}

impl Filter {
    fn read(&self, caller: &Caller) -> Result<InboxFilter, Problem> {
        let assigned = assigned(caller, self.assignee_id.as_deref())?;
        Ok(InboxFilter {
            chat: ChatFilter {
                status: self.status,
                assigned,
                waiting: self.waiting,
                handed_over: self.handed_over,
                channel: self.channel_id,
                contact: self.contact_id,
            },
            tag: self.tag.clone(),
            q: self.q.clone(),
        })
    }
}

/// Lists the conversations, with the newest activity first.
#[utoipa::path(get, path = "/api/v1/conversations", params(Filter, Paging),
    responses((status = 200, description = "A page of them.", body = Page<ConversationView>)))]
async fn list(caller: Caller, list: List<Filter, ChatKey>) -> Answer<Page<ConversationView>> {
    let filter = list.filter.read(&caller)?;
    let mut work = caller.begin().await?;
    let rows = inbox::list(&mut work, &filter, list.after, list.fetch()).await?;
    Ok(Json(list.page(rows, |row| (row.last_activity_at, row.id))?))
}

/// Shows a conversation.
#[utoipa::path(get, path = "/api/v1/conversations/{id}",
    responses((status = 200, description = "The conversation.", body = ConversationView)))]
async fn get(
    caller: Caller,
    Path(id): Path<ConversationId>,
) -> Result<Tagged<ConversationView>, Problem> {
    let mut work = caller.begin().await?;
    let chat = conversations::chat(&mut work, id).await?;
    let view = inbox::view(&mut work, chat.ok_or(NOT_FOUND)?).await?;
    Ok(tagged(view))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ConversationAssignee {
    /// A member's user. `null`: nobody.
    assignee_id: Option<UserId>,
}

/// Assigns a conversation to a member, who is told of it, or to nobody.
#[utoipa::path(post, path = "/api/v1/conversations/{id}/assign", params(IfMatch),
    request_body = ConversationAssignee,
    responses((status = 200, description = "As it is now.", body = ConversationView)))]
async fn assign(
    caller: Caller,
    Path(id): Path<ConversationId>,
    if_match: IfMatch,
    Json(ConversationAssignee { assignee_id }): Json<ConversationAssignee>,
) -> Result<Tagged<ConversationView>, Problem> {
    let (mut work, chat) = lock(&caller, id, &if_match).await?;
    let view = inbox::assign(&mut work, chat, assignee_id).await?;
    work.commit().await?;
    Ok(tagged(view))
}

/// Gives a conversation back to the bot, which answers the customer's next message.
#[utoipa::path(post, path = "/api/v1/conversations/{id}/hand-back", params(IfMatch),
    responses(
        (status = 200, description = "As it is now.", body = ConversationView),
        (status = 409, description = "`conversation_closed`: reopen it first."),
    ))]
async fn hand_back(
    caller: Caller,
    Path(id): Path<ConversationId>,
    if_match: IfMatch,
) -> Result<Tagged<ConversationView>, Problem> {
    let (mut work, chat) = lock(&caller, id, &if_match).await?;
    let view = inbox::hand_back(&mut work, chat).await?;
    work.commit().await?;
    Ok(tagged(view))
}

/// Closes a conversation. The customer's next message begins a new one.
#[utoipa::path(post, path = "/api/v1/conversations/{id}/close", params(IfMatch),
    responses((status = 200, description = "As it is now.", body = ConversationView)))]
async fn close(
    caller: Caller,
    Path(id): Path<ConversationId>,
    if_match: IfMatch,
) -> Result<Tagged<ConversationView>, Problem> {
    let (mut work, chat) = lock(&caller, id, &if_match).await?;
    let view = inbox::close(&mut work, chat).await?;
    work.commit().await?;
    Ok(tagged(view))
}

/// Opens a closed conversation again. The bot answers.
#[utoipa::path(post, path = "/api/v1/conversations/{id}/reopen", params(IfMatch),
    responses(
        (status = 200, description = "As it is now.", body = ConversationView),
        (status = 409, description = "`already_exists`: the contact has another open conversation on the channel."),
    ))]
async fn reopen(
    caller: Caller,
    Path(id): Path<ConversationId>,
    if_match: IfMatch,
) -> Result<Tagged<ConversationView>, Problem> {
    let (mut work, chat) = lock(&caller, id, &if_match).await?;
    let view = inbox::reopen(&mut work, chat).await?;
    work.commit().await?;
    Ok(tagged(view))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Snooze {
    /// At most 366 days ahead.
    #[schema(value_type = String, format = DateTime)]
    until: Timestamp,
}

/// Puts a conversation aside until a time, or until the customer writes.
///
/// The assignee is told when the time has come; where there is none, all who may answer.
#[utoipa::path(post, path = "/api/v1/conversations/{id}/snooze", params(IfMatch), request_body = Snooze,
    responses(
        (status = 200, description = "As it is now.", body = ConversationView),
        (status = 409, description = "`conversation_closed`: reopen it first."),
    ))]
async fn snooze(
    caller: Caller,
    Path(id): Path<ConversationId>,
    if_match: IfMatch,
    Json(Snooze { until }): Json<Snooze>,
) -> Result<Tagged<ConversationView>, Problem> {
    let (mut work, chat) = lock(&caller, id, &if_match).await?;
    let view = inbox::snooze(&mut work, chat, until).await?;
    work.commit().await?;
    Ok(tagged(view))
}

/// Marks what the customer wrote as read, here and on the customer's phone.
#[utoipa::path(post, path = "/api/v1/conversations/{id}/read", params(IfMatch),
    responses((status = 200, description = "As it is now.", body = ConversationView)))]
async fn read(
    caller: Caller,
    Path(id): Path<ConversationId>,
    if_match: IfMatch,
) -> Result<Tagged<ConversationView>, Problem> {
    let (mut work, chat) = lock(&caller, id, &if_match).await?;
    let view = inbox::mark_read(&mut work, chat).await?;
    work.commit().await?;
    Ok(tagged(view))
}

/// Shows the customer for some seconds that a member writes an answer.
#[utoipa::path(post, path = "/api/v1/conversations/{id}/typing",
    responses(
        (status = 204, description = "The provider is told."),
        (status = 409, description = "`conversation_closed`: reopen it first."),
    ))]
async fn typing(caller: Caller, Path(id): Path<ConversationId>) -> Result<StatusCode, Problem> {
    let mut work = caller.begin().await?;
    let chat = conversations::chat(&mut work, id).await?;
    inbox::show_typing(&mut work, chat.ok_or(NOT_FOUND)?).await?;
    work.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Begins a change of a conversation.
async fn lock(
    caller: &Caller,
    id: ConversationId,
    if_match: &IfMatch,
) -> Result<(Work, Chat), Problem> {
    let mut work = caller.begin().await?;
    let chat = conversations::lock_chat(&mut work, id).await?;
    let chat = chat.ok_or(NOT_FOUND)?;
    if_match.check(chat.version)?;
    Ok((work, chat))
}

fn tagged(view: ConversationView) -> Tagged<ConversationView> {
    Tagged(view.version, view)
}

impl From<InboxError> for Problem {
    fn from(error: InboxError) -> Self {
        match error {
            InboxError::Invalid(invalid) => invalid.into(),
            InboxError::Contact(error) => error.into(),
            InboxError::NotFound => NOT_FOUND,
            InboxError::Closed => conflict(
                "conversation_closed",
                "The conversation is closed: reopen it.",
            ),
            InboxError::WindowClosed => conflict(
                "window_closed",
                "The customer has not written for 24 hours: send a template.",
            ),
            InboxError::Answered => conflict(
                "answered_meanwhile",
                "Somebody has answered meanwhile: read the messages again.",
            ),
            InboxError::Blocked => {
                conflict("contact_blocked", "The contact is blocked or deleted.")
            }
            InboxError::OptedOut => conflict(
                "opted_out",
                "The contact wants no marketing: send another template.",
            ),
            InboxError::UsMarketing => conflict(
                "us_marketing",
                "Meta sends no marketing to the United States: send another template.",
            ),
            InboxError::Unreachable => conflict(
                "unreachable",
                "The channel does not lead to the contact any more.",
            ),
            InboxError::TooMany(most) => conflict(
                "too_many_canned_replies",
                "There are too many canned replies: delete one first.",
            )
            .detail(format!("The most are {most}.")),
            InboxError::Enqueue(error) => error.into(),
            InboxError::Database(error) => of_database(error, |constraint| match constraint {
                "canned_replies_code" => {
                    Some(TAKEN.about("/code", "taken", "another canned reply has this code"))
                }
                "conversations_one_open" => {
                    Some(TAKEN.detail("The contact has another open conversation on this channel."))
                }
                _ => None,
            }),
        }
    }
}
