//! Database connections, migrations, and facts about the server.

mod tenancy;

use std::{str::FromStr, time::Duration};

use sqlx::{
    AssertSqlSafe, Connection, Executor, PgPool, Postgres, Transaction,
    migrate::Migrator,
    postgres::{PgConnectOptions, PgPoolOptions},
};

pub use tenancy::{Table, role_faults, tables};

use crate::{Timestamp, WorkspaceId};

/// The database cannot be used. The message tells the operator what to do.
#[derive(Debug, thiserror::Error)]
pub enum DatabaseError {
    /// The URL cannot be parsed. The message does not show it, because it may contain a password.
    #[error(
        "database.url is not a PostgreSQL URL: write postgres://user:password@host:5432/database"
    )]
    Url,
    /// No server answers, or the server refuses the connection.
    #[error("cannot reach the database: {0}")]
    Connect(#[source] sqlx::Error),
    /// A pooler mixes the prepared statements of two connections.
    #[error(
        "a pooler in transaction mode stands before the database and mixes up prepared statements: PgBouncer needs version 1.21 or later with max_prepared_statements = 200, or pool_mode = session"
    )]
    Pooler,
    /// The server has a version that the program does not support. The number is the major version.
    #[error("PostgreSQL {0} is not supported: use one of 14 to 18")]
    Version(i32),
    /// A migration failed.
    #[error("the database cannot be migrated: {0}")]
    Migrate(#[from] sqlx::migrate::MigrateError),
}

/// The two connection pools of a process.
#[derive(Clone, Debug)]
pub struct Pools {
    /// For the domains. These connections have the role `kazi_app` from the start. Without a workspace they see no row,
    /// so the domains must use [`tenant`] or [`platform`]. The pool opens its first connection when it is needed,
    /// because a migration makes the role.
    pub db: PgPool,
    /// For migrations, partitions and the queue. These connections have the role of the login, which owns the tables.
    pub owner: PgPool,
}

/// The most connections of the owner's pool. The queue's engine uses one to listen and up to five more.
const OWNER_CONNECTIONS: u32 = 6;
/// The fewest connections that a process needs: two in each pool.
pub const LEAST_CONNECTIONS: u32 = 4;

/// Connects to the database. Both pools together open at most `max_connections` connections, which must be at least
/// [`LEAST_CONNECTIONS`].
///
/// # Errors
/// The URL is wrong, no server answers, or the server or a pooler does not fit. See [`DatabaseError`].
pub async fn connect(url: &str, max_connections: u32) -> Result<Pools, DatabaseError> {
    let owners = (max_connections / 2).clamp(LEAST_CONNECTIONS / 2, OWNER_CONNECTIONS);
    let owner = connect_owner(url, owners).await?;
    let others = max_connections.saturating_sub(owners).max(1);
    // The start-up packet sets the role. So no statement can run before it, and `RESET ALL` returns to it.
    let options = options(url)?.options([("role", "kazi_app")]);
    let db = pool(others).connect_lazy_with(options);
    Ok(Pools { db, owner })
}

/// Connects with the role of the login only, and checks the server's version.
///
/// # Errors
/// The same as of [`connect`].
pub async fn connect_owner(url: &str, max_connections: u32) -> Result<PgPool, DatabaseError> {
    let owner = pool(max_connections)
        .connect_with(options(url)?)
        .await
        .map_err(DatabaseError::Connect)?;
    let version = version(&owner, max_connections).await.map_err(|error| {
        let code = error.as_database_error().and_then(|error| error.code());
        match code.as_deref() {
            // `duplicate_prepared_statement` and `invalid_sql_statement_name`.
            Some("42P05" | "26000") => DatabaseError::Pooler,
            _ => DatabaseError::Connect(error),
        }
    })?;
    if !(14..=18).contains(&version) {
        return Err(DatabaseError::Version(version));
    }
    Ok(owner)
}

fn options(url: &str) -> Result<PgConnectOptions, DatabaseError> {
    Ok(PgConnectOptions::from_str(url)
        .map_err(|_| DatabaseError::Url)?
        .application_name("kazi")
        // A statement or a forgotten transaction that takes longer is a fault. The server ends it, so that it does not
        // block others.
        .options([
            ("statement_timeout", "30s"),
            ("idle_in_transaction_session_timeout", "30s"),
            ("lock_timeout", "10s"),
            // The embedded server has the same setting. With the default of 4, the planner chooses to scan a small
            // table from end to end. Plans are cached, so it would still do so when the table has grown.
            ("random_page_cost", "1.1"),
            // PostgreSQL sends notices like "already exists, skipping". Nobody needs them.
            ("client_min_messages", "error"),
        ]))
}

/// A connection that has been idle for longer is asked whether it lives before it is used.
const TRUSTED: Duration = Duration::from_secs(1);

