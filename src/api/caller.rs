//! Who calls, as a handler gets it; each begins the transaction that is theirs.

use std::sync::Arc;

use axum::{
    extract::FromRequestParts,
    http::{HeaderName, header, request::Parts},
};
use kazi_jobs::{
    Across, Role, Work,
    contacts::ContactId,
    idempotency::Claim,
    identity::{Origin, SessionId},
};
use kazi_platform::{
    UserId, WorkspaceId,
    actor::{Actor, ActorKind},
};
use secrecy::SecretString;
use utoipa::IntoParams;
use uuid::Uuid;

use super::{
    Shared,
    auth::{FORBIDDEN, NO_WORKSPACE, Principal},
    limits::ClientAddress,
};
use crate::{observe::RequestId, problem::Problem};

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
    /// Begins the work of the call. A POST with an `Idempotency-Key` is marked in its transaction as carried out: with its
    /// effect, or not at all.
    async fn work(&self, workspace: WorkspaceId) -> Result<Work, Problem> {
        let mut work = Work::by(&self.api.ctx, workspace, self.actor.clone()).await?;
        if let Some(claim) = &self.claim {
            claim.mark(work.conn()).await?;
        }
        Ok(work)
    }

    /// As [`Known::work`], over all workspaces.
    async fn across(&self) -> Result<Across, Problem> {
        let ctx = &self.api.ctx;
        let mut across = Across::begin(&ctx.db, ctx.clock.now(), self.actor.clone()).await?;
        if let Some(claim) = &self.claim {
            claim.mark(across.conn()).await?;
        }
        Ok(across)
    }
}

/// A member or a program, in a workspace, with the permission of the route.
pub struct Caller {
    /// The workspace that the call is about.
    pub workspace: WorkspaceId,
    /// For what is changed.
    pub actor: Actor,
    /// Whoever it is.
    pub principal: Arc<Principal>,
    known: Known,
}

impl Caller {
    /// Begins a transaction that sees this workspace and no other.
    pub async fn begin(&self) -> Result<Work, Problem> {
        self.known.work(self.workspace).await
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

/// A member, for what is theirs in a workspace.
pub struct Member {
    pub user: Uuid,
    /// The workspace that the call is about.
    pub workspace: WorkspaceId,
    known: Known,
}

impl Member {
    /// Begins a transaction that sees this workspace and no other.
    pub async fn begin(&self) -> Result<Work, Problem> {
        self.known.work(self.workspace).await
    }
}

impl FromRequestParts<Shared> for Member {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Shared) -> Result<Self, Problem> {
        let known = Known::from_request_parts(parts, api).await?;
        match *known.principal {
            Principal::Member {
                user, workspace, ..
            } => Ok(Self {
                user,
                workspace: workspace.ok_or(NO_WORKSPACE)?.0,
                known,
            }),
            _ => Err(FORBIDDEN),
        }
    }
}

/// A user, for what is theirs and no workspace's.
pub struct User {
    pub user: UserId,
    pub session: SessionId,
    /// The active workspace and the role there.
    pub workspace: Option<(WorkspaceId, Role)>,
    /// For what is changed.
    pub actor: Actor,
    known: Known,
}

impl User {
    /// Begins a transaction of the platform: users, sessions and memberships stand above the workspaces.
    pub async fn begin(&self) -> Result<Across, Problem> {
        self.known.across().await
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
                ..
            } => Ok(Self {
                user: user.into(),
                session: session.into(),
                workspace,
                actor: known.actor.clone(),
                known,
            }),
            _ => Err(FORBIDDEN),
        }
    }
}

/// A contact, for what is theirs.
pub struct Customer {
    pub contact: ContactId,
    pub session: SessionId,
    pub workspace: WorkspaceId,
    /// For what is changed.
    pub actor: Actor,
    known: Known,
}

impl Customer {
    /// Begins a transaction of the contact's workspace.
    pub async fn begin(&self) -> Result<Work, Problem> {
        self.known.work(self.workspace).await
    }
}

impl FromRequestParts<Shared> for Customer {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Shared) -> Result<Self, Problem> {
        let known = Known::from_request_parts(parts, api).await?;
        match *known.principal {
            Principal::Customer {
                contact,
                session,
                workspace,
            } => Ok(Self {
                contact: contact.into(),
                session: session.into(),
                workspace,
                actor: known.actor.clone(),
                known,
            }),
            _ => Err(FORBIDDEN),
        }
    }
}

/// What an earlier log-in gave the device.
pub const DEVICE: HeaderName = HeaderName::from_static("x-device-token");

/// How a device makes itself known at a log-in.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "it is the documentation of a header")]
pub struct Device {
    /// The `device_token` of an earlier log-in: tries that fail elsewhere then do not lock this device out.
    #[param(rename = "X-Device-Token")]
    device: Option<String>,
}

/// From where a call comes, whoever makes it.
pub struct CalledFrom(pub Origin);

impl FromRequestParts<Shared> for CalledFrom {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &Shared) -> Result<Self, Problem> {
        let text = |name| {
            parts
                .headers
                .get(name)
                .and_then(|value| value.to_str().ok())
        };
        let actor = actor(parts, ActorKind::Member, None);
        Ok(Self(Origin {
            address: actor.address,
            user_agent: text(header::USER_AGENT).map(str::to_owned),
            device: text(DEVICE).map(SecretString::from),
            request: actor.request,
        }))
    }
}
