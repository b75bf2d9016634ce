//! The routes of a domain, each with its access.

use axum::{Extension, middleware::from_fn};
use kazi_jobs::Permission;
use utoipa_axum::router::UtoipaMethodRouter;

use super::{Shared, extract::BodyLimit, gate::gate, openapi};

/// Who may call a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Everybody, for log-in and before it.
    Public,
    /// A user, in any workspace or none.
    User,
    /// Somebody of the platform's staff, in no workspace.
    Staff,
    /// A member of the workspace in any role, for calls about themselves.
    Member,
    /// A contact, with a customer's token.
    Customer,
    /// A member whose role has the permission, or an API key with this scope.
    Allowed(Permission),
}

impl From<Permission> for Access {
    fn from(permission: Permission) -> Self {
        Self::Allowed(permission)
    }
}

/// The routes of a domain. There is no other way to add a route, so each has its access and its documentation.
pub struct Routes {
    pub(super) tag: &'static str,
    pub(super) about: &'static str,
    pub(super) methods: Vec<UtoipaMethodRouter<Shared>>,
}

impl Routes {
    /// `tag` is the domain's name, and `about` a sentence about it.
    pub fn new(tag: &'static str, about: &'static str) -> Self {
        Self {
            tag,
            about,
            methods: Vec::new(),
        }
    }

    /// Adds the methods of a path.
    pub fn add(self, access: impl Into<Access>, routes: UtoipaMethodRouter<Shared>) -> Self {
        self.with(access.into(), None, routes)
    }

    /// Adds a route that takes larger bodies.
    pub fn add_large(
        self,
        access: impl Into<Access>,
        bytes: usize,
        routes: UtoipaMethodRouter<Shared>,
    ) -> Self {
        self.with(access.into(), Some(BodyLimit(bytes)), routes)
    }

    fn with(
        mut self,
        access: Access,
        limit: Option<BodyLimit>,
        (schemas, mut paths, methods): UtoipaMethodRouter<Shared>,
    ) -> Self {
        for (path, item) in &mut paths.paths {
            openapi::complete(path, item, self.tag, access);
        }
        // Only on the known methods: an unknown method is 405 for everybody.
        let mut methods = methods
            .route_layer(from_fn(gate))
            .route_layer(Extension(access));
        if let Some(limit) = limit {
            methods = methods
                .route_layer(Extension(limit))
                .route_layer(axum::extract::DefaultBodyLimit::max(limit.0));
        }
        self.methods.push((schemas, paths, methods));
        self
    }
}
