//! Notifications: Kazi tells the members of a workspace what happened. A notification is written in the transaction of its
//! cause, so a cause that is rolled back notifies no member. A member chooses for each kind whether it stands in the program,
//! comes by e-mail, or both.

mod kind;
mod mail;
mod purge;
mod store;

use chrono_tz::Tz;
use kazi_platform::{Timestamp, id, texts};
use kazi_queue::{Job, Registry, cron::Schedule};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    Context, Role, Work,
    domain::{Domain, Future, offers},
    locale::{Words, files},
};
pub use kind::Kind;
pub(crate) use kind::{Kinds, kinds};
pub use mail::Mail;
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
    offers: &[&Words {
        files: files!("notifications"),
        keywords: &[],
    }],
};

fn jobs(registry: Registry<Context>) -> Registry<Context> {
    let nightly = Schedule::new("notifications.purge", "23 3 * * *");
    registry
        .register::<Mail>()
        .register::<Purge>()
        .schedule(nightly, &Purge {})
}

#[derive(Clone, Copy, Debug)]
pub enum To {
    User(Uuid),
    /// All members with this role or a higher one.
    Role(Role),
}

texts! {
    /// Whether and when a member gets a letter. `at_once`: with all of five minutes. `digest`: the next morning, with all of
    /// the day, and without what the member has read by then.
    pub enum Email as "NotificationEmail" {
        Never = "never",
        AtOnce = "at_once",
        Digest = "digest",
    }
}

type InRole = for<'a> fn(&'a mut Work, Role) -> Future<'a, Result<Vec<Uuid>, sqlx::Error>>;
type OfBusiness = for<'a> fn(&'a mut Work) -> Future<'a, Result<Business, sqlx::Error>>;
type OfUser = for<'a> fn(&'a Context, Uuid) -> Future<'a, Result<Option<Mailbox>, sqlx::Error>>;

/// What a letter says of its workspace.
#[derive(Debug, Default)]
pub(crate) struct Business {
    pub name: String,
    pub zone: Tz,
}

/// Where letters to a user go.
#[derive(Debug)]
pub(crate) struct Mailbox {
    pub address: String,
    pub language: String,
}

/// Workspaces offer this table: they know the members, and stand on a higher floor.
#[derive(Clone, Copy)]
pub(crate) struct Members {
    /// Finds the users with this role or a higher one.
    pub in_role: InRole,
    pub business: OfBusiness,
}

/// Identity offers this table: it knows the users.
#[derive(Clone, Copy)]
pub(crate) struct Mailboxes {
    /// `None`: the user has no proven address, or is shut out.
    pub of: OfUser,
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

/// How a member is told of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = NotificationPreference)]
pub struct Preference {
    pub kind: Kind,
    /// In the program itself.
    pub in_app: bool,
    pub email: Email,
}

/// How a member wants to be told of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewNotificationPreference)]
pub struct NewPreference {
    pub kind: Kind,
    /// In the program itself.
    pub in_app: bool,
    /// Without it, it stays as it is.
    #[serde(default)]
    pub email: Option<Email>,
}

/// Notifies members, in the caller's transaction, as each has chosen for the kind.
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
    let choices = store::choices(work, &users, notification.kind).await?;
    let mut rows = Vec::new();
    for user in users {
        let chosen = choices.iter().find(|chosen| chosen.user == user);
        let email = chosen.map_or(Email::Never, |chosen| chosen.email);
        let shown = chosen.is_none_or(|chosen| chosen.in_app);
        if !shown && email == Email::Never {
            continue;
        }
        rows.push(store::Row {
            id: NotificationId::at(work.now()),
            user,
            shown,
            email,
            mail_due: mail::due(work, user, email).await?,
        });
    }
    store::insert(work, &rows, notification).await?;
    for row in &rows {
        if let Some(due) = row.mail_due {
            let job = Mail {
                workspace: work.workspace(),
                user: row.user,
                notification: row.id,
            };
            let options = job.options().due(due);
            job.enqueue_with(work.conn(), options).await?;
        }
    }
    Ok(())
}

/// Lists for every kind how the member is told of it.
pub async fn preferences(work: &mut Work, user: Uuid) -> Result<Vec<Preference>, sqlx::Error> {
    let chosen = store::preferences(work, user).await?;
    let all = Kind::all().map(|kind| {
        let chosen = chosen.iter().find(|chosen| chosen.kind == kind.name());
        Preference {
            kind,
            in_app: chosen.is_none_or(|chosen| chosen.in_app),
            email: chosen.map_or(Email::Never, |chosen| chosen.email),
        }
    });
    Ok(all.collect())
}

/// Sets how the member is told of a kind. A letter that is no longer wanted is not sent, unless it is on its way.
pub async fn set_preference(
    work: &mut Work,
    user: Uuid,
    preference: NewPreference,
) -> Result<(), sqlx::Error> {
    store::set_preference(work, user, preference).await
}

#[cfg(test)]
mod tests;
