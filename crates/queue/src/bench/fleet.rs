//! Worker processes: the program itself, started again for each.
//!
//! They talk in lines. The parent writes `go` to a worker. When the worker's input ends, also because the parent died,
//! the worker ends. A worker writes `ready`, then the number of jobs that it has started each time it changes, and
//! `ended` after its last ack.

use std::{
    io::{self, Write},
    process::Stdio,
    time::Duration,
};

use sqlx::PgPool;
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    process::{Child, ChildStdin, Command},
    sync::{mpsc, watch},
    time::{sleep, timeout},
};

use super::{
    BenchError,
    work::{Started, engine},
};

/// How often to look at a counter.
pub(super) const LOOK: Duration = Duration::from_millis(1);
/// How long a process may take to start or to end.
const PATIENCE: Duration = Duration::from_secs(60);

#[derive(Clone, Copy, Default)]
struct Said {
    ready: bool,
    started: usize,
    ended: bool,
}

struct Worker {
    child: Child,
    stdin: ChildStdin,
    said: watch::Receiver<Said>,
}

/// The workers. They are killed if this is dropped.
pub(super) struct Fleet(Vec<Worker>);

impl Fleet {
    /// Starts workers and waits until all of them are ready.
    pub async fn start(
        program: &(dyn Fn() -> Command + Send + Sync),
        workers: usize,
    ) -> Result<Self, BenchError> {
        let mut fleet = Self(Vec::new());
        for _ in 0..workers {
            let mut child = program()
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .kill_on_drop(true)
                .spawn()?;
            let (Some(stdin), Some(stdout)) = (child.stdin.take(), child.stdout.take()) else {
                return Err(io::Error::other("a worker has no input or output").into());
            };
            let (say, said) = watch::channel(Said::default());
            tokio::spawn(async move {
                let mut lines = BufReader::new(stdout).lines();
                // If the worker dies, the channel closes, and the reader sees that.
                while let Ok(Some(line)) = lines.next_line().await {
                    say.send_modify(|said| match line.as_str() {
                        "ready" => said.ready = true,
                        "ended" => said.ended = true,
                        count => said.started = count.parse().unwrap_or(said.started),
                    });
                }
            });
            fleet.0.push(Worker { child, stdin, said });
        }
        fleet.all(|said| said.ready).await?;
        Ok(fleet)
    }

    /// Lets the workers run jobs.
    pub async fn go(&mut self) -> Result<(), BenchError> {
        for worker in &mut self.0 {
            worker.stdin.write_all(b"go\n").await?;
        }
        Ok(())
    }

    /// How many jobs the workers have started.
    pub fn started(&self) -> Result<usize, BenchError> {
        if self
            .0
            .iter()
            .any(|worker| worker.said.has_changed().is_err())
        {
            return Err(gone());
        }
        Ok(self
            .0
            .iter()
            .map(|worker| worker.said.borrow().started)
            .sum())
    }

    /// The process numbers of the workers.
    pub fn pids(&self) -> Vec<u32> {
        self.0
            .iter()
            .filter_map(|worker| worker.child.id())
            .collect()
    }

    /// Ends the workers in order, after their last acks.
    pub async fn stop(self) -> Result<(), BenchError> {
        let (mut children, mut ends) = (Vec::new(), Vec::new());
        for worker in self.0 {
            drop(worker.stdin);
            children.push(worker.child);
            ends.push(worker.said);
        }
        for mut end in ends {
            wait(&mut end, |said| said.ended).await?;
        }
        for mut child in children {
            timeout(PATIENCE, child.wait())
                .await
                .map_err(|_| gone())??;
        }
        Ok(())
    }

    async fn all(&mut self, what: impl Fn(&Said) -> bool + Copy) -> Result<(), BenchError> {
        for worker in &mut self.0 {
            wait(&mut worker.said, what).await?;
        }
        Ok(())
    }
}

async fn wait(
    said: &mut watch::Receiver<Said>,
    what: impl FnMut(&Said) -> bool,
) -> Result<(), BenchError> {
    match timeout(PATIENCE, said.wait_for(what)).await {
        Ok(Ok(_)) => Ok(()),
        _ => Err(gone()),
    }
}

fn gone() -> BenchError {
    io::Error::other("a worker process ended early or does not answer").into()
}

/// The worker: runs jobs until its standard input ends.
///
/// # Errors
/// A statement failed, or the parent is gone.
pub async fn work(db: &PgPool, slots: usize) -> Result<(), BenchError> {
    let mut orders = orders();
    say("ready")?;
    if orders.recv().await.is_none() {
        return Ok(());
    }
    let started = Started::counted();
    let engine = engine(db, &started, slots).await?;
    let mut told = 0;
    loop {
        tokio::select! {
            order = orders.recv() => if order.is_none() { break },
            () = sleep(LOOK * 5) => {}
        }
        let count = started.count();
        if count != told {
            told = count;
            say(&count.to_string())?;
        }
    }
    engine.shutdown(PATIENCE).await;
    say("ended")
}

/// The lines of the standard input, and its end. A thread reads them, because reading blocks.
fn orders() -> mpsc::UnboundedReceiver<String> {
    let (give, take) = mpsc::unbounded_channel();
    std::thread::spawn(move || {
        for line in io::stdin().lines().map_while(Result::ok) {
            if give.send(line).is_err() {
                break;
            }
        }
    });
    take
}

fn say(line: &str) -> Result<(), BenchError> {
    let mut out = io::stdout().lock();
    writeln!(out, "{line}")?;
    Ok(out.flush()?)
}
