//! The roles of members.

kazi_platform::texts! {
    /// What a member is in a workspace, from the least to the most.
    pub enum Role {
        /// Reads.
        Viewer = "viewer",
        /// Also talks with customers, and handles their bookings and orders.
        Agent = "agent",
        /// Also runs campaigns, the catalogue, channels, prompts and members.
        Admin = "admin",
        /// Also pays, and deletes the workspace.
        Owner = "owner",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_read_back() {
        for role in Role::ALL {
            assert_eq!(role.name().parse(), Ok(role));
        }
        assert!("god".parse::<Role>().is_err());
    }
}
