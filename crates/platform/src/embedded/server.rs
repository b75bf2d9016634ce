//! The server's processes: making the data, starting, watching, ending.

use std::{
    fs,
    path::Path,
    process::{Child, ChildStdin, Command, Stdio},
    time::Duration,
};

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use sqlx::{Connection, PgConnection};
use tokio::time::{Instant, sleep};

use super::{
    EmbeddedError, Lifetime, PATIENCE, binaries::Binaries, io, owner::Owner, percent, url,
};

/// A running server and the watcher that ends it with us.
#[derive(Debug)]
pub(super) struct Server {
    postgres: Child,
    watcher: Child,
    /// The watcher waits for its end. The system closes it when we die, also by SIGKILL.
    lifeline: Option<ChildStdin>,
}

/// How often to look whether something has come or gone.
const LOOK: Duration = Duration::from_millis(15);

/// Makes the data folder. It gets its name only when it is complete: a crash in between leaves nothing to trip over.
pub(super) async fn init(
    binaries: &Binaries,
    owner: &Owner,
    home: &Path,
    data: &Path,
) -> Result<(), EmbeddedError> {
    let unfinished = home.join("data.new");
    if unfinished.exists() {
        fs::remove_dir_all(&unfinished).map_err(io(&unfinished))?;
    }
    owner.make_folder(&unfinished)?;
    let mut command = owner.command(&binaries.program("initdb"));
    command.arg("-D").arg(&unfinished).args([
        "--username=kazi",
        // Only who may enter the socket's folder can connect.
        "--auth=trust",
        "--encoding=UTF8",
        "--no-locale",
        "--no-instructions",
    ]);
    let output = run(command).await?;
    if !output.status.success() {
        return Err(EmbeddedError::Program {
            program: "initdb",
            output: tail(&String::from_utf8_lossy(&output.stderr)),
        });
    }
    fs::rename(&unfinished, data).map_err(io(data))
}

async fn run(mut command: Command) -> Result<std::process::Output, EmbeddedError> {
    let program = command.get_program().to_owned();
    command.stdin(Stdio::null());
    tokio::task::spawn_blocking(move || command.output())
        .await
        .map_err(|error| EmbeddedError::DidNotStart(error.to_string()))?
        .map_err(io(Path::new(&program)))
}

impl Server {
    pub async fn start(
        binaries: &Binaries,
        owner: &Owner,
        home: &Path,
        data: &Path,
        sockets: &Path,
        lifetime: Lifetime,
    ) -> Result<Self, EmbeddedError> {
        let log_path = home.join("postgres.log");
        let log = fs::File::create(&log_path).map_err(io(&log_path))?;
        let error_log = log.try_clone().map_err(io(&log_path))?;
        let mut command = owner.command(&binaries.program("postgres"));
        command
            .arg("-D")
            .arg(data)
            .arg("-k")
            .arg(sockets)
            .args(["-h", "", "-p", "5432"]);
        let mut settings = vec![
            "max_connections=200",
            "shared_buffers=256MB",
            "max_wal_size=2GB",
            "checkpoint_timeout=15min",
            "wal_compression=on",
            "random_page_cost=1.1",
            "log_min_messages=warning",
            "timezone=UTC",
        ];
        if lifetime == Lifetime::Temporary {
            settings.extend([
                "fsync=off",
                "synchronous_commit=off",
                "full_page_writes=off",
            ]);
        }
        for setting in settings {
            command.args(["-c", setting]);
        }
        let mut postgres = command
            .stdin(Stdio::null())
            .stdout(log)
            .stderr(error_log)
            .spawn()
            .map_err(io(&binaries.program("postgres")))?;
        // From here on the server ends with us, whatever happens.
        let (watcher, lifeline) = watch(
            binaries,
            owner,
            data,
            (lifetime == Lifetime::Temporary).then_some([home, sockets]),
        )?;
        let deadline = Instant::now() + PATIENCE;
        let address = url("postgres", &format!("host={}", percent(sockets)));
        loop {
            match PgConnection::connect(&address).await {
                Ok(conn) => {
                    // Its end is of no interest: it has answered.
                    let _ = conn.close().await;
                    return Ok(Self {
                        postgres,
                        watcher,
                        lifeline,
                    });
                }
                Err(error) => {
                    let ended = postgres.try_wait().ok().flatten().is_some();
                    if ended || Instant::now() > deadline {
                        let log = fs::read_to_string(&log_path).unwrap_or_default();
                        let said = if log.trim().is_empty() {
                            error.to_string()
                        } else {
                            tail(&log)
                        };
                        return Err(EmbeddedError::DidNotStart(format!(
                            "{said} (see {})",
                            log_path.display()
                        )));
                    }
                    sleep(LOOK).await;
                }
            }
        }
    }

