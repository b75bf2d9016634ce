//! Imports a file of contacts, as an admin does, and measures the speed and the memory.

use std::{
    fmt::Write,
    fs,
    time::{Duration, Instant},
};

use clap::Args;
use kazi_jobs::{
    Context, Work,
    contacts::{self, ImportOptions, ImportView},
    pools,
};
use kazi_platform::{WorkspaceId, actor::Actor};
use kazi_queue::{Engine, EngineConfig, bench::Figure};

use super::{Format, business, show, spinner};
use crate::CliError;

/// The size of the measurement.
#[derive(Args)]
pub struct Load {
    /// Rows of the file. Every hundredth is bad.
    #[arg(long, default_value_t = 100_000)]
    rows: u32,
    #[command(flatten)]
    format: Format,
}

impl Load {
    pub async fn run(self, ctx: &Context) -> Result<(), CliError> {
        let workspace = business(ctx).await?;
        let file = file(self.rows)?;
        let before = memory();
        let Imported { ended, took, peak } = import(ctx, workspace, file).await?;
        #[expect(clippy::cast_precision_loss, reason = "some hundred thousand")]
        let (created, bad) = (ended.rows_created as f64, ended.rows_bad as f64);
        show(
            self.format,
            &[
                Figure::new("rows imported", f64::from(self.rows) / took, "/s").at_least(5_000.0),
                Figure::new("time of the import", took, "s"),
                Figure::new("contacts made", created, ""),
                Figure::new("rows reported as bad", bad, ""),
                Figure::new(
                    "rows unaccounted for",
                    f64::from(self.rows) - created - bad,
                    "",
                )
                .at_most(0.0),
                Figure::new("memory that it took more", peak - before, "MiB").at_most(100.0),
            ],
        )
    }
}

/// The result of an import.
pub struct Imported {
    pub ended: ImportView,
    /// Seconds.
    pub took: f64,
    /// The largest memory of the process, in MiB.
    pub peak: f64,
}

/// The tag of every contact.
pub const TAG: &str = "bench";

/// Imports a file completely, with a worker of its own.
pub async fn import(
    ctx: &Context,
    workspace: WorkspaceId,
    file: String,
) -> Result<Imported, CliError> {
    let mut work = Work::by(ctx, workspace, Actor::OPERATOR).await?;
    let options = ImportOptions {
        country: Some("KE".into()),
        tags: vec![TAG.into()],
        consent: Some("the bench".into()),
        ..ImportOptions::default()
    };
    let bytes = file.as_bytes();
    let import = contacts::start_import(&mut work, "bench.csv", bytes, &options).await?;
    work.commit().await?;
    drop(file);

    let bar = spinner();
    let began = Instant::now();
    let config = EngineConfig {
        pools: vec![(pools::BULK, 1)],
        ..EngineConfig::default()
    };
    let (queue, jobs) = (ctx.owner.clone(), kazi_jobs::registry());
    let engine = Engine::start(queue, jobs, ctx.clone(), config).await?;
    let mut peak = memory();
    let ended = loop {
        let mut work = Work::by(ctx, workspace, Actor::OPERATOR).await?;
        let view = contacts::import_view(&mut work, import.id).await?;
        work.commit().await?;
        bar.set_message(format!("{} rows imported", view.rows_done));
        peak = peak.max(memory());
        if view.finished_at.is_some() {
            break view;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    };
    let took = began.elapsed().as_secs_f64();
    bar.finish_and_clear();
    engine.shutdown(Duration::from_secs(10)).await;
    Ok(Imported { ended, took, peak })
}

fn file(rows: u32) -> Result<String, CliError> {
    let mut file = String::from("Name,Phone,E-mail,Tags\n");
    for row in 0..rows {
        let phone = if row % 100 == 99 {
            "12".to_owned()
        } else {
            format!("07{row:08}")
        };
        writeln!(
            file,
            "Amina Otieno {row},{phone},amina.{row}@example.com,vip; group {}",
            row % 20
        )?;
    }
    Ok(file)
}

/// The memory of the process in MiB. 0 when the system does not tell.
fn memory() -> f64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok());
    kib.unwrap_or_default() / 1024.0
}
