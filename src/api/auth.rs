//! Who calls: a member, a program with a key, a customer.

use std::{net::IpAddr, sync::Arc};

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header, request::Parts},
};
use kazi_jobs::{
    idempotency::Claim,
    workspaces::permissions::{Permission, Role},
};
use kazi_platform::{
    WorkspaceId,
    actor::{Actor, ActorKind},
    database,
    token::{Audience, TokenError},
};
use sqlx::{Postgres, Transaction};
use uuid::Uuid;

use super::{Api, Shared, known, limits::ClientAddress, routes::Access};
use crate::{observe::RequestId, problem::Problem};

/// The workspace that a call is about, where it is not the token's active one.
pub const WORKSPACE: HeaderName = HeaderName::from_static("x-workspace-id");

/// Who calls.
#[derive(Clone, Debug)]
pub enum Principal {
    /// A user.
    Member {
        user: Uuid,
        session: Uuid,
        /// The one that the call is about, and what the user is there.
        workspace: Option<(WorkspaceId, Role)>,
        /// Of the platform.
        is_staff: bool,
        /// Whether a code of the second factor must be asked for before what wants a fresh one.
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
        workspace: WorkspaceId,
    },
}

impl Principal {
    /// The workspace that the call is about.
    pub fn workspace(&self) -> Option<WorkspaceId> {
        match self {
            Self::Member { workspace, .. } => workspace.map(|(workspace, _)| workspace),
            Self::ApiKey { workspace, .. } | Self::Customer { workspace, .. } => Some(*workspace),
        }
    }

    /// Whether the role or the scopes have the permission.
    pub fn allows(&self, permission: Permission) -> bool {
        match self {
            Self::Member { workspace, .. } => {
                workspace.is_some_and(|(_, role)| role.allows(permission))
            }
            Self::ApiKey { scopes, .. } => permission.rule().keys && scopes.contains(&permission),
            Self::Customer { .. } => false,
        }
    }

    /// Whose idempotency keys and whose share of calls: `member/<uuid>`.
    pub fn name(&self) -> String {
        let (kind, id) = self.who();
        format!("{}/{id}", kind.word())
    }

    fn who(&self) -> (ActorKind, Uuid) {
        match self {
            Self::Member { user, .. } => (ActorKind::Member, *user),
            Self::ApiKey { key, .. } => (ActorKind::ApiKey, *key),
            Self::Customer { contact, .. } => (ActorKind::Customer, *contact),
        }
    }

    /// Whether this one may use a route.
    pub fn check(&self, access: Access) -> Result<(), Problem> {
        match (access, self) {
            (Access::Public, _)
            | (Access::User, Self::Member { .. })
            | (Access::Customer, Self::Customer { .. }) => Ok(()),
            (Access::User | Access::Customer, _) => Err(FORBIDDEN),
            (
                Access::Allowed(_),
                Self::Member {
                    workspace: None, ..
                },
            ) => Err(NO_WORKSPACE),
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

const REALM: &str = r#"Bearer realm="kazi""#;
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
const NO_WORKSPACE: Problem = Problem::new(
    StatusCode::FORBIDDEN,
    "no_workspace",
    "Say which workspace this is about: the header X-Workspace-Id, or a token with an active one.",
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

/// Finds out who calls.
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
    if bearer.starts_with(known::KEY_PREFIX) {
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
    // The platform's: who somebody is stands above the workspaces.
    let mut tx = database::platform(&api.ctx.db).await?;
    let principal = match audience {
        Audience::Customer => {
            let customer = known::customer_alive(&mut tx, now, &claims).await?;
            let (workspace, contact) = customer.ok_or_else(|| challenge(INVALID))?;
            Principal::Customer { contact, workspace }
        }
        Audience::Member => {
            let user = known::session_alive(&mut tx, now, &claims).await?;
            let user = user.ok_or_else(|| challenge(INVALID))?;
            let workspace = match asked.or(claims.ws) {
                None => None,
                Some(workspace) => {
                    // Read each time, so that whoever is removed is out at once.
                    let role = known::role_of(&mut tx, workspace, &claims).await?;
                    Some((workspace, role.ok_or(NOT_A_MEMBER)?))
                }
            };
            Principal::Member {
                user: user.user,
                session: claims.sid,
                workspace,
                is_staff: user.is_staff,
                is_stale: user.is_stale,
            }
        }
    };
    tx.commit().await?;
    Ok(principal)
}

fn workspace_of(value: &HeaderValue) -> Result<WorkspaceId, Problem> {
    let id = value.to_str().ok().and_then(|id| id.parse().ok());
    id.ok_or(NOT_A_MEMBER)
}

async fn program(
    api: &Api,
    bearer: &str,
    asked: Option<WorkspaceId>,
) -> Result<Principal, Problem> {
    // The platform's: a key is what says which workspace it is.
    let mut tx = database::platform(&api.ctx.db).await?;
    let program = known::program(&mut tx, api.ctx.clock.now(), bearer).await?;
    tx.commit().await?;
    let program = program.ok_or_else(|| challenge(INVALID))?;
    if asked.is_some_and(|asked| asked != program.workspace) {
        return Err(NOT_A_MEMBER);
    }
    Ok(Principal::ApiKey {
        key: program.key,
        workspace: program.workspace,
        scopes: program.scopes,
    })
}

/// What is known of a call, for its handler.
#[derive(Clone)]
struct Known {
    api: Shared,
    principal: Arc<Principal>,
    actor: Actor,
    claim: Option<Claim>,
}

impl FromRequestParts<Shared> for Known {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Shared) -> Result<Self, Problem> {
        let principal = parts.extensions.get::<Arc<Principal>>().cloned();
        let principal =
            principal.ok_or_else(|| Problem::internal("a public route asks who calls"))?;
        let (kind, id) = principal.who();
        Ok(Self {
            api: api.clone(),
            actor: actor(parts, kind, Some(id)),
            claim: parts.extensions.get::<Claim>().cloned(),
            principal,
        })
    }
}

/// Who makes a call's changes, for the audit log.
fn actor(parts: &Parts, kind: ActorKind, id: Option<Uuid>) -> Actor {
    let address = parts.extensions.get::<ClientAddress>();
    let request = parts.extensions.get::<RequestId>();
    Actor {
        kind,
        id,
        address: address.map(|address| address.0),
        request: request.map(|id| id.as_str().to_owned()),
    }
}

impl Known {
    /// Begins the transaction of the call. A POST with an `Idempotency-Key` is marked in it as carried out: with its
    /// effect, or not at all.
    async fn begin(
        &self,
        mut tx: Transaction<'static, Postgres>,
    ) -> Result<Transaction<'static, Postgres>, Problem> {
        if let Some(claim) = &self.claim {
            claim.mark(&mut tx).await?;
        }
        Ok(tx)
    }
}

/// A member or a program, in a workspace, with the permission of the route.
pub struct Caller {
    /// The workspace that the call is about.
    pub workspace: WorkspaceId,
    /// For what is changed.
    pub actor: Actor,
    /// Whoever it is.
    #[expect(
        dead_code,
        reason = "the first route that asks for more than a permission uses it"
    )]
    pub principal: Arc<Principal>,
    known: Known,
}

