//! The kinds that a program can run.

use std::{
    collections::{BTreeMap, BTreeSet},
    future::Future,
    pin::Pin,
    sync::Arc,
    time::Duration,
};

use chrono::{DateTime, Utc};
use serde_json::Value;
use uuid::Uuid;

use crate::{
    job::{self, Job},
    types::{
        self, CronError, EnqueueError, JobError, Keep, Payload, Pool, Prepared, Retry, Running,
        Schedule, trace::TraceId,
    },
};

pub(crate) type RunFuture = Pin<Box<dyn Future<Output = Result<(), JobError>> + Send>>;
type RunFn<C> = Arc<dyn Fn(C, Payload, Running) -> RunFuture + Send + Sync>;
type PrepareFn = fn(Payload) -> Result<Prepared, EnqueueError>;

/// A registered kind: its constants, and its functions without their type.
pub(crate) struct Kind<C> {
    pub name: &'static str,
    pub pool: Pool,
    pub retry: Retry,
    pub timeout: Duration,
    pub keep: Keep,
    pub version: u16,
    pub run: RunFn<C>,
    pub prepare: PrepareFn,
}

/// The kinds that a program can run. All of them get the same context.
pub struct Registry<C> {
    kinds: BTreeMap<&'static str, Arc<Kind<C>>>,
    schedules: Vec<InCode>,
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
    /// A registry without any kind.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a kind. A second kind of the same name replaces the first.
    #[must_use]
    pub fn register<J: Job<Context = C>>(mut self) -> Self {
        let run: RunFn<C> = Arc::new(|ctx, payload, running| {
            Box::pin(async move {
                let job: J = parse(payload).map_err(|error| JobError::discard("payload", error))?;
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
                version: J::VERSION.max(1),
                run,
                prepare: |payload| {
                    let job: J = parse(payload).map_err(|error| EnqueueError::Payload {
                        kind: J::NAME.into(),
                        error,
                    })?;
                    job::prepare(&job, job.options())
                },
            }),
        );
        self
    }

    /// Adds a schedule that enqueues this job. The engine writes it to the database at its start and refuses to start
    /// if it is wrong; so does [`Registry::check_schedules`].
    #[must_use]
    pub fn schedule<J: Job<Context = C>>(mut self, schedule: Schedule, job: &J) -> Self {
        self.schedules.push(InCode {
            schedule,
            kind: J::NAME,
            payload: serde_json::to_value(job).map_err(|error| error.to_string()),
        });
        self
    }

    /// Checks the schedules without a database, for a test of the program.
    ///
    /// # Errors
    /// The first fault: a field that is not allowed, a name that is used twice, or a kind that is not registered.
    pub fn check_schedules(&self) -> Result<(), CronError> {
        self.checked_schedules().map(drop)
    }

    /// Checks the schedules of the code, and answers each with its kind and its payload, in the order of their names.
    pub(crate) fn checked_schedules(
        &self,
    ) -> Result<Vec<(&Schedule, &'static str, Value)>, CronError> {
        let mut checked = Vec::new();
        let mut names = BTreeSet::new();
        for InCode {
            schedule,
            kind,
            payload,
        } in &self.schedules
        {
            schedule.check()?;
            if !names.insert((schedule.tenant, &schedule.name)) {
                return Err(CronError::Twice {
                    name: schedule.name.clone(),
                });
            }
            let payload = payload.clone().map_err(|error| EnqueueError::Serialise {
                kind: (*kind).into(),
                error,
            })?;
            let payload = self.scheduled_payload(schedule, kind, payload)?;
            checked.push((schedule, *kind, payload));
        }
        checked.sort_by_key(|(schedule, ..)| (schedule.tenant, &schedule.name));
        Ok(checked)
    }

    /// The payload of a schedule as its kind writes it, sealed if the kind says so.
    pub(crate) fn scheduled_payload(
        &self,
        schedule: &Schedule,
        kind: &str,
        payload: Value,
    ) -> Result<Value, EnqueueError> {
        let mut prepared = self.prepare(kind, payload)?;
        prepared.options.tenant = schedule.tenant;
        prepared.seal()?;
        serde_json::from_str(&prepared.payload).map_err(|error| EnqueueError::Serialise {
            kind: kind.into(),
            error: error.to_string(),
        })
    }

    /// The job of one fire: with the options of its kind, but due at the fire and of the schedule's tenant.
    pub(crate) fn prepare_fire(
        &self,
        schedule: &Schedule,
        kind: &str,
        stored: Value,
        fire: DateTime<Utc>,
    ) -> Result<Prepared, EnqueueError> {
        let mut job = self.prepare_stored(kind, schedule.tenant, stored)?;
        job.options = job.options.due(fire);
        if let Some(tenant) = schedule.tenant {
            job.options = job.options.tenant(tenant);
        }
        // A fire begins a trace, unless somebody's request caused it.
        job.trace = job.trace.or_else(|| Some(TraceId::random()));
        Ok(job)
    }

    /// The names of the kinds, sorted.
    pub fn kinds(&self) -> impl Iterator<Item = &'static str> {
        self.kinds.keys().copied()
    }

    pub(crate) fn names(&self) -> Vec<String> {
        self.kinds().map(str::to_owned).collect()
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

    fn known(&self, kind: &str) -> Result<&Kind<C>, EnqueueError> {
        self.kinds
            .get(kind)
            .map(AsRef::as_ref)
            .ok_or_else(|| EnqueueError::UnknownKind {
                kind: kind.into(),
                known: self.kinds().collect::<Vec<_>>().join(", "),
            })
    }

    /// A job from its value, in the form of the current version.
    pub(crate) fn prepare(&self, kind: &str, value: Value) -> Result<Prepared, EnqueueError> {
        let kind = self.known(kind)?;
        (kind.prepare)(Payload {
            version: kind.version,
            value,
        })
    }

    /// A job from a stored payload.
    pub(crate) fn prepare_stored(
        &self,
        kind: &str,
        tenant: Option<Uuid>,
        stored: Value,
    ) -> Result<Prepared, EnqueueError> {
        let kind = self.known(kind)?;
        let payload = types::open(kind.name, tenant, kind.version, stored).map_err(|why| {
            EnqueueError::Payload {
                kind: kind.name.into(),
                error: why.message(),
            }
        })?;
        (kind.prepare)(payload)
    }
}

/// The job in a payload. The error names the path of the wrong value. For a sealed payload it does not quote the value.
pub(crate) fn parse<J: Job>(payload: Payload) -> Result<J, String> {
    let value = if payload.version < J::VERSION {
        J::upgrade(payload.version, payload.value)?
    } else {
        payload.value
    };
    serde_path_to_error::deserialize(value).map_err(|error: serde_path_to_error::Error<_>| {
        if J::SEALED {
            format!("{}: not what this kind expects", error.path())
        } else {
            error.to_string()
        }
    })
}

/// A schedule of the code, and the job that it enqueues.
#[derive(Clone, Debug)]
pub(crate) struct InCode {
    pub schedule: Schedule,
    pub kind: &'static str,
    pub payload: Result<Value, String>,
}
