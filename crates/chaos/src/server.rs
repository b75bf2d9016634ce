//! The PostgreSQL of the test. It is the test's own, on disk with all its safety, because it is crashed and recovers.

use std::{path::Path, time::Duration};

use kazi_platform::{
    database,
    embedded::{Embedded, Lifetime},
};
use kazi_queue::lanes::{self, Limits};
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use sqlx::PgPool;
use tokio::time::timeout;

use crate::{
    Fault,
    record::{self, LANES},
    work::{QUICK, ROUGH},
};

/// The connection that asks may itself be frozen.
const PATIENCE: Duration = Duration::from_secs(2);

/// A running server with the queue's schema.
pub struct Server {
    embedded: Option<Embedded>,
    url: String,
    /// The connections of the parent, to look and to write jobs.
    pub db: PgPool,
}

impl Server {
    /// Starts the server in an empty folder, for this many jobs a second.
    pub async fn start(
        folder: &Path,
        connections: u32,
        jobs_per_second: u32,
    ) -> Result<Self, Fault> {
        let embedded = Embedded::start(folder, Lifetime::Kept).await?;
        let db = database::connect_owner(embedded.url(), connections).await?;
        // It tells the order of the commits, independent of the code under test. It needs a restart.
        sqlx::query("ALTER SYSTEM SET track_commit_timestamp = on")
            .execute(&db)
            .await?;
        db.close().await;
        embedded.stop().await;
        let embedded = Embedded::start(folder, Lifetime::Kept).await?;
        let url = embedded.url().to_owned();
        let db = database::connect_owner(&url, connections).await?;
        kazi_queue::migrate(&db).await?;
        record::prepare(&db).await?;
        limit(&db, jobs_per_second).await?;
        Ok(Self {
            embedded: Some(embedded),
            url,
            db,
        })
    }

    /// The address for the workers.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The number of the server's first process.
    pub async fn postmaster(&self) -> Result<Pid, Fault> {
        let look = sqlx::query_scalar("SELECT pg_read_file('postmaster.pid')").fetch_one(&self.db);
        let file: String = timeout(PATIENCE, look).await??;
        let first = file.lines().next().unwrap_or_default();
        Ok(Pid::from_raw(first.trim().parse()?))
    }

    /// Stops the server as a crash does, and starts it again.
    pub async fn crash(&mut self, folder: &Path, postmaster: Pid) -> Result<(), Fault> {
        kill(postmaster, Signal::SIGQUIT)?;
        if let Some(embedded) = self.embedded.take() {
            embedded.stop().await;
        }
        self.embedded = Some(Embedded::start(folder, Lifetime::Kept).await?);
        Ok(())
    }

    /// The server's processes that serve the workers, in the order of their start.
    pub async fn backends(&self) -> Result<Vec<i32>, Fault> {
        let look = sqlx::query_scalar(
            "SELECT pid FROM pg_stat_activity
             WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
             ORDER BY backend_start, pid",
        )
        .fetch_all(&self.db);
        Ok(timeout(PATIENCE, look).await??)
    }

    /// Cuts connections.
    pub async fn cut(&self, backends: &[i32]) -> Result<(), Fault> {
        let cut =
            sqlx::query("SELECT pg_terminate_backend(pid) FROM unnest($1::int[]) AS those(pid)")
                .bind(backends)
                .execute(&self.db);
        timeout(PATIENCE, cut).await??;
        Ok(())
    }

    /// Stops the server in order.
    pub async fn stop(self) {
        self.db.close().await;
        if let Some(embedded) = self.embedded {
            embedded.stop().await;
        }
    }
}

/// Sets the limits of the lanes, a little above what is written to them on average. So jobs reach the limits after a
/// trouble has delayed them, and still end in time.
async fn limit(db: &PgPool, jobs_per_second: u32) -> Result<(), Fault> {
    let rate = Some((
        f64::from(jobs_per_second) / 30.0,
        (jobs_per_second / 40).max(2),
    ));
    let max_running = Some((jobs_per_second / 60).max(2));
    let mut conn = db.acquire().await?;
    for pool in [QUICK, ROUGH] {
        for lane in LANES {
            let limits = Limits {
                rate: rate.filter(|_| lane != "limited-running"),
                max_running: max_running.filter(|_| lane != "limited-rate"),
                reserved: 0,
            };
            lanes::set(&mut conn, pool, lane, &limits).await?;
        }
    }
    Ok(())
}
