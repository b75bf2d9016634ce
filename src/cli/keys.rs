use chrono::TimeDelta;
use clap::{Args, Subcommand};
use indicatif::{ProgressBar, ProgressStyle};
use kazi_jobs::{Work, sealed};
use kazi_platform::{actor::Actor, crypto::rotate};
use serde_json::json;

use super::output::{self, Format};
use crate::{CliError, runtime::Runtime};

/// Commands for the keys that encrypt tokens and credentials.
#[derive(Subcommand)]
pub enum Keys {
    /// Shows how many data keys each master key wraps.
    List(Format),
    /// Wraps all data keys with the first master key while the program runs. After an interruption, run it again: it
    /// continues.
    Rotate(Rotate),
}

/// Selects the keys to replace.
#[derive(Args)]
pub struct Rotate {
    /// Also makes new data keys, and seals the channels' credentials again.
    #[arg(long)]
    data_keys: bool,
    /// With --data-keys: keeps keys that are younger than this number of hours. So an interrupted run can continue.
    #[arg(
        long,
        default_value_t = 24,
        value_name = "HOURS",
        requires = "data_keys"
    )]
    newer_than: u16,
    #[command(flatten)]
    format: Format,
}

impl Keys {
    pub async fn run(self, runtime: &Runtime) -> Result<(), CliError> {
        match self {
            Self::List(format) => list(runtime, format).await,
            Self::Rotate(rotate) => rotate.run(runtime).await,
        }
    }
}

async fn list(runtime: &Runtime, format: Format) -> Result<(), CliError> {
    let uses = rotate::list(&runtime.ctx.db, &runtime.ctx.keyring).await?;
    format.rows(&["master key", "data keys", ""], &uses, |key| {
        let note = match (&key.master, key.first, key.data_keys) {
            (None, ..) => "not configured here: what these have sealed does not open",
            (_, true, _) => "wraps new ones",
            (_, _, 0) => "no longer needed",
            _ => "needed until kazi keys rotate has run",
        };
        vec![
            key.master.clone().unwrap_or_else(|| "?".into()),
            key.data_keys.to_string(),
            note.to_owned(),
        ]
    })
}

impl Rotate {
    async fn run(self, runtime: &Runtime) -> Result<(), CliError> {
        let (db, keyring) = (&runtime.ctx.db, &runtime.ctx.keyring);
        let renewed = match self.data_keys {
            true => self.renew(runtime).await?,
            false => 0,
        };
        // The bar appears on standard error, and only on a terminal.
        let bar = ProgressBar::new(rotate::count(db).await?.try_into()?);
        bar.set_style(ProgressStyle::with_template(
            "{bar:40} {pos}/{len} data keys",
        )?);
        let done = rotate::rewrap(db, keyring, |done| bar.set_position(done.seen as u64)).await?;
        bar.finish_and_clear();
        if self.format.json {
            output::json(&json!({
                "seen": done.seen, "rewrapped": done.rewrapped, "unknown": done.unknown, "renewed": renewed,
            }))?;
        } else {
            output::print(&format!(
                "{} of {} data keys wrapped anew, {renewed} workspaces with a new data key\n",
                done.rewrapped, done.seen
            ))?;
        }
        match done.unknown {
            0 => Ok(()),
            unknown => Err(format!(
                "{unknown} data keys are wrapped by a master key that is not in master_key: put it behind the first, with a comma between"
            )
            .into()),
        }
    }

    /// Renews one workspace: its new key and the values that it seals are written in one transaction.
    async fn renew(&self, runtime: &Runtime) -> Result<usize, CliError> {
        let (db, keyring) = (&runtime.ctx.db, &runtime.ctx.keyring);
        let before = runtime.ctx.clock.now() - TimeDelta::hours(self.newer_than.into());
        let (mut renewed, mut after) = (0, None);
        loop {
            let page = rotate::older_than(db, before, after).await?;
            let Some(last) = page.last() else {
                return Ok(renewed);
            };
            after = Some(*last);
            for workspace in page {
                let mut work = Work::by(&runtime.ctx, workspace, Actor::OPERATOR).await?;
                rotate::renew(work.conn(), keyring, workspace).await?;
                sealed::reseal(&mut work, keyring).await?;
                work.commit().await?;
                renewed += 1;
            }
        }
    }
}
