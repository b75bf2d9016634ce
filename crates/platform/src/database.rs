//! The connections, the migrations, and what is asked of the server.

mod tenancy;

use std::{str::FromStr, time::Duration};

use sqlx::{
    AssertSqlSafe, Executor, PgPool, Postgres, Transaction,
    migrate::Migrator,
    postgres::{PgConnectOptions, PgPoolOptions},
};

pub use tenancy::{Table, role_faults, tables};

use crate::{Timestamp, WorkspaceId};

/// Why the database is of no use.
#[derive(Debug, thiserror::Error)]
pub enum DatabaseError {
    /// The address cannot be read. It is not shown: it may contain a password.
    #[error(
        "database.url is not a PostgreSQL URL: write postgres://user:password@host:5432/database"
    )]
    Url,
    /// No server answers, or it refuses.
    #[error("cannot reach the database: {0}")]
    Connect(#[source] sqlx::Error),
    /// Statements of one connection turn up in another.
    #[error(
        "a pooler in transaction mode stands before the database and mixes up prepared statements: PgBouncer needs version 1.21 or later with max_prepared_statements = 200, or pool_mode = session"
    )]
    Pooler,
    /// Too old or too new.
    #[error("PostgreSQL {0} is not supported: use one of 14 to 18")]
    Version(i32),
    /// A migration failed.
    #[error("the database cannot be migrated: {0}")]
    Migrate(#[from] sqlx::migrate::MigrateError),
}

/// The connections of a process, of two kinds.
#[derive(Clone, Debug)]
pub struct Pools {
    /// For the domains. They are the role `kazi_app` from their first moment: without a workspace they see no row, so
    /// that [`tenant`] and [`platform`] are the only ways to get at anything. None is opened before it is needed: the
    /// role comes with the migrations.
    pub db: PgPool,
    /// The login's, which owns the tables: for migrations, partitions and the queue's own work.
    pub owner: PgPool,
}

/// The most that the owner gets: the engine keeps one for listening and needs up to five beside it.
const OWNERS: u32 = 6;
/// The fewest connections that a process can do with: two of each kind.
pub const LEAST_CONNECTIONS: u32 = 4;

/// Connects. Both kinds together take `max_connections` at the most, of which there must be [`LEAST_CONNECTIONS`].
///
/// # Errors
/// See [`DatabaseError`].
pub async fn connect(url: &str, max_connections: u32) -> Result<Pools, DatabaseError> {
    let owners = (max_connections / 2).clamp(LEAST_CONNECTIONS / 2, OWNERS);
    let owner = connect_owner(url, owners).await?;
    let others = max_connections.saturating_sub(owners).max(1);
    // In the start-up packet and not as a statement: there is no moment before it, and RESET ALL comes back to it.
    let options = options(url)?.options([("role", "kazi_app")]);
    let db = pool(others).connect_lazy_with(options);
    Ok(Pools { db, owner })
}

/// Connects as the login alone, and checks the server's version.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn connect_owner(url: &str, max_connections: u32) -> Result<PgPool, DatabaseError> {
    let owner = pool(max_connections)
        .connect_with(options(url)?)
        .await
        .map_err(DatabaseError::Connect)?;
    let version = version(&owner, max_connections).await.map_err(|error| {
        let code = error.as_database_error().and_then(|error| error.code());
        match code.as_deref() {
            // Duplicate or unknown prepared statement.
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
        // A statement or a forgotten transaction that takes longer is a fault; it must not hold the others up.
        .options([
            ("statement_timeout", "30s"),
            ("idle_in_transaction_session_timeout", "30s"),
            ("lock_timeout", "10s"),
            // As on our own server. With the default of 4 a small table is walked over, and goes on being so when it has
            // grown: plans are kept.
            ("random_page_cost", "1.1"),
            // Notices like "already exists, skipping" and "no transaction in progress" are no news.
            ("client_min_messages", "error"),
        ]))
}

fn pool(max_connections: u32) -> PgPoolOptions {
    PgPoolOptions::new()
        .max_connections(max_connections)
        .acquire_timeout(Duration::from_secs(5))
        // A future that is dropped while `BEGIN` is under way (a job that ran out of time, a cancelled request) gives its
        // connection back with the transaction open (sqlx 0.9, issues 4385 and 4393), and the next one's statements
        // would vanish in it.
        .after_release(|conn, _| {
            Box::pin(async move {
                conn.execute("ROLLBACK").await?;
                Ok(true)
            })
        })
}

/// Begins a transaction of one workspace: it sees and writes this workspace's rows and no others, whatever its statements
/// say. Everything that is done for a workspace is done in one, reading too; what only reads may drop it. It has a
/// connection: none is held while somebody else's answer is waited for.
///
/// # Errors
/// The database failed.
pub async fn tenant(
    db: &PgPool,
    workspace: WorkspaceId,
) -> Result<Transaction<'static, Postgres>, sqlx::Error> {
    // One round trip. LOCAL: it ends with the transaction, also behind a pooler that lends connections by transaction.
    db.begin_with(AssertSqlSafe(format!(
        "BEGIN; SET LOCAL ROLE kazi_app; SET LOCAL kazi.workspace = '{}'",
        workspace.uuid()
    )))
    .await
}

/// Begins a transaction that sees all workspaces: for what spans them by its nature, like finding whose webhook this is,
/// logging in, or purging. Each use says why it needs one.
///
/// # Errors
/// The database failed.
pub async fn platform(db: &PgPool) -> Result<Transaction<'static, Postgres>, sqlx::Error> {
    db.begin_with("BEGIN; SET LOCAL ROLE kazi_platform").await
}

/// Asked by two connections at once: both call their first prepared statement the same, and a pooler that gives the same
/// connection of the server to both must keep them apart. Else one would run the other's statements.
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

/// What a server says of itself.
#[derive(Clone, Debug)]
pub struct Facts {
    /// Like 15.14.
    pub version: String,
    /// Of all programs together.
    pub max_connections: i32,
    /// Its clock.
    pub now: Timestamp,
}

/// Asks the server.
///
/// # Errors
/// The database failed.
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

/// Brings the domains' tables up to this program. Several processes may do so at once.
///
/// # Errors
/// The database failed, or was migrated by a newer program.
pub async fn migrate(db: &PgPool) -> Result<(), DatabaseError> {
    Ok(migrator().run(db).await?)
}

/// How many migrations are missing; `None` when a newer program has migrated the database.
///
/// # Errors
/// The database failed.
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
