//! The processes of the server: make the data, start, watch, end.

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

/// A running server, and the watcher that stops it when this program ends.
#[derive(Debug)]
pub(super) struct Server {
    postgres: Child,
    watcher: Child,
    /// The watcher reads from this pipe until it closes. The system closes it when this program ends, even by SIGKILL.
    lifeline: Option<ChildStdin>,
}

/// The pause between two looks at a process.
const LOOK: Duration = Duration::from_millis(15);

/// Makes the data folder. `initdb` works in a folder with another name, which is renamed at the end. So a crash leaves
/// no incomplete data folder.
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
        // Only a user who can enter the socket's folder can connect.
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
        // From here on the watcher stops the server when this program ends, however it ends.
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
                    // The server has answered. It does not matter how the connection ends.
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
        // SIGINT is PostgreSQL's fast shutdown: the server ends its connections and writes all data.
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

/// Starts a shell that waits until this program ends, then stops the server and removes the folders in `remove`.
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
        // The process may have ended already.
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

/// Ends the server of a killed program in this folder, and removes what a dead server left. The caller holds the
/// folder's lock, so no living program uses the folder.
pub(super) async fn end_orphan(data: &Path) {
    let file = data.join("postmaster.pid");
    let deadline = Instant::now() + PATIENCE;
    while let Some(pid) = postmaster(&file) {
        if !serves(pid, data) {
            // Another process has this process id now, or none has. PostgreSQL would refuse to start because of the
            // file.
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

/// Tells whether the process is a server in this folder: its working directory is the folder. Without `/proc` it only
/// tells whether the process lives.
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
