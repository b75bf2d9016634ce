//! Ends a period: at its end the days of grace begin, and at their end the subscription ends.

use kazi_platform::{Timestamp, WorkspaceId};
use kazi_queue::{EnqueueError, Job, JobError, Options, Pool, Running, Unique};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

use super::{
    Status,
    notices::{Word, tell},
    people::Reader,
    store,
    subscribe::{ask, ended, plan_of},
};
use crate::{
    Context, Work,
    conversations::MessageId,
    endpoints::{Type, announce},
    payments::SubscriptionId,
    pools,
};

/// The number of the message that tells the end. It is higher than those of the reminders.
const AT_THE_END: u16 = 1_000;

/// Due at the end of a period, and again at the end of its grace.
#[derive(Debug, Serialize, Deserialize)]
pub struct Expire {
    pub workspace: WorkspaceId,
    pub subscription: SubscriptionId,
    /// The end of the period. A subscription that was renewed has another end.
    pub ends_at: Timestamp,
}

impl Expire {
    /// Enqueues the job for its time.
    pub(super) async fn plan(
        &self,
        conn: &mut PgConnection,
        due: Timestamp,
    ) -> Result<(), EnqueueError> {
        // The job for the end of the grace is enqueued while the job for the end of the period runs.
        let key = format!("{}:{}", self.subscription, due.timestamp());
        let options = Options::default()
            .tenant(self.workspace)
            .unique(key, Unique::WhileUnfinished);
        self.enqueue_with(conn, options.due(due)).await?;
        Ok(())
    }
}

impl Job for Expire {
    type Context = Context;
    const NAME: &'static str = "subscriptions.expire";
    const POOL: Pool = pools::DEFAULT;

    async fn run(&self, ctx: &Context, _: &Running) -> Result<(), JobError> {
        let (workspace, now) = (self.workspace, ctx.clock.now());
        let mut work = Work::of(ctx, workspace).await?;
        let Some(mut found) = store::lock(&mut work, self.subscription).await? else {
            tracing::warn!(subscription.id = %self.subscription, "a subscription that ends is gone");
            return Ok(());
        };
        let in_grace = found.status == Status::Grace && found.ends_at == Some(self.ends_at);
        if !(found.runs_until(self.ends_at) || in_grace) {
            return Ok(());
        }
        if now < self.ends_at {
            // The database's clock is ahead of this machine's clock.
            return Err(JobError::snooze_until(self.ends_at, "it has not ended yet"));
        }
        let plan = plan_of(&mut work, &found).await?;
        let reader = Reader::of(&mut work, found.contact_id).await?;
        let until = plan.grace_end(self.ends_at, reader.zone);
        let until = found.grace_until.unwrap_or(until);
        let next = match found.status {
            Status::Active if found.auto_cancel => Status::Cancelled,
            _ if now < until => Status::Grace,
            _ => Status::Expired,
        };
        if next == found.status {
            // The grace has not ended by this machine's clock.
            return Err(JobError::snooze_until(until, "it can still be paid"));
        }
        found.status = next;
        found.grace_until = (next == Status::Grace).then_some(until);
        if next == Status::Grace {
            ask(&mut work, &mut found, &plan, &reader).await?;
            self.plan(work.conn(), until).await?;
        }
        store::save(&mut work, &found).await?;
        let event = match next {
            Status::Grace => Type::SUBSCRIPTION_GRACE,
            Status::Cancelled => Type::SUBSCRIPTION_CANCELLED,
            _ => Type::SUBSCRIPTION_EXPIRED,
        };
        announce(&mut work, event, found.id).await?;
        let pair = (&found, &plan);
        match &found.payment {
            // Without a link yet, the customer is told when the link comes.
            Some(asked) if next == Status::Grace => {
                if let Some(url) = &asked.url {
                    let message = MessageId::derived(asked.id.uuid(), AT_THE_END);
                    let word = Word::Link(asked, url);
                    tell(&mut work, pair, &reader, message, word).await?;
                }
            }
            // The status changes once, so the customer is told once.
            _ => {
                let message = MessageId::at(now);
                tell(&mut work, pair, &reader, message, Word::Ended).await?;
            }
        }
        work.commit().await?;
        match next {
            Status::Expired => ended("expired"),
            Status::Cancelled => ended("cancelled"),
            _ => {}
        }
        Ok(())
    }
}