fn pool(max_connections: u32) -> PgPoolOptions {
    PgPoolOptions::new()
        .max_connections(max_connections)
        .acquire_timeout(Duration::from_secs(5))
        // Each transaction would begin with a round trip that asks whether the connection lives. One that was used a moment
        // ago lives, but for a fault that can come right after the question as well.
        .test_before_acquire(false)
        .before_acquire(|conn, about| {
            Box::pin(async move {
                if about.idle_for > TRUSTED {
                    conn.ping().await?;
                }
                Ok(true)
            })
        })
        // When a future is dropped during `BEGIN` (a job's time-out, a cancelled request), sqlx returns its connection
        // to the pool with an open transaction (sqlx 0.9, issues 4385 and 4393). The statements of the next user would
        // be lost with it.
        .after_release(|conn, _| {
            Box::pin(async move {
                conn.execute("ROLLBACK").await?;
                Ok(true)
            })
        })
}

/// Begins a transaction of one workspace. Its statements see and write only the rows of this workspace.
///
/// Everything that the program does for a workspace runs in such a transaction, reading included. A transaction that
/// only reads may be dropped. It holds a connection: do not keep it open during a call to another service.
///
/// # Errors
/// The pool has no free connection in time, or the server refuses the statement.
pub async fn tenant(
    db: &PgPool,
    workspace: WorkspaceId,
) -> Result<Transaction<'static, Postgres>, sqlx::Error> {
    // One round trip begins the transaction and sets the workspace. `LOCAL` ends with the transaction, which also works
    // with a pooler that lends connections for one transaction.
    db.begin_with(AssertSqlSafe(format!(
        "BEGIN; SET LOCAL ROLE kazi_app; SET LOCAL kazi.workspace = '{}'",
        workspace.uuid()
    )))
    .await
}

/// Begins a transaction that sees the rows of all workspaces. Work that spans workspaces needs it: to find the
/// workspace of a webhook, to log in, to purge. Each caller says in a comment why it needs one.
///
/// # Errors
/// The pool has no free connection in time, or the server refuses the statement.
pub async fn platform(db: &PgPool) -> Result<Transaction<'static, Postgres>, sqlx::Error> {
    db.begin_with("BEGIN; SET LOCAL ROLE kazi_platform").await
}

/// Like [`platform`], for statements on many rows of tables that grow fast. PostgreSQL plans each of them anew: the plan for
/// a partition that was empty uses any index, and a connection would keep it.
///
/// # Errors
/// The same as of [`platform`].
pub async fn bulk(db: &PgPool) -> Result<Transaction<'static, Postgres>, sqlx::Error> {
    db.begin_with(
        "BEGIN; SET LOCAL ROLE kazi_platform; SET LOCAL plan_cache_mode = force_custom_plan",
    )
    .await
}

/// Asks two connections at the same time for the server's version. Both give their first prepared statement the same
/// name. A pooler that uses one connection to the server for both must keep the statements apart. If it does not, one
/// connection runs the statements of the other.
async fn version(pool: &PgPool, max_connections: u32) -> Result<i32, sqlx::Error> {
    let mut held = Vec::new();
    let mut version = 0;
    for _ in 0..max_connections.min(2) {
        let mut conn = pool.acquire().await?;
        version = sqlx::query_scalar("SELECT current_setting('server_version_num')::int / 10000")
            .fetch_one(&mut *conn)
            .await?;
        held.push(conn);
    }
    Ok(version)
}

/// Facts about the server.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The version, like `15.14`.
    pub version: String,
    /// The most connections that the server accepts from all programs together.
    pub max_connections: i32,
    /// The time of the server's clock.
    pub now: Timestamp,
}

/// Asks the server for its version, its limit of connections and its time.
///
/// # Errors
/// The pool has no free connection in time, or the query fails.
pub async fn facts(db: &PgPool) -> Result<Facts, sqlx::Error> {
    let (version, max_connections, now) = sqlx::query_as(
        "SELECT split_part(current_setting('server_version'), ' ', 1), current_setting('max_connections')::int,
                clock_timestamp()",
    )
    .fetch_one(db)
    .await?;
    Ok(Facts {
        version,
        max_connections,
        now,
    })
}

fn migrator() -> Migrator {
    sqlx::migrate!("../../migrations")
}

/// Applies the missing migrations. Several processes may call this at the same time.
///
/// # Errors
/// A migration fails, or a newer program has migrated the database.
pub async fn migrate(db: &PgPool) -> Result<(), DatabaseError> {
    Ok(migrator().run(db).await?)
}

/// Returns the number of missing migrations, or `None` when a newer program has migrated the database.
///
/// # Errors
/// The query fails.
pub async fn pending_migrations(db: &PgPool) -> Result<Option<usize>, sqlx::Error> {
    let known: Vec<i64> = migrator()
        .iter()
        .map(|migration| migration.version)
        .collect();
    let there: bool = sqlx::query_scalar("SELECT to_regclass('_sqlx_migrations') IS NOT NULL")
        .fetch_one(db)
        .await?;
    let applied: Vec<i64> = if there {
        sqlx::query_scalar("SELECT version FROM _sqlx_migrations WHERE success")
            .fetch_all(db)
            .await?
    } else {
        Vec::new()
    };
    let newer = applied.iter().any(|version| !known.contains(version));
    Ok((!newer).then(|| known.len() - applied.len()))
}
