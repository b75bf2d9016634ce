//! SQL of the calls of tools.

use kazi_platform::Timestamp;
use sqlx::{PgConnection, types::Json};

use super::reply::Round;
use crate::{Work, contacts::ContactId, conversations::MessageId};

/// The rounds of a message, in order.
pub(super) async fn rounds(work: &mut Work, message: MessageId) -> Result<Vec<Round>, sqlx::Error> {
    let rounds = sqlx::query_scalar!(
        r#"SELECT calls AS "calls: Json<Round>" FROM tool_rounds WHERE workspace_id = $1 AND message_id = $2 ORDER BY round"#,
        work.workspace().uuid(),
        message.uuid()
    )
    .fetch_all(work.conn())
    .await?;
    Ok(rounds.into_iter().map(|Json(round)| round).collect())
}

pub(super) async fn add_round(
    work: &mut Work,
    message: MessageId,
    number: usize,
    contact: ContactId,
    round: &Round,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO tool_rounds (workspace_id, message_id, round, contact_id, calls, created_at) VALUES ($1, $2, $3, $4, $5, $6)",
        work.workspace().uuid(),
        message.uuid(),
        i16::try_from(number).unwrap_or(i16::MAX),
        contact.uuid(),
        Json(round) as Json<&Round>,
        work.now()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Gives the calls for a contact to another contact.
pub(super) async fn change_contact(
    work: &mut Work,
    from: ContactId,
    to: ContactId,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE tool_rounds SET contact_id = $3 WHERE workspace_id = $1 AND contact_id = $2",
        work.workspace().uuid(),
        from.uuid(),
        to.uuid()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

pub(super) async fn erase(work: &mut Work, contact: ContactId) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "DELETE FROM tool_rounds WHERE workspace_id = $1 AND contact_id = $2",
        work.workspace().uuid(),
        contact.uuid()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Deletes some rounds from before a time. Returns their number.
pub(super) async fn forget(conn: &mut PgConnection, before: Timestamp) -> Result<u64, sqlx::Error> {
    let done = sqlx::query!(
        "DELETE FROM tool_rounds WHERE (workspace_id, message_id, round) IN
             (SELECT workspace_id, message_id, round FROM tool_rounds WHERE created_at < $1 LIMIT 5000)",
        before
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}
