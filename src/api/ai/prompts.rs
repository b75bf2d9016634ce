//! Prompts: the instructions of a business for its model.

use axum::{extract::State, http::StatusCode};
use kazi_jobs::{
    Permission, Work,
    ai::{self, NewPrompt, Prompt, PromptId, PromptPatch, PromptRevision},
    bot::{self, Rehearsal, Rehearsed},
};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::api::{
    Answer, Shared,
    caller::Caller,
    created::Created,
    etag::{IfMatch, Tagged},
    extract::{Json, Path},
    page::{List, NoFilter, Page, Paging},
    routes::Routes,
};
use crate::problem::{NOT_FOUND, Problem};

pub fn routes() -> Routes {
    Routes::new("prompts", "The instructions of a business for its model.")
        .add(Permission::PROMPTS_READ, routes!(list))
        .add(Permission::PROMPTS_READ, routes!(get))
        .add(Permission::PROMPTS_READ, routes!(revisions))
        .add(Permission::PROMPTS_WRITE, routes!(create))
        .add(Permission::PROMPTS_WRITE, routes!(update, delete))
        .add(Permission::PROMPTS_WRITE, routes!(activate))
        .add(Permission::PROMPTS_WRITE, routes!(deactivate))
        .add(Permission::PROMPTS_WRITE, routes!(restore))
        .add(Permission::PROMPTS_WRITE, routes!(test))
}

/// Lists the prompts, the newest first.
#[utoipa::path(get, path = "/api/v1/prompts", params(Paging),
    responses((status = 200, description = "A page of them.", body = Page<Prompt>)))]
async fn list(caller: Caller, list: List<NoFilter, PromptId>) -> Answer<Page<Prompt>> {
    let mut work = caller.begin().await?;
    let rows = ai::prompts(&mut work, list.after, list.fetch()).await?;
    Ok(Json(list.page(rows, |row| row.id)?))
}

/// Shows a prompt.
#[utoipa::path(get, path = "/api/v1/prompts/{id}",
    responses((status = 200, description = "The prompt.", body = Prompt)))]
async fn get(caller: Caller, Path(id): Path<PromptId>) -> Result<Tagged<Prompt>, Problem> {
    let mut work = caller.begin().await?;
    let prompt = ai::find_prompt(&mut work, id).await?;
    Ok(tagged(prompt.ok_or(NOT_FOUND)?))
}

/// Lists the revisions of a prompt, the newest first.
#[utoipa::path(get, path = "/api/v1/prompts/{id}/revisions", params(Paging),
    responses((status = 200, description = "A page of them.", body = Page<PromptRevision>)))]
async fn revisions(
    caller: Caller,
    Path(id): Path<PromptId>,
    list: List<NoFilter, i32>,
) -> Answer<Page<PromptRevision>> {
    let mut work = caller.begin().await?;
    let prompt = ai::find_prompt(&mut work, id).await?;
    prompt.ok_or(NOT_FOUND)?;
    let rows = ai::prompt_revisions(&mut work, id, list.after, list.fetch()).await?;
    Ok(Json(list.page(rows, |row| row.revision)?))
}

/// Creates a prompt. The bot does not use it before it is activated.
#[utoipa::path(post, path = "/api/v1/prompts", request_body = NewPrompt,
    responses((status = 201, description = "It is made.", body = Prompt)))]
async fn create(
    caller: Caller,
    Json(new): Json<NewPrompt>,
) -> Result<Created<Tagged<Prompt>>, Problem> {
    let mut work = caller.begin().await?;
    let prompt = ai::create_prompt(&mut work, &new).await?;
    work.commit().await?;
    let place = format!("/api/v1/prompts/{}", prompt.id);
    Ok(Created::at(place, tagged(prompt)))
}

/// Changes a prompt. Fields that are left out stay.
///
/// A change of the text or of the model's settings is a new revision.
#[utoipa::path(patch, path = "/api/v1/prompts/{id}", params(IfMatch), request_body = PromptPatch,
    responses((status = 200, description = "As it is now.", body = Prompt)))]
async fn update(
    caller: Caller,
    Path(id): Path<PromptId>,
    if_match: IfMatch,
    Json(patch): Json<PromptPatch>,
) -> Result<Tagged<Prompt>, Problem> {
    let mut work = caller.begin().await?;
    let before = ai::lock_prompt(&mut work, id).await?.ok_or(NOT_FOUND)?;
    if_match.check(before.version)?;
    let after = ai::update_prompt(&mut work, &before, patch).await?;
    work.commit().await?;
    Ok(tagged(after))
}

