//! Sessions: the tokens of a log-in, their renewal, and the end. Every log-in answers with `tokens`.

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
};
use kazi_jobs::{
    identity::{self, LoggedIn, SessionId, SessionView, Subject},
    violations::invalid,
    workspaces,
};
use kazi_platform::{
    Timestamp, WorkspaceId, database,
    token::{Audience, LIFETIME},
};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use utoipa::ToSchema;
use utoipa_axum::routes;

use super::cookie::{Browser, Keeper};
use crate::api::{
    Answer, Api, Shared,
    caller::{CalledFrom, User},
    extract::{Json, Path},
    page::{List, NoFilter, Page, Paging},
    routes::{Access, Routes},
};
use crate::problem::Problem;

pub fn routes() -> Routes {
    Routes::new("sessions", "Log-ins: which there are, and their end.")
        .add(Access::Public, routes!(refresh))
        .add(Access::User, routes!(list))
        .add(Access::User, routes!(revoke))
        .add(Access::User, routes!(log_out))
        .add(Access::User, routes!(log_out_everywhere))
}

/// The tokens of a session.
#[derive(Serialize, ToSchema)]
pub struct SessionTokens {
    session_id: SessionId,
    /// For `Authorization: Bearer`.
    #[schema(example = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.…")]
    pub access_token: String,
    /// Seconds.
    #[schema(example = 600)]
    pub expires_in: i64,
    /// For the next tokens. It is good once. Absent where it is kept in the cookie.
    #[schema(example = "3q2-7wEBAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhs")]
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    refresh_expires_at: Timestamp,
    /// The active workspace: the requested one, or the user's only one. `null`: name one with `X-Workspace-Id`.
    workspace_id: Option<WorkspaceId>,
    /// After a log-in: the device keeps it and sends it with its next log-in as `X-Device-Token`.
    #[serde(skip_serializing_if = "Option::is_none")]
    device_token: Option<String>,
    /// Whether the cookie outlives the browser.
    #[serde(skip)]
    is_remembered: bool,
}

impl SessionTokens {
    /// Moves the refresh token into a cookie, if it is kept there.
    pub fn kept_by(mut self, keeper: &Keeper, api: &Api) -> Result<(HeaderMap, Self), Problem> {
        let (expires_at, is_remembered) = (self.refresh_expires_at, self.is_remembered);
        let headers = keeper.keep(api, &mut self.refresh_token, expires_at, is_remembered)?;
        Ok((headers, self))
    }
}

pub async fn of_log_in(api: &Api, done: &LoggedIn) -> Result<SessionTokens, Problem> {
    let refresh = (&done.refresh_token, done.refresh_expires_at);
    let tokens = tokens(api, done.subject, done.session, refresh, None).await?;
    Ok(SessionTokens {
        device_token: Some(done.device.expose_secret().to_owned()),
        is_remembered: done.is_remembered,
        ..tokens
    })
}

async fn tokens(
    api: &Api,
    subject: Subject,
    session: SessionId,
    (refresh_token, refresh_expires_at): (&SecretString, Timestamp),
    asked: Option<WorkspaceId>,
) -> Result<SessionTokens, Problem> {
    let (audience, sub, workspace) = match subject {
        Subject::User(user) => {
            // As the platform, because memberships stand above the workspaces.
            let mut tx = database::platform(&api.ctx.db).await?;
            let workspace = active(&mut tx, user.uuid(), asked).await?;
            (Audience::Member, user.uuid(), workspace)
        }
        Subject::Customer { workspace, contact } => {
            (Audience::Customer, contact.uuid(), Some(workspace))
        }
    };
    let now = api.ctx.clock.now();
    let issued = (api.tokens).issue(audience, sub, session.uuid(), workspace, now);
    Ok(SessionTokens {
        session_id: session,
        access_token: issued.map_err(Problem::internal)?,
        expires_in: LIFETIME.num_seconds(),
        refresh_token: Some(refresh_token.expose_secret().to_owned()),
        refresh_expires_at,
        workspace_id: workspace,
        device_token: None,
        is_remembered: false,
    })
}

