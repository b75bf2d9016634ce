//! Canned replies.

use axum::http::StatusCode;
use kazi_jobs::{
    Permission,
    inbox::{self, CannedReply, CannedReplyId, CannedReplyPatch, NewCannedReply},
};
use utoipa_axum::routes;

use crate::api::{
    Answer,
    caller::Caller,
    created::Created,
    etag::{IfMatch, Tagged},
    extract::{Json, Path},
    page::{List, NoFilter, Page, Paging},
    routes::Routes,
};
use crate::problem::{NOT_FOUND, Problem};

pub fn routes() -> Routes {
    Routes::new(
        "canned-replies",
        "Texts that members answer with again and again.",
    )
    .add(Permission::CONVERSATIONS_READ, routes!(list))
    .add(Permission::CONVERSATIONS_READ, routes!(get))
    .add(Permission::CONVERSATIONS_WRITE, routes!(create))
    .add(Permission::CONVERSATIONS_WRITE, routes!(update, delete))
}

/// Lists the canned replies by their codes.
#[utoipa::path(get, path = "/api/v1/canned-replies", params(Paging),
    responses((status = 200, description = "A page of them.", body = Page<CannedReply>)))]
async fn list(caller: Caller, list: List<NoFilter, String>) -> Answer<Page<CannedReply>> {
    let mut work = caller.begin().await?;
    let rows = inbox::canned_replies(&mut work, list.after.as_deref(), list.fetch()).await?;
    Ok(Json(list.page(rows, |row| row.code.clone())?))
}

/// Shows a canned reply.
#[utoipa::path(get, path = "/api/v1/canned-replies/{id}",
    responses((status = 200, description = "The canned reply.", body = CannedReply)))]
async fn get(
    caller: Caller,
    Path(id): Path<CannedReplyId>,
) -> Result<Tagged<CannedReply>, Problem> {
    let mut work = caller.begin().await?;
    let reply = inbox::canned(&mut work, id).await?;
    Ok(tagged(reply.ok_or(NOT_FOUND)?))
}

/// Creates a canned reply.
#[utoipa::path(post, path = "/api/v1/canned-replies", request_body = NewCannedReply,
    responses(
        (status = 201, description = "It is made.", body = CannedReply),
        (status = 409, description = "Another one has this code, or there are 1,000."),
    ))]
async fn create(
    caller: Caller,
    Json(new): Json<NewCannedReply>,
) -> Result<Created<Tagged<CannedReply>>, Problem> {
    let mut work = caller.begin().await?;
    let reply = inbox::create_canned(&mut work, &new).await?;
    work.commit().await?;
    let place = format!("/api/v1/canned-replies/{}", reply.id);
    Ok(Created::at(place, tagged(reply)))
}

/// Changes a canned reply. Fields that are left out stay.
#[utoipa::path(patch, path = "/api/v1/canned-replies/{id}", params(IfMatch), request_body = CannedReplyPatch,
    responses(
        (status = 200, description = "As it is now.", body = CannedReply),
        (status = 409, description = "Another one has this code."),
    ))]
async fn update(
    caller: Caller,
    Path(id): Path<CannedReplyId>,
    if_match: IfMatch,
    Json(patch): Json<CannedReplyPatch>,
) -> Result<Tagged<CannedReply>, Problem> {
    let mut work = caller.begin().await?;
    let before = inbox::lock_canned(&mut work, id).await?;
    let before = before.ok_or(NOT_FOUND)?;
    if_match.check(before.version)?;
    let after = inbox::update_canned(&mut work, before, patch).await?;
    work.commit().await?;
    Ok(tagged(after))
}

/// Deletes a canned reply.
#[utoipa::path(delete, path = "/api/v1/canned-replies/{id}", params(IfMatch),
    responses((status = 204, description = "It is gone.")))]
async fn delete(
    caller: Caller,
    Path(id): Path<CannedReplyId>,
    if_match: IfMatch,
) -> Result<StatusCode, Problem> {
    let mut work = caller.begin().await?;
    let before = inbox::lock_canned(&mut work, id).await?;
    let before = before.ok_or(NOT_FOUND)?;
    if_match.check(before.version)?;
    inbox::delete_canned(&mut work, &before).await?;
    work.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

fn tagged(reply: CannedReply) -> Tagged<CannedReply> {
    Tagged(reply.version, reply)
}
