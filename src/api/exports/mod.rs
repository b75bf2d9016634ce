//! Exports: lists as files. A link to a file needs no token, so that a browser can follow it; it is signed, and short-lived.

use axum::{
    body::Body,
    extract::State,
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use chrono::TimeDelta;
use futures_util::stream;
use kazi_jobs::{
    Permission, Work,
    exports::{self, ExportError, ExportFormat, ExportId, ExportView, NewExport},
};
use kazi_platform::{Timestamp, WorkspaceId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::api::{
    Answer, Shared,
    caller::Caller,
    errors::conflict,
    extract::{Json, Path, Query},
    page::{List, NoFilter, Page, Paging},
    routes::{Access, Routes},
};
use crate::problem::{NOT_FOUND, Problem};

/// The life of a link.
const LINK_MINUTES: i64 = 15;
const FILE: &str = "/api/v1/exports/{id}/file";
const LINK_OVER: Problem = Problem::new(
    StatusCode::FORBIDDEN,
    "link_expired",
    "The link has expired: show the export again for a new one.",
);

pub fn routes() -> Vec<Routes> {
    vec![
        Routes::new("exports", "Lists as files: CSV or Excel.")
            .add(Permission::EXPORTS_WRITE, routes!(create))
            .add(Permission::EXPORTS_WRITE, routes!(list))
            .add(Permission::EXPORTS_WRITE, routes!(get))
            .add(Permission::EXPORTS_WRITE, routes!(cancel))
            .add(Access::Public, routes!(file)),
    ]
}

/// An export, and the link to its file.
#[derive(Serialize, ToSchema)]
#[schema(as = ExportWithLink)]
struct Shown {
    #[serde(flatten)]
    export: ExportView,
    /// While there is a file.
    link: Option<Link>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = ExportLink)]
struct Link {
    /// Gets the file without a token. Whoever has the link can read the file.
    url: String,
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
}

/// What a link says.
#[derive(Serialize, Deserialize)]
struct Signed {
    workspace: WorkspaceId,
    export: ExportId,
    expires_at: Timestamp,
}

fn shown(api: &Shared, workspace: WorkspaceId, export: ExportView) -> Result<Shown, Problem> {
    let now = api.ctx.clock.now();
    let link = match export.expires_at.filter(|_| export.status == "done") {
        None => None,
        Some(gone) => {
            let expires_at = gone.min(now + TimeDelta::minutes(LINK_MINUTES));
            let signed = Signed {
                workspace,
                export: export.id,
                expires_at,
            };
            let token = api.cursors.write(FILE, &signed)?;
            let (base, id) = (&api.public_url, export.id);
            let url = format!("{base}/api/v1/exports/{id}/file?token={token}");
            Some(Link { url, expires_at })
        }
    };
    Ok(Shown { export, link })
}

/// Exports a list as a file.
///
/// The export runs after the answer; read it for its progress and for the link to the file. Times in the file are those
/// of the workspace's time zone, and amounts are decimal, with their currency beside them. In a CSV a text that a
/// spreadsheet would run as a formula begins with a `'`; an import of contacts removes it. A sheet of Excel has at most
/// 1,048,576 rows, and a file at most 512 MiB. A row that is made or deleted during the export may be in the file or not,
/// but never twice. Kazi keeps a file for 7 days, and the newest ten files of a workspace.
#[utoipa::path(post, path = "/api/v1/exports", request_body = NewExport,
    responses(
        (status = 202, description = "It is written down, and begins.", body = Shown),
        (status = 409, description = "`too_many_exports`: three exports of the workspace have not ended."),
    ))]
async fn create(
    caller: Caller,
    State(api): State<Shared>,
    Json(new): Json<NewExport>,
) -> Result<(StatusCode, [(HeaderName, HeaderValue); 1], Json<Shown>), Problem> {
    let mut work = caller.begin().await?;
    let export = exports::start(&mut work, &new).await?;
    work.commit().await?;
    let place = format!("/api/v1/exports/{}", export.id);
    let place = HeaderValue::try_from(place).map_err(Problem::internal)?;
    let shown = shown(&api, caller.workspace, export)?;
    Ok((
        StatusCode::ACCEPTED,
        [(header::LOCATION, place)],
        Json(shown),
    ))
}

