//! Keys for programs: `kz_live_<id>_<secret>`, shown once, of one workspace, for what their scopes name.

use std::collections::BTreeSet;

use chrono::{Datelike, TimeDelta};
use kazi_platform::{Timestamp, WorkspaceId, id, without_nul};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sqlx::PgConnection;
use subtle::ConstantTimeEq;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{IdentityError, secret, store::api_keys};
use crate::{Work, audit::Change, violations::Violations, workspaces};

id!(
    /// A key for programs.
    pub struct ApiKeyId, "key_"
);

const NAME_LIMIT: usize = 100;
const SCOPES_LIMIT: usize = 100;
const LAST_YEAR: i32 = 9999;
/// Of one workspace.
const MOST: i64 = 100;
/// The last use is written down at most so often: it is for people.
const TOUCH: TimeDelta = TimeDelta::minutes(1);

/// A key to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewApiKey {
    /// What it is for: 1 to 100 characters.
    #[schema(min_length = 1, max_length = 100, example = "Website")]
    pub name: String,
    /// Names of permissions: at least one.
    #[schema(min_items = 1, max_items = 100, example = json!(["contacts.read"]))]
    pub scopes: Vec<String>,
    /// When it ends; never, without.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub expires_at: Option<Timestamp>,
}

/// A key as its workspace sees it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ApiKeyView {
    /// Its id, which is also in the key.
    pub id: ApiKeyId,
    /// What it is for.
    #[schema(min_length = 1, max_length = 100, example = "Website")]
    pub name: String,
    /// Names of permissions.
    #[schema(example = json!(["contacts.read"]))]
    pub scopes: Vec<String>,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When it ends.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub expires_at: Option<Timestamp>,
    /// To the minute.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last_used_at: Option<Timestamp>,
    /// When it was revoked.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub revoked_at: Option<Timestamp>,
}

/// A key as it is checked.
#[derive(Clone, Debug)]
pub struct ApiKeyRecord {
    pub id: ApiKeyId,
    pub workspace: WorkspaceId,
    /// Names of permissions.
    pub scopes: Vec<String>,
    pub(super) hash: Vec<u8>,
    /// The member who made it.
    pub(super) created_by: Option<Uuid>,
    pub(super) expires_at: Option<Timestamp>,
    pub(super) revoked_at: Option<Timestamp>,
}

/// A key that a caller shows.
#[derive(Clone, Debug)]
pub struct ApiToken {
    /// Which key it says it is.
    pub id: ApiKeyId,
    hash: Vec<u8>,
}

impl ApiToken {
    /// Before the id and the secret: secret scanners know it by this.
    pub const PREFIX: &str = "kz_live_";

    /// Reads what stands in `Authorization`; `None` when it is no key of this form.
    pub fn read(text: &str) -> Option<Self> {
        let (id, secret) = text.strip_prefix(Self::PREFIX)?.split_once('_')?;
        // 43 characters are 256 bits.
        if id.len() != 32 || secret.len() != 43 {
            return None;
        }
        Some(Self {
            id: Uuid::try_parse(id).ok()?.into(),
            hash: secret::hash(&secret.to_owned().into()),
        })
    }
}

impl ApiKeyRecord {
    /// Whether this is the key, and it is good now.
    pub fn admits(&self, token: &ApiToken, now: Timestamp) -> bool {
        bool::from(self.hash.ct_eq(&token.hash))
            && self.id == token.id
            && self.revoked_at.is_none()
            && self.expires_at.is_none_or(|end| now < end)
    }
}

