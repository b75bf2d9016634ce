//! The connection of one loop.

use std::time::Duration;

use sqlx::{Connection, PgConnection, PgPool};

/// How long to wait for a new connection.
const PATIENCE: Duration = Duration::from_secs(5);

/// A connection that one loop keeps. It is always there, needs no check before each use, and keeps its plans. After a
/// loss it is opened again.
///
/// It uses generic plans. The queue's statements have one right plan for any array, and to plan a claim takes three
/// times as long as to run it.
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

    /// Drops the connection after an error. The next use opens another one.
    pub fn lose(&mut self) {
        self.conn = None;
    }
}
