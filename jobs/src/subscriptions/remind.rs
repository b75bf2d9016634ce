//! Reminds a customer of the end of a period, with a payment link.

use kazi_platform::{Timestamp, WorkspaceId};
use kazi_queue::{EnqueueError, Job, JobError, Options, Pool, Running, Unique};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

use super::{
    Plan, Subscription,
    model::days_from,
    notices::{Word, tell},
    people::Reader,
    store,
    subscribe::{ask, plan_of},
};
use crate::{Context, Work, conversations::MessageId, payments::SubscriptionId, pools};

/// Due some days before an end.
#[derive(Debug, Serialize, Deserialize)]
pub struct RemindRenewal {
    pub workspace: WorkspaceId,
    pub subscription: SubscriptionId,
    /// The end of the period. A subscription that was renewed has another end.
    pub ends_at: Timestamp,
    pub days: i32,
}

impl RemindRenewal {
    /// Enqueues the job for its time.
    pub(super) async fn plan(
        &self,
        conn: &mut PgConnection,
        due: Timestamp,
    ) -> Result<(), EnqueueError> {
        self.enqueue_with(conn, self.options().due(due)).await?;
        Ok(())
    }

    /// Returns true when the reminder still makes sense.
    fn is_due(&self, found: &Subscription, plan: &Plan, reader: &Reader, now: Timestamp) -> bool {
        let nearer = plan
            .remind_days
            .iter()
            .any(|&days| days < self.days && days_from(self.ends_at, -days, reader.zone) <= now);
        found.runs_until(self.ends_at)
            && !found.auto_cancel
            // An earlier run has reminded.
            && found.reminded.is_none_or(|last| self.days < last)
            // It is late, and a later reminder or the end itself comes at once.
            && !nearer
            && now < self.ends_at
    }
}

impl Job for RemindRenewal {
    type Context = Context;
    const NAME: &'static str = "subscriptions.remind_renewal";
    const POOL: Pool = pools::DEFAULT;

    fn options(&self) -> Options {
        let end = self.ends_at.timestamp();
        let key = format!("{}:{end}:{}", self.subscription, self.days);
        Options::default()
            .tenant(self.workspace)
            .unique(key, Unique::WhileUnfinished)
    }

    async fn run(&self, ctx: &Context, _: &Running) -> Result<(), JobError> {
        let (workspace, now) = (self.workspace, ctx.clock.now());
        let mut work = Work::of(ctx, workspace).await?;
        let Some(mut found) = store::lock(&mut work, self.subscription).await? else {
            tracing::warn!(subscription.id = %self.subscription, "a reminder's subscription is gone");
            return Ok(());
        };
        let plan = plan_of(&mut work, &found).await?;
        let reader = Reader::of(&mut work, found.contact_id).await?;
        if !reader.there || !self.is_due(&found, &plan, &reader, now) {
            count("void");
            return Ok(());
        }
        found.reminded = Some(self.days);
        ask(&mut work, &mut found, &plan, &reader).await?;
        store::save(&mut work, &found).await?;
        // Without a link yet, the customer is told when the link comes (`payment_opened`).
        if let Some(asked) = &found.payment
            && let Some(url) = &asked.url
        {
            // Days are positive and few.
            let step = u16::try_from(self.days).unwrap_or(u16::MAX);
            let message = MessageId::derived(asked.id.uuid(), step);
            let word = Word::Link(asked, url);
            let pair = (&found, &plan);
            tell(&mut work, pair, &reader, message, word).await?;
        }
        work.commit().await?;
        count("reminded");
        let due = days_from(self.ends_at, -self.days, reader.zone);
        metrics::histogram!("kazi_subscriptions_reminder_delay_seconds")
            .record((now - due).as_seconds_f64().max(0.0));
        Ok(())
    }
}

fn count(outcome: &'static str) {
    metrics::counter!("kazi_subscriptions_reminders_total", "outcome" => outcome).increment(1);
}
