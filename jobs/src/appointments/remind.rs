//! Sends all reminders of a workspace that are due at the same moment.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use chrono_tz::Tz;
use kazi_clients::whatsapp::{BUTTON_TITLE_LIMIT, Body, Button, ButtonParameter};
use kazi_platform::{Timestamp, WorkspaceId};
use kazi_queue::{Job, JobError, Options, Pool, Running, Unique};
use serde::{Deserialize, Serialize};

use super::{
    model,
    offering::in_language,
    store::reminders::{self, DueReminder, Noted},
};
use crate::{
    Context, Work,
    contacts::{self, ContactId},
    conversations::dates,
    locale,
    messages::{self, Cause, Notice, Notified, TemplateUse},
    pools, workspaces,
};

/// The template of reminders. Its body has three variables: offering, time, staff. Its two quick replies confirm and
/// cancel.
pub const REMINDER_TEMPLATE: &str = "booking_reminder";

/// Reminders in one transaction.
const BATCH: usize = 500;
/// A job that is due sooner is not shared with other bookings. It might run before their transactions commit; no
/// transaction lives this long.
const TOO_SOON: TimeDelta = TimeDelta::minutes(1);

/// Sends the reminders of a workspace that are due at one moment.
///
/// The payload names only the moment. The job reads the bookings when it runs, so bookings that were moved or cancelled
/// get no reminder, and no job has to leave the queue.
#[derive(Debug, Serialize, Deserialize)]
pub struct Remind {
    pub workspace: WorkspaceId,
    pub due: Timestamp,
}

impl Remind {
    /// One job for each moment, in the lane of the workspace, so that no workspace waits for another.
    pub(super) fn options_at(&self, now: Timestamp) -> Options {
        let options = self.options().tenant(self.workspace).due(self.due);
        if self.due - now < TOO_SOON {
            return options;
        }
        options.unique(self.due.timestamp().to_string(), Unique::WhileUnfinished)
    }
}

impl Job for Remind {
    type Context = Context;
    const NAME: &'static str = "appointments.remind";
    const POOL: Pool = pools::DEFAULT;

    async fn run(&self, ctx: &Context, job: &Running) -> Result<(), JobError> {
        let (mut after, mut unreadable) = (None, 0);
        loop {
            let mut work = Work::of(ctx, self.workspace).await?;
            let limit = i64::try_from(BATCH).unwrap_or(i64::MAX);
            let all = reminders::due(&mut work, self.due, after, limit).await?;
            let Some(last) = all.last() else { break };
            let next = Some((last.starts_at, last.id));
            let planned = self.plan(&mut work, &all).await?;
            let now = ctx.clock.now();
            // This comes last, to lock in the same order as a customer's tap: first the conversation, then the booking.
            // It finds the bookings that changed since they were read; then the transaction rolls back and the rest is
            // planned again.
            let noted = reminders::note(&mut work, &planned.noted).await?;
            if noted.len() < planned.noted.len() {
                work.rollback().await?;
                continue;
            }
            work.commit().await?;
            kazi_queue::ring(pools::WHATSAPP);
            planned.count((now - self.due).as_seconds_f64().max(0.0));
            unreadable += planned.unreadable;
            after = next;
            if all.len() < BATCH {
                break;
            }
            job.extend_deadline(Self::TIMEOUT);
        }
        if unreadable > 0 {
            let words = format!("of {unreadable} bookings the provider's zone is not known");
            return Err(JobError::discard("unknown_zone", words));
        }
        Ok(())
    }
}

/// The outcome of some reminders.
#[derive(Default)]
struct Planned {
    /// Reminders that were queued or found unreachable.
    noted: Vec<Noted>,
    /// Reminders that no longer make sense.
    too_late: u64,
    /// Reminders whose time zone is not known.
    unreadable: u64,
}

impl Planned {
    fn count(&self, delay: f64) {
        let count = |outcome: &'static str, so_many| {
            metrics::counter!("kazi_appointments_reminders_total", "outcome" => outcome)
                .increment(so_many);
        };
        let unreachable = self.noted.iter().filter(|one| one.unreachable.is_some());
        let unreachable = unreachable.count();
        let queued = self.noted.len() - unreachable;
        count("queued", queued as u64);
        count("unreachable", unreachable as u64);
        count("too_late", self.too_late);
        count("failed", self.unreadable);
        metrics::histogram!("kazi_appointments_reminder_delay_seconds").record_many(delay, queued);
    }
}

impl Remind {
    /// Queues the messages. A reminder's message id is always the same, so a second run finds the message.
    async fn plan(&self, work: &mut Work, all: &[DueReminder]) -> Result<Planned, JobError> {
        let business = workspaces::get(work).await?;
        let whom: Vec<ContactId> = all.iter().map(|one| one.contact).collect();
        let contacts = contacts::get_all(work, &whom).await?;
        let fallback = &business.default_language;
        let mut planned = Planned::default();
        let (mut which, mut notices) = (Vec::new(), Vec::new());
        // Few languages and times: each text is looked up once.
        let mut whens: BTreeMap<(&str, &str, Timestamp), String> = BTreeMap::new();
        for one in all {
            let before = self.before(one);
            if !model::makes_sense(work.now(), one.starts_at, before, &one.reminder_minutes) {
                planned.too_late += 1;
                continue;
            }
            let Ok(zone) = one.zone.parse::<Tz>() else {
                tracing::error!(booking.id = %one.id, zone = one.zone, "no such zone to remind in");
                planned.unreadable += 1;
                continue;
            };
            let contact = contacts.get(&one.contact);
            let language = contact.and_then(|contact| contact.language.as_deref());
            let language = language.unwrap_or(fallback);
            let when = whens
                .entry((language, &one.zone, one.starts_at))
                .or_insert_with(|| dates::when(language, zone, one.starts_at));
            let what = in_language(&one.what, language, fallback);
            which.push((one.id, one.starts_at));
            notices.push(self.notice(one, work.now(), language, (what, when)));
        }
        let notified = messages::notify_all(work, &notices).await?;
        for ((id, starts_at), notified) in which.into_iter().zip(notified) {
            let unreachable = match notified {
                Notified::Queued => None,
                Notified::Unreachable(why) => Some(why.name()),
                // An earlier run has committed and counted it.
                Notified::AlreadyQueued => continue,
            };
            planned.noted.push(Noted {
                id,
                starts_at,
                unreachable,
            });
        }
        Ok(planned)
    }

    /// Minutes before the beginning.
    fn before(&self, one: &DueReminder) -> i32 {
        i32::try_from((one.starts_at - self.due).num_minutes()).unwrap_or(i32::MAX)
    }

    fn notice(
        &self,
        one: &DueReminder,
        now: Timestamp,
        language: &str,
        (what, when): (&str, &str),
    ) -> Notice<'static> {
        let fill = [("what", what), ("when", when), ("who", &*one.who)];
        let confirm = format!("book:confirm:{}", one.id);
        let cancel = format!("book:cancel:{}", one.id);
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
        Notice {
            id: model::message_of(one.id, one.starts_at, self.before(one)),
            contact: one.contact,
            channel: None,
            body,
            template: TemplateUse {
                name: REMINDER_TEMPLATE,
                parameters: vec![what.to_owned(), when.to_owned(), one.who.clone()],
                buttons: vec![payload(0, confirm), payload(1, cancel)],
            },
            cause: Cause::Reminder,
            marketing: false,
            at: now,
        }
    }
}
