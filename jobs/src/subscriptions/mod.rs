//! Subscriptions: services that end and are renewed by a payment, such as IPTV.
//!
//! A contact [subscribes](subscribe) to a [plan](Plan): a payment is requested, and when it is [`paid`] the first
//! period begins. Before the end, [`RemindRenewal`] requests the next payment and sends its link. At the end,
//! [`Expire`] begins the days of grace, and later ends the subscription. Every change locks the subscription's row
//! first, and the row decides. So a job that runs twice, or for a period that was renewed or cancelled, does nothing.

pub mod chat;
mod details;
mod error;
mod expire;
mod model;
mod notices;
mod people;
mod plans;
mod remind;
mod settle;
mod store;
mod subscribe;

use kazi_queue::Registry;

use crate::{
    Context, contacts,
    conversations::Scene,
    domain::{Domain, Figures},
    locale::{Words, files},
    payments::{self, Subject},
    permission::permissions,
};
pub use details::{Details, details, set_details};
pub use error::SubscriptionError;
pub use expire::Expire;
pub use model::{Asked, PaidPeriod, Period, PeriodId, Plan, PlanId, Status, Subscription, Unit};
pub use notices::{ENDED, REMINDER, RENEWED};
pub use plans::{NewPlan, PlanPatch, create_plan, update_plan};
pub use remind::RemindRenewal;
pub use settle::{paid, payment_ended, payment_opened};
pub use store::{
    SubscriptionFilter,
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

#[cfg(test)]
mod tests;
