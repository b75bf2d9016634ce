//! Segments: the audiences of campaigns.

use axum::http::StatusCode;
use kazi_jobs::{
    Permission,
    campaigns::{
        self, NewSegment, Segment, SegmentId, SegmentPreview, SegmentSize, UnsavedSegment,
    },
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
use crate::problem::Problem;

pub fn routes() -> Routes {
    Routes::new("segments", "Whom campaigns reach.")
        .add(Permission::CAMPAIGNS_READ, routes!(list))
        .add(Permission::CAMPAIGNS_READ, routes!(get))
        .add(Permission::CAMPAIGNS_READ, routes!(size))
        .add(Permission::CAMPAIGNS_READ, routes!(preview))
        .add(Permission::CAMPAIGNS_WRITE, routes!(create))
        .add(Permission::CAMPAIGNS_WRITE, routes!(update, delete))
}

/// Lists the segments by name.
#[utoipa::path(get, path = "/api/v1/messaging/segments", params(Paging),
    responses((status = 200, description = "A page of them.", body = Page<Segment>)))]
async fn list(caller: Caller, list: List<NoFilter, (String, SegmentId)>) -> Answer<Page<Segment>> {
    let mut work = caller.begin().await?;
    let (after, limit) = (list.after.as_ref(), list.fetch());
    let rows = campaigns::segments(&mut work, after, limit).await?;
    Ok(Json(list.page(rows, |row| (row.name.clone(), row.id))?))
}

/// Shows a segment.
#[utoipa::path(get, path = "/api/v1/messaging/segments/{id}",
    responses((status = 200, description = "The segment.", body = Segment)))]
async fn get(caller: Caller, Path(id): Path<SegmentId>) -> Result<Tagged<Segment>, Problem> {
    let mut work = caller.begin().await?;
    Ok(tagged(campaigns::segment(&mut work, id).await?))
}

/// Counts the contacts of a segment.
#[utoipa::path(get, path = "/api/v1/messaging/segments/{id}/size",
    responses((status = 200, description = "So many.", body = SegmentSize)))]
async fn size(caller: Caller, Path(id): Path<SegmentId>) -> Answer<SegmentSize> {
    let mut work = caller.begin().await?;
    let segment = campaigns::segment(&mut work, id).await?;
    let size = campaigns::size(&mut work, &segment.audience).await?;
    Ok(Json(size))
}

/// Counts the contacts of an audience that is not saved, and shows the first 10.
#[utoipa::path(post, path = "/api/v1/messaging/segments/preview", request_body = UnsavedSegment,
    responses((status = 200, description = "Whom it reaches now.", body = SegmentPreview)))]
async fn preview(caller: Caller, Json(new): Json<UnsavedSegment>) -> Answer<SegmentPreview> {
    let mut work = caller.begin().await?;
    let preview = campaigns::preview(&mut work, &new.audience).await?;
    Ok(Json(preview))
}

/// Creates a segment.
#[utoipa::path(post, path = "/api/v1/messaging/segments", request_body = NewSegment,
    responses(
        (status = 201, description = "It is made.", body = Segment),
        (status = 409, description = "There is one of this name."),
    ))]
async fn create(
    caller: Caller,
    Json(new): Json<NewSegment>,
) -> Result<Created<Tagged<Segment>>, Problem> {
    let mut work = caller.begin().await?;
    let made = campaigns::create_segment(&mut work, &new).await?;
    work.commit().await?;
    let place = format!("/api/v1/messaging/segments/{}", made.id);
    Ok(Created::at(place, tagged(made)))
}

/// Replaces a segment. Planned campaigns keep their recipients.
#[utoipa::path(put, path = "/api/v1/messaging/segments/{id}", params(IfMatch), request_body = NewSegment,
    responses(
        (status = 200, description = "As it is now.", body = Segment),
        (status = 409, description = "There is another one of this name."),
    ))]
async fn update(
    caller: Caller,
    Path(id): Path<SegmentId>,
    if_match: IfMatch,
    Json(new): Json<NewSegment>,
) -> Result<Tagged<Segment>, Problem> {
    let mut work = caller.begin().await?;
    let before = campaigns::segment(&mut work, id).await?;
    if_match.check(before.version)?;
    let after = campaigns::update_segment(&mut work, &before, &new).await?;
    work.commit().await?;
    Ok(tagged(after))
}

/// Deletes a segment that no campaign uses.
#[utoipa::path(delete, path = "/api/v1/messaging/segments/{id}", params(IfMatch),
    responses(
        (status = 204, description = "It is gone."),
        (status = 409, description = "A campaign is of it."),
    ))]
async fn delete(
    caller: Caller,
    Path(id): Path<SegmentId>,
    if_match: IfMatch,
) -> Result<StatusCode, Problem> {
    let mut work = caller.begin().await?;
    let before = campaigns::segment(&mut work, id).await?;
    if_match.check(before.version)?;
    campaigns::delete_segment(&mut work, &before).await?;
    work.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

fn tagged(segment: Segment) -> Tagged<Segment> {
    Tagged(segment.version, segment)
}
