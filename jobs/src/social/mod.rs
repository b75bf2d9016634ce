//! Social: posts that appear on social networks at their time.
//!
//! Members connect accounts, write contents, and schedule a content for an account at a local time. [`Publish`] first
//! makes parts that nobody sees, and then makes the one call that publishes. It stores each id from the network at
//! once. After a call without an answer, it asks the network for the outcome before it repeats anything. So a post
//! never appears twice, and no post that is visible counts as failed.

mod accounts;
mod contents;
mod course;
mod files;
mod model;
mod publish;
mod refresh;
mod schedules;
mod store;
mod sweep;
mod views;

use kazi_queue::{Registry, cron::Schedule, lanes::Limits};

use crate::{
    Context,
    domain::{Domain, Figures},
    notifications::kinds,
    permission::permissions,
    sealed::Sealed,
};
pub use accounts::{
    add_account, connect, disconnect, lock_account, put_account, refuse, rotate_token,
};
pub use contents::{create_content, delete_content, lock_content, update_content};
pub use course::{PostDay, course};
pub(crate) use files::Uploads;
pub use model::{
    AccountId, Content, ContentId, ContentPatch, Media, Network, NewContent, PublicationId,
    ScheduleId, SocialError,
};
pub use publish::Publish;
pub use refresh::{RefreshToken, RenewTokens};
pub use schedules::{cancel, lock_schedule, reschedule, schedule};
pub use store::{
    account, accounts,
    contents::{content, contents, shown},
    count_refused,
    course::briefs,
    publications::{publication, publications},
    schedules::{Range, count_overdue, scheduled, scheduled_posts},
};
pub use sweep::Sweep;
pub use views::{
    Account, ConnectAccount, Move, NewSchedule, NewToken, Publication, PublicationStep,
    ScheduledPost,
};

pub(crate) const DOMAIN: Domain = Domain {
    name: "social",
    floor: 3,
    jobs,
    tables: &[
        "social_steps",
        "social_publications",
        "social_schedules",
        "social_variants",
        "social_contents",
        "social_accounts",
    ],
    offers: &[
        &PERMISSIONS,
        &NOTIFICATIONS,
        &Figures(include_str!("figures.txt")),
        &Sealed {
            place: store::sealed_place,
            all: |work| Box::pin(store::all_sealed(work)),
            replace: |work, id, sealed| Box::pin(store::replace_sealed(work, id, sealed)),
        },
    ],
};

permissions! {
    /// Social accounts, posts and when they appear.
    SOCIAL_READ = "social.read", Viewer;
    /// Connects accounts, writes and schedules posts.
    SOCIAL_WRITE = "social.write", Admin;
}

kinds! {
    /// A post did not appear on its social network.
    POST_FAILED = "post_failed";
    /// A social account's token is refused, or ends soon.
    SOCIAL_ACCOUNT = "social_account";
}

fn jobs(registry: Registry<Context>) -> Registry<Context> {
    let daily = Schedule::new("social.renew_tokens", "41 5 * * *");
    let often = Schedule::new("social.sweep", "*/10 * * * *");
    registry
        .register::<Publish>()
        .register::<RefreshToken>()
        .register::<RenewTokens>()
        .schedule(daily, &RenewTokens {})
        .register::<Sweep>()
        .schedule(often, &Sweep {})
}

/// The limits of an account. Instagram allows about 200 calls an hour, and a post takes 4 to 14. Two posts at once, and
/// one per second, are more than anybody schedules, and keep a mistake from using up the hour.
pub const LIMITS: Limits = Limits {
    rate: Some((1.0, 2)),
    reserved: 0,
    max_running: Some(2),
};

#[cfg(test)]
mod tests;
