//! Notes of members about a conversation.

use axum::http::StatusCode;
use kazi_jobs::{
    Permission,
    conversations::{self, ConversationId},
    inbox::{self, Note, NoteId},
};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::api::{
    Answer,
    caller::Caller,
    extract::{Json, Path},
    page::{List, NoFilter, Page, Paging},
    routes::Routes,
};
use crate::problem::{NOT_FOUND, Problem};

pub fn routes() -> Routes {
    Routes::new(
        "notes",
        "What members note of a conversation. The customer never gets it.",
    )
    .add(Permission::CONVERSATIONS_READ, routes!(list))
    .add(Permission::CONVERSATIONS_WRITE, routes!(write))
}

/// Lists the notes of a conversation, newest first.
#[utoipa::path(get, path = "/api/v1/conversations/{id}/notes", params(Paging),
    responses((status = 200, description = "A page of them.", body = Page<Note>)))]
async fn list(
    caller: Caller,
    Path(id): Path<ConversationId>,
    list: List<NoFilter, NoteId>,
) -> Answer<Page<Note>> {
    let mut work = caller.begin().await?;
    let chat = conversations::chat(&mut work, id).await?;
    chat.ok_or(NOT_FOUND)?;
    let rows = inbox::notes(&mut work, id, list.after, list.fetch()).await?;
    Ok(Json(list.page(rows, |row| row.id)?))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewNote {
    /// 1 to 4,000 characters.
    #[schema(
        example = "She asked for an invoice.",
        min_length = 1,
        max_length = 4000
    )]
    body: String,
}

/// Writes a note.
#[utoipa::path(post, path = "/api/v1/conversations/{id}/notes", request_body = NewNote,
    responses((status = 201, description = "It is written.", body = Note)))]
async fn write(
    caller: Caller,
    Path(id): Path<ConversationId>,
    Json(NewNote { body }): Json<NewNote>,
) -> Result<(StatusCode, Json<Note>), Problem> {
    let mut work = caller.begin().await?;
    let chat = conversations::chat(&mut work, id).await?;
    chat.ok_or(NOT_FOUND)?;
    let note = inbox::write_note(&mut work, id, &body).await?;
    work.commit().await?;
    Ok((StatusCode::CREATED, Json(note)))
}
