use clap::Args;
use kazi_queue::inspect;
use serde_json::{Value, json};

use super::output;
use crate::{CliError, runtime::Runtime};

/// Enqueues a job.
#[derive(Args)]
pub struct Enqueue {
    /// A name like messages.send.
    kind: String,
    /// The job's value, as JSON.
    #[arg(value_parser = parse)]
    payload: Value,
    #[command(flatten)]
    format: output::Format,
}

fn parse(text: &str) -> Result<Value, String> {
    serde_json::from_str(text).map_err(|error| format!("not JSON: {error}"))
}

impl Enqueue {
    pub async fn run(self, runtime: &Runtime) -> Result<(), CliError> {
        let mut conn = runtime.ctx.owner.acquire().await?;
        let enqueued =
            inspect::enqueue_raw(&mut conn, &kazi_jobs::registry(), &self.kind, self.payload)
                .await?;
        match self.format.json {
            true => output::json(&json!({"id": enqueued.id, "duplicate": enqueued.duplicate})),
            false if enqueued.duplicate => {
                output::print(&format!("job {} is there already\n", enqueued.id))
            }
            false => output::print(&format!("job {}\n", enqueued.id)),
        }
    }
}
