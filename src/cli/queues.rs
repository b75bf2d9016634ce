use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use clap::{ArgGroup, Args, Subcommand};
use kazi_jobs::pools;
use kazi_queue::{
    Pool, inspect,
    lanes::{self, Limits, Scope},
};

use super::{
    lanes::{find, shown},
    near,
    output::{self, Format, time},
};
use crate::{CliError, config, runtime::Runtime};

/// Shows pools and lanes, and stops and starts them.
#[derive(Args)]
pub struct Queues {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    format: Format,
}

#[derive(Subcommand)]
enum Command {
    /// Lists the lanes that have a limit, are paused or are parked.
    Lanes(Format),
    /// Stops a pool, a kind or a lane. Running jobs continue.
    Pause(Target),
    /// Starts it again.
    Resume(Target),
    /// Sets the limits of a lane for all processes at once. What is not named has no limit afterwards.
    #[command(group = ArgGroup::new("limits").required(true).multiple(true).args(["rate", "max_running", "none"]))]
    Limit {
        #[command(flatten)]
        lane: Lane,
        /// Jobs in a second.
        #[arg(long, requires = "burst")]
        rate: Option<f64>,
        /// The most jobs that may start at once.
        #[arg(long, requires = "rate")]
        burst: Option<u32>,
        /// The part of the burst, and of the jobs at once, that jobs of low priority must not use.
        #[arg(long, default_value_t = 0)]
        reserved: u32,
        /// The most jobs that may run at once: more than `reserved`.
        #[arg(long)]
        max_running: Option<u32>,
        /// The lane has no limits any more: a provider may refuse what is too fast.
        #[arg(long, conflicts_with_all = ["rate", "burst", "max_running", "reserved"])]
        none: bool,
    },
    /// Lets no job of a lane start before a time.
    Park {
        #[command(flatten)]
        lane: Lane,
        /// A time in the next 30 days, like 2026-11-21T08:00:00Z.
        #[arg(value_parser = soon)]
        until: DateTime<Utc>,
    },
    /// Ends the parking of a lane.
    Unpark {
        #[command(flatten)]
        lane: Lane,
    },
}

/// A lane of a pool.
#[derive(Args)]
struct Lane {
    /// A name like whatsapp.
    #[arg(value_parser = config::pool)]
    pool: Pool,
    /// The lane's name: chn_0190… (a channel) for messages, else a workspace like wsp_0190….
    lane: String,
}

impl Lane {
    /// The lane as the queue knows it.
    async fn known(self, runtime: &Runtime) -> Result<Self, CliError> {
        Ok(Self {
            lane: find(runtime, self.pool, &self.lane).await?,
            ..self
        })
    }
}

/// The target to stop or start: `pool whatsapp`, `kind messages.send` or `lane whatsapp chn_…`.
#[derive(Args)]
struct Target {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// All jobs of a pool.
    Pool {
        /// A name like whatsapp.
        #[arg(value_parser = config::pool)]
        pool: Pool,
    },
    /// All jobs of a kind.
    Kind {
        /// A name like messages.send.
        #[arg(value_parser = kind)]
        kind: String,
    },
    /// The jobs of a lane.
    Lane(Lane),
}

/// The queue parks no lane for longer.
const MOST_PARKED: TimeDelta = TimeDelta::days(30);

fn soon(text: &str) -> Result<DateTime<Utc>, String> {
    let now = Utc::now();
    let until = text.parse().ok();
    until
        .filter(|until| (now..=now + MOST_PARKED).contains(until))
        .ok_or_else(|| {
            let example = (now + TimeDelta::hours(1)).to_rfc3339_opts(SecondsFormat::Secs, true);
            format!("it must be a time in the next 30 days, like {example}")
        })
}

fn kind(name: &str) -> Result<String, String> {
    let registry = kazi_jobs::registry();
    match registry.kinds().any(|kind| kind == name) {
        true => Ok(name.to_owned()),
        false => Err(near::unknown("kind", name, registry.kinds())),
    }
}

