//! Sets the outcome of a booking for which no member has set one.

use kazi_platform::WorkspaceId;
use kazi_queue::{Job, JobError, Options, Pool, Running, Unique};
use serde::{Deserialize, Serialize};

use super::{AppointmentError, BookingId, Status, booking, find_ended::GRACE, store};
use crate::{Context, Work, pools};

/// A confirmed booking becomes completed, all others become a no-show. A member can correct it.
#[derive(Debug, Serialize, Deserialize)]
pub struct MarkNoShow {
    pub workspace: WorkspaceId,
    pub booking: BookingId,
}

impl Job for MarkNoShow {
    type Context = Context;
    const NAME: &'static str = "appointments.mark_no_show";
    const POOL: Pool = pools::DEFAULT;

    fn options(&self) -> Options {
        Options::default()
            .tenant(self.workspace)
            .unique(self.booking.to_string(), Unique::WhileUnfinished)
    }

    async fn run(&self, ctx: &Context, _: &Running) -> Result<(), JobError> {
        let now = ctx.clock.now();
        let mut work = Work::of(ctx, self.workspace).await?;
        let found = store::lock(&mut work, self.booking).await?;
        // A member has set the outcome meanwhile, or the booking was moved.
        let Some(found) =
            found.filter(|found| found.status.is_open() && found.ends_at < now - GRACE)
        else {
            return Ok(());
        };
        let to = match found.status {
            Status::Confirmed => Status::Completed,
            _ => Status::NoShow,
        };
        let id = (self.booking, None);
        booking::change(&mut work, id, to)
            .await
            .map_err(job_error)?;
        Ok(work.commit().await?)
    }
}

/// Turns the error into the reaction of a job.
pub(super) fn job_error(error: AppointmentError) -> JobError {
    match error {
        AppointmentError::Database(error) => error.into(),
        AppointmentError::Enqueue(error) => error.into(),
        error => JobError::discard("appointment", error),
    }
}
