//! The jobs of the test. One payload says how its runs go. There are three pools.

use std::time::Duration;

use kazi_queue::{Job, JobError, Pool, Reconciled, Registry, Retry, Running};
use nix::{
    sys::signal::{Signal, kill},
    unistd::getpid,
};
use serde::{Deserialize, Serialize};
use sqlx::PgPool;

use crate::record;

/// The pool of short jobs.
pub const QUICK: Pool = Pool::new("quick");
/// The pool of most jobs of sequences.
pub const ORDERED: Pool = Pool::new("ordered");
/// The pool of jobs that behave badly.
pub const ROUGH: Pool = Pool::new("rough");

/// The number of attempts of a job that ends as a dead letter.
pub const FEW: u16 = 3;
/// The number of attempts of all other jobs: enough, however many processes die under them.
pub const MANY: u16 = 400;

/// How the runs of a job go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// Writes its effect.
    Plain,
    /// Fails in this many attempts, then writes its effect.
    Fail(u32),
    /// Panics in this many attempts, then writes its effect.
    Panic(u32),
    /// Asks for a later time this often, then writes its effect.
    Snooze(u32),
    /// Fails in every attempt.
    Hopeless,
    /// Has an effect outside of the database once, then writes its effect here.
    Once,
    /// Gives up in the first run that gets this far.
    Discard,
    /// Kills its process in every attempt.
    Poison,
}

impl Act {
    /// The name in the tables.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Fail(_) => "fail",
            Self::Panic(_) => "panic",
            Self::Snooze(_) => "snooze",
            Self::Hopeless => "hopeless",
            Self::Once => "once",
            Self::Discard => "discard",
            Self::Poison => "poison",
        }
    }

    /// The number of attempts.
    pub const fn attempts(self) -> u16 {
        match self {
            Self::Hopeless | Self::Poison => FEW,
            _ => MANY,
        }
    }
}

/// The payload of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Work {
    /// The number of the job in `chaos.intents`.
    pub n: i64,
    /// How the runs go.
    pub act: Act,
    /// How long a run takes, in milliseconds.
    pub ms: u64,
    /// Whether the job ends in the transaction of its effect, and not by an ack.
    pub completes: bool,
}

/// After this time the provider has taken in whatever a run had sent, even if its process or PostgreSQL was frozen
/// several times in a row, for seconds each.
const TAKEN_IN: Duration = Duration::from_secs(10);

impl Work {
    async fn run(&self, db: &PgPool, job: &Running) -> Result<(), JobError> {
        let run = record::started(db, self.n, job).await?;
        tokio::time::sleep(Duration::from_millis(self.ms)).await;
        match self.act {
            Act::Fail(times) if job.attempt <= times => {
                return Err(JobError::retry("asked", "it was asked to fail"));
            }
            Act::Panic(times) if job.attempt <= times => {
                std::panic::panic_any("it was asked to panic");
            }
            Act::Snooze(times) if record::snoozed(db, self.n).await? < i64::from(times) => {
                record::snooze(db, run).await?;
                return Err(JobError::snooze(
                    Duration::from_millis(120),
                    "it was asked to",
                ));
            }
            Act::Once => self.send_once(db, job).await?,
            Act::Hopeless => return Err(JobError::retry("hopeless", "it never works")),
            Act::Discard => return Err(JobError::discard("discarded", "it gives up")),
            Act::Poison => {
                // SIGKILL leaves nothing tidied up.
                let _ = kill(getpid(), Signal::SIGKILL);
                std::future::pending::<()>().await;
            }
            _ => {}
        }
        // A run that has lost its job says that it ended well. The queue must not believe it.
        if self.completes {
            record::effect_and_end(db, self.n, run, job).await
        } else {
            Ok(record::effect(db, self.n, run, job).await?)
        }
    }

    /// Sends to a provider that accepts everything, as often as it is sent.
    async fn send_once(&self, db: &PgPool, job: &Running) -> Result<(), JobError> {
        let sent: i64 = job
            .once(
                db,
                &record::effect_key(self.n),
                async |effect| {
                    Ok(match record::find_sent(db, self.n).await? {
                        Some(sent) => Reconciled::Happened(sent),
                        None if record::is_past(db, effect.started_at, TAKEN_IN).await? => {
                            Reconciled::DidNotHappen
                        }
                        None => Reconciled::Unknown {
                            again_in: Duration::from_secs(1),
                        },
                    })
                },
                async || {
                    let sent = record::send(db, self.n, job).await;
                    Ok(sent.map_err(JobError::from)?)
                },
            )
            .await?;
        record::answered(db, self.n, sent).await?;
        Ok(())
    }
}

macro_rules! kinds {
    ($($kind:ident, $name:literal, $pool:ident;)*) => {$(
        #[doc = concat!("[`Work`] in the pool of the kind `", $name, "`.")]
        #[derive(Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $kind(pub Work);

        impl Job for $kind {
            type Context = PgPool;
            const NAME: &'static str = $name;
            const POOL: Pool = $pool;
            const RETRY: Retry = Retry::exponential(Duration::from_millis(40), Duration::from_millis(400));
            const TIMEOUT: Duration = Duration::from_secs(20);

            async fn run(&self, db: &PgPool, job: &Running) -> Result<(), JobError> {
                self.0.run(db, job).await
            }
        }
    )*};
}

kinds! {
    Quick, "chaos.quick", QUICK;
    Ordered, "chaos.ordered", ORDERED;
    Rough, "chaos.rough", ROUGH;
}

/// All kinds of the test.
pub fn registry() -> Registry<PgPool> {
    Registry::new()
        .register::<Quick>()
        .register::<Ordered>()
        .register::<Rough>()
}
