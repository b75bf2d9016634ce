//! Which kinds this program can run.

use std::{collections::BTreeMap, future::Future, pin::Pin, sync::Arc, time::Duration};

use crate::{
    cron::{CronError, Schedule, runner},
    enqueue::{EnqueueError, Prepared},
    job::{Job, JobError, Keep, Pool, Retry},
    running::Running,
};

pub(crate) type RunFuture = Pin<Box<dyn Future<Output = Result<(), JobError>> + Send>>;
type RunFn<C> = Arc<dyn Fn(C, serde_json::Value, Running) -> RunFuture + Send + Sync>;
type PrepareFn = fn(serde_json::Value) -> Result<Prepared, EnqueueError>;

/// A registered kind.
pub(crate) struct Kind<C> {
    pub name: &'static str,
    pub pool: Pool,
    pub retry: Retry,
    pub timeout: Duration,
    pub keep: Keep,
    pub run: RunFn<C>,
    pub prepare: PrepareFn,
}

/// The kinds that a program can run, with one context for all.
pub struct Registry<C> {
    kinds: BTreeMap<&'static str, Arc<Kind<C>>>,
    schedules: Vec<runner::InCode>,
}

impl<C> Clone for Registry<C> {
    fn clone(&self) -> Self {
        Self {
            kinds: self.kinds.clone(),
            schedules: self.schedules.clone(),
        }
    }
}

impl<C> Default for Registry<C> {
    fn default() -> Self {
        Self {
            kinds: BTreeMap::new(),
            schedules: Vec::new(),
        }
    }
}

impl<C: Clone + Send + Sync + 'static> Registry<C> {
    /// Without any kind.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a kind. A second one of the same name takes the place of the first.
    #[must_use]
    pub fn register<J: Job<Context = C>>(mut self) -> Self {
        let run: RunFn<C> = Arc::new(|ctx, payload, running| {
            Box::pin(async move {
                let job: J = serde_path_to_error::deserialize(payload)
                    .map_err(|error| JobError::discard("payload", error))?;
                job.run(&ctx, &running).await
            })
        });
        self.kinds.insert(
            J::NAME,
            Arc::new(Kind {
                name: J::NAME,
                pool: J::POOL,
                retry: J::RETRY,
                timeout: J::TIMEOUT,
                keep: J::KEEP,
                run,
                prepare: |payload| {
                    let job: J = serde_path_to_error::deserialize(payload).map_err(|error| {
                        EnqueueError::Payload {
                            kind: J::NAME.into(),
                            error: error.to_string(),
                        }
                    })?;
                    Prepared::new(&job, job.options())
                },
            }),
        );
        self
    }

    /// Adds a schedule that enqueues this job. It is written to the database when an engine starts; what is wrong with it
    /// is said there, and by [`Registry::check_schedules`].
    #[must_use]
    pub fn schedule<J: Job<Context = C>>(mut self, schedule: Schedule, job: &J) -> Self {
        self.schedules.push(runner::InCode {
            schedule,
            kind: J::NAME,
            payload: serde_json::to_value(job).map_err(|error| error.to_string()),
        });
        self
    }

    /// Checks the schedules without a database: for a test of the program that has them.
    ///
    /// # Errors
    /// The first thing that is wrong: a field, a name that is there twice, or a kind that is not registered.
    pub fn check_schedules(&self) -> Result<(), CronError> {
        runner::check(self).map(drop)
    }

    pub(crate) fn schedules(&self) -> &[runner::InCode] {
        &self.schedules
    }

    /// The names of the kinds, sorted.
    pub fn kinds(&self) -> impl Iterator<Item = &'static str> {
        self.kinds.keys().copied()
    }

    /// The pools that the kinds run in, sorted by name.
    pub fn pools(&self) -> Vec<Pool> {
        let mut pools: Vec<Pool> = self.kinds.values().map(|kind| kind.pool).collect();
        pools.sort_by_key(|pool| pool.name());
        pools.dedup();
        pools
    }

    pub(crate) fn get(&self, name: &str) -> Option<&Arc<Kind<C>>> {
        self.kinds.get(name)
    }

    pub(crate) fn prepare(
        &self,
        kind: &str,
        payload: serde_json::Value,
    ) -> Result<Prepared, EnqueueError> {
        match self.get(kind) {
            Some(kind) => (kind.prepare)(payload),
            None => Err(EnqueueError::UnknownKind {
                kind: kind.into(),
                known: self.kinds().collect::<Vec<_>>().join(", "),
            }),
        }
    }
}
