//! Points that nobody uses: the contact is told, and later they expire, the oldest first.

use std::time::Duration;

use kazi_clients::whatsapp::Body;
use kazi_platform::{Phone, WorkspaceId, database};
use kazi_queue::{Job, JobError, Options, Pool, Running, Unique, enqueue_all};
use serde::{Deserialize, Serialize};

use super::{
    ledger::lock_account,
    settings::settings,
    store::{self, lots::Due},
};
use crate::{
    Context, Work, campaigns,
    contacts::{self, ContactId},
    conversations::{MessageId, dates},
    locale,
    messages::{self, Cause, Notice, TemplateUse},
    pools, workspaces,
};

/// The template for a contact who has not written for 24 hours. `{{1}}`: the number of points. `{{2}}`: the day.
pub const EXPIRE: &str = "points_expire";

/// Contacts in one transaction.
const AT_ONCE: i64 = 1_000;

/// Runs every ten minutes.
#[derive(Debug, Serialize, Deserialize)]
pub struct FindExpiring {}

impl Job for FindExpiring {
    type Context = Context;
    const NAME: &'static str = "loyalty.find_expiring";
    const POOL: Pool = pools::DEFAULT;
    const TIMEOUT: Duration = Duration::from_secs(300);

    async fn run(&self, ctx: &Context, _: &Running) -> Result<(), JobError> {
        let now = ctx.clock.now();
        for what in [Due::Expiry, Due::Warning] {
            let mut after = None;
            loop {
                // Time passes in all workspaces, so one query looks at all of them.
                let mut tx = database::platform(&ctx.db).await?;
                let found = store::lots::due_everywhere(&mut tx, what, now, after, AT_ONCE).await?;
                let Some(&last) = found.last() else { break };
                after = Some(last);
                // A job that still waits is not enqueued twice.
                match what {
                    Due::Expiry => {
                        let jobs = found
                            .iter()
                            .map(|&(workspace, contact)| Expire { workspace, contact });
                        enqueue_all(&mut tx, &jobs.collect::<Vec<_>>()).await?;
                    }
                    Due::Warning => {
                        let jobs = found
                            .iter()
                            .map(|&(workspace, contact)| Warn { workspace, contact });
                        enqueue_all(&mut tx, &jobs.collect::<Vec<_>>()).await?;
                    }
                }
                tx.commit().await?;
            }
        }
        Ok(())
    }
}

/// Lets the points of a contact expire that are due.
#[derive(Debug, Serialize, Deserialize)]
pub struct Expire {
    pub workspace: WorkspaceId,
    pub contact: ContactId,
}

impl Job for Expire {
    type Context = Context;
    const NAME: &'static str = "loyalty.expire";
    const POOL: Pool = pools::DEFAULT;

    fn options(&self) -> Options {
        Options::default()
            .tenant(self.workspace)
            .unique(self.contact.to_string(), Unique::WhileUnfinished)
    }

    async fn run(&self, ctx: &Context, _: &Running) -> Result<(), JobError> {
        let mut work = Work::of(ctx, self.workspace).await?;
        lock_account(&mut work, self.contact).await?;
        Ok(work.commit().await?)
    }
}

/// Tells a contact that points expire soon: once for all of a week, so that a daily customer is not told every day.
#[derive(Debug, Serialize, Deserialize)]
pub struct Warn {
    pub workspace: WorkspaceId,
    pub contact: ContactId,
}

impl Job for Warn {
    type Context = Context;
    const NAME: &'static str = "loyalty.warn";
    const POOL: Pool = pools::DEFAULT;

    fn options(&self) -> Options {
        Options::default()
            .tenant(self.workspace)
            .unique(self.contact.to_string(), Unique::WhileUnfinished)
    }

    async fn run(&self, ctx: &Context, _: &Running) -> Result<(), JobError> {
        let mut work = Work::of(ctx, self.workspace).await?;
        contacts::hold_contacts(&mut work, &[self.contact]).await?;
        lock_account(&mut work, self.contact).await?;
        let contact = contacts::get(&mut work, self.contact).await?;
        let country = contact.phone.as_ref().and_then(Phone::country);
        if let Some(until) = campaigns::quiet_until(&mut work, country.as_deref()).await? {
            return Err(JobError::snooze_until(until, "the contact's quiet hours"));
        }
        let Some(warned) = store::lots::warn(&mut work, self.contact).await? else {
            // Spent meanwhile, or this is a second run.
            return Ok(());
        };
        // While the programme is off, nobody can spend them.
        let is_on = settings(&mut work).await?.settings.enabled;
        if !is_on || contacts::opted_out(&mut work, self.contact).await? {
            return Ok(work.commit().await?);
        }
        let business = workspaces::get(&mut work).await?;
        let language = contact.language.as_deref();
        let language = language.unwrap_or(&business.default_language);
        let zone = workspaces::time_zone(&mut work).await?;
        let day = warned.expires_at.with_timezone(&zone).date_naive();
        let (points, date) = (warned.points.to_string(), dates::date(language, day));
        let fill = [("points", points.as_str()), ("date", date.as_str())];
        let notice = Notice {
            // Of the oldest lot, which is warned of once.
            id: MessageId::derived(warned.lot.uuid(), 1),
            contact: self.contact,
            channel: None,
            body: Body::Text {
                text: locale::text(language, "loyalty-expire", &fill),
            },
            template: TemplateUse {
                name: EXPIRE,
                parameters: vec![points.clone(), date.clone()],
                buttons: Vec::new(),
            },
            cause: Cause::Reminder,
            marketing: false,
            at: work.now(),
        };
        // Who cannot be reached is counted by the messages, and not told later.
        messages::notify(&mut work, &notice).await?;
        Ok(work.commit().await?)
    }
}
