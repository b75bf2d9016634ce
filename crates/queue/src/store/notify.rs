//! NOTIFY, and whether anybody can hear it.

use sqlx::PgConnection;

use crate::types::{CHANNEL, JobId, Look, cancel_text};

/// Tells all processes where to look. `sender` is the process that need not hear it. An operator's step may call this
/// inside its transaction: such steps are rare.
pub(crate) async fn look(
    conn: &mut PgConnection,
    look: &Look,
    sender: Option<i64>,
) -> Result<(), sqlx::Error> {
    sqlx::query!("SELECT pg_notify($1, $2)", CHANNEL, look.text(sender))
        .execute(conn)
        .await?;
    Ok(())
}

/// Asks the process that runs this job to stop it.
pub(crate) async fn cancel(conn: &mut PgConnection, job: JobId) -> Result<(), sqlx::Error> {
    sqlx::query!("SELECT pg_notify($1, $2)", CHANNEL, cancel_text(job))
        .execute(conn)
        .await?;
    Ok(())
}

/// The process number of the server's end of this connection.
pub(crate) async fn server_pid(conn: &mut PgConnection) -> Result<i32, sqlx::Error> {
    sqlx::query_scalar!(r#"SELECT pg_backend_pid() AS "pid!""#)
        .fetch_one(conn)
        .await
}
