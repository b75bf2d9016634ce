//! The apalis backend of one pool. It hands claimed jobs to an apalis worker.
//!
//! The fetcher claims once for all pools of the process. A job that arrives here is under lease and has a slot. So the
//! backend never waits for the database, and no error of the database can end the worker.

use std::{
    convert::Infallible,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll},
};

use apalis_core::{
    backend::{Backend, BackendConfig, finalize::Ephemeral},
    task::{Task, task_id::RandomId},
    worker::context::WorkerContext,
};
use tokio::sync::{OwnedSemaphorePermit, mpsc};
use tower_layer::Identity;

use super::stop::Stop;
use crate::types::{Ack, Claimed, Outcome};

/// A claimed job, and the slot that it holds until its ack is sent.
#[derive(Debug)]
pub(crate) struct Slotted {
    pub job: Claimed,
    pub stop: Stop,
    pub slot: OwnedSemaphorePermit,
}

/// The receiving end of one pool. It is shared, so that a worker that the monitor restarts goes on with the same jobs.
#[derive(Clone, Debug)]
pub(crate) struct PoolBackend {
    jobs: Arc<Mutex<mpsc::UnboundedReceiver<Slotted>>>,
    acks: mpsc::UnboundedSender<Ack>,
}

impl PoolBackend {
    pub fn new(jobs: mpsc::UnboundedReceiver<Slotted>, acks: mpsc::UnboundedSender<Ack>) -> Self {
        Self {
            jobs: Arc::new(Mutex::new(jobs)),
            acks,
        }
    }
}

impl Backend for PoolBackend {
    type Task = Task<Slotted>;
    type Error = Infallible;

    fn poll_ready(
        &mut self,
        _: &mut Context<'_>,
        _: &WorkerContext,
    ) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn poll_next(
        &mut self,
        cx: &mut Context<'_>,
        _: &WorkerContext,
    ) -> Poll<Option<Result<Task<Slotted>, Infallible>>> {
        // The channel ends when the fetcher has stopped. The worker then ends after its running jobs.
        self.jobs
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .poll_recv(cx)
            .map(|next| next.map(|slotted| Ok(Task::new(slotted))))
    }

    fn poll_close(
        &mut self,
        _: &mut Context<'_>,
        _: &WorkerContext,
    ) -> Poll<Result<(), Infallible>> {
        // Jobs that were not started go back without costing an attempt. The engine writes their acks after all workers
        // have ended.
        let mut jobs = self.jobs.lock().unwrap_or_else(PoisonError::into_inner);
        while let Ok(Slotted { job, .. }) = jobs.try_recv() {
            let _ = self.acks.send(job.ack(Outcome::HandBack));
        }
        Poll::Ready(Ok(()))
    }
}

impl BackendConfig for PoolBackend {
    type Args = Slotted;
    type Id = RandomId;
    type Kind = Ephemeral;
    type Config = ();
    type Layer = Identity;

    fn config(&self) -> &() {
        &()
    }

    fn middleware(&mut self, _: &mut WorkerContext) -> Identity {
        Identity::new()
    }
}