/// Lists exports, newest first.
#[utoipa::path(get, path = "/api/v1/exports", params(Paging),
    responses((status = 200, description = "A page of them.", body = Page<ExportView>)))]
async fn list(caller: Caller, list: List<NoFilter, ExportId>) -> Answer<Page<ExportView>> {
    let mut work = caller.begin().await?;
    let rows = exports::list(&mut work, list.after, list.fetch()).await?;
    Ok(Json(list.page(rows, |row| row.id)?))
}

/// Shows an export, its progress and the link to its file.
///
/// The link is new with each call and good for 15 minutes.
#[utoipa::path(get, path = "/api/v1/exports/{id}",
    responses((status = 200, description = "As it is now.", body = Shown)))]
async fn get(caller: Caller, State(api): State<Shared>, Path(id): Path<ExportId>) -> Answer<Shown> {
    let mut work = caller.begin().await?;
    let export = exports::view(&mut work, id).await?;
    Ok(Json(shown(&api, caller.workspace, export)?))
}

/// Cancels an export. One that has ended stays as it is.
#[utoipa::path(post, path = "/api/v1/exports/{id}/cancel",
    responses((status = 200, description = "As it is now.", body = Shown)))]
async fn cancel(
    caller: Caller,
    State(api): State<Shared>,
    Path(id): Path<ExportId>,
) -> Answer<Shown> {
    let mut work = caller.begin().await?;
    let export = exports::cancel(&mut work, id).await?;
    work.commit().await?;
    Ok(Json(shown(&api, caller.workspace, export)?))
}

#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Token {
    /// Of the export's link.
    #[param(max_length = 500)]
    token: String,
}

/// Gets the file of an export by its link.
#[utoipa::path(get, path = "/api/v1/exports/{id}/file", params(Token),
    responses(
        (status = 200, description = "The file, CSV or XLSX.", content_type = "application/octet-stream", body = Vec<u8>),
        (status = 403, description = "`link_expired`: show the export again for a new link."),
        (status = 404, description = "There is no such link, or the file is gone."),
    ))]
async fn file(
    State(api): State<Shared>,
    Path(id): Path<ExportId>,
    Query(Token { token }): Query<Token>,
) -> Result<Response, Problem> {
    let signed: Option<Signed> = api.cursors.read(FILE, &token);
    let signed = signed.filter(|signed| signed.export == id);
    let signed = signed.ok_or(NOT_FOUND)?;
    if signed.expires_at <= api.ctx.clock.now() {
        return Err(LINK_OVER);
    }
    let mut work = Work::of(&api.ctx, signed.workspace).await?;
    let export = exports::view(&mut work, id).await?;
    work.commit().await?;
    let bytes = export.bytes.filter(|_| export.status == "done");
    let bytes = bytes.ok_or(NOT_FOUND)?;
    let (kind, end) = match export.format {
        ExportFormat::Csv => ("text/csv; charset=utf-8", "csv"),
        ExportFormat::Xlsx => (
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "xlsx",
        ),
    };
    let name = export.rows.0.name();
    let headers = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}.{end}\""),
        ),
        (header::CONTENT_LENGTH, bytes.to_string()),
    ];
    // Each piece in a transaction of its own, so that none stays open while somebody downloads slowly.
    let pieces = stream::try_unfold((api, 0), move |(api, position)| async move {
        let mut work = Work::of(&api.ctx, signed.workspace).await?;
        let piece = exports::chunk(&mut work, id, position).await?;
        work.commit().await?;
        Ok::<_, sqlx::Error>(piece.map(|piece| (piece, (api, position + 1))))
    });
    Ok((headers, Body::from_stream(pieces)).into_response())
}

impl From<ExportError> for Problem {
    fn from(error: ExportError) -> Self {
        match error {
            ExportError::NotFound => NOT_FOUND,
            ExportError::TooMany(_) => conflict(
                "too_many_exports",
                "Three exports of this workspace have not ended: wait for one, or cancel one.",
            ),
            ExportError::Invalid(invalid) => invalid.into(),
            ExportError::Contacts(error) => error.into(),
            ExportError::Database(error) => error.into(),
            ExportError::Enqueue(error) => error.into(),
        }
    }
}
