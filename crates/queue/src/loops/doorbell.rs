//! Carries the bells of this process to the others.

use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use sqlx::PgPool;
use tokio::sync::broadcast;
use tokio_util::sync::CancellationToken;

use super::shared::Shared;
use crate::{
    bells::{self, Bell},
    store,
    types::Look,
};

/// How long to wait after a bell for others, which go into the same NOTIFY.
const GATHER: Duration = Duration::from_millis(4);
/// How long to wait before the second NOTIFY for bells that may have rung before their commit.
const AGAIN: Duration = Duration::from_millis(60);

/// Carries the bells of this process to other processes. An engine does this by itself; a process that only enqueues
/// starts one.
#[derive(Debug)]
pub struct Doorbell {
    stop: CancellationToken,
}

impl Doorbell {
    /// Starts to carry bells. It ends when the value is dropped.
    pub fn start(pool: PgPool) -> Self {
        let stop = CancellationToken::new();
        tokio::spawn(carry(pool, None, stop.clone()));
        Self { stop }
    }
}

impl Drop for Doorbell {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

/// Sends one NOTIFY for all bells of a few milliseconds, and a second one for bells that may have rung before their
/// commit.
///
/// With an engine in this process, nothing is sent while no other process runs jobs: its own fetcher hears the bells.
pub(crate) async fn carry(pool: PgPool, engine: Option<Arc<Shared>>, stop: CancellationToken) {
    let mut bells = bells::subscribe();
    let work = async {
        loop {
            let mut look = Look::default();
            let mut uncommitted = false;
            match bells.recv().await {
                Ok(bell) => hear(&bell, &mut look, &mut uncommitted),
                Err(broadcast::error::RecvError::Lagged(_)) => continue,
                Err(broadcast::error::RecvError::Closed) => return,
            }
            tokio::time::sleep(GATHER).await;
            gather(&mut bells, &mut look, &mut uncommitted);
            notify(&pool, engine.as_deref(), &look).await;
            if uncommitted {
                tokio::time::sleep(AGAIN).await;
                gather(&mut bells, &mut look, &mut uncommitted);
                notify(&pool, engine.as_deref(), &look).await;
            }
        }
    };
    tokio::select! {
        () = stop.cancelled() => {}
        () = work => {}
    }
}

/// Notes where a bell says to look.
fn hear(bell: &Bell, look: &mut Look, uncommitted: &mut bool) {
    match bell {
        Bell::Enqueued(placed) => {
            *uncommitted = true;
            for (pool, places) in &placed.levels {
                look.add(pool, places.iter().flatten().cloned());
            }
        }
        Bell::Committed(pool) => look.add(pool.name(), []),
        Bell::Ready(levels) => {
            for level in levels.iter() {
                look.add(&level.pool, [(level.lane.clone(), level.priority)]);
            }
        }
    }
}

fn gather(bells: &mut broadcast::Receiver<Bell>, look: &mut Look, uncommitted: &mut bool) {
    while let Ok(bell) = bells.try_recv() {
        hear(&bell, look, uncommitted);
    }
}

async fn notify(pool: &PgPool, engine: Option<&Shared>, look: &Look) {
    if engine.is_some_and(|engine| !engine.others.load(Ordering::Relaxed)) {
        return;
    }
    let told = async {
        let mut conn = pool.acquire().await?;
        store::notify::look(&mut conn, look, engine.map(Shared::me)).await
    };
    // While the database is away the NOTIFY is lost. The poll finds the jobs.
    if let Err(error) = told.await {
        tracing::debug!(%error, "the doorbell did not ring");
    }
}
