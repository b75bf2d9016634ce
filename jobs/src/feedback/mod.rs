//! Feedback: what customers say of an order that they have got, or of a booking that they came to.
//!
//! The event enqueues [`Ask`] for some hours later. It asks the customer for a score from 1 to 5, at most once in 30 days,
//! and writes one row for the subject, also when it leaves the customer out. The tap on a score asks for words. The words,
//! or the lack of them ([`Conclude`]), end it: until then another tap changes the score, and then a low one opens a ticket.

mod ask;
mod chat;
mod conclude;
mod figures;
mod model;
mod settings;
mod store;

use kazi_queue::Registry;

use crate::{
    Context, Permission, contacts,
    conversations::Scene,
    domain::{Domain, Figures},
    endpoints::{Listener, Subject, shown, types},
    live,
    locale::{Words, files},
    notifications::kinds,
    permission::permissions,
};
pub use ask::Ask;
pub use conclude::Conclude;
pub use figures::{FeedbackFigures, PeriodFigures, Span, figures};
pub use model::{
    About, Feedback, FeedbackError, FeedbackFilter, FeedbackId, FeedbackPeriod, FeedbackStatus,
};
pub use settings::{Settings, SettingsView, lock_settings, set_settings, settings};
pub use store::{count, get, list};

pub(crate) const DOMAIN: Domain = Domain {
    name: "feedback",
    floor: 8,
    jobs,
    tables: &["feedback", "feedback_settings"],
    offers: &[
        &PERMISSIONS,
        &live::About {
            what: "feedback",
            permission: Permission::FEEDBACK_READ,
        },
        &NOTIFICATIONS,
        &Figures(include_str!("figures.txt")),
        &Words {
            files: files!("feedback"),
            keywords: &[],
        },
        &Scene {
            name: chat::SCENE,
            hear: |work, talk, at, heard| Box::pin(chat::hear(work, talk, at, heard)),
        },
        &Subject::of::<Feedback>(EVENTS, |work, id| {
            Box::pin(async move { shown(get(work, id.into()).await?) })
        }),
        &Listener {
            hear: |work, kind, id| Box::pin(ask::hear(work, kind, id)),
        },
        &contacts::Hooks {
            merge: |work, from, into| Box::pin(store::change_contact(work, from, into)),
            erase: |work, id| Box::pin(store::erase(work, id)),
            ..contacts::Hooks::NONE
        },
    ],
};

permissions! {
    /// What customers say of orders and bookings, and the figures of it.
    FEEDBACK_READ = "feedback.read", Viewer;
    /// Decides when customers are asked.
    FEEDBACK_WRITE = "feedback.write", Admin;
}

kinds! {
    /// A customer has given a score of 1 or 2.
    FEEDBACK_LOW = "feedback_low";
}

types! {
    EVENTS;
    /// A customer has given feedback.
    FEEDBACK_GIVEN = "feedback.given";
}

fn jobs(registry: Registry<Context>) -> Registry<Context> {
    registry.register::<Ask>().register::<Conclude>()
}

#[cfg(test)]
mod tests;
