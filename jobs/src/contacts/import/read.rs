//! Reads a file and checks its rows, on a thread of its own.

use std::ops::ControlFlow;

use tokio::sync::mpsc;

use super::{
    ImportOptions, NewRow, RowFault,
    columns::{Columns, fault_at},
    file::{self, FileError, FileRow},
};
use crate::contacts::Field;

/// Rows of a batch.
const BATCH: usize = 1_000;

/// What the reader has for the job.
pub(super) enum ReadStep {
    /// So many rows there are.
    Total(u64),
    Batch(Batch),
}

#[derive(Default)]
pub(super) struct Batch {
    /// Rows of the file up to its end.
    pub(super) until: u64,
    pub(super) rows: Vec<NewRow>,
    pub(super) faults: Vec<RowFault>,
}

/// What it reads, and by what.
pub(super) struct Reader {
    pub(super) file: Vec<u8>,
    pub(super) options: ImportOptions,
    pub(super) fields: Vec<Field>,
    pub(super) country: Option<String>,
    /// Rows that an earlier run has dealt with.
    pub(super) done: u64,
    pub(super) send: mpsc::Sender<ReadStep>,
}

impl Reader {
    /// # Errors
    /// A sentence for the member who sent the file.
    pub(super) fn run(self) -> Result<(), String> {
        let said = |error: FileError| error.to_string();
        let mut total = 0_u64;
        file::read(&self.file, &mut |_| {
            total += 1;
            ControlFlow::Continue(())
        })
        .map_err(said)?;
        // The first is the header.
        if self
            .send
            .blocking_send(ReadStep::Total(total.saturating_sub(1)))
            .is_err()
        {
            return Ok(());
        }
        let mut columns = None;
        let (mut row_number, mut batch) = (0_u64, Batch::default());
        let mut wrong = None;
        file::read(&self.file, &mut |row| {
            let Some(columns) = &columns else {
                return match self.columns(row) {
                    Ok(known) => {
                        columns = Some(known);
                        ControlFlow::Continue(())
                    }
                    Err(error) => {
                        wrong = Some(error);
                        ControlFlow::Break(())
                    }
                };
            };
            row_number += 1;
            if row_number <= self.done {
                return ControlFlow::Continue(());
            }
            read_row(columns, row, &mut batch);
            batch.until = row_number;
            if batch.rows.len() + batch.faults.len() < BATCH {
                return ControlFlow::Continue(());
            }
            match self
                .send
                .blocking_send(ReadStep::Batch(std::mem::take(&mut batch)))
            {
                Ok(()) => ControlFlow::Continue(()),
                Err(_) => ControlFlow::Break(()),
            }
        })
        .map_err(said)?;
        if let Some(wrong) = wrong {
            return Err(wrong);
        }
        if columns.is_none() {
            return Err("the file is empty".into());
        }
        if batch.until > self.done {
            // The reader of the batches has ended: so does this one.
            let _ = self.send.blocking_send(ReadStep::Batch(batch));
        }
        Ok(())
    }

    fn columns(&self, header: FileRow) -> Result<Columns, String> {
        let headers = header
            .cells
            .ok_or("the first line is too long to be a header")?;
        let options = &self.options;
        let country = options.country.clone().or_else(|| self.country.clone());
        Columns::of(
            headers,
            &options.columns,
            &self.fields,
            country,
            options.tags.clone(),
        )
    }
}

fn read_row(columns: &Columns, row: FileRow, batch: &mut Batch) {
    let read = match row.cells {
        Some(cells) => columns.read(row.line, &cells),
        None => {
            let fault = (
                "row_too_long",
                "the row is too long: a quote may not be closed".into(),
            );
            Err(fault_at(row.line, "", fault))
        }
    };
    match read {
        Ok(new) => batch.rows.push(new),
        Err(fault) => batch.faults.push(fault),
    }
}
