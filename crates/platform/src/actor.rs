//! The actor of a change: a person, a program or a job.

use std::net::IpAddr;

use uuid::Uuid;

/// The kinds of actors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActorKind {
    /// A user, as a member of a workspace or alone.
    Member,
    /// An API key of a workspace.
    ApiKey,
    /// A contact of a workspace.
    Customer,
    /// A person who runs the command-line program.
    Operator,
    /// A job of this program.
    System,
}

impl ActorKind {
    /// Returns the text of this kind in the database.
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
    /// The kind of the actor.
    pub kind: ActorKind,
    /// The id of the user, the API key or the contact. Operators and jobs have none.
    pub id: Option<Uuid>,
    /// The IP address of the HTTP client.
    pub address: Option<IpAddr>,
    /// The id of the HTTP request.
    pub request: Option<String>,
}

impl Actor {
    /// A job of this program.
    pub const SYSTEM: Self = Self::nobody(ActorKind::System);
    /// A person at the command line.
    pub const OPERATOR: Self = Self::nobody(ActorKind::Operator);

    /// Returns the contact with this id as an actor, who writes in the chat.
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
