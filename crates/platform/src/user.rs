//! Users: the people who log in. They stand here, for workspaces name their members by this id, and identity knows workspaces.

use crate::id;

id!(
    /// A user.
    pub struct UserId, "usr_"
);
