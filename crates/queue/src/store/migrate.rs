//! The queue's own migrations. The program that uses the queue has others.

use sqlx::{PgPool, migrate::Migrator};

fn migrator() -> Migrator {
    let mut migrator = sqlx::migrate!("./migrations");
    // The queue keeps its own list of migrations, beside its tables.
    migrator.dangerous_set_table_name("queue.migrations");
    migrator.create_schema("queue");
    migrator
}

/// Brings the schema `queue` up to this program. Several processes may call it at once.
///
/// # Errors
/// The statement failed, or a newer program has migrated the schema.
pub async fn migrate(db: &PgPool) -> Result<(), sqlx::migrate::MigrateError> {
    migrator().run(db).await
}

/// How the schema in the database compares to this program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SchemaStatus {
    /// The schema is the one that this program needs.
    Current,
    /// This many migrations are missing.
    Pending(usize),
    /// A newer program has migrated the schema.
    Newer,
}

impl SchemaStatus {
    /// A word for health checks: `ok`, `migrations_missing` or `newer_than_this_program`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Current => "ok",
            Self::Pending(_) => "migrations_missing",
            Self::Newer => "newer_than_this_program",
        }
    }
}

/// Compares the schema in the database with the one that this program needs.
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