    pub async fn stop(mut self) {
        // SIGINT is PostgreSQL's fast shutdown: connections are ended, the data are written.
        signal(&self.postgres, Signal::SIGINT);
        if !ended(&mut self.postgres, PATIENCE).await {
            tracing::warn!(
                "PostgreSQL does not end; ending it at once, it recovers at the next start"
            );
            signal(&self.postgres, Signal::SIGQUIT);
            ended(&mut self.postgres, PATIENCE).await;
        }
        drop(self.lifeline.take());
        ended(&mut self.watcher, PATIENCE).await;
    }
}

/// A shell that waits for our end, then stops the server and removes what is not to be kept. It needs nothing of us but that we are gone.
fn watch(
    binaries: &Binaries,
    owner: &Owner,
    data: &Path,
    remove: Option<[&Path; 2]>,
) -> Result<(Child, Option<ChildStdin>), EmbeddedError> {
    let mut watcher = owner
        .command(Path::new("/bin/sh"))
        .args([
            "-c",
            "read -r _; \"$0\" stop -D \"$1\" -m fast -w -t 60; shift; [ $# = 0 ] || rm -rf \"$@\"",
        ])
        .arg(binaries.program("pg_ctl"))
        .arg(data)
        .args(remove.into_iter().flatten())
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map_err(io(Path::new("/bin/sh")))?;
    let lifeline = watcher.stdin.take();
    Ok((watcher, lifeline))
}

fn signal(child: &Child, signal: Signal) {
    if let Ok(pid) = i32::try_from(child.id()) {
        // It may have ended by itself.
        let _ = kill(Pid::from_raw(pid), signal);
    }
}

async fn ended(child: &mut Child, patience: Duration) -> bool {
    let deadline = Instant::now() + patience;
    loop {
        match child.try_wait() {
            Ok(None) if Instant::now() < deadline => sleep(LOOK).await,
            Ok(None) => return false,
            Ok(Some(_)) | Err(_) => return true,
        }
    }
}

/// Ends a server that a killed program left in this folder, and clears what a dead one left. We hold the folder's lock,
/// so no living program has it.
pub(super) async fn end_orphan(data: &Path) {
    let file = data.join("postmaster.pid");
    let deadline = Instant::now() + PATIENCE;
    while let Some(pid) = postmaster(&file) {
        if !serves(pid, data) {
            // The number belongs to somebody else by now, or to nobody; PostgreSQL would refuse to start.
            let _ = fs::remove_file(&file);
            return;
        }
        let left = deadline.saturating_duration_since(Instant::now());
        let how = if left.is_zero() {
            Signal::SIGQUIT
        } else {
            Signal::SIGINT
        };
        let _ = kill(pid, how);
        sleep(LOOK * 4).await;
    }
}

fn postmaster(file: &Path) -> Option<Pid> {
    let text = fs::read_to_string(file).ok()?;
    text.lines().next()?.trim().parse().ok().map(Pid::from_raw)
}

/// True if the process is a server in this folder: it works in there. Where the system has no /proc, whether it lives
/// has to do.
fn serves(pid: Pid, data: &Path) -> bool {
    if Path::new("/proc/self/cwd").exists() {
        return fs::read_link(format!("/proc/{pid}/cwd")).is_ok_and(|cwd| cwd == data);
    }
    kill(pid, None).is_ok()
}

fn tail(text: &str) -> String {
    let lines: Vec<&str> = text
        .lines()
        .filter(|line| !line.trim().is_empty())
        .collect();
    lines[lines.len().saturating_sub(4)..].join("; ")
}
