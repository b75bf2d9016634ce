//! The two sides of a top-up. The seller's workspace has the payment, and what it has come to stands in the sale. The
//! buyer's side reads the sale: it may be told twice, late or in another order, and does what is left to do.

use std::time::Duration;

use chrono::TimeDelta;
use kazi_platform::{Currency, Money, WorkspaceId};
use kazi_queue::{EnqueueError, Job, JobError, Options, Pool, Retry, Running};
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use super::{
    EntryKind, GoOn, TopUp, TopUpId, TopUpStatus,
    books::{self, About},
    model::Place,
    store::{
        accounts,
        top_ups::{self as store, News, Sale},
    },
};
use crate::{
    Across, Context, Work,
    audit::Change,
    contacts::{self, ContactId, NewContact},
    endpoints::Type,
    payments::{self, Ended, How, NewPayment, Opened, Paid, PaymentId, Subject},
    pools, workspaces,
};

/// Time to pay.
pub(super) const OPEN_HOURS: i64 = 23;

/// Asks for the money of a top-up, in the seller's workspace.
#[derive(Debug, Serialize, Deserialize)]
pub struct Sell {
    /// The seller's.
    pub workspace: WorkspaceId,
    pub buyer: WorkspaceId,
    pub top_up: TopUpId,
}

impl Job for Sell {
    type Context = Context;
    const NAME: &'static str = "credits.sell";
    const POOL: Pool = pools::PAYMENTS;
    const RETRY: Retry =
        Retry::exponential(Duration::from_secs(1), Duration::from_secs(300)).attempts(50);

    fn options(&self) -> Options {
        Options::default().tenant(self.workspace)
    }

    async fn run(&self, ctx: &Context, _: &Running) -> Result<(), JobError> {
        let mut theirs = Work::of(ctx, self.buyer).await?;
        let top_up = store::get(&mut theirs, self.top_up).await?;
        let Some(top_up) = top_up.filter(|one| one.status == TopUpStatus::Requested) else {
            return Ok(());
        };
        let buyer = workspaces::get(&mut theirs).await?.name;
        drop(theirs);
        let currency = top_up
            .currency
            .parse::<Currency>()
            .map_err(|error| JobError::discard("currency", error))?;
        let mut work = Work::of(ctx, self.workspace).await?;
        let contact = contact_of(&mut work, self.buyer, &buyer).await?;
        // Derived, so that a second run asks for the same payment.
        let payment = PaymentId::derived(self.top_up.uuid(), 1);
        if !store::sell(&mut work, self.top_up, self.buyer, contact, payment).await? {
            return Ok(());
        }
        let description = format!("{}: {} credits", top_up.name, top_up.credits);
        let new = NewPayment {
            id: payment,
            subject: Subject::Credits(self.top_up),
            contact,
            amount: Money {
                minor: top_up.amount_minor,
                currency,
            },
            description: &description,
            expires_at: work.now() + TimeDelta::hours(OPEN_HOURS),
        };
        payments::request(&mut work, &new).await?;
        Ok(work.commit().await?)
    }
}

/// The buyer among the seller's contacts.
async fn contact_of(
    work: &mut Work,
    buyer: WorkspaceId,
    name: &str,
) -> Result<ContactId, JobError> {
    if let Some(known) = store::contact_of(work, buyer).await? {
        return Ok(known);
    }
    let new = NewContact {
        name: Some(name.chars().take(200).collect()),
        ..NewContact::default()
    };
    let made = contacts::create(work, &new).await;
    let made = made.map_err(|error| JobError::retry("contact", error))?;
    Ok(made.id)
}

pub(super) async fn opened(
    work: &mut Work,
    id: TopUpId,
    opened: &Opened,
) -> Result<(), EnqueueError> {
    let news = News {
        url: Some(&opened.url),
        ..News::default()
    };
    tell(work, id, &news).await
}

pub(super) async fn paid(work: &mut Work, id: TopUpId, paid: &Paid) -> Result<(), EnqueueError> {
    let news = News {
        paid_at: Some(paid.at),
        ..News::default()
    };
    tell(work, id, &news).await
}

pub(super) async fn ended(work: &mut Work, id: TopUpId, ended: &Ended) -> Result<(), EnqueueError> {
    let why = match ended.how {
        How::Expired => Some("nobody has paid in time"),
        How::Failed => ended.error.as_deref(),
        How::Refunded => None,
    };
    let news = News {
        ended_at: Some(work.now()),
        ended_why: why,
        ..News::default()
    };
    tell(work, id, &news).await
}

