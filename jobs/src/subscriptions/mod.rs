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
    endpoints::{Subject, shown, types},
    locale::{Words, files},
    payments::{self, SubscriptionId},
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
        &Subject::of::<Subscription>(EVENTS, |work, id| {
            Box::pin(async move { shown(subscription(work, id.into()).await?) })
        }),
        &chat::tools::SUBSCRIPTION_STATUS,
        &contacts::Deeds {
            push: store::deeds::push,
        },
        &contacts::Hooks {
            merge: |work, from, into| Box::pin(change_contact(work, from, into)),
            erase: |work, id| Box::pin(erase(work, id)),
            ..contacts::Hooks::NONE
        },
        &payments::Hooks::<SubscriptionId> {
            opened: |work, id, opened| Box::pin(payment_opened(work, id, opened)),
            paid: |work, id, money| Box::pin(paid(work, id, money)),
            ended: |work, id, ended| Box::pin(payment_ended(work, id, ended)),
        },
    ],
};

permissions! {
    /// Plans and who has one.
    SUBSCRIPTIONS_READ = "subscriptions.read", Viewer;
    /// Changes plans, subscribes contacts, cancels.
    SUBSCRIPTIONS_WRITE = "subscriptions.write", Admin;
}

types! {
    EVENTS;
    /// A contact has subscribed to a plan.
    SUBSCRIPTION_CREATED = "subscription.created";
    /// A period is paid: the subscription begins or goes on.
    SUBSCRIPTION_PAID = "subscription.paid";
    /// The period has ended, and a payment still continues the subscription.
    SUBSCRIPTION_GRACE = "subscription.grace";
    /// A subscription has ended without a payment.
    SUBSCRIPTION_EXPIRED = "subscription.expired";
    /// A subscription is cancelled, or will be at the end of its paid time.
    SUBSCRIPTION_CANCELLED = "subscription.cancelled";
}

fn jobs(registry: Registry<Context>) -> Registry<Context> {
    registry.register::<Expire>().register::<RemindRenewal>()
}

#[cfg(test)]
mod tests;
