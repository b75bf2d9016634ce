//! Replaces keys while the program runs.
//!
//! The master key: each wrapped data key is wrapped anew by the first master key, a batch a transaction. What the data keys
//! have sealed stays as it is, so this is quick, and a process that has either master key opens everything at every moment.
//!
//! The data keys: a workspace gets a new version, and whoever owns sealed values seals them anew in the same transaction.

use serde::Serialize;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use super::{CryptoError, Keyring, lock, place};
use crate::{Timestamp, WorkspaceId, database};

/// Keys of one transaction.
const BATCH: i64 = 500;

/// How many data keys a master key has wrapped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MasterUse {
    /// The beginning of the master key's SHA-256; `None`: a master key that is not configured here.
    pub master: Option<String>,
    /// It wraps new keys.
    pub first: bool,
    /// Data keys that it has wrapped.
    pub data_keys: usize,
}

/// What a run has done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Rewrapped {
    /// Looked at.
    pub seen: usize,
    /// Wrapped anew.
    pub rewrapped: usize,
    /// Wrapped by a master key that is not configured: nothing could be done.
    pub unknown: usize,
}

/// Where a page of keys ended.
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
        BATCH
    )
    .fetch_all(conn)
    .await
}

/// How many data keys there are.
///
/// # Errors
/// The database failed.
pub async fn count(db: &PgPool) -> Result<i64, sqlx::Error> {
    // Of the platform, as all here: the keys of all workspaces.
    let mut tx = database::platform(db).await?;
    sqlx::query_scalar!(r#"SELECT count(*) AS "n!" FROM workspace_keys"#)
        .fetch_one(&mut *tx)
        .await
}

/// Which master key has wrapped how many data keys.
///
/// # Errors
/// The database failed.
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

/// Wraps all data keys by the first master key, telling how far it is. Interrupted, what is done is done: the next run
/// finds it so and goes on.
///
/// # Errors
/// The database failed.
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
            // Only what was read: a purge may have taken it away, another run may have been here.
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

/// Workspaces whose newest data key is older than this, from the one after `after`. One that was renewed since is not
/// among them: so an interrupted run goes on where it stopped.
///
/// # Errors
/// The database failed.
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
        BATCH
    )
    .fetch_all(&mut *tx)
    .await
}

/// Gives a workspace a new data key, in the caller's transaction, in which the caller seals its values anew. Other
/// processes may seal with the key before for a minute; it stays, and opens that.
///
/// # Errors
/// The database failed.
pub async fn renew(
    conn: &mut PgConnection,
    keyring: &Keyring,
    workspace: WorkspaceId,
) -> Result<i32, CryptoError> {
    let wrapped = keyring.wrap(&place(workspace), &rand::random::<[u8; 32]>())?;
    // Of two that renew at the same moment one fails at the primary key, and has changed nothing.
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
