//! The workspaces as the platform's staff sees them, and their suspension. No content of a business is here.

use kazi_platform::{Timestamp, WorkspaceId};
use serde::Serialize;
use sqlx::PgConnection;
use utoipa::ToSchema;

use super::{WorkspaceError, store};

kazi_platform::texts! {
    pub enum TenantStatus as "WorkspaceStatus" {
        Active = "active",
        /// The staff has suspended it.
        Suspended = "suspended",
        /// An owner has deleted it, and may still restore it.
        Deleted = "deleted",
    }
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = PlatformWorkspace)]
pub struct Tenant {
    pub id: WorkspaceId,
    #[schema(example = "Zuri")]
    pub name: String,
    pub status: TenantStatus,
    /// ISO 3166.
    #[schema(example = "KE")]
    pub country: Option<String>,
    /// ISO 4217.
    #[schema(example = "KES")]
    pub currency: String,
    #[schema(example = "Africa/Nairobi")]
    pub time_zone: String,
    pub members: i64,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub suspended_at: Option<Timestamp>,
    pub suspended_reason: Option<String>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub deleted_at: Option<Timestamp>,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
}

/// All given conditions must hold.
#[derive(Clone, Debug, Default)]
pub struct TenantFilter {
    /// A part of the name, in any case.
    pub q: Option<String>,
    pub status: Option<TenantStatus>,
}

/// The workspaces, the newest first, before the given one. In a transaction of the platform.
pub async fn tenants(
    conn: &mut PgConnection,
    filter: &TenantFilter,
    after: Option<WorkspaceId>,
    limit: i64,
) -> Result<Vec<Tenant>, sqlx::Error> {
    store::tenants::list(conn, filter, None, after, limit).await
}

/// A workspace. In a transaction of the platform.
pub async fn tenant(conn: &mut PgConnection, id: WorkspaceId) -> Result<Tenant, WorkspaceError> {
    let any = TenantFilter::default();
    let mut found = store::tenants::list(conn, &any, Some(id), None, 1).await?;
    found.pop().ok_or(WorkspaceError::NotFound("workspace"))
}
