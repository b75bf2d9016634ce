//! Social: posts that appear on a social network at their time.
//!
//! Members connect accounts, write contents, and schedule a content for an account at a time of a zone's wall clock.
//! [`Publish`] makes it public in two steps: parts that nobody sees, then the one call that everybody sees. Each id is
//! written down as soon as the network has told it, and where its answer was lost the network is asked what became of
//! the call before anything is asked for again: a post is neither doubled nor reported as failed while it is there.

mod accounts;
mod contents;
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
};
pub use accounts::{
    add_account, connect, disconnect, lock_account, put_account, refuse, rotate_token,
};
pub use contents::{create_content, delete_content, lock_content, update_content};
pub use model::{
    AccountId, Content, ContentId, ContentPatch, Media, Network, NewContent, PublicationId,
    ScheduleId, SocialError,
};
pub use publish::Publish;
pub use refresh::{RefreshToken, RenewTokens};
pub use schedules::{cancel, lock_schedule, reschedule, schedule};
pub use store::{
    account, accounts,
    contents::{content, contents},
    count_refused,
    publications::{publication, publications},
    reseal,
    schedules::{Range, count_overdue, scheduled, scheduled_posts},
};
pub use sweep::Sweep;
pub use views::{
    Account, ConnectAccount, Move, NewSchedule, NewToken, Publication, ScheduledPost, Step,
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
    ],
    ..Domain::NONE
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

/// The limits of an account. Instagram lets an account make some 200 calls an hour, and a post takes four to fourteen: two
/// posts at once, and one a second, is more than anybody schedules, and keeps a mistake from using the hour up.
pub const LIMITS: Limits = Limits {
    rate: Some((1.0, 2)),
    reserved: 0,
    max_running: Some(2),
};

#[cfg(test)]
mod tests;
