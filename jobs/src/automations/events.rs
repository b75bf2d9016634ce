//! Triggers by events of other domains: they hear of an event in the transaction of the change, and enqueue an [`Enter`] for
//! each active automation that waits for it.

use std::time::Duration;

use kazi_platform::{Currency, Money, WorkspaceId};
use kazi_queue::{Job, JobError, Options, Pool, Retry, Running, Unique};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    AutomationError, AutomationId, AutomationStatus, enter,
    model::{Trigger, Values},
    store::{self, enrolments::Candidate},
};
use crate::{
    Context, Work,
    appointments::{self, Status as BookingStatus},
    campaigns::zone_of_contact,
    contacts::{self, Audience},
    endpoints::Type,
    loyalty,
    orders::{self, Status as OrderStatus},
    pools,
    subscriptions::{self, Status as SubscriptionStatus},
    workspaces,
};

/// The name of the trigger that waits for an event.
fn trigger_of(kind: Type) -> Option<&'static str> {
    Some(match kind {
        Type::ORDER_DELIVERED => "order_delivered",
        Type::BOOKING_COMPLETED => "booking_completed",
        // A cancelled subscription may have paid time left: its end is an event of its own.
        Type::SUBSCRIPTION_EXPIRED | Type::SUBSCRIPTION_CANCELLED => "subscription_ended",
        Type::POINTS_EARNED => "points_reached",
        _ => return None,
    })
}

/// Hears an event, in the transaction of the change.
pub(super) async fn hear(work: &mut Work, kind: Type, id: Uuid) -> Result<(), sqlx::Error> {
    let Some(trigger) = trigger_of(kind) else {
        return Ok(());
    };
    let workspace = work.workspace();
    for automation in store::waiting_for(work, trigger).await? {
        let job = Enter {
            workspace,
            automation,
            subject: id,
        };
        job.enqueue(work.conn()).await?;
    }
    Ok(())
}

/// Enters the contact of an event.
#[derive(Debug, Serialize, Deserialize)]
pub struct Enter {
    pub workspace: WorkspaceId,
    pub automation: AutomationId,
    /// The order, the booking, the subscription, or the booking of points.
    pub subject: Uuid,
}

impl Job for Enter {
    type Context = Context;
    const NAME: &'static str = "automations.enter";
    const POOL: Pool = pools::DEFAULT;
    const RETRY: Retry =
        Retry::exponential(Duration::from_secs(1), Duration::from_secs(60)).attempts(50);

    fn options(&self) -> Options {
        let key = format!("{}:{}", self.automation, self.subject);
        Options::default()
            .tenant(self.workspace)
            .unique(key, Unique::WhileUnfinished)
    }

    async fn run(&self, ctx: &Context, _: &Running) -> Result<(), JobError> {
        let mut work = Work::of(ctx, self.workspace).await?;
        let automation = store::lock(&mut work, self.automation).await?;
        // It was paused or changed meanwhile.
        let automation = automation.filter(|one| one.status == AutomationStatus::Active);
        let Some(automation) = automation else {
            return Ok(());
        };
        let found = subject(&mut work, &automation.trigger, self.subject).await?;
        if let Some(candidate) = found {
            enter::enter(&mut work, &automation, &[candidate]).await?;
            work.commit().await?;
        }
        Ok(())
    }
}

/// The contact and the values of what an event is about. `None`: it is gone, or it is not so any more.
async fn subject(
    work: &mut Work,
    trigger: &Trigger,
    id: Uuid,
) -> Result<Option<Candidate>, AutomationError> {
    Ok(match trigger {
        Trigger::OrderDelivered {} => {
            let order = orders::order(work, id.into()).await?;
            let order = order.filter(|order| order.status == OrderStatus::Delivered);
            order.map(|order| Candidate {
                contact: order.contact_id,
                occurrence: order.id.to_string(),
                values: values([
                    ("number", order.number.to_string()),
                    ("total", money(order.total_minor, &order.currency)),
                ]),
            })
        }
        Trigger::BookingCompleted {} => {
            let booking = appointments::booking(work, id.into()).await?;
            let booking = booking.filter(|booking| booking.status == BookingStatus::Completed);
            let Some(booking) = booking else {
                return Ok(None);
            };
            let zone = workspaces::time_zone(work).await?;
            let local = booking.starts_at.with_timezone(&zone);
            Some(Candidate {
                contact: booking.contact_id,
                occurrence: booking.id.to_string(),
                values: values([
                    ("date", local.format("%Y-%m-%d").to_string()),
                    ("time", local.format("%H:%M").to_string()),
                ]),
            })
        }
        Trigger::SubscriptionEnded {} => {
            let found = subscriptions::subscription(work, id.into()).await?;
            let over = [SubscriptionStatus::Expired, SubscriptionStatus::Cancelled];
            // One that was never paid has not begun.
            let found = found.filter(|one| over.contains(&one.status) && one.starts_at.is_some());
            let Some(found) = found else {
                return Ok(None);
            };
            let ended = found.ends_at.unwrap_or(found.updated_at);
            let everybody = Audience::default();
            let contact = contacts::addressee(work, &everybody, found.contact_id).await?;
            let (phone, country) = contact
                .map(|one| (one.phone, one.country))
                .unwrap_or_default();
            let home = workspaces::time_zone(work).await?;
            let zone = zone_of_contact(phone.as_deref(), country.as_deref(), home);
            let plan = subscriptions::plan(work, found.plan_id).await?;
            let home = workspaces::get(work).await?.default_language;
            let names = plan.map(|plan| plan.names.0).unwrap_or_default();
            let name = names.get(&home).or_else(|| names.values().next()).cloned();
            Some(Candidate {
                contact: found.contact_id,
                // It may be renewed, and end again.
                occurrence: format!("{}:{}", found.id, ended.timestamp()),
                values: values([
                    (
                        "date",
                        ended.with_timezone(&zone).format("%Y-%m-%d").to_string(),
                    ),
                    ("plan", name.unwrap_or_default()),
                ]),
            })
        }
        Trigger::PointsReached { points } => {
            let entry = loyalty::entry(work, id.into()).await?;
            let reached = entry.filter(|entry| {
                let before = entry.balance - entry.points;
                before < *points && *points <= entry.balance
            });
            reached.map(|entry| Candidate {
                contact: entry.contact_id,
                // They may be spent, and reached again.
                occurrence: entry.id.to_string(),
                values: values([("points", entry.balance.to_string())]),
            })
        }
        _ => None,
    })
}

fn values<const N: usize>(pairs: [(&str, String); N]) -> Values {
    pairs.map(|(name, text)| (name.to_owned(), text)).into()
}

/// An amount, as people read it.
fn money(minor: i64, currency: &str) -> String {
    let currency: Option<Currency> = currency.parse().ok();
    currency.map_or_else(String::new, |currency| {
        Money { minor, currency }.to_string()
    })
}
