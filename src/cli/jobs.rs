use chrono::{DateTime, Utc};
use clap::{Args, Subcommand};
use kazi_queue::{
    JobId,
    inspect::{self, DeadFilter, JobFilter, JobView, State, Stepped},
};

use super::{
    lanes::shown,
    near::unknown,
    output::{self, Format, time},
};
use crate::{CliError, runtime::Runtime};

/// Commands for jobs.
#[derive(Subcommand)]
pub enum Jobs {
    /// Lists jobs, the newest first.
    List(List),
    /// Shows a job with its value and the error of each attempt.
    Show {
        /// The number of the job.
        id: JobId,
        #[command(flatten)]
        format: Format,
    },
    /// Runs dead letters again with all their attempts, and waiting jobs now.
    Retry(Which),
    /// Cancels jobs. A running job is told to stop, and a dead letter is removed.
    Cancel(Which),
}

/// Selects the jobs of a list.
#[derive(Args)]
pub struct List {
    /// Only in this state: scheduled, blocked, ready, running, done, dead, cancelled.
    #[arg(long, value_parser = state)]
    state: Option<State>,
    /// Only of this kind, like messages.send.
    #[arg(long)]
    kind: Option<String>,
    /// The most jobs in the list.
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(i64).range(1..=10_000))]
    limit: i64,
    #[command(flatten)]
    format: Format,
}

/// Selects jobs to change: by number, or dead letters by their properties.
#[derive(Args)]
pub struct Which {
    /// The numbers of the jobs.
    #[arg(required_unless_present = "dead")]
    ids: Vec<JobId>,
    /// All dead letters that match.
    #[arg(long, conflicts_with = "ids")]
    dead: bool,
    /// With --dead: only of this kind.
    #[arg(long, requires = "dead")]
    kind: Option<String>,
    /// With --dead: only with an error of this class.
    #[arg(long, requires = "dead")]
    class: Option<String>,
    /// With --dead: only jobs that died at this time or later, like 2026-11-21T08:00:00Z.
    #[arg(long, requires = "dead", value_parser = instant)]
    since: Option<DateTime<Utc>>,
    /// With --dead: only jobs that died before this time.
    #[arg(long, requires = "dead", value_parser = instant)]
    until: Option<DateTime<Utc>>,
    #[command(flatten)]
    format: Format,
}

/// The most dead letters that one command changes.
const MAX_DEAD_LETTERS: i64 = 100_000;

impl Which {
    async fn ids(&self, runtime: &Runtime) -> Result<Vec<JobId>, CliError> {
        if !self.dead {
            return Ok(self.ids.clone());
        }
        let filter = DeadFilter {
            kind: self.kind.clone(),
            class: self.class.clone(),
            since: self.since,
            until: self.until,
            ..DeadFilter::default()
        };
        Ok(inspect::dead(
            &mut *runtime.ctx.owner.acquire().await?,
            &filter,
            MAX_DEAD_LETTERS,
        )
        .await?)
    }
}

fn instant(text: &str) -> Result<DateTime<Utc>, String> {
    let rule = "it must be a time like 2026-11-21T08:00:00Z";
    text.parse().map_err(|_| rule.to_owned())
}

fn state(text: &str) -> Result<State, String> {
    let known = || State::ALL.map(State::name).join(", ");
    let found = State::ALL.into_iter().find(|state| state.name() == text);
    found.ok_or_else(|| format!("there is no such state; there are {}", known()))
}

impl Jobs {
    pub async fn run(self, runtime: &Runtime) -> Result<(), CliError> {
        match self {
            Self::List(list) => list.run(runtime).await,
            Self::Show { id, format } => show(runtime, id, format).await,
            Self::Retry(ids) => {
                step(runtime, &ids, "due now", async |conn, id| {
                    inspect::retry(conn, id).await
                })
                .await
            }
            Self::Cancel(ids) => {
                step(runtime, &ids, "cancelled", async |conn, id| {
                    inspect::cancel(conn, id).await
                })
                .await
            }
        }
    }
}