impl Caller {
    /// Begins a transaction that sees this workspace and no other.
    pub async fn begin(&self) -> Result<Transaction<'static, Postgres>, Problem> {
        let tx = database::tenant(&self.known.api.ctx.db, self.workspace).await?;
        self.known.begin(tx).await
    }
}

impl FromRequestParts<Shared> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Shared) -> Result<Self, Problem> {
        let known = Known::from_request_parts(parts, api).await?;
        Ok(Self {
            workspace: known.principal.workspace().ok_or(NO_WORKSPACE)?,
            actor: known.actor.clone(),
            principal: known.principal.clone(),
            known,
        })
    }
}

/// A user, for what is theirs and no workspace's.
#[expect(
    dead_code,
    reason = "the first route that changes a user uses its actor"
)]
pub struct User {
    pub user: Uuid,
    pub session: Uuid,
    pub is_staff: bool,
    /// The active workspace and the role there.
    pub workspace: Option<(WorkspaceId, Role)>,
    /// For what is changed.
    pub actor: Actor,
    known: Known,
}

impl User {
    /// Begins a transaction of the platform: users, sessions and memberships stand above the workspaces.
    #[expect(dead_code, reason = "the first route that changes a user uses it")]
    pub async fn begin(&self) -> Result<Transaction<'static, Postgres>, Problem> {
        let tx = database::platform(&self.known.api.ctx.db).await?;
        self.known.begin(tx).await
    }
}

impl FromRequestParts<Shared> for User {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Shared) -> Result<Self, Problem> {
        let known = Known::from_request_parts(parts, api).await?;
        match *known.principal {
            Principal::Member {
                user,
                session,
                workspace,
                is_staff,
                ..
            } => Ok(Self {
                user,
                session,
                is_staff,
                workspace,
                actor: known.actor.clone(),
                known,
            }),
            _ => Err(FORBIDDEN),
        }
    }
}

/// A contact, for what is theirs.
#[expect(dead_code, reason = "the first route for customers uses it")]
pub struct Customer {
    pub contact: Uuid,
    pub workspace: WorkspaceId,
    /// For what is changed.
    pub actor: Actor,
    known: Known,
}

impl Customer {
    /// Begins a transaction of the contact's workspace.
    #[expect(dead_code, reason = "the first route for customers uses it")]
    pub async fn begin(&self) -> Result<Transaction<'static, Postgres>, Problem> {
        let tx = database::tenant(&self.known.api.ctx.db, self.workspace).await?;
        self.known.begin(tx).await
    }
}

impl FromRequestParts<Shared> for Customer {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Shared) -> Result<Self, Problem> {
        let known = Known::from_request_parts(parts, api).await?;
        match *known.principal {
            Principal::Customer { contact, workspace } => Ok(Self {
                contact,
                workspace,
                actor: known.actor.clone(),
                known,
            }),
            _ => Err(FORBIDDEN),
        }
    }
}

/// Anybody, on a public route: from where, for limits and the audit log.
#[expect(dead_code, reason = "the first public route uses it")]
pub struct Anybody {
    pub address: Option<IpAddr>,
    pub request: Option<String>,
}

impl FromRequestParts<Shared> for Anybody {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &Shared) -> Result<Self, Problem> {
        let actor = actor(parts, ActorKind::Member, None);
        Ok(Self {
            address: actor.address,
            request: actor.request,
        })
    }
}
