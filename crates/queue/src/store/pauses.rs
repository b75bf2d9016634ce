//! What an operator has stopped.

use sqlx::PgConnection;

use super::notify;
use crate::types::{Look, Pool};

/// What a pause stops. It holds for all processes and over restarts. Jobs that run already go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope<'a> {
    /// All jobs of a pool.
    Pool(Pool),
    /// All jobs of a kind.
    Kind(&'a str),
    /// One lane of a pool.
    Lane(Pool, &'a str),
}

/// Stops a pool, a kind or a lane in all processes, until [`resume`].
pub async fn pause(conn: &mut PgConnection, scope: Scope<'_>) -> Result<(), sqlx::Error> {
    match scope {
        Scope::Pool(pool) => insert(conn, "pool", pool.name()).await,
        Scope::Kind(kind) => insert(conn, "kind", kind).await,
        Scope::Lane(pool, lane) => {
            sqlx::query!(
                "INSERT INTO queue.lanes (pool, lane, paused, own_limits) VALUES ($1, $2, true, false)
                 ON CONFLICT (pool, lane) DO UPDATE SET paused = true",
                pool.name(),
                lane
            )
            .execute(conn)
            .await?;
            Ok(())
        }
    }
}

async fn insert(conn: &mut PgConnection, scope: &str, name: &str) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO queue.pauses (scope, name) VALUES ($1, $2) ON CONFLICT DO NOTHING",
        scope,
        name
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Ends a pause. Due jobs of the scope start at once.
pub async fn resume(conn: &mut PgConnection, scope: Scope<'_>) -> Result<(), sqlx::Error> {
    let look = match scope {
        Scope::Pool(pool) => {
            delete(&mut *conn, "pool", pool.name()).await?;
            Look::of_pool(pool.name())
        }
        Scope::Kind(kind) => {
            delete(&mut *conn, "kind", kind).await?;
            // A kind may have jobs in any pool.
            Look::everywhere()
        }
        Scope::Lane(pool, lane) => {
            sqlx::query!(
                "UPDATE queue.lanes SET paused = false WHERE pool = $1 AND lane = $2",
                pool.name(),
                lane
            )
            .execute(&mut *conn)
            .await?;
            Look::of_pool(pool.name())
        }
    };
    notify::look(conn, &look, None).await
}

async fn delete(conn: &mut PgConnection, scope: &str, name: &str) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "DELETE FROM queue.pauses WHERE scope = $1 AND name = $2",
        scope,
        name
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// All paused pools and kinds, as pairs of `pool` or `kind` and the name.
pub async fn pauses(conn: &mut PgConnection) -> Result<Vec<(String, String)>, sqlx::Error> {
    let rows = sqlx::query!("SELECT scope, name FROM queue.pauses ORDER BY scope, name")
        .fetch_all(conn)
        .await?;
    Ok(rows.into_iter().map(|row| (row.scope, row.name)).collect())
}
