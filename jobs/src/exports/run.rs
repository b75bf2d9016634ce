//! The job that writes an export's file.

use std::{fs::File, io, time::Duration};

use chrono::TimeDelta;
use kazi_platform::WorkspaceId;
use kazi_queue::{Job, JobError, Options, Pool, Running, Unique};
use serde::{Deserialize, Serialize};
use tokio::io::AsyncReadExt;

use super::{
    ExportFormat, ExportId,
    rows::Rows,
    store::{self, Begun},
    table::{MAX_SHEET_ROWS, Table},
};
use crate::{Context, Work, contacts::ContactError, pools, workspaces};

/// The largest file.
const MAX_BYTES: u64 = 512 * 1024 * 1024;
/// The size of its pieces in the database.
const CHUNK_BYTES: usize = 512 * 1024;
const KEEP: TimeDelta = TimeDelta::days(7);
/// Files of a workspace that are kept: the newest.
const KEEP_FILES: i64 = 10;

#[derive(Debug, Serialize, Deserialize)]
pub struct Write {
    pub workspace: WorkspaceId,
    pub export: ExportId,
}

/// Why a run ends without a file.
enum Ended {
    /// The export is cancelled, or another run goes on with it.
    NotOurs,
    /// It would fail again: a sentence for the member.
    Failed(String),
    Again(JobError),
}

impl<E: Into<JobError>> From<E> for Ended {
    fn from(error: E) -> Self {
        Self::Again(error.into())
    }
}

impl Job for Write {
    type Context = Context;
    const NAME: &'static str = "exports.write";
    const POOL: Pool = pools::BULK;
    /// For one page, for packing, or for a piece of the file.
    const TIMEOUT: Duration = Duration::from_secs(300);

    fn options(&self) -> Options {
        Options::default()
            .tenant(self.workspace)
            .unique(self.export.to_string(), Unique::WhileUnfinished)
    }

    async fn run(&self, ctx: &Context, job: &Running) -> Result<(), JobError> {
        let mut work = Work::of(ctx, self.workspace).await?;
        // A cancelled export is not begun.
        let Some(begun) = store::begin(&mut work, self.export).await? else {
            return Ok(());
        };
        work.commit().await?;
        let run = begun.run;
        let error = match self.write(ctx, job, begun).await {
            Ok(()) | Err(Ended::NotOurs) => return Ok(()),
            Err(Ended::Failed(words)) => return self.fail(ctx, run, &words).await,
            Err(Ended::Again(error)) => error,
        };
        if job.is_last_attempt() {
            let words = "Kazi could not write the file: start the export again";
            self.fail(ctx, run, words).await?;
        }
        Err(error)
    }
}

impl Write {
    async fn write(&self, ctx: &Context, job: &Running, begun: Begun) -> Result<(), Ended> {
        let (format, run) = (begun.format, begun.run);
        let mut work = Work::of(ctx, self.workspace).await?;
        let zone = workspaces::time_zone(&mut work).await?;
        let mut rows = Rows::open(&mut work, begun.wanted.0).await.map_err(read)?;
        let total = rows.count(&mut work).await.map_err(read)?;
        store::set_total(&mut work, self.export, total).await?;
        work.commit().await?;
        check_rows(format, total)?;

        let header = rows.header();
        let mut table = blocking(move || Table::begin(format, &header, zone)).await?;
        let mut done = 0;
        loop {
            job.extend_deadline(Self::TIMEOUT);
            let mut work = Work::of(ctx, self.workspace).await?;
            let page = rows.next(&mut work).await.map_err(read)?;
            done += i64::try_from(page.len()).unwrap_or(0);
            if !store::progress(&mut work, self.export, run, done).await? {
                return Err(Ended::NotOurs);
            }
            work.commit().await?;
            check_rows(format, done)?;
            if page.is_empty() {
                break;
            }
            table = blocking(move || table.add(page).map(|()| table)).await?;
        }
        job.extend_deadline(Self::TIMEOUT);
        let file = blocking(move || table.end()).await?;
        self.keep(ctx, job, run, file).await
    }

    /// Stores the file and ends the export and its job, all together.
    async fn keep(&self, ctx: &Context, job: &Running, run: i32, file: File) -> Result<(), Ended> {
        let bytes = file.metadata().map_err(io_failed)?.len();
        if bytes > MAX_BYTES {
            let most = MAX_BYTES >> 20;
            return Err(Ended::Failed(format!(
                "the file would be larger than {most} MiB: choose fewer rows by the filter"
            )));
        }
        let mut file = tokio::fs::File::from_std(file);
        let mut work = Work::of(ctx, self.workspace).await?;
        let until = work.now() + KEEP;
        if !store::finish(&mut work, self.export, run, bytes, until).await? {
            return Err(Ended::NotOurs);
        }
        for position in 0.. {
            job.extend_deadline(Self::TIMEOUT);
            let mut piece = Vec::with_capacity(CHUNK_BYTES);
            let mut rest = (&mut file).take(CHUNK_BYTES as u64);
            rest.read_to_end(&mut piece).await.map_err(io_failed)?;
            if piece.is_empty() {
                break;
            }
            store::insert_chunk(&mut work, self.export, position, &piece).await?;
        }
        store::expire_all_but(&mut work, KEEP_FILES).await?;
        job.complete_in(work.conn()).await?;
        work.commit().await?;
        Ok(())
    }

    async fn fail(&self, ctx: &Context, run: i32, words: &str) -> Result<(), JobError> {
        let mut work = Work::of(ctx, self.workspace).await?;
        store::fail(&mut work, self.export, run, words).await?;
        work.commit().await?;
        Ok(())
    }
}

fn check_rows(format: ExportFormat, rows: i64) -> Result<(), Ended> {
    if format == ExportFormat::Xlsx && rows > i64::from(MAX_SHEET_ROWS) {
        return Err(Ended::Failed(format!(
            "a sheet of Excel has at most {} rows with its header: choose CSV, or fewer rows by the filter",
            MAX_SHEET_ROWS + 1
        )));
    }
    Ok(())
}

fn read(error: ContactError) -> Ended {
    match error {
        ContactError::Database(error) => error.into(),
        // Since the export was started, a custom field of its filter was dropped or changed.
        other => Ended::Failed(other.to_string()),
    }
}

fn io_failed(error: io::Error) -> JobError {
    JobError::retry("file", error)
}

/// Runs work on a file in a thread that may block.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> Result<T, JobError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done.map_err(io_failed),
        Err(error) => Err(JobError::retry("writer", error)),
    }
}
