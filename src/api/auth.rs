//! Authentication: the caller is a member, a program with a key, or a customer.

use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use kazi_jobs::{
    Permission, Role,
    identity::{self, ApiToken},
    violations::member,
    workspaces,
};
use kazi_platform::{
    WorkspaceId,
    actor::ActorKind,
    database,
    ids::IdError,
    token::{Audience, TokenError},
};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{Api, routes::Access};
use crate::problem::Problem;

/// The workspace of a call, when it is not the token's active one.
pub const WORKSPACE: HeaderName = HeaderName::from_static("x-workspace-id");

/// The caller.
#[derive(Clone, Debug)]
pub enum Principal {
    Member {
        user: Uuid,
        session: Uuid,
        /// The workspace of the call, and the user's role there.
        workspace: Option<(WorkspaceId, Role)>,
        /// The user belongs to the platform's staff.
        is_staff: bool,
        /// The second factor must be shown again before calls that want a fresh one.
        is_stale: bool,
    },
    /// A program.
    ApiKey {
        key: Uuid,
        workspace: WorkspaceId,
        scopes: Vec<Permission>,
    },
    /// A contact.
    Customer {
        contact: Uuid,
        session: Uuid,
        workspace: WorkspaceId,
    },
}

impl Principal {
    /// The workspace of the call.
    pub fn workspace(&self) -> Option<WorkspaceId> {
        match self {
            Self::Member { workspace, .. } => workspace.map(|(workspace, _)| workspace),
            Self::ApiKey { workspace, .. } | Self::Customer { workspace, .. } => Some(*workspace),
        }
    }

    /// Returns true when the role or the scopes contain the permission.
    pub fn allows(&self, permission: Permission) -> bool {
        match self {
            Self::Member { workspace, .. } => {
                workspace.is_some_and(|(_, role)| role.allows(permission))
            }
            Self::ApiKey { scopes, .. } => permission.rule().keys && scopes.contains(&permission),
            Self::Customer { .. } => false,
        }
    }

    /// The key for idempotency and rate limits: `member/<uuid>`.
    pub fn name(&self) -> String {
        let (kind, id) = self.who();
        format!("{}/{id}", kind.name())
    }

    pub(super) fn who(&self) -> (ActorKind, Uuid) {
        match self {
            Self::Member { user, .. } => (ActorKind::Member, *user),
            Self::ApiKey { key, .. } => (ActorKind::ApiKey, *key),
            Self::Customer { contact, .. } => (ActorKind::Customer, *contact),
        }
    }

    /// Checks that the caller may use a route.
    pub fn check(&self, access: Access) -> Result<(), Problem> {
        match (access, self) {
            (Access::Public, _)
            | (Access::User, Self::Member { .. })
            | (Access::Customer, Self::Customer { .. }) => Ok(()),
            (Access::User | Access::Customer, _) => Err(FORBIDDEN),
            (
                Access::Staff,
                Self::Member {
                    is_staff: true,
                    is_stale,
                    ..
                },
            ) => match is_stale {
                true => Err(STEP_UP),
                false => Ok(()),
            },
            (Access::Staff, _) => Err(FORBIDDEN),
            (
                Access::Member | Access::Allowed(_),
                Self::Member {
                    workspace: None, ..
                },
            ) => Err(NO_WORKSPACE),
            (Access::Member, Self::Member { .. }) => Ok(()),
            (Access::Member, _) => Err(FORBIDDEN),
            (Access::Allowed(permission), _) if !self.allows(permission) => {
                Err(FORBIDDEN.detail(format!("This needs the permission {permission}.")))
            }
            (Access::Allowed(permission), Self::Member { is_stale: true, .. })
                if permission.rule().step_up =>
            {
                Err(STEP_UP)
            }
            (Access::Allowed(_), _) => Ok(()),
        }
    }
}

pub const REALM: &str = r#"Bearer realm="kazi""#;
const UNAUTHENTICATED: Problem = Problem::new(
    StatusCode::UNAUTHORIZED,
    "unauthenticated",
    "This needs a token or a key: Authorization: Bearer …",
);
const INVALID: Problem = Problem::new(
    StatusCode::UNAUTHORIZED,
    "invalid_token",
    "The token or key is not valid.",
);
const EXPIRED: Problem = Problem::new(
    StatusCode::UNAUTHORIZED,
    "token_expired",
    "The token or key has expired.",
);
pub const FORBIDDEN: Problem =
    Problem::new(StatusCode::FORBIDDEN, "forbidden", "You may not do this.");
const NOT_A_MEMBER: Problem = Problem::new(
    StatusCode::FORBIDDEN,
    "not_a_member",
    "You do not belong to this workspace.",
);
pub const NO_WORKSPACE: Problem = Problem::new(
    StatusCode::FORBIDDEN,
    "no_workspace",
    "Say which workspace this is about: the header X-Workspace-Id, or a token with an active one.",
);
const MEMBER_SUSPENDED: Problem = Problem::new(
    StatusCode::FORBIDDEN,
    "member_suspended",
    "You are suspended in this workspace: ask one of its admins.",
);
const WORKSPACE_SUSPENDED: Problem = Problem::new(
    StatusCode::FORBIDDEN,
    "workspace_suspended",
    "This workspace is suspended: ask the operator of this platform.",
);
const STEP_UP: Problem = Problem::new(
    StatusCode::FORBIDDEN,
    "step_up_required",
    "This needs a fresh code of your second factor: POST /api/v1/auth/step-up.",
);

