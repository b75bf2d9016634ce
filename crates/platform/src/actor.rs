//! The actor of a change: a person, a program or a job.

use std::net::IpAddr;

use uuid::Uuid;

crate::texts! {
    /// The kinds of actors.
    pub enum ActorKind {
        /// A user, as a member of a workspace or alone.
        Member = "member",
        /// An API key of a workspace.
        ApiKey = "api_key",
        /// A contact of a workspace.
        Customer = "customer",
        /// A person who runs the command-line program.
        Operator = "operator",
        /// Somebody of the platform's staff.
        Staff = "staff",
        /// A job of this program.
        System = "system",
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
