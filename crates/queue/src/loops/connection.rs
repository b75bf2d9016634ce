//! The connection of one of the engine's loops.

use std::time::Duration;

use sqlx::{Connection, PgConnection, PgPool};

/// For a server to answer a new connection.
const PATIENCE: Duration = Duration::from_secs(5);

/// A connection that a loop keeps for itself: it is there when a job has to be claimed or ended, needs no check before
/// each use, and keeps its plans. It is made anew after it was lost.
///
/// Its plans are generic ones. The statements of the queue are written so that there is one right plan whatever their
/// arrays hold, and planning a claim takes three times as long as carrying it out.
#[derive(Debug)]
pub(crate) struct Own {
    db: PgPool,
    conn: Option<PgConnection>,
}

impl Own {
    pub fn new(db: &PgPool) -> Self {
        Self {
            db: db.clone(),
            conn: None,
        }
    }

    pub async fn get(&mut self) -> Result<&mut PgConnection, sqlx::Error> {
        let conn = match self.conn.take() {
            Some(conn) => conn,
            None => {
                let options = (*self.db.connect_options())
                    .clone()
                    .options([("plan_cache_mode", "force_generic_plan")]);
                tokio::time::timeout(PATIENCE, PgConnection::connect_with(&options))
                    .await
                    .map_err(|_| sqlx::Error::PoolTimedOut)??
            }
        };
        Ok(self.conn.insert(conn))
    }

    /// After an error: whatever state it is in, the next use gets another one.
    pub fn lose(&mut self) {
        self.conn = None;
    }
}
