//! Creates the Checkout session of a payment, once.

use chrono::TimeDelta;
use kazi_clients::stripe::{Error, NewSession, Page, Session, Stripe};
use kazi_platform::{Timestamp, WorkspaceId};
use kazi_queue::{Job, JobError, Options, Pool, Retry, Running, Unique};
use serde::{Deserialize, Serialize};

use super::{
    How, PATIENTLY, PaymentAccountId, PaymentId, Status, Subject, accounts,
    model::to_stripe,
    settle::{Desk, Seen, count, ended, settle},
    store::{self, By, PaymentRow},
};
use crate::{Context, Work, pools};

#[derive(Debug, Serialize, Deserialize)]
pub struct CreateSession {
    pub workspace: WorkspaceId,
    pub payment: PaymentId,
}

/// Time that a key is used. Stripe forgets idempotency keys after 24 hours.
const KEY_LIVES: TimeDelta = TimeDelta::hours(23);
/// The shortest life of a session, with room for the request's time.
const SHORTEST: TimeDelta = TimeDelta::minutes(31);
const LONGEST: TimeDelta = TimeDelta::minutes(24 * 60 - 5);
/// The largest difference between Stripe's clock and ours.
const CLOCKS: TimeDelta = TimeDelta::minutes(5);
/// The most keys of one payment. A payment that needs more has another problem.
const MOST_KEYS: i16 = 20;

impl Job for CreateSession {
    type Context = Context;
    const NAME: &'static str = "payments.create_session";
    const POOL: Pool = pools::PAYMENTS;
    const RETRY: Retry = PATIENTLY;

    fn options(&self) -> Options {
        Options::default()
            .tenant(self.workspace)
            .unique(self.payment.to_string(), Unique::WhilePending)
    }

    async fn run(&self, ctx: &Context, _: &Running) -> Result<(), JobError> {
        let Some(account) = self.begin(ctx).await? else {
            return Ok(());
        };
        let (_, stripe) = accounts::open(ctx, self.workspace, account).await?;
        let Some(asked) = self.announce(ctx, account).await? else {
            return Ok(());
        };
        let called = if asked.look_first {
            match look(&stripe, self.payment, &asked).await {
                // The next run asks with a new key.
                Ok(None) => return self.next_key(ctx, account).await,
                Ok(Some(session)) => Ok(session),
                Err(error) => Err(error),
            }
        } else {
            self.ask(ctx, &stripe, &asked).await
        };
        self.conclude(ctx, account, asked, called).await
    }
}

/// A request that is stored.
struct Asked {
    row: PaymentRow,
    at: Timestamp,
    /// Nobody knows whether there is a session, so the job looks before it asks again.
    look_first: bool,
}

impl CreateSession {
    /// Returns the account to ask, or `None` when there is nothing to do.
    async fn begin(&self, ctx: &Context) -> Result<Option<PaymentAccountId>, JobError> {
        let mut work = Work::of(ctx, self.workspace).await?;
        let Some(mut row) = store::hold(&mut work, By::Id(self.payment)).await? else {
            tracing::warn!(payment.id = %self.payment, "no such payment to make a session of");
            return Ok(None);
        };
        if !wants_session(&row) {
            return Ok(None);
        }
        if let Some(account) = row.account {
            return Ok(Some(account));
        }
        if let Some(account) = store::accounts::current(&mut work).await? {
            return Ok(Some(account));
        }
        row.status = Status::Failed;
        row.error = Some("there is no account at Stripe".into());
        store::save(&mut work, &row).await?;
        ended(&mut work, &row, How::Failed).await?;
        work.commit().await?;
        count(Status::Failed);
        Err(JobError::discard(
            "account",
            "there is no account at Stripe",
        ))
    }

    /// Stores the request and its key before the call. A run after a crash sends the same request again, and Stripe
    /// gives the same answer.
    async fn announce(
        &self,
        ctx: &Context,
        account: PaymentAccountId,
    ) -> Result<Option<Asked>, JobError> {
        let now = ctx.clock.now();
        let mut work = Work::of(ctx, self.workspace).await?;
        let held = store::hold(&mut work, By::Id(self.payment)).await?;
        let Some(mut row) = held.filter(wants_session) else {
            return Ok(None);
        };
        let at = *row.requested_at.get_or_insert(now);
        if row.session_ends_at.is_none() {
            let ends = row.expires_at.clamp(now + SHORTEST, now + LONGEST);
            row.session_ends_at = Some(ends);
        }
        row.account = Some(account);
        store::save(&mut work, &row).await?;
        work.commit().await?;
        // The payment was withdrawn, so the job only looks for the session, to end it.
        let look_first = row.unclear || now - at > KEY_LIVES || row.status == Status::Withdrawn;
        Ok(Some(Asked {
            row,
            at,
            look_first,
        }))
    }

