//! Points by events of other domains. They hear of an event in the transaction of the change, and enqueue a job.

use std::time::Duration;

use kazi_platform::WorkspaceId;
use kazi_queue::{Job, JobError, Options, Pool, Retry, Running};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    Settings,
    ledger::{Cause, earn, lock_account, percent},
    model::{multiplied, points_of_order},
    settings::settings,
    store, take_back,
};
use crate::{
    Context, Work,
    appointments::{self, BookingId, Status as BookingStatus},
    contacts::{self, ContactId},
    endpoints::Type,
    orders::{self, Status as OrderStatus},
    payments::{self, OrderId, PaymentId, Subject},
    pools, workspaces,
};

/// What brings points, or takes them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    Delivered(OrderId),
    Refunded(OrderId),
    /// A part of its money went back, or the rest.
    PartRefunded(OrderId),
    Visited(BookingId),
    Missed(BookingId),
}

impl Event {
    /// What first brought the points that the event takes back.
    const fn taken_back(self) -> Option<Cause> {
        match self {
            Self::Refunded(id) | Self::PartRefunded(id) => Some(Cause::Order(id)),
            Self::Missed(id) => Some(Cause::Visit(id, 0)),
            Self::Delivered(_) | Self::Visited(_) => None,
        }
    }
}

/// Hears an event, in the transaction of the change.
pub(super) async fn hear(work: &mut Work, kind: Type, id: Uuid) -> Result<(), sqlx::Error> {
    let event = match kind {
        Type::ORDER_DELIVERED => Event::Delivered(id.into()),
        Type::ORDER_REFUNDED => Event::Refunded(id.into()),
        Type::PAYMENT_REFUNDED => {
            let payment = PaymentId::from(id);
            match payments::gone(work, payment).await?.map(|gone| gone.of) {
                Some(Subject::Order(id)) => Event::PartRefunded(id),
                Some(Subject::Subscription(_) | Subject::Credits(_)) | None => return Ok(()),
            }
        }
        Type::BOOKING_COMPLETED => Event::Visited(id.into()),
        // A member corrects a visit that was none.
        Type::BOOKING_NO_SHOW => Event::Missed(id.into()),
        _ => return Ok(()),
    };
    let earns = settings(work).await?.settings.enabled;
    // Points that were given while it was on go back all the same, also when they are being given at this moment.
    let counts = match event.taken_back() {
        Some(cause) => earns || store::ledger::is_booked(work, &cause.text()).await?,
        None => earns,
    };
    if counts {
        let job = Count {
            workspace: work.workspace(),
            event,
        };
        job.enqueue(work.conn()).await?;
    }
    Ok(())
}

/// Books the points of an event, once.
#[derive(Debug, Serialize, Deserialize)]
pub struct Count {
    pub workspace: WorkspaceId,
    pub event: Event,
}

impl Job for Count {
    type Context = Context;
    const NAME: &'static str = "loyalty.count";
    const POOL: Pool = pools::DEFAULT;
    const RETRY: Retry =
        Retry::exponential(Duration::from_secs(1), Duration::from_secs(60)).attempts(50);

    fn options(&self) -> Options {
        let key = match self.event {
            Event::Delivered(id) | Event::Refunded(id) | Event::PartRefunded(id) => {
                format!("loyalty:{id}")
            }
            Event::Visited(id) | Event::Missed(id) => format!("loyalty:{id}"),
        };
        // What takes points back runs after what gives them, or it would find none.
        Options::default().tenant(self.workspace).sequence(key)
    }

    async fn run(&self, ctx: &Context, _: &Running) -> Result<(), JobError> {
        let mut work = Work::of(ctx, self.workspace).await?;
        match self.event {
            Event::Refunded(id) => take_back::order(&mut work, id).await?,
            Event::PartRefunded(id) => take_back::part(&mut work, id).await?,
            Event::Missed(id) => take_back::visit(&mut work, id).await?,
            Event::Delivered(_) | Event::Visited(_) => return self.give(work).await,
        }
        Ok(work.commit().await?)
    }
}

/// What the points are counted from.
enum Base {
    /// Of an order, in minor units.
    Amount(i64),
    Points(i32),
}

fn moved() -> JobError {
    JobError::snooze(Duration::from_secs(1), "two contacts became one meanwhile")
}

impl Count {
    async fn give(&self, mut work: Work) -> Result<(), JobError> {
        let rules = settings(&mut work).await?.settings;
        let Some((contact, ..)) = self.earned(&mut work, &rules).await? else {
            return Ok(());
        };
        if contacts::hold_contacts(&mut work, &[contact])
            .await?
            .is_empty()
        {
            return self.again_if_moved(&mut work, &rules, contact).await;
        }
        let balance = lock_account(&mut work, contact).await?;
        // Behind the lock: a refund that came meanwhile is seen here, and the job of a later one waits for this one.
        let Some((now_of, base, cause)) = self.earned(&mut work, &rules).await? else {
            return Ok(());
        };
        if now_of != contact {
            return Err(moved());
        }
        let percent = percent(&mut work, contact).await?;
        let points = match base {
            Base::Amount(total) => points_of_order(&rules, total, percent),
            Base::Points(points) => multiplied(points, percent),
        };
        earn(&mut work, contact, (balance, points), cause, &rules).await?;
        if let Cause::Order(id) = cause {
            // Money that went back before the order came.
            take_back::part(&mut work, id).await?;
        }
        Ok(work.commit().await?)
    }

    /// Who earns, and for what. `None`: nobody, because it is gone, not so any more, or without a rule.
    async fn earned(
        &self,
        work: &mut Work,
        rules: &Settings,
    ) -> Result<Option<(ContactId, Base, Cause)>, sqlx::Error> {
        if !rules.enabled {
            return Ok(None);
        }
        Ok(match self.event {
            Event::Delivered(id) => {
                let home = workspaces::get(work).await?.currency;
                let order = orders::order(work, id).await?;
                // The rule is about amounts of one currency.
                let order = order.filter(|order| {
                    order.status == OrderStatus::Delivered && order.currency == home
                });
                order.map(|order| {
                    let base = Base::Amount(order.total_minor);
                    (order.contact_id, base, Cause::Order(id))
                })
            }
            Event::Visited(id) => {
                let Some(points) = rules.visit_points else {
                    return Ok(None);
                };
                let booking = appointments::booking(work, id).await?;
                let booking = booking.filter(|booking| booking.status == BookingStatus::Completed);
                let Some(booking) = booking else {
                    return Ok(None);
                };
                let times = take_back::times_missed(work, id).await?;
                let cause = Cause::Visit(id, times);
                Some((booking.contact_id, Base::Points(points), cause))
            }
            Event::Refunded(_) | Event::PartRefunded(_) | Event::Missed(_) => None,
        })
    }

    /// A contact who is gone earns nothing. One who was merged earns as the other.
    async fn again_if_moved(
        &self,
        work: &mut Work,
        rules: &Settings,
        contact: ContactId,
    ) -> Result<(), JobError> {
        match self.earned(work, rules).await? {
            Some((now_of, ..)) if now_of != contact => Err(moved()),
            _ => Ok(()),
        }
    }
}