/// Makes a key, in a transaction of its workspace. The secret is not shown again. `permissions`: the names there are.
///
/// # Errors
/// The input breaks a rule, or the workspace has a hundred keys.
pub async fn create_api_key(
    work: &mut Work,
    input: &NewApiKey,
    permissions: &[&str],
) -> Result<(ApiKeyId, SecretString), IdentityError> {
    let mut violations = Violations::default();
    let name = without_nul(input.name.trim());
    if name.is_empty() || name.chars().count() > NAME_LIMIT {
        violations.add("/name", ("length", "1 to 100 characters".into()));
    }
    let scopes: BTreeSet<&str> = input.scopes.iter().map(String::as_str).collect();
    if scopes.is_empty() || input.scopes.len() > SCOPES_LIMIT {
        violations.add("/scopes", ("length", "1 to 100 permissions".into()));
    } else if !scopes.iter().all(|scope| permissions.contains(scope)) {
        violations.add("/scopes", ("unknown", "names of permissions only".into()));
    }
    if input.expires_at.is_some_and(|end| end <= work.now()) {
        violations.add("/expires_at", ("past", "a time to come".into()));
    }
    // RFC 3339 can write no later year, and what was taken is shown again.
    if input.expires_at.is_some_and(|end| end.year() > LAST_YEAR) {
        let rule = format!("at most the year {LAST_YEAR}");
        violations.add("/expires_at", ("too_late", rule));
    }
    violations.end()?;
    if api_keys::count_alive(work).await? >= MOST {
        return Err(IdentityError::Conflict {
            code: "too_many_keys",
            detail: "a workspace has at most 100 keys: revoke those that nobody uses",
        });
    }
    let id = ApiKeyId::at(work.now());
    let secret = secret::random();
    let scopes: Vec<String> = scopes.into_iter().map(str::to_owned).collect();
    let maker = work.actor().id;
    api_keys::insert(
        work,
        id,
        &name,
        &secret::hash(&secret),
        &scopes,
        input.expires_at,
        maker,
    )
    .await?;
    let after = json!({"name": name, "scopes": scopes, "expires_at": input.expires_at});
    let (action, subject) = ("identity.create_api_key", ("api_key", id));
    work.audit(&Change::created(action, subject, &after))
        .await?;
    let key = format!(
        "{}{}_{}",
        ApiToken::PREFIX,
        id.uuid().simple(),
        secret.expose_secret()
    );
    Ok((id, key.into()))
}

/// A workspace's keys, the newest first, in a transaction of its own. `after`: the last id of the page before.
pub async fn list_api_keys(
    work: &mut Work,
    after: Option<ApiKeyId>,
    limit: i64,
) -> Result<Vec<ApiKeyView>, sqlx::Error> {
    api_keys::list(work, after, limit).await
}

/// Ends a key, in a transaction of its workspace. One that has ended stays so.
pub async fn revoke_api_key(work: &mut Work, id: ApiKeyId) -> Result<(), IdentityError> {
    let was_alive = api_keys::revoke(work, id).await?;
    if was_alive.ok_or(IdentityError::NotFound("API key"))? {
        let (action, subject) = ("identity.revoke_api_key", ("api_key", id));
        let (before, after) = (
            json!({"revoked_at": null}),
            json!({"revoked_at": work.now()}),
        );
        work.audit(&Change::updated(action, subject, &before, &after))
            .await?;
    }
    Ok(())
}

/// A key by its id, of whatever workspace that is not deleted: [`ApiKeyRecord::admits`] decides. There is none while the
/// member who made it is suspended, or once they are removed: whoever is not trusted may know its secret. In a transaction of
/// the platform.
pub async fn api_key(
    conn: &mut PgConnection,
    id: ApiKeyId,
) -> Result<Option<ApiKeyRecord>, sqlx::Error> {
    let Some(key) = api_keys::find(&mut *conn, id).await? else {
        return Ok(None);
    };
    let there = match key.created_by {
        Some(maker) => {
            let found = workspaces::role_in(conn, key.workspace, maker).await?;
            found.is_some()
        }
        None => workspaces::exists(conn, key.workspace).await?,
    };
    Ok(there.then_some(key))
}

/// Notes that a key was used, at most once a minute.
pub async fn touch_api_key(
    conn: &mut PgConnection,
    id: ApiKeyId,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    api_keys::touch(conn, id, now, now - TOUCH).await
}
