//! The extractors of callers. Each begins the transaction that fits its caller.

use std::sync::Arc;

use axum::{
    extract::FromRequestParts,
    http::{HeaderName, header, request::Parts},
};
use kazi_jobs::{
    Across, Role, Work,
    audit::Change,
    contacts::ContactId,
    conversations::Assigned,
    idempotency::Claim,
    identity::{Origin, SessionId},
    staff,
};
use kazi_platform::{
    UserId, WorkspaceId,
    actor::{Actor, ActorKind},
};
use secrecy::SecretString;
use serde::Serialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::{
    Shared,
    auth::{FORBIDDEN, NO_WORKSPACE, Principal},
    limits::ClientAddress,
};
use crate::{observe::RequestId, problem::Problem};

/// What the gate has found out about a call.
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

/// The actor of a call's changes, for the audit log.
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
    /// Begins the work of a call. A POST with an `Idempotency-Key` is marked as done in the same transaction as its
    /// effect.
    async fn work(&self, workspace: WorkspaceId) -> Result<Work, Problem> {
        let mut work = Work::by(&self.api.ctx, workspace, self.actor.clone()).await?;
        if let Some(claim) = &self.claim {
            claim.mark(work.conn()).await?;
        }
        Ok(work)
    }

    /// Like [`Known::work`], over all workspaces.
    async fn across(&self) -> Result<Across, Problem> {
        let ctx = &self.api.ctx;
        let mut across = Across::begin(&ctx.db, ctx.clock.now(), self.actor.clone()).await?;
        if let Some(claim) = &self.claim {
            claim.mark(across.conn()).await?;
        }
        Ok(across)
    }
}

/// A member or a program in a workspace, with the permission of the route.
pub struct Caller {
    pub workspace: WorkspaceId,
    pub actor: Actor,
    pub principal: Arc<Principal>,
    known: Known,
}

impl Caller {
    /// Begins a transaction that sees only this workspace.
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

/// Reads a filter by assignee: a member's user, `me` or `nobody`.
pub fn assigned(caller: &Caller, asked: Option<&str>) -> Result<Option<Assigned>, Problem> {
    let refused = |rule| Problem::field("/assignee_id", "invalid", rule);
    Ok(match asked {
        None => None,
        Some("nobody") => Some(Assigned::Nobody),
        Some("me") if caller.actor.kind == ActorKind::Member => {
            caller.actor.id.map(|user| Assigned::To(user.into()))
        }
        Some("me") => {
            return Err(refused(
                "an API key is nobody's assignee: name a member's user",
            ));
        }
        Some(user) => {
            let user = user.parse();
            let rule = "must be a member's user, `me` or `nobody`";
            Some(Assigned::To(user.map_err(|_| refused(rule))?))
        }
    })
}

/// A member, for calls about themselves in a workspace.
pub struct Member {
    pub user: Uuid,
    pub workspace: WorkspaceId,
    known: Known,
}

impl Member {
    /// Begins a transaction that sees only this workspace.
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

/// A user, for calls that belong to no workspace.
pub struct User {
    pub user: UserId,
    pub session: SessionId,
    /// The active workspace, and the role there.
    pub workspace: Option<(WorkspaceId, Role)>,
    pub actor: Actor,
    known: Known,
}

impl User {
    /// Begins a transaction of the platform, because users, sessions and memberships stand above the workspaces.
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

/// Somebody of the platform's staff.
pub struct Staff {
    pub actor: Actor,
    known: Known,
}

impl Staff {
    /// Begins a transaction of the platform, because the staff belongs to no workspace.
    pub async fn begin(&self) -> Result<Across, Problem> {
        self.known.across().await
    }

    /// The same for a call that only looks, which is recorded too: of one thing, or of the platform.
    pub async fn look(
        &self,
        action: &'static str,
        subject: Option<(&'static str, Uuid)>,
    ) -> Result<Across, Problem> {
        let mut across = self.begin().await?;
        let (platform, id) = staff::PLATFORM;
        let subject = subject.unwrap_or((platform, id.uuid()));
        staff::note(&mut across, &Change::done(action, subject)).await?;
        Ok(across)
    }

    /// The same for a page that looks again every few seconds: one record for all looks of a quarter of an hour.
    pub async fn watch(&self, action: &'static str) -> Result<Across, Problem> {
        self.watching(&Change::done(action, staff::PLATFORM)).await
    }

    /// The same for a page of one thing, which the record names.
    pub async fn watch_one(
        &self,
        action: &'static str,
        seen: &impl Serialize,
    ) -> Result<Across, Problem> {
        let look = Change::created(action, staff::PLATFORM, seen);
        self.watching(&look).await
    }

    async fn watching(&self, look: &Change) -> Result<Across, Problem> {
        let mut across = self.begin().await?;
        staff::note_watching(&mut across, look).await?;
        Ok(across)
    }

    /// Begins a transaction that sees one workspace alone.
    pub async fn within(&self, workspace: WorkspaceId) -> Result<Work, Problem> {
        self.known.work(workspace).await
    }
}

impl FromRequestParts<Shared> for Staff {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Shared) -> Result<Self, Problem> {
        let known = Known::from_request_parts(parts, api).await?;
        let actor = Actor {
            kind: ActorKind::Staff,
            ..known.actor
        };
        let known = Known {
            actor: actor.clone(),
            ..known
        };
        Ok(Self { actor, known })
    }
}

/// A contact, for calls about themselves.
pub struct Customer {
    pub contact: ContactId,
    pub session: SessionId,
    pub workspace: WorkspaceId,
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

/// The header with the token that an earlier log-in gave to the device.
pub const DEVICE: HeaderName = HeaderName::from_static("x-device-token");

/// Identifies a device at a log-in.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "it is the documentation of a header")]
pub struct Device {
    /// The `device_token` of an earlier log-in. With it, failed tries from elsewhere do not lock this device out.
    #[param(rename = "X-Device-Token")]
    device: Option<String>,
}

/// The origin of a call.
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
