//! Workspaces: the tenants. Everything a business owns hangs on one.

pub mod permissions;
mod store;

use kazi_platform::{Currency, WorkspaceId};
use sqlx::PgConnection;
pub use store::{create, get};

/// What the domains need to know of a workspace.
#[derive(Clone, Debug)]
pub struct Workspace {
    /// Its id.
    pub id: WorkspaceId,
    /// What the business is called.
    pub name: String,
    /// What it speaks when a contact's language is not known.
    pub default_language: String,
    /// What it speaks: languages of ours.
    pub languages: Vec<String>,
    /// ISO 3166, for phone numbers without one.
    pub country: Option<String>,
    /// Of its prices.
    pub currency: String,
}

/// A workspace to be made.
#[derive(Clone, Debug)]
pub struct NewWorkspace<'a> {
    /// What the business is called.
    pub name: &'a str,
    /// What it speaks when a contact's language is not known.
    pub default_language: &'a str,
    /// All that it speaks, the default among them.
    pub languages: &'a [String],
    /// ISO 3166.
    pub country: Option<&'a str>,
    /// Of its prices.
    pub currency: Currency,
}

/// The workspace of this name, if there is one: for the demo, which makes its own once.
///
/// # Errors
/// The database failed.
pub async fn by_name(
    conn: &mut PgConnection,
    name: &str,
) -> Result<Option<WorkspaceId>, sqlx::Error> {
    store::by_name(conn, name).await
}
