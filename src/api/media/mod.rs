//! The files of messages: what became of them, and links to them.

use axum::{
    extract::{
        Multipart, State,
        multipart::{MultipartError, MultipartRejection},
    },
    http::StatusCode,
};
use kazi_jobs::{
    Permission,
    contacts::ContactId,
    media::{self, MediaError, MediaId, MediaKind, MediaLink, MediaView, NewUpload},
};
use kazi_platform::invalid::{FieldError, Invalid};
use utoipa_axum::routes;

use crate::api::{
    Answer, Shared,
    caller::Caller,
    created::Created,
    errors::wrong_state,
    extract::{Json, Path},
    routes::Routes,
};
use crate::problem::{NOT_FOUND, Problem, TOO_LARGE, UNAVAILABLE, UNREADABLE};

pub fn routes() -> Vec<Routes> {
    vec![
        Routes::new("media", "The files of messages.")
            .add_large(
                Permission::CONVERSATIONS_WRITE,
                MOST_BYTES + FORM_BYTES,
                routes!(upload),
            )
            .add(Permission::CONVERSATIONS_READ, routes!(get))
            .add(Permission::CONVERSATIONS_READ, routes!(link))
            .add(Permission::CONVERSATIONS_WRITE, routes!(publish))
            .add(Permission::CONVERSATIONS_WRITE, routes!(delete)),
    ]
}

/// Bytes of the largest file. Its kind may have a lower limit.
const MOST_BYTES: usize = MediaKind::Document.limit_bytes() as usize;
const NO_FORM: Problem = Problem::new(
    StatusCode::UNSUPPORTED_MEDIA_TYPE,
    "unsupported_media_type",
    "The body must be a form with a file (multipart/form-data).",
);
/// Bytes around the file in its form.
const FORM_BYTES: usize = 64 * 1024;

/// A file and what is said of it.
#[derive(utoipa::ToSchema)]
#[schema(as = NewMediaFile)]
#[expect(
    dead_code,
    reason = "it describes the form, which is read part by part"
)]
struct Form {
    /// The file, with its type and its name.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
    /// Whom the file is about: an erasure of the contact removes it.
    contact_id: Option<ContactId>,
}

/// Stores a file, for sending it.
///
/// The file's own type must be what its first bytes show. WhatsApp takes at most 5 MB of an image, 16 MB of a video or a
/// recording, 500 kB of a sticker (image/webp), and 100 MB of anything else.
#[utoipa::path(post, path = "/api/v1/media",
    request_body(content = Form, content_type = "multipart/form-data"),
    responses(
        (status = 201, description = "It is stored.", body = MediaView),
        (status = 413, description = "`body_too_large`: the file has more bytes than its kind may have."),
    ))]
async fn upload(
    State(api): State<Shared>,
    caller: Caller,
    form: Result<Multipart, MultipartRejection>,
) -> Result<Created<Json<MediaView>>, Problem> {
    let mut form = form.map_err(|_| NO_FORM)?;
    let (mut uploaded, mut contact) = (None, None);
    while let Some(mut part) = form.next_field().await.map_err(broken)? {
        match part.name() {
            Some("file") if uploaded.is_none() => {
                let name = part.file_name().map(str::to_owned);
                let mime = part.content_type().map(str::to_owned);
                // After a refusal the rest is read all the same: a caller who still sends would see a broken connection
                // in place of the answer.
                uploaded = Some(match mime {
                    Some(mime) => {
                        let (workspace, new) = (caller.workspace, NewUpload { mime, name });
                        let stored = media::upload(&api.ctx, workspace, new, &mut part).await;
                        stored.map_err(Problem::from)
                    }
                    None => Err(wrong("/file", "must have a type")),
                });
            }
            Some("contact_id") if contact.is_none() => {
                let text = part.text().await.map_err(broken)?;
                let id = text.parse::<ContactId>();
                contact =
                    Some(id.map_err(|_| wrong("/contact_id", "must be the id of a contact"))?);
            }
            _ => {
                return Err(wrong(
                    "",
                    "the form has file, and perhaps contact_id, each once",
                ));
            }
        }
    }
    let uploaded = uploaded.ok_or_else(|| wrong("/file", "is missing"))??;
    let mut work = caller.begin().await?;
    let media = media::keep_upload(&mut work, &uploaded, contact).await?;
    work.commit().await?;
    let place = format!("/api/v1/media/{}", media.id);
    Ok(Created::at(place, Json(media)))
}

