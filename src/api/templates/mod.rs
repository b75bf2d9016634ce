//! Message templates.

use axum::{extract::State, http::StatusCode};
use kazi_jobs::{
    Permission,
    channels::ChannelId,
    templates::{
        self, NewDraft, SAMPLE_BYTES, SampleView, TemplateError, TemplateFilter, TemplateId,
        TemplateView,
    },
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::api::{
    Answer, Shared,
    caller::Caller,
    created::Created,
    errors::{PROVIDER_UNREACHABLE, wrong_state},
    etag::{IfMatch, Tagged},
    extract::{File, Json, Path, Query, Takes},
    page::{List, Page, Paging},
    routes::Routes,
};
use crate::problem::{NOT_FOUND, Problem};

pub fn routes() -> Vec<Routes> {
    vec![
        Routes::new(
            "templates",
            "What may be said on WhatsApp to somebody who has not written for a day.",
        )
        .add(Permission::TEMPLATES_READ, routes!(list))
        .add(Permission::TEMPLATES_READ, routes!(get))
        .add(Permission::TEMPLATES_WRITE, routes!(create))
        .add(Permission::TEMPLATES_WRITE, routes!(update, delete))
        .add(Permission::TEMPLATES_WRITE, routes!(submit))
        .add(Permission::TEMPLATES_WRITE, routes!(unpause))
        .add_large(
            Permission::TEMPLATES_WRITE,
            SAMPLE_BYTES,
            routes!(upload_sample),
        )
        .add(Permission::TEMPLATES_WRITE, routes!(sync)),
    ]
}

/// Lists the templates by name and language.
#[utoipa::path(get, path = "/api/v1/templates", params(TemplateFilter, Paging),
    responses((status = 200, description = "A page of them.", body = Page<TemplateView>)))]
async fn list(
    caller: Caller,
    list: List<TemplateFilter, (String, String, TemplateId)>,
) -> Answer<Page<TemplateView>> {
    let mut work = caller.begin().await?;
    let (after, limit) = (list.after.as_ref(), list.fetch());
    let rows = templates::list(&mut work, &list.filter, after, limit).await?;
    let key = |row: &TemplateView| (row.name.clone(), row.language.clone(), row.id);
    Ok(Json(list.page(rows, key)?))
}

/// Shows a template.
#[utoipa::path(get, path = "/api/v1/templates/{id}",
    responses((status = 200, description = "The template.", body = TemplateView)))]
async fn get(caller: Caller, Path(id): Path<TemplateId>) -> Result<Tagged<TemplateView>, Problem> {
    let mut work = caller.begin().await?;
    Ok(tagged(templates::get(&mut work, id).await?))
}

/// Creates a draft, with an example of each variable. Meta's rules are checked: a violation names its field.
#[utoipa::path(post, path = "/api/v1/templates", request_body = NewDraft,
    responses(
        (status = 201, description = "It is written.", body = TemplateView),
        (status = 409, description = "There is one of this name in this language."),
    ))]
async fn create(
    caller: Caller,
    Json(new): Json<NewDraft>,
) -> Result<Created<Tagged<TemplateView>>, Problem> {
    let mut work = caller.begin().await?;
    let made = templates::create(&mut work, &new).await?;
    work.commit().await?;
    let place = format!("/api/v1/templates/{}", made.id);
    Ok(Created::at(place, tagged(made)))
}

/// Changes a draft. Of an approved, rejected or paused template Meta's content stays until the change is submitted.
///
/// Its name and language are fixed, and while it is approved, its category. A file on top needs a sample anew.
#[utoipa::path(put, path = "/api/v1/templates/{id}", params(IfMatch), request_body = NewDraft,
    responses(
        (status = 200, description = "As it is now.", body = TemplateView),
        (status = 409, description = "Meta reviews it, or has disabled it."),
    ))]
async fn update(
    caller: Caller,
    Path(id): Path<TemplateId>,
    if_match: IfMatch,
    Json(new): Json<NewDraft>,
) -> Result<Tagged<TemplateView>, Problem> {
    let mut work = caller.begin().await?;
    let before = templates::get(&mut work, id).await?;
    if_match.check(before.version)?;
    let after = templates::update(&mut work, &before, &new).await?;
    work.commit().await?;
    Ok(tagged(after))
}

/// Deletes a template, at Meta first.
#[utoipa::path(delete, path = "/api/v1/templates/{id}",
    responses(
        (status = 204, description = "It is gone."),
        (status = 409, description = "It is just being submitted, or no channel of its account is left."),
        (status = 503, description = "Meta does not answer."),
    ))]
