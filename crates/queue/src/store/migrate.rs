//! The queue's own migrations, kept apart from those of the program that uses it.

use sqlx::{PgPool, migrate::Migrator};

fn migrator() -> Migrator {
    let mut migrator = sqlx::migrate!("./migrations");
    // Its own bookkeeping, beside the tables it describes: the program's migrations have another.
    migrator.dangerous_set_table_name("queue.migrations");
    migrator.create_schema("queue");
    migrator
}

/// Brings the schema `queue` up to this program. Several processes may do so at once.
///
/// # Errors
/// The database failed, or has been migrated by a newer program.
pub async fn migrate(db: &PgPool) -> Result<(), sqlx::migrate::MigrateError> {
    migrator().run(db).await
}

/// How the database's schema compares to this program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SchemaStatus {
    /// As this program needs it.
    Current,
    /// So many migrations are missing.
    Pending(usize),
    /// A newer program has migrated it.
    Newer,
}

impl SchemaStatus {
    /// `ok`, or what is wrong.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Current => "ok",
            Self::Pending(_) => "migrations_missing",
            Self::Newer => "newer_than_this_program",
        }
    }
}

/// Compares the schema with this program's.
///
/// # Errors
/// The database failed.
pub async fn schema_status(db: &PgPool) -> Result<SchemaStatus, sqlx::Error> {
    let known: Vec<i64> = migrator()
        .iter()
        .map(|migration| migration.version)
        .collect();
    let there = sqlx::query_scalar::<_, bool>("SELECT to_regclass('queue.migrations') IS NOT NULL")
        .fetch_one(db)
        .await?;
    let applied = if there {
        sqlx::query_scalar::<_, i64>("SELECT version FROM queue.migrations WHERE success")
            .fetch_all(db)
            .await?
    } else {
        Vec::new()
    };
    if applied.iter().any(|version| !known.contains(version)) {
        return Ok(SchemaStatus::Newer);
    }
    Ok(match known.len() - applied.len() {
        0 => SchemaStatus::Current,
        missing => SchemaStatus::Pending(missing),
    })
}