fn wrong(pointer: &str, rule: &str) -> Problem {
    Invalid(vec![FieldError {
        pointer: pointer.to_owned(),
        code: "invalid",
        detail: rule.to_owned(),
    }])
    .into()
}

fn broken(error: MultipartError) -> Problem {
    match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => TOO_LARGE,
        _ => UNREADABLE,
    }
}

/// Shows what is known of a file, and whether it is here.
#[utoipa::path(get, path = "/api/v1/media/{id}",
    responses((status = 200, description = "The file.", body = MediaView)))]
async fn get(caller: Caller, Path(id): Path<MediaId>) -> Answer<MediaView> {
    let mut work = caller.begin().await?;
    Ok(Json(media::view(&mut work, id).await?))
}

/// Makes a link to a file.
///
/// The link lives for ten minutes and needs no log-in: a browser can show it. A file that a browser must not show by itself
/// is saved.
#[utoipa::path(post, path = "/api/v1/media/{id}/link",
    responses(
        (status = 200, description = "The link.", body = MediaLink),
        (status = 409, description = "`wrong_state`: the file is not here, or not yet."),
    ))]
async fn link(
    State(api): State<Shared>,
    caller: Caller,
    Path(id): Path<MediaId>,
) -> Answer<MediaLink> {
    let mut work = caller.begin().await?;
    media::linkable(&mut work, id).await?;
    let link = api.links.sign(&api.public_url, id, work.now());
    work.commit().await?;
    let link = link.ok_or_else(|| Problem::internal("there is no master key"))?;
    Ok(Json(link))
}

/// Gives a file a public address.
///
/// Whoever has the address reads the file, without a log-in, for 400 days; the file's age does not delete it meanwhile. A
/// message with a template brings it by this address. A file that a customer has sent, or that is about a contact, gets none.
#[utoipa::path(post, path = "/api/v1/media/{id}/publish",
    responses(
        (status = 200, description = "The address.", body = MediaLink),
        (status = 409, description = "`wrong_state`: the file is not here, or it is about a contact."),
    ))]
async fn publish(
    State(api): State<Shared>,
    caller: Caller,
    Path(id): Path<MediaId>,
) -> Answer<MediaLink> {
    let mut work = caller.begin().await?;
    media::publish(&mut work, id).await?;
    let link = api.links.sign_published(&api.public_url, id, work.now());
    work.commit().await?;
    let link = link.ok_or_else(|| Problem::internal("there is no master key"))?;
    Ok(Json(link))
}

/// Deletes a file. What is known of it stays.
#[utoipa::path(delete, path = "/api/v1/media/{id}",
    responses((status = 204, description = "It is not here any more.")))]
async fn delete(caller: Caller, Path(id): Path<MediaId>) -> Result<StatusCode, Problem> {
    let mut work = caller.begin().await?;
    media::delete(&mut work, id).await?;
    work.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

const INFECTED: Problem = Problem::new(
    StatusCode::UNPROCESSABLE_ENTITY,
    "infected",
    "The scanner has found a virus in the file.",
);

impl From<MediaError> for Problem {
    fn from(error: MediaError) -> Self {
        match error {
            MediaError::NotFound => NOT_FOUND,
            MediaError::NotHere(state) => wrong_state(format!("The file is not here: {state}.")),
            MediaError::Private => wrong_state("The file is about a contact.".to_owned()),
            MediaError::Invalid(invalid) => invalid.into(),
            MediaError::TooLarge(most) => {
                TOO_LARGE.detail(format!("A file of this type has at most {most} bytes."))
            }
            MediaError::Infected => INFECTED,
            MediaError::Broken(words) => {
                tracing::debug!("an upload did not come whole: {words}");
                UNREADABLE
            }
            MediaError::Unavailable(words) => {
                tracing::error!("files cannot be kept: {words}");
                UNAVAILABLE
            }
            MediaError::Enqueue(error) => error.into(),
            MediaError::Database(error) => error.into(),
        }
    }
}