impl List {
    async fn run(self, runtime: &Runtime) -> Result<(), CliError> {
        let mut filter = JobFilter {
            state: self.state,
            kind: self.kind,
            limit: self.limit,
            ..JobFilter::default()
        };
        let mut conn = runtime.ctx.owner.acquire().await?;
        let mut jobs = Vec::new();
        loop {
            let listed = inspect::list(&mut conn, &filter).await?;
            filter.limit -= i64::try_from(listed.jobs.len()).unwrap_or(i64::MAX);
            jobs.extend(listed.jobs);
            if listed.looked_to.is_none() {
                break;
            }
            filter.after = listed.looked_to;
        }
        // Another version of the program may know the kind, so a list with its jobs is shown.
        let registry = kazi_jobs::registry();
        if let Some(kind) = &filter.kind
            && jobs.is_empty()
            && !registry.kinds().any(|known| known == kind)
        {
            return Err(format!("--kind: {}", unknown("kind", kind, registry.kinds())).into());
        }
        for job in &mut jobs {
            job.lane = shown(&job.lane);
        }
        let header = [
            "job",
            "kind",
            "state",
            "attempt",
            "enqueued",
            "due",
            "last error",
        ];
        self.format.rows(&header, &jobs, |job| {
            vec![
                job.id.to_string(),
                job.kind.clone(),
                job.state.name().to_owned(),
                format!("{}/{}", job.attempt, job.max_attempts),
                time(job.enqueued_at),
                time(job.due),
                job.error_class.clone().unwrap_or_default(),
            ]
        })
    }
}

async fn show(runtime: &Runtime, id: JobId, format: Format) -> Result<(), CliError> {
    let detail = inspect::show(&mut *runtime.ctx.owner.acquire().await?, id).await?;
    let detail = detail.ok_or_else(|| format!("there is no job {id}"))?;
    if format.json {
        return output::json(&detail);
    }
    let JobView {
        kind,
        pool,
        lane,
        state,
        attempt,
        max_attempts,
        enqueued_at,
        due,
        claimed_at,
        finished_at,
        trace,
        ..
    } = &detail.job;
    let mut text = format!("job {id}: {kind}, {}\n", state.name());
    let mut line = |name: &str, value: &str| text.push_str(&format!("  {name:<9} {value}\n"));
    line("pool", pool);
    line("lane", &shown(lane));
    line("attempt", &format!("{attempt} of {max_attempts}"));
    line("enqueued", &time(*enqueued_at));
    line("due", &time(*due));
    for (name, at) in [("claimed", claimed_at), ("finished", finished_at)] {
        if let Some(at) = at {
            line(name, &time(*at));
        }
    }
    line("trace", trace.as_deref().unwrap_or("–"));
    line("payload", &detail.payload.to_string());
    for error in detail.errors.as_array().into_iter().flatten() {
        let said = |key: &str| {
            error[key]
                .as_str()
                .map_or_else(|| error[key].to_string(), str::to_owned)
        };
        line(
            "error",
            &format!(
                "attempt {} at {}: {}: {}",
                said("attempt"),
                said("at"),
                said("class"),
                said("message")
            ),
        );
    }
    output::print(&text)
}

async fn step(
    runtime: &Runtime,
    which: &Which,
    done: &str,
    step: impl AsyncFn(&mut sqlx::PgConnection, JobId) -> Result<Stepped, sqlx::Error>,
) -> Result<(), CliError> {
    let mut results = Vec::new();
    let mut failed = 0;
    let ids = which.ids(runtime).await?;
    for id in &ids {
        // Each job has its own transaction. A failure for one job does not stop the others.
        let mut tx = runtime.ctx.owner.begin().await?;
        let stepped = step(&mut tx, *id).await?;
        tx.commit().await?;
        let words = match stepped {
            Stepped::Done => done,
            Stepped::Requested => "asked to stop",
            Stepped::NotNow => "not in a state for this",
            Stepped::NotFound => "there is no such job",
        };
        failed += usize::from(matches!(stepped, Stepped::NotNow | Stepped::NotFound));
        results.push(serde_json::json!({"id": id, "result": words}));
    }
    which.format.rows(&["job", "result"], &results, |result| {
        vec![
            result["id"].to_string(),
            result["result"].as_str().unwrap_or_default().to_owned(),
        ]
    })?;
    match failed {
        0 => Ok(()),
        failed => Err(format!("{failed} of {} jobs were left as they are", ids.len()).into()),
    }
}