async fn delete(
    caller: Caller,
    Path(id): Path<TemplateId>,
    State(api): State<Shared>,
) -> Result<StatusCode, Problem> {
    // Without a transaction of the call, because none is held while Meta answers.
    templates::delete(&api.ctx, caller.workspace, &caller.actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Submits a draft, or a change, to Meta's review. A repeated call changes nothing.
///
/// Meta takes one change of an approved template in 24 hours, and 10 in 30 days.
#[utoipa::path(post, path = "/api/v1/templates/{id}/submit",
    responses(
        (status = 200, description = "It is under way.", body = TemplateView),
        (status = 409, description = "Meta has reviewed it already, or takes no change now."),
    ))]
async fn submit(
    caller: Caller,
    Path(id): Path<TemplateId>,
) -> Result<Tagged<TemplateView>, Problem> {
    let mut work = caller.begin().await?;
    let before = templates::get(&mut work, id).await?;
    let after = templates::submit(&mut work, &before).await?;
    work.commit().await?;
    Ok(tagged(after))
}

/// Ends the pause of a template that Meta holds back by pacing. A pause for its quality ends by itself.
#[utoipa::path(post, path = "/api/v1/templates/{id}/unpause",
    responses(
        (status = 200, description = "Meta has ended the pause, and Kazi reads the new status.", body = TemplateView),
        (status = 409, description = "It is not paused, or Meta refuses: the detail has its words."),
        (status = 503, description = "Meta does not answer."),
    ))]
async fn unpause(
    caller: Caller,
    Path(id): Path<TemplateId>,
    State(api): State<Shared>,
) -> Result<Tagged<TemplateView>, Problem> {
    // Without a transaction of the call, because none is held while Meta answers.
    let after = templates::unpause(&api.ctx, caller.workspace, &caller.actor, id).await?;
    Ok(tagged(after))
}

/// The number and the file of a sample.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct SampleQuery {
    /// A WhatsApp number of the business account that gets the template.
    channel_id: ChannelId,
    #[param(min_length = 1, max_length = 240, example = "spring.png")]
    file_name: String,
}

struct Sample;

impl Takes for Sample {}

/// Gives Meta's reviewers a sample of the file above a template's body. The answer has its handle for the draft.
///
/// The body is the file: JPEG or PNG of 5 MB, MP4 of 16 MB, or PDF of 16 MB. Its first bytes tell its type. A broken upload
/// goes on where Meta stands.
#[utoipa::path(post, path = "/api/v1/templates/samples", params(SampleQuery),
    request_body(
        description = "The file.",
        content(
            (Vec<u8> = "image/jpeg"),
            (Vec<u8> = "image/png"),
            (Vec<u8> = "video/mp4"),
            (Vec<u8> = "application/pdf"),
        )
    ),
    responses(
        (status = 200, description = "Meta has it.", body = SampleView),
        (status = 409, description = "Meta refuses it: the detail has its words."),
        (status = 413, description = "`body_too_large`: it has more than 16 MB."),
        (status = 503, description = "Meta does not answer."),
    ))]
async fn upload_sample(
    State(api): State<Shared>,
    caller: Caller,
    Query(query): Query<SampleQuery>,
    file: File<Sample>,
) -> Answer<SampleView> {
    let of = (query.channel_id, query.file_name.as_str());
    let (ctx, workspace) = (&api.ctx, caller.workspace);
    let sample = templates::sample(ctx, workspace, &caller.actor, of, file.bytes).await?;
    Ok(Json(sample))
}

#[derive(Serialize, ToSchema)]
struct TemplateSync {
    /// The number of channels whose accounts are asked.
    channels: usize,
}

/// Reads Meta's templates now. Kazi does this every hour.
#[utoipa::path(post, path = "/api/v1/templates/sync",
    responses((status = 202, description = "It is under way.", body = TemplateSync)))]
async fn sync(caller: Caller) -> Result<(StatusCode, Json<TemplateSync>), Problem> {
    let mut work = caller.begin().await?;
    let channels = templates::request_sync(&mut work).await?;
    work.commit().await?;
    Ok((StatusCode::ACCEPTED, Json(TemplateSync { channels })))
}

fn tagged(template: TemplateView) -> Tagged<TemplateView> {
    Tagged(template.version, template)
}

impl From<TemplateError> for Problem {
    fn from(error: TemplateError) -> Self {
        match error {
            TemplateError::Invalid(invalid) => invalid.into(),
            TemplateError::NotFound => NOT_FOUND.detail(error.to_string()),
            TemplateError::Conflict(detail) => wrong_state(detail),
            TemplateError::Refused(_) => wrong_state(error.to_string()),
            TemplateError::Unreachable(_) => PROVIDER_UNREACHABLE,
            TemplateError::Database(error) => error.into(),
            TemplateError::Enqueue(error) => Self::internal(error),
        }
    }
}
