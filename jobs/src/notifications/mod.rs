//! Notifications: Kazi tells the members of a workspace what happened. A notification is written in the transaction of its
//! cause, so a cause that is rolled back notifies no member.

mod kind;
mod purge;
mod store;

use kazi_platform::{Timestamp, id};
use kazi_queue::{Registry, cron::Schedule};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    Context, Role, Work,
    domain::{Domain, Future, offers},
};
pub use kind::Kind;
pub(crate) use kind::{Kinds, kinds};
pub use purge::Purge;
pub use store::{list, mark_all_read, mark_read, unread};

id!(
    /// A notification of one member.
    pub struct NotificationId, "ntf_"
);

pub(crate) const DOMAIN: Domain = Domain {
    name: "notifications",
    floor: 1,
    jobs,
    tables: &["notifications", "notification_preferences"],
    ..Domain::NONE
};

fn jobs(registry: Registry<Context>) -> Registry<Context> {
    let nightly = Schedule::new("notifications.purge", "23 3 * * *");
    registry.register::<Purge>().schedule(nightly, &Purge {})
}

#[derive(Clone, Copy, Debug)]
pub enum To {
    User(Uuid),
    /// All members with this role or a higher one.
    Role(Role),
}

type InRole = for<'a> fn(&'a mut Work, Role) -> Future<'a, Result<Vec<Uuid>, sqlx::Error>>;

/// Workspaces offer this table: they know the members, and stand on a higher floor.
#[derive(Clone, Copy)]
pub(crate) struct Members {
    /// Finds the users with this role or a higher one.
    pub in_role: InRole,
}

#[derive(Clone, Debug)]
pub struct Notification<'a> {
    /// What it is about.
    pub kind: Kind,
    pub title: &'a str,
    /// Ids, for a link.
    pub data: &'a Value,
}

/// A notification as its member sees it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct NotificationView {
    pub id: NotificationId,
    /// What it is about.
    #[schema(example = "channel_stopped")]
    pub kind: String,
    /// One sentence.
    pub title: String,
    /// Ids, for a link.
    #[schema(value_type = Object)]
    pub data: Value,
    /// When it was marked as read.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub read_at: Option<Timestamp>,
    /// When it was written.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
}

/// Whether a member is told of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NotificationPreference)]
pub struct Preference {
    pub kind: Kind,
    /// In the program itself.
    pub in_app: bool,
}

/// Notifies members, in the caller's transaction. A member who switched the kind off gets nothing.
pub async fn notify(
    work: &mut Work,
    to: To,
    notification: &Notification<'_>,
) -> Result<(), sqlx::Error> {
    let users = match to {
        To::User(user) => vec![user],
        To::Role(least) => match offers::<Members>().next() {
            Some(members) => (members.in_role)(work, least).await?,
            None => Vec::new(),
        },
    };
    let ids: Vec<Uuid> = users
        .iter()
        .map(|_| NotificationId::at(work.now()).uuid())
        .collect();
    store::insert(work, (&users, &ids), notification).await
}

/// Lists for every kind whether the member is told of it.
pub async fn preferences(work: &mut Work, user: Uuid) -> Result<Vec<Preference>, sqlx::Error> {
    let off = store::unwanted(work, user).await?;
    let all = Kind::all().map(|kind| Preference {
        kind,
        in_app: !off.iter().any(|name| name == kind.name()),
    });
    Ok(all.collect())
}

/// Sets for each given kind whether the member is told of it.
pub async fn set_preference(
    work: &mut Work,
    user: Uuid,
    preference: Preference,
) -> Result<(), sqlx::Error> {
    store::set_preference(work, user, preference).await
}

#[cfg(test)]
mod tests;