impl What {
    /// The target as the queue knows it.
    async fn known(self, runtime: &Runtime) -> Result<Self, CliError> {
        Ok(match self {
            Self::Lane(lane) => Self::Lane(lane.known(runtime).await?),
            other => other,
        })
    }

    fn scope(&self) -> Scope<'_> {
        match self {
            Self::Pool { pool } => Scope::Pool(*pool),
            Self::Kind { kind } => Scope::Kind(kind),
            Self::Lane(Lane { pool, lane }) => Scope::Lane(*pool, lane),
        }
    }
}

impl Queues {
    pub async fn run(self, runtime: &Runtime) -> Result<(), CliError> {
        let mut conn = runtime.ctx.owner.acquire().await?;
        match self.command {
            None => return pools(&mut conn, self.format).await,
            Some(Command::Lanes(format)) => return list(&mut conn, format).await,
            Some(Command::Pause(target)) => {
                let what = target.what.known(runtime).await?;
                lanes::pause(&mut conn, what.scope()).await?;
            }
            Some(Command::Resume(target)) => {
                let what = target.what.known(runtime).await?;
                lanes::resume(&mut conn, what.scope()).await?;
            }
            Some(Command::Limit {
                lane,
                rate,
                burst,
                reserved,
                max_running,
                none: _,
            }) => {
                let limits = Limits {
                    rate: rate.zip(burst),
                    reserved,
                    max_running,
                };
                let lane = lane.known(runtime).await?;
                lanes::set(&mut conn, lane.pool, &lane.lane, &limits).await?;
            }
            Some(Command::Park { lane, until }) => {
                let lane = lane.known(runtime).await?;
                lanes::park(&mut conn, lane.pool.name(), &lane.lane, until).await?;
            }
            Some(Command::Unpark { lane }) => {
                let lane = lane.known(runtime).await?;
                lanes::unpark(&mut conn, lane.pool, &lane.lane).await?;
            }
        }
        output::print("done\n")
    }
}

async fn pools(conn: &mut sqlx::PgConnection, format: Format) -> Result<(), CliError> {
    let pools = inspect::pools(&mut *conn, &pools::ALL).await?;
    let header = [
        "pool",
        "processes",
        "ready",
        "oldest due",
        "running",
        "scheduled",
        "blocked",
        "dead",
        "",
    ];
    format.rows(&header, &pools, |pool| {
        vec![
            pool.pool.clone(),
            pool.processes.to_string(),
            pool.ready.to_string(),
            pool.oldest_due_seconds
                .map(|secs| format!("{secs:.1} s"))
                .unwrap_or_default(),
            pool.running.to_string(),
            pool.scheduled.to_string(),
            pool.blocked.to_string(),
            pool.dead.to_string(),
            if pool.paused { "paused" } else { "" }.to_owned(),
        ]
    })?;
    if !format.json {
        for (scope, name) in lanes::pauses(conn)
            .await?
            .into_iter()
            .filter(|(scope, _)| scope == "kind")
        {
            output::print(&format!("the {scope} {name} is paused\n"))?;
        }
    }
    Ok(())
}

async fn list(conn: &mut sqlx::PgConnection, format: Format) -> Result<(), CliError> {
    let mut lanes = lanes::list(conn).await?;
    for lane in &mut lanes {
        lane.lane = shown(&lane.lane);
    }
    let header = [
        "pool",
        "lane",
        "rate",
        "burst",
        "reserved",
        "at once",
        "parked until",
        "",
    ];
    format.rows(&header, &lanes, |lane| {
        let number = |value: Option<i32>| value.map(|value| value.to_string()).unwrap_or_default();
        vec![
            lane.pool.clone(),
            lane.lane.clone(),
            lane.rate
                .map(|rate| format!("{rate}/s"))
                .unwrap_or_default(),
            number(lane.burst),
            lane.reserved.to_string(),
            number(lane.max_running),
            lane.parked_until.map(time).unwrap_or_default(),
            if lane.paused { "paused" } else { "" }.to_owned(),
        ]
    })
}
