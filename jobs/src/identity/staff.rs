//! The platform's own people: who they are, and the users whom they find.

use kazi_platform::{Timestamp, UserId, actor::Actor, database};
use serde::Serialize;
use serde_json::json;
use sqlx::PgConnection;
use utoipa::ToSchema;

use super::{IdentityError, UserView, audited, store::users};
use crate::{Context, audit::Change};

/// A user as the staff sees them.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = PlatformUser)]
pub struct SeenUser {
    #[serde(flatten)]
    pub user: UserView,
    /// Since when the user is shut out.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub disabled_at: Option<Timestamp>,
}

/// All given conditions must hold.
#[derive(Clone, Debug, Default)]
pub struct UserFilter {
    /// A part of the address or of the name, in any case.
    pub q: Option<String>,
    pub is_staff: Option<bool>,
    pub disabled: Option<bool>,
}

/// Makes a user one of the platform's staff, or ends that: by the operator.
///
/// # Errors
/// The address has no account.
pub async fn set_staff(
    ctx: &Context,
    actor: &Actor,
    email: &str,
    is_staff: bool,
) -> Result<UserId, IdentityError> {
    // Users belong to no workspace.
    let mut tx = database::platform(&ctx.db).await?;
    let email = email.trim().to_ascii_lowercase();
    let before = users::by_email(&mut tx, &email).await?;
    let before = before.ok_or(IdentityError::NotFound("user"))?;
    users::set_staff(&mut tx, ctx.clock.now(), before.id, is_staff).await?;
    let (was, is) = (
        json!({"is_staff": before.is_staff}),
        json!({"is_staff": is_staff}),
    );
    let change = Change::updated("identity.set_staff", ("user", before.id), &was, &is);
    audited(&mut tx, actor, &change).await?;
    tx.commit().await?;
    Ok(before.id)
}

/// Finds users, the newest first, before the given one. In a transaction of the platform.
pub async fn users(
    conn: &mut PgConnection,
    filter: &UserFilter,
    after: Option<UserId>,
    limit: i64,
) -> Result<Vec<SeenUser>, sqlx::Error> {
    let found = users::search(conn, filter, after, limit).await?;
    let seen = found.into_iter().map(|user| SeenUser {
        disabled_at: user.disabled_at,
        user: user.into(),
    });
    Ok(seen.collect())
}

/// A user. In a transaction of the platform.
pub async fn user(conn: &mut PgConnection, id: UserId) -> Result<SeenUser, IdentityError> {
    let user = users::by_id(conn, id).await?;
    let user = user.ok_or(IdentityError::NotFound("user"))?;
    Ok(SeenUser {
        disabled_at: user.disabled_at,
        user: user.into(),
    })
}
