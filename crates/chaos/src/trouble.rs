//! Carries out the plan.

use std::{collections::BTreeMap, path::Path, time::Duration};

use indicatif::ProgressBar;
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use serde::Serialize;
use tokio::time::Instant;

use crate::{
    Fault,
    fleet::Fleet,
    plan::{Entry, Trouble},
    server::Server,
};

const TICK: Duration = Duration::from_millis(20);

/// The troubles that took place.
pub type Done = BTreeMap<Trouble, Times>;

/// How often a trouble took place, and how long it took at most. A restart of PostgreSQL takes time.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Times {
    /// The number of times.
    pub times: u64,
    /// The longest time, in milliseconds.
    pub longest_ms: u128,
}

/// Makes trouble until the time is over. Nothing stays frozen.
pub async fn make(
    server: &mut Server,
    fleet: &mut Fleet,
    folder: &Path,
    schedule: &[Entry],
    lasts: Duration,
    bar: &ProgressBar,
) -> Result<Done, Fault> {
    let began = Instant::now();
    let mut done = Done::new();
    let mut frozen = Frozen::default();
    let mut entries = schedule.iter().peekable();
    while began.elapsed() < lasts {
        fleet.tend()?;
        bar.set_position(began.elapsed().as_secs());
        // A trouble that is late is made up for, but not after the end.
        while began.elapsed() < lasts
            && let Some(entry) =
                entries.next_if(|entry| began.elapsed() >= Duration::from_millis(entry.at))
        {
            let struck = Instant::now();
            // The database may be away because of the last trouble. Then this one is skipped.
            match strike(server, fleet, folder, &mut frozen, entry).await {
                Ok(true) => {
                    let times = done.entry(entry.trouble).or_default();
                    times.times += 1;
                    times.longest_ms = times.longest_ms.max(struck.elapsed().as_millis());
                }
                Ok(false) => {}
                Err(fault) if entry.trouble == Trouble::Restart => return Err(fault),
                Err(_) => {}
            }
        }
        tokio::time::sleep(TICK).await;
    }
    frozen.thaw_all();
    fleet.thaw();
    Ok(done)
}

async fn strike(
    server: &mut Server,
    fleet: &mut Fleet,
    folder: &Path,
    frozen: &mut Frozen,
    entry: &Entry,
) -> Result<bool, Fault> {
    let lasts = Duration::from_millis(entry.lasts);
    Ok(match entry.trouble {
        Trouble::Kill => fleet.kill(entry.whom),
        Trouble::Freeze => fleet.freeze(entry.whom, lasts),
        Trouble::FreezeAll => {
            fleet.freeze_all(lasts);
            true
        }
        Trouble::Terminate => fleet.terminate(entry.whom),
        Trouble::Start => {
            fleet.spawn()?;
            true
        }
        Trouble::Cut => match chosen(server, entry.whom).await? {
            Some(pid) => {
                server.cut(&[pid]).await?;
                true
            }
            None => false,
        },
        Trouble::CutAll => {
            server.cut(&server.backends().await?).await?;
            true
        }
        Trouble::FreezeBackend => match chosen(server, entry.whom).await? {
            Some(pid) => frozen.freeze(pid, lasts),
            None => false,
        },
        Trouble::KillBackend => {
            let pid = chosen(server, entry.whom).await?;
            // A frozen process would hold up the recovery.
            frozen.thaw_all();
            pid.is_some_and(|pid| kill(Pid::from_raw(pid), Signal::SIGKILL).is_ok())
        }
        Trouble::Restart => {
            frozen.thaw_all();
            restart(server, folder).await?
        }
    })
}

/// Restarts the server. False: it is still recovering from the last trouble.
async fn restart(server: &mut Server, folder: &Path) -> Result<bool, Fault> {
    let Ok(postmaster) = server.postmaster().await else {
        return Ok(false);
    };
    server.crash(folder, postmaster).await?;
    Ok(true)
}

async fn chosen(server: &Server, whom: usize) -> Result<Option<i32>, Fault> {
    let backends = server.backends().await?;
    Ok(match backends.len() {
        0 => None,
        count => backends.get(whom % count).copied(),
    })
}

/// The server's processes that are or were frozen.
#[derive(Default)]
struct Frozen(Vec<Pid>);

impl Frozen {
    /// Freezes a process. A task thaws it, because we may be waiting for it ourselves meanwhile.
    fn freeze(&mut self, pid: i32, lasts: Duration) -> bool {
        let pid = Pid::from_raw(pid);
        let stopped = kill(pid, Signal::SIGSTOP).is_ok();
        if stopped {
            self.0.push(pid);
            tokio::spawn(async move {
                tokio::time::sleep(lasts).await;
                thaw(pid);
            });
        }
        stopped
    }

    fn thaw_all(&mut self) {
        self.0.drain(..).for_each(thaw);
    }
}

/// If another process has the number by now, a SIGCONT does not hurt it.
fn thaw(pid: Pid) {
    let _ = kill(pid, Signal::SIGCONT);
}
