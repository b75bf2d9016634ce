//! SQL of the packs, which belong to the platform. Each function needs a transaction of the platform.

use kazi_platform::{Money, Timestamp};
use sqlx::PgConnection;

use crate::credits::{Pack, PackId};

macro_rules! packs {
    ($rest:literal, $argument:expr) => {
        sqlx::query_as!(
            Pack,
            r#"SELECT id AS "id: PackId", name, credits, amount_minor, currency, active, version FROM credit_packs "# + $rest,
            $argument
        )
    };
}

/// The packs, the smallest first. `active`: only those that businesses see.
pub async fn list(conn: &mut PgConnection, active: bool) -> Result<Vec<Pack>, sqlx::Error> {
    packs!("WHERE active OR NOT $1 ORDER BY credits, id", active)
        .fetch_all(conn)
        .await
}

pub async fn get(conn: &mut PgConnection, id: PackId) -> Result<Option<Pack>, sqlx::Error> {
    packs!("WHERE id = $1", id.uuid())
        .fetch_optional(conn)
        .await
}

pub async fn lock(conn: &mut PgConnection, id: PackId) -> Result<Option<Pack>, sqlx::Error> {
    packs!("WHERE id = $1 FOR UPDATE", id.uuid())
        .fetch_optional(conn)
        .await
}

pub async fn count(conn: &mut PgConnection) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(r#"SELECT count(*) AS "n!" FROM credit_packs"#)
        .fetch_one(conn)
        .await
}

pub async fn insert(
    conn: &mut PgConnection,
    id: PackId,
    (name, credits, price, active): (&str, i64, Money, bool),
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO credit_packs (id, name, credits, amount_minor, currency, active, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $7)",
        id.uuid(),
        name,
        credits,
        price.minor,
        price.currency.code(),
        active,
        now
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub async fn update(
    conn: &mut PgConnection,
    id: PackId,
    (name, credits, price, active): (&str, i64, Money, bool),
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE credit_packs SET name = $2, credits = $3, amount_minor = $4, currency = $5, active = $6, updated_at = $7
         WHERE id = $1",
        id.uuid(),
        name,
        credits,
        price.minor,
        price.currency.code(),
        active,
        now
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub async fn delete(conn: &mut PgConnection, id: PackId) -> Result<(), sqlx::Error> {
    sqlx::query!("DELETE FROM credit_packs WHERE id = $1", id.uuid())
        .execute(conn)
        .await?;
    Ok(())
}