    async fn ask(&self, ctx: &Context, stripe: &Stripe, asked: &Asked) -> Result<Session, Error> {
        let row = &asked.row;
        let Some(amount) = to_stripe(row.amount) else {
            return Err(Error::Refused(kazi_clients::stripe::Refusal {
                message: format!("Stripe takes no such amount as {}", row.amount),
                ..Default::default()
            }));
        };
        let ours = ctx.providers.public_url.trim_end_matches('/');
        let reference = self.payment.to_string();
        let (thanks, back) = match row.subject {
            // A member pays, and goes on in the app.
            Subject::Credits(id) => {
                let page = format!("{ours}/app/credits");
                (format!("{page}?bought={id}"), page)
            }
            Subject::Order(_) | Subject::Subscription(_) => (
                format!("{ours}/payments/thanks"),
                format!("{ours}/payments/back"),
            ),
        };
        let new = NewSession {
            reference: &reference,
            amount,
            currency: row.amount.currency.code(),
            description: &row.description,
            success_url: &thanks,
            cancel_url: &back,
            expires_at: row.session_ends_at.unwrap_or(row.expires_at).timestamp(),
        };
        let key = format!("{}-{}", self.payment, row.key_number);
        stripe.create_session(&new, &key).await
    }

    async fn conclude(
        &self,
        ctx: &Context,
        account: PaymentAccountId,
        asked: Asked,
        called: Result<Session, Error>,
    ) -> Result<(), JobError> {
        let now = ctx.clock.now();
        let desk = Desk {
            now,
            workspace: self.workspace,
            account,
            reconciliation: None,
        };
        let error = match called {
            Ok(session) => {
                let mut work = Work::of(ctx, self.workspace).await?;
                let held = store::hold(&mut work, By::Id(self.payment)).await?;
                if let Some(row) = held {
                    let seen = Seen {
                        session: &session,
                        refused: false,
                    };
                    settle(&mut work, desk, row, seen).await?;
                    work.commit().await?;
                }
                return Ok(());
            }
            Err(error) => error,
        };
        let too_late = |refusal: &kazi_clients::stripe::Refusal| {
            // The session was never created: otherwise Stripe would have answered the key with its session.
            refusal.param.as_deref() == Some("expires_at") && asked.row.expires_at > now
        };
        match &error {
            Error::Refused(refusal) if too_late(refusal) => {
                return self.next_key(ctx, account).await;
            }
            Error::Refused(_) | Error::KeyReused => {}
            // Stripe gives the same failure for the same key, for a day.
            Error::Unavailable { .. } => {
                let mut work = Work::of(ctx, self.workspace).await?;
                if let Some(mut row) = store::hold(&mut work, By::Id(self.payment)).await? {
                    row.unclear = true;
                    store::save(&mut work, &row).await?;
                    work.commit().await?;
                }
                return Err(JobError::retry("unavailable", error));
            }
            // The same key again, until there is an answer.
            _ => return Err(accounts::failed(ctx, self.workspace, account, error).await),
        }
        let mut work = Work::of(ctx, self.workspace).await?;
        let held = store::hold(&mut work, By::Id(self.payment)).await?;
        if let Some(mut row) = held.filter(|row| row.status == Status::Requested) {
            row.status = Status::Failed;
            row.error = Some(error.to_string());
            store::save(&mut work, &row).await?;
            ended(&mut work, &row, How::Failed).await?;
            work.commit().await?;
            count(Status::Failed);
        }
        Err(JobError::discard("refused", error))
    }

    /// Nothing was created with this key. The request gets a new key.
    async fn next_key(&self, ctx: &Context, account: PaymentAccountId) -> Result<(), JobError> {
        let mut work = Work::of(ctx, self.workspace).await?;
        let held = store::hold(&mut work, By::Id(self.payment)).await?;
        let Some(mut row) = held.filter(|row| row.status == Status::Requested) else {
            return Ok(());
        };
        if row.key_number >= MOST_KEYS {
            return Err(JobError::discard("keys", "Stripe fails again and again"));
        }
        row.key_number += 1;
        (row.requested_at, row.session_ends_at, row.unclear) = (None, None, false);
        store::save(&mut work, &row).await?;
        // Unique while pending. This job runs, so it does not block the new one.
        let options = self.options().lane(account.to_string());
        self.enqueue_with(work.conn(), options).await?;
        Ok(work.commit().await?)
    }
}

/// Returns true when a request may be made, or may have been made without a known answer.
fn wants_session(row: &PaymentRow) -> bool {
    match row.status {
        Status::Requested => true,
        Status::Withdrawn => row.requested_at.is_some() && row.session.is_none(),
        _ => false,
    }
}

/// Looks through the sessions since the request was stored.
async fn look(
    stripe: &Stripe,
    payment: PaymentId,
    asked: &Asked,
) -> Result<Option<Session>, Error> {
    let reference = payment.to_string();
    let mut after: Option<String> = None;
    loop {
        let page = Page {
            from: (asked.at - CLOCKS).timestamp(),
            until: (asked.at + LONGEST + CLOCKS).timestamp(),
            after: after.as_deref(),
        };
        let list = stripe.sessions(&page).await?;
        after = list.data.last().map(|session| session.id.clone());
        let more = list.has_more && after.is_some();
        let ours = |session: &Session| session.client_reference_id.as_ref() == Some(&reference);
        if let Some(session) = list.data.into_iter().find(ours) {
            return Ok(Some(session));
        }
        if !more {
            return Ok(None);
        }
    }
}

#[cfg(test)]
mod tests;
