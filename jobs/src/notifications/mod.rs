//! Notifications: what a workspace tells its members, each for themselves. They are written in the transaction of what
//! caused them, so that nobody is told of what did not happen, nor left untold.

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
pub use purge::Purge;
pub use store::{list, mark_all_read, mark_read, unread};

id!(
    /// A notification of one member.
    pub struct NotificationId, "ntf_"
);

pub(crate) const DOMAIN: Domain = Domain {
    name: "notifications",
    jobs,
    tables: &["notifications", "notification_preferences"],
    ..Domain::NONE
};

fn jobs(registry: Registry<Context>) -> Registry<Context> {
    let nightly = Schedule::new("notifications.purge", "23 3 * * *");
    registry.register::<Purge>().schedule(nightly, &Purge {})
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident = $name:literal,)*) => {
        /// What members are told of, and may choose not to be. Stored in rows: never rename one.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
        #[serde(rename_all = "snake_case")]
        #[schema(as = NotificationKind)]
        pub enum Kind {
            $($(#[$doc])* $kind,)*
        }

        impl Kind {
            pub const ALL: &[Self] = &[$(Self::$kind),*];

            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$kind => $name,)*
                }
            }
        }
    };
}

kinds! {
    /// A channel was stopped: its provider refuses it.
    ChannelStopped = "channel_stopped",
    /// A campaign has come to its end.
    CampaignFinished = "campaign_finished",
    /// A campaign was stopped: by a refusal, its template or its channel.
    CampaignStopped = "campaign_stopped",
    /// Meta has changed the category of a campaign's template.
    CampaignRecategorized = "campaign_recategorized",
    /// An import has come to its end.
    ImportFinished = "import_finished",
    /// Somebody has accepted an invitation.
    InvitationAccepted = "invitation_accepted",
    /// Payments differ from what Stripe has, or Stripe refuses the key.
    PaymentsNeedYou = "payments_need_you",
    /// A post did not appear on its social network.
    PostFailed = "post_failed",
    /// A social account's token is refused, or ends soon.
    SocialAccount = "social_account",
    /// Of a product only a few are left.
    LowStock = "low_stock",
    /// An order is paid: it can be fulfilled.
    OrderPaid = "order_paid",
    /// A customer has opened a ticket.
    TicketOpened = "ticket_opened",
    /// A ticket waits for an answer for too long.
    TicketUnanswered = "ticket_unanswered",
}

/// Who is told.
#[derive(Clone, Copy, Debug)]
pub enum To {
    User(Uuid),
    /// All who are at least this.
    Role(Role),
}

type InRole = for<'a> fn(&'a mut Work, Role) -> Future<'a, Result<Vec<Uuid>, sqlx::Error>>;

/// The part of the domain that knows the members.
#[derive(Clone, Copy)]
pub(crate) struct Members {
    /// The users who are at least this in a workspace.
    pub in_role: InRole,
}

/// What they are told.
#[derive(Clone, Debug)]
pub struct News<'a> {
    /// What it is about.
    pub kind: Kind,
    pub title: &'a str,
    /// Ids, for a link.
    pub data: &'a Value,
}

/// A notification as its member sees it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct NotificationView {
    /// Its id.
    #[schema(value_type = String, example = "ntf_0190a5b2c3d4e5f60718293a4b5c6d7e")]
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
    /// Of what.
    pub kind: Kind,
    /// In the program itself.
    pub in_app: bool,
}

/// Tells members, but for those who do not want to be told, in the caller's transaction.
///
/// # Errors
/// The database failed.
pub async fn notify(work: &mut Work, to: To, news: &News<'_>) -> Result<(), sqlx::Error> {
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
    store::insert(work, (&users, &ids), news).await
}

/// What a member has chosen, of every kind.
///
/// # Errors
/// The database failed.
pub async fn preferences(work: &mut Work, user: Uuid) -> Result<Vec<Preference>, sqlx::Error> {
    let off = store::unwanted(work, user).await?;
    let all = Kind::ALL.iter().map(|&kind| Preference {
        kind,
        in_app: !off.iter().any(|name| name == kind.name()),
    });
    Ok(all.collect())
}

/// Sets what a member is told of.
///
/// # Errors
/// The database failed.
pub async fn set_preference(
    work: &mut Work,
    user: Uuid,
    preference: Preference,
) -> Result<(), sqlx::Error> {
    store::set_preference(work, user, preference).await
}

#[cfg(test)]
mod tests;
