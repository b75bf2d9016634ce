//! Reminds of a booking, if there is still something to remind of.

use kazi_clients::whatsapp::{BUTTON_TITLE_LIMIT, Body, Button, ButtonParameter};
use kazi_platform::{Timestamp, WorkspaceId, database};
use kazi_queue::{Job, JobError, Options, Pool, Running, Unique};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

use super::{
    Booking, BookingId, model,
    store::{self, offerings, providers},
    words,
};
use crate::{
    Context, contacts, locale,
    messages::{self, Cause, Notice, Notified, TemplateUse},
    pools, workspaces,
};

/// The template that reminds of a booking. Its body has three blanks: what, when, with whom; its two quick replies confirm
/// and cancel.
pub const REMINDER_TEMPLATE: &str = "booking_reminder";

/// A reminder: due so many minutes before the beginning.
///
/// It says which beginning it is about. A booking that was moved or cancelled meanwhile is not spoken of: the row decides,
/// not the job, so nothing has to be taken out of the queue.
#[derive(Debug, Serialize, Deserialize)]
pub struct Remind {
    /// Whose.
    pub workspace: WorkspaceId,
    /// Of which booking.
    pub booking: BookingId,
    /// When it began, as far as was known.
    pub starts_at: Timestamp,
    /// Minutes before that.
    pub before: i32,
}

impl Remind {
    /// Once for each booking, beginning and offset; in the workspace's lane, so that no workspace waits for another's.
    pub(super) fn options_due(&self, due: Timestamp) -> Options {
        let key = format!(
            "{}:{}:{}",
            self.booking,
            self.starts_at.timestamp(),
            self.before
        );
        self.options()
            .tenant(self.workspace)
            .due(due)
            .unique(key, Unique::WhileUnfinished)
    }
}

impl Job for Remind {
    type Context = Context;
    const NAME: &'static str = "appointments.remind";
    const POOL: Pool = pools::DEFAULT;

    async fn run(&self, ctx: &Context, _: &Running) -> Result<(), JobError> {
        let now = ctx.clock.now();
        let mut tx = database::tenant(&ctx.db, self.workspace).await?;
        let Some(booking) = store::booking(&mut tx, self.workspace, self.booking).await? else {
            tracing::warn!(booking.id = %self.booking, "no such booking to remind of");
            return Ok(());
        };
        let count = |outcome: &'static str| {
            metrics::counter!("kazi_appointments_reminders_total", "outcome" => outcome)
                .increment(1);
        };
        if !booking.status.is_open() || booking.starts_at != self.starts_at {
            count("obsolete");
            return Ok(());
        }
        if !model::makes_sense(now, self.starts_at, self.before, &booking.reminder_minutes) {
            count("too_late");
            return Ok(());
        }
        let notified = self.notify(&mut tx, now, &booking).await?;
        let (queued_at, unreachable) = match notified {
            Notified::Queued => (Some(now), None),
            // An earlier run committed and did not live to say so.
            Notified::AlreadyQueued => return Ok(()),
            Notified::Unreachable(why) => (None, Some(why.name())),
        };
        // Last, and not first: a customer who taps holds the conversation and then wants the booking, and so do we. Whoever
        // has moved or cancelled the booking since we read it is seen here, and the message goes back with the transaction.
        let which = (booking.id, self.starts_at);
        if !store::note_reminder(&mut tx, self.workspace, which, queued_at, unreachable).await? {
            count("obsolete");
            return Ok(());
        }
        tx.commit().await?;
        kazi_queue::ring(pools::WHATSAPP);
        count(if unreachable.is_some() {
            "unreachable"
        } else {
            "queued"
        });
        let due = self.starts_at - chrono::TimeDelta::minutes(self.before.into());
        metrics::histogram!("kazi_appointments_reminder_delay_seconds")
            .record((now - due).as_seconds_f64().max(0.0));
        Ok(())
    }
}

impl Remind {
    /// Queues the message, whose id is always the same for this reminder: a second run finds it there.
    async fn notify(
        &self,
        conn: &mut PgConnection,
        now: Timestamp,
        booking: &Booking,
    ) -> Result<Notified, JobError> {
        let workspace = self.workspace;
        let provider = providers::provider(&mut *conn, workspace, booking.provider).await?;
        let offering = offerings::offering(&mut *conn, workspace, booking.offering).await?;
        let (Some(provider), Some(offering)) = (provider, offering) else {
            return Err(JobError::discard(
                "no_provider",
                "the booking's provider or offering is gone",
            ));
        };
        let business = workspaces::get(&mut *conn, workspace).await?;
        let fallback = &business.default_language;
        let language = match contacts::get(&mut *conn, workspace, booking.contact).await {
            Ok(contact) => contact.language,
            Err(sqlx::Error::RowNotFound) => None,
            Err(error) => return Err(error.into()),
        };
        let language = language.as_deref().unwrap_or(fallback);
        let what = offering.name(language, fallback);
        let when = words::when(language, provider.tz()?, booking.starts_at);
        let fill = [("what", what), ("when", &when), ("who", &provider.name)];
        let confirm = format!("book:confirm:{}", booking.id);
        let cancel = format!("book:cancel:{}", booking.id);
        let button = |id: &str, key: &str| Button {
            id: id.to_owned(),
            title: locale::text(language, key, &[])
                .chars()
                .take(BUTTON_TITLE_LIMIT)
                .collect(),
        };
        let body = Body::Buttons {
            text: locale::text(language, "book-reminder", &fill),
            buttons: vec![
                button(&confirm, "book-confirm"),
                button(&cancel, "book-cancel"),
            ],
        };
        let payload = |index, payload| ButtonParameter::Payload { index, payload };
        let notice = Notice {
            id: model::message_of(booking.id, self.starts_at, self.before),
            contact: booking.contact,
            channel: None,
            body,
            template: TemplateUse {
                name: REMINDER_TEMPLATE,
                parameters: vec![what.to_owned(), when.clone(), provider.name.clone()],
                buttons: vec![payload(0, confirm), payload(1, cancel)],
            },
            cause: Cause::Reminder,
            marketing: false,
            at: now,
        };
        Ok(messages::notify(conn, workspace, &notice).await?)
    }
}
