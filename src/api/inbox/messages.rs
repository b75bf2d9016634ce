//! The messages of conversations.

use axum::{extract::State, http::StatusCode};
use kazi_jobs::{
    Permission,
    conversations::{self, ConversationId, MessageId},
    inbox,
    media::MessageMedia,
    messages::{self, ChatMessage},
};
use serde::Deserialize;
use utoipa_axum::routes;

use crate::api::{
    Answer, Shared,
    caller::Caller,
    extract::{Json, Path},
    page::{self, List, NoFilter, Page, Paging},
    routes::Routes,
};
use crate::problem::{NOT_FOUND, Problem};

pub fn routes() -> Routes {
    Routes::new("messages", "What was said in conversations.")
        .add(Permission::CONVERSATIONS_READ, routes!(list))
        .add(Permission::CONVERSATIONS_READ, routes!(search))
        .add(Permission::CONVERSATIONS_WRITE, routes!(send))
}

/// Lists the messages of a conversation, newest first.
#[utoipa::path(get, path = "/api/v1/conversations/{id}/messages", params(Paging),
    responses((status = 200, description = "A page of them.", body = Page<ChatMessage>)))]
async fn list(
    State(api): State<Shared>,
    caller: Caller,
    Path(id): Path<ConversationId>,
    list: List<NoFilter, MessageId>,
) -> Answer<Page<ChatMessage>> {
    let mut work = caller.begin().await?;
    let chat = conversations::chat(&mut work, id).await?;
    chat.ok_or(NOT_FOUND)?;
    let limit = list.fetch();
    let mut rows = messages::of_conversation(&mut work, id, list.after, limit).await?;
    api.link(files(&mut rows));
    Ok(Json(list.page(rows, |row| row.id)?))
}

#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Search {
    /// Words, or their beginnings. A message must have all of them.
    #[param(min_length = 1, max_length = 200, example = "parcel")]
    q: String,
    conversation_id: Option<ConversationId>,
}

/// Searches the messages of the workspace, newest first. Those of campaigns are left out.
#[utoipa::path(get, path = "/api/v1/messages/search", params(Search, Paging),
    responses((status = 200, description = "A page of them.", body = Page<ChatMessage>)))]
async fn search(
    State(api): State<Shared>,
    caller: Caller,
    list: List<Search, MessageId>,
) -> Answer<Page<ChatMessage>> {
    let Search { q, conversation_id } = &list.filter;
    page::words(q)?;
    let mut work = caller.begin().await?;
    let (after, limit) = (list.after, list.fetch());
    let mut rows = messages::search(&mut work, q, *conversation_id, after, limit).await?;
    api.link(files(&mut rows));
    Ok(Json(list.page(rows, |row| row.id)?))
}

/// Sends the customer a text, a file, a product or a template. The bot is silent from then on.
///
/// All but a template reach a customer who has written within the last 24 hours; later only an approved template does so. Nobody's
/// conversation becomes that of the member who answers.
#[utoipa::path(post, path = "/api/v1/conversations/{id}/messages", request_body = inbox::Answer,
    responses(
        (status = 201, description = "It is on its way.", body = ChatMessage),
        (status = 409, description = "`window_closed`: send a template. `answered_meanwhile`: somebody has answered since `answers_seen`. `conversation_closed`: reopen it first. `contact_blocked`, `opted_out`, `unreachable`: nothing can be sent."),
    ))]
async fn send(
    State(api): State<Shared>,
    caller: Caller,
    Path(id): Path<ConversationId>,
    Json(answer): Json<inbox::Answer>,
) -> Result<(StatusCode, Json<ChatMessage>), Problem> {
    let mut work = caller.begin().await?;
    let chat = conversations::lock_chat(&mut work, id).await?;
    let mut sent = inbox::answer(&mut work, chat.ok_or(NOT_FOUND)?, &answer).await?;
    work.commit().await?;
    api.link(&mut sent.media);
    Ok((StatusCode::CREATED, Json(sent)))
}

/// The files of messages.
fn files(messages: &mut [ChatMessage]) -> impl Iterator<Item = &mut MessageMedia> {
    messages.iter_mut().filter_map(|one| one.media.as_mut())
}