/// The requested workspace, if the user is a member of it, or else the user's only workspace.
async fn active(
    conn: &mut PgConnection,
    user: uuid::Uuid,
    asked: Option<WorkspaceId>,
) -> Result<Option<WorkspaceId>, sqlx::Error> {
    let all = workspaces::memberships(conn, user).await?;
    let mut alive = all
        .into_iter()
        .filter(|membership| membership.shut_out.is_none())
        .map(|membership| membership.workspace_id);
    if let Some(asked) = asked {
        return Ok(alive.find(|workspace| *workspace == asked));
    }
    let first = alive.next();
    Ok(first.filter(|_| alive.next().is_none()))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Refresh {
    /// The newest one of the session. A browser that keeps it in the cookie leaves it out; a customer always sends it.
    #[schema(value_type = Option<String>, format = Password)]
    refresh_token: Option<SecretString>,
    /// The active workspace for the access token, for a user with several.
    workspace_id: Option<WorkspaceId>,
}

/// Exchanges a refresh token for new tokens.
///
/// A refresh token is good once. For ten seconds the same answer is given again, because it may have been lost. Later,
/// a used token means that somebody has a copy, so the session ends.
#[utoipa::path(post, path = "/api/v1/auth/refresh", params(Browser), request_body = Refresh,
    responses(
        (status = 200, description = "The next tokens.", body = SessionTokens),
        (status = 401, description = "`session_ended`: the token is none, too old, or was used."),
    ))]
async fn refresh(
    State(api): State<Shared>,
    CalledFrom(origin): CalledFrom,
    keeper: Keeper,
    Json(mut body): Json<Refresh>,
) -> Result<(HeaderMap, Json<SessionTokens>), Problem> {
    if let Keeper::Cookie(token) = keeper.clone() {
        // No cookie is like one that is none of ours.
        body.refresh_token = Some(token.unwrap_or_default());
    }
    let next = renew(&api, &origin, &body).await?;
    let (headers, next) = next.kept_by(&keeper, &api)?;
    Ok((headers, Json(next)))
}

/// Like [`refresh`], for any kind of session.
pub async fn renew(
    api: &Api,
    origin: &identity::Origin,
    body: &Refresh,
) -> Result<SessionTokens, Problem> {
    let Some(token) = &body.refresh_token else {
        let rule = "is required where no cookie keeps it".to_owned();
        return Err(invalid("/refresh_token", ("required", rule)).into());
    };
    let next = identity::refresh(&api.ctx, token, origin).await?;
    let refresh = (&next.refresh_token, next.refresh_expires_at);
    let (subject, session) = (next.subject, next.session);
    let tokens = tokens(api, subject, session, refresh, body.workspace_id).await?;
    Ok(SessionTokens {
        is_remembered: next.is_remembered,
        ..tokens
    })
}

#[derive(Serialize, ToSchema)]
struct OwnSession {
    #[serde(flatten)]
    session: SessionView,
    /// Whether it is the session of this call.
    is_current: bool,
}

/// Lists the open sessions, newest first.
#[utoipa::path(get, path = "/api/v1/auth/sessions", params(Paging),
    responses((status = 200, description = "A page of them.", body = Page<OwnSession>)))]
async fn list(
    user: User,
    State(api): State<Shared>,
    list: List<NoFilter, SessionId>,
) -> Answer<Page<OwnSession>> {
    let mut across = user.begin().await?;
    let now = api.ctx.clock.now();
    let rows =
        identity::list_sessions(across.conn(), now, user.user, list.after, list.fetch()).await?;
    let own = |session: SessionView| OwnSession {
        is_current: session.id == user.session,
        session,
    };
    let rows = rows.into_iter().map(own).collect();
    Ok(Json(list.page(rows, |row: &OwnSession| row.session.id)?))
}

/// Ends a session, for example of another device. Its tokens are refused from now on.
#[utoipa::path(delete, path = "/api/v1/auth/sessions/{id}",
    responses((status = 204, description = "It has ended.")))]
async fn revoke(
    user: User,
    State(api): State<Shared>,
    Path(id): Path<SessionId>,
) -> Result<StatusCode, Problem> {
    let subject = Subject::User(user.user);
    identity::revoke_session(&api.ctx, &user.actor, subject, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Ends the session of this call.
#[utoipa::path(post, path = "/api/v1/auth/logout", params(Browser),
    responses((status = 204, description = "It has ended.")))]
async fn log_out(
    user: User,
    State(api): State<Shared>,
    keeper: Keeper,
) -> Result<(StatusCode, HeaderMap), Problem> {
    let subject = Subject::User(user.user);
    identity::revoke_session(&api.ctx, &user.actor, subject, user.session).await?;
    Ok((StatusCode::NO_CONTENT, keeper.forget(&api)?))
}

/// Ends all sessions of the user, including this one.
#[utoipa::path(post, path = "/api/v1/auth/logout-all", params(Browser),
    responses((status = 204, description = "They have ended.")))]
async fn log_out_everywhere(
    user: User,
    State(api): State<Shared>,
    keeper: Keeper,
) -> Result<(StatusCode, HeaderMap), Problem> {
    identity::revoke_all_sessions(&api.ctx, &user.actor, Subject::User(user.user)).await?;
    Ok((StatusCode::NO_CONTENT, keeper.forget(&api)?))
}
