//! SQL of the use.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use kazi_platform::{Timestamp, WorkspaceId};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{Charge, ChargeKind, MonthSum, Prices};
use crate::Work;

/// Months of a list: the newest.
const MONTHS: i64 = 24;
/// Causes that are forgotten in one statement.
const AT_ONCE: i64 = 10_000;

/// Notes that a question is charged: the customer's message that a model answered. A second time the same message changes
/// nothing.
pub async fn note_question(work: &mut Work, message: Uuid) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO usage_causes (workspace_id, kind, cause_id, at) VALUES ($1, 'question', $2, $3) ON CONFLICT DO NOTHING",
        work.workspace().uuid(),
        message,
        work.now()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Notes that pushes are charged: so many of each workspace. The caller counts each message once.
pub async fn note_pushes(
    conn: &mut PgConnection,
    of: &[(WorkspaceId, i64)],
    at: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO usage_causes (workspace_id, kind, cause_id, at, quantity)
         SELECT n.workspace, 'push', gen_random_uuid(), $3, n.quantity
         FROM unnest($1::uuid[], $2::bigint[]) AS n(workspace, quantity)",
        &of.iter()
            .map(|(workspace, _)| workspace.uuid())
            .collect::<Vec<_>>(),
        &of.iter().map(|(_, quantity)| *quantity).collect::<Vec<_>>(),
        at
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The workspaces that have causes which are not counted yet.
pub async fn changed(conn: &mut PgConnection) -> Result<Vec<WorkspaceId>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT DISTINCT workspace_id AS "id: WorkspaceId" FROM usage_causes WHERE NOT counted"#
    )
    .fetch_all(conn)
    .await
}

/// A cause with the price of its time.
pub struct Cause {
    pub kind: String,
    pub at: Timestamp,
    pub quantity: i64,
    pub price_micro: i64,
}

/// Marks the oldest causes as counted. Needs a transaction of the platform.
pub async fn take(work: &mut Work, limit: i64) -> Result<Vec<Cause>, sqlx::Error> {
    sqlx::query_as!(
        Cause,
        r#"UPDATE usage_causes c SET counted = true
           FROM (SELECT kind, cause_id FROM usage_causes WHERE workspace_id = $1 AND NOT counted
                 ORDER BY at LIMIT $2 FOR UPDATE SKIP LOCKED) AS n
           WHERE c.workspace_id = $1 AND c.kind = n.kind AND c.cause_id = n.cause_id
           RETURNING c.kind, c.at, c.quantity, (SELECT p.price_micro FROM usage_prices p WHERE p.kind = c.kind AND p.valid_from <= c.at
                                    ORDER BY p.valid_from DESC LIMIT 1) AS "price_micro!""#,
        work.workspace().uuid(),
        limit
    )
    .fetch_all(work.conn())
    .await
}

/// Adds quantities to the rows of days.
pub async fn add(
    work: &mut Work,
    days: &BTreeMap<(NaiveDate, String, i64), i64>,
) -> Result<(), sqlx::Error> {
    let of: Vec<NaiveDate> = days.keys().map(|(day, ..)| *day).collect();
    let kinds: Vec<String> = days.keys().map(|(_, kind, _)| kind.clone()).collect();
    let prices: Vec<i64> = days.keys().map(|(.., price)| *price).collect();
    let quantities: Vec<i64> = days.values().copied().collect();
    sqlx::query!(
        "INSERT INTO usage_days AS d (workspace_id, day, kind, price_micro, quantity)
         SELECT $1, * FROM unnest($2::date[], $3::text[], $4::bigint[], $5::bigint[])
         ON CONFLICT (workspace_id, day, kind, price_micro) DO UPDATE SET quantity = d.quantity + excluded.quantity",
        work.workspace().uuid(),
        &of,
        &kinds,
        &prices,
        &quantities
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// The rows from a day on and before another, the newest day first.
pub async fn days(
    work: &mut Work,
    from: NaiveDate,
    before: NaiveDate,
) -> Result<Vec<Charge>, sqlx::Error> {
    sqlx::query_as!(
        Charge,
        r#"SELECT day, kind AS "kind: ChargeKind", quantity, price_micro, quantity * price_micro AS "amount_micro!"
           FROM usage_days WHERE workspace_id = $1 AND day >= $2 AND day < $3
           ORDER BY day DESC, kind, price_micro"#,
        work.workspace().uuid(),
        from,
        before
    )
    .fetch_all(work.conn())
    .await
}

/// The newest months, the newest first. A month without use is not among them.
pub async fn months(work: &mut Work) -> Result<Vec<MonthSum>, sqlx::Error> {
    sqlx::query_as!(
        MonthSum,
        r#"SELECT date_trunc('month', day)::date AS "month!",
                  coalesce(sum(quantity) FILTER (WHERE kind = 'question'), 0)::bigint AS "questions!",
                  coalesce(sum(quantity) FILTER (WHERE kind = 'push'), 0)::bigint AS "pushes!",
                  sum(quantity * price_micro)::bigint AS "amount_micro!"
           FROM usage_days WHERE workspace_id = $1 GROUP BY 1 ORDER BY 1 DESC LIMIT $2"#,
        work.workspace().uuid(),
        MONTHS
    )
    .fetch_all(work.conn())
    .await
}

/// The prices at a time. Needs a transaction of the platform.
pub async fn prices(conn: &mut PgConnection, at: Timestamp) -> Result<Prices, sqlx::Error> {
    sqlx::query_as!(
        Prices,
        r#"SELECT (SELECT price_micro FROM usage_prices WHERE kind = 'question' AND valid_from <= $1
                   ORDER BY valid_from DESC LIMIT 1) AS "question_micro!",
                  (SELECT price_micro FROM usage_prices WHERE kind = 'push' AND valid_from <= $1
                   ORDER BY valid_from DESC LIMIT 1) AS "push_micro!""#,
        at
    )
    .fetch_one(conn)
    .await
}

/// Sets a price from a time on. What was used before keeps its price. Needs a transaction of the platform.
pub async fn set_price(
    conn: &mut PgConnection,
    kind: ChargeKind,
    from: Timestamp,
    price_micro: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO usage_prices (kind, valid_from, price_micro) VALUES ($1, $2, $3)
         ON CONFLICT (kind, valid_from) DO UPDATE SET price_micro = $3",
        kind.name(),
        from,
        price_micro
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Forgets some counted causes from before a time, of all workspaces. Returns how many.
pub async fn purge(conn: &mut PgConnection, before: Timestamp) -> Result<u64, sqlx::Error> {
    let gone = sqlx::query!(
        "DELETE FROM usage_causes WHERE (workspace_id, kind, cause_id) IN (
             SELECT workspace_id, kind, cause_id FROM usage_causes WHERE at < $1 AND counted LIMIT $2)",
        before,
        AT_ONCE
    )
    .execute(conn)
    .await?;
    Ok(gone.rows_affected())
}
