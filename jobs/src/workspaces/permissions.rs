//! Who may do what in a workspace: a table. A later role may do all that an earlier one may.
//!
//! A permission's name is stored in the scopes of API keys and shown to clients: never rename one.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::{Role, role::Unknown};

impl Role {
    /// Whether somebody in this role may do it.
    pub fn allows(self, permission: Permission) -> bool {
        self >= permission.rule().least
    }
}

/// A line of the table.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// The least role that may do it.
    pub least: Role,
    /// Whether a member who has TOTP must have entered a code of it lately: money leaving, mass sending, secrets.
    pub step_up: bool,
    /// Whether an API key may have it as a scope. What only a person may decide is not given to programs.
    pub keys: bool,
}

const fn role(least: Role) -> Rule {
    Rule {
        least,
        step_up: false,
        keys: true,
    }
}

impl Rule {
    const fn step_up(self) -> Self {
        Self {
            step_up: true,
            ..self
        }
    }

    const fn not_for_keys(self) -> Self {
        Self {
            keys: false,
            ..self
        }
    }
}

macro_rules! permissions {
    ($($(#[$doc:meta])* $permission:ident = $name:literal, $rule:expr;)*) => {
        /// Something that a route asks for. As a scope of an API key it has the same name.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Permission {
            $($(#[$doc])* $permission,)*
        }

        impl Permission {
            /// The table's order.
            pub const ALL: &[Self] = &[$(Self::$permission),*];

            /// As it is stored and shown: `contacts.read`.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$permission => $name,)*
                }
            }

            pub const fn rule(self) -> Rule {
                match self {
                    $(Self::$permission => $rule,)*
                }
            }
        }
    };
}

permissions! {
    /// Its name, languages and settings.
    WorkspaceRead = "workspace.read", role(Role::Viewer);
    /// Changes them.
    WorkspaceWrite = "workspace.write", role(Role::Admin);
    /// Deletes the workspace.
    WorkspaceDelete = "workspace.delete", role(Role::Owner).step_up().not_for_keys();
    /// Makes another member the owner in one's own place.
    WorkspaceTransfer = "workspace.transfer", role(Role::Owner).step_up().not_for_keys();
    /// Who belongs to it, and who is invited.
    MembersRead = "members.read", role(Role::Viewer);
    /// Invites, changes roles up to one's own, removes.
    MembersManage = "members.manage", role(Role::Admin).not_for_keys();
    /// Makes and revokes keys for programs.
    ApiKeysManage = "api_keys.manage", role(Role::Admin).step_up().not_for_keys();
    /// Who changed what.
    AuditRead = "audit.read", role(Role::Admin);
    /// Credits, plan and invoices.
    BillingRead = "billing.read", role(Role::Owner);
    /// Pays, and changes the plan.
    BillingManage = "billing.manage", role(Role::Owner).step_up().not_for_keys();
    /// Numbers and instances, without their secrets.
    ChannelsRead = "channels.read", role(Role::Viewer);
    /// Adds, checks, limits, pauses, rotates.
    ChannelsManage = "channels.manage", role(Role::Admin);
    /// Shows a channel's verify token and the like again.
    SecretsReveal = "secrets.reveal", role(Role::Admin).step_up().not_for_keys();
    /// People, their tags and consents.
    ContactsRead = "contacts.read", role(Role::Viewer);
    /// Adds and changes contacts, blocks, records consents.
    ContactsWrite = "contacts.write", role(Role::Agent);
    /// Deletes contacts, and merges them.
    ContactsDelete = "contacts.delete", role(Role::Admin);
    /// Brings contacts in from a file.
    ContactsImport = "contacts.import", role(Role::Admin);
    /// Takes all contacts out as a file.
    ContactsExport = "contacts.export", role(Role::Admin);
    /// Conversations and their messages.
    ConversationsRead = "conversations.read", role(Role::Viewer);
    /// Answers, hands over, closes.
    ConversationsWrite = "conversations.write", role(Role::Agent);
    /// Tickets.
    TicketsRead = "tickets.read", role(Role::Viewer);
    /// Opens, answers and closes them.
    TicketsWrite = "tickets.write", role(Role::Agent);
    /// Bookings.
    BookingsRead = "bookings.read", role(Role::Viewer);
    /// Makes, moves and cancels them.
    BookingsWrite = "bookings.write", role(Role::Agent);
    /// Providers, their hours, and what can be booked with them.
    AppointmentsWrite = "appointments.write", role(Role::Admin);
    /// Orders.
    OrdersRead = "orders.read", role(Role::Viewer);
    /// Moves them along, ships, cancels.
    OrdersWrite = "orders.write", role(Role::Agent);
    /// Plans and who has one.
    SubscriptionsRead = "subscriptions.read", role(Role::Viewer);
    /// Changes plans, subscribes contacts, cancels.
    SubscriptionsWrite = "subscriptions.write", role(Role::Admin);
    /// Payments and the ledger.
    PaymentsRead = "payments.read", role(Role::Viewer);
    /// Connects the account at Stripe.
    PaymentsManage = "payments.manage", role(Role::Owner).step_up().not_for_keys();
    /// Gives money back.
    PaymentsRefund = "payments.refund", role(Role::Admin).step_up();
    /// Categories, services, products.
    CatalogRead = "catalog.read", role(Role::Viewer);
    /// Changes them.
    CatalogWrite = "catalog.write", role(Role::Admin);
    /// Prompts and knowledge.
    PromptsRead = "prompts.read", role(Role::Viewer);
    /// Changes them.
    PromptsWrite = "prompts.write", role(Role::Admin);
    /// Message templates.
    TemplatesRead = "templates.read", role(Role::Viewer);
    /// Drafts and submits them.
    TemplatesWrite = "templates.write", role(Role::Admin);
    /// Campaigns, segments and their figures.
    CampaignsRead = "campaigns.read", role(Role::Viewer);
    /// Drafts, schedules, pauses and cancels them.
    CampaignsWrite = "campaigns.write", role(Role::Admin);
    /// Sends one to all its recipients.
    CampaignsSend = "campaigns.send", role(Role::Admin).step_up();
    /// Articles, and who reads them.
    NewsRead = "news.read", role(Role::Viewer);
    /// Writes articles, and changes subscriptions to them.
    NewsWrite = "news.write", role(Role::Admin);
    /// Social accounts, posts and when they appear.
    SocialRead = "social.read", role(Role::Viewer);
    /// Connects accounts, writes and schedules posts.
    SocialWrite = "social.write", role(Role::Admin);
}

impl FromStr for Permission {
    type Err = Unknown;

    fn from_str(name: &str) -> Result<Self, Unknown> {
        let found = Self::ALL.iter().find(|known| known.name() == name);
        found.copied().ok_or(Unknown("permission"))
    }
}

impl fmt::Display for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Serialize for Permission {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for Permission {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let name = String::deserialize(from)?;
        name.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_read_back_and_are_unlike() {
        for permission in Permission::ALL {
            assert_eq!(permission.name().parse(), Ok(*permission));
        }
        assert!("contacts.fly".parse::<Permission>().is_err());
    }
}