/// Deletes a prompt with its revisions.
#[utoipa::path(delete, path = "/api/v1/prompts/{id}", params(IfMatch),
    responses(
        (status = 204, description = "It is gone."),
        (status = 409, description = "`prompt_active`: the prompt is active."),
    ))]
async fn delete(
    caller: Caller,
    Path(id): Path<PromptId>,
    if_match: IfMatch,
) -> Result<StatusCode, Problem> {
    let mut work = caller.begin().await?;
    let before = ai::lock_prompt(&mut work, id).await?.ok_or(NOT_FOUND)?;
    if_match.check(before.version)?;
    ai::delete_prompt(&mut work, &before).await?;
    work.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Activates a prompt, in place of the prompt that is active for the same channel.
#[utoipa::path(post, path = "/api/v1/prompts/{id}/activate",
    responses((status = 200, description = "It is active.", body = Prompt)))]
async fn activate(caller: Caller, Path(id): Path<PromptId>) -> Result<Tagged<Prompt>, Problem> {
    change(&caller, id, ai::activate_prompt).await
}

/// Deactivates a prompt. Without an active prompt, the bot answers with the menu.
#[utoipa::path(post, path = "/api/v1/prompts/{id}/deactivate",
    responses((status = 200, description = "It is not active.", body = Prompt)))]
async fn deactivate(caller: Caller, Path(id): Path<PromptId>) -> Result<Tagged<Prompt>, Problem> {
    change(&caller, id, ai::deactivate_prompt).await
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RestorePrompt {
    #[schema(example = 1, minimum = 1)]
    revision: i32,
}

/// Goes back to an earlier revision. This makes a new revision.
#[utoipa::path(post, path = "/api/v1/prompts/{id}/restore", request_body = RestorePrompt,
    responses((status = 200, description = "As it is now.", body = Prompt)))]
async fn restore(
    caller: Caller,
    Path(id): Path<PromptId>,
    Json(RestorePrompt { revision }): Json<RestorePrompt>,
) -> Result<Tagged<Prompt>, Problem> {
    let restore =
        async |work: &mut Work, before: &Prompt| ai::restore_prompt(work, before, revision).await;
    change(&caller, id, restore).await
}

/// Tries a prompt on a written conversation. Nobody gets the answer.
///
/// The call costs as much as an answer to a customer, and is in the log of calls.
#[utoipa::path(post, path = "/api/v1/prompts/{id}/test", request_body = Rehearsal,
    responses(
        (status = 200, description = "The answer that a customer would get.", body = Rehearsed),
        (status = 503, description = "`model_unavailable`: no model answered. A customer would get the menu."),
    ))]
async fn test(
    State(api): State<Shared>,
    caller: Caller,
    Path(id): Path<PromptId>,
    Json(rehearsal): Json<Rehearsal>,
) -> Answer<Rehearsed> {
    let mut work = caller.begin().await?;
    let prompt = ai::find_prompt(&mut work, id).await?.ok_or(NOT_FOUND)?;
    // First: the meaning of the question is paid for.
    rehearsal.check()?;
    let embedder = ai::embedder(&mut work).await?;
    // No connection is held while a model works.
    drop(work);
    let asked = rehearsal.question();
    let meaning = ai::meaning_of(&api.ctx, caller.workspace, embedder, asked).await;
    let mut work = caller.begin().await?;
    let rehearsing = bot::rehearse(&mut work, prompt, rehearsal, meaning.as_ref()).await?;
    drop(work);
    let heard = rehearsing.ask(&api.ctx).await?;
    let mut work = caller.begin().await?;
    heard.log(&mut work).await?;
    work.commit().await?;
    Ok(Json(heard.answer()?))
}

/// Does something with a prompt that is locked.
async fn change<E: Into<Problem>>(
    caller: &Caller,
    id: PromptId,
    act: impl AsyncFnOnce(&mut Work, &Prompt) -> Result<Prompt, E>,
) -> Result<Tagged<Prompt>, Problem> {
    let mut work = caller.begin().await?;
    let before = ai::lock_prompt(&mut work, id).await?.ok_or(NOT_FOUND)?;
    let after = act(&mut work, &before).await.map_err(Into::into)?;
    work.commit().await?;
    Ok(tagged(after))
}

fn tagged(prompt: Prompt) -> Tagged<Prompt> {
    Tagged(prompt.version, prompt)
}
