//! Who makes a change.

use std::net::IpAddr;

use uuid::Uuid;

/// What kind of somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActorKind {
    /// A user, in a workspace or for themselves.
    Member,
    /// A workspace's key for programs.
    ApiKey,
    /// A contact of a workspace.
    Customer,
    /// Who runs the program, by its command line.
    Operator,
    /// A job.
    System,
}

impl ActorKind {
    /// As it is stored.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::ApiKey => "api_key",
            Self::Customer => "customer",
            Self::Operator => "operator",
            Self::System => "system",
        }
    }
}

/// Who makes a change, and from where.
#[derive(Clone, Debug)]
pub struct Actor {
    /// What kind of somebody.
    pub kind: ActorKind,
    /// The user, the key or the contact.
    pub id: Option<Uuid>,
    /// The address of the call.
    pub address: Option<IpAddr>,
    /// The call.
    pub request: Option<String>,
}

impl Actor {
    /// A job.
    pub const SYSTEM: Self = Self::nobody(ActorKind::System);
    /// The command line.
    pub const OPERATOR: Self = Self::nobody(ActorKind::Operator);

    /// A contact, who writes in the chat.
    pub fn customer(contact: Uuid) -> Self {
        Self {
            id: Some(contact),
            ..Self::nobody(ActorKind::Customer)
        }
    }

    const fn nobody(kind: ActorKind) -> Self {
        Self {
            kind,
            id: None,
            address: None,
            request: None,
        }
    }
}