/// Hears of money that went back, by a refund or a lost dispute, or that has come back after all.
pub(super) async fn hear(work: &mut Work, kind: Type, id: Uuid) -> Result<(), sqlx::Error> {
    if !matches!(
        kind,
        Type::PAYMENT_REFUNDED
            | Type::PAYMENT_REFUND_FAILED
            | Type::PAYMENT_DISPUTE_LOST
            | Type::PAYMENT_DISPUTE_WON
    ) {
        return Ok(());
    }
    let payment = PaymentId::from(id);
    let Some(gone) = payments::gone(work, payment).await? else {
        return Ok(());
    };
    let Subject::Credits(top_up) = gone.of else {
        return Ok(());
    };
    let lost = payments::lost(work, payment, gone.whole).await?;
    let news = News {
        returned_minor: Some(gone.minor.saturating_add(lost)),
        ..News::default()
    };
    Ok(tell(work, top_up, &news).await?)
}

/// Writes news of a sale, and lets the buyer's side read it.
async fn tell(work: &mut Work, id: TopUpId, news: &News<'_>) -> Result<(), EnqueueError> {
    let Some(buyer) = store::note_sale(work, id, news).await? else {
        return Ok(());
    };
    let job = Follow {
        workspace: buyer,
        top_up: id,
    };
    job.enqueue(work.conn()).await?;
    Ok(())
}

/// Brings a top-up to where its sale is, in the buyer's workspace.
#[derive(Debug, Serialize, Deserialize)]
pub struct Follow {
    /// The buyer's.
    pub workspace: WorkspaceId,
    pub top_up: TopUpId,
}

impl Job for Follow {
    type Context = Context;
    const NAME: &'static str = "credits.follow";
    const POOL: Pool = pools::DEFAULT;
    const RETRY: Retry =
        Retry::exponential(Duration::from_secs(1), Duration::from_secs(300)).attempts(50);

    fn options(&self) -> Options {
        Options::default().tenant(self.workspace)
    }

    async fn run(&self, ctx: &Context, _: &Running) -> Result<(), JobError> {
        // The sale stands in the seller's workspace.
        let mut work = Across::of(ctx).await?.within(self.workspace);
        let Some(top_up) = store::lock(&mut work, self.top_up).await? else {
            tracing::warn!(top_up.id = %self.top_up, "no such top-up");
            return Ok(());
        };
        let Some(sale) = store::sale(&mut work, self.top_up).await? else {
            return Ok(());
        };
        follow(&mut work, top_up, &sale).await?;
        Ok(work.commit().await?)
    }
}

/// The top-up's row is locked, so its credits come once.
async fn follow(work: &mut Work, before: TopUp, sale: &Sale) -> Result<(), JobError> {
    let mut top_up = before.clone();
    let waits = matches!(top_up.status, TopUpStatus::Requested | TopUpStatus::Open);
    let mut came = 0;
    if waits && let Some(paid_at) = sale.paid_at {
        top_up.status = TopUpStatus::Paid;
        (top_up.paid_at, top_up.url) = (Some(paid_at), None);
        came = top_up.credits;
    } else if waits && sale.ended_at.is_some() {
        (top_up.status, top_up.url) = (TopUpStatus::Ended, None);
        top_up.ended_why.clone_from(&sale.ended_why);
    } else if top_up.status == TopUpStatus::Requested && sale.url.is_some() {
        (top_up.status, top_up.url) = (TopUpStatus::Open, sale.url.clone());
    }
    if top_up.status == TopUpStatus::Paid {
        top_up.returned = share(top_up.credits, sale.returned_minor, top_up.amount_minor);
    }
    let goes = top_up.returned - before.returned;
    if came != 0 || goes != 0 {
        accounts::make(work).await?;
        let about = || About {
            top_up: Some(top_up.id),
            ..About::default()
        };
        if let Some(mut books) = books::open(work).await? {
            // A refund that the bank refuses later gives them again.
            books.fund(EntryKind::TopUp, came + (-goes).max(0), about());
            books.take(EntryKind::Refund, Place::Funding, goes.max(0), &about());
            books.close(work).await?;
        }
        GoOn::of(work).enqueue(work.conn()).await?;
    }
    if (top_up.status, top_up.returned) == (before.status, before.returned) {
        return Ok(());
    }
    store::save(work, &top_up).await?;
    metrics::counter!("kazi_credits_top_ups_total", "status" => top_up.status.name()).increment(1);
    let shown = |one: &TopUp| json!({"status": one.status, "returned": one.returned});
    let subject = ("top_up", top_up.id);
    let change = Change::updated("credits.top_up", subject, &shown(&before), &shown(&top_up));
    Ok(work.audit(&change).await?)
}

/// Credits for the part of the money that went back. All of it: all credits.
fn share(credits: i64, back: i64, of: i64) -> i64 {
    let part = i128::from(credits) * i128::from(back.clamp(0, of)) / i128::from(of.max(1));
    i64::try_from(part).unwrap_or(credits)
}

#[cfg(test)]
mod tests {
    use super::share;

    #[test]
    fn as_much_of_the_credits_goes_back_as_of_the_money() {
        for (back, credits) in [(0, 0), (1, 0), (1_250, 500), (2_500, 1_000), (9_999, 1_000)] {
            assert_eq!(share(1_000, back, 2_500), credits, "{back}");
        }
    }
}
