//! Subscriptions: services that end and are renewed by a payment (IPTV and the like).
//!
//! Somebody [subscribes](subscribe) to a [plan](Plan): a payment is asked for, and when it is [`paid`] the first period
//! begins. Before the end [`RemindRenewal`] asks for the next payment and sends the customer its link; at the end
//! [`Expire`] gives some days of grace, and then ends it. Every change begins by locking the subscription's row, and what
//! the row says decides: a job that runs twice, or for a period that was renewed or cancelled meanwhile, does nothing.

pub mod chat;
mod details;
mod expire;
mod model;
mod notices;
mod people;
mod plans;
mod remind;
mod settle;
mod store;
mod subscribe;

use kazi_platform::{crypto::CryptoError, invalid::Invalid};
use kazi_queue::{EnqueueError, Registry};
use serde_json::Value;
use uuid::Uuid;

use crate::{
    Context, Work,
    audit::Change,
    contacts,
    conversations::Scene,
    domain::{Domain, Figures},
    locale::{Words, files},
    payments::{self, Subject, SubscriptionId},
    permission::permissions,
};
pub use details::{Details, details, set_details};
pub use expire::Expire;
pub use model::{Asked, PaidPeriod, Period, PeriodId, Plan, PlanId, Status, Subscription, Unit};
pub use notices::{ENDED, REMINDER, RENEWED};
pub use plans::{NewPlan, PlanPatch, create_plan, update_plan};
pub use remind::RemindRenewal;
pub use settle::{paid, payment_ended, payment_opened};
pub use store::{
    Filter,
    people::{change_contact, erase},
    periods,
    plans::{lock_plan, plan, plans},
    subscription, subscriptions,
};
pub use subscribe::{NewSubscription, cancel, renew, subscribe};

pub(crate) const DOMAIN: Domain = Domain {
    name: "subscriptions",
    floor: 7,
    jobs,
    tables: &["subscription_periods", "subscriptions", "plans"],
    offers: &[
        &PERMISSIONS,
        &Figures(include_str!("figures.txt")),
        &Words {
            files: files!("subscriptions"),
            keywords: &[("svc:plans", "keywords-plans")],
        },
        &Scene {
            name: "plans",
            hear: |work, talk, at, heard| Box::pin(chat::hear(work, talk, at, heard)),
        },
        &contacts::Hooks {
            merge: |work, from, into| Box::pin(change_contact(work, from, into)),
            erase: |work, id| Box::pin(erase(work, id)),
            ..contacts::Hooks::NONE
        },
        &payments::Hooks {
            opened: |work, subject, opened| {
                Box::pin(async move {
                    match subject {
                        Subject::Subscription(id) => payment_opened(work, id, opened).await,
                        _ => Ok(()),
                    }
                })
            },
            paid: |work, subject, money| {
                Box::pin(async move {
                    match subject {
                        Subject::Subscription(id) => paid(work, id, money).await,
                        _ => Ok(()),
                    }
                })
            },
            ended: |work, subject, ended| {
                Box::pin(async move {
                    match subject {
                        Subject::Subscription(id) => payment_ended(work, id, ended).await,
                        _ => Ok(()),
                    }
                })
            },
        },
    ],
};

permissions! {
    /// Plans and who has one.
    SUBSCRIPTIONS_READ = "subscriptions.read", Viewer;
    /// Changes plans, subscribes contacts, cancels.
    SUBSCRIPTIONS_WRITE = "subscriptions.write", Admin;
}

fn jobs(registry: Registry<Context>) -> Registry<Context> {
    registry.register::<Expire>().register::<RemindRenewal>()
}

/// Why nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum SubscriptionError {
    /// A field breaks a rule.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// There is no such plan or subscription.
    #[error("there is no such plan or subscription")]
    NotFound,
    /// They have this plan already.
    #[error("the contact has a subscription to this plan: {0}")]
    AlreadySubscribed(SubscriptionId),
    /// It has ended for good.
    #[error("the subscription has ended: subscribe again")]
    Over,
    /// The details cannot be sealed or opened.
    #[error(transparent)]
    Sealed(#[from] CryptoError),
    /// A job or a message cannot be written.
    #[error(transparent)]
    Enqueue(#[from] EnqueueError),
    /// The database failed.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// Records a change of a plan or a subscription.
async fn note(
    work: &mut Work,
    action: &'static str,
    (subject_kind, subject): (&'static str, Uuid),
    before: Option<&Value>,
    after: Option<&Value>,
) -> Result<(), sqlx::Error> {
    let change = Change {
        action,
        subject_kind,
        subject,
        before,
        after,
    };
    work.audit(&change).await
}

#[cfg(test)]
mod tests;
