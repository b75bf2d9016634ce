//! SQL of Stripe's events.

use kazi_platform::Timestamp;
use sqlx::PgConnection;

use crate::{
    Work,
    payments::{PaymentAccountId, events::NewEvent},
};

/// An event, for its job.
#[derive(Clone, Debug)]
pub struct EventRow {
    pub kind: String,
    pub object: String,
    pub intent: Option<String>,
    pub applied: bool,
}

/// Stores new events. Returns their ids.
pub async fn insert(
    work: &mut Work,
    account: PaymentAccountId,
    source: &str,
    events: &[NewEvent],
) -> Result<Vec<String>, sqlx::Error> {
    let column = |of: fn(&NewEvent) -> String| events.iter().map(of).collect::<Vec<String>>();
    let intents: Vec<Option<String>> = events.iter().map(|event| event.intent.clone()).collect();
    let times: Vec<Timestamp> = events.iter().map(|event| event.happened_at).collect();
    sqlx::query_scalar!(
        "INSERT INTO payment_events (workspace_id, account_id, id, kind, object_id, intent_id, source, payload,
                                     happened_at, received_at)
         SELECT $1, $2, id, kind, object, intent, $3, payload::json, happened_at, $4
         FROM unnest($5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::timestamptz[])
             AS event (id, kind, object, intent, payload, happened_at)
         ON CONFLICT (workspace_id, account_id, id) DO NOTHING
         RETURNING id",
        work.workspace().uuid(),
        account.uuid(),
        source,
        work.now(),
        &column(|event| event.id.clone()),
        &column(|event| event.kind.clone()),
        &column(|event| event.object.clone()),
        &intents as &[Option<String>],
        &column(|event| event.payload.clone()),
        &times
    )
    .fetch_all(work.conn())
    .await
}

pub async fn event(
    work: &mut Work,
    account: PaymentAccountId,
    id: &str,
) -> Result<Option<EventRow>, sqlx::Error> {
    sqlx::query_as!(
        EventRow,
        r#"SELECT kind, object_id AS object, intent_id AS intent, applied_at IS NOT NULL AS "applied!"
           FROM payment_events WHERE workspace_id = $1 AND account_id = $2 AND id = $3"#,
        work.workspace().uuid(),
        account.uuid(),
        id
    )
    .fetch_optional(work.conn())
    .await
}

pub async fn set_applied(
    work: &mut Work,
    account: PaymentAccountId,
    id: &str,
    outcome: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE payment_events SET applied_at = $4, outcome = $5
         WHERE workspace_id = $1 AND account_id = $2 AND id = $3",
        work.workspace().uuid(),
        account.uuid(),
        id,
        work.now(),
        outcome
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Counts the events that are not applied yet.
pub async fn count_unapplied(work: &mut Work) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT count(*) AS "n!" FROM payment_events WHERE workspace_id = $1 AND applied_at IS NULL"#,
        work.workspace().uuid()
    )
    .fetch_one(work.conn())
    .await
}

/// Deletes old events. Returns their number.
pub async fn purge(
    conn: &mut PgConnection,
    before: Timestamp,
    limit: i64,
) -> Result<u64, sqlx::Error> {
    let gone = sqlx::query!(
        "DELETE FROM payment_events WHERE ctid = ANY(ARRAY(
             SELECT ctid FROM payment_events WHERE received_at < $1 LIMIT $2))",
        before,
        limit
    )
    .execute(conn)
    .await?;
    Ok(gone.rows_affected())
}
