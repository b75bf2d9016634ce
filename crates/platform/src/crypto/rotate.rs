//! Replaces keys while the program runs.
//!
//! The master key: each data key is wrapped again by the first master key, in batches with one transaction each. The
//! sealed values do not change, so this is quick. A process that has both master keys can open everything at any
//! moment.
//!
//! The data keys: a workspace gets a new version, and the owners of sealed values seal them again in the same
//! transaction.

use serde::Serialize;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use super::{CryptoError, Keyring, lock, place};
use crate::{Timestamp, WorkspaceId, database};

/// The number of keys in one transaction.
const BATCH_KEYS: i64 = 500;

/// How many data keys one master key has wrapped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MasterUse {
    /// The name of the master key: the first 8 hex digits of its SHA-256. `None` means a master key that is not
    /// configured here.
    pub master: Option<String>,
    /// This master key wraps new data keys.
    pub first: bool,
    /// The number of data keys that this master key has wrapped.
    pub data_keys: usize,
}

/// The counts of one run of [`rewrap`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Rewrapped {
    /// Data keys that the run has read.
    pub seen: usize,
    /// Data keys that the run has wrapped again.
    pub rewrapped: usize,
    /// Data keys that the run could not unwrap, because their master key is not configured.
    pub unknown: usize,
}

/// The last key of a page: workspace and version.
type Place = (Uuid, i32);

struct Wrapped {
    workspace: WorkspaceId,
    version: i32,
    wrapped: Vec<u8>,
}

async fn page(
    conn: &mut PgConnection,
    (workspace, version): Place,
) -> Result<Vec<Wrapped>, sqlx::Error> {
    sqlx::query_as!(
        Wrapped,
        r#"SELECT workspace_id AS "workspace: WorkspaceId", version, wrapped FROM workspace_keys
           WHERE (workspace_id, version) > ($1, $2) ORDER BY workspace_id, version LIMIT $3"#,
        workspace,
        version,
        BATCH_KEYS
    )
    .fetch_all(conn)
    .await
}

/// Returns the number of data keys of all workspaces.
///
/// # Errors
/// The query fails.
pub async fn count(db: &PgPool) -> Result<i64, sqlx::Error> {
    // This module works on the keys of all workspaces.
    let mut tx = database::platform(db).await?;
    sqlx::query_scalar!(r#"SELECT count(*) AS "n!" FROM workspace_keys"#)
        .fetch_one(&mut *tx)
        .await
}

/// Returns the number of data keys for each master key.
///
/// # Errors
/// A query fails.
pub async fn list(db: &PgPool, keyring: &Keyring) -> Result<Vec<MasterUse>, CryptoError> {
    let mut uses: Vec<MasterUse> = keyring
        .names
        .iter()
        .enumerate()
        .map(|(n, name)| MasterUse {
            master: Some(name.clone()),
            first: n == 0,
            data_keys: 0,
        })
        .collect();
    let mut unknown = 0;
    let mut at = (Uuid::nil(), 0);
    loop {
        let mut tx = database::platform(db).await?;
        let keys = page(&mut tx, at).await?;
        tx.commit().await?;
        let Some(last) = keys.last() else { break };
        at = (last.workspace.uuid(), last.version);
        for key in &keys {
            let aad = place(key.workspace);
            let by = keyring
                .masters
                .iter()
                .position(|master| master.open(&aad, &key.wrapped).is_ok());
            match by.and_then(|n| uses.get_mut(n)) {
                Some(master) => master.data_keys += 1,
                None => unknown += 1,
            }
        }
    }
    if unknown > 0 {
        uses.push(MasterUse {
            master: None,
            first: false,
            data_keys: unknown,
        });
    }
    Ok(uses)
}

/// Wraps all data keys with the first master key. It calls `tell` with the counts after each batch. After an interruption the next
/// run continues with the keys that are left.
///
/// # Errors
/// A query fails. The batches before it stay done.
pub async fn rewrap(
    db: &PgPool,
    keyring: &Keyring,
    mut tell: impl FnMut(&Rewrapped),
) -> Result<Rewrapped, CryptoError> {
    let mut done = Rewrapped::default();
    let mut at = (Uuid::nil(), 0);
    let first = keyring.masters.first().ok_or(CryptoError::MasterKey)?;
    loop {
        let mut tx = database::platform(db).await?;
        let keys = page(&mut tx, at).await?;
        let Some(last) = keys.last() else {
            return Ok(done);
        };
        at = (last.workspace.uuid(), last.version);
        for key in &keys {
            done.seen += 1;
            let aad = place(key.workspace);
            if first.open(&aad, &key.wrapped).is_ok() {
                continue;
            }
            let Ok(plain) = keyring.unwrap(&aad, &key.wrapped) else {
                done.unknown += 1;
                continue;
            };
            let wrapped = keyring.wrap(&aad, &plain)?;
            // Another process may have purged the key or wrapped it again. The statement changes only the value that
            // was read.
            let written = sqlx::query!(
                "UPDATE workspace_keys SET wrapped = $4 WHERE workspace_id = $1 AND version = $2 AND wrapped = $3",
                key.workspace.uuid(),
                key.version,
                key.wrapped,
                wrapped
            )
            .execute(&mut *tx)
            .await?;
            done.rewrapped += usize::from(written.rows_affected() == 1);
        }
        tx.commit().await?;
        tell(&done);
    }
}

/// Returns workspaces after `after` whose newest data key is older than `before`. A run that was interrupted can
/// start again, because renewed keys are no longer old.
///
/// # Errors
/// The query fails.
pub async fn older_than(
    db: &PgPool,
    before: Timestamp,
    after: Option<WorkspaceId>,
) -> Result<Vec<WorkspaceId>, sqlx::Error> {
    let mut tx = database::platform(db).await?;
    sqlx::query_scalar!(
        r#"SELECT workspace_id AS "workspace: WorkspaceId" FROM workspace_keys
           WHERE $2::uuid IS NULL OR workspace_id > $2
           GROUP BY workspace_id HAVING max(created_at) < $1 ORDER BY workspace_id LIMIT $3"#,
        before,
        after.map(WorkspaceId::uuid),
        BATCH_KEYS
    )
    .fetch_all(&mut *tx)
    .await
}

/// Gives a workspace a new data key, in the caller's transaction. The caller seals the workspace's values again in the
/// same transaction. Other processes may seal with the previous key for one more minute; the previous key stays and
/// opens those values.
///
/// # Errors
/// A query fails, for example because another transaction renews the same key.
pub async fn renew(
    conn: &mut PgConnection,
    keyring: &Keyring,
    workspace: WorkspaceId,
) -> Result<i32, CryptoError> {
    let wrapped = keyring.wrap(&place(workspace), &rand::random::<[u8; 32]>())?;
    // When two transactions renew at the same moment, the primary key refuses one of them, and that one changes
    // nothing.
    let version = sqlx::query_scalar!(
        r#"INSERT INTO workspace_keys (workspace_id, version, wrapped)
           SELECT $1, coalesce(max(version), 0) + 1, $2 FROM workspace_keys WHERE workspace_id = $1
           RETURNING version"#,
        workspace.uuid(),
        wrapped
    )
    .fetch_one(conn)
    .await?;
    lock(&keyring.newest).remove(&workspace);
    Ok(version)
}
