//! The workers: copies of this program. Those that are gone are replaced.

use std::{
    collections::BTreeSet,
    io,
    os::unix::process::ExitStatusExt,
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use tokio::{
    process::{Child, Command},
    time::Instant,
};

/// One worker process.
struct Worker {
    child: Child,
    pid: i32,
    frozen_until: Option<Instant>,
    /// It was asked to end.
    leaving: bool,
    /// It was asked to end before it listened for the signal, so the signal itself may end it.
    asked_early: bool,
}

/// All workers.
pub struct Fleet {
    program: PathBuf,
    url: String,
    folder: PathBuf,
    /// How many workers there should be.
    size: usize,
    workers: Vec<Worker>,
    /// How many workers were started in all.
    pub started: usize,
    /// How many workers a job has killed.
    pub killed_by_jobs: usize,
    /// Workers that failed by themselves. There should be none.
    pub failed: Vec<String>,
    /// The process numbers of workers that the test has killed.
    killed: BTreeSet<i32>,
    /// The process numbers of workers that were asked to end. They may hand jobs back.
    pub asked: BTreeSet<i32>,
}

impl Fleet {
    /// Starts `size` workers.
    pub fn start(url: &str, folder: &Path, size: usize) -> io::Result<Self> {
        let mut fleet = Self {
            program: std::env::current_exe()?,
            url: url.to_owned(),
            folder: folder.to_owned(),
            size,
            workers: Vec::new(),
            started: 0,
            killed_by_jobs: 0,
            failed: Vec::new(),
            killed: BTreeSet::new(),
            asked: BTreeSet::new(),
        };
        fleet.fill()?;
        Ok(fleet)
    }

    /// Thaws workers that were frozen for long enough, removes the dead, and starts others in their place.
    pub fn tend(&mut self) -> io::Result<()> {
        let now = Instant::now();
        for worker in &mut self.workers {
            if worker.frozen_until.is_some_and(|until| until <= now) {
                thaw(worker);
            }
        }
        self.bury()?;
        self.fill()
    }

    fn fill(&mut self) -> io::Result<()> {
        while self.workers.iter().filter(|w| !w.leaving).count() < self.size {
            self.spawn()?;
        }
        Ok(())
    }

    /// Starts one more worker, also above the usual number.
    pub fn spawn(&mut self) -> io::Result<()> {
        self.started += 1;
        let log = self.folder.join(format!("worker-{}.log", self.started));
        let errors = std::fs::File::options()
            .create(true)
            .append(true)
            .open(&log)?;
        let child = Command::new(&self.program)
            .arg("worker")
            .args(["--url", &self.url])
            .arg("--log")
            .arg(&log)
            // We hold it open, so the worker ends when we do.
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(errors)
            .kill_on_drop(true)
            .spawn()?;
        let pid = child
            .id()
            .and_then(|pid| i32::try_from(pid).ok())
            .ok_or_else(|| io::Error::other("a worker has no number"))?;
        self.workers.push(Worker {
            child,
            pid,
            frozen_until: None,
            leaving: false,
            asked_early: false,
        });
        Ok(())
    }

    fn bury(&mut self) -> io::Result<()> {
        let mut at = 0;
        while at < self.workers.len() {
            let Some(status) = self.workers[at].child.try_wait()? else {
                at += 1;
                continue;
            };
            let worker = self.workers.swap_remove(at);
            if status.signal() == Some(Signal::SIGKILL as i32) {
                self.killed_by_jobs += usize::from(!self.killed.contains(&worker.pid));
            } else if !(worker.leaving && (status.success() || worker.asked_early)) {
                self.failed.push(format!("worker {}: {status}", worker.pid));
            }
        }
        Ok(())
    }

    /// One of the workers that fit; `whom` decides which.
    fn choose(&mut self, whom: usize, fits: impl Fn(&Worker) -> bool) -> Option<&mut Worker> {
        let mut those: Vec<&mut Worker> = self.workers.iter_mut().filter(|w| fits(w)).collect();
        let count = those.len();
        (count > 0).then(|| those.swap_remove(whom % count))
    }

    /// Kills one worker. False: there is none.
    pub fn kill(&mut self, whom: usize) -> bool {
        let Some(worker) = self.choose(whom, |_| true) else {
            return false;
        };
        let pid = worker.pid;
        send(pid, Signal::SIGKILL);
        self.killed.insert(pid)
    }

    /// Freezes one worker that is not frozen.
    pub fn freeze(&mut self, whom: usize, lasts: Duration) -> bool {
        let Some(worker) = self.choose(whom, |w| w.frozen_until.is_none()) else {
            return false;
        };
        freeze(worker, lasts);
        true
    }

    /// Freezes all workers, for about the same time.
    pub fn freeze_all(&mut self, lasts: Duration) {
        for worker in &mut self.workers {
            freeze(worker, lasts);
        }
    }

    /// Asks one worker to end. False: there is none.
    pub fn terminate(&mut self, whom: usize) -> bool {
        let Some(worker) = self.choose(whom, |w| !w.leaving) else {
            return false;
        };
        ask(worker);
        let pid = worker.pid;
        self.asked.insert(pid)
    }

    /// Thaws all workers.
    pub fn thaw(&mut self) {
        self.workers.iter_mut().for_each(thaw);
    }

    /// How many workers there are.
    pub fn alive(&self) -> usize {
        self.workers.len()
    }

    /// Asks all workers to end and waits. Kills those that do not end, and answers how many those were.
    pub async fn end(&mut self, patience: Duration) -> io::Result<usize> {
        self.size = 0;
        self.thaw();
        for worker in &mut self.workers {
            ask(worker);
            self.asked.insert(worker.pid);
        }
        let deadline = Instant::now() + patience;
        while !self.workers.is_empty() && Instant::now() < deadline {
            self.bury()?;
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let left = self.workers.len();
        for mut worker in self.workers.drain(..) {
            worker.child.kill().await?;
        }
        Ok(left)
    }
}

fn ask(worker: &mut Worker) {
    worker.leaving = true;
    worker.asked_early |= !catches_sigterm(worker.pid);
    send(worker.pid, Signal::SIGTERM);
}

/// Whether the process has installed its handler. Before that, the signal ends it.
fn catches_sigterm(pid: i32) -> bool {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let caught = status.lines().find_map(|line| line.strip_prefix("SigCgt:"));
    caught
        .and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok())
        .is_some_and(|mask| mask >> (Signal::SIGTERM as i32 - 1) & 1 == 1)
}

fn freeze(worker: &mut Worker, lasts: Duration) {
    send(worker.pid, Signal::SIGSTOP);
    worker.frozen_until = Some(Instant::now() + lasts);
}

fn thaw(worker: &mut Worker) {
    if worker.frozen_until.take().is_some() {
        send(worker.pid, Signal::SIGCONT);
    }
}

/// Sends a signal to a child that nobody has waited for, so the number is still its own. The child may be dead already.
fn send(pid: i32, signal: Signal) {
    let _ = kill(Pid::from_raw(pid), signal);
}