/// RFC 6750, section 3.
fn challenge(problem: Problem) -> Problem {
    let value = match problem.code() {
        "unauthenticated" => HeaderValue::from_static(REALM),
        _ => HeaderValue::from_static(r#"Bearer realm="kazi", error="invalid_token""#),
    };
    problem.header(header::WWW_AUTHENTICATE, value)
}

/// Identifies the caller.
pub async fn authenticate(
    api: &Api,
    access: Access,
    headers: &HeaderMap,
) -> Result<Principal, Problem> {
    let bearer = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, bearer)| bearer.trim())
        .ok_or_else(|| challenge(UNAUTHENTICATED))?;
    let asked = headers.get(WORKSPACE).map(workspace_of).transpose()?;
    if bearer.starts_with(ApiToken::PREFIX) {
        return program(api, bearer, asked).await;
    }
    let now = api.ctx.clock.now();
    let audience = match access {
        Access::Customer => Audience::Customer,
        _ => Audience::Member,
    };
    let claims = api
        .tokens
        .verify(audience, bearer, now)
        .map_err(|error| match error {
            TokenError::Invalid => challenge(INVALID),
            TokenError::Expired => challenge(EXPIRED),
        })?;
    // As the platform, because users stand above the workspaces.
    let mut tx = database::platform(&api.ctx.db).await?;
    let principal = match audience {
        Audience::Customer => {
            let customer = identity::customer_alive(&mut tx, now, claims.sid.into()).await?;
            let (workspace, contact) = customer
                .filter(|(_, contact)| contact.uuid() == claims.sub)
                .ok_or_else(|| challenge(INVALID))?;
            not_suspended(&mut tx, workspace).await?;
            Principal::Customer {
                contact: contact.uuid(),
                session: claims.sid,
                workspace,
            }
        }
        Audience::Member => {
            // What is the user's own, or the platform's, goes on whatever becomes of the workspace.
            let of_nobody = matches!(access, Access::User | Access::Staff);
            let state = identity::session_alive(&mut tx, now, claims.sid.into()).await?;
            let state = state
                .filter(|state| state.user.uuid() == claims.sub)
                .ok_or_else(|| challenge(INVALID))?;
            // Read for each call, so that a removed member loses access at once.
            let workspace = match asked.or(claims.ws) {
                None => None,
                Some(id) => match workspaces::role_in(&mut tx, id, claims.sub).await? {
                    Some((_, true)) if !of_nobody => return Err(WORKSPACE_SUSPENDED),
                    Some((role, _)) => Some((id, role)),
                    // A user who has left the token's workspace may still choose another one.
                    None if asked.is_none() && of_nobody => None,
                    None => return Err(no_member(&mut tx, id, claims.sub).await?),
                },
            };
            Principal::Member {
                user: claims.sub,
                session: claims.sid,
                workspace,
                is_staff: state.is_staff,
                is_stale: !state.stepped_up(now),
            }
        }
    };
    tx.commit().await?;
    Ok(principal)
}

/// Why a user without a role in a workspace is refused. Only its members learn that they are suspended.
async fn no_member(
    tx: &mut PgConnection,
    workspace: WorkspaceId,
    user: Uuid,
) -> Result<Problem, Problem> {
    match workspaces::is_suspended_member(tx, workspace, user).await? {
        true => Ok(MEMBER_SUSPENDED),
        false => Ok(NOT_A_MEMBER),
    }
}

/// The role with which a user may enter a workspace. In a transaction of the platform.
pub async fn enter(
    tx: &mut PgConnection,
    workspace: WorkspaceId,
    user: Uuid,
) -> Result<Role, Problem> {
    match workspaces::role_in(tx, workspace, user).await? {
        Some((_, true)) => Err(WORKSPACE_SUSPENDED),
        Some((role, false)) => Ok(role),
        None => Err(no_member(tx, workspace, user).await?),
    }
}

async fn not_suspended(tx: &mut PgConnection, workspace: WorkspaceId) -> Result<(), Problem> {
    match workspaces::is_suspended(tx, workspace).await? {
        true => Err(WORKSPACE_SUSPENDED),
        false => Ok(()),
    }
}

fn workspace_of(value: &HeaderValue) -> Result<WorkspaceId, Problem> {
    let id = value.to_str().unwrap_or_default();
    id.parse().map_err(|error: IdError| {
        Problem::field(member("", WORKSPACE.as_str()), "invalid", error.to_string())
    })
}

async fn program(
    api: &Api,
    bearer: &str,
    asked: Option<WorkspaceId>,
) -> Result<Principal, Problem> {
    let now = api.ctx.clock.now();
    let token = ApiToken::read(bearer).ok_or_else(|| challenge(INVALID))?;
    // As the platform, because the key tells the workspace.
    let mut tx = database::platform(&api.ctx.db).await?;
    let record = identity::api_key(&mut tx, token.id).await?;
    let record = record
        .filter(|record| record.admits(&token, now))
        .ok_or_else(|| challenge(INVALID))?;
    not_suspended(&mut tx, record.workspace).await?;
    identity::touch_api_key(&mut tx, record.id, now).await?;
    tx.commit().await?;
    if asked.is_some_and(|asked| asked != record.workspace) {
        return Err(NOT_A_MEMBER);
    }
    Ok(Principal::ApiKey {
        key: record.id.uuid(),
        workspace: record.workspace,
        // A scope that is no longer a permission allows nothing.
        scopes: (record.scopes.iter())
            .filter_map(|scope| scope.parse().ok())
            .collect(),
    })
}
