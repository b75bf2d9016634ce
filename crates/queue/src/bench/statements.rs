//! The statements of an idle process, counted by pg_stat_statements if the server has it.

use std::time::Duration;

use sqlx::{PgConnection, PgPool};

use super::{Bench, BenchError, Figure, table::clean};

/// How long to wait until the looks after the start are over.
const SETTLE: Duration = Duration::from_secs(3);

/// Makes a server of our own load pg_stat_statements at its next start. True: it will, so restart it.
///
/// # Errors
/// A statement failed, or the role is not a superuser.
pub async fn load(db: &PgPool) -> Result<bool, sqlx::Error> {
    let wanted = sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM pg_available_extensions WHERE name = 'pg_stat_statements')
              AND current_setting('shared_preload_libraries') = '' AS "wanted!""#
    )
    .fetch_one(db)
    .await?;
    if wanted {
        sqlx::raw_sql("ALTER SYSTEM SET shared_preload_libraries = 'pg_stat_statements'")
            .execute(db)
            .await?;
    }
    Ok(wanted)
}

/// What counts the statements.
#[derive(Clone, Copy)]
enum Counter {
    /// pg_stat_statements counts every statement.
    Statements,
    /// pg_stat_database counts transactions, some seconds late. Most statements of an idle process are a transaction
    /// each.
    Transactions,
}

impl Counter {
    async fn choose(db: &mut PgConnection) -> Self {
        let there = sqlx::raw_sql("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")
            .execute(&mut *db)
            .await;
        // If it is not installed, not allowed or not loaded, it cannot be read.
        match there {
            Ok(_) if Self::Statements.read(db).await.is_ok() => Self::Statements,
            _ => Self::Transactions,
        }
    }

    async fn read(self, db: &mut PgConnection) -> Result<i64, sqlx::Error> {
        let question = match self {
            Self::Statements => {
                "SELECT coalesce(sum(calls), 0)::bigint FROM pg_stat_statements
                 WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
                   AND query NOT LIKE '%pg_stat_statements%'"
            }
            Self::Transactions => {
                "SELECT xact_commit + xact_rollback FROM pg_stat_database WHERE datname = current_database()"
            }
        };
        sqlx::query_scalar(question).fetch_one(db).await
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Statements => "statements of an idle process",
            Self::Transactions => "transactions of an idle process (no pg_stat_statements)",
        }
    }
}

pub(super) async fn measure(bench: &Bench<'_>) -> Result<Vec<Figure>, BenchError> {
    clean(bench.db).await?;
    // One connection for both looks, because returning one to the pool costs a statement.
    let mut conn = bench.db.acquire().await?;
    let counter = Counter::choose(&mut conn).await;
    let time = Duration::from_secs(bench.plan.seconds.max(5));
    let mut fleet = bench.fleet(1).await?;
    fleet.go().await?;
    bench.pass("an idle worker process", SETTLE).await;
    let before = counter.read(&mut conn).await?;
    bench.pass("an idle worker process", time).await;
    let after = counter.read(&mut conn).await?;
    fleet.stop().await?;
    let figure = Figure::new(
        counter.name(),
        (after - before) as f64 / time.as_secs_f64(),
        "/s",
    );
    Ok(vec![match counter {
        Counter::Statements => figure.at_most(2.0),
        // Late counts are included, so this is a hint and has no target.
        Counter::Transactions => figure,
    }])
}
